use geo::{BoundingRect, Intersects, Relate};

use super::Fields;
use crate::cql2::SpatialOperator;
use crate::domain::BoundingBox;

/// A relation of two geometries in the plane of longitude and latitude (DE-9IM, OGC 06-103r4).
#[derive(Debug, Clone)]
pub(super) struct SpatialTest {
    operator: SpatialOperator,
    left: Shape,
    right: Shape,
}

#[derive(Debug, Clone)]
pub(super) enum Shape {
    /// The row's own.
    Own,
    Constant(Box<geo::Geometry<f64>>),
}

impl SpatialTest {
    pub(super) fn new(operator: SpatialOperator, left: Shape, right: Shape) -> Self {
        Self {
            operator,
            left,
            right,
        }
    }

    pub(super) fn truth(&self, row: &dyn Fields) -> Option<bool> {
        match (&self.left, &self.right) {
            (Shape::Constant(left), Shape::Constant(right)) => {
                Some(holds(self.operator, left, right))
            }
            (Shape::Own, Shape::Constant(right)) => Some(holds(self.operator, &own(row)?, right)),
            (Shape::Constant(left), Shape::Own) => Some(holds(self.operator, left, &own(row)?)),
            (Shape::Own, Shape::Own) => {
                let own = own(row)?;
                Some(holds(self.operator, &own, &own))
            }
        }
    }

    /// The boxes around the constant, where the row's geometry must meet it.
    pub(super) fn bounds(&self) -> Option<Vec<BoundingBox>> {
        let ((Shape::Own, Shape::Constant(constant)) | (Shape::Constant(constant), Shape::Own)) =
            (&self.left, &self.right)
        else {
            return None;
        };
        if self.operator == SpatialOperator::Disjoint {
            return None;
        }
        // A box over the antimeridian is two polygons: one box around both would be the whole globe.
        let rects: Vec<_> = match &**constant {
            geo::Geometry::MultiPolygon(polygons) => polygons
                .iter()
                .filter_map(BoundingRect::bounding_rect)
                .collect(),
            other => other.bounding_rect().into_iter().collect(),
        };
        let boxes = rects.iter().map(|rect| BoundingBox {
            west: rect.min().x,
            south: rect.min().y,
            east: rect.max().x,
            north: rect.max().y,
        });
        Some(boxes.collect())
    }
}

fn own(row: &dyn Fields) -> Option<geo::Geometry<f64>> {
    row.geometry().map(|geometry| geometry.to_geo())
}

fn holds(operator: SpatialOperator, left: &geo::Geometry<f64>, right: &geo::Geometry<f64>) -> bool {
    let apart = match (left.bounding_rect(), right.bounding_rect()) {
        (Some(left), Some(right)) => !left.intersects(&right),
        _ => true,
    };
    if apart {
        return operator == SpatialOperator::Disjoint;
    }
    match operator {
        SpatialOperator::Intersects => left.intersects(right),
        SpatialOperator::Disjoint => !left.intersects(right),
        _ => {
            let relation = left.relate(right);
            match operator {
                SpatialOperator::Equals => relation.is_equal_topo(),
                SpatialOperator::Touches => relation.is_touches(),
                SpatialOperator::Within => relation.is_within(),
                SpatialOperator::Overlaps => relation.is_overlaps(),
                SpatialOperator::Crosses => relation.is_crosses(),
                SpatialOperator::Contains => relation.is_contains(),
                SpatialOperator::Intersects | SpatialOperator::Disjoint => relation.is_intersects(),
            }
        }
    }
}

/// A box as the simplest geometry that covers the same ground.
pub(super) fn of_box(bbox: BoundingBox) -> geo::Geometry<f64> {
    let mut parts: Vec<_> = bbox.parts().map(part).collect();
    if parts.len() == 1 {
        return parts.remove(0);
    }
    geo::Geometry::MultiPolygon(geo::MultiPolygon::new(
        bbox.parts()
            .map(|part| {
                geo::Rect::new((part.west, part.south), (part.east, part.north)).to_polygon()
            })
            .collect(),
    ))
}

fn part(bbox: BoundingBox) -> geo::Geometry<f64> {
    let (low, high) = ((bbox.west, bbox.south), (bbox.east, bbox.north));
    match (bbox.west < bbox.east, bbox.south < bbox.north) {
        (true, true) => geo::Rect::new(low, high).to_polygon().into(),
        (false, false) => geo::Point::from(low).into(),
        _ => geo::Line::new(low, high).into(),
    }
}
