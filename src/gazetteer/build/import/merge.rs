//! What was read, put together with the base: places that are there already are given the new names.

use std::collections::HashMap;
use std::iter::Peekable;
use std::path::Path;

use super::record::{NameOf, Record};
use super::{Imported, Intake};
use crate::domain::PlaceKind;
use crate::gazetteer::build::designators::Designators;
use crate::gazetteer::build::draft::{Draft, Id};
use crate::gazetteer::build::report::{BuildError, Summary};
use crate::gazetteer::build::write::{Frame, Spool, Writer};
use crate::gazetteer::records::NO_PARENT;
use crate::gazetteer::{Gazetteer, PlaceRef};

/// A place of one of the same names this near (km) is the same one.
const SAME_KM: f64 = 5.0;
/// Names that one place keeps: beyond that a source's list is a mistake.
const MOST_NAMES: usize = 400;

/// Writes the image.
pub(super) fn write(
    intake: Intake<'_>,
    base: &Gazetteer,
    designators: Designators,
    output: &Path,
) -> Result<Imported, BuildError> {
    let Intake {
        records,
        names,
        parents,
        mut imported,
        progress,
        ..
    } = intake;
    let failed = || BuildError::file(output);
    progress("sorting", imported.rows);
    let mut writer = Writer::new(output, designators)?;
    writer.copy(base)?;
    let known = Known::of(base);
    let mut names = names.done().map_err(failed())?.peekable();
    // By key, the numbers of the places that others lie in.
    let mut numbers = HashMap::<u64, u32>::new();
    let mut parent_keys = Spool::beside(output).map_err(failed())?;
    let mut last_key = 0;
    let mut done = 0u64;
    for record in records.done().map_err(failed())? {
        let record = record.map_err(failed())?;
        // A place that a source gives twice is one.
        if record.key == last_key {
            continue;
        }
        last_key = record.key;
        let draft = draft(
            &record,
            names_of(record.key, &mut names).map_err(failed())?,
            &known,
            base,
        );
        let country = base.country_number(&record.country).map(usize::from);
        let number = if let Some(place) = known.find(&record, &draft, base) {
            let there = Draft {
                population: base.population(place),
                ..draft
            };
            let country = Some(usize::from(base.country_number_of(place)));
            writer.add_names(
                place.0,
                &there,
                country.filter(|number| *number < known.codes.len()),
            )?;
            imported.merged += 1;
            place.0
        } else {
            imported.added += 1;
            parent_keys
                .write(&record.parent.unwrap_or(0).to_le_bytes())
                .map_err(failed())?;
            writer.add(&draft, country)?
        };
        for key in [Some(record.key), record.alias].into_iter().flatten() {
            if parents.contains(&key) {
                numbers.insert(key, number);
            }
        }
        done += 1;
        if done.is_multiple_of(1 << 14) {
            progress("merging", done);
        }
    }
    progress("writing", done);
    writer.set_parents(parent_keys, |key| {
        numbers.get(&key).copied().unwrap_or(NO_PARENT)
    })?;
    let mut sources: Vec<String> = base.info().sources;
    sources.push(imported.source.clone());
    let frame = Frame {
        sources,
        countries: base.countries_section().to_vec(),
        areas: base.areas_section().to_vec(),
    };
    let mut summary = Summary::default();
    writer.finish(&frame, &known.codes, &mut summary)?;
    imported.places = summary.kinds.iter().map(|(_, count)| count).sum();
    imported.bytes = summary.bytes;
    Ok(imported)
}

/// The names of a place: those of keys before it belong to places that were left out.
fn names_of<E>(
    key: u64,
    names: &mut Peekable<impl Iterator<Item = Result<NameOf, E>>>,
) -> Result<Vec<NameOf>, E> {
    let mut own = Vec::new();
    while let Some(next) = names.next_if(|name| name.as_ref().map_or(true, |name| name.key <= key))
    {
        let next = next?;
        if next.key == key && own.len() < MOST_NAMES {
            own.push(next);
        }
    }
    Ok(own)
}

fn draft(record: &Record, names: Vec<NameOf>, known: &Known, base: &Gazetteer) -> Draft {
    let id = match record.geonames {
        Some(number) => Id::GeoNames(number),
        None => Id::Written(format!("whosonfirst:{}", record.key)),
    };
    let mut draft = Draft::new(id, record.kind, &record.name, record.point);
    draft.radius_km = record.radius_km;
    draft.population = record.population;
    draft.country = Some(record.country.clone()).filter(|code| !code.is_empty());
    draft.admin1 = known.divisions.get(&record.division).copied().or_else(|| {
        // Many rivers and ranges have no division in the source because they have several.
        let one = record.kind.is_point() || record.kind == PlaceKind::Admin2;
        let country = base.country_number(&record.country).filter(|_| one)?;
        Some(base.division_at(record.point, country)?.0 as usize)
    });
    for name in names {
        match name.language {
            Some(language) => draft.add(language, &name.name),
            None => draft.others.push(name.name),
        }
    }
    draft
}

/// The places of the base by what a source knows of them.
struct Known {
    /// Numbers of GeoNames with their places, sorted.
    geonames: Vec<(u32, PlaceRef)>,
    /// `SY.09` → its division.
    divisions: HashMap<String, usize>,
    /// The countries' codes by number.
    codes: Vec<String>,
}

impl Known {
    fn of(base: &Gazetteer) -> Self {
        let mut known = Self {
            geonames: Vec::new(),
            divisions: HashMap::new(),
            codes: base.country_codes(),
        };
        for place in base.places() {
            if let Some(number) = base.geonames_number(place) {
                known.geonames.push((number, place));
            } else if base.kind(place) == PlaceKind::Admin1 {
                let id = base.id(place);
                if let Some(code) = id.strip_prefix("admin1:") {
                    known.divisions.insert(code.to_owned(), place.0 as usize);
                }
            }
        }
        known.geonames.sort_unstable();
        known
    }

    /// The place of the base that a record is: by its number, as a country or division, or by name and place.
    fn find(&self, record: &Record, draft: &Draft, base: &Gazetteer) -> Option<PlaceRef> {
        if let Some(number) = record.geonames
            && let Ok(at) = self.geonames.binary_search_by_key(&number, |entry| entry.0)
        {
            return Some(self.geonames[at].1);
        }
        match record.kind {
            PlaceKind::Country => base.country(&record.country),
            PlaceKind::Admin1 => {
                let coded = self.divisions.get(&record.division);
                let place = coded.map(|index| PlaceRef(*index as u32));
                place
                    .or_else(|| base.locate(record.point).1)
                    .filter(|place| base.country_of(*place) == Some(&record.country))
            }
            _ => draft.main_names().find_map(|name| {
                let found = base.lookup(name, None);
                let near = found.into_iter().find(|found| {
                    let km = found.place.point.distance_km(record.point);
                    found.place.kind.is_point() == record.kind.is_point()
                        && km <= SAME_KM
                        && base.geonames_number(found.reference).is_none()
                        && !matches!(found.place.kind, PlaceKind::Country | PlaceKind::Admin1)
                });
                near.map(|found| found.reference)
            }),
        }
    }
}
