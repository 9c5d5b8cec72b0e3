//! Which places a trigger may be about: those that its rule says, and those that are only near.

use super::analysis::{Narrator, clause};
use super::roles::{Found, Link, Places};
use super::units::{Kind, Unit};
use crate::language::{EventRule, Marker, PlaceRole};

/// How many pieces a place may stand from a trigger that is no rule's reading.
const FAR: usize = 40;

impl Narrator<'_> {
    /// The mentions that the trigger is about, and how they were found.
    pub(super) fn places(
        &self,
        rule: &EventRule,
        units: &[Unit],
        places: &Places<'_>,
        at: usize,
    ) -> Option<(Vec<usize>, Found)> {
        if let Some(found) = places.of_trigger(at, &rule.place) {
            let mut mentions: Vec<usize> = Vec::new();
            for unit in &found.units {
                let Kind::Place(mention) = units[*unit].kind else {
                    continue;
                };
                // "Al-Thawrah (Tabqa)": one place under two names.
                let same = |other: &usize| self.same_place(*other, mention);
                if !mentions.iter().any(same) {
                    mentions.push(mention);
                }
            }
            return (!mentions.is_empty()).then_some((mentions, found));
        }
        let focus = self.focus_before(units, at)?;
        // Of what is taken or left first nothing is said yet that "it" could mean.
        let object = self.focus.is_some()
            && rule.place.contains(&PlaceRole::Object)
            && self.object_refers_back(units, at);
        let anaphora = object || refers_back(units, at);
        // What goes on where the sentence before left off needs not say where.
        let told = self.focus_age <= 1
            && matches!(units[at].kind, Kind::Verb(_))
            && (rule.armed || rule.civilians)
            && !names_a_place(units, at);
        if anaphora || rule.scene || told {
            let link = if anaphora {
                Link::Anaphora
            } else {
                Link::Scene
            };
            return Some((
                vec![focus],
                Found {
                    units: Vec::new(),
                    link,
                },
            ));
        }
        None
    }

    /// The places that a trigger may be about though its rule says otherwise: those of its sentence, and where its
    /// clause has none, the one last spoken of.
    pub(super) fn loose(
        &self,
        units: &[Unit],
        places: &Places<'_>,
        at: usize,
    ) -> Vec<(usize, Found)> {
        let near = |unit: &usize| unit.abs_diff(at) <= FAR;
        let mut found = Vec::new();
        for unit in places.scenes().filter(near) {
            if let Kind::Place(mention) = units[unit].kind {
                let link = if unit > at { Link::After } else { Link::Before };
                let units = vec![unit];
                found.push((mention, Found { units, link }));
            }
        }
        // "They fell back to X" from where they were.
        let clause = clause(units, at);
        let here = places.scenes().any(|unit| {
            clause.contains(&unit) && places.marker(unit, usize::MAX).flatten() != Some(Marker::To)
        });
        if !here {
            let topic = self.salience.topic().filter(|topic| {
                let start = units[at].tokens.start;
                self.reading.mentions[*topic].span.start
                    < self.reading.text.tokens[start].span.start
            });
            let silent = [self.focus_before(units, at), self.last, topic];
            for silent in silent.into_iter().flatten() {
                if found
                    .iter()
                    .all(|(mention, _)| !self.same_place(*mention, silent))
                {
                    let (units, link) = (Vec::new(), Link::Silent);
                    found.push((silent, Found { units, link }));
                }
            }
        }
        found
    }

    /// The place that "the town" or "there" means: in this sentence before the trigger, else the last one.
    fn focus_before(&self, units: &[Unit], at: usize) -> Option<usize> {
        if self.focus.is_some_and(|_| self.focus_age <= 1) {
            return self.focus;
        }
        let here = units[..at].iter().rev().find_map(|unit| match unit.kind {
            Kind::Place(mention) if self.can_be_focus(mention) => Some(mention),
            _ => None,
        });
        here.or(self.focus)
    }

    /// "les rebelles l'ont quittée", "they took it": a pronoun for the place is the verb's object.
    fn object_refers_back(&self, units: &[Unit], at: usize) -> bool {
        let Kind::Verb(group) = &units[at].kind else {
            return false;
        };
        if group.passive && !group.bare {
            return false;
        }
        let before = units[..at]
            .iter()
            .rev()
            .find(|unit| !matches!(unit.kind, Kind::Helper | Kind::Marker(Marker::Not)));
        let clitics = &self.reading.language.events.clitics;
        let text = self.reading.text;
        let clitic = before.is_some_and(|unit| {
            matches!(unit.kind, Kind::Marker(Marker::Filler))
                && unit.tokens.len() == 1
                && clitics.has(text, unit.tokens.start)
        });
        // "took it", but not "left, they said".
        let pronouns = &self.reading.language.events.object_pronouns;
        let behind = units
            .get(at + 1)
            .is_some_and(|unit| unit.tokens.len() == 1 && pronouns.has(text, unit.tokens.start));
        clitic || behind
    }
}

/// Whether the trigger's clause names a place: then the event is there, or nowhere the article says.
fn names_a_place(units: &[Unit], at: usize) -> bool {
    units[clause(units, at)]
        .iter()
        .any(|unit| matches!(unit.kind, Kind::Place(_)))
}

/// "there" before the trigger, or "the town" in its clause.
fn refers_back(units: &[Unit], at: usize) -> bool {
    let std::ops::Range { start, end } = clause(units, at);
    let there = units[start..at]
        .iter()
        .rev()
        .take(4)
        .any(|unit| unit.kind == Kind::Marker(Marker::There));
    let definite = |pair: &[Unit]| {
        matches!(
            pair[0].kind,
            Kind::Marker(Marker::Filler | Marker::Possessive)
        ) && pair[1].kind == Kind::PlaceNoun
    };
    // "an operation there"
    let behind = units[at + 1..end]
        .iter()
        .take(3)
        .take_while(|unit| !matches!(unit.kind, Kind::Mark(_)))
        .any(|unit| unit.kind == Kind::Marker(Marker::There));
    let named = units[start..end]
        .windows(2)
        .enumerate()
        .any(|(index, pair)| {
            let next = units.get(start + index + 2);
            let described = next.is_some_and(|unit| unit.kind == Kind::Marker(Marker::Of));
            definite(pair) && !described
        });
    there || behind || named
}
