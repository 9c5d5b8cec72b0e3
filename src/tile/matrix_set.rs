use std::f64::consts::PI;

use serde_json::{Value, json};

use super::MAX_ZOOM;

/// Identifier of the tile matrix set.
pub const MATRIX_SET: &str = "WebMercatorQuad";
/// Its definition in OGC's register.
pub const MATRIX_SET_URI: &str = "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad";
/// The coordinate reference system of tiles: WGS 84 / Pseudo-Mercator.
pub const CRS: &str = "http://www.opengis.net/def/crs/EPSG/0/3857";

const EARTH_RADIUS: f64 = 6_378_137.0;
/// Pixels of a tile, as scales reckon with.
const PIXELS: u32 = 256;
/// Metres of a pixel, as scales reckon with.
const PIXEL: f64 = 0.000_28;

/// Definition of `WebMercatorQuad` (OGC Two Dimensional Tile Matrix Set 2.0), down to [`MAX_ZOOM`].
pub fn matrix_set() -> Value {
    json!({
        "id": MATRIX_SET,
        "title": "Google Maps Compatible for the World",
        "uri": MATRIX_SET_URI,
        "crs": CRS,
        "orderedAxes": ["X", "Y"],
        "wellKnownScaleSet": "http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible",
        "tileMatrices": (0..=MAX_ZOOM).map(matrix).collect::<Vec<_>>(),
    })
}

fn matrix(z: u32) -> Value {
    let half = PI * EARTH_RADIUS;
    let tiles = 1_u32 << z;
    let cell_size = 2.0 * half / f64::from(PIXELS) / f64::from(tiles);
    json!({
        "id": z.to_string(),
        "scaleDenominator": cell_size / PIXEL,
        "cellSize": cell_size,
        "cornerOfOrigin": "topLeft",
        "pointOfOrigin": [-half, half],
        "tileWidth": PIXELS,
        "tileHeight": PIXELS,
        "matrixWidth": tiles,
        "matrixHeight": tiles,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matrices_are_those_of_the_register() {
        let set = matrix_set();
        let matrices = set["tileMatrices"].as_array().expect("a list");
        assert_eq!(matrices.len(), 23);
        for (z, scale, cell_size, tiles) in [
            (0, 559_082_264.028_717, 156_543.033_928_041, 1),
            (4, 34_942_641.501_794_8, 9_783.939_620_502_56, 16),
            (13, 68_247.346_683_193, 19.109_257_071_294, 8192),
            (22, 133.295_598_990_611, 0.037_322_767_717_371_2, 4_194_304),
        ] {
            let matrix = &matrices[z];
            let near = |name: &str, value: f64| {
                let number = matrix[name].as_f64().expect("a number");
                assert!(
                    (number / value - 1.0).abs() < 1e-14,
                    "{z}: {name} is {number}"
                );
            };
            near("scaleDenominator", scale);
            near("cellSize", cell_size);
            assert_eq!(matrix["id"], z.to_string());
            assert_eq!(matrix["matrixWidth"], tiles);
            assert_eq!(matrix["matrixHeight"], tiles);
            let origin = matrix["pointOfOrigin"].as_array().expect("a position");
            for (number, value) in origin
                .iter()
                .zip([-20_037_508.342_789_2, 20_037_508.342_789_2])
            {
                assert!((number.as_f64().expect("a number") - value).abs() < 1e-6);
            }
        }
    }
}
