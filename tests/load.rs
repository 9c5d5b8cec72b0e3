//! What the load is measured on: the same each time, and like the news.

#[path = "../benches/load/world.rs"]
mod world;

use sitmap::domain::EventRecord;
use world::{Random, World};

const EVENTS: usize = 5_000;

fn records() -> Vec<EventRecord> {
    let world = World::new();
    world
        .reports(EVENTS)
        .flat_map(|report| {
            let events = report.events.iter();
            let records = events.map(|event| EventRecord::new(event, &report.article));
            records.collect::<Vec<_>>()
        })
        .collect()
}

#[test]
fn the_same_number_gives_the_same_article_in_every_store() {
    assert_eq!(World::new().report(1_000), World::new().report(1_000));
    let world = World::new();
    let (few, many) = (world.reports(1_000), world.reports(2_000));
    // The last article of the smaller store may be cut off.
    assert!(few.take(300).eq(many.take(300)));
    let told: usize = world.reports(1_001).map(|report| report.events.len()).sum();
    assert_eq!(told, 1_001);
    // On each machine: the first numbers of a seed.
    let mut random = Random::new(7);
    assert_eq!([(); 4].map(|()| random.below(1_000)), [495, 837, 631, 810]);
}

#[test]
fn events_are_as_the_news_has_them() {
    let records = records();
    let count = |is: &dyn Fn(&EventRecord) -> bool| records.iter().filter(|r| is(r)).count();
    let share = |is: &dyn Fn(&EventRecord) -> bool| count(is) as f64 / EVENTS as f64;
    let mean = |length: &dyn Fn(&EventRecord) -> usize| {
        records.iter().map(length).sum::<usize>() as f64 / EVENTS as f64
    };
    assert_eq!(records.len(), EVENTS);
    assert!((share(&|r| r.point.is_some()) - 0.9).abs() < 0.02);
    assert!((share(&|r| r.origin_lon.is_some()) - 0.08).abs() < 0.02);
    assert!((mean(&|r| r.quote.len()) - 180.0).abs() < 20.0);
    assert!((mean(&|r| r.title.as_ref().map_or(0, String::len)) - 62.0).abs() < 5.0);
    let mut ids: Vec<_> = records.iter().map(|record| &record.id).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), EVENTS, "two events have one id");
}
