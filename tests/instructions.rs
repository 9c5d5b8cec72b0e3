//! What the functions that are called most cost, in instructions: unlike times, these are the same on a busy machine.
//!
//! The test starts itself under Callgrind, which counts between entering and leaving the functions named `counted_…`
//! here. What they took is compared with `tests/instructions.tsv`; `SITMAP_COUNT=write` writes that file anew, for a
//! change that is meant.

mod tools;

use std::fmt::Write as _;
use std::hint::black_box;
use std::io::Write as _;
use std::process::Command;

use sitmap::article::{self, Input, ReadOptions};
use sitmap::domain::{Article, EventRecord, Point};
use sitmap::index::{Index, Query};
use sitmap::pipeline::Extractor;
use sitmap::text::fold;
use tools::available;

/// How far a count may be from the one that was noted.
const TOLERANCE: f64 = 0.05;
/// What a child is told to do.
const CHILD: &str = "SITMAP_COUNTED";
const NOTED: &str = "tests/instructions.tsv";

const TEXT: &str = "Forces withdrew from Al-Bāb and Tall Rif‘at (Алеппо) on Wednesday, the governor's office said.";

#[inline(never)]
fn counted_fold(texts: &[&str]) -> usize {
    texts.iter().map(|text| fold(text).len()).sum()
}

#[inline(never)]
fn counted_box(index: &Index, query: &Query) -> usize {
    let snapshot = index.snapshot();
    let page = snapshot.events.query(query);
    let mut body = Vec::with_capacity(page.slots.len() * 1_000);
    for &slot in &page.slots {
        snapshot.write_event(&mut body, snapshot.events.row(slot), None);
    }
    body.len()
}

#[inline(never)]
fn counted_extraction(extractor: &Extractor, article: &Article) -> usize {
    extractor.extract(article).events.len()
}

/// Ten thousand events on a lattice of a degree's hundredths.
fn index() -> Index {
    let template = serde_json::json!({
        "id": "", "article": "", "action": "clash", "status": "occurred", "actor": "Syrian Army", "country": "SY",
        "geo_precision": 1, "radius_km": 2.0, "date": "2019-10-16", "start": "2019-10-16", "end": "2019-10-16",
        "date_precision": "day", "date_basis": "explicit", "confidence": 0.5, "quote": "", "quote_start": 0,
        "quote_end": 53, "rule": "made", "language": "en",
    });
    let template: EventRecord = serde_json::from_value(template).expect("a record");
    let event = |n: u32| EventRecord {
        id: format!("e{n}"),
        article: format!("a{}", n / 4),
        place: Some(format!("Place {}", n % 500)),
        quote: format!("Column {n} left the town before dawn, witnesses said."),
        point: Some(Point {
            lon: f64::from(n % 100) / 100.0,
            lat: f64::from(n / 100) / 100.0,
        }),
        ..template.clone()
    };
    Index::build(vec![], (0..10_000).map(event).collect())
}

/// Does what is to be counted.
fn child(what: &str) {
    match what {
        "fold" => {
            black_box(counted_fold(black_box(&[TEXT; 100])));
        }
        "box" => {
            let query = Query {
                bbox: Some("0.2,0.2,0.295,0.295".parse().expect("a box")),
                limit: 100,
                ..Query::default()
            };
            let length = black_box(counted_box(&index(), &query));
            assert!(length > 50_000, "a hundred features");
        }
        "extraction" => {
            let extractor = Extractor::bundled().expect("an extractor");
            let articles = [Input::Path("data/articles/syria.jsonl".into())];
            let options = ReadOptions::default();
            let article = article::read(&articles, &options, &extractor.languages)
                .next()
                .expect("an article")
                .expect("one that can be read");
            // The first time fills what is made once.
            extractor.extract(&article);
            let events = black_box(counted_extraction(&extractor, &article));
            assert!(events > 0);
        }
        other => panic!("nothing is called {other}"),
    }
}

/// How many instructions a child takes in its counted function.
fn count(what: &str) -> u64 {
    let folder = tempfile::tempdir().expect("a folder");
    let output = folder.path().join("counts");
    let this = std::env::current_exe().expect("this program");
    let run = Command::new("valgrind")
        .args(["--tool=callgrind", "--collect-atstart=no"])
        .arg(format!("--toggle-collect=*counted_{what}*"))
        .arg(format!("--callgrind-out-file={}", output.display()))
        .arg(this)
        .args(["--exact", "what_is_called_most_takes_no_more_than_it_did"])
        .env(CHILD, what)
        .output()
        .expect("valgrind starts");
    let said = String::from_utf8_lossy(&run.stderr);
    assert!(run.status.success(), "{said}");
    let counts = std::fs::read_to_string(&output).expect("counts");
    let total = counts
        .lines()
        .find_map(|line| line.strip_prefix("totals: "));
    total.and_then(|total| total.parse().ok()).expect("a total")
}

/// The compiler that this was built by, by the name that it has for itself.
fn compiler() -> String {
    let version = Command::new("rustc").arg("--version").output();
    version.map_or_else(
        |_| "unknown".to_owned(),
        |output| String::from_utf8_lossy(&output.stdout).trim().to_owned(),
    )
}

#[test]
fn what_is_called_most_takes_no_more_than_it_did() {
    if let Ok(what) = std::env::var(CHILD) {
        child(&what);
        return;
    }
    if !available("valgrind", &["--version"]) {
        return;
    }
    let noted = std::fs::read_to_string(NOTED).unwrap_or_default();
    let compiler = compiler();
    let mut now = format!("compiler\t{compiler}\n");
    let mut far = String::new();
    for what in ["fold", "box", "extraction"] {
        let count = count(what);
        writeln!(now, "{what}\t{count}").expect("in memory");
        let before = noted.lines().find_map(|line| {
            let (name, count) = line.split_once('\t')?;
            count.parse::<u64>().ok().filter(|_| name == what)
        });
        let ratio = before.map_or(f64::INFINITY, |before| count as f64 / before as f64);
        if (ratio - 1.0).abs() > TOLERANCE {
            writeln!(far, "{what}: {count}, noted {before:?}").expect("in memory");
        }
    }
    if std::env::var("SITMAP_COUNT").is_ok_and(|value| value == "write") {
        std::fs::write(NOTED, now).expect("written");
        return;
    }
    if !noted.starts_with(&format!("compiler\t{compiler}\n")) {
        writeln!(
            std::io::stderr(),
            "{NOTED} was noted with another compiler than {compiler}: nothing is compared"
        )
        .ok();
        return;
    }
    assert!(
        far.is_empty(),
        "{far}SITMAP_COUNT=write cargo test --test instructions notes what it takes now"
    );
}
