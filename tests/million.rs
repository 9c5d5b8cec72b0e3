//! A million events: paged through while others come, and fetched as files in bounded memory.

mod tools;

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Write};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use jiff::ToSpan;
use jiff::civil::date;
use sitmap::api::App;
use sitmap::domain::{Action, Article, EventRecord, Point, Status};
use sitmap::index::{Cursor, Index, Query};
use sitmap::pipeline::Extractor;
use tokio::net::TcpListener;
use tools::available;

const EVENTS: usize = 1_000_000;
/// Events of one article.
const OF_AN_ARTICLE: usize = 100;
const ADDED: usize = 10_000;
const REPLACED: usize = 1_000;
const PAGE: usize = 10_000;
/// By how much a download may make the service grow.
const GROWTH: u64 = 64 * 1024 * 1024;

/// What all events have in common.
fn template() -> EventRecord {
    let record = serde_json::json!({
        "id": "",
        "article": "",
        "action": Action::Clash,
        "status": Status::Occurred,
        "geo_precision": 1,
        "radius_km": 2.0,
        "date_precision": "day",
        "date_basis": "explicit",
        "confidence": 0.5,
        "quote": "",
        "quote_start": 0,
        "quote_end": 53,
        "rule": "made",
        "language": "en",
    });
    serde_json::from_value(record).expect("a record")
}

/// The n-th event. No two are near in space and time, so that each is a happening of its own.
fn event(n: usize, confidence: f64, template: &EventRecord) -> EventRecord {
    let actors = ["Syrian Army", "SDF", "Jamaat"];
    let countries = ["SY", "UA", "ML", "SD"];
    let day = date(2015, 1, 1) + i64::try_from(n * 7919 % 2_000).expect("small").days();
    // A lattice of 1,000 by 1,000 over the globe.
    let at = |k: usize, width: f64| (k as f64 / 1000.0 - 0.5) * width;
    let point = Point {
        lon: at(n % 1000, 359.0),
        lat: at(n / 1000 % 1000, 160.0),
    };
    EventRecord {
        id: format!("e{n}"),
        article: format!("a{}", n / OF_AN_ARTICLE),
        action: Action::ALL[n % Action::ALL.len()],
        status: Status::ALL[n % 3],
        actor: Some(actors[n % actors.len()].to_owned()),
        place: Some(format!("Place {}", n % 5_000)),
        country: Some(countries[n % countries.len()].to_owned()),
        geo_precision: 1 + (n % 7) as u8,
        date: Some(day.to_string()),
        start: Some(day),
        end: Some(day),
        confidence,
        // Equal sentences would be taken for one report that is printed a million times.
        quote: format!("Column {n} left the town before dawn, witnesses said."),
        point: Some(point.rounded()),
        ..template.clone()
    }
}

/// The articles from one number on, whole.
fn articles(numbers: std::ops::Range<usize>, confidence: f64) -> Vec<EventRecord> {
    let template = template();
    numbers
        .flat_map(|a| a * OF_AN_ARTICLE..(a + 1) * OF_AN_ARTICLE)
        .map(|n| event(n, confidence, &template))
        .collect()
}

/// Resident memory of this process.
fn resident() -> u64 {
    let status = fs::read_to_string("/proc/self/status").expect("Linux");
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))
        .expect("VmRSS");
    line.trim()
        .trim_end_matches(" kB")
        .parse::<u64>()
        .expect("a number")
        * 1024
}

#[test]
fn a_million_events_are_paged_through_and_fetched_while_others_come() {
    let index = Arc::new(Index::build(
        vec![],
        articles(0..EVENTS / OF_AN_ARTICLE, 0.5),
    ));
    paging(&index);
    downloads(&index);
}

fn paging(index: &Index) {
    let mut seen = vec![0_u8; EVENTS + ADDED];
    let mut after: Option<Cursor> = None;
    let (mut first, mut last) = (Duration::ZERO, Duration::ZERO);
    for page_number in 0.. {
        let began = Instant::now();
        let snapshot = index.snapshot();
        let page = snapshot.events.query(&Query {
            after,
            limit: PAGE,
            ..Query::default()
        });
        last = began.elapsed();
        if page_number == 0 {
            first = last;
        }
        for row in page.rows(&snapshot.events) {
            let number: usize = row.id()[1..].parse().expect("a number");
            seen[number] += 1;
        }
        // Twice on the way, new articles come, and old ones come again: some passed already, some not.
        if page_number % 50 == 25 {
            let step = page_number / 50;
            let new = EVENTS / OF_AN_ARTICLE + step * (ADDED / OF_AN_ARTICLE / 2);
            let mut given = articles(new..new + ADDED / OF_AN_ARTICLE / 2, 0.5);
            let old = step * 6_000;
            given.extend(articles(old..old + REPLACED / OF_AN_ARTICLE / 2, 0.6));
            index.put(vec![], given);
        }
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert!(
        seen[..EVENTS].iter().all(|times| *times == 1),
        "an event was lost or came twice"
    );
    assert!(
        seen[EVENTS..].iter().all(|times| *times <= 1),
        "a new event came twice"
    );
    assert_eq!(index.snapshot().events.len(), EVENTS + ADDED);
    // Not a measurement: a page that counts its way from the start would take a hundred times as long.
    assert!(
        last < first * 20 + Duration::from_millis(20),
        "first page {first:?}, last {last:?}"
    );
}

fn downloads(index: &Arc<Index>) {
    let extractor = Arc::new(Extractor::bundled().expect("the bundled data"));
    let none: HashMap<String, Article> = HashMap::new();
    let app = App::new(Arc::clone(index), Arc::new(none), extractor);
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let listener = runtime
        .block_on(TcpListener::bind("127.0.0.1:0"))
        .expect("a free port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    runtime.spawn(sitmap::api::serve(listener, app, std::future::pending()));

    let expected = index.snapshot().events.len();
    let folder = tempfile::tempdir().expect("a folder");
    for format in ["ndjson", "kml", "csv", "fgb", "gpkg"] {
        let path = folder.path().join(format!("events.{format}"));
        let before = resident();
        let highest = Arc::new(AtomicU64::new(before));
        let watched = Arc::clone(&highest);
        let url = format!("{address}/collections/events/items?f={format}");
        let mut answer = ureq::get(&url).call().expect("an answer");
        let mut file = File::create(&path).expect("a file");
        let mut watching = Watching {
            file: &mut file,
            watched: &watched,
            written: 0,
        };
        io::copy(&mut answer.body_mut().as_reader(), &mut watching).expect("the whole file");
        let growth = highest.load(Ordering::Relaxed).saturating_sub(before);
        assert!(
            growth < GROWTH,
            "{format} made the service grow by {growth} bytes"
        );
        assert_eq!(
            count(&path, format),
            Some(expected).filter(|_| end_of_feature(format).is_some() || has_gdal()),
            "{format}"
        );
        fs::remove_file(&path).expect("removed");
    }
}

/// Looks at the memory now and then while a file is written.
struct Watching<'a> {
    file: &'a mut File,
    watched: &'a AtomicU64,
    written: usize,
}

impl Write for Watching<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        const STEP: usize = 8 * 1024 * 1024;
        let before = self.written / STEP;
        self.written += bytes.len();
        if self.written / STEP != before {
            self.watched.fetch_max(resident(), Ordering::Relaxed);
        }
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// How the line of a feature ends, where each has one.
fn end_of_feature(format: &str) -> Option<&'static [u8]> {
    match format {
        "ndjson" => Some(b"}"),
        "kml" => Some(b"</Placemark>"),
        _ => None,
    }
}

fn has_gdal() -> bool {
    available("ogrinfo", &["--version"])
}

/// How many features GDAL finds in a file; those of which each ends a line are counted here.
fn count(path: &std::path::Path, format: &str) -> Option<usize> {
    if let Some(end) = end_of_feature(format) {
        let lines = BufReader::new(File::open(path).expect("the file")).split(b'\n');
        let lines = lines.map(|line| line.expect("a line"));
        return Some(lines.filter(|line| line.ends_with(end)).count());
    }
    if !has_gdal() {
        return None;
    }
    let output = Command::new("ogrinfo")
        .args(["-ro", "-so", "-al"])
        .arg(path)
        .output()
        .expect("GDAL starts");
    let summary = String::from_utf8_lossy(&output.stdout);
    let count = summary
        .lines()
        .find_map(|line| line.strip_prefix("Feature Count: "));
    count.and_then(|count| count.trim().parse().ok())
}
