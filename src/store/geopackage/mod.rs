//! A store in one file: an OGC GeoPackage, which QGIS and GDAL open as it is.

mod copy;
mod open;
mod rows;
mod tokens;
mod verify;
mod write;

pub use copy::Tokens;
pub(super) use copy::folder_of;

use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension};

use super::{Counts, EventStore, Finding, Ingested, Report, Rows, StoreError, Token};
use crate::domain::{Article, Edition, EventRecord};

/// How long another program's transaction is waited for.
const PATIENCE: Duration = Duration::from_secs(5);

/// A store in a GeoPackage file, in SQLite's WAL mode: readers do not wait for a writer.
///
/// Each call of [`EventStore::ingest`] is one transaction with `synchronous=FULL`: what it returned is on
/// the disk, and a crash leaves all of it or nothing.
#[derive(Debug)]
pub struct GeoPackage {
    path: PathBuf,
    connection: Connection,
}

impl GeoPackage {
    /// Opens a store to read and write, or makes one where there is no file.
    ///
    /// # Errors
    /// When the file is not sitmap's, of a newer schema, read-only or locked. It is not touched then.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        Self::open_with_patience(path, PATIENCE)
    }

    fn open_with_patience(path: &Path, patience: Duration) -> Result<Self, StoreError> {
        let connection = open::open(path, patience)?;
        Ok(Self {
            path: path.to_owned(),
            connection,
        })
    }

    /// Opens a store that is there, to read it only.
    ///
    /// # Errors
    /// When there is none, or as [`GeoPackage::open`].
    pub fn open_to_read(path: &Path) -> Result<Self, StoreError> {
        let connection = open::open_to_read(path, PATIENCE)?;
        Ok(Self {
            path: path.to_owned(),
            connection,
        })
    }

    fn sql(&self, error: rusqlite::Error) -> StoreError {
        StoreError::of_sql(&self.path, error)
    }
}

impl EventStore for GeoPackage {
    fn ingest(&mut self, rules: &str, batch: &[Report]) -> Result<Vec<Ingested>, StoreError> {
        let Self { path, connection } = self;
        let mut take_in = || {
            let mut intake = write::Intake::begin(connection, rules)?;
            let outcomes = batch.iter().map(|report| intake.take(report));
            let outcomes = outcomes.collect::<rusqlite::Result<Vec<_>>>()?;
            intake.finish()?;
            Ok(outcomes)
        };
        take_in().map_err(|error| StoreError::of_sql(path, error))
    }

    fn ingest_all(
        &mut self,
        rules: &str,
        reports: &mut dyn Iterator<Item = Result<Report, StoreError>>,
    ) -> Result<(), StoreError> {
        let Self { path, connection } = self;
        let sql = |error| StoreError::of_sql(path, error);
        let mut intake = write::Intake::begin(connection, rules).map_err(sql)?;
        for report in reports {
            intake.take(&report?).map_err(sql)?;
        }
        intake.finish().map_err(sql)
    }

    fn is_current(&self, rules: &str, article: &Article) -> Result<bool, StoreError> {
        write::is_current(&self.connection, rules, article).map_err(|error| self.sql(error))
    }

    fn article(&self, id: &str) -> Result<Option<Article>, StoreError> {
        let sql = format!(
            "SELECT {} FROM articles WHERE id = ?1",
            rows::ARTICLE_COLUMNS
        );
        self.connection
            .query_row(&sql, [id], rows::article)
            .optional()
            .map_err(|error| self.sql(error))
    }

    fn rules_of(&self, id: &str) -> Result<Option<String>, StoreError> {
        let known = write::known(&self.connection, id).map_err(|error| self.sql(error))?;
        Ok(known.map(|(_, rules)| rules))
    }

    fn articles(&self) -> Rows<'_, Article> {
        rows::articles(self, None)
    }

    fn articles_after(&self, version: u64) -> Rows<'_, Article> {
        rows::articles(self, Some(version))
    }

    fn events(&self) -> Rows<'_, EventRecord> {
        rows::events(self, None)
    }

    fn events_after(&self, version: u64) -> Rows<'_, EventRecord> {
        rows::events(self, Some(version))
    }

    fn events_of(&self, article: &str) -> Rows<'_, EventRecord> {
        rows::events_of(self, article)
    }

    fn outlines(&self) -> Rows<'_, (Article, u64)> {
        rows::outlines(self)
    }

    fn counts(&self) -> Result<Counts, StoreError> {
        self.connection
            .query_row(
                "SELECT (SELECT count(*) FROM articles), count(*), count(geom) FROM events",
                [],
                |row| {
                    Ok(Counts {
                        articles: number(row, 0)?,
                        events: number(row, 1)?,
                        located: number(row, 2)?,
                    })
                },
            )
            .map_err(|error| self.sql(error))
    }

    fn edition(&self) -> Result<Edition, StoreError> {
        self.connection
            .query_row(
                "SELECT value, (SELECT max(last_change) FROM gpkg_contents)
                 FROM sitmap_state WHERE key = 'version'",
                [],
                |row| {
                    // Other programs may write it otherwise: then nothing is said of the time.
                    let changed: Option<String> = row.get(1)?;
                    let changed = changed.and_then(|text| text.parse().ok());
                    Ok(Edition {
                        version: number(row, 0)?,
                        changed: changed.unwrap_or(Timestamp::UNIX_EPOCH),
                    })
                },
            )
            .map_err(|error| self.sql(error))
    }

    fn identity(&self) -> Result<i64, StoreError> {
        let sql = "SELECT value FROM sitmap_state WHERE key = 'identity'";
        self.connection
            .query_row(sql, [], |row| row.get(0))
            .map_err(|error| self.sql(error))
    }

    fn freeze(&self) -> Result<(), StoreError> {
        // A transaction begins to see with the first thing that it reads.
        self.connection
            .execute_batch("BEGIN; SELECT count(*) FROM sitmap_state")
            .map_err(|error| self.sql(error))
    }

    fn verify(&self, found: &mut dyn FnMut(Finding)) -> Result<(), StoreError> {
        verify::verify(self, found)
    }

    fn event_ids(&self, article: &str) -> Result<Vec<String>, StoreError> {
        rows::event_ids(&self.connection, article).map_err(|error| self.sql(error))
    }

    fn tokens(&self) -> Result<Vec<Token>, StoreError> {
        tokens::all(&self.connection).map_err(|error| self.sql(error))
    }

    fn add_token(&mut self, token: &Token) -> Result<(), StoreError> {
        match tokens::add(&self.connection, token) {
            Ok(true) => Ok(()),
            Ok(false) => Err(StoreError::TokenExists {
                store: self.path.as_path().into(),
                name: token.name.clone(),
            }),
            Err(error) => Err(self.sql(error)),
        }
    }

    fn revoke_token(
        &mut self,
        name_or_id: &str,
        now: Timestamp,
    ) -> Result<Option<Token>, StoreError> {
        tokens::revoke(&mut self.connection, name_or_id, now)
            .map_err(|error| StoreError::of_sql(&self.path, error))
    }
}

/// A count or version: SQLite's integers are signed, these never negative.
fn number(row: &rusqlite::Row<'_>, column: usize) -> rusqlite::Result<u64> {
    row.get(column).map(i64::unsigned_abs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_store_that_another_program_writes_is_locked_for_writers_and_open_for_readers() {
        let folder = tempfile::TempDir::new().expect("a folder");
        let path = folder.path().join("store.gpkg");
        let patience = Duration::from_millis(20);
        let open = || GeoPackage::open_with_patience(&path, patience).expect("a store");
        let writer = open();
        writer
            .connection
            .execute_batch("BEGIN IMMEDIATE")
            .expect("a transaction");
        let mut other = open();
        assert_eq!(other.counts().expect("counts"), Counts::default());
        let error = other.ingest("1", &[]).expect_err("an error");
        assert!(matches!(error, StoreError::Locked { .. }), "{error}");
        assert!(
            error.to_string().contains("store.gpkg is locked"),
            "{error}"
        );
    }
}
