use super::analysis::Narrator;
use super::parties::Who;
use super::roles::ends_clause;
use super::units::{Kind, Unit};
use crate::domain::{Action, Party};
use crate::language::{ActorRole, Effect, EventRule, GenericActor, Marker};

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
        if let Some(index) = self.inside(&units[at]) {
            return Some((index, true));
        }
        match rule.actor {
            ActorRole::Behind => {
                // "fell to the M23", but not "fallen in October, the M23 rules".
                let verb = matches!(units[at].kind, Kind::Verb(_));
                return forward()
                    .take(8)
                    .take_while(|unit| !(verb && unit.kind == Kind::Mark(',')))
                    .find_map(party)
                    .map(|index| (index, true));
            }
            // "civilians were moved out of"
            ActorRole::Object if matches!(&units[at].kind, Kind::Verb(group) if group.passive) => {
                return self.subject(units, at);
            }
            ActorRole::Object => {
                // "evacuated the camp in the face of the rebels": what stands behind a preposition is no object.
                let verb = matches!(units[at].kind, Kind::Verb(_));
                let object = (at + 1..units.len().min(at + 9))
                    .take_while(|&index| !ends_clause(&units[index], true))
                    .filter(|&index| !(verb && Self::is_oblique(units, index)))
                    .find_map(|index| party(&units[index]));
                if let Some(index) = object {
                    return Some((index, true));
                }
            }
            ActorRole::Subject => {}
        }
        let passive = matches!(&units[at].kind, Kind::Verb(group) if group.passive);
        let noun = matches!(units[at].kind, Kind::Noun(_));
        if noun && let Some(index) = self.blamed(units, at) {
            return Some((index, true));
        }
        if noun && let Some(index) = Self::owner(units, at) {
            return Some((index, true));
        }
        if rule.action == Action::Clash
            && let Some((index, _)) = Self::between(units, at)
        {
            return Some((index, true));
        }
        if let Some(defender) = self.defender(units, at) {
            // Who is repelled attacks: a party of the clause, else the other side of the article.
            let attacker = forward()
                .take(8)
                .filter_map(party)
                .chain(units[..at].iter().rev().filter_map(party))
                .find(|index| *index != defender);
            let here = attacker.is_some();
            return attacker
                .or_else(|| self.cast.enemy(defender, None))
                .map(|index| (index, here));
        }
        if let Some(index) = Self::agent(units, at) {
            return Some((index, true));
        }
        if passive {
            return None;
        }
        // What a noun tells without naming anyone is nobody's but its owner's: "their withdrawal".
        let owned = at > 0 && units[at - 1].kind == Kind::Marker(Marker::Possessive);
        self.subject(units, at)
            .filter(|(_, here)| !noun || owned || *here)
    }

    /// Who is named behind a trigger as the one that acts: "taken by the army", "the withdrawal of the army".
    fn agent(units: &[Unit], at: usize) -> Option<usize> {
        let noun = matches!(units[at].kind, Kind::Noun(_));
        let mut led = None;
        let mut direct = true;
        for unit in units[at + 1..]
            .iter()
            .take_while(|unit| !ends_clause(unit, true))
            .take(14)
        {
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
                ) => {
                    // "operations against the hideouts of the rebels" are not the rebels'.
                    let inner = marker == Marker::Of && !matches!(led, None | Some(Marker::By));
                    if !inner {
                        led = Some(marker);
                    }
                }
                Kind::Party(index)
                    if led == Some(Marker::By)
                        || (noun && direct && matches!(led, Some(Marker::Of) | None)) =>
                {
                    return Some(index);
                }
                Kind::Party(_) | Kind::Place(_) | Kind::PlaceNoun | Kind::Mark(',') => {
                    direct = false;
                    led = None;
                }
                _ => {}
            }
        }
        None
    }

    /// "X blames the attack on Y", "strikes blamed on Y": who is said to do what a noun tells.
    fn blamed(&self, units: &[Unit], at: usize) -> Option<usize> {
        let party = |unit: &Unit| match unit.kind {
            Kind::Party(index) => Some(index),
            _ => None,
        };
        let clause = |unit: &&Unit| !matches!(unit.kind, Kind::Mark(';' | ':' | '.'));
        let before = units[..at]
            .iter()
            .rposition(|unit| matches!(unit.kind, Kind::Verb(_)))
            .filter(|&verb| self.blames(&units[verb]));
        if let Some(verb) = before {
            let mut between = units[verb + 1..at].iter().filter_map(party);
            let mut behind = units[at + 1..]
                .iter()
                .take_while(clause)
                .take(8)
                .filter_map(party);
            return between.next().or_else(|| behind.next());
        }
        let mut behind = units[at + 1..]
            .iter()
            .take_while(clause)
            .take(12)
            .skip_while(|unit| !matches!(unit.kind, Kind::Verb(_)));
        behind
            .next()
            .filter(|verb| self.blames(verb))
            .and_then(|_| behind.find_map(party))
    }

    /// "in Turkish hands", "an RSF assault": who is named within the trigger's own words.
    fn inside(&self, trigger: &Unit) -> Option<usize> {
        let words = &trigger.tokens;
        let first = self
            .parties
            .partition_point(|party| party.tokens.start < words.start);
        let party = self.parties.get(first)?;
        (party.tokens.end <= words.end).then_some(first)
    }

    /// "killed in Israeli air strikes": who stands right before a noun does what it tells, whatever governs both.
    fn owner(units: &[Unit], at: usize) -> Option<usize> {
        let before = units[..at]
            .iter()
            .rev()
            .take(3)
            .find(|unit| unit.kind != Kind::Word)?;
        match before.kind {
            Kind::Party(index) => Some(index),
            _ => None,
        }
    }

    /// "clashes broke out in X between A and B": both sides.
    fn between(units: &[Unit], at: usize) -> Option<(usize, usize)> {
        let mut near = false;
        let mut first = None;
        for unit in units[at + 1..].iter().take(16) {
            match unit.kind {
                Kind::Mark(';' | ':') => return None,
                Kind::Marker(Marker::Near) => (near, first) = (true, None),
                Kind::Party(index) if near => match first {
                    Some(first) => return Some((first, index)),
                    None => first = Some(index),
                },
                Kind::Place(_) | Kind::Date(_) | Kind::Verb(_) => near = false,
                _ => {}
            }
        }
        None
    }

    /// Who wards off the attack that a trigger tells: "the army repelled an attack", "an attack was repelled by the
    /// army".
    fn defender(&self, units: &[Unit], at: usize) -> Option<usize> {
        let repelling = &self.reading.language.events.repelling;
        let verb = units[..=at]
            .iter()
            .rposition(|unit| matches!(unit.kind, Kind::Verb(_)))?;
        let Kind::Verb(group) = &units[verb].kind else {
            return None;
        };
        let close = !units[verb..at]
            .iter()
            .any(|unit| ends_clause(unit, false) && !matches!(unit.kind, Kind::Verb(_)));
        if !close || !repelling.contains(&group.verb) {
            return None;
        }
        if group.passive {
            let agent = units[verb + 1..]
                .iter()
                .position(|unit| unit.kind == Kind::Marker(Marker::By))?;
            return Self::follower(units, verb + 1 + agent);
        }
        self.subject(units, verb).map(|(party, _)| party)
    }

    /// Whether a sentence tells of an attack that is warded off or fails.
    pub(super) fn tells_of_repelling(&self, units: &[Unit]) -> bool {
        let repelling = &self.reading.language.events.repelling;
        units.iter().any(|unit| match &unit.kind {
            Kind::Verb(group) => repelling.contains(&group.verb),
            Kind::Effect(effect) => *effect == Effect::Denied,
            _ => false,
        })
    }

    fn blames(&self, unit: &Unit) -> bool {
        matches!(&unit.kind, Kind::Verb(group) if self.reading.language.events.blaming.contains(&group.verb))
    }

    /// Whether the party at a unit is somebody's complement rather than a subject: behind a preposition, or
    /// behind "of" that a noun stands before; but "a raid of the coalition" is what the coalition does.
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
        let noun = matches!(units[at].kind, Kind::Noun(_));
        let mut here = true;
        for (index, unit) in units[..at].iter().enumerate().rev() {
            match &unit.kind {
                Kind::Party(_)
                    if !Self::is_oblique(units, index) && !self.is_object(units, index, at) =>
                {
                    let first = Self::head_of_list(units, index);
                    // "Rwanda reports shells on its soil": who only says it does not do it.
                    if noun && self.only_says(units, index, at) {
                        return None;
                    }
                    let Kind::Party(party) = units[first].kind else {
                        return None;
                    };
                    return Some((party, here));
                }
                // "as the army closed in on X, it took Y": whom the sentence is about.
                Kind::Marker(Marker::Pronoun)
                    if self.stands_for_subject(units, index)
                        && !(noun && units[index + 1..at].iter().any(parts_noun)) =>
                {
                    let start = units[..index]
                        .iter()
                        .rposition(|unit| unit.kind == Kind::Mark(';'))
                        .map_or(0, |mark| mark + 1);
                    return self
                        .topic(&units[start..index])
                        .or(self.hero)
                        .map(|party| (party, true));
                }
                // "left it to the army, which moved in": whatever leads it, the party before is meant.
                Kind::Marker(Marker::Who | Marker::That) => {
                    let before = units[..index]
                        .iter()
                        .rev()
                        .find(|unit| unit.kind != Kind::Mark(','));
                    if let Some(Kind::Party(party)) = before.map(|unit| &unit.kind) {
                        return Some((*party, here));
                    }
                }
                // "Coalition: six strikes": a label names who acts.
                Kind::Mark(':') if matches!(units[..index], [Unit { kind: Kind::Party(party), .. }] if self.parties[party].armed) =>
                    {}
                Kind::Mark(';' | ':') => here = false,
                _ => {}
            }
        }
        // A verb without any subject speaks of whom the sentence before is about; where other words stand before
        // the verb, they are its subject.
        let start = units[..at]
            .iter()
            .rposition(|unit| ends_clause(unit, false))
            .map_or(0, |i| i + 1);
        let clause = &units[start..at];
        let owned = clause
            .iter()
            .any(|unit| unit.kind == Kind::Marker(Marker::Possessive));
        let other = clause.iter().any(|unit| unit.kind == Kind::Word);
        self.hero
            .filter(|_| owned || !other)
            .map(|hero| (hero, owned))
    }

    /// The first party of "A, B and C", by its last.
    fn head_of_list(units: &[Unit], last: usize) -> usize {
        let mut head = last;
        loop {
            let Some(before) = units[..head]
                .iter()
                .rposition(|unit| matches!(unit.kind, Kind::Party(_)))
            else {
                return head;
            };
            let between = &units[before + 1..head];
            let joined = between
                .iter()
                .any(|unit| unit.kind == Kind::Marker(Marker::And));
            let listed = between.iter().all(|unit| {
                matches!(
                    unit.kind,
                    Kind::Marker(Marker::And | Marker::Filler | Marker::Indefinite | Marker::Of)
                        | Kind::Mark(',')
                        | Kind::Word
                )
            });
            if !joined || !listed || between.len() > 5 || Self::is_oblique(units, before) {
                return head;
            }
            head = before;
        }
    }

    /// Whether a party is what another verb of the sentence is done to: in "A drove B from X and took Y" it is A
    /// that takes.
    fn is_object(&self, units: &[Unit], party: usize, at: usize) -> bool {
        if matches!(&units[at].kind, Kind::Verb(group) if group.bare) {
            return false;
        }
        let governor = units[..party].iter().rev().find(|unit| {
            !matches!(
                unit.kind,
                Kind::Marker(Marker::Filler | Marker::Indefinite | Marker::Possessive)
                    | Kind::Word
                    | Kind::Mark('«' | '»' | '"')
            )
        });
        let done_to = matches!(governor.map(|unit| &unit.kind), Some(Kind::Verb(group))
            if !group.passive && !group.bare && !self.says(group.verb));
        // Behind a conjunction the first subject goes on; a relative pronoun makes the object a subject.
        let between = &units[party + 1..at];
        let goes_on = between
            .iter()
            .any(|unit| matches!(unit.kind, Kind::Marker(Marker::And) | Kind::Mark(',')));
        let relative = between.iter().any(|unit| {
            matches!(
                unit.kind,
                Kind::Marker(Marker::Who | Marker::That | Marker::Where | Marker::Whose)
            )
        });
        let another = units[..party].iter().enumerate().any(|(index, unit)| {
            matches!(unit.kind, Kind::Party(_)) && !Self::is_oblique(units, index)
                || unit.kind == Kind::Marker(Marker::Pronoun)
        });
        done_to && goes_on && !relative && another
    }

    fn says(&self, verb: usize) -> bool {
        self.reading.language.events.saying.contains(&verb)
    }

    /// Whether the verb between a party and a noun is one of saying, and not one of announcing what one does.
    fn only_says(&self, units: &[Unit], party: usize, at: usize) -> bool {
        units[party + 1..at]
            .iter()
            .find_map(|unit| match &unit.kind {
                Kind::Verb(group) => Some(group.verb),
                _ => None,
            })
            .is_some_and(|verb| {
                let effect = self.reading.language.events.verb_effects.get(&verb);
                self.says(verb) && matches!(effect, None | Some(Effect::Open))
            })
    }

    /// Whether a pronoun is no object: "they took it".
    fn stands_for_subject(&self, units: &[Unit], pronoun: usize) -> bool {
        !matches!(pronoun.checked_sub(1).map(|at| &units[at].kind), Some(Kind::Verb(group)) if !self.says(group.verb))
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

    /// Against whom: behind "against", whose the target is, whom a place is taken from, with whom there is a clash.
    pub(super) fn counterpart(
        units: &[Unit],
        at: usize,
        action: Action,
        actor: Option<usize>,
    ) -> Option<usize> {
        let against = |led: Option<Marker>| match led {
            Some(Marker::On | Marker::In) => true,
            Some(Marker::From) => action == Action::Capture,
            Some(Marker::With) => action == Action::Clash,
            _ => false,
        };
        if action == Action::Clash
            && let Some((_, other)) = Self::between(units, at)
        {
            return Some(other).filter(|_| Some(other) != actor);
        }
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
                Kind::Party(index) if against(led) && Some(index) != actor => return Some(index),
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
            Who::Known(actor) => self.reading.registry.is_civilian(*actor),
            Who::Generic(kind) => *kind == GenericActor::Civilians,
            Who::Weak(name, _) => self
                .reading
                .registry
                .weakly_named(&self.reading.language.code, name)
                .any(|actor| self.reading.registry.is_civilian(actor)),
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

    /// As [`Narrator::topic`], but nobody who only says something.
    pub(super) fn acting_topic(&self, units: &[Unit]) -> Option<usize> {
        units
            .iter()
            .enumerate()
            .find_map(|(index, unit)| match unit.kind {
                Kind::Party(party)
                    if self.is_armed(party)
                        && !Self::is_oblique(units, index)
                        && !self.only_says(units, index, units.len()) =>
                {
                    Some(party)
                }
                _ => None,
            })
    }

    /// Whom the article is about: the parties of its sentences, those of most sentences first; forces before
    /// states, whose names also stand for countries.
    pub(super) fn leading_parties(&self) -> Vec<Party> {
        let country = self
            .events
            .iter()
            .find_map(|draft| draft.event.place.country.clone());
        let mut counts: Vec<(Party, bool, usize)> = Vec::new();
        for &topic in &self.topics {
            let armed = self.parties[topic].armed;
            let Some(party) = self.cast.party(topic, country.as_deref()) else {
                continue;
            };
            match counts.iter_mut().find(|(known, ..)| *known == party) {
                Some((_, _, count)) => *count += 1,
                None => counts.push((party, armed, 1)),
            }
        }
        counts.sort_by_key(|(_, armed, count)| (!armed, std::cmp::Reverse(*count)));
        counts.into_iter().map(|(party, ..)| party).collect()
    }
}

/// Whether a noun behind this belongs to another clause than a pronoun before it.
fn parts_noun(unit: &Unit) -> bool {
    matches!(
        unit.kind,
        Kind::Mark(',' | ';' | ':')
            | Kind::Marker(
                Marker::Who | Marker::That | Marker::Where | Marker::Clause | Marker::Condition
            )
    )
}

/// Whether a passive has an agent that is no party: "overrun by a cruiser"; "hit by strikes" has none.
pub(super) fn has_agent(units: &[Unit], at: usize) -> bool {
    let passive = matches!(&units[at].kind, Kind::Verb(group) if group.passive);
    let mut behind = units[at + 1..]
        .iter()
        .take_while(|unit| !ends_clause(unit, true) || matches!(unit.kind, Kind::Noun(_)))
        .skip_while(|unit| unit.kind != Kind::Marker(Marker::By))
        .skip(1)
        .filter(|unit| {
            !matches!(
                unit.kind,
                Kind::Marker(Marker::Filler | Marker::Indefinite | Marker::Possessive)
            )
        });
    passive && behind.next().is_some_and(|unit| unit.kind == Kind::Word)
}
