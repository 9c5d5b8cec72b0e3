//! Why the place names of an article are where they are.

use std::collections::HashMap;
use std::sync::Arc;

use axum::http::StatusCode;
use sitmap::api::App;
use sitmap::article;
use sitmap::index::{ArticleRecord, Index};
use sitmap::pipeline::Extractor;

use crate::world::get;

const TEXT: &str = "In Lebanon, clashes broke out. The army sent troops from Beirut to Tripoli, and nobody asked Zouzoukistan.";

/// The service over one article.
fn app() -> App {
    let extractor = Extractor::bundled().expect("the bundled data");
    let article = article::of_text(TEXT.to_owned(), None, &extractor.languages);
    let mut article = article.expect("it is text");
    "a".clone_into(&mut article.id);
    article.language = Some("en".to_owned());
    let index = Index::build(vec![ArticleRecord::from(&article)], vec![]);
    // As a store gives it back.
    article.blocks.clear();
    let source = HashMap::from([("a".to_owned(), article)]);
    App::new(Arc::new(index), Arc::new(source), Arc::new(extractor))
}

#[tokio::test]
async fn each_name_has_its_candidates_and_the_best_is_the_one_that_was_chosen() {
    let app = app();
    let all = get(&app, "/collections/articles/items/a/toponyms").await;
    assert_eq!(all.header("content-type"), "application/geo+json");
    let all = all.json();
    let features = all["features"].as_array().expect("features");
    let names: Vec<_> = features
        .iter()
        .map(|f| f["properties"]["text"].clone())
        .collect();
    assert_eq!(names, ["Lebanon", "Beirut", "Tripoli"]);
    for feature in features {
        let properties = &feature["properties"];
        let candidates = properties["candidates"].as_array().expect("candidates");
        if let Some(best) = candidates.first() {
            assert_eq!(best["place_id"], properties["place_id"]);
            assert!(
                candidates.is_sorted_by_key(
                    |c| -(c["probability"].as_f64().expect("a number") * 1e6) as i64
                )
            );
        }
    }
    let tripoli = &features[2]["properties"];
    assert_eq!(
        (&tripoli["country"], &tripoli["said"]),
        (&"LB".into(), &true.into())
    );
    let libya = tripoli["candidates"].as_array().expect("candidates").iter();
    let libya = libya.filter(|c| c["country"] == "LY").count();
    assert!(libya > 0, "the other one is told: {tripoli}");

    let at = TEXT.find("Tripoli").expect("it is there") + 3;
    let one = get(
        &app,
        &format!("/collections/articles/items/a/toponyms?at={at}"),
    )
    .await;
    assert_eq!(one.json()["features"], serde_json::json!([features[2]]));
}

#[tokio::test]
async fn what_is_not_there_and_what_is_no_number_are_named() {
    let app = app();
    let missing = get(&app, "/collections/articles/items/b/toponyms").await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
    let wrong = get(&app, "/collections/articles/items/a/toponyms?at=x").await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    assert_eq!(wrong.json()["parameter"], "at");
}
