use serde_json::Value;

use super::readable;
use crate::domain::{BoundingBox, EventRecord, Point};
use crate::index::{ArticleRecord, Cursor, Days, Index, Query, Row, Snapshot};
use crate::store::{EventStore, Finding, StoreError};

/// How far around an event's position it is looked for, in degrees: a tenth of what positions are rounded to.
const AROUND: f64 = 1e-6;

/// Holds an index against a store: each article and each event is found in it by its id, as it is in the store, and each
/// event by a box around its position and its days; and there are no others. `name` is what the index is called.
///
/// # Errors
/// When the store cannot be read on.
pub fn indexed(
    name: &str,
    store: &dyn EventStore,
    index: &Index,
    found: &mut dyn FnMut(Finding),
) -> Result<(), StoreError> {
    let snapshot = index.snapshot();
    let mut articles = 0;
    for outline in store.outlines() {
        // Those that cannot be read were found before.
        let Some((article, _)) = readable(outline, &mut |_| {})? else {
            continue;
        };
        articles += 1;
        if let Some(message) = article_differs(&snapshot, &ArticleRecord::from(&article)) {
            let message = format!("{message} in {name}");
            found(Finding::new(format!("article {}", article.id), message));
        }
    }
    let mut events = 0;
    for event in store.events() {
        let Some(event) = readable(event, &mut |_| {})? else {
            continue;
        };
        events += 1;
        if let Some(message) = event_differs(&snapshot, &event) {
            let message = format!("{message} in {name}");
            found(Finding::new(format!("event {}", event.id), message));
        }
    }
    let counts = [
        ("articles", articles, snapshot.articles.len()),
        ("events", events, snapshot.events.len()),
    ];
    for (what, stored, indexed) in counts {
        if stored != indexed {
            let message = format!("it has {indexed} {what}, and the store {stored}");
            found(Finding::new(name, message));
        }
    }
    Ok(())
}

fn article_differs(snapshot: &Snapshot, article: &ArticleRecord) -> Option<String> {
    let Some(row) = snapshot.articles.get(&article.id) else {
        return Some("it is not found by its id".to_owned());
    };
    // The row has also the number of its events.
    differs(&serde_json::to_value(article).ok()?, row)
}

fn event_differs(snapshot: &Snapshot, event: &EventRecord) -> Option<String> {
    let Some(row) = snapshot.events.get(&event.id) else {
        return Some("it is not found by its id".to_owned());
    };
    if let Some(message) = differs(&serde_json::to_value(event).ok()?, row) {
        return Some(message);
    }
    if row.event().and_then(|event| event.point) != event.point {
        return Some("it is at another place".to_owned());
    }
    let point = event.point?;
    (!is_met(snapshot, event, row, point))
        .then(|| "it is not found by its position and days".to_owned())
}

/// Which fields of a row are others.
fn differs(record: &Value, row: Row<'_>) -> Option<String> {
    let there = row.properties();
    let fields = record.as_object()?.iter();
    let other = fields.filter(|(name, value)| there.get(*name) != Some(value));
    let names: Vec<&str> = other.map(|(name, _)| name.as_str()).collect();
    (!names.is_empty()).then(|| format!("it has another {}", names.join(", ")))
}

/// Whether a box around an event's position, and its days, lead to it.
fn is_met(snapshot: &Snapshot, event: &EventRecord, row: Row<'_>, point: Point) -> bool {
    let bbox = BoundingBox::new(
        (point.lon - AROUND).max(-180.0),
        (point.lat - AROUND).max(-90.0),
        (point.lon + AROUND).min(180.0),
        (point.lat + AROUND).min(90.0),
    );
    let days = event.start.zip(event.end).map(|(from, to)| Days {
        from: Some(from),
        to: Some(to),
    });
    let query = Query {
        bbox: bbox.ok(),
        days,
        // From the row on: many may lie at one point.
        after: row.sequence().checked_sub(1).map(|sequence| Cursor {
            sequence,
            keys: Vec::new(),
        }),
        limit: 1,
        ..Query::default()
    };
    let page = snapshot.events.query(&query);
    let is_met = page.rows(&snapshot.events).any(|row| row.id() == event.id);
    query.bbox.is_some() && is_met
}
