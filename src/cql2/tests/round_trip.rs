//! What is written is read again, and what is read can be written.

use proptest::prelude::*;

use super::super::{parse_json, parse_text};
use super::arbitrary::{condition, json};
use super::assert_both_ways;

/// The text without a piece that begins after such a share of it.
fn damaged(text: &str, share: f64, length: usize) -> String {
    let chars: Vec<char> = text.chars().collect();
    let begin = (share * chars.len() as f64) as usize;
    let end = (begin + length).min(chars.len());
    chars[..begin].iter().chain(&chars[end..]).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn any_tree_is_written_and_read_in_both_encodings(tree in condition(3)) {
        assert_both_ways(&tree);
    }

    #[test]
    fn a_damaged_expression_is_refused_or_read_for_good(
        tree in condition(2), share in 0.0..1.0, length in 1_usize..4,
    ) {
        if let Ok(tree) = parse_text(&damaged(&tree.to_text(), share, length)) {
            assert_both_ways(&tree);
        }
        if let Ok(tree) = parse_json(&damaged(&tree.to_json().to_string(), share, length)) {
            assert_both_ways(&tree);
        }
    }

    #[test]
    fn any_characters_are_refused_or_read_for_good(text in "\\PC{0,20}") {
        if let Ok(tree) = parse_text(&text) {
            assert_both_ways(&tree);
        }
    }

    #[test]
    fn any_json_is_refused_or_read_for_good(json in json()) {
        if let Ok(tree) = parse_json(&json.to_string()) {
            assert_both_ways(&tree);
        }
    }
}
