//! Places made from places: "le nord-est de la Syrie", "30 km au nord d’Alep", "la base de Rmeilan".

use std::ops::Range;

use super::area;
use super::scene::Scene;
use super::spot::{Source, Spot};
use crate::domain::{Place, PlaceKind};
use crate::language::Role;

/// How far from a town a place beside it may lie, in kilometres, when the text says no more.
const NEAR_KM: f64 = 15.0;
const OUTSIDE_KM: f64 = 20.0;
/// Radius of a part of a town.
const QUARTER_KM: f64 = 8.0;
/// Doubt about a distance, as a share of it, and the least doubt in kilometres.
const DISTANCE_DOUBT: (f64, f64) = (0.4, 8.0);

const BEARINGS: [(&str, &str); 8] = [
    ("north", "northern"),
    ("northeast", "northeastern"),
    ("east", "eastern"),
    ("southeast", "southeastern"),
    ("south", "southern"),
    ("southwest", "southwestern"),
    ("west", "western"),
    ("northwest", "northwestern"),
];

/// Makes the places that the words around the names describe.
pub(super) fn compose(scene: &mut Scene<'_>) {
    let mut spots = std::mem::take(&mut scene.spots);
    for spot in &mut spots {
        direction_behind(scene, spot);
        let Some(choice) = spot.choice else {
            continue;
        };
        let base = scene.gazetteer.place(choice.place);
        let wide =
            !base.kind.is_point() && matches!(base.kind, PlaceKind::Country | PlaceKind::Admin1);
        let made = match (spot.lead.direction, spot.lead.distance) {
            (Some((bearing, start)), None) if wide => {
                spot.cover_from = start;
                scene
                    .gazetteer
                    .area_of(choice.place)
                    .and_then(|area| area::part(&area, bearing))
                    .map(|part| Place {
                        id: format!("{}#{}", base.id, direction_name(bearing).0),
                        name: format!("{} {}", direction_name(bearing).1, base.name),
                        kind: PlaceKind::Region,
                        point: part.point,
                        radius_km: part.radius_km,
                        admin1: base
                            .admin1
                            .clone()
                            .filter(|_| base.kind == PlaceKind::Admin1),
                        ..base.clone()
                    })
            }
            _ if wide || base.kind == PlaceKind::Continent => None,
            (Some((Some(bearing), _)), Some(km)) => {
                spot.cover_from = spot.lead.start;
                Some(at_distance(&base, km, bearing))
            }
            (None, Some(km)) => Some(around(&base, km, "around")),
            (Some((bearing, _)), None) if base.kind.is_point() => {
                Some(if spot.lead.inside || bearing.is_none() {
                    around(&base, QUARTER_KM, direction_name(bearing).1)
                } else {
                    around(
                        &base,
                        OUTSIDE_KM,
                        &format!("{} of", direction_name(bearing).0),
                    )
                })
            }
            (Some((Some(bearing), start)), None) if base.kind == PlaceKind::Region => {
                spot.cover_from = start;
                Some(side(&base, bearing))
            }
            _ if spot.lead.near && base.kind.is_point() => Some(around(&base, NEAR_KM, "near")),
            _ => designated(spot, &base),
        };
        spot.made = made;
    }
    scene.spots = spots;
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
    let next = spot.name.end;
    if spot.lead.direction.is_none()
        && next < scene.sentence(spot).end
        && scene.text.tokens[next].joined
        && let Some((cue, length)) = scene.cues.starting(next)
        && cue.is(Role::Direction)
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

fn direction_name(bearing: Option<f64>) -> (&'static str, &'static str) {
    bearing.map_or(("centre", "central"), |degrees| {
        BEARINGS[(degrees / 45.0).round() as usize % BEARINGS.len()]
    })
}

/// A point some kilometres off a town.
fn at_distance(base: &Place, km: f64, bearing: f64) -> Place {
    Place {
        id: format!("{}#{km}km-{}", base.id, direction_name(Some(bearing)).0),
        name: format!(
            "{km} km {} of {}",
            direction_name(Some(bearing)).0,
            base.name
        ),
        kind: PlaceKind::Region,
        point: base.point.offset(km, bearing),
        radius_km: (km * DISTANCE_DOUBT.0).max(DISTANCE_DOUBT.1),
        population: 0,
        ..base.clone()
    }
}

/// A side of a region without borders.
fn side(base: &Place, bearing: f64) -> Place {
    let (noun, adjective) = direction_name(Some(bearing));
    Place {
        id: format!("{}#{noun}", base.id),
        name: format!("{adjective} {}", base.name),
        point: base.point.offset(base.radius_km / 2.0, bearing),
        radius_km: base.radius_km * 0.6,
        ..base.clone()
    }
}

/// A town and what lies around it.
fn around(base: &Place, radius_km: f64, word: &str) -> Place {
    Place {
        id: format!("{}#{}", base.id, word.split(' ').next().unwrap_or(word)),
        name: format!("{word} {}", base.name),
        kind: PlaceKind::Region,
        radius_km: radius_km.max(base.radius_km),
        population: 0,
        ..base.clone()
    }
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
