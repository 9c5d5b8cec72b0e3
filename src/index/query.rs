use std::cmp::Ordering;

use jiff::civil::Date;

use super::{Layer, Predicate, Row, Search, Slot, Value};
use crate::domain::{BoundingBox, day_number};

/// What is asked of a layer. The default asks for everything and takes nothing of it.
#[derive(Debug, Clone, Default)]
pub struct Query {
    /// Only rows with a geometry that meets the box.
    pub bbox: Option<BoundingBox>,
    /// Only rows with a date that shares a day with these.
    pub days: Option<Days>,
    /// Only rows that satisfy this.
    pub predicate: Option<Predicate>,
    /// Only rows whose text has this.
    pub search: Option<Search>,
    /// What the rows are sorted by, the most important first; without any, in the order of first indexing.
    pub order: Vec<Order>,
    /// Only rows behind this: [`Page::next`] of the page before.
    pub after: Option<Cursor>,
    /// At most so many rows.
    pub limit: usize,
}

/// A property that rows are sorted by. Rows in which it is not known come last either way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Order {
    /// The property, by its place in the collection's table.
    pub column: usize,
    /// From the greatest to the least.
    pub descending: bool,
}

/// The place of a row among the rows of a query.
#[derive(Debug, Clone, PartialEq)]
pub struct Cursor {
    /// The row's position in the order of first indexing.
    pub sequence: u64,
    /// What the row had of the properties that are sorted by, when it was given out. None, where nothing was sorted.
    pub keys: Vec<Value<'static>>,
}

/// Days from `from` to `to`, both included; `None` is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Days {
    /// First day.
    pub from: Option<Date>,
    /// Last day.
    pub to: Option<Date>,
}

/// A part of what matches.
#[derive(Debug, Clone)]
pub struct Page {
    /// Where the layer has the rows.
    pub slots: Vec<Slot>,
    /// How many match in all, on whatever page.
    pub matched: usize,
    /// Where the next page begins; `None` when this is the last.
    pub next: Option<Cursor>,
}

impl Page {
    /// The rows, of the layer that was asked.
    pub fn rows<'a>(&'a self, layer: &'a Layer) -> impl ExactSizeIterator<Item = Row<'a>> {
        self.slots.iter().map(|&slot| layer.row(slot))
    }
}

impl Order {
    /// How two values of the property follow each other.
    pub fn compare(self, a: &Value<'_>, b: &Value<'_>) -> Ordering {
        match (a, b) {
            (Value::Null, Value::Null) => Ordering::Equal,
            (Value::Null, _) => Ordering::Greater,
            (_, Value::Null) => Ordering::Less,
            _ => {
                let order = a.compare(b).unwrap_or(Ordering::Equal);
                if self.descending {
                    order.reverse()
                } else {
                    order
                }
            }
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
