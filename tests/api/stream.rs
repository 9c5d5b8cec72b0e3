//! `/stream`, over a real connection.

use std::io::{BufRead, BufReader};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use axum::http::StatusCode;
use sitmap::domain::EventRecord;
use sitmap::index::Index;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::world::{EVENTS, app, app_and_index, encoded, event, get};

/// A server-sent event.
#[derive(Debug, PartialEq)]
struct Sent {
    name: String,
    id: String,
    data: serde_json::Value,
}

/// A service whose index the test writes to.
struct Service {
    address: String,
    index: Arc<Index>,
    _stop: oneshot::Sender<()>,
}

async fn start() -> Service {
    let (app, index) = app_and_index();
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    let (stop, stopped) = oneshot::channel::<()>();
    tokio::spawn(sitmap::api::serve(listener, app, async {
        let _ = stopped.await;
    }));
    Service {
        address,
        index,
        _stop: stop,
    }
}

impl Service {
    /// Follows the stream, on a thread of its own.
    fn follow(&self, query: &str, last_event_id: Option<&str>) -> Receiver<Sent> {
        let (sender, receiver) = channel();
        let mut request = ureq::get(format!("{}/stream?{query}", self.address));
        if let Some(id) = last_event_id {
            request = request.header("last-event-id", id);
        }
        std::thread::spawn(move || {
            let Ok(mut answer) = request.call() else {
                return;
            };
            assert_eq!(answer.headers()["content-type"], "text/event-stream");
            let mut sent = Sent {
                name: String::new(),
                id: String::new(),
                data: serde_json::Value::Null,
            };
            for line in BufReader::new(answer.body_mut().as_reader())
                .lines()
                .map_while(Result::ok)
            {
                match line.split_once(':') {
                    Some(("event", name)) => name.trim().clone_into(&mut sent.name),
                    Some(("id", id)) => id.trim().clone_into(&mut sent.id),
                    Some(("data", data)) => sent.data = serde_json::from_str(data).expect("JSON"),
                    None if line.is_empty() && !sent.name.is_empty() => {
                        let whole = Sent {
                            name: std::mem::take(&mut sent.name),
                            id: std::mem::take(&mut sent.id),
                            data: sent.data.take(),
                        };
                        if sender.send(whole).is_err() {
                            return;
                        }
                    }
                    _ => {}
                }
            }
        });
        receiver
    }
}

fn next(stream: &Receiver<Sent>) -> Sent {
    stream
        .recv_timeout(Duration::from_secs(20))
        .expect("an event in time")
}

fn told(id: &str, article: &str, confidence: f64) -> EventRecord {
    EventRecord {
        id: id.into(),
        article: article.into(),
        confidence,
        ..event(1)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn new_changed_and_gone_events_are_told_to_whom_they_concern() {
    let service = start().await;
    let sure = service.follow(&format!("filter={}", encoded("confidence > 0.5")), None);
    assert_eq!(next(&sure).name, "start");
    service
        .index
        .put(vec![], vec![told("n1", "n", 0.9), told("n2", "n", 0.1)]);
    let new = next(&sure);
    assert_eq!((new.name.as_str(), &new.data["id"]), ("put", &"n1".into()));
    assert_eq!(
        new.data["properties"]["incident"]
            .as_str()
            .map(|id| &id[..2]),
        Some("i-")
    );
    service
        .index
        .put(vec![], vec![told("n1", "n", 0.2), told("n2", "n", 0.8)]);
    let gone = next(&sure);
    assert_eq!(
        (gone.name.as_str(), &gone.data["id"]),
        ("remove", &"n1".into()),
        "it matches no more"
    );
    assert_eq!(next(&sure).data["id"], "n2");
    service.index.remove(&["n".into()]);
    let gone = next(&sure);
    assert_eq!(
        (gone.name.as_str(), &gone.data["id"]),
        ("remove", &"n2".into())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_comes_back_is_told_what_it_missed() {
    let service = start().await;
    let first = service.follow("", None);
    let start = next(&first);
    service.index.put(vec![], vec![told("n1", "n", 0.9)]);
    let seen = next(&first);
    drop(first);
    service
        .index
        .put(vec![], vec![told("m1", "m", 0.9), told("m2", "m", 0.9)]);
    for (id, missed) in [
        (&start.id, vec!["n1", "m1", "m2"]),
        (&seen.id, vec!["m1", "m2"]),
    ] {
        let again = service.follow("", Some(id));
        assert_eq!(next(&again).name, "start");
        let told: Vec<_> = missed
            .iter()
            .map(|_| next(&again).data["id"].clone())
            .collect();
        assert_eq!(told, missed, "after {id}");
    }
    let other = service.follow("last-event-id=99999.1", None);
    assert_eq!(next(&other).name, "reset", "an id of another store");
}

#[tokio::test(flavor = "multi_thread")]
async fn place_time_and_collection_choose_what_is_told() {
    let service = start().await;
    let far = service.follow("bbox=170,-20,-170,20&datetime=2030&collection=events", None);
    let lines = service.follow("collection=movements", None);
    let happenings = service.follow("collection=incidents", None);
    for stream in [&far, &lines, &happenings] {
        assert_eq!(next(stream).name, "start");
    }
    let late: jiff::civil::Date = "2030-05-05".parse().expect("a day");
    let there = EventRecord {
        start: Some(late),
        end: Some(late),
        article: "x".into(),
        ..event(EVENTS + 3)
    };
    let moving = EventRecord {
        article: "x".into(),
        ..event(EVENTS)
    };
    service
        .index
        .put(vec![], vec![moving.clone(), there.clone()]);
    assert_eq!(next(&far).data["id"], there.id.as_str());
    let line = next(&lines);
    assert_eq!(
        (&line.data["id"], &line.data["geometry"]["type"]),
        (&moving.id.as_str().into(), &"LineString".into())
    );
    assert!(
        next(&happenings).data["id"]
            .as_str()
            .is_some_and(|id| id.starts_with("i-"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_service_ends_although_somebody_follows() {
    let (app, _index) = app_and_index();
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    let (stop, stopped) = oneshot::channel::<()>();
    let running = tokio::spawn(sitmap::api::serve(listener, app, async {
        let _ = stopped.await;
    }));
    let follower = tokio::task::spawn_blocking(move || {
        let mut answer = ureq::get(format!("{address}/stream"))
            .call()
            .expect("an answer");
        answer.body_mut().as_reader().read_to_end_quietly()
    });
    tokio::time::sleep(Duration::from_millis(500)).await;
    drop(stop);
    let ended = tokio::time::timeout(Duration::from_secs(20), running).await;
    ended
        .expect("in time")
        .expect("no panic")
        .expect("a clean end");
    follower.await.expect("no panic");
}

/// Reads whatever comes until the other side ends.
trait ReadQuietly {
    fn read_to_end_quietly(&mut self) -> usize;
}

impl<R: std::io::Read> ReadQuietly for R {
    fn read_to_end_quietly(&mut self) -> usize {
        let mut all = Vec::new();
        self.read_to_end(&mut all).unwrap_or(0)
    }
}

#[tokio::test]
async fn what_cannot_be_followed_is_refused() {
    let app = app();
    for (query, parameter) in [
        ("collection=places", "collection"),
        ("collection=x", "collection"),
        ("bbox=1", "bbox"),
        ("datetime=x", "datetime"),
        ("filter=x%20%3D", "filter"),
        ("last-event-id=x", "last-event-id"),
        ("last-event-id=1.x", "last-event-id"),
        ("limit=3", "limit"),
    ] {
        let answer = get(&app, &format!("/stream?{query}")).await;
        assert_eq!(
            (answer.status, &answer.json()["parameter"]),
            (StatusCode::BAD_REQUEST, &parameter.into()),
            "{query}"
        );
    }
}
