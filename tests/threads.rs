//! `extract` and `ingest` with several threads: nothing but the time tells how many there were.

#[expect(dead_code, reason = "what runs a service is for other tests")]
mod program;

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use program::{Finished, command, example_articles, run};
use tempfile::TempDir;

/// How long the program may take on a busy machine with a debug build.
const PATIENCE: Duration = Duration::from_secs(60);

fn folder() -> TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

/// A JSON line with one plain event.
fn line(id: &str, town: &str) -> String {
    format!(
        r#"{{"id":"{id}","published":"2019-10-17","language":"fr","text":"L'armée syrienne est entrée mercredi dans la ville de {town}."}}"#
    )
}

/// The example articles, and lines of which some are no articles and some come twice.
fn write_inputs(folder: &Path) {
    let towns = ["Raqqa", "Manbij", "Kobané"];
    let lines: String = (0..90)
        .map(|number| match number % 10 {
            3 => "{\"text\": \n".to_owned(),
            7 => "\n".to_owned(),
            _ => line(&format!("a{}", number % 60), towns[number % 3]) + "\n",
        })
        .collect();
    fs::write(folder.join("lines.jsonl"), lines).expect("a file written");
    fs::write(folder.join("empty.txt"), "").expect("a file written");
}

/// A command over all inputs, with so many threads.
fn read(folder: &Path, threads: &str, arguments: &[&str]) -> Finished {
    let examples = example_articles();
    let inputs = [
        "empty.txt",
        examples.to_str().expect("a path of UTF-8"),
        "lines.jsonl",
        "--threads",
        threads,
    ];
    let finished = run(&[arguments, &inputs].concat(), folder);
    assert_eq!(finished.code, Some(1), "{finished:#?}");
    finished
}

/// The events of a store, as lines.
fn events(folder: &Path, store: &str) -> String {
    let arguments = ["export", "--format", "ndjson", "--store", store];
    let exported = run(&arguments, folder);
    assert_eq!(exported.code, Some(0), "{exported:#?}");
    exported.stdout
}

#[test]
fn what_is_extracted_and_what_is_said_are_the_same_with_any_number_of_threads() {
    let folder = folder();
    write_inputs(folder.path());
    for what in ["events", "toponyms"] {
        let arguments = ["extract", "--what", what];
        let one = read(folder.path(), "1", &arguments);
        assert_eq!(one.stderr.lines().count(), 10, "{}", one.stderr);
        assert!(one.stdout.contains("Kobané"), "{}", one.stdout);
        for threads in ["2", "7"] {
            let several = read(folder.path(), threads, &arguments);
            assert!(
                one.stdout == several.stdout,
                "{what} with {threads} threads"
            );
            assert_eq!(one.stderr, several.stderr, "{what} with {threads} threads");
        }
    }
}

#[test]
fn a_store_is_the_same_with_any_number_of_threads() {
    let folder = folder();
    write_inputs(folder.path());
    let ingest = |threads: &str| {
        let store = format!("{threads}.gpkg");
        let finished = read(folder.path(), threads, &["ingest", "--store", &store]);
        let said = finished.stdout.replace(&store, "");
        (said, finished.stderr, events(folder.path(), &store))
    };
    let one = ingest("1");
    assert!(one.0.contains("10 failed"), "{}", one.0);
    for threads in ["2", "7"] {
        assert!(one == ingest(threads), "{threads} threads");
    }
}

#[test]
fn what_is_in_the_store_or_comes_twice_is_unchanged() {
    let folder = folder();
    let lines = [line("a", "Raqqa"), line("b", "Manbij"), line("a", "Raqqa")].join("\n");
    fs::write(folder.path().join("lines.jsonl"), lines).expect("a file written");
    for said in [
        "3 articles read: 2 new, 0 replaced, 1 unchanged, 0 failed; 2 events",
        "3 articles read: 0 new, 0 replaced, 3 unchanged, 0 failed; 0 events",
    ] {
        let arguments = ["ingest", "--store", "s.gpkg", "lines.jsonl"];
        let finished = run(
            &[&arguments[..], &["--threads", "3"]].concat(),
            folder.path(),
        );
        assert!(finished.stdout.starts_with(said), "{finished:#?}");
    }
}

#[test]
fn of_several_contents_under_one_id_the_last_counts() {
    let folder = folder();
    let raqqa = line("a", "Raqqa");
    let other = [line("a", "Manbij"), raqqa.clone()].join("\n");
    fs::write(folder.path().join("first.jsonl"), raqqa).expect("a file written");
    fs::write(folder.path().join("second.jsonl"), other).expect("a file written");
    for input in ["first.jsonl", "second.jsonl"] {
        let arguments = ["ingest", "--store", "s.gpkg", "--threads", "2", input];
        let finished = run(&arguments, folder.path());
        assert_eq!(finished.code, Some(0), "{finished:#?}");
    }
    let events = events(folder.path(), "s.gpkg");
    assert_eq!(events.lines().count(), 1, "{events}");
    assert!(events.contains("Raqqa"), "{events}");
}

#[test]
fn an_article_is_in_the_store_while_the_next_one_is_waited_for() {
    let folder = folder();
    let arguments = ["ingest", "--store", "s.gpkg", "-", "--threads", "2"];
    let mut child = command(&arguments, folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .expect("the program starts");
    let mut stdin = child.stdin.take().expect("its standard input");
    writeln!(stdin, "{}", line("a", "Raqqa")).expect("written");
    let start = Instant::now();
    // The store itself is made by the program, some time after its start.
    while !folder.path().join("s.gpkg").exists() || !seen(folder.path()) {
        assert!(start.elapsed() < PATIENCE, "it is not there");
        std::thread::sleep(Duration::from_millis(100));
    }
    drop(stdin);
    assert!(child.wait().expect("it ends").success());
}

fn seen(folder: &Path) -> bool {
    let arguments = ["export", "--format", "ndjson", "--store", "s.gpkg"];
    run(&arguments, folder).stdout.contains("Raqqa")
}

#[test]
fn extraction_ends_when_nobody_reads_on() {
    let folder = folder();
    let arguments = ["extract", "-", "--format", "ndjson", "--threads", "3"];
    let mut child = command(&arguments, folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut stdin = child.stdin.take().expect("its standard input");
    let endless = std::thread::spawn(move || {
        let line = line("a", "Raqqa");
        while writeln!(stdin, "{line}").is_ok() {}
    });
    let mut first = String::new();
    // What it is dropped with closes the pipe.
    BufReader::new(child.stdout.take().expect("its standard output"))
        .read_line(&mut first)
        .expect("a line");
    assert!(first.contains("Raqqa"), "{first}");
    let start = Instant::now();
    loop {
        if let Some(status) = child.try_wait().expect("its status") {
            assert!(status.success(), "{status}");
            break;
        }
        if start.elapsed() > PATIENCE {
            child.kill().ok();
            panic!("it reads on");
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    endless.join().expect("no panic");
}

#[test]
fn no_threads_at_all_are_refused() {
    for command in ["extract", "ingest"] {
        let finished = run(&[command, "x.txt", "--threads", "0"], folder().path());
        assert_eq!(finished.code, Some(2), "{finished:#?}");
        let said = "'0' for '--threads <N>': 0 is not in 1..=1024";
        assert!(finished.stderr.contains(said), "{finished:#?}");
    }
}

#[test]
fn a_store_is_whole_in_its_file_when_ingest_has_ended() {
    let folder = folder();
    fs::write(folder.path().join("a.jsonl"), line("a", "Raqqa")).expect("a file written");
    for threads in ["1", "2"] {
        let arguments = [
            "ingest",
            "--threads",
            threads,
            "--store",
            "s.gpkg",
            "a.jsonl",
        ];
        let ingested = run(&arguments, folder.path());
        assert_eq!(ingested.code, Some(0), "{ingested:#?}");
        // As somebody does who takes the file along, and knows of no other beside it.
        fs::copy(
            folder.path().join("s.gpkg"),
            folder.path().join("copy.gpkg"),
        )
        .expect("a copy");
        assert_eq!(
            events(folder.path(), "copy.gpkg"),
            events(folder.path(), "s.gpkg")
        );
        assert!(events(folder.path(), "copy.gpkg").contains("Raqqa"));
        fs::remove_file(folder.path().join("s.gpkg")).expect("a store removed");
    }
}
