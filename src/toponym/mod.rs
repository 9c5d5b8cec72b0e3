//! Place names: recognised, told from what they are not, and put in the right country.
//!
//! One text goes through a chain of small passes over its spots: recognition, the countries it speaks of,
//! doubts, names under other spellings, resolution, sense, places made from places. What settles a spot
//! leaves its name as the mention's rule.

mod compose;
mod container;
mod countries;
mod cues;
mod doubts;
mod gates;
mod given;
mod persons;
mod recognise;
mod resolve;
mod scene;
mod sense;
mod spelling;
mod spot;
#[cfg(test)]
mod tests;
mod unknown;
mod weights;

use std::ops::Range;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::domain::{Mention, Place, Sense, Span};
use crate::gazetteer::{Gazetteer, PlaceRef};
use crate::language::Language;
use crate::text::Text;

pub use countries::Countries;
use scene::Scene;
pub use spot::Ranked;
use spot::{Done, Doubt, Source, Spot};
pub use weights::{ConfidenceFeature, ConfidenceVector, RankFeature, RankVector, Weights};

/// The place names of a text, and the countries that it speaks of.
#[derive(Debug, Clone)]
pub struct Toponyms {
    /// In the order of the text; none overlap.
    pub mentions: Vec<Mention>,
    /// The tokens of each mention, in the same order: where event rules look for what stands beside it.
    pub tokens: Vec<Range<usize>>,
    /// How much the text speaks of each country.
    pub countries: Countries,
}

/// A mention and how it came about.
#[derive(Debug, Clone)]
pub struct Explanation {
    /// The mention; its place is the best candidate even where that is too unsure to be said.
    pub mention: Mention,
    /// Whether the place is sure enough to be said.
    pub said: bool,
    /// The passes that did something with it, in order.
    pub steps: Vec<Step>,
    /// The candidates as the ranker last saw them, the most probable first; empty for countries and nationalities of
    /// the language's lists.
    pub ranked: Vec<Ranked>,
    /// What the confidence was made from.
    pub grounds: ConfidenceVector,
}

impl Explanation {
    /// What each feature adds to a candidate's score (natural logarithm of odds) more than it does for the best, or
    /// for the next where it is the best itself: what all share tells nothing. The weightiest first.
    pub fn grounds(&self, candidate: usize, weights: &Weights) -> Vec<(RankFeature, f64)> {
        let other = self.ranked.get(usize::from(candidate == 0));
        let features = &self.ranked[candidate].features;
        let worth = |feature: RankFeature| {
            let at = feature as usize;
            let more = features[at] - other.map_or(0.0, |other| other.features[at]);
            (feature, more * weights.rank[at])
        };
        let all = RankFeature::ALL.iter().copied().map(worth);
        let mut grounds: Vec<_> = all.filter(|(_, worth)| worth.abs() >= NOTHING).collect();
        grounds.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()));
        grounds
    }
}

/// What a pass did with a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The pass.
    pub pass: &'static str,
    /// Candidates left behind it.
    pub candidates: usize,
    /// The words that it went by, where there are such.
    pub evidence: Option<Span>,
}

/// What place names are read with.
#[derive(Debug, Clone, Copy)]
pub struct Reader<'a> {
    /// The words of the text's language.
    pub language: &'a Language,
    /// Places and names.
    pub gazetteer: &'a Gazetteer,
    /// The weights of the learned passes.
    pub weights: &'a Weights,
}

/// What a feature must add to a candidate's score to be told.
const NOTHING: f64 = 0.05;
/// Confidence below which a place is not said: better no pin than a false one.
const DOUBTFUL: f64 = 0.4;
/// Confidence below which a name without a cue is most likely no place at all.
const NO_PLACE: f64 = 0.25;

impl<'a> Reader<'a> {
    /// Reads the place names of a text.
    pub fn read(&self, text: &'a Text<'a>) -> Toponyms {
        let mut scene = Scene::new(text, self);
        scene.run(&[]);
        scene.into_toponyms()
    }

    /// Reads the place names of a text, and says how each came about. Spans (in order) that are given are place
    /// names, whatever the gates say; the rest is found as ever.
    pub fn explain(&self, text: &'a Text<'a>, given: &[Span]) -> Vec<Explanation> {
        let mut scene = Scene::new(text, self);
        scene.explains = true;
        scene.run(given);
        scene.explanations()
    }
}

impl Scene<'_> {
    fn run(&mut self, given: &[Span]) {
        recognise::recognise(self);
        if !given.is_empty() {
            given::put(self, given);
        }
        self.countries = Countries::count(self);
        if doubts::drop_unsupported(self) {
            self.countries = Countries::count(self);
        }
        unknown::find(self);
        resolve::resolve(self);
        self.countries = Countries::count(self);
        compose::compose(self);
        container::settle(self);
        sense::tell(self);
    }

    fn explanations(self) -> Vec<Explanation> {
        let mut places = FxHashMap::default();
        let mut all = Vec::with_capacity(self.spots.len());
        for spot in &self.spots {
            let Some(mention) = self.mention(spot, &mut places) else {
                continue;
            };
            let mut trace = spot.trace.as_deref().cloned().unwrap_or_default();
            let by_probability = |a: &Ranked, b: &Ranked| b.probability.total_cmp(&a.probability);
            trace.ranked.sort_by(by_probability);
            let unsaid = spot.choice.filter(|_| mention.place.is_none());
            all.push(Explanation {
                said: mention.place.is_some(),
                mention: Mention {
                    place: mention
                        .place
                        .or_else(|| Some(Arc::new(self.gazetteer.place(unsaid?.place)))),
                    ..mention
                },
                steps: trace.steps.iter().map(|done| self.step(done)).collect(),
                ranked: trace.ranked,
                grounds: trace.grounds,
            });
        }
        all
    }
}

impl Scene<'_> {
    fn into_toponyms(self) -> Toponyms {
        let mut places = FxHashMap::default();
        let mut mentions = Vec::with_capacity(self.spots.len());
        let mut tokens = Vec::with_capacity(self.spots.len());
        for spot in &self.spots {
            if let Some(mention) = self.mention(spot, &mut places) {
                mentions.push(mention);
                tokens.push(spot.cover_from..spot.name.end);
            }
        }
        Toponyms {
            mentions,
            tokens,
            countries: self.countries,
        }
    }

    fn step(&self, done: &Done) -> Step {
        Step {
            pass: done.pass,
            candidates: done.candidates,
            evidence: done.evidence.clone().map(|tokens| self.text.span(tokens)),
        }
    }

    /// A settled spot as a mention; `None` when it is most likely no place at all.
    fn mention(
        &self,
        spot: &Spot,
        places: &mut FxHashMap<PlaceRef, Arc<Place>>,
    ) -> Option<Mention> {
        let mut shared = |place: PlaceRef| {
            let shared = places.entry(place);
            shared
                .or_insert_with(|| Arc::new(self.gazetteer.place(place)))
                .clone()
        };
        let (place, confidence, rule) = match spot.choice {
            Some(choice) => {
                let place = spot.made.clone().unwrap_or_else(|| shared(choice.place));
                (Some(place), choice.confidence, choice.rule)
            }
            None => (None, 0.5, "recognise:cue"),
        };
        let named_for_itself = spot.given || spot.sense == Sense::Historic;
        if confidence < NO_PLACE
            && !named_for_itself
            && spot.source != Source::Unknown
            && spot.doubt != Doubt::None
        {
            return None;
        }
        let said = confidence >= DOUBTFUL;
        let base = spot.choice.filter(|_| said && spot.aside).map(|choice| {
            let name = self.span_of(spot.name.clone());
            (name, shared(choice.place))
        });
        Some(Mention {
            span: self.span_of(spot.cover_from..spot.name.end),
            sense: spot.sense,
            place: place.filter(|_| said),
            base,
            confidence,
            rule: if spot.sense == Sense::Literal || spot.sense_rule.is_empty() {
                rule
            } else {
                spot.sense_rule
            },
        })
    }

    /// The span of tokens, without the ending of a possessive.
    fn span_of(&self, tokens: Range<usize>) -> Span {
        let last = tokens.end - 1;
        let mut span = self.text.span(tokens);
        if self.possessor(last).is_some() {
            let written = span.of(self.text.raw);
            let stem = written.len() - self.words.possessive_ending.len();
            let apostrophe = written[..stem]
                .chars()
                .next_back()
                .map_or(0, char::len_utf8);
            span.end = span.start + stem - apostrophe;
        }
        span
    }
}
