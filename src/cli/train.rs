use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use clap::{Args, Subcommand};
use sitmap::article::{self, Input, ReadOptions};
use sitmap::evaluate::{self, Format, Report};
use sitmap::gazetteer::Gazetteer;
use sitmap::pipeline::Extractor;
use sitmap::training::{self, Folds, Named};

use super::With;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// The weights by which a name's place is chosen, and how sure that is; prints data/gazetteer/resolver.toml.
    Resolver(Options),
    /// The weights by which what the rules propose is told from events; prints data/events/decider.toml.
    Events(EventOptions),
}

#[derive(Debug, Args)]
pub(super) struct EventOptions {
    /// Own training texts with their events: a JSON object a line
    #[arg(required_unless_present = "gold", value_name = "FILE")]
    marked: Vec<PathBuf>,
    /// Annotations of articles
    #[arg(long, value_name = "FILE", requires = "articles")]
    gold: Option<PathBuf>,
    /// The articles that the annotations are of
    #[arg(long, value_name = "FILE", requires = "gold")]
    articles: Option<PathBuf>,
    #[command(flatten)]
    with: With,
}

#[derive(Debug, Args)]
pub(super) struct Options {
    /// Corpora as FORMAT:FILE, such as lgl:lgl.xml: lgl, geovirus, trnews, geowebnews, jsonl, marked or gold
    #[arg(required = true, value_name = "FORMAT:FILE")]
    corpora: Vec<String>,
    /// Corpora that the confidence is fitted to, where they are others
    #[arg(long, value_name = "FORMAT:FILE", num_args = 1..)]
    confidence: Vec<String>,
    /// Folds of the cross-validation; 0 for none
    #[arg(long, value_name = "N", default_value_t = 5)]
    folds: usize,
    #[command(flatten)]
    with: With,
}

pub(super) fn run(command: &Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Resolver(options) => resolver(options),
        Command::Events(options) => events(options),
    }
}

fn events(options: &EventOptions) -> anyhow::Result<ExitCode> {
    let extractor = options.with.extractor()?;
    let mut lessons = training::examples(&extractor);
    for path in &options.marked {
        let marked = training::marked(&file(path)?, &extractor);
        lessons.extend(marked.with_context(|| path.display().to_string())?);
    }
    if let Some((gold, articles)) = options.gold.as_ref().zip(options.articles.as_ref()) {
        let inputs = [Input::Path(articles.clone())];
        let options = ReadOptions::default();
        let articles = article::read(&inputs, &options, &extractor.languages);
        let articles = articles.collect::<Result<Vec<_>, _>>()?;
        let taught = training::gold(&file(gold)?, &articles);
        lessons.extend(taught.with_context(|| gold.display().to_string())?);
    }
    let (all, right) = training::count(&extractor, &lessons);
    eprintln!(
        "{} texts, {all} proposals, {right} of them events",
        lessons.len()
    );
    let decider = training::decider(&extractor, &lessons, Folds::All);
    let about = "# Made by `sitmap train events`: what each feature adds to the log odds, and each rule by itself.\n\n";
    super::print(&(about.to_owned() + &decider.to_toml()))
}

fn file(path: &Path) -> anyhow::Result<String> {
    std::fs::read_to_string(path).with_context(|| path.display().to_string())
}

fn resolver(options: &Options) -> anyhow::Result<ExitCode> {
    let mut extractor = options.with.extractor()?;
    let corpora = read_all(&options.corpora, &extractor.gazetteer)?;
    let others = read_all(&options.confidence, &extractor.gazetteer)?;
    for without in 0..if corpora.len() > 1 { corpora.len() } else { 0 } {
        let (tested, others): (Vec<_>, Vec<_>) = corpora
            .iter()
            .cloned()
            .enumerate()
            .partition(|(number, _)| *number == without);
        let others: Vec<Named> = others.into_iter().map(|(_, corpus)| corpus).collect();
        extractor = fit(extractor, &others, &others, Folds::All);
        let report = evaluate::toponyms(&extractor, &tested[0].1.articles, 0);
        eprintln!(
            "{}, trained on the others: {}",
            tested[0].1.name,
            figures(&report)
        );
    }
    if options.folds > 1 {
        extractor = cross_validate(extractor, &corpora, options.folds);
    }
    let judged = if others.is_empty() { &corpora } else { &others };
    let weights = fit(extractor, &corpora, judged, Folds::All)
        .weights()
        .clone();
    let mut text = String::from(
        "# Made by `sitmap train resolver`: what each feature adds to the log odds.\n\n",
    );
    write!(text, "{}", weights.to_toml())?;
    super::print(&text)
}

/// Tests each fold with what was learned from the others.
fn cross_validate(mut extractor: Extractor, corpora: &[Named], folds: usize) -> Extractor {
    let mut reports = vec![Report::default(); corpora.len()];
    for without in 0..folds {
        let chosen = Folds::Without { without, of: folds };
        extractor = fit(extractor, corpora, corpora, chosen);
        for (report, corpus) in reports.iter_mut().zip(corpora) {
            let articles = corpus.articles.iter().enumerate();
            let left: Vec<_> = articles
                .filter(|(number, _)| !chosen.takes(*number))
                .map(|(_, article)| article.clone())
                .collect();
            report.merge(&evaluate::toponyms(&extractor, &left, 0));
        }
    }
    for (report, corpus) in reports.iter().zip(corpora) {
        eprintln!("{}, {folds} folds: {}", corpus.name, figures(report));
    }
    extractor
}

fn fit(extractor: Extractor, corpora: &[Named], judged: &[Named], folds: Folds) -> Extractor {
    let extractor = training::ranker(extractor, corpora, folds);
    training::confidence(extractor, judged, folds)
}

fn read_all(arguments: &[String], gazetteer: &Gazetteer) -> anyhow::Result<Vec<Named>> {
    let corpora = arguments.iter();
    corpora
        .map(|argument| read(argument, gazetteer).with_context(|| argument.clone()))
        .collect()
}

fn figures(report: &Report) -> String {
    format!(
        "end to end {:.3}, gold spans {:.3}",
        report.end_to_end(),
        report.accuracy()
    )
}

fn read(argument: &str, gazetteer: &Gazetteer) -> anyhow::Result<Named> {
    let (format, path) = argument
        .split_once(':')
        .context("write FORMAT:FILE, such as lgl:lgl.xml")?;
    let format = format.parse::<Format>().map_err(anyhow::Error::msg)?;
    Ok(Named {
        name: argument.to_owned(),
        articles: evaluate::read_corpus(format, path.as_ref(), gazetteer)?,
    })
}
