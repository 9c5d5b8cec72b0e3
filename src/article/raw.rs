use super::draft::Draft;
use super::error::{At, ReadError, ReadProblem};
use super::source::Format;
use super::{ReadOptions, decode, feed, html, json};
use crate::domain::Article;
use crate::language::Languages;

/// An article as it was given, or why there is none: its bytes were read, and nothing was done with them yet.
///
/// To find the next one costs little; [`Raw::read`] is the work, and any thread may do it.
#[derive(Debug)]
pub struct Raw {
    pub(super) input: String,
    pub(super) at: At,
    pub(super) content: Result<Content, ReadProblem>,
}

/// What an article was given as.
#[derive(Debug)]
pub(super) enum Content {
    /// A JSON line.
    Line(Vec<u8>),
    /// A page of HTML.
    Page(Vec<u8>),
    /// Plain text.
    Text(Vec<u8>),
    /// An entry of a feed.
    Entry(Box<feed::FeedItem>),
    /// An entry of a feed, and the page that it leads to.
    EntryPage(Box<feed::FeedItem>, Vec<u8>),
}

impl Raw {
    /// Decodes and parses it, takes the story out of a page, and looks at the text.
    ///
    /// # Errors
    /// When it is no article, with the input and where it stands there.
    pub fn read(self, options: &ReadOptions, languages: &Languages) -> Result<Article, ReadError> {
        let Self { input, at, content } = self;
        content
            .and_then(Content::draft)
            .and_then(|draft| draft.finish(options, languages))
            .map_err(|problem| ReadError { input, at, problem })
    }
}

impl Content {
    /// What a file holds that is one article.
    pub(super) fn whole(format: Format, bytes: Vec<u8>) -> Self {
        match format {
            Format::Html => Self::Page(bytes),
            _ => Self::Text(bytes),
        }
    }

    fn draft(self) -> Result<Draft, ReadProblem> {
        match self {
            Self::Line(bytes) => json::read(decode::decode(bytes)?.trim()),
            Self::Page(bytes) => html::read(&decode::decode(bytes)?),
            Self::Text(bytes) => Ok(Draft::text(decode::decode(bytes)?)),
            Self::Entry(item) => item.draft(),
            Self::EntryPage(item, page) => item.draft_of_page(page),
        }
    }
}
