//! JSON-FG (OGC 21-045r1, 1.0): GeoJSON that also tells when a feature was, of what type it is, and that can
//! place it in another reference system.

use geo::{Coord, Geometry, MapCoords};
use geojson::GeometryValue;
use serde_json::{Map, Value, json};

use super::shape::checked;
use super::{Crs, Feature, GeometryType, Layer, Unfit};

/// The media type: that of GeoJSON, which every JSON-FG document is.
pub const MEDIA_TYPE: &str = "application/geo+json";
/// What the documents conform to.
pub const CONFORMS_TO: [&str; 2] = [
    "http://www.opengis.net/spec/json-fg-1/1.0/conf/core",
    "http://www.opengis.net/spec/json-fg-1/1.0/conf/types-schemas",
];

/// The members of a `FeatureCollection` but its features.
pub fn collection(layer: &Layer<'_>) -> Map<String, Value> {
    let mut members = root("FeatureCollection", layer);
    if layer.geometry == GeometryType::Point {
        members.insert("geometryDimension".into(), json!(0));
    }
    members
}

/// A Feature that is a document of its own.
///
/// # Errors
/// When the geometry does not fit the layer.
pub fn document(
    layer: &Layer<'_>,
    of: Feature,
    fallback: Option<&Geometry<f64>>,
) -> Result<Map<String, Value>, Unfit> {
    let mut members = root("Feature", layer);
    members.extend(feature(layer, of, fallback)?);
    Ok(members)
}

/// A Feature inside a collection, which says what is the same for all of them.
///
/// # Errors
/// When a geometry does not fit the layer.
pub fn feature(
    layer: &Layer<'_>,
    of: Feature,
    fallback: Option<&Geometry<f64>>,
) -> Result<Map<String, Value>, Unfit> {
    let time = time(&of);
    let primary = checked(of.geometry.as_ref(), layer.geometry)?;
    let fallback = checked(fallback, layer.geometry)?;
    let (geometry, place) = match layer.crs {
        Crs::Crs84 => (primary.map(geometry), None),
        crs => (fallback.map(geometry), primary.map(|at| place(at, crs))),
    };
    let mut members = Map::new();
    members.insert("type".into(), json!("Feature"));
    members.insert("id".into(), json!(of.id));
    members.insert("time".into(), time);
    members.insert("geometry".into(), geometry.unwrap_or_default());
    members.insert("place".into(), place.unwrap_or_default());
    members.insert("properties".into(), Value::Object(of.properties));
    Ok(members)
}

/// What stands at the root of a document, and first, so that a reader who looks at its beginning knows it.
fn root(type_: &str, layer: &Layer<'_>) -> Map<String, Value> {
    let mut members = Map::new();
    members.insert("type".into(), json!(type_));
    members.insert("conformsTo".into(), json!(CONFORMS_TO));
    members.insert("featureType".into(), json!(layer.name));
    let crs = match layer.crs {
        Crs::Crs84 => None,
        Crs::Epsg4326 => Some("http://www.opengis.net/def/crs/EPSG/0/4326"),
        Crs::Epsg3857 => Some("http://www.opengis.net/def/crs/EPSG/0/3857"),
    };
    if let Some(crs) = crs {
        members.insert("coordRefSys".into(), json!(crs));
    }
    members
}

/// A day as such, several as an interval, which has its last day in it.
fn time(feature: &Feature) -> Value {
    match feature.days {
        None => Value::Null,
        Some((first, last)) if first == last => json!({ "date": first.to_string() }),
        Some((first, last)) => json!({ "interval": [first.to_string(), last.to_string()] }),
    }
}

fn geometry(of: &Geometry<f64>) -> Value {
    Value::from(&GeometryValue::from(of))
}

/// With coordinates in the order that the reference system defines.
fn place(of: &Geometry<f64>, crs: Crs) -> Value {
    match crs {
        Crs::Epsg4326 => geometry(&of.map_coords(|at| Coord { x: at.y, y: at.x })),
        Crs::Crs84 | Crs::Epsg3857 => geometry(of),
    }
}

#[cfg(test)]
mod tests {

    use geo::{line_string, point};

    use super::super::tests::{feature as example, layer, points};
    use super::*;

    fn line() -> Feature {
        let line = line_string![(x: 40.0, y: 36.0), (x: 41.0, y: 37.0)];
        example("e1", Some(line.into()), json!({"dead": 2}))
    }

    #[test]
    fn the_reference_system_decides_where_the_geometry_stands() {
        let fallback = Geometry::from(point!(x: 40.5, y: 36.5));
        let xy = json!({"type": "LineString", "coordinates": [[40.0, 36.0], [41.0, 37.0]]});
        let yx = json!({"type": "LineString", "coordinates": [[36.0, 40.0], [37.0, 41.0]]});
        let point = json!({"type": "Point", "coordinates": [40.5, 36.5]});
        for (crs, fallback, geometry, place) in [
            (Crs::Crs84, None, &xy, &Value::Null),
            (Crs::Crs84, Some(&fallback), &xy, &Value::Null),
            (Crs::Epsg4326, None, &Value::Null, &yx),
            (Crs::Epsg4326, Some(&fallback), &point, &yx),
            (Crs::Epsg3857, Some(&fallback), &point, &xy),
        ] {
            let layer = layer(GeometryType::Any, crs, &[]);
            let json = feature(&layer, line(), fallback).expect("a feature");
            assert_eq!((&json["geometry"], &json["place"]), (geometry, place));
        }
    }

    #[test]
    fn time_is_a_day_or_an_interval_or_null() {
        let layer = layer(GeometryType::Any, Crs::Crs84, &[]);
        let mut one = line();
        let mut time = |days: Option<(&str, &str)>| {
            let day = |text: &str| text.parse().expect("a day");
            one.days = days.map(|(first, last)| (day(first), day(last)));
            feature(&layer, one.clone(), None).expect("a feature")["time"].clone()
        };
        assert_eq!(time(None), Value::Null);
        let day = time(Some(("2019-10-16", "2019-10-16")));
        assert_eq!(day, json!({"date": "2019-10-16"}));
        let days = time(Some(("2019-10-16", "2019-11-01")));
        assert_eq!(days, json!({"interval": ["2019-10-16", "2019-11-01"]}));
    }

    #[test]
    fn a_collection_tells_once_what_holds_for_all() {
        let features = points();
        let layer = layer(GeometryType::Point, Crs::Epsg3857, &features);
        let json = collection(&layer);
        assert_eq!(json["conformsTo"], json!(CONFORMS_TO));
        assert_eq!(json["featureType"], "events");
        assert_eq!(json["geometryDimension"], 0);
        assert_eq!(
            json["coordRefSys"],
            "http://www.opengis.net/def/crs/EPSG/0/3857"
        );
        for original in features {
            let read = feature(&layer, original.clone(), None).expect("a feature");
            let keys: Vec<_> = read.keys().collect();
            assert_eq!(
                keys,
                ["type", "id", "time", "geometry", "place", "properties"]
            );
            assert_eq!(read["id"], original.id);
            assert_eq!(read["properties"], Value::Object(original.properties));
        }
    }

    #[test]
    fn what_does_not_hold_for_all_is_not_told_of_all() {
        let json = collection(&layer(GeometryType::Any, Crs::Crs84, &[]));
        for left_out in ["coordRefSys", "geometryDimension"] {
            assert_eq!(json.get(left_out), None, "{left_out}");
        }
    }

    #[test]
    fn a_document_of_one_feature_conforms_too() {
        let layer = layer(GeometryType::Any, Crs::Epsg4326, &[]);
        let json = document(&layer, line(), None).expect("a feature");
        assert_eq!(json["type"], "Feature");
        assert_eq!(json["conformsTo"], json!(CONFORMS_TO));
        assert_eq!(
            json["coordRefSys"],
            "http://www.opengis.net/def/crs/EPSG/0/4326"
        );
        assert_eq!(json["properties"]["dead"], 2);
    }

    #[test]
    fn a_position_that_json_cannot_write_is_an_error() {
        let layer = layer(GeometryType::Any, Crs::Epsg3857, &[]);
        let nowhere = Geometry::from(point!(x: f64::NAN, y: 0.0));
        assert_eq!(
            feature(&layer, line(), Some(&nowhere)),
            Err(Unfit::NotFinite)
        );
        let mut broken = line();
        broken.geometry = Some(nowhere);
        assert_eq!(feature(&layer, broken, None), Err(Unfit::NotFinite));
    }
}
