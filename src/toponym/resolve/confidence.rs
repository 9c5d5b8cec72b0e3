//! How sure a choice is: the log odds of its being right, from a few grounds with learned weights. A small
//! town in a country that the text does not speak of, far from all else in it, is most likely another one of
//! its name.

use crate::domain::Point;
use crate::linear::{dot, sigmoid};
use crate::toponym::scene::Scene;
use crate::toponym::spot::{Doubt, Source, Spot};
use crate::toponym::weights::{ConfidenceFeature, ConfidenceVector};

/// Distance at which company has fallen to 0.37, in kilometres.
const FAR_KM: f64 = 130.0;
/// Places looked at: enough for an article, and no more for a book.
const MOST: usize = 200;
/// Log odds beyond which a choice is as sure as can be.
const SURE: f64 = 5.0;
/// Nearness from which the text speaks of a country at all.
const KNOWN: f64 = 0.03;
/// Namesakes beyond which more say no more.
const MANY: usize = 50;

/// Gives every choice its confidence.
pub(super) fn judge(scene: &mut Scene<'_>) {
    let mut spots = std::mem::take(&mut scene.spots);
    let settled = towns(scene, &spots);
    for spot in &mut spots {
        // Countries by name and nationalities are as sure as their lists.
        if matches!(
            spot.source,
            Source::Country(_) | Source::Demonym(_) | Source::Seat(_)
        ) {
            continue;
        }
        let Some(grounds) = grounds(scene, spot, &settled) else {
            continue;
        };
        let odds = dot(&grounds, &scene.weights.confidence);
        if let Some(choice) = &mut spot.choice {
            choice.confidence = sigmoid(odds);
        }
        if scene.explains {
            spot.trace.get_or_insert_default().grounds = grounds;
        }
    }
    scene.spots = spots;
}

/// The points of the towns and facilities that the text's names were settled to, each once.
fn towns(scene: &Scene<'_>, spots: &[Spot]) -> Vec<Point> {
    let mut settled: Vec<Point> = Vec::new();
    for choice in spots.iter().filter_map(|spot| spot.choice) {
        if settled.len() == MOST {
            break;
        }
        let point = scene.gazetteer.point(choice.place);
        if scene.gazetteer.kind(choice.place).is_point() && !settled.contains(&point) {
            settled.push(point);
        }
    }
    settled
}

fn grounds(scene: &Scene<'_>, spot: &Spot, settled: &[Point]) -> Option<ConfidenceVector> {
    use ConfidenceFeature as F;
    let choice = spot.choice?;
    let (gazetteer, place) = (scene.gazetteer, choice.place);
    let mut grounds = [0.0; F::COUNT];
    let mut set = |ground: F, value: f64| grounds[ground as usize] = value;
    let is_point = gazetteer.kind(place).is_point();
    set(F::Bias, 1.0);
    let odds = (choice.confidence / (1.0 - choice.confidence)).ln();
    if odds > SURE {
        set(F::Single, 1.0);
    } else {
        set(F::Odds, odds.max(-SURE));
    }
    let country = scene.country_of(place);
    let nearness = country.map_or(0.0, |code| scene.countries.nearness(code));
    let presence = country.map_or(0.0, |code| scene.countries.presence(code));
    set(F::Country, presence);
    let mut flag = |ground: F, is: bool| set(ground, f64::from(u8::from(is)));
    flag(F::Known, country.is_none() || nearness > KNOWN);
    flag(F::Area, !is_point);
    flag(F::Cue, spot.lead.is_cue());
    flag(F::Bare, spot.doubt >= Doubt::Bare && !spot.lead.is_cue());
    flag(F::Respelt, spot.source == Source::Unknown);
    flag(F::Contained, choice.rule == "resolve:containment");
    if is_point {
        let population = gazetteer.population(place);
        let size = f64::from(population.max(1)).log10();
        let abroad = country.is_some() && nearness <= KNOWN;
        set(F::Population, size);
        set(F::PopulationAbroad, if abroad { size } else { 0.0 });
        set(F::Capital, f64::from(u8::from(gazetteer.is_capital(place))));
        let point = gazetteer.point(place);
        let others = settled.iter().filter(|other| **other != point);
        let km = others.map(|other| other.distance_km(point));
        match km.reduce(f64::min) {
            Some(km) => set(F::Company, (-km / FAR_KM).exp()),
            None => set(F::Alone, 1.0),
        }
    }
    let namesakes = spot.candidates.len().clamp(1, MANY);
    set(F::Namesakes, (namesakes as f64).ln());
    Some(grounds)
}
