//! `/stream`: new and changed features, as they come (server-sent events, WHATWG HTML 9.2).
//!
//! The id of each event is the version of the store and the feature's place, so that a client that comes back with
//! `Last-Event-ID` is told what it has missed, after a restart of the service too.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::http::HeaderMap;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use tokio::sync::OwnedSemaphorePermit;
use tokio::sync::mpsc::{Sender, channel};
use tokio_stream::wrappers::ReceiverStream;

use super::asked::Asked;
use super::collection::Collection;
use super::features::Source;
use super::filter;
use super::params::Params;
use super::problem::Problem;
use super::query;
use super::text::clip;
use crate::index::{Change, Held, Layer, Position, Query, Snapshot};

/// The collections whose changes can be followed.
pub(super) const COLLECTIONS: [Collection; 3] = [
    Collection::Events,
    Collection::Incidents,
    Collection::Movements,
];
/// The parameters that are no property, nor of `filter`.
pub(super) const PARAMETERS: [&str; 6] = [
    "bbox",
    "bbox-crs",
    "collection",
    "crs",
    "datetime",
    "last-event-id",
];
/// How often the index is asked whether something changed.
const LOOK: Duration = Duration::from_millis(250);
/// Events that wait for a slow client.
const WAITING: usize = 64;

pub(super) async fn stream(asked: Asked) -> Result<Response, Problem> {
    let collection = collection(&Params::any(&asked.uri)?)?;
    let known = filter::known(collection, &PARAMETERS);
    let params = Params::read(&asked.uri, &known)?;
    let crs = query::crs(collection, &params, "crs")?;
    let query = query::condition(collection, &params)?;
    let after = last_event_id(&params, &asked.headers)?;
    let permit = Arc::clone(asked.app.streams())
        .try_acquire_owned()
        .map_err(|_| {
            let detail = "Too many clients follow the stream already: try again later.";
            Problem::busy(detail)
        })?;
    let (sender, receiver) = channel(WAITING);
    let source = Source::new(&asked.app, &asked.snapshot, collection, crs);
    tokio::spawn(follow(
        Follower {
            source,
            query,
            sender,
            _permit: permit,
        },
        after,
    ));
    Ok(Sse::new(ReceiverStream::new(receiver))
        .keep_alive(KeepAlive::default())
        .into_response())
}

fn collection(params: &Params) -> Result<Collection, Problem> {
    let Some(name) = params.one("collection")? else {
        return Ok(Collection::Events);
    };
    COLLECTIONS
        .into_iter()
        .find(|collection| collection.id() == name)
        .ok_or_else(|| {
            let names = COLLECTIONS.map(Collection::id).join(", ");
            let detail = format!(
                "{:?} is no collection that can be followed. There are: {names}.",
                clip(name)
            );
            Problem::parameter("collection", detail)
        })
}

/// What the client has seen: the header, which a browser sends when it comes back, or the parameter.
fn last_event_id(params: &Params, headers: &HeaderMap) -> Result<Option<Position>, Problem> {
    let header = headers
        .get("last-event-id")
        .and_then(|value| value.to_str().ok());
    let Some(text) = header.or(params.one("last-event-id")?) else {
        return Ok(None);
    };
    let parsed = match text.split_once('.') {
        Some((version, sequence)) => version.parse().ok().zip(sequence.parse().ok()),
        None => text.parse().ok().map(|version| (version, u64::MAX)),
    };
    parsed.map(Some).ok_or_else(|| {
        let detail = format!(
            "{:?} is no id of an event: take it from an event of this stream, such as 12.345.",
            clip(text)
        );
        Problem::parameter("last-event-id", detail)
    })
}

/// A client that follows.
struct Follower {
    source: Source,
    query: Query,
    sender: Sender<Result<Event, Infallible>>,
    _permit: OwnedSemaphorePermit,
}

/// Tells of all changes after a position, until the client goes away or the service ends.
async fn follow(mut follower: Follower, after: Option<Position>) {
    let app = follower.source.app.clone();
    let now = (app.snapshot().edition.version, u64::MAX);
    // Versions beyond ours are of another store: what the client has from there is nothing that we know of.
    let (mut position, name) = match after {
        Some(after) if after.0 <= now.0 => (after, "start"),
        Some(_) => (now, "reset"),
        None => (now, "start"),
    };
    let greeting = Event::default()
        .event(name)
        .data(json!({"version": now.0}).to_string());
    // A client that resumes keeps its own place until it has been told more.
    let greeting = if after == Some(position) {
        greeting
    } else {
        greeting.id(position.0.to_string())
    };
    if follower.sender.send(Ok(greeting)).await.is_err() {
        return;
    }
    let mut seen = None;
    while !app.is_closing() && !follower.sender.is_closed() {
        let snapshot = app.snapshot();
        if seen != Some(snapshot.edition.version) {
            seen = Some(snapshot.edition.version);
            match follower.tell(&snapshot, position).await {
                Ok(reached) => position = reached,
                Err(Gone) => return,
            }
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// The client does not listen any more.
struct Gone;

impl Follower {
    /// Sends what has changed; gives the place behind all of it.
    async fn tell(&mut self, snapshot: &Arc<Snapshot>, after: Position) -> Result<Position, Gone> {
        self.source.snapshot = Arc::clone(snapshot);
        let collection = self.source.collection;
        let Some(changes) = collection
            .layer(&self.source.app, snapshot)
            .map(|layer| layer.changes_after(after))
        else {
            return Ok(after);
        };
        for change in changes {
            if let Some(event) = self.event(&change) {
                self.sender.send(Ok(event)).await.map_err(|_| Gone)?;
            }
        }
        Ok((snapshot.edition.version, u64::MAX))
    }

    /// What a change means for this client: a feature to put in its place, or one to remove.
    fn event(&self, change: &Change) -> Option<Event> {
        let id = format!("{}.{}", change.version, change.sequence);
        let row = change.now.as_ref().map(Held::row);
        if let Some(row) = row.filter(|row| Layer::fits(*row, &self.query)) {
            let mut feature = Vec::new();
            self.source.write_row(&mut feature, row).ok()?;
            let feature = String::from_utf8(feature).ok()?;
            return Some(Event::default().event("put").id(id).data(feature));
        }
        let before = change.before.as_ref().map(Held::row);
        let before = before.filter(|row| Layer::fits(*row, &self.query))?;
        Some(
            Event::default()
                .event("remove")
                .id(id)
                .data(json!({"id": before.id()}).to_string()),
        )
    }
}
