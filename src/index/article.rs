use serde::{Deserialize, Serialize};

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
        #[derive(Serialize)]
        struct Row<'a> {
            #[serde(flatten)]
            article: &'a ArticleRecord,
            events: usize,
        }
        let article = self;
        let properties = serde_json::to_string(&Row { article, events });
        Draft {
            id: self.id.clone(),
            geometry: None,
            days: self.published.map(|published| {
                let days = published.interval();
                (day_number(days.start), day_number(days.end))
            }),
            // What has names for its fields cannot fail.
            properties: properties.unwrap_or_default(),
            version: self.version,
            parts: Vec::new(),
        }
    }
}
