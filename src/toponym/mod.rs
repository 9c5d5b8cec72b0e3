//! Place names: recognised, told from what they are not, and put in the right country.
//!
//! One text goes through a chain of small passes over its spots: recognition, the countries it speaks of,
//! doubts, names under other spellings, resolution, sense, places made from places. What settles a spot
//! leaves its name as the mention's rule.

mod compose;
mod countries;
mod cues;
mod doubts;
mod gates;
mod recognise;
mod resolve;
mod scene;
mod sense;
mod spelling;
mod spot;
#[cfg(test)]
mod tests;
mod unknown;

use std::collections::HashMap;
use std::ops::Range;

use crate::domain::{Mention, Place, Sense, Span};
use crate::gazetteer::{Gazetteer, PlaceRef};
use crate::language::Language;
use crate::text::Text;

pub use countries::Countries;
use scene::Scene;
use spot::{Doubt, Source, Spot};

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

/// Confidence below which a place is not said: better no pin than a false one.
const DOUBTFUL: f64 = 0.4;
/// Confidence below which a name without a cue is most likely no place at all.
const NO_PLACE: f64 = 0.25;

/// The place names of a text.
pub fn mentions(text: &Text<'_>, language: &Language, gazetteer: &Gazetteer) -> Vec<Mention> {
    Toponyms::read(text, language, gazetteer).mentions
}

impl Toponyms {
    /// Reads the place names of a text.
    pub fn read(text: &Text<'_>, language: &Language, gazetteer: &Gazetteer) -> Self {
        let mut scene = Scene::new(text, &language.places, gazetteer);
        recognise::recognise(&mut scene);
        scene.countries = Countries::count(&scene);
        doubts::drop_unsupported(&mut scene);
        scene.countries = Countries::count(&scene);
        unknown::find(&mut scene);
        resolve::resolve(&mut scene);
        scene.countries = Countries::count(&scene);
        compose::compose(&mut scene);
        sense::tell(&mut scene);
        scene.into_toponyms()
    }
}

impl Scene<'_> {
    fn into_toponyms(self) -> Toponyms {
        let mut places = HashMap::new();
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

    /// A settled spot as a mention; `None` when it is most likely no place at all.
    fn mention(&self, spot: &Spot, places: &mut HashMap<PlaceRef, Place>) -> Option<Mention> {
        let (place, confidence, rule) = match spot.choice {
            Some(choice) => {
                let place = spot.made.clone().unwrap_or_else(|| {
                    places
                        .entry(choice.place)
                        .or_insert_with(|| self.gazetteer.place(choice.place))
                        .clone()
                });
                (Some(place), choice.confidence, choice.rule)
            }
            None => (None, 0.5, "recognise:cue"),
        };
        if confidence < NO_PLACE && spot.source != Source::Unknown && spot.doubt != Doubt::None {
            return None;
        }
        let said = confidence >= DOUBTFUL;
        Some(Mention {
            span: self.span(spot),
            sense: spot.sense,
            place: place.filter(|_| said),
            confidence,
            rule: if spot.sense == Sense::Literal || spot.sense_rule.is_empty() {
                rule
            } else {
                spot.sense_rule
            },
        })
    }

    /// The span of a spot, without the ending of a possessive.
    fn span(&self, spot: &Spot) -> Span {
        let mut span = self.text.span(spot.cover_from..spot.name.end);
        if self.possessor(spot.name.end - 1).is_some() {
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
