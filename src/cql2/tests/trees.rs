//! Trees told in full, to which the pairs of the tables are tied.

use geo::{Geometry, coord, line_string, polygon};

use super::super::{
    ArithmeticOperator, ArrayOperator, Comparison, Expression, SpatialOperator, TemporalOperator,
    parse_json, parse_text,
};
use super::assert_both_ways;

fn property(name: &str) -> Expression {
    Expression::Property(name.to_owned())
}

fn text(text: &str) -> Expression {
    Expression::Text(text.to_owned())
}

fn sum(operator: ArithmeticOperator, left: Expression, right: Expression) -> Expression {
    Expression::Arithmetic(operator, Box::new(left), Box::new(right))
}

fn assert_read(text: &str, tree: &Expression) {
    assert_eq!(parse_text(text).as_ref(), Ok(tree), "{text}");
    assert_both_ways(tree);
}

#[test]
fn conditions_read_as_the_trees_that_they_mean() {
    use Expression::Number;
    let a = || Box::new(property("a"));
    let b = || Box::new(property("b"));
    let one = || Box::new(Number(1.0));
    assert_read(
        "a = 1 OR NOT b",
        &Expression::Or(vec![
            Expression::Compare(Comparison::Equal, a(), one()),
            Expression::Not(b()),
        ]),
    );
    let negative = sum(ArithmeticOperator::Multiply, Number(-1.0), *a());
    let power = sum(ArithmeticOperator::Power, Number(2.0), Number(3.0));
    let left = Box::new(sum(ArithmeticOperator::Add, negative, power));
    assert_read(
        "-a + 2 ^ 3 <> b",
        &Expression::Compare(Comparison::NotEqual, left, b()),
    );
    let value = Box::new(Expression::Casei(a()));
    let pattern = Box::new(text("x%"));
    assert_read(
        "CASEI(a) NOT LIKE 'x%'",
        &Expression::Not(Box::new(Expression::Like { value, pattern })),
    );
    let items = vec![text("x"), *b()];
    assert_read("a IN ('x', b)", &Expression::In { value: a(), items });
    let (value, low, high) = (a(), one(), b());
    assert_read(
        "a BETWEEN 1 AND b",
        &Expression::Between { value, low, high },
    );
    assert_read("a IS NULL", &Expression::IsNull(a()));
}

#[test]
fn values_read_as_the_trees_that_they_mean() {
    let a = || Box::new(property("a"));
    let day = Expression::Date(jiff::civil::date(2023, 5, 1));
    let moment = Expression::Timestamp("2023-05-01T08:00:00.5Z".parse().expect("a timestamp"));
    let interval = Expression::Interval {
        start: Some(Box::new(day.clone())),
        end: None,
    };
    assert_read(
        "T_DURING(a, INTERVAL('2023-05-01', '..'))",
        &Expression::Temporal(TemporalOperator::During, a(), Box::new(interval)),
    );
    let list = Expression::List(vec![day, moment, Expression::Boolean(true)]);
    assert_read(
        "A_EQUALS(a, (DATE('2023-05-01'), TIMESTAMP('2023-05-01T08:00:00.5Z'), TRUE))",
        &Expression::Array(ArrayOperator::Equals, a(), Box::new(list)),
    );
    let function = Expression::Function {
        name: "f".to_owned(),
        arguments: vec![Expression::Accenti(Box::new(text("é")))],
    };
    let triangle = polygon![(x: 0., y: 0.), (x: 1., y: 0.), (x: 1., y: 1.), (x: 0., y: 0.)];
    let triangle = Box::new(Expression::Geometry(triangle.into()));
    assert_read(
        "S_WITHIN(f(ACCENTI('é')), POLYGON Z((0 0 7, 1 0 7, 1 1 7, 0 0 7)))",
        &Expression::Spatial(SpatialOperator::Within, Box::new(function), triangle),
    );
    let bbox = Box::new(Expression::BBox([1.0, 2.0, 3.0, 4.0]));
    assert_read(
        "S_TOUCHES(a, BBOX(1, 2, -9, 3, 4, 9))",
        &Expression::Spatial(SpatialOperator::Touches, a(), bbox),
    );
}

#[test]
fn text_may_be_laid_out_over_lines() {
    let laid_out = "\n\ta = 1\r\n  AND\u{a0}( b\u{1680}>=\u{3000}2\n)\n";
    assert_eq!(parse_text(laid_out), parse_text("a = 1 AND (b >= 2)"));
    let error = parse_text("a = 1\nAND é = 2\nAND )").expect_err("no value");
    assert!(error.to_string().starts_with("at character 21:"), "{error}");
}

#[test]
fn properties_are_named_once_and_in_order() {
    let tree = parse_text(
        "d = 1 AND (a IN (c, a) OR f(b, (e,), x > d) LIKE 'p') \
         AND T_AFTER(INTERVAL(s, '..'), d) AND S_WITHIN(geom, POINT(1 2))",
    )
    .expect("an expression");
    let names = ["d", "a", "c", "b", "e", "x", "s", "geom"];
    assert_eq!(tree.properties(), names);
    assert_eq!(
        parse_text("f(1, 'a') = 2").expect("valid").properties(),
        [""; 0]
    );
}

#[test]
fn a_geometry_of_any_type_is_written_as_one_that_can_be_read() {
    let line = geo::Line::new(coord! {x: 0., y: 0.}, coord! {x: 1., y: 2.});
    let rect = geo::Rect::new(coord! {x: 0., y: 0.}, coord! {x: 1., y: 2.});
    let triangle = geo::Triangle::new(
        coord! {x: 0., y: 0.},
        coord! {x: 1., y: 0.},
        coord! {x: 0., y: 1.},
    );
    for (geometry, same) in [
        (
            Geometry::from(line),
            line_string![(x: 0., y: 0.), (x: 1., y: 2.)].into(),
        ),
        (rect.into(), Geometry::from(rect.to_polygon())),
        (triangle.into(), triangle.to_polygon().into()),
    ] {
        let asked = |geometry| Expression::IsNull(Box::new(Expression::Geometry(geometry)));
        let (tree, same) = (asked(geometry), asked(same));
        assert_eq!(parse_text(&tree.to_text()).as_ref(), Ok(&same));
        assert_eq!(parse_json(&tree.to_json().to_string()), Ok(same));
    }
}

#[test]
fn numbers_are_written_short_and_exactly() {
    for (value, in_text, in_json) in [
        (0.0, "0", "0"),
        (100.0, "100", "100"),
        (-0.1, "-0.1", "-0.1"),
        (1e15, "1000000000000000", "1000000000000000"),
        (1e16, "1E16", "1e+16"),
        (1e-7, "1E-7", "1e-7"),
        (
            f64::MAX,
            "1.7976931348623157E308",
            "1.7976931348623157e+308",
        ),
        (5e-324, "5E-324", "5e-324"),
    ] {
        let tree = Expression::Number(value);
        assert_eq!(tree.to_text(), in_text);
        assert_eq!(tree.to_json().to_string(), in_json);
    }
}
