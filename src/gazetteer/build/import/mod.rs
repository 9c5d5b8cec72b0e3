//! Adds the places of a GeoNames dump or of Who's On First to an image: read row by row, sorted on disk, so
//! that memory does not grow with the dump; written whole or not at all.

mod features;
mod geonames;
mod lines;
mod merge;
mod record;
mod whosonfirst;

use std::collections::HashSet;
use std::fmt::Display;
use std::path::{Path, PathBuf};

use super::designators::Designators;
use super::report::{BuildError, Malformed};
use crate::domain::PlaceKind;
use crate::gazetteer::Gazetteer;
use record::{NameOf, Record, Sorter};

/// Malformed rows that are kept to be shown; further ones are only counted.
const SHOWN: usize = 50;

/// What to import.
#[derive(Debug, Clone)]
pub struct Import {
    /// The folder of a GeoNames dump (`allCountries.txt` or `SY.txt`, with `alternateNamesV2.txt` and the code
    /// tables where they are), or of Who's On First (`*.geojson`, in any depth).
    pub folder: PathBuf,
    /// Only places of these countries (ISO 3166-1 alpha-2); all where empty.
    pub countries: Vec<String>,
    /// Only places of these kinds; all where empty.
    pub kinds: Vec<PlaceKind>,
}

/// What an import did.
#[derive(Debug, Default, Clone)]
pub struct Imported {
    /// Where the places are from.
    pub source: String,
    /// Rows read.
    pub rows: u64,
    /// Rows left out: of a country or kind that is not asked for, or of no use here.
    pub filtered: u64,
    /// Places that are new.
    pub added: u64,
    /// Places that were there already and have new names now.
    pub merged: u64,
    /// Rows that cannot be used, by file and line: the first ones.
    pub malformed: Vec<Malformed>,
    /// How many of these there are.
    pub malformed_count: u64,
    /// Places in the image, and its bytes.
    pub places: usize,
    /// Bytes of the image.
    pub bytes: usize,
}

/// Reads the folder and writes an image with the places of `base` and those of the folder. `progress` is
/// called now and then with what is being done and the rows read.
///
/// # Errors
/// When the folder is neither of the two, or the image cannot be written.
pub fn import(
    import: &Import,
    base: &Gazetteer,
    output: &Path,
    progress: &mut dyn FnMut(&str, u64),
) -> Result<Imported, BuildError> {
    let designators = Designators::read()?;
    let mut intake = Intake::new(import, progress);
    if geonames::is_dump(&import.folder)? {
        geonames::read(&import.folder, &mut intake)?;
    } else {
        whosonfirst::read(&import.folder, &mut intake)?;
    }
    merge::write(intake, base, designators, output)
}

/// What is being read: sorted by key as it comes.
struct Intake<'a> {
    import: &'a Import,
    folder: &'a Path,
    records: Sorter<Record>,
    names: Sorter<NameOf>,
    /// Keys that some place names as its parent.
    parents: HashSet<u64>,
    imported: Imported,
    progress: &'a mut dyn FnMut(&str, u64),
}

impl<'a> Intake<'a> {
    fn new(import: &'a Import, progress: &'a mut dyn FnMut(&str, u64)) -> Self {
        Self {
            import,
            folder: &import.folder,
            records: record::records(),
            names: record::names(),
            parents: HashSet::new(),
            imported: Imported::default(),
            progress,
        }
    }

    /// Whether a place is asked for, and of a country that the base knows.
    fn wants(&self, country: &str, kind: PlaceKind) -> bool {
        let Import {
            countries, kinds, ..
        } = self.import;
        (countries.is_empty() || countries.iter().any(|code| code == country))
            && (kinds.is_empty() || kinds.contains(&kind))
    }

    fn add(&mut self, record: Record) -> Result<(), BuildError> {
        self.parents.extend(record.parent);
        self.records
            .push(record)
            .map_err(BuildError::file(self.folder))
    }

    fn add_name(&mut self, name: NameOf) -> Result<(), BuildError> {
        self.names.push(name).map_err(BuildError::file(self.folder))
    }

    fn refuse(&mut self, place: &dyn Display, message: impl Into<String>) {
        self.imported.malformed_count += 1;
        if self.imported.malformed.len() < SHOWN {
            self.imported.malformed.push(Malformed {
                place: place.to_string(),
                message: message.into(),
            });
        }
    }

    /// Counts a row, and tells of it now and then.
    fn row(&mut self, what: &str) {
        self.imported.rows += 1;
        if self.imported.rows.is_multiple_of(1 << 14) {
            (self.progress)(what, self.imported.rows);
        }
    }
}
