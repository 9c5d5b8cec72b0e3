use std::io::BufRead;
use std::vec;

use super::error::{At, ReadProblem};
use super::raw::{Content, Raw};
use super::source::{Format, Source, next_line};
use super::{decode, feed};

/// An input that is being read.
pub(super) struct Open {
    name: String,
    rest: Rest,
}

/// What is still to come.
enum Rest {
    /// JSON lines.
    Lines {
        /// How many lines were read.
        number: usize,
        /// Whether all of them were blank.
        blank: bool,
        reader: Box<dyn BufRead + Send>,
    },
    /// What was read at once.
    Whole(vec::IntoIter<Found>),
}

/// An article as it was given, or why it cannot be read, and where it stands.
type Found = (At, Result<Content, ReadProblem>);

impl Open {
    pub(super) fn new(name: String, source: Source) -> Self {
        let rest = match source.format {
            Format::JsonLines => Rest::Lines {
                number: 0,
                blank: true,
                reader: source.reader,
            },
            format => Rest::Whole(whole(format, source).into_iter()),
        };
        Self { name, rest }
    }

    pub(super) fn failed(name: String, problem: ReadProblem) -> Self {
        Self {
            name,
            rest: Rest::Whole(vec![(At::Whole, Err(problem))].into_iter()),
        }
    }

    /// The next article.
    pub(super) fn next(&mut self) -> Option<Raw> {
        let (at, content) = self.find()?;
        Some(Raw {
            input: self.name.clone(),
            at,
            content,
        })
    }

    fn find(&mut self) -> Option<Found> {
        let (number, blank, reader) = match &mut self.rest {
            Rest::Whole(found) => return found.next(),
            Rest::Lines {
                number,
                blank,
                reader,
            } => (number, blank, reader),
        };
        while let Some(line) = next_line(reader.as_mut()) {
            *number += 1;
            let at = At::Line(*number);
            match line {
                Err(problem @ ReadProblem::Io(_)) => {
                    // A stream that fails once fails for good.
                    self.rest = Rest::Whole(Vec::new().into_iter());
                    return Some((at, Err(problem)));
                }
                Ok(line) if is_blank(&line) => {}
                line => {
                    *blank = false;
                    return Some((at, line.map(Content::Line)));
                }
            }
        }
        let empty = std::mem::take(blank);
        empty.then_some((At::Whole, Err(ReadProblem::Empty)))
    }
}

/// Whether a line holds white space alone, of whatever script. One that begins as an object, as all should, is
/// not decoded for that.
fn is_blank(line: &[u8]) -> bool {
    !line.trim_ascii_start().starts_with(b"{")
        && decode::decode(line.to_vec()).is_ok_and(|line| line.trim().is_empty())
}

/// The articles of an input that is read at once.
fn whole(format: Format, source: Source) -> Vec<Found> {
    let found = match source.read_whole() {
        Ok(bytes) if bytes.is_empty() => Err(ReadProblem::Empty),
        Ok(bytes) if format == Format::Feed => match entries(bytes) {
            Ok(entries) => return entries,
            Err(problem) => Err(problem),
        },
        found => found.map(|bytes| Content::whole(format, bytes)),
    };
    vec![(At::Whole, found)]
}

fn entries(bytes: Vec<u8>) -> Result<Vec<Found>, ReadProblem> {
    let feed = feed::read(bytes, None, None)?;
    let numbered = feed.items.into_iter().enumerate();
    Ok(numbered
        .map(|(index, item)| (At::Entry(index + 1), Ok(Content::Entry(Box::new(item)))))
        .collect())
}
