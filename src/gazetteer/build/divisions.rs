//! First-order divisions: their names from GeoNames and CLDR.

use std::collections::{HashMap, HashSet};

use super::catalogue::Catalogue;
use super::cldr::Cldr;
use super::designators::Designators;
use super::draft::{Draft, Drafts, Id, NOWHERE};
use super::report::Summary;
use crate::domain::PlaceKind;
use crate::text::fold;

/// A catalogue's key for places whose division is not known.
const UNKNOWN: &str = "00";

/// Adds the divisions that the catalogue names, each with CLDR's names of the same subdivision.
pub(super) fn draft(
    catalogue: &Catalogue,
    cldr: &Cldr,
    designators: &Designators,
    drafts: &mut Drafts,
    summary: &mut Summary,
) {
    let mut codes: Vec<&String> = catalogue.keys().filter(|key| key.contains('.')).collect();
    codes.sort();
    let matched = matches(&codes, catalogue, cldr, designators);
    summary.matched_divisions = matched.len();
    for code in codes {
        let Some((country, number)) = code.split_once('.') else {
            continue;
        };
        let names = &catalogue[code];
        let Some((_, name)) = names.first().filter(|_| number != UNKNOWN) else {
            continue;
        };
        // Its place follows from its polygon or its cities.
        let id = Id::Written(format!("admin1:{code}"));
        let mut draft = Draft::new(id, PlaceKind::Admin1, name, NOWHERE);
        draft.country = drafts
            .country
            .contains_key(country)
            .then(|| country.to_owned());
        let from_cldr = matched
            .get(code.as_str())
            .and_then(|code| cldr.subdivisions.get(*code));
        for (language, name) in names.iter().chain(from_cldr.into_iter().flatten()) {
            draft.add(*language, name);
            draft.main.extend(designators.bare(*language, name));
        }
        draft.admin1 = Some(drafts.list.len());
        drafts.division.insert(code.clone(), drafts.list.len());
        drafts.list.push(draft);
    }
}

/// Lets each division be found by all main names of the town it is named after: whoever writes "Hasaké" for
/// the town writes "province de Hasaké".
pub(super) fn inherit_names(drafts: &mut Drafts) {
    let mut seats = HashMap::<usize, (u32, usize)>::new();
    let folded = |draft: &Draft| draft.main_names().map(fold).collect::<HashSet<_>>();
    let divisions: HashMap<usize, HashSet<String>> = drafts
        .division
        .values()
        .map(|index| (*index, folded(&drafts.list[*index])))
        .collect();
    for (index, draft) in drafts.list.iter().enumerate() {
        let division = draft.admin1.filter(|_| draft.kind == PlaceKind::Settlement);
        if let Some(division) = division
            && let Some(names) = divisions.get(&division)
            && draft.main_names().any(|name| names.contains(&fold(name)))
        {
            let town = (draft.population, index);
            let seat = seats.entry(division).or_insert(town);
            *seat = (*seat).max(town);
        }
    }
    for (division, (_, town)) in seats {
        let names: Vec<String> = drafts.list[town].main_names().map(str::to_owned).collect();
        drafts.list[division].others.extend(names);
    }
}

/// Pairs of a GeoNames code and the CLDR code of the same subdivision: in one country, of the same bare
/// name in more languages than any other pair that either is in.
fn matches<'a>(
    codes: &[&'a String],
    catalogue: &Catalogue,
    cldr: &'a Cldr,
    designators: &Designators,
) -> HashMap<&'a str, &'a str> {
    let bare = |(language, name): &(u8, String)| {
        let bare = designators.bare(*language, name);
        (*language, fold(bare.as_ref().unwrap_or(name)))
    };
    let mut by_name = HashMap::<(String, u8, String), Vec<&'a str>>::new();
    for (code, names) in &cldr.subdivisions {
        let Some(country) = code.get(..2) else {
            continue;
        };
        for (language, name) in names.iter().map(bare).collect::<HashSet<_>>() {
            let key = (country.to_ascii_uppercase(), language, name);
            by_name.entry(key).or_default().push(code);
        }
    }
    let mut pairs = HashMap::<(&str, &str), usize>::new();
    for &code in codes {
        let country = code.split('.').next().unwrap_or_default();
        for (language, name) in catalogue[code].iter().map(bare).collect::<HashSet<_>>() {
            let key = (country.to_owned(), language, name);
            for found in by_name.get(&key).into_iter().flatten() {
                *pairs.entry((code, found)).or_default() += 1;
            }
        }
    }
    let mut pairs: Vec<_> = pairs.into_iter().collect();
    pairs.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    let mut matched = HashMap::new();
    let mut taken = HashSet::new();
    for ((code, found), _) in pairs {
        if !matched.contains_key(code) && taken.insert(found) {
            matched.insert(code, found);
        }
    }
    matched
}
