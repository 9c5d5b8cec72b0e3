//! Languages in which an adjective stands before its noun: "Syrian troops", "a Syrian town".

use super::parties::{Finder, PartyMention, Who};
use crate::domain::{PlaceKind, Sense};
use crate::language::{ForceNoun, Marker, Tense};
use crate::text::TokenKind;

impl Finder<'_> {
    /// Where adjectives stand first: "Syrian government troops", "Kyiv's forces".
    pub(super) fn forces_behind(&self, token: usize, end: usize) -> Option<PartyMention> {
        let events = &self.language.events;
        // "Haftar's forces"
        if let Some((actor, length)) = self.leader(token, end)
            && let Some((_, noun)) = events
                .force_nouns
                .longest_at(self.text, token + length, end)
                .filter(|(noun, _)| *noun != ForceNoun::Civil)
        {
            return Some(PartyMention {
                tokens: token..token + length + noun,
                who: Who::Known(actor),
                armed: true,
            });
        }
        let people = events.peoples.longest_at(self.text, token, end);
        let mention = self.mention_at(token).filter(|mention| {
            let country = mention
                .place
                .as_ref()
                .is_some_and(|place| place.kind == PlaceKind::Country);
            let capital = || {
                mention
                    .place
                    .as_ref()
                    .is_some_and(|place| self.is_capital(place))
            };
            matches!(mention.sense, Sense::Demonym | Sense::Metonym) || country || capital()
        });
        let mut at = match (people, mention) {
            (Some((_, length)), _) => token + length,
            (None, Some(mention)) => self.text.token_at(mention.span.end),
            (None, None) => return None,
        };
        for _ in 0..5 {
            if let Some((noun, length)) = events.force_nouns.longest_at(self.text, at, end) {
                let next = at + length;
                // "Syrian army soldiers", "Israeli defence ministry"
                if events
                    .force_nouns
                    .longest_at(self.text, next, end)
                    .is_some()
                    || next < end && events.force_fillers.has(self.text, next)
                {
                    at = next;
                    continue;
                }
                let country = || {
                    mention
                        .and_then(|mention| mention.place.as_ref())
                        .and_then(|place| place.country.clone())
                };
                let who = match (noun, people) {
                    (ForceNoun::Civil, _) => return None,
                    (_, Some((people, _))) => {
                        Who::Known(self.registry.index(&events.people_actors[people])?)
                    }
                    (ForceNoun::State, None) => Who::Army(country()?),
                    (ForceNoun::Group, None) => self.group_of(country()?, at, end),
                };
                return Some(PartyMention {
                    tokens: token..next,
                    who,
                    armed: true,
                });
            }
            if at >= end || !events.force_fillers.has(self.text, at) {
                return None;
            }
            at += 1;
        }
        None
    }

    /// Whether an adjective of nationality describes a noun that is no force: "a Syrian town".
    pub(super) fn describes(&self, next: usize, end: usize) -> bool {
        let events = &self.language.events;
        let next = self.past_joined_nations(next, end);
        let Some(token) = self.text.tokens.get(next).filter(|_| next < end) else {
            return false;
        };
        events.adjectives_first
            && token.kind == TokenKind::Word
            && events.marker_at(self.text, next, end).is_none()
            && (token.joined || events.by_phrase.longest_at(self.text, next, end).is_none())
            && (token.joined
                || events
                    .verbs
                    .forms(self.text, next, false)
                    .next()
                    .is_none_or(|form| form.tense == Tense::Infinitive && !self.may_act(form.verb)))
    }

    /// "Ukrainian and Russian sources": two nationalities describe one noun.
    fn past_joined_nations(&self, next: usize, end: usize) -> usize {
        let joined = next < end
            && matches!(
                self.language.events.marker_at(self.text, next, end),
                Some((Marker::And, 1))
            );
        let nation = (next + 1 < end)
            .then(|| self.mention_at(next + 1))
            .flatten()
            .filter(|mention| joined && mention.sense == Sense::Demonym);
        nation.map_or(next, |mention| self.text.token_at(mention.span.end))
    }

    /// Whether a verb may well have the party before it as its subject, though it looks like a noun.
    fn may_act(&self, verb: usize) -> bool {
        let events = &self.language.events;
        let helper = Some(verb) == events.have || Some(verb) == events.be;
        helper
            || events.by_verb.contains_key(&verb)
            || events.verb_effects.contains_key(&verb)
            || events.saying.contains(&verb)
    }
}
