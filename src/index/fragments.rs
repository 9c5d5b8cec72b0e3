//! Texts that recur, each kept once.

use std::hash::BuildHasher;

use hashbrown::HashTable;
use rustc_hash::FxBuildHasher;

/// Texts by number.
#[derive(Debug)]
pub(super) struct Fragments {
    text: String,
    /// Where the first begins, and where each ends.
    bounds: Vec<u64>,
}

impl Default for Fragments {
    fn default() -> Self {
        Self {
            text: String::new(),
            bounds: vec![0],
        }
    }
}

impl Fragments {
    /// The text of a number.
    #[inline]
    pub(super) fn get(&self, number: u32) -> &str {
        let number = number as usize;
        &self.text[self.bounds[number] as usize..self.bounds[number + 1] as usize]
    }

    pub(super) fn len(&self) -> usize {
        self.bounds.len() - 1
    }

    fn push(&mut self, text: &str) -> u32 {
        self.text.push_str(text);
        self.bounds.push(self.text.len() as u64);
        self.len() as u32 - 1
    }
}

/// Gives texts their numbers.
#[derive(Debug, Default)]
pub(super) struct Interner {
    fragments: Fragments,
    numbers: HashTable<u32>,
}

impl Interner {
    /// The number of a text, which it gets if it has none.
    pub(super) fn number(&mut self, text: &str) -> u32 {
        let hash = |text: &str| FxBuildHasher.hash_one(text);
        let Self { fragments, numbers } = self;
        let entry = numbers.entry(
            hash(text),
            |&number| fragments.get(number) == text,
            |&number| hash(fragments.get(number)),
        );
        match entry {
            hashbrown::hash_table::Entry::Occupied(known) => *known.get(),
            hashbrown::hash_table::Entry::Vacant(place) => {
                let number = fragments.len() as u32;
                place.insert(number);
                fragments.push(text)
            }
        }
    }

    /// No more will come.
    pub(super) fn finish(self) -> Fragments {
        let mut fragments = self.fragments;
        fragments.text.shrink_to_fit();
        fragments.bounds.shrink_to_fit();
        fragments
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_has_one_number_however_often_it_comes() {
        let mut interner = Interner::default();
        let numbers: Vec<_> = ["a", "", "b", "a", ""]
            .map(|text| interner.number(text))
            .into();
        assert_eq!(numbers, [0, 1, 2, 0, 1]);
        let fragments = interner.finish();
        let texts: Vec<_> = (0..fragments.len() as u32)
            .map(|n| fragments.get(n))
            .collect();
        assert_eq!(texts, ["a", "", "b"]);
    }
}
