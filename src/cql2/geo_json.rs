//! Geometries as CQL2-JSON has them: GeoJSON, in which heights are read and dropped.

use geo::{
    Coord, Geometry, GeometryCollection, LineString, MultiLineString, MultiPoint, MultiPolygon,
    Point, Polygon,
};
use serde_json::{Map, Value};

use super::error::quoted;
use super::geometry::{self, Fault};
use super::spot::{Parsed, Spot};

const COLLECTION: &str = "GeometryCollection";

/// Types of geometry that are no collection.
const SINGLE: [&str; 6] = [
    "Point",
    "LineString",
    "Polygon",
    "MultiPoint",
    "MultiLineString",
    "MultiPolygon",
];

pub(super) fn geometry(spot: &Spot<'_>, object: &Map<String, Value>) -> Parsed<Geometry> {
    if object.get("type").and_then(Value::as_str) != Some(COLLECTION) {
        return single(spot, object);
    }
    spot.only(object, &["type", "geometries", "bbox"])?;
    let geometries = spot.member(object, "geometries")?;
    let parts = series(&geometries, "geometries", |part| match part.value {
        Value::Object(object) => single(part, object),
        _ => Err(part.error(part.found(), "a geometry")),
    })?;
    Ok(Geometry::GeometryCollection(GeometryCollection(parts)))
}

/// A geometry that is no collection.
fn single(spot: &Spot<'_>, object: &Map<String, Value>) -> Parsed<Geometry> {
    let type_spot = spot.member(object, "type")?;
    let kind = type_spot.string("a type of geometry")?;
    if !SINGLE.contains(&kind) {
        let known = SINGLE.map(quoted).join(", ");
        return Err(type_spot.error(type_spot.found(), format!("one of {known}")));
    }
    spot.only(object, &["type", "coordinates", "bbox"])?;
    let coordinates = spot.member(object, "coordinates")?;
    Ok(match kind {
        "Point" => Point(position(&coordinates)?).into(),
        "LineString" => line(&coordinates)?.into(),
        "Polygon" => polygon(&coordinates)?.into(),
        "MultiPoint" => {
            let points = series(&coordinates, "positions", |spot| position(spot).map(Point))?;
            MultiPoint(points).into()
        }
        "MultiLineString" => MultiLineString(series(&coordinates, "lines", line)?).into(),
        _ => MultiPolygon(series(&coordinates, "polygons", polygon)?).into(),
    })
}

fn polygon(spot: &Spot<'_>) -> Parsed<Polygon> {
    let mut rings = series(spot, "rings", ring)?;
    let exterior = rings.remove(0);
    Ok(Polygon::new(exterior, rings))
}

fn ring(spot: &Spot<'_>) -> Parsed<LineString> {
    checked(spot, geometry::ring)
}

fn line(spot: &Spot<'_>) -> Parsed<LineString> {
    checked(spot, geometry::line)
}

fn checked(
    spot: &Spot<'_>,
    check: fn(Vec<Coord>) -> Result<LineString, Fault>,
) -> Parsed<LineString> {
    let positions = series(spot, "positions", position)?;
    check(positions).map_err(|fault| spot.error(fault.found, fault.expected))
}

fn position(spot: &Spot<'_>) -> Parsed<Coord> {
    let expected = "a position of 2 or 3 numbers";
    match spot.numbers(expected)?[..] {
        [x, y] | [x, y, _] => Ok(Coord { x, y }),
        _ => Err(spot.error(spot.found(), expected)),
    }
}

/// The items of an array that has some.
fn series<T>(spot: &Spot<'_>, what: &str, read: impl Fn(&Spot<'_>) -> Parsed<T>) -> Parsed<Vec<T>> {
    let items = spot.items(&format!("an array of {what}"))?;
    if items.len() == 0 {
        let expected = format!("{what}, as nothing can be asked of an empty geometry");
        return Err(spot.error(spot.found(), expected));
    }
    items.map(|item| read(&item)).collect()
}
