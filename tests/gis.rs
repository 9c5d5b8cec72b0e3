//! GDAL, and through it QGIS and R's sf, as a client: of the service and of the store's file.

mod program;
mod tools;

use std::io::Write;
use std::path::Path;
use std::process::Command;

use program::Service;
use tools::available;

/// West, south, east, north: Syria's east and north. Some of the example events are in it, not all.
const BOX: [f64; 4] = [35.0, 32.0, 43.0, 38.0];

fn gdal() -> bool {
    available("ogrinfo", &["--version"])
}

/// A GDAL program's standard output; it must succeed and complain of nothing.
fn ogr(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program)
        .args(arguments)
        .output()
        .expect("GDAL starts");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program} {arguments:?}: {stderr}");
    assert!(
        !stderr.contains("ERROR"),
        "{program} {arguments:?}: {stderr}"
    );
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// What `ogrinfo -so` says of a layer.
#[derive(Debug)]
struct Layer {
    count: usize,
    /// Names and types, such as `start` and `Date`.
    fields: Vec<(String, String)>,
}

impl Layer {
    /// `filter` is empty, or `-spat` and four numbers.
    fn of(source: &str, layer: &str, filter: &[String]) -> Self {
        let mut arguments = vec!["-ro", "-so", source, layer];
        arguments.extend(filter.iter().map(String::as_str));
        let summary = ogr("ogrinfo", &arguments);
        let count = summary
            .lines()
            .find_map(|line| line.strip_prefix("Feature Count: "));
        let count = count.unwrap_or_else(|| panic!("no count of {layer}: {summary}"));
        let fields = summary.lines().filter_map(|line| {
            let (name, kind) = line.split_once(": ")?;
            let kind = kind.split_once(" (")?.0;
            Some((name.to_owned(), kind.to_owned()))
        });
        Self {
            count: count.trim().parse().expect("a number"),
            fields: fields.collect(),
        }
    }

    fn kind_of(&self, field: &str) -> &str {
        let found = self.fields.iter().find(|(name, _)| name == field);
        found.map_or("no such field", |(_, kind)| kind)
    }
}

fn box_filter() -> Vec<String> {
    let numbers = BOX.iter().map(ToString::to_string);
    std::iter::once("-spat".to_owned()).chain(numbers).collect()
}

fn is_in_box(feature: &serde_json::Value) -> bool {
    let [west, south, east, north] = BOX;
    let coordinate = |at: usize| feature["geometry"]["coordinates"][at].as_f64();
    match (coordinate(0), coordinate(1)) {
        (Some(lon), Some(lat)) => (west..=east).contains(&lon) && (south..=north).contains(&lat),
        _ => false,
    }
}

#[test]
fn gdal_sees_the_same_events_in_the_service_and_in_the_file() {
    if !gdal() {
        return;
    }
    let service = Service::with_examples();
    let events = service.events();
    let in_box = events.iter().filter(|event| is_in_box(event)).count();
    assert!(
        0 < in_box && in_box < events.len(),
        "{in_box} of {} events are in the box",
        events.len()
    );

    let address = format!("OAPIF:{}/", service.url);
    let file = service.store.to_str().expect("a path in UTF-8");
    for source in [address.as_str(), file] {
        let layer = Layer::of(source, "events", &[]);
        assert_eq!(layer.count, events.len(), "events in {source}");
        for field in ["start", "end"] {
            let kind = layer.kind_of(field);
            assert!(
                kind == "Date" || kind == "DateTime",
                "{field} in {source}: {kind}"
            );
        }
        assert_eq!(layer.kind_of("action"), "String", "action in {source}");
        assert_eq!(
            layer.kind_of("confidence"),
            "Real",
            "confidence in {source}"
        );
        let filtered = Layer::of(source, "events", &box_filter());
        assert_eq!(filtered.count, in_box, "events of the box in {source}");
    }
}

#[test]
fn gdal_finds_every_collection_that_the_service_offers() {
    if !gdal() {
        return;
    }
    let service = Service::with_examples();
    let listed: serde_json::Value = ureq::get(format!("{}/collections?f=json", service.url))
        .call()
        .expect("an answer")
        .body_mut()
        .read_json()
        .expect("JSON");
    let collections = listed["collections"].as_array().expect("collections");
    let address = format!("OAPIF:{}/", service.url);
    let summary = ogr("ogrinfo", &["-ro", "-al", "-so", &address]);
    for collection in collections {
        let id = collection["id"].as_str().expect("an id");
        assert!(
            summary.contains(&format!("Layer name: {id}\n")),
            "{id}:\n{summary}"
        );
    }
}

#[test]
fn a_tile_of_the_world_stands_for_all_there_is() {
    if !gdal() {
        return;
    }
    let service = Service::with_examples();
    for collection in ["events", "movements", "incidents"] {
        let of = format!("{}/collections/{collection}", service.url);
        let page: serde_json::Value = ureq::get(format!("{of}/items?limit=1&bbox=-180,-85,180,85"))
            .call()
            .expect("an answer")
            .body_mut()
            .read_json()
            .expect("JSON");
        let tile = ureq::get(format!("{of}/tiles/WebMercatorQuad/0/0/0"))
            .call()
            .expect("an answer")
            .body_mut()
            .read_to_vec()
            .expect("a tile");
        let path = service.folder.path().join(format!("{collection}.mvt"));
        std::fs::write(&path, tile).expect("written");
        let path = path.to_str().expect("a path in UTF-8");
        let lines = ogr("ogr2ogr", &["-f", "GeoJSONSeq", "/vsistdout/", path]);
        let features: Vec<serde_json::Value> = lines
            .lines()
            .map(|line| serde_json::from_str(line).expect("a feature"))
            .collect();
        let counts = features
            .iter()
            .map(|feature| feature["properties"]["count"].as_u64().unwrap_or(1));
        let drawn: u64 = counts.sum();
        let there = page["numberMatched"].as_u64().expect("a number");
        if collection == "movements" {
            // A way shorter than the grid is fine draws nothing.
            assert!(0 < drawn && drawn <= there, "{drawn} of {there}: {lines}");
            let has_status = |f: &serde_json::Value| f["properties"]["status"].is_string();
            assert!(features.iter().all(has_status), "{lines}");
        } else {
            assert_eq!(drawn, there, "{collection}: {lines}");
            assert!(features.len() < drawn as usize, "nothing is gathered");
        }
    }
}

#[test]
fn gdal_copies_the_events_into_other_formats() {
    if !gdal() {
        return;
    }
    let service = Service::with_examples();
    let expected = service.events().len();
    let address = format!("OAPIF:{}/", service.url);
    for (format, name) in [("GPKG", "copy.gpkg"), ("CSV", "copy.csv")] {
        let copy = service.folder.path().join(name);
        let copy = copy.to_str().expect("a path in UTF-8");
        ogr("ogr2ogr", &["-f", format, copy, &address, "events"]);
        let layer = if format == "CSV" { "copy" } else { "events" };
        assert_eq!(
            Layer::of(copy, layer, &[]).count,
            expected,
            "events in {name}"
        );
    }
}

/// The conformance tests of the OGC, restated by others; they are no part of this package.
#[test]
fn the_service_passes_the_conformance_tests_of_ogc_api_features() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let suite = root.join("../shared/eval/api/ets_port.py");
    if !suite.is_file() {
        writeln!(
            std::io::stderr(),
            "skipped: no conformance tests beside this package"
        )
        .ok();
        return;
    }
    let own = root.join("target/python/bin/python");
    let python = if own.is_file() {
        own.to_str().expect("UTF-8")
    } else {
        "python3"
    };
    let modules = "import requests, openapi_spec_validator, pyproj, shapely";
    if !available(python, &["-c", modules]) {
        return;
    }
    let service = Service::with_examples();
    let output = Command::new(python)
        .arg(suite)
        .arg(&service.url)
        .output()
        .expect("Python starts");
    let report = String::from_utf8_lossy(&output.stdout);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{report}\n{stderr}");
    let summary = report
        .lines()
        .find(|line| line.contains(" fail="))
        .unwrap_or_default();
    assert!(summary.contains(" fail=0 "), "{report}\n{stderr}");
    let passed = summary
        .split_once(" pass=")
        .and_then(|(_, rest)| rest.split(' ').next()?.parse().ok());
    assert!(
        passed >= Some(50),
        "too little was tested:\n{report}\n{stderr}"
    );
}
