use std::sync::Arc;

use jiff::civil::Date;

use super::Row;
use crate::domain::{BoundingBox, day_number};

/// What is asked of a layer. The default asks for everything and takes nothing of it.
#[derive(Debug, Clone, Default)]
pub struct Query {
    /// Only rows with a geometry that meets the box.
    pub bbox: Option<BoundingBox>,
    /// Only rows with a date that shares a day with these.
    pub days: Option<Days>,
    /// Only rows that satisfy all of these.
    pub filters: Vec<Filter>,
    /// Only rows after this one: [`Page::next`] of the page before.
    pub after: Option<u64>,
    /// At most so many rows.
    pub limit: usize,
}

/// Days from `from` to `to`, both included; `None` is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Days {
    /// First day.
    pub from: Option<Date>,
    /// Last day.
    pub to: Option<Date>,
}

/// A property that has one of some values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// The property's name.
    pub property: &'static str,
    /// Any of these will do; numbers in any notation.
    pub values: Vec<String>,
}

/// A part of what matches, in the order of first indexing.
#[derive(Debug, Clone)]
pub struct Page {
    /// The rows.
    pub rows: Vec<Arc<Row>>,
    /// How many match in all, on whatever page.
    pub matched: usize,
    /// Where the next page begins; `None` when this is the last.
    pub next: Option<u64>,
}

impl Page {
    /// The first of the rows that are left, of so many that match.
    pub(super) fn of<'a>(
        matched: usize,
        rest: impl ExactSizeIterator<Item = &'a Arc<Row>>,
        limit: usize,
    ) -> Self {
        let more = rest.len() > limit;
        let rows: Vec<_> = rest.take(limit).cloned().collect();
        Self {
            next: rows.last().map(|row| row.sequence).filter(|_| more),
            rows,
            matched,
        }
    }
}

impl Days {
    /// First and last as numbers; open ends lie beyond every date.
    pub(super) fn numbers(self) -> (i32, i32) {
        (
            self.from.map_or(day_number(Date::MIN), day_number),
            self.to.map_or(day_number(Date::MAX), day_number),
        )
    }
}
