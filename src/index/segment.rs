//! Rows that were written together and never change.
//!
//! They lie in the order of their places along a Hilbert curve, so that those of a box, and what they have in common,
//! lie close together in memory; rows without a place are behind them.

use std::borrow::Cow;
use std::panic::resume_unwind;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::flat::Flat;
use super::layout::Layout;
use super::part::Part;
use super::records::{Fixed, Records, Site, Text, Writer};
use super::tree::{self, Entry, Tree};
use super::words::{Collector, Words};
use super::{Draft, Geometry, Row, written};
use crate::domain::{BoundingBox, Point};

/// A segment has at most so many rows (in the tests so few that there are layers of several), and so many bytes of
/// texts.
const MOST_ROWS: usize = if cfg!(test) { 9 } else { 2_000_000 };
const MOST_BYTES: usize = 3 << 30;
/// The words of fewer rows are collected sooner than a thread is there for them.
const FEW: usize = 1_000;

/// Geometries that are neither points nor lines, by row.
pub(super) type Shapes = FxHashMap<u32, Geometry>;

/// See the module.
#[derive(Debug)]
pub(super) struct Segment {
    pub(super) records: Records,
    pub(super) shapes: Shapes,
    /// The rows in the order of their ids.
    pub(super) by_id: Flat<u32>,
    /// The rows in the order of first indexing.
    pub(super) by_sequence: Flat<u32>,
    /// The sequences of the first and the last of these, by which a segment is told from the others without looking into
    /// it; none of a segment without rows.
    pub(super) sequences: Option<(u32, u32)>,
    pub(super) words: Words,
    pub(super) tree: Tree,
}

impl Segment {
    pub(super) fn len(&self) -> usize {
        self.records.len()
    }

    pub(super) fn row(&self, number: u32) -> Row<'_> {
        Row {
            segment: self,
            number,
        }
    }

    pub(super) fn geometry(&self, number: u32) -> Option<Cow<'_, Geometry>> {
        match self.records.site(number) {
            Site::Nowhere => None,
            Site::Point(point) => Some(Cow::Owned(Geometry::Point(point))),
            Site::Line(ends) => Some(Cow::Owned(Geometry::Line(ends))),
            Site::Shape => self.shapes.get(&number).map(Cow::Borrowed),
        }
    }

    /// Whether a row's geometry is a point or none, so that the tree says all of it.
    pub(super) fn has_points_only(&self) -> bool {
        self.shapes.is_empty() && self.records.ends.is_empty()
    }

    /// The number of the row of an id.
    pub(super) fn find(&self, id: &str) -> Option<u32> {
        let found = self
            .by_id
            .binary_search_by(|&number| self.records.id(number).cmp(id.as_bytes()));
        found.ok().map(|place| self.by_id[place])
    }

    /// The rows behind a sequence, in order.
    pub(super) fn behind(&self, sequence: u64) -> &[u32] {
        let before = |&number: &u32| u64::from(self.records.sequence(number)) <= sequence;
        let begin = self.by_sequence.partition_point(before);
        &self.by_sequence[begin..]
    }

    /// The number of the row of a sequence.
    pub(super) fn at(&self, sequence: u64) -> Option<u32> {
        let sequence = u32::try_from(sequence).ok()?;
        let (first, last) = self.sequences?;
        if sequence > last {
            return None;
        }
        // Most often none between the first and it is missing.
        let guess = sequence.checked_sub(first)?;
        let guessed = self.by_sequence.get(guess as usize).copied();
        if let Some(number) = guessed.filter(|&n| self.records.sequence(n) == sequence) {
            return Some(number);
        }
        let found = self
            .by_sequence
            .binary_search_by_key(&sequence, |&number| self.records.sequence(number));
        found.ok().map(|place| self.by_sequence[place])
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
        let sources = parts.map(|part| Source {
            records: &part.segment.records,
            shapes: &part.segment.shapes,
        });
        let rows = (0..).zip(parts);
        let rows = rows.flat_map(|(n, part)| part.numbers().map(move |number| (n, number)));
        let (records, shapes, numbers) = gathered(&sources, rows.collect());
        let lists = [0, 1].map(|n| (&parts[n].segment.words, &numbers[n][..]));
        let words = Words::merged(&lists);
        let now = |by: fn(&Segment) -> &[u32]| {
            let lists = parts.iter().zip(&numbers);
            let all = lists.flat_map(|(part, numbers)| {
                by(&part.segment).iter().map(|&old| numbers[old as usize])
            });
            all.filter(|&number| number != u32::MAX).collect()
        };
        let (by_id, by_sequence) = (now(|s| &s.by_id), now(|s| &s.by_sequence));
        Self::new(records, shapes, by_id, by_sequence, Some(words))
    }

    /// `by_id` and `by_sequence` may have the rows in another order yet; the words are collected unless they are given.
    fn new(
        records: Records,
        shapes: Shapes,
        by_id: Vec<u32>,
        mut by_sequence: Vec<u32>,
        words: Option<Words>,
    ) -> Self {
        let mut segment = Self {
            records,
            shapes,
            by_id: Flat::default(),
            by_sequence: Flat::default(),
            sequences: None,
            words: Words::default(),
            tree: Tree::default(),
        };
        // A stable sort finds sorted lists in it, and merges these.
        by_sequence.sort_by_key(|&number| segment.records.sequence(number));
        let words = match words {
            None if segment.len() < FEW => Some(segment.collect_words()),
            words => words,
        };
        let (tree, by_id, words) = std::thread::scope(|scope| {
            let collected = words
                .is_none()
                .then(|| scope.spawn(|| segment.collect_words()));
            let by_id = segment.sorted_by_id(by_id);
            let tree = Tree::new(segment.entries());
            let collected =
                collected.map(|words| words.join().unwrap_or_else(|e| resume_unwind(e)));
            (tree, by_id, words.or(collected))
        });
        segment.tree = tree;
        segment.words = words.unwrap_or_default();
        segment.by_id = by_id;
        segment.by_sequence = by_sequence.into();
        segment.with_sequences()
    }

    /// The same, when it is known which rows are the first and the last by sequence.
    pub(super) fn with_sequences(mut self) -> Self {
        let sequence = |number: u32| Some(self.records.marks.get(number as usize)?[0]);
        let ends = self.by_sequence.first().zip(self.by_sequence.last());
        self.sequences = ends.and_then(|(&first, &last)| sequence(first).zip(sequence(last)));
        self
    }

    fn sorted_by_id(&self, rows: Vec<u32>) -> Flat<u32> {
        // Most ids differ in the beginning, which is compared where it is at hand.
        let with_begin = |number: u32| {
            let id = self.records.id(number);
            let mut begin = [0; 16];
            let length = id.len().min(begin.len());
            begin[..length].copy_from_slice(&id[..length]);
            (u128::from_be_bytes(begin), number)
        };
        let mut rows: Vec<_> = rows.into_iter().map(with_begin).collect();
        rows.sort_by(|(a, n), (b, m)| {
            a.cmp(b)
                .then_with(|| self.records.id(*n).cmp(self.records.id(*m)))
        });
        rows.into_iter().map(|(_, number)| number).collect()
    }

    fn collect_words(&self) -> Words {
        let mut words = Collector::default();
        for row in 0..self.len() as u32 {
            for &column in &self.records.layout.searched {
                if let Some(text) = written::text(self.row(row).written(column)) {
                    words.add(row, &text);
                }
            }
        }
        words.finish()
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
                days: self.records.days(number),
                row: number,
                category: self.category(number),
            };
            entries.extend(tree::bounds_of(&geometry).into_iter().map(entry));
        }
        entries
    }

    /// The number of a row's category.
    pub(super) fn category(&self, number: u32) -> u8 {
        let categories = &self.records.layout.categories;
        categories.number(|column| written::text(self.row(number).written(column)))
    }

    /// Whether one segment can hold what is in both.
    pub(super) fn can_be_with(&self, other: &Self) -> bool {
        self.len() + other.len() <= MOST_ROWS && self.bytes() + other.bytes() < MOST_BYTES
    }

    /// How long its texts are, which are most of it.
    pub(super) fn bytes(&self) -> usize {
        self.records.own.len() + self.records.fragments.len()
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

/// What rows are taken from.
#[derive(Clone, Copy)]
struct Source<'a> {
    records: &'a Records,
    shapes: &'a Shapes,
}

impl Source<'_> {
    /// Where on the curve a row lies.
    fn place(&self, number: u32) -> u64 {
        let bounds = match self.records.site(number) {
            Site::Nowhere => None,
            Site::Point(_) => {
                let [lon, lat, ..] = self.records.spots[number as usize];
                Some([lon, lat, lon, lat])
            }
            Site::Line(ends) => tree::bounds_of(&Geometry::Line(ends)).first().copied(),
            Site::Shape => {
                let shape = self.shapes.get(&number).map(tree::bounds_of);
                shape.and_then(|bounds| bounds.first().copied())
            }
        };
        bounds.map_or(u64::MAX, tree::curve)
    }
}

/// Rows of some sources in the order of their places; and of each source's rows the number that they have now.
fn gathered(
    sources: &[Source<'_>],
    mut rows: Vec<(usize, u32)>,
) -> (Records, Shapes, Vec<Vec<u32>>) {
    rows.sort_by_cached_key(|&(source, number)| {
        let source = &sources[source];
        (source.place(number), source.records.sequence(number))
    });
    let mut numbers: Vec<_> = { sources.iter() }
        .map(|source| vec![u32::MAX; source.records.len()])
        .collect();
    let layout = &sources[0].records.layout;
    let mut writer = Writer::new(layout, rows.len());
    let mut shapes = Shapes::default();
    for (now, (source, number)) in (0..).zip(rows) {
        numbers[source][number as usize] = now;
        writer.copy(sources[source].records, number);
        if let Some(shape) = sources[source].shapes.get(&number) {
            shapes.insert(now, shape.clone());
        }
    }
    (writer.finish(), shapes, numbers)
}

/// Collects rows, and makes a segment of them.
#[derive(Debug)]
pub(super) struct Builder {
    writer: Writer,
    /// The rows that came again.
    dropped: Vec<u32>,
    shapes: Shapes,
}

impl Builder {
    pub(super) fn new(layout: &Arc<Layout>) -> Self {
        Self {
            writer: Writer::new(layout, 0),
            dropped: Vec::new(),
            shapes: Shapes::default(),
        }
    }

    /// Whether a segment has no room for more.
    pub(super) fn is_full(&self) -> bool {
        self.writer.len() >= MOST_ROWS || self.writer.size() >= MOST_BYTES / 2
    }

    /// Adds a row; gives its number, which holds until the end.
    pub(super) fn push(&mut self, draft: Draft, text: &Text, sequence: u64, version: u64) -> u32 {
        let number = self.writer.len() as u32;
        self.writer
            .push(Fixed::new(&draft, sequence, version), text);
        if let Some(shape @ Geometry::Area(_)) = draft.geometry {
            self.shapes.insert(number, shape);
        }
        number
    }

    /// Adds a row of another segment as it is.
    pub(super) fn copy(&mut self, row: Row<'_>) {
        let number = self.writer.len() as u32;
        if let Some(shape) = row.segment.shapes.get(&row.number) {
            self.shapes.insert(number, shape.clone());
        }
        self.writer.copy(&row.segment.records, row.number);
    }

    /// The sequence of a row of a number.
    pub(super) fn sequence(&self, number: u32) -> u64 {
        self.writer.sequence(number).into()
    }

    /// Takes back a row that came again.
    pub(super) fn drop_row(&mut self, number: u32) {
        self.dropped.push(number);
    }

    /// Makes the segment.
    pub(super) fn finish(self) -> Segment {
        self.finish_with(None)
    }

    /// The same for rows among which no words are looked for.
    pub(super) fn finish_without_words(self) -> Segment {
        self.finish_with(Some(Words::default()))
    }

    fn finish_with(mut self, words: Option<Words>) -> Segment {
        self.dropped.sort_unstable();
        let records = self.writer.finish();
        let left = (0..records.len() as u32).filter(|n| self.dropped.binary_search(n).is_err());
        let source = Source {
            records: &records,
            shapes: &self.shapes,
        };
        let (records, shapes, _) = gathered(&[source], left.map(|number| (0, number)).collect());
        let numbers: Vec<u32> = (0..records.len() as u32).collect();
        Segment::new(records, shapes, numbers.clone(), numbers, words)
    }
}
