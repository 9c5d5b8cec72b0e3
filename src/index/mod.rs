//! Events in space and time, in memory or in a file that is mapped: R-trees over longitude, latitude and days.
//!
//! Every feature is serialised once, when it is indexed; a query copies bytes. What readers see is a
//! [`Snapshot`] that never changes; a writer makes the next one beside it and puts it in its place.
//!
//! A [`Layer`] has its rows in parts (`part`), each a segment that never changes (`segment`) and a list of what of it is
//! gone. A segment has the rows' texts in pieces, with what recurs kept once (`layout`, `fragments`), a tree over space
//! and time (`tree`), and lists of the rows that have a word (`words`).
//!
//! A row without a geometry matches only where no box is asked for, a row without a date only where no days
//! are. Rows stand in the order in which their ids were first indexed, and a row that is replaced keeps its
//! place, so that paging neither loses a row nor gives it twice while others are added.

mod article;
mod category;
mod changes;
mod flat;
mod fragments;
mod gather;
mod geometry;
mod image;
mod layer;
mod layout;
mod leaders;
mod level;
mod part;
mod predicate;
mod property;
mod query;
mod records;
mod row;
mod search;
mod segment;
mod select;
mod snapshot;
mod tree;
mod value;
mod words;
mod written;

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::ArcSwap;

pub use article::ArticleRecord;
pub use category::Category;
pub use changes::{Change, Held, Position};
pub use gather::{Gathered, Spot, Swarm};
pub use geometry::Geometry;
pub use layer::{Layer, Slot};
pub use predicate::{Fields, Predicate, PredicateError};
pub use property::{
    AREA_PROPERTIES, ARTICLE_PROPERTIES, EVENT_PROPERTIES, INCIDENT_PROPERTIES, Kind,
    PLACE_PROPERTIES, Property,
};
pub use query::{Cursor, Days, Order, Page, Query};
pub use records::Site;
pub use row::{Draft, Row, write_text};
pub use search::Search;
pub use snapshot::Snapshot;
pub use value::Value;

use crate::domain::{Edition, EventRecord};
use crate::incident::{Incidents, Kinship};
use image::Unfinished;

/// The current snapshot, and how the next one takes its place.
#[derive(Debug)]
pub struct Index {
    current: ArcSwap<Snapshot>,
    /// Held while a snapshot is made: one writer at a time. A writer also says which reports are one incident.
    writing: Mutex<Grouping>,
}

/// Says which reports are one incident.
#[derive(Debug)]
struct Grouping {
    kinship: Kinship,
    /// None when nothing was written yet to what an image gave: it is made when something is.
    incidents: Option<Incidents>,
}

impl Grouping {
    /// That of all events of a snapshot.
    fn of(&mut self, snapshot: &Snapshot) -> &mut Incidents {
        self.incidents.get_or_insert_with(|| {
            let mut incidents = Incidents::new(self.kinship.clone());
            snapshot.regroup(&mut incidents);
            incidents
        })
    }
}

impl Index {
    /// Without articles; `kinship` says which actors of different reports may be the same.
    pub fn new(kinship: Kinship) -> Self {
        Self::of(Snapshot::empty(), kinship, None)
    }

    fn of(snapshot: Snapshot, kinship: Kinship, incidents: Option<Incidents>) -> Self {
        Self {
            current: ArcSwap::from_pointee(snapshot),
            writing: Mutex::new(Grouping { kinship, incidents }),
        }
    }

    /// Indexes all there is, of actors that are no part of each other.
    pub fn build(articles: Vec<ArticleRecord>, events: Vec<EventRecord>) -> Self {
        let index = Self::new(Kinship::default());
        index.put(articles, events);
        index
    }

    /// Indexes all that a store holds at an edition, one record after the other. Each article comes once, and with its
    /// version; each event is of one of them.
    ///
    /// # Errors
    /// The first that an iterator gives.
    pub fn load<E>(
        kinship: Kinship,
        edition: Edition,
        articles: &[ArticleRecord],
        events: impl Iterator<Item = Result<EventRecord, E>>,
    ) -> Result<Self, E> {
        let mut incidents = Incidents::new(kinship.clone());
        let snapshot =
            Snapshot::load(edition, articles, events, &mut incidents, |segment| segment)?;
        Ok(Self::of(snapshot, kinship, Some(incidents)))
    }

    /// The same, writing an image as it goes, so that what is done does not stay in memory. Where the image cannot be
    /// written, the second value says why, and the rest is in memory.
    ///
    /// # Errors
    /// The first that an iterator gives.
    pub fn load_and_save<E>(
        kinship: Kinship,
        edition: Edition,
        articles: &[ArticleRecord],
        events: impl Iterator<Item = Result<EventRecord, E>>,
        (path, origin): (&Path, &str),
    ) -> Result<(Self, std::io::Result<()>), E> {
        let mut incidents = Incidents::new(kinship.clone());
        let mut image = Unfinished::new(path);
        let keep = |segment| match image.as_mut().map(|image| image.keep(&segment)) {
            Ok(Ok(kept)) => kept,
            Ok(Err(error)) => {
                image = Err(error);
                segment
            }
            Err(_) => segment,
        };
        let snapshot = Snapshot::load(edition, articles, events, &mut incidents, keep)?;
        let saved = image.and_then(|image| image.finish(&snapshot, origin));
        Ok((Self::of(snapshot, kinship, Some(incidents)), saved))
    }

    /// What an image holds; `None` when there is none that this program can use, made by and from what `origin` says.
    pub fn open(path: &Path, origin: &str, kinship: Kinship) -> Option<Self> {
        Some(Self::of(Snapshot::open(path, origin)?, kinship, None))
    }

    /// Writes an image of what there is now, and goes on with that instead of with what is in memory.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn save(&self, path: &Path, origin: &str) -> std::io::Result<()> {
        // Nobody writes meanwhile, so that it is still what there is.
        let _writing = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.snapshot();
        now.save(path, origin)?;
        if let Some(saved) = Snapshot::open(path, origin) {
            self.current.store(Arc::new(saved.with_changes_of(&now)));
        }
        Ok(())
    }

    /// What there is now; it stays as it is for as long as it is held.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        self.current.load_full()
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
        let mut grouping = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.snapshot();
        let next = next(&now, grouping.of(&now));
        self.current.store(Arc::new(next));
    }
}

#[cfg(test)]
mod tests;
