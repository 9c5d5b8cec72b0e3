//! Whole tiles, read back.

mod clusters;
mod decode;
mod documents;
mod flows;
mod gdal;
mod geometries;

use geo::{Geometry, Point};
use proptest::prelude::*;

use super::{Bounds, EXTENT, MAX_ZOOM, Tile, TileError, TileId, Value};
use decode::{Drawn, Owned, decode};

const NO_ATTRIBUTES: [(&str, Value<'static>); 0] = [];

fn id(z: u32, y: u32, x: u32) -> TileId {
    TileId::new(z, y, x).expect("a tile of the matrix")
}

fn point(lon: f64, lat: f64) -> Geometry<f64> {
    Point::new(lon, lat).into()
}

/// All tiles of a zoom.
fn tiles(z: u32) -> impl Iterator<Item = TileId> {
    let tiles = 1 << z;
    (0..tiles).flat_map(move |y| (0..tiles).map(move |x| id(z, y, x)))
}

/// Positions all over the globe, with the poles, the antimeridian and corners of tiles among them.
fn positions(count: u32) -> Vec<(f64, f64)> {
    let spread = (0..count).map(|n| {
        let share = |step: f64| (f64::from(n) * step).fract();
        (
            share(0.754_877_666) * 360.0 - 180.0,
            share(0.569_840_290) * 180.0 - 90.0,
        )
    });
    let edges = [-180.0, 180.0, -179.999_99, 179.999_99, 0.0, 90.0, -45.0]
        .into_iter()
        .flat_map(|lon| {
            [
                0.0,
                90.0,
                -90.0,
                85.0511,
                -85.0511,
                85.06,
                -85.06,
                40.979_898_069_620_134,
            ]
            .map(|lat| (lon, lat))
        });
    spread.chain(edges).collect()
}

/// The one feature of one point in a tile, as the cells it is drawn at.
fn drawn_point(id: TileId, buffer: u32, lon: f64, lat: f64) -> Vec<(i32, i32)> {
    let mut tile = Tile::new(id, buffer);
    let layer = tile.layer("points", 10).expect("the first layer");
    layer.add(1, &point(lon, lat), NO_ATTRIBUTES);
    match decode(&tile.encode())
        .pop()
        .and_then(|mut layer| layer.features.pop())
    {
        Some(feature) => match feature.drawn {
            Drawn::Points(points) => points,
            other => panic!("a point became {other:?}"),
        },
        None => Vec::new(),
    }
}

#[test]
fn features_are_read_back_with_their_attributes() {
    let mut tile = Tile::new(id(0, 0, 0), 0);
    let layer = tile.layer("events", 10).expect("the first layer");
    let attributes = [
        ("name", Value::Text("Харків")),
        ("alias", Value::Text("Харків")),
        ("empty", Value::Text("")),
        ("killed", Value::Integer(1)),
        ("change", Value::Integer(-7)),
        ("large", Value::Integer(i64::MIN)),
        ("share", Value::Number(1.0)),
        ("broken", Value::Number(f64::NAN)),
        ("exact", Value::Boolean(true)),
        ("vague", Value::Boolean(false)),
    ];
    layer.add(7, &point(0.0, 0.0), attributes);
    layer.add(u64::MAX, &point(90.0, 0.0), [("killed", Value::Integer(1))]);
    tile.layer("empty", 10).expect("another layer");
    let layers = decode(&tile.encode());
    assert_eq!(layers.len(), 1, "a layer without features is left out");
    let layer = &layers[0];
    assert_eq!(
        (layer.name.as_str(), layer.version, layer.extent),
        ("events", 2, 4096)
    );
    assert_eq!(layer.keys, 9);
    assert_eq!(layer.values, 8, "a value is written once, and 1 is not 1.0");
    let first = &layer.features[0];
    assert_eq!(first.id, Some(7));
    assert_eq!(first.drawn, Drawn::Points(vec![(2048, 2048)]));
    let text = |text: &str| Owned::Text(text.into());
    let expected = [
        ("name", text("Харків")),
        ("alias", text("Харків")),
        ("empty", text("")),
        ("killed", Owned::Integer(1)),
        ("change", Owned::Integer(-7)),
        ("large", Owned::Integer(i64::MIN)),
        ("share", Owned::Number(1.0)),
        ("exact", Owned::Boolean(true)),
        ("vague", Owned::Boolean(false)),
    ];
    assert_eq!(
        first.attributes,
        expected.map(|(key, value)| (key.into(), value))
    );
    let second = &layer.features[1];
    assert_eq!(second.id, Some(u64::MAX));
    assert_eq!(second.attributes, [("killed".into(), Owned::Integer(1))]);
}

#[test]
fn a_full_layer_drops_what_comes_later_and_counts_it() {
    let mut tile = Tile::new(id(1, 0, 0), 0);
    let layer = tile.layer("events", 3).expect("the first layer");
    for number in 0..5 {
        layer.add(number, &point(-90.0, 40.0), NO_ATTRIBUTES);
        layer.add(100 + number, &point(90.0, 40.0), NO_ATTRIBUTES);
    }
    assert_eq!(
        (layer.count(), layer.dropped()),
        (3, 2),
        "those of other tiles do not count"
    );
    tile.layer("others", 3)
        .expect("another layer")
        .add(9, &point(-90.0, 40.0), NO_ATTRIBUTES);
    assert_eq!((tile.count(), tile.dropped()), (4, 2));
    let layers = decode(&tile.encode());
    let ids: Vec<_> = layers[0]
        .features
        .iter()
        .map(|feature| feature.id)
        .collect();
    assert_eq!(ids, [Some(0), Some(1), Some(2)]);
    assert_eq!(layers[1].features.len(), 1);
}

#[test]
fn a_name_is_for_one_layer_only_and_an_empty_tile_has_no_bytes() {
    let mut tile = Tile::new(id(0, 0, 0), 64);
    assert!(tile.layer("events", 1).is_ok());
    assert_eq!(
        tile.layer("events", 1).err(),
        Some(TileError::LayerTwice("events".into()))
    );
    assert!(tile.encode().is_empty());
}

#[test]
fn each_point_is_drawn_within_one_tile_and_in_the_buffers_around() {
    let positions = positions(1500);
    let inside = |n: i32| (0..4096).contains(&n);
    for z in 0..=4 {
        let mut drawn = vec![0; positions.len()];
        for id in tiles(z) {
            let mut tile = Tile::new(id, 64);
            let layer = tile.layer("points", usize::MAX).expect("the first layer");
            for (number, &(lon, lat)) in (0..).zip(&positions) {
                layer.add(number, &point(lon, lat), NO_ATTRIBUTES);
            }
            for feature in decode(&tile.encode())
                .iter()
                .flat_map(|layer| &layer.features)
            {
                let number = feature.id.expect("a number") as usize;
                let Drawn::Points(cells) = &feature.drawn else {
                    panic!("a point became {:?}", feature.drawn);
                };
                drawn[number] += cells
                    .iter()
                    .filter(|&&(x, y)| inside(x) && inside(y))
                    .count();
            }
        }
        for (&(lon, lat), drawn) in positions.iter().zip(drawn) {
            let expected = usize::from(lat.abs() < 85.0512);
            assert_eq!(drawn, expected, "{lon} {lat} at zoom {z}");
        }
    }
}

/// A position and a tile near it, of any zoom.
fn position_and_tile() -> impl Strategy<Value = (f64, f64, TileId)> {
    let lon = prop_oneof![
        -180.0..=180.0,
        (0_i32..=64).prop_map(|n| f64::from(n) * 5.625 - 180.0),
    ];
    let lat = prop_oneof![-90.0..=90.0, -85.051_2..=85.051_2, Just(0.0)];
    (lon, lat, 0..=MAX_ZOOM, 0_u32..3, 0_u32..3).prop_map(|(lon, lat, z, down, right)| {
        let tiles = 1_u32 << z;
        let near = TileId::containing(z, lon, lat).unwrap_or(id(z, 0, 0));
        let y = (near.y() + tiles + down - 1).min(2 * tiles - 1) % tiles;
        let x = (near.x() + tiles + right - 1) % tiles;
        (lon, lat, id(z, y, x))
    })
}

proptest! {
    #[test]
    fn a_point_is_in_a_tile_if_and_only_if_it_lies_in_its_bounds(
        (lon, lat, id) in position_and_tile()
    ) {
        let last = (1 << id.z()) - 1;
        let Bounds { west, south, east, north } = id.bounds(0);
        let columns = west <= lon && (lon < east || id.x() == last && lon <= east);
        let rows = lat <= north && (south < lat || id.y() == last && south <= lat);
        prop_assert_eq!(!drawn_point(id, 0, lon, lat).is_empty(), columns && rows);
        prop_assert_eq!(id.contains(lon, lat), columns && rows);
        let holder = TileId::containing(id.z(), lon, lat);
        prop_assert_eq!(holder == Some(id), columns && rows);
    }

    #[test]
    fn a_point_is_drawn_where_the_projection_puts_it_and_only_in_the_buffered_bounds(
        (lon, lat, id) in position_and_tile(), buffer in 0_u32..=EXTENT
    ) {
        let tiles = f64::from(1_u32 << id.z());
        // The projection as textbooks have it, not as `frame` does.
        let height = (std::f64::consts::FRAC_PI_4 + lat.to_radians() / 2.0).tan().ln();
        let x = ((lon + 180.0) / 360.0 * tiles - f64::from(id.x())) * 4096.0;
        let y = ((1.0 - height / std::f64::consts::PI) / 2.0 * tiles - f64::from(id.y())) * 4096.0;
        let cells = drawn_point(id, buffer, lon, lat);
        for &(column, row) in &cells {
            let nearest = [-1.0, 0.0, 1.0].map(|world: f64| {
                (x + world * tiles * 4096.0 - 0.5 - f64::from(column)).abs()
            });
            prop_assert!(nearest.iter().any(|off| *off < 0.51), "column {column} for {x}");
            prop_assert!((y - 0.5 - f64::from(row)).abs() < 0.51, "row {row} for {y}");
        }
        // Within a unit of the edge the two may round differently.
        let grown = id.bounds(buffer.saturating_sub(1));
        let inner = grown.south < lat && lat < grown.north && if grown.west > grown.east {
            lon > grown.west || lon < grown.east
        } else {
            grown.west < lon && lon < grown.east
        };
        prop_assert!(!(inner && cells.is_empty()), "missing in the buffer");
        let grown = id.bounds(buffer);
        let outer = grown.south <= lat && lat <= grown.north && if grown.west > grown.east {
            lon >= grown.west || lon <= grown.east
        } else {
            grown.west <= lon && lon <= grown.east
        };
        prop_assert!(outer || cells.is_empty(), "drawn although the bounds leave it out");
    }
}
