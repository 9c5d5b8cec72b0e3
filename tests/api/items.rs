//! What the items are, against a plain reading of the same events.

use serde_json::Value;
use sitmap::domain::{Action, EventRecord};

use crate::world::{ARTICLES, EVENTS, app, event, get, link};

const ITEMS: &str = "/collections/events/items";

fn count(test: impl Fn(&EventRecord) -> bool) -> usize {
    (0..EVENTS).map(event).filter(|record| test(record)).count()
}

fn day(text: &str) -> jiff::civil::Date {
    text.parse().expect("a day")
}

#[tokio::test]
async fn a_query_matches_as_many_events_as_a_plain_scan_finds() {
    let app = app();
    let within = |w: f64, s: f64, e: f64, n: f64| {
        move |r: &EventRecord| {
            r.point
                .is_some_and(|p| (w..=e).contains(&p.lon) && (s..=n).contains(&p.lat))
        }
    };
    let during = |from: &str, to: &str| {
        let (from, to) = (day(from), day(to));
        move |r: &EventRecord| r.start.is_some_and(|s| s <= to) && r.end.is_some_and(|e| e >= from)
    };
    let syria = within(36.0, 34.0, 39.0, 36.0);
    let october = during("2016-10-01", "2016-10-31");
    let cases: Vec<(&str, usize)> = vec![
        ("", EVENTS),
        ("bbox=36,34,39,36", count(syria)),
        ("bbox=36,34,0,39,36,9000", count(syria)),
        (
            "bbox=34,36,36,39&bbox-crs=http://www.opengis.net/def/crs/EPSG/0/4326",
            count(syria),
        ),
        (
            "bbox=36,34,39,36&bbox-crs=http://www.opengis.net/def/crs/OGC/1.3/CRS84",
            count(syria),
        ),
        (
            "bbox=170,-20,-170,20",
            count(|r| r.point.is_some_and(|p| p.lon.abs() > 170.0)),
        ),
        ("bbox=-180,-90,180,90", count(|r| r.point.is_some())),
        ("bbox=-180,85,180,90", 0),
        (
            "datetime=2016-10-16",
            count(during("2016-10-16", "2016-10-16")),
        ),
        (
            "datetime=2016-10-16T12:00:00Z",
            count(during("2016-10-16", "2016-10-16")),
        ),
        ("datetime=2016-10", count(october)),
        ("datetime=2016-10-01/2016-10-31", count(october)),
        ("datetime=2016-10-01/P31D", count(october)),
        (
            "datetime=../2016-10-31",
            count(during("0001-01-01", "2016-10-31")),
        ),
        (
            "datetime=2016-10-01/..",
            count(during("2016-10-01", "9999-01-01")),
        ),
        ("datetime=../..", count(|r| r.start.is_some())),
        (
            "datetime=../2016-10-31T23:59:59Z&datetime=2016-10-01/..",
            count(october),
        ),
        (
            "datetime=0000-01-01T00:00:00Z/9999-12-31T00:00:00Z",
            count(|r| r.start.is_some()),
        ),
        (
            "action=withdrawal",
            count(|r| r.action == Action::Withdrawal),
        ),
        (
            "action=withdrawal,clash",
            count(|r| matches!(r.action, Action::Withdrawal | Action::Clash)),
        ),
        (
            "action=withdrawal&action=clash",
            count(|r| matches!(r.action, Action::Withdrawal | Action::Clash)),
        ),
        ("country=FJ", count(|r| r.country.as_deref() == Some("FJ"))),
        ("country=XX", 0),
        (
            "actor=Turkey,%20with%20allies",
            count(|r| r.actor.as_deref() == Some("Turkey, with allies")),
        ),
        ("geo_precision=1,2", count(|r| r.geo_precision < 3)),
        ("confidence=0.50", EVENTS / 100),
        ("id=e1,e2,none", 2),
        (
            "start=2016-10-16",
            count(|r| r.start == Some(day("2016-10-16"))),
        ),
        (
            "bbox=36,34,39,36&datetime=2016-10&action=withdrawal,deployment",
            count(|r| {
                syria(r)
                    && october(r)
                    && matches!(r.action, Action::Withdrawal | Action::Deployment)
            }),
        ),
        ("limit=3&limit=5", EVENTS),
    ];
    for (query, expected) in cases {
        let page = get(&app, &format!("{ITEMS}?{query}")).await.json();
        assert_eq!(page["numberMatched"], expected, "{query}");
        let features = page["features"].as_array().expect("features").len();
        assert_eq!(page["numberReturned"], features, "{query}");
    }
}

#[tokio::test]
async fn following_next_gives_every_event_once() {
    let app = app();
    for (query, expected) in [
        ("", EVENTS),
        ("limit=999&f=json", EVENTS),
        (
            "limit=7&action=siege&bbox=-180,-90,180,90",
            count(|r| r.action == Action::Siege && r.point.is_some()),
        ),
    ] {
        let mut ids = Vec::new();
        let mut next = Some(format!("{ITEMS}?{query}"));
        while let Some(path) = next {
            let answer = get(&app, &path).await;
            let page = answer.json();
            next = link(&page, "next");
            let header = answer.header("link");
            assert_eq!(header.contains("rel=\"next\""), next.is_some());
            assert!(
                next.as_ref()
                    .is_none_or(|path| header.contains(path.as_str()))
            );
            assert_eq!(page["numberMatched"], expected);
            ids.extend(
                page["features"]
                    .as_array()
                    .expect("features")
                    .iter()
                    .map(|f| f["id"].to_string()),
            );
        }
        assert_eq!(ids.len(), expected, "{query}");
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), expected, "{query}: an event came twice");
    }
}

#[tokio::test]
async fn a_limit_above_the_maximum_is_the_maximum() {
    let app = app();
    for limit in ["10000", "10001", "99999999999999999999999"] {
        let answer = get(&app, &format!("{ITEMS}?limit={limit}")).await;
        assert_eq!(answer.json()["numberReturned"], EVENTS);
    }
    assert_eq!(get(&app, ITEMS).await.json()["numberReturned"], 100);
}

#[tokio::test]
async fn a_feature_is_its_record_with_links() {
    let app = app();
    let answer = get(&app, &format!("{ITEMS}/e42")).await;
    assert_eq!(answer.header("content-type"), "application/geo+json");
    assert_eq!(
        answer.header("content-crs"),
        "<http://www.opengis.net/def/crs/OGC/1.3/CRS84>"
    );
    let mut feature = answer.json();
    assert_eq!(
        link(&feature, "self").as_deref(),
        Some("/collections/events/items/e42")
    );
    assert_eq!(
        link(&feature, "collection").as_deref(),
        Some("/collections/events")
    );
    assert_eq!(
        link(&feature, "via").as_deref(),
        Some("/collections/articles/items/a4")
    );
    assert_eq!(
        link(&feature, "related").as_deref(),
        Some("/collections/incidents/items/i-e42")
    );
    feature.as_object_mut().expect("an object").remove("links");
    let properties = feature["properties"].as_object_mut().expect("an object");
    assert_eq!(properties.remove("incident"), Some("i-e42".into()));
    assert_eq!(
        feature,
        serde_json::to_value(event(42).to_feature()).expect("JSON")
    );
}

#[tokio::test]
async fn coordinates_come_in_the_order_of_the_axes_asked_for() {
    let app = app();
    let epsg = "http://www.opengis.net/def/crs/EPSG/0/4326";
    for (path, pointer) in [
        (
            format!("{ITEMS}?limit=1"),
            "/features/0/geometry/coordinates",
        ),
        (format!("{ITEMS}/e0"), "/geometry/coordinates"),
    ] {
        let plain = get(&app, &path).await.json();
        let separator = if path.contains('?') { '&' } else { '?' };
        let answer = get(&app, &format!("{path}{separator}crs={epsg}")).await;
        assert_eq!(answer.header("content-crs"), format!("<{epsg}>"));
        let swapped = answer.json();
        let at = |json: &Value| json.pointer(pointer).cloned().expect("coordinates");
        assert_eq!(at(&plain)[0], at(&swapped)[1]);
        assert_eq!(at(&plain)[1], at(&swapped)[0]);
    }
    let line = get(&app, &format!("/collections/movements/items/e0?crs={epsg}"))
        .await
        .json();
    assert_eq!(
        line["geometry"]["coordinates"],
        serde_json::json!([[36.0, 38.0], [36.5, 39.0]])
    );
}

#[tokio::test]
async fn movements_are_lines_and_found_where_they_pass() {
    let app = app();
    let lines = |query: &str| format!("/collections/movements/items?{query}");
    let page = get(&app, &lines("")).await.json();
    assert_eq!(page["numberMatched"], EVENTS / 10);
    assert_eq!(page["features"][0]["geometry"]["type"], "LineString");
    assert_eq!(page["features"][0]["properties"]["action"], "withdrawal");
    let passing = get(&app, &lines("bbox=38.4,36.1,38.6,36.3")).await.json();
    assert_eq!(
        passing["numberMatched"],
        EVENTS / 10,
        "the middle of the way"
    );
    let beside = get(&app, &lines("bbox=38.1,36.4,38.3,36.5")).await.json();
    assert_eq!(
        beside["numberMatched"], 0,
        "inside the envelope, off the way"
    );
}

#[tokio::test]
async fn articles_have_their_text_and_the_number_of_their_events() {
    let app = app();
    let page = get(&app, "/collections/articles/items?limit=1000")
        .await
        .json();
    assert_eq!(page["numberMatched"], ARTICLES);
    for article in [
        &page["features"][3],
        &get(&app, "/collections/articles/items/a3").await.json(),
    ] {
        assert_eq!(article["geometry"], Value::Null);
        assert_eq!(article["properties"]["events"], 10);
        assert_eq!(
            article["properties"]["text"],
            "Report 3\nThe column left the town before dawn."
        );
    }
    let silent = get(&app, "/collections/articles/items?events=0")
        .await
        .json();
    assert_eq!(silent["features"][0]["id"], format!("a{}", ARTICLES - 1));
    let october = get(&app, "/collections/articles/items?datetime=2019-10-31")
        .await
        .json();
    assert_eq!(
        october["numberMatched"], ARTICLES,
        "published some day in October"
    );
    let somewhere = get(&app, "/collections/articles/items?bbox=-180,-90,180,90")
        .await
        .json();
    assert_eq!(somewhere["numberMatched"], 0);
}
