//! Places for what a person has begun to type.

use std::collections::HashMap;

use fst::{IntoStreamer, Streamer};

use super::lookup::name_ref;
use super::{Found, Gazetteer, Match, NameRef, PlaceRef};
use crate::domain::PlaceKind;
use crate::text::fold;

/// Names looked at that begin with what was typed: one letter must not go through the whole image.
const MOST_NAMES: usize = 20_000;
/// Places kept of these.
const MOST_PLACES: usize = 500;
/// With fewer than this many places, other spellings are looked for too.
const FEW: usize = 5;
/// Letters from which other spellings are worth looking for.
const LETTERS: usize = 4;

impl Gazetteer {
    /// The places whose name is what was typed, then those whose name begins with it, then, where there are
    /// few, those whose name is spelt alike; the better known first within each. Each place once, at most 500.
    pub fn suggest(&self, typed: &str) -> Vec<Found> {
        let mut found = self.search(typed, &[]);
        self.complete(&fold(typed), &mut found);
        if found.len() < FEW && typed.chars().count() >= LETTERS {
            let known: Vec<PlaceRef> = found.iter().map(|found| found.place).collect();
            let alike = self.search_anywhere(typed).into_iter();
            found.extend(alike.filter(|found| !known.contains(&found.place)));
        }
        found.sort_by(|a, b| {
            (b.how.cmp(&a.how))
                .then(self.renown(b).cmp(&self.renown(a)))
                .then(b.likeness.total_cmp(&a.likeness))
                .then(a.place.cmp(&b.place))
        });
        found.truncate(MOST_PLACES);
        found
    }

    /// Adds the places whose names begin with folded letters.
    fn complete(&self, typed: &str, found: &mut Vec<Found>) {
        if typed.is_empty() {
            return;
        }
        let mut best: HashMap<PlaceRef, (NameRef, bool)> = HashMap::new();
        let mut names = self.image.names.range().gt(typed).into_stream();
        for _ in 0..MOST_NAMES {
            let Some((_, first)) = names
                .next()
                .filter(|(name, _)| name.starts_with(typed.as_bytes()))
            else {
                break;
            };
            let name = name_ref(first);
            for candidate in self.candidates(name) {
                let entry = best
                    .entry(candidate.place)
                    .or_insert((name, candidate.main));
                if candidate.main && !entry.1 {
                    *entry = (name, true);
                }
            }
        }
        for known in found.iter() {
            best.remove(&known.place);
        }
        found.extend(best.into_iter().map(|(place, (name, main))| Found {
            place,
            name,
            main,
            how: Match::Prefix,
            likeness: 1.0,
        }));
    }

    /// How well known a place is: a main name before an alias, countries and their parts before towns, capitals
    /// and places written by hand before others, then by inhabitants.
    fn renown(&self, found: &Found) -> (bool, u8, u32) {
        let rank = match self.kind(found.place) {
            PlaceKind::Country => 4,
            _ if self.is_capital(found.place) => 3,
            PlaceKind::Continent | PlaceKind::Admin1 => 2,
            _ if self.inhabitants(found.place) >= KNOWN => 2,
            _ if self.geonames_number(found.place).is_none() => 1,
            _ => 0,
        };
        (found.main, rank, self.inhabitants(found.place))
    }
}

/// Inhabitants from which a town is as well known as a division.
const KNOWN: u32 = 50_000;

#[cfg(test)]
mod tests {
    use super::*;

    fn suggested(typed: &str) -> Vec<(String, Match)> {
        let gazetteer = Gazetteer::bundled().expect("the bundled image opens");
        let found = gazetteer.suggest(typed).into_iter();
        found
            .map(|found| (gazetteer.main_name(found.place).to_owned(), found.how))
            .take(8)
            .collect()
    }

    #[test]
    fn what_was_typed_comes_before_what_begins_with_it() {
        let found = suggested("Alep");
        assert_eq!(found[0], ("Aleppo".to_owned(), Match::Exact));
        assert!(
            suggested("bakhm")
                .iter()
                .any(|(name, how)| name == "Bakhmut" && *how == Match::Prefix)
        );
        assert_eq!(suggested("syr")[0].0, "Syria");
    }

    #[test]
    fn a_slip_or_another_romanisation_finds_the_place_all_the_same() {
        for (typed, name) in [("Menbedj", "Manbij"), ("Avdeevca", "Avdiivka")] {
            assert!(
                suggested(typed).iter().any(|(found, _)| found == name),
                "{typed}: {:?}",
                suggested(typed)
            );
        }
    }

    #[test]
    fn nothing_typed_suggests_nothing_and_one_letter_little() {
        let gazetteer = Gazetteer::bundled().expect("the bundled image opens");
        assert!(gazetteer.suggest("").is_empty());
        assert!(gazetteer.suggest(" - ").is_empty());
        assert!(gazetteer.suggest("a").len() <= MOST_PLACES);
    }
}
