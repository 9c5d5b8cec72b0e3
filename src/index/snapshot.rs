use std::collections::{HashMap, HashSet};

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::row::Draft;
use super::{ARTICLE_PROPERTIES, ArticleRecord, EVENT_PROPERTIES, Geometry, Layer, Row};
use crate::domain::{EventRecord, Point, day_number};

/// All collections at one moment.
#[derive(Debug)]
pub struct Snapshot {
    /// What happened: points.
    pub events: Layer,
    /// The events that have both an origin and a destination: lines.
    pub movements: Layer,
    /// Where the events were read: no geometry.
    pub articles: Layer,
    /// Counts the changes since the index was built.
    pub version: u64,
    /// When it was made.
    pub made: Timestamp,
}

impl Snapshot {
    pub(super) fn empty() -> Self {
        Self {
            events: Layer::empty(EVENT_PROPERTIES),
            movements: Layer::empty(EVENT_PROPERTIES),
            articles: Layer::empty(ARTICLE_PROPERTIES),
            version: 0,
            made: Timestamp::now(),
        }
    }

    /// With these articles, and of them these events and no others.
    pub(super) fn with(&self, mut articles: Vec<ArticleRecord>, events: Vec<EventRecord>) -> Self {
        let mut known: HashSet<_> = articles.iter().map(|article| article.id.clone()).collect();
        for event in &events {
            if known.insert(event.article.clone()) {
                articles.push(event.into());
            }
        }
        let mut counts: HashMap<_, HashSet<_>> = HashMap::new();
        for event in &events {
            counts
                .entry(&*event.article)
                .or_default()
                .insert(&*event.id);
        }
        let count = |article: &ArticleRecord| counts.get(&*article.id).map_or(0, HashSet::len);
        let article_rows = articles.iter().map(|article| article.draft(count(article)));
        let articles = self.articles.with(|_| false, article_rows);
        let movement_rows = events.iter().filter_map(movement);
        let movements = self
            .movements
            .with(read_from(&self.movements, &known), movement_rows);
        // The records are let go one by one: the rows hold the same again.
        let event_rows = events.into_iter().map(|event| event_row(&event));
        let events = self
            .events
            .with(read_from(&self.events, &known), event_rows);
        Self {
            events,
            movements,
            articles,
            version: self.version + 1,
            made: Timestamp::now(),
        }
    }

    /// Without these articles and their events.
    pub(super) fn without(&self, articles: &[String]) -> Self {
        let gone: HashSet<_> = articles.iter().cloned().collect();
        Self {
            events: self
                .events
                .with(read_from(&self.events, &gone), std::iter::empty()),
            movements: self
                .movements
                .with(read_from(&self.movements, &gone), std::iter::empty()),
            articles: self
                .articles
                .with(|row| gone.contains(row.id()), std::iter::empty()),
            version: self.version + 1,
            made: Timestamp::now(),
        }
    }
}

/// Tells the rows that were read from one of these articles.
fn read_from(layer: &Layer, articles: &HashSet<String>) -> impl Fn(&Row) -> bool {
    let column = layer
        .properties()
        .iter()
        .position(|property| property.name == "article");
    let codes: HashSet<_> = articles
        .iter()
        .filter_map(|id| layer.words().find(id))
        .collect();
    move |row| column.is_some_and(|column| codes.contains(&row.codes[column]))
}

fn event_row(event: &EventRecord) -> Draft {
    draft(event, event.point.and_then(Geometry::point))
}

/// The way from origin to destination, where the event has both.
fn movement(event: &EventRecord) -> Option<Draft> {
    let end = |lon: Option<f64>, lat: Option<f64>| {
        Some(Point {
            lon: lon?,
            lat: lat?,
        })
    };
    let from = end(event.origin_lon, event.origin_lat)?;
    let to = end(event.destination_lon, event.destination_lat)?;
    Some(draft(event, Some(Geometry::line(from, to)?)))
}

fn draft(event: &EventRecord, geometry: Option<Geometry>) -> Draft {
    let days = event.start.map(|start| {
        let end = event.end.unwrap_or(start).max(start);
        (day_number(start), day_number(end))
    });
    Draft {
        id: event.id.clone(),
        geometry,
        days,
        properties: match serde_json::to_value(event) {
            Ok(Value::Object(map)) => map,
            _ => Map::new(),
        },
    }
}
