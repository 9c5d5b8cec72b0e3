//! How one name is written in many ways: keys that stay the same when the spelling does not, and the forms
//! that a language's grammar gives a name. All of it is data: `data/gazetteer` for what belongs to scripts,
//! `data/languages/<code>/names.toml` for what belongs to a language.

mod forms;
mod light;
mod table;
mod transliterate;

use std::collections::HashSet;
use std::sync::OnceLock;

use smallvec::SmallVec;

pub(super) use forms::{Change, Form, Grammar};
pub(super) use light::{LightKey, skeleton};
pub(super) use table::SpellingError;
pub(super) use transliterate::Transliteration;

/// Most light keys of one name: each letter of another script that can be read in two ways doubles them.
const MOST_READINGS: usize = 8;

const ROMANISED_FILE: &str = "data/gazetteer/romanised.tsv";
const ROMANISED: &str = include_str!("../../../data/gazetteer/romanised.tsv");

/// The rules of all scripts and languages.
#[derive(Debug)]
pub(super) struct Spelling {
    light: LightKey,
    transliteration: Transliteration,
    grammar: Grammar,
    /// Codes of the countries whose names are romanised.
    romanised: HashSet<&'static str>,
}

impl Spelling {
    /// The rules that come with the program, read once.
    pub(super) fn bundled() -> Result<&'static Self, SpellingError> {
        static READ: OnceLock<Result<Spelling, SpellingError>> = OnceLock::new();
        let read = || {
            Ok(Self {
                light: LightKey::read()?,
                transliteration: Transliteration::read()?,
                grammar: Grammar::read()?,
                romanised: table::rows::<1>(ROMANISED_FILE, ROMANISED)?
                    .into_iter()
                    .map(|(_, [code])| code)
                    .collect(),
            })
        };
        READ.get_or_init(read).as_ref().map_err(Clone::clone)
    }

    /// The light keys of a folded name: one, or some for a name in a script whose letters have several
    /// readings. None where nothing is left that could be compared.
    pub(super) fn light_keys(&self, folded: &str) -> SmallVec<[String; 2]> {
        let mut keys = SmallVec::new();
        for reading in self.transliteration.readings(folded, MOST_READINGS) {
            for reading in [self.light.detached(&reading), Some(reading)]
                .into_iter()
                .flatten()
                .rev()
            {
                let key = self.light.of(&reading);
                if key.len() >= light::SHORTEST && !keys.contains(&key) {
                    keys.push(key);
                }
            }
        }
        keys
    }

    /// The light key of a folded name in Latin letters; `None` for other scripts, and for what is too short.
    pub(super) fn latin_key(&self, folded: &str) -> Option<String> {
        let latin =
            folded.chars().any(|c| c.is_ascii_lowercase()) && folded.chars().all(|c| c < '\u{250}');
        let key = latin.then(|| self.light.of(folded))?;
        (key.len() >= light::SHORTEST).then_some(key)
    }

    /// Whether the names of a country reach the press through romanisation, and so in many spellings.
    pub(super) fn is_romanised(&self, country: &str) -> bool {
        self.romanised.contains(country)
    }

    /// Whether a folded name is written in a script that leaves short vowels out.
    pub(super) fn leaves_vowels_out(folded: &str) -> bool {
        folded.chars().any(|c| ('\u{590}'..='\u{8ff}').contains(&c))
    }

    /// The folded forms that a name, as written and folded, may be a form of: without what a language adds to it.
    pub(super) fn forms(&self, written: &str, folded: &str) -> Vec<Form> {
        self.grammar.forms(written, folded)
    }
}
