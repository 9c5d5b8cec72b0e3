use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::kinship::Kinship;
use super::rank::Rank;
use crate::domain::{Action, DateBasis, DatePrecision, EventRecord, Point, day_number};

/// The least radius, in kilometres: towns have an extent, and gazetteers differ by a street or two.
const LEAST_REACH_KM: f64 = 1.0;
/// UCDP's `where_prec` from which a place is a country or more.
const COUNTRY: u8 = 6;

/// Actions that different reports give to one happening.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    /// Offensive, advance, clash, siege.
    Fighting = 0,
    /// Withdrawal, evacuation.
    Leaving = 1,
    /// Capture, deployment.
    Holding = 2,
    /// Strike.
    Striking = 3,
}

impl Family {
    /// How many there are.
    pub(super) const COUNT: usize = 4;

    const fn of(action: Action) -> Self {
        match action {
            Action::Offensive | Action::Advance | Action::Clash | Action::Siege => Self::Fighting,
            Action::Withdrawal | Action::Evacuation => Self::Leaving,
            Action::Capture | Action::Deployment => Self::Holding,
            Action::Strike => Self::Striking,
        }
    }

    /// Whether it may well happen again at the same place the day after: a town is left or taken once.
    pub(super) const fn recurs(self) -> bool {
        matches!(self, Self::Fighting | Self::Striking)
    }
}

/// A side, by the numbers of its id and of its name; 0 is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Side {
    pub(super) id: u32,
    pub(super) name: u32,
}

impl Side {
    pub(super) const fn is_known(self) -> bool {
        self.id != 0 || self.name != 0
    }
}

/// What of an event decides where it belongs. Words are numbers in [`Words`].
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Facts {
    pub(super) article: u32,
    pub(super) action: Action,
    pub(super) family: Family,
    pub(super) actor: Side,
    pub(super) counterpart: Side,
    pub(super) place: u32,
    pub(super) as_written: u32,
    pub(super) point: Option<Point>,
    /// How far from the point another report's point may lie, in kilometres.
    pub(super) reach_km: f64,
    pub(super) precision: u8,
    /// First and last day, as days since 1970-01-01.
    pub(super) days: Option<(i32, i32)>,
    /// The date's words, which an undated event may have ("XXXX-10-17").
    pub(super) date: u32,
    /// Whether the text itself gives the day.
    pub(super) states_day: bool,
    /// Hash of the sentence, letter by letter.
    pub(super) sentence: u64,
    pub(super) rank: Rank,
}

impl Facts {
    pub(super) fn new(event: &EventRecord, words: &mut Words, kinship: &Kinship) -> Self {
        let mut number = |text: &Option<String>| text.as_deref().map_or(0, |t| words.number(t));
        let small = |text: &Option<String>| text.as_ref().map(|text| text.to_lowercase());
        let point = event.point.filter(|point| point.is_on_globe());
        let days = event.start.map(|start| {
            let end = event.end.unwrap_or(start).max(start);
            (day_number(start), day_number(end))
        });
        let basis = event.date_basis;
        let hash = blake3::hash(event.quote.as_bytes());
        let sentence = hash.as_bytes().first_chunk().copied().unwrap_or_default();
        Self {
            article: number(&Some(event.article.clone())),
            action: event.action,
            family: Family::of(event.action),
            actor: Side {
                id: number(&event.actor_id),
                name: number(&small(&event.actor)),
            },
            counterpart: Side {
                id: number(&event.counterpart_id),
                name: number(&small(&event.counterpart)),
            },
            place: number(&event.place_id),
            as_written: number(&small(&event.place_as_written)),
            point,
            reach_km: reach_km(event),
            precision: event.geo_precision,
            days,
            date: number(&event.date),
            states_day: event.date_precision == DatePrecision::Day
                && matches!(basis, DateBasis::Explicit | DateBasis::Relative),
            sentence: u64::from_le_bytes(sentence),
            rank: Rank::new(event, point.is_some(), days, kinship),
        }
    }
}

/// A country's circle holds thousands of happenings: it fits only the country itself.
fn reach_km(event: &EventRecord) -> f64 {
    let radius = event
        .radius_km
        .filter(|km| km.is_finite() && event.geo_precision < COUNTRY);
    radius.map_or(LEAST_REACH_KM, |km| km.max(LEAST_REACH_KM))
}

/// The words that facts are made of, numbered from 1.
#[derive(Debug, Default)]
pub(super) struct Words {
    numbers: FxHashMap<Arc<str>, u32>,
    texts: Vec<Arc<str>>,
}

impl Words {
    pub(super) fn number(&mut self, text: &str) -> u32 {
        if let Some(known) = self.find(text) {
            return known;
        }
        let text: Arc<str> = text.into();
        self.texts.push(Arc::clone(&text));
        let number = self.texts.len() as u32;
        self.numbers.insert(text, number);
        number
    }

    pub(super) fn find(&self, text: &str) -> Option<u32> {
        self.numbers.get(text).copied()
    }

    /// The word of a number; of 0, nothing.
    pub(super) fn text(&self, number: u32) -> &str {
        let at = (number as usize).checked_sub(1);
        at.and_then(|at| self.texts.get(at)).map_or("", |text| text)
    }
}
