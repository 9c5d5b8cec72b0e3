//! What is left lies near the places already settled: wars are fought in one region.

use super::rank;
use crate::domain::Point;
use crate::toponym::scene::Scene;
use crate::toponym::spot::Spot;

/// Distance at which closeness has lost most of its worth, in kilometres.
const FADE_KM: f64 = 120.0;
/// What the closest possible place is worth, in powers of ten of population.
const WORTH: f64 = 2.5;
/// How many settled places before and behind a name are looked at.
const NEIGHBOURS: usize = 6;
/// How many spots they are looked for among.
const WINDOW: usize = 60;

/// Settles all names that still have candidates.
pub(super) fn settle(scene: &mut Scene<'_>) {
    let mut spots = std::mem::take(&mut scene.spots);
    for index in 0..spots.len() {
        if spots[index].choice.is_some() || spots[index].candidates.is_empty() {
            continue;
        }
        let around = settled_around(scene, &spots, index);
        let spot = &spots[index];
        let best = rank::best_by(scene, spot, |candidate| {
            let point = scene.gazetteer.point(candidate.place);
            let nearest = around
                .iter()
                .map(|p| p.distance_km(point))
                .fold(f64::INFINITY, f64::min);
            rank::score(scene, spot, candidate) + WORTH * (-nearest / FADE_KM).exp()
        });
        if let Some((best, lead)) = best {
            let confidence = (0.55 + 0.25 * lead).min(0.92) * rank::plausibility(scene, spot, best);
            spots[index].settle(best.place, "resolve:closeness", confidence);
        }
    }
    scene.spots = spots;
}

/// The points of the settled towns and facilities around a spot.
fn settled_around(scene: &Scene<'_>, spots: &[Spot], index: usize) -> Vec<Point> {
    let point = |spot: &Spot| {
        let place = spot.choice?.place;
        scene
            .gazetteer
            .kind(place)
            .is_point()
            .then(|| scene.gazetteer.point(place))
    };
    let before = spots[..index]
        .iter()
        .rev()
        .take(WINDOW)
        .filter_map(point)
        .take(NEIGHBOURS);
    let behind = spots[index + 1..]
        .iter()
        .take(WINDOW)
        .filter_map(point)
        .take(NEIGHBOURS);
    before.chain(behind).collect()
}
