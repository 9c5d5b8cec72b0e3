use jiff::civil::{Date, date};
use proptest::prelude::*;

use super::*;
use crate::cql2;
use crate::domain::{
    Action, BoundingBox, DateBasis, DatePrecision, EventRecord, Point, Status, day_number,
    numbered_day,
};

mod changes;
mod history;

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

fn ids(layer: &Layer, page: &Page) -> Vec<String> {
    page.rows(layer).map(|row| row.id().to_owned()).collect()
}

/// The ids of all rows.
fn all_ids(layer: &Layer) -> Vec<String> {
    ids(layer, &layer.query(&all()))
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
    let json: serde_json::Value = serde_json::from_str(&row.json()).expect("JSON");
    assert_eq!(
        json,
        serde_json::to_value(record.to_feature()).expect("JSON")
    );
}

#[test]
fn an_events_feature_is_as_long_as_is_said_and_not_much_shorter() {
    let index = Index::build(
        vec![],
        vec![event("e1", Some((-39.12345, -36.54321)), None)],
    );
    let snapshot = index.snapshot();
    let row = snapshot.events.get("e1").expect("indexed");
    let mut json = Vec::new();
    snapshot.write_event(&mut json, row, None);
    let said = row.length();
    assert!(
        (json.len() + 1..json.len() + 40).contains(&said),
        "{said}, {}",
        json.len()
    );
}

#[test]
fn every_property_of_the_record_has_a_column_in_the_same_order() {
    let columns = |row: Row<'_>| -> Vec<String> {
        let json: serde_json::Value = serde_json::from_str(&row.json()).expect("JSON");
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
    assert_eq!(all_ids(&after.events), ["e1", "e3", "e4"]);
    assert_eq!(
        all_ids(&before.events),
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
    assert_eq!(all_ids(&index.snapshot().events), ["e3"]);
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
        let Some(incident) = snapshot.incidents.get(incident) else {
            return Vec::new();
        };
        let reports = snapshot.reports_of(incident).into_iter();
        let rows = reports.map(|slot| snapshot.events.row(slot));
        rows.map(|row| row.id().to_owned()).collect()
    };
    let incident_of = |snapshot: &Snapshot, event: &str| {
        snapshot.incident_of(snapshot.events.get(event).expect("there"))
    };
    let index = Index::build(vec![], vec![report("e2")]);
    let before = index.snapshot();
    // The first report is known from its row, the second as it was given.
    index.put(vec![], vec![report("e1")]);
    let after = index.snapshot();
    assert_eq!(ids_of(&before, "i-e2"), ["e2"]);
    assert_eq!(ids_of(&after, "i-e1"), ["e1", "e2"]);
    assert_eq!(incident_of(&after, "e2"), "i-e1");
    assert_eq!(all_ids(&after.incidents), ["i-e1"]);
    let row = after.incidents.get("i-e1").expect("there").json();
    assert!(row.contains("\"reports\":2,\"articles\":2"), "{row}");
    assert!(ids_of(&after, "i-e2").is_empty() && ids_of(&after, "e1").is_empty());

    index.remove(&["article of e1".into()]);
    let again = index.snapshot();
    assert_eq!(all_ids(&again.incidents), ["i-e2"]);
    let row = |snapshot: &Snapshot| snapshot.incidents.get("i-e2").map(Row::json);
    assert_eq!(row(&again), row(&before));
    assert_eq!(incident_of(&again, "e2"), "i-e2");
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
    assert_eq!(all_ids(&snapshot.movements), ["both"]);
    let row = snapshot.movements.get("both").expect("there");
    assert!(
        row.json()
            .contains(r#"{"type":"LineString","coordinates":[[38.0,36.0],[39.0,37.0]]}"#)
    );
}

/// A predicate on events, from CQL2.
fn predicate(text: &str) -> Predicate {
    let expression = cql2::parse_text(text).expect("CQL2");
    let point = |[lon, lat]: [f64; 2]| Point { lon, lat };
    Predicate::new(&expression, EVENT_PROPERTIES, &point).expect("a predicate on events")
}

#[test]
fn rows_come_sorted_with_the_unknown_last_and_pages_follow_on_after_a_row_has_moved() {
    let with = |id: &str, confidence: f64, country: Option<&str>| EventRecord {
        article: format!("a{id}"),
        confidence,
        country: country.map(str::to_owned),
        ..event(id, None, None)
    };
    let rows = [
        ("1", 0.5, Some("SY")),
        ("2", 0.9, None),
        ("3", 0.5, Some("ML")),
        ("4", 0.9, Some("SY")),
        ("5", 0.5, None),
    ];
    let index = Index::build(
        vec![],
        rows.iter()
            .map(|&(id, c, country)| with(id, c, country))
            .collect(),
    );
    let column = |name| {
        EVENT_PROPERTIES
            .iter()
            .position(|p| p.name == name)
            .expect("a property")
    };
    let order = |name, descending| Order {
        column: column(name),
        descending,
    };
    let sorted = |order: Vec<Order>, after, limit| {
        let snapshot = index.snapshot();
        let page = snapshot.events.query(&Query {
            order,
            after,
            limit,
            ..all()
        });
        (ids(&snapshot.events, &page), page)
    };
    let by = vec![order("confidence", true), order("country", false)];
    assert_eq!(sorted(by.clone(), None, 9).0, ["4", "2", "3", "1", "5"]);
    assert_eq!(
        sorted(vec![order("country", true)], None, 9).0,
        ["1", "4", "3", "2", "5"]
    );

    let (found, first) = sorted(by.clone(), None, 2);
    assert_eq!(found, ["4", "2"]);
    assert_eq!(first.matched, 5);
    // The row that the page ended with goes to the end, another one comes before it: neither comes again.
    index.put(vec![], vec![with("2", 0.1, None), with("6", 1.0, None)]);
    let (found, second) = sorted(by.clone(), first.next, 2);
    assert_eq!(found, ["3", "1"]);
    assert_eq!(sorted(by, second.next, 9).0, ["5", "2"]);
}

#[test]
fn text_is_found_by_words_and_phrases_without_case_or_accents() {
    let told = |id: &str, quote: &str| EventRecord {
        quote: quote.into(),
        place: Some("Deir ez-Zor".into()),
        ..event(id, None, None)
    };
    let index = Index::build(
        vec![],
        vec![
            told("1", "Évacuée, la base aérienne."),
            told("2", "The air base fell."),
        ],
    );
    for (q, expected) in [
        ("base", vec!["1", "2"]),
        ("EVACUEE", vec!["1"]),
        ("air base", vec!["2"]),
        ("base air", vec![]),
        ("aérienne,air base", vec!["1", "2"]),
        ("deir EZ zor", vec!["1", "2"]),
        ("fell deir", vec![]),
        ("nowhere", vec![]),
        ("bas", vec![]),
        (" ,; ", vec![]),
    ] {
        let search = Some(Search::parse(q));
        let snapshot = index.snapshot();
        let page = snapshot.events.query(&Query { search, ..all() });
        assert_eq!(ids(&snapshot.events, &page), expected, "{q}");
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
        let snapshot = index.snapshot();
        let page = snapshot.events.query(&Query {
            after,
            limit: 7,
            bbox: Some(BoundingBox::WORLD),
            ..Query::default()
        });
        seen.extend(ids(&snapshot.events, &page));
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

/// Values that a property may have: any of them.
type Choice = (&'static str, Vec<&'static str>);

fn any_query() -> impl Strategy<Value = (Query, Vec<Choice>)> {
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
    let choices = proptest::collection::vec(
        prop_oneof![
            proptest::sample::subsequence(vec!["withdrawal", "clash", "siege"], 1..3)
                .prop_map(|values| ("action", values)),
            proptest::sample::subsequence(vec!["SY", "UA", "XX"], 1..3)
                .prop_map(|values| ("country", values)),
        ],
        0..3,
    );
    (
        proptest::option::of(bbox),
        proptest::option::of(days),
        choices,
    )
        .prop_map(|(bbox, days, choices)| {
            let parts: Vec<_> = choices
                .iter()
                .map(|(property, values)| format!("{property} IN ('{}')", values.join("','")))
                .collect();
            let query = Query {
                bbox,
                days,
                predicate: (!parts.is_empty()).then(|| predicate(&parts.join(" AND "))),
                limit: usize::MAX,
                ..Query::default()
            };
            (query, choices)
        })
}

/// What the query means, said plainly.
fn matches_plainly(
    record: &EventRecord,
    place: Option<&Geometry>,
    query: &Query,
    choices: &[Choice],
) -> bool {
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
        && choices.iter().all(|(property, values)| match *property {
            "action" => values.contains(&record.action.as_str()),
            _ => record
                .country
                .as_ref()
                .is_some_and(|c| values.contains(&c.as_str())),
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
        for (query, choices) in queries {
            for layer in [&snapshot.events, &snapshot.movements] {
                let expected: Vec<_> = records
                    .iter()
                    .filter(|r| layer.get(&r.id).is_some_and(|row| matches_plainly(r, row.geometry().as_deref(), &query, &choices)))
                    .map(|r| r.id.as_str())
                    .collect();
                let page = layer.query(&query);
                prop_assert_eq!(page.matched, expected.len());
                prop_assert_eq!(ids(layer, &page), expected);
            }
        }
    }

    #[test]
    fn pages_laid_together_are_the_whole(
        mut records in proptest::collection::vec(any_record(), 1..80),
        (query, _) in any_query(),
        sorted in any::<bool>(),
        limit in 1..9_usize,
    ) {
        for (n, record) in records.iter_mut().enumerate() {
            record.id = format!("e{n}");
        }
        let snapshot = Index::build(vec![], records).snapshot();
        // By country, of which there are few, and which is often not known.
        let country = EVENT_PROPERTIES.iter().position(|p| p.name == "country").expect("a property");
        let order = if sorted { vec![Order { column: country, descending: true }] } else { vec![] };
        let query = Query { order, ..query };
        let whole = snapshot.events.query(&query);
        let (mut parts, mut after) = (Vec::new(), None);
        loop {
            let page = snapshot.events.query(&Query { after, limit, ..query.clone() });
            prop_assert_eq!(page.matched, whole.matched);
            prop_assert!(page.slots.len() <= limit);
            parts.extend(ids(&snapshot.events, &page));
            after = page.next;
            if after.is_none() { break }
        }
        prop_assert_eq!(parts, ids(&snapshot.events, &whole));
    }
}
