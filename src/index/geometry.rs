use geo::{BoundingRect, Intersects};
use serde_json::{Value, json};

use crate::domain::{BoundingBox, Point};

/// Where a row lies on the globe.
#[derive(Debug, Clone, PartialEq)]
pub enum Geometry {
    /// One position.
    Point(Point),
    /// The shorter way from one position to another, straight in longitude and latitude.
    Line([Point; 2]),
    /// The inside of some rings (in longitude and latitude), none of which crosses the antimeridian.
    Area(Box<geo::MultiPolygon<f64>>),
}

impl Geometry {
    /// A position; `None` when it is off the globe.
    pub fn point(point: Point) -> Option<Self> {
        point.is_on_globe().then(|| Self::Point(point.rounded()))
    }

    /// The shorter way between two positions; `None` when an end is off the globe.
    pub fn line(from: Point, to: Point) -> Option<Self> {
        let is_on_globe = from.is_on_globe() && to.is_on_globe();
        is_on_globe.then(|| Self::Line([from.rounded(), to.rounded()]))
    }

    /// Whether any of it lies in the box; edges count.
    pub fn intersects(&self, bbox: BoundingBox) -> bool {
        match self {
            Self::Point(point) => bbox.contains(*point),
            Self::Line(ends) => bbox
                .parts()
                .any(|part| pieces(*ends).any(|[a, b]| segment_meets(a, b, part))),
            Self::Area(area) => bbox.parts().any(|part| {
                let rect = geo::Rect::new((part.west, part.south), (part.east, part.north));
                area.intersects(&rect)
            }),
        }
    }

    /// South-western and north-eastern corner of each piece.
    pub(super) fn corners(&self) -> Vec<[Point; 2]> {
        match self {
            Self::Point(point) => vec![[*point, *point]],
            Self::Line(ends) => pieces(*ends).map(|[a, b]| ordered(a, b)).collect(),
            Self::Area(area) => {
                let rects = area.iter().filter_map(BoundingRect::bounding_rect);
                rects
                    .map(|rect| [rect.min(), rect.max()].map(point_of))
                    .collect()
            }
        }
    }

    /// As a GeoJSON geometry; `position` gives the coordinates of a point in the order they are wanted.
    pub fn to_json(&self, position: impl Fn(Point) -> [f64; 2]) -> Value {
        match self {
            Self::Point(point) => json!({"type": "Point", "coordinates": position(*point)}),
            Self::Line(ends) => {
                let lines: Vec<_> = pieces(*ends).map(|piece| piece.map(&position)).collect();
                match &lines[..] {
                    [line] => json!({"type": "LineString", "coordinates": line}),
                    _ => json!({"type": "MultiLineString", "coordinates": lines}),
                }
            }
            Self::Area(area) => {
                let ring = |ring: &geo::LineString<f64>| -> Vec<[f64; 2]> {
                    ring.coords()
                        .map(|corner| position(point_of(*corner)))
                        .collect()
                };
                let polygons: Vec<Vec<_>> = area
                    .iter()
                    .map(|polygon| {
                        std::iter::once(polygon.exterior())
                            .chain(polygon.interiors())
                            .map(ring)
                            .collect()
                    })
                    .collect();
                json!({"type": "MultiPolygon", "coordinates": polygons})
            }
        }
    }

    /// As the `geo` crate has it.
    pub fn to_geo(&self) -> geo::Geometry<f64> {
        match self {
            Self::Point(point) => geo::Point::new(point.lon, point.lat).into(),
            Self::Line(ends) => {
                let line = |piece: [Point; 2]| {
                    geo::LineString::from_iter(piece.map(|point| (point.lon, point.lat)))
                };
                let mut pieces = pieces(*ends);
                match (pieces.next(), pieces.next()) {
                    (Some(whole), None) => line(whole).into(),
                    (first, second) => {
                        let both = first.into_iter().chain(second);
                        geo::MultiLineString::new(both.map(line).collect()).into()
                    }
                }
            }
            Self::Area(area) => (**area).clone().into(),
        }
    }
}

/// A line, cut in two where it crosses the antimeridian (RFC 7946, 3.1.9).
fn pieces([from, to]: [Point; 2]) -> impl Iterator<Item = [Point; 2]> {
    let east = to.lon - from.lon;
    let pieces = if east.abs() <= 180.0 {
        [Some([from, to]), None]
    } else {
        // Going west from −170 to 170 is going on to −190, and the other way round.
        let edge = if east > 0.0 { -180.0 } else { 180.0 };
        let unwrapped = to.lon + 2.0 * edge;
        let share = (edge - from.lon) / (unwrapped - from.lon);
        let lat = from.lat + share * (to.lat - from.lat);
        let cut = |lon| Point { lon, lat }.rounded();
        [Some([from, cut(edge)]), Some([cut(-edge), to])]
    };
    pieces.into_iter().flatten()
}

fn point_of(corner: geo::Coord<f64>) -> Point {
    Point {
        lon: corner.x,
        lat: corner.y,
    }
}

fn ordered(a: Point, b: Point) -> [Point; 2] {
    [
        Point {
            lon: a.lon.min(b.lon),
            lat: a.lat.min(b.lat),
        },
        Point {
            lon: a.lon.max(b.lon),
            lat: a.lat.max(b.lat),
        },
    ]
}

/// Clips the segment at the box's four edges (Liang and Barsky, 1984) and looks whether anything is left.
fn segment_meets(a: Point, b: Point, bbox: BoundingBox) -> bool {
    // Exact, where the division below rounds: the answer must not go beyond the segment's own envelope.
    let [low, high] = ordered(a, b);
    if low.lon > bbox.east || high.lon < bbox.west || low.lat > bbox.north || high.lat < bbox.south
    {
        return false;
    }
    let (dx, dy) = (b.lon - a.lon, b.lat - a.lat);
    let (mut enter, mut leave) = (0.0_f64, 1.0_f64);
    for (towards, room) in [
        (-dx, a.lon - bbox.west),
        (dx, bbox.east - a.lon),
        (-dy, a.lat - bbox.south),
        (dy, bbox.north - a.lat),
    ] {
        if towards == 0.0 {
            if room < 0.0 {
                return false;
            }
        } else if towards < 0.0 {
            enter = enter.max(room / towards);
        } else {
            leave = leave.min(room / towards);
        }
    }
    enter <= leave
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(lon: f64, lat: f64) -> Point {
        Point { lon, lat }
    }

    fn bbox(text: &str) -> BoundingBox {
        text.parse().expect("a valid box")
    }

    #[test]
    fn a_line_meets_the_boxes_it_passes_and_not_those_beside_it() {
        let line = Geometry::line(at(0.0, 0.0), at(10.0, 10.0)).expect("on the globe");
        assert!(
            line.intersects(bbox("4,4,6,6")),
            "passes through, no end inside"
        );
        assert!(line.intersects(bbox("-5,-5,0,0")), "touches the corner");
        assert!(line.intersects(bbox("-5,-5,20,20")), "lies inside");
        assert!(
            !line.intersects(bbox("6,0,10,3")),
            "its envelope overlaps, the line does not"
        );
        assert!(!line.intersects(bbox("11,11,12,12")));
    }

    #[test]
    fn a_line_over_the_antimeridian_is_cut_there_and_goes_the_short_way() {
        for (from, to) in [
            (at(179.0, 10.0), at(-179.0, 20.0)),
            (at(-179.0, 20.0), at(179.0, 10.0)),
        ] {
            let line = Geometry::line(from, to).expect("on the globe");
            let json = line.to_json(|p| [p.lon, p.lat]);
            assert_eq!(json["type"], "MultiLineString");
            assert_eq!(json["coordinates"][0][1][1], 15.0);
            assert!(line.intersects(bbox("179.5,0,-179.5,30")));
            assert!(!line.intersects(bbox("-170,0,170,30")));
        }
    }

    #[test]
    fn coordinates_have_five_decimals_where_a_line_is_cut_too() {
        let point = Geometry::point(at(36.403_999_999_999_996, 1.0)).expect("on the globe");
        let json = point.to_json(|p| [p.lon, p.lat]);
        assert_eq!(json["coordinates"].to_string(), "[36.404,1.0]");
        let line = Geometry::line(at(179.0, 1.0), at(-178.0, 2.0)).expect("on the globe");
        let json = line.to_json(|p| [p.lon, p.lat]);
        assert_eq!(json["coordinates"][0][1].to_string(), "[180.0,1.33333]");
    }

    #[test]
    fn what_is_off_the_globe_is_no_geometry() {
        assert_eq!(Geometry::point(at(181.0, 0.0)), None);
        assert_eq!(Geometry::point(at(f64::NAN, 0.0)), None);
        assert_eq!(Geometry::line(at(0.0, 0.0), at(0.0, f64::INFINITY)), None);
    }
}
