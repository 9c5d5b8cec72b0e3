use super::error::{ParseError, quoted};

/// A word, value or sign of CQL2-Text.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token<'a> {
    /// A keyword or a name without quotation marks.
    Word(&'a str),
    /// A name in quotation marks.
    QuotedName(String),
    Text(String),
    /// Without its sign, which the grammar decides on.
    Number(f64),
    Symbol(&'static str),
    End,
}

/// A token and where it was found.
#[derive(Debug, Clone)]
pub(super) struct Lexeme<'a> {
    pub(super) token: Token<'a>,
    /// Offset in bytes.
    pub(super) at: usize,
    pub(super) source: &'a str,
}

/// Those of two characters come first.
const SYMBOLS: [&str; 15] = [
    "<>", "<=", ">=", "<", ">", "=", "(", ")", ",", "+", "-", "*", "/", "%", "^",
];

/// Operators that other languages have, and what they are here.
const FOREIGN: [(&str, &str); 2] = [("!=", "<>"), ("==", "=")];

/// Words that no property can have as a name without quotation marks. `DATE`, `POINT` and the like are not
/// among them: a parenthesis tells them from a property.
const RESERVED: [&str; 11] = [
    "AND", "OR", "NOT", "LIKE", "BETWEEN", "IN", "IS", "NULL", "TRUE", "FALSE", "DIV",
];

/// Cuts the text into tokens, of which the last is always [`Token::End`].
pub(super) fn lex(text: &str) -> Result<Vec<Lexeme<'_>>, ParseError> {
    let mut lexemes = Vec::new();
    let mut at = 0;
    loop {
        at = text.len() - text[at..].trim_start().len();
        let (token, length) = next_token(text, at)?;
        let ends = token == Token::End;
        lexemes.push(Lexeme {
            token,
            at,
            source: &text[at..at + length],
        });
        if ends {
            return Ok(lexemes);
        }
        at += length;
    }
}

pub(super) fn is_reserved(word: &str) -> bool {
    RESERVED
        .iter()
        .any(|reserved| reserved.eq_ignore_ascii_case(word))
}

/// Whether the text can stand as a name without quotation marks.
pub(super) fn is_identifier(text: &str) -> bool {
    text.starts_with(starts_identifier) && text.chars().all(continues_identifier)
}

/// The token that begins at the offset, and its length.
fn next_token(text: &str, at: usize) -> Result<(Token<'_>, usize), ParseError> {
    let rest = &text[at..];
    let Some(first) = rest.chars().next() else {
        return Ok((Token::End, 0));
    };
    if first == '\'' {
        let (content, length) = string(rest).ok_or_else(|| {
            ParseError::in_text(text, at, "a text without an end", "a ' to end it")
        })?;
        return Ok((Token::Text(content), length));
    }
    if first == '"' {
        let (name, length) = quoted_name(rest).ok_or_else(|| {
            ParseError::in_text(text, at, "a name without an end", "a \" to end it")
        })?;
        if name.is_empty() {
            return Err(ParseError::in_text(text, at, "an empty name", "a name"));
        }
        return Ok((Token::QuotedName(name), length));
    }
    if starts_identifier(first) {
        let length = length_while(rest, continues_identifier);
        return Ok((Token::Word(&rest[..length]), length));
    }
    if first.is_ascii_digit() || first == '.' {
        return number(text, at);
    }
    for (foreign, own) in FOREIGN {
        if rest.starts_with(foreign) {
            return Err(ParseError::in_text(text, at, quoted(foreign), quoted(own)));
        }
    }
    if let Some(symbol) = SYMBOLS.into_iter().find(|symbol| rest.starts_with(symbol)) {
        return Ok((Token::Symbol(symbol), symbol.len()));
    }
    let found = quoted(&rest[..first.len_utf8()]);
    let expected = "a name, a value, an operator or a parenthesis";
    Err(ParseError::in_text(text, at, found, expected))
}

/// The content of a text in apostrophes, and the length of what it is written in; `None` when it has no end.
///
/// An apostrophe is doubled, or has a backslash before it. Elsewhere a backslash is a character like others, as
/// patterns need it. The standard leaves open how a text ends with a backslash, so a pair of them before an
/// apostrophe is read as one: `'C:\\'` is the text `C:\`.
fn string(source: &str) -> Option<(String, usize)> {
    let mut content = String::new();
    let mut backslashes = 0;
    let mut chars = source.char_indices().skip(1).peekable();
    while let Some((at, c)) = chars.next() {
        if c == '\\' {
            backslashes += 1;
            continue;
        }
        let kept = if c == '\'' {
            backslashes / 2
        } else {
            backslashes
        };
        content.extend(std::iter::repeat_n('\\', kept));
        if c == '\'' && backslashes % 2 == 0 && chars.next_if(|(_, next)| *next == '\'').is_none() {
            return Some((content, at + 1));
        }
        content.push(c);
        backslashes = 0;
    }
    None
}

/// The same for a name in quotation marks; in it they are doubled.
fn quoted_name(source: &str) -> Option<(String, usize)> {
    let mut name = String::new();
    let mut chars = source.char_indices().skip(1).peekable();
    while let Some((at, c)) = chars.next() {
        if c == '"' && chars.next_if(|(_, next)| *next == '"').is_none() {
            return Some((name, at + 1));
        }
        name.push(c);
    }
    None
}

fn number(text: &str, at: usize) -> Result<(Token<'_>, usize), ParseError> {
    let rest = &text[at..];
    let mut length = length_while(rest, |c| c.is_ascii_digit());
    if rest[length..].starts_with('.') {
        length += 1 + length_while(&rest[length + 1..], |c| c.is_ascii_digit());
    }
    if let Some(exponent) = rest[length..].strip_prefix(['e', 'E']) {
        let digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        if digits.starts_with(|c: char| c.is_ascii_digit()) {
            let end = digits.trim_start_matches(|c: char| c.is_ascii_digit());
            length = rest.len() - end.len();
        }
    }
    // What follows at once would be taken for a second value: 15X, 1.2.3, 1e.
    let run = length + length_while(&rest[length..], continues_identifier);
    match rest[..run].parse::<f64>() {
        Ok(number) if run == length && number.is_finite() => Ok((Token::Number(number), length)),
        Ok(_) if run == length => Err(ParseError::in_text(
            text,
            at,
            quoted(&rest[..run]),
            "a number below 1.8e308",
        )),
        _ => Err(ParseError::in_text(
            text,
            at,
            quoted(&rest[..run]),
            "a number",
        )),
    }
}

fn length_while(text: &str, belongs: impl Fn(char) -> bool) -> usize {
    text.find(|c| !belongs(c)).unwrap_or(text.len())
}

/// The letters of the standard, which are those of XML.
fn starts_identifier(c: char) -> bool {
    matches!(c,
        ':' | '_' | 'A'..='Z' | 'a'..='z'
        | '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}' | '\u{F8}'..='\u{2FF}'
        | '\u{370}'..='\u{37D}' | '\u{37F}'..='\u{1FFE}' | '\u{200C}'..='\u{200D}'
        | '\u{2070}'..='\u{218F}' | '\u{2C00}'..='\u{2FEF}' | '\u{3001}'..='\u{D7FF}'
        | '\u{F900}'..='\u{FDCF}' | '\u{FDF0}'..='\u{FFFD}' | '\u{10000}'..='\u{EFFFF}')
        // Its ranges take in a space, U+1680.
        && !c.is_whitespace()
}

fn continues_identifier(c: char) -> bool {
    starts_identifier(c)
        || matches!(c, '.' | '0'..='9' | '\u{300}'..='\u{36F}' | '\u{203F}'..='\u{2040}')
}
