use std::fmt::Display;

use axum::Json;
use axum::extract::rejection::{PathRejection, RawPathParamsRejection};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

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
}

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

    /// 405: everything here is only read.
    pub(super) fn not_allowed(method: &Method) -> Self {
        let detail = format!("{method} is not answered here: this is read with GET or HEAD.");
        Self::plain(StatusCode::METHOD_NOT_ALLOWED, detail)
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
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, Json(self)).into_response();
        let headers = response.headers_mut();
        let media_type = HeaderValue::from_static("application/problem+json");
        headers.insert(header::CONTENT_TYPE, media_type);
        if status == StatusCode::METHOD_NOT_ALLOWED {
            headers.insert(
                header::ALLOW,
                HeaderValue::from_static("GET, HEAD, OPTIONS"),
            );
        }
        response
    }
}

const UNREADABLE: &str = "The path cannot be read: percent-encode it as UTF-8.";

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
