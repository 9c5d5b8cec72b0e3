//! Fits the weights of the small models to corpora that are no part of the project.

mod events;
mod newton;
mod resolver;

pub use events::{Lesson, count, decider, examples, gold, marked};
pub use resolver::{Folds, Named, confidence, ranker};
