use std::collections::VecDeque;
use std::io::BufRead;

use super::draft::Draft;
use super::error::{At, ReadProblem};
use super::source::{Format, Source, next_line};
use super::{decode, feed, html, json};

/// An input that is being read.
pub(super) struct Open {
    pub(super) name: String,
    content: Content,
}

enum Content {
    /// JSON lines.
    Lines {
        /// How many lines were read.
        number: usize,
        /// Whether all of them were blank.
        blank: bool,
        rest: Box<dyn BufRead>,
    },
    /// What was read at once.
    Drafts(VecDeque<(At, Result<Draft, ReadProblem>)>),
}

impl Open {
    pub(super) fn new(name: String, source: Source) -> Self {
        let content = match source.format {
            Format::JsonLines => Content::Lines {
                number: 0,
                blank: true,
                rest: source.reader,
            },
            format => Content::Drafts(drafts(format, source)),
        };
        Self { name, content }
    }

    pub(super) fn failed(name: String, problem: ReadProblem) -> Self {
        Self {
            name,
            content: Content::Drafts([(At::Whole, Err(problem))].into()),
        }
    }

    /// The next article as it was given, or why it cannot be read, and where it stands.
    pub(super) fn next(&mut self) -> Option<(At, Result<Draft, ReadProblem>)> {
        let (number, blank, rest) = match &mut self.content {
            Content::Drafts(drafts) => return drafts.pop_front(),
            Content::Lines {
                number,
                blank,
                rest,
            } => (number, blank, rest),
        };
        while let Some(line) = next_line(rest.as_mut()) {
            *number += 1;
            let at = At::Line(*number);
            let draft = match line.and_then(decode::decode) {
                Ok(line) if line.trim().is_empty() => continue,
                Ok(line) => json::read(line.trim()),
                Err(problem @ ReadProblem::Io(_)) => {
                    // A stream that fails once fails for good.
                    self.content = Content::Drafts(VecDeque::new());
                    return Some((at, Err(problem)));
                }
                Err(problem) => Err(problem),
            };
            *blank = false;
            return Some((at, draft));
        }
        let empty = std::mem::take(blank);
        empty.then_some((At::Whole, Err(ReadProblem::Empty)))
    }
}

/// The articles of an input that is read at once.
fn drafts(format: Format, source: Source) -> VecDeque<(At, Result<Draft, ReadProblem>)> {
    let text = source.read_whole().and_then(|bytes| {
        if bytes.is_empty() {
            Err(ReadProblem::Empty)
        } else {
            decode::decode(bytes)
        }
    });
    let whole = |draft| [(At::Whole, draft)].into();
    match (text, format) {
        (Err(problem), _) => whole(Err(problem)),
        (Ok(text), Format::Html) => whole(html::read(&text)),
        (Ok(text), Format::Text | Format::JsonLines) => whole(Ok(Draft::text(text))),
        (Ok(text), Format::Feed) => match feed::read(&text) {
            Err(problem) => whole(Err(problem)),
            Ok(entries) => {
                let numbered = entries.into_iter().enumerate();
                numbered
                    .map(|(index, entry)| (At::Entry(index + 1), entry))
                    .collect()
            }
        },
    }
}
