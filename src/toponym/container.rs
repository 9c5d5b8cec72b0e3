//! Places that the gazetteer lacks, named with the town that they lie in or by: "le quartier d'Al-Joussak, à
//! Mossoul", "the Avana field outside Kirkuk". They take the town's point, with a radius that covers the doubt.

use std::ops::Range;
use std::sync::Arc;

use super::scene::Scene;
use super::spot::{Choice, Source, Spot};
use crate::domain::{Place, PlaceKind};
use crate::gazetteer::relative;
use crate::language::Role;
use crate::text::TokenKind;

/// Tokens that may stand between a name and its container.
const REACH: usize = 6;
/// How far from a town's middle what lies in it may be, and what lies by it, in kilometres.
const INSIDE_KM: f64 = 8.0;
const BESIDE_KM: f64 = 20.0;
/// Distance from the container beyond which a namesake of a quarter or base is another one.
const ELSEWHERE_KM: f64 = 60.0;
/// What is left of the container's confidence.
const SHARE: f64 = 0.85;

/// Settles what has no place of its own by its container. A town with only a province or country stays without.
pub(super) fn settle(scene: &mut Scene<'_>) {
    let mut spots = std::mem::take(&mut scene.spots);
    for index in 0..spots.len() {
        if matches!(spots[index].source, Source::Gazetteer | Source::Unknown)
            && let Some((container, near)) = container(scene, &spots, index)
            && let Some((around, choice)) = town(scene, &spots[container])
            && lacks_place(scene, &spots[index], &around)
        {
            let words = scene
                .text
                .span(spots[index].name.clone())
                .of(scene.text.raw);
            let radius_km = if near { BESIDE_KM } else { INSIDE_KM };
            let evidence = spots[container].name.clone();
            let spot = &mut spots[index];
            spot.made = Some(Arc::new(relative::within(&around, words, radius_km)));
            spot.aside = false;
            spot.choice = Some(Choice {
                rule: "resolve:container",
                confidence: choice.confidence * SHARE,
                ..choice
            });
            spot.note(scene.explains, "resolve:container", Some(evidence));
        }
    }
    scene.spots = spots;
}

/// Whether a name has no place, or that of a namesake far from where it is said to be.
fn lacks_place(scene: &Scene<'_>, spot: &Spot, around: &Place) -> bool {
    let Some(choice) = spot.choice else {
        return true;
    };
    let part = spot
        .lead
        .designator
        .is_some_and(|(kind, ..)| matches!(kind, PlaceKind::Quarter | PlaceKind::Facility));
    let point = scene.gazetteer.point(choice.place);
    part && point.distance_km(around.point) > ELSEWHERE_KM
}

/// The town, quarter or work that a spot was settled to, with its doubt.
fn town(scene: &Scene<'_>, spot: &Spot) -> Option<(Place, Choice)> {
    let choice = spot
        .choice
        .filter(|choice| choice.rule != "resolve:container")?;
    let made = spot.made.as_deref().filter(|_| spot.aside).cloned();
    let place = made.unwrap_or_else(|| scene.gazetteer.place(choice.place));
    (scene.gazetteer.kind(choice.place).is_point()).then_some((place, choice))
}

/// The spot that says what a name lies in (false) or by (true): the next one, or the one before.
fn container(scene: &Scene<'_>, spots: &[Spot], index: usize) -> Option<(usize, bool)> {
    let spot = &spots[index];
    let beside = |other: usize| {
        spots.get(other).filter(|other| {
            other.sentence == spot.sentence
                && matches!(other.source, Source::Gazetteer | Source::Unknown)
        })
    };
    if let Some(next) = beside(index + 1) {
        let from = behind_designator(scene, spot);
        let gap = from..next.name.start;
        if gap.len() <= REACH
            && let Some(near) = tie(scene, gap)
        {
            let near = near || next.lead.near || next.lead.distance.is_some();
            return Some((index + 1, near));
        }
    }
    let before = index.checked_sub(1)?;
    let previous = beside(before)?;
    let start = spot.lead.start.min(spot.name.start);
    let owned =
        scene.possessor(previous.name.end - 1).is_some() && previous.name.end == spot.name.start;
    let led = spot.lead.designator.is_some()
        && previous.name.end <= start
        && start - previous.name.end <= 3
        && tie(scene, previous.name.end..start).is_some();
    (owned || led).then_some((before, false))
}

/// The first token behind a name and a designator that follows it.
fn behind_designator(scene: &Scene<'_>, spot: &Spot) -> usize {
    match scene.cues.starting(spot.name.end) {
        Some((cue, length)) if cue.is(Role::DesignatorAfter) => spot.name.end + length,
        _ => spot.name.end,
    }
}

/// Whether only small words stand between a name and its container, one of them a preposition, a link or a comma:
/// whether they say that it lies by it.
fn tie(scene: &Scene<'_>, gap: Range<usize>) -> Option<bool> {
    let (mut tied, mut near, mut at) = (false, false, gap.start);
    while at < gap.end {
        if scene.text.tokens[at].kind == TokenKind::Mark {
            if !matches!(scene.text.written(at), "," | "(") {
                return None;
            }
            tied = true;
            at += 1;
            continue;
        }
        let (cue, length) = scene
            .cues
            .starting(at)
            .filter(|(_, length)| at + length <= gap.end)?;
        let small = [
            Role::Article,
            Role::Designator,
            Role::Direction,
            Role::DirectionAdjective,
            Role::Unit,
        ];
        if cue.is(Role::Near) {
            near = true;
        } else if cue.is(Role::TownPreposition) || cue.is(Role::Preposition) || cue.is(Role::Link) {
            tied = true;
        } else if !small.iter().any(|role| cue.is(*role)) {
            return None;
        }
        at += length;
    }
    (tied || near).then_some(near)
}
