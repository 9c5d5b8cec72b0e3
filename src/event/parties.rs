use std::ops::Range;

use super::analysis::Reading;
use super::registry::{Name, NameCase, Names, Registry};
use crate::domain::{Mention, Place, PlaceKind, Sense};
use crate::gazetteer::Gazetteer;
use crate::language::{ForceNoun, GenericActor, Language, Marker, Tense};
use crate::text::{Case, Text, TokenKind};

/// A party named in the text.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct PartyMention {
    /// Its words.
    pub(super) tokens: Range<usize>,
    /// Whom they mean.
    pub(super) who: Who,
    /// Whether the words themselves speak of armed people.
    pub(super) armed: bool,
}

/// Whom a party's words mean.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Who {
    /// An actor of the registry.
    Known(usize),
    /// A state's forces, by country: the registry's army, else the country's name.
    Army(String),
    /// A state, by country, where its government or capital is named.
    State(String),
    /// A name that several actors share, folded, and what it means as a noun where it is none of theirs.
    Weak(String, Option<GenericActor>),
    /// A noun alone.
    Generic(GenericActor),
    /// Forces of whoever was named before: "its troops".
    Theirs,
    /// What the text says, for the registry has nobody: "Syrian fighters".
    Words,
}

/// Finds the parties that a text names.
pub(super) struct Finder<'a> {
    pub(super) text: &'a Text<'a>,
    pub(super) language: &'a Language,
    pub(super) registry: &'a Registry,
    pub(super) mentions: &'a [Mention],
    pub(super) gazetteer: &'a Gazetteer,
    names: Option<&'a Names>,
    /// The numbers of the text's words among those of the names.
    words: Vec<Option<u32>>,
}

impl<'a> Finder<'a> {
    pub(super) fn new(reading: &Reading<'a>) -> Self {
        let names = reading.registry.names(&reading.language.code);
        let words = names.map(|names| names.words.numbers(reading.text));
        Self {
            text: reading.text,
            language: reading.language,
            registry: reading.registry,
            mentions: reading.mentions,
            gazetteer: reading.gazetteer,
            names,
            words: words.unwrap_or_default(),
        }
    }
}

impl Finder<'_> {
    /// All parties, in the order of the text.
    pub(super) fn find(&self) -> Vec<PartyMention> {
        let mut found = Vec::new();
        for sentence in &self.text.sentences {
            let mut at = sentence.first;
            while at < sentence.end {
                match self.at(at, sentence.end) {
                    Some(party) => {
                        at = party.tokens.end;
                        found.push(party);
                    }
                    None => at += 1,
                }
            }
        }
        found
    }

    fn at(&self, token: usize, end: usize) -> Option<PartyMention> {
        self.named(token, end)
            .or_else(|| self.forces(token, end))
            .or_else(|| self.nationals(token, end))
            .or_else(|| self.doer(token))
            .or_else(|| self.seat(token))
            .or_else(|| self.generic(token, end))
    }

    /// A name of the registry.
    pub(super) fn named(&self, token: usize, end: usize) -> Option<PartyMention> {
        let (name, length) = self.name(token, end).find(|(name, _)| !name.leader)?;
        // "a military commandant", "militia allies"
        if name.weak && self.describes(token + length, end) {
            return None;
        }
        let tokens = token..token + length;
        let who = if name.weak {
            self.shared(tokens.clone())
        } else {
            Who::Known(name.actor)
        };
        Some(PartyMention {
            tokens: self.with_noun(self.with_leader(tokens), end),
            who,
            armed: !self.registry.is_civilian(name.actor),
        })
    }

    /// Takes in the force noun behind a name: "M23 rebels".
    fn with_noun(&self, tokens: Range<usize>, end: usize) -> Range<usize> {
        let events = &self.language.events;
        match events.force_nouns.spelt_at(self.text, tokens.end, end) {
            Some((noun, length)) if events.adjectives_first && noun != ForceNoun::Civil => {
                tokens.start..tokens.end + length
            }
            _ => tokens,
        }
    }

    /// Whom a name means that several share.
    fn shared(&self, tokens: Range<usize>) -> Who {
        let noun = self
            .language
            .events
            .generic_actors
            .spelt_at(self.text, tokens.start, tokens.end)
            .filter(|(_, length)| *length == tokens.len());
        let name = crate::text::fold(self.text.span(tokens).of(self.text.raw));
        Who::Weak(name, noun.map(|(kind, _)| kind))
    }

    /// The registry's names at a token, the longest first.
    fn name(&self, token: usize, end: usize) -> impl Iterator<Item = (Name, usize)> + '_ {
        let words = self.words.get(token..end).unwrap_or_default();
        self.names
            .into_iter()
            .flat_map(|names| names.phrases.all_of(words))
            .filter(move |(name, length)| self.is_written(*name, token..token + length))
    }

    /// The actor that a person leads, and how many words name that person.
    pub(super) fn leader(&self, token: usize, end: usize) -> Option<(usize, usize)> {
        self.name(token, end)
            .find(|(name, _)| name.leader)
            .map(|(name, length)| (name.actor, length))
    }

    fn is_written(&self, name: Name, tokens: Range<usize>) -> bool {
        let mut cases = tokens.map(|token| self.text.tokens[token].case);
        match name.case {
            NameCase::Any => true,
            NameCase::Capital => cases.any(|case| case != Case::Lower),
            NameCase::Upper => cases.all(|case| matches!(case, Case::Upper | Case::None)),
        }
    }

    /// "the Turkish troops", "units of the Syrian army", "forces of Baghdad".
    fn forces(&self, token: usize, end: usize) -> Option<PartyMention> {
        let (noun, length) = self
            .language
            .events
            .force_nouns
            .spelt_at(self.text, token, end)?;
        if noun == ForceNoun::Civil {
            return None;
        }
        let army = noun == ForceNoun::State;
        let mut at = token + length;
        let mut of = false;
        // "fighters from the M23", but "troops from Syria" have only been there.
        let mut from = false;
        for _ in 0..6 {
            if at >= end {
                break;
            }
            let events = &self.language.events;
            if let Some(((), length)) = events.allegiance.longest_at(self.text, at, end) {
                of = true;
                at += length;
                continue;
            }
            if of && let Some(found) = self.obeyed(token, at, end) {
                return Some(found);
            }
            if let Some((_, inner)) = self
                .language
                .events
                .force_nouns
                .spelt_at(self.text, at, end)
                .filter(|_| of)
            {
                at += inner;
                continue;
            }
            if of
                && !from
                && let Some(mut inner) = self.generic(at, end)
            {
                inner.tokens.start = token;
                inner.armed = true;
                return Some(inner);
            }
            if let Some(mention) = self.mention_at(at)
                && mention.place.as_ref().is_some_and(|p| p.country.is_some())
            {
                // "Soldiers from Chad entered"
                let opens = token == self.text.sentences[self.text.sentence_of(token)].first;
                return self.of_nation(token, mention, of && (!from || opens), army, end);
            }
            if let Some((people, inner)) =
                self.language.events.peoples.longest_at(self.text, at, end)
            {
                let actor = self
                    .registry
                    .index(&self.language.events.people_actors[people])?;
                return Some(PartyMention {
                    tokens: token..at + inner,
                    who: Who::Known(actor),
                    armed: true,
                });
            }
            match self.language.events.marker_at(self.text, at, end) {
                Some((marker @ (Marker::Of | Marker::From), inner)) => {
                    of = true;
                    from = marker == Marker::From;
                    at += inner;
                }
                Some((Marker::Filler | Marker::Indefinite | Marker::Possessive, inner)) => {
                    at += inner;
                }
                _ if self.language.events.force_fillers.has(self.text, at) => at += 1,
                // "units of our valiant army"
                _ if of
                    && self.is_possessed(at)
                    && let Some((kind, inner)) =
                        self.language
                            .events
                            .generic_actors
                            .spelt_at(self.text, at + 1, end) =>
                {
                    return Some(PartyMention {
                        tokens: token..at + 1 + inner,
                        who: Who::Generic(kind),
                        armed: kind != GenericActor::Civilians,
                    });
                }
                _ => break,
            }
        }
        None
    }

    /// Whose forces a noun at `token` means, by a name at `at` that "of" or the like leads: "fighters of the M23",
    /// "les troupes du maréchal Haftar".
    fn obeyed(&self, token: usize, at: usize, end: usize) -> Option<PartyMention> {
        if let Some(mut inner) = self.named(at, end) {
            inner.tokens.start = token;
            inner.armed = true;
            return Some(inner);
        }
        let (name, (actor, length)) = (at..end.min(at + 3))
            .take_while(|&word| self.text.tokens[word].kind == TokenKind::Word)
            .find_map(|name| Some((name, self.leader(name, end)?)))?;
        Some(PartyMention {
            tokens: token..name + length,
            who: Who::Known(actor),
            armed: true,
        })
    }

    /// Whose forces a noun at `token` means, by a country or nationality behind it.
    fn of_nation(
        &self,
        token: usize,
        mention: &Mention,
        of: bool,
        army: bool,
        end: usize,
    ) -> Option<PartyMention> {
        let place = mention.place.as_ref()?;
        let country = place.country.clone()?;
        let demonym = mention.sense == Sense::Demonym;
        let of_a_state = of
            && !self.is_possessed(token)
            && (place.kind == PlaceKind::Country || mention.sense == Sense::Metonym);
        if !demonym && !of_a_state {
            return None;
        }
        let who = if army || !demonym {
            Who::Army(country)
        } else {
            self.group_of(country, token, end)
        };
        Some(PartyMention {
            tokens: token..self.text.token_at(mention.span.end),
            who,
            armed: true,
        })
    }

    /// Whom a nationality with a noun for a group means: "Syrian rebels" are not Syria, and "Syrian fighters" are
    /// what the text calls them; `noun` is where the noun begins.
    pub(super) fn group_of(&self, country: String, noun: usize, end: usize) -> Who {
        if let Some((name, length)) = self.name(noun, end).find(|(name, _)| !name.leader) {
            return if name.weak {
                self.shared(noun..noun + length)
            } else {
                Who::Known(name.actor)
            };
        }
        match self
            .language
            .events
            .generic_actors
            .spelt_at(self.text, noun, end)
        {
            Some((GenericActor::Group, _)) => Who::Words,
            _ => Who::State(country),
        }
    }

    /// "its troops from Syria" are not Syria's troops.
    fn is_possessed(&self, token: usize) -> bool {
        token > 0
            && matches!(
                self.language.events.marker_at(self.text, token - 1, token),
                Some((Marker::Possessive, _))
            )
    }

    /// "the Russians", "the Kurds".
    fn nationals(&self, token: usize, end: usize) -> Option<PartyMention> {
        if !self.text.tokens[token].may_be_name() || self.text.tokens[token].case == Case::None {
            return None;
        }
        if self.language.events.adjectives_first
            && let Some(found) = self.forces_behind(token, end)
        {
            return Some(found);
        }
        if let Some((people, length)) = self
            .language
            .events
            .peoples
            .longest_at(self.text, token, end)
        {
            if self.describes(token + length, end) {
                return None;
            }
            let actor = self
                .registry
                .index(&self.language.events.people_actors[people])?;
            return Some(PartyMention {
                tokens: token..token + length,
                who: Who::Known(actor),
                armed: false,
            });
        }
        let mention = self
            .mention_at(token)
            .filter(|mention| mention.sense == Sense::Demonym)?;
        let country = mention.place.as_ref()?.country.clone()?;
        if self.describes(self.text.token_at(mention.span.end), end) {
            return None;
        }
        Some(PartyMention {
            tokens: token..self.text.token_at(mention.span.end),
            who: Who::State(country),
            armed: false,
        })
    }

    /// "l'offensive turque": a nationality behind what its forces do.
    fn doer(&self, token: usize) -> Option<PartyMention> {
        let events = &self.language.events;
        if events.adjectives_first {
            return None;
        }
        let people = events
            .peoples
            .longest_at(self.text, token, token + 2)
            .and_then(|(people, length)| {
                let actor = self.registry.index(&events.people_actors[people])?;
                Some((token + length, Who::Known(actor)))
            });
        let nation = || {
            let mention = self
                .mention_at(token)
                .filter(|mention| mention.sense == Sense::Demonym)?;
            let country = mention.place.as_ref()?.country.clone()?;
            Some((self.text.token_at(mention.span.end), Who::Army(country)))
        };
        let (next, who) = people.or_else(nation)?;
        let first = self.text.sentences[self.text.sentence_of(token)].first;
        let mut noun = token;
        while noun > first && events.force_fillers.has(self.text, noun - 1) {
            noun -= 1;
        }
        let follows = |end: usize| {
            (first.max(end.saturating_sub(4))..end).any(|start| {
                let mut phrases = events.by_phrase.all_at(self.text, start, end);
                phrases.any(|(_, length)| start + length == end)
            })
        };
        (follows(token) || follows(noun)).then_some(PartyMention {
            tokens: token..next,
            who,
            armed: true,
        })
    }

    /// A capital or seat that stands for its government.
    fn seat(&self, token: usize) -> Option<PartyMention> {
        let mention = self.mention_at(token)?;
        let place = mention.place.as_ref()?;
        let next = self.text.token_at(mention.span.end);
        // "the US-backed rebels"
        let compound = self
            .text
            .tokens
            .get(next)
            .is_some_and(|token| token.joined && token.kind == TokenKind::Word);
        if compound {
            return None;
        }
        let acts = mention.sense == Sense::Literal
            && (place.kind == PlaceKind::Country || self.is_capital(place))
            && self.is_subject(token, next);
        // "taken by Turkey"
        let agent = mention.sense == Sense::Literal
            && place.kind == PlaceKind::Country
            && token > 0
            && matches!(
                self.language.events.marker_at(self.text, token - 1, token),
                Some((Marker::By, _))
            );
        if mention.sense != Sense::Metonym && !acts && !agent {
            return None;
        }
        Some(PartyMention {
            tokens: token..next,
            who: Who::State(place.country.clone()?),
            armed: false,
        })
    }

    /// Whether a name has no preposition before it and a verb close behind: "France has withdrawn".
    fn is_subject(&self, token: usize, next: usize) -> bool {
        let sentence = self.text.sentences[self.text.sentence_of(token)];
        let events = &self.language.events;
        let article = token.checked_sub(1).filter(|&at| {
            at >= sentence.first
                && matches!(
                    events.marker_at(self.text, at, token),
                    Some((Marker::Filler, _))
                )
        });
        let before = article.unwrap_or(token);
        let free = before == sentence.first || {
            let mark = self.text.tokens[before - 1].kind == TokenKind::Mark;
            mark || matches!(
                events.marker_at(self.text, before - 1, before),
                Some((
                    Marker::That
                        | Marker::And
                        | Marker::Clause
                        | Marker::Condition
                        | Marker::Where
                        | Marker::Whose,
                    _
                ))
            )
        };
        // A finite verb within a few words; with "to be" it is something that befalls the place.
        let words = (next..sentence.end.min(next + 6))
            .take_while(|&at| self.text.tokens[at].kind == TokenKind::Word);
        let verb = words.into_iter().find_map(|at| {
            let mut forms = events.verbs.forms(self.text, at, true);
            forms
                .find(|form| {
                    !matches!(
                        form.tense,
                        Tense::Infinitive | Tense::Participle | Tense::Gerund
                    )
                })
                .map(|form| form.verb)
        });
        free && verb.is_some_and(|verb| Some(verb) != events.be && !events.with_be.contains(&verb))
    }

    pub(super) fn is_capital(&self, place: &Place) -> bool {
        let name = self.gazetteer.name(&crate::text::fold(&place.name));
        let mut candidates = name
            .into_iter()
            .flat_map(|name| self.gazetteer.candidates(name));
        candidates.any(|candidate| {
            self.gazetteer.is_capital(candidate.place)
                && self.gazetteer.id(candidate.place) == place.id
        })
    }

    pub(super) fn generic(&self, token: usize, end: usize) -> Option<PartyMention> {
        let events = &self.language.events;
        let (kind, length) = events.generic_actors.spelt_at(self.text, token, end)?;
        // An adjective of the same form stands behind a noun: "lutte armée".
        let first = self.text.sentences[self.text.sentence_of(token)].first;
        let led = events.adjectives_first
            || token == first
            || matches!(
                events.marker_at(self.text, token - 1, token),
                Some((
                    Marker::Filler
                        | Marker::Indefinite
                        | Marker::Possessive
                        | Marker::Of
                        | Marker::In
                        | Marker::By
                        | Marker::And,
                    _
                ))
            )
            || self.text.tokens[token - 1].kind != TokenKind::Word;
        // "our forces" need nothing before them.
        let led = (led || kind == GenericActor::Own) && !self.describes(token + length, end);
        if !led {
            return None;
        }
        // "its troops" are those of whoever has been named.
        let theirs = self.is_possessed(token)
            && !matches!(kind, GenericActor::Civilians | GenericActor::Own);
        Some(PartyMention {
            tokens: token..token + length,
            who: if theirs {
                Who::Theirs
            } else {
                Who::Generic(kind)
            },
            armed: kind != GenericActor::Civilians,
        })
    }

    pub(super) fn mention_at(&self, token: usize) -> Option<&Mention> {
        let start = self.text.tokens[token].span.start;
        let index = self
            .mentions
            .partition_point(|mention| mention.span.start < start);
        self.mentions
            .get(index)
            .filter(|mention| mention.span.start == start)
    }

    /// Takes in the force noun before a name: "fighters of the M23".
    fn with_leader(&self, tokens: Range<usize>) -> Range<usize> {
        let events = &self.language.events;
        let sentence = self.text.sentences[self.text.sentence_of(tokens.start)];
        let mut start = tokens.start;
        let mut of = false;
        while start > sentence.first {
            match events.marker_at(self.text, start - 1, tokens.start) {
                Some((Marker::Of, 1)) => of = true,
                Some((Marker::Filler | Marker::Indefinite, 1)) => {}
                _ => break,
            }
            start -= 1;
        }
        let noun = start.checked_sub(1).filter(|&at| at >= sentence.first);
        match noun {
            Some(noun)
                if of
                    && events
                        .force_nouns
                        .spelt_at(self.text, noun, start)
                        .is_some() =>
            {
                noun..tokens.end
            }
            _ => tokens,
        }
    }
}
