//! The weights by which proposals are told from events: a logistic regression over what the rules propose in texts
//! whose events are known.

use std::collections::BTreeMap;

use anyhow::Context;
use serde::Deserialize;

use super::newton::{Slope, climb};
use super::resolver::Folds;
use crate::article;
use crate::domain::{Action, Article, Mention, Point};
use crate::event::{Decider, Draft, EventFeature, EventVector};
use crate::linear::{dot, sigmoid};
use crate::pipeline::Extractor;
use crate::text::fold;

/// An article and the events that it reports.
#[derive(Debug, Clone)]
pub struct Lesson {
    article: Article,
    events: Vec<Known>,
    scope: Scope,
    /// How much each of its proposals counts.
    weight: f64,
}

/// Which proposals a lesson judges.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scope {
    /// All: the article has no other events.
    All,
    /// Those that are events: it may have others.
    Right,
    /// Those of one action: it has none of that.
    Action(Action),
}

/// An event that an article reports.
#[derive(Debug, Clone)]
struct Known {
    action: Action,
    place: Whereabouts,
}

#[derive(Debug, Clone)]
enum Whereabouts {
    /// The place's name as the text has it.
    Named(String),
    /// Within so many kilometres of a point.
    Near(Point, f64),
    /// Nobody knows.
    Unknown,
}

/// A line of a file of own training texts.
#[derive(Debug, Deserialize)]
struct MarkedLine {
    id: String,
    language: String,
    published: Option<String>,
    text: String,
    events: Vec<MarkedEvent>,
}

#[derive(Debug, Deserialize)]
struct MarkedEvent {
    action: Action,
    place: String,
}

/// A line of annotations of articles that stand in a file of their own.
#[derive(Debug, Deserialize)]
struct GoldLine {
    article: String,
    events: Vec<GoldEvent>,
}

#[derive(Debug, Deserialize)]
struct GoldEvent {
    action: Action,
    lat: Option<f64>,
    lon: Option<f64>,
    radius_km: Option<f64>,
}

/// Probability from which a proposal is an event: more false pins would cost more than the events that a lower one finds.
const LEAST: f64 = 0.5;
/// What a proposal of an annotated article counts beside one of our own texts, which were written to show how things are
/// said and not how often: the best of 1, 3, 5, 8 and 12 on articles left out.
const ANNOTATED: f64 = 5.0;
/// Pull of a rule's own weight towards nothing, in proposals.
const PULL: f64 = 6.0;
/// A rule's own weight below which it is left out.
const NOTHING: f64 = 0.1;

/// Reads a file of own training texts: a JSON object a line with `id`, `language`, `published`, `text` and `events`, each with
/// `action` and `place` (as the text has it).
///
/// # Errors
/// When a line is not of that form: with its number.
pub fn marked(file: &str, extractor: &Extractor) -> anyhow::Result<Vec<Lesson>> {
    lines(file, |line: MarkedLine| {
        let mut article = article::of_text(line.text, None, &extractor.languages)?;
        article.id = line.id;
        article.language = Some(line.language);
        article.published = line.published.map(|date| date.parse()).transpose()?;
        let events = line.events.into_iter().map(|event| Known {
            action: event.action,
            place: Whereabouts::Named(fold(&event.place)),
        });
        let events = events.collect();
        Ok(Lesson {
            article,
            events,
            scope: Scope::All,
            weight: 1.0,
        })
    })
}

/// Reads a file of annotations (`article`, `events` with `action`, `lat`, `lon`, `radius_km`) of articles that were read before.
///
/// # Errors
/// When a line is not of that form: with its number.
pub fn gold(file: &str, articles: &[Article]) -> anyhow::Result<Vec<Lesson>> {
    let by_id: BTreeMap<&str, &Article> = articles.iter().map(|a| (a.id.as_str(), a)).collect();
    lines(file, |line: GoldLine| {
        let article = by_id.get(line.article.as_str());
        let article = article.with_context(|| format!("there is no article {}", line.article))?;
        let events = line.events.into_iter().map(|event| Known {
            action: event.action,
            place: match (event.lat, event.lon, event.radius_km) {
                (Some(lat), Some(lon), Some(km)) => Whereabouts::Near(Point { lon, lat }, km),
                _ => Whereabouts::Unknown,
            },
        });
        let events = events.collect();
        Ok(Lesson {
            article: (*article).clone(),
            events,
            scope: Scope::All,
            weight: ANNOTATED,
        })
    })
}

/// The examples of the rules of all languages: what each accepts is an event, and what it rejects is none of its
/// action.
pub fn examples(extractor: &Extractor) -> Vec<Lesson> {
    let mut lessons = Vec::new();
    for pack in extractor.languages.iter() {
        let article = |text: &str| {
            let article = article::of_text(text.to_owned(), None, &extractor.languages).ok()?;
            let language = Some(pack.code.clone());
            Some(Article {
                language,
                ..article
            })
        };
        for rule in &pack.events.rules {
            let accepted = rule.accept.iter().filter_map(|example| {
                let places = example.places.iter().map(|place| Known {
                    action: rule.action,
                    place: Whereabouts::Named(fold(place)),
                });
                Some(Lesson {
                    article: article(&example.text)?,
                    events: places.collect(),
                    scope: Scope::Right,
                    weight: 1.0,
                })
            });
            lessons.extend(accepted);
            let rejected = rule.reject.iter().filter_map(|text| {
                Some(Lesson {
                    article: article(text)?,
                    events: Vec::new(),
                    scope: Scope::Action(rule.action),
                    weight: 1.0,
                })
            });
            lessons.extend(rejected);
        }
    }
    lessons
}

fn lines<L: for<'de> Deserialize<'de>>(
    file: &str,
    mut read: impl FnMut(L) -> anyhow::Result<Lesson>,
) -> anyhow::Result<Vec<Lesson>> {
    let lines = file.lines().enumerate();
    lines
        .filter(|(_, line)| !line.trim().is_empty())
        .map(|(number, line)| {
            let line = serde_json::from_str(line).map_err(anyhow::Error::from);
            line.and_then(&mut read)
                .with_context(|| format!("line {}", number + 1))
        })
        .collect()
}

/// A proposal, and whether it is an event.
struct Example {
    rule: String,
    features: EventVector,
    right: bool,
    weight: f64,
}

/// Fits the weights to lessons.
pub fn decider(extractor: &Extractor, lessons: &[Lesson], folds: Folds) -> Decider {
    let taught = lessons.iter().enumerate().filter(|(n, _)| folds.takes(*n));
    let examples: Vec<Example> = taught
        .flat_map(|(_, lesson)| lesson.examples(extractor))
        .collect();
    let weights = climb(|weights| likelihood(&examples, weights));
    let mut rules: BTreeMap<String, (f64, f64)> = BTreeMap::new();
    for example in &examples {
        let likely = sigmoid(dot(&example.features, &weights));
        let (error, spread) = rules.entry(example.rule.clone()).or_default();
        *error += example.weight * (f64::from(u8::from(example.right)) - likely);
        *spread += example.weight * likely * (1.0 - likely);
    }
    let rules = rules
        .into_iter()
        .map(|(rule, (error, spread))| (rule, error / (spread + PULL)))
        .filter(|(_, weight)| weight.abs() >= NOTHING);
    Decider {
        weights,
        rules: rules.collect(),
        least: LEAST,
    }
}

/// How many proposals there are, and how many are events.
pub fn count(extractor: &Extractor, lessons: &[Lesson]) -> (usize, usize) {
    let examples = lessons.iter().flat_map(|lesson| lesson.examples(extractor));
    examples.fold((0, 0), |(all, right), example| {
        (all + 1, right + usize::from(example.right))
    })
}

impl Lesson {
    fn examples(&self, extractor: &Extractor) -> Vec<Example> {
        let (mentions, drafts) = extractor.proposals(&self.article);
        let examples = drafts.into_iter().filter_map(|draft| {
            let mut known = self.events.iter();
            let right = known.any(|known| known.is(&draft, &mentions, &self.article));
            let judged = match self.scope {
                Scope::All => true,
                Scope::Right => right,
                Scope::Action(action) => draft.event.action == action,
            };
            judged.then_some(Example {
                right,
                weight: self.weight,
                rule: draft.key().into_owned(),
                features: draft.features,
            })
        });
        examples.collect()
    }
}

impl Known {
    fn is(&self, draft: &Draft, mentions: &[Mention], article: &Article) -> bool {
        let place = &draft.event.place;
        self.action == draft.event.action
            && match &self.place {
                Whereabouts::Unknown => false,
                Whereabouts::Near(point, km) => place
                    .point
                    .is_some_and(|other| other.distance_km(*point) <= *km),
                Whereabouts::Named(name) => {
                    let written = fold(&place.as_written);
                    written.contains(name.as_str())
                        || name.contains(&written)
                        || mentions.iter().any(|mention| {
                            fold(mention.span.of(&article.text)) == *name
                                && mention.place.as_ref().map(|place| &place.id)
                                    == place.id.as_ref()
                                && place.id.is_some()
                        })
                }
            }
    }
}

fn likelihood(examples: &[Example], weights: &EventVector) -> Slope<{ EventFeature::COUNT }> {
    let mut slope = Slope::flat();
    let all: f64 = examples.iter().map(|example| example.weight).sum();
    for example in examples {
        let share = example.weight / all;
        let likely = sigmoid(dot(&example.features, weights));
        let error = f64::from(u8::from(example.right)) - likely;
        let spread = likely * (1.0 - likely);
        for (a, feature) in example
            .features
            .iter()
            .enumerate()
            .filter(|(_, f)| **f != 0.0)
        {
            slope.gradient[a] += share * error * feature;
            for (b, other) in example.features.iter().enumerate() {
                slope.curvature[a][b] += share * spread * feature * other;
            }
        }
    }
    slope
}
