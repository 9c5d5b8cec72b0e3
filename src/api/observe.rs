//! Who asked what and how it went: for each request a line in the log, and a place in the metrics.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderName, HeaderValue, Method, Uri};
use axum::response::Response;
use jiff::Timestamp;
use tracing::{Span, info_span};

use super::App;

/// By this name a request is found again in the logs of all that it went through.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// A client's own name for a request is taken over up to so many bytes.
const LONGEST: usize = 64;

/// A request that is being answered. Dropped before its answer is there, it counts as no longer under way.
pub(super) struct Observed {
    app: App,
    began: Instant,
    method: Method,
    uri: Uri,
    route: Option<MatchedPath>,
    id: HeaderValue,
}

impl Observed {
    pub(super) fn begin(app: App, request: &Request) -> Self {
        app.metrics().under_way.inc();
        let given = request.headers().get(&REQUEST_ID).cloned();
        Self {
            app,
            began: Instant::now(),
            method: request.method().clone(),
            uri: request.uri().clone(),
            route: request.extensions().get().cloned(),
            id: given.filter(is_name).unwrap_or_else(next_id),
        }
    }

    /// What is logged within it says which request it was for, where requests are logged: it costs a tenth of a small
    /// answer.
    pub(super) fn span(&self) -> Span {
        info_span!("request", id = self.id())
    }

    /// Notes how it went, and tells the client by what name.
    pub(super) fn end(self, response: &mut Response) {
        let (took, status) = (self.began.elapsed(), response.status());
        let route = self.route.as_ref().map(MatchedPath::as_str);
        let metrics = self.app.metrics();
        metrics.count(route, &self.method, status, took);
        let (method, uri, id) = (&self.method, &self.uri, self.id());
        let (status, ms) = (status.as_u16(), took.as_secs_f64() * 1000.0);
        if status >= 500 {
            tracing::warn!(target: "sitmap::requests", id, %method, %uri, status, ms, "failed");
        } else {
            tracing::info!(target: "sitmap::requests", id, %method, %uri, status, ms, "answered");
        }
        response.headers_mut().insert(REQUEST_ID, self.id.clone());
    }

    fn id(&self) -> &str {
        self.id.to_str().unwrap_or_default()
    }
}

impl Drop for Observed {
    fn drop(&mut self) {
        self.app.metrics().under_way.dec();
    }
}

/// Whether it may stand in a log: neither long nor of signs that mean something there.
fn is_name(id: &HeaderValue) -> bool {
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.".contains(byte);
    (1..=LONGEST).contains(&id.len()) && id.as_bytes().iter().all(is_plain)
}

/// One that no other request to this service has, nor to one that was started at another time.
fn next_id() -> HeaderValue {
    static START: LazyLock<i64> = LazyLock::new(|| Timestamp::now().as_microsecond());
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    HeaderValue::try_from(format!("{:x}-{number:x}", *START))
        .unwrap_or(HeaderValue::from_static("none"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clients_name_is_taken_over_when_it_is_one() {
        let long = "a".repeat(LONGEST + 1);
        for (id, is) in [
            ("7f3c-A_b.9", true),
            ("", false),
            ("a b", false),
            ("a\"b", false),
            (long.as_str(), false),
        ] {
            let id = HeaderValue::from_str(id).expect("a header");
            assert_eq!(is_name(&id), is, "{id:?}");
        }
        assert_ne!(next_id(), next_id());
        assert!(is_name(&next_id()));
    }
}
