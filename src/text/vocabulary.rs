use rustc_hash::{FxHashMap, FxHashSet};

use super::Text;

/// The words of a language's lists, each with a number: a text's words are looked up once, and each list is then
/// asked by number.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Vocabulary {
    numbers: FxHashMap<String, u32>,
}

impl Vocabulary {
    /// The number of a folded word, new where it is not known yet.
    pub fn add(&mut self, folded: String) -> u32 {
        let number = self.numbers.len() as u32;
        *self.numbers.entry(folded).or_insert(number)
    }

    /// The number of a folded word, where a list has it.
    pub fn number(&self, folded: &str) -> Option<u32> {
        self.numbers.get(folded).copied()
    }

    /// The numbers of a text's words.
    pub fn numbers(&self, text: &Text<'_>) -> Vec<Option<u32>> {
        let tokens = 0..text.tokens.len();
        tokens.map(|token| self.number(text.fold(token))).collect()
    }
}

/// A list of single words.
#[derive(Debug, Clone, Default)]
pub struct WordSet(FxHashSet<u32>);

impl WordSet {
    /// A list of folded words.
    pub fn new(folded: impl IntoIterator<Item = String>, words: &mut Vocabulary) -> Self {
        Self(folded.into_iter().map(|word| words.add(word)).collect())
    }

    /// Whether a token is one of them.
    pub fn has(&self, text: &Text<'_>, token: usize) -> bool {
        text.word(token).is_some_and(|word| self.0.contains(&word))
    }
}
