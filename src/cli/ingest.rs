use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use sitmap::article;
use sitmap::domain::Article;
use sitmap::pipeline::Extractor;
use sitmap::store::{EventStore, GeoPackage, Ingested, Report, StoreError};

use super::Articles;

/// Articles a transaction: one sync to disk for all of them.
const BATCH: usize = 64;

#[derive(Debug, Args)]
pub(super) struct Options {
    #[command(flatten)]
    articles: Articles,
    /// The store to write; it is made if it is not there
    #[arg(long, value_name = "FILE", default_value = super::STORE, env = "SITMAP_STORE")]
    store: PathBuf,
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

pub(super) fn run(options: &Options) -> anyhow::Result<ExitCode> {
    let extractor = options.articles.with.extractor()?;
    let reading = options.articles.options(&extractor.languages)?;
    let mut store = GeoPackage::open(&options.store)?;
    let bar = ProgressBar::new_spinner().with_style(ProgressStyle::with_template(
        "{spinner} {pos} articles ({per_sec}) {msg}",
    )?);
    bar.enable_steady_tick(Duration::from_millis(100));

    let mut tally = Tally::default();
    let articles = article::read(&options.articles.inputs(), &reading, &extractor.languages);
    let readable = articles.filter_map(|article| {
        bar.inc(1);
        match article {
            Ok(article) => Some(article),
            Err(error) => {
                tally.failed += 1;
                bar.suspend(|| eprintln!("error: {error}"));
                None
            }
        }
    });
    let taken = take_in(readable, &extractor, &mut store)?;
    bar.finish_and_clear();
    let Tally {
        new,
        unchanged,
        replaced,
        events,
        ..
    } = taken;
    let failed = tally.failed;
    println!(
        "{} articles read: {new} new, {replaced} replaced, {unchanged} unchanged, {failed} failed; {events} events written to {}",
        new + replaced + unchanged + failed,
        options.store.display()
    );
    Ok(if failed > 0 {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

/// Reads the example articles into a store; returns the number of events. They come in one transaction: a
/// start that is broken off leaves none of them, and the next one begins anew.
pub(super) fn examples(extractor: &Extractor, store: &mut GeoPackage) -> Result<usize, StoreError> {
    let read = |article: Article| {
        let events = extractor.extract(&article).events;
        Report { article, events }
    };
    let articles = super::examples::articles(&extractor.languages);
    let reports: Vec<_> = articles.into_iter().map(read).collect();
    store.ingest(extractor.rules(), &reports)?;
    Ok(reports.iter().map(|report| report.events.len()).sum())
}

fn take_in(
    articles: impl Iterator<Item = Article>,
    extractor: &Extractor,
    store: &mut GeoPackage,
) -> Result<Tally, StoreError> {
    let mut tally = Tally::default();
    let mut batch = Vec::with_capacity(BATCH);
    for article in articles {
        if store.is_current(extractor.rules(), &article)? {
            tally.unchanged += 1;
            continue;
        }
        let events = extractor.extract(&article).events;
        tally.events += events.len();
        batch.push(Report { article, events });
        if batch.len() == BATCH {
            tally.write(extractor, store, &mut batch)?;
        }
    }
    tally.write(extractor, store, &mut batch)?;
    Ok(tally)
}

impl Tally {
    fn write(
        &mut self,
        extractor: &Extractor,
        store: &mut GeoPackage,
        batch: &mut Vec<Report>,
    ) -> Result<(), StoreError> {
        for ingested in store.ingest(extractor.rules(), batch)? {
            match ingested {
                Ingested::New => self.new += 1,
                Ingested::Unchanged => self.unchanged += 1,
                Ingested::Replaced => self.replaced += 1,
            }
        }
        batch.clear();
        Ok(())
    }
}
