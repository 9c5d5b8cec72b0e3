use std::ops::RangeInclusive;

use serde_json::json;

use crate::tile::{
    Bounds, CRS, Field, LayerDescription, Links, MATRIX_SET_URI, MEDIA_TYPE, TileId, TileSet,
};

const TILING_SCHEME: &str = "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme";

const LINKS: Links<'_> = Links {
    this: "https://example.org/tiles/WebMercatorQuad",
    tile: "https://example.org/tiles/WebMercatorQuad/{tileMatrix}/{tileRow}/{tileCol}",
    matrix_set: "https://example.org/tileMatrixSets/WebMercatorQuad",
    tilejson: Some("https://example.org/tiles/WebMercatorQuad?f=tilejson"),
    collection: None,
};

fn set([west, south, east, north]: [f64; 4], zooms: RangeInclusive<u32>) -> TileSet<'static> {
    let field = |name, schema| Field { name, schema };
    TileSet {
        title: "Events",
        description: "Events of the war",
        attribution: Some("Ministry"),
        bounds: Bounds {
            west,
            south,
            east,
            north,
        },
        zooms,
        layers: vec![LayerDescription {
            id: "events",
            title: "Events",
            description: "What happened where",
            geometry_dimension: Some(0),
            fields: vec![
                field(
                    "count",
                    json!({"type": "integer", "description": "How many"}),
                ),
                field(
                    "status",
                    json!({"type": "string", "title": "Status", "enum": ["a", "b"]}),
                ),
                field("exact", json!({"type": "boolean"})),
                field("odd", json!({})),
            ],
        }],
    }
}

const UKRAINE: [f64; 4] = [22.1, 44.3, 40.2, 52.4];

#[test]
fn metadata_says_what_the_standard_requires() {
    let metadata = set(UKRAINE, 0..=14).metadata(LINKS);
    assert_eq!(metadata["dataType"], "vector");
    assert_eq!(metadata["crs"], CRS);
    assert_eq!(metadata["tileMatrixSetURI"], MATRIX_SET_URI);
    assert_eq!(metadata["boundingBox"]["lowerLeft"], json!([22.1, 44.3]));
    assert_eq!(metadata["boundingBox"]["upperRight"], json!([40.2, 52.4]));
    let layer = &metadata["layers"][0];
    assert_eq!(layer["id"], "events");
    assert_eq!(layer["dataType"], "vector");
    assert_eq!(layer["geometryDimension"], 0);
    assert_eq!(layer["propertiesSchema"]["type"], "object");
    assert_eq!(
        layer["propertiesSchema"]["properties"]["status"]["enum"],
        json!(["a", "b"])
    );
    let links = metadata["links"].as_array().expect("links");
    let rels: Vec<_> = links
        .iter()
        .map(|link| link["rel"].as_str().expect("a rel"))
        .collect();
    assert_eq!(rels, ["self", "item", TILING_SCHEME, "alternate"]);
    assert_eq!(links[1]["templated"], true);
    assert_eq!(links[1]["type"], MEDIA_TYPE);
    assert_eq!(links[1]["href"], LINKS.tile);
}

#[test]
fn limits_are_the_tiles_that_the_bounds_meet() {
    for (bounds, [west, south, east, north]) in [
        (UKRAINE, UKRAINE),
        ([170.0, -90.0, -170.0, 90.0], [-180.0, -90.0, 180.0, 90.0]),
        ([0.0; 4], [0.0; 4]),
        ([-180.0, 60.0, 180.0, 80.0], [-180.0, 60.0, 180.0, 80.0]),
    ] {
        let limits = set(bounds, 0..=6).metadata(LINKS)["tileMatrixSetLimits"].clone();
        assert_eq!(limits.as_array().map(Vec::len), Some(7));
        for z in 0..=6_u32 {
            // Edges are of the tile to their east and south.
            let meets = |y, x| {
                let tile = TileId::new(z, y, x).expect("a tile").bounds(0);
                let columns = tile.west <= east && (west < tile.east || x + 1 == 1 << z);
                columns && tile.south < north && south <= tile.north
            };
            let tiles = 1 << z;
            let all: Vec<_> = (0..tiles)
                .flat_map(|y| (0..tiles).map(move |x| (y, x)))
                .filter(|&(y, x)| meets(y, x))
                .collect();
            let (first, last) = (all[0], all[all.len() - 1]);
            let expected = json!({
                "tileMatrix": z.to_string(),
                "minTileRow": first.0, "maxTileRow": last.0,
                "minTileCol": first.1, "maxTileCol": last.1,
            });
            assert_eq!(limits[z as usize], expected, "{bounds:?}");
        }
    }
}

#[test]
fn tilejson_keeps_its_rules() {
    let tile = "https://example.org/tiles/{z}/{y}/{x}";
    let tilejson = set(UKRAINE, 2..=14).tilejson(tile);
    assert_eq!(tilejson["tilejson"], "3.0.0");
    assert_eq!(tilejson["tiles"], json!([tile]));
    assert_eq!(
        (&tilejson["minzoom"], &tilejson["maxzoom"]),
        (&json!(2), &json!(14))
    );
    assert_eq!(tilejson["bounds"], json!(UKRAINE));
    assert_eq!(
        tilejson["center"],
        json!([31.150_000_000_000_002, 48.349_999_999_999_994, 4])
    );
    assert_eq!(tilejson["attribution"], "Ministry");
    let layer = &tilejson["vector_layers"][0];
    assert_eq!(layer["id"], "events");
    let fields = json!({"count": "How many", "status": "Status", "exact": "boolean", "odd": ""});
    assert_eq!(layer["fields"], fields);
}

#[test]
fn bounds_do_not_wrap_and_the_center_is_within_them_at_a_zoom_that_there_is() {
    for (bounds, zooms, expected, zoom) in [
        (
            [170.0, -90.0, -170.0, 90.0],
            0..=14,
            [-180.0, -85.05, 180.0, 85.05],
            0,
        ),
        (
            [10.0, 10.0, 10.0, 10.0],
            0..=14,
            [10.0, 10.0, 10.0, 10.0],
            14,
        ),
        (
            [-180.0, 60.0, 180.0, 80.0],
            3..=99,
            [-180.0, 60.0, 180.0, 80.0],
            3,
        ),
        (
            [10.0, 10.0, 10.1, 10.0],
            99..=99,
            [10.0, 10.0, 10.1, 10.0],
            22,
        ),
    ] {
        let tilejson = set(bounds, zooms).tilejson("");
        for n in 0..4 {
            let bound = tilejson["bounds"][n].as_f64().expect("a number");
            assert!((bound - expected[n]).abs() < 0.01, "{tilejson}");
            let center = tilejson["center"][n % 2].as_f64().expect("a number");
            assert!(
                if n < 2 {
                    center >= bound
                } else {
                    center <= bound
                },
                "{tilejson}"
            );
        }
        assert_eq!(tilejson["center"][2], zoom, "{bounds:?}");
    }
}
