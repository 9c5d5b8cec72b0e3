use std::fs::{self, File};
use std::io;
use std::path::Path;

use rusqlite::{Connection, params};

use super::{Counts, EventStore, GeoPackage, StoreError, tokens};

/// What becomes of the tokens in a copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tokens {
    /// They are in it: it may take the store's place.
    Kept,
    /// They are not, nor is a trace of them: what is given away lets nobody in.
    LeftOut,
}

impl GeoPackage {
    /// Writes a copy of the store, as one compact file that needs no others beside it, while others read and write the
    /// store. Gives what the copy holds.
    ///
    /// It is written under another name beside `path`, looked through, brought to the disk, and then put in its place: a
    /// copy that is there is whole. It is a store of its own, with another [identity](EventStore::identity), so that what
    /// was made of the one (an index's image, a browser's answers) is never taken for the other's after both went on.
    ///
    /// # Errors
    /// When there is a file already, it cannot be written, or what was read is damaged.
    pub fn copy_to(&self, path: &Path, tokens: Tokens) -> Result<Counts, StoreError> {
        let exists = || StoreError::Exists {
            path: path.to_owned(),
        };
        let io = |cause| StoreError::Io {
            path: path.to_owned(),
            cause,
        };
        if path.exists() {
            return Err(exists());
        }
        let folder = folder_of(path);
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let file = tempfile::Builder::new()
            .prefix(&format!(".{name}."))
            .tempfile_in(folder)
            .map_err(io)?;
        let before = self.edition()?;
        let counts = self.counts()?;
        self.connection
            .execute("VACUUM INTO ?1", params![file.path().to_string_lossy()])
            .map_err(|error| StoreError::of_sql(path, error))?;
        let copied = check(file.path(), tokens).map_err(|error| StoreError::of_sql(path, error))?;
        if let Err(message) = copied {
            return Err(StoreError::Damaged {
                store: path.into(),
                row: "the copy".to_owned(),
                message,
            });
        }
        let copy = Self::open_to_read(file.path())?;
        let (copied, now) = (copy.counts()?, self.edition()?);
        drop(copy);
        // Where somebody wrote meanwhile, there is nothing to hold the copy against.
        if now.version == before.version && copied != counts {
            return Err(StoreError::Damaged {
                store: path.into(),
                row: "the copy".to_owned(),
                message: format!("it has {copied:?}, and the store {counts:?}"),
            });
        }
        // It is made for its owner alone; a copy may be read by whom the store may be read by.
        let permissions = fs::metadata(&self.path).and_then(|store| {
            fs::set_permissions(file.path(), store.permissions())?;
            File::open(file.path())?.sync_all()
        });
        permissions.map_err(io)?;
        file.persist_noclobber(path)
            .map_err(|error| match error.error.kind() {
                io::ErrorKind::AlreadyExists => exists(),
                _ => io(error.error),
            })?;
        sync_folder(folder).map_err(io)?;
        Ok(copied)
    }
}

/// Gives a copy an identity of its own, and looks it through. What is wrong with it is the second result.
fn check(path: &Path, tokens: Tokens) -> rusqlite::Result<Result<(), String>> {
    let connection = Connection::open(path)?;
    // A store of an older schema has none.
    if tokens == Tokens::LeftOut && !tokens::all(&connection)?.is_empty() {
        connection.execute_batch("PRAGMA secure_delete = ON; DELETE FROM sitmap_tokens;")?;
    }
    connection.execute(
        "UPDATE sitmap_state SET value = random() WHERE key = 'identity'",
        [],
    )?;
    let said: String = connection.pragma_query_value(None, "quick_check", |row| row.get(0))?;
    Ok(if said == "ok" { Ok(()) } else { Err(said) })
}

/// The folder that a file is in.
pub(in crate::store) fn folder_of(path: &Path) -> &Path {
    let folder = path.parent().filter(|folder| *folder != Path::new(""));
    folder.unwrap_or(Path::new("."))
}

/// A new name is on the disk when its folder is.
fn sync_folder(folder: &Path) -> io::Result<()> {
    // Elsewhere a folder cannot be opened.
    if cfg!(unix) {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}
