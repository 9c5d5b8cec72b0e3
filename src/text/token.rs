use super::{Orthography, fold_into};
use crate::domain::Span;

/// A word, number or mark of punctuation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// Where it stands in the article's text.
    pub span: Span,
    /// What it is.
    pub kind: TokenKind,
    /// How a word is capitalised.
    pub case: Case,
    /// No white space before it: behind a hyphen ("Al-Thawrah" is two tokens), an elision or a bracket.
    pub joined: bool,
    /// Where its folded form stands in the folded text.
    pub(super) folded: (u32, u32),
}

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// Letters, perhaps with digits.
    Word,
    /// Digits, with the marks that group them: `2.000`, `93 000`, `16.10`.
    Number,
    /// One mark.
    Mark,
}

/// How a word is capitalised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Case {
    /// `raqqa`
    Lower,
    /// `Raqqa`
    Capital,
    /// `RDC`; a single capital letter counts as this.
    Upper,
    /// A script without case, or no letter at all.
    None,
}

impl Token {
    /// Whether it is a word that begins with a capital, or of a script that has none.
    pub fn may_be_name(self) -> bool {
        self.kind == TokenKind::Word && self.case != Case::Lower
    }
}

/// Appends the tokens of a block, and their folded forms with a space behind each.
pub(super) fn tokenize(
    raw: &str,
    block: Span,
    spelling: &Orthography,
    tokens: &mut Vec<Token>,
    folded: &mut String,
) {
    let text = block.of(raw);
    let mut at = 0;
    let mut end_of_last = usize::MAX;
    while let Some(c) = text[at..].chars().next() {
        if c.is_whitespace() || is_invisible(c) {
            at += c.len_utf8();
            continue;
        }
        if c == '&'
            && let Some(length) = entity(&text[at..])
        {
            at += length;
            continue;
        }
        let (length, kind) = if c.is_ascii_digit() {
            number(&text[at..])
        } else if c.is_alphanumeric() {
            (word(&text[at..], spelling), TokenKind::Word)
        } else {
            (c.len_utf8(), TokenKind::Mark)
        };
        let end = at + length;
        // A hyphen between two words joins them and is no token of its own.
        let hyphen = is_hyphen(c)
            && end_of_last == at
            && text[end..].starts_with(char::is_alphanumeric)
            && tokens
                .last()
                .is_some_and(|token| token.kind != TokenKind::Mark || token.joined);
        if hyphen {
            end_of_last = end;
            at = end;
            continue;
        }
        let written = &text[at..end];
        let start = folded.len();
        match kind {
            TokenKind::Word => fold_into(written, folded),
            TokenKind::Number => folded.extend(
                written
                    .chars()
                    .map(|c| if c.is_whitespace() { ' ' } else { c }),
            ),
            TokenKind::Mark => folded.push_str(written),
        }
        if folded.len() > start {
            let span = (start as u32, folded.len() as u32);
            folded.push(' ');
            tokens.push(Token {
                span: Span::new(block.start + at, block.start + end),
                kind,
                case: if kind == TokenKind::Word {
                    case(written)
                } else {
                    Case::None
                },
                joined: end_of_last == at,
                folded: span,
            });
        }
        end_of_last = end;
        // The apostrophe of an elision belongs to no token.
        if kind == TokenKind::Word
            && folded.len() > start
            && text[end..].starts_with(is_apostrophe)
            && spelling.elisions.contains(&folded[start..folded.len() - 1])
        {
            end_of_last = end + text[end..].chars().next().map_or(0, char::len_utf8);
            at = end_of_last;
        } else {
            at = end;
        }
    }
}

/// Length of an HTML entity that plain text has kept ("l&#39;armée", "&nbsp;"): it separates, as what it
/// stands for does.
fn entity(text: &str) -> Option<usize> {
    let end = text.bytes().take(10).position(|b| b == b';')?;
    let name = text[1..end].strip_prefix('#').unwrap_or(&text[1..end]);
    (!name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric())).then_some(end + 1)
}

/// Length of the word at the start: letters and digits, apostrophes inside, dots between single letters.
fn word(text: &str, spelling: &Orthography) -> usize {
    // Most words are plain letters up to a space or comma.
    let plain = text.bytes().take_while(u8::is_ascii_alphanumeric).count();
    if matches!(text.as_bytes().get(plain), Some(b' ' | b',' | b'.')) {
        return plain;
    }
    let mut end = plain;
    let rest = text[plain..].char_indices();
    let mut chars = rest.map(|(at, c)| (plain + at, c)).peekable();
    while let Some((at, c)) = chars.next() {
        if c.is_alphanumeric()
            || unicode_normalization::char::is_combining_mark(c)
            || is_invisible(c)
            || c == '\u{640}'
        {
            end = at + c.len_utf8();
        } else if is_apostrophe(c) {
            let inside = chars.peek().is_some_and(|(_, next)| next.is_alphanumeric());
            if !inside || spelling.elisions.contains(&super::fold(&text[..at])) {
                break;
            }
        } else {
            break;
        }
    }
    end
}

/// Length of the number at the start, and whether it is one: `4x4` and `16e` are words.
fn number(text: &str) -> (usize, TokenKind) {
    let bytes = text.as_bytes();
    let digits = |from: usize| {
        bytes[from..]
            .iter()
            .take_while(|b| b.is_ascii_digit())
            .count()
    };
    let mut end = digits(0);
    while let Some(c) = text[end..].chars().next() {
        let next = end + c.len_utf8();
        let more = digits(next);
        let groups = match c {
            '.' | ',' | ':' | '/' => more > 0,
            // A space groups thousands only where the first group is short and three digits follow.
            ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}' => {
                more == 3
                    && (end <= 3 || text[..end].contains([' ', '\u{a0}', '\u{202f}', '\u{2009}']))
            }
            _ => false,
        };
        if !groups {
            break;
        }
        end = next + more;
    }
    let rest: usize = text[end..]
        .chars()
        .take_while(|c| c.is_alphanumeric())
        .map(char::len_utf8)
        .sum();
    if rest == 0 {
        (end, TokenKind::Number)
    } else {
        (end + rest, TokenKind::Word)
    }
}

fn case(word: &str) -> Case {
    let mut letters = word.chars().filter(|c| c.is_alphabetic());
    let Some(first) = letters.next() else {
        return Case::None;
    };
    if first.is_lowercase() {
        // A name may begin with a small letter that is only its article: "al-Bab" is two tokens.
        Case::Lower
    } else if !first.is_uppercase() {
        Case::None
    } else if letters.any(char::is_lowercase) {
        Case::Capital
    } else {
        Case::Upper
    }
}

const fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | 'ʼ' | 'ʻ' | '`' | '´' | 'ʿ' | 'ʾ')
}

const fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '\u{2010}' | '\u{2011}')
}

const fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}
