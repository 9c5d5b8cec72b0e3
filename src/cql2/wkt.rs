//! Geometries as CQL2-Text has them: well-known text, in which heights are read and dropped.

use geo::{
    Coord, Geometry, GeometryCollection, LineString, MultiLineString, MultiPoint, MultiPolygon,
    Point, Polygon,
};

use super::geometry;
use super::lexer::Token;
use super::parser::{Parsed, Parser};
use super::write_text::{joined, number};

const COLLECTION: &str = "GEOMETRYCOLLECTION";

/// The words that geometries begin with.
pub(super) const TAGS: [&str; 7] = [
    "POINT",
    "LINESTRING",
    "POLYGON",
    "MULTIPOINT",
    "MULTILINESTRING",
    "MULTIPOLYGON",
    COLLECTION,
];

impl Parser<'_> {
    /// Whether a geometry begins here; a property can have the same name.
    pub(super) fn is_geometry(&self) -> bool {
        self.tag().is_some()
            && match self.second_token() {
                Token::Symbol(symbol) => *symbol == "(",
                Token::Word(word) => ["Z", "M", "ZM", "EMPTY"]
                    .iter()
                    .any(|mark| word.eq_ignore_ascii_case(mark)),
                _ => false,
            }
    }

    pub(super) fn geometry(&mut self) -> Parsed<Geometry> {
        if self.tag() != Some(COLLECTION) {
            return self.single();
        }
        self.advance();
        self.dimensions()?;
        let parts = self.series(Self::single)?;
        Ok(Geometry::GeometryCollection(GeometryCollection(parts)))
    }

    /// A geometry that is no collection.
    fn single(&mut self) -> Parsed<Geometry> {
        let Some(tag) = self.tag().filter(|tag| *tag != COLLECTION) else {
            return Err(self.unexpected("a geometry that is no collection"));
        };
        self.advance();
        self.dimensions()?;
        let at = self.at();
        Ok(match tag {
            "POINT" => match self.series(Self::position)?[..] {
                [position] => Point(position).into(),
                _ => return Err(self.error_at(at, "more than one position", "one")),
            },
            "LINESTRING" => self.line()?.into(),
            "POLYGON" => self.polygon()?.into(),
            "MULTIPOINT" => MultiPoint(self.series(Self::point)?).into(),
            "MULTILINESTRING" => MultiLineString(self.series(Self::line)?).into(),
            _ => MultiPolygon(self.series(Self::polygon)?).into(),
        })
    }

    fn tag(&self) -> Option<&'static str> {
        TAGS.into_iter().find(|tag| self.is_word(tag))
    }

    /// What may stand between the tag and the coordinates.
    fn dimensions(&mut self) -> Parsed<()> {
        if self.is_word("M") || self.is_word("ZM") {
            return Err(self.unexpected("\"Z\" or \"(\", as there are no measures in CQL2"));
        }
        self.take_word("Z");
        self.not_empty()
    }

    fn not_empty(&self) -> Parsed<()> {
        if self.is_word("EMPTY") {
            return Err(
                self.unexpected("coordinates, as nothing can be asked of an empty geometry")
            );
        }
        Ok(())
    }

    fn polygon(&mut self) -> Parsed<Polygon> {
        self.not_empty()?;
        let mut rings = self.series(Self::ring)?;
        let exterior = rings.remove(0);
        Ok(Polygon::new(exterior, rings))
    }

    fn ring(&mut self) -> Parsed<LineString> {
        let (at, positions) = self.positions()?;
        geometry::ring(positions).map_err(|fault| self.fault(at, fault))
    }

    fn line(&mut self) -> Parsed<LineString> {
        let (at, positions) = self.positions()?;
        geometry::line(positions).map_err(|fault| self.fault(at, fault))
    }

    fn positions(&mut self) -> Parsed<(usize, Vec<Coord>)> {
        self.not_empty()?;
        Ok((self.at(), self.series(Self::position)?))
    }

    /// A point of several, which many write without its parentheses.
    fn point(&mut self) -> Parsed<Point> {
        self.not_empty()?;
        if !self.is_symbol("(") {
            return self.position().map(Point);
        }
        self.advance();
        let position = self.position()?;
        self.expect_symbol(")")?;
        Ok(Point(position))
    }

    fn position(&mut self) -> Parsed<Coord> {
        self.not_empty()?;
        let (x, y) = (self.coordinate()?, self.coordinate()?);
        let has_height = matches!(self.token(), Token::Number(_) | Token::Symbol("-" | "+"));
        if has_height {
            self.coordinate()?;
        }
        Ok(Coord { x, y })
    }

    /// A number with its sign.
    pub(super) fn coordinate(&mut self) -> Parsed<f64> {
        let is_negative = self.take_symbol("-");
        if !is_negative {
            self.take_symbol("+");
        }
        let Token::Number(number) = *self.token() else {
            return Err(self.unexpected("a number"));
        };
        self.advance();
        Ok(if is_negative { -number } else { number })
    }
}

/// The geometry as well-known text.
pub(super) fn written(geometry: &Geometry) -> String {
    match geometry {
        Geometry::Point(point) => format!("POINT({})", position(&point.0)),
        Geometry::LineString(line) => format!("LINESTRING{}", positions(line)),
        Geometry::Polygon(polygon) => format!("POLYGON{}", rings(polygon)),
        Geometry::MultiPoint(points) => {
            let points = joined(&points.0, ", ", |point| format!("({})", position(&point.0)));
            format!("MULTIPOINT({points})")
        }
        Geometry::MultiLineString(lines) => {
            format!("MULTILINESTRING({})", joined(&lines.0, ", ", positions))
        }
        Geometry::MultiPolygon(polygons) => {
            format!("MULTIPOLYGON({})", joined(&polygons.0, ", ", rings))
        }
        Geometry::GeometryCollection(parts) => {
            format!("{COLLECTION}({})", joined(&parts.0, ", ", written))
        }
        Geometry::Line(line) => written(&LineString::from(line).into()),
        Geometry::Rect(rect) => written(&rect.to_polygon().into()),
        Geometry::Triangle(triangle) => written(&triangle.to_polygon().into()),
    }
}

fn rings(polygon: &Polygon) -> String {
    let holes = polygon.interiors().iter().map(positions);
    let rings: Vec<_> = std::iter::once(positions(polygon.exterior()))
        .chain(holes)
        .collect();
    format!("({})", rings.join(", "))
}

fn positions(line: &LineString) -> String {
    format!("({})", joined(&line.0, ", ", position))
}

fn position(position: &Coord) -> String {
    format!("{} {}", number(position.x), number(position.y))
}
