//! What a GeoPackage can be asked about itself.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, Row};

use super::{GeoPackage, StoreError, open, rows, tokens};
use crate::store::{Finding, content};

/// Tables whose columns are ours, or the standard's.
const TABLES: [&str; 7] = [
    "gpkg_spatial_ref_sys",
    "gpkg_contents",
    "gpkg_geometry_columns",
    "articles",
    "events",
    "sitmap_state",
    "sitmap_tokens",
];

/// What they are looked up by.
const INDEXES: [(&str, &str); 3] = [
    ("articles", "articles_version"),
    ("events", "events_article"),
    ("sitmap_tokens", "sitmap_tokens_name"),
];

/// What the standard says of our tables, and what a healthy store answers.
const CONTENTS: [(&str, &str, &str); 4] = [
    (
        "gpkg_contents",
        "SELECT data_type || ', srs ' || srs_id FROM gpkg_contents WHERE table_name = 'events'",
        "features, srs 4326",
    ),
    (
        "gpkg_contents",
        "SELECT data_type FROM gpkg_contents WHERE table_name = 'articles'",
        "attributes",
    ),
    (
        "gpkg_geometry_columns",
        "SELECT column_name || ' ' || geometry_type_name || ', srs ' || srs_id || ', z ' || z || ', m ' || m
         FROM gpkg_geometry_columns WHERE table_name = 'events'",
        "geom POINT, srs 4326, z 0, m 0",
    ),
    (
        "sitmap_state",
        "SELECT group_concat(key, ' ') FROM (SELECT key FROM sitmap_state
         WHERE key IN ('schema', 'version', 'identity') AND typeof(value) = 'integer' ORDER BY key)",
        "identity schema version",
    ),
];

pub(super) fn verify(store: &GeoPackage, found: &mut dyn FnMut(Finding)) -> Result<(), StoreError> {
    let connection = &store.connection;
    let schema_found = open::check(connection, &store.path)?;
    if schema_found < open::SCHEMA {
        return Err(StoreError::Older {
            store: store.path.as_path().into(),
            found: schema_found,
            known: open::SCHEMA,
        });
    }
    file(connection, found)
        .and_then(|()| schema(connection, found))
        .map_err(|error| store.sql(error))?;
    articles(connection, found)
        .and_then(|()| positions(connection, found))
        .map_err(|error| store.sql(error))?;
    if let Err(error) = tokens::all(connection) {
        found(Finding::new("table sitmap_tokens", error.to_string()));
    }
    Ok(())
}

/// The pages of the file, its indexes, its constraints.
fn file(connection: &Connection, found: &mut dyn FnMut(Finding)) -> rusqlite::Result<()> {
    connection.pragma_query(None, "integrity_check", |row| {
        let said: String = row.get(0)?;
        if said != "ok" {
            found(Finding::new("file", said));
        }
        Ok(())
    })?;
    connection.pragma_query(None, "foreign_key_check", |row| {
        let (table, number): (String, Option<i64>) = (row.get(0)?, row.get(1)?);
        let parent: String = row.get(2)?;
        let number = number.map_or_else(String::new, |number| format!(" row {number}"));
        let message = format!("it refers to a row of {parent} that is not there");
        found(Finding::new(format!("table {table}{number}"), message));
        Ok(())
    })
}

/// The tables, held against those of a new store. Columns that somebody added are nobody's concern.
fn schema(connection: &Connection, found: &mut dyn FnMut(Finding)) -> rusqlite::Result<()> {
    let new = Connection::open_in_memory()?;
    open::make(&new)?;
    for table in TABLES {
        let there = columns(connection, table)?;
        for (name, expected) in columns(&new, table)? {
            let message = match there.get(&name) {
                Some(column) if *column == expected => continue,
                Some(column) => format!("its column {name} is {column}, and not {expected}"),
                None => format!("its column {name} is missing"),
            };
            found(Finding::new(format!("table {table}"), message));
        }
    }
    for (table, index) in INDEXES {
        let is_there: i64 = connection.query_row(
            "SELECT count(*) FROM sqlite_master WHERE type = 'index' AND name = ?1",
            [index],
            |row| row.get(0),
        )?;
        if is_there == 0 {
            let message = format!("its index {index} is missing");
            found(Finding::new(format!("table {table}"), message));
        }
    }
    for (table, sql, expected) in CONTENTS {
        let said: Option<Option<String>> =
            connection.query_row(sql, [], |row| row.get(0)).optional()?;
        let said = said.flatten().unwrap_or_else(|| "nothing".to_owned());
        if said != expected {
            let message = format!("it says {said:?} where {expected:?} is expected");
            found(Finding::new(format!("table {table}"), message));
        }
    }
    Ok(())
}

/// What a table's columns are declared as, by their names.
fn columns(connection: &Connection, table: &str) -> rusqlite::Result<BTreeMap<String, String>> {
    let mut columns = BTreeMap::new();
    connection.pragma(None, "table_info", table, |row| {
        let (name, kind): (String, String) = (row.get(1)?, row.get(2)?);
        let (not_null, key): (bool, i64) = (row.get(3)?, row.get(5)?);
        let not_null = if not_null { " NOT NULL" } else { "" };
        let key = if key > 0 { " PRIMARY KEY" } else { "" };
        columns.insert(name, format!("{kind}{not_null}{key}"));
        Ok(())
    })?;
    Ok(columns)
}

/// Each article's content, held against the hash that was taken when it was written.
fn articles(connection: &Connection, found: &mut dyn FnMut(Finding)) -> rusqlite::Result<()> {
    let latest: Option<i64> = connection
        .query_row(
            "SELECT value FROM sitmap_state WHERE key = 'version'",
            [],
            |row| row.get(0),
        )
        .optional()?;
    let sql = format!(
        "SELECT {}, content_hash, version, fid FROM articles ORDER BY fid",
        rows::ARTICLE_COLUMNS
    );
    let first = rows::ARTICLE_COLUMNS.split(", ").count();
    let mut statement = connection.prepare(&sql)?;
    let mut all = statement.query([])?;
    while let Some(row) = all.next()? {
        let article = match rows::article(row) {
            Ok(article) => article,
            Err(error) => {
                let number: i64 = row.get(first + 2)?;
                found(Finding::new(
                    format!("article row {number}"),
                    error.to_string(),
                ));
                continue;
            }
        };
        let what = || format!("article {}", article.id);
        let hash: String = row.get(first)?;
        if hash != content::hash(&article) {
            let message = "it is another than was written: its hash differs";
            found(Finding::new(what(), message));
        }
        let version: i64 = row.get(first + 1)?;
        if latest.is_some_and(|latest| version > latest) {
            let message = format!("it was written in version {version}, after the store's latest");
            found(Finding::new(what(), message));
        }
    }
    Ok(())
}

/// Each event's geometry: one that can be read, on the globe, and within the extent that the table of contents tells.
fn positions(connection: &Connection, found: &mut dyn FnMut(Finding)) -> rusqlite::Result<()> {
    let corner = |row: &Row<'_>| Ok([row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?]);
    let extent: Option<[Option<f64>; 4]> = connection
        .query_row(
            "SELECT min_x, min_y, max_x, max_y FROM gpkg_contents WHERE table_name = 'events'",
            [],
            corner,
        )
        .optional()?;
    let mut outside = 0_u64;
    let mut statement = connection.prepare("SELECT id, geom FROM events ORDER BY fid")?;
    let mut all = statement.query([])?;
    while let Some(row) = all.next()? {
        let point = match rows::point(row) {
            Ok(Some(point)) => point,
            Ok(None) => continue,
            Err(error) => {
                found(Finding::new(event(row)?, error.to_string()));
                continue;
            }
        };
        let within = matches!(extent, Some([Some(west), Some(south), Some(east), Some(north)])
            if (west..=east).contains(&point.lon) && (south..=north).contains(&point.lat));
        outside += u64::from(!within);
    }
    if outside > 0 {
        let message = format!("{outside} events lie outside the extent that it tells");
        found(Finding::new("table gpkg_contents", message));
    }
    Ok(())
}

fn event(row: &Row<'_>) -> rusqlite::Result<String> {
    Ok(format!("event {}", row.get::<_, String>(0)?))
}
