//! The index against a plain reading: 100,000 boxes and 20,000 intervals.

use jiff::ToSpan;
use jiff::civil::{Date, date};
use sitmap::domain::{Action, BoundingBox, EventRecord, Point, Status};
use sitmap::index::{Days, Index, Query};

const EVENTS: usize = 3_000;
const BOXES: usize = 100_000;
const INTERVALS: usize = 20_000;

/// A sequence that is the same on each machine (`SplitMix64`).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }

    /// A longitude or latitude: often an edge, the antimeridian, a pole, or a whole degree, where mistakes are made.
    fn degrees(&mut self, limit: f64) -> f64 {
        match self.below(8) {
            0 => limit,
            1 => -limit,
            2 => (self.below(2 * limit as u64 + 1) as f64) - limit,
            3 => limit - self.below(1000) as f64 / 1000.0,
            4 => -limit + self.below(1000) as f64 / 1000.0,
            _ => (self.below(2_000_001) as f64 / 1e6 - 1.0) * limit,
        }
    }

    fn day(&mut self) -> Date {
        date(2015, 1, 1) + i64::try_from(self.below(1_500)).expect("small").days()
    }
}

/// An event as far as it matters here; in one of eight the year is not known.
fn event(n: usize, random: &mut Random) -> EventRecord {
    let point = (random.below(12) > 0).then(|| Point {
        lon: random.degrees(180.0),
        lat: random.degrees(90.0),
    });
    let start = (random.below(8) > 0).then(|| random.day());
    let length = i64::try_from(random.below(3) * random.below(60)).expect("small");
    let record = serde_json::json!({
        "id": format!("e{n}"),
        "article": format!("a{n}"),
        "action": Action::ALL[n % Action::ALL.len()],
        "status": Status::Occurred,
        "geo_precision": 1,
        "date": start.map_or("XXXX-10-17".to_owned(), |day| day.to_string()),
        "start": start,
        "end": start.map(|day| day + length.days()),
        "date_precision": "day",
        "date_basis": "explicit",
        "confidence": 0.5,
        "quote": "They left.",
        "quote_start": 0,
        "quote_end": 10,
        "rule": "made",
    });
    let mut record: EventRecord = serde_json::from_value(record).expect("a record");
    record.point = point.map(Point::rounded);
    record
}

fn world() -> (Vec<EventRecord>, Index) {
    let mut random = Random(20_191_016);
    let events: Vec<_> = (0..EVENTS).map(|n| event(n, &mut random)).collect();
    let index = Index::build(vec![], events.clone());
    (events, index)
}

/// Whether a point lies in a box, edges included; west of east is a box over the antimeridian.
fn lies_in(point: Point, west: f64, south: f64, east: f64, north: f64) -> bool {
    let in_height = south <= point.lat && point.lat <= north;
    let in_width = if west <= east {
        west <= point.lon && point.lon <= east
    } else {
        west <= point.lon || point.lon <= east
    };
    in_height && in_width
}

#[test]
fn a_hundred_thousand_boxes_hold_what_a_plain_scan_finds_in_them() {
    let (events, index) = world();
    let snapshot = index.snapshot();
    let mut random = Random(42);
    let (mut found, mut over_the_antimeridian, mut to_a_pole) = (0, 0, 0);
    for _ in 0..BOXES {
        let (west, east) = (random.degrees(180.0), random.degrees(180.0));
        let (a, b) = (random.degrees(90.0), random.degrees(90.0));
        let (south, north) = (a.min(b), a.max(b));
        over_the_antimeridian += usize::from(west > east);
        to_a_pole += usize::from(north > 89.9 || south < -89.9);
        let bbox = BoundingBox::new(west, south, east, north).expect("a box");
        let page = snapshot.events.query(&Query {
            bbox: Some(bbox),
            limit: 0,
            ..Query::default()
        });
        let expected = events.iter().filter(|event| {
            event
                .point
                .is_some_and(|p| lies_in(p, west, south, east, north))
        });
        let expected = expected.count();
        assert_eq!(page.matched, expected, "{west},{south},{east},{north}");
        found += expected;
    }
    assert!(found > BOXES && over_the_antimeridian > BOXES / 4 && to_a_pole > BOXES / 4);
}

#[test]
fn intervals_match_the_dates_that_share_a_day_and_never_one_without_a_year() {
    let (events, index) = world();
    let snapshot = index.snapshot();
    let mut random = Random(7);
    for n in 0..INTERVALS {
        let (a, b) = (random.day(), random.day());
        let (from, to) = match n % 4 {
            0 => (Some(a), None),
            1 => (None, Some(a)),
            2 => (Some(a), Some(a)),
            _ => (Some(a.min(b)), Some(a.max(b))),
        };
        let days = Some(Days { from, to });
        let page = snapshot.events.query(&Query {
            days,
            limit: 0,
            ..Query::default()
        });
        let expected = events.iter().filter(|event| {
            let dated = event.start.zip(event.end);
            dated.is_some_and(|(start, end)| {
                to.is_none_or(|to| start <= to) && from.is_none_or(|from| end >= from)
            })
        });
        assert_eq!(page.matched, expected.count(), "{from:?}/{to:?}");
    }
    let dated = snapshot
        .events
        .query(&Query {
            days: Some(Days::default()),
            limit: 0,
            ..Query::default()
        })
        .matched;
    let without_year = events.iter().filter(|event| event.start.is_none()).count();
    assert!(without_year > EVENTS / 20);
    assert_eq!(dated + without_year, EVENTS);
}
