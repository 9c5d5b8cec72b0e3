use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tempfile::NamedTempFile;

use super::robots::Robots;

/// How many bytes of rules are kept: a feed's links may lead to as many hosts as it likes.
const MAX_ROBOTS_BYTES: usize = 4_000_000;

/// What is remembered of feeds from one run to the next, in a file beside the store.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct State {
    /// By the address that the feed was named with.
    pub feeds: BTreeMap<String, FeedState>,
    /// By scheme, host and port.
    #[serde(default)]
    pub(super) robots: BTreeMap<String, KnownRobots>,
}

/// What is remembered of a feed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedState {
    /// Where it has moved to for good.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub moved: Option<String>,
    /// By which its last answer is known again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub validators: Option<Validators>,
    /// Before this it is not asked: the server wished so, or it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_before: Option<Timestamp>,
    /// When it is asked next.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<Timestamp>,
    /// How often in a row it could not be had.
    #[serde(default)]
    pub failures: u32,
}

/// What an answer is known by, and which address gave it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Validators {
    /// The address.
    pub url: String,
    /// `ETag`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub etag: Option<String>,
    /// `Last-Modified`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_modified: Option<String>,
}

/// What a host's `robots.txt` said.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct KnownRobots {
    /// When it is asked for again.
    pub(super) until: Timestamp,
    /// The rules, or why there are none and nothing may be asked.
    pub(super) rules: Result<Robots, NoRules>,
}

/// Why there are no rules.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct NoRules {
    pub(super) problem: String,
    pub(super) is_lasting: bool,
}

/// Why the file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum StateError {
    /// The system refuses.
    #[error("{path}: {error}", path = path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What it said.
        error: io::Error,
    },
    /// Not written by this program.
    #[error("{path}: {error}; remove it to ask all feeds anew", path = path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong, and in which line.
        error: serde_json::Error,
    },
}

impl State {
    /// Reads the file; where there is none, nothing is known.
    ///
    /// # Errors
    /// When it cannot be read or is damaged.
    pub fn open(path: &Path) -> Result<Self, StateError> {
        let path = path.to_owned();
        match fs::read(&path) {
            Ok(bytes) => {
                serde_json::from_slice(&bytes).map_err(|error| StateError::Damaged { path, error })
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(StateError::Io { path, error }),
        }
    }

    /// Writes the file: all of it, or none.
    ///
    /// # Errors
    /// When it cannot be written; the old one is then as it was.
    pub fn save(&self, path: &Path) -> Result<(), StateError> {
        let write = || {
            let folder = path
                .parent()
                .filter(|folder| !folder.as_os_str().is_empty());
            let mut file = NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))?;
            serde_json::to_writer_pretty(&mut file, self)?;
            file.write_all(b"\n")?;
            file.as_file().sync_all()?;
            file.persist(path)?;
            Ok(())
        };
        write().map_err(|error| StateError::Io {
            path: path.to_owned(),
            error,
        })
    }

    /// Keeps what a host said, and forgets what is out of date or too much.
    pub(super) fn keep_robots(&mut self, host: &str, known: KnownRobots) {
        let now = Timestamp::now();
        self.robots.retain(|_, known| known.until > now);
        self.robots.insert(host.to_owned(), known);
        let size = |known: &KnownRobots| 200 + known.rules.as_ref().map_or(0, Robots::size);
        let mut bytes: usize = self.robots.values().map(size).sum();
        while bytes > MAX_ROBOTS_BYTES {
            let others = self.robots.iter().filter(|(other, _)| *other != host);
            let oldest = others.min_by_key(|(_, known)| known.until);
            let Some(oldest) = oldest.map(|(host, _)| host.clone()) else {
                break;
            };
            bytes -= self.robots.remove(&oldest).as_ref().map_or(0, size);
        }
    }
}
