//! Vector tiles; what is in them, the module `tile` tests.

use axum::http::StatusCode;

use crate::world::{app, encoded, get};

#[tokio::test]
async fn a_tile_has_the_layers_that_are_asked_for() {
    let app = app();
    let has =
        |body: &[u8], name: &str| body.windows(name.len()).any(|part| part == name.as_bytes());
    for (path, there, not_there) in [
        (
            "/tiles/WebMercatorQuad/3/3/4",
            vec!["events", "movements"],
            vec!["incidents", "areas"],
        ),
        (
            "/tiles/WebMercatorQuad/3/3/4?collections=incidents",
            vec!["incidents", "count"],
            vec!["events"],
        ),
        (
            "/collections/areas/tiles/WebMercatorQuad/3/3/4",
            vec!["areas", "Syria"],
            vec!["events"],
        ),
        (
            "/collections/events/tiles/WebMercatorQuad/14/6551/9900?action=siege",
            vec![],
            vec!["clash"],
        ),
    ] {
        let answer = get(&app, path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert_eq!(
            answer.header("content-type"),
            "application/vnd.mapbox-vector-tile"
        );
        for name in there {
            assert!(has(&answer.body, name), "{path} has no {name}");
        }
        for name in not_there {
            assert!(!has(&answer.body, name), "{path} has {name}");
        }
    }
}

#[tokio::test]
async fn time_and_filter_leave_out_what_they_do_not_match() {
    let app = app();
    let tile = "/tiles/WebMercatorQuad/5/12/19";
    let all = get(&app, tile).await.body.len();
    let none = get(&app, &format!("{tile}?datetime=1999")).await;
    assert_eq!((none.status, none.body.len()), (StatusCode::OK, 0));
    let some = get(
        &app,
        &format!(
            "{tile}?filter={}",
            encoded("action = 'siege' AND confidence > 0.9")
        ),
    )
    .await
    .body
    .len();
    assert!(0 < some && some < all, "{some} of {all} bytes");
    let problem = get(&app, &format!("{tile}?filter=confidence")).await;
    assert_eq!(
        (problem.status, &problem.json()["parameter"]),
        (StatusCode::BAD_REQUEST, &"filter".into())
    );
}

#[tokio::test]
async fn what_describes_the_tiles_leads_to_them() {
    let app = app();
    let tilejson = get(&app, "/tiles/WebMercatorQuad?f=tilejson").await.json();
    assert_eq!(tilejson["tilejson"], "3.0.0");
    let layers: Vec<_> = tilejson["vector_layers"]
        .as_array()
        .expect("layers")
        .iter()
        .map(|layer| &layer["id"])
        .collect();
    assert_eq!(layers, ["events", "movements"]);
    let template = tilejson["tiles"][0].as_str().expect("an address");
    let path = template
        .strip_prefix("http://map.test:8080")
        .expect("absolute");
    let path = path
        .replace("{z}", "0")
        .replace("{y}", "0")
        .replace("{x}", "0");
    assert_eq!(get(&app, &path).await.status, StatusCode::OK);

    let set = get(&app, "/collections/events/tiles/WebMercatorQuad")
        .await
        .json();
    assert_eq!(set["dataType"], "vector");
    let matrices = get(&app, "/tileMatrixSets/WebMercatorQuad").await.json();
    assert_eq!(matrices["tileMatrices"][0]["matrixWidth"], 1);
    assert_eq!(
        get(&app, "/tileMatrixSets").await.json()["tileMatrixSets"][0]["id"],
        "WebMercatorQuad"
    );
    assert_eq!(
        get(&app, "/tiles").await.json()["tilesets"]
            .as_array()
            .map(Vec::len),
        Some(1)
    );
}

#[tokio::test]
async fn a_tile_that_there_is_not_is_a_404_that_says_which_there_are() {
    let app = app();
    for (path, part) in [
        ("/tiles/WGS1984Quad/0/0/0", "WebMercatorQuad"),
        ("/tiles/WebMercatorQuad/23/0/0", "0 to 22"),
        ("/tiles/WebMercatorQuad/1/2/0", "row 2"),
        ("/tiles/WebMercatorQuad/1/0/2", "column 2"),
        ("/tiles/WebMercatorQuad/a/0/0", "zoom/row/column"),
        ("/tiles/WebMercatorQuad/-1/0/0", "zoom/row/column"),
        ("/tiles/WebMercatorQuad/99999999999/0/0", "zoom/row/column"),
        (
            "/collections/articles/tiles/WebMercatorQuad/0/0/0",
            "no tiles of articles",
        ),
        (
            "/collections/none/tiles/WebMercatorQuad/0/0/0",
            "no collection",
        ),
    ] {
        let answer = get(&app, path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        let detail = answer.json()["detail"].to_string();
        assert!(detail.contains(part), "{path}: {detail}");
    }
    let answer = get(&app, "/tiles/WebMercatorQuad/0/0/0?collections=articles").await;
    assert_eq!(
        (answer.status, &answer.json()["parameter"]),
        (StatusCode::BAD_REQUEST, &"collections".into())
    );
}
