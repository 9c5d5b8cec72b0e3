use std::error::Error;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::Context;
use clap::Args;
use sitmap::ahead::ahead;
use sitmap::api::{self, App, ArticleSource, Limits, Reads};
use sitmap::domain::{Article, Edition, EventRecord};
use sitmap::event::Registry;
use sitmap::incident::Kinship;
use sitmap::index::{ArticleRecord, Index};
use sitmap::language::Languages;
use sitmap::pipeline::Extractor;
use sitmap::store::{EventStore, GeoPackage, StoreError};

use super::intake::{Intake, Tokens};
use super::logs::Format;

/// How often the store is asked whether another process has written to it.
const WATCH: Duration = Duration::from_secs(1);
/// What a main thread has; parsers recurse into what they are given.
const STACK_BYTES: usize = 8 << 20;

#[derive(Debug, Args)]
pub(super) struct Options {
    /// The store to serve; one that was never written to begins with the example articles
    #[arg(long, value_name = "FILE", default_value = super::STORE, env = "SITMAP_STORE")]
    store: PathBuf,
    /// The address to listen on; port 0 takes a free one
    #[arg(
        long,
        value_name = "ADDRESS",
        default_value = "127.0.0.1:8080",
        env = "SITMAP_LISTEN",
        value_parser = address
    )]
    listen: SocketAddr,
    /// The address that clients use, where a proxy stands before the service
    #[arg(long, value_name = "URL", env = "SITMAP_BASE_URL")]
    base_url: Option<String>,
    /// Let clients and proxies keep answers so long without asking; 0 has them ask each time
    #[arg(
        long,
        value_name = "SECONDS",
        default_value_t = 0,
        env = "SITMAP_MAX_AGE"
    )]
    max_age: u32,
    /// A configuration file: the map's title, languages, first view and base maps (see docs/configuration.md)
    #[arg(long, value_name = "FILE", env = "SITMAP_CONFIG")]
    config: Option<PathBuf>,
    /// An address to answer the operator at, with /metrics for Prometheus; without it nobody is told
    #[arg(long, value_name = "ADDRESS", env = "SITMAP_METRICS", value_parser = address)]
    metrics: Option<SocketAddr>,
    /// How the log on standard error is written (see docs/operation.md for what stands in it)
    #[arg(
        long,
        value_enum,
        value_name = "FORMAT",
        default_value = "text",
        env = "SITMAP_LOG_FORMAT"
    )]
    log_format: Format,
    /// Who may read: everybody (public), or who has a token of `sitmap token create` (token); sending articles always
    /// wants a token of scope write
    #[arg(
        long,
        value_name = "public|token",
        default_value = "public",
        env = "SITMAP_READS",
        value_parser = reads
    )]
    reads: Reads,
    /// Requests with POST a minute, of each token or address; 0 for as many as one likes
    #[arg(
        long,
        value_name = "N",
        default_value_t = Limits::default().posts_per_minute,
        env = "SITMAP_POSTS_PER_MINUTE"
    )]
    posts_per_minute: u32,
    /// Connections at a time; more wait until one ends
    #[arg(
        long,
        value_name = "N",
        default_value_t = 1_024,
        env = "SITMAP_CONNECTIONS",
        value_parser = clap::value_parser!(u32).range(1..)
    )]
    connections: u32,
    /// Serve a new store as it is, empty, without the example articles
    #[arg(long)]
    no_examples: bool,
    #[command(flatten)]
    places: super::Places,
}

pub(super) fn run(options: &Options) -> anyhow::Result<ExitCode> {
    super::logs::begin(options.log_format);
    let config = super::config::Config::read(options.config.as_deref())?;
    // The port first: who finds it taken need not wait for anything else.
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .thread_stack_size(STACK_BYTES)
        .build()?;
    let listen = |name: &str, address: SocketAddr| {
        let bound = runtime.block_on(tokio::net::TcpListener::bind(address));
        bound.with_context(|| {
            format!("{name} {address}: choose another address or port (port 0 takes a free one)")
        })
    };
    let listener = listen("--listen", options.listen)?;
    let operator = options
        .metrics
        .map(|address| listen("--metrics", address))
        .transpose()?;
    let extractor = Extractor::new(Languages::bundled()?, options.places.open()?)?;
    let mut store = GeoPackage::open(&options.store)?;
    // Not whether the file was there: a first start may have been broken off before the examples were in it.
    let never_written = store.edition()?.version == 0;
    if never_written && !options.no_examples {
        let events = super::ingest::examples(&extractor, &mut store)?;
        eprintln!(
            "{} begins with {events} events of the example articles",
            options.store.display()
        );
    }
    let identity = store.identity()?;
    let mut image = Image::of(&options.store, identity);
    let index = Arc::new(index(&mut store, &mut image)?);
    if index.snapshot().events.is_empty() {
        eprintln!(
            "{} holds no events yet: sitmap ingest FILE… reads articles into it",
            options.store.display()
        );
    }
    let articles = Arc::new(Texts(Mutex::new(store)));
    let origin = origin(identity, &extractor, options.reads);
    let limits = Limits {
        connections: options.connections as usize,
        posts_per_minute: options.posts_per_minute,
        ..Limits::default()
    };
    // One that waits is enough: it tells of all that was written until it is taken.
    let (wake, woken) = mpsc::sync_channel(1);
    let intake = Intake::open(&options.store, wake)?;
    let tokens = Tokens::open(&options.store)?;
    let mut app = App::new(Arc::clone(&index), articles, Arc::new(extractor))
        .with_origin(&origin)
        .with_max_age(options.max_age)
        .with_tokens(Arc::new(tokens))
        .with_intake(Arc::new(intake))
        .with_reads(options.reads)
        .with_limits(limits)
        .with_map(config.map);
    if let Some(url) = &options.base_url {
        app = app.with_base_url(url).context("--base-url")?;
    }
    let address = listener.local_addr()?;
    watch(&options.store, index, image, app.clone(), woken)?;
    if let Some(operator) = operator {
        eprintln!("metrics are at http://{}/metrics", operator.local_addr()?);
        runtime.spawn(api::serve_operator(operator, app.clone()));
    }
    println!(
        "sitmap serves {} at http://{address}/",
        options.store.display()
    );
    runtime.block_on(api::serve(listener, app, stopped()))?;
    Ok(ExitCode::SUCCESS)
}

/// What answers are made from, beside the edition of the store: this program, this store, these places, and who may
/// read, which the API's definition says.
fn origin(store: i64, extractor: &Extractor, reads: Reads) -> Vec<u8> {
    let places = extractor.gazetteer.fingerprint();
    format!("{} {store} {places} {reads:?}", program()).into_bytes()
}

/// This program. Another one is told by its file, so that a new one is not taken for the old.
fn program() -> String {
    let program = std::env::current_exe().and_then(|path| path.metadata());
    let built = program.and_then(|file| Ok((file.len(), file.modified()?)));
    format!("{} {built:?}", env!("CARGO_PKG_VERSION"))
}

/// Which actors of the registry are parts of others.
pub(super) fn kinship() -> anyhow::Result<Kinship> {
    let actors = Registry::bundled()?.iter();
    let pairs = actors.filter_map(|actor| Some((actor.id.clone(), actor.parent.clone()?)));
    Ok(Kinship::new(pairs))
}

/// Reads `--listen`.
fn address(text: &str) -> Result<SocketAddr, String> {
    let expected =
        "write an IP address and a port, such as 127.0.0.1:8080, [::1]:8080 or 0.0.0.0:80";
    text.parse().map_err(|_| expected.to_owned())
}

/// Reads `--reads`.
fn reads(text: &str) -> Result<Reads, String> {
    match text {
        "public" => Ok(Reads::Public),
        "token" => Ok(Reads::Token),
        _ => Err("write public or token".to_owned()),
    }
}

/// The index of a store: from its image where there is one, which may lag behind the store.
fn index(store: &mut GeoPackage, image: &mut Image) -> anyhow::Result<Index> {
    let kinship = kinship()?;
    let edition = store.edition()?;
    if let Some(index) = image.open(edition, kinship.clone()) {
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
            if articles.len() < Image::LEAST {
                let index = Index::load(kinship, edition, &articles, events)?;
                return Ok((index, None));
            }
            let to = (&*image.path, &*image.origin);
            let (index, saved) = Index::load_and_save(kinship, edition, &articles, events, to)?;
            Ok::<_, StoreError>((index, Some(saved)))
        },
    )?;
    if let Some(saved) = saved {
        image.saved(saved);
    }
    Ok(index)
}

/// The file beside a store that saves the next start the making of the index.
pub(super) struct Image {
    pub(super) path: PathBuf,
    origin: String,
    is_there: bool,
    /// How many events came or came again since it was saved.
    changed: usize,
}

impl Image {
    /// An index of fewer articles or events is made in less than a second.
    const LEAST: usize = 50_000;

    pub(super) fn of(store: &Path, identity: i64) -> Self {
        let mut path = store.as_os_str().to_owned();
        path.push("-index");
        Self {
            path: path.into(),
            origin: format!("{} {identity}", program()),
            is_there: false,
            changed: 0,
        }
    }

    /// The index, as it was saved; `None` where this program makes it anew.
    pub(super) fn open(&self, edition: Edition, kinship: Kinship) -> Option<Index> {
        let index = Index::open(&self.path, &self.origin, kinship)?;
        let saved = index.snapshot().edition;
        (saved == edition || saved.version < edition.version).then_some(index)
    }

    /// Saves an index that is another than its image by a quarter.
    fn keep(&mut self, index: &Index) {
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

/// Follows what is written to the store: by this service, which wakes it, and by other processes, such as
/// `sitmap ingest` beside it.
fn watch(
    path: &Path,
    index: Arc<Index>,
    mut image: Image,
    app: App,
    woken: Receiver<()>,
) -> anyhow::Result<()> {
    let store = GeoPackage::open_to_read(path)?;
    let mut version = index.snapshot().edition.version;
    std::thread::Builder::new()
        .name("watch".into())
        .spawn(move || {
            loop {
                image.keep(&index);
                if woken.recv_timeout(WATCH) == Err(RecvTimeoutError::Disconnected) {
                    std::thread::sleep(WATCH);
                }
                let changed = store.edition().and_then(|now| {
                    if now.version == version {
                        Ok(None)
                    } else {
                        load_after(&store, version).map(|changed| Some((now, changed)))
                    }
                });
                match changed {
                    Ok(None) => {}
                    Ok(Some((now, (articles, events)))) => {
                        version = now.version;
                        image.changed += events.len();
                        index.put_as(now, articles, events);
                    }
                    // Locked for a moment, or gone: what is served stays, and the next look may succeed.
                    Err(error) => {
                        tracing::warn!("{error}");
                        app.note_store_failure();
                    }
                }
            }
        })?;
    Ok(())
}

/// Ctrl-C, or a service manager's request to end.
async fn stopped() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut end) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupt => {}
                _ = end.recv() => {}
            }
            return;
        }
    }
    let _ = interrupt.await;
}

/// The texts of articles, from the store.
struct Texts(Mutex<GeoPackage>);

impl ArticleSource for Texts {
    fn article(&self, id: &str) -> Result<Option<Article>, Box<dyn Error + Send + Sync>> {
        let store = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(store.article(id)?)
    }
}
