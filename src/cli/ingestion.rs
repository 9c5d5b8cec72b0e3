//! The way of articles into the store: read by several threads, written by one.

use std::fmt;
use std::io::{self, Write as _};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::Context;
use indicatif::ProgressBar;
use sitmap::article::{Raw, ReadError, ReadOptions};
use sitmap::domain::Article;
use sitmap::pipeline::Extractor;
use sitmap::store::{self, EventStore, Ingested, Location, Report, StoreError};

use super::parallel::{self, Awaited, Results};

/// Articles a transaction, at most, where nothing else is said: one sync to disk for all of them.
pub(super) const BATCH: u32 = 256;

/// How long an article may wait for its transaction: a service beside this looks about as often.
const PATIENCE: Duration = Duration::from_secs(1);

/// How articles are taken in.
pub(super) struct Manner {
    pub(super) threads: usize,
    /// How many are written at once, at most.
    pub(super) batch: u32,
    /// Whether a line of JSON on standard output tells of each article when it is on the disk.
    pub(super) acknowledge: bool,
    /// Counts the articles.
    pub(super) bar: ProgressBar,
}

/// A store that is open for articles.
pub(super) struct Ingestion<'a> {
    extractor: &'a Extractor,
    reading: ReadOptions,
    manner: Manner,
    // A connection for the threads that read, which do not wait for the one that writes. It is closed before that one,
    // which as the last puts all that was written into the file itself: the file may be copied then.
    known: Mutex<Box<dyn EventStore>>,
    store: Box<dyn EventStore>,
}

/// What became of articles.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) new: usize,
    pub(super) unchanged: usize,
    pub(super) replaced: usize,
    pub(super) failed: usize,
    pub(super) events: usize,
}

impl Tally {
    /// All of them.
    pub(super) fn articles(&self) -> usize {
        self.new + self.replaced + self.unchanged + self.failed
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            new,
            unchanged,
            replaced,
            failed,
            events,
        } = self;
        write!(
            f,
            "{new} new, {replaced} replaced, {unchanged} unchanged, {failed} failed; {events} events"
        )
    }
}

/// What an article was read into.
enum Read {
    /// Why it cannot be read.
    Failed(ReadError),
    /// The store had it, so that its events were not looked for.
    Known(Article),
    /// Its events.
    Report(Report),
}

impl<'a> Ingestion<'a> {
    /// Opens the store; it is made if it is not there.
    pub(super) fn open(
        extractor: &'a Extractor,
        reading: ReadOptions,
        at: &Location,
        manner: Manner,
    ) -> Result<Self, StoreError> {
        let store = store::open(at)?;
        Ok(Self {
            extractor,
            reading,
            manner,
            known: Mutex::new(store::open_to_read(at)?),
            store,
        })
    }

    /// Whether an article of this id is in the store.
    pub(super) fn has(&self, id: &str) -> Result<bool, StoreError> {
        Ok(self.store.rules_of(id)?.is_some())
    }

    /// Reads articles, and writes them. What cannot be read is told on standard error.
    pub(super) fn take_in(
        &mut self,
        articles: impl Iterator<Item = Raw> + Send,
    ) -> anyhow::Result<Tally> {
        let (extractor, reading, known) = (self.extractor, &self.reading, &self.known);
        let is_known = |article: &Article| {
            let known = known.lock().unwrap_or_else(PoisonError::into_inner);
            known.is_current(extractor.rules(), article)
        };
        let read = |raw: Raw| {
            Ok(match raw.read(reading, &extractor.languages) {
                Err(error) => Read::Failed(error),
                Ok(article) if is_known(&article)? => Read::Known(article),
                Ok(article) => Read::Report(report(extractor, article)),
            })
        };
        let writer = Writer {
            extractor,
            store: &mut *self.store,
            manner: &self.manner,
            batch: Vec::new(),
            due: Instant::now(),
            tally: Tally::default(),
        };
        let tally = parallel::map(articles, self.manner.threads, read, |results| {
            writer.take_in(results)
        })
        .context("--threads")??;
        Ok(tally)
    }
}

fn report(extractor: &Extractor, article: Article) -> Report {
    let events = extractor.extract(&article).events;
    Report { article, events }
}

/// Reads the example articles into a store; returns the number of events. They come in one transaction: a
/// start that is broken off leaves none of them, and the next one begins anew.
pub(super) fn examples(
    extractor: &Extractor,
    store: &mut dyn EventStore,
) -> Result<usize, StoreError> {
    let articles = super::examples::articles(&extractor.languages);
    let reports: Vec<_> = articles
        .into_iter()
        .map(|article| report(extractor, article))
        .collect();
    store.ingest(extractor.rules(), &reports)?;
    Ok(reports.iter().map(|report| report.events.len()).sum())
}

/// Puts articles into the store, in their order, so many a transaction.
struct Writer<'a> {
    extractor: &'a Extractor,
    store: &'a mut dyn EventStore,
    manner: &'a Manner,
    /// What is not written yet.
    batch: Vec<Report>,
    /// When the batch is to be written, full or not.
    due: Instant,
    tally: Tally,
}

impl Writer<'_> {
    fn take_in(
        mut self,
        mut results: Results<'_, Result<Read, StoreError>>,
    ) -> Result<Tally, StoreError> {
        loop {
            let awaited = if self.batch.is_empty() {
                results.next().map_or(Awaited::End, Awaited::Result)
            } else {
                results.next_before(self.due)
            };
            match awaited {
                Awaited::Result(read) => {
                    self.take(read?)?;
                    if self.batch.len() >= self.manner.batch as usize || Instant::now() >= self.due
                    {
                        self.write()?;
                    }
                }
                Awaited::Late => self.write()?,
                Awaited::End => {
                    self.write()?;
                    return Ok(self.tally);
                }
            }
        }
    }

    fn take(&mut self, read: Read) -> Result<(), StoreError> {
        self.manner.bar.inc(1);
        match read {
            Read::Failed(error) => {
                self.tally.failed += 1;
                self.manner.bar.suspend(|| eprintln!("error: {error}"));
            }
            Read::Known(article) => {
                // Since it was looked up, another content may have come under its id: the last one counts.
                let same = |report: &Report| report.article.id == article.id;
                if self.batch.iter().any(same) {
                    self.write()?;
                }
                if self.store.is_current(self.extractor.rules(), &article)? {
                    self.tally.unchanged += 1;
                    self.acknowledge([(&*article.id, Ingested::Unchanged)].into_iter())?;
                } else {
                    self.push(report(self.extractor, article));
                }
            }
            Read::Report(report) => self.push(report),
        }
        Ok(())
    }

    fn push(&mut self, report: Report) {
        if self.batch.is_empty() {
            self.due = Instant::now() + PATIENCE;
        }
        self.batch.push(report);
    }

    /// Writes what was gathered, in one transaction.
    fn write(&mut self) -> Result<(), StoreError> {
        if self.batch.is_empty() {
            return Ok(());
        }
        let outcomes = self.store.ingest(self.extractor.rules(), &self.batch)?;
        let ids = self.batch.iter().map(|report| &*report.article.id);
        self.acknowledge(ids.zip(outcomes.iter().copied()))?;
        for (outcome, report) in outcomes.into_iter().zip(self.batch.drain(..)) {
            match outcome {
                Ingested::New => self.tally.new += 1,
                Ingested::Replaced => self.tally.replaced += 1,
                Ingested::Unchanged => {
                    self.tally.unchanged += 1;
                    continue;
                }
            }
            self.tally.events += report.events.len();
        }
        Ok(())
    }

    /// Tells that articles are on the disk, if that is wanted. Whoever waits for it must not miss it: where it cannot be
    /// written, nothing more is taken in.
    fn acknowledge<'b>(
        &self,
        articles: impl Iterator<Item = (&'b str, Ingested)>,
    ) -> Result<(), StoreError> {
        if !self.manner.acknowledge {
            return Ok(());
        }
        let mut lines = String::new();
        for (id, outcome) in articles {
            lines += &serde_json::json!({ "article": id, "outcome": outcome.name() }).to_string();
            lines.push('\n');
        }
        let mut output = io::stdout().lock();
        let written = output.write_all(lines.as_bytes());
        written
            .and_then(|()| output.flush())
            .map_err(|cause| StoreError::Io {
                path: "standard output".into(),
                cause,
            })
    }
}
