use std::fmt;
use std::path::{Path, PathBuf};

use crate::domain::PlaceKind;

/// Why no image was made.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// A source cannot be read, or the image not be written.
    #[error("{}: {cause}", path.display())]
    File {
        /// The file or folder.
        path: PathBuf,
        /// Why not.
        cause: std::io::Error,
    },
    /// A source is not what it should be.
    #[error("{}: {message}", path.display())]
    Source {
        /// The file.
        path: PathBuf,
        /// What is wrong and what was expected.
        message: String,
    },
    /// The image would not fit its format.
    #[error("the gazetteer grows too large for its format: {0}")]
    TooLarge(String),
}

impl BuildError {
    pub(super) fn file(path: &Path) -> impl FnOnce(std::io::Error) -> Self + '_ {
        move |cause| Self::File {
            path: path.to_owned(),
            cause,
        }
    }

    pub(super) fn source(path: &Path, message: impl fmt::Display) -> Self {
        Self::Source {
            path: path.to_owned(),
            message: message.to_string(),
        }
    }
}

/// A row that was left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Malformed {
    /// File and line, or file and entry where the file has no lines.
    pub place: String,
    /// What is wrong with it.
    pub message: String,
}

/// What a build did.
#[derive(Debug, Default, Clone)]
pub struct Summary {
    /// Places written, by kind.
    pub kinds: Vec<(PlaceKind, usize)>,
    /// Folded names.
    pub names: usize,
    /// Pairs of a name and a place.
    pub postings: usize,
    /// Polygons written, of countries and of first-order divisions.
    pub areas: (usize, usize),
    /// First-order divisions that a subdivision of CLDR was matched to.
    pub matched_divisions: usize,
    /// Supplement rows that became a place, and that added names to one.
    pub supplement: (usize, usize),
    /// Rows of the supplement whose parent is not known; their places do without.
    pub orphans: Vec<Malformed>,
    /// Bytes of the image.
    pub bytes: usize,
    /// Rows left out.
    pub malformed: Vec<Malformed>,
}

impl Summary {
    pub(super) fn refuse(
        &mut self,
        path: &Path,
        row: impl fmt::Display,
        message: impl fmt::Display,
    ) {
        self.malformed.push(Malformed {
            place: format!("{}:{row}", path.display()),
            message: message.to_string(),
        });
    }
}
