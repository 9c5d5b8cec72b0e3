//! Texts that recur, each kept once: where its length stands is its number.

use std::hash::BuildHasher;

use hashbrown::HashTable;
use rustc_hash::FxBuildHasher;

/// Writes a length, seven bits a byte, the lowest first.
pub(super) fn put_length(bytes: &mut Vec<u8>, mut length: usize) {
    while length >= 0x80 {
        bytes.push(length as u8 | 0x80);
        length >>= 7;
    }
    bytes.push(length as u8);
}

/// Reads a length, and goes on behind it.
#[inline]
pub(super) fn take_length(bytes: &[u8], at: &mut usize) -> usize {
    let (mut length, mut shift) = (0, 0);
    while let Some(&byte) = bytes.get(*at) {
        *at += 1;
        length |= usize::from(byte & 0x7f) << (shift & 63);
        shift += 7;
        if byte < 0x80 {
            break;
        }
    }
    length
}

/// The text of a number. Its length stands before it in four bytes.
#[inline]
pub(super) fn fragment(fragments: &[u8], number: u32) -> &[u8] {
    let rest = fragments.get(number as usize..).unwrap_or_default();
    let Some((length, rest)) = rest.split_first_chunk() else {
        return &[];
    };
    rest.get(..u32::from_le_bytes(*length) as usize)
        .unwrap_or_default()
}

/// Gives texts their numbers.
#[derive(Debug, Default)]
pub(super) struct Interner {
    fragments: Vec<u8>,
    numbers: HashTable<u32>,
}

impl Interner {
    /// The number of a text, which it gets if it has none.
    pub(super) fn number(&mut self, text: &[u8]) -> u32 {
        let hash = |text: &[u8]| FxBuildHasher.hash_one(text);
        let Self { fragments, numbers } = self;
        let entry = numbers.entry(
            hash(text),
            |&number| fragment(fragments, number) == text,
            |&number| hash(fragment(fragments, number)),
        );
        match entry {
            hashbrown::hash_table::Entry::Occupied(known) => *known.get(),
            hashbrown::hash_table::Entry::Vacant(place) => {
                // Segments are too small for more.
                let number = fragments.len() as u32;
                place.insert(number);
                fragments.extend((text.len() as u32).to_le_bytes());
                fragments.extend_from_slice(text);
                number
            }
        }
    }

    /// All texts, by number.
    pub(super) fn fragments(&self) -> &[u8] {
        &self.fragments
    }

    /// No more will come.
    pub(super) fn finish(self) -> Vec<u8> {
        self.fragments
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_has_one_number_however_often_it_comes() {
        let mut interner = Interner::default();
        let long = "b".repeat(300);
        let numbers = ["a", "", &long, "a", ""].map(|text| interner.number(text.as_bytes()));
        assert_eq!(numbers[..2], numbers[3..]);
        let fragments = interner.finish();
        let texts = numbers.map(|number| fragment(&fragments, number));
        assert_eq!(texts, ["a", "", &long, "a", ""].map(str::as_bytes));
    }

    #[test]
    fn lengths_are_read_as_they_were_written() {
        let lengths = [0, 1, 127, 128, 300, 65_535, 1 << 40];
        let mut bytes = Vec::new();
        for length in lengths {
            put_length(&mut bytes, length);
        }
        let mut at = 0;
        assert_eq!(lengths.map(|_| take_length(&bytes, &mut at)), lengths);
        assert_eq!(at, bytes.len());
    }
}
