use std::path::Path;

use super::{Counts, EventStore, GeoPackage, Location, PostGis, Report, StoreError, Tokens};
use crate::domain::Event;

/// Articles a transaction.
const BATCH: usize = 256;

/// Writes a copy of a store as a GeoPackage in one file, while others read and write the store. Gives what it holds.
///
/// # Errors
/// When the store cannot be read, there is a file at `path` already, or it cannot be written. Nothing is left there then.
pub fn copy_to(from: &Location, path: &Path, tokens: Tokens) -> Result<Counts, StoreError> {
    match from {
        Location::File(file) => GeoPackage::open_to_read(file)?.copy_to(path, tokens),
        Location::Database(address) => copy(&PostGis::open_to_read(address)?, path, tokens),
    }
}

/// Copies article by article. Articles, events, their order, the rules that read them and the tokens are copied; when each
/// article came is not.
fn copy(from: &dyn EventStore, path: &Path, tokens: Tokens) -> Result<Counts, StoreError> {
    let io = |cause| StoreError::Io {
        path: path.to_owned(),
        cause,
    };
    // Before an hour of work.
    if path.exists() {
        return Err(StoreError::Exists {
            path: path.to_owned(),
        });
    }
    from.freeze()?;
    let folder = tempfile::Builder::new()
        .prefix(".sitmap-copy.")
        .tempdir_in(super::geopackage::folder_of(path))
        .map_err(io)?;
    let mut copy = GeoPackage::open(&folder.path().join("copy.gpkg"))?;
    let mut rules = String::new();
    let mut batch: Vec<Report> = Vec::new();
    for article in from.articles() {
        let article = article?;
        let read_by = from.rules_of(&article.id)?.unwrap_or_default();
        if batch.len() >= BATCH || read_by != rules {
            copy.ingest(&rules, &batch)?;
            batch.clear();
            rules = read_by;
        }
        let events = from.events_of(&article.id);
        let events = events.map(|record| Ok(Event::from(&record?)));
        let events = events.collect::<Result<_, StoreError>>()?;
        batch.push(Report { article, events });
    }
    copy.ingest(&rules, &batch)?;
    if tokens == Tokens::Kept {
        for token in from.tokens()? {
            copy.add_token(&token)?;
        }
    }
    copy.copy_to(path, tokens)
}
