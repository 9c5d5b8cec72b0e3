//! The resolver's weights: a conditional logit over the candidates of each name, and a logistic regression of
//! whether the choice is right.

use super::newton::{Slope, climb};
use crate::evaluate::{CorpusArticle, Toponym, article};
use crate::linear::{dot, sigmoid};
use crate::pipeline::Extractor;
use crate::toponym::{ConfidenceFeature, ConfidenceVector, Explanation, RankFeature, RankVector};

/// A corpus and its name.
#[derive(Debug, Clone)]
pub struct Named {
    /// For people to read.
    pub name: String,
    /// Its articles.
    pub articles: Vec<CorpusArticle>,
}

/// Which articles of each corpus are learned from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Folds {
    /// All.
    All,
    /// All but every `of`th, beginning with number `without`.
    Without {
        /// Remainder of the numbers left out.
        without: usize,
        /// How many folds there are.
        of: usize,
    },
}

/// How often the articles are read anew with the weights of the round before: what a name's neighbours were
/// settled to depends on them.
const ROUNDS: usize = 3;

/// A name with several candidates, some of which are right.
struct Choice {
    candidates: Vec<RankVector>,
    right: Vec<bool>,
    weight: f64,
}

/// A choice that was made.
struct Outcome {
    grounds: ConfidenceVector,
    right: bool,
    weight: f64,
}

#[derive(Default)]
struct Lessons {
    choices: Vec<Choice>,
    outcomes: Vec<Outcome>,
}

impl Folds {
    /// Whether an article, by its number in its corpus, is learned from.
    pub const fn takes(self, number: usize) -> bool {
        match self {
            Self::All => true,
            Self::Without { without, of } => number % of != without,
        }
    }
}

/// Fits the ranker's weights, each corpus counting as much as any other.
pub fn ranker(mut extractor: Extractor, corpora: &[Named], folds: Folds) -> Extractor {
    let mut weights = extractor.weights().clone();
    weights.rank = plain();
    for _ in 0..ROUNDS {
        extractor = extractor.with_weights(weights.clone());
        let choices = lessons(&extractor, corpora, folds).choices;
        weights.rank = climb(|weights| likelihood(&choices, weights));
    }
    extractor.with_weights(weights)
}

/// Fits the weights of the confidence, the ranker's being what they are.
pub fn confidence(extractor: Extractor, corpora: &[Named], folds: Folds) -> Extractor {
    let outcomes = lessons(&extractor, corpora, folds).outcomes;
    let mut weights = extractor.weights().clone();
    weights.confidence = climb(|weights| sureness(&outcomes, weights));
    extractor.with_weights(weights)
}

/// Where learning starts: the most populous place in the countries of the text.
fn plain() -> RankVector {
    let mut weights = [0.0; RankFeature::COUNT];
    weights[RankFeature::Population as usize] = 1.0;
    weights[RankFeature::Country as usize] = 3.0;
    weights[RankFeature::Nation as usize] = 3.0;
    weights
}

fn lessons(extractor: &Extractor, corpora: &[Named], folds: Folds) -> Lessons {
    let mut all = Lessons::default();
    for corpus in corpora {
        let mut lessons = Lessons::default();
        let chosen = corpus
            .articles
            .iter()
            .enumerate()
            .filter(|(number, _)| folds.takes(*number));
        for (_, gold) in chosen {
            let Some(article) = article(extractor, gold) else {
                continue;
            };
            for found in extractor.explain(&article, &[]) {
                let (span, _) = found.mention.toponym();
                if let Some(toponym) = gold.toponyms.iter().find(|t| t.span.overlaps(span)) {
                    lessons.learn(extractor, &found, toponym);
                }
            }
        }
        // Each corpus weighs as much as any other, however long it is.
        let share = |count: usize| 1.0 / count.max(1) as f64;
        let (choices, outcomes) = (share(lessons.choices.len()), share(lessons.outcomes.len()));
        lessons
            .choices
            .iter_mut()
            .for_each(|choice| choice.weight = choices);
        lessons
            .outcomes
            .iter_mut()
            .for_each(|outcome| outcome.weight = outcomes);
        all.choices.append(&mut lessons.choices);
        all.outcomes.append(&mut lessons.outcomes);
    }
    all
}

impl Lessons {
    fn learn(&mut self, extractor: &Extractor, found: &Explanation, toponym: &Toponym) {
        let near =
            |point: crate::domain::Point| point.distance_km(toponym.point) <= toponym.limit_km;
        let right: Vec<bool> = found
            .ranked
            .iter()
            .map(|ranked| near(extractor.gazetteer.point(ranked.place)))
            .collect();
        if right.iter().any(|right| *right) && right.iter().any(|right| !right) {
            self.choices.push(Choice {
                candidates: found.ranked.iter().map(|ranked| ranked.features).collect(),
                right,
                weight: 1.0,
            });
        }
        let judged = found.grounds[ConfidenceFeature::Bias as usize] > 0.0;
        if let Some(place) = found.mention.toponym().1.filter(|_| judged) {
            self.outcomes.push(Outcome {
                grounds: found.grounds,
                right: near(place.point),
                weight: 1.0,
            });
        }
    }
}

/// The log likelihood of the right candidates together, against all.
fn likelihood(choices: &[Choice], weights: &RankVector) -> Slope<{ RankFeature::COUNT }> {
    const N: usize = RankFeature::COUNT;
    let mut slope = Slope::flat();
    for choice in choices {
        let vectors = &choice.candidates;
        let scores: Vec<f64> = vectors.iter().map(|v| dot(v, weights)).collect();
        let highest = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let odds: Vec<f64> = scores.iter().map(|score| (score - highest).exp()).collect();
        let all: f64 = odds.iter().sum();
        let right: f64 = odds
            .iter()
            .zip(&choice.right)
            .filter(|(_, right)| **right)
            .map(|(o, _)| o)
            .sum();
        let mut mean = [0.0; N];
        for ((vector, odds), is_right) in vectors.iter().zip(&odds).zip(&choice.right) {
            let share = odds / all;
            let of_right = if *is_right {
                odds / right.max(f64::MIN_POSITIVE)
            } else {
                0.0
            };
            for at in 0..N {
                slope.gradient[at] += choice.weight * (of_right - share) * vector[at];
                mean[at] += share * vector[at];
            }
        }
        for (vector, odds) in vectors.iter().zip(&odds) {
            let share = choice.weight * odds / all;
            for row in 0..N {
                let by = share * (vector[row] - mean[row]);
                for column in 0..N {
                    slope.curvature[row][column] += by * (vector[column] - mean[column]);
                }
            }
        }
    }
    slope
}

/// The log likelihood of the outcomes, by the log odds that their grounds give.
fn sureness(
    outcomes: &[Outcome],
    weights: &ConfidenceVector,
) -> Slope<{ ConfidenceFeature::COUNT }> {
    const N: usize = ConfidenceFeature::COUNT;
    let mut slope = Slope::flat();
    for outcome in outcomes {
        let grounds = &outcome.grounds;
        let likely = sigmoid(dot(grounds, weights));
        let off = f64::from(u8::from(outcome.right)) - likely;
        for row in 0..N {
            slope.gradient[row] += outcome.weight * off * grounds[row];
            for column in 0..N {
                slope.curvature[row][column] +=
                    outcome.weight * likely * (1.0 - likely) * grounds[row] * grounds[column];
            }
        }
    }
    slope
}
