//! The gazetteer as a collection, against a plain reading of it.

use serde_json::Value;
use sitmap::domain::PlaceKind;
use sitmap::gazetteer::Gazetteer;

use crate::world::{app, get, link};

const ITEMS: &str = "/collections/places/items";

fn ids(page: &Value) -> Vec<String> {
    let features = page["features"].as_array().expect("features");
    features
        .iter()
        .map(|feature| feature["id"].as_str().expect("an id").to_owned())
        .collect()
}

#[tokio::test]
async fn a_name_finds_its_place_first_and_says_how() {
    let app = app();
    for (query, name, how) in [
        ("q=Alep", "Aleppo", "exact"),
        ("q=%D8%AD%D9%84%D8%A8", "Aleppo", "exact"),
        ("q=bakhm", "Bakhmut", "prefix"),
        (
            "q=%D0%91%D0%B0%D1%85%D0%BC%D1%83%D1%82%D0%B0",
            "Bakhmut",
            "form",
        ),
        ("q=Menbedj", "Manbij", "skeleton"),
    ] {
        let page = get(&app, &format!("{ITEMS}?{query}&limit=1")).await.json();
        let properties = &page["features"][0]["properties"];
        assert_eq!(
            (properties["name"].as_str(), properties["match"].as_str()),
            (Some(name), Some(how)),
            "{query}"
        );
    }
    let nothing = get(&app, &format!("{ITEMS}?q=Xyzzyqwv")).await.json();
    assert_eq!(
        (nothing["numberMatched"].as_u64(), ids(&nothing).len()),
        (Some(0), 0)
    );
}

#[tokio::test]
async fn labels_come_in_the_language_that_is_asked_for() {
    let app = app();
    let label = async |query: &str| {
        let page = get(&app, &format!("{ITEMS}?q=Alep&limit=1{query}"))
            .await
            .json();
        page["features"][0]["properties"]["label"]
            .as_str()
            .expect("a label")
            .to_owned()
    };
    assert_eq!(label("").await, "Aleppo");
    assert_eq!(label("&lang=fr").await, "Alep");
    assert_eq!(label("&lang=xx").await, "Aleppo");
    let refused = get(&app, &format!("{ITEMS}?q=Alep&lang=french")).await;
    assert_eq!(
        (
            refused.status.as_u16(),
            refused.json()["parameter"].as_str()
        ),
        (400, Some("lang"))
    );
}

#[tokio::test]
async fn filters_match_what_a_plain_scan_finds() {
    let app = app();
    let gazetteer = Gazetteer::bundled().expect("the bundled image opens");
    let inside = |place| {
        let point = gazetteer.point(place);
        (36.0..=38.0).contains(&point.lon) && (35.0..=37.0).contains(&point.lat)
    };
    let count = |test: &dyn Fn(sitmap::gazetteer::PlaceRef) -> bool| {
        gazetteer.places().filter(|place| test(*place)).count() as u64
    };
    let facility = |place| gazetteer.kind(place) == PlaceKind::Facility;
    let syrian = |place| gazetteer.country_of(place) == Some("SY");
    for (query, expected) in [
        ("", count(&|_| true)),
        ("bbox=36,35,38,37", count(&inside)),
        (
            "bbox=36,35,38,37&kind=facility",
            count(&|place| inside(place) && facility(place)),
        ),
        (
            "country=SY&kind=facility",
            count(&|place| syrian(place) && facility(place)),
        ),
        ("country=SY&datetime=2019-10-16", count(&syrian)),
        ("id=country:SY,geonames:170063", 2),
    ] {
        let page = get(&app, &format!("{ITEMS}?limit=1&{query}")).await.json();
        assert_eq!(page["numberMatched"].as_u64(), Some(expected), "{query}");
    }
}

#[tokio::test]
async fn pages_follow_one_another_without_loss() {
    let app = app();
    for query in ["country=SY&kind=facility", "q=deir"] {
        let all = ids(&get(&app, &format!("{ITEMS}?{query}&limit=1000"))
            .await
            .json());
        let mut paged = Vec::new();
        let mut next = Some(format!("{ITEMS}?{query}&limit=30"));
        while let Some(path) = next {
            let page = get(&app, &path).await.json();
            paged.extend(ids(&page));
            next = link(&page, "next");
        }
        assert!(all.len() > 60, "{query}");
        assert_eq!(paged, all, "{query}");
    }
}

#[tokio::test]
async fn one_place_is_found_by_its_id() {
    let app = app();
    for id in [
        "geonames:170063",
        "country:SY",
        "admin1:SY.09",
        "sitmap:hmeimim-air-base",
    ] {
        let answer = get(&app, &format!("{ITEMS}/{id}")).await;
        assert_eq!(answer.status, 200, "{id}");
        assert_eq!(answer.json()["properties"]["id"], id);
    }
    for id in ["geonames:1", "geonames:x", "country:QQ", "nothing"] {
        assert_eq!(
            get(&app, &format!("{ITEMS}/{id}")).await.status,
            404,
            "{id}"
        );
    }
}

#[tokio::test]
async fn a_q_that_is_no_name_is_refused_by_name() {
    let app = app();
    let long = format!("q={}", "a".repeat(101));
    for query in ["q=", "q=%20", &long, "q=a&q=b"] {
        let answer = get(&app, &format!("{ITEMS}?{query}")).await;
        assert_eq!(
            (answer.status.as_u16(), answer.json()["parameter"].as_str()),
            (400, Some("q")),
            "{query}"
        );
    }
}
