use std::collections::{BTreeSet, HashMap};

use rust_embed::RustEmbed;
use serde::Deserialize;

use super::table::SpellingError;
use crate::text::fold;

#[derive(RustEmbed)]
#[folder = "data/languages"]
#[include = "*/names.toml"]
struct Files;

/// Letters that must be left of a name whose ending or first letters were taken off.
const SHORTEST: usize = 3;

/// What languages add to the names of places.
#[derive(Debug, Default)]
pub(in crate::gazetteer) struct Grammar {
    /// Folded: what a case ends in, and the nominative; by the last letter of the case, none where it adds none.
    endings: HashMap<Option<char>, Vec<(String, String)>>,
    /// Folded: what stands before a name in one word with it, and what of it belongs to the name.
    proclitics: Vec<(String, String)>,
    /// Folded words that lose their vowel before a name.
    elisions: BTreeSet<String>,
    /// Whether a language sets endings off by an apostrophe.
    cut_at_apostrophe: bool,
}

/// A form that a name as written may stand for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::gazetteer) struct Form {
    /// Folded.
    pub(in crate::gazetteer) name: String,
    /// What was taken off.
    pub(in crate::gazetteer) change: Change,
}

/// What a language adds to a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::gazetteer) enum Change {
    /// An elided word: d'Alep.
    Elision,
    /// What stands behind an apostrophe: Afrin'de.
    Apostrophe,
    /// A case: Бахмута.
    Ending,
    /// Small words in front: وبحلب.
    Proclitic,
}

/// A language's `names.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rules {
    #[serde(default)]
    endings: Vec<(String, String)>,
    #[serde(default)]
    proclitics: Vec<(String, String)>,
    #[serde(default)]
    elisions: Vec<String>,
    #[serde(default)]
    cut_at_apostrophe: bool,
}

impl Grammar {
    /// Reads the `names.toml` of every language that has one.
    pub(super) fn read() -> Result<Self, SpellingError> {
        let mut grammar = Self::default();
        let mut endings = BTreeSet::new();
        for path in Files::iter() {
            let Some(file) = Files::get(&path) else {
                continue;
            };
            let text = String::from_utf8_lossy(&file.data);
            let rules: Rules = toml::from_str(&text).map_err(|error| SpellingError {
                file: format!("data/languages/{path}"),
                line: error
                    .span()
                    .map_or(0, |span| 1 + text[..span.start].matches('\n').count()),
                message: error.message().to_owned(),
            })?;
            let folded = |(from, to): (String, String)| (fold(&from), fold(&to));
            endings.extend(rules.endings.into_iter().map(folded));
            grammar
                .proclitics
                .extend(rules.proclitics.into_iter().map(folded));
            grammar
                .elisions
                .extend(rules.elisions.iter().map(|word| fold(word)));
            grammar.cut_at_apostrophe |= rules.cut_at_apostrophe;
        }
        // Folding makes some endings of two languages, or of one, the same.
        for (from, to) in endings.into_iter().filter(|(from, to)| from != to) {
            let last = from.chars().next_back();
            grammar.endings.entry(last).or_default().push((from, to));
        }
        Ok(grammar)
    }

    /// The forms that a name as written may stand for, besides itself: shorter changes first.
    pub(super) fn forms(&self, written: &str, folded: &str) -> Vec<Form> {
        let mut forms = Vec::new();
        let mut add = |name: String, change: Change| {
            let known = forms.iter().any(|form: &Form| form.name == name);
            if !known && name.chars().count() >= SHORTEST {
                forms.push(Form { name, change });
            }
        };
        if let Some((head, tail)) = written.split_once(['\'', '’', 'ʼ']) {
            if self.elisions.contains(&fold(head)) {
                add(fold(tail), Change::Elision);
            }
            if self.cut_at_apostrophe {
                add(fold(head), Change::Apostrophe);
            }
        }
        for (from, to) in &self.proclitics {
            if let Some(rest) = folded.strip_prefix(from.as_str()) {
                add(format!("{to}{rest}"), Change::Proclitic);
            }
        }
        for name in self.nominatives(folded) {
            add(name, Change::Ending);
        }
        forms
    }

    /// The nominatives that a folded name may be a case of: of its last word, or of all its words by rules
    /// that leave the same last letter ("Старого Оскола").
    fn nominatives(&self, folded: &str) -> Vec<String> {
        let mut names = Vec::new();
        let (front, last) = folded.rsplit_once(' ').unwrap_or(("", folded));
        for ending in self.stems(last) {
            if front.is_empty() {
                names.push(ending);
                continue;
            }
            for word in std::iter::once(front.to_owned()).chain(self.stems(front)) {
                names.push(format!("{word} {ending}"));
            }
        }
        if !front.is_empty() {
            // The last word may be the same in all cases.
            names.extend(self.stems(front).map(|word| format!("{word} {last}")));
        }
        names
    }

    fn stems<'a>(&'a self, word: &'a str) -> impl Iterator<Item = String> + 'a {
        let last = word.chars().next_back();
        [last, None]
            .into_iter()
            .flat_map(|last| self.endings.get(&last).into_iter().flatten())
            .filter(|(from, to)| same_script(word, from, to))
            .filter_map(|(from, to)| {
                let stem = word.strip_suffix(from.as_str())?;
                (stem.chars().count() >= 2).then(|| format!("{stem}{to}"))
            })
    }
}

/// An ending that adds letters only, or takes none off, must not put Cyrillic behind Latin.
fn same_script(word: &str, from: &str, to: &str) -> bool {
    let script = |text: &str| text.chars().next_back().map(|c| c as u32 / 0x100);
    let ending = script(from).or_else(|| script(to));
    ending == script(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forms(written: &str) -> Vec<String> {
        let grammar = Grammar::read().expect("the rules are well-formed");
        grammar
            .forms(written, &fold(written))
            .into_iter()
            .map(|form| form.name)
            .collect()
    }

    #[test]
    fn the_nominative_is_among_the_forms_of_a_case() {
        for (written, nominative) in [
            ("Бахмута", "Бахмут"),
            ("Бахмутом", "Бахмут"),
            ("Авдеевке", "Авдеевка"),
            ("Мариуполя", "Мариуполь"),
            ("Сирии", "Сирия"),
            ("Черкасс", "Черкассы"),
            ("Старого Оскола", "Старый Оскол"),
            ("Нового Донбасса", "Новый Донбасс"),
            ("Харкова", "Харків"),
            ("Миколаєві", "Миколаїв"),
            ("Авдіївці", "Авдіївка"),
            ("Робітничого", "Робітничий"),
            ("Afrin'de", "Afrin"),
            ("Halep’ten", "Halep"),
            ("d’Alep", "Alep"),
            ("jusqu'Alep", "Alep"),
            ("وحلب", "حلب"),
            ("للرقة", "الرقة"),
            ("בג'נין", "ג'נין"),
            ("Aleppos", "Aleppo"),
        ] {
            assert!(
                forms(written).contains(&fold(nominative)),
                "{written}: {:?}",
                forms(written)
            );
        }
    }

    #[test]
    fn forms_stay_in_their_script_and_leave_enough_of_the_name() {
        assert!(forms("Homs").iter().all(|form| form.is_ascii()));
        assert!(
            forms("Ом")
                .iter()
                .all(|form| form.chars().count() >= SHORTEST)
        );
        assert!(!forms("Sana'a").contains(&"a".to_owned()));
    }
}
