//! Importing events that others coded, through the program.

#[expect(dead_code, reason = "what runs a service is for other tests")]
mod program;

use std::fs;

use program::run;

const TABLE: &str = "\
id,type_of_violence,side_a,side_b,source_office,source_date,source_headline,dyad_name,where_prec,where_coordinates,adm_1,adm_2,latitude,longitude,event_clarity,date_prec,date_start,date_end,best
1,1,Government of Syria,SDF,Agency,2016-05-02,\"Clashes, then calm\",x,1,Manbij town,Aleppo Governorate,,36.528,37.955,1,1,2016-05-01,2016-05-01,2
2,3,IS,Civilians,Agency,2016-05-03,Car bomb in town,x,2,Kobani town,Aleppo Governorate,,36.89,38.35,1,1,2016-05-02,2016-05-02,0
";

#[test]
fn a_table_of_ucdp_becomes_a_store_and_the_same_again_changes_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("ged.csv"), TABLE).expect("written");
    let import = ["import", "ucdp", "ged.csv", "--store", "ged.gpkg"];
    let first = run(&import, folder.path());
    assert_eq!(first.code, Some(0), "{first:#?}");
    assert!(
        first.stdout.starts_with("2 events written"),
        "{}",
        first.stdout
    );
    let again = run(&import, folder.path());
    assert!(again.stdout.contains("2 unchanged"), "{}", again.stdout);
    let exported = run(
        &["export", "--store", "ged.gpkg", "--format", "ndjson"],
        folder.path(),
    );
    let events: Vec<serde_json::Value> = exported
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).expect("a feature"))
        .collect();
    assert_eq!(events.len(), 2);
    assert_eq!(events[0]["properties"]["quote"], "Clashes, then calm");
    assert_eq!(
        events[1]["geometry"]["coordinates"],
        serde_json::json!([38.35, 36.89])
    );
}

#[test]
fn a_row_that_is_no_event_and_a_table_that_is_none_are_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let broken = format!("{TABLE}3,1,A,B,,,h,x,1,P,,,north,37.9,1,1,2016-05-01,2016-05-01,2\n");
    fs::write(folder.path().join("ged.csv"), broken).expect("written");
    let finished = run(
        &["import", "ucdp", "ged.csv", "--store", "a.gpkg"],
        folder.path(),
    );
    assert_eq!(finished.code, Some(1));
    assert!(
        finished.stderr.contains("ged.csv: line 4: latitude"),
        "{}",
        finished.stderr
    );
    assert!(
        finished.stdout.contains("2 events written") && finished.stdout.contains("1 rows failed")
    );
    fs::write(folder.path().join("other.csv"), "a,b\n1,2\n").expect("written");
    let finished = run(
        &["import", "ucdp", "other.csv", "--store", "b.gpkg"],
        folder.path(),
    );
    assert_eq!(finished.code, Some(1));
    assert!(
        finished.stderr.contains("no column \"id\""),
        "{}",
        finished.stderr
    );
    assert!(!folder.path().join("b.gpkg").exists(), "no store was made");
}
