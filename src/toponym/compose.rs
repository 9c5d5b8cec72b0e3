//! Places made from places: "le nord-est de la Syrie", "30 km au nord d’Alep", "la base de Rmeilan".

use std::ops::Range;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::scene::Scene;
use super::spot::{Source, Spot};
use crate::domain::{Place, PlaceKind};
use crate::gazetteer::relative::{self, direction_name};
use crate::language::Role;

/// How far from a town a place beside it may lie, in kilometres, when the text says no more.
const NEAR_KM: f64 = 15.0;
const OUTSIDE_KM: f64 = 20.0;
/// Radius of a part of a town.
const QUARTER_KM: f64 = 8.0;
/// Makes the places that the words around the names describe.
pub(super) fn compose(scene: &mut Scene<'_>) {
    let mut spots = std::mem::take(&mut scene.spots);
    // A part is cut out of a polygon: once for all its names.
    let mut parts = FxHashMap::default();
    for spot in &mut spots {
        direction_behind(scene, spot);
        let Some(choice) = spot.choice else {
            continue;
        };
        let lead = &spot.lead;
        if lead.direction.is_none()
            && lead.distance.is_none()
            && lead.designator.is_none()
            && !lead.near
        {
            continue;
        }
        let base = scene.gazetteer.place(choice.place);
        let wide =
            !base.kind.is_point() && matches!(base.kind, PlaceKind::Country | PlaceKind::Admin1);
        let made = match (spot.lead.direction, spot.lead.distance) {
            (Some((bearing, start)), None) if wide => {
                spot.cover_from = start;
                let key = (choice.place, bearing.map(f64::to_bits));
                let part = || scene.gazetteer.part_of(choice.place, bearing);
                parts.entry(key).or_insert_with(part).clone()
            }
            _ if wide || base.kind == PlaceKind::Continent => None,
            (Some((Some(bearing), _)), Some(km)) => {
                spot.cover_from = spot.lead.start;
                Some(relative::off(&base, km, bearing))
            }
            (None, Some(km)) => Some(relative::around(&base, km, "around")),
            (Some((bearing, _)), None) if base.kind.is_point() => {
                Some(if spot.lead.inside || bearing.is_none() {
                    relative::around(&base, QUARTER_KM, direction_name(bearing).1)
                } else {
                    relative::around(
                        &base,
                        OUTSIDE_KM,
                        &format!("{} of", direction_name(bearing).0),
                    )
                })
            }
            // "La Méditerranée orientale"; but east of the Euphrates is no part of it.
            (Some((Some(bearing), start)), None)
                if base.kind == PlaceKind::Region
                    || base.kind == PlaceKind::Water && start == spot.name.start =>
            {
                spot.cover_from = start;
                Some(relative::side(&base, bearing))
            }
            _ if spot.lead.near && base.kind.is_point() => {
                Some(relative::around(&base, NEAR_KM, "near"))
            }
            _ => designated(spot, &base),
        };
        // A part of a place is what the words name; what lies beside it is not.
        let part = wide || matches!(base.kind, PlaceKind::Region | PlaceKind::Water);
        spot.aside = made.is_some() && !part;
        spot.made = made.map(Arc::new);
    }
    join_ends(scene, &mut spots);
    scene.spots = spots;
}

/// "entre Ramadi et Falloujah": what lies between the two, for both of them.
fn join_ends(scene: &Scene<'_>, spots: &mut [Spot]) {
    for at in 1..spots.len() {
        let (one, other) = (&spots[at - 1], &spots[at]);
        let Some((from, to)) = one.choice.zip(other.choice) else {
            continue;
        };
        let sentence = scene.sentence(one);
        let opened =
            scene
                .cues
                .before(&sentence, one.lead.start.min(one.name.start), Role::Between);
        let gap = one.name.end..other.name.start;
        let joined = one.sentence == other.sentence
            && gap.len() == 1
            && scene.cues.starts(gap.start, Role::Conjunction);
        if !(opened && joined) || one.made.is_some() || other.made.is_some() {
            continue;
        }
        let (from, to) = (
            scene.gazetteer.place(from.place),
            scene.gazetteer.place(to.place),
        );
        if from.kind.is_point() && to.kind.is_point() {
            let made = relative::between(&from, &to).map(Arc::new);
            spots[at - 1].made.clone_from(&made);
            spots[at].made = made;
            spots[at - 1].aside = true;
            spots[at].aside = true;
        }
    }
}

/// "Le Nord syrien", "Alep-Est": a nationality with a direction before it stands for a part of the country.
fn direction_behind(scene: &Scene<'_>, spot: &mut Spot) {
    if matches!(spot.source, Source::Demonym(_)) {
        let noun = scene.words.direction_before_demonym && is_noun(scene, spot.name.clone());
        let direct = spot
            .lead
            .direction
            .is_some_and(|(_, start)| start < spot.name.start);
        if !(noun && direct) {
            spot.lead.direction = None;
            spot.lead.distance = None;
            spot.lead.near = false;
            return;
        }
        spot.source = Source::Gazetteer;
        return;
    }
    // "Alep-Est", "la Méditerranée orientale"
    let next = spot.name.end;
    if spot.lead.direction.is_none()
        && next < scene.sentence(spot).end
        && let Some((cue, length)) = scene.cues.starting(next)
        && (cue.is(Role::DirectionBehind)
            || scene.text.tokens[next].joined && cue.is(Role::Direction))
    {
        spot.lead.direction = Some((cue.bearing, spot.name.start));
        spot.lead.inside = true;
        spot.name.end += length;
    }
}

/// Whether no noun follows that a nationality would belong to.
fn is_noun(scene: &Scene<'_>, name: Range<usize>) -> bool {
    name.len() == 1 && name.start > 0 && scene.cues.ends(name.start - 1, Role::Direction)
}

/// A base or district named after a town, where the gazetteer has only the town.
fn designated(spot: &Spot, base: &Place) -> Option<Place> {
    let (_, radius_km, _) = spot.lead.designator?;
    let radius_km = radius_km.filter(|_| base.kind == PlaceKind::Settlement)?;
    Some(Place {
        radius_km: radius_km.max(base.radius_km),
        ..base.clone()
    })
}
