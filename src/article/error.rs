use std::fmt;
use std::io;

use crate::domain::PartialDateError;

/// The largest article that is read, in bytes.
pub const MAX_BYTES: usize = 20_000_000;
/// The longest id of an article, in bytes: what an index of every store can hold, with that of an event behind it.
pub const LONGEST_ID: usize = 1_024;

/// Why one article could not be read. Reading goes on with the next.
#[derive(Debug, thiserror::Error)]
#[error("{input}{at}: {problem}")]
pub struct ReadError {
    /// The file or folder, or `standard input`.
    pub input: String,
    /// Where in it.
    pub at: At,
    /// What is wrong.
    pub problem: ReadProblem,
}

/// Where in an input an article stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum At {
    /// The input is the article.
    Whole,
    /// In a line, counted from 1.
    Line(usize),
    /// In an entry of a feed, counted from 1.
    Entry(usize),
}

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole => Ok(()),
            Self::Line(line) => write!(f, ":{line}"),
            Self::Entry(entry) => write!(f, ", entry {entry}"),
        }
    }
}

/// What is wrong with an article or an input.
#[derive(Debug, thiserror::Error)]
pub enum ReadProblem {
    /// The operating system refuses.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// A folder without articles.
    #[error("no articles in this folder (.txt, .html, .jsonl or .xml files)")]
    EmptyFolder,
    /// A file or line without content.
    #[error("it is empty")]
    Empty,
    /// Not text in an encoding that is read.
    #[error("this is no text: {0}")]
    NotText(&'static str),
    /// More than [`MAX_BYTES`].
    #[error("larger than {} MB, the most that is read of one article", MAX_BYTES / 1_000_000)]
    TooLarge,
    /// More than [`LONGEST_ID`].
    #[error("its id is longer than {LONGEST_ID} bytes")]
    LongId,
    /// A page from which no story could be taken.
    #[error("no story was found in this HTML")]
    NoStory,
    /// Tags in tags in tags.
    #[error("its tags are nested more than {0} deep")]
    TooDeep(usize),
    /// No JSON object of the expected shape.
    #[error("no article: {0}")]
    Json(String),
    /// Neither RSS nor Atom.
    #[error("no feed (RSS or Atom): {0}")]
    Feed(String),
    /// A date that is none.
    #[error("published: {0}")]
    Published(#[from] PartialDateError),
    /// A language without a pack.
    #[error("language: {given:?} is not known; known are {known}")]
    Language {
        /// As given.
        given: String,
        /// The codes of all packs.
        known: String,
    },
}
