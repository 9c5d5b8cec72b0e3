use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::row::Draft;
use crate::domain::{Article, EventRecord, PartialDate, day_number};

/// An article without its text, flat: one row of the collection `articles`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArticleRecord {
    /// The article's id.
    pub id: String,
    /// The headline.
    pub title: Option<String>,
    /// Where it was published.
    pub url: Option<String>,
    /// Who published it.
    pub publisher: Option<String>,
    /// When.
    pub published: Option<PartialDate>,
    /// ISO 639-1 code.
    pub language: Option<String>,
    /// The change that last wrote it, where that is known.
    #[serde(skip)]
    pub version: Option<u64>,
}

impl From<&Article> for ArticleRecord {
    fn from(article: &Article) -> Self {
        Self {
            id: article.id.clone(),
            title: article.title.clone(),
            url: article.url.clone(),
            publisher: article.publisher.clone(),
            published: article.published,
            language: article.language.clone(),
            version: None,
        }
    }
}

impl From<&EventRecord> for ArticleRecord {
    /// What an event says about the article it was read from.
    fn from(event: &EventRecord) -> Self {
        Self {
            id: event.article.clone(),
            title: event.title.clone(),
            url: event.url.clone(),
            publisher: event.publisher.clone(),
            published: event.published,
            language: event.language.clone(),
            version: None,
        }
    }
}

impl ArticleRecord {
    /// The row of the article, with the number of events that it reports.
    pub(super) fn draft(&self, events: usize) -> Draft {
        let mut properties = match serde_json::to_value(self) {
            Ok(Value::Object(map)) => map,
            _ => Map::new(),
        };
        properties.insert("events".to_owned(), events.into());
        Draft {
            id: self.id.clone(),
            geometry: None,
            days: self.published.map(|published| {
                let days = published.interval();
                (day_number(days.start), day_number(days.end))
            }),
            properties,
            version: self.version,
            parts: Vec::new(),
        }
    }
}
