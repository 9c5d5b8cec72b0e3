//! Reading values out of members of a JSON object as they were written, without braces around them:
//! `"place":"Aleppo","radius_km":5.0`.

use std::borrow::Cow;

use serde::de::IgnoredAny;

use super::{Kind, Value};
use crate::domain::day_number;

/// Microseconds of a day.
pub(super) const DAY: i64 = 86_400_000_000;

/// The value of a member, counted from 0, as it is written; `null` when there are not so many.
pub(super) fn member(members: &str, number: usize) -> &str {
    let mut rest = members;
    for n in 0.. {
        // A name of ours has no quote in it.
        let Some(end) = rest.get(1..).and_then(|name| name.find('"')) else {
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
    "null"
}

/// How long the value is that a text begins with.
fn length(text: &str) -> usize {
    let bytes = text.as_bytes();
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
            let mut values = serde_json::Deserializer::from_str(text).into_iter::<IgnoredAny>();
            let _ = values.next();
            values.byte_offset()
        }
        _ => memchr::memchr(b',', bytes).unwrap_or(bytes.len()),
    }
}

/// A text as it was before it was written.
pub(super) fn text(written: &str) -> Option<Cow<'_, str>> {
    let inner = written.strip_prefix('"')?.strip_suffix('"')?;
    if memchr::memchr(b'\\', inner.as_bytes()).is_none() {
        return Some(Cow::Borrowed(inner));
    }
    serde_json::from_str(written).ok().map(Cow::Owned)
}

/// A value of a property as filters and orders see it.
pub(super) fn value(written: &str, kind: Kind) -> Value<'_> {
    match written.as_bytes().first() {
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
        _ => written
            .parse::<f64>()
            .map_or(Value::Null, |number| Value::Number(number + 0.0)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_is_found_whatever_stands_before_it() {
        let members = r#""a":"x,\"y\\","b":null,"c":[1,{"d":"],"}],"e":-1.5,"f":"","g":true"#;
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
        assert_eq!(all, expected);
        assert_eq!(value(all[0], Kind::Text), Value::Text("x,\"y\\".into()));
        assert_eq!(value(all[3], Kind::Number), Value::Number(-1.5));
        assert_eq!(member("", 0), "null");
    }

    #[test]
    fn a_date_is_its_midnight() {
        assert_eq!(value("\"1970-01-02\"", Kind::Date), Value::Time(DAY));
        assert_eq!(
            value("\"1970-01-02\"", Kind::Text),
            Value::Text("1970-01-02".into())
        );
        assert_eq!(value("\"soon\"", Kind::Date), Value::Null);
    }
}
