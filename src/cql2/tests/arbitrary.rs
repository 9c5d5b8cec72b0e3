//! Trees of the grammar made at random, and JSON that is near to it.

use geo::{
    Coord, Geometry, GeometryCollection, LineString, MultiLineString, MultiPoint, MultiPolygon,
    Point, Polygon,
};
use jiff::Timestamp;
use jiff::civil::Date;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::Union;

use super::super::{
    ArithmeticOperator, ArrayOperator, Comparison, Expression, SpatialOperator, TemporalOperator,
};

/// How an expression that fits a place is made, with so many levels below it at most.
type Made = BoxedStrategy<Expression>;

fn name() -> impl Strategy<Value = String> {
    let words = [
        "and", "NULL", "div", "date", "Point", "casei", "isNull", "t_after", "Z", "EMPTY",
    ];
    prop_oneof![
        4 => "[a-zé_:][a-z0-9_.:]{0,4}",
        1 => "\\PC{1,6}",
        1 => select(words.to_vec()).prop_map(str::to_owned),
    ]
}

fn function_name() -> impl Strategy<Value = String> {
    let words = [
        "null",
        "true",
        "date",
        "BBOX",
        "multipoint",
        "odd name",
        "a\"b",
    ];
    prop_oneof![
        4 => "fn_[a-z0-9_.:]{0,4}",
        1 => select(words.to_vec()).prop_map(str::to_owned),
    ]
}

fn text() -> Made {
    prop_oneof!["\\PC{0,8}", "[a'\\\\%_\"]{0,6}", "(?s).{0,4}"]
        .prop_map(Expression::Text)
        .boxed()
}

fn coordinate() -> impl Strategy<Value = f64> {
    use proptest::num::f64::{NEGATIVE, NORMAL, POSITIVE, SUBNORMAL, ZERO};
    prop_oneof![
        4 => (-180_000..180_000).prop_map(|thousandths| f64::from(thousandths) / 1000.0),
        1 => POSITIVE | NEGATIVE | NORMAL | SUBNORMAL | ZERO,
    ]
}

fn number_literal() -> Made {
    coordinate().prop_map(Expression::Number).boxed()
}

fn date() -> Made {
    (0_i16..=9999, 1_i8..=12, 1_i8..=28)
        .prop_map(|(year, month, day)| {
            Expression::Date(Date::new(year, month, day).expect("a day of any month"))
        })
        .boxed()
}

fn instant() -> Made {
    // From the year 0 to 9999.
    let timestamp = (-62_167_219_200_i64..253_402_200_000, 0..1_000_000_000_i32);
    let timestamp = timestamp.prop_map(|(second, nanosecond)| {
        Expression::Timestamp(Timestamp::new(second, nanosecond).expect("within the years"))
    });
    prop_oneof![date(), timestamp].boxed()
}

fn position() -> impl Strategy<Value = Coord> + Clone {
    let coordinate = coordinate().boxed();
    (coordinate.clone(), coordinate).prop_map(|(x, y)| Coord { x, y })
}

fn single_geometry() -> impl Strategy<Value = Geometry> + Clone {
    let line = prop::collection::vec(position(), 2..4).prop_map(LineString::new);
    let ring = prop::collection::vec(position(), 3..5).prop_map(|mut positions| {
        positions.push(positions[0]);
        LineString::new(positions)
    });
    let polygon = (ring.clone(), prop::collection::vec(ring, 0..2))
        .prop_map(|(exterior, holes)| Polygon::new(exterior, holes));
    let points = prop::collection::vec(position().prop_map(Point), 1..3);
    let lines = prop::collection::vec(line.clone(), 1..3);
    let polygons = prop::collection::vec(polygon.clone(), 1..3);
    Union::new([
        position()
            .prop_map(|position| Point(position).into())
            .boxed(),
        line.prop_map(Geometry::from).boxed(),
        polygon.prop_map(Geometry::from).boxed(),
        points.prop_map(|points| MultiPoint(points).into()).boxed(),
        lines
            .prop_map(|lines| MultiLineString(lines).into())
            .boxed(),
        polygons
            .prop_map(|polygons| MultiPolygon(polygons).into())
            .boxed(),
    ])
}

fn geometry_literal() -> Made {
    let corners = prop::array::uniform4(coordinate());
    let collection = prop::collection::vec(single_geometry(), 1..3)
        .prop_map(|parts| Geometry::GeometryCollection(GeometryCollection(parts)));
    prop_oneof![
        3 => single_geometry().prop_map(Expression::Geometry),
        1 => collection.prop_map(Expression::Geometry),
        1 => corners.prop_map(Expression::BBox),
    ]
    .boxed()
}

/// A property or a function.
fn unknown(levels: u32) -> Made {
    let property = name().prop_map(Expression::Property);
    if levels == 0 {
        return property.boxed();
    }
    let function = (
        function_name(),
        prop::collection::vec(any_value(levels - 1), 0..3),
    )
        .prop_map(|(name, arguments)| Expression::Function { name, arguments });
    prop_oneof![3 => property, 1 => function].boxed()
}

fn character(levels: u32) -> Made {
    let plain = prop_oneof![text(), unknown(levels.saturating_sub(1))];
    if levels == 0 {
        return plain.boxed();
    }
    prop_oneof![
        2 => plain,
        1 => character(levels - 1).prop_map(|text| Expression::Casei(Box::new(text))),
        1 => character(levels - 1).prop_map(|text| Expression::Accenti(Box::new(text))),
    ]
    .boxed()
}

fn pattern() -> Made {
    prop_oneof![
        2 => text(),
        1 => text().prop_map(|text| Expression::Casei(Box::new(text))),
        1 => text().prop_map(|text| {
            Expression::Accenti(Box::new(Expression::Casei(Box::new(text))))
        }),
    ]
    .boxed()
}

fn number(levels: u32) -> Made {
    let plain = prop_oneof![number_literal(), unknown(levels.saturating_sub(1))];
    if levels == 0 {
        return plain.boxed();
    }
    let operands = (number(levels - 1), number(levels - 1));
    let arithmetic = (select(ArithmeticOperator::ALL), operands)
        .prop_map(|(operator, (a, b))| Expression::Arithmetic(operator, Box::new(a), Box::new(b)));
    prop_oneof![plain, arithmetic].boxed()
}

fn scalar(levels: u32) -> Made {
    prop_oneof![
        2 => character(levels),
        2 => number(levels),
        1 => instant(),
        1 => any::<bool>().prop_map(Expression::Boolean),
    ]
    .boxed()
}

fn time(levels: u32) -> Made {
    let end = prop::option::of(prop_oneof![instant(), unknown(levels)].prop_map(Box::new));
    let interval = (end.clone(), end).prop_map(|(start, end)| Expression::Interval { start, end });
    prop_oneof![instant(), interval, unknown(levels)].boxed()
}

fn geometry(levels: u32) -> Made {
    prop_oneof![geometry_literal(), unknown(levels)].boxed()
}

fn list(levels: u32) -> Made {
    if levels == 0 {
        return unknown(0);
    }
    let elements = prop::collection::vec(any_value(levels - 1), 0..3);
    prop_oneof![3 => elements.prop_map(Expression::List), 1 => unknown(levels)].boxed()
}

fn any_value(levels: u32) -> Made {
    prop_oneof![
        3 => scalar(levels),
        1 => time(levels),
        1 => geometry(levels),
        2 => list(levels),
        1 => condition(levels),
    ]
    .boxed()
}

pub(super) fn condition(levels: u32) -> Made {
    let plain = prop_oneof![unknown(0), any::<bool>().prop_map(Expression::Boolean)];
    let Some(below) = levels.checked_sub(1) else {
        return plain.boxed();
    };
    let boxed = |made: Made| made.prop_map(Box::new);
    let pair = |made: Made| (made.clone().prop_map(Box::new), made.prop_map(Box::new));
    let parts = prop::collection::vec(condition(below), 2..4);
    let nullable = Union::new([
        scalar(below),
        time(below),
        geometry(below),
        condition(below),
    ]);
    Union::new([
        plain.boxed(),
        unknown(below),
        parts.clone().prop_map(Expression::And).boxed(),
        parts.prop_map(Expression::Or).boxed(),
        boxed(condition(below)).prop_map(Expression::Not).boxed(),
        (select(Comparison::ALL), pair(scalar(below)))
            .prop_map(|(operator, (a, b))| Expression::Compare(operator, a, b))
            .boxed(),
        (boxed(scalar(below)), pair(scalar(below)))
            .prop_map(|(value, (low, high))| Expression::Between { value, low, high })
            .boxed(),
        (
            boxed(scalar(below)),
            prop::collection::vec(scalar(below), 1..4),
        )
            .prop_map(|(value, items)| Expression::In { value, items })
            .boxed(),
        (boxed(character(below)), boxed(pattern()))
            .prop_map(|(value, pattern)| Expression::Like { value, pattern })
            .boxed(),
        boxed(nullable.boxed()).prop_map(Expression::IsNull).boxed(),
        (select(SpatialOperator::ALL), pair(geometry(below)))
            .prop_map(|(operator, (a, b))| Expression::Spatial(operator, a, b))
            .boxed(),
        (select(TemporalOperator::ALL), pair(time(below)))
            .prop_map(|(operator, (a, b))| Expression::Temporal(operator, a, b))
            .boxed(),
        (select(ArrayOperator::ALL), pair(list(below)))
            .prop_map(|(operator, (a, b))| Expression::Array(operator, a, b))
            .boxed(),
    ])
    .boxed()
}

/// JSON of members that CQL2-JSON has, mostly not as it has them.
pub(super) fn json() -> impl Strategy<Value = serde_json::Value> {
    use serde_json::{Value, json};
    let names = [
        "and",
        "not",
        "=",
        "in",
        "like",
        "between",
        "isNull",
        "casei",
        "+",
        "f",
        "s_within",
        "t_after",
        "a_equals",
        "Point",
        "Polygon",
        "..",
        "2023-05-01",
        "x",
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-9..9).prop_map(Value::from),
        select(names.to_vec()).prop_map(Value::from),
        name().prop_map(|name| json!({"property": name})),
    ];
    leaf.prop_recursive(5, 40, 4, move |inner| {
        let members = [
            "property",
            "date",
            "timestamp",
            "interval",
            "bbox",
            "op",
            "coordinates",
        ];
        let items = prop::collection::vec(inner.clone(), 0..4)
            .prop_map(Value::from)
            .boxed();
        prop_oneof![
            items.clone(),
            (select(names.to_vec()), items).prop_map(|(op, args)| json!({"op": op, "args": args})),
            (select(names.to_vec()), inner.clone())
                .prop_map(|(kind, inner)| json!({"type": kind, "coordinates": inner})),
            (select(members.to_vec()), inner).prop_map(|(name, inner)| json!({name: inner})),
        ]
    })
}
