//! Which events of the system are which events of the gold.

use std::collections::BTreeSet;

use super::actors::same_actor;
use super::dates::same_date;
use super::gold::{GoldArticle, GoldEvent};
use crate::domain::{Action, EventRecord};

/// One article's events held against its gold.
#[derive(Debug)]
pub(super) struct Matching {
    /// Of each gold event, in order: the system's event that is it.
    pub(super) gold: Vec<Option<Match>>,
    /// Of each event of the system, in order.
    pub(super) system: Vec<Verdict>,
    /// Gold and system events that happen at one place and are otherwise not each other's: indices.
    pub(super) confused: Vec<(usize, usize)>,
}

/// A gold event that was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Match {
    /// Index of the system's event.
    pub(super) system: usize,
    /// Whether the action is right, and not only its family.
    pub(super) strict: bool,
    /// Whether the date is; `None` where the gold has none.
    pub(super) date: Option<bool>,
    /// Whether the status is.
    pub(super) status: bool,
    /// Whether the actor is; `None` where the gold has none.
    pub(super) actor: Option<bool>,
}

/// What an event of the system is worth. A second one of a gold event is a repeat, and as right as the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is counted on its own")]
pub(super) struct Verdict {
    /// Whether it has a point; without one it is neither right nor wrong.
    pub(super) located: bool,
    /// Whether the gold has an event of its action there.
    pub(super) strict: bool,
    /// Whether the gold has an event of its action's family there.
    pub(super) lenient: bool,
    /// Whether the gold has any event there.
    pub(super) pin: bool,
}

/// Actions that readers take for each other.
#[derive(Debug, PartialEq, Eq)]
enum Family {
    Attack,
    Leaving,
    Arrival,
    Strike,
}

const fn family(action: Action) -> Family {
    match action {
        Action::Offensive | Action::Advance | Action::Clash | Action::Siege => Family::Attack,
        Action::Withdrawal | Action::Evacuation => Family::Leaving,
        Action::Capture | Action::Deployment => Family::Arrival,
        Action::Strike => Family::Strike,
    }
}

fn same_action(gold: &GoldEvent, system: &EventRecord) -> bool {
    gold.actions().any(|action| action == system.action)
}

fn same_family(gold: &GoldEvent, system: &EventRecord) -> bool {
    let found = family(system.action);
    gold.actions().any(|action| family(action) == found)
}

impl Matching {
    /// Pairs events one to one: right actions first, then right dates, then right statuses, then in order.
    pub(super) fn of(gold: &GoldArticle, system: &[EventRecord]) -> Self {
        let mut pairs = Vec::new();
        for (i, expected) in gold.events.iter().enumerate() {
            for (j, found) in system.iter().enumerate() {
                if expected.is_near(found.point) && same_family(expected, found) {
                    let pair = compared(expected, found, j);
                    pairs.push((
                        (!pair.strict, pair.date == Some(false), !pair.status, i, j),
                        pair,
                    ));
                }
            }
        }
        pairs.sort_by_key(|(order, _)| *order);
        let mut matched = vec![None; gold.events.len()];
        let mut used = BTreeSet::new();
        for ((.., i, j), pair) in pairs {
            if matched[i].is_none() && used.insert(j) {
                matched[i] = Some(pair);
            }
        }
        let verdicts: Vec<Verdict> = system.iter().map(|found| judged(gold, found)).collect();
        let confused = confused(gold, system, &matched, &verdicts, used);
        Self {
            gold: matched,
            system: verdicts,
            confused,
        }
    }
}

fn compared(expected: &GoldEvent, found: &EventRecord, system: usize) -> Match {
    let actor = expected.actor.as_deref().filter(|actor| !actor.is_empty());
    Match {
        system,
        strict: same_action(expected, found),
        date: same_date(expected.date.as_deref(), found.date.as_deref()),
        status: expected.has_status(found.status),
        actor: actor.map(|actor| same_actor(actor, found.actor.as_deref())),
    }
}

fn judged(gold: &GoldArticle, found: &EventRecord) -> Verdict {
    let there = || {
        let events = gold.events.iter();
        events.filter(|expected| expected.is_near(found.point))
    };
    Verdict {
        located: found.point.is_some(),
        strict: there().any(|expected| same_action(expected, found)),
        lenient: there().any(|expected| same_family(expected, found)),
        pin: there().next().is_some(),
    }
}

/// Pairs, in order, what is left over of gold and system at one place; repeats are left out.
fn confused(
    gold: &GoldArticle,
    system: &[EventRecord],
    matched: &[Option<Match>],
    verdicts: &[Verdict],
    mut used: BTreeSet<usize>,
) -> Vec<(usize, usize)> {
    let mut confused = Vec::new();
    let left = gold
        .events
        .iter()
        .zip(matched)
        .enumerate()
        .filter(|(_, (_, found))| found.is_none());
    for (i, (expected, _)) in left {
        let mut others = 0..system.len();
        let other = others.find(|j| {
            !used.contains(j) && !verdicts[*j].strict && expected.is_near(system[*j].point)
        });
        if let Some(j) = other {
            used.insert(j);
            confused.push((i, j));
        }
    }
    confused
}
