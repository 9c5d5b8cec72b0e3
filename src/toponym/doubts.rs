//! Drops the doubtful names that nothing in the rest of the text supports.

use rustc_hash::FxHashSet;

use super::gates;
use super::scene::Scene;
use super::spelling::{self, Ground};
use super::spot::{Doubt, Source, Spot};

/// Share of a country in the text from which it supports a name that nothing else speaks for.
const SUPPORT: f64 = 0.015;

/// Inhabitants from which a city is named without a word on where it lies.
const WORLD_CITY: u32 = 500_000;

/// Share from which another spelling is believed.
const RESPELT: f64 = 0.15;

/// Keeps the names that are beyond doubt, those that the text uses elsewhere beyond doubt, and those that lie
/// in a country that it speaks of. Tells whether that changes what the text says about countries.
pub(super) fn drop_unsupported(scene: &mut Scene<'_>) -> bool {
    let mut changed = false;
    let mut spots = std::mem::take(&mut scene.spots);
    // "Kyiv's" is Kyiv.
    let key = |spot: &Spot| {
        let first = spot.name.start;
        let word = scene
            .possessor(first)
            .unwrap_or_else(|| scene.text.fold(first));
        (word, spot.name.len())
    };
    let sure: FxHashSet<_> = spots
        .iter()
        .filter(|spot| spot.source == Source::Gazetteer && spot.doubt == Doubt::None)
        .map(key)
        .collect();
    spots.retain_mut(|spot| {
        changed |= seat_or_town(scene, spot) | respell(scene, spot);
        if spot.doubt == Doubt::None {
            return true;
        }
        let supported = sure.contains(&key(spot))
            || scene.is_byword(&spot.name)
            || spot.doubt == Doubt::Bare && is_supported(scene, spot);
        // What is in strong doubt counts for no country, and goes without a trace.
        changed |= supported == (spot.doubt == Doubt::Strong);
        if supported {
            spot.doubt = spot.doubt.min(Doubt::Bare);
        }
        supported
    });
    scene.spots = spots;
    changed
}

/// "Douma" is the town in a text about Syria, and the parliament in one about Russia.
fn seat_or_town(scene: &Scene<'_>, spot: &mut Spot) -> bool {
    let Source::Seat(code) = spot.source else {
        return false;
    };
    let nearness = |place| {
        let country = scene.country_of(place);
        country.map_or(0.0, |code| scene.countries.nearness(code))
    };
    let town = spot
        .candidates
        .iter()
        .map(|candidate| nearness(candidate.place));
    let is_town = town.fold(0.0, f64::max) > scene.countries.nearness(code);
    if is_town {
        spot.source = Source::Gazetteer;
        spot.doubt = Doubt::Bare;
    }
    is_town
}

/// A name that lies in none of the text's countries as it is spelt may lie there by another spelling.
fn respell(scene: &Scene<'_>, spot: &mut Spot) -> bool {
    let likely = spot.doubt != Doubt::Strong && spot.source == Source::Gazetteer;
    if !likely || is_at_home(scene, spot) {
        return false;
    }
    let words: Vec<_> = spot
        .name
        .clone()
        .map(|token| scene.text.fold(token))
        .collect();
    let found = spelling::candidates(scene, &words.join(" "), RESPELT, Ground::Capital);
    let is_respelt = !found.is_empty();
    if is_respelt {
        spot.candidates = found;
    }
    is_respelt
}

/// Whether a name is well known, or a main name in a country that the text is much about.
fn is_at_home(scene: &Scene<'_>, spot: &Spot) -> bool {
    spot.candidates.iter().any(|candidate| {
        let share = scene
            .country_of(candidate.place)
            .map_or(1.0, |code| scene.countries.nearness(code));
        !scene.gazetteer.kind(candidate.place).is_point()
            || scene.gazetteer.population(candidate.place) >= gates::FAMOUS
            || share >= RESPELT
            || candidate.main && share >= SUPPORT
    })
}

fn is_supported(scene: &Scene<'_>, spot: &Spot) -> bool {
    spot.candidates.iter().any(|candidate| {
        let spoken_of = scene
            .country_of(candidate.place)
            .is_none_or(|code| scene.countries.nearness(code) >= SUPPORT);
        spoken_of
            || !scene.gazetteer.kind(candidate.place).is_point()
            || scene.gazetteer.is_capital(candidate.place)
            || scene.gazetteer.population(candidate.place) >= WORLD_CITY
    })
}
