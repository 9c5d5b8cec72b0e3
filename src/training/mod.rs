//! Fits the weights of the small models to corpora that are no part of the project.

mod newton;
mod resolver;

pub use resolver::{Folds, Named, confidence, ranker};
