//! The dump that geonames.org offers: tab-separated, a row a line, no quoting.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use smallvec::SmallVec;

use super::Intake;
use super::features::Features;
use super::lines::{Line, LineOf, Lines};
use super::record::{NameOf, Record};
use crate::domain::{PlaceKind, Point};
use crate::gazetteer::build::cities::settlement_radius;
use crate::gazetteer::build::designators::language_number;
use crate::gazetteer::build::names::{is_readable, is_written};
use crate::gazetteer::build::report::BuildError;

const WORLD: &str = "allCountries.txt";
const NAMES: &str = "alternateNamesV2.txt";
const DIVISIONS: [&str; 2] = ["admin1CodesASCII.txt", "admin2Codes.txt"];
const COUNTRIES: &str = "countryInfo.txt";
const HIERARCHY: &str = "hierarchy.txt";
/// Columns of the main table, and of the names'.
const COLUMNS: usize = 19;
const NAME_COLUMNS: usize = 4;
/// Set in a key that stands for a code ("SY.09.123") and not for a number of GeoNames.
const CODE: u64 = 1 << 63;
/// A division of the second order is known to its places by its code.
const SECOND: &str = "ADM2";
/// The type of rows in the hierarchy that only repeat the codes.
const BY_CODE: &str = "ADM";
/// Languages of names that are none: links, post and airport codes, identifiers.
const NO_NAMES: [&str; 12] = [
    "link", "post", "iata", "icao", "faac", "fr_1793", "abbr", "wkdt", "tcid", "unlc", "uicn",
    "phon",
];

/// Whether a folder holds such a dump.
pub(super) fn is_dump(folder: &Path) -> Result<bool, BuildError> {
    Ok(!tables(folder)?.is_empty())
}

/// The main tables of a folder: the whole world's, or those of countries.
fn tables(folder: &Path) -> Result<Vec<PathBuf>, BuildError> {
    let whole = folder.join(WORLD);
    if whole.is_file() {
        return Ok(vec![whole]);
    }
    let is_country = |path: &PathBuf| {
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default();
        let code = name.strip_suffix(".txt").unwrap_or_default();
        code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase())
    };
    let entries = std::fs::read_dir(folder).map_err(BuildError::file(folder))?;
    let mut tables: Vec<_> = entries
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .filter(is_country)
        .collect();
    tables.sort();
    Ok(tables)
}

/// Reads all tables of the folder.
pub(super) fn read(folder: &Path, intake: &mut Intake<'_>) -> Result<(), BuildError> {
    "GeoNames, CC BY 4.0".clone_into(&mut intake.imported.source);
    let features = Features::of("geonames")?;
    let hierarchy = hierarchy(&folder.join(HIERARCHY), intake)?;
    let names = folder.join(NAMES);
    let mut kept = Kept::default();
    for table in tables(folder)? {
        each_row(&table, intake, |fields, place, intake| {
            place_row(
                fields,
                place,
                &features,
                &hierarchy,
                !names.is_file(),
                &mut kept,
                intake,
            )
        })?;
    }
    each_row(&names, intake, |fields, place, intake| {
        name_row(fields, place, &kept, intake)
    })?;
    for table in DIVISIONS {
        each_row(&folder.join(table), intake, |fields, place, intake| {
            let [_, name, _, number] = fields else {
                intake.refuse(place, "four columns are expected");
                return Ok(());
            };
            further_name(number, name, &kept, intake)
        })?;
    }
    each_row(&folder.join(COUNTRIES), intake, |fields, place, intake| {
        let (Some(name), Some(number)) = (fields.get(4), fields.get(16)) else {
            intake.refuse(place, "17 columns or more are expected");
            return Ok(());
        };
        further_name(number, name, &kept, intake)
    })
}

/// Calls `visit` with the columns of every row, and its file and line. A file that is not there has none.
fn each_row(
    path: &Path,
    intake: &mut Intake<'_>,
    mut visit: impl FnMut(&[&str], &LineOf<'_>, &mut Intake<'_>) -> Result<(), BuildError>,
) -> Result<(), BuildError> {
    if !path.is_file() {
        return Ok(());
    }
    let what = path
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let mut lines = Lines::open(path).map_err(BuildError::file(path))?;
    while let Some((number, line)) = lines.next().map_err(BuildError::file(path))? {
        let place = LineOf { path, number };
        match line {
            Line::Text(text) if text.is_empty() || text.starts_with('#') => continue,
            Line::Text(text) => {
                let fields: SmallVec<[&str; COLUMNS]> = text.split('\t').collect();
                visit(&fields, &place, intake)?;
            }
            Line::Bad(message) => intake.refuse(&place, message),
        }
        intake.row(&what);
    }
    Ok(())
}

/// A row of the main table.
fn place_row(
    fields: &[&str],
    place: &LineOf<'_>,
    features: &Features,
    hierarchy: &HashMap<u32, u32>,
    with_names: bool,
    kept: &mut Kept,
    intake: &mut Intake<'_>,
) -> Result<(), BuildError> {
    if fields.len() != COLUMNS {
        let found = fields.len();
        intake.refuse(
            place,
            format!("{COLUMNS} columns are expected; this has {found}"),
        );
        return Ok(());
    }
    let (Ok(number), Ok(lat), Ok(lon)) = (
        fields[0].parse::<u32>(),
        fields[4].parse::<f64>(),
        fields[5].parse::<f64>(),
    ) else {
        intake.refuse(
            place,
            "no number, latitude and longitude in columns 1, 5 and 6",
        );
        return Ok(());
    };
    if number == 0 || lat.abs() > 90.0 || lon.abs() > 180.0 {
        intake.refuse(place, "off the globe, or without a number");
        return Ok(());
    }
    let (name, code, country) = (fields[1], fields[7], fields[8]);
    let Some(feature) = features
        .get(code)
        .filter(|feature| intake.wants(country, feature.kind))
    else {
        intake.imported.filtered += 1;
        return Ok(());
    };
    if !is_readable(name) {
        intake.refuse(place, format!("the name {name:?} cannot be used"));
        return Ok(());
    }
    let population = fields[14].parse::<u64>().unwrap_or(0);
    let population = u32::try_from(population).unwrap_or(u32::MAX);
    let key = u64::from(number);
    let second = (!fields[11].is_empty()).then(|| code_key(country, fields[10], fields[11]));
    let is_second = code == SECOND;
    let larger = hierarchy.get(&number).map(|parent| u64::from(*parent));
    let division = if fields[10].is_empty() {
        String::new()
    } else {
        format!("{country}.{}", fields[10])
    };
    kept.insert(number);
    if with_names {
        for name in fields[3].split(',').filter(|name| is_written(name)) {
            intake.add_name(NameOf {
                key,
                rank: 2,
                language: None,
                name: name.to_owned(),
            })?;
        }
    }
    intake.add(Record {
        key,
        geonames: Some(number),
        kind: feature.kind,
        name: name.to_owned(),
        point: Point { lon, lat },
        radius_km: feature
            .radius_km
            .unwrap_or_else(|| settlement_radius(population)),
        population: if feature.kind == PlaceKind::Admin1 {
            0
        } else {
            population
        },
        country: country.to_owned(),
        division,
        parent: larger.or(second.filter(|_| !is_second)),
        alias: second.filter(|_| is_second),
    })
}

/// A row of the table of names.
fn name_row(
    fields: &[&str],
    place: &LineOf<'_>,
    kept: &Kept,
    intake: &mut Intake<'_>,
) -> Result<(), BuildError> {
    let number = fields.get(1).and_then(|field| field.parse::<u32>().ok());
    let (Some(number), true) = (number, fields.len() >= NAME_COLUMNS) else {
        intake.refuse(
            place,
            format!("{NAME_COLUMNS} columns or more are expected, the second a number"),
        );
        return Ok(());
    };
    let (language, name) = (fields[2], fields[3]);
    if !kept.contains(number) || NO_NAMES.contains(&language) || !is_readable(name) {
        return Ok(());
    }
    let is = |column: usize| fields.get(column) == Some(&"1");
    let (preferred, short, colloquial, historic) = (is(4), is(5), is(6), is(7));
    let language = language_number(language).filter(|_| !colloquial && !historic);
    if language.is_none() && !is_written(name) {
        return Ok(());
    }
    intake.add_name(NameOf {
        key: u64::from(number),
        rank: if preferred { 0 } else { 1 + u8::from(short) },
        language,
        name: name.to_owned(),
    })
}

/// The name that a table of codes gives a place.
fn further_name(
    number: &str,
    name: &str,
    kept: &Kept,
    intake: &mut Intake<'_>,
) -> Result<(), BuildError> {
    let Some(number) = number
        .parse()
        .ok()
        .filter(|number| kept.contains(*number) && is_readable(name))
    else {
        return Ok(());
    };
    let key = u64::from(number);
    intake.add_name(NameOf {
        key,
        rank: 3,
        language: None,
        name: name.to_owned(),
    })
}

/// The parents that the hierarchy names and the codes do not.
fn hierarchy(path: &Path, intake: &mut Intake<'_>) -> Result<HashMap<u32, u32>, BuildError> {
    let mut parents = HashMap::new();
    each_row(path, intake, |fields, place, intake| {
        let number = |at: usize| fields.get(at).and_then(|field| field.parse::<u32>().ok());
        match (number(0), number(1)) {
            (Some(parent), Some(child)) if fields.get(2) != Some(&BY_CODE) => {
                parents.insert(child, parent);
            }
            (Some(_), Some(_)) => {}
            _ => intake.refuse(
                place,
                "two numbers are expected, the parent's and the child's",
            ),
        }
        Ok(())
    })?;
    Ok(parents)
}

/// The key that stands for a division's codes.
fn code_key(country: &str, first: &str, second: &str) -> u64 {
    let sum = blake3::hash(format!("{country}.{first}.{second}").as_bytes());
    let bytes = sum.as_bytes().first_chunk().copied().unwrap_or_default();
    u64::from_le_bytes(bytes) | CODE
}

/// The numbers of the places that are kept: a bit each.
#[derive(Debug, Default)]
struct Kept {
    bits: Vec<u64>,
}

impl Kept {
    fn insert(&mut self, number: u32) {
        let word = number as usize / 64;
        if word >= self.bits.len() {
            self.bits.resize(word + 1, 0);
        }
        self.bits[word] |= 1 << (number % 64);
    }

    fn contains(&self, number: u32) -> bool {
        let word = self.bits.get(number as usize / 64);
        word.is_some_and(|word| word & (1 << (number % 64)) != 0)
    }
}
