use std::borrow::Cow;

use geo::{Geometry, LineString, Point, Polygon};

use super::{GeometryType, Unfit};

/// So deep may collections hold collections. Readers have limits of their own; GDAL's is 32.
pub(super) const MAX_DEPTH: usize = 16;

/// One of the shapes that all geometries are made of.
pub(super) enum Part<'g> {
    Point(Point<f64>),
    Line(Cow<'g, LineString<f64>>),
    Area(Cow<'g, Polygon<f64>>),
}

/// The geometry if a layer of the type can hold it. A geometry without a single position is none, for there is
/// hardly a format that can write one.
pub(super) fn checked(
    geometry: Option<&Geometry<f64>>,
    allowed: GeometryType,
) -> Result<Option<&Geometry<f64>>, Unfit> {
    let Some(geometry) = geometry.filter(|_| allowed != GeometryType::None) else {
        return Ok(None);
    };
    if allowed == GeometryType::Point && !matches!(geometry, Geometry::Point(_)) {
        return Err(Unfit::NotAPoint);
    }
    let parts = parts(geometry)?;
    if parts.iter().all(Part::is_empty) {
        return Ok(None);
    }
    parts.iter().try_for_each(Part::check)?;
    Ok(Some(geometry))
}

/// Takes a geometry apart, in order.
pub(super) fn parts(geometry: &Geometry<f64>) -> Result<Vec<Part<'_>>, Unfit> {
    let mut parts = Vec::with_capacity(1);
    let mut open = vec![(geometry, 0)];
    while let Some((geometry, depth)) = open.pop() {
        if depth > MAX_DEPTH {
            return Err(Unfit::TooDeep);
        }
        match geometry {
            Geometry::Point(point) => parts.push(Part::Point(*point)),
            Geometry::Line(line) => parts.push(Part::Line(Cow::Owned(line.into()))),
            Geometry::LineString(line) => parts.push(Part::Line(Cow::Borrowed(line))),
            Geometry::Polygon(area) => parts.push(Part::Area(Cow::Borrowed(area))),
            Geometry::Rect(area) => parts.push(Part::Area(Cow::Owned(area.to_polygon()))),
            Geometry::Triangle(area) => parts.push(Part::Area(Cow::Owned(area.to_polygon()))),
            Geometry::MultiPoint(points) => parts.extend(points.iter().copied().map(Part::Point)),
            Geometry::MultiLineString(lines) => {
                parts.extend(lines.iter().map(|line| Part::Line(Cow::Borrowed(line))));
            }
            Geometry::MultiPolygon(areas) => {
                parts.extend(areas.iter().map(|area| Part::Area(Cow::Borrowed(area))));
            }
            Geometry::GeometryCollection(members) => {
                open.extend(members.0.iter().rev().map(|member| (member, depth + 1)));
            }
        }
    }
    Ok(parts)
}

impl Part<'_> {
    fn is_empty(&self) -> bool {
        match self {
            Self::Point(_) => false,
            Self::Line(line) => line.0.is_empty(),
            Self::Area(area) => area.exterior().0.is_empty(),
        }
    }

    fn check(&self) -> Result<(), Unfit> {
        match self {
            Self::Point(point) => positions(&[point.0]),
            Self::Line(line) => positions(&line.0),
            Self::Area(area) => {
                let mut rings = std::iter::once(area.exterior()).chain(area.interiors());
                rings.try_for_each(|ring| positions(&ring.0))
            }
        }
    }
}

fn positions(positions: &[geo::Coord<f64>]) -> Result<(), Unfit> {
    if positions.is_empty() {
        return Err(Unfit::EmptyPart);
    }
    let finite = |at: &geo::Coord<f64>| at.x.is_finite() && at.y.is_finite();
    if positions.iter().all(finite) {
        Ok(())
    } else {
        Err(Unfit::NotFinite)
    }
}

#[cfg(test)]
mod tests {
    use geo::{GeometryCollection, MultiLineString, line_string, point, wkt};

    use super::*;

    fn nested(depth: usize) -> Geometry<f64> {
        let inner: Geometry<f64> = point!(x: 1.0, y: 2.0).into();
        (0..depth).fold(inner, |inner, _| {
            Geometry::GeometryCollection(vec![inner].into())
        })
    }

    #[test]
    fn a_geometry_that_no_reader_would_take_is_refused() {
        let line = line_string![(x: 0.0, y: 0.0), (x: 1.0, y: 1.0)];
        let hollow = MultiLineString::new(vec![line.clone(), LineString::new(vec![])]);
        for (geometry, allowed, why) in [
            (
                point!(x: f64::NAN, y: 0.0).into(),
                GeometryType::Point,
                Unfit::NotFinite,
            ),
            (
                Geometry::from(line_string![(x: 0.0, y: 0.0), (x: 0.0, y: f64::INFINITY)]),
                GeometryType::Any,
                Unfit::NotFinite,
            ),
            (line.into(), GeometryType::Point, Unfit::NotAPoint),
            (hollow.into(), GeometryType::Any, Unfit::EmptyPart),
            (nested(MAX_DEPTH + 1), GeometryType::Any, Unfit::TooDeep),
        ] {
            let refused = checked(Some(&geometry), allowed);
            assert_eq!(refused.err(), Some(why), "{geometry:?}");
        }
        assert!(checked(Some(&nested(MAX_DEPTH)), GeometryType::Any).is_ok());
    }

    #[test]
    fn a_geometry_without_positions_and_any_in_a_table_is_none() {
        let empty = Geometry::from(LineString::new(vec![]));
        assert_eq!(checked(Some(&empty), GeometryType::Any), Ok(None));
        let empty = Geometry::GeometryCollection(GeometryCollection::default());
        assert_eq!(checked(Some(&empty), GeometryType::Any), Ok(None));
        let point = Geometry::from(point!(x: 1.0, y: 2.0));
        assert_eq!(checked(Some(&point), GeometryType::None), Ok(None));
    }

    #[test]
    fn parts_come_in_order_and_out_of_collections() {
        let inner = wkt!(GEOMETRYCOLLECTION(LINESTRING(2. 2.,3. 3.),POINT(4. 4.)));
        let members = vec![
            wkt!(POINT(1. 1.)).into(),
            Geometry::GeometryCollection(inner),
            wkt!(MULTIPOINT(5. 5.,6. 6.)).into(),
        ];
        let geometry = Geometry::GeometryCollection(members.into());
        let parts = parts(&geometry).expect("not deep");
        let first = parts.iter().map(|part| match part {
            Part::Point(point) => point.x(),
            Part::Line(line) => line.0[0].x,
            Part::Area(area) => area.exterior().0[0].x,
        });
        assert_eq!(first.collect::<Vec<_>>(), [1.0, 2.0, 4.0, 5.0, 6.0]);
    }
}
