use std::collections::HashMap;
use std::fmt::Write;
use std::sync::{Arc, LazyLock};

use axum::body::{Body, to_bytes};
use axum::http::Request;
use serde_json::Value;
use sitmap::api::{App, Limits, router};
use sitmap::cql2::{parse_json, parse_text};
use sitmap::domain::{Article, PartialDate};
use sitmap::index::{ArticleRecord, Index};
use tokio::runtime::{self, Runtime};
use tower::ServiceExt;

use super::intake::Sink;
use super::texts::EXTRACTOR;

/// A condition: what is read of it is written, and read again as the same.
pub(super) fn cql2(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    for parsed in [parse_text(&text), parse_json(&text)] {
        match parsed {
            Ok(expression) => {
                let written = expression.to_text();
                let read =
                    parse_text(&written).unwrap_or_else(|error| panic!("{written}: {error}"));
                assert_eq!(read.to_text(), written);
            }
            Err(error) => assert!(!error.to_string().is_empty()),
        }
    }
}

/// The first line as `bbox`, the second as `datetime`, the third as `filter`; the API answers or says what is wrong.
pub(super) fn query(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let mut path = "/collections/events/items?limit=5".to_owned();
    for (name, value) in ["bbox", "datetime", "filter"].iter().zip(text.lines()) {
        if !value.is_empty() {
            path.extend(["&", name, "=", &escaped(value)]);
        }
    }
    if let Ok(date) = text.parse::<PartialDate>() {
        assert_eq!(date.to_string().parse(), Ok(date));
    }
    // Longer than any server takes.
    if path.len() < 60_000 {
        let (status, _) = answer(Request::get(path).body(Body::empty()).expect("a request"));
        assert!(matches!(status, 200 | 400), "{status}: {text:?}");
    }
}

/// The body of `POST /extract`, as each form that it may have.
pub(super) fn extract(bytes: &[u8]) {
    for form in ["application/json", "text/plain", "text/html; charset=utf-8"] {
        let request = Request::post("/extract?f=geojson&published=2019-10-17")
            .header("content-type", form)
            .body(Body::from(bytes.to_owned()))
            .expect("a request");
        let (status, _) = answer(request);
        assert!(
            matches!(status, 200 | 400 | 413 | 422),
            "{status} to {form}"
        );
    }
}

fn escaped(value: &str) -> String {
    value.bytes().fold(String::new(), |mut escaped, byte| {
        write!(escaped, "%{byte:02X}").expect("memory");
        escaped
    })
}

/// The status of the router's answer, and its JSON, which is taken to its end.
pub(super) fn answer(request: Request<Body>) -> (u16, Value) {
    static SERVICE: LazyLock<(Runtime, App)> = LazyLock::new(|| {
        let runtime = runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime");
        (runtime, app())
    });
    let (runtime, app) = &*SERVICE;
    let response = runtime.block_on(async {
        let answer = router(app.clone())
            .oneshot(request)
            .await
            .expect("infallible");
        let (parts, body) = answer.into_parts();
        let body = to_bytes(body, usize::MAX).await.expect("a whole body");
        (parts.status.as_u16(), body)
    });
    let (status, body) = response;
    let read = serde_json::from_slice(&body);
    let read = read.unwrap_or_else(|error| {
        panic!("{status}, {error}: {}", String::from_utf8_lossy(&body));
    });
    (status, read)
}

/// A service over one short article.
fn app() -> App {
    let text =
        "The Syrian army entered the town of Manbij on 16 October 2019. It left Kobani on Friday.";
    let article = sitmap::article::of_text(text.to_owned(), None, &EXTRACTOR.languages);
    let article = Article {
        language: Some("en".to_owned()),
        ..article.expect("an article")
    };
    let events = EXTRACTOR.extract(&article).event_records(&article);
    let records = vec![ArticleRecord::from(&article)];
    let index = Arc::new(Index::build(records, events));
    let articles = HashMap::from([(article.id.clone(), article)]);
    App::new(index, Arc::new(articles), Arc::clone(&EXTRACTOR))
        .with_limits(Limits {
            posts_per_minute: 0,
            ..Limits::default()
        })
        .with_tokens(Arc::new(Sink))
        .with_intake(Arc::new(Sink))
}
