//! Rows that were written together and never change: the order of their numbers is that of their sequence.

use std::borrow::Cow;
use std::sync::Arc;

use rustc_hash::FxHashMap;
use serde_json::Value as Json;

use super::fragments::{Fragments, Interner};
use super::layout::{Layout, Piece};
use super::part::Part;
use super::tree::{self, Entry, Tree, UNDATED};
use super::words::{Collector, Words};
use super::{Draft, Geometry, Row, written};
use crate::domain::{BoundingBox, Point};

/// Instead of a longitude: the row has no geometry.
const NOWHERE: i32 = i32::MIN;
/// Instead of a longitude: the row has another geometry than a point.
const SHAPED: i32 = i32::MIN + 1;

/// A row has at most so many texts of its own.
pub(super) const MOST_TEXTS: usize = 8;

/// Texts of a row.
pub(super) type Texts<'a> = [&'a str; MOST_TEXTS];

/// Writes a length, six bits a character, so that it can stand among texts.
fn put_length(text: &mut String, mut length: usize) {
    while length >= 64 {
        text.push(char::from(length as u8 & 63 | 64));
        length >>= 6;
    }
    text.push(char::from(length as u8));
}

/// Reads a length, and goes on behind it.
fn take_length(text: &[u8], at: &mut usize) -> usize {
    let (mut length, mut shift) = (0, 0);
    while let Some(&byte) = text.get(*at) {
        *at += 1;
        length |= usize::from(byte & 63) << shift;
        shift += 6;
        if byte < 64 {
            break;
        }
    }
    length
}

/// What each row has in as many bytes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fixed {
    lon: i32,
    lat: i32,
    /// First and last day.
    pub(super) days: (i32, i32),
    pub(super) sequence: u32,
    pub(super) version: u32,
    /// Where its own texts begin.
    own: u64,
}

/// See the module.
#[derive(Debug)]
pub(super) struct Segment {
    pub(super) layout: Arc<Layout>,
    fixed: Vec<Fixed>,
    /// Of each row: the lengths of its own texts, and the texts.
    own: String,
    /// The fragments of each row's runs, row after row.
    runs: Vec<u32>,
    fragments: Fragments,
    shapes: FxHashMap<u32, Geometry>,
    /// The rows in the order of their ids.
    by_id: Vec<u32>,
    pub(super) words: Words,
    pub(super) tree: Tree,
}

impl Segment {
    pub(super) fn len(&self) -> usize {
        self.fixed.len()
    }

    pub(super) fn row(&self, number: u32) -> Row<'_> {
        Row {
            segment: self,
            number,
        }
    }

    pub(super) fn fixed(&self, number: u32) -> &Fixed {
        &self.fixed[number as usize]
    }

    /// The texts of a row's own: its id, its geometry, those of the layout, and its parts, a line each.
    pub(super) fn own(&self, number: u32) -> Texts<'_> {
        let mut at = self.fixed(number).own as usize;
        let mut lengths = [0; MOST_TEXTS];
        let lengths = &mut lengths[..self.layout.own + 3];
        for length in lengths.iter_mut() {
            *length = take_length(self.own.as_bytes(), &mut at);
        }
        let mut texts = [""; MOST_TEXTS];
        for (text, length) in texts.iter_mut().zip(lengths) {
            *text = &self.own[at..at + *length];
            at += *length;
        }
        texts
    }

    fn fragment(&self, row: u32, run: usize) -> u32 {
        self.runs[row as usize * self.layout.runs + run]
    }

    pub(super) fn run(&self, row: u32, run: usize) -> &str {
        self.fragments.get(self.fragment(row, run))
    }

    pub(super) fn geometry(&self, number: u32) -> Option<Cow<'_, Geometry>> {
        let fixed = self.fixed(number);
        match fixed.lon {
            NOWHERE => None,
            SHAPED => self.shapes.get(&number).map(Cow::Borrowed),
            lon => Some(Cow::Owned(Geometry::Point(Point {
                lon: tree::degrees(lon),
                lat: tree::degrees(fixed.lat),
            }))),
        }
    }

    /// Whether a row's geometry is a point or none, so that the tree says all of it.
    pub(super) fn has_points_only(&self) -> bool {
        self.shapes.is_empty()
    }

    /// The number of the row of an id.
    pub(super) fn find(&self, id: &str) -> Option<u32> {
        let found = self
            .by_id
            .binary_search_by(|&number| self.row(number).id().cmp(id));
        found.ok().map(|place| self.by_id[place])
    }

    /// The number of the first row behind a sequence.
    pub(super) fn behind(&self, sequence: u64) -> u32 {
        self.fixed
            .partition_point(|fixed| u64::from(fixed.sequence) <= sequence) as u32
    }

    /// The number of the row of a sequence.
    pub(super) fn at(&self, sequence: u64) -> Option<u32> {
        let sequence = u32::try_from(sequence).ok()?;
        // Most often none between the first and it is missing.
        let first = self.fixed.first()?.sequence;
        let guess = sequence.checked_sub(first)?;
        let guessed = self.fixed.get(guess as usize);
        if guessed.is_some_and(|fixed| fixed.sequence == sequence) {
            return Some(guess);
        }
        let found = self
            .fixed
            .binary_search_by_key(&sequence, |fixed| fixed.sequence);
        found.ok().map(|number| number as u32)
    }

    /// The box around a row.
    pub(super) fn extent(&self, number: u32) -> Option<BoundingBox> {
        let geometry = self.geometry(number)?;
        if let Geometry::Point(Point { lon, lat }) = *geometry {
            return Some(BoundingBox {
                west: lon,
                south: lat,
                east: lon,
                north: lat,
            });
        }
        let corners = geometry.corners().into_iter();
        corners
            .map(|[low, high]| BoundingBox {
                west: low.lon,
                south: low.lat,
                east: high.lon,
                north: high.lat,
            })
            .reduce(around)
    }

    /// The rows of two parts that are not gone.
    pub(super) fn merged(parts: [&Part; 2]) -> Self {
        let layout = Arc::clone(&parts[0].segment.layout);
        let mut order: Vec<(usize, u32)> = Vec::new();
        for (n, part) in parts.iter().enumerate() {
            order.extend(part.numbers().map(|number| (n, number)));
        }
        order.sort_by_key(|&(n, number)| parts[n].segment.fixed(number).sequence);
        let mut numbers = parts.map(|part| vec![u32::MAX; part.segment.len()]);
        let mut known = parts.map(|part| vec![u32::MAX; part.segment.fragments.len()]);
        let mut fragments = Interner::default();
        let mut fixed = Vec::with_capacity(order.len());
        let mut runs = Vec::with_capacity(order.len() * layout.runs);
        let mut own = String::new();
        let mut shapes = FxHashMap::default();
        for (number, &(n, old)) in order.iter().enumerate() {
            let segment = &parts[n].segment;
            numbers[n][old as usize] = number as u32;
            for run in 0..layout.runs {
                let fragment = segment.fragment(old, run);
                let known = &mut known[n][fragment as usize];
                if *known == u32::MAX {
                    *known = fragments.number(segment.fragments.get(fragment));
                }
                runs.push(*known);
            }
            fixed.push(Fixed {
                own: own.len() as u64,
                ..*segment.fixed(old)
            });
            own.push_str(segment.own_record(old));
            if let Some(shape) = segment.shapes.get(&old) {
                shapes.insert(number as u32, shape.clone());
            }
        }
        own.shrink_to_fit();
        let lists = [0, 1].map(|n| (&parts[n].segment.words, &numbers[n][..]));
        let words = Words::merged(&lists);
        let mut by_id: Vec<u32> = Vec::with_capacity(order.len());
        for (part, numbers) in parts.iter().zip(&numbers) {
            let now = part.segment.by_id.iter().map(|&old| numbers[old as usize]);
            by_id.extend(now.filter(|&number| number != u32::MAX));
        }
        let mut segment = Self {
            layout,
            fixed,
            own,
            runs,
            fragments: fragments.finish(),
            shapes,
            by_id: Vec::new(),
            words,
            tree: Tree::default(),
        };
        // Two sorted lists: a stable sort finds and merges them.
        by_id.sort_by(|&a, &b| segment.row(a).id().cmp(segment.row(b).id()));
        segment.by_id = by_id;
        segment.tree = Tree::new(segment.entries());
        segment
    }

    /// A row's own texts with their lengths.
    fn own_record(&self, number: u32) -> &str {
        let start = self.fixed(number).own as usize;
        let mut at = start;
        let length: usize = (0..self.layout.own + 3)
            .map(|_| take_length(self.own.as_bytes(), &mut at))
            .sum();
        &self.own[start..at + length]
    }

    /// What stands in the tree.
    fn entries(&self) -> Vec<Entry> {
        let mut entries = Vec::with_capacity(self.len());
        for number in 0..self.len() as u32 {
            let Some(geometry) = self.geometry(number) else {
                continue;
            };
            let entry = |bounds| Entry {
                bounds,
                days: self.fixed(number).days,
                row: number,
                category: self.category(number),
            };
            entries.extend(tree::bounds_of(&geometry).into_iter().map(entry));
        }
        entries
    }

    /// What kind of thing a row is: the number of the value, among those that the property can have.
    pub(super) fn category(&self, number: u32) -> u8 {
        let Some((column, values)) = self.layout.category else {
            return u8::MAX;
        };
        let written = written::text(self.row(number).written(column));
        let place = values
            .iter()
            .position(|value| Some(*value) == written.as_deref());
        place.map_or(u8::MAX, |place| place as u8)
    }
}

/// The smallest box around two.
pub(super) fn around(a: BoundingBox, b: BoundingBox) -> BoundingBox {
    BoundingBox {
        west: a.west.min(b.west),
        south: a.south.min(b.south),
        east: a.east.max(b.east),
        north: a.north.max(b.north),
    }
}

/// Collects rows, and makes a segment of them.
#[derive(Debug)]
pub(super) struct Builder {
    layout: Arc<Layout>,
    /// `None` of rows that came again.
    fixed: Vec<Option<Fixed>>,
    own: String,
    runs: Vec<u32>,
    fragments: Interner,
    shapes: FxHashMap<u32, Geometry>,
}

/// A draft as it is kept.
#[derive(Debug, Default)]
pub(super) struct Text {
    own: String,
    runs: Vec<String>,
}

impl Text {
    pub(super) fn new(draft: &Draft, layout: &Layout) -> Self {
        let mut own = String::new();
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
        for (piece, columns) in &layout.pieces {
            if *piece == Piece::Id {
                continue;
            }
            let mut members = String::new();
            for property in &layout.properties[columns.clone()] {
                if !members.is_empty() {
                    members.push(',');
                }
                let value = draft.properties.get(property.name).unwrap_or(&Json::Null);
                // Writing to a string cannot fail.
                let _ = std::fmt::Write::write_fmt(
                    &mut members,
                    format_args!("\"{}\":{value}", property.name),
                );
            }
            match piece {
                Piece::Run(_) => runs.push(members),
                _ => add(&members),
            }
        }
        add(&draft.parts.join("\n"));
        own.push_str(&texts);
        Self { own, runs }
    }

    /// Whether a row says the same.
    pub(super) fn is_of(&self, row: Row<'_>) -> bool {
        row.segment.own_record(row.number) == self.own
            && (0..self.runs.len()).all(|n| row.segment.run(row.number, n) == self.runs[n])
    }
}

impl Builder {
    pub(super) fn new(layout: &Arc<Layout>) -> Self {
        Self {
            layout: Arc::clone(layout),
            fixed: Vec::new(),
            own: String::new(),
            runs: Vec::new(),
            fragments: Interner::default(),
            shapes: FxHashMap::default(),
        }
    }

    /// Adds a row; gives its number, which holds until the end.
    pub(super) fn push(&mut self, draft: Draft, text: &Text, sequence: u64, version: u64) -> u32 {
        let number = self.fixed.len() as u32;
        let (lon, lat) = match draft.geometry {
            None => (NOWHERE, 0),
            Some(Geometry::Point(point)) => (tree::units(point.lon), tree::units(point.lat)),
            Some(shape) => {
                self.shapes.insert(number, shape);
                (SHAPED, 0)
            }
        };
        self.fixed.push(Some(Fixed {
            lon,
            lat,
            days: draft.days.unwrap_or(UNDATED),
            sequence: u32::try_from(sequence).unwrap_or(u32::MAX),
            version: u32::try_from(version).unwrap_or(u32::MAX),
            own: self.own.len() as u64,
        }));
        self.own.push_str(&text.own);
        for run in &text.runs {
            self.runs.push(self.fragments.number(run));
        }
        number
    }

    /// Adds a row of another segment as it is.
    pub(super) fn copy(&mut self, row: Row<'_>) {
        let number = self.fixed.len() as u32;
        if let Some(shape) = row.segment.shapes.get(&row.number) {
            self.shapes.insert(number, shape.clone());
        }
        self.fixed.push(Some(Fixed {
            own: self.own.len() as u64,
            ..*row.segment.fixed(row.number)
        }));
        self.own.push_str(row.segment.own_record(row.number));
        for run in 0..self.layout.runs {
            self.runs
                .push(self.fragments.number(row.segment.run(row.number, run)));
        }
    }

    /// The sequence of a row of a number.
    pub(super) fn sequence(&self, number: u32) -> u64 {
        self.fixed[number as usize].map_or(0, |fixed| fixed.sequence.into())
    }

    /// Takes back a row that came again.
    pub(super) fn drop_row(&mut self, number: u32) {
        self.fixed[number as usize] = None;
    }

    /// Makes the segment.
    pub(super) fn finish(self) -> Segment {
        let mut order: Vec<(u32, Fixed)> = Vec::with_capacity(self.fixed.len());
        for (number, fixed) in self.fixed.iter().enumerate() {
            order.extend(fixed.map(|fixed| (number as u32, fixed)));
        }
        order.sort_by_key(|(_, fixed)| fixed.sequence);
        let runs = self.layout.runs;
        let mut shapes = self.shapes;
        let mut own = self.own;
        own.shrink_to_fit();
        let mut segment = Segment {
            runs: order
                .iter()
                .flat_map(|(old, _)| &self.runs[*old as usize * runs..(*old as usize + 1) * runs])
                .copied()
                .collect(),
            shapes: (0..order.len() as u32)
                .filter_map(|number| Some((number, shapes.remove(&order[number as usize].0)?)))
                .collect(),
            fixed: order.into_iter().map(|(_, fixed)| fixed).collect(),
            layout: self.layout,
            own,
            fragments: self.fragments.finish(),
            by_id: Vec::new(),
            words: Words::default(),
            tree: Tree::default(),
        };
        let mut by_id: Vec<_> = (0..segment.len() as u32).collect();
        by_id.sort_unstable_by(|&a, &b| segment.row(a).id().cmp(segment.row(b).id()));
        segment.by_id = by_id;
        let mut words = Collector::default();
        for row in 0..segment.len() as u32 {
            for &column in &segment.layout.searched {
                if let Some(text) = written::text(segment.row(row).written(column)) {
                    words.add(row, &text);
                }
            }
        }
        segment.words = words.finish();
        segment.tree = Tree::new(segment.entries());
        segment
    }
}
