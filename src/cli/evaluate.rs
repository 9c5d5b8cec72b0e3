use std::fmt::Write as _;
use std::io::Read as _;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::{Args, Subcommand, ValueEnum};
use sitmap::evaluate::{self, Format, Measure};
use sitmap::toponym::Weights;

use super::{Places, With};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// How many places of a corpus the gazetteer holds where they are.
    Gazetteer(Options),
    /// How many place names of a corpus are found, and put where they are.
    Toponyms(ToponymOptions),
}

#[derive(Debug, Args)]
pub(super) struct ToponymOptions {
    /// What sort of corpus it is: lgl, geovirus, trnews, geowebnews (XML), jsonl, marked, gold, or headlines (UCDP's
    /// Georeferenced Event Dataset)
    #[arg(long)]
    corpus: String,
    /// The file
    file: PathBuf,
    /// Print so many of each kind of error
    #[arg(long, value_name = "N", default_value_t = 0)]
    errors: usize,
    /// Weights to use instead of the bundled ones, as `sitmap train resolver` writes them
    #[arg(long, value_name = "FILE")]
    weights: Option<PathBuf>,
    #[command(flatten)]
    with: With,
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
    match command {
        Command::Gazetteer(options) => gazetteer(options),
        Command::Toponyms(options) => toponyms(options),
    }
}

fn toponyms(options: &ToponymOptions) -> anyhow::Result<ExitCode> {
    let mut extractor = options.with.extractor()?;
    if let Some(path) = &options.weights {
        let name = path.display().to_string();
        let text = evaluate::read(path).with_context(|| name.clone())?;
        extractor = extractor.with_weights(Weights::parse(&text).context(name)?);
    }
    let name = options.file.display().to_string();
    if options.corpus == "headlines" {
        let csv = evaluate::read(&options.file).with_context(|| name.clone())?;
        let measures = evaluate::headlines(&extractor, &csv).context(name)?;
        return show(&measures, options.errors);
    }
    let format = options.corpus.parse::<Format>();
    let format = format.map_err(|error| anyhow::anyhow!("{error}, headlines"));
    let corpus = evaluate::read_corpus(
        format.context("--corpus")?,
        &options.file,
        &extractor.gazetteer,
    )
    .context(name)?;
    let report = evaluate::toponyms(&extractor, &corpus, options.errors);
    super::print(&format!("{report}\n"))
}

fn gazetteer(options: &Options) -> anyhow::Result<ExitCode> {
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
    show(&measures.context(name)?, options.errors)
}

fn show(measures: &[Measure], errors: usize) -> anyhow::Result<ExitCode> {
    let mut out = String::new();
    for measure in measures {
        writeln!(out, "{measure}")?;
        for missing in measure.missing.iter().take(errors) {
            writeln!(out, "    {missing}")?;
        }
    }
    super::print(&out)
}
