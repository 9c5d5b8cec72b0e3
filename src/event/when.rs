use std::ops::Range;

use super::features::is_trigger;
use super::roles::ends_clause;
use super::units::{Kind, Unit};
use crate::domain::{DateBasis, DatePrecision, Interval, PartialDate, Status};
use crate::temporal::DateMention;

/// An event's date, as the event model has it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct When {
    pub(super) edtf: Option<String>,
    pub(super) interval: Option<Interval>,
    pub(super) precision: DatePrecision,
    pub(super) basis: DateBasis,
}

impl When {
    const UNKNOWN: Self = Self {
        edtf: None,
        interval: None,
        precision: DatePrecision::Unknown,
        basis: DateBasis::None,
    };

    /// Of what is over in a moment, only the end that is named counts: "in their hands since May".
    fn of(date: &DateMention, punctual: bool) -> Self {
        if let Some(bound) = date.bound.as_ref().filter(|_| punctual) {
            return Self {
                edtf: Some(bound.edtf.clone()),
                interval: bound.interval,
                precision: bound.precision,
                basis: date.basis,
            };
        }
        Self {
            edtf: Some(date.edtf.clone()),
            interval: date.interval,
            precision: date.precision,
            basis: date.basis,
        }
    }

    fn published(date: PartialDate) -> Self {
        Self {
            edtf: Some(date.to_string()),
            interval: Some(date.interval()),
            precision: date.precision(),
            basis: DateBasis::Published,
        }
    }
}

/// What the choice of a date hangs on besides the sentence.
pub(super) struct Setting<'a> {
    pub(super) dates: &'a [DateMention],
    pub(super) published: Option<PartialDate>,
    /// The date that the sentences before have set.
    pub(super) carried: Option<&'a DateMention>,
    /// The day that the sentence is told under.
    pub(super) scene: Option<&'a DateMention>,
    /// The event is told as background: without a date of its own it has none.
    pub(super) background: bool,
    /// The action is over in a moment.
    pub(super) punctual: bool,
}

/// The date of the event whose trigger is at unit `at` and whose first place is at unit `place`.
pub(super) fn when(
    units: &[Unit],
    at: usize,
    places: &[usize],
    status: Status,
    setting: &Setting<'_>,
) -> When {
    if let Some(date) = beside(units, places).or_else(|| in_sentence(units, at, places)) {
        return When::of(&setting.dates[date], setting.punctual);
    }
    if status == Status::Planned {
        return When::UNKNOWN;
    }
    if setting.background && status != Status::Ongoing {
        return setting
            .carried
            .filter(|_| !units.iter().any(|unit| matches!(unit.kind, Kind::Date(_))))
            .map_or(When::UNKNOWN, |date| When::of(date, setting.punctual));
    }
    let scene = setting.scene.map(|date| When::of(date, setting.punctual));
    scene
        .or_else(|| setting.published.map(When::published))
        .unwrap_or(When::UNKNOWN)
}

/// A date of the place's own: "Ramadi, en décembre, puis Hit en avril".
fn beside(units: &[Unit], places: &[usize]) -> Option<usize> {
    let [place] = places else { return None };
    units[place + 1..]
        .iter()
        .take(3)
        .find_map(|unit| match unit.kind {
            Kind::Date(date) => Some(Some(date)),
            Kind::Mark(',' | ')') | Kind::Marker(_) => None,
            _ => Some(None),
        })?
}

/// The date nearest to the trigger: in its clause if there is one, else in a clause that sets the scene.
fn in_sentence(units: &[Unit], at: usize, places: &[usize]) -> Option<usize> {
    let clause = clause(units, at);
    let nearest = |range: Range<usize>| {
        let dates = units[range.clone()]
            .iter()
            .zip(range)
            .filter_map(|(unit, index)| match unit.kind {
                Kind::Date(date) => Some((index, date)),
                _ => None,
            });
        dates
            .min_by_key(|(index, _)| index.abs_diff(at) * 2 + usize::from(*index < at))
            .map(|(_, date)| date)
    };
    if let Some(date) = nearest(clause.clone()) {
        return Some(date);
    }
    // A date right behind the place, set off by a comma: "Gossi, le 19 avril".
    if let Some(last) = places.iter().max()
        && let Some(date) = units[*last..]
            .iter()
            .take(4)
            .find_map(|unit| match unit.kind {
                Kind::Date(date) => Some(date),
                _ => None,
            })
    {
        return Some(date);
    }
    // A sentence's first words set the scene for all of it.
    let first = units.iter().take(3).find_map(|unit| match unit.kind {
        Kind::Date(date) => Some(date),
        _ => None,
    });
    let other_events = units[..clause.start].iter().any(is_trigger);
    let before = || nearest(0..clause.start).filter(|_| !other_events);
    first.or_else(before).or_else(|| lone(units, at))
}

/// The sentence's only date, where no other event stands nearer to it.
fn lone(units: &[Unit], at: usize) -> Option<usize> {
    let mut dates = units
        .iter()
        .enumerate()
        .filter_map(|(index, unit)| match unit.kind {
            Kind::Date(date) => Some((index, date)),
            _ => None,
        });
    let (index, date) = dates.next()?;
    let between = index.min(at) + 1..index.max(at);
    let beyond = units[index..]
        .iter()
        .take_while(|unit| !matches!(unit.kind, Kind::Mark(_)));
    let other = |unit: &Unit| is_trigger(unit);
    (dates.next().is_none()
        && !units[between].iter().any(other)
        && !(index > at && beyond.into_iter().any(other)))
    .then_some(date)
}

/// The units of the trigger's clause; of a noun, that of the verb that governs it: "on 6 January they completed the
/// liberation of X".
fn clause(units: &[Unit], at: usize) -> Range<usize> {
    let opening = |at: usize| {
        units[..at]
            .iter()
            .rposition(|unit| ends_clause(unit, false))
    };
    let noun = matches!(units[at].kind, Kind::Noun(_));
    let governed = opening(at).filter(|open| noun && matches!(units[*open].kind, Kind::Verb(_)));
    let start = governed.map_or_else(|| opening(at), opening);
    let start = start.map_or(0, |i| i + 1);
    let end = at
        + 1
        + units[at + 1..]
            .iter()
            .take_while(|unit| matches!(unit.kind, Kind::Noun(_)) || !ends_clause(unit, true))
            .count();
    start..end
}
