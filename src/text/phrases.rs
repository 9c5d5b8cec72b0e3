use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use super::{Orthography, Text, Vocabulary, token};
use crate::domain::Span;

/// Phrases of one or more words, each with a value, found at a token by the numbers of its words: a tree, so that a
/// lookup takes as many steps as the longest phrase that fits has words.
#[derive(Debug, Clone)]
pub struct Phrases<T> {
    /// A bit for each word that begins a phrase: most words begin none, and a table of hashes is slower to say so.
    begins: Vec<u64>,
    /// By a first word the node behind it.
    firsts: FxHashMap<u32, u32>,
    /// From any other node by a word to the next node.
    steps: FxHashMap<(u32, u32), u32>,
    nodes: Vec<Node<T>>,
}

#[derive(Debug, Clone)]
struct Node<T> {
    /// The phrases that end here, in the order they came.
    ends: SmallVec<[End<T>; 1]>,
    /// Whether longer phrases go on from here: most words need no second look.
    leads_on: bool,
}

impl<T> Default for Node<T> {
    fn default() -> Self {
        Self {
            ends: SmallVec::new(),
            leads_on: false,
        }
    }
}

#[derive(Debug, Clone)]
struct End<T> {
    /// The last letters, in lower case and with their accents.
    ending: [char; ENDING],
    value: T,
}

/// How many letters at the end tell `annonce` from `annoncé`.
const ENDING: usize = 3;
/// The node that every phrase begins at.
const ROOT: u32 = 0;

impl<T> Default for Phrases<T> {
    fn default() -> Self {
        Self {
            begins: Vec::new(),
            firsts: FxHashMap::default(),
            steps: FxHashMap::default(),
            nodes: vec![Node::default()],
        }
    }
}

impl<T: Copy> Phrases<T> {
    /// Adds a phrase of a language, cut into words as its texts are ("l'Azawad" is two). A phrase without a
    /// word is left out; of two that fold alike the first counts.
    pub fn insert_spelt(
        &mut self,
        phrase: &str,
        value: T,
        spelling: &Orthography,
        vocabulary: &mut Vocabulary,
    ) {
        let mut node = ROOT;
        for word in words(phrase, spelling) {
            let word = vocabulary.add(word);
            let next = self.nodes.len() as u32;
            let known = if node == ROOT {
                let (at, bit) = place_of(word);
                self.begins.resize(self.begins.len().max(at + 1), 0);
                self.begins[at] |= bit;
                self.firsts.entry(word).or_insert(next)
            } else {
                self.nodes[node as usize].leads_on = true;
                self.steps.entry((node, word)).or_insert(next)
            };
            if *known == next {
                self.nodes.push(Node::default());
            }
            node = *known;
        }
        let (ending, ends) = (ending(phrase), &mut self.nodes[node as usize].ends);
        if node != ROOT && ends.iter().all(|known| known.ending != ending) {
            ends.push(End { ending, value });
        }
    }

    /// The node behind another by a word.
    fn step(&self, node: u32, word: u32) -> Option<u32> {
        if node == ROOT {
            self.firsts.get(&word).copied()
        } else if self.nodes[node as usize].leads_on {
            self.steps.get(&(node, word)).copied()
        } else {
            None
        }
    }

    /// Adds a phrase that no elision can begin.
    pub fn insert(&mut self, phrase: &str, value: T, vocabulary: &mut Vocabulary) {
        self.insert_spelt(phrase, value, &Orthography::default(), vocabulary);
    }

    /// The value of a phrase, by its folded words.
    pub fn get_spelt(
        &self,
        phrase: &str,
        spelling: &Orthography,
        vocabulary: &Vocabulary,
    ) -> Option<T> {
        let mut node = ROOT;
        for word in words(phrase, spelling) {
            node = self.step(node, vocabulary.number(&word)?)?;
        }
        let ending = ending(phrase);
        let mut ends = self.nodes[node as usize].ends.iter();
        ends.find(|known| known.ending == ending)
            .map(|known| known.value)
    }

    /// The longest phrase that starts at a token: its value and how many tokens it takes.
    pub fn longest_at(&self, text: &Text<'_>, token: usize, end: usize) -> Option<(T, usize)> {
        self.longest_of(text.words(token..end))
    }

    /// Whether a phrase begins with the first of some words.
    fn begin(&self, words: &[Option<u32>]) -> bool {
        let Some(Some(first)) = words.first() else {
            return false;
        };
        let (at, bit) = place_of(*first);
        self.begins.get(at).is_some_and(|bits| bits & bit != 0)
    }

    /// The longest phrase that words begin with, by their numbers: its value and how many words it takes.
    pub fn longest_of(&self, words: &[Option<u32>]) -> Option<(T, usize)> {
        if !self.begin(words) {
            return None;
        }
        let mut node = ROOT;
        let mut found = None;
        for (at, word) in words.iter().enumerate() {
            let Some(next) = word.and_then(|word| self.step(node, word)) else {
                break;
            };
            node = next;
            if let Some(end) = self.nodes[node as usize].ends.first() {
                found = Some((end.value, at + 1));
            }
        }
        found
    }

    /// As [`Phrases::longest_at`], for words of the language rather than names: where the writer uses
    /// accents, the phrase must end as it is spelt.
    pub fn spelt_at(&self, text: &Text<'_>, token: usize, end: usize) -> Option<(T, usize)> {
        let words = text.words(token..end);
        if !self.begin(words) {
            return None;
        }
        let passed = self.passed(words);
        passed.iter().enumerate().rev().find_map(|(at, node)| {
            let is_spelt = |phrase: &&End<T>| {
                !text.accents || ending(text.written(token + at)) == phrase.ending
            };
            let found = self.nodes[*node as usize].ends.iter().find(is_spelt);
            found.map(|phrase| (phrase.value, at + 1))
        })
    }

    /// Every phrase that starts at a token and ends before token `end`, the longest first.
    pub fn all_at<'a>(
        &'a self,
        text: &Text<'_>,
        token: usize,
        end: usize,
    ) -> impl Iterator<Item = (T, usize)> + use<'a, T> {
        self.all_of(text.words(token..end))
    }

    /// Every phrase that words begin with, by their numbers, the longest first.
    pub fn all_of<'a>(
        &'a self,
        words: &[Option<u32>],
    ) -> impl Iterator<Item = (T, usize)> + use<'a, T> {
        let passed = self.passed(words).into_iter().enumerate().rev();
        passed.flat_map(move |(at, node)| {
            let ends = self.nodes[node as usize].ends.iter();
            ends.map(move |found| (found.value, at + 1))
        })
    }

    /// The nodes that words lead to, one after the other.
    fn passed(&self, words: &[Option<u32>]) -> SmallVec<[u32; 4]> {
        let mut passed = SmallVec::<[u32; 4]>::new();
        if !self.begin(words) {
            return passed;
        }
        let mut node = ROOT;
        for word in words {
            let Some(next) = word.and_then(|word| self.step(node, word)) else {
                break;
            };
            node = next;
            passed.push(node);
        }
        passed
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.nodes.len() == 1
    }
}

/// Where the bit of a word stands.
const fn place_of(word: u32) -> (usize, u64) {
    (word as usize / 64, 1 << (word % 64))
}

/// The last letters of a phrase's last word, in lower case.
fn ending(phrase: &str) -> [char; ENDING] {
    let mut ending = ['\0'; ENDING];
    let letters = phrase
        .chars()
        .rev()
        .skip_while(|c| !c.is_alphanumeric())
        .take_while(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase);
    ending
        .iter_mut()
        .zip(letters)
        .for_each(|(place, letter)| *place = letter);
    ending
}

/// The folded words of a phrase, as a text that holds it is cut.
pub(super) fn words(phrase: &str, spelling: &Orthography) -> Vec<String> {
    let (mut tokens, mut folded) = (Vec::new(), String::new());
    token::tokenize(
        phrase,
        Span::new(0, phrase.len()),
        spelling,
        &mut tokens,
        &mut folded,
    );
    tokens
        .iter()
        .map(|token| folded[token.folded.0 as usize..token.folded.1 as usize].to_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Article, Block, BlockKind};

    #[test]
    fn phrases_with_elisions_and_dots_are_found_in_texts_that_have_them() {
        let mut spelling = Orthography {
            elisions: ["l", "d"].map(String::from).into_iter().collect(),
            ..Orthography::default()
        };
        let mut words = Vocabulary::default();
        let mut phrases = Phrases::default();
        for (value, phrase) in ["Quai d'Orsay", "U.S.", "AFC/M23", "l'Azawad"]
            .into_iter()
            .enumerate()
        {
            phrases.insert_spelt(phrase, value, &spelling, &mut words);
        }
        spelling.words = words;
        let raw = "le Quai d’Orsay, U.S. troops, AFC/M23, l'Azawad";
        let blocks = vec![Block {
            span: Span::new(0, raw.len()),
            kind: BlockKind::Body,
        }];
        let article = Article {
            id: String::new(),
            text: raw.into(),
            title: None,
            url: None,
            publisher: None,
            published: None,
            language: None,
            blocks,
        };
        let text = Text::read(&article, &spelling);
        let found: Vec<usize> = (0..text.tokens.len())
            .filter_map(|at| phrases.longest_at(&text, at, text.tokens.len()))
            .map(|(value, _)| value)
            .collect();
        assert_eq!(found, [0, 1, 2, 3]);
    }
}
