//! Bare names of divisions: "Gouvernorat d’Alep" without its first words; and words that name no town.

use std::collections::HashSet;

use super::names::LANGUAGES;
use super::report::BuildError;
use crate::text::fold;

const FILE: &str = "data/gazetteer/designators.tsv";
const TABLE: &str = include_str!("../../../data/gazetteer/designators.tsv");

/// The words of `data/gazetteer/designators.tsv`.
#[derive(Debug, Default)]
pub(super) struct Designators {
    /// By number of language.
    languages: Vec<Words>,
    never: HashSet<String>,
    alone: HashSet<String>,
}

#[derive(Debug, Default, Clone)]
struct Words {
    before: Vec<String>,
    links: Vec<String>,
    after: Vec<String>,
}

impl Designators {
    pub(super) fn read() -> Result<Self, BuildError> {
        let mut designators = Self {
            languages: vec![Words::default(); LANGUAGES.len()],
            never: HashSet::new(),
            alone: HashSet::new(),
        };
        for (index, line) in TABLE.lines().enumerate() {
            if line.starts_with('#') || line.starts_with("language\t") {
                continue;
            }
            let fields: Vec<_> = line.split('\t').collect();
            let known = fields.first().and_then(|code| language_number(code));
            let (Some(language), [_, place, words]) = (known, &fields[..]) else {
                let message = format!("line {}: not a language, place and words", index + 1);
                return Err(BuildError::source(FILE.as_ref(), message));
            };
            let language = &mut designators.languages[usize::from(language)];
            let words = normal(words);
            match *place {
                "before" => language.before.push(words + " "),
                "link" if words.ends_with('\'') => language.links.push(words),
                "link" => language.links.push(words + " "),
                "after" => language.after.push(format!(" {words}")),
                "never" => {
                    designators.never.insert(fold(&words));
                }
                "alone" => {
                    designators.alone.insert(fold(&words));
                }
                other => {
                    let message = format!("line {}: {other:?} is no place", index + 1);
                    return Err(BuildError::source(FILE.as_ref(), message));
                }
            }
        }
        for language in &mut designators.languages {
            // Longest first: "de la" before "de".
            for list in [
                &mut language.before,
                &mut language.links,
                &mut language.after,
            ] {
                list.sort_by_key(|words| std::cmp::Reverse(words.len()));
            }
        }
        Ok(designators)
    }

    /// Whether a name is a lone word of direction, by which no town is found.
    pub(super) fn is_direction(&self, name: &str) -> bool {
        self.alone.contains(&fold(name))
    }

    /// The name without the words that say what it is; None when there are none, or nothing would be left.
    pub(super) fn bare(&self, language: u8, name: &str) -> Option<String> {
        let words = self.languages.get(usize::from(language))?;
        let name = normal(name);
        let front = name.split_once(" (").map_or(&*name, |(front, _)| front);
        let bare = match words
            .before
            .iter()
            .find_map(|word| strip_start(front, word))
        {
            Some(rest) => {
                let linked = words.links.iter().find_map(|link| strip_start(rest, link));
                // Where there is a link there must be one: "Province Orientale" is no "Orientale".
                let unlinked = if words.links.is_empty() { rest } else { front };
                linked.unwrap_or(unlinked)
            }
            None => words
                .after
                .iter()
                .find_map(|word| strip_end(front, word))
                .unwrap_or(front),
        };
        let useless = bare.is_empty() || bare == name || self.never.contains(&fold(bare));
        (!useless).then(|| bare.to_owned())
    }
}

/// The number of a language by its code.
pub(super) fn language_number(code: &str) -> Option<u8> {
    let number = LANGUAGES.iter().position(|known| *known == code)?;
    u8::try_from(number).ok()
}

/// One kind of apostrophe, no space at the ends.
fn normal(name: &str) -> String {
    name.trim().replace('’', "'")
}

fn strip_start<'a>(name: &'a str, start: &str) -> Option<&'a str> {
    let (head, rest) = name.split_at_checked(start.len())?;
    (head.to_lowercase() == start.to_lowercase()).then_some(rest)
}

fn strip_end<'a>(name: &'a str, end: &str) -> Option<&'a str> {
    let (rest, tail) = name.split_at_checked(name.len().checked_sub(end.len())?)?;
    (tail.to_lowercase() == end.to_lowercase()).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_for_a_division_are_cut_off_its_name() {
        let designators = Designators::read().expect("the table is well-formed");
        for (language, name, bare) in [
            ("fr", "Gouvernorat d’Alep", Some("Alep")),
            ("fr", "gouvernorat de Deir ez-Zor", Some("Deir ez-Zor")),
            ("fr", "Province du Nord-Kivu", Some("Nord-Kivu")),
            ("fr", "Province Orientale", None),
            ("fr", "Oblast de l’Est", None),
            ("en", "Al-Hasakah Governorate", Some("Al-Hasakah")),
            ("en", "Eastern Province", None),
            ("en", "Donetsk", None),
            ("ar", "محافظة حلب", Some("حلب")),
            ("ru", "Мухафаза Хасеке", Some("Хасеке")),
            ("tr", "Şırnak ili", Some("Şırnak")),
        ] {
            let number = language_number(language).expect("a known language");
            assert_eq!(designators.bare(number, name).as_deref(), bare, "{name}");
        }
    }
}
