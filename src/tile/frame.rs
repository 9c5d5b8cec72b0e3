use std::f64::consts::PI;

use geo::{Coord, Rect};

use super::id::Ground;
use super::{EXTENT, TileId};

/// The grid of one tile: where positions fall on it, and what of it is drawn.
pub(super) struct Frame {
    /// Units around the world at the tile's zoom.
    world: f64,
    /// The tile's north-western corner, in units from that of the world.
    corner: Coord<f64>,
    ground: Ground,
    area: Rect<f64>,
}

/// Position on the square of the projection: x from the antimeridian to the east, y from the north, each 0 to 1.
/// Latitudes beyond ±85.0511 give a y outside of it, always finite.
pub(super) fn unit(lon: f64, lat: f64) -> Coord<f64> {
    Coord {
        x: (lon + 180.0) / 360.0,
        y: 0.5 - lat.to_radians().tan().asinh() / (2.0 * PI),
    }
}

impl Frame {
    pub(super) fn new(id: TileId, buffer: u32) -> Self {
        let extent = f64::from(EXTENT);
        let buffer = f64::from(buffer.min(EXTENT));
        let north = if id.y() == 0 { 0.0 } else { -buffer };
        let beyond_south = if id.y() == id.last() { 0.0 } else { buffer };
        let west_north = Coord {
            x: -buffer,
            y: north,
        };
        let east_south = Coord {
            x: extent + buffer,
            y: extent + beyond_south,
        };
        Self {
            world: f64::from(id.last() + 1) * extent,
            corner: Coord {
                x: f64::from(id.x()) * extent,
                y: f64::from(id.y()) * extent,
            },
            ground: id.ground(),
            area: Rect::new(west_north, east_south),
        }
    }

    /// The tile with its buffer; it ends at the northern and southern edge of the world.
    pub(super) fn area(&self) -> &Rect<f64> {
        &self.area
    }

    /// Units from the tile's corner, to the east and south.
    pub(super) fn place(&self, position: Coord<f64>) -> Coord<f64> {
        unit(position.x, position.y) * self.world - self.corner
    }

    /// The same for a point, of which 180° is the end of the last column and not the beginning of another.
    fn place_point(&self, position: Coord<f64>) -> Coord<f64> {
        let mut place = unit(position.x, position.y);
        place.x = place.x.min(1.0_f64.next_down());
        place * self.world - self.corner
    }

    /// How far to the east or west to look for copies of the world: the buffer of a tile at its edge, and all of a
    /// small world, show what lies on the other side.
    pub(super) fn copies(&self) -> [Coord<f64>; 3] {
        [-1.0, 0.0, 1.0].map(|n| Coord {
            x: n * self.world,
            y: 0.0,
        })
    }

    /// Whether a position belongs to the tile itself.
    pub(super) fn owns(&self, position: Coord<f64>) -> bool {
        self.ground.contains(position.x, position.y)
    }

    /// How far from the western edge a longitude of the tile's lies, 0 to 4096 (exclusive).
    pub(super) fn own_x(&self, lon: f64) -> f64 {
        let x = ((lon + 180.0) / 360.0).min(1.0_f64.next_down());
        within_tile(Coord {
            x: x * self.world - self.corner.x,
            y: 0.0,
        })
        .x
    }

    /// About the longitude that lies so far from the western edge.
    pub(super) fn lon_of(&self, x: f64) -> f64 {
        (x + self.corner.x) / self.world * 360.0 - 180.0
    }

    /// The greatest latitude that lies at least so far from the northern edge: where points begin to be south of it.
    pub(super) fn latitude_of(&self, y: f64) -> f64 {
        let reaches = |lat: f64| self.place_point(Coord { x: 0.0, y: lat }).y >= y;
        // Found by halving, so that it fits the reckoning of places to the last digit.
        let (mut south, mut north) = (-90.0_f64, 90.0_f64);
        loop {
            let middle = f64::midpoint(south, north);
            if middle <= south || middle >= north {
                return south;
            }
            if reaches(middle) {
                south = middle;
            } else {
                north = middle;
            }
        }
    }

    /// The cells at which a point is drawn: its own, and those in the buffer. Cells within the tile are only for
    /// its own points, so that of all tiles just one draws the point within its edges. Longitudes beyond ±180 are none.
    pub(super) fn cells(&self, position: Coord<f64>) -> impl Iterator<Item = Coord<i32>> {
        let belongs = self.ground.contains(position.x, position.y);
        let on_globe = position.x.abs() <= 180.0;
        let place = self.place_point(position);
        let own = belongs.then(|| whole(cell(within_tile(place))));
        let buffered = self
            .copies()
            .into_iter()
            .filter(move |_| on_globe)
            .filter_map(move |shift| self.buffer_cell(place + shift));
        own.into_iter().chain(buffered)
    }

    fn buffer_cell(&self, place: Coord<f64>) -> Option<Coord<i32>> {
        let cell = cell(place);
        let within = |low: Coord<f64>, high: Coord<f64>| {
            low.x <= cell.x && cell.x < high.x && low.y <= cell.y && cell.y < high.y
        };
        let tile = Coord {
            x: f64::from(EXTENT),
            y: f64::from(EXTENT),
        };
        let drawn = within(self.area.min(), self.area.max()) && !within(Coord::zero(), tile);
        drawn.then(|| whole(cell))
    }
}

/// The place, or, when the projection rounds it over an edge that is the tile's own, the last one before the edge.
fn within_tile(place: Coord<f64>) -> Coord<f64> {
    let last = f64::from(EXTENT).next_down();
    Coord {
        x: place.x.clamp(0.0, last),
        y: place.y.clamp(0.0, last),
    }
}

/// The cell of the grid that holds the place. Cells are half open as tiles are: what belongs to a tile has cells
/// 0 to 4095 there, which rounding to the nearest would break.
pub(super) fn cell(place: Coord<f64>) -> Coord<f64> {
    Coord {
        x: place.x.floor(),
        y: place.y.floor(),
    }
}

/// A cell as the format has it.
pub(super) fn whole(cell: Coord<f64>) -> Coord<i32> {
    Coord {
        x: cell.x as i32,
        y: cell.y as i32,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(z: u32, y: u32, x: u32, buffer: u32) -> Frame {
        Frame::new(TileId::new(z, y, x).expect("a tile"), buffer)
    }

    fn cells(frame: &Frame, lon: f64, lat: f64) -> Vec<(i32, i32)> {
        frame
            .cells(Coord { x: lon, y: lat })
            .map(|cell| (cell.x, cell.y))
            .collect()
    }

    #[test]
    fn the_projection_gives_published_values() {
        // Half the way around the Earth in metres of EPSG:3857.
        let half = PI * 6_378_137.0;
        for (lon, lat, east, north) in [
            // The example of EPSG's guidance note 7-2, "Popular Visualisation Pseudo-Mercator".
            (-100.333_333_333, 24.381_787, -11_169_055.58, 2_800_000.0),
            (180.0, 85.051_128_779_8, half, half),
            (0.0, 0.0, 0.0, 0.0),
        ] {
            let place = unit(lon, lat);
            let metres = ((place.x * 2.0 - 1.0) * half, (1.0 - place.y * 2.0) * half);
            assert!((metres.0 - east).abs() < 0.05, "{lon}: {metres:?}");
            assert!((metres.1 - north).abs() < 0.05, "{lat}: {metres:?}");
        }
        // Chicago at zoom 3, in pixels of 256 to a tile: the example of Google's tile coordinates.
        let pixel = unit(-87.65, 41.85) * 2048.0;
        assert_eq!((pixel.x.floor(), pixel.y.floor()), (525.0, 761.0));
        assert!(unit(0.0, 90.0).y.is_finite() && unit(0.0, -90.0).y.is_finite());
    }

    #[test]
    fn a_point_is_drawn_in_its_tile_and_in_the_buffers_next_to_it() {
        // 0.1 degrees are 9.1 units at zoom 3.
        assert_eq!(cells(&frame(3, 4, 4, 64), 0.1, -0.1), [(9, 9)]);
        assert_eq!(cells(&frame(3, 4, 3, 64), 0.1, -0.1), [(4105, 9)]);
        assert_eq!(cells(&frame(3, 3, 3, 64), 0.1, -0.1), [(4105, 4105)]);
        assert!(cells(&frame(3, 4, 2, 64), 0.1, -0.1).is_empty());
        assert!(cells(&frame(3, 4, 3, 9), 0.1, -0.1).is_empty());
        assert_eq!(cells(&frame(3, 4, 3, 10), 0.1, -0.1), [(4105, 9)]);
    }

    #[test]
    fn a_point_near_the_antimeridian_is_drawn_on_both_sides_of_it() {
        assert_eq!(cells(&frame(3, 4, 7, 64), 179.9, -0.1), [(4086, 9)]);
        assert_eq!(cells(&frame(3, 4, 0, 64), 179.9, -0.1), [(-10, 9)]);
        assert_eq!(cells(&frame(3, 4, 7, 64), -179.9, -0.1), [(4105, 9)]);
        assert_eq!(
            cells(&frame(0, 0, 0, 64), 179.9, -0.1),
            [(4094, 2049), (-2, 2049)]
        );
        // The antimeridian itself: once within a tile, whichever of its two longitudes is written.
        assert_eq!(cells(&frame(3, 4, 7, 64), 180.0, -0.1), [(4095, 9)]);
        assert_eq!(cells(&frame(3, 4, 0, 64), 180.0, -0.1), [(-1, 9)]);
        assert_eq!(cells(&frame(3, 4, 0, 64), -180.0, -0.1), [(0, 9)]);
        assert_eq!(cells(&frame(3, 4, 7, 64), -180.0, -0.1), [(4096, 9)]);
    }

    #[test]
    fn a_point_beyond_the_projection_is_in_no_tile() {
        for lat in [85.06, -85.06, 90.0, -90.0, f64::NAN] {
            for y in [0, 7] {
                assert!(
                    cells(&frame(3, y, 0, 4096), -170.0, lat).is_empty(),
                    "{lat}"
                );
            }
        }
    }
}
