//! Which names are worth keeping, and the keys they are found by.

use crate::domain::PlaceKind;
use crate::text::fold;

/// Languages whose tagged names are kept for people to read, and whose CLDR files are read.
pub(super) const LANGUAGES: [&str; 22] = [
    "en", "fr", "ar", "ru", "uk", "es", "de", "tr", "fa", "ps", "ku", "he", "it", "pt", "pl", "nl",
    "hy", "az", "ka", "am", "my", "ur",
];

/// The number of the language of main names.
pub(super) const ENGLISH: u8 = 0;

/// Scripts with spaces between words that news of the wars is written in; names in others are left out.
const SCRIPTS: [(char, char); 15] = [
    ('\u{2b0}', '\u{36f}'),
    ('A', '\u{24f}'),
    ('\u{1e00}', '\u{1eff}'),
    ('\u{400}', '\u{52f}'),
    ('\u{531}', '\u{58f}'),
    ('\u{590}', '\u{5ff}'),
    ('\u{600}', '\u{6ff}'),
    ('\u{750}', '\u{77f}'),
    ('\u{8a0}', '\u{8ff}'),
    ('\u{fb50}', '\u{fdff}'),
    ('\u{fe70}', '\u{feff}'),
    ('\u{1000}', '\u{109f}'),
    ('\u{10a0}', '\u{10ff}'),
    ('\u{1200}', '\u{139f}'),
    ('\u{2d80}', '\u{2ddf}'),
];
/// Which of these holds modifier letters, which stand in names of any script.
const MODIFIERS: usize = 0;
/// The last of these that is Latin; the modifiers and the Latin ones are first.
const LAST_LATIN: usize = 2;
/// An alternate name of more words is a title or a list, not what people write.
const MOST_WORDS: usize = 4;

/// The longest code in capitals: `USA`, `ICAO` and airports' names of four letters are no names of places.
const LONGEST_CODE: usize = 4;

/// Whether an alternate name without a language is one that people write: not a romanisation made by a
/// machine (all small letters, ASCII), not a code (all capitals), not in a script that is not read.
pub(super) fn is_written(name: &str) -> bool {
    if !is_readable(name) {
        return false;
    }
    let ascii = name.is_ascii();
    let small = !name.contains(|c: char| c.is_ascii_uppercase());
    let code = name.len() <= LONGEST_CODE
        && name
            .chars()
            .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
    !(ascii && (small || code)) && name.split_whitespace().count() <= MOST_WORDS
}

/// Whether a name has letters, all of them of scripts that are read, Latin ones not among others.
pub(super) fn is_readable(name: &str) -> bool {
    let mut latin = None;
    for c in name.chars().filter(|c| c.is_alphabetic()) {
        let Some(script) = SCRIPTS
            .iter()
            .position(|(first, last)| (*first..=*last).contains(&c))
        else {
            return false;
        };
        // Latin mixed with another script is two names in one, or a slip.
        let is_latin = script <= LAST_LATIN;
        if script != MODIFIERS && *latin.get_or_insert(is_latin) != is_latin {
            return false;
        }
    }
    latin.is_some() && u8::try_from(name.len()).is_ok()
}

/// The folded keys that a name is found by; none for a name of one or two letters, which is too short to
/// be told from a word (scripts that leave vowels out have real names of two).
pub(super) fn keys(name: &str) -> impl Iterator<Item = String> {
    let plain = Some(fold(name)).filter(|key| is_long_enough(key));
    let parted = part_elisions(name)
        .map(|name| fold(&name))
        .filter(|key| is_long_enough(key) && plain.as_ref() != Some(key));
    plain.into_iter().chain(parted)
}

/// A country's name of two letters: "US", "UK". For others these are too short.
pub(super) fn short_key(kind: PlaceKind, name: &str) -> Option<String> {
    let key = fold(name);
    (kind == PlaceKind::Country && key.chars().count() == 2).then_some(key)
}

/// Whether a folded name is not too short.
pub(super) fn is_long_enough(key: &str) -> bool {
    let vowelless = key
        .chars()
        .any(|c| ('\u{590}'..='\u{8ff}').contains(&c) || c >= '\u{1000}');
    let longest = key.split(' ').map(|word| word.chars().count()).max();
    let all = key.chars().filter(|c| *c != ' ').count();
    all >= if vowelless { 2 } else { 3 } && longest.unwrap_or(0) >= 2
}

/// The name with a space for each apostrophe behind the first letter of a word ("N’Djamena", "L’Aquila"):
/// a tokenizer that knows elisions cuts there.
fn part_elisions(name: &str) -> Option<String> {
    let mut parted = String::new();
    let mut since_border = 0;
    let mut changed = false;
    for c in name.chars() {
        if matches!(c, '\'' | '’' | '‘' | 'ʼ' | '`') && since_border == 1 {
            parted.push(' ');
            changed = true;
            since_border = 0;
        } else {
            parted.push(c);
            since_border = if c.is_alphanumeric() {
                since_border + 1
            } else {
                0
            };
        }
    }
    changed.then_some(parted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn machine_romanisations_codes_and_foreign_scripts_are_no_written_names() {
        for junk in [
            "dmshq",
            "da ma shi ge",
            "USA",
            "DAM",
            "OSDI",
            "大马士革",
            "123",
            "𐌳𐌰𐌼",
            "دمشق Damas",
        ] {
            assert!(!is_written(junk), "{junk}");
        }
        for name in [
            "Damas",
            "al-Shām",
            "دمشق",
            "Дамаск",
            "Şam",
            "NEW YORK",
            "ርእስ",
        ] {
            assert!(is_written(name), "{name}");
        }
    }

    #[test]
    fn a_modifier_letter_mixes_with_every_script() {
        assert!(is_readable("Мʼянма") && is_readable("Raʼs al-ʿAyn"));
        assert!(!is_readable("ʼ"));
    }

    #[test]
    fn short_names_have_no_key_but_those_of_scripts_without_vowels() {
        assert_eq!(
            keys("Y").count() + keys("Us").count() + keys("É.-U.").count(),
            0
        );
        assert_eq!(keys("إب").collect::<Vec<_>>(), ["اب"]);
    }

    #[test]
    fn an_elided_first_letter_is_found_cut_and_whole() {
        assert_eq!(
            keys("N’Djamena").collect::<Vec<_>>(),
            ["ndjamena", "n djamena"]
        );
        assert_eq!(keys("Sana'a").collect::<Vec<_>>(), ["sanaa"]);
    }
}
