use geo::MapCoords;
use jiff::Timestamp;
use jiff::civil::Date;

use super::like::Pattern;
use super::scalar::{Fold, Term};
use super::space::{Shape, SpatialTest, of_box};
use super::time::{Bound, Span, TemporalTest};
use super::{Node, Predicate};
use crate::cql2::{Comparison, Expression};
use crate::domain::{BoundingBox, Point, day_number};
use crate::index::written::DAY;
use crate::index::{Kind, Property, Value};

/// The name of the geometry among the properties.
const GEOMETRY: &str = "geometry";

/// Why an expression cannot be asked of a collection.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PredicateError {
    /// There is no such property.
    #[error("there is no property {name:?} to filter by; there are: {known}")]
    Unknown {
        /// As written.
        name: String,
        /// Those that there are.
        known: String,
    },
    /// Two kinds of values that cannot be compared.
    #[error("{left} cannot be compared with {right}")]
    Mismatch {
        /// What stands on one side.
        left: String,
        /// What stands on the other.
        right: String,
    },
    /// A value where another kind is needed.
    #[error("{found} stands where {wanted} is needed")]
    Wrong {
        /// What it is.
        found: String,
        /// What it should be.
        wanted: &'static str,
    },
    /// There are no functions.
    #[error("there is no function {0:?} here: only the operators of CQL2")]
    Function(String),
    /// A box that is none.
    #[error("{0}")]
    Box(String),
}

/// The kinds of values that can be compared with each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Type {
    Boolean,
    Number,
    Text,
    Time,
}

impl Type {
    const fn name(self) -> &'static str {
        match self {
            Self::Boolean => "true or false",
            Self::Number => "a number",
            Self::Text => "text",
            Self::Time => "a date",
        }
    }
}

/// A term with what it is, in the words that errors use.
struct Typed {
    term: Term,
    kind: Type,
    name: String,
}

impl Predicate {
    /// An expression as a condition on rows with these properties; `point` makes points of its coordinates.
    ///
    /// # Errors
    /// When it names what is not there, or compares what cannot be compared.
    pub fn new(
        expression: &Expression,
        properties: &[Property],
        point: &dyn Fn([f64; 2]) -> Point,
    ) -> Result<Self, PredicateError> {
        Compiler { properties, point }
            .condition(expression)
            .map(Self)
    }
}

struct Compiler<'a> {
    properties: &'a [Property],
    point: &'a dyn Fn([f64; 2]) -> Point,
}

impl Compiler<'_> {
    fn condition(&self, expression: &Expression) -> Result<Node, PredicateError> {
        match expression {
            Expression::And(parts) => Ok(Node::All(self.conditions(parts)?)),
            Expression::Or(parts) => Ok(Node::Any(self.conditions(parts)?)),
            Expression::Not(part) => Ok(Node::Not(Box::new(self.condition(part)?))),
            Expression::Boolean(truth) => Ok(Node::Always(*truth)),
            Expression::Compare(comparison, left, right) => {
                self.comparison(*comparison, left, right)
            }
            Expression::Between { value, low, high } => {
                let (value, low, high) = (self.term(value)?, self.term(low)?, self.term(high)?);
                let (left, low) = alike(value, low)?;
                let (left, high) = alike(left, high)?;
                Ok(Node::Between(left.term, low.term, high.term))
            }
            Expression::In { value, items } => {
                let mut value = self.term(value)?;
                let mut choices = Vec::with_capacity(items.len());
                for item in items {
                    let (left, choice) = alike(value, self.term(item)?)?;
                    value = left;
                    choices.push(choice.term);
                }
                Ok(Node::In(value.term, choices))
            }
            Expression::Like { value, pattern } => {
                let (value, pattern) = (self.text(value)?, self.text(pattern)?);
                let Some(pattern) = pattern.text() else {
                    let found = "a pattern that is a property".to_owned();
                    return Err(PredicateError::Wrong {
                        found,
                        wanted: "text in quotes",
                    });
                };
                Ok(Node::Like(value, Pattern::new(pattern)))
            }
            Expression::IsNull(value) => match &**value {
                Expression::Property(name) if name == GEOMETRY => Ok(Node::HasNoGeometry),
                Expression::Geometry(_) | Expression::BBox(_) | Expression::Interval { .. } => {
                    Ok(Node::Always(false))
                }
                value => Ok(Node::IsNull(self.term(value)?.term)),
            },
            Expression::Spatial(operator, left, right) => {
                let test = SpatialTest::new(*operator, self.shape(left)?, self.shape(right)?);
                Ok(Node::Spatial(test))
            }
            Expression::Temporal(operator, left, right) => Ok(Node::Temporal(TemporalTest::new(
                *operator,
                self.span(left)?,
                self.span(right)?,
            ))),
            Expression::Array(..) => Err(wrong(
                "a comparison of lists",
                "a comparison of single values",
            )),
            other => match self.term(other)? {
                Typed {
                    term,
                    kind: Type::Boolean,
                    ..
                } => Ok(Node::Truth(term)),
                Typed { name, .. } => Err(wrong(&name, "a condition, which is true or false,")),
            },
        }
    }

    fn conditions(&self, parts: &[Expression]) -> Result<Vec<Node>, PredicateError> {
        parts.iter().map(|part| self.condition(part)).collect()
    }

    fn comparison(
        &self,
        comparison: Comparison,
        left: &Expression,
        right: &Expression,
    ) -> Result<Node, PredicateError> {
        let (left, right) = alike(self.term(left)?, self.term(right)?)?;
        Ok(Node::Compare(comparison, left.term, right.term))
    }

    fn term(&self, expression: &Expression) -> Result<Typed, PredicateError> {
        let constant = |value, kind, name: String| {
            Ok(Typed {
                term: Term::Constant(value),
                kind,
                name,
            })
        };
        match expression {
            Expression::Property(name) => self.property(name),
            Expression::Text(text) => constant(
                Value::Text(text.clone().into()),
                Type::Text,
                format!("the text {text:?}"),
            ),
            Expression::Number(number) => constant(
                Value::Number(*number),
                Type::Number,
                format!("the number {number}"),
            ),
            Expression::Boolean(truth) => {
                constant(Value::Boolean(*truth), Type::Boolean, truth.to_string())
            }
            Expression::Date(day) => constant(
                Value::Time(midnight(*day)),
                Type::Time,
                format!("the date {day}"),
            ),
            Expression::Timestamp(stamp) => constant(
                Value::Time(stamp.as_microsecond()),
                Type::Time,
                format!("the timestamp {stamp}"),
            ),
            Expression::Casei(inner) => self.folded(Fold::Case, inner),
            Expression::Accenti(inner) => self.folded(Fold::Accents, inner),
            Expression::Arithmetic(operator, left, right) => {
                let (left, right) = (self.number(left)?, self.number(right)?);
                let term = Term::Reckoned(*operator, Box::new(left), Box::new(right)).settled();
                Ok(Typed {
                    term,
                    kind: Type::Number,
                    name: "a number".to_owned(),
                })
            }
            Expression::Function { name, .. } => Err(PredicateError::Function(name.clone())),
            Expression::Geometry(_) | Expression::BBox(_) => Err(wrong("a geometry", "a value")),
            Expression::Interval { .. } => Err(wrong("an interval", "a value")),
            Expression::List(_) => Err(wrong("a list", "a value")),
            _ => Err(wrong("a condition", "a value")),
        }
    }

    fn property(&self, name: &str) -> Result<Typed, PredicateError> {
        if name == GEOMETRY {
            return Err(wrong("the geometry", "a value"));
        }
        let found = self
            .properties
            .iter()
            .position(|property| property.name == name && property.queryable);
        let Some(column) = found else {
            let known = self
                .properties
                .iter()
                .filter(|property| property.queryable)
                .map(|property| property.name);
            let known: Vec<_> = known.collect();
            return Err(PredicateError::Unknown {
                name: name.chars().take(60).collect(),
                known: known.join(", "),
            });
        };
        let kind = match self.properties[column].kind {
            Kind::Text | Kind::Address | Kind::OneOf(_) => Type::Text,
            Kind::Integer | Kind::Number => Type::Number,
            Kind::Boolean => Type::Boolean,
            Kind::Date => Type::Time,
        };
        let name = format!("{name}, which is {},", kind.name());
        Ok(Typed {
            term: Term::Column(column),
            kind,
            name,
        })
    }

    fn folded(&self, fold: Fold, inner: &Expression) -> Result<Typed, PredicateError> {
        let term = Term::Folded(fold, Box::new(self.text(inner)?)).settled();
        Ok(Typed {
            term,
            kind: Type::Text,
            name: "a text".to_owned(),
        })
    }

    fn text(&self, expression: &Expression) -> Result<Term, PredicateError> {
        match self.term(expression)? {
            Typed {
                term,
                kind: Type::Text,
                ..
            } => Ok(term),
            Typed { name, .. } => Err(wrong(&name, "text")),
        }
    }

    fn number(&self, expression: &Expression) -> Result<Term, PredicateError> {
        match self.term(expression)? {
            Typed {
                term,
                kind: Type::Number,
                ..
            } => Ok(term),
            Typed { name, .. } => Err(wrong(&name, "a number")),
        }
    }

    fn shape(&self, expression: &Expression) -> Result<Shape, PredicateError> {
        match expression {
            Expression::Property(name) if name == GEOMETRY => Ok(Shape::Own),
            Expression::Property(name) => {
                Err(wrong(&self.property(name)?.name, "the property geometry"))
            }
            Expression::Geometry(geometry) => Ok(Shape::Constant(Box::new(self.placed(geometry)))),
            Expression::BBox([west, south, east, north]) => {
                let (low, high) = ((self.point)([*west, *south]), (self.point)([*east, *north]));
                let bbox = BoundingBox::new(low.lon, low.lat, high.lon, high.lat);
                let bbox = bbox.map_err(|error| PredicateError::Box(error.to_string()))?;
                Ok(Shape::Constant(Box::new(of_box(bbox))))
            }
            other => Err(wrong(&self.term(other)?.name, "a geometry")),
        }
    }

    fn placed(&self, geometry: &geo::Geometry<f64>) -> geo::Geometry<f64> {
        geometry.map_coords(|corner| {
            let Point { lon, lat } = (self.point)([corner.x, corner.y]);
            geo::Coord { x: lon, y: lat }
        })
    }

    fn span(&self, expression: &Expression) -> Result<Span, PredicateError> {
        if let Expression::Interval { start, end } = expression {
            return Ok(Span {
                start: self.end(start.as_deref())?,
                end: self.end(end.as_deref())?,
            });
        }
        let instant = match expression {
            Expression::Date(day) => Bound::Day(midnight(*day)),
            Expression::Timestamp(stamp) => Bound::Moment(stamp.as_microsecond()),
            Expression::Text(text) => match instant(text) {
                Some(Value::Time(time)) if text.len() > 10 => Bound::Moment(time),
                Some(Value::Time(time)) => Bound::Day(time),
                _ => return Err(wrong(&format!("the text {text:?}"), "a date")),
            },
            other => match self.term(other)? {
                Typed {
                    term: Term::Column(column),
                    kind: Type::Time,
                    ..
                } => Bound::Column(column),
                Typed { name, .. } => return Err(wrong(&name, "a date")),
            },
        };
        Ok(Span {
            start: instant,
            end: instant,
        })
    }

    fn end(&self, end: Option<&Expression>) -> Result<Bound, PredicateError> {
        end.map_or(Ok(Bound::Open), |instant| {
            self.span(instant).map(|span| span.start)
        })
    }
}

/// Two terms of one kind. A text beside a date is read as one: clients write both alike.
fn alike(left: Typed, right: Typed) -> Result<(Typed, Typed), PredicateError> {
    let (left, right) = match (left.kind, right.kind) {
        (Type::Time, Type::Text) => (left, dated(right)),
        (Type::Text, Type::Time) => (dated(left), right),
        _ => (left, right),
    };
    if left.kind == right.kind {
        Ok((left, right))
    } else {
        Err(PredicateError::Mismatch {
            left: left.name,
            right: right.name.trim_end_matches(',').to_owned(),
        })
    }
}

fn dated(text: Typed) -> Typed {
    match text.term.text().and_then(instant) {
        Some(value) => Typed {
            term: Term::Constant(value),
            kind: Type::Time,
            ..text
        },
        None => text,
    }
}

/// A date or timestamp in quotes.
fn instant(text: &str) -> Option<Value<'static>> {
    let time = match text.parse::<Date>() {
        Ok(day) if text.len() == 10 => midnight(day),
        _ => text.parse::<Timestamp>().ok()?.as_microsecond(),
    };
    Some(Value::Time(time))
}

fn midnight(day: Date) -> i64 {
    i64::from(day_number(day)) * DAY
}

fn wrong(found: &str, wanted: &'static str) -> PredicateError {
    PredicateError::Wrong {
        found: found.trim_end_matches(',').to_owned(),
        wanted,
    }
}
