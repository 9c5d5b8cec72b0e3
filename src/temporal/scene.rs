use super::{DateKind, DateMention};
use crate::domain::{DateBasis, DatePrecision, PartialDate};
use crate::text::{Sentence, Text, TokenKind};

/// The date that each sentence of a text is told under when it names none itself.
#[derive(Debug)]
pub struct Scenes<'a> {
    dates: &'a [DateMention],
    /// For each sentence the mention that set its scene.
    scene: Vec<Option<usize>>,
}

/// Follows the dates of a text from sentence to sentence.
#[derive(Debug, Default)]
struct Follower {
    /// Set by a sentence of this paragraph.
    scene: Option<usize>,
    /// Set by a date that is a paragraph of its own, or that opens one as its first sentence: a chronicle's.
    section: Option<usize>,
    block: Option<usize>,
}

impl<'a> Scenes<'a> {
    /// Reads the scenes of a text. Dates of one paragraph do not reach into the next, unless they are headings or the
    /// text has no date of its own; neither do dates remembered ("since 2014", "in May 2015") or announced.
    pub fn new(
        text: &'a Text<'a>,
        dates: &'a [DateMention],
        published: Option<PartialDate>,
    ) -> Self {
        let mut follower = Follower::default();
        let mut scene = Vec::with_capacity(text.sentences.len());
        let mut next = 0;
        for (index, sentence) in text.sentences.iter().enumerate() {
            let opens = follower.block != Some(sentence.block);
            if opens {
                follower.block = Some(sentence.block);
                // A report that does not say when it was written goes on from what it said last.
                if published.is_some() {
                    follower.scene = None;
                }
            }
            let first = next;
            while dates
                .get(next)
                .is_some_and(|date| date.tokens.start < sentence.end)
            {
                next += 1;
            }
            let named = &dates[first..next];
            if opens
                && let [date] = named
                && is_heading(text, *sentence, date)
            {
                let alone = text.sentences.get(index + 1);
                let alone = alone.is_none_or(|next| next.block != sentence.block);
                follower.scene = Some(first);
                follower.section = alone.then_some(first);
                scene.push(follower.scene);
                continue;
            }
            scene.push(follower.scene.or(follower.section));
            let sets = |date: &usize| sets_scene(&dates[*date], sentence.first, published);
            let points: Vec<usize> = (first..next).filter(sets).collect();
            if !named.is_empty() {
                // Where a sentence names several days none of them holds for what follows.
                follower.scene = points.first().copied().filter(|_| points.len() == 1);
            }
        }
        Self { dates, scene }
    }

    /// The date that was set before a sentence and still holds in it.
    pub fn of(&self, sentence: usize) -> Option<&'a DateMention> {
        Some(&self.dates[self.scene.get(sentence).copied().flatten()?])
    }
}

/// Tokens from the beginning of a sentence within which a date opens it.
const OPENING: usize = 3;

/// "20 October.", "Monday, 3 March": a day and nothing else.
fn is_heading(text: &Text<'_>, sentence: Sentence, date: &DateMention) -> bool {
    let mark = |token: usize| text.tokens[token].kind == TokenKind::Mark;
    date.kind == DateKind::Point
        && matches!(date.precision, DatePrecision::Day | DatePrecision::Month)
        && (sentence.first..date.tokens.start).all(mark)
        && (date.tokens.end..sentence.end).all(mark)
}

/// Whether what follows may be told of the same date: a day, not after publication; a full date inside
/// a sentence is mostly a memory, unless it is all that the text has.
fn sets_scene(date: &DateMention, sentence: usize, published: Option<PartialDate>) -> bool {
    if date.kind != DateKind::Point
        || !matches!(date.precision, DatePrecision::Day | DatePrecision::Week)
    {
        return false;
    }
    let Some(published) = published else {
        return true;
    };
    let opens = date.tokens.start < sentence + OPENING;
    (date.basis == DateBasis::Relative || opens)
        && date
            .interval
            .is_none_or(|days| days.start <= published.interval().end)
}
