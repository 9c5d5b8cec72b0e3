//! Places and names written by hand: `data/gazetteer/supplement.tsv`.
//!
//! Tab-separated with a header; columns `id` (without one the name makes it), `name` (what people are shown),
//! `names` (other forms: `lang=form;lang=form`, `*` for any language), `kind` (a kind of place, or `alias`),
//! `country` (several with commas: the first one counts), `lat`, `lon`, `radius_km` and perhaps `population`;
//! others are for people. Lines that begin with `#` are comments.
//!
//! An `alias` renames a place there is and adds names to it: the country or division of that id
//! (`country:SY`, `admin1:SY.09`), else a place with one of the row's names, else the nearest town. So does a
//! settlement that is there already, and a country, division or continent of the same name; anything else is
//! a new place.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use super::cities::settlement_radius;
use super::designators::language_number;
use super::draft::{Draft, Drafts, Id};
use super::names::is_readable;
use super::polygons::Outlines;
use super::report::{BuildError, Summary};
use crate::domain::{PlaceKind, Point};
use crate::text::fold;

const ALIAS: &str = "alias";
/// A settlement of the same name this near (km) is the same one.
const SAME_PLACE_KM: f64 = 5.0;

/// A row, checked.
struct Row {
    /// Empty where the name has to do.
    id: String,
    name: String,
    names: Vec<(Option<u8>, String)>,
    /// None for an alias.
    kind: Option<PlaceKind>,
    country: Option<String>,
    point: Point,
    radius_km: Option<f64>,
    population: u32,
}

impl Row {
    /// Its names, folded.
    fn keys(&self) -> Vec<String> {
        let forms = self.names.iter().map(|(_, form)| form);
        forms.chain([&self.name]).map(|name| fold(name)).collect()
    }
}

/// Adds the rows to the drafts.
pub(super) fn draft(
    path: &Path,
    outlines: &Outlines,
    drafts: &mut Drafts,
    summary: &mut Summary,
) -> Result<(), BuildError> {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(b'\t')
        .quoting(false)
        .comment(Some(b'#'))
        .flexible(true)
        .from_path(path)
        .map_err(|error| BuildError::source(path, error))?;
    let header = reader
        .headers()
        .map_err(|error| BuildError::source(path, error))?;
    let columns: HashMap<String, usize> = header
        .iter()
        .enumerate()
        .map(|(index, name)| (name.trim().to_owned(), index))
        .collect();
    for needed in ["name", "names", "kind", "lat", "lon"] {
        if !columns.contains_key(needed) {
            return Err(BuildError::source(
                path,
                format!("no column {needed:?} in the first line"),
            ));
        }
    }
    let mut slugs = HashSet::new();
    for record in reader.records() {
        let record = record.map_err(|error| BuildError::source(path, error))?;
        let line = record.position().map_or(0, csv::Position::line);
        let field = |column: &str| {
            columns
                .get(column)
                .and_then(|index| record.get(*index))
                .unwrap_or_default()
                .trim()
        };
        match parse(field, drafts) {
            Ok(row) => add(row, outlines, drafts, &mut slugs, summary),
            Err(message) => summary.refuse(path, line, message),
        }
    }
    Ok(())
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

fn add(
    row: Row,
    outlines: &Outlines,
    drafts: &mut Drafts,
    slugs: &mut HashSet<String>,
    summary: &mut Summary,
) {
    let target = match row.kind {
        None => aliased(&row, drafts),
        Some(PlaceKind::Settlement) => same_named(&row, &[fold(&row.name)], drafts, SAME_PLACE_KM),
        Some(kind @ (PlaceKind::Country | PlaceKind::Admin1 | PlaceKind::Continent)) => {
            area_named(&row, &[fold(&row.name)], drafts, &[kind])
        }
        Some(_) => None,
    };
    if let Some(target) = target {
        let draft = &mut drafts.list[target];
        draft.rename(row.name);
        draft.add_written(row.names);
        summary.supplement.1 += 1;
        return;
    }
    let kind = row.kind.unwrap_or(PlaceKind::Settlement);
    let id = Id::Written(format!("sitmap:{}", slug(&row, slugs)));
    let mut draft = Draft::new(id, kind, &row.name, row.point);
    let own = if kind == PlaceKind::Settlement {
        settlement_radius(row.population)
    } else {
        5.0
    };
    draft.radius_km = row.radius_km.filter(|radius| *radius > 0.0).unwrap_or(own);
    draft.population = row.population;
    draft.add_written(row.names);
    // A river or a region lies in more than one division, or in more than one country.
    if kind.is_point() || kind == PlaceKind::Admin2 {
        draft.admin1 = outlines
            .division_at(row.point)
            .and_then(|polygon| drafts.polygon_owner.get(&polygon).copied());
    }
    draft.country = row.country;
    summary.supplement.0 += 1;
    drafts.list.push(draft);
}

/// The place that an alias names: the one of its id, a settlement of one of its names near by, a country or
/// division of such a name, the nearest settlement within the radius.
fn aliased(row: &Row, drafts: &Drafts) -> Option<usize> {
    let radius = row.radius_km.unwrap_or(SAME_PLACE_KM).max(1.0);
    let id = Id::Written(row.id.clone());
    let keys = row.keys();
    (drafts.list.iter().position(|draft| draft.id == id))
        .or_else(|| same_named(row, &keys, drafts, radius))
        .or_else(|| area_named(row, &keys, drafts, &[PlaceKind::Country, PlaceKind::Admin1]))
        .or_else(|| {
            near(row, drafts, radius)
                .min_by(|a, b| a.1.total_cmp(&b.1))
                .map(|(index, _)| index)
        })
}

/// The first country, division or group of countries in the row's country that has one of these folded names.
fn area_named(row: &Row, keys: &[String], drafts: &Drafts, kinds: &[PlaceKind]) -> Option<usize> {
    drafts.list.iter().position(|draft| {
        kinds.contains(&draft.kind)
            && draft.country == row.country
            && draft.main_names().any(|name| keys.contains(&fold(name)))
    })
}

/// The most populous settlement near by that has one of these folded names.
fn same_named(row: &Row, keys: &[String], drafts: &Drafts, radius: f64) -> Option<usize> {
    near(row, drafts, radius)
        .filter(|(index, _)| {
            let draft = &drafts.list[*index];
            draft
                .main_names()
                .chain(draft.others.iter().map(String::as_str))
                .any(|name| keys.contains(&fold(name)))
        })
        .max_by_key(|(index, _)| drafts.list[*index].population)
        .map(|(index, _)| index)
}

/// Settlements of the row's country within a distance, with it.
fn near(row: &Row, drafts: &Drafts, radius: f64) -> impl Iterator<Item = (usize, f64)> {
    drafts
        .list
        .iter()
        .enumerate()
        .filter_map(move |(index, draft)| {
            let reach = radius / 110.0;
            if draft.kind != PlaceKind::Settlement
                || (draft.point.lat - row.point.lat).abs() > reach
                || (row.country.is_some() && draft.country != row.country)
            {
                return None;
            }
            let distance = draft.point.distance_km(row.point);
            (distance <= radius).then_some((index, distance))
        })
}

/// The row's id, or its name as one; with its country, then with a number, where another row has the same.
fn slug(row: &Row, taken: &mut HashSet<String>) -> String {
    let given = Some(&row.id).filter(|id| !id.is_empty());
    let plain = given
        .cloned()
        .unwrap_or_else(|| fold(&row.name).replace(' ', "-"));
    let country = row.country.as_deref().unwrap_or("xx").to_ascii_lowercase();
    let national = format!("{plain}-{country}");
    let numbered = (2..).map(|number| format!("{national}-{number}"));
    let slug = [plain.clone(), national.clone()]
        .into_iter()
        .chain(numbered)
        .find(|slug| !taken.contains(slug))
        .unwrap_or(plain);
    taken.insert(slug.clone());
    slug
}
