//! When things happened: date expressions of a text as EDTF, with a bias to the past that news has.
//!
//! What words mean what is data (`dates.toml` of a language's pack); here are the meanings. A text is
//! scanned for expressions first, and they are resolved in order after that, for one may count from
//! another.

mod dateline;
mod relative;
mod resolve;
mod scan;
mod scene;
#[cfg(test)]
mod tests;
mod when;

use std::ops::Range;

use crate::domain::{DateBasis, DatePrecision, Interval, PartialDate, Span};
use crate::language::Language;
use crate::language::dates::{Before, DateWords, Means, Slot};
use crate::text::{Text, TokenKind};

pub use dateline::dateline;
pub use scene::Scenes;

use resolve::{Clock, Resolved};
use scan::Found;
use when::When;

/// A date that a text names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DateMention {
    /// Where it stands, in bytes.
    pub span: Span,
    /// Its tokens.
    pub tokens: Range<usize>,
    /// What it says, in EDTF (ISO 8601-2).
    pub edtf: String,
    /// First and last day; `None` where the year is not known or an end is open.
    pub interval: Option<Interval>,
    /// How precisely it says when.
    pub precision: DatePrecision,
    /// Whether it is named, relative or reckoned.
    pub basis: DateBasis,
    /// A point in time, or from or until one.
    pub kind: DateKind,
    /// The end that is named: of [`DateKind::Since`] the beginning, of [`DateKind::Until`] and
    /// [`DateKind::Stretch`] the last.
    pub bound: Option<Stamp>,
    /// Index of the mention that it counts from, as "the day before" does.
    pub anchor: Option<usize>,
    /// The rule of `dates.toml` that found it.
    pub rule: String,
}

/// What of time a mention names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DateKind {
    /// A day, month, year, or a stretch in which something fell.
    Point,
    /// All the time since ("since Monday").
    Since,
    /// All the time until ("until 12 May").
    Until,
    /// A stretch up to the reference ("over the last three days").
    Stretch,
}

/// A date without its place in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    /// EDTF.
    pub edtf: String,
    /// First and last day; `None` where the year is not known.
    pub interval: Option<Interval>,
    /// How precisely it says when.
    pub precision: DatePrecision,
}

impl From<When> for Stamp {
    fn from(when: When) -> Self {
        Self {
            edtf: when.to_string(),
            interval: when.interval(),
            precision: when.precision(),
        }
    }
}

/// The dates that a text names, in order. `published` is what is known from outside; where the text's
/// own dateline says more, that is used.
pub fn dates(
    text: &Text<'_>,
    language: &Language,
    published: Option<PartialDate>,
) -> Vec<DateMention> {
    let words = &language.dates;
    let found = scan::scan(text, words);
    let mut clock = Clock::default();
    survey(&found, words, &mut clock);
    clock.published = dateline::refined(text, words, &found, published, &clock);
    let mut mentions = Vec::with_capacity(found.len());
    let mut scenes = Anchors::default();
    let mut end = 0;
    for found in &found {
        // What the date before took is no word before this one.
        let free = std::mem::replace(&mut end, found.tokens.end);
        let rule = &words.rules[found.rule];
        let future = looks_ahead(text, words, found.tokens.start);
        scenes.enter(text, found.tokens.start, &mut clock);
        let Some(resolved) = clock.resolve(found, rule, future) else {
            continue;
        };
        let index = mentions.len();
        if let Some(date) = resolved.when.end().known() {
            clock.last = Some((date, index));
            if date.day.is_some() || clock.published.is_some_and(|known| known.day.is_none()) {
                clock.last_day = Some((date, index));
                scenes.first = scenes.first.or(clock.last_day);
            }
        }
        let mention = mention(text, words, (found, free), resolved, clock.published);
        mentions.push(mention);
    }
    mentions
}

/// What "the day before" counts from, followed through the sentences.
#[derive(Debug, Default)]
struct Anchors {
    /// The sentence and the block at hand.
    at: Option<(usize, usize)>,
    /// The first day named in the sentence at hand, or in the last one that names any.
    first: Option<(PartialDate, usize)>,
}

/// Days around publication in which a new paragraph of a report counts from publication again.
const NEWS_DAYS: i64 = 10;

impl Anchors {
    /// Sets the clock for a date in the sentence of a token: within a sentence the nearest day before it
    /// counts, across sentences the first, and a new paragraph of news begins at publication.
    fn enter(&mut self, text: &Text<'_>, token: usize, clock: &mut Clock) {
        let sentence = text.sentence_of(token);
        let block = text.sentences[sentence].block;
        let before = self.at.replace((sentence, block));
        clock.same_paragraph = before.is_some_and(|(_, before)| before == block);
        match before {
            Some((before, _)) if before == sentence => clock.scene = clock.last_day,
            Some((_, before)) => {
                let first = self.first.take().or(clock.scene);
                let news = |(date, _): &(PartialDate, usize)| {
                    let days = clock
                        .published
                        .zip(Some(*date))
                        .and_then(|(a, b)| Some((a.as_day()?, b.as_day()?)));
                    days.is_some_and(|(a, b)| when::days_between(a, b).abs() <= NEWS_DAYS)
                };
                clock.scene = first.filter(|first| before == block || !news(first));
            }
            None => {}
        }
    }
}

/// Notes the latest full date and the latest year that the text names.
fn survey(found: &[Found], words: &DateWords, clock: &mut Clock) {
    for found in found {
        let rule = &words.rules[found.rule];
        let Some(year) = found
            .fields
            .get(Slot::Year, 0)
            .or(found.fields.get(Slot::Year, 1))
        else {
            continue;
        };
        clock.latest_year = clock.latest_year.max(Some(year));
        if found.fields.get(Slot::Month, 0).is_some()
            && let Some(date) = clock.resolve(found, rule, false)
        {
            clock.era = clock.era.max(date.when.end().known());
        }
    }
    if clock.era.is_none() {
        // A weekday with its day tells the year, and that year dates the rest of the text.
        let inferred = found
            .iter()
            .filter_map(|found| clock.resolve(found, &words.rules[found.rule], false));
        clock.era = inferred
            .filter(|resolved| resolved.basis == DateBasis::Inferred)
            .filter_map(|resolved| resolved.when.end().known())
            .max();
    }
}

/// Tokens before a date in which a word such as "will" or "scheduled" still speaks of it.
const AHEAD_WINDOW: usize = 9;

fn looks_ahead(text: &Text<'_>, words: &DateWords, token: usize) -> bool {
    let first = text.sentences[text.sentence_of(token)].first;
    (first.max(token.saturating_sub(AHEAD_WINDOW))..token)
        .rev()
        .take_while(|&at| {
            !(text.tokens[at].kind == TokenKind::Mark && matches!(text.written(at), ";" | ":"))
        })
        .any(|at| words.future.contains(text.fold(at)))
}

fn mention(
    text: &Text<'_>,
    words: &DateWords,
    (found, free): (&Found, usize),
    resolved: Resolved,
    published: Option<PartialDate>,
) -> DateMention {
    let rule = &words.rules[found.rule];
    let mut when = resolved.when;
    let mut tokens = found.tokens.clone();
    let mut kind = match rule.means {
        Means::Span => DateKind::Stretch,
        _ => DateKind::Point,
    };
    if rule.since {
        kind = DateKind::Since;
        when.to = None;
    }
    // Patterns of the calendar may have swallowed the phrase; in others a word means itself.
    let own = if matches!(rule.means, Means::Shift | Means::Span | Means::Night) {
        0
    } else {
        OWN_WORDS
    };
    while let Some((start, before)) = words_before(text, words, &tokens, own) {
        if start < free {
            break;
        }
        match before {
            Before::Since => kind = DateKind::Since,
            Before::Until => kind = DateKind::Until,
            Before::About => when = when.about(),
        }
        if start >= tokens.start {
            break;
        }
        tokens.start = start;
    }
    let named = Stamp::from(when);
    let (stamp, bound) = match kind {
        DateKind::Since => (since(when, published), Some(named)),
        DateKind::Until => (
            Stamp {
                edtf: format!("../{}", named.edtf),
                interval: None,
                precision: named.precision,
            },
            Some(named),
        ),
        DateKind::Stretch => (named, Some(Stamp::from(When::at(when.end())))),
        DateKind::Point => (named, None),
    };
    DateMention {
        span: text.span(tokens.clone()),
        tokens,
        edtf: stamp.edtf,
        interval: stamp.interval,
        precision: stamp.precision,
        basis: resolved.basis,
        kind,
        bound,
        anchor: resolved.anchor,
        rule: rule.name.clone(),
    }
}

/// From a date to publication; with an open end where that is not known.
fn since(when: When, published: Option<PartialDate>) -> Stamp {
    match (when.from.known(), published) {
        (Some(from), Some(to)) if from.interval().start <= to.interval().end => Stamp::from(When {
            to: (when.from != to.into()).then(|| to.into()),
            ..when
        }),
        _ => Stamp {
            edtf: format!("{}/..", When { to: None, ..when }),
            interval: None,
            precision: when.precision(),
        },
    }
}

/// Tokens at the beginning of a match that may be such a phrase ("since the" in "since the summer").
const OWN_WORDS: usize = 3;

/// The phrase before a date, or at its beginning, that turns it into a stretch or an estimate, and the
/// token where it starts.
fn words_before(
    text: &Text<'_>,
    words: &DateWords,
    tokens: &Range<usize>,
    own: usize,
) -> Option<(usize, Before)> {
    let first = text.sentences[text.sentence_of(tokens.start)].first;
    let borders = tokens.start..=(tokens.start + own).min(tokens.end - 1);
    borders
        .filter_map(|border| border.checked_sub(1).filter(|last| *last >= first))
        .find_map(|last| {
            words
                .before
                .get(text.fold(last))?
                .iter()
                .find_map(|(words, kind)| {
                    let start = last
                        .checked_sub(words.len())
                        .filter(|start| (first..=tokens.start).contains(start))?;
                    let fits = words
                        .iter()
                        .zip(start..last)
                        .all(|(word, at)| text.fold(at) == word);
                    fits.then_some((start, *kind))
                })
        })
}
