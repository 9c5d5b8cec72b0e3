use std::io::{self, Write};

use super::csv::{cell, fields};
use super::{ExportError, Record};

/// Rows that are looked at to find the columns' widths; later cells that are longer are cut.
const SAMPLE: usize = 200;
/// No column but the last takes more than a part of the terminal's width, within these bounds.
const PART: usize = 5;
const WIDEST: std::ops::RangeInclusive<usize> = 8..=28;
const GAP: &str = "  ";

/// Writes aligned columns: those that the record type shows. With a width, no line is longer, the last column
/// taking what the others leave.
pub(super) fn write<R: Record, E>(
    mut records: impl Iterator<Item = Result<R, E>>,
    width: Option<usize>,
    mut output: impl Write,
) -> Result<u64, ExportError<E>> {
    let mut sample = Vec::new();
    for record in records.by_ref().take(SAMPLE) {
        sample.push(row(&record.map_err(ExportError::Source)?).map_err(ExportError::Write)?);
    }
    if sample.is_empty() {
        return Ok(0);
    }
    let header: Vec<String> = R::SHOWN.iter().map(ToString::to_string).collect();
    let widths = widths(&header, &sample, width);
    let mut line =
        |row: &[String]| print(row, &widths, width, &mut output).map_err(ExportError::Write);
    line(&header)?;
    let mut count = 0;
    for row in &sample {
        line(row)?;
        count += 1;
    }
    for record in records {
        line(&row(&record.map_err(ExportError::Source)?).map_err(ExportError::Write)?)?;
        count += 1;
    }
    output.flush().map_err(ExportError::Write)?;
    Ok(count)
}

fn row<R: Record>(record: &R) -> io::Result<Vec<String>> {
    let fields = fields(record)?;
    let text = |name: &&str| {
        let text = fields.get(*name).map(cell).unwrap_or_default();
        // A line break or a tab in a cell would break the table, an escape the terminal.
        text.chars()
            .map(|c| if c.is_control() { ' ' } else { c })
            .collect()
    };
    Ok(R::SHOWN.iter().map(text).collect())
}

fn widths(header: &[String], sample: &[Vec<String>], width: Option<usize>) -> Vec<usize> {
    let rows = || std::iter::once(header).chain(sample.iter().map(Vec::as_slice));
    let widest = |column: usize| {
        let cells = rows().filter_map(|row| row.get(column));
        cells.map(|text| text.chars().count()).max().unwrap_or(0)
    };
    let bound = |width: usize| (width / PART).clamp(*WIDEST.start(), *WIDEST.end());
    let limit = width.map_or(usize::MAX, bound);
    (0..header.len())
        .map(|column| widest(column).min(limit))
        .collect()
}

fn print(
    row: &[String],
    widths: &[usize],
    width: Option<usize>,
    output: &mut impl Write,
) -> io::Result<()> {
    let mut line = String::new();
    for (index, (text, column)) in row.iter().zip(widths).enumerate() {
        if index > 0 {
            line.push_str(GAP);
        }
        if index + 1 == row.len() {
            line.push_str(text);
        } else {
            let text = cut(text, *column);
            let pad = column - text.chars().count();
            line.push_str(&text);
            line.extend(std::iter::repeat_n(' ', pad));
        }
    }
    let line = line.trim_end();
    let line = width.map_or_else(|| line.to_owned(), |width| cut(line, width));
    writeln!(output, "{line}")
}

/// A text of at most so many letters; what is left out is shown by an ellipsis.
fn cut(text: &str, letters: usize) -> String {
    if text.chars().count() <= letters {
        return text.to_owned();
    }
    let kept: String = text.chars().take(letters.saturating_sub(1)).collect();
    kept + if letters > 0 { "…" } else { "" }
}
