//! How often one may send something: a bucket for each token or address, which fills as time goes by.

use std::collections::HashMap;
use std::convert::Infallible;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;

use super::problem::Problem;

/// Requests a minute, if nothing else is said.
pub(super) const USUAL: u32 = 600;
/// A full bucket lasts so many seconds at the rate: that much may come at once.
const SECONDS: f64 = 10.0;
/// So many buckets are kept.
const BUCKETS: usize = 10_000;

/// Where a request comes from; nothing is known of one that came through no connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Peer(pub(super) Option<IpAddr>);

impl<S: Sync> FromRequestParts<S> for Peer {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let connected = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let address = connected.map(|ConnectInfo(address)| address.ip().to_canonical());
        // A proxy on this machine adds whom it speaks for; nobody else is believed.
        let forwarded = || {
            let mut values = parts.headers.get_all("x-forwarded-for").iter();
            let last = values.next_back()?.to_str().ok()?.rsplit(',').next()?;
            let address: IpAddr = last.trim().parse().ok()?;
            Some(address.to_canonical())
        };
        Ok(Self(match address {
            Some(address) if address.is_loopback() => Some(forwarded().unwrap_or(address)),
            address => address,
        }))
    }
}

/// Whose requests are counted together.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Whose {
    Token(String),
    Address(IpAddr),
}

#[derive(Debug)]
struct Bucket {
    left: f64,
    at: Instant,
}

/// All buckets.
#[derive(Debug)]
pub(super) struct Rates {
    /// Requests a second; 0 for as many as one likes.
    rate: f64,
    buckets: Mutex<HashMap<Whose, Bucket>>,
}

impl Rates {
    pub(super) fn new(per_minute: u32) -> Self {
        Self {
            rate: f64::from(per_minute) / 60.0,
            buckets: Mutex::default(),
        }
    }

    /// Counts a request of the bearer of a token; a problem when there were too many.
    pub(super) fn take_of_token(&self, id: &str) -> Result<(), Problem> {
        self.take(Whose::Token(id.to_owned()), Instant::now())
    }

    /// Counts a request from an address; a network of IPv6 is one.
    pub(super) fn take_of(&self, peer: Peer) -> Result<(), Problem> {
        let Some(address) = peer.0 else { return Ok(()) };
        let network = match address {
            IpAddr::V6(v6) => {
                let network = v6.to_bits() >> 64 << 64;
                IpAddr::V6(Ipv6Addr::from_bits(network))
            }
            v4 @ IpAddr::V4(_) => v4,
        };
        self.take(Whose::Address(network), Instant::now())
    }

    fn take(&self, whose: Whose, now: Instant) -> Result<(), Problem> {
        if self.rate == 0.0 {
            return Ok(());
        }
        let full = (self.rate * SECONDS).max(1.0);
        let filled = |bucket: &Bucket| {
            let since = now.saturating_duration_since(bucket.at).as_secs_f64();
            (bucket.left + since * self.rate).min(full)
        };
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= BUCKETS {
            buckets.retain(|_, bucket| filled(bucket) < full);
            if buckets.len() >= BUCKETS {
                // More than there is room for: all begin anew.
                buckets.clear();
            }
        }
        let bucket = buckets.entry(whose).or_insert(Bucket {
            left: full,
            at: now,
        });
        let left = filled(bucket);
        *bucket = Bucket { left, at: now };
        if left < 1.0 {
            let wait = ((1.0 - left) / self.rate).ceil();
            return Err(Problem::too_many(wait as u32));
        }
        bucket.left -= 1.0;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_bucket_empties_at_once_and_fills_with_time() {
        let rates = Rates::new(60);
        let now = Instant::now();
        let take = |who: &str, seconds: f64| {
            let now = now + Duration::from_secs_f64(seconds);
            rates.take(Whose::Token(who.to_owned()), now).is_ok()
        };
        assert!((0..10).all(|_| take("a", 0.0)));
        assert!(!take("a", 0.0));
        assert!(take("b", 0.0), "another's bucket");
        assert!(!take("a", 0.5));
        assert!(take("a", 1.1) && !take("a", 1.1));
        assert!((0..10).all(|_| take("a", 100.0)) && !take("a", 100.0));
        let free = Rates::new(0);
        let whose = || Whose::Token("a".to_owned());
        assert!((0..1000).all(|_| free.take(whose(), now).is_ok()));
    }

    #[test]
    fn buckets_are_bounded() {
        let rates = Rates::new(60);
        let now = Instant::now();
        for n in 0..3 * BUCKETS {
            assert!(rates.take(Whose::Token(n.to_string()), now).is_ok());
        }
        assert!(rates.buckets.lock().expect("no panic").len() <= BUCKETS);
    }
}
