//! `sitmap evaluate` through the real program, and held against the scorer that the gold came with.

#[expect(dead_code, reason = "what runs a service is for other tests")]
mod program;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use program::{command, run};
use serde_json::Value;
use tempfile::TempDir;

/// A file of the evaluation, which is beside the project and no part of it; `None`, and said to be missing, where
/// it is not there.
fn of_shared(name: &str) -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/eval");
    let folder = std::env::var_os("SITMAP_EVAL").map_or(beside, PathBuf::from);
    let path = folder.join(name);
    if !path.exists() {
        eprintln!(
            "skipped: no {}; SITMAP_EVAL names the folder with it",
            path.display()
        );
        return None;
    }
    Some(path)
}

fn python_is_there() -> bool {
    let there = Command::new("python3").arg("--version").output().is_ok();
    if !there {
        eprintln!("skipped: no python3");
    }
    there
}

fn folder() -> TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

/// What the scorer says of the events that the program gives.
fn scored(scorer: &Path, gold: &Path, events: &Path) -> Value {
    let output = Command::new("python3")
        .arg(scorer)
        .arg(gold)
        .arg(events)
        .arg("--json")
        .output()
        .expect("python3 starts");
    assert!(output.status.success(), "{output:?}");
    serde_json::from_slice(&output.stdout).expect("an object")
}

/// What the program says of them.
fn evaluated(gold: &Path, articles: &Path, folder: &Path) -> Value {
    let arguments = [
        "evaluate".as_ref(),
        "events".as_ref(),
        gold.as_os_str(),
        articles.as_os_str(),
        "--format".as_ref(),
        "json".as_ref(),
    ];
    let finished = run(&arguments, folder);
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    let report: Value = serde_json::from_str(&finished.stdout).expect("an object");
    report["overall"].clone()
}

fn assert_same(ours: &Value, theirs: &Value, of: &str) {
    let (ours, theirs) = (ours.as_object(), theirs.as_object());
    let (ours, theirs) = ours.zip(theirs).expect("two objects");
    let names = |object: &serde_json::Map<String, Value>| -> Vec<String> {
        object.keys().cloned().collect()
    };
    assert_eq!(names(ours), names(theirs));
    for (name, value) in ours {
        let (a, b) = (value.as_f64(), theirs[name].as_f64());
        let (a, b) = a.zip(b).expect("numbers");
        assert!(
            (a - b).abs() < 1e-12,
            "{of}: {name} is {a}, and {b} by the scorer"
        );
    }
}

/// The gold with each event's date, status, actor and radius taken from the one so many further on in its article:
/// what the scorer does with answers that are mostly wrong.
fn displaced(gold: &str, by: usize) -> String {
    let lines = gold.lines().map(|line| {
        let mut article: Value = serde_json::from_str(line).expect("a record");
        let events = article["events"].as_array_mut().expect("events");
        let from = events.clone();
        for (index, event) in events.iter_mut().enumerate() {
            let other = &from[(index + by) % from.len()];
            for name in ["date", "status", "actor", "radius_km"] {
                event[name] = other[name].clone();
            }
            event["must"] = Value::Bool(index % 3 != 0);
            event["alt_action"] = Value::Array(vec![other["action"].clone()]);
        }
        article.to_string() + "\n"
    });
    lines.collect()
}

#[test]
fn the_figures_are_those_of_the_scorer() {
    let Some(scorer) = of_shared("score.py").filter(|_| python_is_there()) else {
        return;
    };
    for (gold, articles) in [
        ("dev/gold.jsonl", "dev/articles.jsonl"),
        ("seeds.gold.jsonl", "seeds.articles.jsonl"),
    ] {
        let Some((gold, articles)) = of_shared(gold).zip(of_shared(articles)) else {
            continue;
        };
        let folder = folder();
        let arguments = [
            "extract".as_ref(),
            "--format".as_ref(),
            "ndjson".as_ref(),
            articles.as_os_str(),
        ];
        let extracted = command(&arguments, folder.path())
            .output()
            .expect("the program starts");
        let events = folder.path().join("events.ndjson");
        fs::write(&events, extracted.stdout).expect("a file written");
        let text = fs::read_to_string(&gold).expect("the gold");
        for by in 0..3 {
            let gold = match by {
                0 => gold.clone(),
                by => {
                    let path = folder.path().join(format!("gold-{by}.jsonl"));
                    fs::write(&path, displaced(&text, by)).expect("a file written");
                    path
                }
            };
            let theirs = scored(&scorer, &gold, &events);
            let ours = evaluated(&gold, &articles, folder.path());
            assert_same(&ours, &theirs, &gold.display().to_string());
        }
    }
}

const GOLD: &str = r#"{"article":"a","lang":"en","events":[{"action":"capture","status":"occurred","place":"Palmyra","lat":34.56,"lon":38.28,"date":"2019-10-16","actor":"Syrian army","quote":"captured Palmyra","must":true}]}"#;
const ARTICLE: &str = r#"{"id":"a","published":"2019-10-17","language":"en","text":"The Syrian army captured Palmyra on Wednesday."}"#;

fn events(folder: &TempDir, gold: &str, articles: &str, more: &[&str]) -> program::Finished {
    for (name, content) in [("gold.jsonl", gold), ("articles.jsonl", articles)] {
        fs::write(folder.path().join(name), content).expect("a file written");
    }
    let arguments = ["evaluate", "events", "gold.jsonl", "articles.jsonl"];
    run(&[&arguments, more].concat(), folder.path())
}

#[test]
fn an_event_that_was_read_right_is_in_table_and_json() {
    let folder = folder();
    let table = events(&folder, GOLD, ARTICLE, &["--errors", "5"]);
    assert_eq!(table.code, Some(0), "{table:#?}");
    let all = table.stdout.lines().find(|line| line.starts_with("all"));
    let all: Vec<&str> = all.expect("a row").split_whitespace().collect();
    assert_eq!(all[1..4], ["1.000"; 3], "{table:#?}");
    assert!(!table.stdout.contains("missed"), "{table:#?}");
    let json = events(&folder, GOLD, ARTICLE, &["--format", "json"]);
    let report: Value = serde_json::from_str(&json.stdout).expect("an object");
    assert_eq!(report["languages"]["en"]["strict_f1"], 1.0);
    assert_eq!(report["actions"]["capture"]["gold_events"], 1);
    assert_eq!(report["confusion"]["capture"]["capture"], 1);
    assert_eq!(report["calibration"]["bins"][0]["events"], 1);
}

#[test]
fn an_event_that_was_missed_is_shown_with_its_article_and_quote() {
    let folder = folder();
    let elsewhere = GOLD.replace("34.56", "33.56");
    let told = events(&folder, &elsewhere, ARTICLE, &["--errors", "5"]);
    for part in [
        "missed:",
        "a | capture | Palmyra | 2019-10-16",
        "captured Palmyra",
        "wrong:",
        "en.capture",
    ] {
        assert!(told.stdout.contains(part), "{part}: {told:#?}");
    }
    let none = events(&folder, &elsewhere, ARTICLE, &[]);
    assert!(!none.stdout.contains("missed:"), "{none:#?}");
}

#[test]
fn what_is_wrong_with_gold_or_articles_is_said_with_file_and_line() {
    for (gold, articles, parts) in [
        (
            &format!("{GOLD}\n{{\"article\":")[..],
            ARTICLE,
            &["gold.jsonl", "line 2", "no gold record"][..],
        ),
        (
            GOLD,
            "{\"id\":\"a\",\"text\":",
            &["articles.jsonl:1", "no article"],
        ),
        (
            GOLD,
            &ARTICLE.replace("\"a\"", "\"b\""),
            &[
                "gold.jsonl",
                "articles.jsonl",
                "line 1",
                "no article has the id \"a\"",
            ],
        ),
        (
            GOLD,
            &format!("{ARTICLE}\n{ARTICLE}"),
            &["more than one article has the id \"a\""],
        ),
    ] {
        let folder = folder();
        let told = events(&folder, gold, articles, &[]);
        assert_eq!(told.code, Some(1), "{told:#?}");
        assert!(!told.stderr.contains("panicked"), "{told:#?}");
        for part in parts {
            assert!(told.stderr.contains(part), "{part}: {told:#?}");
        }
    }
}

#[test]
fn verbs_and_locations_are_read_packed_or_not_and_errors_named() {
    let folder = folder();
    let text = "Rebels captured Palmyra on Monday.";
    let line = format!(
        r#"{{"text":"{text}","spans":[{{"start":7,"end":15,"label":"VERB"}},{{"start":16,"end":23,"label":"LOCATION"}}]}}"#
    );
    fs::write(folder.path().join("plain.jsonl"), &line).expect("a file written");
    let plain = run(&["evaluate", "locations", "plain.jsonl"], folder.path());
    assert_eq!(plain.code, Some(0), "{plain:#?}");
    assert!(plain.stdout.contains("sentences: 1;"), "{plain:#?}");
    let file = fs::File::create(folder.path().join("packed.jsonl.gz")).expect("a file");
    let mut packed = flate2::write::GzEncoder::new(file, flate2::Compression::fast());
    std::io::Write::write_all(&mut packed, line.as_bytes()).expect("it is written");
    packed.finish().expect("it is written");
    let unpacked = run(&["evaluate", "locations", "packed.jsonl.gz"], folder.path());
    assert_eq!(unpacked.stdout, plain.stdout);
    fs::write(folder.path().join("bad.jsonl"), format!("{line}\n{{}}")).expect("a file written");
    let bad = run(&["evaluate", "locations", "bad.jsonl"], folder.path());
    assert_eq!(bad.code, Some(1), "{bad:#?}");
    for part in ["bad.jsonl", "line 2", "missing field `text`"] {
        assert!(bad.stderr.contains(part), "{bad:#?}");
    }
}
