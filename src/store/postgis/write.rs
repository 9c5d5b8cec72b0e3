use std::borrow::Cow;

use postgres::{Client, IsolationLevel, Statement, Transaction};
use serde_json::Value;

use crate::domain::{Article, EventRecord, Point};
use crate::store::{Ingested, Report, content};

const KNOWN: &str = "SELECT content_hash, rules FROM articles WHERE id = $1";

/// Articles that are taken in, all or none of them: what is not finished leaves nothing.
///
/// Writers come one after the other, as each locks the row with the version first; so versions are given, and seen by
/// readers, in their order, however many programs write.
pub(super) struct Writing<'a> {
    transaction: Transaction<'a>,
    rules: &'a str,
    version: i64,
    has_changed: bool,
    known: Statement,
    clear: Statement,
    put: Statement,
    /// What puts events in, once there is one.
    events: Option<Statement>,
}

impl<'a> Writing<'a> {
    pub(super) fn begin(client: &'a mut Client, rules: &'a str) -> Result<Self, postgres::Error> {
        // Each statement must see what the writer before has written, whatever the server's default is.
        let mut transaction = client
            .build_transaction()
            .isolation_level(IsolationLevel::ReadCommitted)
            .start()?;
        let version: i64 = transaction
            .query_one("SELECT version FROM state FOR UPDATE", &[])?
            .try_get(0)?;
        let known = transaction.prepare(KNOWN)?;
        let clear = transaction.prepare("DELETE FROM events WHERE article = $1")?;
        let put = transaction.prepare(
            "INSERT INTO articles (id, title, text, url, publisher, published, language, content_hash, rules, version)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
             ON CONFLICT (id) DO UPDATE SET title = $2, text = $3, url = $4, publisher = $5, published = $6,
             language = $7, content_hash = $8, rules = $9, version = $10, ingested = clock_timestamp()",
        )?;
        Ok(Self {
            transaction,
            rules,
            version: version + 1,
            has_changed: false,
            known,
            clear,
            put,
            events: None,
        })
    }

    /// Takes in one article. After an error there is nothing to do but to drop all.
    pub(super) fn put(&mut self, report: &Report) -> Result<Ingested, postgres::Error> {
        let article = &*kept(&report.article);
        let (id, hash) = (&article.id, content::hash(article));
        let known = self.transaction.query_opt(&self.known, &[&id])?;
        let outcome = match known {
            Some(row)
                if row.try_get::<_, &str>(0)? == hash
                    && row.try_get::<_, &str>(1)? == self.rules =>
            {
                return Ok(Ingested::Unchanged);
            }
            Some(_) => Ingested::Replaced,
            None => Ingested::New,
        };
        self.has_changed = true;
        if outcome == Ingested::Replaced {
            self.transaction.execute(&self.clear, &[&id])?;
        }
        let published = article.published.map(|date| date.to_string());
        self.transaction.execute(
            &self.put,
            &[
                &id,
                &article.title,
                &article.text,
                &article.url,
                &article.publisher,
                &published,
                &article.language,
                &hash,
                &self.rules,
                &self.version,
            ],
        )?;
        self.put_events(report)?;
        Ok(outcome)
    }

    /// Puts the events of an article in, in one statement: the server reads each field as its column's type.
    fn put_events(&mut self, report: &Report) -> Result<(), postgres::Error> {
        let records = report.events.iter();
        let rows: Vec<Value> = records
            .map(|event| row(&EventRecord::new(event, &report.article)))
            .collect();
        let Some(Value::Object(first)) = rows.first() else {
            return Ok(());
        };
        let statement = if let Some(statement) = &self.events {
            statement
        } else {
            let names: Vec<_> = first.keys().map(|name| format!("\"{name}\"")).collect();
            let names = names.join(", ");
            let sql = format!(
                "INSERT INTO events ({names}) SELECT {names}
                 FROM json_populate_recordset(NULL::events, $1::text::json) WITH ORDINALITY ORDER BY ordinality"
            );
            self.events.insert(self.transaction.prepare(&sql)?)
        };
        let rows = Value::Array(rows).to_string();
        self.transaction.execute(statement, &[&rows])?;
        Ok(())
    }

    /// Writes all of it, and tells those who listen of the new version. Where nothing is new, nothing is written.
    ///
    /// When the answer to the commit is lost, nobody knows whether it was carried out. It is not sent again here: who
    /// called may ingest the same articles again, as those that are there, with the same content and rules, are
    /// [`Ingested::Unchanged`], and nothing is there twice.
    pub(super) fn finish(mut self) -> Result<(), postgres::Error> {
        if self.has_changed {
            self.transaction.execute(
                "UPDATE state SET version = $1, changed = clock_timestamp() RETURNING pg_notify('sitmap', '')",
                &[&self.version],
            )?;
        }
        self.transaction.commit()
    }
}

pub(super) fn is_current(
    client: &mut Client,
    rules: &str,
    article: &Article,
) -> Result<bool, postgres::Error> {
    let article = &*kept(article);
    match client.query_opt(KNOWN, &[&article.id])? {
        Some(row) => Ok(row.try_get::<_, &str>(1)? == rules
            && row.try_get::<_, &str>(0)? == content::hash(article)),
        None => Ok(false),
    }
}

pub(super) fn rules_of(client: &mut Client, id: &str) -> Result<Option<String>, postgres::Error> {
    let row = client.query_opt(KNOWN, &[&without_nul(id)])?;
    row.map(|row| row.try_get(1)).transpose()
}

/// An article as PostgreSQL can keep it.
fn kept(article: &Article) -> Cow<'_, Article> {
    let more = [
        &article.title,
        &article.url,
        &article.publisher,
        &article.language,
    ];
    let mut texts = more
        .into_iter()
        .flatten()
        .chain([&article.id, &article.text]);
    if !texts.any(|text| text.contains('\0')) {
        return Cow::Borrowed(article);
    }
    let clean = |text: &String| without_nul(text).into_owned();
    Cow::Owned(Article {
        id: clean(&article.id),
        text: clean(&article.text),
        title: article.title.as_ref().map(clean),
        url: article.url.as_ref().map(clean),
        publisher: article.publisher.as_ref().map(clean),
        published: article.published,
        language: article.language.as_ref().map(clean),
        blocks: Vec::new(),
    })
}

/// A record as the columns of a row: its fields, and its position as PostGIS reads it.
fn row(record: &EventRecord) -> Value {
    let mut row = serde_json::to_value(record).unwrap_or_default();
    if let Value::Object(fields) = &mut row {
        for value in fields.values_mut() {
            if let Value::String(text) = value
                && text.contains('\0')
            {
                *text = without_nul(text).into_owned();
            }
        }
        let geometry = record
            .point
            .map(|Point { lon, lat }| format!("SRID=4326;POINT({lon} {lat})"));
        fields.insert("geom".to_owned(), geometry.into());
    }
    row
}

/// A text as PostgreSQL can keep it: without the character of no meaning that it has no place for, as HTML does it.
pub(super) fn without_nul(text: &str) -> Cow<'_, str> {
    if text.contains('\0') {
        Cow::Owned(text.replace('\0', "\u{fffd}"))
    } else {
        Cow::Borrowed(text)
    }
}
