//! Ranks the candidates of a name by what the text says of their countries, by population and by kind.

use crate::domain::PlaceKind;
use crate::gazetteer::Candidate;
use crate::toponym::scene::Scene;
use crate::toponym::spot::{Doubt, Source, Spot};

/// What a country that the whole text is about is worth, in powers of ten of population.
const COUNTRY: f64 = 3.5;
/// One over the share from which a text is about a country as much as can be.
const WHOLE: f64 = 1.6;
/// What being a country is worth: "Jordan" is seldom the town of that name.
const NATION: f64 = 3.0;
/// What being a country's capital is worth.
const CAPITAL: f64 = 1.0;
/// What the main name is worth against an alias.
const MAIN: f64 = 0.8;
/// Lead of the best candidate from which it is settled without looking at other places.
const CLEAR: f64 = 1.2;
/// Candidates this close to each other are one place to a reader, in kilometres.
const SAME_KM: f64 = 12.0;
/// Population that stands for that of a division.
const UNKNOWN_DIVISION: f64 = 1_000_000.0;
/// Population that stands for an unknown one.
const UNKNOWN: f64 = 8_000.0;

/// How well a candidate fits, in powers of ten of population.
pub(super) fn score(scene: &Scene<'_>, spot: &Spot, candidate: Candidate) -> f64 {
    let gazetteer = scene.gazetteer;
    let kind = gazetteer.kind(candidate.place);
    let population = gazetteer.population(candidate.place);
    let size = match (kind, population) {
        (PlaceKind::Admin1, 0) => UNKNOWN_DIVISION,
        (_, 0) => UNKNOWN,
        (_, known) => f64::from(known),
    };
    let country = scene
        .country_of(candidate.place)
        .map_or(0.0, |code| scene.countries.nearness(code, gazetteer));
    let mut score = COUNTRY * (country * WHOLE).min(1.0) + size.log10().min(7.0);
    if gazetteer.is_capital(candidate.place) {
        score += CAPITAL;
    }
    if candidate.main {
        score += MAIN;
    }
    score += match kind {
        PlaceKind::Country => NATION,
        // The town, unless an article says that it is the land around it.
        PlaceKind::Admin1 if has_own_town(scene, spot, candidate) => {
            let town = if spot.lead.article { 1.0 } else { -1.0 };
            town + UNKNOWN.log10() - size.log10()
        }
        PlaceKind::Admin1 | PlaceKind::Admin2 if spot.lead.town => -1.0,
        PlaceKind::Quarter => -1.0,
        PlaceKind::Facility if spot.lead.designator.is_none() => -0.5,
        _ => 0.0,
    };
    score
}

/// Whether a town of the division's own name is among the candidates too.
fn has_own_town(scene: &Scene<'_>, spot: &Spot, division: Candidate) -> bool {
    spot.candidates.iter().any(|other| {
        other.place != division.place
            && scene.gazetteer.admin1_of(other.place) == Some(division.place)
    })
}

/// Settles the names that can mean one place only.
pub(super) fn settle_single(scene: &mut Scene<'_>) {
    let mut spots = std::mem::take(&mut scene.spots);
    for spot in spots.iter_mut().filter(|spot| spot.choice.is_none()) {
        let Some(first) = spot.candidates.first() else {
            continue;
        };
        let centre = scene.gazetteer.point(first.place);
        let together = spot
            .candidates
            .iter()
            .all(|c| scene.gazetteer.point(c.place).distance_km(centre) < SAME_KM);
        if together {
            let best = spot
                .candidates
                .iter()
                .copied()
                .max_by(|a, b| score(scene, spot, *a).total_cmp(&score(scene, spot, *b)));
            let confidence = plausibility(scene, spot, *first);
            if let Some(best) = best {
                spot.settle(best.place, "resolve:single", 0.95 * confidence);
            }
        }
    }
    scene.spots = spots;
}

/// Settles the names whose best candidate is well ahead of the next.
pub(super) fn settle_clear(scene: &mut Scene<'_>) {
    let mut spots = std::mem::take(&mut scene.spots);
    for spot in spots.iter_mut().filter(|spot| spot.choice.is_none()) {
        if let Some((best, lead)) = best_by(scene, spot, |candidate| score(scene, spot, candidate))
            && lead >= CLEAR
        {
            let rule = rule(scene, spot, best);
            let confidence = (0.75 + 0.1 * lead).min(0.95) * plausibility(scene, spot, best);
            spot.settle(best.place, rule, confidence);
        }
    }
    scene.spots = spots;
}

/// The best candidate, and how far it is ahead of the next that is another place.
pub(super) fn best_by(
    scene: &Scene<'_>,
    spot: &Spot,
    score: impl Fn(Candidate) -> f64,
) -> Option<(Candidate, f64)> {
    let scored: Vec<_> = spot.candidates.iter().map(|c| (*c, score(*c))).collect();
    let best = *scored.iter().reduce(|a, b| if b.1 > a.1 { b } else { a })?;
    let point = scene.gazetteer.point(best.0.place);
    let next = scored
        .iter()
        .filter(|(other, _)| {
            scene.gazetteer.point(other.place).distance_km(point) >= SAME_KM
                && scene.gazetteer.admin1_of(other.place) != Some(best.0.place)
                && scene.gazetteer.admin1_of(best.0.place) != Some(other.place)
        })
        .map(|(_, score)| *score)
        .fold(f64::NEG_INFINITY, f64::max);
    Some((best.0, best.1 - next))
}

/// Whether the country or the population decided.
fn rule(scene: &Scene<'_>, spot: &Spot, best: Candidate) -> &'static str {
    let most = spot
        .candidates
        .iter()
        .map(|c| scene.gazetteer.population(c.place))
        .max();
    if most == Some(scene.gazetteer.population(best.place)) {
        "resolve:population"
    } else {
        "resolve:country"
    }
}

/// How plausible it is at all that the text speaks of this place: not a small town in a country without any
/// other evidence.
pub(super) fn plausibility(scene: &Scene<'_>, spot: &Spot, candidate: Candidate) -> f64 {
    let known = scene
        .country_of(candidate.place)
        .is_none_or(|code| scene.countries.nearness(code, scene.gazetteer) > 0.03);
    let settlement = scene.gazetteer.kind(candidate.place).is_point();
    let population = scene.gazetteer.population(candidate.place);
    let mut plausible: f64 = match (known, settlement, population) {
        (true, _, _) | (_, false, _) => 1.0,
        (_, _, 500_000..) => 0.9,
        (_, _, 100_000..) => 0.65,
        (_, _, 20_000..) => 0.4,
        _ => 0.35,
    };
    if spot.doubt >= Doubt::Bare && !spot.lead.is_cue() {
        plausible *= 0.9;
    }
    if spot.source == Source::Unknown {
        plausible *= 0.8;
    }
    plausible
}
