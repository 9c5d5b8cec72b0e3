//! Each class of CQL2 that is declared, asked of a handful of rows.

use std::borrow::Cow;

use super::*;
use crate::cql2;
use crate::domain::{Point, day_number};
use crate::index::written::DAY;
use crate::index::{AREA_PROPERTIES, EVENT_PROPERTIES, INCIDENT_PROPERTIES, Property};

/// A row, by the names of its properties.
struct Row {
    properties: &'static [Property],
    values: Vec<(&'static str, Value<'static>)>,
    geometry: Option<Geometry>,
}

impl Fields for Row {
    fn value(&self, column: usize) -> Value<'_> {
        let name = self.properties[column].name;
        self.values
            .iter()
            .find(|(known, _)| *known == name)
            .map_or(Value::Null, |(_, value)| value.clone())
    }

    fn geometry(&self) -> Option<Cow<'_, Geometry>> {
        self.geometry.as_ref().map(Cow::Borrowed)
    }
}

fn text(text: &'static str) -> Value<'static> {
    Value::Text(text.into())
}

fn day(text: &str) -> Value<'static> {
    Value::Time(i64::from(day_number(text.parse().expect("a day"))) * DAY)
}

fn place(lon: f64, lat: f64) -> Option<Geometry> {
    Geometry::point(Point { lon, lat })
}

/// Four events: one with everything, one whose date is not known, one without place and actor, one at the antimeridian.
fn events() -> Vec<Row> {
    let row = |values, geometry| Row {
        properties: EVENT_PROPERTIES,
        values,
        geometry,
    };
    vec![
        row(
            vec![
                ("id", text("a")),
                ("action", text("capture")),
                ("actor", text("Armée syrienne")),
                ("country", text("SY")),
                ("confidence", Value::Number(0.9)),
                ("geo_precision", Value::Number(1.0)),
                ("radius_km", Value::Number(2.0)),
                ("start", day("2019-10-16")),
                ("end", day("2019-10-18")),
                ("date", text("2019-10-16/2019-10-18")),
                ("place", text("Manbij")),
                ("origin", text("Manbij")),
            ],
            place(37.95, 36.53),
        ),
        row(
            vec![
                ("id", text("b")),
                ("action", text("clash")),
                ("actor", text("SDF")),
                ("country", text("SY")),
                ("confidence", Value::Number(0.6)),
                ("geo_precision", Value::Number(4.0)),
                ("date", text("XXXX-10-17")),
                ("place", text("Raqqa_100%")),
            ],
            place(39.0, 36.0),
        ),
        row(
            vec![
                ("id", text("c")),
                ("action", text("strike")),
                ("confidence", Value::Number(0.4)),
                ("geo_precision", Value::Number(7.0)),
                ("start", day("2020-01-01")),
                ("end", day("2020-01-01")),
            ],
            None,
        ),
        row(
            vec![
                ("id", text("d")),
                ("action", text("clash")),
                ("actor", text("sdf")),
                ("country", text("FJ")),
                ("confidence", Value::Number(0.75)),
                ("geo_precision", Value::Number(2.0)),
                ("start", day("2021-03-01")),
                ("end", day("2021-03-31")),
            ],
            place(179.5, -17.0),
        ),
    ]
}

/// Refused by the grammar or by what the properties are: the same to who asks.
fn predicate(expression: &str, properties: &[Property]) -> Result<Predicate, String> {
    let parsed = if expression.starts_with('{') {
        cql2::parse_json(expression)
    } else {
        cql2::parse_text(expression)
    };
    let parsed = parsed.map_err(|error| error.to_string())?;
    let point = |[lon, lat]: [f64; 2]| Point { lon, lat };
    Predicate::new(&parsed, properties, &point).map_err(|error| error.to_string())
}

fn passing(expression: &str) -> String {
    let predicate = predicate(expression, EVENT_PROPERTIES)
        .unwrap_or_else(|error| panic!("{expression}: {error}"));
    let id = EVENT_PROPERTIES
        .iter()
        .position(|property| property.name == "id")
        .expect("an id");
    let ids = events()
        .into_iter()
        .filter(|row| predicate.passes(row))
        .map(|row| match row.value(id) {
            Value::Text(id) => id.into_owned(),
            other => panic!("{other:?} is no id"),
        });
    ids.collect()
}

/// For each class the expressions and the rows that pass. The API declares these classes and no others.
pub(crate) const CLASSES: &[(&str, &[(&str, &str)])] = &[
    (
        "basic-cql2",
        &[
            ("action = 'clash'", "bd"),
            ("action <> 'clash'", "ac"),
            ("confidence > 0.6", "ad"),
            ("confidence >= 0.6", "abd"),
            ("confidence < 0.6", "c"),
            ("confidence <= 0.6", "bc"),
            ("0.6 < confidence", "ad"),
            ("geo_precision = 1", "a"),
            ("country = 'SY' AND confidence > 0.7", "a"),
            ("country = 'FJ' OR confidence > 0.8", "ad"),
            ("NOT country = 'SY'", "d"),
            ("NOT (country = 'SY' AND confidence > 0.7)", "bcd"),
            ("country IS NULL", "c"),
            ("country IS NOT NULL", "abd"),
            ("start IS NULL AND date IS NOT NULL", "b"),
            ("geometry IS NULL", "c"),
            ("geometry IS NOT NULL", "abd"),
            ("start = DATE('2019-10-16')", "a"),
            ("start > DATE('2019-12-31')", "cd"),
            ("start >= TIMESTAMP('2020-01-01T00:00:00Z')", "cd"),
            ("start > TIMESTAMP('2020-01-01T00:00:00Z')", "d"),
            ("start <= '2020-01-01'", "ac"),
            ("TRUE", "abcd"),
            ("FALSE", ""),
            ("actor = 'x' OR TRUE", "abcd"),
            ("NOT (actor = 'x' AND FALSE)", "abcd"),
            ("id = 'c'", "c"),
            (
                r#"{"op":"and","args":[{"op":"=","args":[{"property":"action"},"clash"]},{"op":">","args":[{"property":"confidence"},0.7]}]}"#,
                "d",
            ),
            (r#"{"op":"isNull","args":[{"property":"start"}]}"#, "b"),
        ],
    ),
    (
        "advanced-comparison-operators",
        &[
            ("actor LIKE 'S%'", "b"),
            ("place LIKE 'Raqqa\\_100\\%'", "b"),
            ("place LIKE 'M_nb%'", "a"),
            ("place NOT LIKE 'M%'", "b"),
            ("confidence BETWEEN 0.6 AND 0.75", "bd"),
            ("confidence NOT BETWEEN 0.6 AND 0.75", "ac"),
            (
                "start BETWEEN DATE('2019-01-01') AND DATE('2020-01-01')",
                "ac",
            ),
            ("country IN ('SY', 'FJ')", "abd"),
            ("country NOT IN ('SY')", "d"),
            ("geo_precision IN (1, 7)", "ac"),
            (
                r#"{"op":"between","args":[{"property":"confidence"},0.6,0.75]}"#,
                "bd",
            ),
            (r#"{"op":"in","args":[{"property":"country"},["FJ"]]}"#, "d"),
            (r#"{"op":"like","args":[{"property":"actor"},"S%"]}"#, "b"),
        ],
    ),
    (
        "case-insensitive-comparison",
        &[
            ("CASEI(actor) = CASEI('sDf')", "bd"),
            ("CASEI(actor) LIKE CASEI('SD%')", "bd"),
            (
                "CASEI('Gießen ΟΔΟΣ') = CASEI('GIESSEN οδος') AND id = 'a'",
                "a",
            ),
            (
                "CASEI(actor) IN (CASEI('SDF'), CASEI('ARMÉE SYRIENNE'))",
                "abd",
            ),
            (
                r#"{"op":"=","args":[{"op":"casei","args":[{"property":"actor"}]},{"op":"casei","args":["SDF"]}]}"#,
                "bd",
            ),
        ],
    ),
    (
        "accent-insensitive-comparison",
        &[
            ("ACCENTI(actor) = ACCENTI('Armee syrienne')", "a"),
            ("CASEI(ACCENTI(actor)) LIKE CASEI(ACCENTI('ÀRMEE%'))", "a"),
        ],
    ),
    (
        "basic-spatial-functions",
        &[
            ("S_INTERSECTS(geometry, POINT(39 36))", "b"),
            ("S_INTERSECTS(geometry, BBOX(37, 36, 39, 37))", "ab"),
            ("S_INTERSECTS(geometry, BBOX(179, -20, -179, -10))", "d"),
            ("NOT S_INTERSECTS(geometry, BBOX(37, 36, 39, 37))", "d"),
            (
                r#"{"op":"s_intersects","args":[{"property":"geometry"},{"bbox":[37,36,38,37]}]}"#,
                "a",
            ),
        ],
    ),
    (
        "basic-spatial-functions-plus",
        &[
            (
                "S_INTERSECTS(geometry, POLYGON((37 36, 38.5 36, 38.5 37, 37 37, 37 36)))",
                "a",
            ),
            ("S_INTERSECTS(geometry, LINESTRING(38 36, 40 36))", "b"),
            (
                "S_INTERSECTS(geometry, MULTIPOINT((39 36), (179.5 -17)))",
                "bd",
            ),
        ],
    ),
    (
        "spatial-functions",
        &[
            ("S_WITHIN(geometry, BBOX(37, 35, 40, 37))", "ab"),
            ("S_WITHIN(geometry, BBOX(39, 35, 40, 37))", ""),
            ("S_TOUCHES(geometry, BBOX(39, 35, 40, 37))", "b"),
            ("S_DISJOINT(geometry, BBOX(37, 35, 40, 37))", "d"),
            ("S_EQUALS(geometry, POINT(39 36))", "b"),
            (
                "S_CONTAINS(POLYGON((37 36, 38.5 36, 38.5 37, 37 37, 37 36)), geometry)",
                "a",
            ),
            ("S_CROSSES(geometry, LINESTRING(38 36, 40 36))", ""),
            ("S_OVERLAPS(geometry, MULTIPOINT((39 36), (40 36)))", ""),
        ],
    ),
    (
        "temporal-functions",
        &[
            ("T_AFTER(start, DATE('2019-12-31'))", "cd"),
            ("T_BEFORE(end, DATE('2020-01-01'))", "a"),
            ("T_EQUALS(start, DATE('2020-01-01'))", "c"),
            (
                "T_INTERSECTS(INTERVAL(start, end), INTERVAL('2019-10-18', '2020-01-01'))",
                "ac",
            ),
            (
                "T_INTERSECTS(INTERVAL(start, end), INTERVAL('2021-03-31', '..'))",
                "d",
            ),
            (
                "T_DISJOINT(INTERVAL(start, end), INTERVAL('2019-10-18', '2020-01-01'))",
                "d",
            ),
            (
                "T_DURING(INTERVAL(start, end), INTERVAL('2019-10-15', '2019-10-19'))",
                "a",
            ),
            (
                "T_CONTAINS(INTERVAL(start, end), INTERVAL('2021-03-02', '2021-03-30'))",
                "d",
            ),
            (
                "T_STARTS(INTERVAL(start, end), INTERVAL('2019-10-16', '2019-10-19'))",
                "a",
            ),
            (
                "T_STARTEDBY(INTERVAL(start, end), INTERVAL('2019-10-16', '2019-10-17'))",
                "a",
            ),
            (
                "T_FINISHES(INTERVAL(start, end), INTERVAL('2019-10-15', '2019-10-18'))",
                "a",
            ),
            (
                "T_FINISHEDBY(INTERVAL(start, end), INTERVAL('2019-10-17', '2019-10-18'))",
                "a",
            ),
            (
                "T_MEETS(INTERVAL(start, end), INTERVAL('2019-10-18', '2019-10-20'))",
                "a",
            ),
            (
                "T_METBY(INTERVAL(start, end), INTERVAL('2019-10-01', '2019-10-16'))",
                "a",
            ),
            (
                "T_OVERLAPS(INTERVAL(start, end), INTERVAL('2019-10-17', '2019-10-20'))",
                "a",
            ),
            (
                "T_OVERLAPPEDBY(INTERVAL(start, end), INTERVAL('2019-10-15', '2019-10-17'))",
                "a",
            ),
            (
                "T_INTERSECTS(start, TIMESTAMP('2020-01-01T12:00:00Z'))",
                "c",
            ),
            ("T_BEFORE(start, TIMESTAMP('2020-01-01T12:00:00Z'))", "a"),
            (
                r#"{"op":"t_intersects","args":[{"interval":[{"property":"start"},{"property":"end"}]},{"interval":["2019-10-18","2020-01-01"]}]}"#,
                "ac",
            ),
        ],
    ),
    (
        "arithmetic",
        &[
            ("confidence * 2 > 1.6", "a"),
            ("geo_precision + 1 = 2 ^ 3", "c"),
            ("geo_precision % 2 = 1", "ac"),
            ("geo_precision div 2 = 1", "d"),
            ("confidence / 0 > 1", ""),
            ("(confidence / 0) IS NULL", "abcd"),
        ],
    ),
    (
        "property-property",
        &[
            ("place = origin", "a"),
            ("start < end", "ad"),
            ("start = end", "c"),
            ("confidence < geo_precision", "abcd"),
        ],
    ),
];

#[test]
fn every_class_is_answered_as_it_means() {
    for (class, cases) in CLASSES {
        for (expression, expected) in *cases {
            assert_eq!(passing(expression), *expected, "{class}: {expression}");
        }
    }
}

#[test]
fn what_is_not_known_is_neither_true_nor_false() {
    for (expression, expected) in [
        ("actor = 'SDF' OR country = 'SY'", "ab"),
        ("NOT (actor = 'SDF' OR country = 'XX')", "ad"),
        ("NOT (actor = 'SDF' AND confidence > 0.5)", "acd"),
        ("radius_km > 1 OR radius_km <= 1", "a"),
        ("NOT (radius_km > 1)", ""),
        ("country NOT IN ('SY', 'FJ')", ""),
        ("actor LIKE '%'", "abd"),
        ("S_DISJOINT(geometry, POINT(0 0))", "abd"),
        ("NOT T_AFTER(start, DATE('2030-01-01'))", "acd"),
    ] {
        assert_eq!(passing(expression), expected, "{expression}");
    }
}

#[test]
fn a_boolean_property_stands_by_itself() {
    let row = |disagree| Row {
        properties: INCIDENT_PROPERTIES,
        values: vec![("status_disagree", disagree)],
        geometry: None,
    };
    for (expression, expected) in [
        ("status_disagree", true),
        ("NOT status_disagree", false),
        ("status_disagree = TRUE", true),
    ] {
        let predicate = predicate(expression, INCIDENT_PROPERTIES).expect("a predicate");
        assert_eq!(
            predicate.passes(&row(Value::Boolean(true))),
            expected,
            "{expression}"
        );
        assert!(!predicate.passes(&row(Value::Null)), "{expression}");
    }
}

#[test]
fn what_cannot_be_asked_is_refused_with_the_reason() {
    for (expression, part) in [
        ("altitude > 3", "no property \"altitude\""),
        ("quote = 'x'", "no property \"quote\""),
        ("confidence > 'high'", "cannot be compared"),
        ("action = 3", "cannot be compared"),
        ("start > 'soon'", "cannot be compared"),
        ("start > 3", "cannot be compared"),
        ("confidence LIKE 'x'", "where text is needed"),
        ("actor LIKE place", "a pattern that is written out"),
        ("confidence", "where a condition"),
        ("CASEI(confidence) = 'x'", "where text is needed"),
        ("actor + 1 = 2", "where a number is needed"),
        (
            "S_INTERSECTS(place, POINT(0 0))",
            "where the property geometry is needed",
        ),
        (
            "S_INTERSECTS(geometry, BBOX(0, 50, 1, 40))",
            "above its north",
        ),
        (
            "S_INTERSECTS(geometry, BBOX(0, 50, 1, 140))",
            "off the globe",
        ),
        (
            "geometry = 'x'",
            "the geometry stands where a value is needed",
        ),
        (
            "T_AFTER(action, DATE('2020-01-01'))",
            "where a date is needed",
        ),
        ("buffer(geometry, 3) = 4", "no function \"buffer\""),
        ("A_CONTAINS(action, ('a', 'b'))", "a comparison of lists"),
    ] {
        let error = predicate(expression, EVENT_PROPERTIES)
            .err()
            .unwrap_or_default();
        assert!(
            error.contains(part),
            "{expression}: {error:?} does not say {part:?}"
        );
    }
    assert!(predicate("kind = 'country' AND start IS NULL", AREA_PROPERTIES).is_err());
}

#[test]
fn a_place_in_the_expression_bounds_where_to_look() {
    let bounds = |text: &str| {
        predicate(text, EVENT_PROPERTIES)
            .expect("a predicate")
            .bounds()
    };
    let one =
        bounds("confidence > 0.5 AND (S_WITHIN(geometry, BBOX(1, 2, 3, 4)) AND action = 'clash')");
    assert_eq!(
        one,
        BoundingBox::new(1.0, 2.0, 3.0, 4.0)
            .ok()
            .map(|bbox| vec![bbox])
    );
    assert_eq!(
        bounds("S_INTERSECTS(geometry, BBOX(170, 2, -170, 4))").map(|boxes| boxes.len()),
        Some(2)
    );
    for text in [
        "confidence > 0.5",
        "S_INTERSECTS(geometry, POINT(1 1)) OR confidence > 0.5",
        "NOT S_INTERSECTS(geometry, POINT(1 1))",
        "S_DISJOINT(geometry, POINT(1 1))",
    ] {
        assert_eq!(bounds(text), None, "{text}");
    }
}
