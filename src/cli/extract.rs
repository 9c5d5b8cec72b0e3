use std::io;
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use sitmap::article;
use sitmap::export::{self, ExportError, Format, Record};

use super::Articles;

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
}

pub(super) fn run(options: &Options) -> anyhow::Result<ExitCode> {
    let extractor = options.articles.with.extractor()?;
    let reading = options.articles.options(&extractor.languages)?;
    let mut failed = false;
    // An article that cannot be read is named, and the rest goes on.
    let articles = article::read(&options.articles.inputs(), &reading, &extractor.languages)
        .filter_map(|article| {
            article
                .inspect_err(|error| {
                    eprintln!("error: {error}");
                    failed = true;
                })
                .ok()
        });
    match options.what {
        What::Events => print(
            articles.flat_map(|article| extractor.extract(&article).event_records(&article)),
            options.format,
        )?,
        What::Toponyms => print(
            articles.flat_map(|article| extractor.extract(&article).mention_records(&article)),
            options.format,
        )?,
    }
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
