use jiff::Timestamp;
use jiff::civil::Date;

use super::Expression;

/// Examples for messages.
pub(super) const DATE: &str = "2019-10-16";
pub(super) const TIMESTAMP: &str = "2019-10-16T08:00:00Z";

/// A date of the form 2019-10-16.
pub(super) fn date(text: &str) -> Option<Date> {
    // The reader of dates takes more forms than the standard has.
    has_form(text, "0000-00-00")
        .then(|| text.parse().ok())
        .flatten()
}

/// A timestamp of the form 2019-10-16T08:00:00.25Z. The standard has them in UTC only; an offset (+02:00) is as
/// clear and is read too.
pub(super) fn timestamp(text: &str) -> Option<Timestamp> {
    let (date_and_time, rest) = text.split_at_checked("0000-00-00T00:00:00".len())?;
    let zone = match rest.strip_prefix('.') {
        Some(rest) => {
            let zone = rest.trim_start_matches(|c: char| c.is_ascii_digit());
            (zone.len() < rest.len()).then_some(zone)?
        }
        None => rest,
    };
    let zone_is_told =
        zone.eq_ignore_ascii_case("z") || has_form(zone, "+00:00") || has_form(zone, "-00:00");
    let has_form = has_form(&date_and_time.to_ascii_uppercase(), "0000-00-00T00:00:00");
    (has_form && zone_is_told)
        .then(|| text.parse().ok())
        .flatten()
}

/// An end of an interval: `Some(None)` is an open one.
#[expect(
    clippy::option_option,
    reason = "the outer one says whether it could be read"
)]
pub(super) fn interval_end(text: &str) -> Option<Option<Box<Expression>>> {
    if text == ".." {
        return Some(None);
    }
    let instant = date(text)
        .map(Expression::Date)
        .or_else(|| timestamp(text).map(Expression::Timestamp))?;
    Some(Some(Box::new(instant)))
}

/// Whether the text has digits where the form has zeros, and the form's own characters elsewhere.
fn has_form(text: &str, form: &str) -> bool {
    text.len() == form.len()
        && text.bytes().zip(form.bytes()).all(|(byte, wanted)| {
            if wanted == b'0' {
                byte.is_ascii_digit()
            } else {
                byte == wanted
            }
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_forms_of_the_standard_are_dates() {
        assert!(date("2019-10-16").is_some());
        assert!(date("0001-01-01").is_some());
        for text in [
            "",
            "2019-02-29",
            "20191016",
            "2019-10",
            "+002019-10-16",
            "2019-10-16T",
            "٢٠١٩-10-16",
        ] {
            assert_eq!(date(text), None, "{text:?}");
        }
    }

    #[test]
    fn only_timestamps_that_tell_their_zone_are_read() {
        for (text, written) in [
            ("2019-10-16T08:00:00Z", "2019-10-16T08:00:00Z"),
            ("2019-10-16t08:00:00z", "2019-10-16T08:00:00Z"),
            ("2019-10-16T08:00:00.250Z", "2019-10-16T08:00:00.25Z"),
            (
                "2019-10-16T08:00:00.123456789Z",
                "2019-10-16T08:00:00.123456789Z",
            ),
            ("2019-10-16T01:30:00+02:00", "2019-10-15T23:30:00Z"),
            ("2019-10-16T23:30:00-02:00", "2019-10-17T01:30:00Z"),
        ] {
            let read = timestamp(text).map(|stamp| stamp.to_string());
            assert_eq!(read.as_deref(), Some(written), "{text}");
        }
        for text in [
            "",
            "2019-10-16",
            "2019-10-16T08:00:00",
            "2019-10-16T08:00Z",
            "2019-10-16 08:00:00Z",
            "2019-10-16T08:00:00.Z",
            "2019-10-16T25:00:00Z",
            "2019-10-16T08:00:00Z[Europe/Paris]",
            "2019-10-16T08:00:00+0200",
            "2019-10-16T08:00:00Zé",
            "2019-10-16T08:00:0é",
        ] {
            assert_eq!(timestamp(text), None, "{text:?}");
        }
    }
}
