use std::sync::{LazyLock, Mutex, PoisonError};

use rusqlite::Connection;
use sitmap::domain::{Article, EventRecord};
use sitmap::gazetteer::Gazetteer;
use sitmap::store::{EventStore, GeoPackage, Report};
use tempfile::TempDir;

use super::texts::EXTRACTOR;

/// Bytes before the checksum of an image, and behind it; the length stands before the sum.
const SUM: std::ops::Range<usize> = 24..56;

/// A file that is said to be an image of the gazetteer: as it is, and with the length and the sum put right, so that
/// what is behind them is looked at.
pub(super) fn gazetteer(bytes: &[u8]) {
    let mut bytes = bytes.to_owned();
    open(&bytes);
    if bytes.len() > SUM.end {
        let length = bytes.len() as u64;
        bytes[16..24].copy_from_slice(&length.to_le_bytes());
        let sum = blake3::hash(&bytes[SUM.end..]);
        bytes[SUM].copy_from_slice(sum.as_bytes());
        open(&bytes);
    }
}

fn open(bytes: &[u8]) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("image.sitgaz");
    std::fs::write(&path, bytes).expect("a file");
    if let Err(error) = Gazetteer::open(&path) {
        assert!(error.to_string().contains("image.sitgaz"), "{error}");
    }
}

/// The geometry of an event in a store that others wrote into.
pub(super) fn geometry(bytes: &[u8]) {
    static STORE: LazyLock<Mutex<Store>> = LazyLock::new(|| Mutex::new(Store::new()));
    let store = STORE.lock().unwrap_or_else(PoisonError::into_inner);
    let changed = store.writer.execute("UPDATE events SET geom = ?1", [bytes]);
    assert_eq!(changed, Ok(1));
    let events: Vec<_> = store.reader.events().collect();
    assert_eq!(events.len(), 1);
    match &events[0] {
        Ok(EventRecord { point, .. }) => {
            let on_globe =
                |point: &sitmap::domain::Point| point.lon.abs() <= 180.0 && point.lat.abs() <= 90.0;
            assert!(point.as_ref().is_none_or(on_globe), "{point:?}");
        }
        Err(error) => assert!(error.to_string().contains("store.gpkg"), "{error}"),
    }
}

/// A store of one event.
struct Store {
    writer: Connection,
    reader: GeoPackage,
    _folder: TempDir,
}

impl Store {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("store.gpkg");
        let text = "The Syrian army entered the town of Manbij on 16 October 2019.";
        let article = sitmap::article::of_text(text.to_owned(), None, &EXTRACTOR.languages);
        let article = Article {
            language: Some("en".to_owned()),
            ..article.expect("an article")
        };
        let events = EXTRACTOR.extract(&article).events;
        assert_eq!(events.len(), 1);
        let mut reader = GeoPackage::open(&path).expect("a store");
        let report = Report { article, events };
        reader.ingest("fuzz", &[report]).expect("it is stored");
        Self {
            writer: Connection::open(&path).expect("the store's file"),
            reader,
            _folder: folder,
        }
    }
}
