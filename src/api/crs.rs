use super::problem::Problem;
use super::text::clip;
use crate::domain::{BoundingBox, BoundingBoxError, Point};

/// A coordinate reference system that positions are asked for and given in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Crs {
    /// WGS 84, longitude before latitude: what GeoJSON means.
    Crs84,
    /// WGS 84, latitude before longitude.
    Epsg4326,
    /// Web Mercator: metres to the east and to the north.
    Epsg3857,
}

/// Half the equator of Web Mercator's sphere, in metres.
const HALF_EQUATOR: f64 = 20_037_508.342_789_244;
/// The latitude that Web Mercator's square ends at.
const LAST_LATITUDE: f64 = 85.051_128_779_806_59;

impl Crs {
    /// All of them; the first is what is stored.
    pub(super) const ALL: [Self; 3] = [Self::Crs84, Self::Epsg4326, Self::Epsg3857];

    pub(super) const fn uri(self) -> &'static str {
        match self {
            Self::Crs84 => "http://www.opengis.net/def/crs/OGC/1.3/CRS84",
            Self::Epsg4326 => "http://www.opengis.net/def/crs/EPSG/0/4326",
            Self::Epsg3857 => "http://www.opengis.net/def/crs/EPSG/0/3857",
        }
    }

    /// Reads the value of the parameter of this name, one of those on offer: a URI, or a safe CURIE such as
    /// `[EPSG:4326]`.
    pub(super) fn parse(parameter: &str, text: &str, offered: &[Self]) -> Result<Self, Problem> {
        let found = offered
            .iter()
            .find(|crs| text == crs.uri() || text == crs.curie());
        found.copied().ok_or_else(|| {
            let uris: Vec<_> = offered.iter().map(|crs| crs.uri()).collect();
            let detail = format!(
                "{:?} is no coordinate reference system of this collection. There are: {}.",
                clip(text),
                uris.join(", ")
            );
            Problem::parameter(parameter, detail)
        })
    }

    const fn curie(self) -> &'static str {
        match self {
            Self::Crs84 => "[OGC:CRS84]",
            Self::Epsg4326 => "[EPSG:4326]",
            Self::Epsg3857 => "[EPSG:3857]",
        }
    }

    /// A point's coordinates in the order of the axes. Metres are given to the centimetre, and what lies beyond the
    /// square of Web Mercator is put on its edge.
    pub(super) fn position(self, point: Point) -> [f64; 2] {
        match self {
            Self::Crs84 => [point.lon, point.lat],
            Self::Epsg4326 => [point.lat, point.lon],
            Self::Epsg3857 => {
                let lat = point.lat.clamp(-LAST_LATITUDE, LAST_LATITUDE).to_radians();
                let north =
                    (std::f64::consts::FRAC_PI_4 + lat / 2.0).tan().ln() / std::f64::consts::PI;
                [point.lon / 180.0, north]
                    .map(|share| (share * HALF_EQUATOR * 100.0).round() / 100.0)
            }
        }
    }

    /// The point of some coordinates.
    pub(super) fn point(self, [first, second]: [f64; 2]) -> Point {
        match self {
            Self::Crs84 => Point {
                lon: first,
                lat: second,
            },
            Self::Epsg4326 => Point {
                lon: second,
                lat: first,
            },
            Self::Epsg3857 => {
                // A tenth of a millimetre: 36 degrees come back from metres as 36 degrees.
                let rounded = |degrees: f64| (degrees * 1e9).round() / 1e9;
                let north = (second / HALF_EQUATOR * std::f64::consts::PI).sinh().atan();
                Point {
                    lon: rounded(first / HALF_EQUATOR * 180.0),
                    lat: rounded(north.to_degrees()),
                }
            }
        }
    }

    /// Reads `bbox`, its numbers in the order of the axes: two corners, each with or without a height.
    pub(super) fn bbox(self, text: &str) -> Result<BoundingBox, Problem> {
        let read = match self {
            Self::Crs84 => text.parse(),
            _ => self.corners(text),
        };
        read.map_err(|error| {
            let example = match self {
                Self::Crs84 => "35.5,34,42.5,37.5",
                Self::Epsg4326 => "34,35.5,37.5,42.5",
                Self::Epsg3857 => "3951842,4028802,4731078,4509031",
            };
            Problem::parameter("bbox", format!("{error}. For example: bbox={example}"))
        })
    }

    fn corners(self, text: &str) -> Result<BoundingBox, BoundingBoxError> {
        let numbers = BoundingBox::numbers(text)?;
        let half = numbers.len() / 2;
        if let Some(strange) = numbers.iter().find(|number| !number.is_finite()) {
            return Err(BoundingBoxError::Range(*strange));
        }
        let low = self.point([numbers[0], numbers[1]]);
        let high = self.point([numbers[half], numbers[half + 1]]);
        // The map's edge, after rounding.
        let lon = |degrees: f64| {
            if self == Self::Epsg3857 {
                degrees.clamp(-180.0, 180.0)
            } else {
                degrees
            }
        };
        BoundingBox::new(lon(low.lon), low.lat, lon(high.lon), high.lat)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_box_is_read_in_the_order_of_the_axes() {
        let plain = Crs::Crs84.bbox("35,34,42,37").ok();
        assert!(plain.is_some());
        assert_eq!(Crs::Epsg4326.bbox("34,35,37,42").ok(), plain);
        assert_eq!(Crs::Epsg4326.bbox("34,35,0,37,42,9").ok(), plain);
        assert!(Crs::Epsg4326.bbox("34,35,37").is_err());
        assert!(Crs::Epsg4326.bbox("34").is_err());
    }

    #[test]
    fn metres_lead_to_the_point_that_they_came_from() {
        for (lon, lat) in [(0.0, 0.0), (36.3, 33.5), (-180.0, -85.0), (180.0, 85.05)] {
            let point = Point { lon, lat };
            let [east, north] = Crs::Epsg3857.position(point);
            let again = Crs::Epsg3857.point([east, north]);
            assert!(
                (again.lon - lon).abs() < 1e-6 && (again.lat - lat).abs() < 1e-6,
                "{again:?}"
            );
        }
        // Of EPSG's own example: 100.333°W, 24.381 787°N.
        let [east, north] = Crs::Epsg3857.position(Point {
            lon: -100.333_333_33,
            lat: 24.381_786_94,
        });
        assert!(
            (east + 11_169_055.58).abs() < 0.02 && (north - 2_800_000.00).abs() < 0.02,
            "{east} {north}"
        );
        assert!(Crs::Epsg3857.bbox("0,0,100000,nan").is_err());
        let world = Crs::Epsg3857
            .bbox("-20037508.35,-20037508.35,20037508.35,20037508.35")
            .expect("a box");
        assert_eq!((world.west, world.east), (-180.0, 180.0));
    }
}
