//! What is answered before there is anything to serve, while a large store is read for the first time.

use std::time::Duration;

use axum::http::{HeaderValue, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::{Json, Router};
use serde_json::json;
use tokio::net::TcpListener;

use super::connections;
use super::limits::Limits;
use super::problem::Problem;

/// Whoever asks in the first moments waits for the service itself, as most stores are read by then.
const MOMENTS: Duration = Duration::from_secs(2);

/// Answers that the service lives and is not ready. It goes on until it is dropped.
pub async fn serve_loading(listener: TcpListener, limits: Limits) {
    tokio::time::sleep(MOMENTS).await;
    let router = Router::new().fallback(answer);
    connections::serve(listener, router, &limits, std::future::pending()).await;
}

async fn answer(uri: Uri) -> Response {
    let mut response = if uri.path() == "/health" {
        Json(json!({"status": "loading"})).into_response()
    } else {
        Problem::busy("The store is being read: try again later.").into_response()
    };
    let headers = response.headers_mut();
    // The next request on it would come here, too, when there is another to answer it.
    headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
    headers.insert(header::REFRESH, HeaderValue::from_static("5"));
    response
}
