use std::borrow::Cow;
use std::fmt;

use jiff::civil::Date;
use serde_json::Value;

use super::{Column, ColumnType, Unfit};

/// So many letters of a value are shown where it does not fit.
const SHOWN: usize = 40;

/// A value that is of its column's type.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Cell<'f> {
    Null,
    Text(Cow<'f, str>),
    Integer(i64),
    Number(f64),
    Boolean(bool),
    /// Known to be a day.
    Date(&'f str),
}

impl<'f> Cell<'f> {
    /// Reads a property. A column of text takes any value: what is no text is written as JSON.
    pub(super) fn of(column: &Column, value: Option<&'f Value>) -> Result<Self, Unfit> {
        let value = match value {
            None | Some(Value::Null) => return Ok(Self::Null),
            Some(value) => value,
        };
        let cell = match (column.kind, value) {
            (ColumnType::Text, Value::String(text)) => Some(Self::Text(Cow::Borrowed(text))),
            (ColumnType::Text, other) => Some(Self::Text(Cow::Owned(other.to_string()))),
            (ColumnType::Integer, value) => integer(value).map(Self::Integer),
            (ColumnType::Number, value) => value.as_f64().map(Self::Number),
            (ColumnType::Boolean, value) => value.as_bool().map(Self::Boolean),
            (ColumnType::Date, value) => value.as_str().filter(|text| is_day(text)).map(Self::Date),
        };
        cell.ok_or_else(|| Unfit::Value {
            column: column.name,
            kind: plural(column.kind),
            value: value.to_string().chars().take(SHOWN).collect(),
        })
    }
}

/// As a cell of CSV has it: null is empty.
impl fmt::Display for Cell<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => Ok(()),
            Self::Text(text) => f.write_str(text),
            Self::Integer(value) => value.fmt(f),
            Self::Number(value) => value.fmt(f),
            Self::Boolean(value) => value.fmt(f),
            Self::Date(text) => f.write_str(text),
        }
    }
}

/// A whole number, be it written with a fraction of zero.
fn integer(value: &Value) -> Option<i64> {
    // Beyond 2^53 a float does not tell which whole number was meant.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let whole = |number: &f64| number.fract() == 0.0 && number.abs() <= EXACT;
    value
        .as_i64()
        .or_else(|| value.as_f64().filter(whole).map(|number| number as i64))
}

/// Whether a text is YYYY-MM-DD: a date is read in other forms too, which GIS tools would not take for one.
fn is_day(text: &str) -> bool {
    let digits_and_dashes = text.bytes().enumerate().all(|(at, byte)| match at {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    });
    text.len() == 10 && digits_and_dashes && text.parse::<Date>().is_ok()
}

fn plural(kind: ColumnType) -> &'static str {
    match kind {
        ColumnType::Text => "text",
        ColumnType::Integer => "whole numbers",
        ColumnType::Number => "numbers",
        ColumnType::Boolean => "true or false",
        ColumnType::Date => "days (YYYY-MM-DD)",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(kind: ColumnType, value: &Value) -> Result<String, Unfit> {
        let column = Column {
            name: "column",
            kind,
            description: "",
        };
        Cell::of(&column, Some(value)).map(|cell| cell.to_string())
    }

    #[test]
    fn a_value_of_the_columns_type_is_taken() {
        for (kind, value, written) in [
            (ColumnType::Text, json!("=1+1"), "=1+1"),
            (ColumnType::Text, json!([1, "a"]), "[1,\"a\"]"),
            (ColumnType::Text, json!(null), ""),
            (ColumnType::Integer, json!(-3), "-3"),
            (ColumnType::Integer, json!(4.0), "4"),
            (ColumnType::Integer, json!(i64::MAX), "9223372036854775807"),
            (ColumnType::Number, json!(36.404), "36.404"),
            (ColumnType::Number, json!(2), "2"),
            (ColumnType::Boolean, json!(false), "false"),
            (ColumnType::Date, json!("2020-02-29"), "2020-02-29"),
        ] {
            assert_eq!(read(kind, &value).as_deref(), Ok(written), "{value}");
        }
    }

    #[test]
    fn a_value_of_another_type_is_refused() {
        for (kind, value) in [
            (ColumnType::Integer, json!(1.5)),
            (ColumnType::Integer, json!(u64::MAX)),
            (ColumnType::Integer, json!(1e300)),
            (ColumnType::Integer, json!("1")),
            (ColumnType::Number, json!("1")),
            (ColumnType::Boolean, json!(1)),
            (ColumnType::Date, json!("2019-02-29")),
            (ColumnType::Date, json!("2019-10")),
            (ColumnType::Date, json!("20191016T0")),
            (ColumnType::Date, json!("2019-10-16T08:00:00Z")),
            (ColumnType::Date, json!(20_191_016)),
        ] {
            assert!(read(kind, &value).is_err(), "{value} was taken");
        }
    }

    #[test]
    fn a_refusal_shows_no_more_than_the_beginning_of_the_value() {
        let refusal = read(ColumnType::Integer, &json!("é".repeat(1_000_000)));
        let text = refusal.expect_err("a text is no whole number").to_string();
        assert!(text.contains("whole numbers") && text.len() < 200, "{text}");
    }
}
