//! What rows are made of, row after row: what each has in as many bytes, its own texts, and the numbers of those that
//! it shares with others.

use std::borrow::Cow;
use std::sync::Arc;

use serde_json::Value as Json;

use super::flat::Flat;
use super::fragments::{Interner, fragment, put_length, take_length};
use super::layout::{Layout, Piece};
use super::row::has_special;
use super::tree::{self, UNDATED};
use super::{Draft, Geometry, Row, written};
use crate::domain::Point;

/// Instead of a longitude: the row has no geometry, or no other end.
const NOWHERE: i32 = i32::MIN;
/// Instead of a longitude: the row has another geometry than a point or a line.
const SHAPED: i32 = i32::MIN + 1;

/// A row has at most so many texts of its own.
pub(super) const MOST_TEXTS: usize = 8;

/// Texts of a row.
pub(super) type Texts<'a> = [&'a [u8]; MOST_TEXTS];

/// Where a row lies.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Site {
    /// It has no place.
    Nowhere,
    /// At one position.
    Point(Point),
    /// From one position to another.
    Line([Point; 2]),
    /// Somewhere else: its geometry says where.
    Shape,
}

/// What each row has in as many bytes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fixed {
    /// Longitude and latitude in units, first and last day.
    pub(super) spot: [i32; 4],
    /// Of a line: longitude and latitude of its other end.
    pub(super) end: Option<[i32; 2]>,
    /// Sequence and version.
    pub(super) mark: [u32; 2],
}

/// See the module.
#[derive(Debug)]
pub(super) struct Records {
    pub(super) layout: Arc<Layout>,
    /// Longitude, latitude, first and last day.
    pub(super) spots: Flat<[i32; 4]>,
    /// Where each line ends that begins at its spot; empty where no row is a line.
    pub(super) ends: Flat<[i32; 2]>,
    /// Sequence and version.
    pub(super) marks: Flat<[u32; 2]>,
    /// Where each row's own texts begin, and where the last one's end.
    pub(super) begins: Flat<u64>,
    /// Of each row: the lengths of its own texts, and the texts.
    pub(super) own: Flat<u8>,
    /// The fragments of each row's runs, row after row.
    pub(super) runs: Flat<u32>,
    pub(super) fragments: Flat<u8>,
    /// Whether JSON writes all ids as they are.
    pub(super) has_plain_ids: bool,
}

impl Records {
    pub(super) fn len(&self) -> usize {
        self.marks.len()
    }

    pub(super) fn fixed(&self, number: u32) -> Fixed {
        Fixed {
            spot: self.spots[number as usize],
            end: self.end(number),
            mark: self.marks[number as usize],
        }
    }

    fn end(&self, number: u32) -> Option<[i32; 2]> {
        let end = self.ends.get(number as usize).copied();
        end.filter(|[lon, _]| *lon != NOWHERE)
    }

    #[inline]
    pub(super) fn days(&self, number: u32) -> (i32, i32) {
        let [_, _, first, last] = self.spots[number as usize];
        (first, last)
    }

    #[inline]
    pub(super) fn sequence(&self, number: u32) -> u32 {
        self.marks[number as usize][0]
    }

    pub(super) fn version(&self, number: u32) -> u32 {
        self.marks[number as usize][1]
    }

    /// A row's own texts with their lengths before them.
    pub(super) fn own_record(&self, number: u32) -> &[u8] {
        let number = number as usize;
        let range = self.begins[number] as usize..self.begins[number + 1] as usize;
        self.own.get(range).unwrap_or_default()
    }

    /// The texts of a row's own: its id, its geometry, those of the layout, and its parts, a line each.
    pub(super) fn own(&self, number: u32) -> Texts<'_> {
        let record = self.own_record(number);
        let mut at = 0;
        let mut lengths = [0; MOST_TEXTS];
        let lengths = &mut lengths[..self.layout.own + 3];
        for length in lengths.iter_mut() {
            *length = take_length(record, &mut at);
        }
        let mut texts: Texts<'_> = [&[]; MOST_TEXTS];
        for (text, length) in texts.iter_mut().zip(lengths) {
            *text = record.get(at..at + *length).unwrap_or_default();
            at += *length;
        }
        texts
    }

    /// An id as JSON has it between quotes.
    pub(super) fn escaped<'a>(&self, id: &'a [u8]) -> Cow<'a, [u8]> {
        if self.has_plain_ids {
            return Cow::Borrowed(id);
        }
        let written = Json::from(utf8(id)).to_string();
        Cow::Owned(written.as_bytes()[1..written.len() - 1].to_vec())
    }

    /// A row's id.
    pub(super) fn id(&self, number: u32) -> &[u8] {
        id_of(self.own_record(number), &self.layout)
    }

    /// The numbers of a row's runs.
    pub(super) fn runs(&self, number: u32) -> &[u32] {
        let runs = self.layout.runs;
        let begin = number as usize * runs;
        self.runs.get(begin..begin + runs).unwrap_or_default()
    }

    pub(super) fn run(&self, number: u32, run: usize) -> &[u8] {
        let run = self.runs(number).get(run);
        run.map_or(&[], |&run| fragment(&self.fragments, run))
    }

    /// How long the texts of a row are, about.
    pub(super) fn length(&self, number: u32) -> usize {
        let runs = self.runs(number).iter();
        let runs = runs.map(|&run| fragment(&self.fragments, run).len());
        let own = self.own(number);
        let own = own.iter().map(|text| text.len());
        own.chain(runs).sum()
    }

    pub(super) fn site(&self, number: u32) -> Site {
        let point = |lon, lat| Point {
            lon: tree::degrees(lon),
            lat: tree::degrees(lat),
        };
        match (self.spots[number as usize], self.end(number)) {
            ([NOWHERE, ..], _) => Site::Nowhere,
            ([SHAPED, ..], _) => Site::Shape,
            ([lon, lat, ..], None) => Site::Point(point(lon, lat)),
            ([lon, lat, ..], Some([to_lon, to_lat])) => {
                Site::Line([point(lon, lat), point(to_lon, to_lat)])
            }
        }
    }
}

/// The first of a row's own texts.
fn id_of<'a>(record: &'a [u8], layout: &Layout) -> &'a [u8] {
    let mut at = 0;
    let length = take_length(record, &mut at);
    for _ in 1..layout.own + 3 {
        take_length(record, &mut at);
    }
    record.get(at..at + length).unwrap_or_default()
}

/// Collects rows in the order in which they come.
#[derive(Debug)]
pub(super) struct Writer {
    layout: Arc<Layout>,
    spots: Vec<[i32; 4]>,
    ends: Vec<[i32; 2]>,
    marks: Vec<[u32; 2]>,
    begins: Vec<u64>,
    own: Vec<u8>,
    runs: Vec<u32>,
    fragments: Interner,
    has_plain_ids: bool,
}

impl Writer {
    pub(super) fn new(layout: &Arc<Layout>, rows: usize) -> Self {
        let mut begins = Vec::with_capacity(rows + 1);
        begins.push(0);
        Self {
            layout: Arc::clone(layout),
            spots: Vec::with_capacity(rows),
            ends: Vec::new(),
            marks: Vec::with_capacity(rows),
            begins,
            own: Vec::new(),
            runs: Vec::with_capacity(rows * layout.runs),
            fragments: Interner::default(),
            has_plain_ids: true,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.marks.len()
    }

    pub(super) fn sequence(&self, number: u32) -> u32 {
        self.marks[number as usize][0]
    }

    /// Bytes of texts so far.
    pub(super) fn size(&self) -> usize {
        self.own.len() + self.fragments.fragments().len()
    }

    /// Adds a row.
    pub(super) fn push(&mut self, fixed: Fixed, text: &Text) {
        self.begin(fixed, &text.own);
        for run in &text.runs {
            self.runs.push(self.fragments.number(run.as_bytes()));
        }
    }

    /// Adds a row of others as it is.
    pub(super) fn copy(&mut self, from: &Records, number: u32) {
        self.begin(from.fixed(number), from.own_record(number));
        for &run in from.runs(number) {
            let text = fragment(&from.fragments, run);
            self.runs.push(self.fragments.number(text));
        }
    }

    fn begin(&mut self, fixed: Fixed, own: &[u8]) {
        if let Some(end) = fixed.end {
            self.ends.resize(self.spots.len(), [NOWHERE; 2]);
            self.ends.push(end);
        }
        self.spots.push(fixed.spot);
        self.marks.push(fixed.mark);
        self.own.extend_from_slice(own);
        self.begins.push(self.own.len() as u64);
        self.has_plain_ids &= !has_special(id_of(own, &self.layout));
    }

    /// No more will come.
    pub(super) fn finish(self) -> Records {
        Records {
            layout: self.layout,
            spots: self.spots.into(),
            ends: self.ends.into(),
            marks: self.marks.into(),
            begins: self.begins.into(),
            own: self.own.into(),
            runs: self.runs.into(),
            fragments: self.fragments.finish().into(),
            has_plain_ids: self.has_plain_ids,
        }
    }
}

/// A draft as it is kept.
#[derive(Debug, Default)]
pub(super) struct Text {
    own: Vec<u8>,
    runs: Vec<String>,
}

impl Text {
    pub(super) fn new(draft: &Draft, layout: &Layout) -> Self {
        let mut own = Vec::new();
        let mut texts = String::new();
        let mut add = |text: &str| {
            put_length(&mut own, text.len());
            texts.push_str(text);
        };
        add(&draft.id);
        match &draft.geometry {
            Some(Geometry::Point(point)) => {
                add(&Json::from(vec![point.lon, point.lat]).to_string());
            }
            Some(geometry) => add(&geometry.to_json(|p| [p.lon, p.lat]).to_string()),
            None => add("null"),
        }
        let mut runs = Vec::with_capacity(layout.runs);
        let inner = draft.properties.strip_prefix('{');
        let inner = inner.and_then(|text| text.strip_suffix('}'));
        let given = written::Members(inner.unwrap_or_default());
        let mut next = given.clone();
        for (piece, columns) in &layout.pieces {
            if *piece == Piece::Id {
                next.next();
                continue;
            }
            let mut members = String::new();
            for property in &layout.properties[columns.clone()] {
                members.push(',');
                let is_it = |(name, _): &(&str, &str)| *name == property.name;
                let member = next
                    .next()
                    .filter(is_it)
                    .or_else(|| given.clone().find(is_it));
                if let Some((_, member)) = member {
                    members.push_str(member);
                } else {
                    members.extend(["\"", property.name, "\":null"]);
                }
            }
            match piece {
                Piece::Run(_) => runs.push(members),
                _ => add(&members),
            }
        }
        add(&draft.parts.join("\n"));
        own.extend_from_slice(texts.as_bytes());
        Self { own, runs }
    }

    /// Whether a row says the same.
    pub(super) fn is_of(&self, row: Row<'_>) -> bool {
        let records = &row.segment.records;
        records.own_record(row.number) == self.own
            && (0..self.runs.len()).all(|n| records.run(row.number, n) == self.runs[n].as_bytes())
    }
}

impl Fixed {
    /// Of a draft.
    pub(super) fn new(draft: &Draft, sequence: u64, version: u64) -> Self {
        let in_units = |point: Point| [tree::units(point.lon), tree::units(point.lat)];
        let ([lon, lat], end) = match &draft.geometry {
            None => ([NOWHERE, 0], None),
            Some(Geometry::Point(point)) => (in_units(*point), None),
            Some(Geometry::Line([from, to])) => (in_units(*from), Some(in_units(*to))),
            Some(Geometry::Area(_)) => ([SHAPED, 0], None),
        };
        let days = draft.days.unwrap_or(UNDATED);
        Self {
            spot: [lon, lat, days.0, days.1],
            end,
            mark: [sequence, version].map(|number| u32::try_from(number).unwrap_or(u32::MAX)),
        }
    }
}

/// What is no UTF-8 cannot have been written by this program.
pub(super) fn utf8(text: &[u8]) -> &str {
    std::str::from_utf8(text).unwrap_or_default()
}
