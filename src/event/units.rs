use std::ops::Range;

use smallvec::SmallVec;

use super::parties::PartyMention;
use super::roles::ends_clause;
use crate::domain::{Mention, Sense};
use crate::language::{Effect, EventRules, Marker, Tense, VerbForm};
use crate::temporal::DateMention;
use crate::text::{Sentence, Text, TokenKind};

/// A piece of a sentence, as the rules see it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Unit {
    pub(super) tokens: Range<usize>,
    pub(super) kind: Kind,
}

/// What a piece is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Kind {
    /// A place that may locate an event: index of the mention.
    Place(usize),
    /// A party: index in the article's parties.
    Party(usize),
    /// A date: index in the article's dates.
    Date(usize),
    /// A noun or phrase that triggers rules.
    Noun(SmallVec<[usize; 2]>),
    /// A verb with its auxiliaries.
    Verb(VerbGroup),
    /// A noun or phrase that says how far along a thing is.
    Effect(Effect),
    /// A small word.
    Marker(Marker),
    /// "the town"
    PlaceNoun,
    /// A mark of punctuation.
    Mark(char),
    /// "has", "was": part of a verb group.
    Helper,
    /// Anything else.
    Word,
}

/// A verb and what its auxiliaries say of it.
#[derive(Debug, Clone, PartialEq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a mark of its own, and all combine"
)]
pub(super) struct VerbGroup {
    pub(super) verb: usize,
    pub(super) tense: Tense,
    /// "was taken"; a bare participle of a verb that has an object.
    pub(super) passive: bool,
    /// Without an auxiliary: "taken on Monday".
    pub(super) bare: bool,
    pub(super) reflexive: bool,
    pub(super) negated: bool,
    /// "is advancing", "is being shelled"
    pub(super) going_on: bool,
    /// Of a participle: the auxiliary's tense.
    pub(super) auxiliary: Option<Tense>,
    /// Rules that the verb triggers.
    pub(super) rules: SmallVec<[usize; 2]>,
}

impl VerbGroup {
    /// Whether a subject can stand before it.
    pub(super) fn is_finite(&self) -> bool {
        !self.bare && (self.going_on || !matches!(self.tense, Tense::Infinitive | Tense::Gerund))
    }
}

/// Everything found in the article that a sentence may be made of.
pub(super) struct Parts<'a> {
    pub(super) text: &'a Text<'a>,
    pub(super) rules: &'a EventRules,
    pub(super) mentions: &'a [Mention],
    pub(super) parties: &'a [PartyMention],
    pub(super) dates: &'a [DateMention],
}

/// Auxiliaries, pronouns and negation met before a verb.
#[derive(Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a mark of its own, and all combine"
)]
struct Pending {
    have: Option<Tense>,
    be: Option<Tense>,
    been: bool,
    being: bool,
    reflexive: bool,
    negated: bool,
    start: Option<usize>,
}

impl Pending {
    /// "ont franchi le pont et pénétré dans la ville": one auxiliary for both.
    fn join(&mut self, before: &[Unit]) {
        if self.have.or(self.be).is_none()
            && let Some((tense, passive)) = joined(before)
        {
            let auxiliary = if passive {
                &mut self.be
            } else {
                &mut self.have
            };
            *auxiliary = Some(tense);
        }
    }
}

impl Parts<'_> {
    /// Cuts a sentence into its pieces.
    pub(super) fn units(&self, sentence: Sentence) -> Vec<Unit> {
        let mut units = Vec::new();
        let mut pending = Pending::default();
        let mut at = sentence.first;
        while at < sentence.end {
            let unit = self.unit(at, sentence.end, &mut pending, &units);
            at = unit.tokens.end;
            if let Kind::Word
            | Kind::Helper
            | Kind::Marker(
                Marker::Filler
                | Marker::Indefinite
                | Marker::There
                | Marker::Not
                | Marker::Reflexive,
            )
            | Kind::Date(_)
            | Kind::Effect(_) = unit.kind
            {
                // Adverbs and dates may stand between an auxiliary and its verb, but not many words.
                if pending.start.is_some_and(|start| at > start + 8) {
                    pending = Pending::default();
                }
            } else {
                pending = Pending::default();
            }
            // An auxiliary is part of the verb that follows; alone it is a word.
            units.push(unit);
        }
        units
    }

    fn unit(&self, at: usize, end: usize, pending: &mut Pending, before: &[Unit]) -> Unit {
        let token = self.text.tokens[at];
        if token.kind == TokenKind::Mark {
            let mark = self.text.written(at).chars().next().unwrap_or(' ');
            return Unit {
                tokens: at..at + 1,
                kind: Kind::Mark(mark),
            };
        }
        // The longest of what begins here; of equals the first named.
        let mut best: Option<Unit> = None;
        let mut take = |tokens: Range<usize>, kind: Kind| {
            if best
                .as_ref()
                .is_none_or(|known| tokens.end > known.tokens.end)
            {
                best = Some(Unit { tokens, kind });
            }
        };
        if let Some((index, tokens)) = self.date_at(at) {
            take(tokens, Kind::Date(index));
        }
        if let Some(index) = self.party_at(at) {
            take(self.parties[index].tokens.clone(), Kind::Party(index));
        }
        if let Some((index, tokens)) = self.place_at(at) {
            take(tokens, Kind::Place(index));
        }
        if let Some((phrase, length)) = self.rules.by_phrase.spelt_at(self.text, at, end)
            && (length > 1 || pending.have.is_none())
            && self.may_be_noun(at, length, before)
        {
            let rules = SmallVec::from_slice(&self.rules.phrase_rules[phrase]);
            take(at..at + length, Kind::Noun(rules));
        }
        if let Some((effect, length)) = self.rules.word_effects.spelt_at(self.text, at, end) {
            take(at..at + length, Kind::Effect(effect));
        }
        if let Some((marker, length)) = self.rules.marker_at(self.text, at, end) {
            take(at..at + length, Kind::Marker(marker));
        }
        if let Some(((), length)) = self.rules.place_nouns.spelt_at(self.text, at, end) {
            take(at..at + length, Kind::PlaceNoun);
        }
        // "l'armée entre dans Manbij": a preposition before a preposition is a verb of the same form.
        if at + 1 < end
            && matches!(&best, Some(Unit { kind: Kind::Marker(Marker::Near | Marker::On | Marker::In), tokens }) if tokens.len() == 1)
            && matches!(
                self.rules.marker_at(self.text, at + 1, end),
                Some((Marker::In | Marker::To | Marker::On, _))
            )
            && let Some(unit) = self.verb(at, pending, before)
        {
            return unit;
        }
        if let Some(unit) = best {
            match unit.kind {
                Kind::Marker(Marker::Reflexive) => pending.reflexive = true,
                Kind::Marker(Marker::Not) => pending.negated = true,
                _ => {}
            }
            if matches!(unit.kind, Kind::Marker(Marker::Reflexive | Marker::Not)) {
                pending.start.get_or_insert(at);
            }
            return unit;
        }
        if token.kind == TokenKind::Word
            && let Some(unit) = self.verb(at, pending, before)
        {
            return unit;
        }
        Unit {
            tokens: at..at + 1,
            kind: Kind::Word,
        }
    }

    /// A verb, or an auxiliary that is then kept in mind and said to be a word.
    fn verb(&self, at: usize, pending: &mut Pending, before: &[Unit]) -> Option<Unit> {
        let forms: SmallVec<[&VerbForm; 4]> = self
            .rules
            .verbs
            .forms(self.text, at, self.text.accents)
            .collect();
        if forms.iter().any(|form| form.tense == Tense::Participle) {
            pending.join(before);
        }
        let helper = pending.have.or(pending.be);
        let behind_noun = matches!(
            before.last().map(|unit| &unit.kind),
            Some(Kind::Marker(
                Marker::Filler | Marker::Indefinite | Marker::Possessive
            ))
        ) && helper.is_none()
            && !pending.reflexive;
        let mut spellings = forms.iter().copied();
        let form = if helper.is_some() {
            spellings
                .find(|form| form.tense == Tense::Participle)
                .or_else(|| forms.first().copied())
        } else if pending.reflexive {
            spellings
                .find(|form| form.tense != Tense::Participle)
                .or_else(|| forms.first().copied())
        } else {
            self.unaided(&forms, at, before)
        }?;
        if behind_noun
            && !matches!(form.tense, Tense::Participle | Tense::Gerund)
            && self.is_determiner(at)
        {
            return None;
        }
        if self.rules.adjectives_first
            && helper.is_none()
            && self.describes_or_is_noun(at, form, before)
        {
            return None;
        }
        let auxiliary = if Some(form.verb) == self.rules.have {
            &mut pending.have
        } else if Some(form.verb) == self.rules.be {
            match form.tense {
                Tense::Participle => pending.been = true,
                Tense::Gerund if pending.be.is_some() => {
                    pending.being = true;
                    return Some(Unit {
                        tokens: at..at + 1,
                        kind: Kind::Word,
                    });
                }
                _ => {}
            }
            &mut pending.be
        } else {
            let rules = self
                .rules
                .by_verb
                .get(&form.verb)
                .map(|list| SmallVec::from_slice(list))
                .unwrap_or_default();
            let participle = form.tense == Tense::Participle;
            let with_be = self.rules.with_be.contains(&form.verb);
            let passive = participle
                && !pending.reflexive
                && !with_be
                && (pending.been
                    || (pending.be.is_some() && pending.have.is_none())
                    || helper.is_none());
            let group = VerbGroup {
                verb: form.verb,
                tense: form.tense,
                passive,
                bare: participle && helper.is_none(),
                reflexive: pending.reflexive,
                negated: pending.negated,
                going_on: pending.being || (form.tense == Tense::Gerund && pending.be.is_some()),
                auxiliary: pending.have.or(pending.be).filter(|_| participle),
                rules,
            };
            return Some(Unit {
                tokens: at..at + 1,
                kind: Kind::Verb(group),
            });
        };
        if form.tense != Tense::Participle || auxiliary.is_none() {
            *auxiliary = Some(form.tense);
        }
        pending.start.get_or_insert(at);
        Some(Unit {
            tokens: at..at + 1,
            kind: Kind::Helper,
        })
    }

    /// Whether the token before is an article: then a finite form is a noun that looks like it.
    fn is_determiner(&self, at: usize) -> bool {
        at > 0
            && matches!(
                self.rules.marker_at(self.text, at - 1, at),
                Some((Marker::Filler | Marker::Indefinite | Marker::Possessive, _))
            )
    }

    fn place_at(&self, at: usize) -> Option<(usize, Range<usize>)> {
        let start = self.text.tokens[at].span.start;
        let index = self
            .mentions
            .partition_point(|mention| mention.span.start < start);
        let mention = self
            .mentions
            .get(index)
            .filter(|mention| mention.span.start == start && mention.sense == Sense::Literal)?;
        let tokens = at..self.text.token_at(mention.span.end);
        // "Syria's army": a wide place that owns something is not where it happens.
        let owner = self.text.tokens[tokens.end - 1].span.end > mention.span.end
            && mention
                .place
                .as_ref()
                .is_some_and(|place| !place.kind.is_point());
        (!owner).then_some((index, tokens))
    }

    fn party_at(&self, at: usize) -> Option<usize> {
        let index = self
            .parties
            .partition_point(|party| party.tokens.start < at);
        self.parties
            .get(index)
            .filter(|party| party.tokens.start == at)
            .map(|_| index)
    }

    pub(super) fn date_at(&self, at: usize) -> Option<(usize, Range<usize>)> {
        let index = self.dates.partition_point(|date| date.tokens.start < at);
        self.dates
            .get(index)
            .filter(|date| date.tokens.start == at)
            .map(|date| (index, date.tokens.clone()))
    }
}

/// How many pieces before a participle the one may stand that it shares an auxiliary with.
const JOINED: usize = 16;

/// The auxiliary of the participle that the next one is joined to by "and", and whether that is a passive.
fn joined(before: &[Unit]) -> Option<(Tense, bool)> {
    let (last, rest) = before.split_last()?;
    if last.kind != Kind::Marker(Marker::And) {
        return None;
    }
    let verb = rest
        .iter()
        .rev()
        .take(JOINED)
        .take_while(|unit| !ends_clause(unit, false) || matches!(unit.kind, Kind::Verb(_)))
        .find_map(|unit| match &unit.kind {
            Kind::Verb(group) => Some(group),
            _ => None,
        })?;
    Some((verb.auxiliary?, verb.passive))
}
