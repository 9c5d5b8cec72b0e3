//! What is the database's own: who may share it, what is refused, and what other programs see of it.

use std::sync::mpsc;
use std::time::{Duration, Instant};

use sitmap::domain::EventRecord;
use sitmap::store::{self, EventStore, Ingested, Location, PostGis, Report, StoreError};

use crate::cluster::{Cluster, client};
use crate::{TOWN, article, event, gdal, records, report};

pub(crate) fn address(given: &str) -> store::Address {
    store::Address::find(given).expect("an address")
}

fn open(given: &str) -> PostGis {
    PostGis::open(&address(given)).expect("a store")
}

/// Waits for whoever writes; that this program does, nobody says.
fn wait(store: &mut PostGis, time: Duration) -> Result<(), StoreError> {
    let (_wake, woken) = mpsc::sync_channel(1);
    store.wait(&woken, time)
}

fn count(given: &str, sql: &str) -> i64 {
    client(given).query_one(sql, &[]).expect("a count").get(0)
}

#[test]
fn two_handles_see_each_others_writes_and_are_told_of_them() {
    let Some(cluster) = Cluster::shared() else {
        return;
    };
    let at = cluster.database();
    let (mut one, mut other) = (open(&at), open(&at));
    let identity = one.identity().expect("an identity");
    assert_eq!(other.identity().expect("an identity"), identity);
    assert_ne!(
        open(&cluster.database()).identity().expect("an identity"),
        identity
    );
    // It begins to listen.
    wait(&mut other, Duration::ZERO).expect("listening");
    one.ingest("1", &[report("a", "x")]).expect("ingested");
    let long = Duration::from_secs(60);
    let start = Instant::now();
    wait(&mut other, long).expect("told");
    assert!(start.elapsed() < long / 2, "nobody told of the change");
    assert_eq!(other.edition().expect("an edition").version, 1);
    assert_eq!(records(&other), records(&one));
    let again = other.ingest("1", &[report("a", "x")]).expect("ingested");
    assert_eq!(again, [Ingested::Unchanged]);
    other.ingest("1", &[report("a", "y")]).expect("ingested");
    assert!(
        one.is_current("1", &article("a", "y"))
            .expect("is it current")
    );
    let edition = one.edition().expect("an edition");
    assert_eq!(other.edition().expect("an edition"), edition);
    let short = Duration::from_millis(50);
    // Of its own change it is told, too.
    wait(&mut other, long).expect("told");
    let start = Instant::now();
    wait(&mut other, short).expect("nothing told");
    assert!(start.elapsed() >= short, "told of no change");
}

#[test]
fn writers_at_the_same_time_come_one_after_the_other() {
    const WRITERS: usize = 4;
    const ARTICLES: usize = 10;
    let Some(cluster) = Cluster::shared() else {
        return;
    };
    let at = cluster.database();
    std::thread::scope(|scope| {
        for writer in 0..WRITERS {
            let at = &at;
            // All of them make the store at the same time.
            scope.spawn(move || {
                let mut store = open(at);
                for number in 0..ARTICLES {
                    let own = report(&format!("{writer}-{number}"), "x");
                    let shared = report("shared", &format!("{writer} {number}"));
                    store.ingest("1", &[own, shared]).expect("ingested");
                }
            });
        }
    });
    let store = open(&at);
    let changes = WRITERS * ARTICLES;
    assert_eq!(
        store.edition().expect("an edition").version,
        changes as u64,
        "each change has a version of its own"
    );
    let counts = store.counts().expect("counts");
    assert_eq!(counts.articles, changes as u64 + 1);
    assert_eq!(counts.events, 2 * (changes as u64 + 1));
    let versions = "SELECT count(DISTINCT version) FROM sitmap.articles";
    assert_eq!(count(&at, versions).unsigned_abs(), changes as u64);
}

#[test]
fn the_columns_are_the_fields_of_the_event_model_with_real_dates_and_geometries() {
    let Some(cluster) = Cluster::shared() else {
        return;
    };
    let at = cluster.database();
    open(&at);
    let mut client = client(&at);
    let columns = client.prepare("SELECT * FROM sitmap.events").expect("SQL");
    let columns: Vec<_> = columns.columns().iter().collect();
    let record = EventRecord::new(&event("a", 1, TOWN), &article("a", "x"));
    let json = serde_json::to_value(&record).expect("JSON");
    let fields = json.as_object().expect("an object").keys();
    let expected: Vec<_> = ["fid", "geom"]
        .into_iter()
        .chain(fields.map(String::as_str))
        .collect();
    let names: Vec<_> = columns.iter().map(|column| column.name()).collect();
    assert_eq!(names, expected);
    for column in columns {
        if ["start", "end"].contains(&column.name()) {
            assert_eq!(column.type_().name(), "date");
        }
    }
    let geometry = "SELECT count(*) FROM geometry_columns
        WHERE f_table_schema = 'sitmap' AND f_table_name = 'events' AND type = 'POINT' AND srid = 4326";
    assert_eq!(count(&at, geometry), 1);
    let index = "SELECT count(*) FROM pg_indexes WHERE tablename = 'events' AND indexdef LIKE '%gist (geom)%'";
    assert_eq!(count(&at, index), 1);
}

#[test]
fn a_schema_that_is_not_sitmaps_is_refused_and_not_touched() {
    let Some(cluster) = Cluster::shared() else {
        return;
    };
    let at = cluster.database();
    let refused = |make: &str| {
        client(&at).batch_execute(make).expect("SQL");
        let tables = "SELECT count(*) FROM pg_class WHERE relnamespace = 'sitmap'::regnamespace";
        let before = count(&at, tables);
        let error = PostGis::open(&address(&at)).expect_err("an error");
        assert_eq!(count(&at, tables), before, "tables were made");
        assert!(PostGis::open_to_read(&address(&at)).is_err());
        assert!(error.to_string().contains("/test"), "{error}");
        error
    };
    let error = refused("CREATE SCHEMA sitmap; CREATE TABLE sitmap.events (a int)");
    assert!(matches!(error, StoreError::NotOurSchema { .. }), "{error}");
    let error = refused("CREATE TABLE sitmap.state (a int); INSERT INTO sitmap.state VALUES (1)");
    assert!(matches!(error, StoreError::NotOurSchema { .. }), "{error}");
    let error = refused(
        "DROP TABLE sitmap.state; CREATE TABLE sitmap.state (schema int); INSERT INTO sitmap.state VALUES (99)",
    );
    assert!(
        matches!(error, StoreError::Newer { found: 99, .. }),
        "{error}"
    );
    // One that somebody made for us is taken.
    client(&at)
        .batch_execute("DROP SCHEMA sitmap CASCADE; CREATE SCHEMA sitmap")
        .expect("SQL");
    open(&at);
}

#[test]
fn what_is_only_read_is_neither_made_nor_written() {
    let Some(cluster) = Cluster::shared() else {
        return;
    };
    let at = cluster.database();
    let error = PostGis::open_to_read(&address(&at)).expect_err("an error");
    assert!(matches!(error, StoreError::Missing { .. }), "{error}");
    let schemas = "SELECT count(*) FROM pg_namespace WHERE nspname = 'sitmap'";
    assert_eq!(count(&at, schemas), 0);
    open(&at);
    let mut store = PostGis::open_to_read(&address(&at)).expect("a store");
    let error = store
        .ingest("1", &[report("a", "x")])
        .expect_err("an error");
    assert!(matches!(error, StoreError::ReadOnly { .. }), "{error}");
}

#[test]
fn a_writer_without_the_right_to_make_extensions_needs_none_where_there_is_one() {
    let Some(cluster) = Cluster::shared() else {
        return;
    };
    let at = cluster.database();
    client(&at)
        .batch_execute(
            "CREATE SCHEMA elsewhere; CREATE EXTENSION postgis SCHEMA elsewhere; CREATE ROLE plain LOGIN;
             GRANT USAGE ON SCHEMA elsewhere TO plain; CREATE SCHEMA sitmap AUTHORIZATION plain",
        )
        .expect("SQL");
    let mut store = open(&at.replace("postgres@", "plain@"));
    store.ingest("1", &[report("a", "x")]).expect("ingested");
    assert_eq!(records(&store)[0].point, TOWN);
}

#[test]
fn a_character_that_the_database_cannot_keep_is_replaced() {
    let Some(cluster) = Cluster::shared() else {
        return;
    };
    let mut store = open(&cluster.database());
    let mut odd = report("a\0", "x");
    odd.article.title = Some("A\0B".to_owned());
    odd.events[0].quote = "C\0D".to_owned();
    let ingest = |store: &mut PostGis, odd: &Report| {
        store
            .ingest("1", std::slice::from_ref(odd))
            .expect("ingested")[0]
    };
    assert_eq!(ingest(&mut store, &odd), Ingested::New);
    assert_eq!(ingest(&mut store, &odd), Ingested::Unchanged);
    let article = store.article("a\0").expect("read").expect("an article");
    assert_eq!(article.title.as_deref(), Some("A\u{fffd}B"));
    assert_eq!(records(&store)[0].quote, "C\u{fffd}D");
}

#[test]
fn a_row_that_somebody_damaged_is_named_and_a_column_that_somebody_added_is_not_minded() {
    let Some(cluster) = Cluster::shared() else {
        return;
    };
    let at = cluster.database();
    let mut store = open(&at);
    store.ingest("1", &[report("a", "x")]).expect("ingested");
    client(&at)
        .batch_execute("ALTER TABLE sitmap.events ADD COLUMN note jsonb DEFAULT '{}'")
        .expect("SQL");
    assert_eq!(records(&store).len(), 2);
    client(&at)
        .batch_execute(
            "UPDATE sitmap.events SET action = 'dance' WHERE id = 'a-1';
             UPDATE sitmap.events SET start = 'infinity' WHERE id = 'a-2'",
        )
        .expect("SQL");
    let errors: Vec<_> = store
        .events()
        .map(|event| event.expect_err("an error"))
        .collect();
    assert_eq!(errors.len(), 2);
    for (error, row) in errors.iter().zip(["event 1", "event 2"]) {
        assert!(matches!(error, StoreError::Damaged { .. }), "{error}");
        assert!(error.to_string().contains(row), "{error}");
    }
}

#[test]
fn a_database_that_is_away_is_said_to_be_away_without_a_password() {
    // Nothing listens there.
    let at = "postgres://me:secret@127.0.0.1:1/db?connect_timeout=2";
    let error = store::open(&Location::from(at)).err().expect("an error");
    assert!(matches!(error, StoreError::Away { .. }), "{error}");
    let told = format!("{error} {error:?}");
    assert!(told.contains("postgres://me@127.0.0.1:1/db"), "{told}");
    assert!(!told.contains("secret"), "{told}");
    let error = store::open(&Location::from("postgres://me:secret@h:port/db"));
    let error = error.err().expect("an error");
    assert!(matches!(error, StoreError::Address), "{error}");
    assert!(!format!("{error} {error:?}").contains("secret"));
}

#[test]
fn gdal_sees_points_with_real_dates() {
    let Some(cluster) = Cluster::shared() else {
        return;
    };
    let at = cluster.database();
    open(&at)
        .ingest("1", &[report("a", "x")])
        .expect("ingested");
    let Some(events) = gdal("ogrinfo", &["-ro", "-al", &cluster.for_gdal(&at), "events"]) else {
        return;
    };
    for line in [
        "Geometry: Point",
        "Feature Count: 2",
        "start: Date (0.0)",
        "  start (Date) = 2019/10/16",
        "  confidence (Real) = 1",
        "  POINT (39.01 35.95)",
        "ID[\"EPSG\",4326]]",
    ] {
        assert!(events.contains(line), "{line} is not in\n{events}");
    }
}

#[test]
fn nobody_else_writes_while_articles_are_taken_in() {
    let Some(cluster) = Cluster::shared() else {
        return;
    };
    let at = cluster.database();
    let mut store = open(&at);
    let mut refused = Vec::new();
    let mut reports = std::iter::once_with(|| {
        let asked = client(&at).batch_execute("SELECT version FROM sitmap.state FOR UPDATE NOWAIT");
        refused.push(asked.is_err());
        Ok(report("a", "x"))
    });
    store.ingest_all("1", &mut reports).expect("written");
    assert_eq!(refused, [true]);
}

#[test]
fn a_store_that_is_looked_through_tells_what_was_changed_behind_its_back() {
    let Some(cluster) = Cluster::shared() else {
        return;
    };
    let at = cluster.database();
    let reports = ["a", "b", "c", "d"].map(|id| report(id, "x"));
    open(&at).ingest("1", &reports).expect("ingested");
    client(&at)
        .batch_execute(
            "SET search_path = sitmap, public; SET session_replication_role = replica;
             UPDATE articles SET text = 'y' WHERE id = 'a';
             UPDATE articles SET published = 'once' WHERE id = 'b';
             UPDATE articles SET version = 9 WHERE id = 'c';
             DELETE FROM articles WHERE id = 'd';
             UPDATE events SET geom = 'SRID=4326;POINT(400 0)' WHERE id = 'a-1';
             DROP INDEX events_geom;",
        )
        .expect("changed");
    let mut said = Vec::new();
    let store = PostGis::open_to_read(&address(&at)).expect("a store");
    let mut found = |finding: store::Finding| said.push(finding.to_string());
    store.verify(&mut found).expect("looked through");
    for expected in [
        "article a: it is another than was written",
        "article row 2: ",
        "article c: it was written in version 9, after",
        "event d-1: its article d is not there",
        "index events_geom: it is missing",
    ] {
        let is_told = said.iter().any(|line| line.starts_with(expected));
        assert!(is_told, "{expected}: {said:#?}");
    }
    assert_eq!(said.len(), 6, "{said:#?}");
    let read: Result<Vec<_>, _> = store.events().collect();
    let error = read.expect_err("an error").to_string();
    assert!(
        error.contains("its position 400 0 is off the globe"),
        "{error}"
    );
}

#[test]
fn what_is_frozen_is_not_read_on_over_another_connection() {
    let Some(cluster) = Cluster::shared() else {
        return;
    };
    let at = cluster.database();
    open(&at)
        .ingest("1", &[report("a", "x")])
        .expect("ingested");
    let store = PostGis::open_to_read(&address(&at)).expect("a store");
    store.freeze().expect("frozen");
    client(&at)
        .batch_execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
             WHERE datname = current_database() AND pid <> pg_backend_pid()",
        )
        .expect("ended");
    for _ in 0..2 {
        let error = store.counts().expect_err("an error");
        assert!(matches!(error, StoreError::Away { .. }), "{error}");
    }
}
