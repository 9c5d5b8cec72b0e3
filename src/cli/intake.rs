//! The store as where a running service takes in articles, and where it knows tokens from.

use std::error::Error;
use std::sync::mpsc::SyncSender;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use sitmap::api::{self, Bearer, IntakeError, TokenSource};
use sitmap::domain::{Article, Event};
use sitmap::store::{self, EventStore, Ingested, Location, Report, StoreError, Token, TokenHash};

/// How long a token that was revoked may still be good.
const FRESH: Duration = Duration::from_secs(1);

/// The store, to write to, with a connection of its own: who reads does not wait.
pub(super) struct Intake {
    reader: Mutex<Box<dyn EventStore>>,
    // Closed after all that only read, it puts what was written into a GeoPackage's file itself.
    writer: Mutex<Box<dyn EventStore>>,
    wake: SyncSender<()>,
}

impl Intake {
    /// `wake` tells who follows the store that there is something new.
    pub(super) fn open(store: &Location, wake: SyncSender<()>) -> Result<Self, StoreError> {
        Ok(Self {
            writer: Mutex::new(store::open(store)?),
            reader: Mutex::new(store::open_to_read(store)?),
            wake,
        })
    }
}

impl api::Intake for Intake {
    fn is_current(&self, rules: &str, article: &Article) -> Result<bool, IntakeError> {
        Ok(lock(&self.reader).is_current(rules, article)?)
    }

    fn event_ids(&self, article: &str) -> Result<Vec<String>, IntakeError> {
        Ok(lock(&self.reader).event_ids(article)?)
    }

    fn take_in(
        &self,
        rules: &str,
        batch: Vec<(Article, Vec<Event>)>,
    ) -> Result<(Vec<Ingested>, u64), IntakeError> {
        let report = |(article, events)| Report { article, events };
        let reports: Vec<_> = batch.into_iter().map(report).collect();
        let mut store = lock(&self.writer);
        let outcomes = store.ingest(rules, &reports)?;
        // Full, it wakes already; closed, nobody is to be woken.
        let _ = self.wake.try_send(());
        Ok((outcomes, store.edition()?.version))
    }
}

/// The tokens of the store, as they were a moment ago.
pub(super) struct Tokens(Mutex<Known>);

struct Known {
    store: Box<dyn EventStore>,
    tokens: Vec<Token>,
    at: Option<Instant>,
}

impl Tokens {
    pub(super) fn open(store: &Location) -> Result<Self, StoreError> {
        Ok(Self(Mutex::new(Known {
            store: store::open_to_read(store)?,
            tokens: Vec::new(),
            at: None,
        })))
    }
}

impl Known {
    fn is_fresh(&self) -> bool {
        self.at.is_some_and(|at| at.elapsed() < FRESH)
    }

    /// Asks the store again.
    fn refresh(&mut self) -> Result<(), StoreError> {
        self.tokens = self.store.tokens()?;
        self.at = Some(Instant::now());
        Ok(())
    }

    fn find(&self, hash: TokenHash, now: Timestamp) -> Option<Bearer> {
        let is_it = |token: &&Token| token.hash == hash && token.is_valid(now);
        let token = self.tokens.iter().find(is_it)?;
        Some(Bearer {
            id: token.id.clone(),
            scope: token.scope,
        })
    }
}

impl TokenSource for Tokens {
    fn bearer(&self, token: &str) -> Result<Option<Bearer>, Box<dyn Error + Send + Sync>> {
        if !Token::has_form(token) {
            return Ok(None);
        }
        let (hash, now) = (TokenHash::of(token), Timestamp::now());
        let mut known = lock(&self.0);
        if known.is_fresh()
            && let Some(bearer) = known.find(hash, now)
        {
            return Ok(Some(bearer));
        }
        // One that is not known may have been made just now: to ask costs less than to receive the request did.
        let refreshed = known.refresh();
        let found = known.find(hash, now);
        match refreshed {
            // While the store is away, those go on reading who did before.
            Err(StoreError::Away { .. }) if found.is_some() => Ok(found),
            Err(error) => Err(error.into()),
            Ok(()) => Ok(found),
        }
    }
}

/// Nothing that panics leaves what is in here half done.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
