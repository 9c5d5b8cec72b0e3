//! Stores of every schema that there was, opened by the program of today: they are brought up to date, nothing is lost,
//! and what is broken off leaves them as they were.

#[expect(dead_code, reason = "what runs a service is for other tests")]
mod program;

use std::fs;
use std::path::{Path, PathBuf};

use program::{example_articles, run};
use rusqlite::Connection;
use sitmap::domain::{Article, EventRecord};
use sitmap::store::{EventStore, GeoPackage, StoreError};
use tempfile::TempDir;

/// All schemas before the one of today, the oldest first, as they were made.
const SCHEMAS: [(i64, &str); 2] = [
    (1, include_str!("schemas/1.sql")),
    (2, include_str!("schemas/2.sql")),
];
/// The one of today.
const LATEST: i64 = 3;

struct Old {
    folder: TempDir,
    path: PathBuf,
    /// The same in a store of today.
    today: PathBuf,
}

/// A store of an old schema with the example articles, and one of today.
fn old(sql: &str) -> Old {
    let folder = tempfile::tempdir().expect("a folder");
    let articles = example_articles();
    let articles = articles.to_str().expect("a path of UTF-8");
    let ingested = run(
        &["ingest", "--store", "today.gpkg", articles],
        folder.path(),
    );
    assert_eq!(ingested.code, Some(0), "{ingested:#?}");
    let (path, today) = (
        folder.path().join("s.gpkg"),
        folder.path().join("today.gpkg"),
    );
    let connection = Connection::open(&path).expect("SQLite");
    connection.execute_batch(sql).expect("an old schema");
    connection
        .execute("ATTACH ?1 AS today", [today.to_string_lossy()])
        .expect("attached");
    for table in ["articles", "events"] {
        let columns = columns(&connection, table).join("\", \"");
        let copy = format!(
            "INSERT INTO main.{table} (\"{columns}\") SELECT \"{columns}\" FROM today.{table}"
        );
        connection.execute_batch(&copy).expect("copied");
    }
    connection
        .execute_batch(
            "UPDATE main.sitmap_state SET value = 7 WHERE key = 'version';
             UPDATE main.gpkg_contents SET (min_x, min_y, max_x, max_y) = (SELECT min_x, min_y, max_x, max_y
               FROM today.gpkg_contents WHERE table_name = 'events') WHERE table_name = 'events';",
        )
        .expect("as it would be");
    Old {
        folder,
        path,
        today,
    }
}

fn columns(connection: &Connection, table: &str) -> Vec<String> {
    let mut columns = Vec::new();
    connection
        .pragma(Some("main"), "table_info", table, |row| {
            columns.push(row.get(1)?);
            Ok(())
        })
        .expect("columns");
    columns
}

fn schema(path: &Path) -> i64 {
    let connection = Connection::open(path).expect("SQLite");
    let sql = "SELECT value FROM sitmap_state WHERE key = 'schema'";
    connection
        .query_row(sql, [], |row| row.get(0))
        .expect("a schema")
}

/// How what schema 3 brought is declared.
fn tables(path: &Path) -> Vec<String> {
    let connection = Connection::open(path).expect("SQLite");
    let sql = "SELECT sql FROM sqlite_master
               WHERE sql IS NOT NULL AND (name LIKE 'sitmap_tokens%' OR name = 'articles_version') ORDER BY name";
    let mut statement = connection.prepare(sql).expect("SQL");
    let rows = statement.query_map([], |row| row.get(0)).expect("rows");
    let texts = rows.collect::<Result<Vec<String>, _>>().expect("texts");
    assert!(texts.is_empty() || texts.len() == 3, "{texts:?}");
    texts
}

fn contents(store: &GeoPackage) -> (Vec<Article>, Vec<EventRecord>) {
    let articles = store.articles().collect::<Result<_, _>>();
    let events = store.events().collect::<Result<_, _>>();
    (articles.expect("articles"), events.expect("events"))
}

#[test]
fn the_schemas_before_this_ones_are_all_here() {
    let numbers: Vec<_> = SCHEMAS.iter().map(|(number, _)| *number).collect();
    assert_eq!(numbers, (1..LATEST).collect::<Vec<_>>());
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("s.gpkg");
    drop(GeoPackage::open(&path).expect("a store"));
    assert_eq!(
        schema(&path),
        LATEST,
        "a schema has come: keep the one before it here"
    );
}

#[test]
fn a_store_of_any_schema_is_brought_up_to_date_and_nothing_is_lost() {
    for (number, sql) in SCHEMAS {
        let at = old(sql);
        assert_eq!(schema(&at.path), number);
        let today = contents(&GeoPackage::open(&at.today).expect("a store"));
        // Who only reads changes nothing.
        let reader = GeoPackage::open_to_read(&at.path).expect("a store");
        assert_eq!(contents(&reader), today, "schema {number}");
        assert_eq!(reader.tokens().expect("tokens"), []);
        drop(reader);
        let verify = || run(&["verify", "--store", "s.gpkg"], at.folder.path());
        let verified = verify();
        assert_eq!(verified.code, Some(1), "{verified:#?}");
        let said = format!("s.gpkg has schema {number}, and this sitmap {LATEST}");
        assert!(verified.stderr.contains(&said), "{verified:#?}");
        assert_eq!(schema(&at.path), number);

        let store = GeoPackage::open(&at.path).expect("a store");
        assert_eq!(contents(&store), today, "schema {number}");
        assert_eq!(store.edition().expect("an edition").version, 7);
        store.identity().expect("a number");
        drop(store);
        assert_eq!(schema(&at.path), LATEST);
        assert_eq!(tables(&at.path), tables(&at.today), "schema {number}");
        let verified = verify();
        assert_eq!(verified.code, Some(0), "schema {number}: {verified:#?}");

        // It takes more in, and a service sees that.
        let articles = example_articles();
        let articles = articles.to_str().expect("a path of UTF-8");
        let ingested = run(&["ingest", "--store", "s.gpkg", articles], at.folder.path());
        assert!(
            ingested.stdout.contains(" 0 new, 0 replaced, "),
            "{ingested:#?}"
        );
    }
}

#[test]
fn a_backup_of_an_old_store_is_as_old_and_whole() {
    for (number, sql) in SCHEMAS {
        let at = old(sql);
        let backup = run(&["backup", "--store", "s.gpkg", "b.gpkg"], at.folder.path());
        assert_eq!(backup.code, Some(0), "{backup:#?}");
        let copy = at.folder.path().join("b.gpkg");
        assert_eq!(schema(&copy), number);
        let store = GeoPackage::open(&copy).expect("a store");
        let today = GeoPackage::open(&at.today).expect("a store");
        assert_eq!(contents(&store), contents(&today));
    }
}

#[test]
fn what_fails_half_way_leaves_the_old_store() {
    let at = old(SCHEMAS[0].1);
    // The number that is to be given is there: the change fails after it has added a column.
    let connection = Connection::open(&at.path).expect("SQLite");
    connection
        .execute_batch("INSERT INTO sitmap_state VALUES ('identity', 1)")
        .expect("changed");
    drop(connection);
    let before = fs::read(&at.path).expect("the file");
    let error = GeoPackage::open(&at.path).expect_err("an error");
    assert!(matches!(error, StoreError::Sql { .. }), "{error}");
    assert!(
        before == fs::read(&at.path).expect("the file"),
        "the file has changed"
    );
    assert_eq!(schema(&at.path), 1);
    let connection = Connection::open(&at.path).expect("SQLite");
    assert!(!columns(&connection, "articles").contains(&"version".to_owned()));
    connection
        .execute_batch("DELETE FROM sitmap_state WHERE key = 'identity'")
        .expect("mended");
    drop(connection);
    GeoPackage::open(&at.path).expect("brought up to date after all");
    assert_eq!(schema(&at.path), LATEST);
}

#[test]
fn a_process_that_dies_half_way_leaves_the_old_store() {
    let at = old(SCHEMAS[0].1);
    let copy = at.folder.path().join("dead.gpkg");
    let connection = Connection::open(&at.path).expect("SQLite");
    // As long as the transaction is open the file is as a power cut would leave it, with the journal that undoes it.
    connection
        .execute_batch(
            "PRAGMA cache_size = 1; BEGIN IMMEDIATE;
             ALTER TABLE articles ADD COLUMN version INTEGER NOT NULL DEFAULT 0;
             UPDATE articles SET text = 'x'; UPDATE events SET quote = 'x';",
        )
        .expect("half of it");
    fs::copy(&at.path, &copy).expect("a copy");
    let journal = |path: &Path| path.with_extension("gpkg-journal");
    fs::copy(journal(&at.path), journal(&copy)).expect("a copy of the journal");
    drop(connection);
    let store = GeoPackage::open(&copy).expect("a store");
    let today = GeoPackage::open(&at.today).expect("a store");
    assert_eq!(contents(&store), contents(&today));
    assert_eq!(schema(&copy), LATEST);
}
