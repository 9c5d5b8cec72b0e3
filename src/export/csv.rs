use std::io::{self, Write};

use serde_json::{Map, Value};

use super::{ExportError, Record};

/// Writes a header and a row a record: the record's fields, then `lon` and `lat`. What is not known is empty.
///
/// Without records there is no header, because nobody has said what the columns are.
pub(super) fn write<R: Record, E>(
    records: impl Iterator<Item = Result<R, E>>,
    output: impl Write,
) -> Result<u64, ExportError<E>> {
    let mut writer = ::csv::Writer::from_writer(output);
    let mut count = 0;
    for record in records {
        let record = record.map_err(ExportError::Source)?;
        let fields = fields(&record).map_err(ExportError::Write)?;
        if count == 0 {
            let header = fields.keys().map(String::as_str).chain(["lon", "lat"]);
            writer.write_record(header).map_err(write_error)?;
        }
        let point = record.point();
        let position = [point.map(|p| p.lon), point.map(|p| p.lat)];
        let position = position.map(|degrees| degrees.map_or_else(String::new, |d| d.to_string()));
        writer
            .write_record(fields.values().map(cell).chain(position))
            .map_err(write_error)?;
        count += 1;
    }
    writer.flush().map_err(ExportError::Write)?;
    Ok(count)
}

/// The error as it was: the conversion that the csv crate has would hide that a pipe was closed.
fn write_error<E>(error: ::csv::Error) -> ExportError<E> {
    ExportError::Write(match error.into_kind() {
        ::csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    })
}

/// A record's fields by name, in order.
pub(super) fn fields<R: Record>(record: &R) -> io::Result<Map<String, Value>> {
    match serde_json::to_value(record)? {
        Value::Object(fields) => Ok(fields),
        _ => Err(io::Error::other("a record has no fields")),
    }
}

/// A field as text.
pub(super) fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
