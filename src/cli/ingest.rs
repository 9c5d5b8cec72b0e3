use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use indicatif::{ProgressBar, ProgressFinish, ProgressStyle};
use sitmap::article;
use sitmap::store::Location;

use super::Articles;
use super::ingestion::{self, Ingestion, Manner};
use super::parallel::Threads;

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
        default_value_t = ingestion::BATCH,
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

pub(super) fn run(options: &Options) -> anyhow::Result<ExitCode> {
    let extractor = options.articles.with.extractor()?;
    let reading = options.articles.options(&extractor.languages)?;
    let manner = Manner {
        threads: options.threads.number(),
        batch: options.batch,
        acknowledge: options.acknowledge,
        bar: progress()?,
    };
    let mut ingestion = Ingestion::open(&extractor, reading, &options.store, manner)?;
    let tally = ingestion.take_in(article::raw(&options.articles.inputs()))?;
    let told = format!(
        "{} articles read: {tally} written to {}",
        tally.articles(),
        options.store
    );
    if options.acknowledge {
        eprintln!("{told}");
    } else {
        println!("{told}");
    }
    Ok(if tally.failed > 0 {
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
