use std::collections::BTreeSet;
use std::fmt;
use std::net::SocketAddr;
use std::str::FromStr;
use std::sync::Arc;

use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;
use url::Url;

use super::address::why_not_public;
use super::error::FetchError;

/// Longer addresses are no links to articles.
const MAX_URL: usize = 4_000;

/// What may be asked beyond ports 80 and 443 of public addresses.
#[derive(Debug, Clone, Default)]
pub struct Policy {
    /// Further ports.
    pub ports: BTreeSet<u16>,
    /// Hosts that may be anywhere, at just the ports that they are named with.
    pub private: BTreeSet<HostPort>,
}

/// A host as an address names it, with its port: `127.0.0.1:8080`, `[::1]:80`, `news.intranet:80`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct HostPort {
    host: String,
    port: u16,
}

impl HostPort {
    fn of(url: &Url) -> Option<Self> {
        Some(Self {
            host: url.host_str()?.to_owned(),
            port: url.port_or_known_default()?,
        })
    }
}

impl fmt::Display for HostPort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.host, self.port)
    }
}

impl FromStr for HostPort {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let expected = "write HOST:PORT, such as 127.0.0.1:8080";
        let (_, port) = text.rsplit_once(':').ok_or(expected)?;
        let port: u16 = port.parse().map_err(|_| expected)?;
        let url = Url::parse(&format!("http://{text}/")).map_err(|_| expected)?;
        let is_plain = url.path() == "/" && url.query().is_none() && url.username().is_empty();
        let host = url.host_str().filter(|_| is_plain).ok_or(expected)?;
        Ok(Self {
            host: host.to_owned(),
            port,
        })
    }
}

impl Policy {
    /// The address that a text is, if what it is written with may be asked. Where the host is, is not looked up here.
    ///
    /// # Errors
    /// When it is no address of the web, or of what is refused.
    pub(super) fn url(&self, text: &str) -> Result<Url, FetchError> {
        let bad = |problem: String| FetchError::Url(text.chars().take(200).collect(), problem);
        if text.len() > MAX_URL {
            return Err(bad(format!("it is longer than {MAX_URL} bytes")));
        }
        let mut url = Url::parse(text).map_err(|error| bad(error.to_string()))?;
        url.set_fragment(None);
        self.check(&url)?;
        Ok(url)
    }

    /// Whether what an address is written with may be asked.
    pub(super) fn check(&self, url: &Url) -> Result<(), FetchError> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(FetchError::Refused("only http and https are asked"));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(FetchError::Refused(
                "there is a name or password in the address",
            ));
        }
        let host = HostPort::of(url).ok_or(FetchError::Refused("it names no host"))?;
        let is_allowed = matches!(host.port, 80 | 443)
            || self.ports.contains(&host.port)
            || self.private.contains(&host);
        is_allowed.then_some(()).ok_or(FetchError::Port(host.port))
    }
}

/// Looks hosts up, and gives only addresses that may be connected to. The client connects to what is given here and
/// asks nobody again, so a name cannot lead elsewhere after it was checked.
#[derive(Debug)]
pub(super) struct Lookup {
    pub(super) policy: Arc<Policy>,
}

impl Resolver for Lookup {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let refuse = |error| ureq::Error::Other(Box::new(error));
        // What the client makes of an address is checked, not what was handed to it.
        let url = Url::parse(&uri.to_string())
            .map_err(|error| refuse(FetchError::Url(uri.to_string(), error.to_string())))?;
        self.policy.check(&url).map_err(refuse)?;
        let host = HostPort::of(&url).ok_or(ureq::Error::HostNotFound)?;
        let found = DefaultResolver::default().resolve(uri, config, timeout)?;
        if self.policy.private.contains(&host) {
            return Ok(found);
        }
        // One bad address among good ones is enough: which is taken is not ours to say.
        for address in found.iter().map(SocketAddr::ip) {
            if let Some(what) = why_not_public(address) {
                let host = host.to_string();
                return Err(refuse(FetchError::Private {
                    host,
                    address,
                    what,
                }));
            }
        }
        Ok(found)
    }
}
