//! The rules of a pack read from its files.

use std::collections::{BTreeMap, HashSet};

use serde::Deserialize;

use super::{EventRule, EventRules};
use crate::domain::Action;
use crate::language::verbs::Verbs;
use crate::language::{LanguageError, PackFiles};
use crate::text::{Orthography, Vocabulary, WordSet, fold, folded_words};

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleFile {
    action: Option<Action>,
    #[serde(default)]
    rule: Vec<EventRule>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct ClauseFile {
    #[serde(default)]
    have: String,
    #[serde(default)]
    be: String,
    #[serde(default)]
    with_be: Vec<String>,
    #[serde(default)]
    saying: Vec<String>,
    #[serde(default)]
    saying_no: Vec<String>,
    #[serde(default)]
    clitics: Vec<String>,
    #[serde(default)]
    object_pronouns: Vec<String>,
    #[serde(default)]
    verbs: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    words: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    markers: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    other_verbs: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct PeaceFile {
    #[serde(default)]
    words: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct PartyFile {
    #[serde(default)]
    place_nouns: Vec<String>,
    #[serde(default)]
    force_nouns: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    force_fillers: Vec<String>,
    #[serde(default)]
    generic: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    blaming: Vec<String>,
    #[serde(default)]
    repelling: Vec<String>,
    #[serde(default)]
    allegiance: Vec<String>,
    #[serde(default)]
    possessive: Vec<String>,
    #[serde(default)]
    quantity_units: Vec<String>,
    #[serde(default)]
    adjectives_first: bool,
}

/// Reads the name of an enum's value where TOML has it as a key.
fn named<T: serde::de::DeserializeOwned>(
    files: &PackFiles,
    file: &str,
    key: &str,
) -> Result<T, LanguageError> {
    T::deserialize(serde::de::value::StrDeserializer::<serde::de::value::Error>::new(key))
        .map_err(|e| files.error(file, None, e.to_string()))
}

impl EventRules {
    pub(in crate::language) fn load(
        files: &PackFiles,
        spelling: &Orthography,
        vocabulary: &mut Vocabulary,
    ) -> Result<Self, LanguageError> {
        let mut rules = Self {
            verbs: Verbs::load(files)?,
            ..Self::default()
        };
        rules.read_clauses(files, spelling, vocabulary)?;
        rules.read_parties(files, spelling, vocabulary)?;
        let peace: PeaceFile = files.toml("peace.toml")?;
        rules.peaceful = set(&peace.words, vocabulary);
        let mut seen = HashSet::new();
        for (name, text) in files.below("rules/") {
            let file: RuleFile = files.parse_toml(name, text)?;
            let action = file
                .action
                .ok_or_else(|| files.error(name, Some(1), "the file must say its `action`"))?;
            for mut rule in file.rule {
                let written = format!("id = \"{}\"", rule.id);
                // Only a mistake wants the line.
                let wrong = |message: String| {
                    let mut lines = text.lines();
                    let line = lines.position(|line| line.contains(&written));
                    files.error(name, line.map(|n| n + 1), message)
                };
                rule.id = format!("{}.{action}.{}", files.code(), rule.id);
                rule.action = action;
                if !seen.insert(rule.id.clone()) {
                    return Err(wrong(format!("two rules have the id {}", rule.id)));
                }
                if rule.verbs.is_empty() && rule.nouns.is_empty() {
                    let message = format!("{} has neither `verbs` nor `nouns`", rule.id);
                    return Err(wrong(message));
                }
                rules.add(rule, spelling, vocabulary).map_err(wrong)?;
            }
        }
        Ok(rules)
    }

    fn add(
        &mut self,
        mut rule: EventRule,
        spelling: &Orthography,
        vocabulary: &mut Vocabulary,
    ) -> Result<(), String> {
        for (words, phrases) in [
            (&rule.led, &mut rule.around.led),
            (&rule.with, &mut rule.around.with),
            (&rule.without, &mut rule.around.without),
        ] {
            for word in words {
                phrases.insert_spelt(word, (), spelling, vocabulary);
            }
        }
        let index = self.rules.len();
        for lemma in &rule.verbs {
            let verb = self.verbs.add(lemma, vocabulary)?;
            self.by_verb.entry(verb).or_default().push(index);
        }
        for noun in rule.nouns.iter().flat_map(|noun| phrases(noun)) {
            if let Some(phrase) = self.by_phrase.get_spelt(&noun, spelling, vocabulary) {
                self.phrase_rules[phrase].push(index);
            } else {
                let phrase = self.phrase_rules.len();
                self.by_phrase
                    .insert_spelt(&noun, phrase, spelling, vocabulary);
                self.phrase_rules.push(vec![index]);
            }
        }
        self.rules.push(rule);
        Ok(())
    }

    fn read_clauses(
        &mut self,
        files: &PackFiles,
        spelling: &Orthography,
        vocabulary: &mut Vocabulary,
    ) -> Result<(), LanguageError> {
        let name = "clauses.toml";
        let file: ClauseFile = files.toml(name)?;
        self.clitics = set(&file.clitics, vocabulary);
        self.object_pronouns = set(&file.object_pronouns, vocabulary);
        let mut verb = |verbs: &mut Verbs, lemma: &str| {
            verbs
                .add(lemma, vocabulary)
                .map_err(|message| files.error(name, None, message))
        };
        if !file.have.is_empty() {
            self.have = Some(verb(&mut self.verbs, &file.have)?);
        }
        if !file.be.is_empty() {
            self.be = Some(verb(&mut self.verbs, &file.be)?);
        }
        for lemma in &file.with_be {
            self.with_be.insert(verb(&mut self.verbs, lemma)?);
        }
        for lemma in &file.saying {
            self.saying.insert(verb(&mut self.verbs, lemma)?);
        }
        for lemma in &file.saying_no {
            self.saying_no.insert(verb(&mut self.verbs, lemma)?);
        }
        for lemma in &file.other_verbs {
            verb(&mut self.verbs, lemma)?;
        }
        for (key, lemmas) in &file.verbs {
            let effect = named(files, name, key)?;
            for lemma in lemmas {
                self.verb_effects
                    .insert(verb(&mut self.verbs, lemma)?, effect);
            }
        }
        for (key, words) in &file.words {
            let effect = named(files, name, key)?;
            for word in words {
                self.word_effects
                    .insert_spelt(word, effect, spelling, vocabulary);
            }
        }
        for (key, words) in &file.markers {
            let marker = named(files, name, key)?;
            for word in words {
                if word.contains([' ', '-', '\'']) {
                    self.markers
                        .insert_spelt(word, marker, spelling, vocabulary);
                } else {
                    let folded = vocabulary.add(folded_words(word, spelling));
                    let spelt = self.spelt_markers.entry(folded).or_default();
                    spelt.retain(|(known, _)| known != word);
                    spelt.push((word.clone(), marker));
                }
            }
        }
        Ok(())
    }

    fn read_parties(
        &mut self,
        files: &PackFiles,
        spelling: &Orthography,
        vocabulary: &mut Vocabulary,
    ) -> Result<(), LanguageError> {
        let name = "parties.toml";
        let file: PartyFile = files.toml(name)?;
        for noun in &file.place_nouns {
            self.place_nouns
                .insert_spelt(noun, (), spelling, vocabulary);
        }
        for phrase in &file.allegiance {
            self.allegiance
                .insert_spelt(phrase, (), spelling, vocabulary);
        }
        for (lemmas, kept) in [
            (&file.blaming, &mut self.blaming),
            (&file.repelling, &mut self.repelling),
        ] {
            for lemma in lemmas {
                let verb = self.verbs.add(lemma, vocabulary);
                kept.insert(verb.map_err(|message| files.error(name, None, message))?);
            }
        }
        for (key, nouns) in &file.force_nouns {
            let kind = named(files, name, key)?;
            for noun in nouns {
                self.force_nouns
                    .insert_spelt(noun, kind, spelling, vocabulary);
                for ending in &file.possessive {
                    let owner = format!("{noun}{ending}");
                    self.force_nouns
                        .insert_spelt(&owner, kind, spelling, vocabulary);
                }
            }
        }
        for (key, nouns) in &file.generic {
            let kind = named(files, name, key)?;
            for noun in nouns {
                self.generic_actors
                    .insert_spelt(noun, kind, spelling, vocabulary);
                for ending in &file.possessive {
                    let owner = format!("{noun}{ending}");
                    self.generic_actors
                        .insert_spelt(&owner, kind, spelling, vocabulary);
                }
            }
        }
        for (_, [actor, forms]) in files.rows("peoples.tsv")? {
            for form in forms.split('|') {
                self.peoples
                    .insert_spelt(form, self.people_actors.len(), spelling, vocabulary);
            }
            self.people_actors.push(actor.to_owned());
        }
        self.adjectives_first = file.adjectives_first;
        self.force_fillers = set(&file.force_fillers, vocabulary);
        self.quantity_units = set(&file.quantity_units, vocabulary);
        Ok(())
    }
}

fn set(words: &[String], vocabulary: &mut Vocabulary) -> WordSet {
    WordSet::new(words.iter().map(|word| fold(word)), vocabulary)
}

/// The phrases that a pattern stands for: "was|were at the gates" is two.
fn phrases(pattern: &str) -> Vec<String> {
    let mut whole = vec![String::new()];
    for words in pattern.split(' ') {
        let longer = whole.iter().flat_map(|begun| {
            words.split('|').map(move |word| match begun.as_str() {
                "" => word.to_owned(),
                begun => format!("{begun} {word}"),
            })
        });
        whole = longer.collect();
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::phrases;

    #[test]
    fn a_pattern_stands_for_each_of_its_words() {
        assert_eq!(phrases("fall of"), ["fall of"]);
        assert_eq!(
            phrases("is|was at gates|doors"),
            ["is at gates", "is at doors", "was at gates", "was at doors"]
        );
    }
}
