//! Places while an image is being made.

use std::collections::HashMap;

use super::names::ENGLISH;
use crate::domain::{PlaceKind, Point};

/// Where a place is until its polygon or its cities say so.
pub(super) const NOWHERE: Point = Point { lon: 0.0, lat: 0.0 };

/// Where a place's id comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Id {
    GeoNames(u32),
    Written(String),
}

/// A place before it is written.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    pub(super) id: Id,
    pub(super) kind: PlaceKind,
    pub(super) point: Point,
    pub(super) radius_km: f64,
    pub(super) population: u32,
    /// ISO 3166-1 alpha-2.
    pub(super) country: Option<String>,
    /// Index of its first-order division among the drafts.
    pub(super) admin1: Option<usize>,
    /// Index of the next larger place, where that is known to be another than its division.
    pub(super) parent: Option<usize>,
    pub(super) capital: bool,
    /// English or international name.
    pub(super) name: String,
    /// By number of language; in the order they came.
    pub(super) tagged: Vec<(u8, String)>,
    /// Names that count as main ones, besides those above: for being found only.
    pub(super) main: Vec<String>,
    /// Other names, for being found only.
    pub(super) others: Vec<String>,
}

impl Draft {
    pub(super) fn new(id: Id, kind: PlaceKind, name: &str, point: Point) -> Self {
        Self {
            id,
            kind,
            point,
            radius_km: 0.0,
            population: 0,
            country: None,
            admin1: None,
            parent: None,
            capital: false,
            name: name.to_owned(),
            tagged: Vec::new(),
            main: Vec::new(),
            others: Vec::new(),
        }
    }

    /// Population for the order of a name's places: a town comes before the division that has it again.
    pub(super) fn inhabitants(&self) -> u32 {
        match self.kind {
            PlaceKind::Admin1 => 0,
            _ => self.population,
        }
    }

    /// The names by which it is mainly known.
    pub(super) fn main_names(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.name)
            .chain(self.tagged.iter().map(|(_, name)| name))
            .chain(&self.main)
            .map(String::as_str)
    }

    /// Adds a name in a language. The first one of a language is shown, the others only found.
    pub(super) fn add(&mut self, language: u8, name: &str) {
        if self.tagged.iter().any(|(known, _)| *known == language) {
            self.main.push(name.to_owned());
        } else {
            self.tagged.push((language, name.to_owned()));
        }
    }

    /// Gives it another main name, which is the English one too. It is still found by the old ones.
    pub(super) fn rename(&mut self, name: String) {
        let old = std::mem::replace(&mut self.name, name);
        self.main.push(old);
        let tagged = std::mem::take(&mut self.tagged).into_iter();
        let (english, others): (Vec<_>, _) = tagged.partition(|(language, _)| *language == ENGLISH);
        self.tagged = others;
        self.main.extend(english.into_iter().map(|(_, name)| name));
    }

    /// Takes its names away: a place that nothing says the place of must not be found.
    pub(super) fn hide(&mut self) {
        self.tagged.clear();
        self.main.clear();
        self.others.clear();
        self.name.clear();
    }

    /// Adds names written by hand. They are shown where none was known of their language; in English the main
    /// name is shown.
    pub(super) fn add_written(&mut self, names: Vec<(Option<u8>, String)>) {
        for (language, name) in names {
            match language.filter(|language| *language != ENGLISH) {
                Some(language) => self.add(language, &name),
                None => self.main.push(name),
            }
        }
    }
}

/// All places of an image in the making: countries and groups of them, divisions, then the rest.
#[derive(Debug, Default)]
pub(super) struct Drafts {
    pub(super) list: Vec<Draft>,
    /// Country codes in the order of their numbers.
    pub(super) countries: Vec<String>,
    /// For each of these its neighbours.
    pub(super) neighbours: Vec<Vec<String>>,
    /// Index of a country's draft, by code.
    pub(super) country: HashMap<String, usize>,
    /// Index of a division's draft, by GeoNames code (`SY.09`).
    pub(super) division: HashMap<String, usize>,
    /// Index of the draft of the division that a polygon belongs to.
    pub(super) polygon_owner: HashMap<usize, usize>,
}

impl Drafts {
    /// The number of the country that a draft lies in.
    pub(super) fn country_number(&self, draft: &Draft) -> Option<usize> {
        let code = draft.country.as_ref()?;
        self.countries.binary_search(code).ok()
    }

    /// The image's section of countries, in the order of their numbers.
    pub(super) fn countries_section(&self) -> Vec<u8> {
        let rows = self.countries.iter().zip(&self.neighbours);
        let lines: Vec<_> = rows
            .map(|(code, near)| format!("{code}\t{}\t{}", self.country[code], near.join(",")))
            .collect();
        lines.join("\n").into_bytes()
    }
}
