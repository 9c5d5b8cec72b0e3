use std::ops::Range;

use crate::language::dates::{Atom, DateWords, Entry, Guards, Item, Marks, Means, SLOTS, Slot};
use crate::text::{Case, Text, TokenKind};

/// What a pattern captured: for each slot the value of the first and of the second date.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Fields([[Option<i16>; 2]; SLOTS]);

impl Fields {
    pub(super) fn get(&self, slot: Slot, nth: usize) -> Option<i16> {
        self.0[slot as usize][nth]
    }

    pub(super) fn set(&mut self, slot: Slot, nth: usize, value: i16) {
        self.0[slot as usize][nth] = Some(value);
    }
}

/// A rule that matched, not yet resolved.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub(super) rule: usize,
    pub(super) tokens: Range<usize>,
    pub(super) fields: Fields,
}

/// Tokens within which a date that begins with small words comes to the word that makes it one.
const REACH: usize = 10;

/// All date expressions of a text in order, none overlapping: the longest at each place, then the
/// rule that comes first.
pub(super) fn scan(text: &Text<'_>, words: &DateWords) -> Vec<Found> {
    let mut found = Vec::new();
    let mut cells: Vec<Cell<'_>> = Vec::new();
    for sentence in &text.sentences {
        cells.clear();
        cells.extend(sentence.range().map(|at| Cell::new(text, words, at)));
        let mut ahead = Marks::default();
        for cell in cells.iter_mut().rev() {
            ahead = ahead.and(cell.marks);
            cell.ahead = ahead;
        }
        let is_telling = |at: usize| {
            let cell = &cells[at - sentence.first];
            cell.entry.is_some_and(|entry| entry.telling) || cell.is_number()
        };
        let mut telling = sentence.first;
        let mut at = sentence.first;
        while at < sentence.end {
            telling = telling.max(at);
            while telling < sentence.end && !is_telling(telling) {
                telling += 1;
            }
            if telling == sentence.end {
                break;
            }
            if telling - at > REACH {
                at = telling - REACH;
            }
            let Some(best) = best_at(text, words, &cells, at, sentence.range()) else {
                at += 1;
                continue;
            };
            at = best.tokens.end;
            if words.rules[best.rule].means != Means::Skip {
                found.push(best);
            }
        }
    }
    found
}

/// What the patterns compare of a token.
struct Cell<'a> {
    entry: Option<&'a Entry>,
    marks: Marks,
    /// The marks from here to the sentence's end.
    ahead: Marks,
}

impl<'a> Cell<'a> {
    fn new(text: &Text<'_>, words: &'a DateWords, at: usize) -> Self {
        let folded = text.fold(at);
        let entry = words.lexicon.get(folded);
        let mut marks = entry.map_or(Marks::default(), |entry| entry.marks);
        if folded.starts_with(|c: char| c.is_numeric()) {
            marks = marks.and(Marks::NUMBER);
        }
        Self {
            entry,
            marks,
            ahead: marks,
        }
    }

    const fn is_number(&self) -> bool {
        self.marks.meet(Marks::NUMBER)
    }
}

fn best_at(
    text: &Text<'_>,
    words: &DateWords,
    cells: &[Cell<'_>],
    at: usize,
    sentence: Range<usize>,
) -> Option<Found> {
    if text.tokens[at].kind == TokenKind::Mark {
        return None;
    }
    let cell = &cells[at - sentence.start];
    let mut patterns: &[(usize, usize)] = cell.entry.map_or(&[], |entry| &entry.patterns);
    if patterns.is_empty() && cell.is_number() {
        patterns = &words.number_patterns;
    }
    let matcher = Matcher {
        text,
        words,
        cells,
        first: sentence.start,
        end: sentence.end,
    };
    let mut best: Option<Found> = None;
    for &(rule, pattern) in patterns {
        let pattern = &words.rules[rule].patterns[pattern];
        let missing = |item: &Item| !item.optional && !item.marks.meet(cell.ahead);
        if pattern.iter().any(missing) {
            continue;
        }
        let mut fields = Fields::default();
        let Some(mut end) = matcher.items(pattern, at, &mut fields) else {
            continue;
        };
        // A comma that a pattern allows inside a date does not belong to its end.
        while end > at && text.fold(end - 1) == "," {
            end -= 1;
        }
        if end > at
            && best.as_ref().is_none_or(|best| end > best.tokens.end)
            && guarded(text, &words.rules[rule].guards, at..end, &sentence)
        {
            best = Some(Found {
                rule,
                tokens: at..end,
                fields,
            });
        }
    }
    best
}

/// Whether the neighbours of a match are as its rule wants them.
fn guarded(
    text: &Text<'_>,
    guards: &Guards,
    tokens: Range<usize>,
    sentence: &Range<usize>,
) -> bool {
    let is = |neighbour: Option<usize>, list: &[String]| {
        list.iter()
            .any(|wanted| match (wanted.as_str(), neighbour) {
                ("<edge>", neighbour) => neighbour.is_none(),
                (_, None) => false,
                ("<mark>", Some(at)) => text.tokens[at].kind == TokenKind::Mark,
                ("<number>", Some(at)) => text.tokens[at].kind == TokenKind::Number,
                (word, Some(at)) => text.fold(at) == word,
            })
    };
    let before = tokens
        .start
        .checked_sub(1)
        .filter(|at| sentence.contains(at));
    let after = Some(tokens.end).filter(|at| sentence.contains(at));
    (guards.before.is_empty() || is(before, &guards.before))
        && (guards.after.is_empty() || is(after, &guards.after))
        && !is(before, &guards.not_before)
        && !is(after, &guards.not_after)
}

struct Matcher<'a> {
    text: &'a Text<'a>,
    words: &'a DateWords,
    /// The tokens of the sentence.
    cells: &'a [Cell<'a>],
    first: usize,
    end: usize,
}

impl Matcher<'_> {
    /// Matches the items from a token on, and says where that ends; optional ones are taken where they can be. What
    /// does not match leaves the fields as they were.
    fn items(&self, mut items: &[Item], at: usize, fields: &mut Fields) -> Option<usize> {
        while let Some((item, rest)) = items.split_first() {
            if at < self.end && item.marks.meet(self.cell(at).marks) {
                let before = *fields;
                for atom in &item.atoms {
                    if let Some(end) = self.atom(atom, rest, at, fields) {
                        return Some(end);
                    }
                    *fields = before;
                }
            }
            if !item.optional {
                return None;
            }
            items = rest;
        }
        Some(at)
    }

    fn cell(&self, at: usize) -> &Cell<'_> {
        &self.cells[at - self.first]
    }

    fn atom(&self, atom: &Atom, rest: &[Item], at: usize, fields: &mut Fields) -> Option<usize> {
        match atom {
            Atom::Word(id) => {
                if self.cell(at).entry.is_some_and(|entry| entry.id == *id) {
                    self.items(rest, at + 1, fields)
                } else {
                    None
                }
            }
            Atom::Class(class, slot) => {
                let readings = &self.cell(at).entry?.readings;
                for reading in readings.iter().filter(|reading| reading.class == *class) {
                    let mut end = at + 1 + reading.rest.len();
                    let fits = end <= self.end
                        && reading
                            .rest
                            .iter()
                            .zip(at + 1..)
                            .all(|(word, token)| self.text.fold(token) == word)
                        && !(reading.capital && self.text.tokens[at].case == Case::Lower);
                    if !fits {
                        continue;
                    }
                    if reading.dotted && self.is_joined(end, ".") {
                        end += 1;
                    }
                    if let Some((slot, nth)) = slot {
                        fields.set(*slot, *nth, reading.value);
                    }
                    if let Some(found) = self.items(rest, end, fields) {
                        return Some(found);
                    }
                }
                None
            }
            Atom::Digits(slot, nth) => {
                let (value, end) = self.digits(*slot, at)?;
                fields.set(*slot, *nth, value);
                self.items(rest, end, fields)
            }
            Atom::Iso => {
                let start = self.text.tokens[at].span.start;
                let date: crate::domain::PartialDate =
                    self.text.raw.get(start..start + 10)?.parse().ok()?;
                fields.set(Slot::Year, 0, date.year);
                fields.set(Slot::Month, 0, i16::from(date.month?));
                fields.set(Slot::Day, 0, i16::from(date.day?));
                let end =
                    (at..self.end).find(|&token| self.text.tokens[token].span.start >= start + 10);
                self.items(rest, end.unwrap_or(self.end), fields)
            }
            Atom::Numeric => {
                let end = self.numeric(at, fields)?;
                self.items(rest, end, fields)
            }
            Atom::Decade => {
                let digits = self.text.fold(at).strip_suffix('s')?;
                let year = number(digits)
                    .filter(|year| digits.len() == 4 && (1900..2100).contains(year))?;
                fields.set(Slot::Year, 0, year);
                self.items(rest, at + 1, fields)
            }
        }
    }

    fn is_joined(&self, token: usize, folded: &str) -> bool {
        token < self.end && self.text.tokens[token].joined && self.text.fold(token) == folded
    }

    /// A day (with the suffix the language writes behind it), a year of four digits, or a count.
    fn digits(&self, slot: Slot, at: usize) -> Option<(i16, usize)> {
        let folded = self.text.fold(at);
        let length = folded
            .find(|c: char| !c.is_numeric())
            .unwrap_or(folded.len());
        let (digits, suffix) = folded.split_at(length);
        let value = number(digits)?;
        let fits = match slot {
            Slot::Year => {
                suffix.is_empty() && digits.chars().count() == 4 && (1900..2100).contains(&value)
            }
            Slot::Day => digits.chars().count() <= 2 && (1..=31).contains(&value),
            _ => suffix.is_empty() && (1..1000).contains(&value),
        };
        if !fits {
            return None;
        }
        if slot != Slot::Day {
            return Some((value, at + 1));
        }
        if !suffix.is_empty() {
            return self
                .words
                .day_suffixes
                .contains(suffix)
                .then_some((value, at + 1));
        }
        let more = at + 1 < self.end
            && self.text.tokens[at + 1].joined
            && self.words.day_suffixes.contains(self.text.fold(at + 1));
        Some((value, at + 1 + usize::from(more)))
    }

    /// `16/10/2019`, `16.10.2019`, `16-10-2019`, `16/10/19`.
    fn numeric(&self, at: usize, fields: &mut Fields) -> Option<usize> {
        let start = self.text.tokens[at].span.start;
        let rest = &self.text.raw.as_bytes()[start..];
        let length = rest
            .iter()
            .take(11)
            .position(|b| !b.is_ascii_digit() && !b"/.-".contains(b))
            .unwrap_or(rest.len().min(11));
        let written = std::str::from_utf8(&rest[..length])
            .ok()?
            .trim_end_matches(['.', '-', '/']);
        let mark = written.chars().find(|c| !c.is_ascii_digit())?;
        let mut parts = written.split(mark);
        let (first, second, year) = (parts.next()?, parts.next()?, parts.next()?);
        if parts.next().is_some() || first.len() > 2 || second.len() > 2 {
            return None;
        }
        let century = match year.len() {
            4 => 0,
            2 if mark == '/' => 2000,
            _ => return None,
        };
        let (first, second, year) = (number(first)?, number(second)?, number(year)? + century);
        let (mut day, mut month) = if self.words.month_first {
            (second, first)
        } else {
            (first, second)
        };
        if month > 12 {
            (day, month) = (month, day);
        } else if day <= 12 {
            fields.set(Slot::Swap, 0, 1);
        }
        if !(1900..2100).contains(&year) || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
            return None;
        }
        fields.set(Slot::Year, 0, year);
        fields.set(Slot::Month, 0, month);
        fields.set(Slot::Day, 0, day);
        let last = start + written.len();
        let end = (at..self.end).find(|&token| self.text.tokens[token].span.start >= last);
        Some(end.unwrap_or(self.end))
    }
}

/// A whole number in Western or Arabic digits.
fn number(digits: &str) -> Option<i16> {
    if digits.is_empty() || digits.len() > 12 {
        return None;
    }
    digits.chars().try_fold(0_i16, |sum, c| {
        let digit = c.to_digit(10).or(match c {
            '٠'..='٩' => Some(c as u32 - '٠' as u32),
            '۰'..='۹' => Some(c as u32 - '۰' as u32),
            _ => None,
        })?;
        sum.checked_mul(10)?.checked_add(digit as i16)
    })
}
