//! In what order, and from where on: `sortby` and `cursor`.

use serde_json::Value as Json;

use super::collection::Collection;
use super::params::Params;
use super::problem::Problem;
use super::text::clip;
use crate::index::{Cursor, Kind, Order, Value};

/// Reads `sortby`: names of properties, with a minus before those that go from the greatest to the least.
pub(super) fn read(collection: Collection, params: &Params) -> Result<Vec<Order>, Problem> {
    let Some(text) = params.one("sortby")? else {
        return Ok(Vec::new());
    };
    text.split(',')
        .map(|name| order(collection, name))
        .collect()
}

fn order(collection: Collection, text: &str) -> Result<Order, Problem> {
    // The plus of a query that was not percent-encoded arrives as a space.
    let name = text.trim_start_matches(['+', '-', ' ']);
    let is_signed_once = text.len() - name.len() <= 1;
    let properties = collection.properties();
    let column = properties
        .iter()
        .position(|property| property.queryable && property.name == name);
    match column {
        Some(column) if is_signed_once => Ok(Order {
            column,
            descending: text.starts_with('-'),
        }),
        _ => {
            let known = properties
                .iter()
                .filter(|property| property.queryable)
                .map(|property| property.name);
            let detail = format!(
                "{:?} is nothing to sort by: write names with a - before those that are to go downwards, such as \
                 sortby=-confidence,country. There are: {}.",
                clip(text),
                known.collect::<Vec<_>>().join(", ")
            );
            Err(Problem::parameter("sortby", detail))
        }
    }
}

/// Reads `cursor`: a place in the order of first indexing and, where the features are sorted, what the feature there
/// was sorted by.
pub(super) fn cursor(
    collection: Collection,
    order: &[Order],
    params: &Params,
) -> Result<Option<Cursor>, Problem> {
    let Some(text) = params.one("cursor")? else {
        return Ok(None);
    };
    let cursor = parse(collection, order, text).ok_or_else(|| {
        let detail = format!(
            "{:?} is no cursor of such a list: take it from the next link of a page.",
            clip(text)
        );
        Problem::parameter("cursor", detail)
    })?;
    Ok(Some(cursor))
}

fn parse(collection: Collection, order: &[Order], text: &str) -> Option<Cursor> {
    let (sequence, keys) = match text.split_once('~') {
        Some((sequence, keys)) => (sequence, serde_json::from_str::<Vec<Json>>(keys).ok()?),
        None => (text, Vec::new()),
    };
    if !sequence.bytes().all(|byte| byte.is_ascii_digit())
        || !(keys.is_empty() || keys.len() == order.len())
    {
        return None;
    }
    let keys = keys.into_iter().zip(order).map(|(key, order)| {
        Some(match (collection.properties()[order.column].kind, key) {
            (_, Json::Null) => Value::Null,
            (Kind::Boolean, Json::Bool(truth)) => Value::Boolean(truth),
            (Kind::Integer | Kind::Number, Json::Number(number)) => Value::Number(number.as_f64()?),
            (Kind::Date, Json::Number(number)) => Value::Time(number.as_i64()?),
            (Kind::Text | Kind::Address | Kind::OneOf(_), Json::String(text)) => {
                Value::Text(text.into())
            }
            _ => return None,
        })
    });
    Some(Cursor {
        sequence: sequence.parse().ok()?,
        keys: keys.collect::<Option<_>>()?,
    })
}

/// As it stands in a link.
pub(super) fn written(cursor: &Cursor) -> String {
    if cursor.keys.is_empty() {
        return cursor.sequence.to_string();
    }
    let keys = cursor.keys.iter().map(|key| match key {
        Value::Null => Json::Null,
        Value::Boolean(truth) => (*truth).into(),
        Value::Number(number) => (*number).into(),
        Value::Text(text) => Json::from(&**text),
        Value::Time(time) => (*time).into(),
    });
    format!("{}~{}", cursor.sequence, Json::Array(keys.collect()))
}
