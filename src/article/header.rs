use crate::domain::PartialDate;
use crate::language::{Boilerplate, Languages};
use crate::text::fold;

/// A line that says when the article was published, such as `date 2019-01` or `Publié le 16/10/2019`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Header {
    /// The date it gives.
    pub(super) published: PartialDate,
    /// Bytes of the line that it takes: the story may follow on the same line.
    pub(super) length: usize,
}

/// Reads a header at the beginning of a line.
pub(super) fn read(line: &str, languages: &Languages) -> Option<Header> {
    let digit = line.find(|c: char| c.is_ascii_digit())?;
    let label = line[..digit].trim_end();
    let words = fold(label.strip_suffix(':').unwrap_or(label));
    languages
        .iter()
        .map(|language| &language.boilerplate)
        .filter(|pack| pack.is_header_word(&words))
        .find_map(|pack| read_in(line, digit, label, pack))
}

/// Reads a header whose date begins at byte `digit`, behind its label.
fn read_in(line: &str, digit: usize, label: &str, pack: &Boilerplate) -> Option<Header> {
    let run = |from: usize, more: &str| {
        let part = &line[from..];
        let inside = |c: char| c.is_ascii_digit() || more.contains(c);
        from + part.find(|c| !inside(c)).unwrap_or(part.len())
    };
    let mut end = run(digit, "-/.:TZ+");
    let token = line[digit..end].trim_end_matches(|c: char| !c.is_ascii_digit() && c != 'Z');
    let published = token
        .parse()
        .ok()
        .or_else(|| numeric(token, pack.day_first()))?;
    end = digit + token.len();
    // A bare year is a header only where it cannot be the beginning of a sentence.
    let alone = line[end..].trim().is_empty();
    if published.month.is_none() && !label.ends_with(':') && !alone {
        return None;
    }
    let rest = &line[end..];
    let clock = rest
        .strip_prefix(' ')
        .filter(|time| time.starts_with(|c: char| c.is_ascii_digit()));
    if clock.is_some() {
        let after = run(end + 1, ":Z+");
        if line[end..after].contains(':') {
            end = after;
        }
    }
    Some(Header {
        published,
        length: end,
    })
}

/// `16/10/2019`, `16.10.2019`; read only where day and month cannot be taken for each other.
fn numeric(token: &str, day_first: bool) -> Option<PartialDate> {
    let mut parts = token.split(['/', '.']);
    let (a, b, year) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || year.len() != 4 {
        return None;
    }
    let date = |month: &str, day: &str| format!("{year}-{month:0>2}-{day:0>2}").parse().ok();
    let (day_then_month, month_then_day) = (date(b, a), date(a, b));
    match (day_first, day_then_month, month_then_day) {
        (true, found, _) | (false, found, None) | (false, None, found) => found,
        (false, Some(_), Some(_)) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(line: &str) -> Option<(String, &str)> {
        let languages = Languages::bundled().expect("the bundled packs");
        read(line, &languages).map(|found| (found.published.to_string(), &line[found.length..]))
    }

    #[test]
    fn a_header_gives_its_date_and_leaves_the_story() {
        for (line, date, rest) in [
            (
                " date 2019-01 The column left.",
                "2019-01",
                " The column left.",
            ),
            ("date: 2019-01-11", "2019-01-11", ""),
            ("Date : 2019-10", "2019-10", ""),
            ("Publié le 16/10/2019 à midi", "2019-10-16", " à midi"),
            ("Published: 2019-10-16T08:00:00Z", "2019-10-16", ""),
            ("date 2019-10-16 08:30 Story", "2019-10-16", " Story"),
            ("Date: 2019", "2019", ""),
            ("posted on 10/16/2019", "2019-10-16", ""),
        ] {
            assert_eq!(header(line), Some((date.to_owned(), rest)), "{line:?}");
        }
    }

    #[test]
    fn a_story_that_begins_with_such_words_is_no_header() {
        for line in [
            "Published 2019 reports of the battle were wrong.",
            "Date 2019-13",
            "La date du 16 octobre 2019 restera.",
            "Updated 5 minutes ago",
            "2019-10-16",
        ] {
            assert_eq!(header(line), None, "{line:?}");
        }
    }
}
