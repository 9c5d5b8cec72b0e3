use super::CorpusError;

/// The wanted columns of a CSV table, row by row.
///
/// # Errors
/// When a column is missing or a row cannot be read.
pub(super) fn columns<const N: usize>(
    csv: &str,
    wanted: [&str; N],
) -> Result<Vec<[String; N]>, CorpusError> {
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let header = reader.headers().map_err(|error| wrong(&error))?.clone();
    let mut places = [0; N];
    for (place, name) in places.iter_mut().zip(wanted) {
        let position = header.iter().position(|known| known == name);
        *place = position.ok_or_else(|| CorpusError {
            line: 1,
            message: format!("no column {name:?}"),
        })?;
    }
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| wrong(&error))?;
        rows.push(places.map(|place| record.get(place).unwrap_or_default().to_owned()));
    }
    Ok(rows)
}

fn wrong(error: &csv::Error) -> CorpusError {
    let line = error
        .position()
        .map_or(0, |position| position.line() as usize);
    CorpusError {
        line,
        message: error.to_string(),
    }
}
