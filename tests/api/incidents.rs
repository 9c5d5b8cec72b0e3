//! Incidents: what the events of several articles are reports of.

use std::collections::HashMap;
use std::sync::Arc;

use axum::http::StatusCode;
use serde_json::{Value, json};
use sitmap::api::App;
use sitmap::domain::{Article, EventRecord, Point};
use sitmap::incident::Kinship;
use sitmap::index::{ArticleRecord, Index};
use sitmap::pipeline::Extractor;

use crate::world::{get, link};

const ITEMS: &str = "/collections/incidents/items";

/// A report of one article: what happened at Manbij on a day of August 2016, and what is told differently.
fn report(id: &str, article: &str, day: u8, other: &Value) -> EventRecord {
    let day = format!("2016-08-{day:02}");
    let mut record = json!({
        "id": id,
        "article": article,
        "action": "capture",
        "status": "occurred",
        "actor": "Syrian Democratic Forces",
        "actor_id": "sdf",
        "place": "Manbij",
        "place_id": "geonames:168190",
        "country": "SY",
        "geo_precision": 1,
        "radius_km": 3.0,
        "date": day,
        "start": day,
        "end": day,
        "date_precision": "day",
        "date_basis": "explicit",
        "confidence": 0.7,
        "quote": format!("As {article} has it."),
        "quote_start": 0,
        "quote_end": 10,
        "rule": "made",
        "title": format!("Title of {article}"),
        "publisher": article,
    });
    for (name, value) in other.as_object().expect("an object") {
        record[name] = value.clone();
    }
    let mut record: EventRecord = serde_json::from_value(record).expect("a record");
    record.point = Some(Point {
        lon: 37.955,
        lat: 36.528,
    });
    record
}

/// Four reports of the town's capture, and two other happenings.
fn events() -> Vec<EventRecord> {
    vec![
        report(
            "e1",
            "gazette",
            13,
            &json!({"published": "2016-08-14", "confidence": 0.9}),
        ),
        report(
            "e2",
            "courier",
            12,
            &json!({"published": "2016-08-13", "action": "deployment", "actor": "Manbij Military Council", "actor_id": "mmc"}),
        ),
        report(
            "e3",
            "herald",
            12,
            &json!({"published": "2016-08", "status": "denied", "actor": null, "actor_id": null}),
        ),
        report(
            "e4",
            "gazette",
            13,
            &json!({"action": "deployment", "quote": "Once more."}),
        ),
        report("e5", "gazette", 13, &json!({"action": "withdrawal"})),
        report("e6", "herald", 28, &json!({})),
    ]
}

fn app() -> App {
    let pairs = [("mmc".to_owned(), "sdf".to_owned())];
    let index = Index::new(Kinship::new(pairs));
    // One article after the other, as a service follows its store.
    let mut articles = HashMap::new();
    for event in events() {
        let article = Article {
            id: event.article.clone(),
            text: format!("As {} has it. Once more.", event.article),
            title: event.title.clone(),
            url: None,
            publisher: event.publisher.clone(),
            published: event.published,
            language: Some("en".into()),
            blocks: vec![],
        };
        articles.insert(event.article, article);
    }
    for article in articles.values() {
        let of_article = events().into_iter().filter(|e| e.article == article.id);
        index.put(vec![ArticleRecord::from(article)], of_article.collect());
    }
    let extractor = Extractor::bundled().expect("the bundled data");
    App::new(Arc::new(index), Arc::new(articles), Arc::new(extractor))
}

#[tokio::test]
async fn an_incident_tells_what_its_reports_agree_on_and_where_they_do_not() {
    let app = app();
    let page = get(&app, ITEMS).await.json();
    assert_eq!(page["numberMatched"], 3);
    let answer = get(&app, &format!("{ITEMS}/i-e2")).await;
    assert_eq!(answer.status, StatusCode::OK);
    let incident = answer.json();
    let properties = serde_json::to_string_pretty(&incident["properties"]).expect("JSON");
    insta::assert_snapshot!(properties);
    assert_eq!(incident["geometry"]["coordinates"], json!([37.955, 36.528]));
}

#[tokio::test]
async fn an_incident_lists_its_reports_with_links_to_events_and_articles() {
    let app = app();
    let incident = get(&app, &format!("{ITEMS}/i-e2")).await.json();
    let reports = incident["reports"].as_array().expect("reports");
    let ids: Vec<_> = reports.iter().map(|report| &report["id"]).collect();
    assert_eq!(ids, ["e2", "e1", "e4", "e3"]);
    for report in reports {
        let said = &report["properties"];
        assert!(said["quote"].is_string() && said["publisher"].is_string());
        let event = get(&app, &link(report, "self").expect("a link"))
            .await
            .json();
        assert_eq!(&event["properties"], said);
        assert_eq!(said["incident"], "i-e2");
        let article = get(&app, &link(report, "via").expect("a link"))
            .await
            .json();
        assert_eq!(article["id"], said["article"]);
        let back = get(&app, &link(&event, "related").expect("a link"))
            .await
            .json();
        assert_eq!(back["id"], "i-e2");
    }
    let alone = get(&app, &format!("{ITEMS}/i-e6")).await.json();
    assert_eq!(alone["reports"].as_array().map(Vec::len), Some(1));
    let page = get(&app, ITEMS).await.json();
    assert!(
        page["features"][0].get("reports").is_none(),
        "not on a page"
    );
}

#[tokio::test]
async fn incidents_are_asked_for_as_events_are() {
    let app = app();
    for (query, expected) in [
        ("bbox=37,36,38,37", 3),
        ("bbox=30,30,31,31", 0),
        ("datetime=2016-08-12", 1),
        ("datetime=2016-08", 3),
        ("action=capture", 1),
        ("action=deployment", 1),
        ("reports=4", 1),
        ("articles=3", 1),
        ("status_disagree=true", 1),
        ("status_disagree=false", 2),
        ("first_reported=2016-08-13", 1),
        ("id=i-e5,i-e6", 2),
        ("limit=1", 3),
    ] {
        let page = get(&app, &format!("{ITEMS}?{query}")).await.json();
        assert_eq!(page["numberMatched"], expected, "{query}");
    }
    let answer = get(&app, &format!("{ITEMS}?status_disagree=perhaps")).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert_eq!(answer.json()["parameter"], "status_disagree");
    for id in ["e2", "i-e1", "i-", "none"] {
        let answer = get(&app, &format!("{ITEMS}/{id}")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{id}");
    }
}

#[tokio::test]
async fn every_event_is_a_report_of_one_incident() {
    let app = crate::world::app();
    let mut told = 0;
    let mut next = Some(format!("{ITEMS}?limit=1000"));
    while let Some(path) = next {
        let page = get(&app, &path).await.json();
        let features = page["features"].as_array().expect("features");
        let reports = features.iter().map(|f| f["properties"]["reports"].as_u64());
        told += reports.map(|n| n.expect("a number")).sum::<u64>();
        next = link(&page, "next");
    }
    assert_eq!(told, crate::world::EVENTS as u64);
    let health = get(&app, "/health").await.json();
    assert!(health["incidents"].as_u64().expect("a number") <= told);
}
