//! Who acts where a sentence does not say: "the town fell on Friday", "the base was shelled".
//!
//! The rest of the article tells it: whoever takes, leaves or strikes there in another sentence, then whoever
//! does so most, then the party that the article is about.

use super::cast::party_of;
use super::merge::Draft;
use super::registry::{ActorKind, Registry};
use crate::domain::{Action, Event, Party};

/// Two events are in one area when they are no farther apart.
const SAME_AREA_KM: f64 = 15.0;
/// Two points are one place when they are no farther apart.
const SAME_PLACE_KM: f64 = 3.0;
/// How many events before and behind are looked at: all of an article, and no more of a book.
const REACH: usize = 60;
/// Days within which two reports of a capture may be of one capture.
const ONE_CAPTURE_DAYS: i64 = 7;

/// What a party does in an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// It goes against a place that others hold.
    Attacks,
    /// It gives a place up.
    Leaves,
    /// It moves in unopposed.
    Enters,
    /// It hits from afar.
    Strikes,
    /// It is taken out or flees.
    Flees,
}

impl Part {
    const fn of(action: Action) -> Self {
        match action {
            Action::Capture
            | Action::Offensive
            | Action::Advance
            | Action::Siege
            | Action::Clash => Self::Attacks,
            Action::Withdrawal => Self::Leaves,
            Action::Deployment => Self::Enters,
            Action::Strike => Self::Strikes,
            Action::Evacuation => Self::Flees,
        }
    }

    /// Who has this part in an event that names somebody.
    fn played(self, event: &Event) -> Option<&Party> {
        match (self, Self::of(event.action)) {
            (Self::Flees, _) => None,
            (Self::Enters, Self::Attacks) => event.actor.as_ref(),
            // Whom one side leaves to has taken, and whom it takes from has left.
            (Self::Attacks, Self::Leaves) | (Self::Leaves, Self::Attacks) => {
                event.counterpart.as_ref()
            }
            (wanted, part) if wanted == part => event.actor.as_ref(),
            _ => None,
        }
    }
}

/// Gives events without an actor the one that the rest of the article speaks of; `leading` are the parties that it
/// is about, the first most.
pub(super) fn complete(drafts: &mut [Draft], leading: &[Party], registry: &Registry) {
    let found = actors(drafts, leading, registry);
    for (draft, actor) in drafts.iter_mut().zip(found) {
        let Some(actor) = actor else { continue };
        let counterpart = draft.event.counterpart.take();
        draft.event.counterpart = counterpart.filter(|other| *other != actor);
        draft.event.actor = Some(actor);
    }
}

/// For each draft the actor that the rest of the article gives it, where it has none.
fn actors(drafts: &[Draft], leading: &[Party], registry: &Registry) -> Vec<Option<Party>> {
    let told: Vec<&Event> = drafts
        .iter()
        .map(|draft| &draft.event)
        .filter(|event| event.actor.is_some())
        .collect();
    let mut before = 0_usize;
    let actor = |draft: &Draft| {
        if draft.event.actor.is_some() {
            before += 1;
            return None;
        }
        let near = before.saturating_sub(REACH)..(before + REACH).min(told.len());
        let told = &told[near];
        let part = Part::of(draft.event.action);
        // What a place is struck by is a weapon and no actor.
        if draft.foreign_agent && part != Part::Strikes {
            return None;
        }
        match part {
            Part::Flees => registry.actor("civilians").map(party_of),
            // A state is struck by another one, where the article speaks of another.
            Part::Strikes => {
                let foreign = |party: &Party| is_foreign(party, &draft.event, registry);
                elsewhere(&draft.event, part, told, leading, &foreign)
                    .or_else(|| elsewhere(&draft.event, part, told, leading, &|_| true))
            }
            _ => elsewhere(&draft.event, part, told, leading, &|_| true),
        }
    };
    drafts.iter().map(actor).collect()
}

/// Who has a part in the event, going by the events that name their actors.
fn elsewhere(
    event: &Event,
    part: Part,
    told: &[&Event],
    leading: &[Party],
    may: &dyn Fn(&Party) -> bool,
) -> Option<Party> {
    // Nobody takes the same place twice running: whoever takes it later has not taken it now, but those who
    // leave it then have.
    let later = |other: &Event| {
        event.action == Action::Capture
            && within(event, other, SAME_PLACE_KM)
            && event.end.zip(other.start).is_some_and(|(now, then)| {
                now.duration_until(then).as_hours() > ONE_CAPTURE_DAYS * 24
            })
    };
    let retaken = |party: &Party| {
        told.iter().any(|other| {
            later(other)
                && match other.action {
                    Action::Capture => other.actor.as_ref() == Some(party),
                    Action::Withdrawal => other.counterpart.as_ref() == Some(party),
                    _ => false,
                }
        })
    };
    let beaten = |party: &Party| {
        told.iter().any(|other| {
            !later(other)
                && match other.action {
                    Action::Withdrawal => other.actor.as_ref() == Some(party) && here(event, other),
                    Action::Capture => other.counterpart.as_ref() == Some(party),
                    _ => false,
                }
        })
    };
    let fits = |party: &Party| {
        may(party)
            && event.counterpart.as_ref() != Some(party)
            && !(part == Part::Attacks && (retaken(party) || beaten(party)))
    };
    let played = |other: &'_ Event| {
        if later(other) && other.action == Action::Withdrawal {
            other.actor.clone()
        } else {
            part.played(other).cloned()
        }
    };
    let candidates: Vec<(&Event, Party)> = told
        .iter()
        .filter_map(|other| Some((*other, played(other)?)))
        .filter(|(_, party)| fits(party))
        .collect();
    // How often a party does the like; the very same counts twice.
    let weight = |party: &Party| -> usize {
        candidates
            .iter()
            .filter(|(_, candidate)| candidate == party)
            .map(|(other, _)| 1 + usize::from(other.action == event.action))
            .sum()
    };
    candidates
        .iter()
        .min_by_key(|(other, party)| {
            (
                !here(event, other),
                std::cmp::Reverse(weight(party)),
                other.quote_start.abs_diff(event.quote_start),
            )
        })
        .map(|(_, party)| party.clone())
        .or_else(|| leading.iter().find(|party| fits(party)).cloned())
}

fn here(a: &Event, b: &Event) -> bool {
    within(a, b, SAME_AREA_KM)
}

fn within(a: &Event, b: &Event, km: f64) -> bool {
    match (a.place.point, b.place.point) {
        (Some(a), Some(b)) => !a.is_farther_north_or_south(km, b) && a.distance_km(b) <= km,
        _ => a.place.as_written == b.place.as_written,
    }
}

/// Whether a party is another country's forces or government.
fn is_foreign(party: &Party, event: &Event, registry: &Registry) -> bool {
    party
        .id
        .as_deref()
        .and_then(|id| registry.actor(id))
        .is_some_and(|actor| {
            let state = matches!(actor.kind, ActorKind::State | ActorKind::Army);
            state && actor.country.is_some() && actor.country != event.place.country
        })
}
