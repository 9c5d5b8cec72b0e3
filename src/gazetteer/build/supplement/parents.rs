use std::collections::HashMap;

use crate::domain::PlaceKind;
use crate::gazetteer::build::designators::Designators;
use crate::gazetteer::build::draft::{Draft, Drafts};
use crate::gazetteer::build::names::ENGLISH;
use crate::gazetteer::build::report::{Malformed, Summary};
use crate::text::fold;

/// A town of a parent's name farther off than this (km) is another one.
const TOWN_KM: f64 = 60.0;
/// Any other place of that name, beyond its own radius.
const REGION_KM: f64 = 150.0;

/// A place whose parent is named.
pub(in crate::gazetteer::build) struct Child {
    /// Its index among the drafts.
    pub(super) place: usize,
    /// The parent's name; empty where none is known.
    pub(super) parent: String,
    /// File and line.
    pub(super) source: String,
}

/// Gives new places their parents. A parent that is not found is reported: the place does without.
pub(in crate::gazetteer::build) fn find(
    children: Vec<Child>,
    drafts: &mut Drafts,
    designators: &Designators,
    summary: &mut Summary,
) {
    let mut by_name = HashMap::<(String, String), Vec<usize>>::new();
    for (index, draft) in drafts.list.iter().enumerate() {
        let Some(country) = &draft.country else {
            continue;
        };
        // A division may be named by the town that it is named after.
        let inherited = draft
            .others
            .iter()
            .map(String::as_str)
            .filter(|_| draft.kind == PlaceKind::Admin1);
        let mut keys: Vec<String> = draft.main_names().chain(inherited).map(fold).collect();
        keys.sort_unstable();
        keys.dedup();
        for key in keys {
            by_name
                .entry((country.clone(), key))
                .or_default()
                .push(index);
        }
    }
    for Child {
        place,
        parent,
        source,
    } in children
    {
        let draft = &drafts.list[place];
        let country = draft.country.clone().unwrap_or_default();
        if parent.is_empty() || country.is_empty() {
            continue;
        }
        // "Kursk Oblast", where the gazetteer has a division called Kursk.
        let bare = designators.bare(ENGLISH, &parent);
        let names = [Some(parent.clone()), bare];
        let candidates = names
            .into_iter()
            .flatten()
            .find_map(|name| by_name.get(&(country.clone(), fold(&name))));
        let best = candidates
            .into_iter()
            .flatten()
            .filter(|index| **index != place)
            .filter_map(|index| Some((distance(draft, &drafts.list[*index])?, *index)))
            .min_by(|a, b| a.0.total_cmp(&b.0));
        match best {
            Some((_, index)) => drafts.list[place].parent = Some(index),
            None => summary.orphans.push(Malformed {
                place: source,
                message: format!("no {parent:?} is known near {:?}", drafts.list[place].name),
            }),
        }
    }
}

/// How well a place fits as the parent of another, in kilometres; `None` when it cannot be.
fn distance(child: &Draft, parent: &Draft) -> Option<f64> {
    // Only what is larger, so that no place lies in itself by a detour.
    if size(child) >= size(parent) {
        return None;
    }
    let km = child.point.distance_km(parent.point);
    let part_of_town = matches!(child.kind, PlaceKind::Quarter | PlaceKind::Facility);
    let most = match parent.kind {
        PlaceKind::Settlement | PlaceKind::Quarter => TOWN_KM,
        _ => REGION_KM + parent.radius_km,
    };
    // A quarter's "Aleppo" is the city, a village's is the governorate.
    let town = parent.kind == PlaceKind::Settlement;
    let handicap = if town == part_of_town { 0.0 } else { most };
    (km <= most).then_some(km + handicap)
}

/// By which places are ordered from the smallest to the largest: their kind, then their radius in metres.
fn size(draft: &Draft) -> (u8, u64) {
    let rank = match draft.kind {
        PlaceKind::Quarter | PlaceKind::Facility => 0,
        PlaceKind::Settlement => 1,
        PlaceKind::Admin1 => 3,
        PlaceKind::Country | PlaceKind::Continent => 4,
        _ => 2,
    };
    (rank, (draft.radius_km * 1000.0) as u64)
}
