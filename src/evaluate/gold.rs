use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::{CorpusError, Measure};
use crate::domain::Point;
use crate::gazetteer::Gazetteer;

/// An article of the gold standard: its places, and the events that happen there.
#[derive(Debug, Deserialize)]
struct Record {
    article: String,
    places: Vec<Toponym>,
    events: Vec<Event>,
}

#[derive(Debug, Deserialize)]
struct Toponym {
    surface: String,
    name: String,
    country: Option<String>,
    lat: Option<f64>,
    lon: Option<f64>,
}

#[derive(Debug, Deserialize)]
struct Event {
    place: Option<String>,
    kind: Option<String>,
    lat: Option<f64>,
    lon: Option<f64>,
    radius_km: Option<f64>,
    #[serde(default)]
    must: bool,
}

/// Two gold points this near (km) are one place.
const SAME_KM: f64 = 5.0;

/// A gold standard of events (JSON lines): the share of the points where main events happen that the
/// gazetteer holds within the gold radius, under any form that the article writes; in all, by exact names
/// only, and for each country.
///
/// # Errors
/// When a line is no such record.
pub fn gold(gazetteer: &Gazetteer, lines: &str) -> Result<Vec<Measure>, CorpusError> {
    let mut all = Measure::new("points of main events");
    let mut exact = Measure::new("points of main events, exact names only");
    let mut countries = BTreeMap::<String, Measure>::new();
    for (line, text) in lines
        .lines()
        .enumerate()
        .filter(|(_, text)| !text.trim().is_empty())
    {
        let record: Record = serde_json::from_str(text).map_err(|error| CorpusError {
            line: line + 1,
            message: format!("no gold record: {error}"),
        })?;
        let mut seen = BTreeSet::new();
        for event in record.events.iter().filter(|event| event.must) {
            let (Some(place), Some("point"), Some(lat), Some(lon)) =
                (&event.place, event.kind.as_deref(), event.lat, event.lon)
            else {
                continue;
            };
            if !seen.insert(place) {
                continue;
            }
            let there = Point { lon, lat };
            let (forms, country) = forms(&record, place, there);
            // Where the gold does not say the country, the place itself does.
            let country = country.or_else(|| {
                let located = gazetteer.locate(there).0?;
                gazetteer.country_of(located).map(str::to_owned)
            });
            let codes: Vec<&str> = country.as_deref().into_iter().collect();
            let radius = event.radius_km.unwrap_or(15.0);
            let near = |place| gazetteer.point(place).distance_km(there) <= radius;
            let found = forms.iter().any(|form| {
                gazetteer
                    .search(form, &codes)
                    .iter()
                    .any(|found| near(found.place))
            });
            let exactly = forms.iter().any(|form| {
                gazetteer
                    .lookup(form, None)
                    .iter()
                    .any(|found| near(found.reference))
            });
            let name = || {
                format!(
                    "{place} ({}, {})",
                    country.as_deref().unwrap_or("?"),
                    record.article
                )
            };
            all.count(found, name);
            exact.count(exactly, name);
            let code = country.clone().unwrap_or_else(|| "?".to_owned());
            let measure = countries
                .entry(code.clone())
                .or_insert_with(|| Measure::new(code));
            measure.count(found, name);
        }
    }
    Ok([all, exact]
        .into_iter()
        .chain(countries.into_values())
        .collect())
}

/// The forms in which an article writes a place, and its country.
fn forms<'a>(record: &'a Record, place: &'a str, there: Point) -> (Vec<&'a str>, Option<String>) {
    let mut forms = vec![place];
    let mut country = None;
    for toponym in &record.places {
        let point = toponym
            .lat
            .zip(toponym.lon)
            .map(|(lat, lon)| Point { lon, lat });
        let near = point.is_some_and(|point| point.distance_km(there) <= SAME_KM);
        if toponym.name == place || near {
            forms.push(&toponym.surface);
            forms.push(&toponym.name);
            country = country.or_else(|| toponym.country.clone());
        }
    }
    (forms, country)
}
