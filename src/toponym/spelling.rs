//! Other spellings of a name that the gazetteer lacks as written: how this language spells foreign sounds
//! against how names are usually romanised, and articles put before or left out.

use smallvec::SmallVec;

use super::scene::Scene;
use crate::gazetteer::{Candidate, NameRef};

/// Spellings tried for one name.
const MOST: usize = 128;

/// The places that a name may mean by another spelling, in countries that the text speaks of to at least
/// the share `support`.
pub(super) fn candidates(
    scene: &Scene<'_>,
    written: &str,
    support: f64,
) -> SmallVec<[Candidate; 4]> {
    let mut spellings = vec![format!(" {written} ")];
    for (from, to) in &scene.words.spellings {
        for index in 0..spellings.len() {
            if spellings.len() < MOST && spellings[index].contains(from.as_str()) {
                let other = spellings[index].replace(from.as_str(), to);
                if !spellings.contains(&other) {
                    spellings.push(other);
                }
            }
        }
    }
    for spelling in &spellings {
        let found = supported(scene, scene.gazetteer.name(spelling.trim()), support);
        if !found.is_empty() {
            return found;
        }
    }
    for spelling in &spellings {
        let found = other_article(scene, spelling.trim(), support);
        if !found.is_empty() {
            return found;
        }
    }
    SmallVec::new()
}

/// The name with each article before it, or without the one it has.
fn other_article(scene: &Scene<'_>, name: &str, support: f64) -> SmallVec<[Candidate; 4]> {
    let articles = &scene.words.name_articles;
    if let Some((first, rest)) = name.split_once(' ')
        && articles.iter().any(|article| article == first)
    {
        let found = supported(scene, scene.gazetteer.name(rest), support);
        if !found.is_empty() {
            return found;
        }
        return other_article(scene, rest, support);
    }
    let mut key = String::new();
    for article in articles {
        key.clear();
        key.push_str(article);
        key.push(' ');
        key.push_str(name);
        let found = supported(scene, scene.gazetteer.name(&key), support);
        if !found.is_empty() {
            return found;
        }
    }
    SmallVec::new()
}

fn supported(scene: &Scene<'_>, name: Option<NameRef>, support: f64) -> SmallVec<[Candidate; 4]> {
    name.into_iter()
        .flat_map(|name| scene.gazetteer.candidates(name))
        .filter(|candidate| {
            scene
                .country_of(candidate.place)
                .is_some_and(|code| scene.countries.nearness(code, scene.gazetteer) >= support)
        })
        .collect()
}
