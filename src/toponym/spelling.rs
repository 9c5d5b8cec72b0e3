//! Other spellings of a name that the gazetteer lacks as written, in the countries that the text speaks of.

use smallvec::SmallVec;

use super::scene::Scene;
use crate::gazetteer::{Candidate, Match};

/// Share of a country in the text from which no better spelling is looked for elsewhere.
const SURE: f64 = 0.15;
/// Likeness from which a name of the same consonants is taken for another spelling.
const LIKE: f64 = 0.75;

/// How much speaks for a word being a place name at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ground {
    /// A cue: any likeness will do.
    Cue,
    /// Only its capital: a person's name or a common word is soon like some village's, so the spelling must be
    /// another romanisation, with the same letters at both ends.
    Capital,
}

/// The places that a name may mean by another spelling, in the first of the countries that the text speaks of
/// to at least the share `support` that has any.
pub(super) fn candidates(
    scene: &Scene<'_>,
    written: &str,
    support: f64,
    ground: Ground,
) -> SmallVec<[Candidate; 4]> {
    let mut best = (Match::Skeleton, 0.0, SmallVec::new());
    for (code, nearness) in scene.countries.near(support) {
        let romanised = scene.gazetteer.is_romanised(code.as_str());
        if !romanised && ground == Ground::Capital {
            continue;
        }
        let mut found = scene.gazetteer.search(written, &[code.as_str()]);
        if !romanised {
            // Where names are spelt as they are spelt at home, only another accent or ending is likely.
            found.retain(|found| found.how == Match::Light);
        } else if ground == Ground::Capital {
            found.retain(|found| {
                found.how == Match::Light
                    && same_ends(written, &scene.gazetteer.name_text(found.name))
            });
        }
        // A better spelling in a country that the text hardly names is no better.
        let Some(how) = found.iter().map(|found| found.how).max() else {
            continue;
        };
        if nearness >= SURE || (how, nearness) > (best.0, best.1) {
            let alike = found.iter().filter(|found| {
                found.how == how && (how > Match::Skeleton || found.likeness >= LIKE)
            });
            let places: SmallVec<[Candidate; 4]> = alike
                .filter(|found| scene.country_of(found.place) == Some(code))
                .map(|found| Candidate {
                    place: found.place,
                    main: found.main,
                })
                .collect();
            if !places.is_empty() {
                best = (how, nearness, places);
            }
        }
        if best.1 >= SURE {
            break;
        }
    }
    best.2
}

/// Whether two folded names begin and end with the same letter.
fn same_ends(one: &str, other: &str) -> bool {
    one.chars().next() == other.chars().next()
        && one.chars().next_back() == other.chars().next_back()
}
