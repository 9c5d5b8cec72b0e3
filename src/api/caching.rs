//! Answers that the client has already.

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::index::Snapshot;

/// The tag of everything that is made of a snapshot. Weak: the body also says when it was sent.
pub(super) fn tag(snapshot: &Snapshot) -> String {
    format!(
        "W/\"{:x}-{:x}\"",
        snapshot.made.as_microsecond(),
        snapshot.version
    )
}

/// Whether `If-None-Match` names the tag (weak comparison, RFC 9110, 13.1.2).
pub(super) fn is_unchanged(headers: &HeaderMap, tag: &str) -> bool {
    let bare = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    let values = headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok());
    values
        .flat_map(|value| value.split(','))
        .any(|given| given.trim() == "*" || bare(given) == bare(tag))
}

/// 304
pub(super) fn unchanged(tag: &str) -> Response {
    let mut response = StatusCode::NOT_MODIFIED.into_response();
    let tag = HeaderValue::from_str(tag).ok();
    response
        .headers_mut()
        .extend(tag.map(|tag| (header::ETAG, tag)));
    response
}
