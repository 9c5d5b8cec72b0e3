use std::fmt::Write as _;
use std::io::Read as _;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::{Args, Subcommand, ValueEnum};
use sitmap::evaluate;

use super::Places;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// How many places of a corpus the gazetteer holds where they are.
    Gazetteer(Options),
}

/// What a corpus is.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Corpus {
    /// A table of places with their names by language: zone, lat, lon, then a column for each language
    Names,
    /// Articles with their places and events, a JSON object a line
    Gold,
    /// UCDP's Georeferenced Event Dataset: CSV
    Ged,
    /// A table of the supplement, held against a gazetteer that was made without it
    Supplement,
}

#[derive(Debug, Args)]
pub(super) struct Options {
    /// What sort of corpus it is
    #[arg(long)]
    corpus: Corpus,
    /// The file; - for standard input
    file: PathBuf,
    /// The country of the events, for `ged`
    #[arg(long, value_name = "CODE", default_value = "SY")]
    country: String,
    /// Print so many of what was not found
    #[arg(long, value_name = "N", default_value_t = 0)]
    errors: usize,
    #[command(flatten)]
    places: Places,
}

pub(super) fn run(command: &Command) -> anyhow::Result<ExitCode> {
    let Command::Gazetteer(options) = command;
    let gazetteer = options.places.open()?;
    let name = options.file.display().to_string();
    let mut text = String::new();
    if name == "-" {
        std::io::stdin()
            .read_to_string(&mut text)
            .context("standard input")?;
    } else {
        text = evaluate::read(&options.file).with_context(|| name.clone())?;
    }
    let measures = match options.corpus {
        Corpus::Names => evaluate::names(&gazetteer, &text),
        Corpus::Gold => evaluate::gold(&gazetteer, &text),
        Corpus::Supplement => evaluate::supplement(&gazetteer, &text),
        Corpus::Ged => evaluate::ged(&gazetteer, &text, &options.country.to_uppercase()),
    };
    let mut out = String::new();
    for measure in measures.context(name)? {
        writeln!(out, "{measure}")?;
        for missing in measure.missing.iter().take(options.errors) {
            writeln!(out, "    {missing}")?;
        }
    }
    super::print(&out)
}
