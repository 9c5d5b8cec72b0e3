use std::io::{self, Write};

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use super::{ExportError, Record};
use crate::domain::Point;

/// Writes one `FeatureCollection`, a Feature a line. What was written before an error is no whole document,
/// so that nobody takes it for one.
pub(super) fn collection<R: Record, E>(
    records: impl Iterator<Item = Result<R, E>>,
    mut output: impl Write,
) -> Result<u64, ExportError<E>> {
    output
        .write_all(b"{\"type\":\"FeatureCollection\",\"features\":[")
        .map_err(ExportError::Write)?;
    let mut count = 0;
    for record in records {
        let record = record.map_err(ExportError::Source)?;
        let mark: &[u8] = if count == 0 { b"\n" } else { b",\n" };
        output.write_all(mark).map_err(ExportError::Write)?;
        feature(&record, &mut output).map_err(ExportError::Write)?;
        count += 1;
    }
    output
        .write_all(b"\n]}\n")
        .and_then(|()| output.flush())
        .map_err(ExportError::Write)?;
    Ok(count)
}

/// Writes a Feature a line.
pub(super) fn lines<R: Record, E>(
    records: impl Iterator<Item = Result<R, E>>,
    mut output: impl Write,
) -> Result<u64, ExportError<E>> {
    let mut count = 0;
    for record in records {
        let record = record.map_err(ExportError::Source)?;
        feature(&record, &mut output)
            .and_then(|()| output.write_all(b"\n"))
            .map_err(ExportError::Write)?;
        count += 1;
    }
    output.flush().map_err(ExportError::Write)?;
    Ok(count)
}

/// A Feature straight from the record, without a tree of it in memory.
fn feature<R: Record>(record: &R, output: &mut impl Write) -> io::Result<()> {
    serde_json::to_writer(output, &Feature(record)).map_err(io::Error::from)
}

struct Feature<'a, R>(&'a R);

impl<R: Record> Serialize for Feature<'_, R> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(4))?;
        map.serialize_entry("type", "Feature")?;
        map.serialize_entry("id", &self.0.id())?;
        map.serialize_entry("geometry", &self.0.point().map(Geometry))?;
        map.serialize_entry("properties", self.0)?;
        map.end()
    }
}

struct Geometry(Point);

impl Serialize for Geometry {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry("type", "Point")?;
        map.serialize_entry("coordinates", &[self.0.lon, self.0.lat])?;
        map.end()
    }
}
