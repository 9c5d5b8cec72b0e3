use std::collections::HashMap;

use super::{Text, fold};

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
    /// Adds a phrase. A phrase that folds to nothing is left out; of two that fold alike the first counts.
    pub fn insert(&mut self, phrase: &str, value: T) {
        let folded = fold(phrase);
        let mut words = folded.split(' ').map(str::to_owned);
        let Some(first) = words.next().filter(|word| !word.is_empty()) else {
            return;
        };
        let rest: Vec<String> = words.collect();
        let list = self.by_first.entry(first).or_default();
        if list.iter().all(|(known, _)| *known != rest) {
            let place = list.partition_point(|(known, _)| known.len() >= rest.len());
            list.insert(place, (rest, value));
        }
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
