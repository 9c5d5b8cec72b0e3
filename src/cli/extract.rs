use std::io;
use std::process::ExitCode;

use anyhow::Context;
use clap::{Args, ValueEnum};
use sitmap::article::{self, Raw, ReadError};
use sitmap::domain::Article;
use sitmap::export::{self, ExportError, Format, Record};
use sitmap::language::Languages;

use super::Articles;
use super::parallel::{self, Threads};

/// What is printed.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum What {
    /// Dated, located events.
    Events,
    /// Every place name, with the place it means.
    Toponyms,
}

#[derive(Debug, Args)]
pub(super) struct Options {
    #[command(flatten)]
    articles: Articles,
    /// geojson (one collection), ndjson (a Feature a line), csv or table
    #[arg(long, default_value_t = Format::GeoJson)]
    format: Format,
    /// What to print
    #[arg(long, value_enum, default_value_t = What::Events)]
    what: What,
    #[command(flatten)]
    threads: Threads,
}

pub(super) fn run(options: &Options) -> anyhow::Result<ExitCode> {
    let extractor = options.articles.with.extractor()?;
    let events = |article: &Article| extractor.extract(article).event_records(article);
    let toponyms = |article: &Article| extractor.extract(article).mention_records(article);
    match options.what {
        What::Events => extract(options, &extractor.languages, events),
        What::Toponyms => extract(options, &extractor.languages, toponyms),
    }
}

/// Prints the records of all articles.
fn extract<R: Record + Send>(
    options: &Options,
    languages: &Languages,
    records: impl Fn(&Article) -> Vec<R> + Sync,
) -> anyhow::Result<ExitCode> {
    let reading = options.articles.options(languages)?;
    let read = |raw: Raw| Ok(records(&raw.read(&reading, languages)?));
    let mut failed = false;
    let print = |results: parallel::Results<'_, Result<Vec<R>, ReadError>>| {
        // An article that cannot be read is named, and the rest goes on.
        let readable = results.filter_map(|result| {
            result
                .inspect_err(|error| {
                    eprintln!("error: {error}");
                    failed = true;
                })
                .ok()
        });
        print(readable.flatten(), options.format)
    };
    let articles = article::raw(&options.articles.inputs());
    parallel::map(articles, options.threads.number(), read, print).context("--threads")??;
    Ok(if failed {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

/// Writes records to standard output; whoever reads may stop reading.
fn print<R: Record>(records: impl Iterator<Item = R>, format: Format) -> anyhow::Result<()> {
    let records = records.map(Ok::<R, std::convert::Infallible>);
    let written = export::write(
        records,
        format,
        super::export::terminal_width(),
        io::stdout().lock(),
    );
    written.map_err(|error| match error {
        ExportError::Source(never) => match never {},
        ExportError::Write(error) => anyhow::Error::new(error).context("standard output"),
    })?;
    Ok(())
}
