//! What the small linear models share: features with names, and weights that are data and readable as they are.

use std::collections::BTreeMap;
use std::fmt::Display;

/// Declares an enum of features: each with its key in the file of weights.
macro_rules! features {
    ($(#[doc = $about:literal])* $name:ident {
        $($(#[doc = $doc:literal])* $variant:ident = $key:literal),+ $(,)?
    }) => {
        $(#[doc = $about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name { $($(#[doc = $doc])* $variant),+ }

        impl $name {
            /// All of them, in the order of a vector's numbers.
            pub const ALL: &[Self] = &[$(Self::$variant),+];
            /// How many there are.
            pub const COUNT: usize = Self::ALL.len();

            /// The key in a file of weights.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $key),+ }
            }
        }
    };
}

pub(crate) use features;

/// Why weights cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct WeightsError(String);

impl WeightsError {
    pub(crate) fn of(file: &str, message: impl Display) -> Self {
        Self(format!("{file}: {message}"))
    }
}

/// The probability that a sum of weights means.
pub(crate) fn sigmoid(odds: f64) -> f64 {
    1.0 / (1.0 + (-odds).exp())
}

/// Fills a vector from a table of a file, which must have each key and no other.
pub(crate) fn fill(
    vector: &mut [f64],
    keys: impl Iterator<Item = &'static str>,
    mut table: BTreeMap<String, f64>,
    file: &str,
    name: &str,
) -> Result<(), WeightsError> {
    for (place, key) in vector.iter_mut().zip(keys) {
        let weight = table.remove(key).filter(|weight| weight.is_finite());
        *place = weight.ok_or_else(|| {
            WeightsError::of(file, format!("{name}.{key} is missing or no number"))
        })?;
    }
    match table.into_keys().next() {
        Some(key) => Err(WeightsError::of(
            file,
            format!("{name}.{key} is no feature"),
        )),
        None => Ok(()),
    }
}

/// The sum of each feature times its weight.
pub(crate) fn dot(features: &[f64], weights: &[f64]) -> f64 {
    features.iter().zip(weights).map(|(f, w)| f * w).sum()
}
