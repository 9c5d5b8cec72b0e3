//! What the program says of input that is wrong: the file, line or parameter, on standard error; and the
//! rest of the work goes on.

mod program;

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use program::{Finished, Service, command, example_articles, run};
use tempfile::TempDir;

/// An article with one plain event, in the form of a JSON line.
const GOOD: &str = r#"{"id":"good","published":"2019-10-17","language":"fr","text":"L'armée syrienne est entrée mercredi dans la ville de Raqqa."}"#;

fn folder() -> TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

fn write(folder: &TempDir, name: &str, content: impl AsRef<[u8]>) {
    fs::write(folder.path().join(name), content).expect("a file written");
}

/// Extracts from `inputs`, as lines of JSON.
fn extract(folder: &TempDir, inputs: &[&str]) -> Finished {
    let arguments = [&["extract", "--format", "ndjson"], inputs].concat();
    run(&arguments, folder.path())
}

/// It ended with an error that says all of `parts`, and no panic.
fn assert_told(finished: &Finished, code: i32, parts: &[&str]) {
    assert_eq!(finished.code, Some(code), "{finished:#?}");
    assert!(!finished.stderr.contains("panicked"), "{finished:#?}");
    for part in parts {
        assert!(
            finished.stderr.contains(part),
            "{part:?} is not said: {finished:#?}"
        );
    }
}

/// The good article was read all the same.
fn assert_went_on(finished: &Finished) {
    let articles = finished
        .stdout
        .lines()
        .filter(|line| line.contains(r#""article":"good""#));
    assert_eq!(articles.count(), 1, "{finished:#?}");
}

#[test]
fn a_file_that_cannot_be_read_is_named_and_the_others_are_read() {
    let mut too_large = "La ville est calme. ".repeat(2_500_000).into_bytes();
    too_large.truncate(50_000_000);
    let cases: [(&str, &[u8], &str); 8] = [
        ("empty.txt", b"", "empty"),
        ("empty.jsonl", b"", "empty"),
        ("blank.txt", b" \n\n\t", "empty"),
        (
            "picture.txt",
            b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x01\0",
            "no text",
        ),
        ("report.pdf", b"%PDF-1.4\n1 0 obj\n", "a PDF"),
        ("page.html", b"<html><body><div><p></body", "no story"),
        (
            "feed.xml",
            b"<?xml version='1.0'?><rss><channel><item><title>",
            "feed",
        ),
        ("long.txt", &too_large, "MB"),
    ];
    for (name, content, problem) in cases {
        let folder = folder();
        write(&folder, name, content);
        write(&folder, "good.jsonl", GOOD);
        let finished = extract(&folder, &[name, "good.jsonl"]);
        assert_told(&finished, 1, &[name, problem]);
        assert_went_on(&finished);
    }
}

#[test]
fn a_line_that_cannot_be_read_is_named_and_the_others_are_read() {
    let long = format!(
        r#"{{"id": "{}", "text": "La ville est calme."}}"#,
        "é".repeat(513)
    );
    let cases = [
        (&*long, "its id is longer than 1024 bytes"),
        (r#"{"text": "La ville"#, "no article"),
        (r#"["text"]"#, "no article"),
        (r#"{"title": "La ville"}"#, "text"),
        (
            r#"{"text": "La ville est calme.", "published": "2019-13-45"}"#,
            "published",
        ),
        (
            r#"{"text": "La ville est calme.", "language": "xx"}"#,
            "\"xx\"",
        ),
        ("\u{0}\u{1}\u{2}", "lines.jsonl:2"),
    ];
    for (line, problem) in cases {
        let folder = folder();
        write(&folder, "lines.jsonl", format!("{GOOD}\n{line}\n"));
        let finished = extract(&folder, &["lines.jsonl"]);
        assert_told(&finished, 1, &["lines.jsonl:2", problem]);
        assert_went_on(&finished);
    }
}

#[test]
fn a_folder_that_does_not_exist_is_named_and_the_others_are_read() {
    let folder = folder();
    write(&folder, "good.jsonl", GOOD);
    let finished = extract(&folder, &["nowhere/articles", "good.jsonl"]);
    assert_told(&finished, 1, &["nowhere/articles"]);
    assert_went_on(&finished);
}

#[test]
fn ingestion_counts_what_failed_and_keeps_the_rest() {
    let folder = folder();
    write(&folder, "good.jsonl", GOOD);
    write(&folder, "empty.txt", "");
    let arguments = ["ingest", "--store", "store.gpkg", "empty.txt", "good.jsonl"];
    let finished = run(&arguments, folder.path());
    assert_told(&finished, 1, &["empty.txt"]);
    let exported = run(
        &["export", "--store", "store.gpkg", "--format", "ndjson"],
        folder.path(),
    );
    assert_eq!(exported.code, Some(0), "{exported:#?}");
    assert_went_on(&exported);
}

#[test]
fn a_wrong_argument_is_named_with_what_would_be_right() {
    let cases: [(&[&str], &[&str]); 7] = [
        (
            &["extract", "--published", "2019-13-45", "good.jsonl"],
            &["--published", "2019-13-45"],
        ),
        (
            &["extract", "--format", "yaml", "good.jsonl"],
            &["--format", "yaml", "geojson", "ndjson", "table"],
        ),
        (
            &["extract", "--what", "weather", "good.jsonl"],
            &["--what", "weather", "events", "toponyms"],
        ),
        (
            &["export", "--format", "yaml"],
            &["--format", "yaml", "geojson", "ndjson", "csv"],
        ),
        (
            &["serve", "--listen", "nowhere"],
            &["--listen", "nowhere", "127.0.0.1:8080"],
        ),
        (
            &["--store", "mine.gpkg", "export"],
            &["--store", "subcommand"],
        ),
        (&["extract", "--colour", "red"], &["--colour"]),
    ];
    let folder = folder();
    write(&folder, "good.jsonl", GOOD);
    for (arguments, parts) in cases {
        assert_told(&run(arguments, folder.path()), 2, parts);
    }
}

#[test]
fn a_port_in_use_is_named() {
    let folder = folder();
    let taken = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = taken.local_addr().expect("its address").to_string();
    let arguments = [
        "serve",
        "--no-examples",
        "--store",
        "store.gpkg",
        "--listen",
        &address,
    ];
    assert_told(&run(&arguments, folder.path()), 1, &[&address]);
}

#[test]
fn a_store_that_is_no_geopackage_is_named_and_left_as_it_was() {
    let folder = folder();
    write(&folder, "good.jsonl", GOOD);
    let notes = "Notes of mine, and no GeoPackage.\n".repeat(100);
    let ingest = ["ingest", "--store", "notes.gpkg", "good.jsonl"];
    let serve = [
        "serve",
        "--no-examples",
        "--listen",
        "127.0.0.1:0",
        "--store",
        "notes.gpkg",
    ];
    let export = ["export", "--store", "notes.gpkg"];
    for arguments in [&ingest[..], &serve, &export] {
        write(&folder, "notes.gpkg", &notes);
        assert_told(&run(arguments, folder.path()), 1, &["notes.gpkg"]);
        let after = fs::read_to_string(folder.path().join("notes.gpkg")).expect("still there");
        assert_eq!(
            after, notes,
            "{arguments:?} changed a file that is not its own"
        );
    }
}

#[test]
fn a_store_that_is_not_there_is_named_and_not_made() {
    let folder = folder();
    let finished = run(&["export", "--store", "none.gpkg"], folder.path());
    assert_told(&finished, 1, &["none.gpkg", "no store"]);
    assert!(!folder.path().join("none.gpkg").exists());
    write(&folder, "good.jsonl", GOOD);
    let ingest = ["ingest", "--store", "nowhere/new.gpkg", "good.jsonl"];
    assert_told(&run(&ingest, folder.path()), 1, &["nowhere/new.gpkg"]);
}

#[test]
fn an_export_does_not_overwrite_the_store_it_reads() {
    let folder = folder();
    write(&folder, "good.jsonl", GOOD);
    let ingest = ["ingest", "--store", "store.gpkg", "good.jsonl"];
    assert_eq!(run(&ingest, folder.path()).code, Some(0));
    let export = |output: &[&str]| {
        let arguments = [&["export", "--store", "store.gpkg"], output].concat();
        run(&arguments, folder.path())
    };
    for format in ["geojson", "csv", "gpkg"] {
        let finished = export(&["--format", format, "--output", "./store.gpkg"]);
        assert_told(&finished, 1, &["./store.gpkg"]);
    }
    assert_went_on(&export(&["--format", "ndjson"]));
}

#[test]
fn a_first_start_that_is_broken_off_leaves_no_half_of_the_examples() {
    let folder = folder();
    let store = folder.path().join("store.gpkg");
    let serve = ["serve", "--listen", "127.0.0.1:0", "--store", "store.gpkg"];
    let start = || {
        command(&serve, folder.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts")
    };
    let events = |store: &str| {
        let export = ["export", "--format", "ndjson", "--store", store];
        run(&export, folder.path()).stdout.lines().count()
    };
    let mut broken = start();
    while !store.exists() {
        assert_eq!(broken.try_wait().expect("its state"), None, "it ended");
        std::thread::sleep(Duration::from_millis(1));
    }
    broken.kill().expect("killed");
    broken.wait().expect("ended");

    let mut whole = start();
    let mut line = String::new();
    let output = whole.stdout.take().expect("its output");
    BufReader::new(output).read_line(&mut line).expect("a line");
    whole.kill().expect("killed");
    whole.wait().expect("ended");

    let ingest = ["ingest".as_ref(), "--store".as_ref(), "all.gpkg".as_ref()];
    let articles = example_articles();
    let ingested = run(
        &[&ingest[..], &[articles.as_os_str()]].concat(),
        folder.path(),
    );
    assert_eq!(ingested.code, Some(0), "{ingested:#?}");
    let held = events("store.gpkg");
    assert!(held > 0, "the second start brings the examples");
    assert_eq!(held, events("all.gpkg"));
}

#[test]
fn a_gazetteer_image_that_is_cut_off_is_named() {
    let image = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/gazetteer/bundled.sitgaz");
    let whole = fs::read(image).expect("the bundled image");
    let folder = folder();
    for length in [0, 7, 64, whole.len() / 2, whole.len() - 1] {
        write(&folder, "cut.sitgaz", &whole[..length]);
        write(&folder, "good.jsonl", GOOD);
        let arguments = ["extract", "--gazetteer", "cut.sitgaz", "good.jsonl"];
        assert_told(&run(&arguments, folder.path()), 1, &["cut.sitgaz"]);
    }
}

#[test]
fn a_wrong_query_parameter_is_answered_by_400_that_names_it() {
    let cases = [
        ("bbox=1,2,3", "bbox"),
        ("bbox=10,50,20,40", "bbox"),
        ("bbox=a,b,c,d", "bbox"),
        ("limit=-1", "limit"),
        ("limit=many", "limit"),
        ("datetime=2019-13-45", "datetime"),
        ("datetime=2020-01-01/2019-01-01", "datetime"),
        ("f=yaml", "f"),
        ("colour=red", "colour"),
    ];
    let service = Service::with_examples();
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .build()
        .into();
    for (query, parameter) in cases {
        let url = format!("{}/collections/events/items?{query}", service.url);
        let mut answer = agent.get(&url).call().expect("an answer");
        assert_eq!(answer.status(), 400, "{query}");
        let kind = answer.headers()["content-type"].to_str();
        assert_eq!(kind.ok(), Some("application/problem+json"), "{query}");
        let problem: serde_json::Value = answer.body_mut().read_json().expect("JSON");
        assert_eq!(problem["parameter"], parameter, "{query}: {problem}");
    }
    let url = format!("{}/collections/events/items?limit=1", service.url);
    let page: serde_json::Value = agent
        .get(&url)
        .call()
        .expect("an answer")
        .body_mut()
        .read_json()
        .expect("JSON");
    assert_eq!(
        page["numberMatched"],
        service.events().len(),
        "the service goes on"
    );
}
