use std::collections::VecDeque;

use geozero::ToGeo;
use geozero::wkb::GpkgWkb;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row, params};
use serde::de::{self, Deserialize};

use super::GeoPackage;
use crate::domain::{Article, EventRecord, Point};
use crate::store::cell::{Cell, CellError, from_cells, on_globe};
use crate::store::{Location, Rows, StoreError};

/// Rows that are read at a time.
const PAGE: i64 = 1_000;

/// The columns that make an article.
pub(super) const ARTICLE_COLUMNS: &str = "id, text, title, url, publisher, published, language";

fn article_columns() -> Vec<String> {
    ARTICLE_COLUMNS.split(", ").map(str::to_owned).collect()
}

/// All articles, or those written after a version.
pub(super) fn articles(store: &GeoPackage, after: Option<u64>) -> Rows<'_, Article> {
    // By the index, and not by reading all rows up to the version.
    let condition = after.map_or_else(String::new, |after| {
        format!(" AND fid IN (SELECT fid FROM articles WHERE version > {after})")
    });
    let sql = format!(
        "SELECT fid, {ARTICLE_COLUMNS} FROM articles WHERE fid > ?1{condition} ORDER BY fid LIMIT ?2"
    );
    let read: Read<Article> = |row, columns| from_row(row, 1, columns);
    Box::new(Pages::new(store, "article", sql, article_columns(), read))
}

/// All articles without their texts.
pub(super) fn outlines(store: &GeoPackage) -> Rows<'_, (Article, u64)> {
    let sql = "SELECT fid, version, id, '' AS text, title, url, publisher, published, language
               FROM articles WHERE fid > ?1 ORDER BY fid LIMIT ?2";
    let read: Read<(Article, u64)> = |row, columns| {
        let version: i64 = row.get(1).map_err(de::Error::custom)?;
        Ok((from_row(row, 2, columns)?, version.unsigned_abs()))
    };
    let sql = sql.to_owned();
    Box::new(Pages::new(store, "article", sql, article_columns(), read))
}

/// All events, or those of articles written after a version.
pub(super) fn events(store: &GeoPackage, after: Option<u64>) -> Rows<'_, EventRecord> {
    let condition = after.map_or_else(String::new, |after| {
        format!(" AND article IN (SELECT id FROM articles WHERE version > {after})")
    });
    events_where(store, &condition, None)
}

/// The events of an article.
pub(super) fn events_of<'a>(store: &'a GeoPackage, article: &str) -> Rows<'a, EventRecord> {
    events_where(store, " AND article = ?3", Some(article.to_owned()))
}

fn events_where<'a>(
    store: &'a GeoPackage,
    condition: &str,
    article: Option<String>,
) -> Rows<'a, EventRecord> {
    let sql = format!("SELECT * FROM events WHERE fid > ?1{condition} ORDER BY fid LIMIT ?2");
    // Columns that somebody added behind ours, in QGIS for example, are left aside by serde.
    let names = store.connection.prepare_cached(&sql).map(|statement| {
        let names = statement.column_names().skip(2);
        names.map(str::to_owned).collect()
    });
    let read: Read<EventRecord> = |row, columns| {
        let mut record: EventRecord = from_row(row, 2, columns)?;
        record.point = point(row)?;
        Ok(record)
    };
    match names {
        Ok(columns) => {
            let mut pages = Pages::new(store, "event", sql, columns, read);
            pages.article = article;
            Box::new(pages)
        }
        Err(error) => Box::new(std::iter::once(Err(store.sql(error)))),
    }
}

/// The ids of an article's events, in their order.
pub(super) fn event_ids(connection: &Connection, article: &str) -> rusqlite::Result<Vec<String>> {
    connection
        .prepare_cached("SELECT id FROM events WHERE article = ?1 ORDER BY fid")?
        .query_map([article], |row| row.get(0))?
        .collect()
}

/// An article from a query for [`ARTICLE_COLUMNS`].
pub(super) fn article(row: &Row<'_>) -> rusqlite::Result<Article> {
    from_row(row, 0, &article_columns()).map_err(|error| {
        let error = Box::new(error);
        rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, error)
    })
}

pub(super) fn point(row: &Row<'_>) -> Result<Option<Point>, CellError> {
    let blob: Option<&[u8]> = match row.get_ref(1) {
        Ok(ValueRef::Null) => None,
        Ok(ValueRef::Blob(blob)) => Some(blob),
        Ok(_) => return Err(de::Error::custom("its geometry is no blob")),
        Err(error) => return Err(de::Error::custom(error)),
    };
    let Some(blob) = blob else { return Ok(None) };
    // Others may write into the file. Of a line or a collection the library would take what memory it asks for.
    if !is_point(blob) {
        return Err(de::Error::custom("its geometry is no point"));
    }
    match GpkgWkb(blob).to_geo() {
        // The standard's empty point.
        Ok(geo::Geometry::Point(point)) if point.x().is_nan() && point.y().is_nan() => Ok(None),
        Ok(geo::Geometry::Point(point)) => on_globe(point.x(), point.y()).map(Some),
        Ok(_) => Err(de::Error::custom("its geometry is no point")),
        Err(error) => Err(de::Error::custom(error)),
    }
}

/// Whether a blob says that it is a point, in two or more dimensions.
fn is_point(blob: &[u8]) -> bool {
    let Some([b'G', b'P', _, flags]) = blob.get(..4) else {
        return false;
    };
    // Magic, version, flags and reference system; an envelope; then the byte order and the type.
    let envelope = match flags >> 1 & 7 {
        0 => 0,
        1 => 32,
        2 | 3 => 48,
        4 => 64,
        _ => return false,
    };
    let kind = blob.get(8 + envelope..).and_then(|wkb| match wkb {
        [0, kind @ ..] => Some(u32::from_be_bytes(*kind.first_chunk()?)),
        [1, kind @ ..] => Some(u32::from_le_bytes(*kind.first_chunk()?)),
        _ => None,
    });
    kind.is_some_and(|kind| matches!(kind, 1 | 1001 | 2001 | 3001))
}

type Read<T> = fn(&Row<'_>, &[String]) -> Result<T, CellError>;

/// All rows of a table, read a page at a time within one transaction, so that they fit together.
struct Pages<'a, T> {
    store: &'a GeoPackage,
    what: &'static str,
    sql: String,
    columns: Vec<String>,
    /// What the third mark of the query stands for, where it has one.
    article: Option<String>,
    read: Read<T>,
    page: VecDeque<Result<T, StoreError>>,
    last: i64,
    state: State,
}

#[derive(PartialEq, Eq)]
enum State {
    Fresh,
    /// Whether the transaction is this iterator's, and not one around it.
    Reading {
        began: bool,
    },
    Done,
}

impl<'a, T> Pages<'a, T> {
    fn new(
        store: &'a GeoPackage,
        what: &'static str,
        sql: String,
        columns: Vec<String>,
        read: Read<T>,
    ) -> Self {
        Self {
            store,
            what,
            sql,
            columns,
            article: None,
            read,
            page: VecDeque::new(),
            last: 0,
            state: State::Fresh,
        }
    }

    fn fill(&mut self) -> rusqlite::Result<()> {
        let connection = &self.store.connection;
        if self.state == State::Fresh {
            let began = connection.is_autocommit();
            if began {
                connection.execute_batch("BEGIN")?;
            }
            self.state = State::Reading { began };
        }
        let mut statement = connection.prepare_cached(&self.sql)?;
        let mut rows = match &self.article {
            None => statement.query(params![self.last, PAGE])?,
            Some(article) => statement.query(params![self.last, PAGE, article])?,
        };
        while let Some(row) = rows.next()? {
            self.last = row.get(0)?;
            let item = (self.read)(row, &self.columns).map_err(|error| StoreError::Damaged {
                store: Location::File(self.store.path.clone()),
                row: format!("{} {}", self.what, self.last),
                message: error.to_string(),
            });
            self.page.push_back(item);
        }
        Ok(())
    }

    fn finish(&mut self) {
        if (self.state == State::Reading { began: true }) && !self.store.connection.is_autocommit()
        {
            // Nothing was written: there is nothing that could fail to be undone.
            let _ = self.store.connection.execute_batch("ROLLBACK");
        }
        self.state = State::Done;
    }
}

impl<T> Iterator for Pages<'_, T> {
    type Item = Result<T, StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.page.is_empty() && self.state != State::Done {
            let filled = self.fill();
            if filled.is_err() || self.page.is_empty() {
                self.finish();
            }
            if let Err(error) = filled {
                self.page.push_back(Err(self.store.sql(error)));
            }
        }
        self.page.pop_front()
    }
}

impl<T> Drop for Pages<'_, T> {
    fn drop(&mut self) {
        self.finish();
    }
}

/// A value from the columns of a row, of which `columns` are the names from the column `first` on.
fn from_row<'de, T: Deserialize<'de>>(
    row: &'de Row<'_>,
    first: usize,
    columns: &'de [String],
) -> Result<T, CellError> {
    let cells = columns
        .iter()
        .enumerate()
        .filter_map(|(index, name)| Some((name.as_str(), cell(row.get_ref(first + index).ok()?))));
    from_cells(cells)
}

fn cell(value: ValueRef<'_>) -> Cell<'_> {
    match value {
        ValueRef::Null => Cell::Null,
        ValueRef::Integer(value) => Cell::Integer(value),
        ValueRef::Real(value) => Cell::Real(value),
        // What is no UTF-8 is bytes, of which no text is made.
        ValueRef::Text(bytes) => {
            std::str::from_utf8(bytes).map_or(Cell::Bytes(bytes), |text| Cell::Text(text.into()))
        }
        ValueRef::Blob(bytes) => Cell::Bytes(bytes),
    }
}
