use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, OptionalExtension, TransactionBehavior};

use crate::store::{Location, StoreError};

/// The schema that this version writes.
pub(super) const SCHEMA: i64 = 3;
/// The oldest that it brings up to date.
const OLDEST: i64 = 1;
/// `GPKG`, the mark of a GeoPackage in an SQLite file.
const APPLICATION_ID: i64 = 0x4750_4B47;
const MAGIC: &[u8] = b"SQLite format 3\0";

/// Opens a store, or makes one where there is no file; `patience` is how long to wait for other programs.
pub(super) fn open(path: &Path, patience: Duration) -> Result<Connection, StoreError> {
    let sql = |error| StoreError::of_sql(path, error);
    let mut flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    if is_absent(path)? {
        flags |= OpenFlags::SQLITE_OPEN_CREATE;
    }
    let mut connection = Connection::open_with_flags(path, flags).map_err(sql)?;
    connection.busy_timeout(patience).map_err(sql)?;
    if connection.is_readonly("main").map_err(sql)? {
        return Err(StoreError::ReadOnly {
            store: Location::File(path.to_owned()),
        });
    }
    // Asked of SQLite and not of the file: it may first have to undo a creation that was broken off.
    let pages: i64 = connection
        .pragma_query_value(None, "page_count", |row| row.get(0))
        .map_err(sql)?;
    if pages == 0 {
        create(&mut connection).map_err(sql)?;
    }
    if check(&connection, path)? < SCHEMA {
        upgrade(&mut connection).map_err(sql)?;
    }
    // Readers do not wait for the writer, and a commit is on the disk when it returns.
    connection
        .pragma_update(None, "journal_mode", "WAL")
        .map_err(sql)?;
    connection
        .pragma_update(None, "synchronous", "FULL")
        .map_err(sql)?;
    connection
        .pragma_update(None, "foreign_keys", true)
        .map_err(sql)?;
    Ok(connection)
}

/// Opens a store that is there, to read it only.
pub(super) fn open_to_read(path: &Path, patience: Duration) -> Result<Connection, StoreError> {
    let sql = |error| StoreError::of_sql(path, error);
    if is_absent(path)? {
        return Err(StoreError::Missing {
            store: Location::File(path.to_owned()),
        });
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(sql)?;
    connection.busy_timeout(patience).map_err(sql)?;
    check(&connection, path)?;
    Ok(connection)
}

/// Whether there is no file, or an empty one; an error when there is one that is no SQLite.
fn is_absent(path: &Path) -> Result<bool, StoreError> {
    let failed = |cause| StoreError::Io {
        path: path.to_owned(),
        cause,
    };
    let mut start = Vec::new();
    match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(true),
        Err(error) => return Err(failed(error)),
        Ok(file) => file
            .take(MAGIC.len() as u64)
            .read_to_end(&mut start)
            .map_err(failed)?,
    };
    if start.is_empty() {
        return Ok(true);
    }
    if start == MAGIC {
        return Ok(false);
    }
    Err(StoreError::NotSqlite {
        path: path.to_owned(),
    })
}

/// Makes the tables, in one transaction; does nothing where another program was faster.
fn create(connection: &mut Connection) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let tables: i64 =
        transaction.query_row("SELECT count(*) FROM sqlite_master", [], |row| row.get(0))?;
    if tables == 0 {
        make(&transaction)?;
    }
    transaction.commit()
}

/// The table that schema 3 brought.
const TOKENS: &str = include_str!("tokens.sql");

/// Makes the tables in an empty database.
pub(super) fn make(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch(include_str!("schema.sql"))?;
    connection.execute_batch(TOKENS)
}

/// From an older schema to this one, step by step in one transaction; does nothing where another program was faster.
fn upgrade(connection: &mut Connection) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let schema: i64 = transaction.query_row(
        "SELECT value FROM sitmap_state WHERE key = 'schema'",
        [],
        |row| row.get(0),
    )?;
    if schema < 2 {
        transaction.execute_batch(
            "ALTER TABLE articles ADD COLUMN version INTEGER NOT NULL DEFAULT 0;
             INSERT INTO sitmap_state VALUES ('identity', random());",
        )?;
    }
    if schema < 3 {
        transaction.execute_batch(TOKENS)?;
        transaction.execute_batch("CREATE INDEX articles_version ON articles(version)")?;
    }
    // Never down: what was faster may be of a later version.
    transaction.execute(
        "UPDATE sitmap_state SET value = ?1 WHERE key = 'schema' AND value < ?1",
        [SCHEMA],
    )?;
    transaction.commit()
}

/// Refuses what sitmap did not make, before anything is written; gives the schema. One that is older has all
/// that is read.
pub(super) fn check(connection: &Connection, path: &Path) -> Result<i64, StoreError> {
    let sql = |error| StoreError::of_sql(path, error);
    let application: i64 = connection
        .pragma_query_value(None, "application_id", |row| row.get(0))
        .map_err(sql)?;
    let path = path.to_owned();
    if application != APPLICATION_ID {
        return Err(StoreError::NotGeoPackage { path });
    }
    let has_state: bool = connection
        .query_row(
            "SELECT count(*) FROM sqlite_master WHERE name = 'sitmap_state'",
            [],
            |row| row.get(0),
        )
        .map_err(sql)?;
    if !has_state {
        return Err(StoreError::NotOurs { path });
    }
    let schema: Option<i64> = connection
        .query_row(
            "SELECT value FROM sitmap_state WHERE key = 'schema'",
            [],
            |row| row.get(0),
        )
        .optional()
        .map_err(sql)?;
    match schema {
        Some(found) if (OLDEST..=SCHEMA).contains(&found) => Ok(found),
        Some(found) if found > SCHEMA => Err(StoreError::Newer {
            store: Location::File(path),
            found,
            known: SCHEMA,
        }),
        _ => Err(StoreError::NotOurs { path }),
    }
}
