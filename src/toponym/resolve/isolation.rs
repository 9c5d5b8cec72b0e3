//! A small town far from all else in the text is most likely another one of its name.

use crate::domain::Point;
use crate::toponym::scene::Scene;
use crate::toponym::spot::Spot;

/// Inhabitants from which a town may be named without a neighbour.
const KNOWN: u32 = 30_000;
/// Distance to the nearest other place of the text from which a small town is isolated, in kilometres.
const FAR_KM: f64 = 130.0;
/// Places looked at: enough for an article, and no more for a book.
const MOST: usize = 200;
/// How many other places a text must have to judge by.
const COMPANY: usize = 3;
/// Share of a country that the text is about.
const SPOKEN_OF: f64 = 0.1;
/// What is left of the confidence.
const PENALTY: f64 = 0.4;

/// Lowers the confidence of isolated towns.
pub(super) fn doubt(scene: &mut Scene<'_>) {
    let mut spots = std::mem::take(&mut scene.spots);
    let mut settled: Vec<(usize, Point)> = Vec::new();
    for (index, spot) in spots.iter().enumerate() {
        if let Some(choice) = spot.choice
            && scene.gazetteer.kind(choice.place).is_point()
        {
            let point = scene.gazetteer.point(choice.place);
            if settled.iter().all(|(_, known)| *known != point) && settled.len() < MOST {
                settled.push((index, point));
            }
        }
    }
    if settled.len() > COMPANY {
        for spot in &mut spots {
            if is_isolated(scene, spot, &settled)
                && let Some(choice) = &mut spot.choice
            {
                choice.confidence *= PENALTY;
                choice.rule = "resolve:isolated";
            }
        }
    }
    scene.spots = spots;
}

fn is_isolated(scene: &Scene<'_>, spot: &Spot, settled: &[(usize, Point)]) -> bool {
    let Some(choice) = spot.choice else {
        return false;
    };
    let small = scene.gazetteer.kind(choice.place).is_point()
        && scene.gazetteer.population(choice.place) < KNOWN
        && choice.rule != "resolve:containment";
    // The only place of its name in a country that the text is about needs no neighbour.
    let country = scene.country_of(choice.place);
    let mut namesakes = spot.candidates.iter().filter(|candidate| {
        scene.country_of(candidate.place) == country
            && scene.gazetteer.kind(candidate.place).is_point()
    });
    let only = namesakes.next().is_some_and(|first| first.main)
        && namesakes.next().is_none()
        && country.is_some_and(|code| scene.countries.share(code) >= SPOKEN_OF);
    let point = scene.gazetteer.point(choice.place);
    small
        && !only
        && settled
            .iter()
            .filter(|(_, other)| *other != point)
            .all(|(_, other)| other.distance_km(point) > FAR_KM)
}
