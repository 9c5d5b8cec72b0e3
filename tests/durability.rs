//! What is kept, and how it is looked through and copied: through the library and the real program.

#[expect(dead_code, reason = "what runs a service is for other tests")]
mod program;

use std::fs;
use std::path::PathBuf;

use program::{Finished, example_articles, run};
use rusqlite::Connection;
use sitmap::domain::{Article, EventRecord};
use sitmap::incident::Kinship;
use sitmap::index::{ArticleRecord, Index};
use sitmap::store::{EventStore, Finding, GeoPackage, Report};
use sitmap::verify;
use tempfile::TempDir;

/// A folder with a store of the example articles.
struct Examples {
    folder: TempDir,
    store: PathBuf,
}

fn examples() -> Examples {
    let folder = tempfile::tempdir().expect("a folder");
    let store = folder.path().join("s.gpkg");
    let articles = example_articles();
    let articles = articles.to_str().expect("a path of UTF-8");
    let ingested = run(&["ingest", "--store", "s.gpkg", articles], folder.path());
    assert_eq!(ingested.code, Some(0), "{ingested:#?}");
    Examples { folder, store }
}

impl Examples {
    fn open(&self) -> GeoPackage {
        GeoPackage::open(&self.store).expect("a store")
    }

    fn run(&self, arguments: &[&str]) -> Finished {
        run(arguments, self.folder.path())
    }

    /// Changes something behind the program's back, and gives what `verify` then says.
    fn after(&self, sql: &str) -> Finished {
        let connection = Connection::open(&self.store).expect("SQLite");
        let off = "PRAGMA foreign_keys = off; PRAGMA writable_schema = on;";
        connection
            .execute_batch(&format!("{off}{sql}"))
            .expect("changed");
        drop(connection);
        self.run(&["verify", "--store", "s.gpkg"])
    }
}

fn events(store: &GeoPackage) -> Vec<EventRecord> {
    store.events().collect::<Result<_, _>>().expect("events")
}

fn report(id: &str) -> Report {
    let article = Article {
        id: id.to_owned(),
        text: format!("{id}: a text"),
        title: None,
        url: None,
        publisher: None,
        published: None,
        language: None,
        blocks: Vec::new(),
    };
    let events = Vec::new();
    Report { article, events }
}

#[test]
fn a_store_in_use_is_found_well() {
    let at = examples();
    let mut writer = at.open();
    writer.ingest("1", &[report("new")]).expect("written");
    let finished = at.run(&["verify", "--store", "s.gpkg"]);
    assert_eq!(finished.code, Some(0), "{finished:#?}");
    let counts = writer.counts().expect("counts");
    let expected = format!(
        "s.gpkg: {} articles, {} events, {} of them with a position: all is well\n",
        counts.articles, counts.events, counts.located
    );
    assert_eq!(finished.stdout, expected);
}

#[test]
fn each_damage_is_told_by_the_row_that_has_it() {
    let cases = [
        // What was done, and the line that tells of it.
        (
            "UPDATE events SET quote = 'Something else.' WHERE fid = 1",
            "has other words than its quote at code points",
        ),
        (
            "UPDATE events SET quote_end = 99999999 WHERE fid = 1",
            "to 99999999, lies outside article",
        ),
        (
            "UPDATE events SET action = 'feast' WHERE fid = 1",
            "event 1: unknown variant `feast`",
        ),
        (
            "UPDATE events SET geom = x'4750' WHERE fid = (SELECT min(fid) FROM events WHERE geom NOT NULL)",
            "its geometry is no point",
        ),
        (
            "UPDATE articles SET text = text || '.' WHERE fid = 1",
            "it is another than was written: its hash differs",
        ),
        (
            "UPDATE articles SET published = 'mardi' WHERE fid = 1",
            "\"mardi\" is no date",
        ),
        (
            "UPDATE articles SET version = 1000 WHERE fid = 1",
            "it was written in version 1000, after the store's latest",
        ),
        (
            "DELETE FROM articles WHERE fid = (SELECT min(a.fid) FROM articles a JOIN events ON article = a.id)",
            "is not there",
        ),
        (
            "UPDATE gpkg_contents SET max_x = min_x WHERE table_name = 'events'",
            "table gpkg_contents: ",
        ),
        (
            "UPDATE gpkg_geometry_columns SET geometry_type_name = 'POLYGON'",
            "table gpkg_geometry_columns: it says \"geom POLYGON",
        ),
        (
            "DELETE FROM sitmap_state WHERE key = 'identity'",
            "table sitmap_state: it says \"schema version\"",
        ),
        (
            "DROP INDEX events_article",
            "table events: its index events_article is missing",
        ),
        (
            "ALTER TABLE events DROP COLUMN admin1",
            "table events: its column admin1 is missing",
        ),
        (
            "UPDATE sqlite_schema SET sql = replace(sql, 'quote TEXT NOT NULL', 'quote TEXT') WHERE name = 'events'",
            "table events: its column quote is TEXT, and not TEXT NOT NULL",
        ),
    ];
    let at = examples();
    let whole = fs::read(&at.store).expect("the file");
    for (sql, expected) in cases {
        fs::write(&at.store, &whole).expect("as it was");
        let finished = at.after(sql);
        assert_eq!(finished.code, Some(1), "{sql}: {finished:#?}");
        assert!(finished.stdout.contains(expected), "{sql}: {finished:#?}");
        assert!(!finished.stdout.contains("all is well"), "{finished:#?}");
    }
}

/// A position as a GeoPackage has it, with another longitude.
#[test]
fn a_position_off_the_globe_is_told() {
    let at = examples();
    let connection = Connection::open(&at.store).expect("SQLite");
    let sql = "SELECT fid, geom FROM events WHERE geom NOT NULL LIMIT 1";
    let (fid, mut geometry): (i64, Vec<u8>) = connection
        .query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?)))
        .expect("an event");
    let longitude = geometry.len() - 16;
    geometry[longitude..longitude + 8].copy_from_slice(&400.0_f64.to_le_bytes());
    connection
        .execute(
            "UPDATE events SET geom = ?1 WHERE fid = ?2",
            (geometry, fid),
        )
        .expect("changed");
    drop(connection);
    let finished = at.run(&["verify", "--store", "s.gpkg"]);
    assert_eq!(finished.code, Some(1), "{finished:#?}");
    assert!(
        finished.stdout.contains("its position 400 "),
        "{finished:#?}"
    );
}

#[test]
fn pages_that_a_disk_has_lost_are_told() {
    let at = examples();
    let mut bytes = fs::read(&at.store).expect("the file");
    // The pages in the middle are rows and indexes.
    let middle = bytes.len() / 2 / 4096 * 4096;
    bytes[middle..middle + 4 * 4096].fill(0);
    fs::write(&at.store, bytes).expect("written");
    let finished = at.run(&["verify", "--store", "s.gpkg"]);
    assert_eq!(finished.code, Some(1), "{finished:#?}");
    assert!(finished.stdout.contains("file: "), "{finished:#?}");
}

#[test]
fn what_is_no_store_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let finished = run(&["verify", "--store", "none.gpkg"], folder.path());
    assert_eq!(finished.code, Some(1), "{finished:#?}");
    assert!(
        finished.stderr.contains("no store was found"),
        "{finished:#?}"
    );
    assert!(!folder.path().join("none.gpkg").exists());
}

#[test]
fn an_index_that_is_another_than_its_store_is_told() {
    let at = examples();
    let store = at.open();
    let find = |index: &Index| {
        let mut findings = Vec::new();
        let mut found = |finding: Finding| findings.push(finding.to_string());
        verify::indexed("the index", &store, index, &mut found).expect("read");
        findings
    };
    let none = &mut |finding: Finding| panic!("{finding}");
    let index = verify::events(&store, Kinship::default(), none).expect("an index");
    assert_eq!(find(&index), [""; 0]);

    let all = events(&store);
    let mut other = all.clone();
    let left_out = other.remove(0);
    other[0].actor = Some("Nobody".to_owned());
    let located = other.iter().skip(1).position(|e| e.point.is_some());
    let located = &mut other[located.expect("one") + 1];
    located.point = located.point.map(|point| point.offset(50.0, 90.0));
    let moved = located.id.clone();
    let outlines = store.outlines().map(|outline| outline.expect("one").0);
    let outlines = outlines.map(|article| ArticleRecord::from(&article));
    let findings = find(&Index::build(outlines.collect(), other));
    let expected = [
        format!(
            "event {}: it is not found by its id in the index",
            left_out.id
        ),
        format!("event {}: it has another actor in the index", all[1].id),
        format!("event {moved}: it is at another place in the index"),
        format!(
            "the index: it has {} events, and the store {}",
            all.len() - 1,
            all.len()
        ),
    ];
    for line in expected {
        assert!(findings.contains(&line), "{line}: {findings:#?}");
    }
}

#[test]
fn a_backup_is_made_while_others_write_and_is_a_store_of_its_own() {
    let at = examples();
    let mut writer = at.open();
    writer.ingest("1", &[report("new")]).expect("written");
    let finished = at.run(&["backup", "--store", "s.gpkg", "b.gpkg"]);
    assert_eq!(finished.code, Some(0), "{finished:#?}");
    let counts = writer.counts().expect("counts");
    let expected = format!(
        "{} articles and {} events copied to b.gpkg\n",
        counts.articles, counts.events
    );
    assert_eq!(finished.stdout, expected);
    let backup = at.folder.path().join("b.gpkg");
    let mut names: Vec<_> = fs::read_dir(at.folder.path())
        .expect("the folder")
        .map(|file| file.expect("a file").file_name())
        .filter(|name| !name.to_string_lossy().starts_with("s.gpkg"))
        .collect();
    names.sort();
    assert_eq!(names, ["b.gpkg"], "nothing else is left");
    let copy = GeoPackage::open(&backup).expect("a store");
    assert_eq!(events(&copy), events(&writer));
    assert_ne!(
        copy.identity().expect("a number"),
        writer.identity().expect("a number")
    );
    let verified = at.run(&["verify", "--store", "b.gpkg"]);
    assert_eq!(verified.code, Some(0), "{verified:#?}");
    drop(copy);
    let before = fs::read(&backup).expect("the backup");
    let again = at.run(&["backup", "--store", "s.gpkg", "b.gpkg"]);
    assert_eq!(again.code, Some(1), "{again:#?}");
    assert!(
        again.stderr.contains("b.gpkg is there already"),
        "{again:#?}"
    );
    assert!(before == fs::read(&backup).expect("the backup"));
}

#[test]
fn a_backup_that_cannot_be_written_leaves_nothing() {
    let at = examples();
    for (output, said) in [
        ("nowhere/b.gpkg", "nowhere/b.gpkg"),
        ("", "a value is required"),
    ] {
        let finished = at.run(&["backup", "--store", "s.gpkg", output]);
        assert_ne!(finished.code, Some(0), "{finished:#?}");
        assert!(finished.stderr.contains(said), "{finished:#?}");
    }
    let mut bytes = fs::read(&at.store).expect("the file");
    let middle = bytes.len() / 2 / 4096 * 4096;
    bytes[middle..middle + 4 * 4096].fill(0);
    fs::write(&at.store, bytes).expect("written");
    let finished = at.run(&["backup", "--store", "s.gpkg", "b.gpkg"]);
    assert_eq!(finished.code, Some(1), "{finished:#?}");
    let left = fs::read_dir(at.folder.path()).expect("the folder");
    let names: Vec<_> = left.map(|file| file.expect("a file").file_name()).collect();
    let is_of_backup = |name: &std::ffi::OsString| name.to_string_lossy().contains("b.gpkg");
    assert!(!names.iter().any(is_of_backup), "{names:?}");
}
