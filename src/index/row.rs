use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::{Geometry, Property};
use crate::domain::EventRecord;

/// A row as it comes, before it has a place in the layer.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    pub(super) id: String,
    pub(super) geometry: Option<Geometry>,
    /// First and last day, as days since 1970-01-01.
    pub(super) days: Option<(i32, i32)>,
    pub(super) properties: Map<String, Value>,
}

/// One feature, serialised once.
#[derive(Debug)]
pub struct Row {
    pub(super) id: Arc<str>,
    /// Position in the order of first indexing; a row that is replaced keeps it.
    pub(super) sequence: u64,
    pub(super) geometry: Option<Geometry>,
    pub(super) days: Option<(i32, i32)>,
    /// For each property of the layer the number of its value in [`Words`]; 0 is none.
    pub(super) codes: Box<[u32]>,
    json: Box<str>,
    geometry_start: usize,
    geometry_end: usize,
}

impl Row {
    pub(super) fn new(
        draft: Draft,
        sequence: u64,
        properties: &[Property],
        words: &mut Words,
    ) -> Self {
        let codes = properties
            .iter()
            .map(|property| {
                let value = draft.properties.get(property.name);
                match value.filter(|_| property.is_interned()).and_then(canonical) {
                    Some(text) => words.number(&text),
                    None => 0,
                }
            })
            .collect();
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
            codes,
            json: json.into(),
            geometry_start,
            geometry_end,
        }
    }

    /// The feature's id.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Where it lies.
    pub fn geometry(&self) -> Option<&Geometry> {
        self.geometry.as_ref()
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

/// The values that occur in a layer's properties, numbered from 1.
#[derive(Debug, Clone, Default)]
pub(super) struct Words(HashMap<Box<str>, u32>);

impl Words {
    fn number(&mut self, text: &str) -> u32 {
        if let Some(known) = self.find(text) {
            return known;
        }
        let next = self.0.len() as u32 + 1;
        self.0.insert(text.into(), next);
        next
    }

    pub(super) fn find(&self, text: &str) -> Option<u32> {
        self.0.get(text).copied()
    }
}

/// One spelling for each value: numbers as the shortest decimal.
fn canonical(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::String(text) => Some(text.into()),
        Value::Number(number) => number.as_f64().map(|n| n.to_string().into()),
        Value::Bool(truth) => Some(truth.to_string().into()),
        _ => None,
    }
}
