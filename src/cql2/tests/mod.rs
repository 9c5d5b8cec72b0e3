//! Tests over both encodings; the tables of cases lie beside this file.

mod arbitrary;
mod limits;
mod round_trip;
mod trees;

use super::{Expression, parse_json, parse_text};

/// The pairs of lines of a table, which has comments and empty lines between them.
fn pairs(table: &'static str) -> Vec<[&'static str; 2]> {
    let lines: Vec<_> = table
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .collect();
    let (pairs, rest) = lines.as_chunks();
    assert_eq!(rest, [""; 0], "a line has no partner");
    pairs.to_vec()
}

/// Writes the tree in both encodings and reads it back.
fn assert_both_ways(tree: &Expression) {
    let text = tree.to_text();
    assert_eq!(parse_text(&text).as_ref(), Ok(tree), "{text}");
    let json = tree.to_json().to_string();
    assert_eq!(parse_json(&json).as_ref(), Ok(tree), "{json}");
}

#[test]
fn every_text_reads_as_the_same_tree_as_its_json() {
    let pairs = pairs(include_str!("accepted_text.txt"));
    assert!(pairs.len() >= 120, "{} cases", pairs.len());
    for [text, json] in pairs {
        let tree = parse_text(text).unwrap_or_else(|error| panic!("{text}\n{error}"));
        let of_json = parse_json(json).unwrap_or_else(|error| panic!("{json}\n{error}"));
        assert_eq!(tree, of_json, "{text}");
        assert_both_ways(&tree);
    }
}

#[test]
fn every_json_is_written_as_its_text() {
    let pairs = pairs(include_str!("accepted_json.txt"));
    assert!(pairs.len() >= 60, "{} cases", pairs.len());
    for [json, text] in pairs {
        let tree = parse_json(json).unwrap_or_else(|error| panic!("{json}\n{error}"));
        assert_eq!(tree.to_text(), text, "{json}");
        assert_both_ways(&tree);
    }
}

#[test]
fn every_text_off_the_grammar_is_refused_with_place_and_reason() {
    for [text, message] in pairs(include_str!("refused_text.txt")) {
        let error = parse_text(text).expect_err(text);
        assert_eq!(error.to_string(), message.trim_start(), "{text}");
    }
}

#[test]
fn every_json_off_the_schema_is_refused_with_path_and_reason() {
    for [json, message] in pairs(include_str!("refused_json.txt")) {
        let error = parse_json(json).expect_err(json);
        assert_eq!(error.to_string(), message.trim_start(), "{json}");
    }
}
