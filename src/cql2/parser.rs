//! The tokens of a text with a place among them, and what any rule of the grammar does with them.

use super::error::{ParseError, quoted};
use super::geometry::Fault;
use super::lexer::{Lexeme, Token, lex};
use super::place::{Place, described};
use super::{DEEPEST, Expression};

/// Most parentheses, functions and `NOT` within one another. No level of a tree is written with more than two
/// of them, so that every tree that was read can be written and read again.
const MOST_NESTED: usize = 2 * DEEPEST;

pub(super) type Parsed<T> = Result<T, ParseError>;

/// An expression that was read, and what its surroundings need to know of it.
pub(super) struct Part {
    pub(super) expression: Expression,
    /// Offset of its beginning.
    pub(super) at: usize,
    /// Levels of its tree.
    pub(super) height: usize,
    /// Whether it stands in parentheses of its own.
    pub(super) grouped: bool,
}

pub(super) struct Parser<'a> {
    text: &'a str,
    lexemes: Vec<Lexeme<'a>>,
    next: usize,
    nested: usize,
}

impl<'a> Parser<'a> {
    pub(super) fn new(text: &'a str) -> Parsed<Self> {
        Ok(Self {
            text,
            lexemes: lex(text)?,
            next: 0,
            nested: 0,
        })
    }

    pub(super) fn token(&self) -> &Token<'a> {
        &self.lexemes[self.next].token
    }

    /// The token after the next.
    pub(super) fn second_token(&self) -> &Token<'a> {
        self.lexemes
            .get(self.next + 1)
            .map_or(&Token::End, |lexeme| &lexeme.token)
    }

    /// Offset of the next token.
    pub(super) fn at(&self) -> usize {
        self.lexemes[self.next].at
    }

    pub(super) fn advance(&mut self) {
        // The end stays the next token.
        self.next = (self.next + 1).min(self.lexemes.len() - 1);
    }

    pub(super) fn is_symbol(&self, symbol: &str) -> bool {
        matches!(self.token(), Token::Symbol(found) if *found == symbol)
    }

    pub(super) fn is_word(&self, word: &str) -> bool {
        matches!(self.token(), Token::Word(found) if found.eq_ignore_ascii_case(word))
    }

    pub(super) fn take_symbol(&mut self, symbol: &str) -> bool {
        let found = self.is_symbol(symbol);
        if found {
            self.advance();
        }
        found
    }

    pub(super) fn take_word(&mut self, word: &str) -> bool {
        let found = self.is_word(word);
        if found {
            self.advance();
        }
        found
    }

    pub(super) fn expect_symbol(&mut self, symbol: &str) -> Parsed<()> {
        if self.take_symbol(symbol) {
            return Ok(());
        }
        Err(self.unexpected(format!("\"{symbol}\"")))
    }

    pub(super) fn expect_word(&mut self, word: &str) -> Parsed<()> {
        if self.take_word(word) {
            return Ok(());
        }
        Err(self.unexpected(word))
    }

    /// One or more of something, in parentheses and with commas between them.
    pub(super) fn series<T>(
        &mut self,
        mut item: impl FnMut(&mut Self) -> Parsed<T>,
    ) -> Parsed<Vec<T>> {
        self.expect_symbol("(")?;
        let mut items = vec![item(self)?];
        while self.take_symbol(",") {
            items.push(item(self)?);
        }
        if !self.take_symbol(")") {
            return Err(self.unexpected("\",\" or \")\""));
        }
        Ok(items)
    }

    /// Reads something that lies deeper; `at` is where that begins.
    pub(super) fn nest<T>(
        &mut self,
        at: usize,
        inner: impl FnOnce(&mut Self) -> Parsed<T>,
    ) -> Parsed<T> {
        if self.nested == MOST_NESTED {
            return Err(self.error_at(
                at,
                format!("nesting of more than {MOST_NESTED} levels"),
                "fewer",
            ));
        }
        self.nested += 1;
        let read = inner(self);
        self.nested -= 1;
        read
    }

    /// An expression over others of which the highest has so many levels.
    pub(super) fn node(&self, at: usize, height: usize, expression: Expression) -> Parsed<Part> {
        if height == DEEPEST {
            let found = format!("an expression of more than {DEEPEST} levels");
            return Err(self.error_at(at, found, "a flatter one"));
        }
        Ok(Part {
            expression,
            at,
            height: height + 1,
            grouped: false,
        })
    }

    /// An expression over two others, which must fit their places.
    pub(super) fn pair(
        &self,
        [left, right]: [Part; 2],
        [left_place, right_place]: [Place; 2],
        make: impl FnOnce(Box<Expression>, Box<Expression>) -> Expression,
    ) -> Parsed<Part> {
        let (left, right) = (self.fit(left, left_place)?, self.fit(right, right_place)?);
        let height = left.height.max(right.height);
        let expression = make(Box::new(left.expression), Box::new(right.expression));
        self.node(left.at, height, expression)
    }

    pub(super) fn fit(&self, part: Part, place: Place) -> Parsed<Part> {
        if place.admits(&part.expression) {
            return Ok(part);
        }
        Err(self.error_at(part.at, described(&part.expression), place.expected()))
    }

    /// The error that something else could stand where the next token does.
    pub(super) fn unexpected(&self, expected: impl Into<String>) -> ParseError {
        let found = match self.token() {
            Token::End => "the end".to_owned(),
            _ => quoted(self.lexemes[self.next].source),
        };
        self.error_at(self.at(), found, expected)
    }

    pub(super) fn fault(&self, at: usize, fault: Fault) -> ParseError {
        self.error_at(at, fault.found, fault.expected)
    }

    pub(super) fn error_at(
        &self,
        at: usize,
        found: impl Into<String>,
        expected: impl Into<String>,
    ) -> ParseError {
        ParseError::in_text(self.text, at, found, expected)
    }
}
