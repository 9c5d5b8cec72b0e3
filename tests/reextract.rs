//! `sitmap reextract`: all articles of a store read anew, and what changes told.

#[expect(dead_code, reason = "what runs a service is for other tests")]
mod program;

use std::fs;
use std::path::{Path, PathBuf};

use program::{Finished, example_articles, run};
use rusqlite::Connection;
use serde_json::Value;
use tempfile::TempDir;

/// The version of rules that are none of today's.
const OLD: &str = "0.0.1-0123456789abcdef";

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
    fn run(&self, arguments: &[&str]) -> Finished {
        run(arguments, self.folder.path())
    }

    /// Reads anew, which must succeed.
    fn reextract(&self, arguments: &[&str]) -> Finished {
        let finished = self.run(&[&["reextract", "--store", "s.gpkg"], arguments].concat());
        assert_eq!(finished.code, Some(0), "{finished:#?}");
        finished
    }

    fn sql(&self, sql: &str) -> String {
        let connection = Connection::open(&self.store).expect("SQLite");
        connection.execute_batch(sql).expect("changed");
        let of = "SELECT value FROM sitmap_state WHERE key = 'version'";
        let version: i64 = connection.query_row(of, [], |row| row.get(0)).expect("one");
        version.to_string()
    }

    fn number(&self, sql: &str) -> i64 {
        let connection = Connection::open(&self.store).expect("SQLite");
        connection
            .query_row(sql, [], |row| row.get(0))
            .expect("a number")
    }

    fn events(&self) -> String {
        let exported = self.run(&["export", "--format", "ndjson", "--store", "s.gpkg"]);
        assert_eq!(exported.code, Some(0), "{exported:#?}");
        exported.stdout
    }
}

fn objects(text: &str) -> Vec<Value> {
    let lines = text.lines();
    lines
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect()
}

#[test]
fn the_same_rules_give_the_same_events_with_the_same_ids() {
    let at = examples();
    let before = at.events();
    let version = at.sql("");
    let finished = at.reextract(&[]);
    assert!(
        finished
            .stdout
            .starts_with("0 articles read anew, 0 of them"),
        "{finished:#?}"
    );
    assert_eq!(at.sql(""), version, "nothing was written");
    for threads in ["1", "3"] {
        let finished = at.reextract(&["--all", "--threads", threads]);
        assert!(
            finished
                .stdout
                .contains("0 events added, 0 gone, 0 changed, "),
            "{finished:#?}"
        );
        assert!(before == at.events(), "events are others than before");
    }
}

#[test]
fn what_is_added_gone_and_changed_is_told_and_written_at_once() {
    let at = examples();
    let events = at.events();
    let articles = at.number("SELECT count(*) FROM articles");
    // What the rules of yesterday have read.
    at.sql(&format!(
        "UPDATE articles SET rules = '{OLD}';
         DELETE FROM events WHERE fid = 1;
         UPDATE events SET confidence = 0.1, counterpart = 'Somebody' WHERE fid = 2;
         UPDATE events SET id = 'read-otherwise', status = 'denied' WHERE fid = 3;
         INSERT INTO events (id, article, action, status, geo_precision, date_precision, date_basis, confidence, quote,
           quote_start, quote_end, rule)
         SELECT 'misread', id, 'siege', 'planned', 1, 'unknown', 'none', 0.5, substr(text, 1, 1), 0, 1, 'r'
         FROM articles ORDER BY fid DESC LIMIT 1;"
    ));
    let old = at.events();
    let told = at.reextract(&["--dry-run", "--format", "json", "--diff", "diff.jsonl"]);
    assert!(at.events() == old, "a dry run has written");
    let diff = fs::read_to_string(at.folder.path().join("diff.jsonl")).expect("a file");
    assert_eq!(diff, told.stdout);
    let lines = objects(&diff);
    let of = |change: &str| {
        let of_kind = lines.iter().filter(|line| line["change"] == change);
        of_kind.collect::<Vec<_>>()
    };
    assert_eq!(of("added").len(), 1, "{diff}");
    assert!(
        events
            .lines()
            .next()
            .expect("one")
            .contains(of("added")[0]["id"].as_str().expect("an id"))
    );
    assert_eq!(of("gone").len(), 1, "{diff}");
    assert_eq!(of("gone")[0]["id"], "misread");
    let changed = of("changed");
    assert_eq!(changed.len(), 2, "{diff}");
    assert_eq!(changed[0]["fields"]["confidence"][0], 0.1);
    assert_eq!(changed[0]["fields"]["counterpart"][0], "Somebody");
    assert_eq!(changed[0]["id"], changed[0]["before"]);
    assert_eq!(changed[1]["before"], "read-otherwise");
    assert_eq!(changed[1]["fields"]["status"][0], "denied");
    let total = &lines.last().expect("totals")["total"];
    assert_eq!(total["articles"]["read"], articles);
    assert_eq!(total["events"]["changed"], 2);
    assert_eq!(total["fields"]["status"], 1);
    assert_eq!(total["written"], false);

    let told = at.reextract(&[]).stdout;
    for line in [
        "  + ",
        "  - undated siege planned",
        "status denied → ",
        "1 events added, 1 gone, 2 changed, ",
        "changed fields: confidence 1, counterpart 1, id 1, status 1\ns.gpkg: written\n",
    ] {
        assert!(told.contains(line), "{line} is not in\n{told}");
    }
    assert!(at.events() == events, "events are others than ingest's");
    let verified = at.run(&["verify", "--store", "s.gpkg"]);
    assert_eq!(verified.code, Some(0), "{verified:#?}");
    let again = at.reextract(&[]).stdout;
    assert!(again.starts_with("0 articles read anew"), "{again}");
}

/// The language packs but for one.
fn packs_without(code: &str, to: &Path) {
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/languages");
    copy_folder(&from, to);
    fs::remove_dir_all(to.join(code)).expect("removed");
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for file in fs::read_dir(from).expect("a folder") {
        let path = file.expect("a file").path();
        let to = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            copy_folder(&path, &to);
        } else {
            fs::copy(&path, &to).expect("copied");
        }
    }
}

#[test]
fn rules_of_ones_own_are_read_by() {
    let at = examples();
    let of = "SELECT count(*) FROM events WHERE language";
    let (french, others) = (
        at.number(&format!("{of} = 'fr'")),
        at.number(&format!("{of} != 'fr'")),
    );
    assert!(french > 0 && others > 0);
    packs_without("fr", &at.folder.path().join("packs"));
    let told = at
        .reextract(&["--languages", "packs", "--format", "json"])
        .stdout;
    let total = &objects(&told).pop().expect("totals")["total"];
    assert_eq!(total["events"]["gone"], french, "{total}");
    assert_eq!(at.number(&format!("{of} = 'fr'")), 0);
    assert_eq!(at.number("SELECT count(*) FROM events"), others);
}

#[test]
fn events_that_others_coded_are_left_alone() {
    let at = examples();
    at.sql("UPDATE articles SET rules = 'ucdp-ged 1'; UPDATE events SET actor = 'Coded';");
    let before = at.events();
    let told = at.reextract(&["--all"]).stdout;
    assert!(told.starts_with("0 articles read anew"), "{told}");
    assert!(!told.contains(" 0 were not read by rules"), "{told}");
    assert!(at.events() == before, "coded events were replaced");
}

#[test]
fn what_fails_in_the_middle_leaves_all_as_it_was() {
    let at = examples();
    at.sql(&format!(
        "UPDATE articles SET rules = '{OLD}'; UPDATE events SET actor = 'Old';
         UPDATE articles SET published = 'mardi' WHERE fid = (SELECT max(fid) FROM articles);"
    ));
    let before = at.events();
    let finished = at.run(&["reextract", "--store", "s.gpkg"]);
    assert_eq!(finished.code, Some(1), "{finished:#?}");
    assert!(
        finished.stderr.contains("nothing was written"),
        "{finished:#?}"
    );
    assert!(
        finished.stderr.contains("\"mardi\" is no date"),
        "{finished:#?}"
    );
    assert!(at.events() == before, "some was written");

    // And a change that cannot be told.
    at.sql("UPDATE articles SET published = NULL WHERE published = 'mardi';");
    if Path::new("/dev/full").exists() {
        let full = ["reextract", "--store", "s.gpkg", "--diff", "/dev/full"];
        let finished = at.run(&full);
        assert_eq!(finished.code, Some(1), "{finished:#?}");
        assert!(finished.stderr.contains("/dev/full"), "{finished:#?}");
    }
}

#[test]
fn a_store_that_is_not_there_is_not_made_and_none_is_overwritten() {
    let at = examples();
    let finished = at.run(&["reextract", "--store", "none.gpkg"]);
    assert_eq!(finished.code, Some(1), "{finished:#?}");
    assert!(!at.folder.path().join("none.gpkg").exists());
    let finished = at.run(&["reextract", "--store", "s.gpkg", "--diff", "./s.gpkg"]);
    assert_eq!(finished.code, Some(1), "{finished:#?}");
    assert!(
        finished.stderr.contains("is the store itself"),
        "{finished:#?}"
    );
    assert!(!at.events().is_empty());
}

#[test]
fn another_program_that_writes_is_told_and_nothing_is_lost() {
    let at = examples();
    at.sql(&format!("UPDATE articles SET rules = '{OLD}';"));
    let before = at.events();
    let other = Connection::open(&at.store).expect("SQLite");
    other
        .execute_batch("BEGIN IMMEDIATE")
        .expect("a transaction");
    let finished = at.run(&["reextract", "--store", "s.gpkg"]);
    assert_eq!(finished.code, Some(1), "{finished:#?}");
    assert!(
        finished.stderr.contains("s.gpkg is locked"),
        "{finished:#?}"
    );
    // Others read, and it does that too.
    assert_eq!(at.reextract(&["--dry-run"]).code, Some(0));
    other.execute_batch("ROLLBACK").expect("ended");
    assert!(at.events() == before);
}
