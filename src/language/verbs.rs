use std::collections::HashMap;

use rustc_hash::FxHashMap;
use serde::Deserialize;

use super::{LanguageError, PackFiles};
use crate::text::{Text, Vocabulary, fold};

/// Tense or mood of a verb form, as far as the status of an event hangs on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tense {
    /// `quitter`
    Infinitive,
    /// `quitte`, `quittent`
    Present,
    /// `quittait`: going on in the past.
    Imperfect,
    /// `quitta`: done.
    Past,
    /// `quittera`
    Future,
    /// `quitterait`: hearsay, or the future seen from the past.
    Conditional,
    /// `quitté`: with an auxiliary done, alone passive.
    Participle,
    /// `quittant`
    Gerund,
}

/// A form of a verb, as a text has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerbForm {
    /// The verb's number in [`Verbs`].
    pub verb: usize,
    /// Its tense or mood.
    pub tense: Tense,
    /// Its last letters with their accents, lower case: `évacué` and `évacue` fold alike.
    ending: [Option<char>; ENDING],
}

/// How many letters at the end tell two forms apart.
const ENDING: usize = 3;

/// The verbs of a language in all their forms, made from infinitives and conjugation classes.
#[derive(Debug, Default)]
pub struct Verbs {
    lemmas: Vec<String>,
    by_lemma: HashMap<String, usize>,
    /// By the number of the folded form.
    forms: FxHashMap<u32, Vec<VerbForm>>,
    classes: Vec<Class>,
}

/// Endings by tense, for the verbs whose infinitive ends as the class says: `conjugations.toml`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Class {
    /// What the infinitive ends in; the longest class that fits counts.
    infinitive: String,
    #[serde(default)]
    present: Vec<String>,
    #[serde(default)]
    imperfect: Vec<String>,
    #[serde(default)]
    past: Vec<String>,
    #[serde(default)]
    future: Vec<String>,
    #[serde(default)]
    conditional: Vec<String>,
    #[serde(default)]
    participle: Vec<String>,
    #[serde(default)]
    gerund: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    class: Vec<Class>,
}

impl Verbs {
    pub(super) fn load(files: &PackFiles) -> Result<Self, LanguageError> {
        let file: File = files.toml("conjugations.toml")?;
        Ok(Self {
            classes: file.class,
            ..Self::default()
        })
    }

    /// Adds a verb by its infinitive, once; says which number it has.
    pub(super) fn add(
        &mut self,
        lemma: &str,
        vocabulary: &mut Vocabulary,
    ) -> Result<usize, String> {
        if let Some(&known) = self.by_lemma.get(lemma) {
            return Ok(known);
        }
        let class = self
            .classes
            .iter()
            .filter(|class| lemma.ends_with(&class.infinitive))
            .max_by_key(|class| class.infinitive.len());
        let Some(class) = class.cloned() else {
            return Err(format!(
                "no class in conjugations.toml has an infinitive that {lemma:?} ends in"
            ));
        };
        let verb = self.lemmas.len();
        self.lemmas.push(lemma.to_owned());
        self.by_lemma.insert(lemma.to_owned(), verb);
        let stem = &lemma[..lemma.len() - class.infinitive.len()];
        self.form(lemma, verb, Tense::Infinitive, vocabulary);
        for (tense, endings) in [
            (Tense::Participle, &class.participle),
            (Tense::Present, &class.present),
            (Tense::Imperfect, &class.imperfect),
            (Tense::Past, &class.past),
            (Tense::Future, &class.future),
            (Tense::Conditional, &class.conditional),
            (Tense::Gerund, &class.gerund),
        ] {
            for ending in endings {
                self.form(&format!("{stem}{ending}"), verb, tense, vocabulary);
            }
        }
        Ok(verb)
    }

    fn form(&mut self, spelling: &str, verb: usize, tense: Tense, vocabulary: &mut Vocabulary) {
        let word = vocabulary.add(fold(spelling));
        self.forms.entry(word).or_default().push(VerbForm {
            verb,
            tense,
            ending: ending(spelling),
        });
    }

    /// The forms that a token may be. Where the writer uses accents, a form must end as it is spelt:
    /// `évacué` is done, `évacue` is going on.
    pub fn forms(
        &self,
        text: &Text<'_>,
        token: usize,
        accents: bool,
    ) -> impl Iterator<Item = &VerbForm> {
        let all = text.word(token).and_then(|word| self.forms.get(&word));
        let all = all.map_or(&[][..], Vec::as_slice);
        let written =
            (accents && !all.is_empty()).then(|| ending(&text.written(token).to_lowercase()));
        all.iter()
            .filter(move |form| written.is_none_or(|written| form.ending == written))
    }

    /// A verb's infinitive.
    pub fn lemma(&self, verb: usize) -> &str {
        &self.lemmas[verb]
    }

    /// How many verbs there are.
    pub fn len(&self) -> usize {
        self.lemmas.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.lemmas.is_empty()
    }
}

/// The last letters of a spelling, from the last on.
fn ending(spelling: &str) -> [Option<char>; ENDING] {
    let mut letters = spelling.chars().rev();
    std::array::from_fn(|_| letters.next())
}
