//! Which rows a query asks for, and in what order.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::sync::Arc;

use super::predicate::Fields;
use super::query::{Cursor, Days, Order, Page, Query};
use super::search::has_any;
use super::{Geometry, Layer, Row, Value};
use crate::domain::{BoundingBox, Point};

/// A row with what its numbers stand for.
struct Read<'a> {
    layer: &'a Layer,
    row: &'a Row,
}

impl Fields for Read<'_> {
    fn value(&self, column: usize) -> Value<'_> {
        self.layer.value(self.row, column)
    }

    fn geometry(&self) -> Option<Cow<'_, Geometry>> {
        self.row.geometry.as_ref().map(Cow::Borrowed)
    }
}

impl Layer {
    /// The rows that match, a page of them.
    pub fn query(&self, query: &Query) -> Page {
        let everything = query.bbox.is_none()
            && query.days.is_none()
            && query.predicate.is_none()
            && query.search.is_none();
        match (everything, query.order.is_empty()) {
            (true, true) => {
                let from = self.rows.partition_point(|row| is_past(row, query));
                self.page(self.rows.len(), self.rows[from..].iter(), query)
            }
            (false, true) => {
                let numbers = self.matches(query);
                let from = numbers.partition_point(|&n| is_past(self.row(n), query));
                let rest = numbers[from..].iter().map(|&n| &self.rows[n as usize]);
                self.page(numbers.len(), rest, query)
            }
            (_, false) => {
                let numbers = if everything {
                    (0..self.rows.len() as u32).collect()
                } else {
                    self.matches(query)
                };
                let matched = numbers.len();
                let sorted = self.sorted(numbers, query);
                self.page(
                    matched,
                    sorted.iter().map(|&n| &self.rows[n as usize]),
                    query,
                )
            }
        }
    }

    /// Whether a row is among those that a query asks for, whatever the page.
    pub fn fits(&self, row: &Row, query: &Query) -> bool {
        let phrases = query
            .search
            .as_ref()
            .map(|search| search.numbers(&self.vocabulary().lexicon));
        self.passes(
            row,
            query,
            query.days.map(Days::numbers),
            phrases.as_deref(),
        )
    }

    /// The first of the rows that are left, of so many that match.
    fn page<'a>(
        &self,
        matched: usize,
        rest: impl ExactSizeIterator<Item = &'a Arc<Row>>,
        query: &Query,
    ) -> Page {
        let more = rest.len() > query.limit;
        let rows: Vec<_> = rest.take(query.limit).cloned().collect();
        let next = rows.last().filter(|_| more).map(|row| Cursor {
            sequence: row.sequence,
            keys: query
                .order
                .iter()
                .map(|order| self.value(row, order.column).into_owned())
                .collect(),
        });
        Page {
            rows,
            matched,
            next,
        }
    }

    /// Those behind the cursor, sorted as far as the page reaches, and one more.
    fn sorted(&self, mut numbers: Vec<u32>, query: &Query) -> Vec<u32> {
        let order = &query.order;
        if let Some(after) = &query.after {
            let keys = self.keys_of(after, order);
            numbers.retain(|&n| {
                keys.as_ref().is_some_and(|keys| {
                    self.compare_with(self.row(n), after.sequence, keys, order)
                        .is_gt()
                })
            });
        }
        let by = |a: &u32, b: &u32| self.compare(self.row(*a), self.row(*b), order);
        if query.limit < numbers.len() / 2 {
            numbers.select_nth_unstable_by(query.limit, by);
            let (first, rest) = numbers.split_at_mut(query.limit);
            first.sort_unstable_by(by);
            debug_assert!(!rest.is_empty());
        } else {
            numbers.sort_unstable_by(by);
        }
        numbers
    }

    /// What a cursor's row had of the properties that are sorted by. Of a cursor that does not say, what the row has
    /// now; `None` when there is no such row.
    fn keys_of<'a>(
        &'a self,
        cursor: &'a Cursor,
        order: &[Order],
    ) -> Option<Cow<'a, [Value<'static>]>> {
        if cursor.keys.len() == order.len() {
            return Some(Cow::Borrowed(&cursor.keys));
        }
        let place = self
            .rows
            .binary_search_by_key(&cursor.sequence, |row| row.sequence)
            .ok()?;
        let row = &self.rows[place];
        Some(
            order
                .iter()
                .map(|order| self.value(row, order.column).into_owned())
                .collect(),
        )
    }

    fn compare(&self, a: &Row, b: &Row, order: &[Order]) -> Ordering {
        for part in order {
            let compared = part.compare(&self.value(a, part.column), &self.value(b, part.column));
            if compared.is_ne() {
                return compared;
            }
        }
        a.sequence.cmp(&b.sequence)
    }

    fn compare_with(
        &self,
        row: &Row,
        sequence: u64,
        keys: &[Value<'_>],
        order: &[Order],
    ) -> Ordering {
        for (part, key) in order.iter().zip(keys) {
            let compared = part.compare(&self.value(row, part.column), key);
            if compared.is_ne() {
                return compared;
            }
        }
        row.sequence.cmp(&sequence)
    }

    /// The value of a row's property.
    pub fn value<'a>(&'a self, row: &'a Row, column: usize) -> Value<'a> {
        match self.properties()[column].name {
            "id" => Value::Text(Cow::Borrowed(row.id())),
            _ => self.vocabulary().words.value(row.codes[column]),
        }
    }

    fn row(&self, number: u32) -> &Row {
        &self.rows[number as usize]
    }

    /// The numbers of all rows that match, in the order of first indexing.
    fn matches(&self, query: &Query) -> Vec<u32> {
        let days = query.days.map(Days::numbers);
        let phrases = query
            .search
            .as_ref()
            .map(|search| search.numbers(&self.vocabulary().lexicon));
        let fits = |number: &u32| self.passes(self.row(*number), query, days, phrases.as_deref());
        let mut numbers: Vec<u32> = match self.candidates(query) {
            Candidates::Some(numbers) => numbers.into_iter().filter(fits).collect(),
            Candidates::In(boxes) => boxes
                .into_iter()
                .flat_map(|bbox| self.near(bbox, days))
                .filter(fits)
                .collect(),
            Candidates::All => return (0..self.rows.len() as u32).filter(fits).collect(),
        };
        numbers.sort_unstable();
        numbers.dedup();
        numbers
    }

    fn passes(
        &self,
        row: &Row,
        query: &Query,
        days: Option<(i32, i32)>,
        phrases: Option<&[Vec<u32>]>,
    ) -> bool {
        days.is_none_or(|(from, to)| row.days.is_some_and(|(a, b)| a <= to && from <= b))
            && query
                .bbox
                .is_none_or(|b| row.geometry.as_ref().is_some_and(|g| g.intersects(b)))
            && query
                .predicate
                .as_ref()
                .is_none_or(|predicate| predicate.passes(&Read { layer: self, row }))
            && phrases.is_none_or(|phrases| has_any(row, phrases))
    }

    /// The fewest rows that are known to hold all that match.
    fn candidates(&self, query: &Query) -> Candidates {
        let id = self
            .properties()
            .iter()
            .position(|property| property.name == "id");
        let predicate = query.predicate.as_ref();
        if let Some(ids) = predicate.and_then(|predicate| predicate.choices(id?)) {
            return Candidates::Some(
                ids.into_iter()
                    .filter_map(|id| self.numbers.get(id))
                    .copied()
                    .collect(),
            );
        }
        // A box around everything selects nothing: reading the rows in order is faster than the tree.
        let selects = |bbox: &BoundingBox| !self.bbox().is_some_and(|all| covers(*bbox, all));
        if let Some(bbox) = query.bbox.filter(selects) {
            return Candidates::In(vec![bbox]);
        }
        match predicate.and_then(super::Predicate::bounds) {
            Some(boxes) if boxes.iter().all(selects) => Candidates::In(boxes),
            _ => Candidates::All,
        }
    }
}

enum Candidates {
    All,
    Some(Vec<u32>),
    In(Vec<BoundingBox>),
}

/// Whether the row stands on a page before.
fn is_past(row: &Row, query: &Query) -> bool {
    query
        .after
        .as_ref()
        .is_some_and(|after| row.sequence <= after.sequence)
}

fn covers(bbox: BoundingBox, all: BoundingBox) -> bool {
    let corner = |lon, lat| bbox.contains(Point { lon, lat });
    !bbox.crosses_antimeridian() && corner(all.west, all.south) && corner(all.east, all.north)
}
