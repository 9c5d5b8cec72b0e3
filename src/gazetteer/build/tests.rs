//! A build from sources of a few rows each.

use std::fs;
use std::path::Path;

use geo::{MultiPolygon, polygon};
use geozero::{CoordDimensions, ToWkb};

use super::*;
use crate::domain::PlaceKind;
use crate::gazetteer::Gazetteer;

const COUNTRIES: &str = r#"{
    "AA": {"name": "Aland", "iso": "AA", "iso3": "AAA", "capital": "Anville", "areakm2": 40000, "population": 5, "neighbours": "BB"},
    "BB": {"name": "Bland", "iso": "BB", "iso3": "BBB", "capital": "Bourg", "areakm2": 90, "population": 9, "neighbours": "AA,"},
    "CC": {"name": "No area"}
}"#;
const CITIES: &str = r#"{
    "1": {"geonameid": 1, "name": "Ānville", "latitude": 1.0, "longitude": 1.0, "countrycode": "AA", "population": 5000, "admin1code": "01", "alternatenames": ["ANV", "nvl", "Anvil"]},
    "2": {"geonameid": 2, "name": "Anville", "latitude": 1.5, "longitude": 1.5, "countrycode": "AA", "population": 0, "admin1code": "", "alternatenames": []},
    "3": {"geonameid": 3, "name": "Bourg", "latitude": 1.0, "longitude": 3.0, "countrycode": "BB", "population": 70, "admin1code": "00", "alternatenames": []},
    "6": {"geonameid": 6, "name": "Bourg / Nord", "latitude": 1.1, "longitude": 3.2, "countrycode": "BB", "population": 7, "admin1code": "00", "alternatenames": ["Nord"]},
    "7": {"geonameid": 7, "name": "Gast / Vit", "latitude": 1.9, "longitude": 3.9, "countrycode": "BB", "population": 7, "admin1code": "00", "alternatenames": []},
    "4": {"geonameid": 4, "name": "Nowhere", "latitude": 91.0, "longitude": 3.0, "countrycode": "BB", "population": 1, "admin1code": "00", "alternatenames": []},
    "5": {"geonameid": 5, "name": "Half a row"}
}"#;
const SUPPLEMENT: &str = "\
id\tname\tkind\tcountry\tparent\tlat\tlon\tradius_km\tnames\tbasis
\tDry River\twater\tAA\t\t0.5\t0.5\t50\tfr=Rivière sèche;en=Dry River\tmade up
alias:anv\tAnton\talias\tAA\t\t1.01\t1.01\t15\ten=Anville;fr=Antoine;xx=Antonia\tmade up
\tNeartown\talias\tBB\t\t1.0\t3.05\t15\tfr=Presville\tmade up
\tAland\talias\tAA\t\t1\t1\t15\tfr=RDA\tmade up
admin1:AA.01\tAnville Land\talias\tAA\t\t0\t0\t\t\tmade up
base\tAir Base\tfacility\tAA\t\t1.2\t1.2\t\t\tmade up
\tBad kind\ttown\tAA\t\t1\t1\t\t\tmade up
\tBad place\twater\tAA\t\t1\teast\t\t\tmade up
\tBad country\twater\tQQ\t\t1\t1\t\t\tmade up
\tBad names\twater\tAA\t\t1\t1\t\tone;two\tmade up
";

fn catalogue(entries: &[(&str, &str)]) -> Vec<u8> {
    let (mut keys, mut values, mut texts) = (Vec::new(), Vec::new(), Vec::new());
    let start = 28 + entries.len() * 16;
    for (key, value) in entries {
        for (text, table) in [(key, &mut keys), (value, &mut values)] {
            table.extend((text.len() as u32).to_le_bytes());
            table.extend(((start + texts.len()) as u32).to_le_bytes());
            texts.extend(text.bytes());
        }
    }
    let count = entries.len() as u32;
    let header = [0x9504_12de, 0, count, 28, 28 + count * 8, 0, 0];
    let mut file: Vec<u8> = header.into_iter().flat_map(u32::to_le_bytes).collect();
    file.extend(keys.into_iter().chain(values).chain(texts));
    file
}

/// A square of two degrees, its south-west corner at a longitude on the equator.
fn square(west: f64) -> MultiPolygon<f64> {
    let east = west + 2.0;
    MultiPolygon::new(vec![
        polygon![(x: west, y: 0.0), (x: east, y: 0.0), (x: east, y: 2.0), (x: west, y: 2.0)],
    ])
}

fn geopackage(path: &Path) {
    let database = rusqlite::Connection::open(path).expect("a new database");
    for (table, code) in [("countries", "ISO_A3"), ("states_provinces", "adm0_a3")] {
        let columns = format!("fid INTEGER PRIMARY KEY, geom BLOB, iso_a2 TEXT, {code} TEXT");
        let create = format!("CREATE TABLE {table} ({columns})");
        database.execute(&create, []).expect("a new table");
        for (west, alpha2, alpha3) in [(0.0, "AA", "AAA"), (2.0, "-1", "BBB")] {
            let geometry = geo::Geometry::MultiPolygon(square(west));
            let blob = geometry
                .to_gpkg_wkb(CoordDimensions::xy(), Some(4326), vec![])
                .expect("a geometry");
            let insert = format!("INSERT INTO {table} (geom, iso_a2, {code}) VALUES (?1, ?2, ?3)");
            database
                .execute(&insert, (blob, alpha2, alpha3))
                .expect("a row");
        }
        let insert = format!("INSERT INTO {table} (geom) VALUES (?1)");
        database.execute(&insert, ([1u8, 2],)).expect("a row");
    }
}

fn sources(folder: &Path) -> Sources {
    let write = |name: &str, content: &[u8]| {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a new folder");
        fs::write(&path, content).expect("a new file");
        path
    };
    write("countries.json", COUNTRIES.as_bytes());
    let english = [
        ("", "about"),
        ("1", "Anville"),
        ("AA.01", "Anville Province"),
        ("BB", "Bland"),
    ];
    write("locale/en/LC_MESSAGES/geonames.mo", &catalogue(&english));
    let french = [("", "about"), ("AA.01", "Province d’Anvelle")];
    write("locale/fr/LC_MESSAGES/geonames.mo", &catalogue(&french));
    write(
        "cldr/main/en.xml",
        br#"<territory type="AA">Aland</territory>
        <territory type="002">Two lands</territory>"#,
    );
    write(
        "cldr/main/fr.xml",
        "<territory type=\"AA\">Terre d’A</territory>".as_bytes(),
    );
    write(
        "cldr/subdivisions/en.xml",
        br#"<subdivision type="aaxy">Anville</subdivision>"#,
    );
    write(
        "cldr/subdivisions/ar.xml",
        "<subdivision type=\"aaxy\">محافظة أنفيل</subdivision>".as_bytes(),
    );
    write(
        "cldr/supplemental/supplementalData.xml",
        br#"<group type="002" contains="AA BB"/>"#,
    );
    geopackage(&folder.join("polygons.gpkg"));
    Sources {
        cities: write("cities.json", CITIES.as_bytes()),
        names: folder.join("locale"),
        cldr: folder.join("cldr"),
        polygons: folder.join("polygons.gpkg"),
        supplement: write("supplement.tsv", SUPPLEMENT.as_bytes()),
    }
}

fn built() -> (Gazetteer, Summary) {
    let folder = tempfile::tempdir().expect("a folder");
    let output = folder.path().join("image");
    let summary = build(&sources(folder.path()), &output).expect("the sources are good");
    (Gazetteer::open(&output).expect("the image opens"), summary)
}

#[test]
fn every_source_is_found_in_the_image() {
    let (gazetteer, summary) = built();
    let found = |name: &str| {
        let mut found: Vec<_> = gazetteer
            .lookup(name, None)
            .iter()
            .map(|f| f.place.id.clone())
            .collect();
        found.sort();
        found.join(" ")
    };
    assert_eq!(found("Anvil"), "geonames:1");
    assert_eq!(
        found("nvl") + &found("ANV"),
        "",
        "romanisations and codes are junk"
    );
    assert_eq!(found("Anvelle"), "admin1:AA.01", "the designator is cut");
    assert_eq!(
        found("أنفيل"),
        "admin1:AA.01",
        "CLDR's subdivision is matched by its name"
    );
    assert_eq!(
        found("Antoine"),
        "admin1:AA.01 geonames:1",
        "the division has its town's names"
    );
    assert_eq!(
        found("Presville"),
        "geonames:3",
        "the nearest place takes the alias"
    );
    assert_eq!(
        found("RDA") + " " + &found("Terre d'A"),
        "country:AA country:AA"
    );
    assert_eq!(found("Two lands"), "continent:002");
    assert_eq!(found("Rivière sèche"), "sitmap:dry-river");
    assert_eq!(summary.supplement, (2, 4));
    assert_eq!(summary.matched_divisions, 1);
    assert_eq!(summary.areas, (2, 1));
}

#[test]
fn a_double_name_is_found_by_its_parts_but_not_by_a_word_of_direction() {
    let (gazetteer, _) = built();
    let found = |name: &str| -> Vec<String> {
        let found = gazetteer.lookup(name, None);
        found.into_iter().map(|found| found.place.id).collect()
    };
    assert_eq!(found("Gast"), ["geonames:7"]);
    assert_eq!(found("Vit"), ["geonames:7"]);
    assert_eq!(found("Bourg / Nord"), ["geonames:6"]);
    assert_eq!(
        found("Bourg"),
        ["geonames:3"],
        "the whole has its own entry"
    );
    assert!(found("Nord").is_empty());
}

#[test]
fn places_know_their_kind_country_division_and_names() {
    let (gazetteer, _) = built();
    let town = &gazetteer.lookup("Antonia", Some("aa"))[0];
    assert!(town.capital && town.main);
    assert_eq!(town.place.name, "Anton", "a row's name is the one to show");
    assert_eq!(town.place.admin1.as_deref(), Some("Anville Land"));
    assert_eq!(gazetteer.name_in(town.reference, "fr"), Some("Antoine"));
    assert_eq!(gazetteer.name_in(town.reference, "ru"), None);
    let base = &gazetteer.lookup("Air Base", None)[0].place;
    assert_eq!(
        (base.kind, base.id.as_str()),
        (PlaceKind::Facility, "sitmap:base")
    );
    assert_eq!(
        base.admin1.as_deref(),
        Some("Anville Land"),
        "by its polygon"
    );
    let without = gazetteer.lookup("Anville", Some("AA"));
    let second = without
        .iter()
        .find(|found| found.place.id == "geonames:2")
        .expect("the other one");
    assert_eq!(
        second.place.admin1.as_deref(),
        Some("Anville Land"),
        "by its polygon"
    );
    assert_eq!(gazetteer.neighbours("BB"), ["AA"]);
    let country = gazetteer.country("BB").expect("a country");
    let lon = gazetteer.point(country).lon;
    assert!((lon + 59.5).abs() < 0.1, "where the Factbook has it: {lon}");
    assert_eq!(gazetteer.area_of(country).map(|area| area.0.len()), Some(1));
}

#[test]
fn malformed_rows_are_named_and_left_out() {
    let (gazetteer, summary) = built();
    let rows: Vec<_> = summary
        .malformed
        .iter()
        .map(|row| row.place.rsplit('/').next().unwrap_or_default())
        .collect();
    assert_eq!(
        rows,
        [
            "countries.json:entry CC",
            "polygons.gpkg:countries 3",
            "polygons.gpkg:states_provinces 3",
            "cities.json:entry 4",
            "cities.json:entry 5",
            "supplement.tsv:8",
            "supplement.tsv:9",
            "supplement.tsv:10",
            "supplement.tsv:11",
        ]
    );
    assert!(
        summary.malformed[5]
            .message
            .contains("\"town\" is no kind of place")
    );
    assert!(gazetteer.lookup("Nowhere", None).is_empty());
}

#[test]
fn a_source_that_is_missing_or_another_file_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let good = sources(folder.path());
    let output = folder.path().join("image");
    let elsewhere = folder.path().join("missing");
    let wrong = good.supplement.clone();
    for bad in [
        Sources {
            cities: elsewhere.clone(),
            ..good.clone()
        },
        Sources {
            names: elsewhere.clone(),
            ..good.clone()
        },
        Sources {
            cldr: elsewhere.clone(),
            ..good.clone()
        },
        Sources {
            polygons: elsewhere.clone(),
            ..good.clone()
        },
        Sources {
            supplement: elsewhere.clone(),
            ..good.clone()
        },
    ] {
        // The countries stand beside the cities, so that file is looked for first.
        let message = build(&bad, &output)
            .expect_err("a source is missing")
            .to_string();
        assert!(message.contains("missing"), "{message}");
        assert!(!output.exists(), "no half image");
    }
    for bad in [
        Sources {
            cities: wrong.clone(),
            ..good.clone()
        },
        Sources {
            polygons: wrong.clone(),
            ..good.clone()
        },
        Sources {
            supplement: good.cities.clone(),
            ..good.clone()
        },
    ] {
        assert!(matches!(
            build(&bad, &output),
            Err(BuildError::Source { .. })
        ));
    }
}

#[test]
fn a_packed_image_opens_like_the_unpacked_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let (image, packed) = (folder.path().join("image"), folder.path().join("packed"));
    build(&sources(folder.path()), &image).expect("the sources are good");
    pack(&image, &packed).expect("it can be packed");
    let (one, other) = (Gazetteer::open(&image), Gazetteer::open(&packed));
    assert_eq!(one.expect("opens").info(), other.expect("opens").info());
    let cut = fs::read(&packed).expect("a file");
    fs::write(&packed, &cut[..cut.len() / 2]).expect("a file");
    let message = Gazetteer::open(&packed).expect_err("it is cut").to_string();
    assert!(message.contains("damaged"), "{message}");
}
