//! Other spellings of a name that the gazetteer lacks as written: how this language spells foreign sounds
//! against how names are usually romanised, and articles put before or left out.

use smallvec::SmallVec;

use super::scene::Scene;
use crate::gazetteer::{Candidate, NameRef};
use crate::language::Spelling;

/// Spellings tried for one name, and how many of them with other articles.
const MOST: usize = 96;
const WITH_ARTICLES: usize = 12;
/// Share of a country in the text from which no better spelling is looked for.
const SURE: f64 = 0.15;

/// The places that a name may mean by another spelling, in countries that the text speaks of to at least
/// the share `support`.
pub(super) fn candidates(
    scene: &Scene<'_>,
    written: &str,
    support: f64,
) -> SmallVec<[Candidate; 4]> {
    let spellings = spellings(&scene.words.spellings, written);
    let exact = spellings
        .iter()
        .map(|spelling| supported(scene, scene.gazetteer.name(spelling.trim()), support));
    let with_articles = spellings
        .iter()
        .take(WITH_ARTICLES)
        .map(|spelling| other_article(scene, spelling.trim(), support));
    let mut best = (0.0, SmallVec::new());
    for found in exact.chain(with_articles) {
        let share = home_share(scene, &found);
        if share > best.0 {
            best = (share, found);
        }
        if best.0 >= SURE {
            break;
        }
    }
    best.1
}

/// The share in the text of the country that most speaks for one of the candidates.
fn home_share(scene: &Scene<'_>, candidates: &[Candidate]) -> f64 {
    candidates
        .iter()
        .filter_map(|candidate| scene.country_of(candidate.place))
        .map(|code| scene.countries.nearness(code, scene.gazetteer))
        .fold(0.0, f64::max)
}

/// A name's spellings, the likeliest first: as written, with all that is usual, then with what is possible.
fn spellings(rules: &[Spelling], written: &str) -> Vec<String> {
    let written = format!(" {written} ");
    let mut spellings = vec![usual(rules, &written)];
    if spellings[0] != written {
        spellings.push(written);
    }
    for rule in rules.iter().filter(|rule| !rule.usual) {
        for index in 0..spellings.len() {
            if spellings.len() < MOST && spellings[index].contains(rule.from.as_str()) {
                let other = spellings[index].replace(rule.from.as_str(), &rule.to);
                if !spellings.contains(&other) {
                    spellings.push(other);
                }
            }
        }
    }
    spellings
}

/// The name with every usual rule applied once, left to right, the first that fits at each place.
fn usual(rules: &[Spelling], written: &str) -> String {
    let mut out = String::with_capacity(written.len());
    let mut rest = written;
    while let Some(c) = rest.chars().next() {
        let rule = rules
            .iter()
            .find(|rule| rule.usual && rest.starts_with(rule.from.as_str()));
        if let Some(rule) = rule {
            // A border at the end of a rule is the next rule's border too.
            let border = usize::from(
                rule.from.len() > 1 && rule.from.ends_with(' ') && rule.to.ends_with(' '),
            );
            out.push_str(&rule.to[..rule.to.len() - border]);
            rest = &rest[rule.from.len() - border..];
        } else {
            out.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    out
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
