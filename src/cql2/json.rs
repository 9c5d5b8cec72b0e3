//! Reads CQL2-JSON.

use serde_json::{Map, Value};

use super::instant::{self, date, interval_end, timestamp};
use super::place::{Place, described};
use super::spot::{Parsed, Spot};
use super::{
    ArithmeticOperator, ArrayOperator, Comparison, DEEPEST, Expression, LONGEST, ParseError,
    SpatialOperator, TemporalOperator,
};
use super::{geo_json, geometry};

/// Reads an expression of CQL2-JSON.
///
/// # Errors
/// When the text is no JSON or does not follow the schema, is longer than [`LONGEST`] or nested too deep.
pub fn parse_json(text: &str) -> Result<Expression, ParseError> {
    if text.len() > LONGEST {
        return Err(ParseError::TooLong { bytes: text.len() });
    }
    let value = serde_json::from_str(text).map_err(|error| ParseError::syntax(&error))?;
    Spot::top(&value).read(Place::Condition)
}

impl<'a> Spot<'a> {
    /// Reads what fits the place.
    fn read(&self, place: Place) -> Parsed<Expression> {
        if self.depth > DEEPEST {
            let found = format!("an expression of more than {DEEPEST} levels");
            return Err(self.error(found, "a flatter one"));
        }
        let expression = match self.value {
            Value::Null => return Err(self.error("null", place.expected())),
            Value::Bool(truth) => Expression::Boolean(*truth),
            Value::Number(_) => Expression::Number(self.number()?),
            Value::String(text) => Expression::Text(text.clone()),
            Value::Array(_) => Expression::List(
                self.items("an array")?
                    .map(|item| item.read(Place::Any))
                    .collect::<Result<_, _>>()?,
            ),
            Value::Object(object) => self.object(object)?,
        };
        if place.admits(&expression) {
            return Ok(expression);
        }
        Err(self.error(described(&expression), place.expected()))
    }

    fn object(&self, object: &Map<String, Value>) -> Parsed<Expression> {
        if object.contains_key("op") {
            self.only(object, &["op", "args"])?;
            return self.operation(object);
        }
        if object.contains_key("type") {
            return geo_json::geometry(self, object).map(Expression::Geometry);
        }
        let known = ["property", "date", "timestamp", "interval", "bbox"];
        let Some(name) = known.into_iter().find(|name| object.contains_key(*name)) else {
            let expected = "a member \"op\", \"property\", \"date\", \"timestamp\", \"interval\", \"bbox\" or \"type\"";
            return Err(self.error("an object that does not tell what it is", expected));
        };
        self.only(object, &[name])?;
        let content = self.member(object, name)?;
        match name {
            "property" => content.name().map(Expression::Property),
            "date" => content.instant(instant::DATE, |text| date(text).map(Expression::Date)),
            "timestamp" => content.instant(instant::TIMESTAMP, |text| {
                timestamp(text).map(Expression::Timestamp)
            }),
            "interval" => content.interval(),
            _ => content.bbox(),
        }
    }

    fn name(&self) -> Parsed<String> {
        match self.string("a name")? {
            "" => Err(self.error(self.found(), "a name")),
            name => Ok(name.to_owned()),
        }
    }

    fn instant(
        &self,
        example: &str,
        read: impl Fn(&str) -> Option<Expression>,
    ) -> Parsed<Expression> {
        let expected = format!("one such as {example}");
        read(self.string(&expected)?).ok_or_else(|| self.error(self.found(), expected))
    }

    fn interval(&self) -> Parsed<Expression> {
        let expected = "an array of a start and an end";
        let [start, end] = self.exactly(expected)?;
        Ok(Expression::Interval {
            start: start.interval_end()?,
            end: end.interval_end()?,
        })
    }

    fn interval_end(&self) -> Parsed<Option<Box<Expression>>> {
        if let Value::String(text) = self.value {
            return interval_end(text)
                .ok_or_else(|| self.error(self.found(), "\"..\", a date or a timestamp"));
        }
        self.read(Place::Instant).map(|end| Some(Box::new(end)))
    }

    fn bbox(&self) -> Parsed<Expression> {
        let numbers = self.numbers("an array of 4 or 6 numbers")?;
        geometry::bbox(&numbers)
            .map(Expression::BBox)
            .map_err(|fault| self.error(fault.found, fault.expected))
    }

    fn operation(&self, object: &Map<String, Value>) -> Parsed<Expression> {
        let op = self.member(object, "op")?;
        let name = op.name()?;
        let args = self.member(object, "args")?;
        if let Some(comparison) = Comparison::from_name(&name) {
            let [left, right] = args.operands([Place::Scalar; 2])?;
            return Ok(Expression::Compare(comparison, left, right));
        }
        if let Some(operator) = SpatialOperator::from_name(&name) {
            let [left, right] = args.operands([Place::Geometry; 2])?;
            return Ok(Expression::Spatial(operator, left, right));
        }
        if let Some(operator) = TemporalOperator::from_name(&name) {
            let [left, right] = args.operands([Place::Time; 2])?;
            return Ok(Expression::Temporal(operator, left, right));
        }
        if let Some(operator) = ArrayOperator::from_name(&name) {
            let [left, right] = args.operands([Place::List; 2])?;
            return Ok(Expression::Array(operator, left, right));
        }
        if let Some(operator) = ArithmeticOperator::from_name(&name) {
            let [left, right] = args.operands([Place::Number; 2])?;
            return Ok(Expression::Arithmetic(operator, left, right));
        }
        args.other_operation(name)
    }

    /// What the arguments make under a name that is not one of two operands.
    fn other_operation(&'a self, name: String) -> Parsed<Expression> {
        Ok(match name.to_ascii_lowercase().as_str() {
            "and" => Expression::And(self.conditions()?),
            "or" => Expression::Or(self.conditions()?),
            "not" => self.operand(Place::Condition).map(Expression::Not)?,
            "isnull" => self.operand(Place::Nullable).map(Expression::IsNull)?,
            "casei" => self.operand(Place::Text).map(Expression::Casei)?,
            "accenti" => self.operand(Place::Text).map(Expression::Accenti)?,
            "like" => {
                let [value, pattern] = self.operands([Place::Text, Place::Pattern])?;
                Expression::Like { value, pattern }
            }
            "between" => {
                let [value, low, high] = self.operands([Place::Scalar; 3])?;
                Expression::Between { value, low, high }
            }
            "in" => self.in_list()?,
            _ => Expression::Function {
                name,
                arguments: self.all("an array of arguments", Place::Any)?,
            },
        })
    }

    fn conditions(&'a self) -> Parsed<Vec<Expression>> {
        let conditions = self.all("an array of conditions", Place::Condition)?;
        if conditions.len() < 2 {
            return Err(self.error(self.found(), "at least 2 conditions"));
        }
        Ok(conditions)
    }

    fn in_list(&'a self) -> Parsed<Expression> {
        let expected = "a value and an array of values";
        let [value, list] = self.exactly(expected)?;
        let value = Box::new(value.read(Place::Scalar)?);
        let items = list.all("an array of values", Place::Scalar)?;
        if items.is_empty() {
            return Err(list.error(list.found(), "at least one value"));
        }
        Ok(Expression::In { value, items })
    }

    fn operand(&'a self, place: Place) -> Parsed<Box<Expression>> {
        let [operand] = self.operands([place])?;
        Ok(operand)
    }

    /// As many arguments as there are places.
    fn operands<const N: usize>(&'a self, places: [Place; N]) -> Parsed<[Box<Expression>; N]> {
        let expected = format!("an array of {N}");
        let spots = self.exactly::<N>(&expected)?;
        let operands = spots.iter().zip(places);
        let operands: Vec<_> = operands
            .map(|(spot, place)| spot.read(place).map(Box::new))
            .collect::<Result<_, _>>()?;
        operands
            .try_into()
            .map_err(|_| self.error(self.found(), expected))
    }

    fn exactly<const N: usize>(&'a self, expected: &str) -> Parsed<[Self; N]> {
        let items: Vec<_> = self.items(expected)?.collect();
        items
            .try_into()
            .map_err(|_| self.error(self.found(), expected))
    }

    fn all(&'a self, expected: &str, place: Place) -> Parsed<Vec<Expression>> {
        self.items(expected)?.map(|item| item.read(place)).collect()
    }
}
