use std::collections::HashSet;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::domain::{Action, DatePrecision, EventRecord, PartialDate, Point, Status};

/// An incident, flat: one row of the collection `incidents`.
///
/// What its reports agree on, and where they do not, what most articles say. Dates are RFC 3339 full dates, distances
/// kilometres; lists are in one text, with `; ` between the values.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct IncidentRecord {
    /// Stable as long as its most exact report is there: that one's id.
    pub id: String,
    /// What most articles say happened.
    pub action: Action,
    /// All that they say happened, in the order of the event model.
    pub actions: String,
    /// Whether it is done or only said, as most articles have it.
    pub status: Status,
    /// All that they say of it, in the order of the event model.
    pub statuses: String,
    /// Whether they say different things of it.
    pub status_disagree: bool,
    /// Who acts, as most articles that name somebody have it.
    pub actor: Option<String>,
    /// The registry's id.
    pub actor_id: Option<String>,
    /// All who are said to act, the most exact report's first.
    pub actors: Option<String>,
    /// Against whom.
    pub counterpart: Option<String>,
    /// The registry's id.
    pub counterpart_id: Option<String>,
    /// Canonical name of the most precise place.
    pub place: Option<String>,
    /// Its gazetteer id.
    pub place_id: Option<String>,
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// First-order division's name.
    pub admin1: Option<String>,
    /// UCDP GED `where_prec`, 1 to 7.
    pub geo_precision: u8,
    /// How far from the point the truth may lie.
    pub radius_km: Option<f64>,
    /// The most exact date, as EDTF.
    pub date: Option<String>,
    /// First day that it spans.
    pub start: Option<Date>,
    /// Last day that it spans.
    pub end: Option<Date>,
    /// How precisely it is known.
    pub date_precision: DatePrecision,
    /// All dates that are given, the most exact first.
    pub dates: Option<String>,
    /// 0 to 1: that of the surest report. Reports copy each other, so that more of them prove little.
    pub confidence: f64,
    /// How many events tell of it.
    pub reports: usize,
    /// In how many articles.
    pub articles: usize,
    /// The earliest publication among them; of a month, its last day counts.
    pub first_reported: Option<PartialDate>,
    /// Of the most precise place; `None` when no report's place could be resolved.
    #[serde(skip)]
    pub point: Option<Point>,
}

/// What stands before the id of its leader in the id of an incident.
pub const PREFIX: &str = "i-";

/// The id of the incident that an event leads.
pub fn incident_id(leader: &str) -> String {
    [PREFIX, leader].concat()
}

impl IncidentRecord {
    /// Sums reports up; `reports` are in the order in which [`super::Incidents::reports`] gives them. Of no reports
    /// there is no incident.
    pub fn new(reports: &[&EventRecord]) -> Option<Self> {
        let first = *reports.first()?;
        // The first of equals is taken: reports come with the most exact date first.
        let place = *reports.iter().min_by_key(|report| {
            let metres = report.radius_km.map_or(u32::MAX, |km| (km * 1000.0) as u32);
            (report.point.is_none(), report.geo_precision, metres)
        })?;
        let actions = said(reports, |report| Some(report.action));
        let statuses = said(reports, |report| Some(report.status));
        let named = |report: &EventRecord| report.actor.clone();
        let actors = said(reports, named);
        let actor = most(&actors).and_then(|name| find(reports, named, name));
        let against = |report: &EventRecord| report.counterpart.clone();
        let counterparts = said(reports, against);
        let counterpart = most(&counterparts).and_then(|name| find(reports, against, name));
        let dates = said(reports, |report| report.date.clone());
        let published = reports.iter().filter_map(|report| report.published);
        let confidence = reports.iter().map(|report| report.confidence);
        let articles: HashSet<_> = reports.iter().map(|report| &report.article).collect();
        Some(Self {
            id: incident_id(&first.id),
            action: *most(&actions)?,
            actions: listed(Action::ALL, &actions),
            status: *most(&statuses)?,
            statuses: listed(Status::ALL, &statuses),
            status_disagree: statuses.len() > 1,
            actor: actor.and_then(|report| report.actor.clone()),
            actor_id: actor.and_then(|report| report.actor_id.clone()),
            actors: joined(&actors),
            counterpart: counterpart.and_then(|report| report.counterpart.clone()),
            counterpart_id: counterpart.and_then(|report| report.counterpart_id.clone()),
            place: place.place.clone(),
            place_id: place.place_id.clone(),
            country: place.country.clone(),
            admin1: place.admin1.clone(),
            geo_precision: place.geo_precision,
            radius_km: place.radius_km,
            date: first.date.clone(),
            start: first.start,
            end: first.end,
            date_precision: first.date_precision,
            dates: joined(&dates),
            confidence: confidence.fold(0.0, f64::max),
            reports: reports.len(),
            articles: articles.len(),
            first_reported: published.min_by_key(|published| {
                let days = published.interval();
                (days.end, days.start)
            }),
            point: place.point,
        })
    }
}

/// What the reports say, each value once and as they come, with the number of articles that have it.
fn said<T: PartialEq>(
    reports: &[&EventRecord],
    value: impl Fn(&EventRecord) -> Option<T>,
) -> Vec<(T, usize)> {
    let mut values: Vec<(T, HashSet<&str>)> = Vec::new();
    for report in reports {
        let Some(value) = value(report) else { continue };
        match values.iter_mut().find(|(known, _)| *known == value) {
            Some((_, articles)) => {
                articles.insert(&report.article);
            }
            None => values.push((value, HashSet::from([report.article.as_str()]))),
        }
    }
    let counted = values.into_iter().map(|(value, of)| (value, of.len()));
    counted.collect()
}

/// The value that most articles have; of equals the first.
fn most<T>(values: &[(T, usize)]) -> Option<&T> {
    let best = values.iter().rev().max_by_key(|(_, articles)| *articles);
    best.map(|(value, _)| value)
}

fn find<'a>(
    reports: &[&'a EventRecord],
    value: impl Fn(&EventRecord) -> Option<String>,
    wanted: &str,
) -> Option<&'a EventRecord> {
    let mut having = reports
        .iter()
        .filter(|report| value(report).as_deref() == Some(wanted));
    having.next().copied()
}

/// Those that were said, in the order of the event model.
fn listed<T: PartialEq + ToString>(all: &[T], values: &[(T, usize)]) -> String {
    let is_said = |one: &&T| values.iter().any(|(value, _)| value == *one);
    let names: Vec<_> = all
        .iter()
        .filter(is_said)
        .map(ToString::to_string)
        .collect();
    names.join("; ")
}

fn joined(values: &[(String, usize)]) -> Option<String> {
    let values: Vec<_> = values.iter().map(|(value, _)| value.as_str()).collect();
    (!values.is_empty()).then(|| values.join("; "))
}
