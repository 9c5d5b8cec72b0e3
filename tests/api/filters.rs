//! `filter`, `sortby`, `q` and `properties`, against a plain reading of the same events.

use serde_json::Value;
use sitmap::domain::{Action, EventRecord, Status};

use crate::world::{EVENTS, app, encoded, event, get, link};

const ITEMS: &str = "/collections/events/items";
const CQL2: &str = "http://www.opengis.net/spec/cql2/1.0/conf/";

/// Whether an event satisfies a condition, said plainly.
type Plain = fn(&EventRecord) -> bool;

fn inside(record: &EventRecord, west: f64, south: f64, east: f64, north: f64) -> bool {
    record
        .point
        .is_some_and(|p| (west..=east).contains(&p.lon) && (south..=north).contains(&p.lat))
}

fn day(text: &str) -> jiff::civil::Date {
    text.parse().expect("a day")
}

/// A class of CQL2, a filter of it, and what it means.
const CASES: &[(&str, &str, Plain)] = &[
    ("cql2-text", "action = 'clash'", |r| {
        r.action == Action::Clash
    }),
    (
        "cql2-json",
        r#"{"op":"=","args":[{"property":"action"},"clash"]}"#,
        |r| r.action == Action::Clash,
    ),
    (
        "basic-cql2",
        "confidence > 0.5 AND NOT (status = 'planned' OR country = 'FJ')",
        |r| r.confidence > 0.5 && r.status != Status::Planned && r.country.as_deref() != Some("FJ"),
    ),
    ("basic-cql2", "start IS NULL", |r| r.start.is_none()),
    (
        "basic-cql2",
        "geometry IS NULL AND start >= DATE('2017-01-01')",
        |r| r.point.is_none() && r.start.is_some_and(|start| start >= day("2017-01-01")),
    ),
    (
        "advanced-comparison-operators",
        "actor LIKE 'Turkey%' AND confidence BETWEEN 0.2 AND 0.4",
        |r| {
            r.actor
                .as_deref()
                .is_some_and(|actor| actor.starts_with("Turkey"))
                && (0.2..=0.4).contains(&r.confidence)
        },
    ),
    (
        "advanced-comparison-operators",
        "geo_precision IN (1, 7)",
        |r| matches!(r.geo_precision, 1 | 7),
    ),
    (
        "case-insensitive-comparison",
        "CASEI(actor) = CASEI('sdf')",
        |r| r.actor.as_deref() == Some("SDF"),
    ),
    (
        "accent-insensitive-comparison",
        "ACCENTI(actor) = ACCENTI('SDF')",
        |r| r.actor.as_deref() == Some("SDF"),
    ),
    (
        "basic-spatial-functions",
        "S_INTERSECTS(geometry, BBOX(36, 34, 39, 36))",
        |r| inside(r, 36.0, 34.0, 39.0, 36.0),
    ),
    (
        "basic-spatial-functions",
        "S_INTERSECTS(geometry, BBOX(170, -20, -170, 20))",
        |r| r.point.is_some_and(|p| p.lon.abs() > 170.0),
    ),
    (
        "basic-spatial-functions-plus",
        "S_INTERSECTS(geometry, POLYGON((36 34, 39 34, 39 36, 36 36, 36 34)))",
        |r| inside(r, 36.0, 34.0, 39.0, 36.0),
    ),
    (
        "spatial-functions",
        "S_DISJOINT(geometry, BBOX(-180, -90, 170, 90))",
        |r| r.point.is_some_and(|p| p.lon > 170.0),
    ),
    (
        "temporal-functions",
        "T_INTERSECTS(INTERVAL(start, end), INTERVAL('2016-10-01', '2016-10-31'))",
        |r| {
            r.start.is_some_and(|start| start <= day("2016-10-31"))
                && r.end.is_some_and(|end| end >= day("2016-10-01"))
        },
    ),
    ("arithmetic", "geo_precision * 2 - 1 > 10", |r| {
        r.geo_precision * 2 - 1 > 10
    }),
    ("property-property", "start = end", |r| {
        r.start.is_some() && r.start == r.end
    }),
];

#[tokio::test]
async fn every_class_that_is_declared_has_a_case_and_is_answered_as_a_plain_scan_is() {
    let app = app();
    let declared = get(&app, "/conformance").await.json();
    let declared = declared["conformsTo"]
        .as_array()
        .expect("classes")
        .iter()
        .filter_map(Value::as_str);
    for class in declared.filter_map(|class| class.strip_prefix(CQL2)) {
        assert!(
            CASES.iter().any(|(of, ..)| *of == class),
            "{class} has no case"
        );
    }
    for (class, filter, plain) in CASES {
        let expected = (0..EVENTS).map(event).filter(plain).count();
        assert!(
            0 < expected && expected < EVENTS,
            "{class}: {filter} tells nothing"
        );
        let page = get(&app, &format!("{ITEMS}?limit=1&filter={}", encoded(filter)))
            .await
            .json();
        assert_eq!(page["numberMatched"], expected, "{class}: {filter}");
    }
}

#[tokio::test]
async fn a_filter_joins_the_other_parameters_and_speaks_other_reference_systems() {
    let app = app();
    let count = |test: Plain| (0..EVENTS).map(event).filter(test).count();
    let metres = "S_INTERSECTS(geometry, BBOX(4007501.6, 4028802.0, 4341460.2, 4300621.4))";
    for (query, expected) in [
        (
            format!(
                "action=clash&bbox=36,34,39,36&filter={}",
                encoded("confidence > 0.5")
            ),
            count(|r| {
                r.action == Action::Clash && inside(r, 36.0, 34.0, 39.0, 36.0) && r.confidence > 0.5
            }),
        ),
        (
            format!(
                "filter={}&filter-crs=http://www.opengis.net/def/crs/EPSG/0/3857",
                encoded(metres)
            ),
            count(|r| inside(r, 36.0, 34.0, 39.0, 36.0)),
        ),
        (
            format!(
                "filter={}&filter-crs=http://www.opengis.net/def/crs/EPSG/0/4326&filter-lang=cql2-text",
                encoded(
                    "S_WITHIN(geometry, POLYGON((33.9 36, 36.1 36, 36.1 39, 33.9 39, 33.9 36)))"
                )
            ),
            // What lies on the edge is not within.
            count(|r| inside(r, 36.000_001, 33.900_001, 38.999_999, 36.099_999)),
        ),
        (
            format!("filter={}", encoded("id IN ('e1', 'e2', 'none')")),
            2,
        ),
    ] {
        let page = get(&app, &format!("{ITEMS}?limit=1&{query}")).await.json();
        assert_eq!(page["numberMatched"], expected, "{query}");
    }
}

#[tokio::test]
async fn sorted_pages_follow_each_other_without_a_gap() {
    let app = app();
    let mut seen: Vec<(f64, String)> = Vec::new();
    let mut next = Some(format!(
        "{ITEMS}?sortby=-confidence,country&limit=700&properties=confidence"
    ));
    while let Some(path) = next {
        let page = get(&app, &path).await.json();
        let features = page["features"].as_array().expect("features");
        seen.extend(features.iter().map(|feature| {
            (
                feature["properties"]["confidence"]
                    .as_f64()
                    .expect("a number"),
                feature["id"].to_string(),
            )
        }));
        next = link(&page, "next");
    }
    assert_eq!(seen.len(), EVENTS);
    assert!(seen.is_sorted_by(|a, b| a.0 >= b.0));
    let mut ids: Vec<_> = seen.into_iter().map(|(_, id)| id).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), EVENTS, "an event came twice");
}

#[tokio::test]
async fn only_the_properties_that_are_asked_for_are_given() {
    let app = app();
    for path in [
        format!("{ITEMS}?limit=1&properties=action,incident"),
        "/collections/movements/items?limit=1&properties=incident,action".to_owned(),
    ] {
        let page = get(&app, &path).await.json();
        let feature = &page["features"][0];
        let names: Vec<_> = feature["properties"]
            .as_object()
            .expect("an object")
            .keys()
            .collect();
        assert_eq!(names, ["action", "incident"], "{path}");
        assert!(feature["geometry"].is_object() && feature["id"].is_string());
    }
    let item = get(&app, &format!("{ITEMS}/e1?properties=country"))
        .await
        .json();
    assert_eq!(item["properties"], serde_json::json!({"country": "SY"}));
}

#[tokio::test]
async fn words_are_found_in_the_text_of_features() {
    let app = app();
    for (path, expected) in [
        (format!("{ITEMS}?q=before%20DAWN"), EVENTS),
        (
            format!("{ITEMS}?q=sdf"),
            (0..EVENTS)
                .map(event)
                .filter(|r| r.actor.as_deref() == Some("SDF"))
                .count(),
        ),
        (format!("{ITEMS}?q=nothing,of,this"), 0),
        ("/collections/articles/items?q=report%20250".to_owned(), 1),
        ("/collections/areas/items?q=aleppo".to_owned(), 1),
    ] {
        assert_eq!(
            get(&app, &path).await.json()["numberMatched"],
            expected,
            "{path}"
        );
    }
}

#[tokio::test]
async fn places_and_areas_are_filtered_and_sorted_like_events() {
    let app = app();
    let page = get(
        &app,
        &format!(
            "/collections/places/items?sortby=-population&limit=3&filter={}",
            encoded("country = 'SY' AND population > 500000")
        ),
    )
    .await
    .json();
    let people: Vec<_> = page["features"]
        .as_array()
        .expect("features")
        .iter()
        .map(|place| place["properties"]["population"].as_u64())
        .collect();
    assert!(
        people.len() == 3 && people.is_sorted_by(|a, b| a >= b),
        "{people:?}"
    );
    assert!(people.iter().all(|people| *people > Some(500_000)));

    let around = get(
        &app,
        "/collections/areas/items?bbox=36.3,33.5,36.3,33.5&properties=name,kind",
    )
    .await
    .json();
    let names: Vec<_> = around["features"]
        .as_array()
        .expect("features")
        .iter()
        .filter_map(|area| area["properties"]["name"].as_str())
        .collect();
    assert!(names.contains(&"Syria"), "{names:?}");
    assert!(
        !names.contains(&"Lebanon"),
        "its box holds Damascus, its outline does not: {names:?}"
    );
    assert_eq!(around["features"][0]["geometry"]["type"], "MultiPolygon");
}
