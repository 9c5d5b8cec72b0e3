use std::f64::consts::PI;

use super::{EXTENT, MAX_ZOOM, TileError};

/// Latitude at which the projection is as high as it is wide: atan(sinh(π)).
const MAX_LATITUDE: f64 = 85.051_128_779_806_6;

/// Address of a tile.
///
/// A position lies in exactly one tile of a zoom: western and northern edges belong to a tile, eastern and southern
/// ones to its neighbour, or, at the end of the world, to the tile itself. Latitudes beyond ±85.0511 are in no tile,
/// because the square of the projection ends there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TileId {
    z: u32,
    y: u32,
    x: u32,
}

/// A box in longitude and latitude (degrees). `west > east` means that it crosses the antimeridian.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bounds {
    /// Western edge, −180 to 180.
    pub west: f64,
    /// Southern edge.
    pub south: f64,
    /// Eastern edge, −180 to 180.
    pub east: f64,
    /// Northern edge.
    pub north: f64,
}

impl Bounds {
    /// All that has tiles.
    pub const WORLD: Self = Self {
        west: -180.0,
        south: -MAX_LATITUDE,
        east: 180.0,
        north: MAX_LATITUDE,
    };
}

impl TileId {
    /// Checks the address: zoom (tile matrix), row counted from the north, column counted from the west.
    ///
    /// # Errors
    /// When there is no such zoom, or no such row or column in it; the message says the range.
    pub fn new(z: u32, y: u32, x: u32) -> Result<Self, TileError> {
        if z > MAX_ZOOM {
            return Err(TileError::Zoom(z));
        }
        let last = (1 << z) - 1;
        for (axis, number) in [("row", y), ("column", x)] {
            if number > last {
                return Err(TileError::Outside {
                    axis,
                    number,
                    zoom: z,
                    last,
                });
            }
        }
        Ok(Self { z, y, x })
    }

    /// The tile of a zoom that holds the position; `None` beyond the last zoom, off the globe or beyond the
    /// latitudes of the projection.
    pub fn containing(z: u32, lon: f64, lat: f64) -> Option<Self> {
        let end = Self::new(z, 0, 0).ok()?.last();
        let position = super::frame::unit(lon, lat);
        // The projection rounds, so that next to an edge the neighbour may be the one.
        let guess = |share: f64| (share * f64::from(end + 1)).clamp(0.0, f64::from(end)) as u32;
        let near = |n: u32| n.saturating_sub(1)..=(n + 1).min(end);
        let (row, column) = (guess(position.y), guess(position.x));
        near(row)
            .flat_map(|y| near(column).map(move |x| Self { z, y, x }))
            .find(|id| id.contains(lon, lat))
    }

    /// The zoom, 0 to [`MAX_ZOOM`].
    pub fn z(self) -> u32 {
        self.z
    }

    /// The row, counted from the north.
    pub fn y(self) -> u32 {
        self.y
    }

    /// The column, counted from the west.
    pub fn x(self) -> u32 {
        self.x
    }

    /// The last row and column at its zoom.
    pub(super) fn last(self) -> u32 {
        (1 << self.z) - 1
    }

    /// What the tile covers, grown on each side by a buffer in units of [`EXTENT`] (at most a whole tile).
    ///
    /// At the edge of the world the grown box crosses the antimeridian, so that `west > east`; where it would meet
    /// itself it is the whole way round. It does not grow beyond the latitudes of the projection.
    pub fn bounds(self, buffer: u32) -> Bounds {
        let buffer = f64::from(buffer.min(EXTENT)) / f64::from(EXTENT);
        let tiles = f64::from(self.last() + 1);
        let (west, north) = (f64::from(self.x) - buffer, f64::from(self.y) - buffer);
        let (east, south) = (
            f64::from(self.x + 1) + buffer,
            f64::from(self.y + 1) + buffer,
        );
        let (west, east) = if east - west >= tiles {
            (-180.0, 180.0)
        } else {
            let west = if west < 0.0 { west + tiles } else { west };
            let east = if east > tiles { east - tiles } else { east };
            (longitude(west, tiles), longitude(east, tiles))
        };
        Bounds {
            west,
            south: latitude(south.min(tiles), tiles),
            east,
            north: latitude(north.max(0.0), tiles),
        }
    }

    /// Whether the position lies in the tile itself; of positions on an edge each is in one tile only.
    pub fn contains(self, lon: f64, lat: f64) -> bool {
        self.ground().contains(lon, lat)
    }

    pub(super) fn ground(self) -> Ground {
        Ground {
            bounds: self.bounds(0),
            easternmost: self.x == self.last(),
            southernmost: self.y == self.last(),
        }
    }
}

/// What belongs to one tile, edges decided; reckoned once and then asked for each position.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ground {
    bounds: Bounds,
    easternmost: bool,
    southernmost: bool,
}

impl Ground {
    pub(super) fn contains(&self, lon: f64, lat: f64) -> bool {
        let Bounds {
            west,
            south,
            east,
            north,
        } = self.bounds;
        let east = lon < east || self.easternmost && lon <= east;
        let south = south < lat || self.southernmost && south <= lat;
        west <= lon && east && lat <= north && south
    }
}

/// Exact for whole columns: the numerator is a whole number and the number of tiles a power of two.
fn longitude(column: f64, tiles: f64) -> f64 {
    (360.0 * column - 180.0 * tiles) / tiles
}

fn latitude(row: f64, tiles: f64) -> f64 {
    (PI * (1.0 - 2.0 * row / tiles)).sinh().atan().to_degrees()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(z: u32, y: u32, x: u32) -> TileId {
        TileId::new(z, y, x).expect("a tile of the matrix")
    }

    #[test]
    fn an_address_outside_is_refused_with_the_range() {
        for (z, y, x, reason) in [
            (
                23,
                0,
                0,
                "there is no zoom 23: zooms (tile matrices) are 0 to 22",
            ),
            (
                3,
                8,
                0,
                "there is no row 8 at zoom 3: rows are 0 to 7 there",
            ),
            (
                0,
                0,
                1,
                "there is no column 1 at zoom 0: columns are 0 to 0 there",
            ),
            (
                u32::MAX,
                0,
                0,
                "there is no zoom 4294967295: zooms (tile matrices) are 0 to 22",
            ),
        ] {
            let error = TileId::new(z, y, x).expect_err("outside");
            assert_eq!(error.to_string(), reason);
        }
        assert!(TileId::new(22, 4_194_303, 4_194_303).is_ok());
    }

    #[test]
    fn bounds_are_those_of_the_tile_matrix_set() {
        for ((z, y, x), [west, south, east, north]) in [
            ((0, 0, 0), [-180.0, -85.051_128_78, 180.0, 85.051_128_78]),
            ((1, 0, 1), [0.0, 0.0, 180.0, 85.051_128_78]),
            ((2, 1, 0), [-180.0, 0.0, -90.0, 66.513_260_44]),
            ((3, 2, 2), [-90.0, 40.979_898_07, -45.0, 66.513_260_44]),
        ] {
            let bounds = id(z, y, x).bounds(0);
            for (is, should) in [
                (bounds.west, west),
                (bounds.south, south),
                (bounds.east, east),
                (bounds.north, north),
            ] {
                assert!((is - should).abs() < 1e-8, "{z}/{y}/{x}: {bounds:?}");
            }
        }
    }

    #[test]
    fn a_buffer_crosses_the_antimeridian_and_stops_at_the_poles() {
        let western = id(3, 0, 0).bounds(512);
        assert_eq!((western.west, western.east), (174.375, -129.375));
        let eastern = id(3, 7, 7).bounds(512);
        assert_eq!((eastern.west, eastern.east), (129.375, -174.375));
        let inner = id(3, 3, 3).bounds(512);
        assert_eq!((inner.west, inner.east), (-50.625, 5.625));
        assert!((western.north - Bounds::WORLD.north).abs() < 1e-12);
        assert!((eastern.south - Bounds::WORLD.south).abs() < 1e-12);
        for whole in [id(0, 0, 0).bounds(64), id(1, 0, 1).bounds(2048)] {
            assert_eq!((whole.west, whole.east), (-180.0, 180.0));
        }
        assert_eq!(id(5, 5, 5).bounds(u32::MAX), id(5, 5, 5).bounds(EXTENT));
    }

    #[test]
    fn known_places_are_in_known_tiles() {
        for (place, lon, lat, z, y, x) in [
            ("Chicago", -87.65, 41.85, 3, 2, 2),
            ("Chicago", -87.65, 41.85, 15, 12_182, 8_405),
            ("null island", 0.0, 0.0, 1, 1, 1),
            ("the west of the antimeridian", -180.0, 1.0, 2, 1, 0),
            ("the east of it", 180.0, 1.0, 2, 1, 3),
            ("the northern edge", 10.0, 85.051_128, 22, 0, 2_213_660),
        ] {
            assert_eq!(
                TileId::containing(z, lon, lat),
                Some(id(z, y, x)),
                "{place}"
            );
        }
        for (lon, lat) in [
            (0.0, 85.052),
            (0.0, -90.0),
            (181.0, 0.0),
            (f64::NAN, 0.0),
            (0.0, f64::NAN),
        ] {
            assert_eq!(TileId::containing(4, lon, lat), None, "{lon} {lat}");
        }
        assert_eq!(TileId::containing(23, 0.0, 0.0), None);
    }

    #[test]
    fn edges_and_corners_are_in_one_tile_each() {
        for z in 0..=5_u32 {
            let tiles = 1 << z;
            for row in 0..=tiles {
                for column in 0..=tiles {
                    let lon = longitude(f64::from(column), f64::from(tiles));
                    let lat = latitude(f64::from(row), f64::from(tiles));
                    let owners = (0..tiles)
                        .flat_map(|y| (0..tiles).map(move |x| (y, x)))
                        .filter(|&(y, x)| id(z, y, x).contains(lon, lat));
                    let own = (row.min(tiles - 1), column.min(tiles - 1));
                    assert_eq!(owners.collect::<Vec<_>>(), [own], "zoom {z}");
                    assert_eq!(TileId::containing(z, lon, lat), Some(id(z, own.0, own.1)));
                }
            }
        }
    }
}
