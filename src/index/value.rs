use std::borrow::Cow;
use std::cmp::Ordering;

use indexmap::{Equivalent, IndexSet};
use serde_json::Value as Json;

use super::{Kind, Property};
use crate::domain::day_number;

/// Microseconds of a day.
pub(super) const DAY: i64 = 86_400_000_000;

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

/// A value as a layer keeps it. A number is kept by its bits, so that it can be looked up.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Word {
    Boolean(bool),
    Number(u64),
    Text(Box<str>),
    Day(i32),
}

/// The same, borrowed; the variants stand in the same order, so that both have one hash.
#[derive(Debug, PartialEq, Eq, Hash)]
enum WordRef<'a> {
    Boolean(bool),
    Number(u64),
    Text(&'a str),
    Day(i32),
}

impl Equivalent<Word> for WordRef<'_> {
    fn equivalent(&self, word: &Word) -> bool {
        match (self, word) {
            (Self::Boolean(a), Word::Boolean(b)) => a == b,
            (Self::Number(a), Word::Number(b)) => a == b,
            (Self::Text(a), Word::Text(b)) => *a == &**b,
            (Self::Day(a), Word::Day(b)) => a == b,
            _ => false,
        }
    }
}

/// The values that occur in a layer, numbered from 1; 0 is none.
#[derive(Debug, Clone, Default)]
pub(super) struct Words(IndexSet<Word>);

impl Words {
    /// The number of a property's value.
    pub(super) fn number(&mut self, property: &Property, value: &Json) -> u32 {
        let word = match (property.kind, value) {
            (Kind::Date, Json::String(text)) => match text.parse() {
                Ok(day) => WordRef::Day(day_number(day)),
                Err(_) => return 0,
            },
            (_, Json::String(text)) => WordRef::Text(text),
            (_, Json::Bool(truth)) => WordRef::Boolean(*truth),
            (_, Json::Number(number)) => match number.as_f64() {
                Some(number) => WordRef::Number((number + 0.0).to_bits()),
                None => return 0,
            },
            _ => return 0,
        };
        self.number_of(&word)
    }

    /// The number of a word of text.
    pub(super) fn number_of_text(&mut self, text: &str) -> u32 {
        self.number_of(&WordRef::Text(text))
    }

    fn number_of(&mut self, word: &WordRef<'_>) -> u32 {
        let known = self.0.get_index_of(word).unwrap_or_else(|| {
            self.0
                .insert_full(match *word {
                    WordRef::Boolean(truth) => Word::Boolean(truth),
                    WordRef::Number(bits) => Word::Number(bits),
                    WordRef::Text(text) => Word::Text(text.into()),
                    WordRef::Day(day) => Word::Day(day),
                })
                .0
        });
        known as u32 + 1
    }

    /// The number that a text has, where it occurs.
    pub(super) fn find(&self, text: &str) -> Option<u32> {
        let index = self.0.get_index_of(&WordRef::Text(text))?;
        Some(index as u32 + 1)
    }

    /// The value of a number.
    pub(super) fn value(&self, number: u32) -> Value<'_> {
        let index = (number as usize).wrapping_sub(1);
        match self.0.get_index(index) {
            None => Value::Null,
            Some(Word::Boolean(truth)) => Value::Boolean(*truth),
            Some(Word::Number(bits)) => Value::Number(f64::from_bits(*bits)),
            Some(Word::Text(text)) => Value::Text(Cow::Borrowed(text)),
            Some(Word::Day(day)) => Value::Time(i64::from(*day) * DAY),
        }
    }
}
