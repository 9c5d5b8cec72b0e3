use geozero::{CoordDimensions, ToWkb};
use rusqlite::types::Value as Cell;
use rusqlite::{
    Connection, OptionalExtension, Transaction, TransactionBehavior, params, params_from_iter,
};
use serde_json::Value;

use crate::domain::{Article, EventRecord, Point};
use crate::store::{Ingested, Report};

/// EPSG code of WGS 84.
const WGS_84: i32 = 4326;

/// Takes in a batch in one transaction. Where nothing is new, nothing is written.
pub(super) fn ingest(
    connection: &mut Connection,
    rules: &str,
    batch: &[Report],
) -> rusqlite::Result<Vec<Ingested>> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let version: i64 = transaction.query_row(
        "SELECT value + 1 FROM sitmap_state WHERE key = 'version'",
        [],
        |row| row.get(0),
    )?;
    let outcomes = batch
        .iter()
        .map(|report| ingest_one(&transaction, rules, version, report))
        .collect::<rusqlite::Result<Vec<_>>>()?;
    if outcomes
        .iter()
        .any(|outcome| *outcome != Ingested::Unchanged)
    {
        note_change(&transaction, batch)?;
    }
    transaction.commit()?;
    Ok(outcomes)
}

fn ingest_one(
    transaction: &Transaction<'_>,
    rules: &str,
    version: i64,
    report: &Report,
) -> rusqlite::Result<Ingested> {
    let article = &report.article;
    let hash = content_hash(article);
    let outcome = match known(transaction, article)? {
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
fn known(connection: &Connection, article: &Article) -> rusqlite::Result<Option<(String, String)>> {
    connection
        .prepare_cached("SELECT content_hash, rules FROM articles WHERE id = ?1")?
        .query_row([&article.id], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()
}

pub(super) fn is_current(
    connection: &Connection,
    rules: &str,
    article: &Article,
) -> rusqlite::Result<bool> {
    let found = known(connection, article)?;
    Ok(found.is_some_and(|(hash, by)| by == rules && hash == content_hash(article)))
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
fn note_change(transaction: &Transaction<'_>, batch: &[Report]) -> rusqlite::Result<()> {
    transaction.execute(
        "UPDATE sitmap_state SET value = value + 1 WHERE key = 'version'",
        [],
    )?;
    transaction.execute(
        "UPDATE gpkg_contents SET last_change = strftime('%Y-%m-%dT%H:%M:%fZ','now')",
        [],
    )?;
    let mut points = batch
        .iter()
        .flat_map(|report| &report.events)
        .filter_map(|event| event.place.point)
        .map(Point::rounded);
    let Some(first) = points.next() else {
        return Ok(());
    };
    let start = (first.lon, first.lat, first.lon, first.lat);
    let (west, south, east, north) = points.fold(start, |(west, south, east, north), point| {
        (
            west.min(point.lon),
            south.min(point.lat),
            east.max(point.lon),
            north.max(point.lat),
        )
    });
    transaction.execute(
        "UPDATE gpkg_contents SET min_x = min(ifnull(min_x, ?1), ?1), min_y = min(ifnull(min_y, ?2), ?2),
         max_x = max(ifnull(max_x, ?3), ?3), max_y = max(ifnull(max_y, ?4), ?4) WHERE table_name = 'events'",
        [west, south, east, north],
    )?;
    Ok(())
}

/// The hash of everything that is kept of an article but its id.
fn content_hash(article: &Article) -> String {
    let published = article.published.map(|date| date.to_string());
    let fields = [
        Some(&article.text),
        article.title.as_ref(),
        article.url.as_ref(),
        article.publisher.as_ref(),
        published.as_ref(),
        article.language.as_ref(),
    ];
    let mut hasher = blake3::Hasher::new();
    for field in fields {
        // With its length before it, no field can be taken for a part of the next.
        let length = field.map_or(u64::MAX, |text| text.len() as u64);
        hasher.update(&length.to_le_bytes());
        hasher.update(field.map_or(b"", |text| text.as_bytes()));
    }
    hasher.finalize().to_hex().to_string()
}
