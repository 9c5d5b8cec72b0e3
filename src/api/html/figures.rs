//! Numbers, places and times in the words of a page.

use super::Extent;

/// 251681 as `251,681`.
pub(super) fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (n, digit) in digits.chars().enumerate() {
        if n > 0 && (digits.len() - n).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// `1 feature`, `347 features`.
pub(super) fn features(count: usize) -> String {
    let ending = if count == 1 { "" } else { "s" };
    format!("{} feature{ending}", grouped(count))
}

/// Where the features lie; `None` where they have no place.
pub(super) fn region(extent: &Extent) -> Option<String> {
    let [west, south, east, north] = extent.bbox?;
    if west <= -179.5 && east >= 179.5 && south <= -85.0 && north >= 80.0 {
        return Some("The whole world".to_owned());
    }
    Some(format!(
        "{} to {}, {} to {}",
        degrees(south, 'N', 'S'),
        degrees(north, 'N', 'S'),
        degrees(west, 'E', 'W'),
        degrees(east, 'E', 'W'),
    ))
}

fn degrees(value: f64, positive: char, negative: char) -> String {
    let rounded = (value.abs() * 10.0).round() / 10.0;
    let half = match value {
        _ if rounded == 0.0 => String::new(),
        v if v < 0.0 => format!(" {negative}"),
        _ => format!(" {positive}"),
    };
    format!("{rounded:.1}°{half}")
}

/// The days from the first feature to the last; `None` where they have no time.
pub(super) fn period(extent: &Extent) -> Option<String> {
    let (first, last) = extent.interval.as_ref()?;
    Some(if first == last {
        first.clone()
    } else {
        format!("{first} to {last}")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_set_apart() {
        for (number, text) in [
            (0, "0"),
            (999, "999"),
            (1000, "1,000"),
            (251_681, "251,681"),
            (1_000_000, "1,000,000"),
        ] {
            assert_eq!(grouped(number), text);
        }
        assert_eq!(features(1), "1 feature");
        assert_eq!(features(1312), "1,312 features");
    }

    #[test]
    fn an_extent_is_told_in_words() {
        let lies = |bbox| {
            region(&Extent {
                bbox: Some(bbox),
                interval: None,
            })
        };
        for (bbox, text) in [
            (
                [-7.9752, -2.4908, 44.283, 51.7269],
                "2.5° S to 51.7° N, 8.0° W to 44.3° E",
            ),
            (
                [177.0, -20.0, -178.04, 0.01],
                "20.0° S to 0.0°, 177.0° E to 178.0° W",
            ),
            ([-180.0, -90.0, 180.0, 90.0], "The whole world"),
            ([-179.9, -89.9, 179.9, 83.634], "The whole world"),
        ] {
            assert_eq!(lies(bbox).as_deref(), Some(text));
        }
        assert_eq!(region(&Extent::default()), None);
        let lasts = |first: &str, last: &str| {
            period(&Extent {
                bbox: None,
                interval: Some((first.to_owned(), last.to_owned())),
            })
        };
        assert_eq!(
            lasts("2012-01-01", "2025-10-28").as_deref(),
            Some("2012-01-01 to 2025-10-28")
        );
        assert_eq!(
            lasts("2025-10-28", "2025-10-28").as_deref(),
            Some("2025-10-28")
        );
    }
}
