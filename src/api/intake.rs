//! Taking in articles: many are read side by side, written a batch at a time, and answered when they are kept.

use std::collections::HashSet;
use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use axum::http::StatusCode;
use bytes::Bytes;
use serde::Serialize;
use tokio::task::spawn_blocking;
use tokio::time::Instant;

use super::App;
use super::problem::Problem;
use crate::article::{self, Form, ReadOptions, ReadProblem};
use crate::domain::{Article, Event, Ingested};

/// Articles a transaction.
const BATCH: usize = 256;
/// Bytes of the longest article.
pub(super) const LONGEST: usize = 2 * 1024 * 1024;
/// Characters of the longest id: no more than [`article::LONGEST_ID`] bytes, and few enough for an address.
pub(super) const LONGEST_ID: usize = 256;
/// How often an answer looks whether the index has what was written.
const LOOK: Duration = Duration::from_millis(5);

/// What the intake of articles may fail with: the cause is for the log.
pub type IntakeError = Box<dyn Error + Send + Sync>;

/// Where articles are taken in: the store, or anything that stands for it.
pub trait Intake: Send + Sync {
    /// Whether the article is there, read by these rules.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn is_current(&self, rules: &str, article: &Article) -> Result<bool, IntakeError>;

    /// The ids of an article's events.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn event_ids(&self, article: &str) -> Result<Vec<String>, IntakeError>;

    /// Takes in articles with their events, all or none: when it returns they are kept for good. Gives what became of
    /// each, and the version of the store that has them.
    ///
    /// # Errors
    /// When the store cannot be written: it is as it was.
    fn take_in(
        &self,
        rules: &str,
        batch: Vec<(Article, Vec<Event>)>,
    ) -> Result<(Vec<Ingested>, u64), IntakeError>;
}

/// An article that is kept.
#[derive(Debug, Serialize)]
pub(super) struct Kept {
    pub(super) id: String,
    pub(super) outcome: Ingested,
    pub(super) events: Vec<String>,
}

/// An article of a request: the line it stands in, and what became of it.
pub(super) type Entry = (usize, Result<Kept, Problem>);

/// What an article was read into.
enum Read {
    Failed(Problem),
    /// It is there already.
    Known(Article, Vec<String>),
    Report(Article, Vec<Event>),
}

/// Takes in the articles of a request, each in JSON with the line it stands in. All that are told as kept are.
pub(super) async fn take_in(
    app: &App,
    intake: &Arc<dyn Intake>,
    lines: &[(usize, Bytes)],
) -> Vec<Entry> {
    let until = Instant::now() + app.limits().work;
    let mut entries = Vec::with_capacity(lines.len());
    let mut reached = None;
    let mut failed = None;
    for batch in lines.chunks(BATCH) {
        if failed.is_none() && Instant::now() >= until {
            failed = Some(Problem::busy(
                "The articles before took all the time there is: send this one again.",
            ));
        }
        if let Some(problem) = &failed {
            let rest = batch.iter().map(|(line, _)| (*line, Err(problem.clone())));
            entries.extend(rest);
            continue;
        }
        let reads = read(app, intake, batch).await;
        match write(app, intake, reads).await {
            Ok((kept, version)) => {
                reached = version.or(reached);
                entries.extend(batch.iter().map(|(line, _)| *line).zip(kept));
            }
            Err(problem) => {
                let rest = batch.iter().map(|(line, _)| (*line, Err(problem.clone())));
                entries.extend(rest);
                failed = Some(problem);
            }
        }
    }
    for (_, entry) in &entries {
        app.metrics()
            .took_in(entry.as_ref().ok().map(|kept| kept.outcome));
    }
    if let Some(version) = reached {
        indexed(app, version).await;
    }
    entries
}

/// Reads articles, as many at once as there are processors; the results are in their order.
async fn read(app: &App, intake: &Arc<dyn Intake>, batch: &[(usize, Bytes)]) -> Vec<Read> {
    let mut under_way = Vec::with_capacity(batch.len());
    for (_, line) in batch {
        let (line, intake) = (line.clone(), Arc::clone(intake));
        under_way.push(app.heavy(move |app| read_one(app, &*intake, &line)).await);
    }
    let mut reads = Vec::with_capacity(batch.len());
    for read in under_way {
        // Whatever there is in an article, the others are taken in.
        reads.push(
            read.await
                .unwrap_or_else(|error| Read::Failed(Problem::internal(&error))),
        );
    }
    reads
}

fn read_one(app: &App, intake: &dyn Intake, line: &[u8]) -> Read {
    let extractor = app.extractor();
    let article = match parse(app, line) {
        Ok(article) => article,
        Err(problem) => return Read::Failed(problem),
    };
    let known = match intake.is_current(extractor.rules(), &article) {
        Ok(true) => intake.event_ids(&article.id).map(Some),
        Ok(false) => Ok(None),
        Err(error) => Err(error),
    };
    match known {
        Ok(Some(events)) => Read::Known(article, events),
        Ok(None) => {
            let events = app.extract(&article).events;
            Read::Report(article, events)
        }
        Err(error) => {
            app.note_store_failure();
            Read::Failed(Problem::unavailable(&error))
        }
    }
}

/// The article that a line of JSON is.
fn parse(app: &App, line: &[u8]) -> Result<Article, Problem> {
    if line.len() > LONGEST {
        let detail = format!("An article has at most {LONGEST} bytes here.");
        return Err(Problem::plain(StatusCode::PAYLOAD_TOO_LARGE, detail));
    }
    let text = std::str::from_utf8(line).map_err(|_| {
        Problem::plain(
            StatusCode::BAD_REQUEST,
            "The article is no UTF-8: send it as UTF-8.",
        )
    })?;
    let languages = &app.extractor().languages;
    let text = text.trim();
    let read = article::one(
        text.to_owned(),
        Form::Json,
        &ReadOptions::default(),
        languages,
    );
    let article = read.map_err(|problem| {
        // What is no JSON is told from JSON that is no article.
        let is_json = serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok();
        let status = match problem {
            ReadProblem::Json(_) if !is_json => StatusCode::BAD_REQUEST,
            _ => StatusCode::UNPROCESSABLE_ENTITY,
        };
        let detail = format!(
            "{problem}. For example: {{\"text\": \"The army entered Manbij on Tuesday.\", \"published\": \
             \"2019-10-16\"}}"
        );
        Problem::plain(status, detail)
    })?;
    if article.id.chars().count() > LONGEST_ID || article.id.chars().any(char::is_control) {
        let detail = format!("id: at most {LONGEST_ID} characters, and no control characters.");
        return Err(Problem::plain(StatusCode::UNPROCESSABLE_ENTITY, detail));
    }
    Ok(article)
}

/// Writes what was read, in one transaction; what became of each, and the version that has it.
async fn write(
    app: &App,
    intake: &Arc<dyn Intake>,
    reads: Vec<Read>,
) -> Result<(Vec<Result<Kept, Problem>>, Option<u64>), Problem> {
    let (app, intake) = (app.clone(), Arc::clone(intake));
    let work = move || {
        let mut batch = Vec::new();
        let mut ids = HashSet::new();
        // What is to be written leaves its events' ids, and gets its outcome afterwards.
        let mut told = Vec::with_capacity(reads.len());
        for read in reads {
            let (article, events) = match read {
                Read::Failed(problem) => {
                    told.push(Err(problem));
                    continue;
                }
                // An article before it in the batch takes its place first.
                Read::Known(article, _) if ids.contains(&article.id) => {
                    let events = app.extract(&article).events;
                    (article, events)
                }
                Read::Known(article, events) => {
                    let (id, outcome) = (article.id, Ingested::Unchanged);
                    told.push(Ok(Kept {
                        id,
                        outcome,
                        events,
                    }));
                    continue;
                }
                Read::Report(article, events) => (article, events),
            };
            ids.insert(article.id.clone());
            told.push(Ok(Kept {
                id: article.id.clone(),
                outcome: Ingested::New,
                events: events.iter().map(|event| event.id.clone()).collect(),
            }));
            batch.push((told.len() - 1, (article, events)));
        }
        if batch.is_empty() {
            return Ok((told, None));
        }
        let (at, batch): (Vec<_>, Vec<_>) = batch.into_iter().unzip();
        let began = Instant::now();
        let written = intake.take_in(app.extractor().rules(), batch);
        app.metrics().write.observe(began.elapsed().as_secs_f64());
        let (outcomes, version) = written.map_err(|error| {
            app.note_store_failure();
            Problem::unavailable(&error)
        })?;
        for (at, outcome) in at.into_iter().zip(outcomes) {
            if let Ok(kept) = &mut told[at] {
                kept.outcome = outcome;
            }
        }
        Ok((told, Some(version)))
    };
    let done = spawn_blocking(work).await;
    done.unwrap_or_else(|error| Err(Problem::internal(&error)))
}

/// Waits until what was written can be read here, but not for long: it is kept all the same.
async fn indexed(app: &App, version: u64) {
    let until = Instant::now() + app.limits().indexed;
    while app.snapshot().edition.version < version && Instant::now() < until {
        tokio::time::sleep(LOOK).await;
    }
}
