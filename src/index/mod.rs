//! Events in space and time, in memory: an R-tree over longitude, latitude and day.
//!
//! Every feature is serialised once, when it is indexed; a query copies bytes. What readers see is a
//! [`Snapshot`] that never changes; a writer makes the next one beside it and puts it in its place.
//!
//! A row without a geometry matches only where no box is asked for, a row without a date only where no days
//! are. Rows stand in the order in which their ids were first indexed, and a row that is replaced keeps its
//! place, so that paging neither loses a row nor gives it twice while others are added.

mod article;
mod filter;
mod geometry;
mod layer;
mod property;
mod query;
mod row;
mod snapshot;

use std::sync::{Arc, Mutex, PoisonError, RwLock};

pub use article::ArticleRecord;
pub use geometry::Geometry;
pub use layer::Layer;
pub use property::{ARTICLE_PROPERTIES, EVENT_PROPERTIES, Kind, PLACE_PROPERTIES, Property};
pub use query::{Days, Filter, Page, Query};
pub use row::Row;
pub use snapshot::Snapshot;

use crate::domain::EventRecord;

/// The current snapshot, and how the next one takes its place.
#[derive(Debug)]
pub struct Index {
    current: RwLock<Arc<Snapshot>>,
    /// Held while a snapshot is made: one writer at a time.
    writing: Mutex<()>,
}

impl Index {
    /// Indexes all there is. Articles that only the events tell of need not be given.
    pub fn build(articles: Vec<ArticleRecord>, events: Vec<EventRecord>) -> Self {
        Self {
            current: RwLock::new(Arc::new(Snapshot::empty().with(articles, events))),
            writing: Mutex::new(()),
        }
    }

    /// What there is now; it stays as it is for as long as it is held.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        // A lock is only poisoned by a panic between taking and swapping a pointer: the pointer is sound.
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Adds articles with all of their events. Of an article that is there already, events that are not
    /// given again are dropped.
    pub fn put(&self, articles: Vec<ArticleRecord>, events: Vec<EventRecord>) {
        self.replace(|now| now.with(articles, events));
    }

    /// Drops articles and their events; ids that are not there are passed over.
    pub fn remove(&self, articles: &[String]) {
        self.replace(|now| now.without(articles));
    }

    fn replace(&self, next: impl FnOnce(&Snapshot) -> Snapshot) {
        let _one_at_a_time = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        // Made before the lock is taken that readers share.
        let next = Arc::new(next(&self.snapshot()));
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = next;
    }
}

#[cfg(test)]
mod tests;
