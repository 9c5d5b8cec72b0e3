use std::collections::{BTreeSet, HashMap};

use super::gates;
use super::scene::Scene;
use super::spot::{Doubt, Source, Spot};
use crate::domain::PlaceKind;
use crate::gazetteer::{Gazetteer, PlaceRef};
use crate::language::CountryCode;

/// How much a text speaks of each country.
#[derive(Debug, Clone, Default)]
pub struct Countries {
    weights: HashMap<CountryCode, f64>,
    total: f64,
}

/// Share from which small towns may add to a country.
const CORROBORATED: f64 = 0.02;
/// Share of a country's weight that its neighbours inherit.
const NEIGHBOUR: f64 = 0.04;

impl Countries {
    /// Counts what the spots say: countries' names, nationalities, and names that can mean one country only.
    pub(super) fn count(scene: &Scene<'_>) -> Self {
        let mut countries = Self::default();
        // Each further use of a name says less than the first, or one name would drown all others.
        let mut seen: HashMap<(CountryCode, &str), u32> = HashMap::new();
        let mut weak = Vec::new();
        for spot in scene
            .spots
            .iter()
            .filter(|spot| spot.doubt != Doubt::Strong)
        {
            let Some((code, weight)) = evidence(scene, spot) else {
                continue;
            };
            let uses = seen
                .entry((code, scene.text.fold(spot.name.start)))
                .or_default();
            *uses += 1;
            let weight = weight / f64::from(*uses).sqrt();
            if speaks_for_itself(scene, spot) {
                countries.add(code, weight);
            } else {
                weak.push((code, weight));
            }
        }
        // A small town supports its country only if something else speaks of that, or it would prove itself.
        let alone = countries.total == 0.0;
        let strong = countries.clone();
        for (code, weight) in weak {
            if alone || strong.nearness(code, scene.gazetteer) >= CORROBORATED {
                countries.add(code, weight);
            }
        }
        countries
    }

    pub(super) fn add(&mut self, code: CountryCode, weight: f64) {
        *self.weights.entry(code).or_default() += weight;
        self.total += weight;
    }

    /// 0 to 1: a country's share of what the text says about countries.
    pub fn share(&self, code: CountryCode) -> f64 {
        if self.total > 0.0 {
            self.weights.get(&code).copied().unwrap_or(0.0) / self.total
        } else {
            0.0
        }
    }

    /// Like [`Self::share`], with a little for the neighbours of the countries spoken of.
    pub fn nearness(&self, code: CountryCode, gazetteer: &Gazetteer) -> f64 {
        let around: f64 = gazetteer
            .neighbours(code.as_str())
            .iter()
            .filter_map(|neighbour| CountryCode::new(neighbour))
            .map(|neighbour| self.share(neighbour))
            .sum();
        self.share(code) + NEIGHBOUR * around
    }

    /// The countries whose nearness is at least `least`, the nearest first.
    pub fn near(&self, least: f64, gazetteer: &Gazetteer) -> Vec<(CountryCode, f64)> {
        let mut codes: BTreeSet<CountryCode> = self.weights.keys().copied().collect();
        for code in self.weights.keys() {
            let around = gazetteer.neighbours(code.as_str()).iter();
            codes.extend(around.filter_map(|code| CountryCode::new(code)));
        }
        let mut near: Vec<_> = codes
            .into_iter()
            .map(|code| (code, self.nearness(code, gazetteer)))
            .filter(|(_, nearness)| *nearness >= least)
            .collect();
        near.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        near
    }

    /// The countries spoken of, the most first.
    pub fn ranking(&self) -> Vec<(CountryCode, f64)> {
        let mut ranking: Vec<_> = self
            .weights
            .keys()
            .map(|code| (*code, self.share(*code)))
            .collect();
        ranking.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        ranking
    }
}

/// Whether a spot is evidence of a country without any other: all but small towns.
fn speaks_for_itself(scene: &Scene<'_>, spot: &Spot) -> bool {
    spot.source != Source::Gazetteer
        || spot.candidates.iter().any(|candidate| {
            !scene.gazetteer.kind(candidate.place).is_point()
                || scene.gazetteer.is_capital(candidate.place)
                || scene.gazetteer.population(candidate.place) >= gates::FAMOUS
        })
}

/// The country that a spot speaks for, and how strongly.
fn evidence(scene: &Scene<'_>, spot: &Spot) -> Option<(CountryCode, f64)> {
    match &spot.source {
        Source::Country(code) => Some((*code, 1.0)),
        Source::Demonym(codes) => (codes.len() == 1).then(|| (codes[0], 0.7)),
        Source::Seat(code) => Some((*code, 0.4)),
        Source::Unknown => None,
        Source::Gazetteer => {
            let first = spot.candidates.first()?.place;
            if let Some(choice) = &spot.choice {
                return Some((scene.country_of(choice.place)?, 0.8));
            }
            if let Some(country) = spot
                .candidates
                .iter()
                .find(|c| scene.gazetteer.kind(c.place) == PlaceKind::Country)
            {
                return Some((scene.country_of(country.place)?, 1.0));
            }
            let code = scene.country_of(first)?;
            let alone = spot
                .candidates
                .iter()
                .all(|candidate| scene.country_of(candidate.place) == Some(code));
            if !alone {
                return dominant(scene, spot, first).map(|code| (code, 0.5));
            }
            // A capital is named for its government as often as for itself.
            let weight = if scene.gazetteer.is_capital(first) {
                0.5
            } else {
                0.8
            };
            Some((
                code,
                if spot.doubt == Doubt::Bare {
                    weight * 0.5
                } else {
                    weight
                },
            ))
        }
    }
}

/// The country of a name whose first candidate is a big town and all others small ones.
fn dominant(scene: &Scene<'_>, spot: &Spot, first: PlaceRef) -> Option<CountryCode> {
    let code = scene.country_of(first)?;
    let population = scene.gazetteer.population(first);
    let rival = spot
        .candidates
        .iter()
        .filter(|candidate| scene.country_of(candidate.place) != Some(code))
        .map(|candidate| scene.gazetteer.population(candidate.place))
        .max()
        .unwrap_or(0);
    (population >= 200_000 && population / 10 >= rival).then_some(code)
}
