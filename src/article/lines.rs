use crate::domain::Span;

/// A line of an article, or several that one paragraph was wrapped into; without white space at its ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Line<'a> {
    pub(super) span: Span,
    pub(super) text: &'a str,
    /// Number of the run of lines, parted from others by blank lines, that it belongs to.
    pub(super) run: usize,
}

/// The widths, in letters, that people and programs wrap lines to.
const WIDTHS: std::ops::RangeInclusive<usize> = 45..=110;

/// Cuts the text from byte `from` on into lines, and joins those that were wrapped. `is_furniture` says which
/// lines stand for themselves.
pub(super) fn cut(text: &str, from: usize, is_furniture: impl Fn(&str) -> bool) -> Vec<Line<'_>> {
    let lines = split(text, from);
    let runs: Vec<&[Line<'_>]> = lines.chunk_by(|a, b| a.run == b.run).collect();
    // Three lines filled to one width show that the text is wrapped; shorter runs then count as well.
    let width = runs
        .iter()
        .filter(|run| run.len() >= 3)
        .filter_map(|run| {
            let width = widest(run);
            let alone = run.iter().any(|line| is_furniture(line.text));
            (is_filled(run, width) && !alone).then_some(width)
        })
        .max();
    let Some(width) = width else {
        return lines;
    };
    let mut joined = Vec::with_capacity(lines.len());
    for run in runs {
        let alone = run.iter().any(|line| is_furniture(line.text));
        if run.len() > 1 && !alone && is_filled(run, width) {
            let span = run[0].span.cover(run[run.len() - 1].span);
            joined.push(Line {
                span,
                text: span.of(text),
                run: run[0].run,
            });
        } else {
            joined.extend_from_slice(run);
        }
    }
    joined
}

fn split(text: &str, from: usize) -> Vec<Line<'_>> {
    let mut lines = Vec::new();
    let (mut start, mut run, mut blank) = (from, 0, false);
    for part in text[from..].split_inclusive(['\n', '\r', '\u{2028}', '\u{2029}']) {
        let line = part.trim();
        if line.is_empty() {
            // The line feed after a carriage return is no blank line.
            blank |= part != "\n" || !text[..start].ends_with('\r');
        } else {
            run += usize::from(blank && !lines.is_empty());
            blank = false;
            let first = start + part.len() - part.trim_start().len();
            lines.push(Line {
                span: Span::new(first, first + line.len()),
                text: line,
                run,
            });
        }
        start += part.len();
    }
    lines
}

fn widest(run: &[Line<'_>]) -> usize {
    run.iter()
        .map(|line| line.text.chars().count())
        .max()
        .unwrap_or(0)
}

/// Whether each line was broken because its next word would not have fitted.
fn is_filled(run: &[Line<'_>], width: usize) -> bool {
    WIDTHS.contains(&width)
        && widest(run) <= width + 2
        && run.windows(2).all(|pair| {
            let next = pair[1].text.split_whitespace().next().unwrap_or_default();
            pair[0].text.chars().count() + 1 + next.chars().count() + 2 >= width
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<&str> {
        cut(text, 0, |line| line.starts_with('©'))
            .iter()
            .map(|line| line.text)
            .collect()
    }

    #[test]
    fn lines_are_paragraphs_and_blank_lines_part_runs() {
        let lines = cut("One.\r\nTwo.\r\n\r\n  Three. \n\n\nFour.", 0, |_| false);
        let found: Vec<_> = lines.iter().map(|line| (line.text, line.run)).collect();
        assert_eq!(
            found,
            [("One.", 0), ("Two.", 0), ("Three.", 1), ("Four.", 2)]
        );
    }

    #[test]
    fn wrapped_lines_are_one_paragraph() {
        let text = "The column left the town before dawn and took the road\n\
                    to the north, where two other columns had been waiting\n\
                    since the day before.\n\nNobody fired at it, said an officer who was there and\nsaw it leave.";
        let found = texts(text);
        assert_eq!(found.len(), 2, "{found:#?}");
        assert!(found[0].ends_with("since the day before."));
    }

    #[test]
    fn short_lines_below_each_other_stay_apart() {
        assert_eq!(
            texts("One bridge\nTwo bridges and a ford in the river\nThe third").len(),
            3
        );
        assert_eq!(
            texts("© Somebody\nThe column left the town before dawn, and after it\nthe other one.")
                .len(),
            3
        );
    }
}
