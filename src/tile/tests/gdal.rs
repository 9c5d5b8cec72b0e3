//! A second opinion: GDAL's reader of tiles, when it is installed.

use std::process::Command;

use geo::{LineString, Polygon};

use super::{NO_ATTRIBUTES, id, point};
use crate::tile::{Cluster, Clustering, Clusters, Tile, Value};

/// What `ogrinfo` says of a tile; `None` when there is no GDAL with a driver for tiles.
fn ogrinfo(tile: &Tile, [z, y, x]: [u32; 3]) -> Option<String> {
    let formats = Command::new("ogrinfo").arg("--formats").output().ok()?;
    if !String::from_utf8_lossy(&formats.stdout).contains("Mapbox Vector Tiles") {
        return None;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("tile.pbf");
    std::fs::write(&file, tile.encode()).expect("the tile on disk");
    let output = Command::new("ogrinfo")
        .args([
            "-ro",
            "-al",
            "--config",
            "OGR_GEOMETRY_ACCEPT_UNCLOSED_RING",
            "NO",
        ])
        .args([
            "-oo",
            &format!("X={x}"),
            "-oo",
            &format!("Y={y}"),
            "-oo",
            &format!("Z={z}"),
        ])
        .args(["-oo", "CLIP=NO", "-oo", "METADATA_FILE="])
        .arg(format!("MVT:{}", file.display()))
        .output()
        .expect("ogrinfo runs");
    let complaints = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success() && complaints.is_empty(),
        "{complaints}"
    );
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn assert_says(report: &str, lines: &[&str]) {
    for line in lines {
        assert!(
            report.contains(line),
            "GDAL does not say {line:?} but: {report}"
        );
    }
}

#[test]
fn gdal_reads_points_lines_areas_and_attributes() {
    let mut tile = Tile::new(id(4, 5, 9), 64);
    let points = tile.layer("points", 10).expect("a layer");
    let attributes = [
        ("name", Value::Text("Харків")),
        ("killed", Value::Integer(-3)),
        ("share", Value::Number(0.25)),
        ("exact", Value::Boolean(true)),
    ];
    points.add(42, &point(36.25, 50.0), attributes);
    let lines = tile.layer("lines", 10).expect("a layer");
    let line = LineString::from(vec![(20.0, 50.0), (30.0, 50.0), (30.0, 52.0)]);
    lines.add(1, &line.into(), NO_ATTRIBUTES);
    let ring = |low: f64, high: f64| {
        let (south, north) = (50.0 + low / 2.0, 50.0 + high / 2.0);
        let (west, east) = (30.0 + low, 30.0 + high);
        LineString::from(vec![
            (west, south),
            (east, south),
            (east, north),
            (west, north),
        ])
    };
    let areas = tile.layer("areas", 10).expect("a layer");
    areas.add(
        1,
        &Polygon::new(ring(0.0, 6.0), vec![ring(2.0, 4.0)]).into(),
        NO_ATTRIBUTES,
    );
    let Some(report) = ogrinfo(&tile, [4, 5, 9]) else {
        return;
    };
    // Metres of EPSG:3857, where a unit of the grid is 611.5 m: the corners of the cells.
    assert_says(
        &report,
        &[
            "Layer name: points",
            "mvt_id (Integer64) = 42",
            "name (String) = Харків",
            "killed (Integer) = -3",
            "share (Real) = 0.25",
            "exact (Integer(Boolean)) = 1",
            "POINT (4035263.",
            "Layer name: lines",
            "Layer name: areas",
            "Geometry: Multi Polygon",
        ],
    );
    assert_eq!(report.matches("Feature Count: 1\n").count(), 3, "{report}");
    let area = report
        .lines()
        .find(|line| line.contains("POLYGON"))
        .expect("an area");
    let (parts, holes) = (
        area.matches(")),((").count() + 1,
        area.matches("),(").count(),
    );
    assert_eq!((parts, holes), (1, 1), "{area}");
}

#[test]
fn gdal_reads_groups() {
    let clustering = Clustering {
        cell: 256,
        category: Some("status"),
        counted: &["occurred", "planned"],
    };
    let mut clusters = Clusters::new(id(0, 0, 0), clustering).expect("cells that divide a tile");
    for (n, status) in ["occurred", "planned", "occurred"].into_iter().enumerate() {
        clusters.add(n, 36.0 + n as f64, 50.0, Some(status));
    }
    let mut tile = Tile::new(id(0, 0, 0), 64);
    let layer = tile.layer("events", 10).expect("a layer");
    for cluster in clusters.finish() {
        if let Cluster::Group(group) = cluster {
            layer.add_group(&group);
        }
    }
    let Some(report) = ogrinfo(&tile, [0, 0, 0]) else {
        return;
    };
    assert_says(
        &report,
        &[
            "Feature Count: 1",
            "count (Integer) = 3",
            "status (String) = occurred",
            "occurred (Integer) = 2",
            "planned (Integer) = 1",
        ],
    );
}
