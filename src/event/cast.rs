//! Whom words without a name mean.

use super::parties::{PartyMention, Who};
use super::registry::{Actor, ActorKind, Registry};
use crate::domain::Party;
use crate::gazetteer::Gazetteer;
use crate::language::GenericActor;
use crate::text::Text;

/// An actor of the registry as events name it.
pub(super) fn party_of(actor: &Actor) -> Party {
    Party {
        name: actor.name.clone(),
        id: Some(actor.id.clone()),
    }
}

/// How many mentions before and behind are looked at: all of an article, and no more of a book.
const REACH: usize = 300;

/// Decides whom words without a name mean, from what the article has named so far.
pub(super) struct Cast<'a> {
    pub(super) registry: &'a Registry,
    pub(super) gazetteer: &'a Gazetteer,
    pub(super) language: &'a str,
    pub(super) text: &'a Text<'a>,
    pub(super) parties: &'a [PartyMention],
}

impl Cast<'_> {
    /// The party that mention `index` means in an event in `country`.
    pub(super) fn party(&self, index: usize, country: Option<&str>) -> Option<Party> {
        match &self.parties[index].who {
            Who::Known(actor) => Some(self.known(*actor)),
            Who::Army(code) => Some(self.army(code)),
            Who::State(code) => Some(self.state(code)),
            Who::Weak(name, noun) => self
                .weak(name, index, country)
                .map(|actor| self.known(actor))
                .or_else(|| noun.and_then(|noun| self.generic(noun, index, country))),
            Who::Generic(noun) => self.generic(*noun, index, country),
            Who::Theirs => (0..index)
                .rev()
                .take(REACH)
                .find_map(|before| self.side(before, country)),
            Who::Words => Some(self.words(index)),
        }
    }

    /// The mentions that are looked at for what a mention means.
    fn near(&self, index: usize) -> std::ops::Range<usize> {
        index.saturating_sub(REACH)..(index + REACH).min(self.parties.len())
    }

    /// Whom a noun without a name means.
    fn generic(&self, noun: GenericActor, index: usize, country: Option<&str>) -> Option<Party> {
        match noun {
            GenericActor::Army => self.army_meant(index, country),
            GenericActor::Civilians => self.registry.actor("civilians").map(party_of),
            GenericActor::Group => self.named_before(index, |kind| kind == ActorKind::Group),
            GenericActor::Last => self.named_before(index, |kind| kind != ActorKind::People),
            GenericActor::Own => self.speaker(country),
            GenericActor::Enemy if self.takes_sides(index) => {
                let own = self.speaker(country);
                self.side(self.against(own.as_ref(), index, country)?, country)
            }
            GenericActor::Enemy => {
                let enemy = self.enemy(index, country)?;
                self.side(enemy, country)
            }
        }
    }

    /// What the text calls a party that the registry does not know.
    fn words(&self, index: usize) -> Party {
        let tokens = self.parties[index].tokens.clone();
        Party {
            name: self.text.span(tokens).of(self.text.raw).to_owned(),
            id: None,
        }
    }

    fn known(&self, actor: usize) -> Party {
        party_of(self.registry.get(actor))
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
        // Whom the article names; an actor that is anywhere is only the words once more.
        let meant = |party: &PartyMention| match party.who {
            Who::Known(actor) => Some(actor).filter(|actor| {
                let known = self.registry.get(*actor);
                sharing.contains(actor)
                    && (known.kind != ActorKind::People || !known.countries.is_empty())
            }),
            _ => None,
        };
        let before = self.parties[..index].iter().rev().take(REACH);
        let behind = self.parties[index..].iter().take(REACH);
        let named = before.chain(behind).find_map(meant);
        let here = || {
            let mut here = sharing.iter().copied().filter(|&actor| {
                let countries = &self.registry.get(actor).countries;
                country.is_some_and(|code| countries.iter().any(|known| known == code))
            });
            here.next().filter(|_| here.next().is_none())
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
        let mut named = self
            .near(index)
            .filter_map(|at| self.army_country(&self.parties[at]));
        let mut before = self.parties[..index].iter().rev().take(REACH);
        match (before.find_map(|party| self.army_country(party)), country) {
            (before, Some(here))
                if before == Some(here)
                    || named
                        .next()
                        .is_none_or(|first| first == here || named.any(|code| code == here)) =>
            {
                Some(self.army(here))
            }
            (Some(code), _) => Some(self.army(code)),
            (None, Some(here)) => Some(self.army(here)),
            (None, None) => None,
        }
    }

    /// The country of whose army a mention speaks.
    fn army_country<'b>(&'b self, party: &'b PartyMention) -> Option<&'b str> {
        match &party.who {
            Who::Army(code) => Some(code.as_str()),
            Who::Known(actor) => Some(self.registry.get(*actor))
                .filter(|actor| actor.kind == ActorKind::Army)
                .and_then(|actor| actor.country.as_deref()),
            _ => None,
        }
    }

    fn named_before(&self, index: usize, fits: impl Fn(ActorKind) -> bool) -> Option<Party> {
        self.parties[..index]
            .iter()
            .rev()
            .take(REACH)
            .find_map(|party| match &party.who {
                Who::Known(actor) if fits(self.registry.get(*actor).kind) => {
                    Some(self.known(*actor))
                }
                Who::Army(code) if fits(ActorKind::Army) => Some(self.army(code)),
                _ => None,
            })
    }

    /// The side of a mention that names one: an army, a state as its army, a group; no people, no mission.
    fn side(&self, index: usize, country: Option<&str>) -> Option<Party> {
        let fights = |actor: usize| {
            matches!(
                self.registry.get(actor).kind,
                ActorKind::Army | ActorKind::Group | ActorKind::Coalition | ActorKind::Company
            )
        };
        match &self.parties[index].who {
            Who::Known(actor) if fights(*actor) => Some(self.known(*actor)),
            Who::Army(code) | Who::State(code) => Some(self.army(code)),
            Who::Generic(GenericActor::Army) => self.army_meant(index, country),
            _ => None,
        }
    }

    /// "our forces": a side that speaks of itself so is named first, else it is the country's army.
    fn speaker(&self, country: Option<&str>) -> Option<Party> {
        (0..self.parties.len().min(REACH))
            .filter(|&index| self.parties[index].armed)
            .find_map(|index| self.side(index, country))
            .or_else(|| country.map(|code| self.army(code)))
    }

    /// Whether an article is written by one side: it says "our forces", or "the enemy" again and again.
    fn takes_sides(&self, index: usize) -> bool {
        let count = |noun: GenericActor| {
            let near = self.parties[self.near(index)].iter();
            near.filter(|party| matches!(party.who, Who::Generic(known) if known == noun))
                .count()
        };
        count(GenericActor::Own) > 0 || count(GenericActor::Enemy) > 1
    }

    /// "the enemy" of the one that mention `index` is, or that was named last before it.
    pub(super) fn enemy(&self, index: usize, country: Option<&str>) -> Option<usize> {
        let own = (0..=index)
            .rev()
            .take(REACH)
            .find_map(|before| self.side(before, country));
        self.against(own.as_ref(), index, country)
    }

    /// Of the sides that the article names around mention `index`, the one it names most beside `own`. A mention of
    /// that side.
    fn against(&self, own: Option<&Party>, index: usize, country: Option<&str>) -> Option<usize> {
        let mut counts: Vec<(Party, usize, usize)> = Vec::new();
        for other in self.near(index) {
            let Some(side) = self.side(other, country) else {
                continue;
            };
            match counts.iter_mut().find(|(known, ..)| *known == side) {
                Some((.., count)) => *count += 1,
                None => counts.push((side, other, 1)),
            }
        }
        counts.retain(|(side, ..)| own != Some(side));
        // The first of those named equally often.
        counts
            .into_iter()
            .rev()
            .max_by_key(|(.., count)| *count)
            .map(|(_, first, _)| first)
    }
}
