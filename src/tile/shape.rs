use geo::{BoundingRect, Coord, CoordsIter, Geometry, LineString, Polygon, Rect};

use super::frame::Frame;
use super::{line, polygon};

/// What one feature draws in a tile, on the tile's grid.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Shape {
    /// One or more cells.
    Points(Vec<Coord<i32>>),
    /// Lines of two cells or more.
    Lines(Vec<Vec<Coord<i32>>>),
    /// Rings, not closed; each with a positive area begins a polygon, those with a negative one are its holes.
    Polygons(Vec<Vec<Coord<i32>>>),
}

/// What a geometry draws in a tile; nothing when it lies elsewhere or is too small to be seen. A collection of several
/// kinds gives one shape of each, because a feature of a tile has only one.
///
/// Positions are longitudes up to ±360 (lines and areas may go on over the antimeridian, points not) and latitudes up
/// to ±90; a geometry with any other draws nothing.
pub(super) fn shapes(geometry: &Geometry<f64>, frame: &Frame) -> Vec<Shape> {
    let parts = parts(geometry);
    let mut drawn = Drawn::default();
    if parts
        .iter()
        .all(|part| part.coords_iter().all(is_near_globe))
    {
        for part in parts {
            drawn.add(part, frame);
        }
    }
    drawn.into_shapes()
}

/// The geometries of which a collection is made, in their order; collections may lie in collections however deep.
fn parts(geometry: &Geometry<f64>) -> Vec<&Geometry<f64>> {
    let mut parts = Vec::new();
    let mut waiting = vec![geometry];
    while let Some(geometry) = waiting.pop() {
        match geometry {
            Geometry::GeometryCollection(inner) => waiting.extend(inner.0.iter().rev()),
            part => parts.push(part),
        }
    }
    parts
}

#[derive(Default)]
struct Drawn {
    points: Vec<Coord<i32>>,
    lines: Vec<Vec<Coord<i32>>>,
    /// Of areas, cut to the tile but not yet on the grid: those of a feature are mended together.
    rings: Vec<Vec<Coord<f64>>>,
}

impl Drawn {
    fn add(&mut self, part: &Geometry<f64>, frame: &Frame) {
        match part {
            Geometry::Point(point) => self.point(point.0, frame),
            Geometry::MultiPoint(points) => {
                for point in points {
                    self.point(point.0, frame);
                }
            }
            Geometry::Line(line) => self.line(&[line.start, line.end], frame),
            Geometry::LineString(line) => self.line(&line.0, frame),
            Geometry::MultiLineString(lines) => {
                for line in lines {
                    self.line(&line.0, frame);
                }
            }
            Geometry::Polygon(polygon) => self.polygon(polygon, frame),
            Geometry::MultiPolygon(polygons) => {
                for polygon in polygons {
                    self.polygon(polygon, frame);
                }
            }
            Geometry::Rect(rect) => self.polygon(&rect.to_polygon(), frame),
            Geometry::Triangle(triangle) => self.polygon(&triangle.to_polygon(), frame),
            // Taken apart before.
            Geometry::GeometryCollection(_) => {}
        }
    }

    fn point(&mut self, position: Coord<f64>, frame: &Frame) {
        self.points.extend(frame.cells(position));
    }

    fn line(&mut self, positions: &[Coord<f64>], frame: &Frame) {
        let places: Vec<_> = positions.iter().map(|&p| frame.place(p)).collect();
        for shift in copies_in(&places, frame) {
            let places: Vec<_> = places.iter().map(|&place| place + shift).collect();
            let pieces = line::clipped(&places, frame.area());
            self.lines
                .extend(pieces.iter().filter_map(|piece| line::on_grid(piece)));
        }
    }

    fn polygon(&mut self, polygon: &Polygon<f64>, frame: &Frame) {
        for ring in std::iter::once(polygon.exterior()).chain(polygon.interiors()) {
            let places: Vec<_> = ring.0.iter().map(|&p| frame.place(p)).collect();
            for shift in copies_in(&places, frame) {
                let places: Vec<_> = places.iter().map(|&place| place + shift).collect();
                let ring = polygon::clipped(&places, frame.area());
                if ring.len() > 2 {
                    self.rings.push(ring);
                }
            }
        }
    }

    fn into_shapes(self) -> Vec<Shape> {
        let rings = polygon::on_grid(&self.rings);
        let mut shapes = Vec::new();
        if !self.points.is_empty() {
            shapes.push(Shape::Points(self.points));
        }
        if !self.lines.is_empty() {
            shapes.push(Shape::Lines(self.lines));
        }
        if !rings.is_empty() {
            shapes.push(Shape::Polygons(rings));
        }
        shapes
    }
}

/// The copies of the world in which the places come near the tile at all.
fn copies_in(places: &[Coord<f64>], frame: &Frame) -> impl Iterator<Item = Coord<f64>> {
    let around = LineString::new(places.to_vec()).bounding_rect();
    let area = *frame.area();
    frame
        .copies()
        .into_iter()
        .filter(move |&shift| around.is_some_and(|around| meets(&around, shift, &area)))
}

fn meets(around: &Rect<f64>, shift: Coord<f64>, area: &Rect<f64>) -> bool {
    let (low, high) = (around.min() + shift, around.max() + shift);
    low.x <= area.max().x
        && high.x >= area.min().x
        && low.y <= area.max().y
        && high.y >= area.min().y
}

fn is_near_globe(position: Coord<f64>) -> bool {
    // Written so that NaN fails.
    position.x.abs() <= 360.0 && position.y.abs() <= 90.0
}
