use std::collections::HashMap;
use std::sync::Arc;

use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};

use super::filter::Test;
use super::query::{Days, Page, Query};
use super::row::{Draft, Words};
use super::{Property, Row};
use crate::domain::{BoundingBox, Point, numbered_day};

/// A piece of a row's geometry: longitude, latitude and day, with the number of the row.
type Entry = GeomWithData<Rectangle<[f64; 3]>, u32>;

/// Where rows without a date lie on the tree's third axis: before the first day that can be asked for.
const UNDATED: f64 = -1e7;

/// The rows of one collection at one moment, never changed.
#[derive(Debug)]
pub struct Layer {
    properties: &'static [Property],
    /// In the order of their sequence.
    rows: Vec<Arc<Row>>,
    numbers: HashMap<Arc<str>, u32>,
    words: Arc<Words>,
    tree: RTree<Entry>,
    next_sequence: u64,
    bbox: Option<BoundingBox>,
    days: Option<(i32, i32)>,
}

impl Layer {
    pub(super) fn empty(properties: &'static [Property]) -> Self {
        Self::of(properties, Vec::new(), Arc::default(), 0)
    }

    /// The layer with the drafts, each in the place of the row of its id, else at the end; and without the
    /// rows that are `gone`, unless they come again.
    pub(super) fn with(
        &self,
        gone: impl Fn(&Row) -> bool,
        drafts: impl Iterator<Item = Draft>,
    ) -> Self {
        let mut rows = self.rows.clone();
        let mut words = Arc::clone(&self.words);
        let mut next_sequence = self.next_sequence;
        let mut given: HashMap<Arc<str>, usize> = HashMap::new();
        // Readers hold the old words: they are copied, once.
        let known = Arc::make_mut(&mut words);
        for draft in drafts {
            let there = self.numbers.get(&*draft.id).map(|&number| number as usize);
            let place = given.get(&*draft.id).copied().or(there);
            let sequence = place.map_or(next_sequence, |place| rows[place].sequence);
            let row = Arc::new(Row::new(draft, sequence, self.properties, known));
            let place = place.unwrap_or(rows.len());
            given.insert(Arc::clone(&row.id), place);
            if place < rows.len() {
                rows[place] = row;
            } else {
                rows.push(row);
                next_sequence += 1;
            }
        }
        rows.retain(|row| given.contains_key(&row.id) || !gone(row));
        Self::of(self.properties, rows, words, next_sequence)
    }

    fn of(
        properties: &'static [Property],
        rows: Vec<Arc<Row>>,
        words: Arc<Words>,
        next_sequence: u64,
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
            words,
            tree,
            next_sequence,
            days,
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

    /// The words that the rows' codes stand for.
    pub(super) fn words(&self) -> &Words {
        &self.words
    }

    /// The rows that match, a page of them.
    pub fn query(&self, query: &Query) -> Page {
        let is_past = |row: &Row| query.after.is_some_and(|after| row.sequence <= after);
        if query.bbox.is_none() && query.days.is_none() && query.filters.is_empty() {
            let from = self.rows.partition_point(|row| is_past(row));
            return Page::of(self.rows.len(), self.rows[from..].iter(), query.limit);
        }
        let numbers = self.matches(query);
        let from = numbers.partition_point(|&n| is_past(&self.rows[n as usize]));
        let rest = numbers[from..].iter().map(|&n| &self.rows[n as usize]);
        Page::of(numbers.len(), rest, query.limit)
    }

    /// The numbers of all rows that match, in order.
    fn matches(&self, query: &Query) -> Vec<u32> {
        let days = query.days.map(Days::numbers);
        let tests: Vec<_> = query
            .filters
            .iter()
            .map(|filter| Test::new(filter, self))
            .collect();
        let fits = |number: u32| {
            let row = &*self.rows[number as usize];
            days.is_none_or(|(from, to)| row.days.is_some_and(|(a, b)| a <= to && from <= b))
                && query
                    .bbox
                    .is_none_or(|b| row.geometry.as_ref().is_some_and(|g| g.intersects(b)))
                && tests.iter().all(|test| test.passes(row))
        };
        match query.bbox {
            // A box around everything selects nothing: reading the rows in order is faster than the tree.
            Some(bbox) if !self.bbox.is_some_and(|all| covers(bbox, all)) => {
                let mut numbers: Vec<u32> = bbox
                    .parts()
                    .flat_map(|part| {
                        self.tree
                            .locate_in_envelope_intersecting(envelope(part, days))
                    })
                    .map(|entry| entry.data)
                    .filter(|&number| fits(number))
                    .collect();
                numbers.sort_unstable();
                numbers.dedup(); // a line has a piece on either side of the antimeridian
                numbers
            }
            _ => match query.filters.iter().find(|filter| filter.property == "id") {
                Some(filter) => {
                    let known = filter
                        .values
                        .iter()
                        .filter_map(|id| self.numbers.get(&**id));
                    let mut numbers: Vec<u32> = known.copied().filter(|&n| fits(n)).collect();
                    numbers.sort_unstable();
                    numbers.dedup();
                    numbers
                }
                None => (0..self.rows.len() as u32).filter(|&n| fits(n)).collect(),
            },
        }
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

fn covers(bbox: BoundingBox, all: BoundingBox) -> bool {
    let corner = |lon, lat| bbox.contains(Point { lon, lat });
    !bbox.crosses_antimeridian() && corner(all.west, all.south) && corner(all.east, all.north)
}
