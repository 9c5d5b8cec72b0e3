//! Writes a tree as CQL2-Text.

use super::Expression;
use super::call::begins_value;
use super::lexer::{is_identifier, is_reserved};
use super::place::can_be_grouped;
use super::wkt;

/// How strongly the rules of the text bind: an expression is put in parentheses where its own rule binds less
/// than what it stands in. Arithmetic comes between a predicate and a value, with three levels.
const OR: u8 = 1;
const AND: u8 = 2;
const NOT: u8 = 3;
const PREDICATE: u8 = 4;
const ARITHMETIC: u8 = 5;
const POWER: u8 = 7;
const VALUE: u8 = 8;

impl Expression {
    /// As CQL2-Text, with no more parentheses than are needed.
    pub fn to_text(&self) -> String {
        written(self, OR)
    }
}

/// The expression, where something that binds at least so strongly is wanted.
fn written(expression: &Expression, wanted: u8) -> String {
    let bare = bare(expression);
    if strength(expression) < wanted {
        return format!("({bare})");
    }
    bare
}

fn strength(expression: &Expression) -> u8 {
    match expression {
        Expression::Or(_) => OR,
        Expression::And(_) => AND,
        Expression::Not(negated) if !is_negated_inside(negated) => NOT,
        Expression::Not(_)
        | Expression::Compare(..)
        | Expression::Between { .. }
        | Expression::In { .. }
        | Expression::Like { .. }
        | Expression::IsNull(_) => PREDICATE,
        Expression::Arithmetic(operator, ..) => ARITHMETIC - 1 + operator.strength(),
        _ => VALUE,
    }
}

/// Whether the word `NOT` stands in the predicate and not before it.
fn is_negated_inside(negated: &Expression) -> bool {
    matches!(
        negated,
        Expression::Between { .. }
            | Expression::In { .. }
            | Expression::Like { .. }
            | Expression::IsNull(_)
    )
}

fn bare(expression: &Expression) -> String {
    match expression {
        Expression::Or(parts) => joined(parts, " OR ", |part| written(part, AND)),
        Expression::And(parts) => joined(parts, " AND ", |part| written(part, NOT)),
        Expression::Not(negated) if is_negated_inside(negated) => predicate(negated, "NOT "),
        Expression::Not(negated) => format!("NOT {}", written(negated, PREDICATE)),
        Expression::Compare(operator, left, right) => {
            format!("{} {} {}", operand(left), operator.name(), operand(right))
        }
        Expression::Arithmetic(operator, left, right) => {
            let own = strength(expression);
            // Powers do not follow one another without parentheses.
            let left_wanted = if own == POWER { VALUE } else { own };
            let (left, right) = (written(left, left_wanted), written(right, own + 1));
            format!("{left} {} {right}", operator.name())
        }
        Expression::Between { .. }
        | Expression::In { .. }
        | Expression::Like { .. }
        | Expression::IsNull(_) => predicate(expression, ""),
        _ => value(expression),
    }
}

/// A predicate that can have the word `NOT` in it.
fn predicate(predicate: &Expression, not: &str) -> String {
    match predicate {
        Expression::Between { value, low, high } => {
            let (value, low, high) = (operand(value), operand(low), operand(high));
            format!("{value} {not}BETWEEN {low} AND {high}")
        }
        Expression::In { value, items } => {
            let items = joined(items, ", ", operand);
            format!("{} {not}IN ({items})", operand(value))
        }
        Expression::Like { value, pattern } => {
            format!("{} {not}LIKE {}", operand(value), operand(pattern))
        }
        Expression::IsNull(value) => format!("{} IS {not}NULL", operand(value)),
        _ => written(predicate, PREDICATE),
    }
}

/// What a predicate asks about.
fn operand(operand: &Expression) -> String {
    written(operand, ARITHMETIC)
}

/// What never needs parentheses.
fn value(value: &Expression) -> String {
    match value {
        Expression::Spatial(operator, left, right) => call(operator.name(), [left, right]),
        Expression::Temporal(operator, left, right) => call(operator.name(), [left, right]),
        Expression::Array(operator, left, right) => {
            let name = operator.name().to_ascii_uppercase();
            format!("{name}({}, {})", list_operand(left), list_operand(right))
        }
        Expression::Casei(text) => call("casei", [text]),
        Expression::Accenti(text) => call("accenti", [text]),
        Expression::Function { name, arguments } => {
            let name = name_for(name, is_reserved(name) || begins_value(name));
            format!("{name}({})", joined(arguments, ", ", element))
        }
        Expression::Property(name) => name_for(name, is_reserved(name)),
        Expression::Text(text) => string(text),
        Expression::Number(value) => number(*value),
        Expression::Boolean(truth) => if *truth { "TRUE" } else { "FALSE" }.to_owned(),
        Expression::Date(date) => format!("DATE('{date}')"),
        Expression::Timestamp(timestamp) => format!("TIMESTAMP('{timestamp}')"),
        Expression::Interval { start, end } => {
            format!(
                "INTERVAL({}, {})",
                interval_end(start.as_deref()),
                interval_end(end.as_deref())
            )
        }
        Expression::Geometry(geometry) => wkt::written(geometry),
        Expression::BBox(corners) => {
            format!("BBOX({})", joined(corners, ", ", |corner| number(*corner)))
        }
        Expression::List(elements) => format!("({})", joined(elements, ", ", element)),
        _ => written(value, VALUE),
    }
}

fn call<const N: usize>(name: &str, operands: [&Expression; N]) -> String {
    let operands = joined(&operands, ", ", |operand| written(operand, ARITHMETIC));
    format!("{}({operands})", name.to_ascii_uppercase())
}

/// An operand of an array operator, where parentheses always make a list.
fn list_operand(operand: &Expression) -> String {
    match operand {
        Expression::List(elements) => format!("({})", joined(elements, ", ", element)),
        _ => written(operand, ARITHMETIC),
    }
}

/// An element of a list or an argument of a function, where parentheses around one thing may group.
fn element(expression: &Expression) -> String {
    match expression {
        Expression::List(elements) if matches!(&elements[..], [one] if can_be_grouped(one)) => {
            format!("({},)", element(&elements[0]))
        }
        _ => written(expression, OR),
    }
}

fn interval_end(end: Option<&Expression>) -> String {
    match end {
        None => "'..'".to_owned(),
        Some(Expression::Date(date)) => format!("'{date}'"),
        Some(Expression::Timestamp(timestamp)) => format!("'{timestamp}'"),
        Some(other) => operand(other),
    }
}

/// The name, in quotation marks when it is not plain or would mean something else.
fn name_for(name: &str, means_something_else: bool) -> String {
    if is_identifier(name) && !means_something_else {
        return name.to_owned();
    }
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A text in apostrophes, of which those in it are doubled; so are backslashes before one (see the lexer).
fn string(text: &str) -> String {
    let mut written = String::from("'");
    let mut backslashes = 0;
    for c in text.chars() {
        if c == '\'' {
            written.extend(std::iter::repeat_n('\\', backslashes));
            written.push('\'');
        }
        backslashes = if c == '\\' { backslashes + 1 } else { 0 };
        written.push(c);
    }
    written.extend(std::iter::repeat_n('\\', backslashes));
    written.push('\'');
    written
}

/// The shortest decimals that read as the same number.
pub(super) fn number(number: f64) -> String {
    let size = number.abs();
    if size == 0.0 || (1e-6..1e16).contains(&size) {
        return number.to_string();
    }
    format!("{number:E}")
}

pub(super) fn joined<T>(items: &[T], separator: &str, written: impl Fn(&T) -> String) -> String {
    let items: Vec<_> = items.iter().map(written).collect();
    items.join(separator)
}
