//! Names that the gazetteer lacks as they are written: capitalised words behind a strong cue are a place
//! all the same; without one they are, when another spelling of them lies in a country of the text.

use std::ops::Range;

use super::gates;
use super::scene::Scene;
use super::spelling;
use super::spot::{Doubt, Source, Spot};
use crate::domain::PlaceKind;
use crate::language::Role;
use crate::text::{Case, TokenKind};

/// Longest run of words taken for one name.
const LONGEST: usize = 5;
/// Share of its country in the text from which another spelling is believed behind a cue, and without one.
const SUPPORT: (f64, f64) = (0.02, 0.15);
/// Letters that a name without a cue must have: short ones fit too much.
const LETTERS: usize = 5;

/// Adds the spots between those already found.
pub(super) fn find(scene: &mut Scene<'_>) {
    let mut spots = Vec::with_capacity(scene.spots.len() + 8);
    let mut known = std::mem::take(&mut scene.spots).into_iter().peekable();
    for (index, sentence) in scene.text.sentences.iter().enumerate() {
        let sentence = sentence.range();
        let mut at = sentence.start;
        while at < sentence.end {
            if let Some(spot) = known.next_if(|spot| spot.name.start <= at) {
                at = spot.name.end.max(at);
                spots.push(spot);
                continue;
            }
            let end = known
                .peek()
                .map_or(sentence.end, |next| next.name.start.min(sentence.end));
            let found = scene.telling_case[index]
                .then(|| unknown_at(scene, index, &sentence, at, end))
                .flatten();
            at = found.as_ref().map_or(at + 1, |spot| spot.name.end);
            spots.extend(found);
        }
    }
    spots.extend(known);
    scene.spots = spots;
}

fn unknown_at(
    scene: &Scene<'_>,
    index: usize,
    sentence: &Range<usize>,
    at: usize,
    end: usize,
) -> Option<Spot> {
    let name = run(scene, at, end)?;
    // A run that goes on behind is not this run's beginning.
    if name.start > sentence.start && gates::is_capital_stranger(scene, name.start - 1) {
        return None;
    }
    if gates::is_person(scene, sentence, &name) {
        return None;
    }
    let lead = scene.cues.lead(scene.text, sentence, at);
    let place = lead
        .designator
        .is_some_and(|(kind, _, _)| kind != PlaceKind::Country);
    let strong = place || (lead.town && !lead.article) || lead.near || lead.direction.is_some();
    let folded: Vec<_> = name.clone().map(|token| scene.text.fold(token)).collect();
    let folded = folded.join(" ");
    if !strong {
        let opens = scene.opens_sentence(sentence, at);
        if opens || folded.chars().count() < LETTERS || lead.weak && lead.article {
            return None;
        }
    }
    let support = if strong { SUPPORT.0 } else { SUPPORT.1 };
    let candidates = spelling::candidates(scene, &folded, support);
    if candidates.is_empty() && !strong {
        return None;
    }
    let mut spot = Spot::new(name, index, lead, Source::Unknown);
    spot.candidates = candidates;
    spot.doubt = if strong { Doubt::None } else { Doubt::Bare };
    Some(spot)
}

/// The run of capitalised words that starts at a token, its small words within included.
fn run(scene: &Scene<'_>, at: usize, limit: usize) -> Option<Range<usize>> {
    let particle = |token: usize| scene.words.particles.contains(scene.text.fold(token));
    let article = |token: usize| {
        scene
            .words
            .name_articles
            .iter()
            .any(|a| a == scene.text.fold(token))
    };
    let proper = |token: usize| {
        gates::is_capital_stranger(scene, token)
            || scene.text.tokens[token].case == Case::Capital
                && token > at
                && !scene.cues.starts(token, Role::Demonym)
                && scene.text.tokens[token].kind == TokenKind::Word
            || scene.text.tokens[token].case == Case::Capital && article(token)
    };
    if !proper(at) && !(article(at) && at + 1 < limit && gates::is_capital_stranger(scene, at + 1))
    {
        return None;
    }
    let mut end = at + 1;
    let mut strangers = usize::from(gates::is_capital_stranger(scene, at) && !article(at));
    while end < limit && end - at < LONGEST {
        if proper(end) {
            strangers += usize::from(gates::is_capital_stranger(scene, end));
            end += 1;
        } else if particle(end)
            && end + 1 < limit
            && gates::is_capital_stranger(scene, end + 1)
            && (scene.text.tokens[end].joined || article(end))
        {
            strangers += 1;
            end += 2;
        } else {
            break;
        }
    }
    (strangers > 0).then_some(at..end.min(limit))
}
