use std::collections::BTreeMap;
use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use url::Url;

use super::error::FetchError;
use super::fetch::{Answer, Fetcher, Wanted};
use super::robots::Robots;
use super::schedule::Pace;
use super::state::{FeedState, KnownRobots, NoRules, State, StateError, Validators};
use crate::article::{self, FeedItem};

/// The largest feed or page, unpacked.
const MAX_BYTES: u64 = 10_000_000;

/// How much of `robots.txt` is read; the rest is left, as the standard allows.
const MAX_ROBOTS_BYTES: u64 = 500 * 1024;

/// The most entries that are taken from a feed at a time.
const MAX_ITEMS: usize = 1_000;

/// Between two pages of a host.
const PAUSE: Duration = Duration::from_secs(1);

/// How long the rules of a host hold.
const ROBOTS_HOLD: Duration = Duration::from_secs(24 * 60 * 60);

/// How soon a host is asked for its rules again that could not give them.
const ROBOTS_RETRY: Duration = Duration::from_secs(15 * 60);

const FEED_TYPES: &str = "application/atom+xml, application/rss+xml, application/rdf+xml, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.1";
const PAGE_TYPES: &str = "text/html, application/xhtml+xml, */*;q=0.1";

/// Asks feeds and the pages that they lead to, and remembers what is to be remembered.
#[derive(Debug)]
pub struct Watcher {
    fetcher: Fetcher,
    state: State,
    path: PathBuf,
    /// When a host was last asked for a page.
    asked: BTreeMap<String, Instant>,
}

/// What asking a feed gave.
#[derive(Debug)]
pub struct Asked {
    /// Its entries; `None` when nothing has changed.
    pub items: Option<Vec<FeedItem>>,
    /// How many entries were left, as they are too many.
    pub left: usize,
    /// What is to be remembered when the entries are stored.
    pub news: News,
}

/// What is to be remembered of an answer.
#[derive(Debug)]
pub struct News {
    moved: Option<Url>,
    validators: Option<Validators>,
    wait: Option<Duration>,
}

impl News {
    /// Has the feed answer in full the next time, since some of it could not be taken in.
    pub fn want_again(&mut self) {
        self.validators = None;
    }
}

impl Watcher {
    /// Begins where the file of the state ends.
    ///
    /// # Errors
    /// When that cannot be read.
    pub fn open(fetcher: Fetcher, path: PathBuf) -> Result<Self, StateError> {
        Ok(Self {
            fetcher,
            state: State::open(&path)?,
            path,
            asked: BTreeMap::new(),
        })
    }

    /// What is known of a feed.
    pub fn known(&self, feed: &Url) -> FeedState {
        self.state
            .feeds
            .get(feed.as_str())
            .cloned()
            .unwrap_or_default()
    }

    /// Asks a feed for what is new.
    ///
    /// # Errors
    /// When it cannot be had or read, or may not be asked.
    pub fn ask(&mut self, feed: &Url) -> Result<Asked, FetchError> {
        let known = self.known(feed);
        let moved = known.moved.and_then(|moved| self.fetcher.url(&moved).ok());
        let url = moved.as_ref().unwrap_or(feed);
        let wanted = Wanted {
            accept: FEED_TYPES,
            limit: MAX_BYTES,
            cut: false,
            known: known.validators.as_ref(),
        };
        let answer = self.get(url, wanted)?;
        let Answer { body, url, .. } = answer;
        let mut news = News {
            moved: answer.moved.or(moved),
            validators: Some(answer.validators),
            wait: answer.max_age,
        };
        let Some(body) = body else {
            // What is not sent again with "nothing new" still holds.
            news.validators = known.validators;
            return Ok(Asked {
                items: None,
                left: 0,
                news,
            });
        };
        let mut read = article::feed(body, url.as_str(), whose(feed))?;
        let ttl = read
            .ttl
            .map(|minutes| Duration::from_secs(60 * u64::from(minutes)));
        news.wait = news.wait.max(ttl);
        let left = read.items.len().saturating_sub(MAX_ITEMS);
        read.items.truncate(MAX_ITEMS);
        Ok(Asked {
            items: Some(read.items),
            left,
            news,
        })
    }

    /// Fetches the page that an entry leads to, after a pause where its host was just asked for another.
    ///
    /// # Errors
    /// When it cannot be had, or may not be asked for.
    pub fn page(&mut self, link: &str) -> Result<Vec<u8>, FetchError> {
        let url = self.fetcher.url(link)?;
        let host = url.host_str().unwrap_or_default().to_owned();
        let passed = self.asked.get(&host).map(Instant::elapsed);
        thread::sleep(passed.map_or(Duration::ZERO, |passed| PAUSE.saturating_sub(passed)));
        let wanted = Wanted {
            accept: PAGE_TYPES,
            limit: MAX_BYTES,
            cut: false,
            known: None,
        };
        let answer = self.get(&url, wanted);
        self.asked.retain(|_, asked| asked.elapsed() < PAUSE);
        self.asked.insert(host, Instant::now());
        Ok(answer?.body.unwrap_or_default())
    }

    /// Remembers an answer whose entries are stored; says how long until the next poll.
    ///
    /// # Errors
    /// When it cannot be written down.
    pub fn succeeded(
        &mut self,
        feed: &Url,
        news: News,
        pace: Pace,
    ) -> Result<Duration, StateError> {
        let moved = news.moved.filter(|moved| moved != feed);
        let state = FeedState {
            moved: moved.map(String::from),
            validators: news.validators,
            failures: 0,
            ..FeedState::default()
        };
        self.remember(feed, state, pace.after_success(news.wait), pace)
    }

    /// Remembers a failure; says how long until the next poll.
    ///
    /// # Errors
    /// When it cannot be written down.
    pub fn failed(
        &mut self,
        feed: &Url,
        error: &FetchError,
        pace: Pace,
    ) -> Result<Duration, StateError> {
        let mut state = self.known(feed);
        state.failures = state.failures.saturating_add(1);
        if error.is_lasting() {
            // Not where it is said to have moved to: the next time it is looked for where it was.
            state.moved = None;
        }
        let retry_after = match error {
            FetchError::Status { retry_after, .. } => *retry_after,
            _ => None,
        };
        let wait = pace.after_failure(state.failures, retry_after);
        self.remember(feed, state, wait, pace)
    }

    fn remember(
        &mut self,
        feed: &Url,
        mut state: FeedState,
        wait: Duration,
        pace: Pace,
    ) -> Result<Duration, StateError> {
        let now = Timestamp::now();
        let next = pace.next(wait);
        state.not_before = (!wait.is_zero()).then(|| now + wait);
        state.due = Some(now + next);
        self.state.feeds.insert(feed.to_string(), state);
        self.state.save(&self.path)?;
        Ok(next)
    }

    /// Asks for something that `robots.txt` allows, on each host that redirects lead to.
    fn get(&mut self, url: &Url, wanted: Wanted<'_>) -> Result<Answer, FetchError> {
        let Self { fetcher, state, .. } = self;
        fetcher.get(url, wanted, |url| may_ask(fetcher, state, url))
    }
}

/// The host of a feed, as it was asked for: wherever that leads, ids of entries stay the same.
fn whose(feed: &Url) -> &str {
    &feed[url::Position::BeforeHost..url::Position::AfterPort]
}

/// Whether a host's `robots.txt` allows an address. It is asked for once a day.
fn may_ask(fetcher: &Fetcher, state: &mut State, url: &Url) -> Result<(), FetchError> {
    let host = url.origin().ascii_serialization();
    let is_old = |known: &KnownRobots| known.until <= Timestamp::now();
    if state.robots.get(&host).is_none_or(is_old) {
        let rules = rules(fetcher, url);
        let holds = if rules.is_ok() {
            ROBOTS_HOLD
        } else {
            ROBOTS_RETRY
        };
        let until = Timestamp::now() + holds;
        state.keep_robots(&host, KnownRobots { until, rules });
    }
    let path = &url[url::Position::BeforePath..url::Position::AfterQuery];
    match state.robots.get(&host).map(|known| &known.rules) {
        Some(Ok(robots)) if robots.allows(path) => Ok(()),
        Some(Ok(_)) | None => Err(FetchError::Robots(host)),
        Some(Err(missing)) => Err(FetchError::NoRobots {
            problem: missing.problem.clone(),
            is_lasting: missing.is_lasting,
            host,
        }),
    }
}

/// The rules of a host. Where there is no such file all is allowed; where it cannot be had, nothing.
fn rules(fetcher: &Fetcher, url: &Url) -> Result<Robots, NoRules> {
    let Ok(file) = url.join("/robots.txt") else {
        return Ok(Robots::default());
    };
    let wanted = Wanted {
        accept: "text/plain, */*;q=0.1",
        limit: MAX_ROBOTS_BYTES,
        cut: true,
        known: None,
    };
    match fetcher.get(&file, wanted, |_| Ok(())) {
        Ok(answer) => {
            let bytes = answer.body.unwrap_or_default();
            Ok(Robots::parse(&String::from_utf8_lossy(&bytes)))
        }
        // "Too many requests" is no word on what is allowed.
        Err(FetchError::Status { status, .. }) if (400..500).contains(&status) && status != 429 => {
            Ok(Robots::default())
        }
        Err(FetchError::Redirects(_)) => Ok(Robots::default()),
        Err(error) => Err(NoRules {
            problem: error.to_string(),
            is_lasting: error.is_lasting(),
        }),
    }
}
