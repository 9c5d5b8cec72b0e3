use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A position: WGS 84, degrees.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// Longitude, −180 to 180.
    pub lon: f64,
    /// Latitude, −90 to 90.
    pub lat: f64,
}

/// A little less than a degree of latitude has.
const LEAST_KM_A_DEGREE: f64 = 111.0;

impl Point {
    /// To five decimals: a metre, finer than any source. What is written out is this, so that no digits of
    /// arithmetic are taken for knowledge.
    #[must_use]
    pub fn rounded(self) -> Self {
        let round = |degrees: f64| (degrees * 1e5).round() / 1e5;
        Self {
            lon: round(self.lon),
            lat: round(self.lat),
        }
    }

    /// Whether there is such a place; NaN is none.
    #[must_use]
    pub fn is_on_globe(self) -> bool {
        self.lon.abs() <= 180.0 && self.lat.abs() <= 90.0
    }

    /// Great-circle distance in kilometres.
    pub fn distance_km(self, other: Self) -> f64 {
        let (a, b) = (self.lat.to_radians(), other.lat.to_radians());
        let (dlat, dlon) = (b - a, (other.lon - self.lon).to_radians());
        let h = (dlat / 2.0).sin().powi(2) + a.cos() * b.cos() * (dlon / 2.0).sin().powi(2);
        2.0 * 6371.0 * h.sqrt().min(1.0).asin()
    }

    /// Whether another point is less than `km` away. The latitudes alone tell most that are not.
    pub fn is_within(self, km: f64, other: Self) -> bool {
        !self.is_farther_north_or_south(km, other) && self.distance_km(other) < km
    }

    /// Whether the latitudes alone put another point more than `km` away: no sine is wanted for that.
    pub fn is_farther_north_or_south(self, km: f64, other: Self) -> bool {
        (self.lat - other.lat).abs() * LEAST_KM_A_DEGREE > km
    }

    /// The point `km` away towards `bearing` (degrees clockwise from north).
    #[must_use]
    pub fn offset(self, km: f64, bearing: f64) -> Self {
        let (angle, bearing) = (km / 6371.0, bearing.to_radians());
        let (lat, lon) = (self.lat.to_radians(), self.lon.to_radians());
        let to = (lat.sin() * angle.cos() + lat.cos() * angle.sin() * bearing.cos()).asin();
        let dlon =
            (bearing.sin() * angle.sin() * lat.cos()).atan2(angle.cos() - lat.sin() * to.sin());
        let lon = (lon + dlon).to_degrees();
        Self {
            lon: (lon + 540.0).rem_euclid(360.0) - 180.0,
            lat: to.to_degrees(),
        }
    }
}

/// A place of the gazetteer, or one made from it ("30 km north of Aleppo").
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    /// `geonames:170654`, `sitmap:hmeimim-air-base`, `country:SY`, `admin1:SY.09`.
    pub id: String,
    /// English or international name.
    pub name: String,
    /// What it is.
    pub kind: PlaceKind,
    /// Where: the place itself, or a representative point of it.
    pub point: Point,
    /// How far from the point the truth may lie, in kilometres: the extent of a region, or doubt.
    pub radius_km: f64,
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// Name of its first-order division.
    pub admin1: Option<String>,
    /// Inhabitants; 0 is unknown, not none.
    pub population: u32,
}

macro_rules! kinds {
    ($($(#[doc = $doc:literal])* $variant:ident = $name:literal),+ $(,)?) => {
        /// What a place is.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "lowercase")]
        #[repr(u8)]
        pub enum PlaceKind { $($(#[doc = $doc])* $variant),+ }

        impl PlaceKind {
            /// All kinds, in the order of their numbers.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The name that data files and outputs use.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }
        }
    };
}

kinds! {
    /// A state or dependency.
    Country = "country",
    /// Governorate, oblast, province, region.
    Admin1 = "admin1",
    /// District, raion, cercle, territory.
    Admin2 = "admin2",
    /// City, town, village.
    Settlement = "settlement",
    /// Quarter, suburb or camp inside a settlement.
    Quarter = "quarter",
    /// Base, airport, port, dam, bridge, plant, field, crossing, camp.
    Facility = "facility",
    /// River, lake, sea, canal, strait.
    Water = "water",
    /// Mountain, hill, valley, island, desert or forest with a place on the map.
    Terrain = "terrain",
    /// A region without borders: Donbas, Sahel, the badiya, "north-east of Syria".
    Region = "region",
    /// A border or front line between two countries or sides.
    Border = "border",
    /// More than one country: Europe, the Middle East.
    Continent = "continent",
}

impl PlaceKind {
    /// Whether one point stands for the whole place.
    pub const fn is_point(self) -> bool {
        matches!(self, Self::Settlement | Self::Quarter | Self::Facility)
    }
}

impl fmt::Display for PlaceKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for PlaceKind {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL
            .iter()
            .copied()
            .find(|kind| kind.as_str() == text)
            .ok_or_else(|| {
                format!(
                    "{text:?} is no kind of place; one of {}",
                    Self::ALL
                        .iter()
                        .map(|k| k.as_str())
                        .collect::<Vec<_>>()
                        .join(", ")
                )
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offset_lies_as_far_as_it_says() {
        let aleppo = Point {
            lon: 37.16,
            lat: 36.20,
        };
        for bearing in [0.0, 45.0, 90.0, 200.0, 315.0] {
            let there = aleppo.offset(30.0, bearing);
            assert!((aleppo.distance_km(there) - 30.0).abs() < 0.01);
        }
        assert!(aleppo.offset(30.0, 0.0).lat > 36.4);
        for bearing in [0.0, 45.0, 180.0, 270.0] {
            let there = aleppo.offset(30.0, bearing);
            assert!(aleppo.is_within(30.01, there) && !aleppo.is_within(29.99, there));
        }
    }

    #[test]
    fn a_rounded_point_has_five_decimals_however_it_was_reckoned() {
        let reckoned = Point {
            lon: 36.403_999_999_999_996,
            lat: -0.1 - 0.2,
        };
        let rounded = reckoned.rounded();
        assert_eq!(rounded.lon.to_string(), "36.404");
        assert_eq!(rounded.lat.to_string(), "-0.3");
    }

    #[test]
    fn every_kind_is_read_by_its_name() {
        for kind in PlaceKind::ALL {
            assert_eq!(kind.as_str().parse(), Ok(*kind));
        }
        assert!("town".parse::<PlaceKind>().is_err());
    }
}
