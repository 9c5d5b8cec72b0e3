use std::collections::HashMap;
use std::path::Path;

use crate::domain::{PlaceKind, Point};
use crate::gazetteer::build::designators::language_number;
use crate::gazetteer::build::draft::Drafts;
use crate::gazetteer::build::names::is_readable;
use crate::gazetteer::build::report::{BuildError, Summary};
use crate::text::fold;

/// The kind of a row that renames a place there is.
const ALIAS: &str = "alias";
/// Columns that a table must have.
const NEEDED: [&str; 5] = ["name", "names", "kind", "lat", "lon"];

/// A row, checked.
pub(super) struct Row {
    /// File and line.
    pub(super) source: String,
    /// Empty where the name has to do.
    pub(super) id: String,
    pub(super) name: String,
    pub(super) names: Vec<(Option<u8>, String)>,
    /// None for an alias.
    pub(super) kind: Option<PlaceKind>,
    pub(super) country: Option<String>,
    /// Name of the next larger place; empty where none is known.
    pub(super) parent: String,
    pub(super) point: Point,
    pub(super) radius_km: Option<f64>,
    pub(super) population: u32,
}

impl Row {
    /// Its names, folded.
    pub(super) fn keys(&self) -> Vec<String> {
        let forms = self.names.iter().map(|(_, form)| form);
        forms.chain([&self.name]).map(|name| fold(name)).collect()
    }
}

/// The rows of a table that can be used; the others are reported by line.
pub(super) fn read(
    path: &Path,
    drafts: &Drafts,
    summary: &mut Summary,
) -> Result<Vec<Row>, BuildError> {
    let failed = |error| BuildError::source(path, error);
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(b'\t')
        .quoting(false)
        .comment(Some(b'#'))
        .flexible(true)
        .from_path(path)
        .map_err(failed)?;
    let header = reader.headers().map_err(failed)?;
    let columns: HashMap<String, usize> = header
        .iter()
        .enumerate()
        .map(|(index, name)| (name.trim().to_owned(), index))
        .collect();
    if let Some(missing) = NEEDED.iter().find(|needed| !columns.contains_key(**needed)) {
        let message = format!("no column {missing:?} in the first line");
        return Err(BuildError::source(path, message));
    }
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(failed)?;
        let line = record.position().map_or(0, csv::Position::line);
        let field = |column: &str| {
            let index = columns.get(column);
            index
                .and_then(|index| record.get(*index))
                .unwrap_or_default()
                .trim()
        };
        match parse(field, drafts) {
            Ok(row) => rows.push(Row {
                source: format!("{}:{line}", path.display()),
                ..row
            }),
            Err(message) => summary.refuse(path, line, message),
        }
    }
    Ok(rows)
}

fn parse<'a>(field: impl Fn(&str) -> &'a str, drafts: &Drafts) -> Result<Row, String> {
    let number = |column: &str, limit: f64| {
        let value: f64 = field(column)
            .parse()
            .map_err(|_| format!("{column} {:?} is no number", field(column)))?;
        if value.abs() <= limit {
            Ok(value)
        } else {
            Err(format!("{column} {value} is beyond {limit}"))
        }
    };
    let name = field("name").to_owned();
    if !is_readable(&name) {
        return Err(format!("the name {name:?} cannot be used"));
    }
    let kind = match field("kind") {
        ALIAS => None,
        kind => Some(kind.parse::<PlaceKind>()?),
    };
    let country = field("country")
        .split([',', ';', ' ', '/'])
        .next()
        .unwrap_or_default();
    if !country.is_empty() && !drafts.country.contains_key(country) {
        return Err(format!("{country:?} is no country code"));
    }
    let mut names = Vec::new();
    for entry in field("names")
        .split(';')
        .map(str::trim)
        .filter(|entry| !entry.is_empty())
    {
        let Some((language, form)) = entry.split_once('=') else {
            return Err(format!("{entry:?} in names is not language=form"));
        };
        names.push((language_number(language.trim()), form.trim().to_owned()));
    }
    names.retain(|(_, form)| is_readable(form));
    let optional = |column: &str, limit: f64| match field(column) {
        "" => Ok(None),
        _ => number(column, limit).map(Some),
    };
    Ok(Row {
        source: String::new(),
        parent: field("parent").to_owned(),
        id: field("id").trim_start_matches("alias:").to_owned(),
        name,
        names,
        kind,
        country: Some(country.to_owned()).filter(|code| !code.is_empty()),
        point: Point {
            lon: number("lon", 180.0)?,
            lat: number("lat", 90.0)?,
        },
        radius_km: optional("radius_km", 6000.0)?,
        population: optional("population", 1e9)?.map_or(0, |people| people as u32),
    })
}
