use std::borrow::Cow;

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use super::Fields;
use crate::cql2::ArithmeticOperator;
use crate::index::Value;

/// Something that has a value in each row.
#[derive(Debug, Clone)]
pub(super) enum Term {
    Constant(Value<'static>),
    Column(usize),
    /// Text without upper case, or without accents.
    Folded(Fold, Box<Term>),
    Reckoned(ArithmeticOperator, Box<Term>, Box<Term>),
}

/// What does not matter of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fold {
    Case,
    Accents,
}

impl Term {
    /// Worked out beforehand, where nothing in it hangs on the row.
    pub(super) fn settled(self) -> Self {
        let is_constant = |term: &Term| matches!(term, Term::Constant(_));
        let settled = match &self {
            Self::Folded(_, inner) => is_constant(inner),
            Self::Reckoned(_, left, right) => is_constant(left) && is_constant(right),
            Self::Constant(_) | Self::Column(_) => false,
        };
        if settled {
            Self::Constant(self.value(&Nothing).into_owned())
        } else {
            self
        }
    }

    pub(super) fn value<'a>(&'a self, row: &'a dyn Fields) -> Value<'a> {
        match self {
            Self::Constant(value) => borrowed(value),
            Self::Column(column) => row.value(*column),
            Self::Folded(fold, inner) => match inner.value(row) {
                Value::Text(text) => Value::Text(fold.apply(&text).into()),
                other => other,
            },
            Self::Reckoned(operator, left, right) => match (left.value(row), right.value(row)) {
                (Value::Number(left), Value::Number(right)) => reckon(*operator, left, right),
                _ => Value::Null,
            },
        }
    }

    pub(super) fn is_column(&self, column: usize) -> bool {
        matches!(self, Self::Column(own) if *own == column)
    }

    /// The constant text that it is.
    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Constant(Value::Text(text)) => Some(text),
            _ => None,
        }
    }
}

fn borrowed<'a>(value: &'a Value<'static>) -> Value<'a> {
    match value {
        Value::Text(text) => Value::Text(Cow::Borrowed(text)),
        other => other.clone(),
    }
}

impl Fold {
    fn apply(self, text: &str) -> String {
        match self {
            // By way of the upper case, which has two letters for ß.
            Self::Case => text
                .chars()
                .flat_map(char::to_uppercase)
                .flat_map(char::to_lowercase)
                .collect(),
            Self::Accents => text
                .nfd()
                .filter(|c| !is_combining_mark(*c))
                .nfc()
                .collect(),
        }
    }
}

/// A number; not known where there is none, as in a division by zero.
fn reckon(operator: ArithmeticOperator, left: f64, right: f64) -> Value<'static> {
    let number = match operator {
        ArithmeticOperator::Add => left + right,
        ArithmeticOperator::Subtract => left - right,
        ArithmeticOperator::Multiply => left * right,
        ArithmeticOperator::Divide => left / right,
        ArithmeticOperator::IntegerDivide => (left / right).trunc(),
        ArithmeticOperator::Modulo => left % right,
        ArithmeticOperator::Power => left.powf(right),
    };
    if number.is_finite() {
        Value::Number(number)
    } else {
        Value::Null
    }
}

/// A row without anything, for what hangs on no row.
struct Nothing;

impl Fields for Nothing {
    fn value(&self, _: usize) -> Value<'_> {
        Value::Null
    }

    fn geometry(&self) -> Option<Cow<'_, crate::index::Geometry>> {
        None
    }
}
