use std::fmt;
use std::str::FromStr;

use jiff::civil::{Date, date};
use serde::{Deserialize, Serialize};

/// A date known to the day, the month or the year: `2019-10-16`, `2019-10`, `2019`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PartialDate {
    /// Gregorian year, 1 to 9999.
    pub year: i16,
    /// 1 to 12.
    pub month: Option<i8>,
    /// 1 to 31; only with a month.
    pub day: Option<i8>,
}

/// Why a string is no date.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is no date: write 2019-10-16, 2019-10, 2019 or a timestamp such as 2019-10-16T08:00:00Z"
)]
pub struct PartialDateError(pub String);

impl PartialDate {
    /// The one day it names, where it names one.
    pub fn as_day(self) -> Option<Date> {
        Date::new(self.year, self.month?, self.day?).ok()
    }

    /// The first and the last day it may mean.
    pub fn interval(self) -> Interval {
        let first = date(self.year, self.month.unwrap_or(1), self.day.unwrap_or(1));
        let last = match (self.month, self.day) {
            (_, Some(_)) => first,
            (Some(_), None) => first.last_of_month(),
            (None, None) => first.last_of_year(),
        };
        Interval::new(first, last)
    }

    /// How precisely it is known.
    pub const fn precision(self) -> DatePrecision {
        match (self.month, self.day) {
            (_, Some(_)) => DatePrecision::Day,
            (Some(_), None) => DatePrecision::Month,
            (None, None) => DatePrecision::Year,
        }
    }
}

impl From<Date> for PartialDate {
    fn from(day: Date) -> Self {
        Self {
            year: day.year(),
            month: Some(day.month()),
            day: Some(day.day()),
        }
    }
}

impl fmt::Display for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.year)?;
        if let Some(month) = self.month {
            write!(f, "-{month:02}")?;
        }
        if let Some(day) = self.day {
            write!(f, "-{day:02}")?;
        }
        Ok(())
    }
}

impl FromStr for PartialDate {
    type Err = PartialDateError;

    /// Reads a date to the day, month or year; of a full timestamp the day is kept.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bad = || PartialDateError(text.chars().take(40).collect());
        let text = text.trim();
        let (day, time) = match text.split_once(['T', ' ']) {
            Some((day, time)) => (day, Some(time)),
            None => (text, None),
        };
        if time.is_some_and(|t| !t.starts_with(|c: char| c.is_ascii_digit())) {
            return Err(bad());
        }
        let mut parts = day.split('-');
        let number = |part: Option<&str>, digits: usize| -> Result<Option<i16>, PartialDateError> {
            let Some(part) = part else { return Ok(None) };
            if part.len() != digits || !part.bytes().all(|b| b.is_ascii_digit()) {
                return Err(bad());
            }
            part.parse().map(Some).map_err(|_| bad())
        };
        let year = number(parts.next(), 4)?.ok_or_else(bad)?;
        let month = number(parts.next(), 2)?.map(|m| m as i8);
        let day = number(parts.next(), 2)?.map(|d| d as i8);
        let valid = Date::new(year, month.unwrap_or(1), day.unwrap_or(1)).is_ok();
        if parts.next().is_some() || year == 0 || !valid || (time.is_some() && day.is_none()) {
            return Err(bad());
        }
        Ok(Self { year, month, day })
    }
}

impl Serialize for PartialDate {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for PartialDate {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// Days from `start` to `end`, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Interval {
    /// First day.
    pub start: Date,
    /// Last day, not before the first.
    pub end: Date,
}

impl Interval {
    /// The days between the two, whichever comes first.
    pub fn new(a: Date, b: Date) -> Self {
        Self {
            start: a.min(b),
            end: a.max(b),
        }
    }

    /// Whether the two share a day.
    pub fn overlaps(self, other: Self) -> bool {
        self.start <= other.end && other.start <= self.end
    }
}

/// Days since 1970-01-01.
pub fn day_number(day: Date) -> i32 {
    let hours = day.duration_since(date(1970, 1, 1)).as_hours();
    (hours / 24) as i32
}

/// The day of a number that [`day_number`] gave.
pub fn numbered_day(number: i32) -> Date {
    date(1970, 1, 1).saturating_add(jiff::Span::new().days(number))
}

/// How precisely a date is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DatePrecision {
    /// A day, or the night between two.
    Day,
    /// Up to ten days.
    Week,
    /// A month, or a part of it longer than a week.
    Month,
    /// A season or a few months.
    Season,
    /// A year or more.
    Year,
    /// Not known.
    Unknown,
}

/// Where a date comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DateBasis {
    /// The text names it.
    Explicit,
    /// The text names it relative to another date ("Tuesday", "the day before").
    Relative,
    /// Reckoned, such as the year from weekday and day.
    Inferred,
    /// The day of publication: the text reports it as news and names no date.
    Published,
    /// There is none.
    None,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_to_the_precision_they_have() {
        for (text, expected) in [
            ("2019-10-16", "2019-10-16"),
            (" 2019-10 ", "2019-10"),
            ("2019", "2019"),
            ("2019-10-16T08:00:00Z", "2019-10-16"),
            ("2019-10-16 08:00", "2019-10-16"),
        ] {
            assert_eq!(
                text.parse::<PartialDate>().map(|d| d.to_string()),
                Ok(expected.into())
            );
        }
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for text in [
            "",
            "19",
            "2019-13",
            "2019-02-30",
            "0000",
            "2019-1-1",
            "2019-10-16x",
            "mardi",
            "2019-10T08",
            "-2019",
            "2019-10-16-01",
        ] {
            assert!(
                text.parse::<PartialDate>().is_err(),
                "{text:?} was read as a date"
            );
        }
    }

    #[test]
    fn a_month_ends_on_its_last_day() {
        let february = "2020-02".parse::<PartialDate>().map(PartialDate::interval);
        assert_eq!(
            february,
            Ok(Interval::new(date(2020, 2, 1), date(2020, 2, 29)))
        );
    }

    #[test]
    fn days_are_counted_without_gaps_across_the_epoch() {
        assert_eq!(day_number(date(1969, 12, 31)), -1);
        assert_eq!(day_number(date(1970, 1, 1)), 0);
        assert_eq!(day_number(date(2000, 3, 1)), 11_017);
        for day in [Date::MIN, date(1969, 12, 31), date(2019, 10, 16), Date::MAX] {
            assert_eq!(numbered_day(day_number(day)), day);
        }
    }
}
