use std::borrow::Cow;
use std::collections::HashMap;

use rustc_hash::FxHashMap;

use super::decide::{Company, Decider, EventFeature, EventVector};
use crate::domain::{Action, DateBasis, Event, Span};

/// How many drafts before and behind are looked at: all of an article, and no more of a book.
const REACH: usize = 200;

/// An event, before the rest of the article is known.
#[derive(Debug, Clone)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a mark of its own, and all combine"
)]
pub struct Draft {
    /// The event; its confidence is the decider's. What its sentence says, and in which article, is written into it
    /// once it is one.
    pub event: Event,
    /// Forces enter: whether they take the place the rest of the article says.
    pub(super) entry: bool,
    /// The sentence names who acts, in words that say nothing here: "overrun by a cruiser".
    pub(super) foreign_agent: bool,
    /// Read as its rule says.
    pub strict: bool,
    /// The trigger's first token.
    pub(super) trigger: usize,
    /// Another action than its rule's.
    pub(super) kin: bool,
    /// The sentence's bytes.
    pub(super) span: Span,
    /// What speaks for it and against it.
    pub features: EventVector,
}

impl Draft {
    /// What the decider knows its reading by: the rule, and the action where it is another than the rule's.
    pub fn key(&self) -> Cow<'_, str> {
        if self.kin {
            Cow::Owned(format!("{}>{}", self.event.rule, self.event.action))
        } else {
            Cow::Borrowed(&self.event.rule)
        }
    }
}

/// Keeps of each trigger and place the likeliest action; but who hands a place over leaves it, and who takes it
/// over enters.
pub(super) fn choose(drafts: &mut Vec<Draft>) {
    let mut best: FxHashMap<(usize, String, bool), f64> = FxHashMap::default();
    let of = |draft: &Draft| {
        let place = &draft.event.place;
        let place = place.id.as_ref().unwrap_or(&place.as_written).clone();
        let leaves = matches!(draft.event.action, Action::Withdrawal | Action::Evacuation);
        (draft.trigger, place, leaves)
    };
    for draft in &*drafts {
        let best = best.entry(of(draft)).or_default();
        *best = best.max(draft.event.confidence);
    }
    drafts.retain(|draft| best[&of(draft)] <= draft.event.confidence);
    // What names no place is at one: the likeliest of those spoken of before.
    let mut likeliest: FxHashMap<(usize, Action), f64> = FxHashMap::default();
    let silent = |draft: &Draft| draft.features[EventFeature::Silent as usize] > 0.0;
    for draft in drafts.iter().filter(|draft| silent(draft)) {
        let key = (draft.trigger, draft.event.action);
        let likeliest = likeliest.entry(key).or_default();
        *likeliest = likeliest.max(draft.event.confidence);
    }
    drafts.retain(|draft| {
        let key = (draft.trigger, draft.event.action);
        !silent(draft) || likeliest[&key] <= draft.event.confidence
    });
}

/// Completes drafts by what the rest of the article says, and has each judged.
pub(super) fn settle(mut drafts: Vec<Draft>, decider: &Decider) -> Vec<Draft> {
    let contested: Vec<bool> = drafts
        .iter()
        .enumerate()
        .map(|(at, draft)| {
            let near = at.saturating_sub(REACH)..(at + REACH).min(drafts.len());
            draft.entry && is_contested(draft, &drafts[near])
        })
        .collect();
    for (draft, contested) in drafts.iter_mut().zip(contested) {
        if contested {
            draft.event.action = Action::Capture;
        }
    }
    let company = Company::of(&drafts);
    for draft in &mut drafts {
        company.note(draft);
        draft.event.confidence = decider.probability(draft);
    }
    drafts
}

/// Makes one event of what an article says twice, and gives each its id.
///
/// Two reports are one when action, place, actor and status agree and their dates do not contradict each
/// other. The surer one stays, with whatever the other knew besides.
pub(super) fn merge(drafts: Vec<Draft>, article: &str) -> Vec<Event> {
    let events = drafts.into_iter().map(|draft| draft.event);
    let mut kept: Vec<Event> = Vec::new();
    // Only events of one action at one place may be the same.
    let mut alike: HashMap<(Action, String), Vec<usize>> = HashMap::new();
    for event in events {
        let place = event.place.id.as_ref().unwrap_or(&event.place.as_written);
        let alike = alike.entry((event.action, place.clone())).or_default();
        if let Some(at) = alike.iter().find(|at| same(&kept[**at], &event)) {
            join(&mut kept[*at], event);
        } else {
            alike.push(kept.len());
            kept.push(event);
        }
    }
    let mut seen = HashMap::new();
    for event in &mut kept {
        let key = format!(
            "{article}\n{}\n{}\n{}\n{}\n{}",
            event.action,
            event.place.id.as_deref().unwrap_or(&event.place.as_written),
            event.actor.as_ref().map_or("", |a| &a.name),
            event.status,
            event.date.as_deref().unwrap_or("")
        );
        // Two events that differ in nothing of this are told apart by their order.
        let count = seen.entry(key.clone()).and_modify(|n| *n += 1).or_insert(0);
        let hash = blake3::hash(format!("{key}\n{count}").as_bytes()).to_hex();
        hash[..16].clone_into(&mut event.id);
    }
    kept
}

fn same(a: &Event, b: &Event) -> bool {
    let place = match (&a.place.id, &b.place.id) {
        (Some(a), Some(b)) => a == b,
        (None, None) => a.place.as_written == b.place.as_written,
        _ => false,
    };
    let actor = match (&a.actor, &b.actor) {
        (Some(a), Some(b)) => a == b,
        _ => true,
    };
    a.action == b.action && place && actor && a.status == b.status && dates_agree(a, b)
}

fn dates_agree(a: &Event, b: &Event) -> bool {
    if a.date == b.date || weak(a) || weak(b) {
        return true;
    }
    match ((a.start, a.end), (b.start, b.end)) {
        ((Some(a0), Some(a1)), (Some(b0), Some(b1))) => a0 <= b1 && b0 <= a1,
        _ => false,
    }
}

/// A date that the text did not state: it yields to one that it did.
fn weak(event: &Event) -> bool {
    matches!(event.date_basis, DateBasis::Published | DateBasis::None)
}

fn join(known: &mut Event, other: Event) {
    let date_from_other = weak(known) && !weak(&other);
    let (mut best, rest) = if other.confidence > known.confidence {
        (other, known.clone())
    } else {
        (known.clone(), other)
    };
    let dated = if date_from_other || (weak(&best) && !weak(&rest)) {
        &rest
    } else {
        &best
    };
    let (date, start, end, precision, basis) = (
        dated.date.clone(),
        dated.start,
        dated.end,
        dated.date_precision,
        dated.date_basis,
    );
    if !weak(dated) || best.date.is_none() {
        (
            best.date,
            best.start,
            best.end,
            best.date_precision,
            best.date_basis,
        ) = (date, start, end, precision, basis);
    }
    best.actor = best.actor.or(rest.actor);
    best.counterpart = best.counterpart.or(rest.counterpart);
    best.claimed_by = best.claimed_by.or(rest.claimed_by);
    best.origin = best.origin.or(rest.origin);
    best.destination = best.destination.or(rest.destination);
    if best.quantity.is_none() {
        (best.quantity, best.quantity_unit) = (rest.quantity, rest.quantity_unit);
    }
    *known = best;
}

/// Whether forces that enter a place take it: the article tells of fighting for it and of no one leaving.
fn is_contested(draft: &Draft, all: &[Draft]) -> bool {
    let here = |other: &&Draft| match (draft.event.place.point, other.event.place.point) {
        (Some(a), Some(b)) => a.is_within(15.0, b),
        _ => false,
    };
    let told = |action: Action| {
        all.iter()
            .filter(here)
            .any(|other| other.strict && !other.entry && other.event.action == action)
    };
    // That others hold or took it says nothing of those who enter.
    let taken = all.iter().filter(here).any(|other| {
        other.strict
            && !other.entry
            && other.event.action == Action::Capture
            && other.event.actor == draft.event.actor
    });
    taken
        || !told(Action::Withdrawal)
            && [
                Action::Clash,
                Action::Offensive,
                Action::Siege,
                Action::Strike,
            ]
            .into_iter()
            .any(told)
}
