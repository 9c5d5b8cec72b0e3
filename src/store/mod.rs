//! Keeping articles and their events: the [`EventStore`] trait, and a GeoPackage or a PostGIS database behind it.

mod cell;
mod content;
mod copy;
mod error;
mod finding;
mod geopackage;
mod location;
mod postgis;
mod token;

pub use copy::copy_to;
pub use error::StoreError;
pub use finding::Finding;
pub use geopackage::{GeoPackage, Tokens};
pub use location::Location;
pub use postgis::{Address, PostGis};
pub use token::{NewToken, Token, TokenError, TokenHash};

use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use jiff::Timestamp;

pub use crate::domain::Ingested;
use crate::domain::{Article, Edition, Event, EventRecord};

/// An article and the events that were read from it.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// The article; its blocks are not kept, because [`crate::article::blocks`] gives them again.
    pub article: Article,
    /// All of its events.
    pub events: Vec<Event>,
}

/// How much a store holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Articles.
    pub articles: u64,
    /// Events.
    pub events: u64,
    /// Events with a position.
    pub located: u64,
}

/// What [`EventStore::events`] and [`EventStore::articles`] give: one at a time, in the order of ingestion,
/// as they stood when the first was asked for.
pub type Rows<'a, T> = Box<dyn Iterator<Item = Result<T, StoreError>> + 'a>;

/// A place to keep articles and events. Every method's error names the store.
pub trait EventStore: Send {
    /// Takes in articles, all or none of them. `rules` is the version of what read their events.
    ///
    /// # Errors
    /// When the store cannot be written; it is then as it was.
    fn ingest(&mut self, rules: &str, batch: &[Report]) -> Result<Vec<Ingested>, StoreError>;

    /// Takes in articles one after the other, all or none of them: an error of `reports` ends it, and is given back.
    /// However many there are, few are in memory.
    ///
    /// From when the first report is asked for until all are written nobody else can write, so that what is read from
    /// the store meanwhile, over another connection, is still so when it is replaced.
    ///
    /// # Errors
    /// As [`EventStore::ingest`], and the first that `reports` gives.
    fn ingest_all(
        &mut self,
        rules: &str,
        reports: &mut dyn Iterator<Item = Result<Report, StoreError>>,
    ) -> Result<(), StoreError>;

    /// Whether ingesting the article would change nothing, so that its events need not be read at all.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn is_current(&self, rules: &str, article: &Article) -> Result<bool, StoreError>;

    /// One article, without its blocks.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn article(&self, id: &str) -> Result<Option<Article>, StoreError>;

    /// The version of what read the events of an article; `None` when it is not there.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn rules_of(&self, id: &str) -> Result<Option<String>, StoreError>;

    /// All articles, without their blocks.
    fn articles(&self) -> Rows<'_, Article>;

    /// The articles that were written after a version of the store, without their blocks.
    fn articles_after(&self, version: u64) -> Rows<'_, Article>;

    /// All events.
    fn events(&self) -> Rows<'_, EventRecord>;

    /// The events of the articles that were written after a version of the store.
    fn events_after(&self, version: u64) -> Rows<'_, EventRecord>;

    /// The events of an article.
    fn events_of(&self, article: &str) -> Rows<'_, EventRecord>;

    /// All articles without their texts and blocks, each with the version of the store in which it was last written.
    fn outlines(&self) -> Rows<'_, (Article, u64)>;

    /// How many articles and events there are.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn counts(&self) -> Result<Counts, StoreError>;

    /// A number that grows with every change, whoever makes it, and when the last was made.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn edition(&self) -> Result<Edition, StoreError>;

    /// A number by which the store is told from all others.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn identity(&self) -> Result<i64, StoreError>;

    /// From now on all that is read over this connection is as it stands now, until it is closed. Nothing can be
    /// written over it then, and others are not kept from writing.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn freeze(&self) -> Result<(), StoreError>;

    /// Looks the store through by its own means, as far as no other module can: the file, the tables, and that each
    /// article is as it was written. Gives each thing that is not as it should be.
    ///
    /// # Errors
    /// When the store cannot be read at all.
    fn verify(&self, found: &mut dyn FnMut(Finding)) -> Result<(), StoreError>;

    /// The ids of an article's events, in their order; none where there is no such article.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn event_ids(&self, article: &str) -> Result<Vec<String>, StoreError>;

    /// All tokens that were ever made, the oldest first; those that were revoked say so.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn tokens(&self) -> Result<Vec<Token>, StoreError>;

    /// Keeps a token.
    ///
    /// # Errors
    /// When one that is not revoked has its name, or the store cannot be written.
    fn add_token(&mut self, token: &Token) -> Result<(), StoreError>;

    /// Revokes the token of this name or id; `None` where there is none that could be.
    ///
    /// # Errors
    /// When the store cannot be written.
    fn revoke_token(
        &mut self,
        name_or_id: &str,
        now: Timestamp,
    ) -> Result<Option<Token>, StoreError>;

    /// Waits until somebody may have written, or the time is over; [`EventStore::edition`] says whether something has
    /// changed. `woken` tells of what this program writes, which is all that a store can be told of which does not tell of
    /// others' writes itself.
    ///
    /// # Errors
    /// When the store cannot be asked; then it may not have waited at all.
    fn wait(&mut self, woken: &Receiver<()>, time: Duration) -> Result<(), StoreError> {
        if woken.recv_timeout(time) == Err(RecvTimeoutError::Disconnected) {
            std::thread::sleep(time);
        }
        Ok(())
    }
}

/// Opens a store to read and write, or makes one where there is none.
///
/// # Errors
/// When it is not sitmap's, of a newer schema, read-only, locked, or away. It is not touched then.
pub fn open(at: &Location) -> Result<Box<dyn EventStore>, StoreError> {
    Ok(match at {
        Location::File(path) => Box::new(GeoPackage::open(path)?),
        Location::Database(address) => Box::new(PostGis::open(address)?),
    })
}

/// Opens a store that is there, to read it only.
///
/// # Errors
/// When there is none, or as [`open`].
pub fn open_to_read(at: &Location) -> Result<Box<dyn EventStore>, StoreError> {
    Ok(match at {
        Location::File(path) => Box::new(GeoPackage::open_to_read(path)?),
        Location::Database(address) => Box::new(PostGis::open_to_read(address)?),
    })
}
