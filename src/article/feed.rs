use feed_rs::model::{Entry, Feed};

use super::draft::Draft;
use super::error::ReadProblem;
use super::html;

/// An entry of a feed, as it was given.
#[derive(Debug)]
pub(super) struct Item {
    entry: Entry,
    /// The feed's title.
    publisher: Option<String>,
}

/// The entries of an RSS or Atom feed.
pub(super) fn read(xml: &str) -> Result<Vec<Item>, ReadProblem> {
    let feed = feed_rs::parser::parse(xml.as_bytes())
        .map_err(|error| ReadProblem::Feed(error.to_string()))?;
    let Feed { title, entries, .. } = feed;
    let publisher = title
        .map(|title| title.content)
        .filter(|title| !title.is_empty());
    let item = |entry| Item {
        entry,
        publisher: publisher.clone(),
    };
    Ok(entries.into_iter().map(item).collect())
}

impl Item {
    /// The article that it is, or the reason why it is none.
    pub(super) fn draft(self) -> Result<Draft, ReadProblem> {
        let Self { entry, publisher } = self;
        let body = entry.content.and_then(|content| content.body);
        let summary = entry.summary.map(|summary| summary.content);
        // Many feeds repeat the summary as content, or leave one of the two empty.
        let fragment = [body, summary]
            .into_iter()
            .flatten()
            .find(|text| !text.trim().is_empty())
            .ok_or(ReadProblem::Empty)?;
        let day = entry.published.or(entry.updated);
        Ok(Draft {
            id: Some(entry.id).filter(|id| !id.is_empty()),
            text: html::read_fragment(&fragment)?,
            title: entry.title.map(|title| title.content),
            url: entry.links.into_iter().next().map(|link| link.href),
            publisher,
            published: day.and_then(|day| day.date_naive().to_string().parse().ok()),
            language: None,
        })
    }
}
