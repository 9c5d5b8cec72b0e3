//! Over a real connection: headers, compression, caching, the end.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::world::{app, get, get_with, send};

/// A service on a free port, which ends when this is dropped.
pub(crate) struct Running {
    pub(crate) address: String,
    _stop: oneshot::Sender<()>,
}

pub(crate) async fn start() -> Running {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    let (stop, stopped) = oneshot::channel::<()>();
    tokio::spawn(sitmap::api::serve(listener, app(), async {
        // Told to stop, or the other end dropped: the same.
        let _ = stopped.await;
    }));
    Running {
        address,
        _stop: stop,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_is_fetched_over_http_with_links_to_the_same_host() {
    let service = start().await;
    let address = service.address.clone();
    let fetch = move || {
        let url = format!("{address}/collections/events/items?limit=10");
        ureq::get(&url)
            .call()
            .expect("an answer")
            .body_mut()
            .read_json::<serde_json::Value>()
    };
    let page = tokio::task::spawn_blocking(fetch)
        .await
        .expect("runs")
        .expect("JSON");
    assert_eq!(page["numberReturned"], 10);
    let links = page["links"].as_array().expect("links");
    assert!(links.iter().all(|l| {
        l["href"]
            .as_str()
            .expect("text")
            .starts_with(&service.address)
    }));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_service_ends_when_it_is_told_to() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let (stop, stopped) = oneshot::channel::<()>();
    let service = tokio::spawn(sitmap::api::serve(listener, app(), async {
        let _ = stopped.await;
    }));
    drop(stop);
    service.await.expect("no panic").expect("a clean end");
}

#[tokio::test]
async fn every_answer_carries_the_security_headers_and_may_be_read_from_anywhere() {
    let app = app();
    for path in [
        "/",
        "/?f=html",
        "/collections/events/items?limit=1",
        "/nowhere",
        "/collections?x=1",
    ] {
        let request = Request::get(path)
            .header("origin", "https://other.test")
            .body(Body::empty());
        let answer = send(&app, request.expect("a request")).await;
        assert!(
            answer
                .header("content-security-policy")
                .starts_with("default-src 'self'"),
            "{path}"
        );
        assert!(
            !answer.header("content-security-policy").contains("unsafe"),
            "{path}"
        );
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("access-control-allow-origin"), "*", "{path}");
    }
    let preflight = Request::options("/collections/events/items")
        .header("origin", "https://other.test")
        .header("access-control-request-method", "GET")
        .body(Body::empty());
    let answer = send(&app, preflight.expect("a request")).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(
        answer
            .header("access-control-allow-methods")
            .contains("GET")
    );
}

#[tokio::test]
async fn a_large_answer_is_compressed_for_who_can_read_it() {
    let app = app();
    let path = "/collections/events/items?limit=1000";
    let plain = get(&app, path).await;
    assert_eq!(plain.header("content-encoding"), "");
    let request = Request::get(path)
        .header("accept-encoding", "gzip")
        .body(Body::empty());
    let small = send(&app, request.expect("a request")).await;
    assert_eq!(small.header("content-encoding"), "gzip");
    assert!(small.body.len() * 4 < plain.body.len());
}

#[tokio::test]
async fn what_has_not_changed_is_not_sent_again() {
    let app = app();
    for path in [
        "/?f=html",
        "/index.html",
        "/collections/events/items",
        "/collections/events/items/e1",
    ] {
        let first = get(&app, path).await;
        let tag = first.header("etag");
        assert!(!tag.is_empty(), "{path}");
        let again = get_with(&app, path, ("if-none-match", tag)).await;
        assert_eq!(again.status, StatusCode::NOT_MODIFIED, "{path}");
        assert!(again.body.is_empty());
        let other = get_with(&app, path, ("if-none-match", "\"other\"")).await;
        assert_eq!(other.status, StatusCode::OK, "{path}");
    }
}

#[tokio::test]
async fn head_is_get_without_the_body() {
    let app = app();
    let request = Request::head("/collections/events/items").body(Body::empty());
    let answer = send(&app, request.expect("a request")).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.header("content-type"), "application/geo+json");
    assert!(answer.body.is_empty());
}

#[tokio::test]
async fn the_page_is_the_operator_s_and_may_load_his_base_maps_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let archive = folder.path().join("relief.pmtiles");
    std::fs::write(&archive, b"PMTiles\x03 and tiles").expect("written");
    let settings: sitmap::api::MapSettings = toml::from_str(&format!(
        r#"
            title = "Sahel </script><b>"
            languages = ["fr"]
            base = [
                {{ name = "Streets", url = "https://tiles.example.org/{{z}}/{{x}}/{{y}}.png", attribution = "©" }},
                {{ name = "Relief", file = {archive:?}, attribution = "©" }},
            ]
        "#
    ))
    .expect("settings");
    settings.check().expect("they can be");
    let app = app().with_map(settings);
    let page = get(&app, "/?f=html").await;
    let text = String::from_utf8_lossy(&page.body).into_owned();
    let (_, rest) = text.split_once("id=\"settings\">").expect("the settings");
    let (inside, _) = rest.split_once("</script>").expect("an end");
    let inside: serde_json::Value = serde_json::from_str(inside).expect("JSON");
    assert_eq!(inside["title"], "Sahel </script><b>");
    assert_eq!(inside["base"][1]["url"], "base/1.pmtiles");
    let policy = page.header("content-security-policy");
    assert!(
        policy.contains("img-src 'self' data: blob: https://tiles.example.org;"),
        "{policy}"
    );
    let part = Request::get("/base/1.pmtiles")
        .header("range", "bytes=0-6")
        .body(Body::empty());
    let part = send(&app, part.expect("a request")).await;
    assert_eq!(
        (part.status, &part.body[..]),
        (StatusCode::PARTIAL_CONTENT, &b"PMTiles"[..])
    );
    assert_eq!(
        get(&app, "/base/0.pmtiles").await.status,
        StatusCode::NOT_FOUND
    );
}
