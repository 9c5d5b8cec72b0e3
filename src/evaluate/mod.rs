//! How good the gazetteer and the reading of place names and events are, held against lists and corpora that are
//! no part of the project.

mod events;
mod ged;
mod gold;
mod names;
mod supplement;
mod table;
mod toponyms;

use std::fmt;
use std::fs::File;
use std::io::{self, BufRead as _, BufReader};
use std::path::Path;

use flate2::bufread::MultiGzDecoder;

pub use events::{
    Bin, Confusion, EventReport, Fault, FaultKind, Figures, GoldArticle, GoldEvent, LocationReport,
    Reliability, VerbCorpus, events, locations, read_gold, read_locations,
};
pub use ged::ged;
pub use gold::gold;
pub use names::names;
pub use supplement::supplement;
use table::columns;
pub use toponyms::{
    CorpusArticle, Format, LIMIT_KM, Report, Toponym, article, headlines, read_corpus, toponyms,
};

/// A share of a corpus that was found, and what was not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measure {
    /// What is measured.
    pub what: String,
    /// How many were right.
    pub right: usize,
    /// How many there are.
    pub of: usize,
    /// What was not found, as the corpus writes it.
    pub missing: Vec<String>,
}

/// Why a corpus cannot be used: the line, counted from 1, and what was expected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}{message}", at(*.line))]
pub struct CorpusError {
    /// The line to blame; 0 where none is.
    pub line: usize,
    /// What is wrong with it.
    pub message: String,
}

fn at(line: usize) -> String {
    match line {
        0 => String::new(),
        line => format!("line {line}: "),
    }
}

/// What a file packed by gzip begins with.
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// The text of a corpus; of a file packed by gzip what is in it.
///
/// # Errors
/// When the file cannot be read or unpacked, or is no UTF-8.
pub fn read(path: &Path) -> io::Result<String> {
    let mut file = BufReader::new(File::open(path)?);
    if file.fill_buf()?.starts_with(&GZIP) {
        io::read_to_string(MultiGzDecoder::new(file))
    } else {
        io::read_to_string(file)
    }
}

impl Measure {
    fn new(what: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            right: 0,
            of: 0,
            missing: Vec::new(),
        }
    }

    fn count(&mut self, right: bool, name: impl FnOnce() -> String) {
        self.of += 1;
        if right {
            self.right += 1;
        } else {
            self.missing.push(name());
        }
    }
}

impl fmt::Display for Measure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let share = self.right as f64 / self.of.max(1) as f64;
        write!(
            f,
            "{:<44} {:>5} of {:>5}  {share:.3}",
            self.what, self.right, self.of
        )
    }
}
