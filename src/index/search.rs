use super::value::Words;
use super::{Property, Row};
use crate::text::fold;

/// What is looked for in the text of rows: any of some phrases.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Search(Vec<Vec<String>>);

impl Search {
    /// Phrases separated by commas; the words of a phrase must follow each other. Case, accents and punctuation do
    /// not matter. What has no word in it is found nowhere.
    pub fn parse(text: &str) -> Self {
        let phrases = text.split(',').map(|phrase| -> Vec<String> {
            fold(phrase)
                .split(' ')
                .filter(|word| !word.is_empty())
                .map(str::to_owned)
                .collect()
        });
        Self(phrases.filter(|phrase| !phrase.is_empty()).collect())
    }

    /// Made ready for a layer with these words: a phrase with a word that no row has cannot be found.
    pub(super) fn numbers(&self, lexicon: &Words) -> Vec<Vec<u32>> {
        let numbered =
            |phrase: &Vec<String>| phrase.iter().map(|word| lexicon.find(word)).collect();
        self.0.iter().filter_map(numbered).collect()
    }
}

/// Whether the row's text has one of the phrases.
pub(super) fn has_any(row: &Row, phrases: &[Vec<u32>]) -> bool {
    let has = |phrase: &Vec<u32>| row.text.windows(phrase.len()).any(|words| words == phrase);
    phrases.iter().any(has)
}

/// The words of a row's searched properties by their numbers. A 0 stands between two properties, so that no phrase
/// reaches from one into the next.
pub(super) fn words_of(
    properties: &[Property],
    values: &serde_json::Map<String, serde_json::Value>,
    lexicon: &mut Words,
) -> Box<[u32]> {
    let mut words = Vec::new();
    for property in properties.iter().filter(|property| property.searched) {
        let Some(text) = values.get(property.name).and_then(|value| value.as_str()) else {
            continue;
        };
        if !words.is_empty() {
            words.push(0);
        }
        let folded = fold(text);
        words.extend(
            folded
                .split(' ')
                .filter(|word| !word.is_empty())
                .map(|word| lexicon.number_of_text(word)),
        );
    }
    words.into()
}
