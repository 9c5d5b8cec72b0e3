//! What is the file's own: which files are refused, what is beside it, and what other programs see of it.

use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use sitmap::domain::EventRecord;
use sitmap::store::{EventStore, GeoPackage, Ingested, Report, StoreError};
use tempfile::TempDir;

use crate::{TOWN, article, event, gdal, records, report};

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
fn nobody_else_writes_while_articles_are_taken_in() {
    let at = fixture();
    let mut store = open(&at.path);
    let mut refused = Vec::new();
    let mut reports = std::iter::once_with(|| {
        let other = Connection::open(&at.path).expect("SQLite");
        other
            .busy_timeout(std::time::Duration::ZERO)
            .expect("no patience");
        refused.push(other.execute_batch("BEGIN IMMEDIATE").is_err());
        Ok(report("a", "x"))
    });
    store.ingest_all("1", &mut reports).expect("written");
    assert_eq!(refused, [true]);
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
