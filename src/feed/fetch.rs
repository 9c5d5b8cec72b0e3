use std::io::Read;
use std::sync::Arc;
use std::time::{Duration, Instant};

use ureq::http::header::{
    ACCEPT, CACHE_CONTROL, ETAG, HeaderName, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED,
    LOCATION, RETRY_AFTER,
};
use ureq::http::{HeaderMap, Response};
use ureq::unversioned::transport::DefaultConnector;
use ureq::{Agent, Body};
use url::Url;

use super::error::FetchError;
use super::lookup::{Lookup, Policy};
use super::schedule::{max_age, retry_after};
use super::state::Validators;

/// How often an answer may send on to another address.
const MAX_REDIRECTS: usize = 5;

/// How long to wait for a connection, and for the host's address before.
const CONNECT: Duration = Duration::from_secs(10);

/// A client that asks only what it may.
#[derive(Debug)]
pub struct Fetcher {
    agent: Agent,
    policy: Arc<Policy>,
    timeout: Duration,
}

/// What is wanted of an address.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// Media types, as in `Accept`.
    pub accept: &'a str,
    /// The most bytes that are taken, unpacked.
    pub limit: u64,
    /// Whether what is beyond them is left, rather than an error.
    pub cut: bool,
    /// What was there the last time; sent to the address that gave it, to no other.
    pub known: Option<&'a Validators>,
}

/// An answer: a success, or that nothing has changed.
#[derive(Debug)]
pub struct Answer {
    /// What came; `None` when nothing has changed.
    pub body: Option<Vec<u8>>,
    /// The address that answered.
    pub url: Url,
    /// The address to ask from now on, where redirects said so.
    pub moved: Option<Url>,
    /// By which the answer is known again.
    pub validators: Validators,
    /// For how long it holds, where it says so.
    pub max_age: Option<Duration>,
}

impl Fetcher {
    /// `contact` is an address for whoever wonders who asks; `timeout` is for all of a request, its redirects included.
    ///
    /// # Errors
    /// When the contact cannot stand in a header.
    pub fn new(
        policy: Policy,
        contact: Option<&str>,
        timeout: Duration,
    ) -> Result<Self, &'static str> {
        let mut name = format!("sitmap/{}", env!("CARGO_PKG_VERSION"));
        if let Some(contact) = contact {
            let is_plain = |c: char| c.is_ascii_graphic() && !"()\\".contains(c);
            if contact.is_empty() || !contact.chars().all(is_plain) {
                return Err("write an address of the web or a mail address, without spaces");
            }
            name = format!("{name} (+{contact})");
        }
        let policy = Arc::new(policy);
        let config = Agent::config_builder()
            .user_agent(name)
            .http_status_as_error(false)
            // Each is followed here, so that each is checked.
            .max_redirects(0)
            // A proxy would look names up by itself, and connect where it likes.
            .proxy(None)
            .timeout_resolve(Some(CONNECT))
            .timeout_connect(Some(CONNECT))
            .build();
        let lookup = Lookup {
            policy: Arc::clone(&policy),
        };
        Ok(Self {
            agent: Agent::with_parts(config, DefaultConnector::new(), lookup),
            policy,
            timeout,
        })
    }

    /// The address that a text is.
    ///
    /// # Errors
    /// When it is none, or nothing may be asked of it.
    pub fn url(&self, text: &str) -> Result<Url, FetchError> {
        self.policy.url(text)
    }

    /// Asks for what is at an address. `may_ask` is asked before each request, the redirected ones too.
    ///
    /// # Errors
    /// When it is refused, fails, takes too long or is too much, or when the answer is no success.
    pub fn get(
        &self,
        url: &Url,
        wanted: Wanted<'_>,
        mut may_ask: impl FnMut(&Url) -> Result<(), FetchError>,
    ) -> Result<Answer, FetchError> {
        let end = Instant::now() + self.timeout;
        let mut url = url.clone();
        let mut moved = None;
        let mut is_permanent = true;
        for _ in 0..=MAX_REDIRECTS {
            self.policy.check(&url)?;
            may_ask(&url)?;
            let response = self.ask(&url, wanted, end)?;
            let status = response.status().as_u16();
            match status {
                301 | 302 | 303 | 307 | 308 => {
                    let location = text(response.headers(), LOCATION);
                    let target = location.and_then(|target| url.join(&target).ok());
                    url = self
                        .policy
                        .url(target.ok_or(FetchError::Location)?.as_str())?;
                    is_permanent &= matches!(status, 301 | 308);
                    if is_permanent {
                        moved = Some(url.clone());
                    }
                }
                _ => return self.answer(response, url, moved, wanted),
            }
        }
        Err(FetchError::Redirects(MAX_REDIRECTS))
    }

    fn ask(
        &self,
        url: &Url,
        wanted: Wanted<'_>,
        end: Instant,
    ) -> Result<Response<Body>, FetchError> {
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(FetchError::Late(self.timeout));
        }
        let mut request = self
            .agent
            .get(url.as_str())
            .config()
            .timeout_global(Some(left))
            .build()
            .header(ACCEPT, wanted.accept);
        if let Some(known) = wanted.known.filter(|known| known.url == url.as_str()) {
            if let Some(tag) = &known.etag {
                request = request.header(IF_NONE_MATCH, tag);
            }
            if let Some(time) = &known.last_modified {
                request = request.header(IF_MODIFIED_SINCE, time);
            }
        }
        request.call().map_err(|error| self.problem(error, wanted))
    }

    fn answer(
        &self,
        mut response: Response<Body>,
        url: Url,
        moved: Option<Url>,
        wanted: Wanted<'_>,
    ) -> Result<Answer, FetchError> {
        let status = response.status().as_u16();
        let headers = response.headers();
        let validators = Validators {
            url: url.to_string(),
            etag: text(headers, ETAG),
            last_modified: text(headers, LAST_MODIFIED),
        };
        let max_age = text(headers, CACHE_CONTROL).and_then(|value| max_age(&value));
        let retry_after = text(headers, RETRY_AFTER).and_then(|value| retry_after(&value));
        let body = match status {
            304 => None,
            200..=299 => {
                let bytes = read(&mut response, wanted);
                Some(bytes.map_err(|error| self.problem(error, wanted))?)
            }
            _ => {
                return Err(FetchError::Status {
                    status,
                    retry_after,
                });
            }
        };
        Ok(Answer {
            body,
            url,
            moved,
            validators,
            max_age,
        })
    }

    fn problem(&self, error: ureq::Error, wanted: Wanted<'_>) -> FetchError {
        match error {
            ureq::Error::Other(error) => match error.downcast::<FetchError>() {
                Ok(error) => *error,
                Err(error) => FetchError::Network(error.to_string()),
            },
            ureq::Error::BodyExceedsLimit(_) => FetchError::TooLarge(wanted.limit),
            ureq::Error::Timeout(ureq::Timeout::Resolve | ureq::Timeout::Connect) => {
                FetchError::Late(CONNECT.min(self.timeout))
            }
            ureq::Error::Timeout(_) => FetchError::Late(self.timeout),
            ureq::Error::HostNotFound => FetchError::Network("there is no such host".to_owned()),
            ureq::Error::Io(error) => FetchError::Network(error.to_string()),
            error => FetchError::Network(error.to_string()),
        }
    }
}

/// Reads what came, unpacked: a small answer may be packed from a very large one.
fn read(response: &mut Response<Body>, wanted: Wanted<'_>) -> Result<Vec<u8>, ureq::Error> {
    let body = response.body_mut().with_config();
    if !wanted.cut {
        return body.limit(wanted.limit).read_to_vec();
    }
    let mut bytes = Vec::new();
    let mut start = body.limit(u64::MAX).reader().take(wanted.limit);
    start.read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// A header, where it is plain text.
fn text(headers: &HeaderMap, name: HeaderName) -> Option<String> {
    Some(headers.get(name)?.to_str().ok()?.to_owned())
}
