use serde::{Deserialize, Serialize};

use super::{PartialDate, Span};

/// One article as it was read: the text whole and unchanged, and what is known about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Article {
    /// The id it came with, else the hash of its content.
    pub id: String,
    /// The text that every span points into.
    pub text: String,
    /// Headline, where it is known apart from the text.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub title: Option<String>,
    /// Where it was published.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub url: Option<String>,
    /// Who published it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub publisher: Option<String>,
    /// When, as precisely as is known.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub published: Option<PartialDate>,
    /// ISO 639-1 code.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub language: Option<String>,
    /// The text cut into blocks, in order; what no block covers is white space.
    #[serde(skip)]
    pub blocks: Vec<Block>,
}

/// A paragraph, headline or piece of page furniture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Block {
    /// Where it stands.
    pub span: Span,
    /// What it is.
    pub kind: BlockKind,
}

/// What a block is to a reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BlockKind {
    /// The headline, when the text begins with it.
    Title,
    /// A sub-heading.
    Heading,
    /// The story.
    Body,
    /// A picture's caption or credit: no event is read from it.
    Caption,
    /// Links to other stories, subscription, cookies, comments: no event is read from it.
    Boilerplate,
    /// A header line with metadata, such as `date 2019-01`.
    Metadata,
}

impl BlockKind {
    /// Whether the story is told here.
    pub const fn is_story(self) -> bool {
        matches!(self, Self::Title | Self::Heading | Self::Body)
    }
}
