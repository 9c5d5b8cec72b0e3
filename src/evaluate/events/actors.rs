//! Whether two names mean one actor, for the purposes of an evaluation.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use serde::Deserialize;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::canonical_combining_class;

const TABLE: &str = include_str!("../../../data/evaluate/actors.toml");
/// Letters that a word must have to say who acts.
const LETTERS: usize = 3;

/// `data/evaluate/actors.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    generic: BTreeSet<String>,
    actor: Vec<Actor>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Actor {
    name: String,
    also: Vec<String>,
}

impl Table {
    fn bundled() -> &'static Self {
        static BUNDLED: OnceLock<Table> = OnceLock::new();
        BUNDLED.get_or_init(|| toml::from_str(TABLE).expect("a test reads the bundled table"))
    }
}

/// Whether the names share a word that says who acts.
pub(super) fn same_actor(gold: &str, system: Option<&str>) -> bool {
    let system = words(system.unwrap_or_default());
    words(gold).iter().any(|word| system.contains(word))
}

/// The words of a name under its common names; of generic ones only where there are no others.
fn words(name: &str) -> BTreeSet<String> {
    let table = Table::bundled();
    let mut name = folded(name);
    for actor in &table.actor {
        name = renamed(&name, actor);
    }
    let words: BTreeSet<String> = name
        .split(|c| !in_word(c))
        .filter(|word| word.chars().count() >= LETTERS)
        .map(str::to_owned)
        .collect();
    let telling: BTreeSet<String> = words.difference(&table.generic).cloned().collect();
    if telling.is_empty() { words } else { telling }
}

/// Case and accents do not count; unlike in [`crate::text::fold`], marks between words do, since the scorer that
/// this follows keeps them.
fn folded(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let name = name.replace('’', "'");
    for word in name.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        let letters = word
            .nfkd()
            .filter(|c| canonical_combining_class(*c) == 0)
            .flat_map(char::to_lowercase);
        for letter in letters {
            // What full case folding adds to lower case, of letters that NFKD leaves whole.
            match letter {
                'ß' => out.push_str("ss"),
                'ς' => out.push('σ'),
                _ => out.push(letter),
            }
        }
    }
    out
}

/// The name with each other name of an actor replaced, from left to right.
fn renamed(name: &str, actor: &Actor) -> String {
    let mut out = String::with_capacity(name.len());
    let mut at = 0;
    while let Some(next) = name[at..].chars().next() {
        let other = actor.also.iter().find(|other| {
            name[at..].starts_with(other.as_str())
                && is_edge(name, at)
                && is_edge(name, at + other.len())
        });
        if let Some(other) = other {
            out.push_str(&actor.name);
            at += other.len();
        } else {
            out.push(next);
            at += next.len_utf8();
        }
    }
    out
}

/// Whether a word begins or ends at a byte.
fn is_edge(text: &str, at: usize) -> bool {
    let before = text[..at].chars().next_back().is_some_and(in_word);
    let behind = text[at..].chars().next().is_some_and(in_word);
    before != behind
}

fn in_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_read_and_no_name_hides_a_longer_one_of_its_row() {
        let table: Table = toml::from_str(TABLE).expect("it is well-formed");
        for actor in &table.actor {
            for (index, name) in actor.also.iter().enumerate() {
                let hidden = actor.also[index + 1..]
                    .iter()
                    .find(|later| later.starts_with(name.as_str()) && is_edge(later, name.len()));
                assert_eq!(hidden, None, "{name:?} stands before it");
            }
        }
    }

    #[test]
    fn names_mean_one_actor_where_they_share_a_word_that_tells() {
        for (gold, system, same) in [
            ("Syrian army", "Syrian Arab Army", true),
            ("Syrian army", "regime forces", true),
            ("Turkish army", "Syrian army", false),
            ("US forces", "U.S. Marines", true),
            ("American troops", "U.S.", true),
            ("Islamic State", "Daech", true),
            ("SDF", "Syrian Democratic Forces", true),
            ("Kurdish forces", "YPG", true),
            ("People’s Protection Units", "Kurds", true),
            ("army", "the army", true),
            ("Türkei", "turkei", true),
            ("Russian army", "army", false),
            ("M23", "m23 rebels", true),
            ("RSF", "Sudanese army", false),
        ] {
            assert_eq!(same_actor(gold, Some(system)), same, "{gold} / {system}");
        }
        assert!(!same_actor("Syrian army", None));
    }
}
