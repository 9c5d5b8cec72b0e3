use std::fmt::Write as _;
use std::io::Read as _;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::{Args, Subcommand, ValueEnum};
use sitmap::article::{self, Input, ReadOptions};
use sitmap::evaluate::{self, Format, Measure};
use sitmap::toponym::Weights;

use super::{Places, With};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// How many places of a corpus the gazetteer holds where they are.
    Gazetteer(Options),
    /// How many place names of a corpus are found, and put where they are.
    Toponyms(ToponymOptions),
    /// How many events of a gold standard are found, and how many of those given are right.
    #[command(after_long_help = EVENTS_HELP)]
    Events(EventOptions),
    /// How many of the places that belong to a verb are linked to it, on sentences with one verb each.
    #[command(after_long_help = LOCATIONS_HELP)]
    Locations(LocationOptions),
}

const EVENTS_HELP: &str = "\
The table has a row for all articles, for each language of the gold and each action:
  P R F      precision, recall, their mean: right action within the gold's radius_km
  P~ R~ F~   likewise, where an action of its family is right: offensive, advance,
             clash, siege; withdrawal, evacuation; capture, deployment
  pin        of the events given: how many lie where the gold has any event
  date status actor
             of the gold events found with the right action: how many have it right
  clean      of the articles with nothing that must be found: how many give nothing else
  gold given unlocated
             events that must be found; events given with a point; without one (not counted)
Then: which action is read as which, at one place (`nothing`: no other event there);
what a confidence is worth, by tenths; and with --errors, what was missed or wrong,
each with its article, action, place, date, the rule and the quote.

GOLD has an object a line: `article`, `lang`, and `events` of `action`, `status`, `must`
(may it not be missed?), and where known `lat`, `lon`, `radius_km` (15), `date` (EDTF),
`actor`, `place`, `quote`, `alt_action`, `alt_status`.";

const LOCATIONS_HELP: &str = "\
FILE has an object a line, `text` and `spans` of `start`, `end` (code points) and
`label`, VERB or LOCATION, in English. What is linked to a verb are the places of the
events that a rule of the verb gave, by the words of their names. Tokens are words and
numbers; under `places` a name counts whole if it overlaps a location. Most verbs have
no rule, so the rows are: all sentences; those whose verb has a rule; those where it
gave an event. `named` is the share of location tokens that are found as place names,
linked or not. Sentences with a location that is no whole words are left out.";

/// How a report is written.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Form {
    /// For people
    Table,
    /// One object
    Json,
}

#[derive(Debug, Args)]
pub(super) struct EventOptions {
    /// What the articles report: JSON lines
    gold: PathBuf,
    /// The articles, with the ids that the gold has: JSON lines, or a folder
    articles: PathBuf,
    /// Print so many of each kind of error
    #[arg(long, value_name = "N", default_value_t = 0)]
    errors: usize,
    /// How to print it
    #[arg(long, value_enum, default_value_t = Form::Table)]
    format: Form,
    #[command(flatten)]
    with: With,
}

#[derive(Debug, Args)]
pub(super) struct LocationOptions {
    /// Sentences with a verb each: JSON lines, packed by gzip or not
    file: PathBuf,
    /// Print so many of each kind of error, of sentences whose verb has a rule
    #[arg(long, value_name = "N", default_value_t = 0)]
    errors: usize,
    #[command(flatten)]
    with: With,
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
        Command::Events(options) => events(options),
        Command::Locations(options) => locations(options),
    }
}

fn events(options: &EventOptions) -> anyhow::Result<ExitCode> {
    let extractor = options.with.extractor()?;
    let name = options.gold.display().to_string();
    let gold = evaluate::read(&options.gold).with_context(|| name.clone())?;
    let gold = evaluate::read_gold(&gold).with_context(|| name.clone())?;
    // What is to be measured must be read whole: the first article that cannot be is the end of it.
    let reading = ReadOptions::default();
    let inputs = [Input::Path(options.articles.clone())];
    let articles = article::read(&inputs, &reading, &extractor.languages);
    let articles = articles.collect::<Result<Vec<_>, _>>()?;
    let report = evaluate::events(&extractor, &gold, &articles, options.errors);
    let report = report.with_context(|| {
        let articles = options.articles.display();
        format!("{name}, read against {articles}")
    })?;
    let mut out = match options.format {
        Form::Table => report.to_string(),
        Form::Json => serde_json::to_string_pretty(&report)?,
    };
    out.push('\n');
    super::print(&out)
}

fn locations(options: &LocationOptions) -> anyhow::Result<ExitCode> {
    let extractor = options.with.extractor()?;
    let name = options.file.display().to_string();
    let corpus = evaluate::read(&options.file).with_context(|| name.clone())?;
    let corpus = evaluate::read_locations(&corpus).context(name)?;
    let report = evaluate::locations(&extractor, &corpus, options.errors);
    super::print(&format!("{report}\n"))
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
