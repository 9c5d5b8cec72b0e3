//! Who's On First: a GeoJSON file for each place, in folders by its number.

use std::collections::HashMap;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::Value;

use super::Intake;
use super::features::Features;
use super::record::{NameOf, Record};
use crate::domain::Point;
use crate::gazetteer::build::cities::settlement_radius;
use crate::gazetteer::build::names::{LANGUAGES, is_readable, is_written};
use crate::gazetteer::build::report::BuildError;

/// A file beyond this is no place, or one whose outline alone is larger than all that is read of it.
const LARGEST: u64 = 64 << 20;
/// What files are called that hold other outlines of a place.
const OTHER_OUTLINE: &str = "-alt-";
/// No date: the place is still there.
const NO_DATES: [&str; 3] = ["", "uuuu", ".."];
/// ISO 639-3 codes of the languages that are kept, in their order.
const LANGUAGES_3: [&str; LANGUAGES.len()] = [
    "eng", "fra", "ara", "rus", "ukr", "spa", "deu", "tur", "fas", "pus", "kur", "heb", "ita",
    "por", "pol", "nld", "hye", "aze", "kat", "amh", "mya", "urd",
];

/// What is read of a file; its outline is passed over.
#[derive(Debug, Deserialize)]
struct Feature {
    properties: HashMap<String, Value>,
}

/// Reads all files of the folder, in any depth.
pub(super) fn read(folder: &Path, intake: &mut Intake<'_>) -> Result<(), BuildError> {
    "Who's On First, https://whosonfirst.org/docs/licenses".clone_into(&mut intake.imported.source);
    let features = Features::of("whosonfirst")?;
    let mut folders = vec![folder.to_owned()];
    let mut found = false;
    while let Some(next) = folders.pop() {
        let entries = std::fs::read_dir(&next).map_err(BuildError::file(&next))?;
        let mut paths: Vec<PathBuf> = entries
            .filter_map(Result::ok)
            .map(|entry| entry.path())
            .collect();
        paths.sort();
        for path in paths {
            if path.is_dir() {
                folders.push(path);
            } else if is_place(&path) {
                found = true;
                intake.row("Who's On First");
                match parse(&path) {
                    Ok(feature) => take(&feature, &path, &features, intake)?,
                    Err(message) => intake.refuse(&path.display(), message),
                }
            }
        }
    }
    if found {
        return Ok(());
    }
    let expected = "neither a GeoNames dump (allCountries.txt, or SY.txt) nor Who's On First (*.geojson) is in it; \
                    unpack the archive first";
    Err(BuildError::source(folder, expected))
}

fn is_place(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.ends_with(".geojson") && !name.contains(OTHER_OUTLINE)
}

fn parse(path: &Path) -> Result<Feature, String> {
    let mut text = Vec::new();
    let file = File::open(path).map_err(|error| error.to_string())?;
    let read = file
        .take(LARGEST)
        .read_to_end(&mut text)
        .map_err(|error| error.to_string())?;
    if read as u64 == LARGEST {
        return Err(format!("larger than {} MB", LARGEST >> 20));
    }
    serde_json::from_slice(&text).map_err(|error| format!("line {}: {error}", error.line()))
}

fn take(
    feature: &Feature,
    path: &Path,
    features: &Features,
    intake: &mut Intake<'_>,
) -> Result<(), BuildError> {
    let properties = &feature.properties;
    let text = |key: &str| {
        properties
            .get(key)
            .and_then(Value::as_str)
            .unwrap_or_default()
    };
    let number = |key: &str| properties.get(key).and_then(Value::as_f64);
    let whole = |key: &str| {
        properties
            .get(key)
            .and_then(Value::as_i64)
            .filter(|number| *number > 0)
    };
    let is_gone = !NO_DATES.contains(&text("edtf:deprecated"))
        || !NO_DATES.contains(&text("edtf:cessation"))
        || properties
            .get("wof:superseded_by")
            .and_then(Value::as_array)
            .is_some_and(|by| !by.is_empty());
    let country = text("wof:country");
    let kind = features.get(text("wof:placetype"));
    let Some(kind) = kind.filter(|kind| !is_gone && intake.wants(country, kind.kind)) else {
        intake.imported.filtered += 1;
        return Ok(());
    };
    let point = |prefix: &str| {
        let lat = number(&format!("{prefix}:latitude"))?;
        let lon = number(&format!("{prefix}:longitude"))?;
        (lat.abs() <= 90.0 && lon.abs() <= 180.0).then_some(Point { lon, lat })
    };
    let (Some(id), Some(point)) = (whole("wof:id"), point("lbl").or_else(|| point("geom"))) else {
        intake.refuse(
            &path.display(),
            "no wof:id, geom:latitude and geom:longitude",
        );
        return Ok(());
    };
    let name = text("wof:name");
    if !is_readable(name) {
        intake.refuse(&path.display(), format!("wof:name {name:?} cannot be used"));
        return Ok(());
    }
    let key = id.unsigned_abs();
    for (property, values) in properties {
        let Some((language, usual)) = name_property(property) else {
            continue;
        };
        let language = LANGUAGES_3.iter().position(|code| *code == language);
        let names = values
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str);
        for name in
            names.filter(|name| is_readable(name) && (language.is_some() || is_written(name)))
        {
            intake.add_name(NameOf {
                key,
                rank: u8::from(!usual),
                language: language.map(|number| number as u8),
                name: name.to_owned(),
            })?;
        }
    }
    let concordance = properties
        .get("wof:concordances")
        .and_then(|all| all.get("gn:id"));
    let geonames = concordance
        .and_then(Value::as_u64)
        .and_then(|id| u32::try_from(id).ok());
    let population = ["wof:population", "gn:population"]
        .iter()
        .find_map(|key| number(key));
    let population = population.filter(|people| *people > 0.0).unwrap_or(0.0) as u32;
    intake.add(Record {
        key,
        geonames,
        kind: kind.kind,
        name: name.to_owned(),
        point,
        radius_km: kind
            .radius_km
            .unwrap_or_else(|| settlement_radius(population)),
        population,
        country: country.to_owned(),
        division: String::new(),
        parent: whole("wof:parent_id").map(i64::unsigned_abs),
        alias: None,
    })
}

/// The language of a property of names, and whether they are the usual ones: `name:fra_x_preferred`.
fn name_property(property: &str) -> Option<(&str, bool)> {
    let (language, form) = property.strip_prefix("name:")?.split_once("_x_")?;
    match form {
        "preferred" => Some((language, true)),
        "variant" | "colloquial" | "short" => Some((language, false)),
        _ => None,
    }
}
