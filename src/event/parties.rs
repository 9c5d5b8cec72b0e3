use std::ops::Range;

use super::registry::{ActorKind, Name, NameCase, Registry};
use crate::domain::{Mention, Party, Place, PlaceKind, Sense};
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
    /// A name that several actors share, folded.
    Weak(String),
    /// A noun alone.
    Generic(GenericActor),
}

/// Finds the parties that a text names.
pub(super) struct Finder<'a> {
    pub(super) text: &'a Text<'a>,
    pub(super) language: &'a Language,
    pub(super) registry: &'a Registry,
    pub(super) mentions: &'a [Mention],
    pub(super) gazetteer: &'a Gazetteer,
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
            .or_else(|| self.seat(token))
            .or_else(|| self.generic(token, end))
    }

    /// A name of the registry.
    pub(super) fn named(&self, token: usize, end: usize) -> Option<PartyMention> {
        let names = self.registry.names(&self.language.code)?;
        let (name, length) = names
            .all_at(self.text, token, end)
            .find(|(name, length)| self.is_written(*name, token..token + length))?;
        // "a military commandant", "militia allies"
        if name.weak && self.describes(token + length, end) {
            return None;
        }
        let actor = self.registry.get(name.actor);
        let tokens = token..token + length;
        let who = if name.weak {
            Who::Weak(crate::text::fold(
                self.text.span(tokens.clone()).of(self.text.raw),
            ))
        } else {
            Who::Known(name.actor)
        };
        Some(PartyMention {
            tokens: self.with_leader(tokens),
            who,
            armed: actor.kind != ActorKind::People || actor.id != "civilians",
        })
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
        for _ in 0..6 {
            if at >= end {
                break;
            }
            if of && let Some(mut inner) = self.named(at, end) {
                inner.tokens.start = token;
                inner.armed = true;
                return Some(inner);
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
            if of && let Some(mut inner) = self.generic(at, end) {
                inner.tokens.start = token;
                inner.armed = true;
                return Some(inner);
            }
            if let Some(mention) = self.mention_at(at)
                && let Some(country) = mention
                    .place
                    .as_ref()
                    .and_then(|place| place.country.clone())
            {
                let next = self.text.token_at(mention.span.end);
                let of_a_state = of
                    && !self.is_possessed(token)
                    && mention.place.as_ref().is_some_and(|p| {
                        p.kind == PlaceKind::Country || mention.sense == Sense::Metonym
                    });
                if mention.sense == Sense::Demonym || of_a_state {
                    let who = if army || mention.sense != Sense::Demonym {
                        Who::Army(country)
                    } else {
                        Who::State(country)
                    };
                    return Some(PartyMention {
                        tokens: token..next,
                        who,
                        armed: true,
                    });
                }
                return None;
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
            let folded = self.text.fold(at);
            match self.language.events.marker_at(self.text, at, end) {
                Some((Marker::Of, inner)) => {
                    of = true;
                    at += inner;
                }
                Some((Marker::Filler | Marker::Indefinite | Marker::Possessive, inner)) => {
                    at += inner;
                }
                _ if self.language.events.force_fillers.contains(folded) => at += 1,
                _ => break,
            }
        }
        None
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

    /// A capital or seat that stands for its government.
    fn seat(&self, token: usize) -> Option<PartyMention> {
        let mention = self.mention_at(token)?;
        let place = mention.place.as_ref()?;
        let next = self.text.token_at(mention.span.end);
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
                    Marker::That | Marker::And | Marker::Clause | Marker::Where,
                    _
                ))
            )
        };
        // A finite verb within a few words; with "to be" it is something that befalls the place.
        let words = (next..sentence.end.min(next + 6))
            .take_while(|&at| self.text.tokens[at].kind == TokenKind::Word);
        let verb = words.into_iter().find_map(|at| {
            let mut forms = events
                .verbs
                .forms(self.text.fold(at), self.text.written(at), true);
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
        let led = led && !self.describes(token + length, end);
        if !led {
            return None;
        }
        Some(PartyMention {
            tokens: token..token + length,
            who: Who::Generic(kind),
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

/// Decides whom words without a name mean, from what the article has named so far.
pub(super) struct Cast<'a> {
    pub(super) registry: &'a Registry,
    pub(super) gazetteer: &'a Gazetteer,
    pub(super) language: &'a str,
    pub(super) parties: &'a [PartyMention],
}

impl Cast<'_> {
    /// The party that mention `index` means in an event in `country`.
    pub(super) fn party(&self, index: usize, country: Option<&str>) -> Option<Party> {
        match &self.parties[index].who {
            Who::Known(actor) => Some(self.known(*actor)),
            Who::Army(code) => Some(self.army(code)),
            Who::State(code) => Some(self.state(code)),
            Who::Weak(name) => self
                .weak(name, index, country)
                .map(|actor| self.known(actor)),
            Who::Generic(GenericActor::Army) => self.army_meant(index, country),
            Who::Generic(GenericActor::Civilians) => {
                Some(self.registry.index("civilians").map_or_else(
                    || Party {
                        name: "civilians".into(),
                        id: None,
                    },
                    |i| self.known(i),
                ))
            }
            Who::Generic(GenericActor::Group) => self.named_before(index, |kind| {
                matches!(kind, ActorKind::Group | ActorKind::Coalition)
            }),
            Who::Generic(GenericActor::Last) => {
                self.named_before(index, |kind| kind != ActorKind::People)
            }
        }
    }

    fn known(&self, actor: usize) -> Party {
        let actor = self.registry.get(actor);
        Party {
            name: actor.name.clone(),
            id: Some(actor.id.clone()),
        }
    }

    fn army(&self, country: &str) -> Party {
        self.registry
            .army_of(country)
            .map_or_else(|| self.state(country), |army| self.known(army))
    }

    fn state(&self, country: &str) -> Party {
        if let Some(state) = self.registry.state_of(country) {
            return self.known(state);
        }
        let name = self.gazetteer.country(country).map_or_else(
            || country.to_owned(),
            |place| self.gazetteer.place(place).name,
        );
        Party { name, id: None }
    }

    fn weak(&self, name: &str, index: usize, country: Option<&str>) -> Option<usize> {
        let sharing: Vec<usize> = self.registry.weakly_named(self.language, name).collect();
        let before = self.parties[..index].iter().rev();
        let named = before
            .chain(&self.parties[index..])
            .find_map(|party| match party.who {
                Who::Known(actor) if sharing.contains(&actor) => Some(actor),
                _ => None,
            });
        let here = || {
            sharing.iter().copied().find(|&actor| {
                country.is_some_and(|c| {
                    self.registry
                        .get(actor)
                        .countries
                        .iter()
                        .any(|known| known == c)
                })
            })
        };
        let anywhere = || {
            sharing
                .iter()
                .copied()
                .find(|&actor| self.registry.get(actor).countries.is_empty())
        };
        named.or_else(here).or_else(anywhere)
    }

    /// "the army": the one of the country where it happens, if the article speaks of it or of no other.
    fn army_meant(&self, index: usize, country: Option<&str>) -> Option<Party> {
        let army_country = |party: &PartyMention| match &party.who {
            Who::Army(code) => Some(code.clone()),
            Who::Known(actor) => Some(self.registry.get(*actor))
                .filter(|a| a.kind == ActorKind::Army)
                .and_then(|a| a.country.clone()),
            _ => None,
        };
        let named: Vec<String> = self.parties.iter().filter_map(army_country).collect();
        let before = self.parties[..index].iter().rev().find_map(army_country);
        match (before, country) {
            (_, Some(here)) if named.is_empty() || named.iter().any(|code| code == here) => {
                Some(self.army(here))
            }
            (Some(code), _) => Some(self.army(&code)),
            (None, Some(here)) => Some(self.army(here)),
            (None, None) => named.first().map(|code| self.army(code)),
        }
    }

    fn named_before(&self, index: usize, fits: impl Fn(ActorKind) -> bool) -> Option<Party> {
        self.parties[..index]
            .iter()
            .rev()
            .find_map(|party| match &party.who {
                Who::Known(actor) if fits(self.registry.get(*actor).kind) => {
                    Some(self.known(*actor))
                }
                Who::Army(code) if fits(ActorKind::Army) => Some(self.army(code)),
                _ => None,
            })
    }
}
