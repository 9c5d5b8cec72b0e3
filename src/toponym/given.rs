//! Place names that are named from outside, as by an annotator: each is a spot whatever the gates say.

use std::ops::Range;

use smallvec::SmallVec;

use super::recognise;
use super::scene::Scene;
use super::spot::{Doubt, Source, Spot};
use crate::domain::Span;
use crate::gazetteer::Candidate;

/// Puts a spot at each span, instead of those found there. A span without a token is left out.
pub(super) fn put(scene: &mut Scene<'_>, spans: &[Span]) {
    let found = std::mem::take(&mut scene.spots);
    let mut spots: Vec<Spot> = Vec::with_capacity(found.len() + spans.len());
    for span in spans {
        let tokens = scene.text.token_at(span.start)..scene.text.token_at(span.end);
        let free = spots
            .last()
            .is_none_or(|last| last.name.end <= tokens.start);
        if !tokens.is_empty() && free {
            spots.push(spot_of(scene, tokens, &found));
        }
    }
    for spot in found {
        if spots
            .iter()
            .all(|given| given.name.end <= spot.name.start || spot.name.end <= given.name.start)
        {
            spots.push(spot);
        }
    }
    spots.sort_by_key(|spot| spot.name.start);
    scene.spots = spots;
}

/// The spot of a given name: as found, if it was; else by its name as written, by what was found within, or by
/// other spellings.
fn spot_of(scene: &Scene<'_>, tokens: Range<usize>, found: &[Spot]) -> Spot {
    let within = |spot: &&Spot| spot.name.start < tokens.end && tokens.start < spot.name.end;
    let overlapping = || found.iter().filter(within);
    let mut spot = overlapping()
        .find(|spot| spot.name == tokens)
        .cloned()
        .unwrap_or_else(|| {
            let index = scene.text.sentence_of(tokens.start);
            let sentence = scene.text.sentences[index].range();
            recognise::named(scene, index, &sentence, tokens.clone())
                .or_else(|| overlapping().max_by_key(|spot| spot.name.len()).cloned())
                .unwrap_or_else(|| {
                    let lead = scene.cues.around(scene.text, &sentence, &tokens);
                    let mut spot = Spot::new(tokens.clone(), index, lead, Source::Unknown);
                    spot.candidates = respelt(scene, tokens.clone());
                    spot
                })
        });
    spot.given = true;
    spot.doubt = Doubt::None;
    spot
}

/// The places that bear a name by another spelling, anywhere.
fn respelt(scene: &Scene<'_>, tokens: Range<usize>) -> SmallVec<[Candidate; 4]> {
    let words: Vec<_> = tokens.map(|token| scene.text.fold(token)).collect();
    let found = scene.gazetteer.search_anywhere(&words.join(" "));
    let candidate = |found: &crate::gazetteer::Found| Candidate {
        place: found.place,
        main: found.main,
    };
    found.iter().map(candidate).collect()
}
