//! Landing page, conformance, definition, collections, schemas, the map.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use serde_json::Value;

use crate::world::{app, get, link, send};

#[tokio::test]
async fn the_root_is_the_map_for_a_browser_and_the_landing_page_for_a_client() {
    let app = app();
    let browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
    for (path, accept, media_type) in [
        ("/", "*/*", "application/json"),
        ("/", "application/json", "application/json"),
        ("/", browser, "text/html; charset=utf-8"),
        ("/?f=json", browser, "application/json"),
        ("/?f=html", "application/json", "text/html; charset=utf-8"),
        ("/?day=2019-10-16", browser, "text/html; charset=utf-8"),
    ] {
        let request = Request::get(path)
            .header("accept", accept)
            .body(Body::empty());
        let answer = send(&app, request.expect("a request")).await;
        assert_eq!(answer.status, StatusCode::OK, "{path} {accept}");
        assert_eq!(answer.header("content-type"), media_type, "{path} {accept}");
        assert!(answer.header("vary").contains("accept"));
    }
}

#[tokio::test]
async fn every_link_of_every_document_leads_somewhere() {
    let app = app();
    let mut open = vec!["/?f=json".to_owned()];
    let mut seen = std::collections::HashSet::new();
    let mut tried = std::collections::HashSet::new();
    while let Some(path) = open.pop() {
        // Pages of a collection are all alike, and what its files are, `formats` looks at.
        if path.contains("cursor=") || is_file(&path) || !seen.insert(path.clone()) {
            continue;
        }
        let answer = get(&app, &path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        if !answer.header("content-type").contains("json") {
            continue;
        }
        let document = answer.json();
        let collections = document["collections"].as_array().into_iter().flatten();
        for holder in std::iter::once(&document).chain(collections) {
            for link in holder["links"].as_array().into_iter().flatten() {
                let href = link["href"].as_str().expect("an address");
                let target = href
                    .strip_prefix("http://map.test:8080")
                    .expect("absolute")
                    .to_owned();
                // What comes without end is no document.
                if is_file(&target) || target == "/stream" || !tried.insert(target.clone()) {
                    continue;
                }
                let answer = get(&app, &target).await;
                let said = link["type"].as_str().expect("a type");
                assert!(
                    answer.header("content-type").starts_with(said),
                    "{target} is no {said}"
                );
                open.push(target);
            }
        }
    }
    assert!(seen.len() > 15, "{seen:?}");
}

/// Whether a link leads to all features of a collection as a file.
fn is_file(path: &str) -> bool {
    [
        "csv",
        "ndjson",
        "geojsonseq",
        "fgb",
        "gpkg",
        "kml",
        "columns",
    ]
    .iter()
    .any(|format| path.contains(&format!("f={format}")))
}

#[tokio::test]
async fn each_operation_has_a_name_of_its_own() {
    let definition = get(&app(), "/api").await.json();
    let paths = definition["paths"].as_object().expect("paths");
    let operations = paths
        .values()
        .flat_map(|path| path.as_object().expect("operations").values());
    let names: Vec<_> = operations
        .map(|operation| operation["operationId"].as_str().expect("a name"))
        .collect();
    let distinct: std::collections::BTreeSet<_> = names.iter().collect();
    assert_eq!(distinct.len(), names.len(), "{names:?}");
}

#[tokio::test]
async fn the_definition_lists_every_parameter_that_is_answered_and_no_other() {
    let app = app();
    let definition = get(&app, "/api").await;
    assert_eq!(
        definition.header("content-type"),
        "application/vnd.oai.openapi+json;version=3.0"
    );
    let definition = definition.json();
    for collection in ["events", "incidents", "movements", "articles"] {
        let path = format!("/collections/{collection}/items");
        let parameters = definition["paths"][&path]["get"]["parameters"]
            .as_array()
            .expect("parameters");
        let mut declared: Vec<&str> = parameters
            .iter()
            .map(|parameter| match parameter["$ref"].as_str() {
                Some(reference) => definition.pointer(&reference[1..]).expect("resolves"),
                None => parameter,
            })
            .map(|parameter| parameter["name"].as_str().expect("a name"))
            .collect();
        let detail = get(&app, &format!("{path}?no=1")).await.json()["detail"].to_string();
        let (_, known) = detail
            .trim_end_matches(".\"")
            .split_once("There are: ")
            .expect("a list");
        let mut known: Vec<_> = known.split(", ").collect();
        declared.sort_unstable();
        known.sort_unstable();
        assert_eq!(declared, known);
    }
}

#[tokio::test]
async fn the_definition_stays_as_it_was_agreed() {
    let definition = get(&app(), "/api").await.json();
    let mut table = Vec::new();
    for (path, item) in definition["paths"].as_object().expect("paths") {
        let operation = item.get("get").unwrap_or(&item["post"]);
        let parameters = operation["parameters"].as_array().expect("parameters");
        let names: Vec<_> = parameters
            .iter()
            .map(|parameter| {
                parameter["$ref"]
                    .as_str()
                    .or(parameter["name"].as_str())
                    .expect("a name")
            })
            .map(|name| name.rsplit('/').next().expect("a part"))
            .collect();
        table.push(format!("{path} ({})", names.join(", ")));
    }
    for (name, parameter) in definition["components"]["parameters"]
        .as_object()
        .expect("parameters")
    {
        table.push(format!(
            "{name}: {} {}",
            parameter["name"], parameter["schema"]
        ));
    }
    insta::assert_snapshot!(table.join("\n"));
}

#[tokio::test]
async fn a_collection_tells_where_and_when_its_features_are() {
    let app = app();
    let all = get(&app, "/collections").await.json();
    let events = get(&app, "/collections/events").await.json();
    assert_eq!(all["collections"][0]["extent"], events["extent"]);
    assert_eq!(events["extent"]["spatial"]["bbox"][0][0], -178.5);
    assert_eq!(
        events["extent"]["temporal"]["interval"][0][0],
        "2016-01-01T00:00:00Z"
    );
    assert_eq!(
        link(&events, "items").as_deref(),
        Some("/collections/events/items")
    );
    let articles = get(&app, "/collections/articles").await.json();
    assert!(
        articles["extent"].get("spatial").is_none(),
        "articles lie nowhere"
    );
}

#[tokio::test]
async fn the_schema_describes_every_property_of_a_feature() {
    let app = app();
    for collection in ["events", "incidents", "movements", "articles"] {
        let schema = get(&app, &format!("/collections/{collection}/schema")).await;
        assert_eq!(schema.header("content-type"), "application/schema+json");
        let schema = schema.json();
        let page = get(&app, &format!("/collections/{collection}/items?limit=1"))
            .await
            .json();
        let names = |object: &Value| -> Vec<String> {
            let keys = object.as_object().expect("an object").keys();
            keys.filter(|name| *name != "geometry").cloned().collect()
        };
        assert_eq!(
            names(&schema["properties"]),
            names(&page["features"][0]["properties"])
        );
        let queryables = get(&app, &format!("/collections/{collection}/queryables"))
            .await
            .json();
        for name in names(&queryables["properties"]) {
            assert!(schema["properties"].get(&name).is_some(), "{name}");
        }
    }
}

#[tokio::test]
async fn health_counts_what_is_there() {
    let health = get(&app(), "/health").await.json();
    assert_eq!(health["status"], "ok");
    assert_eq!(health["events"], crate::world::EVENTS);
    assert_eq!(health["articles"], crate::world::ARTICLES);
}

#[tokio::test]
async fn links_are_made_of_the_configured_address() {
    let app = app()
        .with_base_url("https://example.org/sitmap/")
        .expect("an address");
    let landing = get(&app, "/?f=json").await.json();
    let links = landing["links"].as_array().expect("links");
    assert!(links.iter().all(|l| {
        l["href"]
            .as_str()
            .expect("text")
            .starts_with("https://example.org/sitmap/")
    }));
    for bad in [
        "",
        "example.org",
        "ftp://example.org",
        "https://example.org/?x=1",
        "https://exa mple.org",
    ] {
        assert!(crate::world::app().with_base_url(bad).is_err(), "{bad}");
    }
}
