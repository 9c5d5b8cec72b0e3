//! Places and their names: the image, built once and opened without parsing.
//!
//! An image is one file of sections (`image`): the folded names as an `fst` map, the places each name may
//! mean, the names by their consonants, fixed-width place records, their names for people, the polygons of
//! countries and first-order divisions. Nothing of it is unpacked when it is opened; every look-up reads the
//! bytes in place, and a [`Gazetteer`] is cloned by counting. [`build`] makes an image from public sources.

mod area;
pub mod build;
mod image;
mod info;
mod locate;
mod lookup;
mod open;
mod part;
mod records;
pub mod relative;
mod search;
mod spelling;
mod suggest;

use std::path::PathBuf;
use std::sync::Arc;

use image::Image;
use spelling::{Spelling, SpellingError};

pub use info::Info;
pub use lookup::Lookup;
pub use search::{Found, Keys, Match};

/// Why a gazetteer cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum GazetteerError {
    /// The file cannot be read.
    #[error("cannot read the gazetteer {}: {cause}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why not.
        cause: std::io::Error,
    },
    /// The file is something else.
    #[error(
        "{} is no gazetteer image: make one with `sitmap gazetteer build`",
        path.display()
    )]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// The file was made for another version of the format.
    #[error(
        "the gazetteer {} has format {found}, this sitmap reads format {expected}: build it anew with \
         `sitmap gazetteer build`",
        path.display()
    )]
    Version {
        /// The file.
        path: PathBuf,
        /// Its format.
        found: u32,
        /// The format of this program.
        expected: u32,
    },
    /// The file is shorter or longer than it says.
    #[error(
        "the gazetteer {} has {found} bytes of {expected}: it was cut off; copy or build it again",
        path.display()
    )]
    Truncated {
        /// The file.
        path: PathBuf,
        /// Bytes it should have.
        expected: u64,
        /// Bytes it has.
        found: u64,
    },
    /// The rules of spelling that come with the program cannot be read.
    #[error("rules of spelling: {0}")]
    Rules(String),
    /// The content is not what was written.
    #[error("the gazetteer {} is damaged ({what}): copy or build it again", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The part.
        what: String,
    },
}

/// All places and their names, shared by all threads.
#[derive(Debug, Clone)]
pub struct Gazetteer {
    image: Arc<Image>,
    spelling: &'static Spelling,
}

impl From<SpellingError> for GazetteerError {
    fn from(error: SpellingError) -> Self {
        Self::Rules(error.to_string())
    }
}

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
