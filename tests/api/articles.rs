//! `POST /articles`: who may, what is kept, and what is answered.

use std::io::Write;
use std::sync::atomic::Ordering;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use sitmap::api::{App, Limits, Reads};

use crate::shelf::{app_and_shelf, post};
use crate::world::{Answer, app, get, get_with, send};

const TEXT: &str =
    "On Wednesday Syrian government forces entered the border town of Kobani, witnesses said.";
const WRITE: &str = "authorization: Bearer write";
const JSON: &str = "content-type: application/json";
const LINES: &str = "content-type: application/x-ndjson";

async fn send_one(app: &App, article: &Value) -> Answer {
    post(app, "/articles", &[WRITE, JSON], article.to_string()).await
}

async fn send_lines(app: &App, lines: &[String]) -> Vec<Value> {
    let answer = post(app, "/articles", &[WRITE, LINES], lines.join("\n")).await;
    assert_eq!(answer.status, StatusCode::MULTI_STATUS);
    let results = answer.json()["results"].take();
    results.as_array().expect("a list").clone()
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).expect("packed");
    encoder.finish().expect("packed")
}

#[tokio::test]
async fn an_article_is_kept_and_can_be_read_when_it_is_answered() {
    let (app, shelf) = app_and_shelf();
    let article = json!({"id": "kobani/1", "text": TEXT, "published": "2019-10-17"});
    let answer = send_one(&app, &article).await;
    assert_eq!(answer.status, StatusCode::CREATED);
    let said = answer.json();
    assert_eq!(
        (&said["id"], &said["outcome"]),
        (&json!("kobani/1"), &json!("new"))
    );
    let location = answer.header("location");
    assert_eq!(
        location,
        "http://map.test:8080/collections/articles/items/kobani%2F1"
    );
    let path = location.strip_prefix("http://map.test:8080").expect("ours");
    assert_eq!(get(&app, path).await.status, StatusCode::OK);
    let events = said["events"].as_array().expect("a list").clone();
    assert!(!events.is_empty());
    let event = format!(
        "/collections/events/items/{}",
        events[0].as_str().expect("an id")
    );
    let event = event.replace("kobani/1", "kobani%2F1");
    assert_eq!(get(&app, &event).await.status, StatusCode::OK);

    let again = send_one(&app, &article).await;
    assert_eq!(again.status, StatusCode::OK);
    assert_eq!(again.json()["outcome"], "unchanged");
    assert_eq!(again.json()["events"], json!(events));
    let other = json!({"id": "kobani/1", "text": "Nothing happened in Kobani on that day."});
    let replaced = send_one(&app, &other).await;
    assert_eq!(replaced.status, StatusCode::CREATED);
    assert_eq!(replaced.json()["outcome"], "replaced");
    assert_eq!(get(&app, &event).await.status, StatusCode::NOT_FOUND);
    assert_eq!(shelf.kept.lock().expect("no panic").len(), 1);
}

#[tokio::test]
async fn without_an_id_an_article_is_known_by_its_text() {
    let (app, shelf) = app_and_shelf();
    let first = send_one(&app, &json!({"text": TEXT})).await.json();
    let second = send_one(&app, &json!({"text": TEXT})).await.json();
    assert_eq!(first["id"], second["id"]);
    assert_eq!(second["outcome"], "unchanged");
    assert_eq!(shelf.kept.lock().expect("no panic").len(), 1);
}

#[tokio::test]
async fn of_many_the_good_ones_are_kept_and_the_others_named_by_their_line() {
    let (app, shelf) = app_and_shelf();
    let long = format!(r#"{{"id": "long", "text": "{}"}}"#, "a ".repeat(1_100_000));
    let lines = [
        json!({"id": "a", "text": TEXT}).to_string(),
        String::new(),
        "{\"text\": ".to_owned(),
        json!({"id": "b"}).to_string(),
        json!({"id": "c", "text": "A quiet day."}).to_string() + "\r",
        long,
        json!({"id": "a", "text": "A quiet day."}).to_string(),
        json!({"id": "c", "text": "A quiet day."}).to_string(),
    ];
    let results = send_lines(&app, &lines).await;
    let brief: Vec<_> = results
        .iter()
        .map(|result| {
            let line = result["line"].as_u64().expect("a line");
            let status = result["status"].as_u64().expect("a status");
            (line, status, result["outcome"].as_str().unwrap_or_default())
        })
        .collect();
    assert_eq!(
        brief,
        [
            (1, 201, "new"),
            (3, 400, ""),
            (4, 422, ""),
            (5, 201, "new"),
            (6, 413, ""),
            (7, 201, "replaced"),
            (8, 200, "unchanged"),
        ]
    );
    assert!(
        results[2]["detail"]
            .to_string()
            .contains("neither text nor html")
    );
    let kept = shelf.kept.lock().expect("no panic");
    assert_eq!(kept["a"].0.text, "A quiet day.");
    assert_eq!(kept.len(), 2);
}

#[tokio::test]
async fn the_last_of_several_contents_of_one_id_counts() {
    let (app, shelf) = app_and_shelf();
    let line = |text: &str| json!({"id": "a", "text": text}).to_string();
    send_lines(&app, &[line("One quiet day.")]).await;
    // The second is there when the lines are read, and no more when its turn comes.
    let results = send_lines(&app, &[line("Another quiet day."), line("One quiet day.")]).await;
    let outcomes: Vec<_> = results.iter().map(|result| &result["outcome"]).collect();
    assert_eq!(outcomes, ["replaced", "replaced"]);
    assert_eq!(
        shelf.kept.lock().expect("no panic")["a"].0.text,
        "One quiet day."
    );
}

#[tokio::test]
async fn more_than_a_batch_is_taken_in_in_order() {
    let (app, shelf) = app_and_shelf();
    let lines: Vec<_> = (0..600)
        .map(|n| json!({"id": format!("n{n}"), "text": format!("Day {n} was quiet.")}).to_string())
        .collect();
    let results = send_lines(&app, &lines).await;
    let ids: Vec<_> = results.iter().map(|result| result["id"].clone()).collect();
    let expected: Vec<_> = (0..600).map(|n| json!(format!("n{n}"))).collect();
    assert_eq!(ids, expected);
    assert_eq!(shelf.kept.lock().expect("no panic").len(), 600);
}

#[tokio::test]
async fn a_packed_body_is_unpacked_as_far_as_it_may_go() {
    let (app, shelf) = app_and_shelf();
    let gzip = "content-encoding: gzip";
    let article = json!({"id": "a", "text": TEXT}).to_string();
    let body = packed(article.as_bytes());
    let answer = post(&app, "/articles", &[WRITE, JSON, gzip], body).await;
    assert_eq!(answer.status, StatusCode::CREATED);
    // 200 KB that would be 200 MB.
    let bomb = packed(&vec![b' '; 200 << 20]);
    assert!(bomb.len() < 300_000);
    let answer = post(&app, "/articles", &[WRITE, LINES, gzip], bomb).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(shelf.kept.lock().expect("no panic").len(), 1);
}

#[tokio::test]
async fn only_a_token_of_scope_write_or_admin_may() {
    let (app, shelf) = app_and_shelf();
    let article = json!({"text": TEXT}).to_string();
    for (header, status, told) in [
        ("x-none: x", 401, "Bearer realm=\"sitmap\""),
        ("authorization: Bearer", 401, "Bearer realm=\"sitmap\""),
        (
            "authorization: Basic d3JpdGU6",
            401,
            "Bearer realm=\"sitmap\"",
        ),
        ("authorization: Bearer none", 401, "invalid_token"),
        ("authorization: Bearer read", 403, "insufficient_scope"),
        ("authorization: bearer write", 201, ""),
        ("authorization: Bearer admin", 200, ""),
    ] {
        let answer = post(&app, "/articles", &[header, JSON], article.clone()).await;
        assert_eq!(answer.status.as_u16(), status, "{header}");
        assert!(answer.header("www-authenticate").contains(told), "{header}");
        assert_eq!(answer.header("access-control-allow-origin"), "", "{header}");
    }
    assert_eq!(shelf.kept.lock().expect("no panic").len(), 1);
    // A service that knows no tokens lets nobody in.
    let answer = post(&crate::world::app(), "/articles", &[WRITE, JSON], article).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_page_of_another_origin_may_read_and_extract_but_not_write() {
    let app = app();
    for (path, allowed) in [
        ("/collections", true),
        ("/extract", true),
        ("/articles", false),
    ] {
        let preflight = Request::options(path)
            .header("origin", "https://other.test")
            .header("access-control-request-method", "POST")
            .header("access-control-request-headers", "authorization")
            .body(Body::empty());
        let answer = send(&app, preflight.expect("a request")).await;
        let allows = answer
            .headers
            .keys()
            .any(|name| name.as_str().starts_with("access-control-allow"));
        assert_eq!(allows, allowed, "{path}");
    }
}

#[tokio::test]
async fn a_store_that_cannot_be_written_is_told_without_saying_more() {
    let (app, shelf) = app_and_shelf();
    shelf.locked.store(true, Ordering::SeqCst);
    let article = json!({"text": TEXT}).to_string();
    for kind in [JSON, LINES] {
        let answer = post(&app, "/articles", &[WRITE, kind], article.clone()).await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{kind}");
        assert!(!answer.header("retry-after").is_empty());
        let said = String::from_utf8(answer.body).expect("UTF-8");
        assert!(
            !said.contains("secret") && !said.contains("locked"),
            "{said}"
        );
    }
    shelf.locked.store(false, Ordering::SeqCst);
    let answer = post(&app, "/articles", &[WRITE, JSON], article).await;
    assert_eq!(answer.status, StatusCode::CREATED);
}

#[tokio::test]
async fn what_there_is_no_room_for_is_to_come_later() {
    let (app, _) = app_and_shelf();
    let length = format!("content-length: {}", 32 << 20);
    // Four of them fill it, and none of them ends: their bodies do not come.
    let waiting: Vec<_> = (0..4)
        .map(|_| {
            let (app, length) = (app.clone(), length.clone());
            tokio::spawn(async move {
                let body =
                    Body::from_stream(tokio_stream::pending::<Result<Vec<u8>, std::io::Error>>());
                post(&app, "/articles", &[WRITE, LINES, &length], body).await
            })
        })
        .collect();
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    let answer = post(
        &app,
        "/articles",
        &[WRITE, JSON],
        json!({"text": TEXT}).to_string(),
    )
    .await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(!answer.header("retry-after").is_empty());
    for one in waiting {
        one.abort();
        // Ended, it gives back its room.
        assert!(one.await.is_err());
    }
    let answer = post(
        &app,
        "/articles",
        &[WRITE, JSON],
        json!({"text": TEXT}).to_string(),
    )
    .await;
    assert_eq!(answer.status, StatusCode::CREATED);
}

#[tokio::test]
async fn who_sends_too_often_is_told_how_long_to_wait() {
    let (app, _) = app_and_shelf();
    let app = app.with_limits(Limits {
        posts_per_minute: 12,
        ..Limits::default()
    });
    let article = json!({"text": TEXT}).to_string();
    let mut statuses = Vec::new();
    for _ in 0..4 {
        let answer = post(&app, "/articles", &[WRITE, JSON], article.clone()).await;
        statuses.push(answer.status.as_u16());
        if answer.status == StatusCode::TOO_MANY_REQUESTS {
            let wait: u32 = answer.header("retry-after").parse().expect("seconds");
            assert!((1..=5).contains(&wait), "{wait}");
        }
    }
    assert_eq!(statuses[..2], [201, 200]);
    assert!(statuses.contains(&429), "{statuses:?}");
    // Another's bucket is full.
    let other = ["authorization: Bearer admin", JSON];
    let answer = post(&app, "/articles", &other, article).await;
    assert_eq!(answer.status, StatusCode::OK);
}

#[tokio::test]
async fn where_reading_wants_a_token_only_health_and_the_page_do_without() {
    let (app, _) = app_and_shelf();
    let app = app.with_reads(Reads::Token).with_max_age(60);
    let guarded = [
        "/?f=json",
        "/api",
        "/conformance",
        "/collections",
        "/collections/events/items",
        "/collections/events/items/e1",
        "/collections/events/items?f=csv",
        "/collections/articles/items/a1/toponyms",
        "/tiles/WebMercatorQuad/0/0/0",
        "/stream",
        "/tileMatrixSets",
    ];
    for path in guarded {
        assert_eq!(
            get(&app, path).await.status,
            StatusCode::UNAUTHORIZED,
            "{path}"
        );
        if path != "/stream" {
            let answer = get_with(&app, path, ("authorization", "Bearer read")).await;
            assert!(answer.status.is_success(), "{path}: {}", answer.status);
            assert!(!answer.header("cache-control").contains("public"), "{path}");
        }
    }
    for path in ["/health", "/?f=html", "/index.html"] {
        assert_eq!(get(&app, path).await.status, StatusCode::OK, "{path}");
    }
    let health = get(&app, "/health").await.json();
    assert!(health.get("events").is_none(), "{health}");
    let extract = post(&app, "/extract", &["content-type: text/plain"], TEXT).await;
    assert_eq!(extract.status, StatusCode::UNAUTHORIZED);
    let definition = get_with(&app, "/api", ("authorization", "Bearer read"))
        .await
        .json();
    assert_eq!(definition["security"], json!([{"bearer": []}]));
}

#[tokio::test]
async fn the_definition_says_who_may_send_what() {
    let definition = get(&app(), "/api").await.json();
    assert_eq!(
        definition["components"]["securitySchemes"]["bearer"]["scheme"],
        "bearer"
    );
    let send = &definition["paths"]["/articles"]["post"];
    assert_eq!(send["security"], json!([{"bearer": []}]));
    for status in [
        "200", "201", "207", "400", "401", "403", "408", "413", "415", "422", "429", "503",
    ] {
        assert!(send["responses"].get(status).is_some(), "{status}");
    }
    assert!(definition.get("security").is_none());
}
