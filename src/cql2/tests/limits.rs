use super::super::{DEEPEST, Expression, LONGEST, ParseError, parse_json, parse_text};
use super::assert_both_ways;

fn nested(open: &str, inner: &str, close: &str, times: usize) -> String {
    format!("{}{inner}{}", open.repeat(times), close.repeat(times))
}

#[test]
fn parentheses_are_read_to_a_hundred_levels_and_no_deeper() {
    for inner in ["a", "a = 1", "a + 1 = 2"] {
        assert!(parse_text(&nested("(", inner, ")", 100)).is_ok(), "{inner}");
        let error = parse_text(&nested("(", inner, ")", 200)).expect_err(inner);
        assert_eq!(
            error.to_string(),
            "at character 101: found nesting of more than 100 levels, expected fewer"
        );
    }
}

#[test]
fn what_does_not_end_is_refused_without_going_astray() {
    let half = LONGEST / 2;
    for open in [
        "(", "NOT ", "f(", "-", "((a)=", "a IN (", "a + (", "1+", "a^", "CASEI(", "'", "\"a",
    ] {
        let text = open.repeat(half / open.len());
        assert!(parse_text(&text).is_err(), "{open}");
    }
    for open in [
        "[",
        r#"{"op":"not","args":["#,
        r#"{"interval":["#,
        r#"{"a":"#,
    ] {
        let text = open.repeat(half / open.len());
        assert!(parse_json(&text).is_err(), "{open}");
    }
}

#[test]
fn trees_have_at_most_so_many_levels() {
    let sum = |terms: usize| format!("{} = 0", vec!["a"; terms].join(" + "));
    // A comparison over a sum over properties: one level, then one for each plus, then one.
    let tree = parse_text(&sum(DEEPEST - 1)).expect("just flat enough");
    assert_both_ways(&tree);
    let error = parse_text(&sum(DEEPEST)).expect_err("too deep");
    assert_eq!(
        error.to_string(),
        "at character 1: found an expression of more than 50 levels, expected a flatter one"
    );
    assert!(parse_text(&vec!["a"; 10_000].join(" AND ")).is_ok(), "flat");
}

/// The deepest trees of a kind that are read from either encoding.
#[test]
fn the_deepest_trees_are_read_in_both_encodings() {
    let point = r#"{"type":"GeometryCollection","geometries":[{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}]}"#;
    for (open, close, levels) in [
        (r#"{"op":"not","args":["#, "]}", 1),
        (r#"{"op":"f","args":["#, "]}", 1),
        (r#"{"op":"f","args":[["#, "]]}", 2),
        (r#"{"op":"f","args":[{"op":"in","args":[1,["#, "]]}]}", 3),
        (r#"{"op":"f","args":[{"interval":["..","#, "]}]}", 2),
        (
            r#"{"op":"isNull","args":[{"op":"and","args":[true,"#,
            "]}]}",
            2,
        ),
    ] {
        let inner = format!(r#"{{"op":"f","args":[{point}]}}"#);
        let times = (DEEPEST - 2) / levels;
        let json = nested(open, &inner, close, times);
        let tree = parse_json(&json).unwrap_or_else(|error| panic!("{open}: {error}"));
        assert_both_ways(&tree);
        let json = nested(open, &inner, close, times + 1);
        let error = parse_json(&json).expect_err(open);
        assert!(error.to_string().contains("more than 50 levels"), "{error}");
    }
}

#[test]
fn the_levels_of_a_text_count_as_those_of_json() {
    for (open, inner, close) in [
        ("NOT (", "a", ")"),
        ("f(", "a", ")"),
        ("f((", "a", ",))"),
        ("f(1 IN (", "a", "))"),
        ("f(INTERVAL('..', ", "a", "))"),
        ("(b AND ", "a", ") IS NULL"),
    ] {
        let deepest = (1..100)
            .map_while(|times| parse_text(&nested(open, inner, close, times)).ok())
            .last()
            .expect("one level is read");
        assert_both_ways(&deepest);
        let deeper = Expression::Not(Box::new(Expression::Not(Box::new(deepest))));
        let deeper = Expression::Not(Box::new(Expression::Not(Box::new(deeper))));
        assert!(parse_json(&deeper.to_json().to_string()).is_err(), "{open}");
    }
}

#[test]
fn longer_expressions_are_not_read() {
    let condition = "a = 'b'";
    let padded = format!("{condition}{}", " ".repeat(LONGEST - condition.len()));
    assert!(parse_text(&padded).is_ok());
    let bytes = LONGEST + 1;
    let error = ParseError::TooLong { bytes };
    assert_eq!(parse_text(&format!("{padded} ")), Err(error.clone()));
    assert_eq!(parse_json(&" ".repeat(bytes)), Err(error.clone()));
    assert_eq!(
        error.to_string(),
        "found an expression of 65537 bytes, expected at most 65536"
    );
}

#[test]
fn a_message_repeats_no_more_than_the_beginning_of_a_long_word() {
    let error = parse_text(&format!("a {}", "é".repeat(1000))).expect_err("two properties");
    let expected = format!(
        "at character 3: found \"{}…\", expected an operator or the end",
        "é".repeat(40)
    );
    assert_eq!(error.to_string(), expected);
}
