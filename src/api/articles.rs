//! `POST /articles`: articles in, to stay.

use std::io::Read;
use std::time::Duration;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{FromRequest, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use flate2::read::MultiGzDecoder;
use serde_json::{Value, json};

use super::App;
use super::access::require;
use super::intake::{self, Entry, Kept, take_in};
use super::links::Base;
use super::params::Params;
use super::problem::Problem;
use super::rates::Peer;
use super::text::{clip, percent_encode};
use crate::domain::{Ingested, Scope};

/// Bytes of all articles of a request, unpacked.
pub(super) const MOST: usize = 32 * 1024 * 1024;
/// Lines of a request.
const MOST_LINES: usize = 10_000;
/// What one article comes as.
pub(super) const ONE: &str = "application/json";
/// What many come as.
pub(super) const MANY: [&str; 2] = ["application/x-ndjson", "application/jsonl"];

pub(super) async fn articles(
    State(app): State<App>,
    base: Base,
    peer: Peer,
    request: Request,
) -> Result<Response, Problem> {
    let bearer = require(&app, request.headers(), peer, Scope::Write).await?;
    app.rates().take_of_token(&bearer.id)?;
    Params::read(request.uri(), &[])?;
    let is_one = is_one(request.headers())?;
    let is_packed = is_packed(request.headers())?;
    let intake = app.intake().cloned().ok_or_else(|| {
        Problem::not_found("This service takes in no articles: it has no store to keep them.")
    })?;
    let length = length(request.headers());
    let room = if is_packed {
        MOST
    } else {
        length.unwrap_or(MOST)
    };
    if room > MOST {
        return Err(too_large());
    }
    // Held until the answer is made: what is sent takes memory.
    let _room = app.room(room)?;
    let body = receive(request, app.limits().coming).await?;
    let body = if is_packed { unpack(body).await? } else { body };
    if is_one {
        if body.len() > intake::LONGEST {
            let detail = format!("An article has at most {} bytes here.", intake::LONGEST);
            return Err(Problem::plain(StatusCode::PAYLOAD_TOO_LARGE, detail));
        }
        let entry = take_in(&app, &intake, &[(1, body)]).await.pop();
        return entry.map_or_else(|| Err(nothing()), |entry| one(&base, entry));
    }
    let lines = lines(&body)?;
    many(take_in(&app, &intake, &lines).await)
}

/// Whether a single article is sent, as its media type says.
fn is_one(headers: &HeaderMap) -> Result<bool, Problem> {
    let given = text(headers, &header::CONTENT_TYPE);
    let media_type = given.split(';').next().unwrap_or_default().trim();
    let is = |name: &str| media_type.eq_ignore_ascii_case(name);
    if is(ONE) || MANY.into_iter().any(is) {
        return Ok(is(ONE));
    }
    let detail = format!(
        "{:?} is no form of articles here: say Content-Type: {ONE} for one, {} for one a line.",
        clip(given),
        MANY.join(" or ")
    );
    Err(Problem::plain(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail))
}

/// Whether the body is packed by gzip.
fn is_packed(headers: &HeaderMap) -> Result<bool, Problem> {
    match text(headers, &header::CONTENT_ENCODING) {
        "" | "identity" => Ok(false),
        coding if coding.eq_ignore_ascii_case("gzip") => Ok(true),
        other => {
            let detail = format!(
                "Content-Encoding {:?} is not read: send gzip, or none.",
                clip(other)
            );
            let problem = Problem::plain(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail);
            Err(problem.with(header::ACCEPT_ENCODING, HeaderValue::from_static("gzip")))
        }
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &header::HeaderName) -> &'a str {
    let value = headers.get(name).and_then(|value| value.to_str().ok());
    value.unwrap_or_default()
}

fn length(headers: &HeaderMap) -> Option<usize> {
    text(headers, &header::CONTENT_LENGTH).parse().ok()
}

fn too_large() -> Problem {
    let detail = format!(
        "A request has at most {MOST} bytes of articles, unpacked, and {MOST_LINES} lines: send them in parts."
    );
    Problem::plain(StatusCode::PAYLOAD_TOO_LARGE, detail)
}

fn nothing() -> Problem {
    Problem::plain(StatusCode::BAD_REQUEST, "No article was sent.")
}

/// The whole body, if it comes in time.
async fn receive(request: Request, time: Duration) -> Result<Bytes, Problem> {
    let received = tokio::time::timeout(time, Bytes::from_request(request, &())).await;
    let received = received.map_err(|_| {
        let seconds = time.as_secs_f32();
        let detail = format!("The articles did not come within {seconds} s: send fewer at once.");
        Problem::plain(StatusCode::REQUEST_TIMEOUT, detail)
    })?;
    received.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => too_large(),
        status => Problem::plain(status, "The articles could not be received."),
    })
}

/// Unpacks a body, as far as it may go.
async fn unpack(body: Bytes) -> Result<Bytes, Problem> {
    let work = move || {
        let mut unpacked = Vec::new();
        let read = MultiGzDecoder::new(&*body)
            .take(MOST as u64 + 1)
            .read_to_end(&mut unpacked);
        match read {
            Err(_) => Err(Problem::plain(
                StatusCode::BAD_REQUEST,
                "The body is said to be packed by gzip, and is not, or not to its end.",
            )),
            Ok(length) if length > MOST => Err(too_large()),
            Ok(_) => Ok(Bytes::from(unpacked)),
        }
    };
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|error| Err(Problem::internal(&error)))
}

/// The lines that are not blank, with their numbers from 1.
fn lines(body: &Bytes) -> Result<Vec<(usize, Bytes)>, Problem> {
    let numbered = body.split(|byte| *byte == b'\n').zip(1..);
    let filled = numbered.filter(|(line, _)| !line.trim_ascii().is_empty());
    let lines: Vec<_> = filled
        .map(|(line, number)| (number, body.slice_ref(line)))
        .take(MOST_LINES + 1)
        .collect();
    match lines.len() {
        0 => Err(nothing()),
        length if length > MOST_LINES => Err(too_large()),
        _ => Ok(lines),
    }
}

/// The answer to one article.
fn one(base: &Base, (_, result): Entry) -> Result<Response, Problem> {
    let kept = result?;
    let id = percent_encode(&kept.id, "");
    let at = base.at(&format!("/collections/articles/items/{id}"));
    let mut response = (status(kept.outcome), Json(kept)).into_response();
    if let Ok(location) = HeaderValue::try_from(at) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    Ok(response)
}

fn status(outcome: Ingested) -> StatusCode {
    match outcome {
        Ingested::New | Ingested::Replaced => StatusCode::CREATED,
        Ingested::Unchanged => StatusCode::OK,
    }
}

/// The answer to many: what became of each line.
fn many(entries: Vec<Entry>) -> Result<Response, Problem> {
    // Where nothing was kept, and the fault is ours, all of it is to be sent again.
    let is_ours = |(_, result): &Entry| result.as_ref().is_err_and(Problem::is_ours);
    if entries.iter().all(is_ours)
        && let Some((_, Err(problem))) = entries.first()
    {
        return Err(problem.clone());
    }
    let results = entries.into_iter().map(|(line, result)| match result {
        Ok(Kept {
            id,
            outcome,
            events,
        }) => json!({
            "line": line,
            "status": status(outcome).as_u16(),
            "id": id,
            "outcome": outcome,
            "events": events,
        }),
        Err(problem) => json!(problem.at_line(line)),
    });
    let results: Vec<Value> = results.collect();
    let body = Json(json!({"results": results}));
    Ok((StatusCode::MULTI_STATUS, body).into_response())
}
