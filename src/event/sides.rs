use super::analysis::Narrator;
use super::parties::Who;
use super::roles::ends_clause;
use super::units::{Kind, Unit};
use crate::language::{ActorRole, EventRule, GenericActor, Marker};

/// Who acts and against whom.
impl Narrator<'_> {
    /// Who acts: the party's index, and whether it stands in the trigger's own clause.
    pub(super) fn actor(
        &self,
        rule: &EventRule,
        units: &[Unit],
        at: usize,
    ) -> Option<(usize, bool)> {
        let party = |unit: &Unit| match unit.kind {
            Kind::Party(index) => Some(index),
            _ => None,
        };
        let forward = || {
            units[at + 1..]
                .iter()
                .take_while(|unit| !ends_clause(unit, true))
        };
        match rule.actor {
            ActorRole::Behind => {
                return forward().take(8).find_map(party).map(|index| (index, true));
            }
            // "civilians were moved out of"
            ActorRole::Object if matches!(&units[at].kind, Kind::Verb(group) if group.passive) => {
                return self.subject(units, at);
            }
            ActorRole::Object => {
                if let Some(index) = forward().take(8).find_map(party) {
                    return Some((index, true));
                }
            }
            ActorRole::Subject => {}
        }
        let passive = matches!(&units[at].kind, Kind::Verb(group) if group.passive);
        let noun = matches!(units[at].kind, Kind::Noun(_));
        // "taken by the army", "the withdrawal of the army"
        let mut led = None;
        let mut direct = true;
        for unit in forward().take(14) {
            match unit.kind {
                Kind::Marker(
                    marker @ (Marker::By
                    | Marker::Of
                    | Marker::On
                    | Marker::In
                    | Marker::With
                    | Marker::To
                    | Marker::According
                    | Marker::Near),
                ) => led = Some(marker),
                Kind::Party(index)
                    if led == Some(Marker::By)
                        || (noun && direct && matches!(led, Some(Marker::Of) | None)) =>
                {
                    return Some((index, true));
                }
                Kind::Party(_) | Kind::Place(_) | Kind::PlaceNoun | Kind::Mark(',') => {
                    direct = false;
                    led = None;
                }
                _ => {}
            }
        }
        if passive {
            return None;
        }
        // What a noun tells without naming anyone is nobody's but its owner's: "their withdrawal".
        let owned = at > 0 && units[at - 1].kind == Kind::Marker(Marker::Possessive);
        self.subject(units, at)
            .filter(|(_, here)| !noun || owned || *here)
    }

    /// Whether the party at a unit is somebody's complement rather than a subject: behind a preposition, or
    /// behind "of" that a noun stands before.
    pub(super) fn is_oblique(units: &[Unit], party: usize) -> bool {
        for (index, unit) in units[..party].iter().enumerate().rev() {
            match unit.kind {
                Kind::Marker(Marker::Filler | Marker::Indefinite | Marker::Possessive)
                | Kind::Mark('«' | '»' | '"') => {}
                Kind::Marker(Marker::Of) => {
                    return index > 0
                        && matches!(
                            units[index - 1].kind,
                            Kind::Word
                                | Kind::PlaceNoun
                                | Kind::Noun(_)
                                | Kind::Effect(_)
                                | Kind::Party(_)
                                | Kind::Place(_)
                        );
                }
                Kind::Marker(marker) => {
                    return matches!(
                        marker,
                        Marker::On
                            | Marker::By
                            | Marker::According
                            | Marker::With
                            | Marker::Without
                            | Marker::To
                            | Marker::In
                            | Marker::Near
                            | Marker::From
                    );
                }
                _ => return false,
            }
        }
        false
    }

    /// The nearest party before the trigger that is no one's object.
    pub(super) fn subject(&self, units: &[Unit], at: usize) -> Option<(usize, bool)> {
        // "where Syrian forces had entered", but also "où étaient entrées les forces syriennes".
        let opening = units[..at]
            .iter()
            .rposition(|unit| ends_clause(unit, false));
        let relative = opening
            .filter(|&i| matches!(units[i].kind, Kind::Marker(Marker::Where | Marker::That)));
        if let Some(start) = relative
            && !units[start..at]
                .iter()
                .any(|unit| matches!(unit.kind, Kind::Party(_) | Kind::Marker(Marker::Pronoun)))
            && let Some(party) = Self::follower(units, at)
        {
            return Some((party, true));
        }
        let mut here = true;
        for (index, unit) in units[..at].iter().enumerate().rev() {
            match &unit.kind {
                Kind::Party(party) if !Self::is_oblique(units, index) => {
                    return Some((*party, here));
                }
                Kind::Mark(';' | ':') => here = false,
                _ => {}
            }
        }
        // A pronoun speaks of whom the sentence before is about, and so may a verb without any subject; where
        // other words stand before the verb, they are its subject.
        let start = units[..at]
            .iter()
            .rposition(|unit| ends_clause(unit, false))
            .map_or(0, |i| i + 1);
        let clause = &units[start..at];
        let pronoun = clause.iter().any(|unit| {
            matches!(
                unit.kind,
                Kind::Marker(Marker::Pronoun | Marker::Possessive)
            )
        });
        let other = clause.iter().any(|unit| unit.kind == Kind::Word);
        self.hero
            .filter(|_| pronoun || !other)
            .map(|hero| (hero, pronoun))
    }

    /// A party right behind a verb, with no preposition between: its subject, when the order is turned.
    pub(super) fn follower(units: &[Unit], at: usize) -> Option<usize> {
        for unit in units[at + 1..].iter().take(4) {
            match unit.kind {
                Kind::Party(party) => return Some(party),
                Kind::Marker(Marker::Filler | Marker::Indefinite | Marker::Of)
                | Kind::Word
                | Kind::Date(_) => {}
                _ => return None,
            }
        }
        None
    }

    /// Against whom: behind "against", or whose the target is.
    pub(super) fn counterpart(units: &[Unit], at: usize, actor: Option<usize>) -> Option<usize> {
        let mut led = None;
        for unit in units[at + 1..]
            .iter()
            .take_while(|unit| !ends_clause(unit, true))
            .take(14)
        {
            match unit.kind {
                Kind::Marker(marker) if !matches!(marker, Marker::Filler | Marker::Indefinite) => {
                    led = Some(marker);
                }
                Kind::Party(index)
                    if matches!(led, Some(Marker::On | Marker::In)) && Some(index) != actor =>
                {
                    return Some(index);
                }
                _ => {}
            }
        }
        None
    }

    pub(super) fn is_armed(&self, index: usize) -> bool {
        let party = &self.parties[index];
        party.armed || matches!(party.who, Who::State(_) | Who::Army(_))
    }

    pub(super) fn is_civilian(&self, index: usize) -> bool {
        match &self.parties[index].who {
            Who::Known(actor) => self.reading.registry.get(*actor).id == "civilians",
            Who::Generic(kind) => *kind == GenericActor::Civilians,
            _ => false,
        }
    }

    /// The armed party that a sentence is about: the first that is no one's object, however far it is told.
    pub(super) fn topic(&self, units: &[Unit]) -> Option<usize> {
        units
            .iter()
            .enumerate()
            .find_map(|(index, unit)| match unit.kind {
                Kind::Party(party) if self.is_armed(party) && !Self::is_oblique(units, index) => {
                    Some(party)
                }
                _ => None,
            })
    }
}
