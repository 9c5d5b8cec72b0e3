//! Polygons as they stand in an image: whole numbers of thousandths of a degree (about 110 m), each corner
//! as the step from the one before it. Questions are answered while reading, without unpacking.

use geo::{Coord, LineString, MultiPolygon, Polygon};

/// Parts of a degree.
pub(super) const GRID: f64 = 1e3;

/// Bounding box on the grid: west, south, east, north.
pub(super) type Bounds = [i32; 4];

/// Writes an area, and says its bounds. None when nothing of it is left on the grid.
pub(super) fn encode(area: &MultiPolygon<f64>, out: &mut Vec<u8>) -> Option<Bounds> {
    let mut bounds = [i32::MAX, i32::MAX, i32::MIN, i32::MIN];
    let polygons: Vec<Vec<Vec<(i32, i32)>>> = area
        .iter()
        .map(|polygon| {
            std::iter::once(polygon.exterior())
                .chain(polygon.interiors())
                .map(on_grid)
                .filter(|ring| ring.len() >= 3)
                .collect::<Vec<_>>()
        })
        .filter(|rings| !rings.is_empty())
        .collect();
    if polygons.is_empty() {
        return None;
    }
    let mut last = (0, 0);
    write_number(polygons.len() as u32, out);
    for rings in &polygons {
        write_number(rings.len() as u32, out);
        for ring in rings {
            write_number(ring.len() as u32, out);
            for &(x, y) in ring {
                write_number(zigzag(x - last.0), out);
                write_number(zigzag(y - last.1), out);
                last = (x, y);
                bounds[0] = bounds[0].min(x);
                bounds[1] = bounds[1].min(y);
                bounds[2] = bounds[2].max(x);
                bounds[3] = bounds[3].max(y);
            }
        }
    }
    Some(bounds)
}

/// A ring's corners on the grid, without repeats and without the closing one.
fn on_grid(ring: &LineString<f64>) -> Vec<(i32, i32)> {
    let mut corners: Vec<(i32, i32)> = ring
        .coords()
        .map(|c| ((c.x * GRID).round() as i32, (c.y * GRID).round() as i32))
        .collect();
    corners.dedup();
    if corners.len() > 1 && corners.first() == corners.last() {
        corners.pop();
    }
    corners
}

/// The whole area, unpacked.
pub(super) fn decode(data: &[u8]) -> MultiPolygon<f64> {
    let mut reader = Reader::new(data);
    let polygons = (0..reader.number())
        .map(|_| {
            let mut rings = (0..reader.number()).map(|_| {
                let ring: Vec<Coord<f64>> = (0..reader.number())
                    .map(|_| {
                        let (x, y) = reader.corner();
                        Coord {
                            x: f64::from(x) / GRID,
                            y: f64::from(y) / GRID,
                        }
                    })
                    .collect();
                LineString::new(ring)
            });
            let exterior = rings.next().unwrap_or_else(|| LineString::new(Vec::new()));
            Polygon::new(exterior, rings.collect())
        })
        .collect();
    MultiPolygon::new(polygons)
}

/// Whether a position (degrees) lies inside.
pub(super) fn contains(data: &[u8], x: f64, y: f64) -> bool {
    let (mut inside, mut odd, mut polygon) = (false, false, 0);
    edges(data, |index, (ax, ay), (bx, by)| {
        if index != polygon {
            inside |= odd;
            (odd, polygon) = (false, index);
        }
        if (ay > y) != (by > y) && x < (bx - ax) * (y - ay) / (by - ay) + ax {
            odd = !odd;
        }
    });
    inside || odd
}

/// Distance in degrees of latitude from a position to the nearest edge.
pub(super) fn distance(data: &[u8], x: f64, y: f64) -> f64 {
    let narrow = y.to_radians().cos();
    let mut nearest = f64::INFINITY;
    edges(data, |_, (ax, ay), (bx, by)| {
        let (ax, ay) = ((ax - x) * narrow, ay - y);
        let (dx, dy) = ((bx - x) * narrow - ax, by - y - ay);
        let length = dx * dx + dy * dy;
        let along = if length > 0.0 {
            (-(ax * dx + ay * dy) / length).clamp(0.0, 1.0)
        } else {
            0.0
        };
        nearest = nearest.min((ax + along * dx).hypot(ay + along * dy));
    });
    nearest
}

/// Calls `visit` with every edge, in degrees, and the number of its polygon.
fn edges(data: &[u8], mut visit: impl FnMut(u32, (f64, f64), (f64, f64))) {
    let degrees = |(x, y): (i32, i32)| (f64::from(x) / GRID, f64::from(y) / GRID);
    let mut reader = Reader::new(data);
    for polygon in 0..reader.number() {
        for _ in 0..reader.number() {
            let corners = reader.number();
            if corners == 0 {
                continue;
            }
            let first = degrees(reader.corner());
            let mut last = first;
            for _ in 1..corners {
                let next = degrees(reader.corner());
                visit(polygon, last, next);
                last = next;
            }
            visit(polygon, last, first);
        }
    }
}

struct Reader<'a> {
    data: std::slice::Iter<'a, u8>,
    last: (i32, i32),
}

impl<'a> Reader<'a> {
    fn new(data: &'a [u8]) -> Self {
        Self {
            data: data.iter(),
            last: (0, 0),
        }
    }

    /// A number of seven bits a byte; 0 beyond the end.
    fn number(&mut self) -> u32 {
        let (mut number, mut shift) = (0u32, 0);
        for &byte in self.data.by_ref() {
            number |= u32::from(byte & 0x7f).checked_shl(shift).unwrap_or(0);
            if byte < 0x80 {
                return number;
            }
            shift += 7;
        }
        0
    }

    fn corner(&mut self) -> (i32, i32) {
        let dx = unzigzag(self.number());
        let dy = unzigzag(self.number());
        self.last = (self.last.0.wrapping_add(dx), self.last.1.wrapping_add(dy));
        self.last
    }
}

fn write_number(mut number: u32, out: &mut Vec<u8>) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

fn zigzag(step: i32) -> u32 {
    ((step << 1) ^ (step >> 31)).cast_unsigned()
}

fn unzigzag(number: u32) -> i32 {
    (number >> 1).cast_signed() ^ -(number & 1).cast_signed()
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::polygon;

    /// A square with a square hole, and an island in the hole.
    fn lake_with_island() -> MultiPolygon<f64> {
        MultiPolygon::new(vec![
            polygon!(
                exterior: [(x: 10.0, y: -4.0), (x: 20.0, y: -4.0), (x: 20.0, y: 6.0), (x: 10.0, y: 6.0)],
                interiors: [[(x: 12.0, y: -2.0), (x: 18.0, y: -2.0), (x: 18.0, y: 4.0), (x: 12.0, y: 4.0)]]
            ),
            polygon![(x: 14.0, y: 0.0), (x: 16.0, y: 0.0), (x: 16.0, y: 2.0), (x: 14.0, y: 2.0)],
        ])
    }

    #[test]
    fn an_area_comes_back_as_it_was_written() {
        let mut data = Vec::new();
        let bounds = encode(&lake_with_island(), &mut data);
        assert_eq!(bounds, Some([10_000, -4_000, 20_000, 6_000]));
        assert_eq!(decode(&data), lake_with_island());
    }

    #[test]
    fn holes_are_outside_and_islands_in_them_inside() {
        let mut data = Vec::new();
        encode(&lake_with_island(), &mut data);
        assert!(contains(&data, 11.0, 0.0));
        assert!(!contains(&data, 13.0, 1.0));
        assert!(contains(&data, 15.0, 1.0));
        assert!(!contains(&data, 21.0, 1.0));
        assert!((distance(&data, 21.0, 0.0) - 1.0).abs() < 1e-9);
    }

    #[test]
    fn cut_data_is_read_without_panic() {
        let mut data = Vec::new();
        encode(&lake_with_island(), &mut data);
        for end in 0..data.len() {
            contains(&data[..end], 11.0, 0.0);
        }
    }
}
