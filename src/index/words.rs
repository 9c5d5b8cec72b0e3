//! Which rows have a word: lists of their numbers, for `q`.

use fst::map::OpBuilder;
use fst::{Map, Streamer};
use rustc_hash::FxHashMap;

use super::flat::Flat;
use super::fragments::{put_length, take_length};
use crate::text::fold;

/// The rows of each word. A list is written as how many bytes it has and the steps from one number to the next, all
/// in LEB128.
#[derive(Debug)]
pub(super) struct Words {
    /// Where each word's list begins.
    pub(super) begins: Map<Flat<u8>>,
    pub(super) lists: Flat<u8>,
}

impl Default for Words {
    fn default() -> Self {
        Writer::default().finish()
    }
}

impl Words {
    /// The rows that have a word, in order.
    pub(super) fn rows(&self, word: &str) -> Vec<u32> {
        self.begins
            .get(word)
            .map_or(Vec::new(), |begin| self.list(begin))
    }

    fn list(&self, begin: u64) -> Vec<u32> {
        let mut at = begin as usize;
        let length = take_length(&self.lists, &mut at);
        let steps = self.lists.get(at..at + length).unwrap_or_default();
        let mut rows = Vec::new();
        let (mut at, mut last) = (0, 0);
        while at < steps.len() {
            last += take_length(steps, &mut at) as u32;
            rows.push(last);
        }
        rows
    }

    /// Those of several parts, whose rows have other numbers now; a number of `u32::MAX` is a row that is gone.
    pub(super) fn merged(parts: &[(&Self, &[u32])]) -> Self {
        let union = parts.iter().fold(OpBuilder::new(), |union, (words, _)| {
            union.add(&words.begins)
        });
        let mut union = union.union();
        let mut writer = Writer::default();
        while let Some((word, found)) = union.next() {
            let mut rows = Vec::new();
            for found in found {
                let (words, numbers) = parts[found.index];
                let list = words.list(found.value).into_iter();
                rows.extend(
                    list.map(|row| numbers[row as usize])
                        .filter(|&row| row != u32::MAX),
                );
            }
            rows.sort_unstable();
            writer.add(word, &rows);
        }
        writer.finish()
    }
}

/// The folded words of a text.
pub(super) fn words_of(text: &str) -> Vec<String> {
    let folded = fold(text);
    let words = folded.split(' ').filter(|word| !word.is_empty());
    words.map(str::to_owned).collect()
}

/// Collects the words of rows, which come in the order of their numbers.
#[derive(Debug, Default)]
pub(super) struct Collector(FxHashMap<Box<str>, Vec<u32>>);

impl Collector {
    /// The words of a text of a row.
    pub(super) fn add(&mut self, row: u32, text: &str) {
        let folded = fold(text);
        for word in folded.split(' ').filter(|word| !word.is_empty()) {
            match self.0.get_mut(word) {
                Some(rows) if rows.last() == Some(&row) => {}
                Some(rows) => rows.push(row),
                None => {
                    self.0.insert(word.into(), vec![row]);
                }
            }
        }
    }

    /// No more will come.
    pub(super) fn finish(self) -> Words {
        let mut words: Vec<_> = self.0.into_iter().collect();
        words.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        let mut writer = Writer::default();
        for (word, rows) in words {
            writer.add(word.as_bytes(), &rows);
        }
        writer.finish()
    }
}

/// Writes lists, of words in order.
#[derive(Default)]
struct Writer {
    begins: Vec<(Box<[u8]>, u64)>,
    lists: Vec<u8>,
}

impl Writer {
    fn add(&mut self, word: &[u8], rows: &[u32]) {
        if rows.is_empty() {
            return;
        }
        self.begins.push((word.into(), self.lists.len() as u64));
        let mut steps = Vec::with_capacity(rows.len() + 4);
        let mut last = 0;
        for &row in rows {
            put_length(&mut steps, (row - last) as usize);
            last = row;
        }
        put_length(&mut self.lists, steps.len());
        self.lists.extend(steps);
    }

    fn finish(self) -> Words {
        // Words come sorted and once each, which is all that could be wrong with them.
        let begins = Map::from_iter(self.begins).unwrap_or_default();
        let bytes: Flat<u8> = begins.into_fst().into_inner().into();
        Words {
            begins: Map::new(bytes)
                .unwrap_or_else(|_| unreachable!("it was written by the same crate")),
            lists: self.lists.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_has_its_rows_after_parts_were_merged() {
        let part = |rows: &[(u32, &str)]| {
            let mut words = Collector::default();
            for (row, text) in rows {
                words.add(*row, text);
            }
            words.finish()
        };
        let a = part(&[(0, "Aleppo, Aleppo"), (1, "Homs"), (300, "Aleppo")]);
        let b = part(&[(0, "ALEPPO base"), (1, "Hama")]);
        assert_eq!(a.rows("aleppo"), [0, 300]);
        let gone = u32::MAX;
        let of_a: Vec<u32> = (0..301)
            .map(|n| if n == 1 { gone } else { n * 2 })
            .collect();
        let merged = Words::merged(&[(&a, &of_a), (&b, &[1, 3])]);
        assert_eq!(merged.rows("aleppo"), [0, 1, 600]);
        assert_eq!(merged.rows("hama"), [3]);
        assert_eq!(merged.rows("homs"), [0; 0]);
        assert_eq!(merged.rows("nowhere"), [0; 0]);
    }
}
