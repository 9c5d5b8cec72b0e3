//! The same features in every form.

use serde_json::Value;

use crate::world::{Answer, EVENTS, app, get, get_with};

const COLLECTIONS: [&str; 6] = [
    "events",
    "incidents",
    "movements",
    "articles",
    "places",
    "areas",
];

/// Rows of a form that is told by its text.
fn rows(format: &str, answer: &Answer) -> usize {
    let text = String::from_utf8_lossy(&answer.body);
    match format {
        "csv" => csv_rows(&answer.body),
        "ndjson" => text
            .lines()
            .filter(|line| serde_json::from_str::<Value>(line).is_ok())
            .count(),
        "geojsonseq" => {
            let records = text.split('\u{1e}').skip(1);
            records
                .filter(|record| serde_json::from_str::<Value>(record).is_ok())
                .count()
        }
        "kml" => text.matches("<Placemark").count(),
        _ => panic!("{format} is no text"),
    }
}

/// Rows behind the header: a text in quotation marks may have lines.
fn csv_rows(body: &[u8]) -> usize {
    let mut quoted = false;
    let ends = body.iter().filter(|byte| {
        quoted ^= **byte == b'"';
        **byte == b'\n' && !quoted
    });
    ends.count() - 1
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_has_all_features_that_match() {
    let app = app();
    for collection in COLLECTIONS {
        let query = match collection {
            "places" => "country=SY",
            "areas" => "kind=country",
            _ => "",
        };
        let items = format!("/collections/{collection}/items?{query}");
        let matched = get(&app, &items).await.json()["numberMatched"]
            .as_u64()
            .expect("a number") as usize;
        assert!(matched > 100, "{collection}: {matched}");
        for (format, media_type) in [
            ("csv", "text/csv"),
            ("ndjson", "application/x-ndjson"),
            ("geojsonseq", "application/geo+json-seq"),
            ("kml", "application/vnd.google-earth.kml+xml"),
        ] {
            let answer = get(&app, &format!("{items}&f={format}")).await;
            assert!(
                answer.header("content-type").starts_with(media_type),
                "{collection} {format}"
            );
            assert_eq!(rows(format, &answer), matched, "{collection} as {format}");
            let name = format!("{collection}.{format}");
            assert!(
                answer.header("content-disposition").contains(&name),
                "{name}"
            );
        }
        let file = get(&app, &format!("{items}&f=fgb")).await;
        assert!(
            file.body.starts_with(b"fgb\x03fgb"),
            "{collection} as FlatGeobuf"
        );
        let file = get(&app, &format!("{items}&f=gpkg")).await;
        assert!(
            file.body.starts_with(b"SQLite format 3\0"),
            "{collection} as GeoPackage"
        );
        let limited = get(&app, &format!("{items}&f=ndjson&limit=7")).await;
        assert_eq!(rows("ndjson", &limited), 7);
        assert!(limited.header("link").contains("rel=\"next\""));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_of_a_file_is_the_feature_of_the_page() {
    let app = app();
    for collection in COLLECTIONS {
        let items = format!("/collections/{collection}/items?limit=3");
        let page = get(&app, &items).await.json();
        let lines = get(&app, &format!("{items}&f=ndjson")).await;
        let lines: Vec<Value> = String::from_utf8(lines.body)
            .expect("UTF-8")
            .lines()
            .map(|line| serde_json::from_str(line).expect("a feature"))
            .collect();
        assert_eq!(Value::Array(lines), page["features"], "{collection}");
    }
}

#[tokio::test]
async fn json_fg_says_when_and_in_which_reference_system() {
    let app = app();
    let page = get(&app, "/collections/events/items?limit=3&f=jsonfg")
        .await
        .json();
    assert_eq!(page["type"], "FeatureCollection");
    assert!(
        page["conformsTo"]
            .as_array()
            .is_some_and(|classes| !classes.is_empty())
    );
    assert_eq!(
        (&page["numberMatched"], &page["numberReturned"]),
        (&EVENTS.into(), &3.into())
    );
    let first = &page["features"][0];
    assert_eq!(first["time"]["date"], first["properties"]["start"], "a day");
    assert!(
        page["features"][1]["time"]["interval"].is_array(),
        "several days"
    );
    assert_eq!(first["place"], Value::Null);

    let crs = "http://www.opengis.net/def/crs/EPSG/0/3857";
    let item = get(
        &app,
        &format!("/collections/events/items/e0?f=jsonfg&crs={crs}"),
    )
    .await
    .json();
    assert_eq!(item["coordRefSys"], crs);
    assert!(
        item["place"]["coordinates"][0].as_f64() > Some(1e6),
        "metres: {item}"
    );
    assert!(
        item["geometry"]["coordinates"][0].as_f64() < Some(181.0),
        "degrees for readers of GeoJSON"
    );
    assert!(item["links"].is_array());
}

#[tokio::test]
async fn a_browser_gets_a_page_to_read() {
    let app = app();
    let browser = (
        "accept",
        "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    );
    for path in [
        "/collections",
        "/collections/events",
        "/collections/events/items",
        "/collections/events/items?action=clash&limit=5",
        "/collections/events/items/e1",
        "/collections/incidents/items/i-e1",
        "/collections/movements/items/e0",
        "/collections/articles/items/a1",
        "/collections/places/items?q=aleppo",
        "/collections/areas/items?limit=2",
    ] {
        let answer = get_with(&app, path, browser).await;
        assert_eq!(answer.status, 200, "{path}");
        assert_eq!(
            answer.header("content-type"),
            "text/html; charset=utf-8",
            "{path}"
        );
        let page = String::from_utf8(answer.body).expect("UTF-8");
        assert!(
            page.starts_with("<!DOCTYPE html>") && page.contains("</html>"),
            "{path}"
        );
        assert!(
            page.contains("rel=\"alternate\""),
            "{path} links to other forms"
        );
    }
}

#[tokio::test]
async fn the_accept_header_chooses_among_all_forms() {
    let app = app();
    for (accept, content_type) in [
        ("text/csv", "text/csv"),
        (
            "application/geopackage+sqlite3",
            "application/geopackage+sqlite3",
        ),
        (
            "application/vnd.flatgeobuf, */*;q=0.1",
            "application/vnd.flatgeobuf",
        ),
        ("application/x-ndjson", "application/x-ndjson"),
        (
            "application/vnd.google-earth.kml+xml",
            "application/vnd.google-earth.kml+xml",
        ),
        ("application/json", "application/json"),
        ("*/*", "application/geo+json"),
        ("image/png", "application/geo+json"),
    ] {
        let answer = get_with(
            &app,
            "/collections/events/items?limit=1",
            ("accept", accept),
        )
        .await;
        assert!(
            answer.header("content-type").starts_with(content_type),
            "{accept}: {}",
            answer.header("content-type")
        );
    }
}

#[tokio::test]
async fn kml_is_in_longitude_and_latitude_only() {
    let path = "/collections/events/items?f=kml&crs=http://www.opengis.net/def/crs/EPSG/0/3857";
    let answer = get(&app(), path).await;
    assert_eq!(
        (answer.status.as_u16(), &answer.json()["parameter"]),
        (400, &"crs".into())
    );
}

/// Columns, read back into the properties of each feature.
fn read_columns(answer: &Answer) -> Vec<serde_json::Map<String, Value>> {
    let document: Value = serde_json::from_slice(&answer.body).expect("JSON");
    let columns = document["columns"].as_object().expect("columns");
    let count = columns["id"].as_array().expect("ids").len();
    assert_eq!(document["numberReturned"], count);
    let cell = |name: &str, column: &Value, row: usize| {
        let cells = column.as_array().expect("a column");
        assert_eq!(cells.len(), count, "{name}");
        match (&document["values"][name], cells[row].as_u64()) {
            (Value::Array(values), Some(number)) => values[number as usize].clone(),
            _ => cells[row].clone(),
        }
    };
    let read = |row| {
        let mut feature: serde_json::Map<_, _> = columns
            .iter()
            .map(|(name, column)| (name.clone(), cell(name, column, row)))
            .collect();
        let id = feature["id"].as_str().unwrap_or_default().to_owned();
        if let Some(incident) = feature.get_mut("incident").filter(|own| own.is_null()) {
            *incident = format!("i-{id}").into();
        }
        feature
    };
    (0..count).map(read).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn columns_have_what_the_features_have() {
    let app = app();
    for (collection, query) in [
        ("events", "limit=500"),
        ("events", "limit=9&sortby=-start&status=planned"),
        ("incidents", "limit=200"),
        ("movements", "limit=100"),
        ("articles", "limit=50"),
        ("places", "country=SY&limit=50"),
        ("areas", "kind=country&limit=5"),
    ] {
        let items = format!("/collections/{collection}/items?{query}");
        let features = get(&app, &format!("{items}&f=json")).await.json();
        let answer = get(&app, &format!("{items}&f=columns")).await;
        assert_eq!(
            answer.header("content-type"),
            "application/vnd.sitmap.columns+json"
        );
        let rows = read_columns(&answer);
        let features = features["features"].as_array().expect("features");
        assert_eq!(rows.len(), features.len(), "{items}");
        for (row, feature) in rows.iter().zip(features) {
            assert_eq!(row["id"], feature["id"]);
            for (name, value) in feature["properties"].as_object().expect("properties") {
                let same = match (value.as_f64(), row[name].as_f64()) {
                    (Some(a), Some(b)) => (a - b).abs() < 1e-12,
                    _ => *value == row[name],
                };
                assert!(same, "{collection} {name}: {value} is not {}", row[name]);
            }
            let place = &feature["geometry"];
            match collection {
                "articles" => {}
                "movements" | "areas" => assert_eq!(row["geometry"], *place, "{collection}"),
                _ => {
                    let degrees = [&row["lon"], &row["lat"]].map(Value::as_f64);
                    let coordinates = &place["coordinates"];
                    assert_eq!(degrees, [coordinates[0].as_f64(), coordinates[1].as_f64()]);
                }
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn columns_are_those_of_the_properties_that_are_asked_for_and_no_more_than_the_limit() {
    let app = app();
    let items = "/collections/events/items?f=columns&properties=action,incident";
    let all = get(&app, items).await;
    let rows = read_columns(&all);
    assert_eq!(rows.len(), EVENTS, "all, where no limit is given");
    let names: Vec<_> = rows[0].keys().map(String::as_str).collect();
    assert_eq!(names, ["id", "action", "incident", "lon", "lat"]);
    let some = get(&app, &format!("{items}&limit=7")).await;
    assert_eq!(read_columns(&some), rows[..7]);
    assert!(some.header("link").contains("rel=\"next\""));
    let metres = get(
        &app,
        &format!("{items}&limit=1&crs=http://www.opengis.net/def/crs/EPSG/0/3857"),
    )
    .await;
    assert!(read_columns(&metres)[0].contains_key("x"));
}
