//! Parts of an area: the north of a country, the middle of a province.

use geo::MultiPolygon;

use crate::domain::Point;

/// A part of an area, as a point within reach of all of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Part {
    pub(super) point: Point,
    pub(super) radius_km: f64,
}

/// Lines of latitude that the area is measured along.
const ROWS: usize = 36;

/// The part of an area that lies towards a bearing (degrees clockwise from north), or its middle.
///
/// A cardinal direction takes the outer third of the area's extent, one in between the outer halves of both
/// axes, the middle the inner halves. Measured by scan lines, so that the cost grows with the outline only.
pub(super) fn part(area: &MultiPolygon<f64>, bearing: Option<f64>) -> Option<Part> {
    let (min, max) = extent(area)?;
    let window = window(min, max, bearing);
    let step = (max.lat - min.lat) / ROWS as f64;
    let mut rows: [Vec<f64>; ROWS] = std::array::from_fn(|_| Vec::new());
    let latitude = |row: usize| min.lat + (row as f64 + 0.5) * step;
    for polygon in area {
        for ring in std::iter::once(polygon.exterior()).chain(polygon.interiors()) {
            for line in ring.lines() {
                let (low, high) = if line.start.y < line.end.y {
                    (line.start, line.end)
                } else {
                    (line.end, line.start)
                };
                let first = ((low.y - min.lat) / step - 0.5).ceil().max(0.0) as usize;
                for (row, crossings) in rows.iter_mut().enumerate().skip(first) {
                    let y = latitude(row);
                    if y > high.y {
                        break;
                    }
                    if y < low.y || low.y >= high.y {
                        continue;
                    }
                    crossings.push(low.x + (high.x - low.x) * (y - low.y) / (high.y - low.y));
                }
            }
        }
    }
    let (mut weight, mut lon, mut lat) = (0.0, 0.0, 0.0);
    let mut seen = (max, min);
    for (row, crossings) in rows.iter_mut().enumerate() {
        let y = latitude(row);
        if y < window.0.lat || y > window.1.lat {
            continue;
        }
        crossings.sort_by(f64::total_cmp);
        for pair in crossings.chunks_exact(2) {
            let (from, to) = (pair[0].max(window.0.lon), pair[1].min(window.1.lon));
            if from < to {
                let width = (to - from) * y.to_radians().cos();
                weight += width;
                lon += width * f64::midpoint(from, to);
                lat += width * y;
                seen.0 = Point {
                    lon: seen.0.lon.min(from),
                    lat: seen.0.lat.min(y),
                };
                seen.1 = Point {
                    lon: seen.1.lon.max(to),
                    lat: seen.1.lat.max(y),
                };
            }
        }
    }
    (weight > 0.0).then(|| Part {
        point: Point {
            lon: lon / weight,
            lat: lat / weight,
        },
        radius_km: (seen.0.distance_km(seen.1) / 2.0).max(10.0),
    })
}

fn extent(area: &MultiPolygon<f64>) -> Option<(Point, Point)> {
    let mut corners: Option<(Point, Point)> = None;
    for position in area.iter().flat_map(|polygon| polygon.exterior().coords()) {
        let (min, max) = corners.get_or_insert((
            Point {
                lon: position.x,
                lat: position.y,
            },
            Point {
                lon: position.x,
                lat: position.y,
            },
        ));
        min.lon = min.lon.min(position.x);
        min.lat = min.lat.min(position.y);
        max.lon = max.lon.max(position.x);
        max.lat = max.lat.max(position.y);
    }
    corners.filter(|(min, max)| max.lat > min.lat && max.lon > min.lon)
}

/// The corners of what a direction takes of an extent.
fn window(min: Point, max: Point, bearing: Option<f64>) -> (Point, Point) {
    let (width, height) = (max.lon - min.lon, max.lat - min.lat);
    let Some(bearing) = bearing else {
        let inner = |from: f64, size: f64| (from + size / 4.0, from + size * 0.75);
        let (lon, lat) = (inner(min.lon, width), inner(min.lat, height));
        return (
            Point {
                lon: lon.0,
                lat: lat.0,
            },
            Point {
                lon: lon.1,
                lat: lat.1,
            },
        );
    };
    let (east, north) = (bearing.to_radians().sin(), bearing.to_radians().cos());
    let share = if east.abs() > 0.1 && north.abs() > 0.1 {
        0.5
    } else {
        1.0 / 3.0
    };
    let cut = |low: f64, size: f64, toward: f64| {
        if toward > 0.1 {
            (low + size * (1.0 - share), low + size)
        } else if toward < -0.1 {
            (low, low + size * share)
        } else {
            (low, low + size)
        }
    };
    let (lon, lat) = (cut(min.lon, width, east), cut(min.lat, height, north));
    (
        Point {
            lon: lon.0,
            lat: lat.0,
        },
        Point {
            lon: lon.1,
            lat: lat.1,
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::polygon;

    fn square() -> MultiPolygon<f64> {
        MultiPolygon(vec![polygon![
            (x: 30.0, y: 0.0), (x: 36.0, y: 0.0), (x: 36.0, y: 6.0), (x: 30.0, y: 6.0)
        ]])
    }

    #[test]
    fn a_part_lies_towards_its_direction() {
        for (bearing, lon, lat) in [
            (Some(0.0), 33.0, 5.0),
            (Some(90.0), 35.0, 3.0),
            (Some(180.0), 33.0, 1.0),
            (Some(225.0), 31.5, 1.5),
            (None, 33.0, 3.0),
        ] {
            let part = part(&square(), bearing).expect("a square has parts");
            assert!((part.point.lon - lon).abs() < 0.1, "{bearing:?} {part:?}");
            assert!((part.point.lat - lat).abs() < 0.1, "{bearing:?} {part:?}");
            assert!(part.radius_km > 200.0 && part.radius_km < 400.0, "{part:?}");
        }
    }

    #[test]
    fn an_area_without_extent_has_no_parts() {
        assert_eq!(part(&MultiPolygon(vec![]), Some(0.0)), None);
    }
}
