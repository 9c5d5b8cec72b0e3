mod gdal;

use std::convert::Infallible;

use geo::{Geometry, point, wkt};
use serde_json::{Value, json};

use super::*;

pub(super) const COLUMNS: &[Column] = &[
    column("id", ColumnType::Text),
    column("place", ColumnType::Text),
    column("quote", ColumnType::Text),
    column("dead", ColumnType::Integer),
    column("share", ColumnType::Number),
    column("confirmed", ColumnType::Boolean),
    column("start", ColumnType::Date),
];

const fn column(name: &'static str, kind: ColumnType) -> Column {
    Column {
        name,
        kind,
        description: "What a column says",
    }
}

pub(super) fn layer(geometry: GeometryType, crs: Crs, features: &[Feature]) -> Layer<'static> {
    Layer {
        name: "events",
        title: "Events & more",
        columns: COLUMNS,
        geometry,
        crs,
        count: features.len() as u64,
        extent: None,
    }
}

pub(super) fn feature(id: &str, geometry: Option<Geometry<f64>>, properties: Value) -> Feature {
    let Value::Object(mut properties) = properties else {
        panic!("{properties} is no object");
    };
    properties.insert("id".into(), json!(id));
    let day = |text: &str| text.parse().expect("a day");
    Feature {
        id: id.into(),
        geometry,
        days: Some((day("2019-10-16"), day("2019-10-18"))),
        properties,
    }
}

/// Points, and one of them nowhere.
pub(super) fn points() -> Vec<Feature> {
    let full = json!({
        "place": "Ras al-ʿAyn / رأس العين",
        "quote": "=\"Two\",\nthree; <b>&amp;</b> 'five'\ttab",
        "dead": 2_000_000_000,
        "share": 0.1,
        "confirmed": true,
        "start": "2019-10-16",
    });
    let other = json!({"place": "", "dead": 0, "share": 3, "confirmed": false, "start": null});
    vec![
        feature("a1", Some(point!(x: 40.07, y: 36.85).into()), full),
        feature("b2", Some(point!(x: -0.5, y: -12.25).into()), other),
        feature("3c:é_x", None, json!({"place": "nowhere"})),
    ]
}

/// A geometry of every kind.
pub(super) fn shapes() -> Vec<Feature> {
    let geometries: [Geometry<f64>; 8] = [
        wkt!(POINT(1.5 2.5)).into(),
        wkt!(LINESTRING(0. 0.,1. 1.,2. 0.)).into(),
        wkt!(POLYGON((0. 0.,9. 0.,9. 9.,0. 9.,0. 0.),(1. 1.,1. 2.,2. 2.,1. 1.))).into(),
        wkt!(MULTIPOINT(1. 1.,2. 2.)).into(),
        wkt!(MULTILINESTRING((170. 10.,180. 15.),(-180. 15.,-170. 20.))).into(),
        wkt!(MULTIPOLYGON(((0. 0.,1. 0.,1. 1.,0. 0.)),((5. 5.,9. 5.,9. 9.,5. 5.),(6. 5.5,8. 5.5,8. 7.,6. 5.5))))
        .into(),
        Geometry::GeometryCollection(wkt!(GEOMETRYCOLLECTION(POINT(1. 2.),LINESTRING(0. 0.,1. 1.)))),
        wkt!(MULTILINESTRING((0. 0.,1. 1.))).into(),
    ];
    let shapes = geometries.into_iter().enumerate();
    let shapes =
        shapes.map(|(n, geometry)| feature(&format!("s{n}"), Some(geometry), json!({"dead": n})));
    shapes
        .chain([feature("nowhere", None, json!({}))])
        .collect()
}

pub(super) fn stream(features: &[Feature]) -> impl Iterator<Item = Result<Feature, Infallible>> {
    features.iter().cloned().map(Ok)
}

/// A writer that breaks after so many bytes.
struct Pipe(usize);

impl io::Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 = self
            .0
            .checked_sub(bytes.len())
            .ok_or(io::ErrorKind::BrokenPipe)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_broken_pipe_can_be_told_from_other_errors() {
    let features: Vec<_> = std::iter::repeat_n(points(), 1000).flatten().collect();
    let layer = layer(GeometryType::Point, Crs::Crs84, &features);
    for written in [
        csv::write(&layer, stream(&features), Pipe(20_000)),
        kml::write(&layer, stream(&features), Pipe(20_000)),
        flatgeobuf::write(&layer, stream(&features), Pipe(20_000)),
    ] {
        let broken = matches!(&written, Err(WriteError::Output(error))
            if error.kind() == io::ErrorKind::BrokenPipe);
        assert!(broken, "{written:?}");
    }
}

#[test]
fn a_feature_that_does_not_fit_ends_the_file() {
    let wrong = [feature("x9", None, json!({"dead": "many"}))];
    let layer = layer(GeometryType::Point, Crs::Crs84, &wrong);
    let database = geopackage::file(&layer, stream(&wrong), None).map(|_| 0);
    for written in [
        csv::write(&layer, stream(&wrong), io::sink()),
        kml::write(&layer, stream(&wrong), io::sink()),
        flatgeobuf::write(&layer, stream(&wrong), io::sink()),
        database,
    ] {
        let error = written.expect_err("a text is no whole number").to_string();
        assert!(error.contains("x9") && error.contains("dead"), "{error}");
    }
}

#[test]
fn an_error_of_the_source_is_handed_on() {
    let layer = layer(GeometryType::Point, Crs::Crs84, &[]);
    let broken = || std::iter::once(Err(io::Error::other("the index is gone")));
    let database = geopackage::file(&layer, broken(), None).map(|_| 0);
    for written in [
        csv::write(&layer, broken(), io::sink()),
        kml::write(&layer, broken(), io::sink()),
        flatgeobuf::write(&layer, broken(), io::sink()),
        database,
    ] {
        assert!(matches!(written, Err(WriteError::Source(_))), "{written:?}");
    }
}
