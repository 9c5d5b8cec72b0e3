//! Reading articles: plain text, HTML, JSON lines and feeds, from files, folders and standard input.
//!
//! An article's text stays as it was given, because every span points into it; what is page furniture is
//! said by its blocks. Errors are per article, and reading goes on. At most one article (for a feed: one
//! file) is in memory; [`raw`] leaves the work on an article to whoever takes it, on any thread.

mod blocks;
mod decode;
mod draft;
mod error;
mod feed;
mod header;
mod html;
mod json;
mod lines;
mod open;
mod raw;
mod source;

use std::convert::Infallible;
use std::io::{self, BufRead};
use std::path::{Path, PathBuf};
use std::str::FromStr;

pub use error::{At, LONGEST_ID, MAX_BYTES, ReadError, ReadProblem};
pub use feed::{Feed, FeedItem, feed};
pub use raw::Raw;

use crate::domain::{Article, Block, PartialDate};
use crate::language::Languages;
use draft::Draft;
use open::Open;
use source::Source;

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
    raw(inputs).map(|raw| raw.read(options, languages))
}

/// The articles of all inputs, in order, as they were given: each is still to be [read](Raw::read).
pub fn raw(inputs: &[Input]) -> impl Iterator<Item = Raw> + Send + use<> {
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
    }
}

/// Reads the articles of a stream, told by its first bytes as [`Input::Stdin`] is. `name` is for errors.
pub fn read_stream<'a>(
    stream: Box<dyn BufRead + Send>,
    name: &str,
    options: &'a ReadOptions,
    languages: &'a Languages,
) -> impl Iterator<Item = Result<Article, ReadError>> + use<'a> {
    let name = name.to_owned();
    let open = match Source::of_stream(stream) {
        Ok(source) => Open::new(name, source),
        Err(error) => Open::failed(name, error.into()),
    };
    let articles = Articles {
        waiting: Vec::new(),
        open: Some(open),
    };
    articles.map(|raw| raw.read(options, languages))
}

/// The article that a plain text is.
///
/// # Errors
/// When it is empty or no text.
pub fn of_text(
    text: String,
    published: Option<PartialDate>,
    languages: &Languages,
) -> Result<Article, ReadProblem> {
    let options = ReadOptions {
        published,
        language: None,
    };
    Draft::text(text).finish(&options, languages)
}

/// What a single article may come as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Form {
    /// Plain text.
    Text,
    /// A page of HTML.
    Html,
    /// An object as in a JSON line.
    Json,
}

/// The one article that a text of some form is.
///
/// # Errors
/// When it is empty, or not of this form.
pub fn one(
    text: String,
    form: Form,
    options: &ReadOptions,
    languages: &Languages,
) -> Result<Article, ReadProblem> {
    let draft = match form {
        Form::Text => Draft::text(text),
        Form::Html => html::read(&text)?,
        Form::Json => json::read(text.trim_start())?,
    };
    draft.finish(options, languages)
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

struct Articles {
    /// The next one last.
    waiting: Vec<Waiting>,
    open: Option<Open>,
}

impl Iterator for Articles {
    type Item = Raw;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(open) = &mut self.open {
                if let Some(raw) = open.next() {
                    return Some(raw);
                }
                self.open = None;
            }
            let next = self.waiting.pop()?;
            self.open_input(&next);
        }
    }
}

impl Articles {
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
