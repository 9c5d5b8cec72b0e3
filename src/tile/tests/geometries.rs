use geo::algorithm::{BooleanOps, Validation};
use geo::{
    Area, Contains, Coord, Distance, Euclidean, Geometry, GeometryCollection, Length, LineString,
    MultiLineString, MultiPoint, MultiPolygon, Point, Polygon, Rect, line_string, point, polygon,
};
use proptest::prelude::*;

use super::decode::{Drawn, decode};
use super::{NO_ATTRIBUTES, id};
use crate::tile::{Tile, TileId};

/// What a geometry draws in a tile with a buffer of 64.
fn drawn(id: TileId, geometry: impl Into<Geometry<f64>>) -> Vec<Drawn> {
    let mut tile = Tile::new(id, 64);
    let layer = tile.layer("geometries", 100).expect("the first layer");
    layer.add(1, &geometry.into(), NO_ATTRIBUTES);
    let features = decode(&tile.encode())
        .into_iter()
        .flat_map(|layer| layer.features);
    features.map(|feature| feature.drawn).collect()
}

/// Longitude and latitude of a place on the grid of a tile.
fn on_globe(id: TileId, place: Coord<f64>) -> Coord<f64> {
    let tiles = f64::from(1_u32 << id.z());
    let x = (f64::from(id.x()) + place.x / 4096.0) / tiles;
    let y = (f64::from(id.y()) + place.y / 4096.0) / tiles;
    Coord {
        x: x * 360.0 - 180.0,
        y: (std::f64::consts::PI * (1.0 - 2.0 * y))
            .sinh()
            .atan()
            .to_degrees(),
    }
}

fn line_on_globe(id: TileId, places: &[Coord<f64>]) -> LineString<f64> {
    places.iter().map(|&place| on_globe(id, place)).collect()
}

fn line(cells: &[(f64, f64)]) -> LineString<f64> {
    LineString::from(cells.to_vec())
}

#[test]
fn lines_are_cut_at_the_buffer_and_go_on_across_the_antimeridian() {
    let equator = line_string![(x: -170.0, y: -1e-9), (x: 170.0, y: -1e-9)];
    let whole_width = Drawn::Lines(vec![line(&[(-64.0, 0.0), (4160.0, 0.0)])]);
    assert_eq!(drawn(id(2, 2, 1), equator), [whole_width]);
    let across = line_string![(x: 170.0, y: -1e-9), (x: 190.0, y: -1e-9)];
    // At zoom 3 a degree is 91.02 units.
    assert_eq!(
        drawn(id(3, 4, 7), across.clone()),
        [Drawn::Lines(vec![line(&[(3185.0, 0.0), (4160.0, 0.0)])])]
    );
    assert_eq!(
        drawn(id(3, 4, 0), across),
        [Drawn::Lines(vec![line(&[(-64.0, 0.0), (910.0, 0.0)])])]
    );
    // Cut at the antimeridian, as GeoJSON has it: the part beyond lies in the buffer.
    let parts = MultiLineString::new(vec![
        line_string![(x: 170.0, y: -1e-9), (x: 180.0, y: -1e-9)],
        line_string![(x: -180.0, y: -1e-9), (x: -170.0, y: -1e-9)],
    ]);
    assert_eq!(
        drawn(id(3, 4, 0), parts),
        [Drawn::Lines(vec![
            line(&[(-64.0, 0.0), (0.0, 0.0)]),
            line(&[(0.0, 0.0), (910.0, 0.0)])
        ])]
    );
}

#[test]
fn what_is_too_small_or_elsewhere_or_off_the_globe_draws_nothing() {
    let speck = polygon![(x: 1.0, y: 1.0), (x: 1.001, y: 1.0), (x: 1.001, y: 1.001)];
    for (what, geometry) in [
        (
            "a short line",
            line_string![(x: 1.0, y: 1.0), (x: 1.001, y: 1.0)].into(),
        ),
        (
            "a line of one position",
            line_string![(x: 1.0, y: 1.0)].into(),
        ),
        ("an empty line", line_string![].into()),
        ("a small area", speck.into()),
        ("an empty area", polygon![].into()),
        (
            "a line as an area",
            polygon![(x: 0.0, y: 0.0), (x: 90.0, y: 0.0)].into(),
        ),
        ("no points", MultiPoint::new(Vec::new()).into()),
        (
            "nothing",
            Geometry::GeometryCollection(GeometryCollection::default()),
        ),
        ("no number", Geometry::from(point!(x: f64::NAN, y: 0.0))),
        (
            "a line to infinity",
            line_string![(x: 0.0, y: 0.0), (x: f64::INFINITY, y: 0.0)].into(),
        ),
        (
            "a line beyond the pole",
            line_string![(x: 0.0, y: 0.0), (x: 0.0, y: 91.0)].into(),
        ),
        (
            "a line far around",
            line_string![(x: 0.0, y: 0.0), (x: 1e300, y: 0.0)].into(),
        ),
        (
            "a line at the pole",
            line_string![(x: 0.0, y: 86.0), (x: 90.0, y: 90.0)].into(),
        ),
    ] {
        assert_eq!(drawn(id(0, 0, 0), geometry), [], "{what}");
    }
}

#[test]
fn a_collection_becomes_a_feature_for_each_kind_however_deep_it_is() {
    let mut collection = Geometry::GeometryCollection(GeometryCollection::new_from(vec![
        point!(x: 10.0, y: -10.0).into(),
        line_string![(x: 10.0, y: -10.0), (x: 20.0, y: -10.0)].into(),
        Rect::new((10.0, -20.0), (20.0, -10.0)).into(),
        MultiPoint::from(vec![(11.0, -10.0), (-170.0, -10.0)]).into(),
    ]));
    for _ in 0..500 {
        collection = Geometry::GeometryCollection(vec![collection].into());
    }
    let drawn = drawn(id(1, 1, 1), collection);
    assert_eq!(drawn.len(), 3);
    assert!(matches!(&drawn[0], Drawn::Points(points) if points.len() == 2));
    assert!(matches!(&drawn[1], Drawn::Lines(lines) if lines.len() == 1));
    assert!(matches!(&drawn[2], Drawn::Polygons(polygons) if polygons.0.len() == 1));
}

#[test]
fn an_area_keeps_its_hole_and_an_area_all_around_fills_the_tile() {
    let square = |from: f64, to: f64| {
        line_on_globe(
            id(4, 6, 9),
            &[(from, from), (from, to), (to, to), (to, from)]
                .map(|at| Coord::from(at) + Coord { x: 0.5, y: 0.5 }),
        )
    };
    let ring = Polygon::new(square(-1000.0, 3000.0), vec![square(1000.0, 2000.0)]);
    let [Drawn::Polygons(MultiPolygon(polygons))] = &drawn(id(4, 6, 9), ring)[..] else {
        panic!("one feature");
    };
    let [polygon] = &polygons[..] else {
        panic!("one polygon: {polygons:?}");
    };
    let area = |area: f64| area.round() as i64;
    assert_eq!(area(polygon.unsigned_area()), 3064 * 3064 - 1000 * 1000);
    assert_eq!(polygon.interiors().len(), 1);
    assert!(!polygon.contains(&Point::new(1500.0, 1500.0)));

    let world = Rect::new((-180.0, -90.0), (180.0, 90.0));
    let filled = |z, y, x| match &drawn(id(z, y, x), world)[..] {
        [Drawn::Polygons(polygons)] => area(polygons.unsigned_area()),
        other => panic!("{other:?}"),
    };
    assert_eq!(filled(22, 9, 9), 4224 * 4224);
    assert_eq!(
        filled(5, 31, 9),
        4224 * 4160,
        "no buffer beyond the world's edge"
    );
}

#[test]
fn parts_of_an_area_that_the_edge_cuts_off_are_apart() {
    // A comb whose back lies west of the tile.
    let comb = [
        (-2000.0, 0.0),
        (2000.0, 0.0),
        (2000.0, 500.0),
        (-1000.0, 500.0),
        (-1000.0, 1000.0),
        (2000.0, 1000.0),
        (2000.0, 1500.0),
        (-2000.0, 1500.0),
    ];
    let comb: Vec<_> = comb
        .map(|at| Coord::from(at) + Coord { x: 0.5, y: 0.5 })
        .into();
    let area = Polygon::new(line_on_globe(id(6, 20, 20), &comb), Vec::new());
    let [Drawn::Polygons(polygons)] = &drawn(id(6, 20, 20), area)[..] else {
        panic!("one feature");
    };
    assert_eq!(polygons.0.len(), 2);
    assert!(polygons.is_valid());
    assert!((polygons.unsigned_area() - 2.0 * 2064.0 * 500.0).abs() < 0.5);
}

#[test]
fn a_ring_that_crosses_itself_becomes_valid_areas() {
    let bow = polygon![(x: 10.0, y: -10.0), (x: 60.0, y: -50.0), (x: 60.0, y: -10.0), (x: 10.0, y: -50.0)];
    let [Drawn::Polygons(polygons)] = &drawn(id(1, 1, 1), bow)[..] else {
        panic!("one feature");
    };
    assert!(polygons.is_valid());
}

/// A walk across and around a tile, in its units.
fn walk() -> impl Strategy<Value = Vec<Coord<f64>>> {
    let start = (-3000.0..7000.0, -3000.0..7000.0);
    let steps = prop::collection::vec((-1500.0..1500.0, -1500.0..1500.0), 1..40);
    (start, steps).prop_map(|(start, steps)| {
        let mut at = Coord::from(start);
        let mut walk = vec![at];
        for step in steps {
            at = at + Coord::from(step);
            walk.push(at);
        }
        walk
    })
}

/// A star around a place in or near a tile, with a smaller one in it as a hole.
fn star() -> impl Strategy<Value = Polygon<f64>> {
    let middle = (-1500.0..5500.0, -1500.0..5500.0);
    let spikes = prop::collection::vec(0.3_f64..1.0, 5..60);
    (middle, spikes, 2.0_f64..4000.0).prop_map(|(middle, spikes, size)| {
        let around = std::f64::consts::TAU / spikes.len() as f64;
        let ring = |size: f64| -> LineString<f64> {
            let corner = |(n, spike): (usize, &f64)| {
                let (sin, cos) = (n as f64 * around).sin_cos();
                Coord::from(middle) + Coord { x: cos, y: sin } * (spike * size)
            };
            spikes.iter().enumerate().map(corner).collect()
        };
        Polygon::new(ring(size), vec![ring(size / 3.0)])
    })
}

const BUFFERED: ((f64, f64), (f64, f64)) = ((-64.0, -64.0), (4160.0, 4160.0));

proptest! {
    #[test]
    fn a_line_is_drawn_all_along_and_nowhere_else(walk in walk(), z in 6_u32..=14) {
        let id = id(z, 20, 30);
        let line: LineString<f64> = walk.iter().copied().collect();
        let lines = match drawn(id, line_on_globe(id, &walk)).pop() {
            Some(Drawn::Lines(lines)) => MultiLineString::new(lines),
            None => MultiLineString::new(Vec::new()),
            other => panic!("a line became {other:?}"),
        };
        // A cell is named by its corner, and simplifying may move the line by a unit.
        let near = 2.5;
        for cell in lines.iter().flatten() {
            prop_assert!(Euclidean.distance(&Point(*cell), &line) < near, "{cell:?} is off the line");
            prop_assert!(cell.x >= -64.0 && cell.x <= 4160.0 && cell.y >= -64.0 && cell.y <= 4160.0);
        }
        let inner = Rect::new((-60.0, -60.0), (4156.0, 4156.0));
        for segment in line.lines() {
            let length = Euclidean.length(&segment);
            for n in 0..=20 {
                let place = segment.start + segment.delta() * (f64::from(n) / 20.0);
                if length > 20.0 && inner.contains(&Point(place)) {
                    let drawn = lines.iter().map(|line| Euclidean.distance(&Point(place), line));
                    let nearest = drawn.fold(f64::INFINITY, f64::min);
                    // A short piece at a corner of the area may be too small for the grid.
                    prop_assert!(nearest < 2.0 * near, "{place:?} is {nearest} from the line drawn");
                }
            }
        }
    }

    #[test]
    fn an_area_is_valid_and_covers_what_the_exact_cut_covers(star in star(), z in 6_u32..=14) {
        let id = id(z, 20, 30);
        let rings = |ring: &LineString<f64>| line_on_globe(id, &ring.0);
        let geometry = Polygon::new(rings(star.exterior()), star.interiors().iter().map(rings).collect());
        let polygons = match drawn(id, geometry).pop() {
            Some(Drawn::Polygons(polygons)) => polygons,
            None => MultiPolygon(Vec::new()),
            other => panic!("an area became {other:?}"),
        };
        prop_assert!(polygons.is_valid(), "{polygons:?}");
        let exact = star.intersection(&Rect::new(BUFFERED.0, BUFFERED.1).to_polygon());
        let outline: f64 = exact.iter().map(|part| {
            let holes: f64 = part.interiors().iter().map(|hole| Euclidean.length(hole)).sum();
            holes + Euclidean.length(part.exterior())
        }).sum();
        let off = polygons.xor(&exact).unsigned_area();
        prop_assert!(off <= 2.0 * outline + 4.0, "{off} of {} is off", exact.unsigned_area());
    }

    #[test]
    fn an_area_is_valid_whatever_its_rings_do(
        rings in prop::collection::vec(walk(), 1..5), small in 0.001_f64..1.0, z in 6_u32..=14
    ) {
        let id = id(z, 20, 30);
        let ring = |walk: &Vec<Coord<f64>>| {
            let places: Vec<_> = walk.iter().map(|&place| place * small).collect();
            Polygon::new(line_on_globe(id, &places), Vec::new())
        };
        let holes = rings[1..].iter().map(|walk| ring(walk).exterior().clone()).collect();
        let with_holes = Polygon::new(ring(&rings[0]).exterior().clone(), holes);
        let parts = MultiPolygon(rings.iter().map(ring).collect());
        for geometry in [Geometry::from(with_holes), parts.into()] {
            if let Some(Drawn::Polygons(polygons)) = drawn(id, geometry).pop() {
                prop_assert!(polygons.is_valid(), "{polygons:?}");
            }
        }
    }
}
