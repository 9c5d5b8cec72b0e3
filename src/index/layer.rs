use std::collections::HashMap;
use std::sync::Arc;

use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};

use super::changes::{Change, Changes};
use super::row::Draft;
use super::value::Words;
use super::{Property, Row};
use crate::domain::{BoundingBox, numbered_day};

/// A piece of a row's geometry: longitude, latitude and day, with the number of the row.
type Entry = GeomWithData<Rectangle<[f64; 3]>, u32>;

/// Where rows without a date lie on the tree's third axis: before the first day that can be asked for.
const UNDATED: f64 = -1e7;

/// The rows of one collection at one moment, never changed.
#[derive(Debug)]
pub struct Layer {
    properties: &'static [Property],
    /// In the order of their sequence.
    pub(super) rows: Vec<Arc<Row>>,
    pub(super) numbers: HashMap<Arc<str>, u32>,
    vocabulary: Arc<Vocabulary>,
    tree: RTree<Entry>,
    next_sequence: u64,
    bbox: Option<BoundingBox>,
    days: Option<(i32, i32)>,
    changes: Changes,
}

/// What the numbers in rows stand for.
#[derive(Debug, Clone, Default)]
pub(super) struct Vocabulary {
    /// The values of properties.
    pub(super) words: Words,
    /// The folded words of texts.
    pub(super) lexicon: Words,
}

impl Layer {
    pub(super) fn empty(properties: &'static [Property]) -> Self {
        Self::of(
            properties,
            Vec::new(),
            Arc::default(),
            0,
            Changes::default(),
        )
    }

    /// A layer that never changes.
    pub fn fixed(properties: &'static [Property], drafts: impl Iterator<Item = Draft>) -> Self {
        Self::empty(properties).with(0, |_| false, drafts)
    }

    /// The layer after the change `version`: with the drafts, each in the place of the row of its id, else at the end;
    /// and without the rows that are `gone`, unless they come again. A row that comes again as it was stays.
    pub(super) fn with(
        &self,
        version: u64,
        gone: impl Fn(&Row) -> bool,
        drafts: impl Iterator<Item = Draft>,
    ) -> Self {
        let mut rows = self.rows.clone();
        let mut vocabulary = Arc::clone(&self.vocabulary);
        let mut next_sequence = self.next_sequence;
        let mut given: HashMap<Arc<str>, usize> = HashMap::new();
        let mut news = Vec::new();
        // Readers hold the old words: they are copied, once.
        let known = Arc::make_mut(&mut vocabulary);
        for draft in drafts {
            let there = self.numbers.get(&*draft.id).map(|&number| number as usize);
            let place = given.get(&*draft.id).copied().or(there);
            let sequence = place.map_or(next_sequence, |place| rows[place].sequence);
            let version = draft.version.unwrap_or(version);
            let row = Arc::new(Row::new(draft, sequence, version, self.properties, known));
            let place = place.unwrap_or(rows.len());
            given.insert(Arc::clone(&row.id), place);
            if place == rows.len() {
                news.push(Change {
                    version,
                    sequence,
                    before: None,
                    now: Some(Arc::clone(&row)),
                });
                rows.push(row);
                next_sequence += 1;
            } else if rows[place].json() != row.json() {
                let before = std::mem::replace(&mut rows[place], Arc::clone(&row));
                news.push(Change {
                    version,
                    sequence,
                    before: Some(before),
                    now: Some(row),
                });
            }
        }
        rows.retain(|row| {
            let stays = given.contains_key(&row.id) || !gone(row);
            if !stays {
                let before = Some(Arc::clone(row));
                news.push(Change {
                    version,
                    sequence: row.sequence,
                    before,
                    now: None,
                });
            }
            stays
        });
        let changes = if self.is_empty() {
            Changes::from(version)
        } else {
            self.changes.with(news)
        };
        Self::of(self.properties, rows, vocabulary, next_sequence, changes)
    }

    fn of(
        properties: &'static [Property],
        rows: Vec<Arc<Row>>,
        vocabulary: Arc<Vocabulary>,
        next_sequence: u64,
        changes: Changes,
    ) -> Self {
        let tree = RTree::bulk_load(
            rows.iter()
                .enumerate()
                .flat_map(|(number, row)| entries(number as u32, row))
                .collect(),
        );
        let numbers = rows
            .iter()
            .enumerate()
            .map(|(number, row)| (Arc::clone(&row.id), number as u32))
            .collect();
        let days = rows
            .iter()
            .filter_map(|row| row.days)
            .reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)));
        Self {
            properties,
            bbox: extent(&rows),
            rows,
            numbers,
            vocabulary,
            tree,
            next_sequence,
            days,
            changes,
        }
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The columns of the rows.
    pub fn properties(&self) -> &'static [Property] {
        self.properties
    }

    /// The smallest box around all geometries; `None` when there is none.
    pub fn bbox(&self) -> Option<BoundingBox> {
        self.bbox
    }

    /// From the first day to the last; `None` when no row has a date.
    pub fn days(&self) -> Option<(jiff::civil::Date, jiff::civil::Date)> {
        self.days
            .map(|(from, to)| (numbered_day(from), numbered_day(to)))
    }

    /// The row of this id.
    pub fn get(&self, id: &str) -> Option<&Arc<Row>> {
        self.numbers
            .get(id)
            .map(|&number| &self.rows[number as usize])
    }

    /// What the numbers in rows stand for.
    pub(super) fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    /// What has changed of late.
    pub fn changes(&self) -> &Changes {
        &self.changes
    }

    /// The rows in the order of first indexing.
    pub fn rows(&self) -> &[Arc<Row>] {
        &self.rows
    }

    /// The numbers of the rows that may lie in the box on these days; some twice, some that do not.
    pub(super) fn near(
        &self,
        bbox: BoundingBox,
        days: Option<(i32, i32)>,
    ) -> impl Iterator<Item = u32> {
        bbox.parts().flat_map(move |part| {
            self.tree
                .locate_in_envelope_intersecting(envelope(part, days))
                .map(|entry| entry.data)
        })
    }
}

/// The boxes of a row in space and time.
fn entries(number: u32, row: &Row) -> Vec<Entry> {
    let (first, last) = row.days.map_or((UNDATED, UNDATED), |(first, last)| {
        (first.into(), last.into())
    });
    let corners = row.geometry.iter().flat_map(super::Geometry::corners);
    corners
        .map(|[low, high]| {
            let block =
                Rectangle::from_corners([low.lon, low.lat, first], [high.lon, high.lat, last]);
            Entry::new(block, number)
        })
        .collect()
}

/// The block of the tree that holds what lies in the box on these days; without days also the undated.
fn envelope(bbox: BoundingBox, days: Option<(i32, i32)>) -> AABB<[f64; 3]> {
    let (from, to) = days.map_or((UNDATED, -UNDATED), |(from, to)| (from.into(), to.into()));
    AABB::from_corners([bbox.west, bbox.south, from], [bbox.east, bbox.north, to])
}

fn extent(rows: &[Arc<Row>]) -> Option<BoundingBox> {
    let corners = rows
        .iter()
        .filter_map(|row| row.geometry.as_ref())
        .flat_map(super::Geometry::corners);
    corners
        .map(|[low, high]| BoundingBox {
            west: low.lon,
            south: low.lat,
            east: high.lon,
            north: high.lat,
        })
        .reduce(|a, b| BoundingBox {
            west: a.west.min(b.west),
            south: a.south.min(b.south),
            east: a.east.max(b.east),
            north: a.north.max(b.north),
        })
}
