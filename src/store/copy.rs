use std::path::Path;

use super::{Counts, EventStore, GeoPackage, Report, StoreError};
use crate::domain::Event;

/// Articles a transaction.
const BATCH: usize = 256;

/// Copies any store into a new GeoPackage, article by article: what a store that is itself no file is backed up by.
///
/// Articles, events, their order and the rules that read them are copied; when each article came is not. `from` is
/// frozen by it. Gives what the copy holds.
///
/// # Errors
/// When `from` cannot be read, there is a file at `path` already, or it cannot be written. Nothing is left there then.
pub fn copy_into_file(from: &dyn EventStore, path: &Path) -> Result<Counts, StoreError> {
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
    copy.copy_to(path)
}
