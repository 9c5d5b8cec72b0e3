use super::words::{Words, words_of};

/// What is looked for in the text of rows: any of some phrases.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Search(Vec<Vec<String>>);

impl Search {
    /// Phrases separated by commas; the words of a phrase must follow each other. Case, accents and punctuation do
    /// not matter. What has no word in it is found nowhere.
    pub fn parse(text: &str) -> Self {
        let phrases = text.split(',').map(words_of);
        Self(phrases.filter(|phrase| !phrase.is_empty()).collect())
    }

    pub(super) fn phrases(&self) -> &[Vec<String>] {
        &self.0
    }

    /// The rows that have all words of a phrase, in order. Only of single words is this all that is asked.
    pub(super) fn rows(&self, words: &Words) -> Vec<u32> {
        let of_phrase = |phrase: &Vec<String>| {
            let lists = phrase.iter().map(|word| words.rows(word));
            lists
                .reduce(|mut all, list| {
                    all.retain(|row| list.binary_search(row).is_ok());
                    all
                })
                .unwrap_or_default()
        };
        let mut rows: Vec<u32> = self.0.iter().flat_map(of_phrase).collect();
        rows.sort_unstable();
        rows.dedup();
        rows
    }

    /// Whether each phrase is one word.
    pub(super) fn is_of_single_words(&self) -> bool {
        self.0.iter().all(|phrase| phrase.len() == 1)
    }
}
