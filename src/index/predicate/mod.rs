//! CQL2 expressions made ready to be asked of rows: properties found, types checked, constants worked out.
//!
//! Logic has three values, as in SQL: what hangs on a property that is not known is itself not known, and a row
//! passes only where the whole is known to be true.

mod compile;
mod like;
mod scalar;
mod space;
#[cfg(test)]
mod tests;
mod time;

use std::borrow::Cow;
use std::cmp::Ordering;

use super::{Geometry, Value};
use crate::cql2::Comparison;
use crate::domain::BoundingBox;
use like::Pattern;
use scalar::Term;
use space::SpatialTest;
use time::TemporalTest;

pub use compile::PredicateError;

/// What a predicate asks of a row.
pub trait Fields {
    /// The value of a property, by its place in the collection's table.
    fn value(&self, column: usize) -> Value<'_>;
    /// Where the row lies.
    fn geometry(&self) -> Option<Cow<'_, Geometry>>;
}

/// A condition on rows of one collection.
#[derive(Debug, Clone)]
pub struct Predicate(Node);

#[derive(Debug, Clone)]
enum Node {
    Always(bool),
    All(Vec<Node>),
    Any(Vec<Node>),
    Not(Box<Node>),
    /// A property that is true or false.
    Truth(Term),
    Compare(Comparison, Term, Term),
    Between(Term, Term, Term),
    In(Term, Vec<Term>),
    Like(Term, Pattern),
    IsNull(Term),
    HasNoGeometry,
    Spatial(SpatialTest),
    Temporal(TemporalTest),
}

impl Predicate {
    /// Both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self(Node::All(vec![self.0, other.0]))
    }

    /// Whether the row is known to satisfy it.
    pub fn passes(&self, row: &dyn Fields) -> bool {
        self.0.truth(row) == Some(true)
    }

    /// Boxes outside of which nothing passes; `None` when the predicate says nothing of place.
    pub(super) fn bounds(&self) -> Option<Vec<BoundingBox>> {
        self.0.conjuncts().find_map(|node| match node {
            Node::Spatial(test) => test.bounds(),
            _ => None,
        })
    }

    /// The texts of which a property must have one; `None` when the predicate names none.
    pub fn choices(&self, column: usize) -> Option<Vec<&str>> {
        self.0.conjuncts().find_map(|node| {
            let (term, choices) = match node {
                Node::Compare(Comparison::Equal, term, choice) => {
                    (term, std::slice::from_ref(choice))
                }
                Node::In(term, choices) => (term, &choices[..]),
                _ => return None,
            };
            if !term.is_column(column) {
                return None;
            }
            choices.iter().map(Term::text).collect()
        })
    }
}

impl Node {
    /// What must all be true for the whole to be.
    fn conjuncts(&self) -> Box<dyn Iterator<Item = &Node> + '_> {
        match self {
            Self::All(parts) => Box::new(parts.iter().flat_map(Self::conjuncts)),
            _ => Box::new(std::iter::once(self)),
        }
    }

    fn truth(&self, row: &dyn Fields) -> Option<bool> {
        match self {
            Self::Always(truth) => Some(*truth),
            Self::All(parts) => all(parts.iter().map(|part| part.truth(row))),
            Self::Any(parts) => {
                all(parts.iter().map(|part| part.truth(row).map(|truth| !truth))).map(|none| !none)
            }
            Self::Not(part) => part.truth(row).map(|truth| !truth),
            Self::Truth(term) => match term.value(row) {
                Value::Boolean(truth) => Some(truth),
                _ => None,
            },
            Self::Compare(comparison, left, right) => {
                let order = left.value(row).compare(&right.value(row))?;
                Some(holds(*comparison, order))
            }
            Self::Between(term, low, high) => {
                let value = term.value(row);
                all([
                    value.compare(&low.value(row)).map(Ordering::is_ge),
                    value.compare(&high.value(row)).map(Ordering::is_le),
                ]
                .into_iter())
            }
            Self::In(term, choices) => {
                let value = term.value(row);
                let differs =
                    |choice: &Term| value.compare(&choice.value(row)).map(Ordering::is_ne);
                all(choices.iter().map(differs)).map(|none| !none)
            }
            Self::Like(term, pattern) => match term.value(row) {
                Value::Text(text) => Some(pattern.matches(&text)),
                _ => None,
            },
            Self::IsNull(term) => Some(term.value(row) == Value::Null),
            Self::HasNoGeometry => Some(row.geometry().is_none()),
            Self::Spatial(test) => test.truth(row),
            Self::Temporal(test) => test.truth(row),
        }
    }
}

fn holds(comparison: Comparison, order: Ordering) -> bool {
    match comparison {
        Comparison::Equal => order.is_eq(),
        Comparison::NotEqual => order.is_ne(),
        Comparison::Less => order.is_lt(),
        Comparison::LessOrEqual => order.is_le(),
        Comparison::Greater => order.is_gt(),
        Comparison::GreaterOrEqual => order.is_ge(),
    }
}

/// Whether all are true: not when one is known to be false, whatever the others are.
fn all(parts: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut truth = Some(true);
    for part in parts {
        match part {
            Some(false) => return Some(false),
            None => truth = None,
            Some(true) => {}
        }
    }
    truth
}
