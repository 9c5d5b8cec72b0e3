//! Commands: what each takes, and the dispatch to the module that does it.

mod backup;
mod config;
mod evaluate;
mod examples;
mod explain;
mod export;
mod extract;
mod follow;
mod gazetteer;
mod import;
mod index;
mod ingest;
mod ingestion;
mod intake;
mod logs;
mod parallel;
mod reextract;
mod serve;
mod stop;
mod token;
mod train;
mod verify;
mod watch;

use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::builder::{PathBufValueParser, TypedValueParser};
use clap::parser::ValueSource;
use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand};
use sitmap::article::{Input, ReadOptions};
use sitmap::domain::PartialDate;
use sitmap::gazetteer::Gazetteer;
use sitmap::language::Languages;
use sitmap::pipeline::Extractor;
use sitmap::store::Location;

/// Where the store is when nothing else is said.
const STORE: &str = "sitmap.gpkg";

/// Reads `--store`. Any text is taken: one that is refused here would be printed, with a password in it.
fn location() -> impl TypedValueParser<Value = Location> {
    PathBufValueParser::new().map(Location::from)
}

/// A map of conflict events: news articles in; dated, located movements out, each with the sentence that
/// says so.
#[derive(Debug, Parser)]
#[command(
    version,
    about,
    long_about = None,
    after_help = AFTER_HELP,
    // `sitmap --store x export` would read another store than the one it names.
    args_conflicts_with_subcommands = true
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    serve: serve::Options,
}

const AFTER_HELP: &str = "\
Without a command, sitmap serves the map.

Examples:
  sitmap                                   serve the map with the example articles
  sitmap ingest reports/ --published 2024-02-17
  sitmap watch https://example.org/feed.xml --contact desk@example.org
  sitmap extract article.txt --format table
  sitmap extract - --format geojson < article.html
  sitmap export --format csv --output events.csv
  sitmap import ucdp GEDEvent.csv --store syria.gpkg
  sitmap gazetteer lookup \"Deir ez-Zor\"
  sitmap token create --name feeds --scope write";

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the map and the API (the default).
    Serve(serve::Options),
    /// Read articles into the store.
    Ingest(ingest::Options),
    /// Ask feeds for what is new, again and again, and read it into the store.
    Watch(watch::Options),
    /// Read articles and print what is found in them; nothing is stored.
    Extract(extract::Options),
    /// Show how each place name of articles was put where it is: candidates, passes, and what decided.
    Explain(explain::Options),
    /// Write the store's events to a file or to standard output.
    Export(export::Options),
    /// Read all articles of the store anew, by the rules of today, and tell what changes.
    Reextract(reextract::Options),
    /// Look the store through: file, tables, articles, events, and the index made of them.
    Verify(verify::Options),
    /// Copy the store into a file, while others read and write it.
    Backup(backup::Options),
    /// Take events that others coded into the store.
    #[command(subcommand)]
    Import(import::Command),
    /// Look names up in the gazetteer, or make an image of one.
    #[command(subcommand)]
    Gazetteer(gazetteer::Command),
    /// Make, list and revoke the tokens that a service asks for.
    #[command(subcommand)]
    Token(token::Command),
    /// Measure against a corpus of one's own.
    #[command(subcommand)]
    Evaluate(evaluate::Command),
    /// Fit the weights of a model to corpora of one's own.
    #[command(subcommand)]
    Train(train::Command),
}

/// Carries out the command.
pub(crate) fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    match cli.command {
        None => serve(&cli.serve),
        Some(Command::Serve(options)) => serve(&options),
        Some(Command::Ingest(options)) => ingest::run(&options),
        Some(Command::Watch(options)) => watch::run(&options),
        Some(Command::Extract(options)) => extract::run(&options),
        Some(Command::Explain(options)) => explain::run(&options),
        Some(Command::Export(options)) => export::run(&options),
        Some(Command::Reextract(options)) => reextract::run(&options),
        Some(Command::Verify(options)) => verify::run(&options),
        Some(Command::Backup(options)) => backup::run(&options),
        Some(Command::Import(command)) => import::run(&command),
        Some(Command::Gazetteer(command)) => gazetteer::run(&command),
        Some(Command::Token(command)) => token::run(&command),
        Some(Command::Evaluate(command)) => evaluate::run(&command),
        Some(Command::Train(command)) => train::run(&command),
    }
}

/// Serves by the configuration file, which the command line or the environment has named.
fn serve(first: &serve::Options) -> anyhow::Result<ExitCode> {
    let mut config = first.read_config()?;
    // Read once more: what was said nowhere else is as the file says.
    let matches = config.as_defaults(Cli::command())?.get_matches();
    let matches = matches.subcommand_matches("serve").unwrap_or(&matches);
    let options = serve::Options::from_arg_matches(matches)?;
    config.keep(|key| matches.value_source(key) == Some(ValueSource::DefaultValue));
    serve::run(&options, &config)
}

/// Writes to standard output. A reader that has seen enough (`| head`) is no error.
fn print(text: &str) -> anyhow::Result<ExitCode> {
    match io::stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(ExitCode::SUCCESS),
    }
}

/// Articles to read, and what is known of them.
#[derive(Debug, Args)]
struct Articles {
    /// Files (.txt, .html, .jsonl, .xml feeds), folders, or - for standard input
    #[arg(required = true, value_name = "INPUT")]
    inputs: Vec<PathBuf>,
    /// When the articles were published, where they do not say: 2019-10-16, 2019-10 or 2019
    #[arg(long, value_name = "DATE")]
    published: Option<PartialDate>,
    /// Their language, where it shall not be detected: an ISO 639-1 code such as fr
    #[arg(long, value_name = "CODE")]
    language: Option<String>,
    #[command(flatten)]
    with: With,
}

/// Where places are looked up.
#[derive(Debug, Args)]
struct Places {
    /// A gazetteer image to use instead of the bundled one; while it is in use it must not be written into, only
    /// replaced by another (as `sitmap gazetteer` does)
    #[arg(long, value_name = "FILE", env = "SITMAP_GAZETTEER")]
    gazetteer: Option<PathBuf>,
}

/// What articles are read with.
#[derive(Debug, Args)]
struct With {
    #[command(flatten)]
    places: Places,
    /// A folder of language packs to use instead of the bundled ones
    #[arg(long, value_name = "FOLDER", env = "SITMAP_LANGUAGES")]
    languages: Option<PathBuf>,
}

impl Articles {
    fn inputs(&self) -> Vec<Input> {
        let input = |path: &PathBuf| match path.to_str() {
            Some("-") => Input::Stdin,
            _ => Input::Path(path.clone()),
        };
        self.inputs.iter().map(input).collect()
    }

    fn options(&self, languages: &Languages) -> anyhow::Result<ReadOptions> {
        if let Some(code) = &self.language
            && languages.get(code).is_none()
        {
            let known: Vec<_> = languages.iter().map(|pack| pack.code.as_str()).collect();
            anyhow::bail!(
                "--language {code}: there is no pack for it; there are {}",
                known.join(", ")
            );
        }
        Ok(ReadOptions {
            published: self.published,
            language: self.language.clone(),
        })
    }
}

impl Places {
    fn open(&self) -> anyhow::Result<Gazetteer> {
        self.open_as("--gazetteer")
    }

    /// The same, with another name for the option if that fails.
    fn open_as(&self, name: &str) -> anyhow::Result<Gazetteer> {
        match &self.gazetteer {
            Some(path) => Gazetteer::open(path).with_context(|| name.to_owned()),
            None => Ok(Gazetteer::bundled()?),
        }
    }
}

impl With {
    fn extractor(&self) -> anyhow::Result<Extractor> {
        let languages = match &self.languages {
            Some(folder) => Languages::open(folder).context("--languages")?,
            None => Languages::bundled()?,
        };
        Ok(Extractor::new(languages, self.places.open()?)?)
    }
}
