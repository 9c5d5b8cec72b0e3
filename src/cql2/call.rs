//! Reads what CQL2-Text writes as a name, with or without arguments: properties, functions, and the operators
//! and values that look like functions.

use super::instant::{self, date, interval_end, timestamp};
use super::lexer::Token;
use super::operator::is_operator;
use super::parser::{Parsed, Parser, Part};
use super::place::Place;
use super::{ArrayOperator, Expression, SpatialOperator, TemporalOperator};
use super::{geometry, wkt};

/// Names that begin a value when a parenthesis follows, beside those of geometries.
const VALUES: [&str; 4] = ["DATE", "TIMESTAMP", "INTERVAL", "BBOX"];

/// Whether the name means something else than a function before a parenthesis.
pub(super) fn begins_value(name: &str) -> bool {
    VALUES
        .into_iter()
        .chain(wkt::TAGS)
        .any(|value| value.eq_ignore_ascii_case(name))
}

impl Parser<'_> {
    /// Something that begins with a name without quotation marks.
    pub(super) fn named(&mut self) -> Parsed<Part> {
        let at = self.at();
        let Token::Word(name) = *self.token() else {
            return Err(self.unexpected("a name"));
        };
        if self.is_geometry() {
            let geometry = self.geometry()?;
            return self.node(at, 0, Expression::Geometry(geometry));
        }
        let is_called = *self.second_token() == Token::Symbol("(");
        if !is_called {
            self.advance();
            return self.node(at, 0, Expression::Property(name.to_owned()));
        }
        if let Some(part) = self.predicate_function(name)? {
            return Ok(part);
        }
        match name.to_ascii_uppercase().as_str() {
            "CASEI" => self.without(Expression::Casei),
            "ACCENTI" => self.without(Expression::Accenti),
            "DATE" => self.instant(instant::DATE, |text| date(text).map(Expression::Date)),
            "TIMESTAMP" => self.instant(instant::TIMESTAMP, |text| {
                timestamp(text).map(Expression::Timestamp)
            }),
            "INTERVAL" => self.interval(),
            "BBOX" => self.bbox(),
            _ => self.function(name),
        }
    }

    /// A property, or a function whose name is another word of the language.
    pub(super) fn quoted_name(&mut self) -> Parsed<Part> {
        let at = self.at();
        let Token::QuotedName(name) = self.token().clone() else {
            return Err(self.unexpected("a name"));
        };
        if *self.second_token() == Token::Symbol("(") {
            return self.function(&name);
        }
        self.advance();
        self.node(at, 0, Expression::Property(name))
    }

    /// An operator that is written as a function, if the name is that of one.
    fn predicate_function(&mut self, name: &str) -> Parsed<Option<Part>> {
        let part = if let Some(operator) = SpatialOperator::from_name(name) {
            self.operands(
                |parser| parser.value_for(Place::Geometry),
                |left, right| Expression::Spatial(operator, left, right),
            )?
        } else if let Some(operator) = TemporalOperator::from_name(name) {
            self.operands(
                |parser| parser.value_for(Place::Time),
                |left, right| Expression::Temporal(operator, left, right),
            )?
        } else if let Some(operator) = ArrayOperator::from_name(name) {
            self.operands(Self::list_or_value, |left, right| {
                Expression::Array(operator, left, right)
            })?
        } else {
            return Ok(None);
        };
        Ok(Some(part))
    }

    /// A name and its two operands.
    fn operands(
        &mut self,
        operand: impl Fn(&mut Self) -> Parsed<Part>,
        make: impl FnOnce(Box<Expression>, Box<Expression>) -> Expression,
    ) -> Parsed<Part> {
        let at = self.at();
        self.advance();
        self.expect_symbol("(")?;
        let left = self.nest(at, &operand)?;
        self.expect_symbol(",")?;
        let right = self.nest(at, &operand)?;
        self.expect_symbol(")")?;
        let pair = self.pair([left, right], [Place::Any; 2], make)?;
        Ok(Part { at, ..pair })
    }

    /// A text without its case or accents.
    fn without(&mut self, make: fn(Box<Expression>) -> Expression) -> Parsed<Part> {
        let at = self.at();
        self.advance();
        self.expect_symbol("(")?;
        let text = self.nest(at, |parser| parser.value_for(Place::Text))?;
        self.expect_symbol(")")?;
        self.node(at, text.height, make(Box::new(text.expression)))
    }

    fn instant(
        &mut self,
        example: &str,
        read: impl FnOnce(&str) -> Option<Expression>,
    ) -> Parsed<Part> {
        let at = self.at();
        self.advance();
        self.expect_symbol("(")?;
        let instant = match self.token() {
            Token::Text(text) => read(text),
            _ => None,
        };
        let instant = instant.ok_or_else(|| self.unexpected(format!("one such as '{example}'")))?;
        self.advance();
        self.expect_symbol(")")?;
        self.node(at, 0, instant)
    }

    fn interval(&mut self) -> Parsed<Part> {
        let at = self.at();
        self.advance();
        self.expect_symbol("(")?;
        let (start, start_height) = self.nest(at, Self::interval_end)?;
        self.expect_symbol(",")?;
        let (end, end_height) = self.nest(at, Self::interval_end)?;
        self.expect_symbol(")")?;
        let height = start_height.max(end_height);
        self.node(at, height, Expression::Interval { start, end })
    }

    /// An end, which may be open, and the levels of its tree.
    fn interval_end(&mut self) -> Parsed<(Option<Box<Expression>>, usize)> {
        if let Token::Text(text) = self.token() {
            let end =
                interval_end(text).ok_or_else(|| self.unexpected("'..', a date or a timestamp"))?;
            self.advance();
            return Ok((end, 1));
        }
        let end = self.value_for(Place::Instant)?;
        Ok((Some(Box::new(end.expression)), end.height))
    }

    fn bbox(&mut self) -> Parsed<Part> {
        let at = self.at();
        self.advance();
        let numbers = self.series(Self::coordinate)?;
        let bbox = geometry::bbox(&numbers).map_err(|fault| self.fault(at, fault))?;
        self.node(at, 0, Expression::BBox(bbox))
    }

    fn function(&mut self, name: &str) -> Parsed<Part> {
        let at = self.at();
        // Written as JSON it would be the operator.
        if is_operator(name) {
            return Err(self.unexpected("the name of a function"));
        }
        self.advance();
        let has_none = *self.second_token() == Token::Symbol(")");
        let arguments = if has_none {
            self.advance();
            self.advance();
            Vec::new()
        } else {
            self.series(|parser| parser.nest(at, Self::element))?
        };
        let name = name.to_owned();
        self.over(at, arguments, |arguments| Expression::Function {
            name,
            arguments,
        })
    }
}
