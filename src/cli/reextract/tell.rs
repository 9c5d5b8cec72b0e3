use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use serde_json::{Map, Value, json};
use sitmap::domain::{Article, EventRecord};
use sitmap::revision::{Changed, Revision, Tally};
use sitmap::store::{Location, StoreError};

use super::As;

/// Characters of a value that a line for people shows.
const SHOWN: usize = 60;

/// Tells what changed, article by article, and counts.
pub(super) struct Teller {
    format: As,
    diff: Option<(PathBuf, BufWriter<File>)>,
    /// Articles that these rules had read.
    pub(super) current: usize,
    /// Articles whose events others have coded.
    pub(super) coded: usize,
    /// Articles read anew.
    read: usize,
    /// Those of them with other events.
    revised: usize,
    events: Tally,
    /// How often each field changed.
    fields: BTreeMap<String, usize>,
}

impl Teller {
    pub(super) fn new(format: As, diff: Option<&Path>) -> anyhow::Result<Self> {
        let diff = diff.map(|path| {
            let file = File::create(path).with_context(|| format!("--diff {}", path.display()))?;
            Ok::<_, anyhow::Error>((path.to_owned(), BufWriter::new(file)))
        });
        Ok(Self {
            format,
            diff: diff.transpose()?,
            current: 0,
            coded: 0,
            read: 0,
            revised: 0,
            events: Tally::default(),
            fields: BTreeMap::new(),
        })
    }

    /// Tells what became of an article's events; that nothing did is only counted.
    pub(super) fn tell(
        &mut self,
        article: &Article,
        revision: &Revision,
    ) -> Result<(), StoreError> {
        self.read += 1;
        self.events += revision.tally();
        if revision.is_nothing() {
            return Ok(());
        }
        self.revised += 1;
        for field in revision.changed.iter().flat_map(|changed| &changed.fields) {
            *self.fields.entry(field.name.clone()).or_default() += 1;
        }
        let lines =
            (self.diff.is_some() || self.format == As::Json).then(|| lines(article, revision));
        if let Some(lines) = &lines {
            self.write(lines)?;
        }
        match (self.format, lines) {
            (As::Json, Some(lines)) => show(&lines),
            _ => show(&table(article, revision)),
        }
    }

    fn write(&mut self, text: &str) -> Result<(), StoreError> {
        let Some((path, file)) = &mut self.diff else {
            return Ok(());
        };
        file.write_all(text.as_bytes())
            .map_err(|cause| StoreError::Io {
                path: path.clone(),
                cause,
            })
    }

    /// Tells the totals.
    pub(super) fn finish(mut self, store: &Location, dry_run: bool) -> anyhow::Result<()> {
        let Tally {
            added,
            gone,
            changed,
            same,
        } = self.events;
        let total = json!({ "total": {
            "articles": { "read": self.read, "revised": self.revised, "current": self.current, "coded": self.coded },
            "events": self.events, "fields": self.fields, "written": !dry_run,
        }});
        self.write(&format!("{total}\n"))?;
        if let Some((path, file)) = &mut self.diff {
            file.flush().with_context(|| path.display().to_string())?;
        }
        if self.format == As::Json {
            return Ok(show(&format!("{total}\n"))?);
        }
        let mut text = format!(
            "{} articles read anew, {} of them with other events; {} were current, {} were not read by rules\n\
             {added} events added, {gone} gone, {changed} changed, {same} as before\n",
            self.read, self.revised, self.current, self.coded,
        );
        if !self.fields.is_empty() {
            let mut fields: Vec<_> = self.fields.iter().collect();
            fields.sort_by_key(|(name, count)| (usize::MAX - **count, *name));
            let fields = fields.iter().map(|(name, count)| format!("{name} {count}"));
            let fields: Vec<_> = fields.collect();
            let _ = writeln!(text, "changed fields: {}", fields.join(", "));
        }
        let outcome = if dry_run {
            "not written: --dry-run"
        } else {
            "written"
        };
        let _ = writeln!(text, "{store}: {outcome}");
        Ok(show(&text)?)
    }
}

/// To standard output. Who reads no further does not keep the store from being written.
fn show(text: &str) -> Result<(), StoreError> {
    match io::stdout().lock().write_all(text.as_bytes()) {
        Err(cause) if cause.kind() != io::ErrorKind::BrokenPipe => Err(StoreError::Io {
            path: "standard output".into(),
            cause,
        }),
        _ => Ok(()),
    }
}

/// A JSON object a change.
fn lines(article: &Article, revision: &Revision) -> String {
    let mut lines = String::new();
    let mut line = |value: Value| {
        let _ = writeln!(lines, "{value}");
    };
    for (change, events) in [("added", &revision.added), ("gone", &revision.gone)] {
        for event in events {
            let feature = event.to_feature();
            line(
                json!({ "article": article.id, "change": change, "id": event.id, "event": feature }),
            );
        }
    }
    for Changed {
        before,
        now,
        fields,
    } in &revision.changed
    {
        let fields: Map<String, Value> = fields
            .iter()
            .map(|field| (field.name.clone(), json!([field.before, field.now])))
            .collect();
        line(json!({
            "article": article.id, "change": "changed", "id": now.id, "before": before.id, "fields": fields,
            "quote": now.quote,
        }));
    }
    lines
}

/// An article and its changes, for people.
fn table(article: &Article, revision: &Revision) -> String {
    let Tally {
        added,
        gone,
        changed,
        same,
    } = revision.tally();
    let mut text = format!(
        "{}: {added} added, {gone} gone, {changed} changed, {same} as before\n",
        one_line(&article.id)
    );
    for (mark, events) in [('+', &revision.added), ('-', &revision.gone)] {
        for event in events {
            let confidence = event.confidence;
            let quote = shortened(&event.quote);
            let _ = writeln!(
                text,
                "  {mark} {} ({confidence}) \u{201c}{quote}\u{201d}",
                headline(event)
            );
        }
    }
    for Changed {
        before,
        now,
        fields,
    } in &revision.changed
    {
        // That the id is another follows from what else is.
        let told = fields.iter().filter(|field| field.name != "id");
        let told: Vec<String> = told
            .map(|field| {
                format!(
                    "{} {} → {}",
                    field.name,
                    value(&field.before),
                    value(&field.now)
                )
            })
            .collect();
        let id = if before.id == now.id { "" } else { " [new id]" };
        let _ = writeln!(text, "  ~ {}{id}: {}", headline(before), told.join("; "));
    }
    text
}

/// When, what, where and who.
fn headline(event: &EventRecord) -> String {
    let parts = [
        Some(event.date.as_deref().unwrap_or("undated")),
        Some(event.action.as_str()),
        Some(event.status.as_str()),
        event.place.as_deref(),
        event.actor.as_deref(),
    ];
    let parts: Vec<&str> = parts.into_iter().flatten().collect();
    one_line(&parts.join(" "))
}

fn value(value: &Value) -> String {
    match value {
        Value::Null => "none".to_owned(),
        Value::String(text) => shortened(text),
        other => other.to_string(),
    }
}

fn shortened(text: &str) -> String {
    let mut characters = text.chars();
    let start: String = characters.by_ref().take(SHOWN).collect();
    let rest = if characters.next().is_some() {
        "…"
    } else {
        ""
    };
    one_line(&format!("{start}{rest}"))
}

fn one_line(text: &str) -> String {
    text.replace(char::is_control, " ")
}
