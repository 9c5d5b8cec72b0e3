use std::collections::HashMap;

use super::{Orthography, Text, token};
use crate::domain::Span;

/// Phrases of one or more words, each with a value, found at a token by their folded words.
#[derive(Debug, Clone)]
pub struct Phrases<T> {
    /// By first word; the longest phrase first.
    by_first: HashMap<String, Vec<(Vec<String>, T)>>,
}

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
        if list.iter().all(|(known, _)| *known != rest) {
            let place = list.partition_point(|(known, _)| known.len() >= rest.len());
            list.insert(place, (rest, value));
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
        self.by_first
            .get(first)?
            .iter()
            .find(|(known, _)| known == rest)
            .map(|(_, value)| *value)
    }

    /// The longest phrase that starts at a token: its value and how many tokens it takes.
    pub fn longest_at(&self, text: &Text<'_>, token: usize, end: usize) -> Option<(T, usize)> {
        self.all_at(text, token, end).next()
    }

    /// Every phrase that starts at a token and ends before token `end`, the longest first.
    pub fn all_at<'a>(
        &'a self,
        text: &'a Text<'_>,
        token: usize,
        end: usize,
    ) -> impl Iterator<Item = (T, usize)> + 'a {
        let list = if token < end {
            self.by_first.get(text.fold(token))
        } else {
            None
        };
        list.into_iter().flatten().filter_map(move |(rest, value)| {
            let fits = token + rest.len() < end
                && rest
                    .iter()
                    .enumerate()
                    .all(|(i, word)| text.fold(token + 1 + i) == word);
            fits.then_some((*value, rest.len() + 1))
        })
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.by_first.is_empty()
    }
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
