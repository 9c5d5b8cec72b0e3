use jiff::civil::Date;

use super::scan::{Fields, Found};
use super::when::{Moment, When, add, add_months, days_between};
use crate::domain::{DateBasis, PartialDate};
use crate::language::dates::{DateRule, Means, Slot};

/// A year-less day so shortly after publication is announced, not remembered.
const SOON_DAYS: i64 = 31;

/// What a date without a year, or relative to another, is reckoned from.
#[derive(Debug, Default)]
pub(super) struct Clock {
    /// When the article was published, as precisely as is known.
    pub(super) published: Option<PartialDate>,
    /// The latest full date of the text: where the publication date is missing, years come from it.
    pub(super) era: Option<PartialDate>,
    /// The latest year that the text names.
    pub(super) latest_year: Option<i16>,
    /// The date last named, and the mention that named it.
    pub(super) last: Option<(PartialDate, usize)>,
    /// The day last named, and the mention that named it.
    pub(super) last_day: Option<(PartialDate, usize)>,
    /// The day that the sentence at hand, or its paragraph before it, is about.
    pub(super) scene: Option<(PartialDate, usize)>,
    /// Whether the date last named stands in the paragraph at hand.
    pub(super) same_paragraph: bool,
}

/// A resolved date.
#[derive(Debug, Clone, Copy)]
pub(super) struct Resolved {
    pub(super) when: When,
    pub(super) basis: DateBasis,
    /// The mention that it counts from.
    pub(super) anchor: Option<usize>,
}

impl Resolved {
    fn new(when: When, basis: DateBasis) -> Self {
        Self {
            when,
            basis,
            anchor: None,
        }
    }
}

impl Clock {
    /// What a match says, given what came before; `future` when its clause looks ahead. `None` when
    /// nothing tells what it counts from.
    pub(super) fn resolve(&self, found: &Found, rule: &DateRule, future: bool) -> Option<Resolved> {
        let mut fields = found.fields;
        for &(slot, value) in &rule.fixed {
            if fields.get(slot, 0).is_none() {
                fields.set(slot, 0, value);
            }
        }
        let resolved = match rule.means {
            Means::Calendar => self.calendar(fields, rule, future),
            Means::Range => self.range(fields, rule, future),
            Means::Night => self.night(fields, rule, future),
            Means::Shift => self.shift(fields, rule, future),
            Means::Period => self.period(fields, rule, future),
            Means::Span => self.span(fields, rule),
            Means::Skip => None,
        }?;
        let about = rule.about || resolved.when.about;
        Some(Resolved {
            when: When {
                about,
                ..resolved.when
            },
            ..resolved
        })
    }

    pub(super) fn calendar(
        &self,
        fields: Fields,
        rule: &DateRule,
        future: bool,
    ) -> Option<Resolved> {
        let get = |slot| fields.get(slot, 0);
        let feast = get(Slot::Feast);
        let month = feast.map(|f| f / 100).or(get(Slot::Month)).map(|m| m as i8);
        let day = feast.map(|f| f % 100).or(get(Slot::Day)).map(|d| d as i8);
        let weekday = get(Slot::Weekday).map(|w| w as i8);
        let part = get(Slot::Part);
        if let Some(season) = get(Slot::Season) {
            return self.season(season, get(Slot::Year), get(Slot::Which), rule, future);
        }
        match (get(Slot::Year), month, day) {
            (Some(year), Some(month), day) => {
                let moment = Moment {
                    year: Some(year),
                    month: Some(month),
                    day,
                };
                let date = self.unswapped(moment, get(Slot::Swap)).known()?;
                Some(Resolved::new(in_part(date, part), DateBasis::Explicit))
            }
            (Some(year), None, _) => {
                let year = PartialDate {
                    year,
                    month: None,
                    day: None,
                };
                Some(Resolved::new(in_part(year, part), DateBasis::Explicit))
            }
            (None, Some(month), day) => {
                let (date, basis) =
                    self.without_year(month, day, weekday, get(Slot::Which), rule.years, future)?;
                let when = date
                    .known()
                    .map_or(When::at(date), |date| in_part(date, part));
                Some(Resolved::new(when, basis))
            }
            (None, None, Some(day)) => self.day_of_month(day, weekday),
            (None, None, None) => self.weekday(weekday?, get(Slot::Which), future),
        }
    }

    /// A numeric date read the other way round where only that is near publication.
    fn unswapped(&self, date: Moment, swap: Option<i16>) -> Moment {
        let (Some(_), Some(published)) = (swap, self.published.and_then(PartialDate::as_day))
        else {
            return date;
        };
        let other = Moment {
            month: date.day,
            day: date.month,
            ..date
        };
        let distance = |moment: Moment| {
            let day = moment.known().and_then(PartialDate::as_day);
            day.map_or(i64::MAX, |day| days_between(day, published).abs())
        };
        if distance(other) <= SOON_DAYS && distance(date) > SOON_DAYS {
            other
        } else {
            date
        }
    }

    /// Gives a month or a day of a month its year.
    fn without_year(
        &self,
        month: i8,
        day: Option<i8>,
        weekday: Option<i8>,
        which: Option<i16>,
        years: Option<i16>,
        future: bool,
    ) -> Option<(Moment, DateBasis)> {
        let bare = Moment {
            year: None,
            month: Some(month),
            day,
        };
        let of = |year: i16| {
            Moment {
                year: Some(year),
                ..bare
            }
            .known()
        };
        let fits = |date: &PartialDate| match (weekday, date.as_day()) {
            (Some(weekday), Some(day)) => day.weekday().to_monday_one_offset() == weekday,
            _ => true,
        };
        if let Some(published) = self.published {
            let year = published.year;
            if let Some(years) = years {
                return Some((of(year.saturating_add(years))?.into(), DateBasis::Explicit));
            }
            if weekday.is_some() && day.is_some() {
                let near = (year - 6..=year + 1).filter_map(of).filter(fits);
                let near = near.min_by_key(|date| distance(*date, published));
                if let Some(date) = near {
                    return Some((date.into(), DateBasis::Explicit));
                }
            }
            // Search from the latest year back: a 29 February has none in most years.
            let mut choices: Vec<_> = (year - 8..=year + 4).filter_map(of).collect();
            if which != Some(1) {
                choices.reverse();
            }
            let choice = choices.into_iter().find(|date| {
                let days = date.interval();
                let known = published.interval();
                match which {
                    Some(-1) => days.end < known.start,
                    Some(1) => days.start > known.end,
                    _ if days.start <= known.end => {
                        !future || days_between(days.end, known.start) < 90 || date.year < year
                    }
                    _ => {
                        let ahead = days_between(known.end, days.start);
                        future && ahead < 270 || day.is_some() && ahead <= SOON_DAYS
                    }
                }
            });
            return Some((choice?.into(), DateBasis::Explicit));
        }
        if let Some(era) = self.era {
            let years = era.year - 3..=era.year + 3;
            // The article is younger than what it dates fully: what follows that is twice as likely.
            let near = years
                .filter_map(of)
                .filter(fits)
                .min_by_key(|date| distance(*date, era) * if *date < era { 2 } else { 1 });
            if let Some(date) = near {
                return Some((date.into(), DateBasis::Inferred));
            }
        }
        if let (Some(_), Some(_), Some(latest)) = (weekday, day, self.latest_year) {
            // News is written after the years that it remembers: the first year that fits.
            if let Some(date) = (latest..latest + 6).filter_map(of).find(fits) {
                return Some((date.into(), DateBasis::Inferred));
            }
        }
        // 2000 is a leap year: any day that exists in some year does.
        Moment {
            year: Some(2000),
            ..bare
        }
        .known()?;
        Some((bare, DateBasis::Explicit))
    }

    /// "The 31st": in the month that the text is in.
    fn day_of_month(&self, day: i8, weekday: Option<i8>) -> Option<Resolved> {
        let near = self.last.filter(|(date, _)| {
            date.month.is_some() && (self.same_paragraph || self.published.is_none())
        });
        let base = near
            .map(|(date, _)| date)
            .or(self.published)
            .filter(|date| date.month.is_some())?;
        let latest = self.published.map(|date| date.interval().end);
        let day = (0..12)
            .filter_map(|back| {
                let month = add_months(PartialDate { day: None, ..base }, -back);
                PartialDate {
                    day: Some(day),
                    ..month
                }
                .as_day()
            })
            .find(|date| {
                latest.is_none_or(|latest| *date <= latest)
                    && weekday
                        .is_none_or(|weekday| date.weekday().to_monday_one_offset() == weekday)
            })?;
        Some(Resolved {
            when: When::at(PartialDate::from(day)),
            basis: DateBasis::Explicit,
            anchor: near.map(|(_, mention)| mention),
        })
    }

    fn weekday(&self, weekday: i8, which: Option<i16>, future: bool) -> Option<Resolved> {
        let Some(published) = self.published else {
            // Without a publication date the day nearest to the one last named.
            let (date, mention) = self.scene?;
            let day = nearest(date.as_day()?, weekday);
            return Some(Resolved {
                when: When::at(PartialDate::from(day)),
                basis: DateBasis::Inferred,
                anchor: Some(mention),
            });
        };
        let Some(today) = published.as_day() else {
            // Only the month is known: the month is what can be said, never a guessed day.
            return Some(Resolved::new(When::at(published), DateBasis::Relative));
        };
        let since = i64::from((today.weekday().to_monday_one_offset() - weekday).rem_euclid(7));
        let day = match which {
            Some(0) => nearest(today, weekday),
            Some(-1) => add(today, if since == 0 { -7 } else { -since }),
            Some(_) => add(today, 7 - since),
            None if future && since > 0 => add(today, 7 - since),
            None => add(today, -since),
        };
        Some(Resolved::new(
            When::at(PartialDate::from(day)),
            DateBasis::Relative,
        ))
    }

    fn season(
        &self,
        season: i16,
        year: Option<i16>,
        which: Option<i16>,
        rule: &DateRule,
        future: bool,
    ) -> Option<Resolved> {
        let of = |year: i16| {
            let first = PartialDate {
                year,
                month: Some(3 + 3 * season as i8),
                day: None,
            };
            When::between(first, add_months(first, 2))
        };
        let (year, basis) = match (year, self.published) {
            (Some(year), _) => (year, DateBasis::Explicit),
            (None, Some(published)) => {
                let year = published.year;
                let known = published.interval();
                let pick = (year - 2..=year + 1).rev().find(|&year| {
                    of(year).interval().is_some_and(|days| match which {
                        Some(-1) => days.end < known.start,
                        Some(1) => year <= published.year + 1 && days.start > known.end,
                        _ => {
                            days.start <= known.end
                                || future && days_between(known.end, days.start) < 270
                        }
                    })
                });
                (
                    rule.years.map_or(pick?, |years| year + years),
                    DateBasis::Relative,
                )
            }
            _ => return None,
        };
        Some(Resolved::new(of(year), basis))
    }

    pub(super) fn range(&self, fields: Fields, rule: &DateRule, future: bool) -> Option<Resolved> {
        let (mut first, mut second) = (Fields::default(), Fields::default());
        for slot in [
            Slot::Weekday,
            Slot::Day,
            Slot::Month,
            Slot::Year,
            Slot::Season,
        ] {
            let (a, b) = (fields.get(slot, 0), fields.get(slot, 1));
            // What one end leaves out it shares with the other, but each has its own day.
            let shared = matches!(slot, Slot::Month | Slot::Year);
            for (to, value) in [
                (&mut first, a.or(b.filter(|_| shared))),
                (&mut second, b.or(a.filter(|_| shared))),
            ] {
                if let Some(value) = value {
                    to.set(slot, 0, value);
                }
            }
        }
        let last = self.calendar(second, rule, future)?;
        let only_weekday = |fields: &Fields| {
            [Slot::Day, Slot::Month, Slot::Year]
                .iter()
                .all(|slot| fields.get(*slot, 0).is_none())
        };
        let from = if only_weekday(&first) {
            match last.when.end().known().and_then(PartialDate::as_day) {
                Some(day) => {
                    let weekday = first.get(Slot::Weekday, 0)? as i8;
                    let back =
                        i64::from((day.weekday().to_monday_one_offset() - weekday).rem_euclid(7));
                    PartialDate::from(add(day, -back)).into()
                }
                None => last.when.from,
            }
        } else {
            self.calendar(first, rule, future)?.when.from
        };
        let mut when = When::between(from, last.when.end());
        if let (Some(a), Some(b)) = (when.from.known(), when.end().known())
            && a.interval().start > b.interval().end
        {
            // "Du 28 décembre au 3 janvier": the first end belongs to the year before.
            when.from = PartialDate {
                year: a.year - 1,
                ..a
            }
            .into();
        }
        Some(Resolved { when, ..last })
    }
}

/// Days between the nearest ends of two dates.
fn distance(date: PartialDate, other: PartialDate) -> i64 {
    let (a, b) = (date.interval(), other.interval());
    if a.overlaps(b) {
        return 0;
    }
    days_between(a.end, b.start).max(days_between(b.end, a.start))
}

/// The weekday at most three days from a day.
fn nearest(day: Date, weekday: i8) -> Date {
    let back = i64::from((day.weekday().to_monday_one_offset() - weekday).rem_euclid(7));
    add(day, if back > 3 { 7 - back } else { -back })
}

/// The beginning, the middle or the end of a month or year.
pub(super) fn in_part(date: PartialDate, part: Option<i16>) -> When {
    let Some(part) = part else {
        return When::at(date);
    };
    let with = |month: Option<i8>, day: Option<i8>| PartialDate { month, day, ..date };
    match (date.month, date.day) {
        (Some(month), None) => {
            let last = date.interval().end.day();
            let (from, to) =
                [(1, 10), (12, 18), (21, last), (1, 15), (16, last)][part.clamp(0, 4) as usize];
            When::between(with(Some(month), Some(from)), with(Some(month), Some(to)))
        }
        (None, None) => {
            let (from, to) = [(1, 4), (5, 8), (9, 12), (1, 6), (7, 12)][part.clamp(0, 4) as usize];
            When::between(with(Some(from), None), with(Some(to), None))
        }
        _ => When::at(date),
    }
}
