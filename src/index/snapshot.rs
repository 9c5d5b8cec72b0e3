use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use jiff::civil::Date;
use serde::Serialize;
use serde_json::{Map, Value};

use super::groups::Groups;
use super::row::Draft;
use super::{
    ARTICLE_PROPERTIES, ArticleRecord, EVENT_PROPERTIES, Geometry, INCIDENT_PROPERTIES, Layer, Row,
};
use crate::domain::{Edition, EventRecord, Point, day_number};
use crate::incident::{Changes, IncidentRecord, Incidents, incident_id};

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
    groups: Arc<Groups>,
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
            groups: Arc::default(),
            edition: Edition::NONE,
        }
    }

    /// The id of the incident that an event of this id is a report of.
    pub fn incident_of(&self, event: &str) -> String {
        incident_id(self.groups.leader(event))
    }

    /// The events that an incident is reported by, the most exact first; none where there is no such incident.
    pub fn reports_of(&self, incident: &str) -> Vec<&Arc<Row>> {
        let leader = incident.strip_prefix(&incident_id("")).unwrap_or_default();
        let alone = [Arc::from(leader)];
        let reports = match self.groups.reports(leader) {
            [] if self.incidents.get(incident).is_some() => &alone[..],
            reports => reports,
        };
        let rows = reports.iter().filter_map(|id| self.events.get(id));
        rows.collect()
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
        let articles = self.articles.with(version, |_| false, article_rows);
        let movement_rows = events.iter().filter_map(|event| movement(event, of(event)));
        let movements =
            self.movements
                .with(version, read_from(&self.movements, &known), movement_rows);
        let changes = incidents.put(&known, &events);
        let (incidents, groups) = self.incidents_with(version, &changes, &events, incidents);
        // The records are let go one by one: the rows hold the same again.
        let event_rows = events
            .into_iter()
            .map(|event| event_row(&event, of(&event)));
        let events = self
            .events
            .with(version, read_from(&self.events, &known), event_rows);
        Self {
            events,
            movements,
            articles,
            incidents,
            groups,
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
    ) -> (Layer, Arc<Groups>) {
        let given: HashMap<&str, &EventRecord> =
            given.iter().map(|event| (&*event.id, event)).collect();
        let record = |id: &Arc<str>| -> Option<Cow<'_, EventRecord>> {
            match given.get(&**id) {
                Some(event) => Some(Cow::Borrowed(*event)),
                None => self.events.get(id)?.event().map(Cow::Owned),
            }
        };
        let rows = changes.now.iter().filter_map(|leader| {
            let reports = incidents.reports(leader);
            let reports: Vec<_> = reports.iter().filter_map(record).collect();
            let reports: Vec<_> = reports.iter().map(AsRef::as_ref).collect();
            IncidentRecord::new(&reports).map(|incident| incident_row(&incident))
        });
        let gone: HashSet<_> = changes
            .gone
            .iter()
            .map(|leader| incident_id(leader))
            .collect();
        let layer = self
            .incidents
            .with(version, |row| gone.contains(row.id()), rows);
        let mut groups = Arc::clone(&self.groups);
        // Readers hold the old groups: they are copied, once.
        Arc::make_mut(&mut groups).update(incidents, changes);
        (layer, groups)
    }

    /// Without these articles and their events.
    pub(super) fn without(
        &self,
        edition: Edition,
        articles: &[String],
        incidents: &mut Incidents,
    ) -> Self {
        let gone: HashSet<_> = articles.iter().cloned().collect();
        let changes = incidents.remove(&gone);
        let version = edition.version;
        let (incidents, groups) = self.incidents_with(version, &changes, &[], incidents);
        Self {
            events: self
                .events
                .with(version, read_from(&self.events, &gone), std::iter::empty()),
            movements: self.movements.with(
                version,
                read_from(&self.movements, &gone),
                std::iter::empty(),
            ),
            articles: self.articles.with(
                version,
                |row| gone.contains(row.id()),
                std::iter::empty(),
            ),
            incidents,
            groups,
            edition,
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
        .filter_map(|id| layer.vocabulary().words.find(id))
        .collect();
    move |row| column.is_some_and(|column| codes.contains(&row.codes[column]))
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

fn incident_row(incident: &IncidentRecord) -> Draft {
    let days = (incident.start, incident.end);
    let geometry = incident.point.and_then(Geometry::point);
    draft(&incident.id, incident, days, geometry, None)
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
        properties: match serde_json::to_value(record) {
            Ok(Value::Object(map)) => map,
            _ => Map::new(),
        },
    }
}
