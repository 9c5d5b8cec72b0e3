//! Events in space and time, in memory: an R-tree over longitude, latitude and day.
//!
//! Every feature is serialised once, when it is indexed; a query copies bytes. What readers see is a
//! [`Snapshot`] that never changes; a writer makes the next one beside it and puts it in its place.
//!
//! A row without a geometry matches only where no box is asked for, a row without a date only where no days
//! are. Rows stand in the order in which their ids were first indexed, and a row that is replaced keeps its
//! place, so that paging neither loses a row nor gives it twice while others are added.

mod article;
mod changes;
mod geometry;
mod groups;
mod layer;
mod predicate;
mod property;
mod query;
mod row;
mod search;
mod select;
mod snapshot;
mod value;

use std::sync::{Arc, Mutex, PoisonError, RwLock};

pub use article::ArticleRecord;
pub use changes::{Change, Position};
pub use geometry::Geometry;
pub use layer::Layer;
pub use predicate::{Fields, Predicate, PredicateError};
pub use property::{
    AREA_PROPERTIES, ARTICLE_PROPERTIES, EVENT_PROPERTIES, INCIDENT_PROPERTIES, Kind,
    PLACE_PROPERTIES, Property,
};
pub use query::{Cursor, Days, Order, Page, Query};
pub use row::{Draft, Row};
pub use search::Search;
pub use snapshot::Snapshot;
pub use value::Value;

use crate::domain::{Edition, EventRecord};
use crate::incident::{Incidents, Kinship};

/// The current snapshot, and how the next one takes its place.
#[derive(Debug)]
pub struct Index {
    current: RwLock<Arc<Snapshot>>,
    /// Held while a snapshot is made: one writer at a time. A writer also says which reports are one incident.
    writing: Mutex<Incidents>,
}

impl Index {
    /// Without articles; `kinship` says which actors of different reports may be the same.
    pub fn new(kinship: Kinship) -> Self {
        Self {
            current: RwLock::new(Arc::new(Snapshot::empty())),
            writing: Mutex::new(Incidents::new(kinship)),
        }
    }

    /// Indexes all there is, of actors that are no part of each other.
    pub fn build(articles: Vec<ArticleRecord>, events: Vec<EventRecord>) -> Self {
        let index = Self::new(Kinship::default());
        index.put(articles, events);
        index
    }

    /// What there is now; it stays as it is for as long as it is held.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        // A lock is only poisoned by a panic between taking and swapping a pointer: the pointer is sound.
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Adds articles with all of their events. Of an article that is there already, events that are not
    /// given again are dropped. Articles that only the events tell of need not be given.
    pub fn put(&self, articles: Vec<ArticleRecord>, events: Vec<EventRecord>) {
        self.replace(|now, incidents| now.with(now.edition.next(), articles, events, incidents));
    }

    /// The same, as an edition that the caller names: that of the store that they come from.
    pub fn put_as(&self, edition: Edition, articles: Vec<ArticleRecord>, events: Vec<EventRecord>) {
        self.replace(|now, incidents| now.with(edition, articles, events, incidents));
    }

    /// Drops articles and their events; ids that are not there are passed over.
    pub fn remove(&self, articles: &[String]) {
        self.replace(|now, incidents| now.without(now.edition.next(), articles, incidents));
    }

    fn replace(&self, next: impl FnOnce(&Snapshot, &mut Incidents) -> Snapshot) {
        let mut incidents = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        // Made before the lock is taken that readers share.
        let next = Arc::new(next(&self.snapshot(), &mut incidents));
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = next;
    }
}

#[cfg(test)]
mod tests;
