//! Events without end, the same each time, and how to ask for them.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use jiff::ToSpan;
use jiff::civil::{Date, date};
use serde_json::{Value, json};
use sitmap::api::{App, router};
use sitmap::domain::{Action, Article, EventRecord, Point, Status};
use sitmap::index::{ArticleRecord, Index};
use sitmap::pipeline::Extractor;
use tower::ServiceExt;

/// How many events the world has.
pub(crate) const EVENTS: usize = 2_500;
/// How many articles, of which the last reports nothing.
pub(crate) const ARTICLES: usize = 251;

const ACTORS: [&str; 3] = ["Syrian Army", "SDF", "Turkey, with allies"];

/// The n-th event: most in Syria 2016–2019, one in twenty without a place, one in thirty without a date,
/// one in fifty on either side of the antimeridian.
pub(crate) fn event(n: usize) -> EventRecord {
    // Two multiplicative sequences: scattered, and the same on every machine.
    let (a, b) = (n * 7919 % 1009, n * 104_729 % 997);
    let from =
        |low: f64, k: usize, width: f64| ((low + k as f64 / 1000.0 * width) * 1e4).round() / 1e4;
    let point = match n {
        _ if n % 20 == 7 => None,
        _ if n % 50 == 3 => Some(Point {
            lon: if n % 100 == 3 { 178.5 } else { -178.5 },
            lat: from(-10.0, b, 20.0),
        }),
        _ => Some(Point {
            lon: from(35.5, a, 7.0),
            lat: from(33.0, b, 4.0),
        }),
    };
    let start = (n % 30 != 11).then(|| date(2016, 1, 1) + i64::try_from(a).expect("small").days());
    let record = json!({
        "id": format!("e{n}"),
        "article": format!("a{}", n / 10),
        "action": Action::ALL[n % Action::ALL.len()],
        "status": Status::ALL[n % 3],
        "actor": ACTORS[n % 3],
        "country": if n % 50 == 3 { "FJ" } else { "SY" },
        "geo_precision": 1 + n % 7,
        "radius_km": 2.5,
        "date": start.map(|day| day.to_string()[..if n % 40 == 39 { 7 } else { 10 }].to_owned()),
        "start": start,
        "end": start.map(|day: Date| day + i64::try_from(n % 4).expect("small").days()),
        "date_precision": if start.is_some() { "day" } else { "unknown" },
        "date_basis": if start.is_some() { "explicit" } else { "none" },
        "confidence": (n % 100) as f64 / 100.0,
        "quote": "The column left the town before dawn.",
        "quote_start": 10,
        "quote_end": 47,
        "rule": "made",
        "title": format!("Report {}", n / 10),
        "published": "2019-10",
        "language": "en",
        "origin_lon": (n.is_multiple_of(10)).then_some(38.0),
        "origin_lat": (n.is_multiple_of(10)).then_some(36.0),
        "destination_lon": (n.is_multiple_of(10)).then_some(39.0),
        "destination_lat": (n.is_multiple_of(10)).then_some(36.5),
    });
    let mut record: EventRecord = serde_json::from_value(record).expect("a record");
    record.point = point;
    record
}

fn article(n: usize) -> Article {
    Article {
        id: format!("a{n}"),
        text: format!("Report {n}\nThe column left the town before dawn."),
        title: Some(format!("Report {n}")),
        url: None,
        publisher: Some("Gazette".into()),
        published: "2019-10".parse().ok(),
        language: Some("en".into()),
        blocks: vec![],
    }
}

/// The service over all of it.
pub(crate) fn app() -> App {
    app_and_index().0
}

/// The same, and the index that it reads.
pub(crate) fn app_and_index() -> (App, Arc<Index>) {
    let articles: Vec<_> = (0..ARTICLES).map(article).collect();
    let records = articles.iter().map(ArticleRecord::from).collect();
    let index = Arc::new(Index::build(records, (0..EVENTS).map(event).collect()));
    let source: HashMap<_, _> = articles.into_iter().map(|a| (a.id.clone(), a)).collect();
    let app = App::new(Arc::clone(&index), Arc::new(source), extractor());
    (app, index)
}

/// Set up once: it takes longer than all else.
fn extractor() -> Arc<Extractor> {
    static EXTRACTOR: LazyLock<Arc<Extractor>> =
        LazyLock::new(|| Arc::new(Extractor::bundled().expect("the bundled data")));
    Arc::clone(&EXTRACTOR)
}

/// An answer, read.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&self.body)))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().expect("text"))
    }
}

/// Sends a request through the router.
pub(crate) async fn send(app: &App, request: Request<Body>) -> Answer {
    let response = router(app.clone())
        .oneshot(request)
        .await
        .expect("infallible");
    let (parts, body) = response.into_parts();
    Answer {
        status: parts.status,
        headers: parts.headers,
        body: to_bytes(body, usize::MAX).await.expect("a body").to_vec(),
    }
}

/// GET as a client does that names the host and no more.
pub(crate) async fn get(app: &App, path: &str) -> Answer {
    let request = Request::get(path)
        .header("host", "map.test:8080")
        .body(Body::empty());
    send(app, request.expect("a request")).await
}

/// GET with a header.
pub(crate) async fn get_with(app: &App, path: &str, header: (&str, &str)) -> Answer {
    let request = Request::get(path)
        .header("host", "map.test:8080")
        .header(header.0, header.1)
        .body(Body::empty());
    send(app, request.expect("a request")).await
}

/// As it stands in a query.
pub(crate) fn encoded(text: &str) -> String {
    let byte = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(byte).collect()
}

/// The address behind `rel` among a document's links, without scheme and host.
pub(crate) fn link(document: &Value, rel: &str) -> Option<String> {
    let links = document["links"].as_array()?;
    let href = links.iter().find(|link| link["rel"] == rel)?["href"].as_str()?;
    Some(
        href.strip_prefix("http://map.test:8080")
            .expect("an absolute link")
            .to_owned(),
    )
}
