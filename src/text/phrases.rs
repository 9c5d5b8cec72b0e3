use std::collections::HashMap;

use super::{Orthography, Text, token};
use crate::domain::Span;

/// Phrases of one or more words, each with a value, found at a token by their folded words.
#[derive(Debug, Clone)]
pub struct Phrases<T> {
    /// By first word; the longest phrase first.
    by_first: HashMap<String, Vec<Phrase<T>>>,
}

#[derive(Debug, Clone)]
struct Phrase<T> {
    /// The folded words behind the first.
    rest: Vec<String>,
    /// The last letters, in lower case and with their accents.
    ending: [char; ENDING],
    value: T,
}

/// How many letters at the end tell `annonce` from `annoncé`.
const ENDING: usize = 3;

impl<T> Default for Phrases<T> {
    fn default() -> Self {
        Self {
            by_first: HashMap::new(),
        }
    }
}

impl<T: Copy> Phrases<T> {
    /// Adds a phrase of a language, cut into words as its texts are ("l'Azawad" is two). A phrase without a
    /// word is left out; of two that fold alike the first counts.
    pub fn insert_spelt(&mut self, phrase: &str, value: T, spelling: &Orthography) {
        let mut words = words(phrase, spelling).into_iter();
        let Some(first) = words.next() else { return };
        let rest: Vec<String> = words.collect();
        let list = self.by_first.entry(first).or_default();
        let ending = ending(phrase);
        if list
            .iter()
            .all(|known| known.rest != rest || known.ending != ending)
        {
            let place = list.partition_point(|known| known.rest.len() >= rest.len());
            list.insert(
                place,
                Phrase {
                    rest,
                    ending,
                    value,
                },
            );
        }
    }

    /// Adds a phrase that no elision can begin.
    pub fn insert(&mut self, phrase: &str, value: T) {
        self.insert_spelt(phrase, value, &Orthography::default());
    }

    /// The value of a phrase, by its folded words.
    pub fn get_spelt(&self, phrase: &str, spelling: &Orthography) -> Option<T> {
        let words = words(phrase, spelling);
        let (first, rest) = words.split_first()?;
        let ending = ending(phrase);
        let list = self.by_first.get(first)?;
        list.iter()
            .find(|known| known.rest == rest && known.ending == ending)
            .map(|known| known.value)
    }

    /// The longest phrase that starts at a token: its value and how many tokens it takes.
    pub fn longest_at(&self, text: &Text<'_>, token: usize, end: usize) -> Option<(T, usize)> {
        self.all_at(text, token, end).next()
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

    fn found<'a>(
        &'a self,
        text: &'a Text<'_>,
        token: usize,
        end: usize,
    ) -> impl Iterator<Item = (&'a Phrase<T>, usize)> + 'a {
        let list = if token < end {
            self.by_first.get(text.fold(token))
        } else {
            None
        };
        list.into_iter().flatten().filter_map(move |phrase| {
            let mut rest = phrase.rest.iter().enumerate();
            let fits = token + phrase.rest.len() < end
                && rest.all(|(i, word)| text.fold(token + 1 + i) == word);
            fits.then_some((phrase, phrase.rest.len() + 1))
        })
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.by_first.is_empty()
    }
}

/// The last letters of a phrase, in lower case.
fn ending(phrase: &str) -> [char; ENDING] {
    let mut ending = ['\0'; ENDING];
    let letters = phrase
        .chars()
        .rev()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase);
    ending
        .iter_mut()
        .zip(letters)
        .for_each(|(place, letter)| *place = letter);
    ending
}

/// The folded words of a phrase, as a text that holds it is cut.
fn words(phrase: &str, spelling: &Orthography) -> Vec<String> {
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
            elisions: ["l", "d"].map(String::from).into(),
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
