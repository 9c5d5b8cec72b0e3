//! The bundled gazetteer: what is in it, and what is refused.

use std::path::Path;

use sitmap::domain::{PlaceKind, Point};
use sitmap::gazetteer::{Gazetteer, GazetteerError, Match};

fn bundled() -> Gazetteer {
    Gazetteer::bundled().expect("the bundled image opens")
}

#[test]
fn places_in_the_news_are_found_where_they_are() {
    use PlaceKind::{Admin1, Country, Facility, Settlement};
    let gazetteer = bundled();
    for (name, country, kind, lat, lon, within) in [
        ("Raqqa", "SY", Settlement, 35.95, 39.01, 10.0),
        ("Tabqa", "SY", Settlement, 35.84, 38.55, 10.0),
        ("Al-Thawrah", "SY", Settlement, 35.84, 38.55, 10.0),
        ("Minbej", "SY", Settlement, 36.53, 37.95, 10.0),
        ("Alep", "SY", Settlement, 36.20, 37.16, 10.0),
        ("Alep", "SY", Admin1, 36.2, 37.6, 60.0),
        ("Gouvernorat d’Alep", "SY", Admin1, 36.2, 37.6, 60.0),
        ("Homs", "SY", Admin1, 34.4, 38.3, 80.0),
        ("Hasaké", "SY", Admin1, 36.5, 40.7, 60.0),
        ("Abou Kamal", "SY", Settlement, 34.45, 40.92, 10.0),
        ("Deir ez-Zor", "SY", Settlement, 35.34, 40.14, 10.0),
        ("Deir ez-Zor", "SY", Admin1, 35.2, 40.2, 60.0),
        ("Rmeilan", "SY", Facility, 36.90, 42.0, 15.0),
        ("Mossoul", "IQ", Settlement, 36.34, 43.12, 10.0),
        ("Bakhmout", "UA", Settlement, 48.59, 38.0, 10.0),
        ("Бахмут", "UA", Settlement, 48.59, 38.0, 10.0),
        ("Khartoum", "SD", Settlement, 15.55, 32.53, 10.0),
        ("الخرطوم", "SD", Settlement, 15.55, 32.53, 10.0),
        ("N'Djamena", "TD", Settlement, 12.11, 15.04, 10.0),
        ("Nord-Kivu", "CD", Admin1, -0.7, 28.9, 100.0),
        ("Syrie", "SY", Country, 35.0, 38.5, 50.0),
        ("États-Unis", "US", Country, 39.0, -98.0, 200.0),
        ("Russie", "RU", Country, 61.0, 95.0, 400.0),
        ("Франция", "FR", Country, 46.5, 2.5, 100.0),
        ("سوريا", "SY", Country, 35.0, 38.5, 50.0),
    ] {
        let there = Point { lon, lat };
        let found = gazetteer.lookup(name, Some(country));
        let nearest = found
            .iter()
            .filter(|found| found.place.kind == kind)
            .map(|found| found.place.point.distance_km(there))
            .min_by(f64::total_cmp);
        assert!(
            nearest.is_some_and(|km| km <= within),
            "{name} ({kind}): {nearest:?} km"
        );
    }
    let europe = &gazetteer.lookup("Europe", None)[0].place;
    assert_eq!(europe.kind, PlaceKind::Continent);
}

#[test]
fn junk_names_are_not_found() {
    let gazetteer = bundled();
    for name in ["OSDI", "dmshq", "da ma shi ge", "a", "", "大马士革"] {
        let found = gazetteer.lookup(name, None);
        let towns = found
            .iter()
            .filter(|found| found.place.kind == PlaceKind::Settlement);
        assert_eq!(towns.count(), 0, "{name}");
    }
}

#[test]
fn a_point_is_in_its_country_and_division() {
    let gazetteer = bundled();
    for (lat, lon, country, division) in [
        (35.95, 39.01, "SY", "admin1:SY.04"),
        (48.59, 38.0, "UA", "admin1:UA.05"),
        (44.95, 34.1, "UA", "admin1:UA.11"),
        (48.85, 2.35, "FR", "admin1:FR.11"),
        (15.6, 32.53, "SD", "admin1:SD.29"),
        // On the sea front, where the coast is simplified.
        (33.9, 35.48, "LB", "admin1:LB.04"),
    ] {
        let (found, admin1) = gazetteer.locate(Point { lon, lat });
        assert_eq!(found, gazetteer.country(country), "{lat} {lon}");
        let id = admin1.map(|place| gazetteer.id(place));
        assert_eq!(id.as_deref(), Some(division), "{lat} {lon}");
    }
    let ocean = Point {
        lon: -30.0,
        lat: 30.0,
    };
    assert_eq!(gazetteer.locate(ocean), (None, None));
}

#[test]
fn nearly_all_places_lie_in_the_country_they_are_said_to_be_in() {
    let gazetteer = bundled();
    let (mut tried, mut right) = (0, 0);
    for place in gazetteer.places().step_by(211) {
        if gazetteer.kind(place).is_point() {
            tried += 1;
            let (country, _) = gazetteer.locate(gazetteer.point(place));
            let said = gazetteer.country_of(place);
            right += usize::from(country.and_then(|found| gazetteer.country_of(found)) == said);
        }
    }
    assert!(tried > 1000);
    assert!(right * 100 >= tried * 98, "{right} of {tried}");
}

#[test]
fn every_country_has_names_a_point_and_neighbours_that_know_it() {
    let gazetteer = bundled();
    for code in [
        "SY", "UA", "RU", "SD", "ML", "CD", "YE", "MM", "US", "FR", "TR", "PS",
    ] {
        let country = gazetteer.country(code).expect("a country");
        for language in ["fr", "en", "ar", "ru", "uk", "es", "de", "tr"] {
            let name = gazetteer.name_in(country, language);
            assert!(name.is_some(), "{code} {language}");
        }
        assert!(gazetteer.area_of(country).is_some(), "{code}");
        let at = gazetteer.point(country);
        assert_eq!(gazetteer.locate(at).0, Some(country), "{code}");
        for neighbour in gazetteer.neighbours(code) {
            let back = gazetteer.neighbours(neighbour);
            assert!(back.iter().any(|back| back == code), "{code} {neighbour}");
        }
    }
}

/// Opens the bundled image, unpacked and with a change, from a file, and gives the error.
fn refused(folder: &Path, change: impl Fn(&mut Vec<u8>)) -> GazetteerError {
    let packed = std::fs::read("data/gazetteer/bundled.sitgaz").expect("the bundled image");
    let mut bytes = zstd::decode_all(&packed[..]).expect("it is packed");
    change(&mut bytes);
    let path = folder.join("changed.sitgaz");
    std::fs::write(&path, bytes).expect("a file");
    let error = Gazetteer::open(&path).expect_err("a bad image is refused");
    assert!(error.to_string().contains("changed.sitgaz"), "{error}");
    error
}

#[test]
fn truncated_old_damaged_and_foreign_images_are_refused_by_name() {
    use GazetteerError::{Damaged, Foreign, Truncated, Version};
    let folder = tempfile::tempdir().expect("a folder");
    for length in [13, 60, 100_000, 20_000_000] {
        let error = refused(folder.path(), |bytes| bytes.truncate(length));
        assert!(matches!(error, Truncated { .. }), "{length}: {error}");
    }
    let longer = refused(folder.path(), |bytes| bytes.push(0));
    assert!(matches!(longer, Truncated { .. }), "{longer}");
    let old = refused(folder.path(), |bytes| bytes[8] = 0);
    assert!(matches!(old, Version { found: 0, .. }), "{old}");
    assert!(old.to_string().contains("sitmap gazetteer build"), "{old}");
    let damaged = refused(folder.path(), |bytes| bytes[1_000_000] ^= 1);
    assert!(matches!(damaged, Damaged { .. }), "{damaged}");
    for foreign in ["", "name\tlat\tlon\n", "PK\u{3}\u{4}"] {
        let error = refused(folder.path(), |bytes| *bytes = foreign.into());
        assert!(matches!(error, Foreign { .. }), "{error}");
    }
    let missing = Gazetteer::open(Path::new("no/such.sitgaz")).expect_err("there is no such file");
    assert!(missing.to_string().contains("no/such.sitgaz"));
}

/// Spellings of the press, held against a list that is not part of the project.
#[test]
fn spellings_of_the_press_are_found_within_25_km() {
    let path = std::env::var("SITMAP_PLACE_NAMES")
        .unwrap_or_else(|_| "../shared/eval/place_names.tsv".to_owned());
    let Ok(table) = std::fs::read_to_string(&path) else {
        eprintln!("skipped: no {path}; SITMAP_PLACE_NAMES names such a file");
        return;
    };
    let measures = sitmap::evaluate::names(&bundled(), &table).expect("the table is well-formed");
    for (what, least) in [
        ("fr, in the country given", 121),
        ("en, in the country given", 121),
        ("ar, in the country given", 116),
        ("ru, in the country given", 118),
        ("uk, in the country given", 116),
        ("fr, first without a country", 112),
        ("en, first without a country", 112),
    ] {
        let measure = measures
            .iter()
            .find(|measure| measure.what == what)
            .expect(what);
        eprintln!("{measure}; missing {}", measure.missing.join(", "));
        assert!(measure.right >= least, "{measure}: {:?}", measure.missing);
    }
}

/// Cases of Russian and Ukrainian names, held against a list that is not part of the project.
#[test]
fn names_in_a_case_are_found() {
    let path = std::env::var("SITMAP_INFLECTIONS")
        .unwrap_or_else(|_| "../shared/eval/inflections.tsv".to_owned());
    let Ok(table) = std::fs::read_to_string(&path) else {
        eprintln!("skipped: no {path}; SITMAP_INFLECTIONS names such a file");
        return;
    };
    let gazetteer = bundled();
    let (mut right, mut missing) = (0, Vec::new());
    for row in table.lines().skip(1) {
        let [_, written, nominative] = row.split('\t').collect::<Vec<_>>()[..] else {
            panic!("three columns: {row}");
        };
        let meant: Vec<_> = gazetteer
            .lookup(nominative, None)
            .iter()
            .map(|found| found.reference)
            .collect();
        let found = gazetteer.search(written, &[]);
        if found.iter().any(|found| meant.contains(&found.place)) {
            right += 1;
        } else {
            missing.push(written);
        }
    }
    eprintln!("{right} found; missing {missing:?}");
    assert!(right >= 106, "{right}; missing {missing:?}");
}

#[test]
fn a_name_is_found_by_its_first_step_that_fits() {
    let gazetteer = bundled();
    for (written, country, name, how) in [
        ("Bakhmout", "UA", "Bakhmut", Match::Exact),
        ("Бахмутом", "UA", "Bakhmut", Match::Form),
        ("Миколаєві", "UA", "Mykolaiv", Match::Form),
        ("Afrin'de", "SY", "Afrin", Match::Form),
        ("وبحلب", "SY", "Aleppo", Match::Form),
        ("d’Alep", "SY", "Aleppo", Match::Form),
        ("Menbedj", "SY", "Manbij", Match::Skeleton),
        ("Ракке", "SY", "Raqqa", Match::Form),
    ] {
        let found = gazetteer.search(written, &[country]);
        let first = found
            .iter()
            .find(|found| gazetteer.main_name(found.place) == name);
        assert_eq!(
            first.map(|found| found.how),
            Some(how),
            "{written}: {found:?}"
        );
    }
    assert!(
        gazetteer.search("Menbedj", &[]).is_empty(),
        "other spellings need a country"
    );
    assert!(gazetteer.search("Menbedj", &["FR"]).is_empty());
}

#[test]
fn a_place_lies_in_larger_ones() {
    let gazetteer = bundled();
    let ancestry = |name: &str, country: &str| -> Vec<String> {
        let found = gazetteer.lookup(name, Some(country)).remove(0);
        gazetteer
            .ancestry(found.reference)
            .map(|place| gazetteer.main_name(place).to_owned())
            .collect()
    };
    assert_eq!(ancestry("Manbij", "SY"), ["Aleppo Governorate", "Syria"]);
    let salihin = gazetteer.lookup("Jobar", Some("SY"));
    let quarter = salihin
        .iter()
        .find(|found| found.place.kind == PlaceKind::Quarter)
        .expect("a quarter");
    let town = gazetteer.parent_of(quarter.reference).expect("its town");
    assert_eq!(gazetteer.main_name(town), "Damascus");
    let syria = gazetteer.country("SY").expect("a country");
    assert_eq!(gazetteer.parent_of(syria), None);
    for place in gazetteer.places() {
        assert!(
            gazetteer.ancestry(place).count() < 6,
            "{}",
            gazetteer.id(place)
        );
    }
}

/// Names of places of the wars as an English newspaper prints them: each is what its place is called here,
/// whatever form it was looked up by.
#[test]
fn places_are_called_what_the_press_calls_them() {
    let gazetteer = bundled();
    for (country, names) in [
        (
            "SY",
            "Raqqa, Manbij, Tabqa, Afrin, Abu Kamal, Deir ez-Zor, Palmyra, Aleppo, Idlib, Hasakah, Qamishli, \
             Kobani, Azaz, Al-Bab, Jarabulus, Tell Abyad, Ras al-Ain, Damascus, Homs, Hama, Daraa, Tartus",
        ),
        (
            "IQ",
            "Mosul, Fallujah, Basra, Kirkuk, Tikrit, Sinjar, Haditha",
        ),
        (
            "UA",
            "Kyiv, Kharkiv, Chernihiv, Mykolaiv, Izium, Kupiansk, Lyman, Bakhmut, Avdiivka, Odesa, Sloviansk, \
             Zaporizhzhia, Kryvyi Rih, Sievierodonetsk, Mariupol, Kherson, Vuhledar, Huliaipole",
        ),
        ("RU", "Moscow, Kursk, Belgorod, Sudzha"),
        (
            "SD",
            "Khartoum, El Fasher, Wad Medani, El Obeid, El Geneina, Nyala",
        ),
        ("CD", "Goma, Bukavu, Bunagana, Bunia"),
        ("ML", "Kidal, Gao, Timbuktu, Menaka"),
        ("BF", "Djibo"),
        ("YE", "Sanaa, Hodeidah, Marib, Taiz"),
        ("PS", "Gaza City, Rafah, Khan Younis, Jabalia"),
        ("LY", "Misrata, Sirte, Derna"),
        ("LB", "Beirut, Tyre, Bint Jbeil"),
    ] {
        for name in names.split(", ") {
            let found = gazetteer.lookup(name, Some(country));
            let first = found
                .iter()
                .find(|found| found.main && found.place.kind.is_point());
            assert_eq!(
                first.map(|found| found.place.name.as_str()),
                Some(name),
                "{country}"
            );
        }
    }
    for (written, shown) in [
        ("Rakka", "Raqqa"),
        ("Menbij", "Manbij"),
        ("Efrin", "Afrin"),
        ("Albukamal", "Abu Kamal"),
        ("Ath Thawrah", "Tabqa"),
        ("Tchernihiv", "Chernihiv"),
        ("Chernigov", "Chernihiv"),
        ("Grande-Bretagne", "United Kingdom"),
        ("Britain", "United Kingdom"),
        ("Centrafrique", "Central African Republic"),
        ("Biélorussie", "Belarus"),
        ("RDC", "Democratic Republic of the Congo"),
        ("Union européenne", "European Union"),
        ("Oblast de Kharkiv", "Kharkiv Oblast"),
    ] {
        let found = gazetteer.lookup(written, None);
        let first = found.first().map(|found| found.place.name.as_str());
        assert_eq!(first, Some(shown), "{written}");
    }
    let raqqa = &gazetteer.lookup("Raqqa", Some("SY"))[0];
    assert_eq!(raqqa.place.admin1.as_deref(), Some("Raqqa Governorate"));
    assert_eq!(gazetteer.name_in(raqqa.reference, "en"), Some("Raqqa"));
}

#[test]
fn a_lone_word_of_direction_is_no_town() {
    let gazetteer = bundled();
    for word in [
        "Nord",
        "Sud",
        "Est",
        "Ouest",
        "North",
        "South",
        "Центр",
        "Norte",
    ] {
        let found = gazetteer.lookup(word, None);
        let town = found
            .iter()
            .find(|found| found.place.kind == PlaceKind::Settlement);
        assert!(town.is_none(), "{word}: {town:?}");
    }
}
