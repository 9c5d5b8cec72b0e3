//! The GeoPackage store, through its public interface and as GDAL sees it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use jiff::civil::date;
use rusqlite::Connection;
use sitmap::domain::{
    Action, Article, DateBasis, DatePrecision, Event, EventPlace, EventRecord, Party, Point, Status,
};
use sitmap::store::{Counts, EventStore, GeoPackage, Ingested, Report, StoreError, Tokens};
use tempfile::TempDir;

fn article(id: &str, text: &str) -> Article {
    Article {
        id: id.to_owned(),
        text: text.to_owned(),
        title: Some("Le départ".to_owned()),
        url: None,
        publisher: Some("Journal".to_owned()),
        published: "2019-10".parse().ok(),
        language: Some("fr".to_owned()),
        blocks: Vec::new(),
    }
}

fn event(article: &str, number: usize, point: Option<Point>) -> Event {
    Event {
        id: format!("{article}-{number}"),
        article: article.to_owned(),
        action: Action::Withdrawal,
        status: Status::Planned,
        actor: Some(Party {
            name: "Army".to_owned(),
            id: Some("army".to_owned()),
        }),
        counterpart: None,
        claimed_by: None,
        place: EventPlace {
            name: "Town".to_owned(),
            id: point.map(|_| "geonames:1".to_owned()),
            as_written: "la ville".to_owned(),
            point,
            radius_km: point.map(|_| 3.0),
            country: Some("SY".to_owned()),
            admin1: None,
            precision: 1,
        },
        origin: None,
        destination: None,
        date: Some("2019-10-16".to_owned()),
        start: Some(date(2019, 10, 16)),
        end: Some(date(2019, 10, 17)),
        date_precision: DatePrecision::Day,
        date_basis: DateBasis::Relative,
        quantity: Some("400".to_owned()),
        quantity_unit: None,
        confidence: 1.0,
        quote: "L'armée quitte « la ville ».".to_owned(),
        quote_start: 10,
        quote_end: 38,
        rule: "leave".to_owned(),
    }
}

const TOWN: Option<Point> = Some(Point {
    lon: 39.01,
    lat: 35.95,
});

/// An article with two events, one of them without a place.
fn report(id: &str, text: &str) -> Report {
    Report {
        article: article(id, text),
        events: vec![event(id, 1, TOWN), event(id, 2, None)],
    }
}

struct Fixture {
    _folder: TempDir,
    path: PathBuf,
}

fn fixture() -> Fixture {
    let folder = TempDir::new().expect("a folder");
    let path = folder.path().join("store.gpkg");
    Fixture {
        _folder: folder,
        path,
    }
}

fn open(path: &Path) -> GeoPackage {
    GeoPackage::open(path).expect("a store")
}

fn ingest(store: &mut GeoPackage, report: Report) -> Ingested {
    store.ingest("1", &[report]).expect("ingested")[0]
}

fn records(store: &GeoPackage) -> Vec<EventRecord> {
    store.events().collect::<Result<_, _>>().expect("events")
}

#[test]
fn what_was_ingested_is_read_back_as_it_was() {
    let at = fixture();
    let report = report("a", "Une ville.\r\n\u{a0}Deux — « villes » \u{1f30d}");
    let mut store = open(&at.path);
    assert_eq!(ingest(&mut store, report.clone()), Ingested::New);
    drop(store);
    let store = open(&at.path);
    let expected: Vec<_> = report
        .events
        .iter()
        .map(|event| EventRecord::new(event, &report.article))
        .collect();
    assert_eq!(records(&store), expected);
    assert_eq!(
        store.article("a").expect("an article").as_ref(),
        Some(&report.article)
    );
    assert_eq!(store.article("b").expect("no article"), None);
    let articles: Vec<_> = store
        .articles()
        .collect::<Result<_, _>>()
        .expect("articles");
    assert_eq!(articles, [report.article]);
    assert_eq!(
        store.counts().expect("counts"),
        Counts {
            articles: 1,
            events: 2,
            located: 1
        }
    );
}

#[test]
fn the_same_article_twice_changes_nothing_not_even_the_file() {
    let at = fixture();
    let mut store = open(&at.path);
    ingest(&mut store, report("a", "x"));
    let version = store.edition().expect("an edition").version;
    drop(store);
    let before = fs::read(&at.path).expect("the file");
    let mut store = open(&at.path);
    assert_eq!(ingest(&mut store, report("a", "x")), Ingested::Unchanged);
    assert_eq!(store.edition().expect("an edition").version, version);
    drop(store);
    assert!(
        before == fs::read(&at.path).expect("the file"),
        "the file has changed"
    );
}

#[test]
fn other_content_or_other_rules_replace_article_and_events() {
    let at = fixture();
    let mut store = open(&at.path);
    ingest(&mut store, report("a", "x"));
    ingest(&mut store, report("b", "y"));
    let first = store.edition().expect("an edition").version;
    let mut other = report("a", "z");
    other.events.truncate(1);
    assert_eq!(ingest(&mut store, other.clone()), Ingested::Replaced);
    let articles: Vec<_> = records(&store)
        .into_iter()
        .map(|record| record.article)
        .collect();
    assert_eq!(articles, ["b", "b", "a"]);
    assert_eq!(
        store.article("a").expect("an article"),
        Some(other.article.clone())
    );
    let second = store.edition().expect("an edition").version;
    assert!(second > first);
    assert!(store.is_current("1", &other.article).expect("read"));
    assert!(!store.is_current("2", &other.article).expect("read"));
    assert!(!store.is_current("1", &article("a", "x")).expect("read"));
    assert_eq!(
        store.ingest("2", &[other]).expect("ingested"),
        [Ingested::Replaced]
    );
    assert!(store.edition().expect("an edition").version > second);
}

#[test]
fn a_batch_is_taken_in_whole_or_not_at_all() {
    let at = fixture();
    let mut store = open(&at.path);
    let mut bad = report("b", "y");
    bad.events[1].id = bad.events[0].id.clone();
    let error = store
        .ingest("1", &[report("a", "x"), bad])
        .expect_err("an error");
    assert!(error.to_string().contains("store.gpkg"), "{error}");
    assert_eq!(store.counts().expect("counts"), Counts::default());
    assert_eq!(store.edition().expect("an edition").version, 0);
    let twice = store.ingest("1", &[report("a", "x"), report("a", "x"), report("a", "y")]);
    assert_eq!(
        twice.expect("ingested"),
        [Ingested::New, Ingested::Unchanged, Ingested::Replaced]
    );
}

#[test]
fn more_events_than_a_page_are_read_in_order_and_as_they_stood() {
    let at = fixture();
    let mut writer = open(&at.path);
    let mut many = report("a", "x");
    many.events = (0..2_500).map(|number| event("a", number, TOWN)).collect();
    ingest(&mut writer, many);
    let reader = GeoPackage::open_to_read(&at.path).expect("a store");
    let mut events = reader.events();
    let first = events.next().expect("an event").expect("an event");
    // Another program replaces everything meanwhile.
    ingest(&mut writer, report("a", "y"));
    let rest = events.map(|event| event.expect("an event").id);
    let ids: Vec<_> = std::iter::once(first.id).chain(rest).collect();
    let expected: Vec<_> = (0..2_500).map(|number| format!("a-{number}")).collect();
    assert_eq!(ids, expected);
    assert_eq!(records(&reader).len(), 2);
}

#[test]
fn the_columns_are_the_fields_of_the_event_model_in_their_order() {
    let at = fixture();
    open(&at.path);
    let connection = Connection::open(&at.path).expect("SQLite");
    let statement = connection.prepare("SELECT * FROM events").expect("a table");
    let record = EventRecord::new(&event("a", 1, TOWN), &article("a", "x"));
    let json = serde_json::to_value(&record).expect("JSON");
    let fields = json
        .as_object()
        .expect("an object")
        .keys()
        .map(String::as_str);
    let expected: Vec<_> = ["fid", "geom"].into_iter().chain(fields).collect();
    let columns: Vec<_> = statement.column_names().collect();
    assert_eq!(columns, expected);
}

/// Opening is refused, and the file is as it was.
fn refused(path: &Path) -> StoreError {
    let before = fs::read(path).expect("the file");
    let error = GeoPackage::open(path).expect_err("an error");
    assert!(
        before == fs::read(path).expect("the file"),
        "the file has changed"
    );
    let folder = path.parent().expect("a folder");
    assert_eq!(
        fs::read_dir(folder).expect("the folder").count(),
        1,
        "files were left beside it"
    );
    assert!(
        error.to_string().contains(&path.display().to_string()),
        "{error}"
    );
    error
}

#[test]
fn a_file_that_is_not_sitmaps_is_refused_and_not_touched() {
    let at = fixture();
    fs::write(&at.path, "{\"type\": \"FeatureCollection\"}").expect("a file");
    assert!(matches!(refused(&at.path), StoreError::NotSqlite { .. }));
    fs::write(&at.path, b"SQLite format 3\0 and no more").expect("a file");
    assert!(matches!(
        refused(&at.path),
        StoreError::NotSqlite { .. } | StoreError::Sql { .. }
    ));

    fs::remove_file(&at.path).expect("removed");
    let connection = Connection::open(&at.path).expect("SQLite");
    connection
        .execute_batch("CREATE TABLE events (a)")
        .expect("a table");
    assert!(matches!(
        refused(&at.path),
        StoreError::NotGeoPackage { .. }
    ));
    connection
        .execute_batch("PRAGMA application_id = 0x47504B47")
        .expect("a mark");
    assert!(matches!(refused(&at.path), StoreError::NotOurs { .. }));
    connection
        .execute_batch("CREATE TABLE sitmap_state (key, value); INSERT INTO sitmap_state VALUES ('schema', 99)")
        .expect("a table");
    assert!(matches!(
        refused(&at.path),
        StoreError::Newer { found: 99, .. }
    ));
}

#[test]
fn a_folder_a_missing_folder_and_a_missing_file_are_named() {
    let at = fixture();
    let folder = at.path.parent().expect("a folder");
    assert!(matches!(
        GeoPackage::open(folder).expect_err("an error"),
        StoreError::Io { .. }
    ));
    let nowhere = folder.join("nowhere/store.gpkg");
    let error = GeoPackage::open(&nowhere)
        .expect_err("an error")
        .to_string();
    assert!(error.contains("nowhere/store.gpkg"), "{error}");
    let error = GeoPackage::open_to_read(&at.path)
        .expect_err("an error")
        .to_string();
    assert!(
        error.contains("no store was found") && !at.path.exists(),
        "{error}"
    );
}

#[test]
fn a_store_whose_making_was_broken_off_is_made_anew() {
    let at = fixture();
    let half = at.path.with_file_name("half.gpkg");
    let journal = |path: &Path| path.with_extension("gpkg-journal");
    let connection = Connection::open(&half).expect("SQLite");
    let more_than_fits_in_memory = "PRAGMA cache_size = 1; BEGIN; CREATE TABLE half (a);
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100)
        INSERT INTO half SELECT zeroblob(4000) FROM n";
    connection
        .execute_batch(more_than_fits_in_memory)
        .expect("half a transaction");
    // What a power cut would leave: pages written, and the journal that undoes them.
    let mut pages = fs::read(&half).expect("pages");
    drop(open(&at.path));
    let whole = fs::read(&at.path).expect("a store");
    pages[..4096].copy_from_slice(&whole[..4096]);
    fs::write(&at.path, pages).expect("a copy");
    fs::copy(journal(&half), journal(&at.path)).expect("a copy of the journal");
    assert_eq!(ingest(&mut open(&at.path), report("a", "x")), Ingested::New);
}

#[test]
fn a_store_opened_to_read_cannot_be_written() {
    let at = fixture();
    open(&at.path);
    let mut store = GeoPackage::open_to_read(&at.path).expect("a store");
    let error = store
        .ingest("1", &[report("a", "x")])
        .expect_err("an error");
    assert!(matches!(error, StoreError::ReadOnly { .. }), "{error}");
}

#[test]
fn a_copy_is_one_file_that_is_a_store_again_and_overwrites_nothing() {
    let at = fixture();
    let mut store = open(&at.path);
    ingest(&mut store, report("a", "x"));
    let copy = at.path.with_file_name("copy.gpkg");
    store.copy_to(&copy, Tokens::LeftOut).expect("a copy");
    assert_eq!(records(&open(&copy)), records(&store));
    assert!(matches!(
        store.copy_to(&copy, Tokens::LeftOut).expect_err("an error"),
        StoreError::Exists { .. }
    ));
}

/// GDAL's program with arguments, where it is installed; under CI it must be.
fn gdal(program: &str, arguments: &[&str]) -> Option<String> {
    match Command::new(program).args(arguments).output() {
        Ok(output) => {
            let errors = String::from_utf8_lossy(&output.stderr);
            assert!(
                output.status.success() && errors.is_empty(),
                "{program}: {errors}"
            );
            Some(String::from_utf8_lossy(&output.stdout).into_owned())
        }
        Err(_) if std::env::var_os("CI").is_none() => None,
        Err(error) => panic!("{program}: {error}"),
    }
}

#[test]
fn gdal_reads_dates_as_dates_and_knows_events_without_a_place() {
    let at = fixture();
    let mut store = open(&at.path);
    ingest(&mut store, report("a", "x"));
    drop(store);
    let path = at.path.display().to_string();
    let Some(events) = gdal("ogrinfo", &["-ro", "-al", &path, "events"]) else {
        return;
    };
    for line in [
        "Geometry: Point",
        "Feature Count: 2",
        "Extent: (39.010000, 35.950000) - (39.010000, 35.950000)",
        "start: Date (0.0)",
        "end: Date (0.0)",
        "  start (Date) = 2019/10/16",
        "  confidence (Real) = 1",
        "  published (String) = 2019-10",
        "  POINT (39.01 35.95)",
        "ID[\"EPSG\",4326]]",
    ] {
        assert!(events.contains(line), "{line} is not in\n{events}");
    }
    assert_eq!(events.matches("POINT (").count(), 1, "{events}");
    let layers = gdal("ogrinfo", &["-ro", &path]).expect("ogrinfo");
    assert!(
        layers.contains("1: events (Point)") && layers.contains("articles (None)"),
        "{layers}"
    );
    assert!(!layers.contains("sitmap_state"), "{layers}");
}

#[test]
fn what_gdal_wrote_into_the_store_can_be_read() {
    let at = fixture();
    let mut store = open(&at.path);
    ingest(&mut store, report("a", "x"));
    let path = at.path.display().to_string();
    let update = "UPDATE events SET actor = 'Someone' WHERE id = 'a-2'";
    if gdal(
        "ogrinfo",
        &["-q", "-dialect", "SQLite", "-sql", update, &path],
    )
    .is_some()
    {
        assert_eq!(records(&store)[1].actor.as_deref(), Some("Someone"));
    }
}
