use std::io::{self, Write as _};
use std::process::ExitCode;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::Context;
use clap::Args;
use indicatif::{ProgressBar, ProgressFinish, ProgressStyle};
use sitmap::article::{self, Raw, ReadError};
use sitmap::domain::Article;
use sitmap::pipeline::Extractor;
use sitmap::store::{self, EventStore, Ingested, Location, Report, StoreError};

use super::Articles;
use super::parallel::{self, Awaited, Results, Threads};

/// How long an article may wait for its transaction: a service beside this looks about as often.
const PATIENCE: Duration = Duration::from_secs(1);

#[derive(Debug, Args)]
pub(super) struct Options {
    #[command(flatten)]
    articles: Articles,
    /// The store to write, a file or `postgres://USER@HOST/DATABASE`; it is made if it is not there
    #[arg(
        long,
        value_name = "STORE",
        default_value = super::STORE,
        env = "SITMAP_STORE",
        hide_env_values = true,
        value_parser = super::location()
    )]
    store: Location,
    /// Articles a transaction, at most: one sync to disk for all of them
    #[arg(
        long,
        value_name = "N",
        default_value_t = 256,
        value_parser = clap::value_parser!(u32).range(1..=100_000)
    )]
    batch: u32,
    /// Print a JSON line for each article as soon as it is safe on the disk: its id, and new, replaced or unchanged; what
    /// is told at the end goes to standard error
    #[arg(long)]
    acknowledge: bool,
    #[command(flatten)]
    threads: Threads,
}

/// What became of the articles.
#[derive(Debug, Default)]
struct Tally {
    new: usize,
    unchanged: usize,
    replaced: usize,
    failed: usize,
    events: usize,
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

pub(super) fn run(options: &Options) -> anyhow::Result<ExitCode> {
    let extractor = options.articles.with.extractor()?;
    let reading = options.articles.options(&extractor.languages)?;
    let mut store = store::open(&options.store)?;
    // A connection for the threads that read, which do not wait for the one that writes. It is closed before that one,
    // which as the last puts all that was written into the file itself: the file may be copied then.
    let known = Mutex::new(store::open_to_read(&options.store)?);
    let is_known = |article: &Article| {
        let known = known.lock().unwrap_or_else(PoisonError::into_inner);
        known.is_current(extractor.rules(), article)
    };
    let read = |raw: Raw| {
        Ok(match raw.read(&reading, &extractor.languages) {
            Err(error) => Read::Failed(error),
            Ok(article) if is_known(&article)? => Read::Known(article),
            Ok(article) => Read::Report(report(&extractor, article)),
        })
    };
    let writer = Writer {
        extractor: &extractor,
        store: &mut *store,
        bar: progress()?,
        batch: Vec::new(),
        most: options.batch as usize,
        due: Instant::now(),
        acknowledge: options.acknowledge,
        tally: Tally::default(),
    };
    let articles = article::raw(&options.articles.inputs());
    let threads = options.threads.number();
    let tally = parallel::map(articles, threads, read, |results| writer.take_in(results))
        .context("--threads")??;
    let Tally {
        new,
        unchanged,
        replaced,
        failed,
        events,
    } = tally;
    let told = format!(
        "{} articles read: {new} new, {replaced} replaced, {unchanged} unchanged, {failed} failed; {events} events written to {}",
        new + replaced + unchanged + failed,
        options.store
    );
    if options.acknowledge {
        eprintln!("{told}");
    } else {
        println!("{told}");
    }
    Ok(if failed > 0 {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

/// A count on standard error, where that is a terminal; gone when it is dropped.
fn progress() -> anyhow::Result<ProgressBar> {
    let style = ProgressStyle::with_template("{spinner} {pos} articles ({per_sec}) {msg}")?;
    let bar = ProgressBar::new_spinner()
        .with_style(style)
        .with_finish(ProgressFinish::AndClear);
    bar.enable_steady_tick(Duration::from_millis(100));
    Ok(bar)
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
    bar: ProgressBar,
    /// What is not written yet.
    batch: Vec<Report>,
    /// How many are written at once, at most.
    most: usize,
    /// When the batch is to be written, full or not.
    due: Instant,
    /// Whether each article is told of when it is on the disk.
    acknowledge: bool,
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
                    if self.batch.len() >= self.most || Instant::now() >= self.due {
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
        self.bar.inc(1);
        match read {
            Read::Failed(error) => {
                self.tally.failed += 1;
                self.bar.suspend(|| eprintln!("error: {error}"));
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
        if !self.acknowledge {
            return Ok(());
        }
        let mut lines = String::new();
        for (id, outcome) in articles {
            let outcome = match outcome {
                Ingested::New => "new",
                Ingested::Replaced => "replaced",
                Ingested::Unchanged => "unchanged",
            };
            lines += &serde_json::json!({ "article": id, "outcome": outcome }).to_string();
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
