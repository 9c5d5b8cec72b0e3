//! Reading values out of members of a JSON object as they were written, without braces around them:
//! `"place":"Aleppo","radius_km":5.0`.

use std::borrow::Cow;

use serde::de::IgnoredAny;

use super::records::utf8;
use super::{Kind, Value};
use crate::domain::day_number;

/// Microseconds of a day.
pub(super) const DAY: i64 = 86_400_000_000;

/// The value of a member, counted from 0, as it is written; `null` when there are not so many.
pub(super) fn member(members: &[u8], number: usize) -> &[u8] {
    let mut rest = members;
    for n in 0.. {
        // A name of ours has no quote in it.
        let Some(end) = rest.get(1..).and_then(|name| memchr::memchr(b'"', name)) else {
            break;
        };
        let Some(value) = rest.get(end + 3..) else {
            break;
        };
        let length = length(value);
        if n == number {
            return &value[..length];
        }
        rest = value.get(length + 1..).unwrap_or_default();
    }
    b"null"
}

/// Members one by one: each with its name, and as it is written.
#[derive(Debug, Clone)]
pub(super) struct Members<'a>(pub(super) &'a str);

impl<'a> Iterator for Members<'a> {
    type Item = (&'a str, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        let end = self.0.get(1..)?.find('"')?;
        let begin = end + 3;
        let end_of_value = begin + length(self.0.get(begin..)?.as_bytes());
        let member = (self.0.get(1..=end)?, self.0.get(..end_of_value)?);
        self.0 = self.0.get(end_of_value + 1..).unwrap_or_default();
        Some(member)
    }
}

/// How long the value is that a text begins with.
fn length(bytes: &[u8]) -> usize {
    match bytes.first() {
        Some(b'"') => {
            let mut at = 1;
            while let Some(found) = memchr::memchr2(b'"', b'\\', &bytes[at..]) {
                at += found;
                if bytes[at] == b'"' {
                    return at + 1;
                }
                at = (at + 2).min(bytes.len());
            }
            bytes.len()
        }
        Some(b'[' | b'{') => {
            let mut values = serde_json::Deserializer::from_slice(bytes).into_iter::<IgnoredAny>();
            let _ = values.next();
            values.byte_offset()
        }
        _ => memchr::memchr(b',', bytes).unwrap_or(bytes.len()),
    }
}

/// A text as it was before it was written.
pub(super) fn text(written: &[u8]) -> Option<Cow<'_, str>> {
    let inner = written.strip_prefix(b"\"")?.strip_suffix(b"\"")?;
    if memchr::memchr(b'\\', inner).is_none() {
        return std::str::from_utf8(inner).ok().map(Cow::Borrowed);
    }
    serde_json::from_slice(written).ok().map(Cow::Owned)
}

/// A value of a property as filters and orders see it.
pub(super) fn value(written: &[u8], kind: Kind) -> Value<'_> {
    match written.first() {
        Some(b'"') => match (text(written), kind) {
            (Some(text), Kind::Date) => text.parse().map_or(Value::Null, |day| {
                Value::Time(i64::from(day_number(day)) * DAY)
            }),
            (Some(text), _) => Value::Text(text),
            (None, _) => Value::Null,
        },
        Some(b't') => Value::Boolean(true),
        Some(b'f') => Value::Boolean(false),
        Some(b'n') | None => Value::Null,
        // With 0 added, −0 is 0.
        _ => utf8(written)
            .parse::<f64>()
            .map_or(Value::Null, |number| Value::Number(number + 0.0)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_is_found_whatever_stands_before_it() {
        let members = br#""a":"x,\"y\\","b":null,"c":[1,{"d":"],"}],"e":-1.5,"f":"","g":true"#;
        let all: Vec<_> = (0..7).map(|n| member(members, n)).collect();
        let expected = [
            r#""x,\"y\\""#,
            "null",
            r#"[1,{"d":"],"}]"#,
            "-1.5",
            r#""""#,
            "true",
            "null",
        ];
        assert_eq!(all, expected.map(str::as_bytes));
        assert_eq!(value(all[0], Kind::Text), Value::Text("x,\"y\\".into()));
        assert_eq!(value(all[3], Kind::Number), Value::Number(-1.5));
        assert_eq!(member(b"", 0), b"null");
        let members: Vec<_> = Members(std::str::from_utf8(members).expect("a text")).collect();
        let names: Vec<_> = members.iter().map(|(name, _)| *name).collect();
        assert_eq!(names, ["a", "b", "c", "e", "f", "g"]);
        assert_eq!(members[1], ("b", "\"b\":null"));
    }

    #[test]
    fn a_date_is_its_midnight() {
        assert_eq!(value(b"\"1970-01-02\"", Kind::Date), Value::Time(DAY));
        assert_eq!(
            value(b"\"1970-01-02\"", Kind::Text),
            Value::Text("1970-01-02".into())
        );
        assert_eq!(value(b"\"soon\"", Kind::Date), Value::Null);
    }
}
