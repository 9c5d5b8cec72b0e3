use std::fmt;

use jiff::ToSpan;
use jiff::civil::Date;

use crate::domain::{DatePrecision, Interval, PartialDate};

/// A day, month or year of which the year may not be known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Moment {
    pub(super) year: Option<i16>,
    pub(super) month: Option<i8>,
    pub(super) day: Option<i8>,
}

/// A date as EDTF has it: one moment, or from one to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct When {
    pub(super) from: Moment,
    pub(super) to: Option<Moment>,
    /// Only approximately.
    pub(super) about: bool,
}

/// Days that a date given only approximately may lie to either side.
const ABOUT_DAYS: i64 = 3;

impl Moment {
    /// The date it is, once the year is known and the day exists.
    pub(super) fn known(self) -> Option<PartialDate> {
        let date = PartialDate {
            year: self.year?,
            month: self.month,
            day: self.day,
        };
        let valid = Date::new(date.year, date.month.unwrap_or(1), date.day.unwrap_or(1)).is_ok();
        valid.then_some(date)
    }
}

impl From<PartialDate> for Moment {
    fn from(date: PartialDate) -> Self {
        Self {
            year: Some(date.year),
            month: date.month,
            day: date.day,
        }
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.year {
            Some(year) => write!(f, "{year:04}")?,
            None => f.write_str("XXXX")?,
        }
        if let Some(month) = self.month {
            write!(f, "-{month:02}")?;
        }
        if let Some(day) = self.day {
            write!(f, "-{day:02}")?;
        }
        Ok(())
    }
}

impl When {
    pub(super) fn at(moment: impl Into<Moment>) -> Self {
        Self {
            from: moment.into(),
            to: None,
            about: false,
        }
    }

    /// From one moment to another; one and the same moment stays one.
    pub(super) fn between(from: impl Into<Moment>, to: impl Into<Moment>) -> Self {
        let (from, to) = (from.into(), to.into());
        Self {
            from,
            to: (from != to).then_some(to),
            about: false,
        }
    }

    pub(super) fn about(self) -> Self {
        Self {
            about: true,
            ..self
        }
    }

    /// Its last moment.
    pub(super) fn end(self) -> Moment {
        self.to.unwrap_or(self.from)
    }

    /// Its first and last day, where years are known.
    pub(super) fn interval(self) -> Option<Interval> {
        let (from, to) = (
            self.from.known()?.interval(),
            self.end().known()?.interval(),
        );
        let days = Interval::new(from.start, to.end);
        if !self.about || days.start != days.end {
            return Some(days);
        }
        Some(Interval::new(
            add(days.start, -ABOUT_DAYS),
            add(days.end, ABOUT_DAYS),
        ))
    }

    /// How precisely it says when.
    pub(super) fn precision(self) -> DatePrecision {
        let Some(days) = self.interval() else {
            return match (self.from.month, self.from.day, self.about) {
                (_, Some(_), false) => DatePrecision::Day,
                (_, Some(_), true) => DatePrecision::Week,
                (Some(_), None, _) => DatePrecision::Month,
                (None, ..) => DatePrecision::Unknown,
            };
        };
        match days_between(days.start, days.end) {
            // The night between two days is as precise as a day.
            ..=1 => DatePrecision::Day,
            2..=10 => DatePrecision::Week,
            11..=31 => DatePrecision::Month,
            32..=200 => DatePrecision::Season,
            _ => DatePrecision::Year,
        }
    }
}

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = if self.about { "~" } else { "" };
        write!(f, "{}{mark}", self.from)?;
        self.to.map_or(Ok(()), |to| write!(f, "/{to}{mark}"))
    }
}

/// A day so many days on; the same day where the calendar ends.
pub(super) fn add(day: Date, days: i64) -> Date {
    day.checked_add(days.days()).unwrap_or(day)
}

/// Days from one day to another.
pub(super) fn days_between(from: Date, to: Date) -> i64 {
    (to - from).get_days().into()
}

/// So many months on, to the month.
pub(super) fn add_months(date: PartialDate, months: i32) -> PartialDate {
    let Some(month) = date.month else {
        return PartialDate {
            year: date.year.saturating_add((months / 12) as i16),
            ..date
        };
    };
    let count = i32::from(date.year) * 12 + i32::from(month) - 1 + months;
    PartialDate {
        year: count.div_euclid(12).clamp(1, 9999) as i16,
        month: Some(count.rem_euclid(12) as i8 + 1),
        day: None,
    }
}

/// So many days on, as precisely as the date is known: of a month only its month can be moved.
pub(super) fn add_days(date: PartialDate, days: i64) -> PartialDate {
    match date.as_day() {
        Some(day) => add(day, days).into(),
        None => add_months(date, (days / 30) as i32),
    }
}
