use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::panic::resume_unwind;
use std::sync::Arc;

use jiff::civil::Date;
use rustc_hash::FxHashMap;
use serde::Serialize;
use serde_json::Value;

use super::leaders::Leaders;
use super::row::Draft;
use super::segment::Segment;
use super::{
    ARTICLE_PROPERTIES, ArticleRecord, EVENT_PROPERTIES, Geometry, INCIDENT_PROPERTIES, Layer, Row,
    Slot,
};
use crate::ahead::ahead;
use crate::domain::{Edition, EventRecord, Point, day_number};
use crate::incident::{Changes, IncidentRecord, Incidents, PREFIX, incident_id};

/// All collections at one moment.
#[derive(Debug)]
pub struct Snapshot {
    /// What happened: points.
    pub events: Layer,
    /// The events that have both an origin and a destination: lines.
    pub movements: Layer,
    /// Where the events were read: no geometry.
    pub articles: Layer,
    /// What the events are reports of: points.
    pub incidents: Layer,
    /// Of events, by sequence.
    pub(super) leaders: Leaders,
    /// Which one it is.
    pub edition: Edition,
}

impl Snapshot {
    pub(super) fn empty() -> Self {
        Self {
            events: Layer::empty(EVENT_PROPERTIES),
            movements: Layer::empty(EVENT_PROPERTIES),
            articles: Layer::empty(ARTICLE_PROPERTIES),
            incidents: Layer::empty(INCIDENT_PROPERTIES),
            leaders: Leaders::default(),
            edition: Edition::NONE,
        }
    }

    /// The id of the incident that an event, or its movement, is a report of.
    pub fn incident_of(&self, event: Row<'_>) -> String {
        incident_id(self.leader_of(event).id())
    }

    /// The event that leads its incident, which has its name from it.
    fn leader_of<'a>(&'a self, event: Row<'a>) -> Row<'a> {
        let own = self.sequence_of(event);
        let leader = self.leaders.of(own);
        let leader = (leader != own).then(|| self.events.at(leader)).flatten();
        leader.unwrap_or(event)
    }

    /// Writes the feature of an event, or of its movement, with its incident.
    pub fn write_event(&self, json: &mut Vec<u8>, event: Row<'_>, geometry: Option<&Value>) {
        event.write(json, geometry);
        json.extend_from_slice(b",\"incident\":\"");
        json.extend_from_slice(PREFIX.as_bytes());
        self.leader_of(event).write_id(json);
        json.extend_from_slice(b"\"}}");
    }

    /// Whether an event leads its incident, which then bears its id.
    pub fn is_leader(&self, event: Row<'_>) -> bool {
        let sequence = self.sequence_of(event);
        self.leaders.of(sequence) == sequence
    }

    /// An event's own sequence; a movement has another one.
    fn sequence_of(&self, event: Row<'_>) -> u64 {
        if self.events.has(event) {
            event.sequence()
        } else {
            let same = self.events.get(event.id());
            same.map_or(u64::MAX, Row::sequence)
        }
    }

    /// The events that an incident is reported by, the most exact first.
    pub fn reports_of(&self, incident: Row<'_>) -> Vec<Slot> {
        incident
            .parts()
            .filter_map(|id| self.events.slot(id))
            .collect()
    }

    /// All that a store holds: each event, and with it its article, is there once. What becomes of a segment says `keep`,
    /// which is given those of the events first, then of movements, articles and incidents.
    pub(super) fn load<E>(
        edition: Edition,
        articles: &[ArticleRecord],
        events: impl Iterator<Item = Result<EventRecord, E>>,
        incidents: &mut Incidents,
        mut keep: impl FnMut(Segment) -> Segment,
    ) -> Result<Self, E> {
        let version = edition.version;
        let mut of_articles: HashMap<&str, (Option<u64>, usize)> = articles
            .iter()
            .map(|article| (&*article.id, (article.version, 0)))
            .collect();
        let mut failed = None;
        let events = events.map_while(|event| event.map_err(|error| failed = Some(error)).ok());
        let empty = Self::empty();
        let drafts = events.map(|event| {
            incidents.take(&event);
            let article = of_articles.get_mut(&*event.article);
            let version = article.and_then(|(version, events)| {
                *events += 1;
                *version
            });
            event_row(&event, version)
        });
        let events = Layer::of_all(EVENT_PROPERTIES, version, drafts, &mut keep);
        if let Some(error) = failed {
            return Err(error);
        }
        let moving = events.rows().filter(|row| row.is_moving());
        let moving = moving.filter_map(|row| movement(&row.event()?, Some(row.version())));
        let article_rows = articles.iter().map(|article| {
            let known = of_articles.get(&*article.id);
            article.draft(known.map_or(0, |(_, events)| *events))
        });
        let (changes, (movements, articles)) = both(
            || incidents.decide(),
            || {
                let movements = Layer::of_all(EVENT_PROPERTIES, version, moving, &mut keep);
                let articles = Layer::of_all(ARTICLE_PROPERTIES, version, article_rows, &mut keep);
                (movements, articles)
            },
        );
        let so_far = Self {
            events,
            movements,
            articles,
            edition,
            ..empty
        };
        let (leaders, incidents) = both(
            || so_far.leaders_with(&changes, &so_far.events, incidents),
            || {
                ahead(
                    || so_far.incident_rows(&changes, &[], incidents),
                    |rows| Layer::of_all(INCIDENT_PROPERTIES, version, rows, &mut keep),
                )
            },
        );
        Ok(Self {
            incidents,
            leaders,
            ..so_far
        })
    }

    /// Tells who groups reports of all events that there are, and how they are grouped.
    pub(super) fn regroup(&self, incidents: &mut Incidents) {
        let mut sequences = Vec::with_capacity(self.events.len());
        let rows = || {
            let rows = self.events.rows();
            rows.filter_map(|row| Some((row.sequence(), row.event()?)))
        };
        ahead(rows, |events| {
            for (sequence, event) in events {
                incidents.take(&event);
                sequences.push(sequence);
            }
        });
        let numbers: FxHashMap<u64, u32> = sequences.iter().copied().zip(0..).collect();
        incidents.settle(|number| {
            let leader = self.leaders.of(sequences[number as usize]);
            numbers.get(&leader).copied().unwrap_or(number)
        });
    }

    /// The same, and what is known of the changes that led to another that holds the same.
    pub(super) fn with_changes_of(mut self, other: &Self) -> Self {
        let layers = [
            (&mut self.events, &other.events),
            (&mut self.movements, &other.movements),
            (&mut self.articles, &other.articles),
            (&mut self.incidents, &other.incidents),
        ];
        for (layer, other) in layers {
            layer.changes = other.changes.clone();
        }
        self
    }

    /// With these articles, and of them these events and no others.
    pub(super) fn with(
        &self,
        edition: Edition,
        mut articles: Vec<ArticleRecord>,
        events: Vec<EventRecord>,
        incidents: &mut Incidents,
    ) -> Self {
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
        let written: HashMap<_, _> = articles
            .iter()
            .filter_map(|article| Some((article.id.clone(), article.version?)))
            .collect();
        let of = |event: &EventRecord| written.get(&event.article).copied();
        let version = edition.version;
        let articles = self.articles.with(version, &HashSet::new(), article_rows);
        let movement_rows = events.iter().filter_map(|event| movement(event, of(event)));
        let gone = incidents.events_of(&known);
        let movements = self.movements.with(version, &gone, movement_rows);
        let changes = incidents.put(&known, &events);
        let incident_layer = self.incidents_with(version, &changes, &events, incidents);
        // The records are let go one by one: the rows hold the same again.
        let event_rows = events
            .into_iter()
            .map(|event| event_row(&event, of(&event)));
        let events = self.events.with(version, &gone, event_rows);
        Self {
            leaders: self.leaders_with(&changes, &events, incidents),
            events,
            movements,
            articles,
            incidents: incident_layer,
            edition,
        }
    }

    /// The incidents after a change, in which these events were given.
    fn incidents_with(
        &self,
        version: u64,
        changes: &Changes,
        given: &[EventRecord],
        incidents: &Incidents,
    ) -> Layer {
        let gone = changes.gone.iter().map(|leader| incident_id(leader));
        let rows = self.incident_rows(changes, given, incidents);
        self.incidents.with(version, &gone.collect(), rows)
    }

    /// The rows of the incidents that a change brings.
    fn incident_rows(
        &self,
        changes: &Changes,
        given: &[EventRecord],
        incidents: &Incidents,
    ) -> impl Iterator<Item = Draft> {
        let given: HashMap<&str, &EventRecord> =
            given.iter().map(|event| (&*event.id, event)).collect();
        let record = move |id: &Arc<str>| -> Option<Cow<'_, EventRecord>> {
            match given.get(&**id) {
                Some(event) => Some(Cow::Borrowed(*event)),
                None => event_of(&self.events, id, incidents)?
                    .event()
                    .map(Cow::Owned),
            }
        };
        changes.now.iter().filter_map(move |leader| {
            let ids = incidents.reports(leader);
            let reports: Vec<_> = ids.iter().filter_map(&record).collect();
            let reports: Vec<_> = reports.iter().map(AsRef::as_ref).collect();
            IncidentRecord::new(&reports).map(|incident| incident_row(&incident, &ids))
        })
    }

    /// The leaders after a change; each event belongs to an incident that is now, or to one that has not changed.
    fn leaders_with(&self, changes: &Changes, events: &Layer, incidents: &Incidents) -> Leaders {
        let mut leaders = self.leaders.clone();
        let sequence = |id: &str| event_of(events, id, incidents).map(Row::sequence);
        for leader in &changes.now {
            let Some(first) = sequence(leader) else {
                continue;
            };
            for report in incidents.reports(leader) {
                sequence(&report).inspect(|&report| leaders.set(report, first));
            }
        }
        leaders
    }

    /// Without these articles and their events.
    pub(super) fn without(
        &self,
        edition: Edition,
        articles: &[String],
        incidents: &mut Incidents,
    ) -> Self {
        let gone: HashSet<_> = articles.iter().cloned().collect();
        let events_gone = incidents.events_of(&gone);
        let changes = incidents.remove(&gone);
        let version = edition.version;
        let without =
            |layer: &Layer, gone: &HashSet<String>| layer.with(version, gone, std::iter::empty());
        let events = without(&self.events, &events_gone);
        Self {
            leaders: self.leaders_with(&changes, &events, incidents),
            events,
            movements: without(&self.movements, &events_gone),
            articles: without(&self.articles, &gone),
            incidents: self.incidents_with(version, &changes, &[], incidents),
            edition,
        }
    }
}

/// The row of an event. Where all were indexed at once, its number says where it is, and it need not be looked for.
fn event_of<'a>(events: &'a Layer, id: &str, incidents: &Incidents) -> Option<Row<'a>> {
    let number = incidents.number(id);
    let guess = number.and_then(|number| events.at(number.into()));
    guess
        .filter(|row| row.id() == id)
        .or_else(|| events.get(id))
}

/// Does two things side by side.
fn both<A: Send, B>(beside: impl FnOnce() -> A + Send, here: impl FnOnce() -> B) -> (A, B) {
    std::thread::scope(|scope| {
        let beside = scope.spawn(beside);
        let here = here();
        let beside = beside.join();
        (beside.unwrap_or_else(|panic| resume_unwind(panic)), here)
    })
}

fn event_row(event: &EventRecord, version: Option<u64>) -> Draft {
    let days = (event.start, event.end);
    draft(
        &event.id,
        event,
        days,
        event.point.and_then(Geometry::point),
        version,
    )
}

fn incident_row(incident: &IncidentRecord, reports: &[Arc<str>]) -> Draft {
    let days = (incident.start, incident.end);
    let geometry = incident.point.and_then(Geometry::point);
    Draft {
        parts: reports.iter().map(ToString::to_string).collect(),
        ..draft(&incident.id, incident, days, geometry, None)
    }
}

/// The way from origin to destination, where the event has both.
fn movement(event: &EventRecord, version: Option<u64>) -> Option<Draft> {
    let end = |lon: Option<f64>, lat: Option<f64>| {
        Some(Point {
            lon: lon?,
            lat: lat?,
        })
    };
    let from = end(event.origin_lon, event.origin_lat)?;
    let to = end(event.destination_lon, event.destination_lat)?;
    let days = (event.start, event.end);
    Some(draft(
        &event.id,
        event,
        days,
        Some(Geometry::line(from, to)?),
        version,
    ))
}

fn draft(
    id: &str,
    record: &impl Serialize,
    (start, end): (Option<Date>, Option<Date>),
    geometry: Option<Geometry>,
    version: Option<u64>,
) -> Draft {
    let days = start.map(|start| {
        let end = end.unwrap_or(start).max(start);
        (day_number(start), day_number(end))
    });
    Draft {
        id: id.to_owned(),
        geometry,
        days,
        version,
        // What has names for its fields cannot fail.
        properties: serde_json::to_string(record).unwrap_or_default(),
        parts: Vec::new(),
    }
}
