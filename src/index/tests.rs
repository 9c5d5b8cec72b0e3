use jiff::civil::{Date, date};
use proptest::prelude::*;

use super::*;
use crate::domain::{
    Action, BoundingBox, DateBasis, DatePrecision, EventRecord, Point, Status, day_number,
    numbered_day,
};

pub(super) fn event(
    id: &str,
    point: Option<(f64, f64)>,
    days: Option<(Date, Date)>,
) -> EventRecord {
    EventRecord {
        id: id.into(),
        article: "a".into(),
        action: Action::Withdrawal,
        status: Status::Occurred,
        actor: None,
        actor_id: None,
        counterpart: None,
        counterpart_id: None,
        claimed_by: None,
        place: None,
        place_id: None,
        place_as_written: None,
        country: None,
        admin1: None,
        geo_precision: 1,
        radius_km: Some(2.5),
        origin: None,
        origin_lon: None,
        origin_lat: None,
        destination: None,
        destination_lon: None,
        destination_lat: None,
        date: None,
        start: days.map(|d| d.0),
        end: days.map(|d| d.1),
        date_precision: DatePrecision::Day,
        date_basis: DateBasis::Explicit,
        quantity: None,
        quantity_unit: None,
        confidence: 0.8,
        quote: "They left.".into(),
        quote_start: 0,
        quote_end: 10,
        rule: "test".into(),
        title: None,
        url: None,
        publisher: None,
        published: None,
        language: None,
        point: point.map(|(lon, lat)| Point { lon, lat }),
    }
}

fn ids(page: &Page) -> Vec<&str> {
    page.rows.iter().map(|row| row.id()).collect()
}

fn all() -> Query {
    Query {
        limit: usize::MAX,
        ..Query::default()
    }
}

#[test]
fn a_row_is_the_feature_of_its_record() {
    let record = event(
        "e1",
        Some((39.0, 36.0)),
        Some((date(2019, 10, 16), date(2019, 10, 16))),
    );
    let index = Index::build(vec![], vec![record.clone()]);
    let snapshot = index.snapshot();
    let row = snapshot.events.get("e1").expect("indexed");
    let json: serde_json::Value = serde_json::from_str(row.json()).expect("JSON");
    assert_eq!(
        json,
        serde_json::to_value(record.to_feature()).expect("JSON")
    );
}

#[test]
fn every_property_of_the_record_has_a_column_in_the_same_order() {
    let columns = |row: &Row| -> Vec<String> {
        let json: serde_json::Value = serde_json::from_str(row.json()).expect("JSON");
        json["properties"]
            .as_object()
            .expect("an object")
            .keys()
            .cloned()
            .collect()
    };
    let snapshot = Index::build(vec![], vec![event("e1", None, None)]).snapshot();
    let names =
        |table: &[Property]| -> Vec<String> { table.iter().map(|p| p.name.into()).collect() };
    let mut event = names(EVENT_PROPERTIES);
    assert_eq!(
        event.pop().as_deref(),
        Some("incident"),
        "the incident is added by the API"
    );
    assert_eq!(columns(snapshot.events.get("e1").expect("there")), event);
    assert_eq!(
        columns(snapshot.incidents.get("i-e1").expect("there")),
        names(INCIDENT_PROPERTIES)
    );
    let mut article = names(ARTICLE_PROPERTIES);
    assert_eq!(
        article.pop().as_deref(),
        Some("text"),
        "the text is added by the API"
    );
    assert_eq!(columns(snapshot.articles.get("a").expect("there")), article);
}

#[test]
fn an_article_given_again_keeps_only_the_events_given_with_it() {
    let other = EventRecord {
        article: "b".into(),
        ..event("e3", None, None)
    };
    let index = Index::build(
        vec![],
        vec![event("e1", None, None), event("e2", None, None), other],
    );
    let before = index.snapshot();
    index.put(
        vec![],
        vec![event("e4", None, None), event("e1", Some((1.0, 1.0)), None)],
    );
    let after = index.snapshot();
    assert_eq!(ids(&after.events.query(&all())), ["e1", "e3", "e4"]);
    assert_eq!(
        ids(&before.events.query(&all())),
        ["e1", "e2", "e3"],
        "a held snapshot stays"
    );
    assert!(
        after
            .articles
            .get("a")
            .expect("there")
            .json()
            .contains("\"events\":2")
    );
    index.remove(&["a".into(), "nowhere".into()]);
    assert_eq!(ids(&index.snapshot().events.query(&all())), ["e3"]);
    assert_eq!(index.snapshot().articles.len(), 1);
}

#[test]
fn an_incident_has_its_reports_however_they_came() {
    let day = date(2019, 10, 16);
    let report = |id: &str| EventRecord {
        article: format!("article of {id}"),
        ..event(id, Some((38.0, 36.5)), Some((day, day)))
    };
    let ids_of = |snapshot: &Snapshot, incident: &str| -> Vec<String> {
        let reports = snapshot.reports_of(incident).into_iter();
        reports.map(|row| row.id().to_owned()).collect()
    };
    let index = Index::build(vec![], vec![report("e2")]);
    let before = index.snapshot();
    // The first report is known from its row, the second as it was given.
    index.put(vec![], vec![report("e1")]);
    let after = index.snapshot();
    assert_eq!(ids_of(&before, "i-e2"), ["e2"]);
    assert_eq!(ids_of(&after, "i-e1"), ["e1", "e2"]);
    assert_eq!(after.incident_of("e2"), "i-e1");
    assert_eq!(ids(&after.incidents.query(&all())), ["i-e1"]);
    let row = after.incidents.get("i-e1").expect("there").json();
    assert!(row.contains("\"reports\":2,\"articles\":2"), "{row}");
    assert!(ids_of(&after, "i-e2").is_empty() && ids_of(&after, "e1").is_empty());

    index.remove(&["article of e1".into()]);
    let again = index.snapshot();
    assert_eq!(ids(&again.incidents.query(&all())), ["i-e2"]);
    let row = |snapshot: &Snapshot| {
        snapshot
            .incidents
            .get("i-e2")
            .map(|row| row.json().to_owned())
    };
    assert_eq!(row(&again), row(&before));
    assert_eq!(again.incident_of("e2"), "i-e2");
}

#[test]
fn a_movement_needs_both_ends() {
    let moving = EventRecord {
        origin_lon: Some(38.0),
        origin_lat: Some(36.0),
        destination_lon: Some(39.0),
        destination_lat: Some(37.0),
        ..event("both", None, None)
    };
    let leaving = EventRecord {
        id: "one".into(),
        destination_lat: None,
        ..moving.clone()
    };
    let snapshot = Index::build(vec![], vec![moving, leaving]).snapshot();
    assert_eq!(ids(&snapshot.movements.query(&all())), ["both"]);
    let row = snapshot.movements.get("both").expect("there");
    assert!(
        row.json()
            .contains(r#"{"type":"LineString","coordinates":[[38.0,36.0],[39.0,37.0]]}"#)
    );
}

#[test]
fn a_value_that_is_a_number_is_found_in_any_notation() {
    let snapshot = Index::build(vec![], vec![event("e", None, None)]).snapshot();
    for (property, value, found) in [
        ("radius_km", "2.50", 1),
        ("radius_km", "25e-1", 1),
        ("geo_precision", "1", 1),
        ("geo_precision", "2", 0),
        ("quote", "They left.", 0),
        ("no_such", "x", 0),
    ] {
        let filters = vec![Filter {
            property,
            values: vec![value.into()],
        }];
        let page = snapshot.events.query(&Query { filters, ..all() });
        assert_eq!(page.matched, found, "{property}={value}");
    }
}

#[test]
fn paging_loses_nothing_and_repeats_nothing_while_rows_are_added_and_replaced() {
    let article = |n: usize| EventRecord {
        article: format!("a{n}"),
        ..event(&format!("e{n}"), Some((1.0, 1.0)), None)
    };
    let index = Index::build(vec![], (0..50).map(article).collect());
    let mut seen = Vec::new();
    let mut after = None;
    for step in 0.. {
        let page = index.snapshot().events.query(&Query {
            after,
            limit: 7,
            bbox: Some(BoundingBox::WORLD),
            ..Query::default()
        });
        seen.extend(page.rows.iter().map(|row| row.id().to_owned()));
        index.put(
            vec![],
            vec![article(step), article(100 + step), article(49 - step)],
        );
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    let first: Vec<_> = (0..50).map(|n| format!("e{n}")).collect();
    assert_eq!(seen[..50], first, "in order, each once");
    assert_eq!(
        seen.len(),
        seen.iter().collect::<std::collections::HashSet<_>>().len()
    );
}

fn any_day() -> impl Strategy<Value = Date> {
    (0..400_i32).prop_map(|n| numbered_day(17_000 + n))
}

fn any_point() -> impl Strategy<Value = (f64, f64)> {
    // Few values, so that edges, poles and the antimeridian are met often.
    let edges = |limit: f64| vec![-limit, -limit + 0.5, -1.0, 0.0, 1.0, limit - 0.5, limit];
    prop_oneof![
        (-180.0..=180.0_f64, -90.0..=90.0_f64),
        (
            proptest::sample::select(edges(180.0)),
            proptest::sample::select(edges(90.0))
        ),
    ]
}

fn any_record() -> impl Strategy<Value = EventRecord> {
    let days = (any_day(), 0..40_i32).prop_map(|(day, n)| (day, numbered_day(day_number(day) + n)));
    (
        proptest::option::weighted(0.9, any_point()),
        proptest::option::weighted(0.9, days),
        proptest::sample::select(Action::ALL),
        proptest::option::of(proptest::sample::select(vec!["SY", "UA", "ML"])),
        proptest::option::of((any_point(), any_point())),
    )
        .prop_map(|(point, days, action, country, way)| EventRecord {
            action,
            country: country.map(str::to_owned),
            origin_lon: way.map(|w| w.0.0),
            origin_lat: way.map(|w| w.0.1),
            destination_lon: way.map(|w| w.1.0),
            destination_lat: way.map(|w| w.1.1),
            ..event("", point, days)
        })
}

fn any_query() -> impl Strategy<Value = Query> {
    let bbox = (any_point(), any_point()).prop_map(|(a, b)| {
        BoundingBox::new(a.0, a.1.min(b.1), b.0, a.1.max(b.1)).expect("a valid box")
    });
    let days = (
        proptest::option::of(any_day()),
        proptest::option::of(any_day()),
    )
        .prop_map(|(a, b)| match (a, b) {
            (Some(a), Some(b)) => Days {
                from: Some(a.min(b)),
                to: Some(a.max(b)),
            },
            (from, to) => Days { from, to },
        });
    let filters = proptest::collection::vec(
        prop_oneof![
            proptest::sample::subsequence(vec!["withdrawal", "clash", "siege"], 1..3)
                .prop_map(|values| ("action", values)),
            proptest::sample::subsequence(vec!["SY", "UA", "XX"], 1..3)
                .prop_map(|values| ("country", values)),
        ]
        .prop_map(|(property, values)| Filter {
            property,
            values: values.into_iter().map(str::to_owned).collect(),
        }),
        0..3,
    );
    (
        proptest::option::of(bbox),
        proptest::option::of(days),
        filters,
    )
        .prop_map(|(bbox, days, filters)| Query {
            bbox,
            days,
            filters,
            after: None,
            limit: usize::MAX,
        })
}

/// What the query means, said plainly.
fn matches_plainly(record: &EventRecord, place: Option<&Geometry>, query: &Query) -> bool {
    let in_box = query.bbox.is_none_or(|bbox| match place {
        None => false,
        Some(Geometry::Point(p)) => {
            let inside = |low, x, high| low <= x && x <= high;
            inside(bbox.south, p.lat, bbox.north)
                && if bbox.west <= bbox.east {
                    inside(bbox.west, p.lon, bbox.east)
                } else {
                    p.lon >= bbox.west || p.lon <= bbox.east
                }
        }
        Some(line) => line.intersects(bbox),
    });
    let in_days = query
        .days
        .is_none_or(|days| match (record.start, record.end) {
            (Some(start), Some(end)) => {
                days.to.is_none_or(|to| start <= to) && days.from.is_none_or(|from| from <= end)
            }
            _ => false,
        });
    in_box
        && in_days
        && query.filters.iter().all(|filter| match filter.property {
            "action" => filter.values.iter().any(|v| v == record.action.as_str()),
            _ => record
                .country
                .as_ref()
                .is_some_and(|c| filter.values.contains(c)),
        })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    #[test]
    fn the_index_answers_as_a_plain_scan_does(
        mut records in proptest::collection::vec(any_record(), 0..120),
        queries in proptest::collection::vec(any_query(), 40),
        split in 0..120_usize,
    ) {
        for (n, record) in records.iter_mut().enumerate() {
            record.id = format!("e{n}");
            record.article = format!("a{n}");
        }
        let mut first = records.clone();
        let rest = first.split_off(split.min(records.len()));
        let index = Index::build(vec![], first);
        index.put(vec![], rest);
        let snapshot = index.snapshot();
        for query in queries {
            for layer in [&snapshot.events, &snapshot.movements] {
                let expected: Vec<_> = records
                    .iter()
                    .filter(|r| layer.get(&r.id).is_some_and(|row| matches_plainly(r, row.geometry(), &query)))
                    .map(|r| r.id.as_str())
                    .collect();
                let page = layer.query(&query);
                prop_assert_eq!(page.matched, expected.len());
                prop_assert_eq!(ids(&page), expected);
            }
        }
    }

    #[test]
    fn pages_laid_together_are_the_whole(
        mut records in proptest::collection::vec(any_record(), 1..80),
        query in any_query(),
        limit in 1..9_usize,
    ) {
        for (n, record) in records.iter_mut().enumerate() {
            record.id = format!("e{n}");
        }
        let snapshot = Index::build(vec![], records).snapshot();
        let whole = snapshot.events.query(&query);
        let (mut parts, mut after) = (Vec::new(), None);
        loop {
            let page = snapshot.events.query(&Query { after, limit, ..query.clone() });
            prop_assert_eq!(page.matched, whole.matched);
            prop_assert!(page.rows.len() <= limit);
            parts.extend(page.rows.iter().map(|row| row.id().to_owned()));
            after = page.next;
            if after.is_none() { break }
        }
        prop_assert_eq!(parts, ids(&whole));
    }
}
