use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, anyhow};
use clap::Args;
use indicatif::ProgressBar;
use jiff::Timestamp;
use sitmap::article::{FeedItem, Raw, ReadOptions};
use sitmap::feed::{Asked, FetchError, Fetcher, HostPort, Pace, Policy, Watcher};
use sitmap::store::Location;
use url::Url;

use super::With;
use super::ingestion::{self, Ingestion, Manner, Tally};
use super::parallel::Threads;
use super::stop::Stop;

#[derive(Debug, Args)]
pub(super) struct Options {
    /// Addresses of RSS or Atom feeds
    #[arg(required = true, value_name = "FEED")]
    feeds: Vec<String>,
    /// The store to write, a file or `postgres://USER@HOST/DATABASE`; it is made if it is not there
    #[arg(
        long,
        value_name = "STORE",
        default_value = super::STORE,
        env = "SITMAP_STORE",
        hide_env_values = true,
        value_parser = super::location()
    )]
    store: Location,
    /// Where to keep what is known of the feeds, such as when each may be asked again; beside a store that is a file, in
    /// FILE-feeds.json, if nothing else is said
    #[arg(long, value_name = "FILE")]
    memory: Option<PathBuf>,
    /// The least time between two polls of a feed; it is longer where the server or the feed asks for that
    #[arg(long, value_name = "MINUTES", default_value_t = 15, value_parser = clap::value_parser!(u16).range(1..=10080))]
    interval: u16,
    /// Poll each feed once and end, for cron; one that asked to be left alone is left alone
    #[arg(long)]
    once: bool,
    /// Read the pages that the feeds link to, rather than what the feeds hold
    #[arg(long)]
    full: bool,
    /// Whom to ask about these requests: an address of the web or a mail address, sent with each of them
    #[arg(long, value_name = "URL|MAIL", env = "SITMAP_CONTACT")]
    contact: Option<String>,
    /// How long a request may take in all
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u16).range(1..=600))]
    timeout: u16,
    /// A port that may be asked, beside 80 and 443; may be given several times
    #[arg(long, value_name = "PORT")]
    allow_port: Vec<u16>,
    /// A host that may be in a private network, with its port; may be given several times
    #[arg(long, value_name = "HOST:PORT")]
    allow_private: Vec<HostPort>,
    #[command(flatten)]
    with: With,
    #[command(flatten)]
    threads: Threads,
}

pub(super) fn run(options: &Options) -> anyhow::Result<ExitCode> {
    let (fetcher, feeds) = network(options)?;
    let extractor = options.with.extractor()?;
    let watcher = Watcher::open(fetcher, memory(options)?)?;
    let manner = Manner {
        threads: options.threads.number(),
        batch: ingestion::BATCH,
        acknowledge: false,
        bar: ProgressBar::hidden(),
    };
    let reading = ReadOptions::default();
    let mut watch = Watch {
        watcher,
        ingestion: Ingestion::open(&extractor, reading, &options.store, manner)?,
        stop: Stop::listen()?,
        pace: Pace {
            interval: Duration::from_secs(60 * u64::from(options.interval)),
        },
        full: options.full,
        failed: false,
    };
    if options.once {
        watch.once(&feeds)?;
    } else {
        watch.forever(&feeds)?;
    }
    Ok(if options.once && watch.failed {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

/// The client, and the feeds' addresses.
fn network(options: &Options) -> anyhow::Result<(Fetcher, Vec<Url>)> {
    let policy = Policy {
        ports: options.allow_port.iter().copied().collect(),
        private: options.allow_private.iter().cloned().collect(),
    };
    let timeout = Duration::from_secs(options.timeout.into());
    let fetcher = Fetcher::new(policy, options.contact.as_deref(), timeout)
        .map_err(|problem| anyhow!("--contact: {problem}"))?;
    let mut feeds = Vec::new();
    for feed in &options.feeds {
        let url = fetcher.url(feed).with_context(|| feed.clone())?;
        if !feeds.contains(&url) {
            feeds.push(url);
        }
    }
    Ok((fetcher, feeds))
}

/// Where the state is kept of the feeds of a store.
fn memory(options: &Options) -> anyhow::Result<PathBuf> {
    match (&options.memory, &options.store) {
        (Some(path), _) => Ok(path.clone()),
        (None, Location::File(store)) => {
            let mut path = store.as_os_str().to_owned();
            path.push("-feeds.json");
            Ok(path.into())
        }
        (None, Location::Database(_)) => Err(anyhow!(
            "--memory FILE is needed with a database: a file for what is known of the feeds"
        )),
    }
}

struct Watch<'a> {
    watcher: Watcher,
    ingestion: Ingestion<'a>,
    stop: Stop,
    pace: Pace,
    full: bool,
    /// Whether a feed or an article failed.
    failed: bool,
}

impl Watch<'_> {
    fn once(&mut self, feeds: &[Url]) -> anyhow::Result<()> {
        for feed in feeds {
            if self.stop.is_set() {
                break;
            }
            match self.watcher.known(feed).not_before {
                Some(time) if time > Timestamp::now() => {
                    log(feed, &format!("left alone until {time:.0}"));
                }
                _ => self.poll(feed)?,
            }
        }
        Ok(())
    }

    fn forever(&mut self, feeds: &[Url]) -> anyhow::Result<()> {
        let due = |watcher: &Watcher, feed: &Url| watcher.known(feed).due.unwrap_or(Timestamp::MIN);
        while !self.stop.is_set() {
            let next = feeds.iter().min_by_key(|feed| due(&self.watcher, feed));
            let Some(feed) = next else {
                break;
            };
            let now = Timestamp::now();
            match Duration::try_from(due(&self.watcher, feed).duration_since(now)) {
                Ok(early) if !early.is_zero() => self.stop.wait(early),
                _ => self.poll(feed)?,
            }
        }
        Ok(())
    }

    /// Asks a feed, and stores what is new. Only what the store or the state's file says ends the watch.
    fn poll(&mut self, feed: &Url) -> anyhow::Result<()> {
        let asked = match self.watcher.ask(feed) {
            Ok(asked) => asked,
            Err(error) => {
                self.failed = true;
                let next = self.watcher.failed(feed, &error, self.pace)?;
                log(feed, &format!("failed: {error}; next in {}", minutes(next)));
                return Ok(());
            }
        };
        let Asked {
            items,
            left,
            mut news,
        } = asked;
        let Some(items) = items else {
            let next = self.watcher.succeeded(feed, news, self.pace)?;
            log(feed, &format!("not modified; next in {}", minutes(next)));
            return Ok(());
        };
        let (tally, is_whole) = self.take_in(feed, items)?;
        if !is_whole {
            news.want_again();
        }
        if self.stop.is_set() {
            // What was stored is stored; the feed is asked again for the rest.
            log(feed, &format!("stopped: {tally}"));
            return Ok(());
        }
        self.failed |= tally.failed > 0;
        let next = self.watcher.succeeded(feed, news, self.pace)?;
        let left = match left {
            0 => String::new(),
            left => format!("; {left} more were left"),
        };
        log(
            feed,
            &format!(
                "{} items: {tally}{left}; next in {}",
                tally.articles(),
                minutes(next)
            ),
        );
        Ok(())
    }

    /// Stores a feed's entries, or the pages that they lead to; says whether all of them could be had.
    fn take_in(&mut self, feed: &Url, items: Vec<FeedItem>) -> anyhow::Result<(Tally, bool)> {
        let name = feed.as_str();
        let stop = self.stop.clone();
        let running = move |_: &FeedItem| !stop.is_set();
        if !self.full {
            let raw = items
                .into_iter()
                .take_while(running)
                .map(|item| item.raw(name));
            return Ok((self.ingestion.take_in(raw)?, true));
        }
        let mut wanted = Vec::new();
        let mut known = 0;
        for item in items {
            // A page is asked for once.
            let is_known = item.id().map(|id| self.ingestion.has(&id)).transpose()?;
            if is_known == Some(true) {
                known += 1;
            } else {
                wanted.push(item);
            }
        }
        let mut missing = 0;
        let watcher = &mut self.watcher;
        let raw = wanted.into_iter().take_while(running).filter_map(|item| {
            page(watcher, item, name)
                .inspect_err(|()| missing += 1)
                .ok()
        });
        let mut tally = self.ingestion.take_in(raw)?;
        tally.unchanged += known;
        tally.failed += missing;
        Ok((tally, missing == 0))
    }
}

/// The page of an entry, or what the entry itself holds if the page is not to be had at all. One that may be had later
/// is left for then.
fn page(watcher: &mut Watcher, item: FeedItem, feed: &str) -> Result<Raw, ()> {
    let Some(link) = item.link().map(str::to_owned) else {
        return Ok(item.raw(feed));
    };
    match watcher.page(&link) {
        Ok(page) => Ok(item.on_page(feed, page)),
        Err(error) => {
            let is_lasting = error.is_lasting();
            complain(&link, &error);
            if is_lasting {
                Ok(item.raw(feed))
            } else {
                Err(())
            }
        }
    }
}

fn complain(link: &str, error: &FetchError) {
    // Whatever a feed may have written there, a terminal gets it as letters.
    eprintln!("error: {}: {error}", link.escape_debug());
}

/// One line for each poll.
fn log(feed: &Url, what: &str) {
    println!("{:.0} {feed} {what}", Timestamp::now());
}

fn minutes(time: Duration) -> String {
    format!("{} min", time.as_secs().div_ceil(60))
}
