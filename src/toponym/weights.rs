//! The weights of the two small models: which candidate a name means, and how sure that is. They are data,
//! made by `sitmap train resolver` and readable as they are.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Deserialize;

use crate::linear::{WeightsError, features, fill};

/// What errors call the file.
const FILE: &str = "weights of the resolver";
const BUNDLED: &str = include_str!("../../data/gazetteer/resolver.toml");

features! {
    /// What speaks for or against a candidate.
    RankFeature {
        /// How much the text speaks of its country, and a little of its neighbours: 0 to 1.
        Country = "country",
        /// It lies in the country that the text speaks of most.
        TopCountry = "top_country",
        /// The text names its country, or its people.
        CountryNamed = "country_named",
        /// Its country is named in the same sentence (1) or the one before (a half).
        CountryInSentence = "country_in_sentence",
        /// How much of what is settled lies in its first-order division: 0 to 1.
        Division = "division",
        /// Distance of a town to the nearest settled one before or behind, in doublings of 10 km, negative; for all
        /// else as if 70 km away.
        Near = "near",
        /// Powers of ten of its population, 0 where that is unknown.
        Population = "population",
        /// Its population is unknown.
        UnknownPopulation = "unknown_population",
        /// The most populous of the candidates.
        Biggest = "biggest",
        /// A country.
        Nation = "nation",
        /// The capital of a country.
        Capital = "capital",
        /// A first-order division.
        Division1 = "division1",
        /// A first-order division whose own town is a candidate too.
        DivisionOfTown = "division_of_town",
        /// A first-order division behind an article.
        DivisionBehindArticle = "division_behind_article",
        /// A division or region behind a preposition that stands before towns.
        DivisionBehindTownPreposition = "division_behind_town_preposition",
        /// A second-order division.
        Division2 = "division2",
        /// A quarter.
        Quarter = "quarter",
        /// A base, field, crossing or other work, without a word that says so.
        Facility = "facility",
        /// A town or work behind an article that is no part of the name.
        PointBehindArticle = "point_behind_article",
        /// The capital of a country that the text hardly speaks of.
        CapitalAbroad = "capital_abroad",
        /// Water, terrain, region, border, continent.
        Nature = "nature",
        /// The name is a main one of the place, not an alias.
        Main = "main",
        /// This is its name in the text's language (1), or it has another one there (−1).
        Exonym = "exonym",
        /// Its neighbour in a list is a place of the same rank.
        Peer = "peer",
    }
}

features! {
    /// What makes a choice more or less sure.
    ConfidenceFeature {
        /// Always 1.
        Bias = "bias",
        /// There is no other candidate.
        Single = "single",
        /// Else: log odds of the ranker's choice, within ±5.
        Odds = "odds",
        /// How much the text speaks of the country.
        Country = "country",
        /// The text speaks of the country at all.
        Known = "known",
        /// Powers of ten of a town's population, 0 where unknown.
        Population = "population",
        /// The same, if the text does not speak of the country.
        PopulationAbroad = "population_abroad",
        /// The capital of a country.
        Capital = "capital",
        /// No town: a country, division, region, water.
        Area = "area",
        /// A cue stands before the name.
        Cue = "cue",
        /// Doubt whether it is a place name at all, and no cue.
        Bare = "bare",
        /// The gazetteer spells it otherwise.
        Respelt = "respelt",
        /// The text says in what it lies.
        Contained = "contained",
        /// Nearness to the nearest other place of the text: 0.37 at 130 km.
        Company = "company",
        /// There is no other place to be near to.
        Alone = "alone",
        /// Logarithm of the number of places of the name.
        Namesakes = "namesakes",
    }
}

/// One number for each [`RankFeature`].
pub type RankVector = [f64; RankFeature::COUNT];
/// One number for each [`ConfidenceFeature`].
pub type ConfidenceVector = [f64; ConfidenceFeature::COUNT];

/// The weights of the ranker and of the confidence.
#[derive(Debug, Clone, PartialEq)]
pub struct Weights {
    /// What each feature of a candidate adds to its score (natural logarithm of odds).
    pub rank: RankVector,
    /// What each feature of a choice adds to the log odds of its being right.
    pub confidence: ConfidenceVector,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    rank: BTreeMap<String, f64>,
    confidence: BTreeMap<String, f64>,
}

impl Weights {
    /// The weights that come with the program.
    ///
    /// # Errors
    /// When they are damaged; a test reads them.
    pub fn bundled() -> Result<Self, WeightsError> {
        Self::parse(BUNDLED)
    }

    /// Reads the form of `data/gazetteer/resolver.toml`.
    ///
    /// # Errors
    /// When it is no TOML of that form, a weight is missing, unknown or no number.
    pub fn parse(text: &str) -> Result<Self, WeightsError> {
        let file: File = toml::from_str(text).map_err(|error| WeightsError::of(FILE, error))?;
        let mut weights = Self {
            rank: [0.0; RankFeature::COUNT],
            confidence: [0.0; ConfidenceFeature::COUNT],
        };
        let ranks = RankFeature::ALL.iter().map(|feature| feature.as_str());
        fill(&mut weights.rank, ranks, file.rank, FILE, "rank")?;
        let sure = ConfidenceFeature::ALL.iter().map(|f| f.as_str());
        fill(
            &mut weights.confidence,
            sure,
            file.confidence,
            FILE,
            "confidence",
        )?;
        Ok(weights)
    }

    /// As [`Self::parse`] reads it, each weight to three decimals.
    pub fn to_toml(&self) -> String {
        let mut text = String::from("[rank]\n");
        for (feature, weight) in RankFeature::ALL.iter().zip(self.rank) {
            let _ = writeln!(text, "{} = {weight:.3}", feature.as_str());
        }
        text.push_str("\n[confidence]\n");
        for (feature, weight) in ConfidenceFeature::ALL.iter().zip(self.confidence) {
            let _ = writeln!(text, "{} = {weight:.3}", feature.as_str());
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bundled_weights_are_as_they_are_written_again() {
        let weights = Weights::bundled().expect("they are complete");
        assert_eq!(Weights::parse(&weights.to_toml()), Ok(weights));
    }

    #[test]
    fn a_missing_weight_and_a_strange_one_are_named() {
        let text = Weights::bundled().expect("they are complete").to_toml();
        let missing = text.replace("peer = ", "pear = ");
        let error = Weights::parse(&missing)
            .expect_err("peer is missing")
            .to_string();
        assert!(error.contains("rank.peer"), "{error}");
        let strange = text.replace("[confidence]", "[confidence]\nluck = 1.0");
        let error = Weights::parse(&strange)
            .expect_err("luck is no feature")
            .to_string();
        assert!(error.contains("confidence.luck"), "{error}");
    }
}
