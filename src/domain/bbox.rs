use std::str::FromStr;

use super::Point;

/// A box in longitude and latitude (WGS 84, degrees). `west > east` means that it crosses the antimeridian.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BoundingBox {
    /// Western edge, −180 to 180.
    pub west: f64,
    /// Southern edge, −90 to 90.
    pub south: f64,
    /// Eastern edge, −180 to 180.
    pub east: f64,
    /// Northern edge, −90 to 90.
    pub north: f64,
}

/// Why a string or four numbers are no box.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum BoundingBoxError {
    /// Not four (or, with heights, six) numbers.
    #[error("a bbox is 4 numbers (west,south,east,north), or 6 with heights; this has {0}")]
    Count(usize),
    /// One part is no number.
    #[error("{0:?} in the bbox is no number")]
    Number(String),
    /// A latitude or longitude off the globe.
    #[error("{0} in the bbox is off the globe: longitudes are -180 to 180, latitudes -90 to 90")]
    Range(f64),
    /// South above north.
    #[error(
        "the bbox's south {south} is above its north {north}: the order is west,south,east,north"
    )]
    Reversed {
        /// As given.
        south: f64,
        /// As given.
        north: f64,
    },
}

impl BoundingBox {
    /// The whole globe.
    pub const WORLD: Self = Self {
        west: -180.0,
        south: -90.0,
        east: 180.0,
        north: 90.0,
    };

    /// Checks and takes the four edges.
    ///
    /// # Errors
    /// When an edge is off the globe or south lies above north.
    pub fn new(west: f64, south: f64, east: f64, north: f64) -> Result<Self, BoundingBoxError> {
        for (value, limit) in [(west, 180.0), (east, 180.0), (south, 90.0), (north, 90.0)] {
            if !value.is_finite() || f64::abs(value) > limit {
                return Err(BoundingBoxError::Range(value));
            }
        }
        if south > north {
            return Err(BoundingBoxError::Reversed { south, north });
        }
        Ok(Self {
            west,
            south,
            east,
            north,
        })
    }

    /// Whether it spans the antimeridian.
    pub fn crosses_antimeridian(self) -> bool {
        self.west > self.east
    }

    /// Whether the point lies in it; edges count.
    pub fn contains(self, point: Point) -> bool {
        let latitude = self.south <= point.lat && point.lat <= self.north;
        let longitude = if self.crosses_antimeridian() {
            point.lon >= self.west || point.lon <= self.east
        } else {
            self.west <= point.lon && point.lon <= self.east
        };
        latitude && longitude
    }

    /// The one or two boxes that do not cross the antimeridian and cover the same ground.
    pub fn parts(self) -> impl Iterator<Item = Self> {
        let (first, second) = if self.crosses_antimeridian() {
            (
                Self {
                    east: 180.0,
                    ..self
                },
                Some(Self {
                    west: -180.0,
                    ..self
                }),
            )
        } else {
            (self, None)
        };
        std::iter::once(first).chain(second)
    }
}

impl BoundingBox {
    /// Reads four numbers, or six, as they stand.
    ///
    /// # Errors
    /// When they are of another number, or one is none.
    pub fn numbers(text: &str) -> Result<Vec<f64>, BoundingBoxError> {
        let numbers = text
            .split(',')
            .map(|part| {
                part.trim()
                    .parse()
                    .map_err(|_| BoundingBoxError::Number(part.chars().take(40).collect()))
            })
            .collect::<Result<Vec<f64>, _>>()?;
        match numbers.len() {
            4 | 6 => Ok(numbers),
            other => Err(BoundingBoxError::Count(other)),
        }
    }
}

impl FromStr for BoundingBox {
    type Err = BoundingBoxError;

    /// Reads `west,south,east,north`, or six numbers of which the heights are left aside.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match Self::numbers(text)?[..] {
            [west, south, east, north] | [west, south, _, east, north, _] => {
                Self::new(west, south, east, north)
            }
            ref other => Err(BoundingBoxError::Count(other.len())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_are_read_and_refused_with_the_reason() {
        assert!("1,2,3,4".parse::<BoundingBox>().is_ok());
        assert_eq!("1,2,0,3,4,9".parse::<BoundingBox>(), "1,2,3,4".parse());
        assert_eq!(
            "1,2,3".parse::<BoundingBox>(),
            Err(BoundingBoxError::Count(3))
        );
        assert_eq!(
            "1,2,3,x".parse::<BoundingBox>(),
            Err(BoundingBoxError::Number("x".into()))
        );
        assert_eq!(
            "1,2,3,91".parse::<BoundingBox>(),
            Err(BoundingBoxError::Range(91.0))
        );
        assert!(matches!(
            "1,5,3,4".parse::<BoundingBox>(),
            Err(BoundingBoxError::Reversed { .. })
        ));
        assert!("1,2,NaN,4".parse::<BoundingBox>().is_err());
    }

    #[test]
    fn a_box_over_the_antimeridian_holds_both_sides_and_not_the_middle() {
        let fiji = BoundingBox::new(177.0, -20.0, -178.0, -15.0).expect("a valid box");
        assert!(fiji.contains(Point {
            lon: 179.0,
            lat: -17.0
        }));
        assert!(fiji.contains(Point {
            lon: -179.5,
            lat: -17.0
        }));
        assert!(!fiji.contains(Point {
            lon: 0.0,
            lat: -17.0
        }));
        assert_eq!(fiji.parts().count(), 2);
    }
}
