//! Which rows have a word: lists of their numbers, for `q`.

use fst::map::OpBuilder;
use fst::{Map, Streamer};
use rustc_hash::FxHashMap;

use crate::text::fold;

/// The rows of each word. A list is written as how many bytes it has and the steps from one number to the next, all
/// in LEB128.
#[derive(Debug, Default)]
pub(super) struct Words {
    /// Where each word's list begins.
    begins: Map<Vec<u8>>,
    lists: Vec<u8>,
}

impl Words {
    /// The rows that have a word, in order.
    pub(super) fn rows(&self, word: &str) -> Vec<u32> {
        self.begins
            .get(word)
            .map_or(Vec::new(), |begin| self.list(begin))
    }

    fn list(&self, begin: u64) -> Vec<u32> {
        let mut rest = self.lists.get(begin as usize..).unwrap_or_default();
        let length = take(&mut rest) as usize;
        let mut rest = rest.get(..length).unwrap_or_default();
        let mut rows = Vec::new();
        let mut last = 0;
        while !rest.is_empty() {
            last += take(&mut rest);
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
            put(&mut steps, row - last);
            last = row;
        }
        put(&mut self.lists, steps.len() as u32);
        self.lists.extend(steps);
    }

    fn finish(mut self) -> Words {
        self.lists.shrink_to_fit();
        // Words come sorted and once each, which is all that could be wrong with them.
        let begins = Map::from_iter(self.begins).unwrap_or_default();
        Words {
            begins,
            lists: self.lists,
        }
    }
}

/// Writes a number, seven bits a byte, the lowest first.
fn put(bytes: &mut Vec<u8>, mut number: u32) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

/// Reads a number, and goes on behind it.
fn take(bytes: &mut &[u8]) -> u32 {
    let mut number = 0;
    let mut shift = 0;
    while let Some((&byte, rest)) = bytes.split_first() {
        *bytes = rest;
        number |= u32::from(byte & 0x7f) << (shift & 31);
        shift += 7;
        if byte < 0x80 {
            break;
        }
    }
    number
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_they_were_written() {
        let numbers = [0, 1, 127, 128, 300, 65_535, u32::MAX];
        let mut bytes = Vec::new();
        for number in numbers {
            put(&mut bytes, number);
        }
        let mut rest = &bytes[..];
        assert_eq!(numbers.map(|_| take(&mut rest)), numbers);
        assert!(rest.is_empty());
    }

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
