use geozero::{CoordDimensions, ToWkb};
use rusqlite::types::Value as Cell;
use rusqlite::{
    Connection, OptionalExtension, Transaction, TransactionBehavior, params, params_from_iter,
};
use serde_json::Value;

use crate::domain::{Article, EventRecord, Point};
use crate::store::{Ingested, Report, content};

/// EPSG code of WGS 84.
const WGS_84: i32 = 4326;

/// One transaction that takes in articles, one after the other; dropped before it is finished, it leaves the store as it
/// was. Where nothing is new, nothing is written.
pub(super) struct Intake<'a> {
    transaction: Transaction<'a>,
    rules: &'a str,
    /// The store's version that it makes.
    version: i64,
    changed: bool,
    /// West, south, east and north of what came.
    extent: Option<[f64; 4]>,
}

impl<'a> Intake<'a> {
    /// From here on nobody else writes.
    pub(super) fn begin(connection: &'a mut Connection, rules: &'a str) -> rusqlite::Result<Self> {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let version = transaction.query_row(
            "SELECT value + 1 FROM sitmap_state WHERE key = 'version'",
            [],
            |row| row.get(0),
        )?;
        Ok(Self {
            transaction,
            rules,
            version,
            changed: false,
            extent: None,
        })
    }

    pub(super) fn take(&mut self, report: &Report) -> rusqlite::Result<Ingested> {
        let outcome = ingest_one(&self.transaction, self.rules, self.version, report)?;
        if outcome == Ingested::Unchanged {
            return Ok(outcome);
        }
        self.changed = true;
        let points = report.events.iter().filter_map(|event| event.place.point);
        for Point { lon, lat } in points.map(Point::rounded) {
            let [west, south, east, north] = self.extent.unwrap_or([lon, lat, lon, lat]);
            let around = [west.min(lon), south.min(lat), east.max(lon), north.max(lat)];
            self.extent = Some(around);
        }
        Ok(outcome)
    }

    /// When it returns, all of it is on the disk.
    pub(super) fn finish(self) -> rusqlite::Result<()> {
        if self.changed {
            note_change(&self.transaction, self.extent)?;
        }
        self.transaction.commit()
    }
}

fn ingest_one(
    transaction: &Transaction<'_>,
    rules: &str,
    version: i64,
    report: &Report,
) -> rusqlite::Result<Ingested> {
    let article = &report.article;
    let hash = content::hash(article);
    let outcome = match known(transaction, &article.id)? {
        Some(found) if found == (hash.clone(), rules.to_owned()) => return Ok(Ingested::Unchanged),
        Some(_) => Ingested::Replaced,
        None => Ingested::New,
    };
    transaction
        .prepare_cached("DELETE FROM events WHERE article = ?1")?
        .execute([&article.id])?;
    let upsert = "INSERT INTO articles (id, title, text, url, publisher, published, language, content_hash, rules, version)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
        ON CONFLICT (id) DO UPDATE SET title = ?2, text = ?3, url = ?4, publisher = ?5, published = ?6,
        language = ?7, content_hash = ?8, rules = ?9, version = ?10, ingested = strftime('%Y-%m-%dT%H:%M:%fZ','now')";
    transaction.prepare_cached(upsert)?.execute(params![
        article.id,
        article.title,
        article.text,
        article.url,
        article.publisher,
        article.published.map(|date| date.to_string()),
        article.language,
        hash,
        rules,
        version,
    ])?;
    for event in &report.events {
        insert(transaction, &EventRecord::new(event, article))?;
    }
    Ok(outcome)
}

/// Content hash and rules of an article that is there.
pub(super) fn known(
    connection: &Connection,
    id: &str,
) -> rusqlite::Result<Option<(String, String)>> {
    connection
        .prepare_cached("SELECT content_hash, rules FROM articles WHERE id = ?1")?
        .query_row([id], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()
}

pub(super) fn is_current(
    connection: &Connection,
    rules: &str,
    article: &Article,
) -> rusqlite::Result<bool> {
    let found = known(connection, &article.id)?;
    Ok(found.is_some_and(|(hash, by)| by == rules && hash == content::hash(article)))
}

/// A record as a row: its fields are the columns.
fn insert(transaction: &Transaction<'_>, record: &EventRecord) -> rusqlite::Result<()> {
    let fields = match serde_json::to_value(record) {
        Ok(Value::Object(fields)) => fields,
        Ok(_) => return Err(rusqlite::Error::InvalidQuery),
        Err(error) => return Err(rusqlite::Error::ToSqlConversionFailure(error.into())),
    };
    let names: Vec<String> = fields.keys().map(|name| format!("\"{name}\"")).collect();
    let marks = ", ?".repeat(names.len());
    let sql = format!(
        "INSERT INTO events (geom, {}) VALUES (?{marks})",
        names.join(", ")
    );
    let geometry = record.point.map(geometry).transpose()?;
    let cells = std::iter::once(geometry.map_or(Cell::Null, Cell::Blob))
        .chain(fields.into_iter().map(|(_, value)| cell(value)));
    transaction
        .prepare_cached(&sql)?
        .execute(params_from_iter(cells))?;
    Ok(())
}

fn cell(value: Value) -> Cell {
    match value {
        Value::Null => Cell::Null,
        Value::Bool(value) => Cell::Integer(value.into()),
        Value::String(text) => Cell::Text(text),
        Value::Number(number) => match number.as_i64() {
            Some(integer) => Cell::Integer(integer),
            None => number.as_f64().map_or(Cell::Null, Cell::Real),
        },
        nested => Cell::Text(nested.to_string()),
    }
}

fn geometry(point: Point) -> rusqlite::Result<Vec<u8>> {
    geo::Geometry::Point(geo::Point::new(point.lon, point.lat))
        .to_gpkg_wkb(CoordDimensions::xy(), Some(WGS_84), Vec::new())
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))
}

/// Raises the version and brings the table of contents up to date. The extent only grows: the standard asks
/// for no more, and looking for the smallest one would read every row.
fn note_change(transaction: &Transaction<'_>, extent: Option<[f64; 4]>) -> rusqlite::Result<()> {
    transaction.execute(
        "UPDATE sitmap_state SET value = value + 1 WHERE key = 'version'",
        [],
    )?;
    transaction.execute(
        "UPDATE gpkg_contents SET last_change = strftime('%Y-%m-%dT%H:%M:%fZ','now')",
        [],
    )?;
    let Some(extent) = extent else {
        return Ok(());
    };
    transaction.execute(
        "UPDATE gpkg_contents SET min_x = min(ifnull(min_x, ?1), ?1), min_y = min(ifnull(min_y, ?2), ?2),
         max_x = max(ifnull(max_x, ?3), ?3), max_y = max(ifnull(max_y, ?4), ?4) WHERE table_name = 'events'",
        extent,
    )?;
    Ok(())
}
