use super::resolve::{Clock, Resolved, in_part};
use super::scan::Fields;
use super::when::{When, add, add_days, add_months};
use crate::domain::{DateBasis, PartialDate};
use crate::language::dates::{DateRule, From, Slot, UNITS};

/// Dates that count from another.
impl Clock {
    fn reference(&self, rule: &DateRule, coarse: bool) -> Option<(PartialDate, Option<usize>)> {
        let last = match rule.from {
            From::Published => None,
            _ if coarse => self.last,
            From::Text => self.last_day,
            From::Scene => self.scene,
        };
        match last {
            Some((date, mention)) => Some((date, Some(mention))),
            None => self.published.map(|date| (date, None)),
        }
    }

    pub(super) fn night(&self, fields: Fields, rule: &DateRule, future: bool) -> Option<Resolved> {
        let named = [Slot::Weekday, Slot::Day, Slot::Month];
        if named.iter().any(|slot| fields.get(*slot, 1).is_some()) {
            return self.range(fields, rule, future);
        }
        // The night ends on the day named ("overnight into Friday") or begins on it.
        let into = fields.get(Slot::Number, 0) == Some(-1);
        if named.iter().any(|slot| fields.get(*slot, 0).is_some()) {
            let day = self.calendar(fields, rule, future)?;
            let Some(date) = day.when.from.known().and_then(PartialDate::as_day) else {
                return Some(day);
            };
            let (from, to) = if into {
                (add(date, -1), date)
            } else {
                (date, add(date, 1))
            };
            let when = When::between(PartialDate::from(from), PartialDate::from(to));
            return Some(Resolved { when, ..day });
        }
        let (date, anchor) = self.reference(rule, false)?;
        let (from, to) = if into {
            (add_days(date, -1), date)
        } else {
            (date, add_days(date, 1))
        };
        Some(Resolved {
            when: When::between(from, to),
            basis: DateBasis::Relative,
            anchor,
        })
    }

    pub(super) fn shift(&self, fields: Fields, rule: &DateRule, future: bool) -> Option<Resolved> {
        let count = i64::from(fields.get(Slot::Number, 0).unwrap_or(1));
        let direction = i64::from(fields.get(Slot::Which, 0).unwrap_or(-1));
        let unit = unit(fields)?;
        let coarse = matches!(unit, "month" | "year" | "decade");
        let (date, anchor) = self.reference(rule, coarse)?;
        if rule.from != From::Published && anchor.is_none() && direction > 0 && count > 0 {
            // "Three days later" than something that has no date.
            return None;
        }
        let by = direction * count;
        let when = match unit {
            "minute" => When::at(date),
            "hour" => When::at(add_days(date, by / 24)),
            "day" => When::at(add_days(date, by)),
            "weekend" | "week" => When::at(add_days(date, 7 * by)).about(),
            "month" => When::at(PartialDate {
                day: None,
                ..add_months(date, by as i32)
            }),
            // "A year ago" is about the month, "two years ago" is not.
            "year" if count == 1 && date.month.is_some() => When::at(PartialDate {
                day: None,
                ..add_months(date, 12 * direction as i32)
            })
            .about(),
            _ => {
                let years = if unit == "decade" { 10 * by } else { by };
                let year = date.year.saturating_add(years as i16);
                When::at(PartialDate {
                    year,
                    month: None,
                    day: None,
                })
            }
        };
        let ahead = match (when.interval(), self.published) {
            (Some(days), Some(published)) => days.start > published.interval().end,
            _ => false,
        };
        let meant = future || rule.from == From::Published;
        (meant || !ahead).then_some(Resolved {
            when,
            basis: DateBasis::Relative,
            anchor,
        })
    }

    pub(super) fn period(&self, fields: Fields, rule: &DateRule, future: bool) -> Option<Resolved> {
        let which = fields.get(Slot::Which, 0).unwrap_or(0);
        let unit = unit(fields)?;
        let part = fields.get(Slot::Part, 0);
        let (date, anchor) = self.reference(rule, true)?;
        let when = match (unit, date.as_day()) {
            ("month", _) if date.month.is_some() => in_part(
                PartialDate {
                    day: None,
                    ..add_months(date, which.into())
                },
                part,
            ),
            ("year", _) => in_part(
                PartialDate {
                    year: date.year.saturating_add(which),
                    month: None,
                    day: None,
                },
                part,
            ),
            ("weekend", Some(day)) => {
                let weekday = i64::from(day.weekday().to_monday_one_offset());
                // On a week day "the weekend" is the one before, unless it is still to come.
                let back = if weekday >= 6 {
                    6 - weekday
                } else {
                    -1 - weekday
                };
                let ahead = if weekday < 6 && (future || which > 0) {
                    7
                } else {
                    0
                };
                let earlier = if weekday >= 6 {
                    7 * i64::from(which)
                } else {
                    0
                };
                let saturday = add(day, back + ahead + earlier);
                When::between(
                    PartialDate::from(saturday),
                    PartialDate::from(add(saturday, 1)),
                )
            }
            ("week", Some(day)) => {
                let monday = add(
                    day,
                    1 - i64::from(day.weekday().to_monday_one_offset()) + 7 * i64::from(which),
                );
                let (first, last) = match part {
                    Some(0) => (0, 2),
                    Some(1) => (1, 3),
                    Some(2) => (3, 6),
                    _ => (0, 6),
                };
                let mut last = add(monday, last);
                let first = add(monday, first);
                if which == 0 && !future && first <= day {
                    // What news tells of this week lies behind it.
                    last = last.min(day);
                }
                When::between(PartialDate::from(first), PartialDate::from(last))
            }
            _ => When::at(date),
        };
        Some(Resolved {
            when,
            basis: DateBasis::Relative,
            anchor,
        })
    }

    pub(super) fn span(&self, fields: Fields, rule: &DateRule) -> Option<Resolved> {
        let count = i64::from(fields.get(Slot::Number, 0).unwrap_or(1));
        let by = if fields.get(Slot::Which, 0) == Some(1) {
            count
        } else {
            -count
        };
        let (date, anchor) = self.reference(rule, false)?;
        let other = match unit(fields)? {
            "minute" => date,
            "hour" => add_days(date, by / 24),
            "day" => add_days(date, by),
            "weekend" | "week" => add_days(date, 7 * by),
            "month" => add_months(date, by as i32),
            unit => {
                let years = if unit == "decade" { 10 * by } else { by };
                PartialDate {
                    year: date.year.saturating_add(years as i16),
                    month: None,
                    day: None,
                }
            }
        };
        let (month, day) = (
            date.month.filter(|_| other.month.is_some()),
            date.day.filter(|_| other.day.is_some()),
        );
        let this = PartialDate { month, day, ..date };
        let when = if by < 0 {
            When::between(other, this)
        } else {
            When::between(this, other)
        };
        Some(Resolved {
            when,
            basis: DateBasis::Relative,
            anchor,
        })
    }
}

fn unit(fields: Fields) -> Option<&'static str> {
    UNITS
        .get(usize::try_from(fields.get(Slot::Unit, 0)?).ok()?)
        .copied()
}
