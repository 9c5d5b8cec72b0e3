//! Reading all articles of a store anew: one thread reads the store as it stands, others read the articles, and this one
//! writes what they find, in one transaction.

mod tell;

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::mpsc::{SyncSender, channel, sync_channel};
use std::thread;

use anyhow::Context;
use clap::{Args, ValueEnum};
use sitmap::article;
use sitmap::domain::{Article, EventRecord};
use sitmap::pipeline::Extractor;
use sitmap::revision::Revision;
use sitmap::store::{self, EventStore, Location, Report, StoreError};

use super::parallel::{self, Threads};
use tell::Teller;

/// How the changes are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum As {
    /// Lines for people.
    Table,
    /// A JSON object a line: each change, then the totals.
    Json,
}

#[derive(Debug, Args)]
pub(super) struct Options {
    /// The store whose articles are read anew
    #[arg(
        long,
        value_name = "STORE",
        default_value = super::STORE,
        env = "SITMAP_STORE",
        hide_env_values = true,
        value_parser = super::location()
    )]
    store: Location,
    /// Only tell what would change
    #[arg(long)]
    dry_run: bool,
    /// Read also articles that these rules have read; wanted with another gazetteer, which is no part of the rules
    #[arg(long)]
    all: bool,
    /// How to tell what changes
    #[arg(long, value_enum, default_value_t = As::Table)]
    format: As,
    /// Write each change to this file as well, as JSON lines
    #[arg(long, value_name = "FILE")]
    diff: Option<PathBuf>,
    #[command(flatten)]
    with: super::With,
    #[command(flatten)]
    threads: Threads,
}

/// An article of the store.
enum Stored {
    /// These rules have read it.
    Current,
    /// No rules read it: its events were coded by others, and are not ours to replace.
    Coded,
    /// To be read, with the events that it has.
    Due(Article, Vec<EventRecord>),
}

/// What became of it.
enum Read {
    Current,
    Coded,
    Anew(Box<(Report, Revision)>),
}

pub(super) fn run(options: &Options) -> anyhow::Result<ExitCode> {
    let extractor = options.with.extractor()?;
    // One that is not there is not made. What comes next can fail, too, before an hour of work.
    store::open_to_read(&options.store)?;
    if let Some(path) = &options.diff
        && super::export::is_store(path, &options.store)
    {
        anyhow::bail!(
            "--diff {} is the store itself: name another file",
            path.display()
        );
    }
    let mut teller = Teller::new(options.format, options.diff.as_deref())?;
    let mut store = if options.dry_run {
        store::open_to_read(&options.store)?
    } else {
        store::open(&options.store)?
    };
    let threads = options.threads.number();
    let read = |stored: Result<Stored, StoreError>| {
        Ok(match stored? {
            Stored::Current => Read::Current,
            Stored::Coded => Read::Coded,
            Stored::Due(article, before) => anew(&extractor, article, before),
        })
    };
    thread::scope(|scope| {
        let (begin, may_begin) = channel();
        let (send, stored) = sync_channel(threads);
        let (extractor, at, all) = (&extractor, &options.store, options.all);
        scope.spawn(move || {
            // Not before nobody else can write: what is read is then still so when it is replaced.
            if may_begin.recv().is_ok() {
                give(at, extractor, all, &send);
            }
        });
        parallel::map(stored.into_iter(), threads, read, |mut results| {
            let mut begin = Some(begin);
            let mut reports = std::iter::from_fn(|| {
                if let Some(begin) = begin.take() {
                    // It fails where the other thread is gone, which is then seen by its results.
                    let _ = begin.send(());
                }
                next_report(&mut results, &mut teller).transpose()
            });
            if options.dry_run {
                reports.try_for_each(|report| report.map(drop))
            } else {
                store.ingest_all(extractor.rules(), &mut reports)
            }
        })
        .context("--threads")?
        .context(if options.dry_run {
            "the store was not read to its end"
        } else {
            "nothing was written"
        })
    })?;
    teller.finish(&options.store, options.dry_run)?;
    Ok(ExitCode::SUCCESS)
}

/// Gives all articles of a store as they stand now, until nobody takes any more.
fn give(
    at: &Location,
    extractor: &Extractor,
    all: bool,
    send: &SyncSender<Result<Stored, StoreError>>,
) {
    let give_all = || {
        let store = store::open_to_read(at)?;
        store.freeze()?;
        for article in store.articles() {
            if send
                .send(stored(&*store, article?, extractor, all))
                .is_err()
            {
                break;
            }
        }
        Ok(())
    };
    if let Err(error) = give_all() {
        let _ = send.send(Err(error));
    }
}

fn stored(
    store: &dyn EventStore,
    article: Article,
    extractor: &Extractor,
    all: bool,
) -> Result<Stored, StoreError> {
    let rules = store.rules_of(&article.id)?.unwrap_or_default();
    if !Extractor::is_version(&rules) {
        return Ok(Stored::Coded);
    }
    if !all && rules == extractor.rules() {
        return Ok(Stored::Current);
    }
    let before = store.events_of(&article.id).collect::<Result<_, _>>()?;
    Ok(Stored::Due(article, before))
}

fn anew(extractor: &Extractor, mut article: Article, before: Vec<EventRecord>) -> Read {
    article.blocks = article::blocks(
        &article.text,
        article.title.as_deref(),
        &extractor.languages,
    );
    let extraction = extractor.extract(&article);
    let revision = Revision::new(before, extraction.event_records(&article));
    let events = extraction.events;
    Read::Anew(Box::new((Report { article, events }, revision)))
}

/// The next article that was read anew, after what changed is told; `None` after the last.
fn next_report(
    results: &mut dyn Iterator<Item = Result<Read, StoreError>>,
    teller: &mut Teller,
) -> Result<Option<Report>, StoreError> {
    for result in results {
        match result? {
            Read::Current => teller.current += 1,
            Read::Coded => teller.coded += 1,
            Read::Anew(anew) => {
                let (report, revision) = *anew;
                teller.tell(&report.article, &revision)?;
                return Ok(Some(report));
            }
        }
    }
    Ok(None)
}
