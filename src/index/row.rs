use std::borrow::Cow;

use jiff::civil::Date;
use serde_json::{Map, Value as Json};

use super::layout::Piece;
use super::predicate::Fields;
use super::records::{Texts, utf8};
use super::segment::Segment;
use super::words::words_of;
use super::{Geometry, Value, written};
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
    /// The values of all properties: a JSON object, whose members stand best in the order of the collection's table.
    pub properties: String,
    /// The change that made it, where that is known to be an earlier one.
    pub version: Option<u64>,
    /// What the row is made of: the ids of other rows.
    pub parts: Vec<String>,
}

/// One feature of a layer. It was written when it was indexed, in pieces: all that is the same in other rows is kept
/// once.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    pub(super) segment: &'a Segment,
    pub(super) number: u32,
}

impl<'a> Row<'a> {
    /// The feature's id.
    pub fn id(self) -> &'a str {
        utf8(self.segment.records.id(self.number))
    }

    /// Position in the order of first indexing, which it keeps.
    pub fn sequence(self) -> u64 {
        self.segment.records.sequence(self.number).into()
    }

    /// The change that made it.
    pub(super) fn version(self) -> u64 {
        self.segment.records.version(self.number).into()
    }

    /// Where it lies.
    pub fn geometry(self) -> Option<Cow<'a, Geometry>> {
        self.segment.geometry(self.number)
    }

    /// First and last day; `None` when it has no date.
    pub fn days(self) -> Option<(Date, Date)> {
        let (first, last) = self.segment.records.days(self.number);
        (first <= last).then(|| (numbered_day(first), numbered_day(last)))
    }

    /// The value of a property, by its place in the collection's table.
    pub fn value(self, column: usize) -> Value<'a> {
        let property = &self.segment.records.layout.properties[column];
        if property.name == "id" {
            return Value::Text(Cow::Borrowed(self.id()));
        }
        written::value(self.written(column), property.kind)
    }

    /// The same as it is written in JSON.
    pub(super) fn written(self, column: usize) -> &'a [u8] {
        let layout = &self.segment.records.layout;
        layout.place(column).map_or(b"null", |place| {
            let piece = &layout.pieces[place.piece].0;
            let own = self.segment.records.own(self.number);
            let members = self.piece(piece, &own).get(1..).unwrap_or_default();
            written::member(members, place.member)
        })
    }

    /// The values of all properties, in order.
    pub fn properties(self) -> Map<String, Json> {
        serde_json::from_slice(&self.object()).unwrap_or_default()
    }

    /// The same as a JSON object.
    fn object(self) -> Vec<u8> {
        let records = &self.segment.records;
        let own = records.own(self.number);
        let mut json = Vec::with_capacity(records.length(self.number) + 20);
        json.extend_from_slice(b"{\"id\":\"");
        json.extend_from_slice(&records.escaped(own[0]));
        json.push(b'"');
        self.write_properties(&mut json, &own);
        json.push(b'}');
        json
    }

    /// The GeoJSON Feature: `{"type":"Feature","id":…,"geometry":…,"properties":{…}}`, in this order.
    pub fn json(self) -> String {
        let mut json = Vec::new();
        self.write(&mut json, None);
        json.extend_from_slice(b"}}");
        String::from_utf8(json).unwrap_or_default()
    }

    /// How many bytes the feature of an event takes, and hardly more: who makes room for so many need not make more.
    pub fn length(self) -> usize {
        // The names and braces around geometry, properties and incident.
        const AROUND: usize = 140;
        let records = &self.segment.records;
        // The id stands there three times.
        let ids = 2 * records.id(self.number).len();
        records.length(self.number) + ids + AROUND
    }

    /// Writes the GeoJSON Feature but for the two braces at its end, so that properties can be added; with another
    /// geometry than its own, where one is given.
    pub fn write(self, json: &mut Vec<u8>, geometry: Option<&Json>) {
        let records = &self.segment.records;
        let own = records.own(self.number);
        let id = records.escaped(own[0]);
        json.extend_from_slice(b"{\"type\":\"Feature\",\"id\":\"");
        json.extend_from_slice(&id);
        match (geometry, own[1]) {
            (None, position) if position.starts_with(b"[") => {
                json.extend_from_slice(b"\",\"geometry\":{\"type\":\"Point\",\"coordinates\":");
                json.extend_from_slice(position);
                json.extend_from_slice(b"},\"properties\":{\"id\":\"");
            }
            (geometry, whole) => {
                json.extend_from_slice(b"\",\"geometry\":");
                match geometry {
                    Some(geometry) => json.extend_from_slice(geometry.to_string().as_bytes()),
                    None => json.extend_from_slice(whole),
                }
                json.extend_from_slice(b",\"properties\":{\"id\":\"");
            }
        }
        json.extend_from_slice(&id);
        json.push(b'"');
        self.write_properties(json, &own);
    }

    /// Writes all pieces but the id.
    fn write_properties(self, json: &mut Vec<u8>, own: &Texts<'a>) {
        for (piece, _) in &self.segment.records.layout.pieces[1..] {
            json.extend_from_slice(self.piece(piece, own));
        }
    }

    /// Writes the id in the text of a JSON string.
    pub(super) fn write_id(self, json: &mut Vec<u8>) {
        let records = &self.segment.records;
        json.extend_from_slice(&records.escaped(records.id(self.number)));
    }

    fn piece(self, piece: &Piece, own: &Texts<'a>) -> &'a [u8] {
        match piece {
            Piece::Id => &[],
            Piece::Own(n) => own[2 + n],
            Piece::Run(n) => self.segment.records.run(self.number, *n),
        }
    }

    /// The ids of what the row is made of.
    pub fn parts(self) -> impl Iterator<Item = &'a str> {
        let records = &self.segment.records;
        let all = utf8(records.own(self.number)[records.layout.own + 2]);
        all.split('\n').filter(|id| !id.is_empty())
    }

    /// Whether the searched text has one of the phrases.
    pub(super) fn has_any(self, phrases: &[Vec<String>]) -> bool {
        let layout = &self.segment.records.layout;
        layout.searched.iter().any(|&column| {
            let Some(text) = written::text(self.written(column)) else {
                return false;
            };
            let words = words_of(&text);
            phrases
                .iter()
                .any(|phrase| words.windows(phrase.len()).any(|found| found == phrase))
        })
    }

    /// Whether the row says where forces come from and where they go.
    pub(super) fn is_moving(self) -> bool {
        let mut ends = self.segment.records.layout.ends.iter();
        ends.all(|&column| self.written(column) != b"null")
    }

    /// The event that the row was made of; `None` when it was made of something else.
    pub fn event(self) -> Option<EventRecord> {
        let mut event: EventRecord = serde_json::from_slice(&self.object()).ok()?;
        event.point = match self.geometry().as_deref() {
            Some(Geometry::Point(point)) => Some(*point),
            _ => None,
        };
        Some(event)
    }
}

/// Writes a text as JSON has it.
pub fn write_text(json: &mut Vec<u8>, text: &[u8]) {
    if has_special(text) {
        json.extend_from_slice(Json::from(utf8(text)).to_string().as_bytes());
    } else {
        json.push(b'"');
        json.extend_from_slice(text);
        json.push(b'"');
    }
}

/// Whether JSON writes some of the characters in another way.
pub(super) fn has_special(text: &[u8]) -> bool {
    // All bytes are looked at, whatever the first ones are, so that several can be at once.
    let special =
        |byte: u8| u8::from(byte < b' ') | u8::from(byte == b'"') | u8::from(byte == b'\\');
    text.iter().fold(0, |all, &byte| all | special(byte)) != 0
}

impl Fields for Row<'_> {
    fn value(&self, column: usize) -> Value<'_> {
        (*self).value(column)
    }

    fn geometry(&self) -> Option<Cow<'_, Geometry>> {
        (*self).geometry()
    }
}
