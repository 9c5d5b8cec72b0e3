use std::io;
use std::path::PathBuf;

/// Why a store cannot be opened, read or written. A file that is not sitmap's is never touched.
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
    /// There is no file to read.
    #[error("{}: no store was found there; `sitmap ingest` or `sitmap serve` makes one", path.display())]
    Missing {
        /// The file.
        path: PathBuf,
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
    #[error("{} has schema {found}; this sitmap knows {known}: a newer one made it", path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// The file's schema.
        found: i64,
        /// The newest that is known.
        known: i64,
    },
    /// Made by an earlier sitmap, where one of today is wanted.
    #[error("{} has schema {found}, and this sitmap {known}; `sitmap ingest` or `sitmap serve` brings it up to date", path.display())]
    Older {
        /// The file.
        path: PathBuf,
        /// The file's schema.
        found: i64,
        /// The newest that is known.
        known: i64,
    },
    /// It may only be read.
    #[error("{} is read-only", path.display())]
    ReadOnly {
        /// The file.
        path: PathBuf,
    },
    /// Another program holds it.
    #[error("{} is locked by another program", path.display())]
    Locked {
        /// The file.
        path: PathBuf,
    },
    /// Two tokens cannot have one name.
    #[error("{} has a token of the name {name:?} already; revoke it first, or choose another name", path.display())]
    TokenExists {
        /// The file.
        path: PathBuf,
        /// The name.
        name: String,
    },
    /// A row that is none of the event model's.
    #[error("{}: {row} is damaged: {message}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
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
}

impl StoreError {
    /// What an SQLite error means for the user.
    pub(super) fn of_sql(path: &std::path::Path, cause: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode::{
            CannotOpen, DatabaseBusy, DatabaseLocked, NotADatabase, ReadOnly,
        };
        let path = path.to_owned();
        match cause.sqlite_error_code() {
            Some(DatabaseBusy | DatabaseLocked) => Self::Locked { path },
            Some(ReadOnly) => Self::ReadOnly { path },
            Some(NotADatabase) => Self::NotSqlite { path },
            Some(CannotOpen) => Self::CannotOpen { path },
            _ => Self::Sql { path, cause },
        }
    }
}
