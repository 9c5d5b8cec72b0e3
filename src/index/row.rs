use std::sync::Arc;

use jiff::civil::Date;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::layer::Vocabulary;
use super::search::words_of;
use super::{Geometry, Property};
use crate::domain::{EventRecord, numbered_day};

/// A row as it comes, before it has a place in the layer.
#[derive(Debug, Clone)]
pub struct Draft {
    /// The feature's id.
    pub id: String,
    /// Where it lies.
    pub geometry: Option<Geometry>,
    /// First and last day, as days since 1970-01-01.
    pub days: Option<(i32, i32)>,
    /// The values of all properties, in the order of the collection's table.
    pub properties: Map<String, Value>,
    /// The change that made it, where that is known to be an earlier one.
    pub version: Option<u64>,
}

/// One feature, serialised once.
#[derive(Debug)]
pub struct Row {
    pub(super) id: Arc<str>,
    /// Position in the order of first indexing; a row that is replaced keeps it.
    pub(super) sequence: u64,
    pub(super) geometry: Option<Geometry>,
    /// First and last day, as days since 1970-01-01.
    pub(super) days: Option<(i32, i32)>,
    /// The change that made it.
    pub(super) version: u64,
    /// For each property of the layer the number of its value in [`Vocabulary`]; 0 is none.
    pub(super) codes: Box<[u32]>,
    /// The words that `q` looks for.
    pub(super) text: Box<[u32]>,
    json: Box<str>,
    geometry_start: usize,
    geometry_end: usize,
}

/// What of a feature is not known otherwise.
#[derive(Deserialize)]
struct Properties {
    properties: Map<String, Value>,
}

impl Row {
    /// The row of a draft, in the place `sequence`, made by the change `version`.
    pub(super) fn new(
        draft: Draft,
        sequence: u64,
        version: u64,
        properties: &[Property],
        vocabulary: &mut Vocabulary,
    ) -> Self {
        let codes = properties
            .iter()
            .map(|property| {
                let value = draft.properties.get(property.name);
                let value = value.filter(|_| property.is_interned());
                value.map_or(0, |value| vocabulary.words.number(property, value))
            })
            .collect();
        let text = words_of(properties, &draft.properties, &mut vocabulary.lexicon);
        let mut json = format!(
            "{{\"type\":\"Feature\",\"id\":{},\"geometry\":",
            Value::from(&*draft.id)
        );
        let geometry_start = json.len();
        match &draft.geometry {
            Some(geometry) => json.push_str(&geometry.to_json(|p| [p.lon, p.lat]).to_string()),
            None => json.push_str("null"),
        }
        let geometry_end = json.len();
        json.push_str(",\"properties\":");
        json.push_str(&Value::Object(draft.properties).to_string());
        json.push('}');
        Self {
            id: draft.id.into(),
            sequence,
            geometry: draft.geometry,
            days: draft.days,
            version,
            codes,
            text,
            json: json.into(),
            geometry_start,
            geometry_end,
        }
    }

    /// The feature's id.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Position in the order of first indexing, which it keeps.
    pub fn sequence(&self) -> u64 {
        self.sequence
    }

    /// Where it lies.
    pub fn geometry(&self) -> Option<&Geometry> {
        self.geometry.as_ref()
    }

    /// First and last day; `None` when it has no date.
    pub fn days(&self) -> Option<(Date, Date)> {
        self.days
            .map(|(first, last)| (numbered_day(first), numbered_day(last)))
    }

    /// The values of all properties, in order.
    pub fn properties(&self) -> Map<String, Value> {
        match serde_json::from_str::<Properties>(&self.json) {
            Ok(feature) => feature.properties,
            Err(_) => Map::new(),
        }
    }

    /// The GeoJSON Feature: `{"type":"Feature","id":…,"geometry":…,"properties":{…}}`, in this order.
    pub fn json(&self) -> &str {
        &self.json
    }

    /// The event that the row was made of; `None` when it was made of something else.
    pub(super) fn event(&self) -> Option<EventRecord> {
        let mut feature: Value = serde_json::from_str(&self.json).ok()?;
        let mut event: EventRecord = serde_json::from_value(feature["properties"].take()).ok()?;
        event.point = match self.geometry {
            Some(Geometry::Point(point)) => Some(point),
            _ => None,
        };
        Some(event)
    }

    /// The feature up to the geometry, and from behind it to the end.
    pub fn around_geometry(&self) -> (&str, &str) {
        (
            &self.json[..self.geometry_start],
            &self.json[self.geometry_end..],
        )
    }
}
