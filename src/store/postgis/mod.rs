//! A store in the schema `sitmap` of a PostgreSQL database with PostGIS, which several services may share, and which QGIS
//! and GDAL open as it is.

mod address;
mod connection;
mod error;
mod rows;
mod schema;
mod tls;
mod tokens;
mod verify;
mod write;

use std::cell::{Cell, RefCell};
use std::fmt;
use std::sync::mpsc::Receiver;
use std::time::Duration;

use jiff::Timestamp;
use postgres::Client;

pub use address::Address;

use self::connection::Connection;
use self::schema::Access;
use self::write::Writing;
use super::{Counts, EventStore, Finding, Ingested, Report, Rows, StoreError, Token};
use crate::domain::{Article, Edition, EventRecord};

/// A store in a database: PostgreSQL 13 or newer with PostGIS 3.
///
/// Each call of [`EventStore::ingest`] is one transaction, and tells those who [wait](EventStore::wait) of its version:
/// what it returned is on the server's disk, and a crash leaves all of it or nothing. Writers come one after the other;
/// readers wait for nobody.
///
/// A connection that was lost is made anew by the next call. While the database does not answer, calls say
/// [`StoreError::Away`], most of them at once. What leaves the machine is encrypted, and the server's certificate looked
/// at, unless the address says `sslmode=disable`.
///
/// It blocks, as the other stores do, and must not be called from within an asynchronous task.
pub struct PostGis {
    address: Address,
    connection: RefCell<Connection>,
    /// How many cursors there were.
    cursors: Cell<u64>,
}

impl PostGis {
    /// Opens a store to read and write; makes its schema, and the extension PostGIS, in a database that has none.
    ///
    /// # Errors
    /// When the database is away, has a schema `sitmap` that is not sitmap's or is a newer one, or denies something.
    pub fn open(address: &Address) -> Result<Self, StoreError> {
        Self::open_as(address, Access::Write)
    }

    /// Opens a store that is there, to read it only.
    ///
    /// # Errors
    /// When there is none, or as [`PostGis::open`].
    pub fn open_to_read(address: &Address) -> Result<Self, StoreError> {
        Self::open_as(address, Access::Read)
    }

    fn open_as(address: &Address, access: Access) -> Result<Self, StoreError> {
        Ok(Self {
            address: address.clone(),
            connection: RefCell::new(Connection::open(address, access)?),
            cursors: Cell::new(0),
        })
    }

    /// Puts articles in, in one transaction.
    fn write<T>(
        &mut self,
        rules: &str,
        put: impl FnOnce(
            &mut Writing<'_>,
            &dyn Fn(postgres::Error) -> StoreError,
        ) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let failed = |cause| error::of(&self.address, &cause);
        let connection = self.connection.get_mut();
        // A connection that was lost since the last call is found out, and made anew, before anything is written.
        connection.ask(|client| client.batch_execute(""))?;
        let written = Writing::begin(connection.client()?, rules)
            .map_err(failed)
            .and_then(|mut writing| {
                let outcome = put(&mut writing, &failed)?;
                writing.finish().map_err(failed)?;
                Ok(outcome)
            });
        if let Err(StoreError::Away { .. }) = written {
            connection.lost();
        }
        written
    }

    fn ask<T>(
        &self,
        question: impl FnMut(&mut Client) -> Result<T, postgres::Error>,
    ) -> Result<T, StoreError> {
        self.connection.borrow_mut().ask(question)
    }

    fn token(&self, token: Result<Token, String>) -> Result<Token, StoreError> {
        token.map_err(|message| StoreError::Damaged {
            store: self.address.location(),
            row: "a token".to_owned(),
            message,
        })
    }

    fn cursor_name(&self) -> String {
        self.cursors.set(self.cursors.get() + 1);
        format!("sitmap_{}", self.cursors.get())
    }
}

impl EventStore for PostGis {
    fn ingest(&mut self, rules: &str, batch: &[Report]) -> Result<Vec<Ingested>, StoreError> {
        self.write(rules, |writing, failed| {
            let put = |report| writing.put(report).map_err(failed);
            batch.iter().map(put).collect()
        })
    }

    fn ingest_all(
        &mut self,
        rules: &str,
        reports: &mut dyn Iterator<Item = Result<Report, StoreError>>,
    ) -> Result<(), StoreError> {
        self.write(rules, |writing, failed| {
            for report in reports {
                writing.put(&report?).map_err(failed)?;
            }
            Ok(())
        })
    }

    fn is_current(&self, rules: &str, article: &Article) -> Result<bool, StoreError> {
        self.ask(|client| write::is_current(client, rules, article))
    }

    fn article(&self, id: &str) -> Result<Option<Article>, StoreError> {
        let sql = format!(
            "SELECT {} FROM articles WHERE id = $1",
            rows::ARTICLE_COLUMNS
        );
        let row = self.ask(|client| client.query_opt(&sql, &[&write::without_nul(id)]))?;
        row.map(|row| rows::from_row(&row, 0))
            .transpose()
            .map_err(|error| StoreError::Damaged {
                store: self.address.location(),
                row: format!("article {id}"),
                message: error.to_string(),
            })
    }

    fn rules_of(&self, id: &str) -> Result<Option<String>, StoreError> {
        self.ask(|client| write::rules_of(client, id))
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
        let sql = "SELECT (SELECT count(*) FROM articles), count(*), count(geom) FROM events";
        self.ask(|client| {
            let row = client.query_one(sql, &[])?;
            Ok(Counts {
                articles: rows::number(&row, 0)?,
                events: rows::number(&row, 1)?,
                located: rows::number(&row, 2)?,
            })
        })
    }

    fn edition(&self) -> Result<Edition, StoreError> {
        let sql = "SELECT version, (extract(epoch FROM changed) * 1000000)::bigint FROM state";
        self.ask(|client| rows::edition(&client.query_one(sql, &[])?))
    }

    fn identity(&self) -> Result<i64, StoreError> {
        self.ask(|client| {
            client
                .query_one("SELECT identity FROM state", &[])?
                .try_get(0)
        })
    }

    fn freeze(&self) -> Result<(), StoreError> {
        self.connection.borrow_mut().freeze()
    }

    fn verify(&self, found: &mut dyn FnMut(Finding)) -> Result<(), StoreError> {
        verify::verify(self.connection.borrow_mut().client()?, &self.address, found)
    }

    fn event_ids(&self, article: &str) -> Result<Vec<String>, StoreError> {
        self.ask(|client| rows::event_ids(client, article))
    }

    fn tokens(&self) -> Result<Vec<Token>, StoreError> {
        let tokens = self.ask(tokens::all)?;
        tokens.into_iter().map(|token| self.token(token)).collect()
    }

    fn add_token(&mut self, token: &Token) -> Result<(), StoreError> {
        let connection = self.connection.get_mut();
        if connection.change(|client| tokens::add(client, token))? {
            return Ok(());
        }
        Err(StoreError::TokenExists {
            store: self.address.location(),
            name: token.name.clone(),
        })
    }

    fn revoke_token(
        &mut self,
        name_or_id: &str,
        now: Timestamp,
    ) -> Result<Option<Token>, StoreError> {
        let connection = self.connection.get_mut();
        let revoked = connection.change(|client| tokens::revoke(client, name_or_id, now))?;
        revoked.map(|token| self.token(token)).transpose()
    }

    /// The database tells of every write, this program's as well.
    fn wait(&mut self, _: &Receiver<()>, time: Duration) -> Result<(), StoreError> {
        self.connection.get_mut().wait(time)
    }
}

impl fmt::Debug for PostGis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PostGis({})", self.address)
    }
}
