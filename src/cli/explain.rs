use std::fmt::Write as _;
use std::process::ExitCode;

use clap::Args;
use sitmap::article;
use sitmap::domain::{Article, CodePoints, Place};
use sitmap::gazetteer::Gazetteer;
use sitmap::pipeline::Extractor;
use sitmap::toponym::{Explanation, RankFeature, Weights};

use super::Articles;

/// Candidates shown of each name.
const CANDIDATES: usize = 6;
/// Features shown of each candidate.
const FEATURES: usize = 5;

#[derive(Debug, Args)]
pub(super) struct Options {
    #[command(flatten)]
    articles: Articles,
    /// Only names that hold these words
    #[arg(long, value_name = "WORDS")]
    name: Option<String>,
}

pub(super) fn run(options: &Options) -> anyhow::Result<ExitCode> {
    let extractor = options.articles.with.extractor()?;
    let reading = options.articles.options(&extractor.languages)?;
    let mut failed = false;
    for article in article::read(&options.articles.inputs(), &reading, &extractor.languages) {
        match article {
            Ok(article) => {
                super::print(&explain(&extractor, &article, options.name.as_deref())?)?;
            }
            Err(error) => {
                eprintln!("error: {error}");
                failed = true;
            }
        }
    }
    Ok(if failed {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

fn explain(
    extractor: &Extractor,
    article: &Article,
    name: Option<&str>,
) -> Result<String, std::fmt::Error> {
    let mut out = String::new();
    let points = CodePoints::new(&article.text);
    writeln!(out, "{}", article.title.as_deref().unwrap_or(&article.id))?;
    for found in extractor.explain(article, &[]) {
        let (span, place) = found.mention.toponym();
        let words = span.of(&article.text);
        if name.is_some_and(|name| !words.contains(name)) {
            continue;
        }
        let (start, end) = points.of(span);
        let mention = &found.mention;
        write!(
            out,
            "\n{words}  [{start}–{end}]  {}  ",
            mention.sense.as_str()
        )?;
        match place {
            Some(place) if found.said => write!(out, "→ {}", described(place))?,
            Some(place) => write!(out, "not placed; likeliest {}", described(place))?,
            None => write!(out, "not known")?,
        }
        writeln!(
            out,
            "  confidence {:.2}  {}",
            mention.confidence, mention.rule
        )?;
        for step in &found.steps {
            write!(out, "    {}: {} left", step.pass, step.candidates)?;
            if let Some(evidence) = step.evidence {
                write!(out, ", by “{}”", evidence.of(&article.text))?;
            }
            writeln!(out)?;
        }
        candidates(&mut out, &extractor.gazetteer, extractor.weights(), &found)?;
    }
    Ok(out)
}

fn candidates(
    out: &mut String,
    gazetteer: &Gazetteer,
    weights: &Weights,
    found: &Explanation,
) -> std::fmt::Result {
    for (index, candidate) in found.ranked.iter().enumerate().take(CANDIDATES) {
        write!(
            out,
            "    {:5.1} %  {:<60}",
            candidate.probability * 100.0,
            described(&gazetteer.place(candidate.place))
        )?;
        for (feature, worth) in found.grounds(index, weights).into_iter().take(FEATURES) {
            write!(out, "  {} {worth:+.1}", RankFeature::as_str(feature))?;
        }
        writeln!(out)?;
    }
    if found.ranked.len() > CANDIDATES {
        writeln!(out, "    … and {} more", found.ranked.len() - CANDIDATES)?;
    }
    Ok(())
}

fn described(place: &Place) -> String {
    let parts = [
        Some(place.id.as_str()),
        place.admin1.as_deref(),
        place.country.as_deref(),
    ];
    let parts: Vec<&str> = parts.into_iter().flatten().collect();
    format!("{}, {} ({})", place.name, place.kind, parts.join(", "))
}
