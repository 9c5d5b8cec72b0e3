//! What WKT and GeoJSON ask of a geometry alike.

use geo::{Coord, LineString};

use super::error::quoted;

/// What is wrong with a geometry.
pub(super) struct Fault {
    pub(super) found: String,
    pub(super) expected: &'static str,
}

pub(super) fn line(positions: Vec<Coord>) -> Result<LineString, Fault> {
    if positions.len() < 2 {
        return Err(Fault {
            found: "a line of one position".to_owned(),
            expected: "at least 2",
        });
    }
    Ok(LineString::new(positions))
}

/// Closed, as the edge of a polygon or of a hole in it.
pub(super) fn ring(positions: Vec<Coord>) -> Result<LineString, Fault> {
    if positions.len() < 4 {
        return Err(Fault {
            found: format!("a ring of {} positions", positions.len()),
            expected: "at least 4, of which the last is the first again",
        });
    }
    let (first, last) = (positions[0], positions[positions.len() - 1]);
    if first != last {
        let end = quoted(&format!("{} {}", last.x, last.y));
        return Err(Fault {
            found: format!("a ring that ends at {end}"),
            expected: "one that is closed, so that its last position is its first",
        });
    }
    Ok(LineString::new(positions))
}

/// West, south, east and north of four numbers, or of six with heights.
pub(super) fn bbox(numbers: &[f64]) -> Result<[f64; 4], Fault> {
    match *numbers {
        [west, south, east, north] | [west, south, _, east, north, _] => {
            Ok([west, south, east, north])
        }
        _ => Err(Fault {
            found: format!("a box of {} numbers", numbers.len()),
            expected: "4 (west, south, east, north), or 6 with heights",
        }),
    }
}
