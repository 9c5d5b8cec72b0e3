use super::Fields;
use crate::cql2::TemporalOperator;
use crate::index::Value;
use crate::index::written::DAY;

/// A relation of two times.
///
/// Days are compared with days as they are. Where a timestamp takes part, a day is all of its moments.
#[derive(Debug, Clone)]
pub(super) struct TemporalTest {
    operator: TemporalOperator,
    left: Span,
    right: Span,
    /// Whether a timestamp takes part.
    moments: bool,
}

/// From one moment to another, both included; the same for an instant.
#[derive(Debug, Clone, Copy)]
pub(super) struct Span {
    pub(super) start: Bound,
    pub(super) end: Bound,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bound {
    Open,
    /// Midnight of a day, in microseconds since 1970-01-01.
    Day(i64),
    Moment(i64),
    /// A property that is a day.
    Column(usize),
}

impl TemporalTest {
    pub(super) fn new(operator: TemporalOperator, left: Span, right: Span) -> Self {
        let bounds = [left.start, left.end, right.start, right.end];
        let moments = bounds.iter().any(|bound| matches!(bound, Bound::Moment(_)));
        Self {
            operator,
            left,
            right,
            moments,
        }
    }

    pub(super) fn truth(&self, row: &dyn Fields) -> Option<bool> {
        let left = self.resolve(self.left, row)?;
        let right = self.resolve(self.right, row)?;
        Some(holds(self.operator, left, right))
    }

    /// Start and end; `None` when one is a property that is not known.
    fn resolve(&self, span: Span, row: &dyn Fields) -> Option<(i64, i64)> {
        let last = if self.moments { DAY - 1 } else { 0 };
        let at = |bound, open, add| match bound {
            Bound::Open => Some(open),
            Bound::Day(day) => Some(day + add),
            Bound::Moment(moment) => Some(moment),
            Bound::Column(column) => match row.value(column) {
                Value::Time(day) => Some(day + add),
                _ => None,
            },
        };
        Some((at(span.start, i64::MIN, 0)?, at(span.end, i64::MAX, last)?))
    }
}

/// The relations of CQL2 (OGC 21-065r2, 7.7).
fn holds(operator: TemporalOperator, (a, b): (i64, i64), (c, d): (i64, i64)) -> bool {
    match operator {
        TemporalOperator::After => a > d,
        TemporalOperator::Before => b < c,
        TemporalOperator::Contains => a < c && b > d,
        TemporalOperator::Disjoint => b < c || a > d,
        TemporalOperator::During => a > c && b < d,
        TemporalOperator::Equals => a == c && b == d,
        TemporalOperator::FinishedBy => a < c && b == d,
        TemporalOperator::Finishes => a > c && b == d,
        TemporalOperator::Intersects => a <= d && c <= b,
        TemporalOperator::Meets => b == c,
        TemporalOperator::MetBy => a == d,
        TemporalOperator::OverlappedBy => a > c && a < d && b > d,
        TemporalOperator::Overlaps => a < c && b > c && b < d,
        TemporalOperator::StartedBy => a == c && b > d,
        TemporalOperator::Starts => a == c && b < d,
    }
}
