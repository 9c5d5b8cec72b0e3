use std::fmt::Display;

use axum::Json;
use axum::extract::rejection::{PathRejection, RawPathParamsRejection};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::app::SourceError;
use crate::domain::Scope;

/// What went wrong, as RFC 9457 problem details. Nothing internal is told: that is logged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{detail}")]
pub(super) struct Problem {
    /// Where the kind of problem is described, or `about:blank` where the status says it all.
    #[serde(rename = "type")]
    kind: &'static str,
    title: &'static str,
    status: u16,
    detail: String,
    /// The parameter that is at fault.
    #[serde(skip_serializing_if = "Option::is_none")]
    parameter: Option<String>,
    /// The line of what was sent that is at fault.
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
    /// A header that goes with it.
    #[serde(skip)]
    header: Option<Box<(HeaderName, HeaderValue)>>,
}

/// Seconds after which it may go better.
const A_WHILE: u32 = 2;

impl Problem {
    /// 400: this parameter cannot be understood; `detail` says why and what would be right.
    pub(super) fn parameter(name: impl Into<String>, detail: impl Into<String>) -> Self {
        Self {
            kind: "/api#/components/responses/InvalidParameter",
            title: "Invalid parameter",
            parameter: Some(name.into()),
            ..Self::plain(StatusCode::BAD_REQUEST, detail)
        }
    }

    /// 404: there is no such thing.
    pub(super) fn not_found(detail: impl Into<String>) -> Self {
        Self::plain(StatusCode::NOT_FOUND, detail)
    }

    /// 405: nearly everything here is only read.
    pub(super) fn not_allowed(method: &Method) -> Self {
        let detail = format!("{method} is not answered here: this is read with GET or HEAD.");
        Self::plain(StatusCode::METHOD_NOT_ALLOWED, detail).with(
            header::ALLOW,
            HeaderValue::from_static("GET, HEAD, OPTIONS"),
        )
    }

    /// 405 where something is sent to.
    pub(super) fn only_sent(method: &Method) -> Self {
        let detail = format!("{method} is not answered here: an article is sent here with POST.");
        Self::plain(StatusCode::METHOD_NOT_ALLOWED, detail)
            .with(header::ALLOW, HeaderValue::from_static("POST, OPTIONS"))
    }

    /// 401: no token came with it.
    pub(super) fn no_token(needed: Scope) -> Self {
        let detail = format!(
            "This wants a token of scope {needed}: send Authorization: Bearer and the token. `sitmap token create` \
             makes one."
        );
        Self::plain(StatusCode::UNAUTHORIZED, detail).with(
            header::WWW_AUTHENTICATE,
            HeaderValue::from_static("Bearer realm=\"sitmap\""),
        )
    }

    /// 401: the token is none.
    pub(super) fn bad_token() -> Self {
        let detail = "The token is not known, has expired or was revoked.";
        Self::plain(StatusCode::UNAUTHORIZED, detail).with(
            header::WWW_AUTHENTICATE,
            HeaderValue::from_static("Bearer realm=\"sitmap\", error=\"invalid_token\""),
        )
    }

    /// 403: the token is good for less.
    pub(super) fn forbidden(given: Scope, needed: Scope) -> Self {
        let detail = format!("This wants a token of scope {needed}; this one has {given}.");
        let told =
            format!("Bearer realm=\"sitmap\", error=\"insufficient_scope\", scope=\"{needed}\"");
        let problem = Self::plain(StatusCode::FORBIDDEN, detail);
        match HeaderValue::try_from(told) {
            Ok(told) => problem.with(header::WWW_AUTHENTICATE, told),
            Err(_) => problem,
        }
    }

    /// 429: too often.
    pub(super) fn too_many(seconds: u32) -> Self {
        let detail = format!(
            "That was too often: try again in {seconds} s. Many articles may come in one request, a line each."
        );
        Self::plain(StatusCode::TOO_MANY_REQUESTS, detail)
            .with(header::RETRY_AFTER, HeaderValue::from(seconds.max(1)))
    }

    /// 503: there is too much to do just now.
    pub(super) fn busy(detail: impl Into<String>) -> Self {
        Self::plain(StatusCode::SERVICE_UNAVAILABLE, detail)
            .with(header::RETRY_AFTER, HeaderValue::from(A_WHILE))
    }

    /// 503: the store cannot be had just now. The cause goes to the log.
    pub(super) fn unavailable(cause: &dyn Display) -> Self {
        tracing::error!(%cause, "the store could not be used");
        Self::busy("The store cannot be used just now: try again later.")
    }

    /// Whether it is our fault and not the client's.
    pub(super) fn is_ours(&self) -> bool {
        self.status >= 500
    }

    /// With the line of what was sent.
    pub(super) fn at_line(self, line: usize) -> Self {
        let line = Some(line);
        Self { line, ..self }
    }

    /// With a header.
    pub(super) fn with(self, name: HeaderName, value: HeaderValue) -> Self {
        let header = Some(Box::new((name, value)));
        Self { header, ..self }
    }

    /// 500: our fault. The cause goes to the log.
    pub(super) fn internal(cause: &dyn Display) -> Self {
        tracing::error!(%cause, "a request could not be answered");
        Self::plain(
            StatusCode::INTERNAL_SERVER_ERROR,
            "The server failed; its log says why.",
        )
    }

    /// A problem that the status names well enough.
    pub(super) fn plain(status: StatusCode, detail: impl Into<String>) -> Self {
        Self {
            kind: "about:blank",
            title: status.canonical_reason().unwrap_or("Problem"),
            status: status.as_u16(),
            detail: detail.into(),
            parameter: None,
            line: None,
            header: None,
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(mut self) -> Response {
        let more = self.header.take();
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, Json(self)).into_response();
        let headers = response.headers_mut();
        let media_type = HeaderValue::from_static("application/problem+json");
        headers.insert(header::CONTENT_TYPE, media_type);
        if let Some(more) = more {
            let (name, value) = *more;
            headers.insert(name, value);
        }
        response
    }
}

const UNREADABLE: &str = "The path cannot be read: percent-encode it as UTF-8.";

impl From<SourceError> for Problem {
    fn from(error: SourceError) -> Self {
        match error {
            SourceError::Away(cause) => Self::unavailable(&cause),
            SourceError::Failed(cause) => Self::internal(&cause),
        }
    }
}

impl From<PathRejection> for Problem {
    fn from(_: PathRejection) -> Self {
        Self::not_found(UNREADABLE)
    }
}

impl From<RawPathParamsRejection> for Problem {
    fn from(_: RawPathParamsRejection) -> Self {
        Self::not_found(UNREADABLE)
    }
}
