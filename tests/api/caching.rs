//! Tags, ages, and answers that are kept.

use std::io::Read;

use axum::http::StatusCode;

use crate::world::{EVENTS, app, app_and_index, event, get, get_with};

const PATHS: [&str; 9] = [
    "/?f=json",
    "/?f=html",
    "/conformance",
    "/api",
    "/collections",
    "/collections/events/schema",
    "/collections/events/items?limit=200",
    "/collections/events/items/e1",
    "/tiles/WebMercatorQuad/3/3/4",
];

#[tokio::test]
async fn a_tag_stands_for_the_same_bytes_whoever_asks_and_after_a_restart() {
    let (one, again) = (app(), app());
    for path in PATHS {
        let first = get(&one, path).await;
        let tag = first.header("etag").to_owned();
        assert!(
            tag.starts_with('"') && tag.len() > 20,
            "{path} has a strong tag: {tag}"
        );
        for other in [get(&one, path).await, get(&again, path).await] {
            assert_eq!(other.header("etag"), tag, "{path}");
            assert_eq!(other.body, first.body, "{path}");
        }
        let same = get_with(&one, path, ("if-none-match", &tag)).await;
        assert_eq!(same.status, StatusCode::NOT_MODIFIED, "{path}");
        assert_eq!(same.header("etag"), tag);
        assert!(same.body.is_empty());
    }
}

#[tokio::test]
async fn each_form_and_each_packing_has_a_tag_of_its_own() {
    let app = app();
    let items = "/collections/events/items?limit=200";
    let mut tags = Vec::new();
    for format in [
        "geojson", "json", "html", "jsonfg", "csv", "ndjson", "fgb", "kml",
    ] {
        for encoding in ["identity", "gzip"] {
            let answer = get_with(
                &app,
                &format!("{items}&f={format}"),
                ("accept-encoding", encoding),
            )
            .await;
            tags.push((answer.header("etag").to_owned(), format, encoding));
        }
    }
    let all = tags.len();
    tags.sort();
    tags.dedup_by(|a, b| a.0 == b.0);
    // What is compressed already is sent as it is.
    assert_eq!(tags.len(), all - 1, "{tags:?}");
}

#[tokio::test]
async fn what_is_packed_is_the_same_as_what_is_not() {
    let app = app();
    for path in PATHS.into_iter().chain([
        "/collections/events/items?f=csv",
        "/collections/events/items?f=kml",
    ]) {
        let plain = get(&app, path).await;
        for _ in 0..2 {
            let packed = get_with(&app, path, ("accept-encoding", "gzip, br;q=0.5")).await;
            if plain.body.len() < 1000 {
                continue;
            }
            assert_eq!(packed.header("content-encoding"), "gzip", "{path}");
            assert!(packed.header("vary").contains("accept-encoding"));
            let mut unpacked = Vec::new();
            let mut reader = flate2::read::GzDecoder::new(&packed.body[..]);
            reader.read_to_end(&mut unpacked).expect("gzip");
            assert_eq!(unpacked.len(), plain.body.len(), "{path}");
            assert!(unpacked == plain.body, "{path}");
        }
    }
    let refused = get_with(&app, PATHS[6], ("accept-encoding", "gzip;q=0, identity")).await;
    assert_eq!(refused.header("content-encoding"), "");
}

#[tokio::test]
async fn a_change_of_the_store_changes_tags_and_times() {
    let (app, index) = app_and_index();
    let path = "/collections/events/items?limit=1";
    let before = get(&app, path).await;
    index.put(
        vec![],
        vec![sitmap::domain::EventRecord {
            article: "new".into(),
            ..event(EVENTS)
        }],
    );
    let after = get(&app, path).await;
    assert_ne!(before.header("etag"), after.header("etag"));
    assert_eq!(
        after.json()["numberMatched"],
        EVENTS + 1,
        "and not what was kept"
    );
    let stale = get_with(&app, path, ("if-none-match", before.header("etag"))).await;
    assert_eq!(stale.status, StatusCode::OK);
}

#[tokio::test]
async fn a_client_that_knows_the_time_only_is_told_too() {
    let app = app();
    let path = "/collections/events/items?limit=1";
    let modified = get(&app, path).await.header("last-modified").to_owned();
    assert!(modified.ends_with("GMT"), "{modified}");
    assert_eq!(
        get_with(&app, path, ("if-modified-since", &modified))
            .await
            .status,
        StatusCode::NOT_MODIFIED
    );
    for earlier in ["Mon, 01 Jan 2001 00:00:00 GMT", "yesterday"] {
        assert_eq!(
            get_with(&app, path, ("if-modified-since", earlier))
                .await
                .status,
            StatusCode::OK,
            "{earlier}"
        );
    }
}

#[tokio::test]
async fn how_long_answers_may_be_kept_is_configured() {
    let path = "/collections/events/items?limit=1";
    assert_eq!(get(&app(), path).await.header("cache-control"), "no-cache");
    assert_eq!(
        get(&app().with_max_age(90), path)
            .await
            .header("cache-control"),
        "public, max-age=90"
    );
}

#[tokio::test]
async fn another_store_or_program_has_other_tags() {
    let path = "/?f=json";
    let (app, index) = app_and_index();
    drop(index);
    let tag = |app| async move { get(&app, path).await.header("etag").to_owned() };
    let plain = tag(app.clone()).await;
    let one = tag(app.clone().with_origin(b"one")).await;
    let other = tag(app.with_origin(b"other")).await;
    assert!(plain != one && one != other && plain != other);
}
