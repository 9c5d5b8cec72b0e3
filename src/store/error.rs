use std::io;
use std::path::PathBuf;

use super::Location;

/// Why a store cannot be opened, read or written. What is not sitmap's is never touched.
///
/// Each message is whole: what the system says is in it, and not told again as a source.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The operating system refuses.
    #[error("{}: {cause}", path.display())]
    Io {
        /// The store's file.
        path: PathBuf,
        /// What it says.
        cause: io::Error,
    },
    /// There is nothing to read.
    #[error("{store}: no store was found there; `sitmap ingest` or `sitmap serve` makes one")]
    Missing {
        /// The store.
        store: Location,
    },
    /// There is a file where a copy was to be written.
    #[error("{} is there already, and is not overwritten", path.display())]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// The file cannot be opened or made.
    #[error("{} cannot be opened or made: is its folder there, and may you write to it?", path.display())]
    CannotOpen {
        /// The file.
        path: PathBuf,
    },
    /// Another kind of file.
    #[error("{} is no GeoPackage: it is no SQLite file", path.display())]
    NotSqlite {
        /// The file.
        path: PathBuf,
    },
    /// An SQLite file without the mark of a GeoPackage.
    #[error("{} is an SQLite file, but no GeoPackage", path.display())]
    NotGeoPackage {
        /// The file.
        path: PathBuf,
    },
    /// A GeoPackage that something else made.
    #[error("{} is a GeoPackage, but not one that sitmap made; give another path for the store", path.display())]
    NotOurs {
        /// The file.
        path: PathBuf,
    },
    /// Made by a later sitmap.
    #[error("{store} has schema {found}; this sitmap knows {known}: a newer one made it")]
    Newer {
        /// The store.
        store: Location,
        /// Its schema.
        found: i64,
        /// The newest that is known.
        known: i64,
    },
    /// Made by an earlier sitmap, where one of today is wanted.
    #[error(
        "{store} has schema {found}, and this sitmap {known}; `sitmap ingest` or `sitmap serve` brings it up to date"
    )]
    Older {
        /// The store.
        store: Location,
        /// Its schema.
        found: i64,
        /// The newest that is known.
        known: i64,
    },
    /// It may only be read.
    #[error("{store} is read-only")]
    ReadOnly {
        /// The store.
        store: Location,
    },
    /// Another program holds it.
    #[error("{store} is locked by another program")]
    Locked {
        /// The store.
        store: Location,
    },
    /// Two tokens cannot have one name.
    #[error(
        "{store} has a token of the name {name:?} already; revoke it first, or choose another name"
    )]
    TokenExists {
        /// The store.
        store: Location,
        /// The name.
        name: String,
    },
    /// A row that is none of the event model's.
    #[error("{store}: {row} is damaged: {message}")]
    Damaged {
        /// The store.
        store: Location,
        /// Which row.
        row: String,
        /// What is wrong with it.
        message: String,
    },
    /// Whatever else SQLite says.
    #[error("{}: {cause}", path.display())]
    Sql {
        /// The file.
        path: PathBuf,
        /// What it says.
        cause: rusqlite::Error,
    },
    /// An address of a database that cannot be read. What was written is not repeated: a password may be in it.
    #[error(
        "the address of the database cannot be read: write postgres://USER:PASSWORD@HOST:PORT/DATABASE, with special \
         characters as %XX, and only options that PostgreSQL's libpq knows"
    )]
    Address,
    /// An address that asks for a kind of encryption that is not offered.
    #[error(
        "sslmode in the address of the database is disable, require or verify-full; the last two are the same, as the \
         server's certificate is always looked at"
    )]
    SslMode,
    /// The file of certificates that the address names cannot be used.
    #[error("sslrootcert in the address of the database, {}: {message}", path.display())]
    Authority {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        message: String,
    },
    /// A database that has something else under our name.
    #[error(
        "{store} has a schema `sitmap` that sitmap did not make; give another database for the store"
    )]
    NotOurSchema {
        /// The store.
        store: Location,
    },
    /// The database does not answer. It may again: the next call tries, but not more often than every few seconds. Whether
    /// something was written when the answer was lost is not known; to ingest it again is right in both cases.
    #[error("{store} is away: {message}")]
    Away {
        /// The store.
        store: Location,
        /// What was seen of it.
        message: String,
    },
    /// Whatever else the database says.
    #[error("{store}: {message}")]
    Database {
        /// The store.
        store: Location,
        /// What it says.
        message: String,
    },
}

impl StoreError {
    /// What an SQLite error means for the user.
    pub(super) fn of_sql(path: &std::path::Path, cause: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode::{
            CannotOpen, DatabaseBusy, DatabaseLocked, NotADatabase, ReadOnly,
        };
        let store = || Location::File(path.to_owned());
        match cause.sqlite_error_code() {
            Some(DatabaseBusy | DatabaseLocked) => Self::Locked { store: store() },
            Some(ReadOnly) => Self::ReadOnly { store: store() },
            Some(NotADatabase) => Self::NotSqlite {
                path: path.to_owned(),
            },
            Some(CannotOpen) => Self::CannotOpen {
                path: path.to_owned(),
            },
            _ => Self::Sql {
                path: path.to_owned(),
                cause,
            },
        }
    }
}
