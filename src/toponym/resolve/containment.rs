//! "X, dans la province de Y", "X (Z)", "la ville syrienne de X": the text says what contains the place.

use std::ops::Range;

use crate::domain::PlaceKind;
use crate::gazetteer::{Candidate, Gazetteer, PlaceRef};
use crate::language::{CountryCode, Role};
use crate::text::TokenKind;
use crate::toponym::scene::Scene;
use crate::toponym::spot::{Source, Spot};

/// Tokens that may stand between a name and what contains it.
const REACH: usize = 8;
/// How far from a town a place named with it may lie, in kilometres.
const NEAR_KM: f64 = 60.0;

/// Keeps the candidates that lie in what the text says, where there are any.
pub(super) fn narrow(scene: &mut Scene<'_>) {
    let mut spots = std::mem::take(&mut scene.spots);
    for index in 0..spots.len() {
        if spots[index].candidates.is_empty() || spots[index].choice.is_some() {
            continue;
        }
        let before = index.checked_sub(1).map(|i| &spots[i]);
        let mut within: Vec<Candidate> = before
            .and_then(|before| nationality(&spots[index], before))
            .map(|codes| in_countries(scene, &spots[index], &codes))
            .unwrap_or_default();
        let mut evidence = before.map(|before| before.name.clone());
        if within.is_empty()
            && let Some(container) = spots.get(index + 1)
            && is_container(scene, &spots[index], container)
        {
            within = inside(scene, &spots[index], container);
            evidence = Some(container.name.clone());
        }
        if within.is_empty() {
            continue;
        }
        let spot = &mut spots[index];
        spot.candidates = within.into();
        if let [only] = spot.candidates.as_slice() {
            let place = only.place;
            spot.settle(place, "resolve:containment", 0.99);
        }
        spot.note(scene.explains, "resolve:containment", evidence);
    }
    scene.spots = spots;
}

/// The nationality within what leads up to a name, or directly before that.
fn nationality(spot: &Spot, before: &Spot) -> Option<Vec<CountryCode>> {
    let Source::Demonym(codes) = &before.source else {
        return None;
    };
    let tied = spot.lead.designator.is_some()
        && before.name.end + 1 >= spot.lead.start
        && before.name.start < spot.name.start
        && before.sentence == spot.sentence;
    tied.then(|| codes.to_vec())
}

fn in_countries(scene: &Scene<'_>, spot: &Spot, codes: &[CountryCode]) -> Vec<Candidate> {
    spot.candidates
        .iter()
        .copied()
        .filter(|candidate| {
            scene
                .country_of(candidate.place)
                .is_some_and(|code| codes.contains(&code))
        })
        .collect()
}

/// Whether the next name stands as what contains this one: only small words, one comma or a bracket between.
fn is_container(scene: &Scene<'_>, spot: &Spot, next: &Spot) -> bool {
    if next.sentence != spot.sentence || matches!(next.source, Source::Demonym(_) | Source::Seat(_))
    {
        return false;
    }
    let gap = spot.name.end..next.name.start;
    gap.len() <= REACH && is_tie(scene, gap)
}

fn is_tie(scene: &Scene<'_>, gap: Range<usize>) -> bool {
    let mut prepositions = 0;
    let mut marks = 0;
    for token in gap {
        if scene.text.tokens[token].kind == TokenKind::Mark {
            if !matches!(scene.text.written(token), "," | "(") {
                return false;
            }
            marks += 1;
            continue;
        }
        let Some((cue, _)) = scene
            .cues
            .ending(token)
            .or_else(|| scene.cues.starting(token))
        else {
            return false;
        };
        let small = [
            Role::Article,
            Role::Link,
            Role::Designator,
            Role::Direction,
            Role::DirectionAdjective,
            Role::Demonym,
        ]
        .iter()
        .any(|role| cue.is(*role));
        if cue.is(Role::Preposition) {
            prepositions += 1;
        } else if !small {
            return false;
        }
    }
    marks <= 1 && prepositions <= 1 && marks + prepositions > 0
}

/// The candidates that lie in one of the places that the container may be.
fn inside(scene: &Scene<'_>, spot: &Spot, container: &Spot) -> Vec<Candidate> {
    let gazetteer = scene.gazetteer;
    let mut containers: Vec<PlaceRef> = container.candidates.iter().map(|c| c.place).collect();
    if let Source::Country(code) = container.source {
        containers.extend(gazetteer.country(code.as_str()));
    }
    spot.candidates
        .iter()
        .copied()
        .filter(|candidate| {
            containers.iter().any(|around| {
                *around != candidate.place && lies_in(gazetteer, candidate.place, *around)
            })
        })
        .collect()
}

fn lies_in(gazetteer: &Gazetteer, place: PlaceRef, around: PlaceRef) -> bool {
    match gazetteer.kind(around) {
        PlaceKind::Country => {
            gazetteer.country_of(place).is_some()
                && gazetteer.country_of(place) == gazetteer.country_of(around)
        }
        PlaceKind::Admin1 => gazetteer.admin1_of(place) == Some(around),
        PlaceKind::Settlement => {
            gazetteer.population(around) > gazetteer.population(place)
                && gazetteer.point(place).distance_km(gazetteer.point(around)) < NEAR_KM
        }
        _ => false,
    }
}
