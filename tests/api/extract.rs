//! `POST /extract`.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use sitmap::api::App;

use crate::world::{Answer, app, get, send};

const TEXT: &str =
    "On Wednesday Syrian government forces entered the border town of Kobani, witnesses said.";

async fn post(app: &App, query: &str, media_type: &str, body: impl Into<Body>) -> Answer {
    let request = Request::post(format!("/extract{query}"))
        .header("content-type", media_type)
        .body(body.into());
    send(app, request.expect("a request")).await
}

#[tokio::test]
async fn an_article_in_any_form_gives_the_same_events_and_none_is_kept() {
    let app = app();
    let before = get(&app, "/health").await.json();
    let json = serde_json::json!({"text": TEXT, "published": "2019-10-17"}).to_string();
    let page = format!("<html><body><article><p>{TEXT}</p></article></body></html>");
    for (query, media_type, body) in [
        ("", "application/json", json.as_str()),
        ("?published=2019-10-17", "text/plain; charset=utf-8", TEXT),
        (
            "?published=2019-10-17&language=en&f=json",
            "Text/Plain",
            TEXT,
        ),
        ("?published=2019-10-17", "text/html", page.as_str()),
    ] {
        let answer = post(&app, query, media_type, body.to_owned()).await;
        assert_eq!(
            answer.status,
            StatusCode::OK,
            "{media_type}: {}",
            String::from_utf8_lossy(&answer.body)
        );
        let collection = answer.json();
        let event = &collection["features"][0]["properties"];
        assert_eq!(event["place"], "Kobani", "{media_type}: {collection}");
        assert_eq!(event["start"], "2019-10-16");
        assert_eq!(collection["article"]["language"], "en");
    }
    assert_eq!(get(&app, "/health").await.json(), before);
}

#[tokio::test]
async fn the_place_names_of_an_article_can_be_asked_for() {
    let answer = post(&app(), "?what=toponyms", "text/plain", TEXT)
        .await
        .json();
    let names = answer["features"].as_array().expect("features");
    let kobani = names
        .iter()
        .map(|mention| &mention["properties"])
        .find(|name| name["text"] == "Kobani")
        .unwrap_or_else(|| panic!("{names:?}"));
    // With why it is where it is, as for an article that is stored.
    assert_eq!(kobani["said"], true);
    for part in ["candidates", "steps"] {
        assert!(
            !kobani[part].as_array().expect("a list").is_empty(),
            "{part}"
        );
    }
}

#[tokio::test]
async fn what_is_no_article_is_refused_with_the_reason() {
    let app = app();
    let long = "a ".repeat(600_000);
    for (query, media_type, body, status, part) in [
        ("", "application/json", "{", 400, "EOF"),
        ("", "application/json", "[]", 400, "object"),
        ("", "application/json", "{}", 400, "neither text nor html"),
        ("", "application/json", r#"{"text": ""}"#, 400, ""),
        ("", "application/json", r#"{"text": 3}"#, 400, "string"),
        (
            "",
            "application/json",
            r#"{"text": "x y z", "published": "soon"}"#,
            400,
            "soon",
        ),
        ("", "text/plain", "", 400, ""),
        ("", "application/pdf", "x", 415, "text/plain"),
        ("", "", "x", 415, "Content-Type"),
        ("?published=soon", "text/plain", TEXT, 400, "soon"),
        ("?language=english", "text/plain", TEXT, 400, "ISO 639-1"),
        ("?what=all", "text/plain", TEXT, 400, "events or toponyms"),
        ("?f=csv", "text/plain", TEXT, 400, "geojson"),
        ("?x=1", "text/plain", TEXT, 400, "There are:"),
        ("", "text/plain", long.as_str(), 413, "at most"),
    ] {
        let answer = post(&app, query, media_type, body.to_owned()).await;
        let said = String::from_utf8_lossy(&answer.body).into_owned();
        assert_eq!(
            answer.status.as_u16(),
            status,
            "{query} {media_type}: {said}"
        );
        assert_eq!(
            answer.header("content-type"),
            "application/problem+json",
            "{said}"
        );
        assert!(
            said.contains(part),
            "{query} {media_type}: {said} does not say {part:?}"
        );
    }
    let broken = post(&app, "", "text/plain", vec![0xff, 0xfe, 0x41]).await;
    assert_eq!(broken.status, StatusCode::BAD_REQUEST);
    assert_eq!(
        get(&app, "/extract").await.status,
        StatusCode::METHOD_NOT_ALLOWED
    );
}
