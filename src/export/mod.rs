//! Records as files: GeoJSON, one Feature a line, CSV, and a table for terminals.
//!
//! Writers take the records one at a time and keep none, but for the table, which looks at a screenful to
//! find its widths. Who reads and stops reading (`| head`) is no error.

mod csv;
mod geojson;
mod table;

use std::fmt;
use std::io::{self, Write};
use std::str::FromStr;

use serde::Serialize;

use crate::domain::{EventRecord, MentionRecord, Point};

/// A flat record with a position: one Feature, one row.
pub trait Record: Serialize {
    /// The columns that a table on a terminal shows, in order.
    const SHOWN: &'static [&'static str];
    /// The Feature's id.
    fn id(&self) -> String;
    /// Where it is; `None` when that is not known.
    fn point(&self) -> Option<Point>;
}

impl Record for EventRecord {
    const SHOWN: &'static [&'static str] = &[
        "date",
        "action",
        "status",
        "actor",
        "place",
        "country",
        "confidence",
        "quote",
    ];

    fn id(&self) -> String {
        self.id.clone()
    }

    fn point(&self) -> Option<Point> {
        self.point
    }
}

impl Record for MentionRecord {
    const SHOWN: &'static [&'static str] = &[
        "article",
        "start",
        "text",
        "sense",
        "place",
        "kind",
        "country",
        "confidence",
        "rule",
    ];

    fn id(&self) -> String {
        format!("{}:{}", self.article, self.start)
    }

    fn point(&self) -> Option<Point> {
        self.point
    }
}

/// A format that records are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// One `FeatureCollection` (RFC 7946).
    GeoJson,
    /// A Feature a line.
    Ndjson,
    /// A header and a row a record, with `lon` and `lat`.
    Csv,
    /// Aligned columns for people.
    Table,
}

impl Format {
    /// All of them.
    pub const ALL: &[Self] = &[Self::GeoJson, Self::Ndjson, Self::Csv, Self::Table];

    /// The name on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::GeoJson => "geojson",
            Self::Ndjson => "ndjson",
            Self::Csv => "csv",
            Self::Table => "table",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Format {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::ALL
            .iter()
            .copied()
            .find(|format| format.as_str() == text);
        found.ok_or_else(|| {
            let all: Vec<_> = Self::ALL.iter().map(|format| format.as_str()).collect();
            format!("{text:?} is no format; there are {}", all.join(", "))
        })
    }
}

/// Why an export ended early.
#[derive(Debug, thiserror::Error)]
pub enum ExportError<E> {
    /// The records could not be read.
    #[error(transparent)]
    Source(E),
    /// The output could not be written.
    #[error("the output cannot be written: {0}")]
    Write(io::Error),
}

/// What an export did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exported {
    /// All records, so many, were written.
    All(u64),
    /// The reader of the output went away before the end.
    Cut,
}

/// Writes records in a format. `width` is the terminal's, in columns: only [`Format::Table`] looks at it, and
/// `None` keeps every cell whole.
///
/// # Errors
/// When the records cannot be read or the output cannot be written. A broken pipe is no error.
pub fn write<R: Record, E>(
    records: impl IntoIterator<Item = Result<R, E>>,
    format: Format,
    width: Option<usize>,
    output: impl Write,
) -> Result<Exported, ExportError<E>> {
    let output = io::BufWriter::new(output);
    let records = records.into_iter();
    let written = match format {
        Format::GeoJson => geojson::collection(records, output),
        Format::Ndjson => geojson::lines(records, output),
        Format::Csv => csv::write(records, output),
        Format::Table => table::write(records, width, output),
    };
    match written {
        Ok(count) => Ok(Exported::All(count)),
        Err(ExportError::Write(error)) if error.kind() == io::ErrorKind::BrokenPipe => {
            Ok(Exported::Cut)
        }
        Err(error) => Err(error),
    }
}
