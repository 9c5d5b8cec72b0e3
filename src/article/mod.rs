//! Reading articles: plain text, HTML, JSON lines and feeds, from files, folders and standard input.
//!
//! An article's text stays as it was given, because every span points into it; what is page furniture is
//! said by its blocks. Errors are per article, and reading goes on. At most one article (for a feed: one
//! file) is in memory.

mod blocks;
mod decode;
mod draft;
mod error;
mod feed;
mod header;
mod html;
mod json;
mod lines;
mod source;

use std::collections::VecDeque;
use std::convert::Infallible;
use std::io::{self, BufRead};
use std::path::{Path, PathBuf};
use std::str::FromStr;

pub use error::{At, MAX_BYTES, ReadError, ReadProblem};

use crate::domain::{Article, Block, PartialDate};
use crate::language::Languages;
use draft::Draft;
use source::{Format, Source};

/// Where articles come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// A file, or a folder with all below it.
    Path(PathBuf),
    /// Standard input: JSON lines if it begins with `{`, HTML or a feed if with `<`, else one text.
    Stdin,
}

impl FromStr for Input {
    type Err = Infallible;

    /// `-` is standard input.
    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(match text {
            "-" => Self::Stdin,
            path => Self::Path(path.into()),
        })
    }
}

/// What is known of all articles that do not say it themselves.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReadOptions {
    /// When they were published; counts more than a header line in the text.
    pub published: Option<PartialDate>,
    /// Their language, by ISO 639-1 code; otherwise the text tells.
    pub language: Option<String>,
}

/// Reads the articles of all inputs, in order, one at a time.
pub fn read<'a>(
    inputs: &[Input],
    options: &'a ReadOptions,
    languages: &'a Languages,
) -> impl Iterator<Item = Result<Article, ReadError>> + use<'a> {
    Articles {
        waiting: inputs
            .iter()
            .rev()
            .map(|input| Waiting {
                input: input.clone(),
                named: true,
            })
            .collect(),
        open: None,
        options,
        languages,
    }
}

/// Reads the articles of a stream, told by its first bytes as [`Input::Stdin`] is. `name` is for errors.
pub fn read_stream<'a>(
    stream: Box<dyn BufRead>,
    name: &str,
    options: &'a ReadOptions,
    languages: &'a Languages,
) -> impl Iterator<Item = Result<Article, ReadError>> + use<'a> {
    let mut articles = Articles {
        waiting: Vec::new(),
        open: None,
        options,
        languages,
    };
    let name = name.to_owned();
    articles.open = Some(match Source::of_stream(stream) {
        Ok(source) => Open::new(name, source),
        Err(error) => Open::failed(name, error.into()),
    });
    articles
}

/// The blocks of a text that was read before: what [`read`] gives as [`Article::blocks`].
pub fn blocks(text: &str, title: Option<&str>, languages: &Languages) -> Vec<Block> {
    blocks::cut(text, title, languages).blocks
}

/// An input that is still to be opened.
struct Waiting {
    input: Input,
    /// Whether the user named it, rather than a folder's listing.
    named: bool,
}

struct Articles<'a> {
    /// The next one last.
    waiting: Vec<Waiting>,
    open: Option<Open>,
    options: &'a ReadOptions,
    languages: &'a Languages,
}

impl Iterator for Articles<'_> {
    type Item = Result<Article, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(open) = &mut self.open {
                if let Some((at, draft)) = open.next() {
                    let article =
                        draft.and_then(|draft| draft.finish(self.options, self.languages));
                    let input = open.name.clone();
                    return Some(article.map_err(|problem| ReadError { input, at, problem }));
                }
                self.open = None;
            }
            let next = self.waiting.pop()?;
            self.open_input(&next);
        }
    }
}

impl Articles<'_> {
    fn open_input(&mut self, next: &Waiting) {
        self.open = match &next.input {
            Input::Stdin => {
                let name = "standard input".to_owned();
                Some(
                    match Source::of_stream(Box::new(io::BufReader::new(io::stdin()))) {
                        Ok(source) => Open::new(name, source),
                        Err(error) => Open::failed(name, error.into()),
                    },
                )
            }
            Input::Path(path) if path.is_dir() => self.open_folder(path, next.named),
            Input::Path(path) => {
                let name = path.display().to_string();
                Some(match Source::open(path) {
                    Ok(source) => Open::new(name, source),
                    Err(error) => Open::failed(name, error.into()),
                })
            }
        };
    }

    fn open_folder(&mut self, folder: &Path, named: bool) -> Option<Open> {
        let failed = |problem| Some(Open::failed(folder.display().to_string(), problem));
        match source::list(folder) {
            Err(error) => failed(error.into()),
            Ok(paths) if paths.is_empty() && named => failed(ReadProblem::EmptyFolder),
            Ok(paths) => {
                let inputs = paths.into_iter().rev().map(Input::Path);
                self.waiting.extend(inputs.map(|input| Waiting {
                    input,
                    named: false,
                }));
                None
            }
        }
    }
}

/// An input that is being read.
struct Open {
    name: String,
    content: Content,
}

enum Content {
    /// JSON lines: how many were read, and the rest.
    Lines(usize, Box<dyn BufRead>),
    /// What was read at once.
    Drafts(VecDeque<(At, Result<Draft, ReadProblem>)>),
}

impl Open {
    fn new(name: String, source: Source) -> Self {
        let content = match source.format {
            Format::JsonLines => Content::Lines(0, source.reader),
            format => Content::Drafts(drafts(format, source).into()),
        };
        Self { name, content }
    }

    fn failed(name: String, problem: ReadProblem) -> Self {
        Self {
            name,
            content: Content::Drafts([(At::Whole, Err(problem))].into()),
        }
    }

    fn next(&mut self) -> Option<(At, Result<Draft, ReadProblem>)> {
        match &mut self.content {
            Content::Drafts(drafts) => drafts.pop_front(),
            Content::Lines(number, reader) => loop {
                let Some(line) = source::next_line(reader.as_mut()) else {
                    let empty = *number == 0;
                    *number += 1;
                    return empty.then_some((At::Whole, Err(ReadProblem::Empty)));
                };
                *number += 1;
                match line.and_then(decode::decode) {
                    Ok(line) if line.trim().is_empty() => {}
                    Ok(line) => return Some((At::Line(*number), json::read(line.trim()))),
                    Err(problem @ ReadProblem::Io(_)) => {
                        // A stream that fails once fails for good.
                        self.content = Content::Drafts(VecDeque::new());
                        return Some((At::Whole, Err(problem)));
                    }
                    Err(problem) => return Some((At::Line(*number), Err(problem))),
                }
            },
        }
    }
}

fn drafts(format: Format, source: Source) -> Vec<(At, Result<Draft, ReadProblem>)> {
    let text = source.read_whole().and_then(|bytes| {
        if bytes.is_empty() {
            Err(ReadProblem::Empty)
        } else {
            decode::decode(bytes)
        }
    });
    let drafts = text.and_then(|text| match format {
        Format::Html => html::read(&text).map(|draft| vec![Ok(draft)]),
        Format::Feed => feed::read(&text),
        Format::Text | Format::JsonLines => Ok(vec![Ok(Draft::text(text))]),
    });
    match drafts {
        Err(problem) => vec![(At::Whole, Err(problem))],
        Ok(drafts) if format == Format::Feed => {
            let numbered = drafts.into_iter().enumerate();
            numbered
                .map(|(index, draft)| (At::Entry(index + 1), draft))
                .collect()
        }
        Ok(drafts) => drafts.into_iter().map(|draft| (At::Whole, draft)).collect(),
    }
}
