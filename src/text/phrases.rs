use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use super::{Orthography, Text, token};
use crate::domain::Span;

/// Phrases of one or more words, each with a value, found at a token by their folded words: a tree of words, so
/// that a lookup takes as many steps as the longest phrase that fits has words.
#[derive(Debug, Clone)]
pub struct Phrases<T> {
    /// Numbers of all words.
    words: FxHashMap<String, u32>,
    /// By a first word's number the node behind it, [`ROOT`] where no phrase begins with it.
    firsts: Vec<u32>,
    /// From any other node by a word's number to the next node.
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
            words: FxHashMap::default(),
            firsts: Vec::new(),
            steps: FxHashMap::default(),
            nodes: vec![Node::default()],
        }
    }
}

impl<T: Copy> Phrases<T> {
    /// Adds a phrase of a language, cut into words as its texts are ("l'Azawad" is two). A phrase without a
    /// word is left out; of two that fold alike the first counts.
    pub fn insert_spelt(&mut self, phrase: &str, value: T, spelling: &Orthography) {
        let mut node = ROOT;
        for word in words(phrase, spelling) {
            let word = self.add_word(word);
            let next = self.nodes.len() as u32;
            let known = if node == ROOT {
                self.firsts
                    .resize(self.firsts.len().max(word as usize + 1), ROOT);
                &mut self.firsts[word as usize]
            } else {
                self.nodes[node as usize].leads_on = true;
                self.steps.entry((node, word)).or_insert(ROOT)
            };
            if *known == ROOT {
                *known = next;
                self.nodes.push(Node::default());
            }
            node = *known;
        }
        let (ending, ends) = (ending(phrase), &mut self.nodes[node as usize].ends);
        if node != ROOT && ends.iter().all(|known| known.ending != ending) {
            ends.push(End { ending, value });
        }
    }

    /// The node behind another by a word's number.
    fn step(&self, node: u32, word: u32) -> Option<u32> {
        let next = if node == ROOT {
            self.firsts.get(word as usize)
        } else if self.nodes[node as usize].leads_on {
            self.steps.get(&(node, word))
        } else {
            None
        };
        next.copied().filter(|next| *next != ROOT)
    }

    /// The number of a folded word, new where it is not known yet.
    pub fn add_word(&mut self, folded: String) -> u32 {
        let number = self.words.len() as u32;
        *self.words.entry(folded).or_insert(number)
    }

    /// The number of a folded word, where it stands in a phrase or was added.
    pub fn number(&self, folded: &str) -> Option<u32> {
        self.words.get(folded).copied()
    }

    /// Adds a phrase that no elision can begin.
    pub fn insert(&mut self, phrase: &str, value: T) {
        self.insert_spelt(phrase, value, &Orthography::default());
    }

    /// The value of a phrase, by its folded words.
    pub fn get_spelt(&self, phrase: &str, spelling: &Orthography) -> Option<T> {
        let mut node = ROOT;
        for word in words(phrase, spelling) {
            node = self.step(node, self.number(&word)?)?;
        }
        let ending = ending(phrase);
        let mut ends = self.nodes[node as usize].ends.iter();
        ends.find(|known| known.ending == ending)
            .map(|known| known.value)
    }

    /// The longest phrase that starts at a token: its value and how many tokens it takes.
    pub fn longest_at(&self, text: &Text<'_>, token: usize, end: usize) -> Option<(T, usize)> {
        self.all_at(text, token, end).next()
    }

    /// The longest phrase that words begin with, by their numbers: its value and how many words it takes.
    pub fn longest_of(&self, words: &[Option<u32>]) -> Option<(T, usize)> {
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
        self.found(text, token, end)
            .find(|(phrase, length)| {
                !text.accents || ending(text.written(token + length - 1)) == phrase.ending
            })
            .map(|(phrase, length)| (phrase.value, length))
    }

    /// Every phrase that starts at a token and ends before token `end`, the longest first.
    pub fn all_at<'a>(
        &'a self,
        text: &'a Text<'_>,
        token: usize,
        end: usize,
    ) -> impl Iterator<Item = (T, usize)> + 'a {
        self.found(text, token, end)
            .map(|(phrase, length)| (phrase.value, length))
    }

    /// Every phrase that starts at a token, the longest first, with its length in tokens.
    fn found<'a>(
        &'a self,
        text: &'a Text<'_>,
        token: usize,
        end: usize,
    ) -> impl Iterator<Item = (&'a End<T>, usize)> + 'a {
        let mut passed = SmallVec::<[(u32, usize); 4]>::new();
        let mut node = ROOT;
        for at in token..end.min(text.tokens.len()) {
            if !(node == ROOT || self.nodes[node as usize].leads_on) {
                break;
            }
            let word = self.number(text.fold(at));
            let Some(next) = word.and_then(|word| self.step(node, word)) else {
                break;
            };
            node = next;
            passed.push((node, at + 1 - token));
        }
        passed.into_iter().rev().flat_map(move |(node, length)| {
            let ends = self.nodes[node as usize].ends.iter();
            ends.map(move |found| (found, length))
        })
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.nodes.len() == 1
    }
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
        let spelling = Orthography {
            elisions: ["l", "d"].map(String::from).into_iter().collect(),
            ..Orthography::default()
        };
        let mut phrases = Phrases::default();
        for (value, phrase) in ["Quai d'Orsay", "U.S.", "AFC/M23", "l'Azawad"]
            .into_iter()
            .enumerate()
        {
            phrases.insert_spelt(phrase, value, &spelling);
        }
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
