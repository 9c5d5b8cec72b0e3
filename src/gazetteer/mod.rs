//! Places and their names: the image, built once and opened without parsing.

use std::path::Path;

use smallvec::SmallVec;

use crate::domain::{Place, PlaceKind, Point};

/// Why a gazetteer cannot be opened or built.
#[derive(Debug, thiserror::Error)]
pub enum GazetteerError {}

/// All places and their names, shared by all threads.
#[derive(Debug, Clone)]
pub struct Gazetteer {}

/// A place of one gazetteer: cheap to copy and compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PlaceRef(pub u32);

/// A folded name of one gazetteer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NameRef(pub u32);

/// A place that a name may mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Candidate {
    /// The place.
    pub place: PlaceRef,
    /// Whether this is the place's main name, or one tagged with a language, rather than one of many aliases.
    pub main: bool,
}

impl Gazetteer {
    /// The image that comes with the program.
    ///
    /// # Errors
    /// When the image is damaged.
    pub fn bundled() -> Result<Self, GazetteerError> {
        Ok(Self {})
    }

    /// An image of the user's own.
    ///
    /// # Errors
    /// When the file cannot be read, is no image, or is truncated or of another version.
    pub fn open(_path: &Path) -> Result<Self, GazetteerError> {
        Ok(Self {})
    }

    /// Every name that `folded` (words with one space between, as [`crate::text::Text::folded_from`] gives
    /// them) begins with, up to a word's end: the name's length in bytes, and the name. Shortest first.
    pub fn walk(&self, _folded: &str) -> SmallVec<[(usize, NameRef); 4]> {
        SmallVec::new()
    }

    /// The name that is exactly `folded`.
    pub fn name(&self, _folded: &str) -> Option<NameRef> {
        None
    }

    /// The places that a name may mean, the most populous first.
    pub fn candidates(&self, _name: NameRef) -> impl Iterator<Item = Candidate> + '_ {
        std::iter::empty()
    }

    /// Everything known of a place.
    pub fn place(&self, _place: PlaceRef) -> Place {
        unreachable!()
    }

    /// What it is.
    pub fn kind(&self, _place: PlaceRef) -> PlaceKind {
        unreachable!()
    }

    /// Where it is.
    pub fn point(&self, _place: PlaceRef) -> Point {
        unreachable!()
    }

    /// Inhabitants; 0 is unknown.
    pub fn population(&self, _place: PlaceRef) -> u32 {
        unreachable!()
    }

    /// ISO 3166-1 alpha-2 code of the country it lies in; its own for a country.
    pub fn country_of(&self, _place: PlaceRef) -> Option<&str> {
        None
    }

    /// The first-order division it lies in; itself for a division.
    pub fn admin1_of(&self, _place: PlaceRef) -> Option<PlaceRef> {
        None
    }

    /// Whether it is the seat of its country's government.
    pub fn is_capital(&self, _place: PlaceRef) -> bool {
        false
    }

    /// A country by ISO 3166-1 alpha-2 code.
    pub fn country(&self, _code: &str) -> Option<PlaceRef> {
        None
    }

    /// Codes of the countries that share a land border with one.
    pub fn neighbours(&self, _code: &str) -> &[String] {
        &[]
    }

    /// A place's name in a language, where one is known: for people to read.
    pub fn name_in(&self, _place: PlaceRef, _language: &str) -> Option<&str> {
        None
    }

    /// The polygon of a country or first-order division.
    pub fn area_of(&self, _place: PlaceRef) -> Option<geo::MultiPolygon<f64>> {
        None
    }
}
