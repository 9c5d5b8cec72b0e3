//! One name means one place throughout a text, unless it says otherwise.

use rustc_hash::FxHashMap;

use crate::toponym::scene::Scene;
use crate::toponym::spot::{Choice, Source, Spot};

/// Gives every use of a name the place that its surest use has; a designator's word stands.
pub(super) fn agree(scene: &mut Scene<'_>) {
    let (text, explains) = (scene.text, scene.explains);
    let key = |spot: &Spot| {
        let (first, last) = (spot.name.start, spot.name.end - 1);
        (text.fold(first), text.fold(last), spot.name.len())
    };
    let free = |spot: &Spot| spot.source == Source::Gazetteer && spot.lead.designator.is_none();
    let mut surest: FxHashMap<_, Choice> = FxHashMap::default();
    for spot in scene.spots.iter().filter(|spot| free(spot)) {
        if let Some(choice) = spot.choice {
            let known = surest.entry(key(spot)).or_insert(choice);
            if choice.confidence > known.confidence {
                *known = choice;
            }
        }
    }
    for spot in &mut scene.spots {
        if !free(spot) {
            continue;
        }
        if let (Some(own), Some(best)) = (spot.choice, surest.get(&key(spot)))
            && best.place != own.place
        {
            spot.settle(best.place, "resolve:discourse", best.confidence);
            spot.note(explains, "resolve:discourse", None);
        }
    }
}
