//! A value of CQL2-JSON with its path, and what any reader of one does with it.

use std::fmt;

use serde_json::{Map, Value};

use super::error::{ParseError, quoted};

pub(super) type Parsed<T> = Result<T, ParseError>;

/// A value of the JSON and where it stands.
#[derive(Clone, Copy)]
pub(super) struct Spot<'a> {
    pub(super) value: &'a Value,
    /// What it stands in, and as what.
    parent: Option<(&'a Spot<'a>, Step<'a>)>,
    /// Levels of the tree above it, and its own.
    pub(super) depth: usize,
}

#[derive(Clone, Copy)]
enum Step<'a> {
    Member(&'a str),
    Item(usize),
}

impl fmt::Display for Spot<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.parent {
            None => Ok(()),
            Some((parent, Step::Item(index))) => write!(f, "{parent}[{index}]"),
            Some((parent, Step::Member(name))) if parent.parent.is_none() => f.write_str(name),
            Some((parent, Step::Member(name))) => write!(f, "{parent}.{name}"),
        }
    }
}

impl<'a> Spot<'a> {
    /// The whole.
    pub(super) fn top(value: &'a Value) -> Self {
        Self {
            value,
            parent: None,
            depth: 1,
        }
    }

    /// The member of an object, which must be there.
    pub(super) fn member(&'a self, object: &'a Map<String, Value>, name: &'a str) -> Parsed<Self> {
        let value = object.get(name).ok_or_else(|| {
            self.error(format!("an object without \"{name}\""), "that member too")
        })?;
        Ok(Self {
            value,
            parent: Some((self, Step::Member(name))),
            depth: self.depth,
        })
    }

    /// The items of an array, a level deeper.
    pub(super) fn items(
        &'a self,
        expected: &str,
    ) -> Parsed<impl ExactSizeIterator<Item = Self> + use<'a>> {
        let Value::Array(items) = self.value else {
            return Err(self.error(self.found(), expected));
        };
        Ok(items.iter().enumerate().map(move |(index, value)| Self {
            value,
            parent: Some((self, Step::Item(index))),
            depth: self.depth + 1,
        }))
    }

    pub(super) fn string(&self, expected: &str) -> Parsed<&'a str> {
        match self.value {
            Value::String(text) => Ok(text),
            _ => Err(self.error(self.found(), expected)),
        }
    }

    pub(super) fn numbers(&self, expected: &str) -> Parsed<Vec<f64>> {
        self.items(expected)?.map(|item| item.number()).collect()
    }

    pub(super) fn number(&self) -> Parsed<f64> {
        match self.value.as_f64() {
            Some(number) if number.is_finite() => Ok(number),
            _ => Err(self.error(self.found(), "a number")),
        }
    }

    /// Refuses members of the object that are not among these.
    pub(super) fn only(&self, object: &Map<String, Value>, known: &[&str]) -> Parsed<()> {
        match object.keys().find(|name| !known.contains(&name.as_str())) {
            None => Ok(()),
            Some(name) => {
                let known: Vec<_> = known.iter().map(|name| quoted(name)).collect();
                let found = format!("the member {}", quoted(name));
                Err(self.error(found, format!("none but {}", known.join(", "))))
            }
        }
    }

    pub(super) fn error(
        &self,
        found: impl Into<String>,
        expected: impl Into<String>,
    ) -> ParseError {
        ParseError::Json {
            path: self.to_string(),
            found: found.into(),
            expected: expected.into(),
        }
    }

    /// For messages.
    pub(super) fn found(&self) -> String {
        match self.value {
            Value::String(text) => quoted(text),
            Value::Array(items) if items.is_empty() => "an empty array".to_owned(),
            Value::Array(items) => format!("an array of {}", items.len()),
            Value::Object(_) => "an object".to_owned(),
            other => other.to_string(),
        }
    }
}
