//! Whether what is kept fits together: events and the articles that they were read from, a store and an index of it.
//!
//! What a store can say of itself says [`EventStore::verify`]; here is asked what takes two parts to know. Everything is
//! read one after the other, so that no more is in memory than an index takes.

mod indexed;
mod quotes;

pub use indexed::indexed;

use std::collections::HashSet;

use crate::domain::EventRecord;
use crate::incident::Kinship;
use crate::index::{ArticleRecord, Index};
use crate::store::{EventStore, Finding, StoreError};
use quotes::Quotes;

/// Holds each event of a store against its article, and makes the index of all that can be read.
///
/// # Errors
/// When the store cannot be read on. A row that is no article or event is a finding.
pub fn events(
    store: &dyn EventStore,
    kinship: Kinship,
    found: &mut dyn FnMut(Finding),
) -> Result<Index, StoreError> {
    let mut articles = Vec::new();
    for outline in store.outlines() {
        if let Some((article, version)) = readable(outline, found)? {
            articles.push(ArticleRecord {
                version: Some(version),
                ..ArticleRecord::from(&article)
            });
        }
    }
    let mut ids = HashSet::new();
    for article in articles.iter().filter(|article| !ids.insert(&*article.id)) {
        let message = "there are several of this id";
        found(Finding::new(format!("article {}", article.id), message));
    }
    drop(ids);
    let mut quotes = Quotes::new(store);
    let events = store.events().filter_map(|event| {
        let checked = readable(event, found).and_then(|event: Option<EventRecord>| {
            event
                .iter()
                .try_for_each(|event| quotes.check(event, found))?;
            Ok(event)
        });
        checked.transpose()
    });
    Index::load(kinship, store.edition()?, &articles, events)
}

/// A row; `None` when it is damaged, which is a finding.
fn readable<T>(
    row: Result<T, StoreError>,
    found: &mut dyn FnMut(Finding),
) -> Result<Option<T>, StoreError> {
    match row {
        Ok(row) => Ok(Some(row)),
        Err(StoreError::Damaged { row, message, .. }) => {
            found(Finding::new(row, message));
            Ok(None)
        }
        Err(error) => Err(error),
    }
}
