use rustc_hash::FxHashMap;

use super::gates;
use super::scene::Scene;
use super::spot::{Doubt, Source, Spot};
use crate::domain::PlaceKind;
use crate::gazetteer::{Gazetteer, PlaceRef};
use crate::language::CountryCode;

/// How much a text speaks of each country.
#[derive(Debug, Clone, Default)]
pub struct Countries {
    /// In the order in which they are first spoken of.
    weights: Vec<(CountryCode, f64)>,
    total: f64,
    /// By a code's number: its nearness, once all is counted. Asked for each candidate, so it is a table.
    nearness: Vec<f64>,
}

/// Share from which small towns may add to a country.
const CORROBORATED: f64 = 0.02;
/// Share of a country's weight that its neighbours inherit.
const NEIGHBOUR: f64 = 0.04;
/// Nearness of a country that counts as all of a text.
const WHOLE: f64 = 0.625;
/// One more than the greatest number of a code of two letters.
const CODES: usize = 26 * 26;

impl Countries {
    /// Counts what the spots say: countries' names, nationalities, and names that can mean one country only.
    pub(super) fn count(scene: &Scene<'_>) -> Self {
        let mut countries = Self::default();
        // Each further use of a name says less than the first, or one name would drown all others.
        let mut seen: FxHashMap<(CountryCode, &str), u32> = FxHashMap::default();
        let mut weak = Vec::new();
        for spot in scene
            .spots
            .iter()
            .filter(|spot| spot.doubt != Doubt::Strong && !scene.is_byword(&spot.name))
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
        if !alone {
            countries.spread(scene.gazetteer);
            weak.retain(|(code, _)| countries.nearness(*code) >= CORROBORATED);
        }
        for (code, weight) in weak {
            countries.add(code, weight);
        }
        countries.spread(scene.gazetteer);
        countries
    }

    fn add(&mut self, code: CountryCode, weight: f64) {
        match self.weights.iter_mut().find(|(known, _)| *known == code) {
            Some((_, sum)) => *sum += weight,
            None => self.weights.push((code, weight)),
        }
        self.total += weight;
    }

    /// Fills the table of nearness.
    fn spread(&mut self, gazetteer: &Gazetteer) {
        self.nearness.clear();
        if self.total == 0.0 {
            return;
        }
        self.nearness.resize(CODES, 0.0);
        for (code, weight) in &self.weights {
            let share = weight / self.total;
            self.nearness[number(*code)] += share;
            for neighbour in gazetteer.neighbours(code.as_str()) {
                if let Some(neighbour) = CountryCode::new(neighbour) {
                    self.nearness[number(neighbour)] += NEIGHBOUR * share;
                }
            }
        }
    }

    /// 0 to 1: a country's share of what the text says about countries.
    pub fn share(&self, code: CountryCode) -> f64 {
        let known = self.weights.iter().find(|(known, _)| *known == code);
        known.map_or(0.0, |(_, weight)| weight / self.total)
    }

    /// Like [`Self::share`], with a little for the neighbours of the countries spoken of.
    pub fn nearness(&self, code: CountryCode) -> f64 {
        self.nearness.get(number(code)).copied().unwrap_or(0.0)
    }

    /// How much the text speaks of a country, 0 to 1: a country with five eighths of what is said counts as all.
    pub(super) fn presence(&self, code: CountryCode) -> f64 {
        (self.nearness(code) / WHOLE).min(1.0)
    }

    /// The countries whose nearness is at least `least`, the nearest first.
    pub fn near(&self, least: f64) -> Vec<(CountryCode, f64)> {
        let all = self.nearness.iter().copied().enumerate();
        let mut near: Vec<_> = all
            .filter(|(_, nearness)| *nearness >= least && *nearness > 0.0)
            .filter_map(|(number, nearness)| {
                let letters = [b'A' + (number / 26) as u8, b'A' + (number % 26) as u8];
                let code = CountryCode::new(std::str::from_utf8(&letters).ok()?)?;
                Some((code, nearness))
            })
            .collect();
        near.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        near
    }

    /// The country spoken of most.
    pub fn top(&self) -> Option<CountryCode> {
        let most = self
            .weights
            .iter()
            .reduce(|a, b| if b.1 > a.1 { b } else { a });
        most.map(|(code, _)| *code)
    }

    /// The countries spoken of, the most first.
    pub fn ranking(&self) -> Vec<(CountryCode, f64)> {
        let share = |(code, weight): &(CountryCode, f64)| (*code, weight / self.total);
        let mut ranking: Vec<_> = self.weights.iter().map(share).collect();
        ranking.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        ranking
    }
}

/// How often a text names each country or its people, in each sentence and in all.
#[derive(Debug, Clone, Default)]
pub(super) struct Named {
    in_sentence: FxHashMap<(CountryCode, usize), u32>,
    in_all: FxHashMap<CountryCode, u32>,
}

impl Named {
    pub(super) fn find(scene: &Scene<'_>) -> Self {
        let mut named = Self::default();
        for spot in scene
            .spots
            .iter()
            .filter(|spot| spot.doubt != Doubt::Strong)
        {
            if let Some(code) = names_country(scene, spot) {
                named.add(code, spot.sentence);
            }
        }
        named
    }

    pub(super) fn add(&mut self, code: CountryCode, sentence: usize) {
        *self.in_sentence.entry((code, sentence)).or_default() += 1;
        *self.in_all.entry(code).or_default() += 1;
    }

    /// Takes out one name of a country in a sentence, which must have been added.
    pub(super) fn remove(&mut self, code: CountryCode, sentence: usize) {
        let counts = [
            self.in_sentence.get_mut(&(code, sentence)),
            self.in_all.get_mut(&code),
        ];
        for count in counts.into_iter().flatten() {
            *count = count.saturating_sub(1);
        }
    }

    /// Whether a country is named at all, and how near to a sentence: 1 in it, a half in the one before.
    pub(super) fn of(&self, code: CountryCode, sentence: usize) -> (bool, f64) {
        let is_in = |sentence| {
            self.in_sentence
                .get(&(code, sentence))
                .is_some_and(|n| *n > 0)
        };
        let nearness = if is_in(sentence) {
            1.0
        } else if sentence.checked_sub(1).is_some_and(is_in) {
            0.5
        } else {
            0.0
        };
        let named = self.in_all.get(&code).is_some_and(|count| *count > 0);
        (named, nearness)
    }
}

/// The country that a spot names, by its own name or its people's.
pub(super) fn names_country(scene: &Scene<'_>, spot: &Spot) -> Option<CountryCode> {
    match &spot.source {
        Source::Country(code) | Source::Seat(code) => Some(*code),
        Source::Demonym(codes) => codes.first().copied().filter(|_| codes.len() == 1),
        // What is not settled yet would speak for itself.
        Source::Gazetteer | Source::Unknown => spot
            .choice
            .filter(|choice| scene.gazetteer.kind(choice.place) == PlaceKind::Country)
            .and_then(|choice| scene.country_of(choice.place)),
    }
}

/// A code's place in a table of all.
fn number(code: CountryCode) -> usize {
    let [first, second] = code.letters().map(|letter| usize::from(letter - b'A'));
    first * 26 + second
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
