use std::ops::Range;

use super::{DateKind, DateMention};
use crate::domain::{DateBasis, DatePrecision, PartialDate};
use crate::text::Text;

/// Which date governs a clause: its own, its sentence's, or the one that set the scene before.
#[derive(Debug)]
pub struct Scenes<'a> {
    text: &'a Text<'a>,
    dates: &'a [DateMention],
    /// For each sentence the mention that set the scene it is told in.
    scene: Vec<Option<usize>>,
}

/// The date found for a clause, and how far it was looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Governing<'a> {
    /// The date.
    pub date: &'a DateMention,
    /// Where it stands.
    pub reach: Reach,
}

/// Where the date of a clause was found; the nearer the surer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Reach {
    /// In the clause itself.
    Clause,
    /// Elsewhere in its sentence.
    Sentence,
    /// In a sentence before it, in the same paragraph.
    Scene,
}

impl<'a> Scenes<'a> {
    /// Follows the dates of a text from sentence to sentence. Dates of one paragraph do not reach into
    /// the next; neither do dates remembered ("since 2014", "in May 2015") or announced.
    pub fn new(
        text: &'a Text<'a>,
        dates: &'a [DateMention],
        published: Option<PartialDate>,
    ) -> Self {
        let mut scene = Vec::with_capacity(text.sentences.len());
        let mut current: Option<usize> = None;
        let mut block = None;
        let mut next = 0;
        for sentence in &text.sentences {
            if block != Some(sentence.block) {
                (block, current) = (Some(sentence.block), None);
            }
            scene.push(current);
            let first = next;
            while dates
                .get(next)
                .is_some_and(|date| date.tokens.start < sentence.end)
            {
                next += 1;
            }
            let points: Vec<usize> = (first..next)
                .filter(|&date| sets_scene(&dates[date], sentence.first, published))
                .collect();
            if next > first {
                // Where a sentence names several days none of them holds for what follows.
                current = points.first().copied().filter(|_| points.len() == 1);
            }
        }
        Self { text, dates, scene }
    }

    /// The date that governs a trigger: the nearest in its clause, else the nearest of its sentence
    /// that tells a point in time, else the one that set the scene. `None`: only publication is left.
    pub fn date_for(&self, trigger: usize, clause: &Range<usize>) -> Option<Governing<'a>> {
        let index = self.text.sentence_of(trigger);
        let sentence = self.text.sentences.get(index)?;
        let near = |range: &Range<usize>, points: bool| {
            self.within(range)
                .filter(|date| !points || matches!(date.kind, DateKind::Point | DateKind::Since))
                .min_by_key(|date| gap(&date.tokens, trigger))
        };
        let own = near(clause, false).map(|date| Governing {
            date,
            reach: Reach::Clause,
        });
        own.or_else(|| {
            near(&sentence.range(), true).map(|date| Governing {
                date,
                reach: Reach::Sentence,
            })
        })
        .or_else(|| self.scene(index))
    }

    /// The date that was set before a sentence and still holds in it.
    pub fn scene(&self, sentence: usize) -> Option<Governing<'a>> {
        let date = &self.dates[self.scene.get(sentence).copied().flatten()?];
        Some(Governing {
            date,
            reach: Reach::Scene,
        })
    }

    /// The dates inside a range of tokens.
    pub fn within(&self, range: &Range<usize>) -> impl Iterator<Item = &'a DateMention> + use<'a> {
        let first = self
            .dates
            .partition_point(|date| date.tokens.start < range.start);
        let end = range.end;
        self.dates[first..]
            .iter()
            .take_while(move |date| date.tokens.end <= end)
    }
}

/// Tokens from the beginning of a sentence within which a date opens it.
const OPENING: usize = 3;

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

/// Tokens between a mention and a trigger.
fn gap(tokens: &Range<usize>, trigger: usize) -> usize {
    if trigger < tokens.start {
        tokens.start - trigger
    } else {
        (trigger + 1).saturating_sub(tokens.end)
    }
}
