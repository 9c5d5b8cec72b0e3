use std::borrow::Cow;
use std::fmt::Write;

use jiff::civil::Date;
use serde_json::{Map, Value as Json};

use super::layout::Piece;
use super::predicate::Fields;
use super::segment::{Segment, Texts};
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
    /// The values of all properties, in the order of the collection's table.
    pub properties: Map<String, Json>,
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
        self.segment.own(self.number)[0]
    }

    /// Position in the order of first indexing, which it keeps.
    pub fn sequence(self) -> u64 {
        self.segment.fixed(self.number).sequence.into()
    }

    /// The change that made it.
    pub(super) fn version(self) -> u64 {
        self.segment.fixed(self.number).version.into()
    }

    /// Where it lies.
    pub fn geometry(self) -> Option<Cow<'a, Geometry>> {
        self.segment.geometry(self.number)
    }

    /// First and last day; `None` when it has no date.
    pub fn days(self) -> Option<(Date, Date)> {
        let (first, last) = self.segment.fixed(self.number).days;
        (first <= last).then(|| (numbered_day(first), numbered_day(last)))
    }

    /// The value of a property, by its place in the collection's table.
    pub fn value(self, column: usize) -> Value<'a> {
        let property = &self.segment.layout.properties[column];
        if property.name == "id" {
            return Value::Text(Cow::Borrowed(self.id()));
        }
        written::value(self.written(column), property.kind)
    }

    /// The same as it is written in JSON.
    pub fn written(self, column: usize) -> &'a str {
        let layout = &self.segment.layout;
        layout.place(column).map_or("null", |place| {
            let piece = &layout.pieces[place.piece].0;
            let own = self.segment.own(self.number);
            written::member(self.piece(piece, &own), place.member)
        })
    }

    /// The values of all properties, in order.
    pub fn properties(self) -> Map<String, Json> {
        let mut json = String::from("{");
        self.write_properties(&mut json, &self.segment.own(self.number));
        json.push('}');
        serde_json::from_str(&json).unwrap_or_default()
    }

    /// The GeoJSON Feature: `{"type":"Feature","id":…,"geometry":…,"properties":{…}}`, in this order.
    pub fn json(self) -> String {
        let mut json = String::new();
        self.write(&mut json, None);
        json.push_str("}}");
        json
    }

    /// Writes the GeoJSON Feature but for the two braces at its end, so that properties can be added; with another
    /// geometry than its own, where one is given.
    pub fn write(self, json: &mut String, geometry: Option<&Json>) {
        let own = self.segment.own(self.number);
        json.push_str("{\"type\":\"Feature\",\"id\":");
        write_text(json, own[0]);
        json.push_str(",\"geometry\":");
        match (geometry, own[1]) {
            // Writing to a string cannot fail.
            (Some(geometry), _) => drop(write!(json, "{geometry}")),
            (None, position) if position.starts_with('[') => {
                json.push_str("{\"type\":\"Point\",\"coordinates\":");
                json.push_str(position);
                json.push('}');
            }
            (None, whole) => json.push_str(whole),
        }
        json.push_str(",\"properties\":{");
        self.write_properties(json, &own);
    }

    fn write_properties(self, json: &mut String, own: &Texts<'a>) {
        for (n, (piece, _)) in self.segment.layout.pieces.iter().enumerate() {
            if n > 0 {
                json.push(',');
            }
            if *piece == Piece::Id {
                json.push_str("\"id\":");
                write_text(json, own[0]);
            } else {
                json.push_str(self.piece(piece, own));
            }
        }
    }

    fn piece(self, piece: &Piece, own: &Texts<'a>) -> &'a str {
        match piece {
            Piece::Id => "",
            Piece::Own(n) => own[2 + n],
            Piece::Run(n) => self.segment.run(self.number, *n),
        }
    }

    /// The ids of what the row is made of.
    pub fn parts(self) -> impl Iterator<Item = &'a str> {
        let all = self.segment.own(self.number)[self.segment.layout.own + 2];
        all.split('\n').filter(|id| !id.is_empty())
    }

    /// Whether the searched text has one of the phrases.
    pub(super) fn has_any(self, phrases: &[Vec<String>]) -> bool {
        let layout = &self.segment.layout;
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

    /// The event that the row was made of; `None` when it was made of something else.
    pub(super) fn event(self) -> Option<EventRecord> {
        let mut event: EventRecord = serde_json::from_value(self.properties().into()).ok()?;
        event.point = match self.geometry().as_deref() {
            Some(Geometry::Point(point)) => Some(*point),
            _ => None,
        };
        Some(event)
    }
}

/// Writes a text as JSON has it.
pub fn write_text(json: &mut String, text: &str) {
    // All bytes are looked at, so that several can be at once.
    let is_special = |byte: u8| byte < b' ' || byte == b'"' || byte == b'\\';
    let special: usize = text.bytes().map(|byte| usize::from(is_special(byte))).sum();
    if special == 0 {
        json.push('"');
        json.push_str(text);
        json.push('"');
    } else {
        // Writing to a string cannot fail.
        let _ = write!(json, "{}", Json::from(text));
    }
}

impl Fields for Row<'_> {
    fn value(&self, column: usize) -> Value<'_> {
        (*self).value(column)
    }

    fn geometry(&self) -> Option<Cow<'_, Geometry>> {
        (*self).geometry()
    }
}
