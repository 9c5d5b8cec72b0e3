use std::ops::Range;

use super::resolve::Clock;
use super::scan::{Found, scan};
use crate::domain::PartialDate;
use crate::language::Language;
use crate::language::dates::{DateWords, Means, Slot};
use crate::text::{Text, TokenKind};

/// Tokens that may stand before the date in its paragraph: places, the agency, "le".
const LEAD: usize = 9;
/// Paragraphs at the top and at the foot of an article that may hold its date.
const TOP: usize = 5;
const FOOT: usize = 2;
/// Tokens of a title that ends in the date, at most.
const TITLE: usize = 24;
/// Tokens of the hour behind the date, at most.
const HOUR: usize = 6;

/// The date that an article gives itself: "PARIS, 12 mars 2019 (agence) –", or alone on a line at the
/// top or the foot. `None` when there is none, or its year cannot be told.
pub fn dateline(text: &Text<'_>, language: &Language) -> Option<PartialDate> {
    let found = scan(text, &language.dates);
    refined(text, &language.dates, &found, None, &Clock::default())
}

/// The publication date, made more precise by the dateline where it can be.
pub(super) fn refined(
    text: &Text<'_>,
    words: &DateWords,
    found: &[Found],
    published: Option<PartialDate>,
    clock: &Clock,
) -> Option<PartialDate> {
    if published.is_some_and(|date| date.day.is_some()) {
        return published;
    }
    let clock = Clock {
        published,
        era: clock.era,
        ..Clock::default()
    };
    let own = found.iter().filter(|found| {
        let rule = &words.rules[found.rule];
        rule.means == Means::Calendar
            && found.fields.get(Slot::Month, 0).is_some()
            && found.fields.get(Slot::Day, 0).is_some()
            && is_dateline(text, words, &found.tokens)
    });
    let own = own.filter_map(|found| {
        clock
            .resolve(found, &words.rules[found.rule], false)?
            .when
            .from
            .known()
    });
    let mut own = own.filter(|date| {
        published.is_none_or(|published| published.interval().overlaps(date.interval()))
    });
    // Where paragraph after paragraph begins with a date of its own, the text is a chronicle.
    let first = own.next();
    let chronicle = own.any(|date| Some(date) != first);
    first.filter(|_| !chronicle).or(published)
}

fn is_dateline(text: &Text<'_>, words: &DateWords, tokens: &Range<usize>) -> bool {
    let sentence = text.sentences[text.sentence_of(tokens.start)];
    let first_of = |block| {
        text.sentences
            .partition_point(|sentence| sentence.block < block)
    };
    let first = text.sentences[first_of(sentence.block)].first;
    let end = text
        .sentences
        .get(first_of(sentence.block + 1))
        .map_or(text.tokens.len(), |next| next.first);
    let (Some(top), Some(foot)) = (text.sentences.first(), text.sentences.last()) else {
        return false;
    };
    let at_top = sentence.block < top.block + TOP;
    let at_foot = sentence.block + FOOT > foot.block;
    let small = |at: usize| {
        let token = text.tokens[at];
        token.may_be_name()
            || token.kind == TokenKind::Mark
            || words.dateline.contains(text.fold(at))
    };
    // "Communiqué of the general staff, Sunday 13 October 2024": the end of a title.
    let mark = |at: usize| text.tokens[at].kind == TokenKind::Mark;
    if at_top
        && tokens.end == end
        && end - first <= TITLE
        && tokens.start > first
        && mark(tokens.start - 1)
    {
        return true;
    }
    if tokens.start - first > LEAD || !(first..tokens.start).all(small) {
        return false;
    }
    let closed = match (tokens.end..end).next() {
        None => true,
        Some(next) if at_top => {
            let close = matches!(text.written(next), "-" | "–" | "—" | "(" | ")" | "|" | "/");
            // "Donetsk, 17 February 2015, 20:00"
            let hour = text.written(next) == "," && end - next <= HOUR;
            mark(next) && (close || hour)
        }
        Some(next) => matches!(text.written(next), "." | ")") && next + 1 == end,
    };
    closed && (at_top || at_foot)
}
