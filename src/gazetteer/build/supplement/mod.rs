//! Places and names written by hand: the tables of `data/gazetteer/supplement`, one for each theatre.
//!
//! Tab-separated with a header; columns `id` (without one the name makes it), `name` (what people are shown),
//! `names` (other forms: `lang=form;lang=form`, `*` for any language), `kind` (a kind of place, or `alias`),
//! `country` (several with commas: the first one counts), `parent` (name of the next larger place), `lat`,
//! `lon`, `radius_km` (how far the truth may lie) and perhaps `population`; `basis` says how the fact is
//! known, and `declared` what `tests/supplement.rs` would else object to. Lines that begin with `#` are
//! comments.
//!
//! An `alias` renames a place there is and adds names to it: the country or division of that id
//! (`country:SY`, `admin1:SY.09`), else a place with one of the row's names, else the nearest town. So does a
//! settlement that is there already, and a country, division or continent of the same name; anything else is
//! a new place.

mod parents;
mod row;

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use super::cities::settlement_radius;
use super::draft::{Draft, Drafts, Id};
use super::polygons::Outlines;
use super::report::{BuildError, Summary};
use crate::domain::PlaceKind;
use crate::text::fold;
use row::Row;

pub(super) use parents::{Child, find as find_parents};

/// A settlement of the same name this near (km) is the same one.
const SAME_PLACE_KM: f64 = 5.0;

/// Adds the rows of a table, or of all tables of a folder, to the drafts; the new places that name a parent.
pub(super) fn draft(
    path: &Path,
    outlines: &Outlines,
    drafts: &mut Drafts,
    summary: &mut Summary,
) -> Result<Vec<Child>, BuildError> {
    let mut rows = Vec::new();
    for table in tables(path)? {
        rows.extend(row::read(&table, drafts, summary)?);
    }
    // New places first: an alias may rename one.
    rows.sort_by_key(|row| row.kind.is_none());
    let mut slugs = HashSet::new();
    let mut children = Vec::new();
    for row in rows {
        let (parent, source) = (row.parent.clone(), row.source.clone());
        if let Some(place) = add(row, outlines, drafts, &mut slugs, summary) {
            children.push(Child {
                place,
                parent,
                source,
            });
        }
    }
    Ok(children)
}

/// The table, or those of the folder in the order of their names.
fn tables(path: &Path) -> Result<Vec<PathBuf>, BuildError> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let entries = std::fs::read_dir(path).map_err(BuildError::file(path))?;
    let mut tables: Vec<PathBuf> = entries
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "tsv"))
        .collect();
    tables.sort();
    if tables.is_empty() {
        return Err(BuildError::source(path, "no table (.tsv) in the folder"));
    }
    Ok(tables)
}

/// Adds a row; the index of the new place, if it is one.
fn add(
    row: Row,
    outlines: &Outlines,
    drafts: &mut Drafts,
    slugs: &mut HashSet<String>,
    summary: &mut Summary,
) -> Option<usize> {
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
        return None;
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
    Some(drafts.list.len() - 1)
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
