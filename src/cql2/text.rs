//! Reads CQL2-Text: conditions, and the operators in them.
//!
//! One ladder of rules serves conditions and values: what stands in parentheses is read first, and then looked
//! at whether it is what its place asks for. So nothing is read twice, however the parentheses lie.

use super::lexer::{Token, is_reserved};
use super::parser::{Parsed, Parser, Part};
use super::place::{Place, can_be_grouped};
use super::{ArithmeticOperator, Comparison, Expression, LONGEST, ParseError};

/// Reads an expression of CQL2-Text.
///
/// # Errors
/// When the text does not follow the grammar, is longer than [`LONGEST`] or nested too deep.
pub fn parse_text(text: &str) -> Result<Expression, ParseError> {
    if text.len() > LONGEST {
        return Err(ParseError::TooLong { bytes: text.len() });
    }
    let mut parser = Parser::new(text)?;
    let whole = parser.expression()?;
    if *parser.token() != Token::End {
        return Err(parser.unexpected("an operator or the end"));
    }
    Ok(parser.fit(whole, Place::Condition)?.expression)
}

impl Parser<'_> {
    /// A condition or a value.
    fn expression(&mut self) -> Parsed<Part> {
        self.joined("OR", Self::conjunction, Expression::Or)
    }

    fn conjunction(&mut self) -> Parsed<Part> {
        self.joined("AND", Self::negation, Expression::And)
    }

    fn joined(
        &mut self,
        word: &str,
        part: fn(&mut Self) -> Parsed<Part>,
        make: fn(Vec<Expression>) -> Expression,
    ) -> Parsed<Part> {
        let first = part(self)?;
        if !self.is_word(word) {
            return Ok(first);
        }
        let at = first.at;
        let mut parts = vec![self.fit(first, Place::Condition)?];
        while self.take_word(word) {
            let next = part(self)?;
            parts.push(self.fit(next, Place::Condition)?);
        }
        self.over(at, parts, make)
    }

    fn negation(&mut self) -> Parsed<Part> {
        let at = self.at();
        if self.take_word("NOT") {
            let negated = self.nest(at, Self::negation)?;
            return self.not(at, negated);
        }
        self.predicate()
    }

    fn not(&self, at: usize, negated: Part) -> Parsed<Part> {
        let negated = self.fit(negated, Place::Condition)?;
        let not = Expression::Not(Box::new(negated.expression));
        self.node(at, negated.height, not)
    }

    /// A value, or what is asked of one.
    fn predicate(&mut self) -> Parsed<Part> {
        let value = self.value()?;
        if let Token::Symbol(symbol) = *self.token()
            && let Some(comparison) = Comparison::from_name(symbol)
        {
            self.advance();
            let right = self.value()?;
            return self.pair([value, right], [Place::Scalar; 2], |left, right| {
                Expression::Compare(comparison, left, right)
            });
        }
        let at = value.at;
        let (not, predicate) = if self.take_word("IS") {
            let not = self.take_word("NOT");
            self.expect_word("NULL")?;
            (not, self.is_null(value)?)
        } else {
            let not = self.take_word("NOT");
            let predicate = if self.take_word("LIKE") {
                self.like(value)?
            } else if self.take_word("BETWEEN") {
                self.between(value)?
            } else if self.take_word("IN") {
                self.in_list(value)?
            } else if not {
                return Err(self.unexpected("LIKE, BETWEEN or IN"));
            } else {
                return Ok(value);
            };
            (not, predicate)
        };
        if not {
            return self.not(at, predicate);
        }
        Ok(predicate)
    }

    fn is_null(&self, value: Part) -> Parsed<Part> {
        let value = self.fit(value, Place::Nullable)?;
        let is_null = Expression::IsNull(Box::new(value.expression));
        self.node(value.at, value.height, is_null)
    }

    fn like(&mut self, value: Part) -> Parsed<Part> {
        let value = self.fit(value, Place::Text)?;
        let pattern = self.value()?;
        let places = [Place::Text, Place::Pattern];
        self.pair([value, pattern], places, |value, pattern| {
            Expression::Like { value, pattern }
        })
    }

    fn between(&mut self, value: Part) -> Parsed<Part> {
        let value = self.fit(value, Place::Scalar)?;
        let low = self.value_for(Place::Scalar)?;
        self.expect_word("AND")?;
        let high = self.value_for(Place::Scalar)?;
        let height = value.height.max(low.height).max(high.height);
        let between = Expression::Between {
            value: Box::new(value.expression),
            low: Box::new(low.expression),
            high: Box::new(high.expression),
        };
        self.node(value.at, height, between)
    }

    fn in_list(&mut self, value: Part) -> Parsed<Part> {
        let value = self.fit(value, Place::Scalar)?;
        let (at, value_height) = (value.at, value.height);
        let items = self.series(|parser| {
            let at = parser.at();
            parser.nest(at, |parser| parser.value_for(Place::Scalar))
        })?;
        let (height, items) = apart(items);
        let value = Box::new(value.expression);
        // In JSON the list is a level of its own.
        let height = value_height.max(height + 1);
        self.node(at, height, Expression::In { value, items })
    }

    /// A value, with arithmetic in it.
    pub(super) fn value(&mut self) -> Parsed<Part> {
        self.arithmetic(1)
    }

    pub(super) fn value_for(&mut self, place: Place) -> Parsed<Part> {
        let value = self.value()?;
        self.fit(value, place)
    }

    /// Operators that bind at least so strongly; those that bind alike from left to right.
    fn arithmetic(&mut self, least: u8) -> Parsed<Part> {
        let mut left = self.factor()?;
        let mut is_power = false;
        while let Some(operator) = self.arithmetic_operator() {
            if operator.strength() < least {
                break;
            }
            if operator == ArithmeticOperator::Power && is_power {
                return Err(self.unexpected("parentheses that tell which power comes first"));
            }
            is_power = operator == ArithmeticOperator::Power;
            self.advance();
            let right = self.arithmetic(operator.strength() + 1)?;
            left = self.pair([left, right], [Place::Number; 2], |left, right| {
                Expression::Arithmetic(operator, left, right)
            })?;
        }
        Ok(left)
    }

    fn arithmetic_operator(&self) -> Option<ArithmeticOperator> {
        match *self.token() {
            Token::Word(name) | Token::Symbol(name) => ArithmeticOperator::from_name(name),
            _ => None,
        }
    }

    /// A value with its sign, which binds more strongly than a power: so the standard has it.
    fn factor(&mut self) -> Parsed<Part> {
        let at = self.at();
        if self.take_symbol("-") {
            let value = self.primary()?;
            return self.negative(at, value);
        }
        if self.take_symbol("+") && !matches!(self.token(), Token::Number(_)) {
            return Err(self.unexpected("a number"));
        }
        self.primary()
    }

    fn negative(&self, at: usize, value: Part) -> Parsed<Part> {
        if let Expression::Number(number) = value.expression {
            return self.node(at, 0, Expression::Number(-number));
        }
        let minus_one = self.node(at, 0, Expression::Number(-1.0))?;
        self.pair([minus_one, value], [Place::Number; 2], |left, right| {
            Expression::Arithmetic(ArithmeticOperator::Multiply, left, right)
        })
    }

    fn primary(&mut self) -> Parsed<Part> {
        let at = self.at();
        let literal = match self.token() {
            Token::Symbol("(") => return self.group(),
            Token::QuotedName(_) => return self.quoted_name(),
            Token::Word(word) if !is_reserved(word) => return self.named(),
            Token::Word(word) if word.eq_ignore_ascii_case("TRUE") => Expression::Boolean(true),
            Token::Word(word) if word.eq_ignore_ascii_case("FALSE") => Expression::Boolean(false),
            Token::Word(word) if word.eq_ignore_ascii_case("NULL") => {
                return Err(self.unexpected("a value (IS NULL asks for a missing one)"));
            }
            Token::Text(text) => Expression::Text(text.clone()),
            Token::Number(number) => Expression::Number(*number),
            _ => return Err(self.unexpected("a value or a property")),
        };
        self.advance();
        self.node(at, 0, literal)
    }

    /// Parentheses that group, or a list.
    fn group(&mut self) -> Parsed<Part> {
        let at = self.at();
        let (mut elements, ends_with_comma) = self.elements()?;
        if elements.len() == 1 && !ends_with_comma {
            let grouped = elements.remove(0);
            return Ok(Part {
                at,
                grouped: true,
                ..grouped
            });
        }
        self.over(at, elements, Expression::List)
    }

    /// An operand of an array operator: here parentheses always make a list.
    pub(super) fn list_or_value(&mut self) -> Parsed<Part> {
        if !self.is_symbol("(") {
            return self.value_for(Place::List);
        }
        let at = self.at();
        let (elements, _) = self.elements()?;
        self.over(at, elements, Expression::List)
    }

    /// What stands in parentheses, and whether a comma ends it, which tells a list of one from a group.
    fn elements(&mut self) -> Parsed<(Vec<Part>, bool)> {
        let at = self.at();
        self.expect_symbol("(")?;
        let mut elements = Vec::new();
        // Passed with one element only after its comma.
        while elements.len() > 1 || !self.take_symbol(")") {
            elements.push(self.nest(at, Self::element)?);
            if self.take_symbol(")") {
                return Ok((elements, false));
            }
            if !self.take_symbol(",") {
                return Err(self.unexpected("an operator, \",\" or \")\""));
            }
        }
        Ok((elements, true))
    }

    /// An element of a list or an argument of a function.
    pub(super) fn element(&mut self) -> Parsed<Part> {
        let element = self.expression()?;
        if element.grouped && !can_be_grouped(&element.expression) {
            return self.over(element.at, vec![element], Expression::List);
        }
        Ok(element)
    }

    /// An expression over any number of others.
    pub(super) fn over(
        &self,
        at: usize,
        parts: Vec<Part>,
        make: impl FnOnce(Vec<Expression>) -> Expression,
    ) -> Parsed<Part> {
        let (height, parts) = apart(parts);
        self.node(at, height, make(parts))
    }
}

/// The levels of the highest, and the expressions.
fn apart(parts: Vec<Part>) -> (usize, Vec<Expression>) {
    let height = parts.iter().map(|part| part.height).max().unwrap_or(0);
    (
        height,
        parts.into_iter().map(|part| part.expression).collect(),
    )
}
