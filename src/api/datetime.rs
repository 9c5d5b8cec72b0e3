use jiff::civil::{Date, DateTime, Time};
use jiff::{Span, Timestamp, ToSpan, tz::TimeZone};

use super::problem::Problem;
use super::text::clip;
use crate::domain::PartialDate;
use crate::index::Days;

const EXAMPLES: &str = "Write a day (2019-10-16), a timestamp (2019-10-16T08:00:00Z), an interval \
     (2019-10-09/2019-10-22), an open one (2019-10-09/.. or ../2019-10-22) or one with a duration \
     (2019-10-09/P14D).";

/// A moment, or a day, month or year that stands for all of its moments.
#[derive(Clone, Copy)]
struct Moment {
    first: DateTime,
    /// The last day it reaches into.
    last: Date,
}

/// Reads `datetime`: the days that it spans. Timestamps are taken in UTC and count as their day, because
/// events are known to the day.
pub(super) fn parse(text: &str) -> Result<Days, Problem> {
    let bad = |why: String| Problem::parameter("datetime", format!("{why} {EXAMPLES}"));
    let days = read(text).map_err(bad)?;
    match (days.from, days.to) {
        (Some(from), Some(to)) if from > to => Err(bad(format!(
            "The interval ends on {to}, before it begins on {from}."
        ))),
        _ => Ok(days),
    }
}

fn read(text: &str) -> Result<Days, String> {
    let Some((start, end)) = text.split_once('/') else {
        let moment = moment(text)?;
        return Ok(Days {
            from: Some(moment.first.date()),
            to: Some(moment.last),
        });
    };
    if end.contains('/') {
        return Err(format!("{:?} has more than one slash.", clip(text)));
    }
    let open = |part: &str| part.is_empty() || part == "..";
    match (duration(start)?, duration(end)?) {
        (None, None) => Ok(Days {
            from: if open(start) {
                None
            } else {
                Some(moment(start)?.first.date())
            },
            to: if open(end) {
                None
            } else {
                Some(moment(end)?.last)
            },
        }),
        (None, Some(length)) if !open(start) => {
            let first = moment(start)?.first;
            let end = first.checked_add(length).map_err(|_| too_far(text))?;
            Ok(Days {
                from: Some(first.date()),
                to: Some(last_day_before(end).max(first.date())),
            })
        }
        (Some(length), None) if !open(end) => {
            let last = moment(end)?.last;
            // A day is counted to its end, so that P2D before the 16th begins on the 15th.
            let end = last.tomorrow().map_err(|_| too_far(text))?;
            let first = end.to_datetime(Time::midnight()).checked_sub(length);
            Ok(Days {
                from: Some(first.map_err(|_| too_far(text))?.date().min(last)),
                to: Some(last),
            })
        }
        _ => Err(format!(
            "{:?} has a duration without a date to count it from.",
            clip(text)
        )),
    }
}

fn moment(text: &str) -> Result<Moment, String> {
    // GDAL puts a T behind a day that it takes from a column of dates.
    let text = text.strip_suffix('T').unwrap_or(text);
    // The plus of an offset that was not percent-encoded arrives as a space.
    if text.contains(['T', 't']) {
        let first = universal(text)
            .ok_or_else(|| format!("{:?} is no timestamp with an offset.", clip(text)))?;
        return Ok(Moment {
            first,
            last: first.date(),
        });
    }
    // Clients write an open beginning as the year 0.
    if let Ok(day) = text.parse::<Date>()
        && text.len() == 10
    {
        return Ok(Moment {
            first: day.to_datetime(Time::midnight()),
            last: day,
        });
    }
    let date: PartialDate = text
        .parse()
        .map_err(|_| format!("{:?} is no date.", clip(text)))?;
    let days = date.interval();
    Ok(Moment {
        first: days.start.to_datetime(Time::midnight()),
        last: days.end,
    })
}

/// A timestamp's date and time in UTC. One with a Z is read as it stands: the end of the year 9999, which clients
/// write for an open end, lies beyond what can be moved by an offset.
fn universal(text: &str) -> Option<DateTime> {
    if let Some(civil) = text.strip_suffix(['Z', 'z']) {
        return civil.parse().ok();
    }
    let stamp: Timestamp = text.replace(' ', "+").parse().ok()?;
    Some(TimeZone::UTC.to_datetime(stamp))
}

/// An ISO 8601 duration; `None` when the text is none.
fn duration(text: &str) -> Result<Option<Span>, String> {
    if !text.starts_with('P') {
        return Ok(None);
    }
    match text.parse::<Span>() {
        Ok(span) if !span.is_negative() => Ok(Some(span)),
        _ => Err(format!(
            "{:?} is no duration such as P14D, P1M or PT12H.",
            clip(text)
        )),
    }
}

/// The last day with a moment before the end: an interval that ends at midnight does not reach the new day.
fn last_day_before(end: DateTime) -> Date {
    end.saturating_sub(1.nanosecond()).date()
}

fn too_far(text: &str) -> String {
    format!(
        "{:?} goes beyond the years that can be reckoned with.",
        clip(text)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_spans_the_days_it_names() {
        for (text, from, to) in [
            ("2019-10-16", "2019-10-16", "2019-10-16"),
            ("2019-10", "2019-10-01", "2019-10-31"),
            ("2019-10-16T23:30:00Z", "2019-10-16", "2019-10-16"),
            ("2019-10-16T23:30:00-05:00", "2019-10-17", "2019-10-17"),
            ("2019-10-16T01:00:00 02:00", "2019-10-15", "2019-10-15"),
            (
                "2019-10-16T08:00:00.25Z/2019-10-17T00:00:00Z",
                "2019-10-16",
                "2019-10-17",
            ),
            ("2019-10-09/2019-10-22", "2019-10-09", "2019-10-22"),
            ("2019-10/2019-11", "2019-10-01", "2019-11-30"),
            ("2019-10-09/..", "2019-10-09", ""),
            ("2019-10-09/", "2019-10-09", ""),
            ("../2019-10-22", "", "2019-10-22"),
            ("/2019-10-22", "", "2019-10-22"),
            ("../..", "", ""),
            ("2019-10-09T/2019-10-22T", "2019-10-09", "2019-10-22"),
            (
                "0000-01-01/9999-12-31T23:59:59Z",
                "0000-01-01",
                "9999-12-31",
            ),
            ("2019-10-16/P2D", "2019-10-16", "2019-10-17"),
            ("2019-10-16T12:00:00Z/P2D", "2019-10-16", "2019-10-18"),
            ("2019-10-16/PT36H", "2019-10-16", "2019-10-17"),
            ("2019-10-16/P0D", "2019-10-16", "2019-10-16"),
            ("2020-01-31/P1M", "2020-01-31", "2020-02-28"),
            ("P2D/2019-10-16", "2019-10-15", "2019-10-16"),
        ] {
            let days = parse(text).unwrap_or_else(|problem| panic!("{text}: {problem:?}"));
            let written = |day: Option<Date>| day.map(|d| d.to_string()).unwrap_or_default();
            assert_eq!(
                (written(days.from), written(days.to)),
                (from.into(), to.into()),
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in [
            "",
            "yesterday",
            "2019-13-01",
            "2019-02-30",
            "16/10/2019",
            "2019-10-16T08:00:00",
            "2019-10-22/2019-10-09",
            "P2D",
            "../P2D",
            "P2D/..",
            "P1D/P2D",
            "2019-10-16/-P2D",
            "2019-10-16/P",
            "9999-12-31/P9000Y",
            "2019-10-16T25:00:00Z",
            "2019-10-16/2019-10-17/2019-10-18",
        ] {
            assert!(parse(text).is_err(), "{text:?} was read as a time");
        }
    }
}
