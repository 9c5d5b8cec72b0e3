use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::mpsc;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context;
use clap::Args;
use sitmap::api::{self, App, ArticleSource, Limits, Reads, SourceError};
use sitmap::domain::Article;
use sitmap::language::Languages;
use sitmap::pipeline::Extractor;
use sitmap::store::{self, EventStore, Location, StoreError};
use tokio::net::TcpListener;
use tokio::runtime::{self, Runtime};

use super::config::Config;
use super::follow::Follower;
use super::index::{self, Image};
use super::intake::{Intake, Tokens};
use super::logs::Format;

/// What a main thread has; parsers recurse into what they are given.
const STACK_BYTES: usize = 8 << 20;

#[derive(Debug, Args)]
pub(super) struct Options {
    /// The store to serve, a file or `postgres://USER@HOST/DATABASE`, which several services may share; one that was never
    /// written to begins with the example articles
    #[arg(
        long,
        value_name = "STORE",
        default_value = super::STORE,
        env = "SITMAP_STORE",
        hide_env_values = true,
        value_parser = super::location()
    )]
    store: Location,
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
    /// A configuration file: any of these options, and the map's title, languages, first view and base maps (see
    /// docs/configuration.md)
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
    #[arg(
        long,
        value_name = "true|false",
        default_value = "false",
        default_missing_value = "true",
        num_args = 0..=1,
        require_equals = true,
        action = clap::ArgAction::Set,
        env = "SITMAP_NO_EXAMPLES",
        hide_possible_values = true
    )]
    no_examples: bool,
    #[command(flatten)]
    places: super::Places,
}

impl Options {
    pub(super) fn read_config(&self) -> anyhow::Result<Config> {
        Config::read(self.config.as_deref())
    }
}

/// Serves. `config` is the file that the options that are said nowhere else are from.
pub(super) fn run(options: &Options, config: &Config) -> anyhow::Result<ExitCode> {
    super::logs::begin(options.log_format);
    // The port first: who finds it taken need not wait for anything else.
    let runtime = runtime::Builder::new_multi_thread()
        .enable_all()
        .thread_stack_size(STACK_BYTES)
        .build()?;
    let listen = |name: &str, address: SocketAddr| {
        let bound = runtime.block_on(TcpListener::bind(address));
        bound.with_context(|| {
            format!("{name} {address}: choose another address or port (port 0 takes a free one)")
        })
    };
    let listener = listen(&config.name("listen"), options.listen)?;
    let address = listener.local_addr()?;
    let limits = Limits {
        connections: options.connections as usize,
        posts_per_minute: options.posts_per_minute,
        ..Limits::default()
    };
    let (listener, meanwhile) = twice(listener, &runtime)?;
    let loading = runtime.spawn(api::serve_loading(meanwhile, limits.clone()));
    let operator = options
        .metrics
        .map(|address| listen(&config.name("metrics"), address))
        .transpose()?;
    let extractor = Extractor::new(
        Languages::bundled()?,
        options.places.open_as(&config.name("gazetteer"))?,
    )?;
    let mut store = store::open(&options.store)?;
    // Not whether the file was there: a first start may have been broken off before the examples were in it.
    let never_written = store.edition()?.version == 0;
    if never_written && !options.no_examples {
        let events = super::ingestion::examples(&extractor, &mut *store)?;
        eprintln!(
            "{} begins with {events} events of the example articles",
            options.store
        );
    }
    let identity = store.identity()?;
    let mut image = Image::of(&options.store, identity);
    let index = Arc::new(index::of(&mut *store, image.as_mut())?);
    if index.snapshot().events.is_empty() {
        eprintln!(
            "{} holds no events yet: sitmap ingest FILE… reads articles into it",
            options.store
        );
    }
    let articles = Arc::new(Texts(Mutex::new(store)));
    let origin = origin(identity, &extractor, options.reads);
    // One that waits is enough: it tells of all that was written until it is taken.
    let (wake, woken) = mpsc::sync_channel(1);
    let intake = Intake::open(&options.store, wake.clone())?;
    let tokens = Tokens::open(&options.store)?;
    let mut app = App::new(Arc::clone(&index), articles, Arc::new(extractor))
        .with_origin(&origin)
        .with_max_age(options.max_age)
        .with_tokens(Arc::new(tokens))
        .with_intake(Arc::new(intake))
        .with_reads(options.reads)
        .with_limits(limits)
        .with_map(config.map.clone());
    if let Some(url) = &options.base_url {
        let name = || config.name("base_url");
        app = app.with_base_url(url).with_context(name)?;
    }
    // Stores are closed here and not within the runtime, which suffers nobody who blocks.
    let _ends_last = app.clone();
    let follower = Follower::start(&options.store, index, image, app.clone(), (wake, woken))?;
    if let Some(operator) = operator {
        eprintln!("metrics are at http://{}/metrics", operator.local_addr()?);
        runtime.spawn(api::serve_operator(operator, app.clone()));
    }
    loading.abort();
    println!("sitmap serves {} at http://{address}/", options.store);
    runtime.block_on(api::serve(listener, app, stopped()))?;
    // Who closes a GeoPackage last puts all that was written into the file itself: the file may be copied then.
    follower.end();
    drop(runtime);
    Ok(ExitCode::SUCCESS)
}

/// A port that two can listen at, one after the other.
fn twice(listener: TcpListener, runtime: &Runtime) -> std::io::Result<(TcpListener, TcpListener)> {
    let _inside = runtime.enter();
    let listener = listener.into_std()?;
    let other = TcpListener::from_std(listener.try_clone()?)?;
    Ok((TcpListener::from_std(listener)?, other))
}

/// What answers are made from, beside the edition of the store: this program, this store, these places, and who may
/// read, which the API's definition says.
fn origin(store: i64, extractor: &Extractor, reads: Reads) -> Vec<u8> {
    let places = extractor.gazetteer.fingerprint();
    format!("{} {store} {places} {reads:?}", index::program()).into_bytes()
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

/// Ctrl-C, or a service manager's request to end.
pub(super) async fn stopped() {
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
struct Texts(Mutex<Box<dyn EventStore>>);

impl ArticleSource for Texts {
    fn article(&self, id: &str) -> Result<Option<Article>, SourceError> {
        let store = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        store.article(id).map_err(|error| match error {
            StoreError::Away { .. } => SourceError::Away(error.into()),
            _ => SourceError::Failed(error.into()),
        })
    }
}
