//! Files as GDAL reads them. Where GDAL is not installed, nothing is tested.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::*;

/// A file that GDAL reads.
struct Written {
    _folder: tempfile::TempDir,
    path: PathBuf,
}

const NAMES: [&str; 4] = ["events.csv", "events.kml", "events.fgb", "events.gpkg"];

/// Writes the features in the format that the name of the file says. `None` without GDAL.
fn written(name: &str, layer: &Layer<'_>, features: &[Feature]) -> Option<Written> {
    if Command::new("ogrinfo").arg("--version").output().is_err() {
        eprintln!("skipped: there is no ogrinfo to read {name}");
        return None;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(name);
    let output = || fs::File::create(&path).expect("a file");
    let count = match name.rsplit_once('.').expect("an extension").1 {
        "csv" => csv::write(layer, stream(features), output()),
        "kml" => kml::write(layer, stream(features), output()),
        "fgb" => flatgeobuf::write(layer, stream(features), output()),
        _ => geopackage::file(layer, stream(features), Some(folder.path())).map(|mut file| {
            io::copy(&mut file, &mut output()).expect("a copy");
            features.len() as u64
        }),
    };
    assert_eq!(count.expect("written"), features.len() as u64, "{name}");
    Some(Written {
        _folder: folder,
        path,
    })
}

impl Written {
    fn run(program: &str, arguments: &[&str], path: &Path) -> String {
        let output = Command::new(program)
            .args(arguments)
            .arg(path)
            .output()
            .expect("GDAL runs");
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && errors.is_empty(), "{errors}");
        String::from_utf8(output.stdout).expect("UTF-8")
    }

    /// What GDAL says of the layer.
    fn summary(&self) -> String {
        Self::run("ogrinfo", &["-so", "-al"], &self.path)
    }

    /// The features as GDAL turns them into GeoJSON.
    fn features(&self) -> Vec<Value> {
        let csv = [
            "-oo",
            "X_POSSIBLE_NAMES=lon,x",
            "-oo",
            "Y_POSSIBLE_NAMES=lat,y",
        ];
        let mut arguments = vec!["-f", "GeoJSON", "/vsistdout/"];
        if self
            .path
            .extension()
            .is_some_and(|extension| extension == "csv")
        {
            arguments.extend(csv);
        }
        let text = Self::run("ogr2ogr", &arguments, &self.path);
        let collection: Value = serde_json::from_str(&text).expect("GeoJSON");
        collection["features"].as_array().expect("features").clone()
    }
}

/// The lines in which GDAL tells the columns, in the order of [`COLUMNS`].
fn columns(types: [&str; 7]) -> String {
    let lines = COLUMNS.iter().zip(types);
    let lines = lines.map(|(column, type_)| format!("{}: {type_} (0.0)\n", column.name));
    lines.collect::<Vec<_>>().concat()
}

#[test]
fn the_layer_is_what_it_was_told_to_be() {
    let features = points();
    let layer = layer(GeometryType::Point, Crs::Crs84, &features);
    let text = "String";
    let flag = "Integer(Boolean)";
    for (name, geometry, types) in [
        ("events.csv", "None", [text; 7]),
        (
            "events.kml",
            "Unknown (any)",
            [text, text, text, "Integer", "Real", "Integer", text],
        ),
        (
            "events.fgb",
            "Point",
            [text, text, text, "Integer64", "Real", flag, "DateTime"],
        ),
        (
            "events.gpkg",
            "Point",
            [text, text, text, "Integer64", "Real", flag, "Date"],
        ),
    ] {
        let Some(file) = written(name, &layer, &features) else {
            return;
        };
        let summary = file.summary();
        for expected in [
            "Layer name: events\n".to_owned(),
            format!("Geometry: {geometry}\n"),
            "Feature Count: 3\n".to_owned(),
            columns(types),
        ] {
            assert!(summary.contains(&expected), "{expected} not in {summary}");
        }
        if name != "events.csv" {
            let extent = "Extent: (-0.500000, -12.250000) - (40.070000, 36.850000)";
            assert!(summary.contains(extent), "{summary}");
            assert!(summary.contains("ID[\"EPSG\",4326]"), "{summary}");
        }
    }
}

#[test]
fn values_come_back_whatever_is_in_them() {
    let features = points();
    let layer = layer(GeometryType::Point, Crs::Crs84, &features);
    for (name, values, null) in [
        (
            "events.csv",
            [
                json!("2000000000"),
                json!("0.1"),
                json!("true"),
                json!("2019-10-16"),
            ],
            json!(""),
        ),
        (
            "events.kml",
            [
                json!(2_000_000_000),
                json!(0.1),
                json!(1),
                json!("2019-10-16"),
            ],
            Value::Null,
        ),
        (
            "events.fgb",
            [
                json!(2_000_000_000),
                json!(0.1),
                json!(true),
                json!("2019-10-16T00:00:00"),
            ],
            Value::Null,
        ),
        (
            "events.gpkg",
            [
                json!(2_000_000_000),
                json!(0.1),
                json!(true),
                json!("2019-10-16"),
            ],
            Value::Null,
        ),
    ] {
        let Some(file) = written(name, &layer, &features) else {
            return;
        };
        let read = file.features();
        for (read, original) in read.iter().zip(&features) {
            assert_eq!(read["properties"]["id"], original.id, "{name}");
            assert_eq!(
                read["properties"]["place"], original.properties["place"],
                "{name}"
            );
        }
        let properties = &read[0]["properties"];
        assert_eq!(
            properties["quote"], features[0].properties["quote"],
            "{name}"
        );
        for (column, value) in ["dead", "share", "confirmed", "start"].iter().zip(&values) {
            assert_eq!(properties[column], *value, "{name}: {column}");
            assert_eq!(
                read[2]["properties"][column], null,
                "{name}: {column} of the last"
            );
        }
        assert_eq!(
            read[0]["geometry"]["coordinates"],
            json!([40.07, 36.85]),
            "{name}"
        );
        assert_eq!(read[2]["geometry"], Value::Null, "{name}");
    }
}

#[test]
fn whole_numbers_of_64_bits_come_back() {
    let large = i64::MAX;
    let features = [feature("large", None, json!({ "dead": large }))];
    let layer = layer(GeometryType::Any, Crs::Crs84, &features);
    for name in ["events.fgb", "events.gpkg"] {
        let Some(file) = written(name, &layer, &features) else {
            return;
        };
        assert_eq!(file.features()[0]["properties"]["dead"], large, "{name}");
    }
}

#[test]
fn a_geometry_of_every_kind_comes_back() {
    let features = shapes();
    let layer = layer(GeometryType::Any, Crs::Crs84, &features);
    for name in NAMES {
        let Some(file) = written(name, &layer, &features) else {
            return;
        };
        let read = file.features();
        assert_eq!(read.len(), features.len(), "{name}");
        for (read, original) in read.iter().zip(&features) {
            let geometry = original.geometry.as_ref().map(geojson::GeometryValue::from);
            let geometry = geometry.as_ref().map_or(Value::Null, Value::from);
            assert_eq!(read["geometry"], geometry, "{name}: {}", original.id);
        }
    }
}

#[test]
fn metres_stay_metres() {
    let features = points();
    let layer = layer(GeometryType::Point, Crs::Epsg3857, &features);
    for name in ["events.csv", "events.fgb", "events.gpkg"] {
        let Some(file) = written(name, &layer, &features) else {
            return;
        };
        let coordinates = &file.features()[0]["geometry"]["coordinates"];
        assert_eq!(*coordinates, json!([40.07, 36.85]), "{name}");
        let known = file.summary().contains("ID[\"EPSG\",3857]");
        assert_eq!(known, name != "events.csv", "{name}");
    }
}

#[test]
fn a_layer_without_features_opens() {
    for geometry in [GeometryType::Point, GeometryType::Any, GeometryType::None] {
        let layer = layer(geometry, Crs::Crs84, &[]);
        for name in NAMES {
            let Some(file) = written(name, &layer, &[]) else {
                return;
            };
            let summary = file.summary();
            assert!(summary.contains("Feature Count: 0"), "{summary}");
            // The columns that a layer of KML has are those of its features, for GDAL.
            assert!(
                name == "events.kml" || summary.contains("start: "),
                "{summary}"
            );
        }
    }
}

#[test]
fn a_layer_without_geometries_is_a_table() {
    let features = points();
    let layer = layer(GeometryType::None, Crs::Crs84, &features);
    for name in NAMES {
        let Some(file) = written(name, &layer, &features) else {
            return;
        };
        let read = file.features();
        assert_eq!(read.len(), features.len(), "{name}");
        assert!(read.iter().all(|f| f["geometry"].is_null()), "{name}");
        let table = file.summary().contains("Geometry: None");
        assert_eq!(
            table,
            name == "events.gpkg" || name == "events.csv",
            "{name}"
        );
    }
}

#[test]
fn a_geopackage_can_be_searched_and_edited() {
    let features = shapes();
    let layer = layer(GeometryType::Any, Crs::Crs84, &features);
    let Some(file) = written("events.gpkg", &layer, &features) else {
        return;
    };
    let east = ["-so", "-al", "-spat", "171", "9", "172", "12"];
    let found = Written::run("ogrinfo", &east, &file.path);
    assert!(found.contains("Feature Count: 1\n"), "{found}");
    // GDAL has the functions that the triggers of the index call.
    for edit in [
        "DELETE FROM events WHERE id = 's5'",
        "UPDATE events SET geom = (SELECT geom FROM events WHERE id = 's4') WHERE id = 's0'",
        "UPDATE events SET geom = (SELECT geom FROM events WHERE id = 's4') WHERE id = 'nowhere'",
        "UPDATE events SET geom = NULL WHERE id = 's1'",
        "UPDATE events SET fid = 100 WHERE id = 's2'",
    ] {
        Written::run("ogrinfo", &["-sql", edit], &file.path);
    }
    let found = Written::run("ogrinfo", &east, &file.path);
    assert!(found.contains("Feature Count: 3\n"), "{found}");
    let database = rusqlite::Connection::open(&file.path).expect("a database");
    let indexed = "SELECT group_concat(id) FROM (SELECT id FROM rtree_events_geom ORDER BY id)";
    let indexed: String = database
        .query_row(indexed, [], |row| row.get(0))
        .expect("rows");
    assert_eq!(indexed, "1,4,5,7,8,9,100");
}
