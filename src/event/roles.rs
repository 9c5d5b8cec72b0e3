use super::lists;
use super::units::{Kind, Unit, VerbGroup};
use crate::domain::{Mention, PlaceKind};
use crate::language::{Marker, PlaceRole};

/// Words between a preposition and the name it belongs to, at most.
const REACH: usize = 9;

/// The places of one sentence, in lists, with containers and landmarks set apart.
pub(super) struct Places<'a> {
    pub(super) units: &'a [Unit],
    pub(super) mentions: &'a [Mention],
    /// Of each place unit: index of the unit that heads its list, and what it is there.
    pub(super) members: Vec<Member>,
}

/// A place unit's part in the sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Member {
    pub(super) unit: usize,
    pub(super) head: usize,
    pub(super) standing: Standing,
}

/// What a place is beside another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// It may be where something happens.
    Scene,
    /// It only says where another place is: "in the province of X", "40 km north of X".
    Locator,
}

/// Where a trigger's places were found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) units: Vec<usize>,
    pub(super) link: Link,
}

/// How a trigger and its place hang together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Link {
    /// In one clause.
    Direct,
    /// By a relative pronoun.
    Relative,
    /// By "there" or "the town".
    Anaphora,
    /// By the article's scene alone.
    Scene,
    /// The nearest place behind the trigger in its clause, in no role that the rule names.
    After,
    /// The nearest before it.
    Before,
    /// The place last spoken of, though nothing refers to it.
    Silent,
}

impl<'a> Places<'a> {
    /// Reads the lists of a sentence.
    pub(super) fn new(units: &'a [Unit], mentions: &'a [Mention]) -> Self {
        Self {
            units,
            mentions,
            members: lists::members(units, mentions),
        }
    }

    /// The place units that the trigger at unit `at` is about, in the first of the roles that is filled.
    pub(super) fn of_trigger(&self, at: usize, roles: &[PlaceRole]) -> Option<Found> {
        let verb = match &self.units[at].kind {
            Kind::Verb(group) => Some(group),
            _ => None,
        };
        for &role in roles {
            if let Some(unit) = self.in_clause(at, verb, role) {
                return Some(Found {
                    units: self.list(unit),
                    link: Link::Direct,
                });
            }
        }
        self.antecedent(at, verb, roles).map(|unit| Found {
            units: self.list(unit),
            link: Link::Relative,
        })
    }

    /// A place and all that stand in one list with it.
    fn list(&self, unit: usize) -> Vec<usize> {
        let head = self
            .members
            .iter()
            .find(|m| m.unit == unit)
            .map_or(unit, |m| m.head);
        let mut list: Vec<usize> = self
            .members
            .iter()
            .filter(|m| m.head == head && m.unit >= unit && m.standing == Standing::Scene)
            .map(|m| m.unit)
            .collect();
        if list.is_empty() {
            list.push(unit);
        }
        // "le bastion de Daech en Syrie, Raqqa": the wide place only leads to the one that is meant.
        if let [wide, point, ..] = list[..]
            && self.kind(wide).is_some_and(|kind| !kind.is_point())
            && self.kind(point).is_some_and(PlaceKind::is_point)
            && self.units[wide + 1..point].iter().all(|unit| {
                matches!(
                    unit.kind,
                    Kind::Mark(',') | Kind::Marker(Marker::Filler) | Kind::PlaceNoun
                )
            })
        {
            list.remove(0);
        }
        list
    }

    pub(super) fn scenes(&self) -> impl DoubleEndedIterator<Item = usize> + '_ {
        self.members
            .iter()
            .filter(|m| m.standing == Standing::Scene)
            .map(|m| m.unit)
    }

    fn in_clause(&self, at: usize, verb: Option<&VerbGroup>, role: PlaceRole) -> Option<usize> {
        let turned = verb.is_some_and(|group| group.passive);
        match role {
            PlaceRole::Object if turned => self
                .before(at, verb, &[None])
                .or_else(|| self.after(at, &[None])),
            PlaceRole::Subject => self.before(self.verb_of(at), verb, &[None]),
            PlaceRole::Object => self.after(at, &[None]),
            PlaceRole::Of => self.after(at, &[Some(Marker::Of)]),
            PlaceRole::From => self.after(at, &[Some(Marker::From), Some(Marker::Of)]),
            PlaceRole::To => self.after(at, &[Some(Marker::To)]),
            PlaceRole::In => self
                .after(at, &[Some(Marker::In)])
                .or_else(|| self.leading(at, Marker::In)),
            PlaceRole::On => self
                .after(at, &[Some(Marker::On)])
                .or_else(|| self.leading(at, Marker::On)),
            PlaceRole::Near => self
                .after(at, &[Some(Marker::Near)])
                .or_else(|| self.leading(at, Marker::Near)),
            PlaceRole::Through => self.after(at, &[Some(Marker::Through)]),
            PlaceRole::Any => self.after(
                at,
                &[
                    None,
                    Some(Marker::Of),
                    Some(Marker::In),
                    Some(Marker::On),
                    Some(Marker::Near),
                    Some(Marker::Through),
                    Some(Marker::From),
                    Some(Marker::To),
                ],
            ),
        }
    }

    /// The first place behind the trigger that one of the markers leads, up to the clause's end.
    fn after(&self, at: usize, markers: &[Option<Marker>]) -> Option<usize> {
        let clause = |from: usize| {
            let inside = self.units[from..]
                .iter()
                .take_while(|unit| !ends_clause(unit, true));
            from + inside.count()
        };
        let mut end = clause(at + 1);
        // "Shelling was reported in X": a noun's own verb does not part it from its place.
        if matches!(self.units[at].kind, Kind::Noun(_))
            && matches!(self.units.get(end).map(|unit| &unit.kind), Some(Kind::Verb(group)) if group.rules.is_empty() && group.is_finite())
        {
            end = clause(end + 1);
        }
        self.scenes()
            .filter(|unit| *unit > at && *unit < end)
            .find(|unit| {
                self.marker(*unit, at)
                    .is_some_and(|marker| markers.contains(&marker))
            })
    }

    /// The nearest place before a verb that has no preposition: its subject.
    fn before(
        &self,
        at: usize,
        verb: Option<&VerbGroup>,
        markers: &[Option<Marker>],
    ) -> Option<usize> {
        let bare = verb.is_some_and(|group| group.bare);
        let start = self.main_clause(at);
        let heads = |unit: &usize| *unit >= start && *unit < at;
        let found = self.scenes().rev().filter(heads).find(|unit| {
            // "Radjo, taken on 3 March": a bare participle belongs to what it stands behind, whatever leads that.
            bare || self
                .marker(*unit, usize::MAX)
                .is_some_and(|marker| markers.contains(&marker))
        })?;
        if bare
            && self.units[found + 1..at]
                .iter()
                .any(|unit| matches!(unit.kind, Kind::Party(_) | Kind::Noun(_)))
        {
            return None;
        }
        // A subject list is found by its last member: begin at its head.
        Some(
            self.members
                .iter()
                .find(|m| m.unit == found)
                .map_or(found, |m| m.head),
        )
    }

    /// The verb whose complement a noun is ("est restée le théâtre de combats"); a verb itself.
    fn verb_of(&self, at: usize) -> usize {
        let noun = matches!(self.units[at].kind, Kind::Noun(_));
        let before = self.units[..at]
            .iter()
            .rposition(|unit| ends_clause(unit, false));
        match before {
            Some(verb) if noun && matches!(self.units[verb].kind, Kind::Verb(_)) => verb,
            _ => at,
        }
    }

    /// Where the clause of a verb begins, past a relative clause in commas: "Alep, dont …, est tombée".
    fn main_clause(&self, at: usize) -> usize {
        let start = |end: usize| {
            self.units[..end]
                .iter()
                .rposition(|unit| ends_clause(unit, false))
                .map_or(0, |i| i + 1)
        };
        let nearest = start(at);
        let comma = self.units[nearest..at]
            .iter()
            .rposition(|unit| unit.kind == Kind::Mark(','))
            .map(|i| nearest + i);
        let Some(comma) = comma.filter(|comma| {
            !self.units[comma + 1..at].iter().any(|unit| {
                matches!(
                    unit.kind,
                    Kind::Place(_) | Kind::Party(_) | Kind::Marker(Marker::Pronoun)
                )
            })
        }) else {
            return nearest;
        };
        let relative = self.units[..comma].iter().rposition(|unit| {
            matches!(
                unit.kind,
                Kind::Marker(Marker::Who | Marker::That | Marker::Where | Marker::Whose)
            )
        });
        match relative {
            Some(opens) if opens > 0 && self.units[opens - 1].kind == Kind::Mark(',') => {
                start(opens - 1)
            }
            _ => nearest,
        }
    }

    /// A place with a preposition at the head of the clause: "In Raqqa, the army …".
    fn leading(&self, at: usize, marker: Marker) -> Option<usize> {
        let start = self.units[..at]
            .iter()
            .rposition(|unit| ends_clause(unit, false))
            .map_or(0, |i| i + 1);
        self.scenes()
            .filter(|unit| *unit >= start && *unit < at)
            .find(|unit| self.marker(*unit, usize::MAX) == Some(Some(marker)))
    }

    /// What a relative pronoun before the trigger stands for, when the rule has use for it.
    fn antecedent(
        &self,
        at: usize,
        verb: Option<&VerbGroup>,
        roles: &[PlaceRole],
    ) -> Option<usize> {
        let pronoun = self.units[..at]
            .iter()
            .rposition(|unit| ends_clause(unit, false))?;
        let passive = verb.is_some_and(|group| group.passive);
        let fits = match self.units[pronoun].kind {
            Kind::Marker(Marker::Where) => {
                roles.iter().any(|role| !matches!(role, PlaceRole::Subject))
            }
            Kind::Marker(Marker::That) => {
                roles.contains(&PlaceRole::Object) && verb.is_some() && !passive
            }
            Kind::Marker(Marker::Who) => {
                (roles.contains(&PlaceRole::Subject) && !passive)
                    || (roles.contains(&PlaceRole::Object) && passive)
            }
            Kind::Marker(Marker::Whose) => roles
                .iter()
                .any(|role| matches!(role, PlaceRole::Of | PlaceRole::From | PlaceRole::Object)),
            _ => false,
        };
        if !fits {
            return None;
        }
        let found = self.scenes().rev().find(|unit| *unit < pronoun)?;
        let between = &self.units[found + 1..pronoun];
        let near = between.len() <= 12
            && !between.iter().any(|unit| {
                matches!(&unit.kind, Kind::Verb(group) if group.is_finite())
                    || matches!(unit.kind, Kind::Mark(';' | ':'))
            });
        // "soldiers of X who": the party behind the place is the nearer antecedent.
        let party = between
            .iter()
            .any(|unit| matches!(unit.kind, Kind::Party(_)))
            && matches!(
                self.units[pronoun].kind,
                Kind::Marker(Marker::Who | Marker::That)
            );
        (near && !party).then_some(found)
    }

    /// The preposition that leads a place, seen from the trigger at `at`; the outer `None` when something
    /// else governs the place.
    #[expect(
        clippy::option_option,
        reason = "no governor and no preposition are two answers"
    )]
    pub(super) fn marker(&self, unit: usize, at: usize) -> Option<Option<Marker>> {
        let head = self
            .members
            .iter()
            .find(|m| m.unit == unit)
            .map_or(unit, |m| m.head);
        let mut of = None;
        let mut words = 0;
        for (index, piece) in self.units[..head].iter().enumerate().rev() {
            if index == at {
                return Some(of);
            }
            match &piece.kind {
                Kind::Marker(
                    marker @ (Marker::From
                    | Marker::To
                    | Marker::In
                    | Marker::On
                    | Marker::Near
                    | Marker::Through
                    | Marker::By
                    | Marker::With
                    | Marker::According),
                ) => {
                    return Some(Some(*marker));
                }
                Kind::Marker(Marker::Of) => of = Some(Marker::Of),
                // "la ville de Hama" is Hama.
                Kind::PlaceNoun if self.units[index + 1].kind == Kind::Marker(Marker::Of) => {
                    of = None;
                }
                Kind::Marker(
                    Marker::Filler
                    | Marker::Indefinite
                    | Marker::Possessive
                    | Marker::And
                    | Marker::There
                    | Marker::Not
                    | Marker::Reflexive,
                )
                | Kind::Date(_)
                | Kind::PlaceNoun
                | Kind::Effect(_) => {}
                Kind::Mark('«' | '»' | '"' | '“' | '”' | ',' | '(' | ')' | '\'') => {}
                Kind::Helper => {}
                Kind::Word | Kind::Party(_) => words += 1,
                Kind::Place(_) | Kind::Mark(_) | Kind::Marker(_) => return Some(of),
                // Another trigger stands nearer.
                Kind::Noun(_) | Kind::Verb(_) => {
                    return if at == usize::MAX {
                        Some(of.or(None))
                    } else {
                        None
                    };
                }
            }
            if words > REACH {
                return None;
            }
        }
        Some(of)
    }

    /// The kind of place that a unit means.
    pub(super) fn kind(&self, unit: usize) -> Option<PlaceKind> {
        let Kind::Place(mention) = self.units[unit].kind else {
            return None;
        };
        self.mentions[mention]
            .place
            .as_ref()
            .map(|place| place.kind)
    }
}

/// Whether a clause ends here, seen from a trigger.
pub(super) fn ends_clause(unit: &Unit, forward: bool) -> bool {
    match &unit.kind {
        Kind::Mark(';' | ':' | '.' | '!' | '?' | '…' | '–' | '—')
        | Kind::Marker(
            Marker::Who
            | Marker::That
            | Marker::Where
            | Marker::Whose
            | Marker::Clause
            | Marker::Condition,
        ) => true,
        Kind::Verb(group) => forward && !group.bare || !forward && group.is_finite(),
        Kind::Noun(_) => forward,
        _ => false,
    }
}
