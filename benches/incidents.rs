//! How fast incidents are found and kept: `cargo bench --bench incidents`.

use std::collections::HashSet;

use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use sitmap::domain::{Action, EventRecord, Point, Status, numbered_day};
use sitmap::incident::{Incidents, Kinship};

fn main() {
    divan::main();
}

const THERE: usize = 100_000;
const ADDED: usize = 1_000;
/// Towns that are reported from; every fourth event is told of one in a hundred of them.
const TOWNS: usize = 3_000;
const DAYS: usize = 1_500;
const ARTICLE: usize = 4;

/// Events as the news has them: a few towns are told of most, and most are told on the day.
fn events(from: usize, count: usize) -> Vec<EventRecord> {
    let mut seed = 0x9E37_79B9_7F4A_7C15_u64 ^ from as u64;
    let mut random = move |below: usize| {
        // splitmix64: the same on each machine.
        seed = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (seed ^ (seed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((mixed ^ (mixed >> 31)) % below as u64) as usize
    };
    let event = |n: usize| {
        let town = random(if n.is_multiple_of(4) {
            TOWNS / 100
        } else {
            TOWNS
        });
        let first = 16_000 + i32::try_from(random(DAYS)).expect("small");
        let span = [0, 0, 0, 0, 0, 0, 1, 6, 30][random(9)];
        let day = (random(12) > 0).then(|| numbered_day(first));
        let actor = (random(4) > 0).then(|| format!("actor-{}", random(6)));
        let record = serde_json::json!({
            "id": format!("event-{n}"),
            "article": format!("article-{}", n / ARTICLE),
            "action": Action::ALL[random(Action::ALL.len())],
            "status": Status::ALL[random(2)],
            "actor": actor,
            "actor_id": actor,
            "place": format!("Town {town}"),
            "place_id": format!("town:{town}"),
            "geo_precision": if random(8) > 0 { 1 } else { 4 },
            "radius_km": if random(8) > 0 { 3.0 } else { 60.0 },
            "date": day.map(|day| day.to_string()),
            "start": day,
            "end": day.map(|_| numbered_day(first + span)),
            "date_precision": "day",
            "date_basis": if random(2) > 0 { "relative" } else { "published" },
            "confidence": 0.7,
            "quote": format!("Sentence {n}."),
            "quote_start": 0,
            "quote_end": 12,
            "rule": "made",
        });
        let mut record: EventRecord = serde_json::from_value(record).expect("a record");
        // Towns lie some ten kilometres apart.
        let place = Point {
            lon: 35.0,
            lat: 33.0,
        };
        record.point = Some(
            place
                .offset((town / 60) as f64 * 11.0, 0.0)
                .offset((town % 60) as f64 * 11.0, 90.0),
        );
        record
    };
    (from..from + count).map(event).collect()
}

fn articles(events: &[EventRecord]) -> HashSet<String> {
    events.iter().map(|event| event.article.clone()).collect()
}

fn there() -> Incidents {
    let mut incidents = Incidents::new(Kinship::default());
    let events = events(0, THERE);
    incidents.put(&articles(&events), &events);
    incidents
}

/// All at once, from nothing.
#[divan::bench(sample_count = 5, sample_size = 1)]
fn build(bencher: Bencher<'_, '_>) {
    let events = events(0, THERE);
    let articles = articles(&events);
    bencher.counter(ItemsCount::new(THERE)).bench_local(|| {
        let mut incidents = Incidents::new(Kinship::default());
        black_box(incidents.put(&articles, &events));
        incidents
    });
}

/// A thousand events to a hundred thousand, article by article.
#[divan::bench(sample_count = 5, sample_size = 1)]
fn add(bencher: Bencher<'_, '_>) {
    let added = events(THERE, ADDED);
    bencher
        .counter(ItemsCount::new(ADDED))
        .with_inputs(there)
        .bench_local_values(|mut incidents| {
            for article in added.chunks(ARTICLE) {
                black_box(incidents.put(&articles(article), article));
            }
            incidents
        });
}

/// The same, taken out again.
#[divan::bench(sample_count = 5, sample_size = 1)]
fn remove(bencher: Bencher<'_, '_>) {
    let gone = articles(&events(0, ADDED));
    bencher
        .counter(ItemsCount::new(ADDED))
        .with_inputs(there)
        .bench_local_values(|mut incidents| {
            for article in &gone {
                black_box(incidents.remove(&HashSet::from([article.clone()])));
            }
            incidents
        });
}

/// A thousand articles that tell of one happening, one after the other, among a hundred thousand other events.
#[divan::bench(sample_count = 5, sample_size = 1)]
fn add_crowd(bencher: Bencher<'_, '_>) {
    let one = events(THERE, 1).remove(0);
    let told = |n: usize| EventRecord {
        id: format!("told-{n}"),
        article: format!("teller-{n}"),
        ..one.clone()
    };
    let crowd: Vec<_> = (0..ADDED).map(told).collect();
    bencher
        .counter(ItemsCount::new(ADDED))
        .with_inputs(there)
        .bench_local_values(|mut incidents| {
            for article in crowd.chunks(1) {
                black_box(incidents.put(&articles(article), article));
            }
            incidents
        });
}
