use std::error::Error;
use std::vec;

use jiff::civil::{Date, date};
use jiff::{Span, Timestamp};
use postgres::types::{FromSql, Type};
use postgres::{Client, Row, Statement};
use serde::de::{self, Deserialize};

use super::PostGis;
use super::write::without_nul;
use crate::domain::{Article, Edition, EventRecord};
use crate::store::cell::{Cell, CellError, from_cells, on_globe};
use crate::store::{Rows, StoreError};

/// Rows that are fetched at a time.
const PAGE: usize = 500;
/// What the server counts days from.
const EPOCH: Date = date(2000, 1, 1);

/// The columns that make an article.
pub(super) const ARTICLE_COLUMNS: &str = "id, text, title, url, publisher, published, language";

/// The columns that make an event, behind its number and position.
const EVENT_COLUMNS: &str = "fid, ST_X(geom), ST_Y(geom), *";

/// All articles, or those written after a version.
pub(super) fn articles(store: &PostGis, after: Option<u64>) -> Rows<'_, Article> {
    let condition = after.map_or_else(String::new, |after| format!("WHERE version > {after}"));
    let sql = format!("SELECT fid, {ARTICLE_COLUMNS} FROM articles {condition} ORDER BY fid");
    Box::new(Cursor::new(store, "article", sql, |row| from_row(row, 1)))
}

/// All articles without their texts.
pub(super) fn outlines(store: &PostGis) -> Rows<'_, (Article, u64)> {
    let sql = "SELECT fid, version, id, '' AS text, title, url, publisher, published, language
        FROM articles ORDER BY fid";
    Box::new(Cursor::new(store, "article", sql.to_owned(), |row| {
        Ok((
            from_row(row, 2)?,
            number(row, 1).map_err(de::Error::custom)?,
        ))
    }))
}

/// All events, or those of articles written after a version.
pub(super) fn events(store: &PostGis, after: Option<u64>) -> Rows<'_, EventRecord> {
    let condition = after.map_or_else(String::new, |after| {
        format!("WHERE article IN (SELECT id FROM articles WHERE version > {after})")
    });
    let sql = format!("SELECT {EVENT_COLUMNS} FROM events {condition} ORDER BY fid");
    Box::new(Cursor::new(store, "event", sql, event))
}

/// The events of an article: few, which come at once.
pub(super) fn events_of<'a>(store: &'a PostGis, article: &str) -> Rows<'a, EventRecord> {
    let sql = format!("SELECT {EVENT_COLUMNS} FROM events WHERE article = $1 ORDER BY fid");
    match store.ask(|client| client.query(&sql, &[&without_nul(article)])) {
        Ok(rows) => Box::new(
            rows.into_iter()
                .map(|row| event(&row).map_err(|error| damaged(store, "event", &row, &error))),
        ),
        Err(error) => Box::new(std::iter::once(Err(error))),
    }
}

/// The ids of an article's events, in their order.
pub(super) fn event_ids(
    client: &mut Client,
    article: &str,
) -> Result<Vec<String>, postgres::Error> {
    let sql = "SELECT id FROM events WHERE article = $1 ORDER BY fid";
    let rows = client.query(sql, &[&without_nul(article)])?;
    rows.iter().map(|row| row.try_get(0)).collect()
}

fn event(row: &Row) -> Result<EventRecord, CellError> {
    let mut record: EventRecord = from_row(row, 3)?;
    let cell = |column| {
        row.try_get::<_, Option<f64>>(column)
            .map_err(de::Error::custom)
    };
    let position = cell(1)?.zip(cell(2)?);
    record.point = position.map(|(lon, lat)| on_globe(lon, lat)).transpose()?;
    Ok(record)
}

/// A row whose number is its first column.
fn damaged(store: &PostGis, what: &str, row: &Row, error: &CellError) -> StoreError {
    let number = row.try_get::<_, i64>(0).unwrap_or_default();
    StoreError::Damaged {
        store: store.address.location(),
        row: format!("{what} {number}"),
        message: error.to_string(),
    }
}

/// A count or version: the server's integers are signed, these never negative.
pub(super) fn number(row: &Row, column: usize) -> Result<u64, postgres::Error> {
    row.try_get(column).map(i64::unsigned_abs)
}

/// A version, and the microseconds since 1970 at which it was made.
pub(super) fn edition(row: &Row) -> Result<Edition, postgres::Error> {
    let changed = Timestamp::from_microsecond(row.try_get(1)?);
    Ok(Edition {
        version: number(row, 0)?,
        changed: changed.unwrap_or(Timestamp::UNIX_EPOCH),
    })
}

/// A value from the columns of a row, from the column `first` on.
pub(super) fn from_row<'de, T: Deserialize<'de>>(
    row: &'de Row,
    first: usize,
) -> Result<T, CellError> {
    let columns = row.columns().iter().enumerate().skip(first);
    from_cells(columns.filter_map(|(index, column)| {
        let cell = row.try_get(index);
        Some((column.name(), cell.ok()?))
    }))
}

/// A cell in the server's binary form. Of a type that no column of ours has, it is bytes.
impl<'a> FromSql<'a> for Cell<'a> {
    fn from_sql(kind: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(match *kind {
            Type::TEXT | Type::VARCHAR => Self::Text(std::str::from_utf8(raw)?.into()),
            Type::INT4 => Self::Integer(i32::from_sql(kind, raw)?.into()),
            Type::INT8 => Self::Integer(i64::from_sql(kind, raw)?),
            Type::FLOAT8 => Self::Real(f64::from_sql(kind, raw)?),
            Type::DATE => {
                let days = i32::from_sql(&Type::INT4, raw)?;
                // Beyond the calendar, as `infinity` is, it is no date, and said to be none.
                match Span::new()
                    .try_days(days)
                    .and_then(|days| EPOCH.checked_add(days))
                {
                    Ok(day) => Self::Text(day.to_string().into()),
                    Err(_) => Self::Bytes(raw),
                }
            }
            _ => Self::Bytes(raw),
        })
    }

    fn from_sql_null(_: &Type) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(Self::Null)
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

type Read<T> = fn(&Row) -> Result<T, CellError>;

/// All rows of a query, fetched a page at a time from a cursor within one transaction, so that they fit together. Those
/// that are read at the same time over one connection share it.
struct Cursor<'a, T> {
    store: &'a PostGis,
    what: &'static str,
    sql: String,
    read: Read<T>,
    page: vec::IntoIter<Row>,
    state: State,
}

enum State {
    Fresh,
    /// The connection that it was begun in, and what fetches the next page, once there is a cursor.
    Reading(u64, Option<Statement>),
    Done,
}

impl<'a, T> Cursor<'a, T> {
    fn new(store: &'a PostGis, what: &'static str, sql: String, read: Read<T>) -> Self {
        Self {
            store,
            what,
            sql,
            read,
            page: Vec::new().into_iter(),
            state: State::Fresh,
        }
    }

    /// Fetches a page; an empty one is the end.
    fn fill(&mut self) -> Result<(), StoreError> {
        let mut connection = self.store.connection.borrow_mut();
        if matches!(self.state, State::Fresh) {
            let session = connection.begin_reading()?;
            self.state = State::Reading(session, None);
        }
        let State::Reading(session, fetch) = &mut self.state else {
            return Ok(());
        };
        let client = connection.same(*session)?;
        let page = match fetch {
            Some(fetch) => client.query(&*fetch, &[]),
            None => declare(client, &self.store.cursor_name(), &self.sql)
                .and_then(|statement| client.query(&*fetch.insert(statement), &[])),
        };
        self.page = page.map_err(|cause| connection.failed(&cause))?.into_iter();
        Ok(())
    }

    fn finish(&mut self) {
        if let State::Reading(session, _) = std::mem::replace(&mut self.state, State::Done) {
            self.store.connection.borrow_mut().end_reading(session);
        }
    }

    fn item(&self, row: &Row) -> Result<T, StoreError> {
        (self.read)(row).map_err(|error| damaged(self.store, self.what, row, &error))
    }
}

/// Makes a cursor, and what fetches a page from it.
fn declare(client: &mut Client, name: &str, sql: &str) -> Result<Statement, postgres::Error> {
    client.batch_execute(&format!("DECLARE {name} NO SCROLL CURSOR FOR {sql}"))?;
    client.prepare(&format!("FETCH {PAGE} FROM {name}"))
}

impl<T> Iterator for Cursor<'_, T> {
    type Item = Result<T, StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.page.len() == 0 && !matches!(self.state, State::Done) {
            let filled = self.fill();
            if filled.is_err() || self.page.len() == 0 {
                self.finish();
            }
            if let Err(error) = filled {
                return Some(Err(error));
            }
        }
        let row = self.page.next()?;
        Some(self.item(&row))
    }
}

impl<T> Drop for Cursor<'_, T> {
    fn drop(&mut self) {
        self.finish();
    }
}
