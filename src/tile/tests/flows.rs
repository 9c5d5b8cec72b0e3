use geo::{BoundingRect, Coord, Intersects, Line, Rect};

use super::{NO_ATTRIBUTES, id, positions};
use crate::tile::{Flow, Flows, Tile, TileId};

const CELL: u32 = 256;
const BUFFER: u32 = 64;

/// A tile of gathered lines, from those that `are_given`.
fn drawn(id: TileId, lines: &[Line<f64>], are_given: impl Fn(&Line<f64>) -> bool) -> Vec<u8> {
    let mut flows = Flows::new(id, CELL).expect("cells that divide a tile");
    for (n, line) in lines.iter().enumerate().filter(|(_, line)| are_given(line)) {
        flows.add(n, [line.start, line.end], ());
    }
    let mut tile = Tile::new(id, BUFFER);
    let layer = tile
        .layer("movements", usize::MAX)
        .expect("the first layer");
    for flow in flows.finish() {
        match flow {
            Flow::Single(n) => layer.add(n as u64, &lines[n].into(), NO_ATTRIBUTES),
            Flow::Group {
                ends: [from, to], ..
            } => {
                layer.add(None, &Line::new(from, to).into(), NO_ATTRIBUTES);
            }
        }
    }
    tile.encode()
}

#[test]
fn lines_that_come_within_a_cell_of_a_tile_are_all_that_it_takes_to_draw_it() {
    // Three each that go alike, of some degrees: none over the antimeridian, nor to a pole.
    let starts = positions(1500).into_iter();
    let starts = starts.filter(|(lon, lat)| lon.abs() < 170.0 && lat.abs() < 70.0);
    let lines: Vec<_> = starts
        .zip(0..)
        .flat_map(|((lon, lat), n)| {
            let way = Coord {
                x: f64::from(n % 13 - 6) * 0.5,
                y: f64::from(n % 7 - 3) * 0.5,
            };
            (0..3).map(move |k| {
                let aside = f64::from(k) * 0.3;
                let from = Coord {
                    x: lon + aside,
                    y: lat + aside,
                };
                Line::new(from, from + way)
            })
        })
        .collect();
    let (mut groups, mut outside) = (0, 0);
    for (z, y, x) in [
        (3, 3, 4),
        (4, 6, 9),
        (4, 7, 8),
        (5, 12, 19),
        (5, 13, 19),
        (5, 12, 20),
    ] {
        let id = id(z, y, x);
        let ground = id.bounds(BUFFER + CELL);
        let near = Rect::new((ground.west, ground.south), (ground.east, ground.north));
        let all = drawn(id, &lines, |_| true);
        assert_eq!(
            drawn(id, &lines, |line| line.intersects(&near)),
            all,
            "{z}/{y}/{x}"
        );
        // Of those in the tile alone it would be another.
        let ground = id.bounds(0);
        let tile = Rect::new((ground.west, ground.south), (ground.east, ground.north));
        outside += usize::from(drawn(id, &lines, |line| line.intersects(&tile)) != all);
        groups += usize::from(
            lines
                .iter()
                .any(|line| line.bounding_rect().intersects(&tile)),
        );
    }
    assert_eq!(groups, 6, "each has lines");
    assert!(outside > 0, "some need what lies beside them");
}
