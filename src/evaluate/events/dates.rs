//! Whether a date is the one that the annotators gave.

use jiff::civil::{Date, date};

use crate::domain::PartialDate;

/// Days by which a date may be wider than the gold's.
const WIDER: i64 = 7;
/// Where an open interval begins and ends, in days from the year 1 on.
const EVER: (i64, i64) = (0, 10_000_000);

/// Whether the dates (EDTF) agree: they share a day (a day before or behind counts where the gold is one day), and
/// the system's is no more than a week, or half the gold's length, wider. `None` where the gold has no date that can
/// be compared.
pub(super) fn same_date(gold: Option<&str>, system: Option<&str>) -> Option<bool> {
    let (first, last) = days(gold?)?;
    let Some((start, end)) = system.and_then(days) else {
        return Some(false);
    };
    let slack = i64::from(first == last);
    let meets = start <= last + slack && end >= first - slack;
    // In halves of a day: one and a half times the gold's length is no whole number.
    let widest = (2 * WIDER).max(3 * (last - first));
    Some(meets && 2 * (end - start) <= widest)
}

/// The first and the last day of a date, month, year or interval, counted from the year 1; what qualifies it, and
/// what stands behind what is understood, is passed over.
fn days(edtf: &str) -> Option<(i64, i64)> {
    let edtf = edtf.replace(['~', '?', '%'], "");
    if edtf.is_empty() {
        return None;
    }
    if let Some((from, to)) = edtf.split_once('/') {
        let (start, end) = (days(from), days(to));
        let open = |side: &str| matches!(side, "" | "..");
        return match (open(from), open(to)) {
            (true, _) => Some((EVER.0, end?.1)),
            (_, true) => Some((start?.0, EVER.1)),
            _ => Some((start?.0, end?.1)),
        };
    }
    let year = digits(&edtf, 0, 4)?;
    let month = part(&edtf, 4);
    let day = month.and_then(|_| part(&edtf, 7));
    let known = |month: Option<i64>, day: Option<i64>| {
        let as_i8 = |part: Option<i64>| part.map(|part| part as i8);
        let partial = PartialDate {
            year: year as i16,
            month: as_i8(month),
            day: as_i8(day),
        };
        let first = Date::new(
            partial.year,
            partial.month.unwrap_or(1),
            partial.day.unwrap_or(1),
        );
        first.ok().filter(|_| year > 0)?;
        let interval = partial.interval();
        Some((count(interval.start), count(interval.end)))
    };
    match (month, day) {
        (_, Some(_)) => known(month, day),
        // A season has the form of a month, and is taken for its year.
        (Some(1..=12), None) => known(month, None),
        _ => known(None, None),
    }
}

/// The number of so many digits at a byte.
fn digits(text: &str, at: usize, length: usize) -> Option<i64> {
    let digits = text.get(at..at + length)?;
    digits
        .bytes()
        .all(|byte| byte.is_ascii_digit())
        .then(|| digits.parse().ok())?
}

/// A month or day: a hyphen and two digits.
fn part(text: &str, at: usize) -> Option<i64> {
    text.get(at..)?.strip_prefix('-')?;
    digits(text, at + 1, 2)
}

fn count(day: Date) -> i64 {
    i64::from((day - date(1, 1, 1)).get_days()) + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_compared_by_their_days() {
        for (gold, system, same) in [
            (Some("2019-10-16"), Some("2019-10-16"), Some(true)),
            (Some("2019-10-16"), Some("2019-10-17"), Some(true)),
            (Some("2019-10-16"), Some("2019-10-18"), Some(false)),
            (Some("2019-10-16"), Some("2019-10"), Some(false)),
            (
                Some("2019-10-16"),
                Some("2019-10-12/2019-10-19"),
                Some(true),
            ),
            (
                Some("2019-10-16"),
                Some("2019-10-12/2019-10-20"),
                Some(false),
            ),
            (Some("2019-10"), Some("2019-10-31~"), Some(true)),
            (Some("2019-10"), Some("2019-11-01"), Some(false)),
            (Some("2019-10"), Some("2019"), Some(false)),
            (Some("2019-10-01/2019-10-20"), Some("2019-10"), Some(false)),
            (Some("2019-10-01/2019-10-22"), Some("2019-10"), Some(true)),
            (Some("2019"), Some("2019-21"), Some(true)),
            (Some("2019-10-16/.."), Some("2024-01-01"), Some(true)),
            (Some("../2019-10-16"), Some("2024-01-01"), Some(false)),
            (Some("2019-10-16"), Some("2019-10-16/.."), Some(false)),
            (Some("2019-10-16"), Some("XXXX-10-16"), Some(false)),
            (Some("2019-10-16"), None, Some(false)),
            (Some("2019-02-30"), Some("2019-02-28"), None),
            (Some("XXXX-10-16"), Some("2019-10-16"), None),
            (Some("0000"), Some("2019"), None),
            (None, Some("2019-10-16"), None),
        ] {
            assert_eq!(same_date(gold, system), same, "{gold:?} / {system:?}");
        }
    }
}
