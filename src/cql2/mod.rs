//! OGC Common Query Language, CQL2 (OGC 21-065r2): both of its encodings, CQL2-Text and CQL2-JSON, are read
//! into one tree, and the tree is written in both.
//!
//! The module knows the grammar and nothing else: whether a property exists, and whether what it holds can be
//! compared with what it is compared with, is for whoever evaluates the tree. What the grammar itself rules
//! out (a number where a condition must stand, a text as an operand of a sum) is refused here, with the place.
//!
//! Where the grammar of the standard leaves room, more is read than it asks for: `BETWEEN` takes dates and
//! texts too, `NOT` may be repeated, an operator of CQL2-JSON may be spelled in any case, the name of a
//! function may stand in quotation marks, and `(x,)` is a list of one where `(x)` would be `x` alone.

mod call;
mod error;
mod geo_json;
mod geometry;
mod instant;
mod json;
mod lexer;
mod operator;
mod parser;
mod place;
mod spot;
#[cfg(test)]
mod tests;
mod text;
mod wkt;
mod write_json;
mod write_text;

use std::collections::HashSet;

pub use error::ParseError;
pub use json::parse_json;
pub use operator::{
    ArithmeticOperator, ArrayOperator, Comparison, SpatialOperator, TemporalOperator,
};
pub use text::parse_text;

/// Longest expression that is read, in bytes.
pub const LONGEST: usize = 64 * 1024;

/// Most levels of a tree. A level takes two of the 127 that the reader of JSON goes down to, and a geometry
/// at the bottom seven, so that what was read from text can be sent on as JSON.
pub const DEEPEST: usize = 50;

/// A condition, or a value in it.
#[derive(Debug, Clone, PartialEq)]
pub enum Expression {
    /// All of two or more conditions hold.
    And(Vec<Expression>),
    /// One of two or more conditions holds.
    Or(Vec<Expression>),
    /// The condition does not hold.
    Not(Box<Expression>),
    /// One value compared with another.
    Compare(Comparison, Box<Expression>, Box<Expression>),
    /// The value lies between two others; both ends count.
    Between {
        /// What is tested.
        value: Box<Expression>,
        /// The lower end.
        low: Box<Expression>,
        /// The upper end.
        high: Box<Expression>,
    },
    /// The value is one of a list, which is not empty.
    In {
        /// What is tested.
        value: Box<Expression>,
        /// What it may be.
        items: Vec<Expression>,
    },
    /// The text follows a pattern, in which `%` stands for any text, `_` for any one character, and `\` takes
    /// the meaning from the character after it.
    Like {
        /// What is tested.
        value: Box<Expression>,
        /// A text, or one without case or accents.
        pattern: Box<Expression>,
    },
    /// There is no value.
    IsNull(Box<Expression>),
    /// How two geometries lie to each other.
    Spatial(SpatialOperator, Box<Expression>, Box<Expression>),
    /// How two times lie to each other.
    Temporal(TemporalOperator, Box<Expression>, Box<Expression>),
    /// What two lists have in common.
    Array(ArrayOperator, Box<Expression>, Box<Expression>),
    /// A number reckoned from two others; `-x` is read as `-1 * x`.
    Arithmetic(ArithmeticOperator, Box<Expression>, Box<Expression>),
    /// The text without regard to case.
    Casei(Box<Expression>),
    /// The text without regard to accents.
    Accenti(Box<Expression>),
    /// A function that the standard does not define.
    Function {
        /// Its name, as it was written.
        name: String,
        /// What it is given.
        arguments: Vec<Expression>,
    },
    /// The value of a property.
    Property(String),
    /// A text.
    Text(String),
    /// A finite number.
    Number(f64),
    /// True or false.
    Boolean(bool),
    /// A day.
    Date(jiff::civil::Date),
    /// A moment.
    Timestamp(jiff::Timestamp),
    /// The time from one instant to another: dates, timestamps, properties or functions; `None` is open.
    Interval {
        /// When it begins.
        start: Option<Box<Expression>>,
        /// When it ends.
        end: Option<Box<Expression>>,
    },
    /// A geometry without heights, none of whose parts is empty.
    Geometry(geo::Geometry<f64>),
    /// West, south, east and north.
    BBox([f64; 4]),
    /// A list of anything.
    List(Vec<Expression>),
}

impl Expression {
    /// The expressions it is made of, in the order in which they are written.
    pub fn children(&self) -> Vec<&Expression> {
        match self {
            Self::And(parts) | Self::Or(parts) | Self::List(parts) => parts.iter().collect(),
            Self::Function { arguments, .. } => arguments.iter().collect(),
            Self::Not(part) | Self::IsNull(part) | Self::Casei(part) | Self::Accenti(part) => {
                vec![part]
            }
            Self::Compare(_, left, right)
            | Self::Spatial(_, left, right)
            | Self::Temporal(_, left, right)
            | Self::Array(_, left, right)
            | Self::Arithmetic(_, left, right) => vec![left, right],
            Self::Like { value, pattern } => vec![value, pattern],
            Self::Between { value, low, high } => vec![value, low, high],
            Self::In { value, items } => std::iter::once(&**value).chain(items).collect(),
            Self::Interval { start, end } => [start, end]
                .into_iter()
                .flatten()
                .map(|end| &**end)
                .collect(),
            Self::Property(_)
            | Self::Text(_)
            | Self::Number(_)
            | Self::Boolean(_)
            | Self::Date(_)
            | Self::Timestamp(_)
            | Self::Geometry(_)
            | Self::BBox(_) => Vec::new(),
        }
    }

    /// The names of all properties in it, each once, in the order in which they come first.
    pub fn properties(&self) -> Vec<&str> {
        let mut names = Vec::new();
        let mut seen = HashSet::new();
        let mut open = vec![self];
        while let Some(expression) = open.pop() {
            if let Self::Property(name) = expression
                && seen.insert(name)
            {
                names.push(name.as_str());
            }
            open.extend(expression.children().into_iter().rev());
        }
        names
    }
}
