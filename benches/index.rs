//! How fast the index is made, changed and asked: `cargo bench --bench index`.

#[path = "load/world.rs"]
mod world;

use std::ops::Range;
use std::sync::{Arc, LazyLock};

use divan::counter::ItemsCount;
use divan::{AllocProfiler, Bencher, black_box};
use jiff::civil::date;
use sitmap::domain::{BoundingBox, EventRecord};
use sitmap::index::{Days, EVENT_PROPERTIES, Index, Order, Query, Search, Snapshot};
use sitmap::store::Report;
use world::World;

#[global_allocator]
static ALLOCATIONS: AllocProfiler = AllocProfiler::system();

fn main() {
    divan::main();
}

const THERE: usize = 100_000;
/// Articles that come together.
const ADDED: usize = 10;
/// Rows of a page.
const PAGE: usize = 100;
/// Questions in one round.
const ASKED: usize = 1_000;
/// From a box's centre to its edge, in degrees.
const HALF: f64 = 0.1;

static WORLD: LazyLock<World> = LazyLock::new(World::new);
static THERE_NOW: LazyLock<Arc<Snapshot>> =
    LazyLock::new(|| Index::build(vec![], there()).snapshot());

fn records(report: &Report) -> Vec<EventRecord> {
    let events = report.events.iter();
    events
        .map(|event| EventRecord::new(event, &report.article))
        .collect()
}

fn there() -> Vec<EventRecord> {
    WORLD
        .reports(THERE)
        .flat_map(|report| records(&report))
        .collect()
}

/// The events of some articles.
fn articles(numbers: Range<usize>) -> Vec<EventRecord> {
    numbers
        .flat_map(|number| records(&WORLD.report(number)))
        .collect()
}

/// All at once, from nothing: rows, trees and incidents.
#[divan::bench(sample_count = 5, sample_size = 1)]
fn build(bencher: Bencher<'_, '_>) {
    let events = there();
    bencher
        .counter(ItemsCount::new(THERE))
        .with_inputs(|| events.clone())
        .bench_local_values(|events| Index::build(vec![], events));
}

/// Ten new articles to a hundred thousand events; items are articles.
#[divan::bench(sample_count = 20, sample_size = 1)]
fn put(bencher: Bencher<'_, '_>) {
    let index = Index::build(vec![], there());
    // Each article has an event at least, so that these are all new.
    let mut next = THERE;
    bencher
        .counter(ItemsCount::new(ADDED))
        .with_inputs(|| {
            next += ADDED;
            articles(next - ADDED..next)
        })
        .bench_local_values(|events| index.put(vec![], events));
}

/// Measures questions about a page of rows, each around another event.
fn ask(bencher: Bencher<'_, '_>, question: impl Fn(&EventRecord) -> Query) {
    let events = articles(0..ASKED * 2);
    let questions: Vec<_> = events
        .iter()
        .filter(|event| event.point.is_some())
        .take(ASKED)
        .map(question)
        .collect();
    let snapshot = Arc::clone(&THERE_NOW);
    bencher
        .counter(ItemsCount::new(questions.len()))
        .bench_local(|| {
            let found = questions.iter().map(|query| {
                let page = snapshot.events.query(black_box(query));
                page.matched
            });
            found.sum::<usize>()
        });
}

fn around(event: &EventRecord) -> Option<BoundingBox> {
    event.point.map(|point| BoundingBox {
        west: point.lon - HALF,
        south: point.lat - HALF,
        east: point.lon + HALF,
        north: point.lat + HALF,
    })
}

/// The first page of what lies in a box.
#[divan::bench]
fn bbox(bencher: Bencher<'_, '_>) {
    ask(bencher, |event| Query {
        bbox: around(event),
        limit: PAGE,
        ..Query::default()
    });
}

/// Of what lies in a box, one year.
#[divan::bench]
fn bbox_and_days(bencher: Bencher<'_, '_>) {
    ask(bencher, |event| Query {
        bbox: around(event),
        days: Some(Days {
            from: Some(date(2018, 1, 1)),
            to: Some(date(2018, 12, 31)),
        }),
        limit: PAGE,
        ..Query::default()
    });
}

/// Of what lies in a box, the surest.
#[divan::bench]
fn bbox_sorted(bencher: Bencher<'_, '_>) {
    ask(bencher, |event| Query {
        bbox: around(event),
        order: by_confidence(),
        limit: PAGE,
        ..Query::default()
    });
}

fn by_confidence() -> Vec<Order> {
    let mut columns = EVENT_PROPERTIES.iter();
    let column = columns.position(|property| property.name == "confidence");
    vec![Order {
        column: column.expect("events have one"),
        descending: true,
    }]
}

/// Measures one question about everything; items are the rows there are.
fn ask_all(bencher: Bencher<'_, '_>, query: &Query) {
    let snapshot = Arc::clone(&THERE_NOW);
    bencher
        .counter(ItemsCount::new(THERE))
        .bench_local(|| snapshot.events.query(black_box(query)).matched);
}

/// A word, in all texts.
#[divan::bench]
fn search(bencher: Bencher<'_, '_>) {
    let quote = &articles(0..1)[0].quote;
    let word = quote.split(' ').next_back().expect("a word");
    let query = Query {
        search: Some(Search::parse(word)),
        limit: PAGE,
        ..Query::default()
    };
    ask_all(bencher, &query);
}

/// The surest of all.
#[divan::bench]
fn sort(bencher: Bencher<'_, '_>) {
    let query = Query {
        order: by_confidence(),
        limit: PAGE,
        ..Query::default()
    };
    ask_all(bencher, &query);
}
