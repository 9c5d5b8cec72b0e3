//! Importing GeoNames dumps and Who's On First, through the program.

#[expect(dead_code, reason = "what runs a service is for other tests")]
mod program;

use std::fs;
use std::path::Path;

use sitmap::domain::PlaceKind;
use sitmap::gazetteer::{Gazetteer, Match};

/// A row of a GeoNames table.
fn row(
    number: u32,
    name: &str,
    alternates: &str,
    at: (f64, f64),
    code: &str,
    place: [&str; 4],
) -> String {
    let [country, first, second, people] = place;
    let class = &code[..1];
    format!(
        "{number}\t{name}\t{name}\t{alternates}\t{}\t{}\t{class}\t{code}\t{country}\t\t{first}\t{second}\t\t\t{people}\t\t10\tAsia/Damascus\t2020-01-01\n",
        at.0, at.1
    )
}

fn dump(folder: &Path) {
    let mut table = String::new();
    // A district, villages in it, a quarter of a town that cities500 has, a hotel, another country's village.
    table += &row(
        900_000_001,
        "Nahiyat Testah",
        "",
        (35.5, 38.5),
        "ADM2",
        ["SY", "04", "77", "0"],
    );
    table += &row(
        900_000_002,
        "Qaryat Testah",
        "Karyet Testah,qrytst",
        (35.51, 38.52),
        "PPL",
        ["SY", "04", "77", "120"],
    );
    table += &row(
        900_000_003,
        "Haql Testah",
        "",
        (35.6, 38.6),
        "OILF",
        ["SY", "04", "", "0"],
    );
    table += &row(
        900_000_004,
        "Funduq Testah",
        "",
        (35.6, 38.6),
        "HTL",
        ["SY", "04", "", "0"],
    );
    table += &row(
        900_000_005,
        "Hayy Testah",
        "",
        (35.95, 39.0),
        "PPLX",
        ["SY", "04", "", "0"],
    );
    table += &row(
        900_000_006,
        "Irbid Testah",
        "",
        (32.5, 35.9),
        "PPL",
        ["JO", "18", "", "0"],
    );
    // Raqqa, which is there already.
    table += &row(
        172_955,
        "Ar Raqqah",
        "",
        (35.95, 39.01),
        "PPLA",
        ["SY", "04", "", "177636"],
    );
    table += "900000007\ttoo few columns\n";
    table += &row(
        900_000_008,
        "Off the globe",
        "",
        (95.0, 39.0),
        "PPL",
        ["SY", "04", "", "0"],
    );
    let bad = row(
        900_000_009,
        "No number",
        "",
        (1.0, 1.0),
        "PPL",
        ["SY", "", "", "0"],
    );
    table += &bad.replace("900000009", "nine");
    let mut bytes = table.into_bytes();
    bytes.extend(b"900000010\t\xff\xfe\n");
    fs::write(folder.join("allCountries.txt"), bytes).expect("a table");
    fs::write(
        folder.join("alternateNamesV2.txt"),
        "1\t900000002\tfr\tVillage-Essai\t1\t\t\t\t\t\n\
         2\t900000002\tar\tقرية الاختبار\t\t\t\t\t\t\n\
         3\t900000002\twkdt\tQ1\t\t\t\t\t\t\n\
         4\t900000002\t\tAncient Testopolis\t\t\t\t1\t\t\n\
         5\t172955\tfr\tRaqqa-l’Essai\t\t\t\t\t\t\n\
         6\t1\tfr\tSans lieu\t\t\t\t\t\t\n\
         seven\n",
    )
    .expect("a table");
    fs::write(
        folder.join("admin2Codes.txt"),
        "SY.04.77\tTestah District\tTestah District\t900000001\n",
    )
    .expect("a table");
    fs::write(
        folder.join("hierarchy.txt"),
        "172955\t900000005\t\n900000001\t900000002\tADM\n",
    )
    .expect("a table");
    fs::write(folder.join("countryInfo.txt"), "# ISO\tISO3\n").expect("a table");
}

fn import(folder: &Path, more: &[&str]) -> (Gazetteer, String, String) {
    let output = folder.with_extension("sitgaz");
    let mut arguments = vec![
        "gazetteer",
        "import",
        folder.to_str().expect("a path"),
        "--output",
    ];
    arguments.push(output.to_str().expect("a path"));
    arguments.extend(more);
    let done = program::run(&arguments, folder.parent().expect("a folder"));
    assert_eq!(done.code, Some(0), "{}", done.stderr);
    let gazetteer = Gazetteer::open(&output).expect("the image opens");
    (gazetteer, done.stdout, done.stderr)
}

#[test]
fn a_geonames_dump_is_added_to_the_bundled_places() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path().join("dump");
    fs::create_dir(&folder).expect("a folder");
    dump(&folder);
    let (gazetteer, said, left_out) = import(&folder, &[]);

    let village = gazetteer.lookup("Qaryat Testah", Some("SY")).remove(0);
    assert_eq!(
        (village.place.id.as_str(), village.place.population),
        ("geonames:900000002", 120)
    );
    assert_eq!(village.place.admin1.as_deref(), Some("Raqqa Governorate"));
    let parent = gazetteer
        .parent_of(village.reference)
        .expect("its district");
    assert_eq!(gazetteer.main_name(parent), "Nahiyat Testah");
    assert_eq!(gazetteer.kind(parent), PlaceKind::Admin2);
    assert_eq!(
        gazetteer.name_in(village.reference, "fr"),
        Some("Village-Essai")
    );
    for name in ["Village-Essai", "قرية الاختبار", "Ancient Testopolis"] {
        assert_eq!(gazetteer.lookup(name, None).len(), 1, "{name}");
    }
    assert!(
        gazetteer
            .lookup("Testah District", Some("SY"))
            .iter()
            .any(|found| found.reference == parent)
    );
    let quarter = gazetteer.lookup("Hayy Testah", None).remove(0);
    let town = gazetteer.parent_of(quarter.reference).expect("its town");
    assert_eq!(gazetteer.main_name(town), "Raqqa");

    // Merged, not doubled; and what was there is still there.
    let raqqa = gazetteer.lookup("Raqqa-l’Essai", None);
    assert_eq!(
        (raqqa.len(), raqqa[0].place.id.as_str()),
        (1, "geonames:172955")
    );
    let bundled = Gazetteer::bundled().expect("the bundled image");
    assert_eq!(
        gazetteer.lookup("Raqqa", Some("SY")).len(),
        bundled.lookup("Raqqa", Some("SY")).len()
    );
    assert_eq!(gazetteer.places().count(), bundled.places().count() + 5);
    assert_eq!(
        gazetteer.locate(village.place.point),
        bundled.locate(village.place.point)
    );
    let respelt = gazetteer.search("Qariat Testeh", &["SY"]);
    assert!(
        respelt
            .iter()
            .any(|found| found.place == village.reference && found.how == Match::Light),
        "{respelt:?}"
    );

    for missing in ["Funduq Testah", "qrytst", "Q1", "Sans lieu", "No number"] {
        assert!(gazetteer.lookup(missing, None).is_empty(), "{missing}");
    }
    for line in [
        "allCountries.txt:8:",
        "allCountries.txt:9:",
        "allCountries.txt:10:",
        "allCountries.txt:11:",
        "alternateNamesV2.txt:7:",
    ] {
        assert!(left_out.contains(line), "{line} in {left_out}");
    }
    assert!(
        said.contains("5 places added") && said.contains("5 malformed"),
        "{said}"
    );
}

#[test]
fn an_import_takes_only_the_countries_and_kinds_that_are_asked_for() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path().join("dump");
    fs::create_dir(&folder).expect("a folder");
    dump(&folder);
    let (gazetteer, ..) = import(
        &folder,
        &["--country", "sy", "--kind", "settlement,facility"],
    );
    for (name, there) in [
        ("Qaryat Testah", true),
        ("Haql Testah", true),
        ("Nahiyat Testah", false),
        ("Hayy Testah", false),
        ("Irbid Testah", false),
    ] {
        assert_eq!(!gazetteer.lookup(name, None).is_empty(), there, "{name}");
    }
}

#[test]
fn a_second_import_builds_on_the_first_and_changes_nothing_twice() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("dump");
    fs::create_dir(&path).expect("a folder");
    dump(&path);
    let (first, ..) = import(&path, &[]);
    let kept = folder.path().join("first.sitgaz");
    fs::rename(path.with_extension("sitgaz"), &kept).expect("moved");
    let (second, said, _) = import(&path, &["--gazetteer", kept.to_str().expect("a path")]);
    assert!(said.contains(" 0 places added"), "{said}");
    assert_eq!(first.info().places, second.info().places);
    assert_eq!(first.info().postings, second.info().postings);
}

fn whos_on_first(folder: &Path, id: u64, properties: &str) {
    let path = folder.join(format!("data/{}", id % 10));
    fs::create_dir_all(&path).expect("a folder");
    let text = format!(
        r#"{{"id": {id}, "type": "Feature", "properties": {{"wof:id": {id}, {properties}}}, "geometry": {{"type": "Point", "coordinates": [0, 0]}}}}"#
    );
    fs::write(path.join(format!("{id}.geojson")), text).expect("a file");
}

#[test]
fn whos_on_first_is_added_too() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("wof");
    whos_on_first(
        &path,
        801,
        r#""wof:name": "Nahiyat Wofah", "wof:placetype": "county", "wof:country": "SY", "geom:latitude": 35.5, "geom:longitude": 38.5"#,
    );
    whos_on_first(
        &path,
        802,
        r#""wof:name": "Qaryat Wofah", "wof:placetype": "locality", "wof:country": "SY", "geom:latitude": 35.5, "geom:longitude": 38.5, "wof:parent_id": 801, "name:fra_x_preferred": ["Village-Ouof"], "name:und_x_variant": ["Wufah"], "wof:concordances": {"gn:id": 900000042}"#,
    );
    whos_on_first(
        &path,
        803,
        r#""wof:name": "Zalat Wofah", "wof:placetype": "locality", "wof:country": "SY", "geom:latitude": 35.5, "geom:longitude": 38.5, "edtf:deprecated": "2019-01-01""#,
    );
    whos_on_first(
        &path,
        804,
        r#""wof:name": "Nowhere", "wof:placetype": "locality", "wof:country": "SY""#,
    );
    fs::write(path.join("data/805.geojson"), "{").expect("a file");
    let (gazetteer, said, left_out) = import(&path, &[]);
    let village = gazetteer.lookup("Village-Ouof", Some("SY")).remove(0);
    assert_eq!(village.place.id, "geonames:900000042");
    let parent = gazetteer.parent_of(village.reference).expect("its county");
    assert_eq!(gazetteer.id(parent), "whosonfirst:801");
    assert!(
        gazetteer
            .lookup("Wufah", None)
            .iter()
            .any(|found| found.reference == village.reference)
    );
    assert!(gazetteer.lookup("Zalat Wofah", None).is_empty());
    assert!(
        left_out.contains("804.geojson") && left_out.contains("805.geojson: line 1"),
        "{left_out}"
    );
    assert!(said.contains("2 malformed"), "{said}");
}

#[test]
fn a_folder_that_is_neither_is_refused_and_nothing_is_written() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("allCountries.zip"), "PK").expect("a file");
    let output = folder.path().join("image.sitgaz");
    fs::write(&output, "as it was").expect("a file");
    let arguments = [
        "gazetteer",
        "import",
        folder.path().to_str().expect("a path"),
        "--output",
        output.to_str().expect("a path"),
    ];
    let done = program::run(&arguments, folder.path());
    assert_ne!(done.code, Some(0));
    assert!(
        done.stderr.contains("unpack the archive first"),
        "{}",
        done.stderr
    );
    assert_eq!(
        fs::read_to_string(&output).expect("still there"),
        "as it was"
    );
    assert_eq!(
        fs::read_dir(folder.path()).expect("a folder").count(),
        2,
        "nothing is left behind"
    );
}
