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
}

impl Crs {
    /// All of them; the first is what is stored.
    pub(super) const ALL: [Self; 2] = [Self::Crs84, Self::Epsg4326];

    pub(super) const fn uri(self) -> &'static str {
        match self {
            Self::Crs84 => "http://www.opengis.net/def/crs/OGC/1.3/CRS84",
            Self::Epsg4326 => "http://www.opengis.net/def/crs/EPSG/0/4326",
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
        }
    }

    /// A point's coordinates in the order of the axes.
    pub(super) fn position(self, point: Point) -> [f64; 2] {
        match self {
            Self::Crs84 => [point.lon, point.lat],
            Self::Epsg4326 => [point.lat, point.lon],
        }
    }

    /// Reads `bbox`, its numbers in the order of the axes.
    pub(super) fn bbox(self, text: &str) -> Result<BoundingBox, Problem> {
        let mut numbers: Vec<_> = text.split(',').collect();
        if self == Self::Epsg4326 {
            let half = numbers.len() / 2;
            if half == 2 || half == 3 {
                numbers.swap(0, 1);
                numbers.swap(half, half + 1);
            }
        }
        numbers
            .join(",")
            .parse()
            .map_err(|error: BoundingBoxError| {
                let example = match self {
                    Self::Crs84 => "35.5,34,42.5,37.5",
                    Self::Epsg4326 => "34,35.5,37.5,42.5",
                };
                Problem::parameter("bbox", format!("{error}. For example: bbox={example}"))
            })
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
}
