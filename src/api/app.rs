use std::collections::HashMap;
use std::error::Error;
use std::hash::BuildHasher;
use std::num::NonZero;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Instant;

use axum::http::HeaderValue;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::{JoinHandle, spawn_blocking};

use super::access::{Reads, TokenSource};
use super::areas;
use super::caching::Answers;
use super::intake::Intake;
use super::limits::Limits;
use super::metrics::Metrics;
use super::problem::Problem;
use super::rates::Rates;
use super::settings::MapSettings;
use crate::domain::Article;
use crate::gazetteer::Gazetteer;
use crate::index::{Index, Layer, Snapshot};
use crate::pipeline::{Extraction, Extractor};

/// Where the texts of articles are kept: the store, or anything that stands for it.
pub trait ArticleSource: Send + Sync {
    /// The article of this id; `None` when there is none.
    ///
    /// # Errors
    /// When the source cannot be read.
    fn article(&self, id: &str) -> Result<Option<Article>, SourceError>;
}

/// Why an article cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// What keeps the articles does not answer for now; it may soon.
    #[error("{0}")]
    Away(Box<dyn Error + Send + Sync>),
    /// Anything else.
    #[error("{0}")]
    Failed(Box<dyn Error + Send + Sync>),
}

/// Articles held in memory.
impl<S: BuildHasher + Send + Sync> ArticleSource for HashMap<String, Article, S> {
    fn article(&self, id: &str) -> Result<Option<Article>, SourceError> {
        Ok(self.get(id).cloned())
    }
}

/// What all requests share. Cloning shares.
#[derive(Clone)]
pub struct App(Arc<Shared>);

#[derive(Clone)]
struct Shared {
    index: Arc<Index>,
    articles: Arc<dyn ArticleSource>,
    extractor: Arc<Extractor>,
    base_url: Option<Arc<str>>,
    /// What answers are made from, beside the edition of the index.
    origin: Arc<[u8]>,
    max_age: u32,
    reads: Reads,
    tokens: Option<Arc<dyn TokenSource>>,
    intake: Option<Arc<dyn Intake>>,
    limits: Limits,
    rates: Arc<Rates>,
    /// One for each processor: what reads articles takes one.
    processors: Arc<Semaphore>,
    /// The memory for articles that are being taken in, in KiB.
    room: Arc<Semaphore>,
    map: Arc<MapSettings>,
    answers: Answers,
    areas: Arc<OnceLock<Layer>>,
    /// One for each client that may follow the stream.
    streams: Arc<Semaphore>,
    closing: Arc<AtomicBool>,
    metrics: Arc<Metrics>,
}

/// So many clients may follow the stream.
const STREAMS: usize = 512;
/// KiB of articles that are being taken in.
const ROOM: usize = 128 * 1024;
/// KiB that a request of articles counts at least: what they are read into takes more than they do.
const LEAST_ROOM: usize = 1024;

/// Why an address cannot be the service's own.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is no address of a service: write https://maps.example.org or https://example.org/sitmap"
)]
pub struct BaseUrlError(pub String);

impl App {
    /// Serves what is in the index, with the texts of the articles from their source, and the places and rules of
    /// an extractor.
    pub fn new(
        index: Arc<Index>,
        articles: Arc<dyn ArticleSource>,
        extractor: Arc<Extractor>,
    ) -> Self {
        Self(Arc::new(Shared {
            index,
            articles,
            extractor,
            base_url: None,
            origin: Arc::from(env!("CARGO_PKG_VERSION").as_bytes()),
            max_age: 0,
            reads: Reads::default(),
            tokens: None,
            intake: None,
            limits: Limits::default(),
            rates: Arc::new(Rates::new(Limits::default().posts_per_minute)),
            processors: Arc::new(Semaphore::new(processors())),
            room: Arc::new(Semaphore::new(ROOM)),
            map: Arc::default(),
            answers: Answers::default(),
            areas: Arc::default(),
            streams: Arc::new(Semaphore::new(STREAMS)),
            closing: Arc::default(),
            metrics: Arc::default(),
        }))
    }

    /// Says what answers are made from: which program, which store, which gazetteer. A client that comes back after a
    /// restart then keeps what has not changed. Without it a restart with another store may go unnoticed.
    #[must_use]
    pub fn with_origin(mut self, origin: &[u8]) -> Self {
        Arc::make_mut(&mut self.0).origin = origin.into();
        self
    }

    /// Lets clients and proxies keep answers for so many seconds without asking; 0, as without this, has them ask
    /// each time whether something changed.
    #[must_use]
    pub fn with_max_age(mut self, seconds: u32) -> Self {
        Arc::make_mut(&mut self.0).max_age = seconds;
        self
    }

    /// Knows the tokens of a source. Without it no token is good for anything.
    #[must_use]
    pub fn with_tokens(mut self, tokens: Arc<dyn TokenSource>) -> Self {
        Arc::make_mut(&mut self.0).tokens = Some(tokens);
        self
    }

    /// Takes in articles, from those who have a token that is good for it.
    #[must_use]
    pub fn with_intake(mut self, intake: Arc<dyn Intake>) -> Self {
        Arc::make_mut(&mut self.0).intake = Some(intake);
        self
    }

    /// Says who may read; everybody, if not said.
    #[must_use]
    pub fn with_reads(mut self, reads: Reads) -> Self {
        Arc::make_mut(&mut self.0).reads = reads;
        self
    }

    /// Keeps to other limits than the usual ones.
    #[must_use]
    pub fn with_limits(mut self, limits: Limits) -> Self {
        let shared = Arc::make_mut(&mut self.0);
        shared.rates = Arc::new(Rates::new(limits.posts_per_minute));
        shared.limits = limits;
        self
    }

    /// Serves the map as its operator wants it.
    #[must_use]
    pub fn with_map(mut self, settings: MapSettings) -> Self {
        Arc::make_mut(&mut self.0).map = Arc::new(settings);
        self
    }

    /// Makes links of this address instead of the one that the client used: for a service behind a proxy
    /// that strips a path or changes the host.
    ///
    /// # Errors
    /// When it does not begin with `http://` or `https://`, or has a query, a fragment or a space.
    pub fn with_base_url(mut self, url: &str) -> Result<Self, BaseUrlError> {
        let bad = || BaseUrlError(url.to_owned());
        let uri: axum::http::Uri = url.parse().map_err(|_| bad())?;
        let has_scheme = matches!(uri.scheme_str(), Some("http" | "https"));
        if !has_scheme || uri.query().is_some() || url.contains(['#', '"', '<', '>']) {
            return Err(bad());
        }
        Arc::make_mut(&mut self.0).base_url = Some(url.trim_end_matches('/').into());
        Ok(self)
    }

    pub(super) fn map(&self) -> &MapSettings {
        &self.0.map
    }

    pub(super) fn answers(&self) -> &Answers {
        &self.0.answers
    }

    /// One for each client that may follow the stream.
    pub(super) fn streams(&self) -> &Arc<Semaphore> {
        &self.0.streams
    }

    /// How many do so.
    pub(super) fn followers(&self) -> usize {
        STREAMS - self.0.streams.available_permits()
    }

    pub(super) fn metrics(&self) -> &Metrics {
        &self.0.metrics
    }

    /// Reads an article, and counts how long it took.
    pub(super) fn extract(&self, article: &Article) -> Extraction {
        let began = Instant::now();
        let extraction = self.0.extractor.extract(article);
        let took = began.elapsed().as_secs_f64();
        self.0.metrics.extraction.observe(took);
        extraction
    }

    /// Counts a time at which the store could not be used.
    pub fn note_store_failure(&self) {
        self.0.metrics.store_failures.inc();
    }

    pub(super) fn base_url(&self) -> Option<&str> {
        self.0.base_url.as_deref()
    }

    pub(super) fn snapshot(&self) -> Arc<Snapshot> {
        self.0.index.snapshot()
    }

    /// What answers are made from, beside the edition of the index.
    pub(super) fn origin(&self) -> &[u8] {
        &self.0.origin
    }

    pub(super) fn cache_control(&self) -> HeaderValue {
        let whose = match self.0.reads {
            Reads::Public => "public",
            Reads::Token => "private",
        };
        match self.0.max_age {
            0 => HeaderValue::from_static("no-cache"),
            seconds => HeaderValue::try_from(format!("{whose}, max-age={seconds}"))
                .unwrap_or(HeaderValue::from_static("no-cache")),
        }
    }

    pub(super) fn reads(&self) -> Reads {
        self.0.reads
    }

    pub(super) fn tokens(&self) -> Option<&Arc<dyn TokenSource>> {
        self.0.tokens.as_ref()
    }

    pub(super) fn intake(&self) -> Option<&Arc<dyn Intake>> {
        self.0.intake.as_ref()
    }

    pub(super) fn limits(&self) -> &Limits {
        &self.0.limits
    }

    pub(super) fn rates(&self) -> &Rates {
        &self.0.rates
    }

    /// Does on another thread what keeps a processor busy, as soon as one is free of such work.
    pub(super) async fn heavy<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Self) -> T + Send + 'static,
    ) -> JoinHandle<T> {
        // It is never closed, so that there is always one to be had.
        let permit = Arc::clone(&self.0.processors).acquire_owned().await;
        let app = self.clone();
        spawn_blocking(move || {
            let _permit = permit;
            work(&app)
        })
    }

    /// Room for so many bytes of articles, as long as it is held.
    pub(super) fn room(&self, bytes: usize) -> Result<OwnedSemaphorePermit, Problem> {
        let kib = bytes.div_ceil(1024).max(LEAST_ROOM);
        let kib = u32::try_from(kib).unwrap_or(u32::MAX);
        let taken = Arc::clone(&self.0.room).try_acquire_many_owned(kib);
        taken.map_err(|_| Problem::busy("Too much is being taken in already: try again later."))
    }

    /// Whether the service is about to end: what would go on for ever must end, too.
    pub(super) fn is_closing(&self) -> bool {
        self.0.closing.load(Ordering::Relaxed)
    }

    pub(super) fn close(&self) {
        self.0.closing.store(true, Ordering::Relaxed);
    }

    /// The areas of the gazetteer, laid out when they are first asked for.
    pub(super) fn areas(&self) -> &Layer {
        self.0.areas.get_or_init(|| areas::layer(self.gazetteer()))
    }

    pub(super) fn gazetteer(&self) -> &Gazetteer {
        &self.0.extractor.gazetteer
    }

    pub(super) fn extractor(&self) -> &Extractor {
        &self.0.extractor
    }

    pub(super) fn article(&self, id: &str) -> Result<Option<Article>, Problem> {
        Ok(self.0.articles.article(id)?)
    }

    pub(super) fn article_text(&self, id: &str) -> Result<Option<String>, Problem> {
        Ok(self.article(id)?.map(|article| article.text))
    }
}

fn processors() -> usize {
    std::thread::available_parallelism().map_or(1, NonZero::get)
}
