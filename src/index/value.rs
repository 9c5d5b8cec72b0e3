use std::borrow::Cow;
use std::cmp::Ordering;

/// A property's value, as filters and orders see it.
#[derive(Debug, Clone, PartialEq)]
pub enum Value<'a> {
    /// Not known: neither equal to anything nor unequal.
    Null,
    /// True or false.
    Boolean(bool),
    /// Any number.
    Number(f64),
    /// Any text, compared by code points.
    Text(Cow<'a, str>),
    /// Microseconds since 1970-01-01; a day is its midnight (UTC).
    Time(i64),
}

impl Value<'_> {
    /// The order of two values of one kind; `None` when one is not known, or their kinds differ.
    pub(super) fn compare(&self, other: &Value<'_>) -> Option<Ordering> {
        match (self, other) {
            (Self::Boolean(a), Value::Boolean(b)) => Some(a.cmp(b)),
            (Self::Number(a), Value::Number(b)) => a.partial_cmp(b),
            (Self::Text(a), Value::Text(b)) => Some(a.cmp(b)),
            (Self::Time(a), Value::Time(b)) => Some(a.cmp(b)),
            _ => None,
        }
    }

    /// The same, on its own.
    pub fn into_owned(self) -> Value<'static> {
        match self {
            Self::Null => Value::Null,
            Self::Boolean(truth) => Value::Boolean(truth),
            Self::Number(number) => Value::Number(number),
            Self::Text(text) => Value::Text(Cow::Owned(text.into_owned())),
            Self::Time(time) => Value::Time(time),
        }
    }
}
