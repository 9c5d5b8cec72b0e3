//! Writes a tree as CQL2-JSON.

use serde_json::{Number, Value, json};

use super::Expression;

impl Expression {
    /// As CQL2-JSON.
    pub fn to_json(&self) -> Value {
        match self {
            Self::And(parts) => operation("and", parts),
            Self::Or(parts) => operation("or", parts),
            Self::Not(part) => operation("not", [&**part]),
            Self::Compare(operator, left, right) => operation(operator.name(), [&**left, right]),
            Self::Spatial(operator, left, right) => operation(operator.name(), [&**left, right]),
            Self::Temporal(operator, left, right) => operation(operator.name(), [&**left, right]),
            Self::Array(operator, left, right) => operation(operator.name(), [&**left, right]),
            Self::Arithmetic(operator, left, right) => operation(operator.name(), [&**left, right]),
            Self::Between { value, low, high } => operation("between", [&**value, low, high]),
            Self::In { value, items } => {
                let items: Vec<_> = items.iter().map(Self::to_json).collect();
                json!({"op": "in", "args": [value.to_json(), items]})
            }
            Self::Like { value, pattern } => operation("like", [&**value, pattern]),
            Self::IsNull(part) => operation("isNull", [&**part]),
            Self::Casei(part) => operation("casei", [&**part]),
            Self::Accenti(part) => operation("accenti", [&**part]),
            Self::Function { name, arguments } => operation(name, arguments),
            Self::Property(name) => json!({"property": name}),
            Self::Text(text) => json!(text),
            Self::Number(number) => json_number(*number),
            Self::Boolean(truth) => json!(truth),
            Self::Date(date) => json!({"date": date.to_string()}),
            Self::Timestamp(timestamp) => json!({"timestamp": timestamp.to_string()}),
            Self::Interval { start, end } => {
                json!({"interval": [json_end(start.as_deref()), json_end(end.as_deref())]})
            }
            Self::Geometry(geometry) => Value::from(&geojson::GeometryValue::from(geometry)),
            Self::BBox(corners) => {
                let corners = corners.map(json_number);
                json!({"bbox": corners})
            }
            Self::List(elements) => elements.iter().map(Self::to_json).collect(),
        }
    }
}

fn operation<'a>(name: &str, arguments: impl IntoIterator<Item = &'a Expression>) -> Value {
    let arguments: Vec<_> = arguments.into_iter().map(Expression::to_json).collect();
    json!({"op": name, "args": arguments})
}

/// Whole numbers without a fraction, as far as they are exact.
fn json_number(number: f64) -> Value {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if number.fract() == 0.0 && number.abs() < EXACT {
        return json!(number as i64);
    }
    Number::from_f64(number).map_or(Value::Null, Value::Number)
}

fn json_end(end: Option<&Expression>) -> Value {
    match end {
        None => json!(".."),
        Some(Expression::Date(date)) => json!(date.to_string()),
        Some(Expression::Timestamp(timestamp)) => json!(timestamp.to_string()),
        Some(other) => other.to_json(),
    }
}
