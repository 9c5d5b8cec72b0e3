use fst::Streamer;
use fst::raw::Output;
use smallvec::SmallVec;

use super::image::u32_at;
use super::{Candidate, Gazetteer, NameRef, PlaceRef};
use crate::domain::Place;
use crate::text::fold;

/// A posting's bit for the last place of a name.
pub(super) const LAST: u32 = 1;
/// A posting's bit for a main name.
pub(super) const MAIN: u32 = 2;
/// Bits of a posting below the place.
pub(super) const POSTING_BITS: u32 = 2;

/// A place that a name may mean, for people to read.
#[derive(Debug, Clone, PartialEq)]
pub struct Lookup {
    /// The place in its gazetteer.
    pub reference: PlaceRef,
    /// What is known of it.
    pub place: Place,
    /// Whether the name is its main one, or one tagged with a language.
    pub main: bool,
    /// Whether it is the seat of its country's government.
    pub capital: bool,
}

impl Gazetteer {
    /// Every name that `folded` (words with one space between, as [`crate::text::Text::folded_from`] gives
    /// them) begins with, up to a word's end: the name's length in bytes, and the name. Shortest first.
    pub fn walk(&self, folded: &str) -> SmallVec<[(usize, NameRef); 4]> {
        let mut found = SmallVec::new();
        let names = self.image.names.as_fst();
        let mut node = names.root();
        let mut value = Output::zero();
        let bytes = folded.as_bytes();
        for (at, byte) in bytes.iter().enumerate() {
            let Some(input) = node.find_input(*byte) else {
                break;
            };
            let step = node.transition(input);
            value = value.cat(step.out);
            node = names.node(step.addr);
            let length = at + 1;
            if node.is_final() && bytes.get(length).is_none_or(|next| *next == b' ') {
                found.push((length, name_ref(value.cat(node.final_output()).value())));
            }
        }
        found
    }

    /// The name that is exactly `folded`.
    pub fn name(&self, folded: &str) -> Option<NameRef> {
        self.image.names.get(folded).map(name_ref)
    }

    /// Appends the folded bytes of a name; false when there is none of that number.
    ///
    /// What [`fst::raw::Fst::get_key_into`] does, but by halves: the numbers grow with the names, and with them
    /// the outputs of a node's transitions, of which the upper nodes have two hundred.
    pub(super) fn name_into(&self, name: NameRef, bytes: &mut Vec<u8>) -> bool {
        let names = self.image.names.as_fst();
        let mut node = names.root();
        let mut rest = u64::from(name.0);
        loop {
            if node.is_final() && node.final_output().value() == rest {
                return true;
            }
            let (mut low, mut high) = (0, node.len());
            while low < high {
                let middle = usize::midpoint(low, high);
                if node.transition(middle).out.value() <= rest {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            let Some(last) = low.checked_sub(1) else {
                return false;
            };
            let step = node.transition(last);
            rest -= step.out.value();
            bytes.push(step.inp);
            node = names.node(step.addr);
        }
    }

    /// The places that a name may mean, the most populous first; divisions behind the towns of their name.
    pub fn candidates(&self, name: NameRef) -> impl Iterator<Item = Candidate> + '_ {
        let postings = self.image.postings.as_ref();
        let mut next = Some(name.0 as usize);
        std::iter::from_fn(move || {
            let at = next?;
            let posting = u32_at(postings, at.checked_mul(4)?);
            // Beyond the end there are only zeros, and no last one.
            let more = posting & LAST == 0 && (at + 1) * 4 < postings.len();
            next = more.then_some(at + 1);
            Some(Candidate {
                place: PlaceRef(posting >> POSTING_BITS),
                main: posting & MAIN != 0,
            })
        })
    }

    /// Calls `visit` with every name and each place that it may mean.
    pub(super) fn each_name<E>(
        &self,
        mut visit: impl FnMut(&str, Candidate) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut names = self.image.names.stream();
        while let Some((name, first)) = names.next() {
            let name = std::str::from_utf8(name).unwrap_or_default();
            for candidate in self.candidates(name_ref(first)) {
                visit(name, candidate)?;
            }
        }
        Ok(())
    }

    /// The places that a name as written may mean, those in one country only if a code is given (ISO 3166-1
    /// alpha-2, any case): the most populous first.
    pub fn lookup(&self, name: &str, country: Option<&str>) -> Vec<Lookup> {
        let country = country.map(str::to_ascii_uppercase);
        self.name(&fold(name))
            .into_iter()
            .flat_map(|name| self.candidates(name))
            .filter(|found| country.is_none() || self.country_of(found.place) == country.as_deref())
            .map(|found| Lookup {
                reference: found.place,
                place: self.place(found.place),
                main: found.main,
                capital: self.is_capital(found.place),
            })
            .collect()
    }
}

/// The map's values are indices of postings, which are `u32` when they are written.
pub(super) fn name_ref(value: u64) -> NameRef {
    NameRef(u32::try_from(value).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn a_walk_finds_what_trying_every_name_finds() {
        let gazetteer = Gazetteer::bundled().expect("the bundled image opens");
        let mut names = HashSet::new();
        let mut stream = gazetteer.image.names.stream();
        while let Some((name, _)) = stream.next() {
            names.insert(String::from_utf8(name.to_vec()).expect("names are UTF-8"));
        }
        for name in names.iter().step_by(97) {
            for text in [
                name.clone(),
                format!("{name} valley of"),
                format!("{name}ia x"),
            ] {
                let expected: Vec<usize> = (1..=text.len())
                    .filter(|end| text.as_bytes().get(*end).is_none_or(|next| *next == b' '))
                    .filter(|end| names.contains(&text[..*end]))
                    .collect();
                let found: Vec<usize> = gazetteer.walk(&text).iter().map(|hit| hit.0).collect();
                assert_eq!(found, expected, "{text}");
                for (end, name) in gazetteer.walk(&text) {
                    assert_eq!(gazetteer.name(&text[..end]), Some(name));
                    assert_eq!(gazetteer.name_text(name), text[..end]);
                }
            }
        }
    }

    #[test]
    fn candidates_come_once_each_and_the_most_populous_first() {
        let gazetteer = Gazetteer::bundled().expect("the bundled image opens");
        let name = gazetteer.name("san jose").expect("a common name");
        let found: Vec<_> = gazetteer
            .candidates(name)
            .map(|found| found.place)
            .collect();
        assert!(found.len() > 50);
        assert!(found.is_sorted_by_key(|place| std::cmp::Reverse(gazetteer.inhabitants(*place))));
        assert_eq!(found.iter().collect::<HashSet<_>>().len(), found.len());
        assert_eq!(gazetteer.candidates(NameRef(u32::MAX)).count(), 1);
    }
}
