use std::ops::Range;

use crate::domain::PlaceKind;
use crate::language::{Cue, PlaceWords, Role, WordKind};
use crate::text::{Case, Text, TokenKind};

/// How many tokens before a name are looked at.
const REACH: usize = 16;

/// The cue phrases of a text, found by the token they start or end at.
pub(super) struct Cues<'a> {
    words: &'a PlaceWords,
    starting: Vec<Option<(u16, u8)>>,
    ending: Vec<Option<(u16, u8)>>,
}

/// What stands before a name and is tied to it: "dans la **province syrienne de** Deir ez-Zor".
#[derive(Debug, Clone, Copy, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one word found or not, in any combination"
)]
pub(super) struct Lead {
    /// The first token that belongs to the lead, the name's own first token when there is none.
    pub(super) start: usize,
    /// A strong place preposition, perhaps with an article behind it.
    pub(super) preposition: bool,
    /// A preposition before towns, directly before the name or its designator.
    pub(super) town: bool,
    /// A preposition that also stands before much else.
    pub(super) weak: bool,
    /// An article directly before the name.
    pub(super) article: bool,
    /// "de", "of" before the name.
    pub(super) linked: bool,
    /// "près de", "outskirts of".
    pub(super) near: bool,
    /// What a designator says that the name is, how far it may lie from a town of that name, and where it starts.
    pub(super) designator: Option<(PlaceKind, Option<f64>, usize)>,
    /// A direction, `None` inside for the middle, and where its phrase starts.
    pub(super) direction: Option<(Option<f64>, usize)>,
    /// The direction stands inside the place: "le nord de", "northern".
    pub(super) inside: bool,
    /// Kilometres from the place, before a direction or "de".
    pub(super) distance: Option<f64>,
}

impl Lead {
    /// Whether anything before the name says that it is a place.
    pub(super) const fn is_cue(&self) -> bool {
        self.preposition || self.near || self.designator.is_some() || self.direction.is_some()
    }
}

impl<'a> Cues<'a> {
    /// Marks the cues of a text, and tells what each of its words is.
    pub(super) fn mark(text: &Text<'_>, words: &'a PlaceWords) -> (Self, Vec<WordKind>) {
        let count = text.tokens.len();
        let mut kinds = vec![WordKind::default(); count];
        let mut cues = Self {
            words,
            starting: vec![None; count],
            ending: vec![None; count],
        };
        for sentence in &text.sentences {
            for token in sentence.range() {
                let Some(number) = text.word(token) else {
                    continue;
                };
                if text.tokens[token].kind == TokenKind::Mark {
                    continue;
                }
                if text.tokens[token].kind == TokenKind::Word {
                    kinds[token] = words.kind_of(number);
                }
                let behind = text.words(token..sentence.end);
                let Some((number, length)) = words.longest_cue(behind) else {
                    continue;
                };
                let short = u8::try_from(length).unwrap_or(u8::MAX);
                cues.starting[token] = Some((number, short));
                let last = &mut cues.ending[token + length - 1];
                if last.is_none_or(|(_, known)| known < short) {
                    *last = Some((number, short));
                }
            }
        }
        (cues, kinds)
    }

    /// The longest cue that starts at a token, and its length in tokens.
    pub(super) fn starting(&self, token: usize) -> Option<(&'a Cue, usize)> {
        let (number, length) = (*self.starting.get(token)?)?;
        Some((self.words.cue(number), usize::from(length)))
    }

    /// The longest cue whose last token this is, and its length in tokens.
    pub(super) fn ending(&self, token: usize) -> Option<(&'a Cue, usize)> {
        let (number, length) = (*self.ending.get(token)?)?;
        Some((self.words.cue(number), usize::from(length)))
    }

    /// Whether a cue of a role starts at a token.
    pub(super) fn starts(&self, token: usize, role: Role) -> bool {
        self.starting(token).is_some_and(|(cue, _)| cue.is(role))
    }

    /// Whether a cue of a role ends at a token.
    pub(super) fn ends(&self, token: usize, role: Role) -> bool {
        self.ending(token).is_some_and(|(cue, _)| cue.is(role))
    }

    /// Whether the last token before `token` in its sentence ends a cue of this role.
    pub(super) fn before(&self, sentence: &Range<usize>, token: usize, role: Role) -> bool {
        token > sentence.start && self.ends(token - 1, role)
    }

    /// What is tied to a name: what stands before it, and a designator behind: "Kursk region".
    pub(super) fn around(
        &self,
        text: &Text<'_>,
        sentence: &Range<usize>,
        name: &Range<usize>,
    ) -> Lead {
        let mut lead = self.lead(text, sentence, name.start);
        if lead.designator.is_none()
            && name.end < sentence.end
            && let Some((cue, _)) = self.starting(name.end)
            && cue.is(Role::DesignatorAfter)
        {
            lead.designator = cue.kind.map(|kind| (kind, cue.radius_km, name.end));
        }
        lead
    }

    /// Reads backwards from a name what is tied to it.
    fn lead(&self, text: &Text<'_>, sentence: &Range<usize>, name: usize) -> Lead {
        let mut lead = Lead {
            start: name,
            ..Lead::default()
        };
        let mut at = name;
        let mut strangers = 0;
        let farthest = name.saturating_sub(REACH).max(sentence.start);
        while at > farthest && text.tokens[at - 1].kind != TokenKind::Mark {
            let (cue, length) = match self.ending(at - 1) {
                Some((cue, length)) if at - length >= sentence.start => (Some(cue), length),
                _ => (None, 1),
            };
            let start = at - length;
            match cue {
                Some(cue)
                    if strangers > 0 && !cue.is(Role::Designator) && !cue.is(Role::Demonym) =>
                {
                    break;
                }
                Some(cue) if cue.is(Role::Direction) || cue.is(Role::DirectionAdjective) => {
                    if lead.direction.is_some()
                        || !self.is_direction(text, sentence, cue, start, &lead)
                    {
                        break;
                    }
                    lead.direction = Some((cue.bearing, start));
                    lead.inside = !lead.linked;
                    lead.start = start;
                }
                // "Acting City Manager Doug Derrer": no city of that name.
                Some(cue) if cue.is(Role::NeverDirect) && at == name => break,
                Some(cue) if cue.is(Role::Designator) => {
                    if lead.designator.is_some() || lead.direction.is_some() {
                        break;
                    }
                    lead.designator = cue.kind.map(|kind| (kind, cue.radius_km, start));
                    lead.start = start;
                    strangers = 0;
                }
                Some(cue) if cue.is(Role::Near) => {
                    lead.near = true;
                    lead.start = start;
                    break;
                }
                Some(cue) if cue.is(Role::Unit) => {
                    lead.distance = Self::distance(text, sentence, cue, start);
                    if lead.distance.is_some() {
                        lead.start = start.saturating_sub(1).max(sentence.start);
                    }
                    break;
                }
                Some(cue) if cue.is(Role::Article) => {
                    lead.article |= at == name;
                    lead.inside |= lead.direction.is_some();
                }
                Some(cue) if cue.is(Role::Link) => {
                    lead.linked = true;
                }
                Some(cue) if cue.is(Role::Preposition) || cue.is(Role::WeakPreposition) => {
                    if lead.direction.is_none() {
                        lead.preposition = cue.is(Role::Preposition);
                        lead.weak = !lead.preposition;
                        lead.town = cue.is(Role::TownPreposition) && !lead.article;
                        break;
                    }
                    if !cue.is(Role::Outside) {
                        break;
                    }
                    lead.inside = false;
                    // "30 km au nord de": the distance stands before the preposition.
                    if start == sentence.start || !self.ends(start - 1, Role::Unit) {
                        break;
                    }
                }
                // An adjective between a designator and the name: "ville stratégique de".
                _ => {
                    let lower = text.tokens[start].case == Case::Lower;
                    let nationality = cue.is_some_and(|cue| cue.is(Role::Demonym));
                    if !(lower || nationality)
                        || strangers == 2
                        || !lead.linked
                        || lead.designator.is_some()
                    {
                        break;
                    }
                    strangers += 1;
                }
            }
            at = start;
        }
        lead
    }

    /// Whether a direction word is one here: tied to the name, and not the verb it also may be.
    fn is_direction(
        &self,
        text: &Text<'_>,
        sentence: &Range<usize>,
        cue: &Cue,
        start: usize,
        lead: &Lead,
    ) -> bool {
        let tied = lead.linked || cue.is(Role::DirectionAdjective);
        let free = !cue.needs_article
            || start == sentence.start
            || text.tokens[start - 1].kind == TokenKind::Mark
            || [Role::Article, Role::Link, Role::Preposition, Role::Unit]
                .iter()
                .any(|role| self.ends(start - 1, *role));
        tied && free
    }

    /// The kilometres of "30 km", its unit starting at a token.
    fn distance(text: &Text<'_>, sentence: &Range<usize>, unit: &Cue, start: usize) -> Option<f64> {
        let number = start.checked_sub(1).filter(|at| *at >= sentence.start)?;
        if text.tokens[number].kind != TokenKind::Number {
            return None;
        }
        let plain: String = text
            .fold(number)
            .chars()
            .map(|c| if c == ',' { '.' } else { c })
            .filter(|c| c.is_ascii_digit() || *c == '.')
            .collect();
        let value = plain.parse::<f64>().ok()? * unit.kilometres?;
        (value > 0.0 && value < 2_000.0).then_some(value)
    }
}
