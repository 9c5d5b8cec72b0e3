//! "Province de Deir ez-Zor" is the province, "base de Rmeilan" the base.

use crate::domain::PlaceKind;
use crate::toponym::scene::Scene;
use crate::toponym::spot::{Source, Spot};

/// Keeps the candidates of the kind that the designator announces, where there are any.
pub(super) fn narrow(scene: &mut Scene<'_>) {
    let mut spots = std::mem::take(&mut scene.spots);
    for spot in &mut spots {
        match &spot.source {
            Source::Country(code) | Source::Seat(code) => {
                let rule = if matches!(spot.source, Source::Seat(_)) {
                    "resolve:seat"
                } else {
                    "resolve:country-name"
                };
                let place = match spot.source {
                    Source::Seat(_) => scene.gazetteer.capital(code.as_str()),
                    _ => None,
                };
                if let Some(place) = place.or_else(|| scene.gazetteer.country(code.as_str())) {
                    spot.settle(place, rule, 0.97);
                }
            }
            Source::Demonym(codes) => {
                let code = codes.iter().copied().max_by(|a, b| {
                    scene
                        .countries
                        .share(*a)
                        .total_cmp(&scene.countries.share(*b))
                        .then(
                            codes
                                .iter()
                                .position(|c| c == b)
                                .cmp(&codes.iter().position(|c| c == a)),
                        )
                });
                if let Some(place) = code.and_then(|code| scene.gazetteer.country(code.as_str())) {
                    spot.settle(place, "resolve:demonym", 0.9);
                }
            }
            Source::Gazetteer | Source::Unknown => {
                let evidence = spot.lead.designator.map(|(_, _, at)| at..at + 1);
                by_kind(scene, spot);
                if evidence.is_some() {
                    spot.note(scene.explains, "resolve:designator", evidence);
                }
            }
        }
    }
    scene.spots = spots;
}

fn by_kind(scene: &Scene<'_>, spot: &mut Spot) {
    let Some((kind, _, _)) = spot.lead.designator else {
        return;
    };
    if kind == PlaceKind::Facility {
        facility(scene, spot);
    }
    let of_kind: Vec<_> = spot
        .candidates
        .iter()
        .copied()
        .filter(|candidate| fits(scene.gazetteer.kind(candidate.place), kind))
        .collect();
    if !of_kind.is_empty() {
        spot.candidates = of_kind.into();
    } else if kind == PlaceKind::Admin1 {
        divisions_of_towns(scene, spot);
    } else if matches!(
        kind,
        PlaceKind::Quarter | PlaceKind::Water | PlaceKind::Terrain
    ) {
        // "Salah al-Din road" is not the province of that name.
        spot.candidates
            .retain(|candidate| scene.gazetteer.kind(candidate.place).is_point());
    }
}

/// Adds the facilities that bear the name with an international word for their kind: "tabqa air base".
fn facility(scene: &Scene<'_>, spot: &mut Spot) {
    let Some((_, _, at)) = spot.lead.designator else {
        return;
    };
    let words: Vec<_> = spot
        .name
        .clone()
        .map(|token| scene.text.fold(token))
        .collect();
    let bare = words.join(" ");
    let Some((cue, _)) = scene.cues.starting(at) else {
        return;
    };
    for word in &cue.canonical {
        if let Some(name) = scene.gazetteer.name(&format!("{bare} {word}")) {
            spot.candidates = scene.gazetteer.candidates(name).collect();
            return;
        }
    }
}

/// A division that the gazetteer knows only by another spelling is still the one around its seat.
fn divisions_of_towns(scene: &Scene<'_>, spot: &mut Spot) {
    for candidate in &mut spot.candidates {
        if let Some(division) = scene.gazetteer.admin1_of(candidate.place) {
            let (town, around) = (
                scene.gazetteer.place(candidate.place),
                scene.gazetteer.place(division),
            );
            if alike(&town.name, &around.name) {
                candidate.place = division;
            }
        }
    }
}

/// Whether two names begin alike, articles aside: Raqqa and Ar-Raqqah.
fn alike(a: &str, b: &str) -> bool {
    let bare = |name: &str| {
        let folded = crate::text::fold(name);
        folded
            .split(' ')
            .max_by_key(|word| word.len())
            .unwrap_or_default()
            .chars()
            .take(4)
            .collect::<String>()
    };
    bare(a) == bare(b)
}

const fn fits(kind: PlaceKind, announced: PlaceKind) -> bool {
    use PlaceKind::{
        Admin1, Admin2, Country, Facility, Quarter, Region, Settlement, Terrain, Water,
    };
    match announced {
        Admin1 | Region => matches!(kind, Admin1 | Region),
        Admin2 => matches!(kind, Admin2),
        Settlement => matches!(kind, Settlement | Quarter),
        Quarter => matches!(kind, Quarter),
        Water => matches!(kind, Water),
        Terrain => matches!(kind, Terrain | Region),
        Facility => matches!(kind, Facility),
        Country => matches!(kind, Country),
        _ => true,
    }
}
