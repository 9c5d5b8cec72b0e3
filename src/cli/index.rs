//! The index of a store, and the file that it is kept in from one start to the next.

use std::path::PathBuf;

use sitmap::ahead::ahead;
use sitmap::domain::{Edition, EventRecord};
use sitmap::event::Registry;
use sitmap::incident::Kinship;
use sitmap::index::{ArticleRecord, Index};
use sitmap::store::{EventStore, Location, StoreError};

/// The index of a store: from its image where there is one, which may lag behind the store.
pub(super) fn of(
    store: &mut dyn EventStore,
    mut image: Option<&mut Image>,
) -> anyhow::Result<Index> {
    let kinship = kinship()?;
    let edition = store.edition()?;
    if let Some(image) = &mut image
        && let Some(index) = image.open(edition, kinship.clone())
    {
        image.is_there = true;
        return Ok(index);
    }
    let articles = store.outlines().map(|outline| {
        let (article, version) = outline?;
        Ok::<_, StoreError>(ArticleRecord {
            version: Some(version),
            ..ArticleRecord::from(&article)
        })
    });
    let articles = articles.collect::<Result<Vec<_>, _>>()?;
    let (index, saved) = ahead(
        move || store.events(),
        |events| {
            let Some(image) = image.as_ref().filter(|_| articles.len() >= Image::LEAST) else {
                let index = Index::load(kinship, edition, &articles, events)?;
                return Ok((index, None));
            };
            let to = (&*image.path, &*image.origin);
            let (index, saved) = Index::load_and_save(kinship, edition, &articles, events, to)?;
            Ok::<_, StoreError>((index, Some(saved)))
        },
    )?;
    if let (Some(image), Some(saved)) = (image, saved) {
        image.saved(saved);
    }
    Ok(index)
}

/// The file beside a store that is a file: it saves the next start the making of the index.
pub(super) struct Image {
    pub(super) path: PathBuf,
    origin: String,
    is_there: bool,
    /// How many events came or came again since it was saved.
    pub(super) changed: usize,
}

impl Image {
    /// An index of fewer articles or events is made in less than a second.
    const LEAST: usize = 50_000;

    pub(super) fn of(store: &Location, identity: i64) -> Option<Self> {
        let Location::File(store) = store else {
            return None;
        };
        let mut path = store.as_os_str().to_owned();
        path.push("-index");
        Some(Self {
            path: path.into(),
            origin: format!("{} {identity}", program()),
            is_there: false,
            changed: 0,
        })
    }

    /// The index, as it was saved; `None` where this program makes it anew.
    pub(super) fn open(&self, edition: Edition, kinship: Kinship) -> Option<Index> {
        let index = Index::open(&self.path, &self.origin, kinship)?;
        let saved = index.snapshot().edition;
        (saved == edition || saved.version < edition.version).then_some(index)
    }

    /// Saves an index that is another than its image by a quarter.
    pub(super) fn keep(&mut self, index: &Index) {
        let events = index.snapshot().events.len();
        let is_due = !self.is_there || self.changed > events / 4;
        if events < Self::LEAST || !is_due {
            return;
        }
        self.saved(index.save(&self.path, &self.origin));
    }

    /// Notes that it was tried.
    fn saved(&mut self, outcome: std::io::Result<()>) {
        // Also where it failed: it would fail again the second after.
        (self.is_there, self.changed) = (true, 0);
        if let Err(error) = outcome {
            let path = self.path.display();
            tracing::warn!("{path}: {error}; the next start takes longer");
        }
    }
}

/// What was written after a version of the store.
pub(super) fn load_after(
    store: &dyn EventStore,
    version: u64,
) -> Result<(Vec<ArticleRecord>, Vec<EventRecord>), StoreError> {
    let articles = store
        .articles_after(version)
        .map(|article| article.map(|article| ArticleRecord::from(&article)))
        .collect::<Result<_, _>>()?;
    let events = store.events_after(version).collect::<Result<_, _>>()?;
    Ok((articles, events))
}

/// Which actors of the registry are parts of others.
pub(super) fn kinship() -> anyhow::Result<Kinship> {
    let actors = Registry::bundled()?.iter();
    let pairs = actors.filter_map(|actor| Some((actor.id.clone(), actor.parent.clone()?)));
    Ok(Kinship::new(pairs))
}

/// This program. Another one is told by its file, so that a new one is not taken for the old.
pub(super) fn program() -> String {
    let program = std::env::current_exe().and_then(|path| path.metadata());
    let built = program.and_then(|file| Ok((file.len(), file.modified()?)));
    format!("{} {built:?}", env!("CARGO_PKG_VERSION"))
}
