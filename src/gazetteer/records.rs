use std::collections::HashMap;

use super::image::{Bytes, u16_at, u32_at};
use super::{Gazetteer, PlaceRef};
use crate::domain::{Place, PlaceKind, Point};

/// Stands for "no country" and "no division".
pub(super) const NONE: u16 = u16::MAX;
/// Stands for "nothing larger is known that it lies in".
pub(super) const NO_PARENT: u32 = u32::MAX;
/// Flag: seat of its country's government.
pub(super) const CAPITAL: u8 = 1;
/// Flag: the id is written out before the names; without it the number is a GeoNames id.
pub(super) const WRITTEN_ID: u8 = 2;
/// Degrees are kept as whole numbers of this many parts: 11 m, finer than any of the sources is right, and
/// 0.2 MB smaller packed than tenths of that.
pub(super) const DEGREE: f64 = 1e4;
/// Radii are kept in tenths of a kilometre.
pub(super) const RADIUS_PER_KM: f64 = 10.0;
/// No place lies deeper than this; a circle in a source's hierarchy must not hang a look-up.
const DEEPEST: usize = 12;
/// Bytes of one value of each column, in the order that the columns are written.
pub(super) const COLUMNS: [usize; 11] = [4, 4, 4, 4, 4, 4, 2, 2, 2, 1, 1];
/// Bytes of one place over all columns.
const WIDTH: usize = 32;

/// Where each column begins, as a multiple of the number of places.
mod column {
    pub(super) const ID: usize = 0;
    pub(super) const LAT: usize = 4;
    pub(super) const LON: usize = 8;
    pub(super) const POPULATION: usize = 12;
    pub(super) const NAMES: usize = 16;
    pub(super) const PARENT: usize = 20;
    pub(super) const COUNTRY: usize = 24;
    pub(super) const ADMIN1: usize = 26;
    pub(super) const RADIUS: usize = 28;
    pub(super) const KIND: usize = 30;
    pub(super) const FLAGS: usize = 31;
}

/// The places: columns of numbers, and their names for people.
#[derive(Debug)]
pub(super) struct Records {
    columns: Bytes,
    strings: Bytes,
    count: usize,
}

impl Records {
    pub(super) fn new(columns: Bytes, strings: Bytes) -> Self {
        let count = columns.as_ref().len() / WIDTH;
        Self {
            columns,
            strings,
            count,
        }
    }

    pub(super) fn count(&self) -> usize {
        self.count
    }

    fn wide(&self, column: usize, place: PlaceRef) -> u32 {
        let at = column * self.count + place.0 as usize * 4;
        u32_at(self.columns.as_ref(), at)
    }

    fn narrow(&self, column: usize, place: PlaceRef) -> u16 {
        let at = column * self.count + place.0 as usize * 2;
        u16_at(self.columns.as_ref(), at)
    }

    fn byte(&self, column: usize, place: PlaceRef) -> u8 {
        let at = column * self.count + place.0 as usize;
        self.columns.as_ref().get(at).copied().unwrap_or_default()
    }

    fn has(&self, flag: u8, place: PlaceRef) -> bool {
        self.byte(column::FLAGS, place) & flag != 0
    }

    /// The strings of a place from its id or main name on.
    fn strings(&self, place: PlaceRef) -> Strings<'_> {
        let at = self.wide(column::NAMES, place) as usize;
        Strings {
            rest: self.strings.as_ref().get(at..).unwrap_or_default(),
        }
    }

    fn id(&self, place: PlaceRef) -> String {
        if self.has(WRITTEN_ID, place) {
            self.strings(place).next_string().to_owned()
        } else {
            format!("geonames:{}", self.wide(column::ID, place))
        }
    }

    /// The strings of a place from its main name on.
    fn names(&self, place: PlaceRef) -> Strings<'_> {
        let mut strings = self.strings(place);
        if self.has(WRITTEN_ID, place) {
            strings.next_string();
        }
        strings
    }
}

/// Strings one behind the other, each with its length in a byte before it.
struct Strings<'a> {
    rest: &'a [u8],
}

impl<'a> Strings<'a> {
    fn next_byte(&mut self) -> u8 {
        let Some((first, rest)) = self.rest.split_first() else {
            return 0;
        };
        self.rest = rest;
        *first
    }

    fn next_string(&mut self) -> &'a str {
        let length = usize::from(self.next_byte());
        let (string, rest) = self.rest.split_at_checked(length).unwrap_or_default();
        self.rest = rest;
        std::str::from_utf8(string).unwrap_or_default()
    }
}

/// The countries of an image: few, so they are read once.
#[derive(Debug, Default)]
pub(super) struct Countries {
    list: Vec<Country>,
    by_code: HashMap<String, usize>,
}

#[derive(Debug)]
struct Country {
    code: String,
    place: PlaceRef,
    neighbours: Vec<String>,
}

impl Countries {
    /// Reads the section; lines are in the order that records number countries.
    pub(super) fn read(section: &[u8]) -> Self {
        let mut countries = Self::default();
        for line in String::from_utf8_lossy(section).lines() {
            let mut fields = line.split('\t');
            let code = fields.next().unwrap_or_default().to_owned();
            let place = fields.next().and_then(|field| field.parse().ok());
            let neighbours = fields.next().unwrap_or_default();
            countries.by_code.insert(code.clone(), countries.list.len());
            countries.list.push(Country {
                code,
                place: PlaceRef(place.unwrap_or_default()),
                neighbours: neighbours
                    .split(',')
                    .filter(|code| !code.is_empty())
                    .map(str::to_owned)
                    .collect(),
            });
        }
        countries
    }

    fn get(&self, code: &str) -> Option<&Country> {
        self.by_code.get(code).map(|index| &self.list[*index])
    }

    pub(super) fn len(&self) -> usize {
        self.list.len()
    }
}

impl Gazetteer {
    /// Everything known of a place.
    pub fn place(&self, place: PlaceRef) -> Place {
        Place {
            id: self.id(place),
            name: self.main_name(place).to_owned(),
            kind: self.kind(place),
            point: self.point(place),
            radius_km: self.radius_km(place),
            country: self.country_of(place).map(str::to_owned),
            admin1: self
                .admin1_of(place)
                .map(|division| self.main_name(division).to_owned()),
            population: self.population(place),
        }
    }

    /// All places: countries and groups of them, divisions, settlements by country, the supplement.
    pub fn places(&self) -> impl Iterator<Item = PlaceRef> + use<> {
        (0..self.image.records.count() as u32).map(PlaceRef)
    }

    /// `geonames:170654`, `sitmap:hmeimim`, `country:SY`, `admin1:SY.09`, `continent:150`.
    pub fn id(&self, place: PlaceRef) -> String {
        self.image.records.id(place)
    }

    /// The place of an id. Looks at every place where the id is not a country's: not for use in a loop.
    pub fn by_id(&self, id: &str) -> Option<PlaceRef> {
        if let Some(code) = id.strip_prefix("country:") {
            return self.country(code);
        }
        if let Some(number) = id.strip_prefix("geonames:") {
            let number: u32 = number.parse().ok()?;
            return self
                .places()
                .find(|place| self.geonames_number(*place) == Some(number));
        }
        let written = |place: &PlaceRef| self.image.records.has(WRITTEN_ID, *place);
        self.places()
            .filter(written)
            .find(|place| self.id(*place) == id)
    }

    /// English or international name.
    pub fn main_name(&self, place: PlaceRef) -> &str {
        self.image.records.names(place).next_string()
    }

    /// What it is.
    pub fn kind(&self, place: PlaceRef) -> PlaceKind {
        let number = self.image.records.byte(column::KIND, place);
        PlaceKind::ALL
            .get(usize::from(number))
            .copied()
            .unwrap_or(PlaceKind::Settlement)
    }

    /// Where it is.
    pub fn point(&self, place: PlaceRef) -> Point {
        let records = &self.image.records;
        let degrees = |column| f64::from(records.wide(column, place).cast_signed()) / DEGREE;
        Point {
            lon: degrees(column::LON),
            lat: degrees(column::LAT),
        }
    }

    /// How far from the point the truth may lie, in kilometres.
    pub fn radius_km(&self, place: PlaceRef) -> f64 {
        f64::from(self.image.records.narrow(column::RADIUS, place)) / RADIUS_PER_KM
    }

    /// Inhabitants; 0 is unknown.
    pub fn population(&self, place: PlaceRef) -> u32 {
        self.image.records.wide(column::POPULATION, place)
    }

    /// ISO 3166-1 alpha-2 code of the country it lies in; its own for a country.
    pub fn country_of(&self, place: PlaceRef) -> Option<&str> {
        let index = self.image.records.narrow(column::COUNTRY, place);
        let country = self.image.countries.list.get(usize::from(index))?;
        Some(&country.code)
    }

    /// The first-order division it lies in; itself for a division.
    pub fn admin1_of(&self, place: PlaceRef) -> Option<PlaceRef> {
        let index = self.image.records.narrow(column::ADMIN1, place);
        (index != NONE).then_some(PlaceRef(u32::from(index)))
    }

    /// The next larger place that it lies in, as far as the sources go: a quarter's town, a village's district
    /// or division, a division's country.
    pub fn parent_of(&self, place: PlaceRef) -> Option<PlaceRef> {
        let parent = self.image.records.wide(column::PARENT, place);
        if parent != NO_PARENT {
            return Some(PlaceRef(parent));
        }
        let division = self.admin1_of(place).filter(|division| *division != place);
        let country = || self.country(self.country_of(place)?);
        division.or_else(country).filter(|larger| *larger != place)
    }

    /// All larger places that it lies in, the smallest first.
    pub fn ancestry(&self, place: PlaceRef) -> impl Iterator<Item = PlaceRef> + '_ {
        std::iter::successors(self.parent_of(place), |larger| self.parent_of(*larger)).take(DEEPEST)
    }

    /// Population for the order of a list: of a town, not of the division that has it again.
    pub(super) fn inhabitants(&self, place: PlaceRef) -> u32 {
        match self.kind(place) {
            PlaceKind::Admin1 => 0,
            _ => self.population(place),
        }
    }

    /// Whether it is the seat of its country's government.
    pub fn is_capital(&self, place: PlaceRef) -> bool {
        self.image.records.has(CAPITAL, place)
    }

    /// A country by ISO 3166-1 alpha-2 code.
    pub fn country(&self, code: &str) -> Option<PlaceRef> {
        self.image.countries.get(code).map(|country| country.place)
    }

    /// The capital of a country by code.
    pub fn capital(&self, code: &str) -> Option<PlaceRef> {
        let all = || {
            self.places()
                .filter(|place| self.is_capital(*place))
                .collect()
        };
        let capitals = self.image.capitals.get_or_init(all);
        let of_country = |place: &&PlaceRef| self.country_of(**place) == Some(code);
        capitals.iter().find(of_country).copied()
    }

    /// Codes of the countries that share a land border with one.
    pub fn neighbours(&self, code: &str) -> &[String] {
        self.image
            .countries
            .get(code)
            .map_or(&[], |country| &country.neighbours)
    }

    /// A place's name in a language, where one is known: for people to read.
    pub fn name_in(&self, place: PlaceRef, language: &str) -> Option<&str> {
        let wanted = self.language_number(language)?;
        let mut strings = self.image.records.names(place);
        let main = strings.next_string();
        let tagged = strings.next_byte();
        for _ in 0..tagged {
            let number = strings.next_byte();
            let name = strings.next_string();
            if number == wanted {
                // A name like the main one is not written twice.
                return Some(if name.is_empty() { main } else { name });
            }
        }
        (language == "en").then_some(main)
    }

    /// The number of a place that is known by one of GeoNames.
    pub(super) fn geonames_number(&self, place: PlaceRef) -> Option<u32> {
        let records = &self.image.records;
        (!records.has(WRITTEN_ID, place)).then(|| records.wide(column::ID, place))
    }

    /// The countries' codes, in the order of their numbers.
    pub(super) fn country_codes(&self) -> Vec<String> {
        let countries = &self.image.countries.list;
        countries
            .iter()
            .map(|country| country.code.clone())
            .collect()
    }

    /// All values of a column, as bytes.
    pub(super) fn column(&self, index: usize) -> &[u8] {
        let records = &self.image.records;
        let before: usize = COLUMNS[..index].iter().sum();
        let columns = records.columns.as_ref();
        let values = before * records.count..(before + COLUMNS[index]) * records.count;
        columns.get(values).unwrap_or_default()
    }

    /// The section of countries, as bytes.
    pub(super) fn countries_section(&self) -> &[u8] {
        self.image.country_lines.as_ref()
    }

    /// The section of polygons, as bytes.
    pub(super) fn areas_section(&self) -> &[u8] {
        self.image.areas.as_ref()
    }

    /// The names of all places for people, as bytes.
    pub(super) fn strings(&self) -> &[u8] {
        self.image.records.strings.as_ref()
    }

    /// The languages that names are tagged with, in the order of their numbers.
    pub(super) fn languages(&self) -> impl Iterator<Item = &str> {
        self.meta("languages").unwrap_or_default().split(',')
    }

    /// The number by which records know a country.
    pub(super) fn country_number(&self, code: &str) -> Option<u16> {
        let number = self.image.countries.by_code.get(code)?;
        u16::try_from(*number).ok()
    }

    /// The number of the country that a place lies in.
    pub(super) fn country_number_of(&self, place: PlaceRef) -> u16 {
        self.image.records.narrow(column::COUNTRY, place)
    }

    fn language_number(&self, language: &str) -> Option<u8> {
        let number = self.languages().position(|known| known == language)?;
        u8::try_from(number).ok()
    }
}
