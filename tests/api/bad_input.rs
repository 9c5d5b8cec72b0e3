//! Whatever a client sends: a problem that names the parameter, never a 500.

use axum::body::Body;
use axum::http::{Request, StatusCode};

use crate::world::{app, encoded, get, send};

const ITEMS: &str = "/collections/events/items";

/// Query, and the parameter that is at fault.
const BAD: &[(&str, &str)] = &[
    ("bbox=1,2,3", "bbox"),
    ("bbox=1,2,3,4,5", "bbox"),
    ("bbox=1,2,3,4,5,6,7", "bbox"),
    ("bbox=", "bbox"),
    ("bbox=a,b,c,d", "bbox"),
    ("bbox=1,2,3,", "bbox"),
    ("bbox=1;2;3;4", "bbox"),
    ("bbox=10,50,20,40", "bbox"),
    ("bbox=NaN,0,1,1", "bbox"),
    ("bbox=-inf,0,1,1", "bbox"),
    ("bbox=-181,0,1,1", "bbox"),
    ("bbox=0,0,1,91", "bbox"),
    ("bbox=1,2,3,4&bbox=5,6,7,8", "bbox"),
    ("bbox=0,0,1,1&bbox-crs=EPSG:4326", "bbox-crs"),
    (
        "bbox=35,34,42,37&bbox-crs=http://www.opengis.net/def/crs/EPSG/0/99999",
        "bbox-crs",
    ),
    (
        "bbox=34,95,37,96&bbox-crs=http://www.opengis.net/def/crs/EPSG/0/4326&crs=x",
        "crs",
    ),
    (
        "bbox=95,34,96,37&bbox-crs=http://www.opengis.net/def/crs/EPSG/0/4326",
        "bbox",
    ),
    ("crs=", "crs"),
    ("datetime=", "datetime"),
    ("datetime=yesterday", "datetime"),
    ("datetime=2019-13-01", "datetime"),
    ("datetime=2019-02-29", "datetime"),
    ("datetime=16.10.2019", "datetime"),
    ("datetime=2019-10-16T25:00:00Z", "datetime"),
    ("datetime=2019-10-16T12:00:00", "datetime"),
    ("datetime=2019-10-22/2019-10-09", "datetime"),
    ("datetime=2019-10-09/2019-10-10/2019-10-11", "datetime"),
    ("datetime=../P2D", "datetime"),
    ("datetime=2019-10-16/P", "datetime"),
    ("datetime=2019-10-16/P99999999999Y", "datetime"),
    ("datetime=2019-10-16&datetime=x", "datetime"),
    ("limit=-1", "limit"),
    ("limit=0", "limit"),
    ("limit=abc", "limit"),
    ("limit=1.5", "limit"),
    ("limit=", "limit"),
    ("limit=1e3", "limit"),
    ("limit=%2B5", "limit"),
    ("cursor=abc", "cursor"),
    ("cursor=-1", "cursor"),
    ("cursor=", "cursor"),
    ("cursor=1~", "cursor"),
    ("cursor=1~[2]", "cursor"),
    ("cursor=1~[2]&sortby=action", "cursor"),
    ("cursor=1~[%22a%22,2]&sortby=action", "cursor"),
    ("cursor=99999999999999999999", "cursor"),
    ("crs=EPSG:3857", "crs"),
    ("crs=http://www.opengis.net/def/crs/EPSG/0/32637", "crs"),
    (
        "bbox=4e6,4e6,inf,5e6&bbox-crs=http://www.opengis.net/def/crs/EPSG/0/3857",
        "bbox",
    ),
    (
        "bbox=4e6,5e6,5e6,4e6&bbox-crs=http://www.opengis.net/def/crs/EPSG/0/3857",
        "bbox",
    ),
    ("filter=", "filter"),
    ("filter=%20", "filter"),
    ("filter=action", "filter"),
    ("filter=action%20%3D", "filter"),
    ("filter=action%20%3D%20clash%27", "filter"),
    ("filter=altitude%20%3E%203", "filter"),
    ("filter=quote%20%3D%20%27x%27", "filter"),
    ("filter=confidence%20%3E%20%27high%27", "filter"),
    ("filter=S_INTERSECTS(geometry,POINT(1))", "filter"),
    ("filter=S_INTERSECTS(geometry,BBOX(1,2,3))", "filter"),
    ("filter=S_INTERSECTS(geometry,BBOX(1,5,3,4))", "filter"),
    ("filter=T_AFTER(start,DATE(%272019-02-30%27))", "filter"),
    ("filter=area(geometry)%20%3E%203", "filter"),
    ("filter={%22op%22:%22=%22}", "filter"),
    ("filter={%22op%22:%22near%22,%22args%22:[1]}", "filter"),
    ("filter={", "filter"),
    (
        "filter=action%3D%27clash%27&filter-lang=cql2-json",
        "filter",
    ),
    ("filter=action%3D%27clash%27&filter-lang=cql", "filter-lang"),
    ("filter=TRUE&filter-crs=EPSG:4326", "filter-crs"),
    ("filter=TRUE&filter=FALSE", "filter"),
    ("sortby=", "sortby"),
    ("sortby=altitude", "sortby"),
    ("sortby=quote", "sortby"),
    ("sortby=--confidence", "sortby"),
    ("sortby=confidence,", "sortby"),
    ("sortby=confidence%20DESC", "sortby"),
    ("properties=", "properties"),
    ("properties=altitude", "properties"),
    ("properties=action,,country", "properties"),
    ("q=", "q"),
    ("q=a&q=b", "q"),
    ("lang=fr", "lang"),
    ("f=xml", "f"),
    ("f=GeoJSON", "f"),
    ("f=", "f"),
    ("f=csv&f=kml", "f"),
    (
        "f=kml&crs=http://www.opengis.net/def/crs/EPSG/0/4326",
        "crs",
    ),
    ("action=dance", "action"),
    ("action=", "action"),
    ("action=withdrawal,", "action"),
    ("status=done", "status"),
    ("geo_precision=high", "geo_precision"),
    ("confidence=very", "confidence"),
    ("confidence=NaN", "confidence"),
    ("start=2019", "start"),
    ("quote=The", "quote"),
    ("unknown=1", "unknown"),
    ("BBOX=1,2,3,4", "BBOX"),
    ("offset=100", "offset"),
    ("%00=1", "\0"),
    ("=1", ""),
];

#[tokio::test]
async fn a_bad_parameter_is_named_with_what_is_wrong() {
    let app = app();
    for (query, parameter) in BAD {
        let answer = get(&app, &format!("{ITEMS}?{query}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{query}");
        assert_eq!(
            answer.header("content-type"),
            "application/problem+json",
            "{query}"
        );
        let problem = answer.json();
        assert_eq!(problem["parameter"], *parameter, "{query}: {problem}");
        assert_eq!(problem["status"], 400);
        for member in ["type", "title", "detail"] {
            assert!(
                problem[member]
                    .as_str()
                    .is_some_and(|text| !text.is_empty()),
                "{query}: {member}"
            );
        }
    }
}

#[tokio::test]
async fn an_unknown_parameter_is_answered_with_the_known_ones() {
    let app = app();
    let detail = get(&app, &format!("{ITEMS}?offset=3")).await.json()["detail"].to_string();
    for known in [
        "bbox", "datetime", "limit", "cursor", "filter", "sortby", "action", "country",
    ] {
        assert!(detail.contains(known), "{known} is not in {detail}");
    }
    for path in [
        "/?f=json&x=1",
        "/conformance?x=1",
        "/api?x=1",
        "/collections?x=1",
        "/collections/events?x=1",
        "/collections/events/schema?x=1",
        "/collections/events/queryables?x=1",
        "/collections/events/items/e1?x=1",
        "/collections/events/items/e1?bbox=1,2,3,4",
        "/collections/articles/items?action=clash",
    ] {
        assert_eq!(
            get(&app, path).await.status,
            StatusCode::BAD_REQUEST,
            "{path}"
        );
    }
}

#[tokio::test]
async fn an_error_message_has_an_example_that_works() {
    let app = app();
    for (query, example) in [
        ("bbox=1,2,3", "bbox=35.5,34,42.5,37.5"),
        ("datetime=x", "2019-10-09/2019-10-22"),
        ("limit=x", "limit=100"),
        ("sortby=x", "sortby=-confidence,country"),
    ] {
        let detail = get(&app, &format!("{ITEMS}?{query}")).await.json()["detail"].to_string();
        assert!(detail.contains(example), "{detail}");
        let parameter = query.split('=').next().expect("a name");
        let value = example.rsplit('=').next().expect("a value");
        let answer = get(&app, &format!("{ITEMS}?{parameter}={value}")).await;
        assert_eq!(answer.status, StatusCode::OK, "{example}");
    }
}

#[tokio::test]
async fn a_filter_that_cannot_be_read_says_where_and_one_that_works() {
    let app = app();
    let detail = get(&app, &format!("{ITEMS}?filter=action%20%3D%20AND"))
        .await
        .json()["detail"]
        .to_string();
    assert!(
        detail.contains("at character 10") && detail.contains("AND"),
        "{detail}"
    );
    let (_, example) = detail
        .trim_end_matches('"')
        .split_once("For example: filter=")
        .expect("an example");
    let answer = get(&app, &format!("{ITEMS}?filter={}", encoded(example))).await;
    assert_eq!(answer.status, StatusCode::OK, "{example}");
}

#[tokio::test]
async fn what_is_too_long_is_refused_and_not_worked_at() {
    let app = app();
    for (name, value) in [
        (
            "filter",
            format!("{}TRUE{}", "(".repeat(3_000), ")".repeat(3_000)),
        ),
        ("q", "x".repeat(101)),
        ("bbox", "1,".repeat(5_000)),
        ("sortby", "action,".repeat(5_000)),
    ] {
        let answer = get(&app, &format!("{ITEMS}?{name}={}", encoded(&value))).await;
        // The longest never reach a handler.
        assert!(
            matches!(answer.status.as_u16(), 400 | 414),
            "{name}: {}",
            answer.status
        );
        assert!(
            answer.body.len() < 4_000,
            "{name}: what was sent is not sent back"
        );
    }
}

#[tokio::test]
async fn what_is_not_there_is_a_404_that_says_what_is() {
    let app = app();
    for path in [
        "/nowhere",
        "/collections/nothing",
        "/collections/nothing/items",
        "/collections/nothing/schema",
        "/collections/events/items/none",
        "/collections/events/items/e1/more",
        "/collections/movements/items/e1",
        "/assets/none.js",
        "/../Cargo.toml",
        "/%2e%2e/Cargo.toml",
        "/collections/events/items/%FF",
        "/collections//items",
    ] {
        let answer = get(&app, path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(
            answer.header("content-type"),
            "application/problem+json",
            "{path}"
        );
        assert_eq!(answer.json()["status"], 404, "{path}");
    }
}

#[tokio::test]
async fn a_method_that_writes_is_a_405_with_those_that_are_allowed() {
    let app = app();
    for method in ["POST", "PUT", "DELETE", "PATCH"] {
        for path in ["/", ITEMS, "/collections/events/items/e1", "/index.html"] {
            let request = Request::builder()
                .method(method)
                .uri(path)
                .body(Body::empty());
            let answer = send(&app, request.expect("a request")).await;
            assert_eq!(
                answer.status,
                StatusCode::METHOD_NOT_ALLOWED,
                "{method} {path}"
            );
            assert_eq!(answer.header("content-type"), "application/problem+json");
            assert!(answer.header("allow").contains("GET"));
        }
    }
}

#[tokio::test]
async fn a_host_that_is_none_does_not_come_back_in_links() {
    let app = app();
    for host in ["evil.test/path", "a\"b", "user@evil.test", "evil.test:x"] {
        let request = Request::get("/collections")
            .header("host", host)
            .body(Body::empty());
        let answer = send(&app, request.expect("a request")).await;
        let text = String::from_utf8(answer.body).expect("UTF-8");
        assert!(!text.contains(host), "{host}");
        assert!(text.contains("http://localhost/collections"));
    }
}
