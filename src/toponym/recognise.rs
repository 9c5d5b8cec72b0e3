//! Finds what may be a place name: countries, nationalities and seats of power from the language's lists,
//! everything else by walking the gazetteer's names over the tokens, the longest first.

use std::ops::Range;

use smallvec::SmallVec;

use super::gates;
use super::scene::Scene;
use super::spot::{Doubt, Source, Spot};
use crate::domain::PlaceKind;
use crate::gazetteer::{Candidate, NameRef};
use crate::language::{CountryCode, Role};
use crate::text::{Case, TokenKind};

/// Longest name in tokens.
const LONGEST: usize = 9;

/// Fills the scene with spots.
pub(super) fn recognise(scene: &mut Scene<'_>) {
    let mut spots = Vec::new();
    let mut key = String::new();
    for (index, sentence) in scene.text.sentences.iter().enumerate() {
        let sentence = sentence.range();
        let mut at = sentence.start;
        while at < sentence.end {
            let found = if scene.text.tokens[at].kind == TokenKind::Mark {
                None
            } else {
                spot_at(scene, index, &sentence, at, &mut key)
            };
            match found {
                Some(spot) => {
                    at = spot.name.end;
                    spots.push(spot);
                }
                None => at += 1,
            }
        }
    }
    scene.spots = spots;
}

/// The spot that starts at a token.
fn spot_at(
    scene: &Scene<'_>,
    index: usize,
    sentence: &Range<usize>,
    at: usize,
    key: &mut String,
) -> Option<Spot> {
    if let Some((code, end)) = abbreviation(scene, sentence, at) {
        let lead = scene.cues.around(scene.text, sentence, &(at..end));
        return Some(Spot::new(at..end, index, lead, Source::Country(code)));
    }
    let listed = listed(scene, index, sentence, at);
    let listed_end = listed.as_ref().map_or(at, |(_, end)| *end);
    if let Some((name, end)) = longest_name(scene, sentence, at, listed_end, key) {
        let candidates: SmallVec<[Candidate; 4]> = scene.gazetteer.candidates(name).collect();
        let lead = scene.cues.around(scene.text, sentence, &(at..end));
        if let Some(doubt) = gates::judge(scene, index, sentence, &(at..end), &candidates, &lead) {
            let mut spot = Spot::new(at..end, index, lead, Source::Gazetteer);
            spot.candidates = candidates;
            spot.doubt = doubt;
            return Some(spot);
        }
    }
    let (source, end) = listed.filter(|(source, end)| {
        matches!(source, Source::Demonym(_)) || !gates::is_person(scene, sentence, &(at..*end))
    })?;
    let lead = scene.cues.around(scene.text, sentence, &(at..end));
    let mut spot = Spot::new(at..end, index, lead, source);
    if matches!(spot.source, Source::Seat(_)) {
        seat_or_place(scene, sentence, &mut spot);
    }
    Some(spot)
}

/// "U.S.", "R.D.C.": single capitals with full stops.
fn abbreviation(
    scene: &Scene<'_>,
    sentence: &Range<usize>,
    at: usize,
) -> Option<(CountryCode, usize)> {
    if scene.words.abbreviations.is_empty() {
        return None;
    }
    let text = scene.text;
    let mut letters = String::new();
    let mut end = at;
    while end + 1 < sentence.end
        && letters.len() < LONGEST
        && text.tokens[end].case == Case::Upper
        && text.fold(end).chars().count() <= 2
        && (end == at || text.tokens[end].joined)
        && text.written(end + 1) == "."
        && text.tokens[end + 1].joined
    {
        letters.push_str(text.fold(end));
        end += 2;
    }
    let code = scene.words.abbreviations.get(&letters)?;
    Some((*code, end))
}

/// A country, nationality or seat of power of the language's lists.
fn listed(
    scene: &Scene<'_>,
    index: usize,
    sentence: &Range<usize>,
    at: usize,
) -> Option<(Source, usize)> {
    let owner = || Some((scene.words.cue_of(scene.possessor(at)?)?, 1));
    let (cue, length) = scene.cues.starting(at).or_else(owner)?;
    let code = *cue.countries.first()?;
    let tokens = at..at + length;
    let capital = tokens
        .clone()
        .any(|token| scene.text.tokens[token].may_be_name());
    let source = if cue.is(Role::Country) && capital {
        // "US" is a country, "us" and the "Us" of a headline are not.
        let short = length == 1 && scene.text.tokens[at].span.len() <= 3;
        let upper = scene.text.tokens[at].case == Case::Upper && scene.telling_case[index];
        if short && !upper {
            return None;
        }
        Source::Country(code)
    } else if cue.is(Role::Demonym) && (capital || !scene.words.demonyms_capitalised) {
        Source::Demonym(cue.countries.clone())
    } else if cue.is(Role::Seat) && capital {
        Source::Seat(code)
    } else {
        return None;
    };
    debug_assert!(tokens.end <= sentence.end);
    Some((source, tokens.end))
}

/// The longest name of the gazetteer that starts at a token and ends behind token `beyond`.
fn longest_name(
    scene: &Scene<'_>,
    sentence: &Range<usize>,
    at: usize,
    beyond: usize,
    key: &mut String,
) -> Option<(NameRef, usize)> {
    if !may_start(scene, at) {
        return None;
    }
    let names = scene.gazetteer.walk(scene.text.folded_from(at));
    let found = names.iter().rev().find_map(|(length, name)| {
        let end = token_end(scene, sentence, at, *length)?;
        (end > beyond && is_written_as_name(scene, at..end, *name)).then_some((*name, end))
    });
    if found.is_some() {
        return found;
    }
    if let Some(found) = possessive(scene, sentence, at, key) {
        return Some(found);
    }
    // "N’Djamena", where the apostrophe looked like an elision.
    let (first, next) = (scene.text.tokens[at], scene.text.tokens.get(at + 1)?);
    if first.case == Case::Upper && first.span.len() == 1 && next.joined && at + 1 < sentence.end {
        key.clear();
        key.push_str(scene.text.fold(at));
        key.push_str(scene.text.fold(at + 1));
        return scene.gazetteer.name(key).map(|name| (name, at + 2));
    }
    None
}

/// A name whose last word bears the ending of a possessive: "Deir ez-Zor’s".
fn possessive(
    scene: &Scene<'_>,
    sentence: &Range<usize>,
    at: usize,
    key: &mut String,
) -> Option<(NameRef, usize)> {
    key.clear();
    for token in at..sentence.end.min(at + 4) {
        let written = scene.text.tokens[token];
        if let Some(stem) = scene.possessor(token) {
            key.push_str(stem);
            let name = scene.gazetteer.name(key)?;
            return is_written_as_name(scene, at..token + 1, name).then_some((name, token + 1));
        }
        if written.kind == TokenKind::Mark {
            return None;
        }
        key.push_str(scene.text.fold(token));
        key.push(' ');
    }
    None
}

/// Whether a name may begin with this token: a capital, or the small article or generic word of a name.
fn may_start(scene: &Scene<'_>, at: usize) -> bool {
    let token = scene.text.tokens[at];
    if token.case != Case::Lower {
        return true;
    }
    scene.words.particles.contains(scene.text.fold(at))
        || scene.cues.starts(at, Role::Designator)
        || scene.cues.starts(at, Role::Direction)
        || scene.cues.starts(at, Role::DirectionAdjective)
}

/// Where the token ends that the first `length` folded bytes from a token on reach to.
fn token_end(
    scene: &Scene<'_>,
    sentence: &Range<usize>,
    at: usize,
    length: usize,
) -> Option<usize> {
    let mut reached = 0;
    for token in at..sentence.end.min(at + LONGEST) {
        reached += scene.text.fold(token).len();
        match reached.cmp(&length) {
            std::cmp::Ordering::Equal => return Some(token + 1),
            std::cmp::Ordering::Greater => return None,
            std::cmp::Ordering::Less => reached += 1,
        }
    }
    None
}

/// Whether tokens are capitalised as a name is: all but its small and generic words.
fn is_written_as_name(scene: &Scene<'_>, tokens: Range<usize>, name: NameRef) -> bool {
    let first = tokens.start;
    let small_article = scene.text.tokens[first].case == Case::Lower
        && scene.cues.starts(first, Role::Article)
        && scene
            .cues
            .starting(first)
            .is_some_and(|(_, length)| length == 1);
    if small_article && tokens.len() > 1 {
        // "la Liberté" is no town; "la Haye" is one.
        let candidates: SmallVec<[Candidate; 4]> = scene.gazetteer.candidates(name).collect();
        let seat = scene
            .cues
            .starting(first + 1)
            .is_some_and(|(cue, _)| cue.is(Role::Seat) || cue.is(Role::Country));
        if seat || !gates::is_famous(scene, &candidates) {
            return false;
        }
    }
    let mut capitals = 0;
    let mut stray = false;
    for token in tokens.clone() {
        let written = scene.text.tokens[token];
        if written.may_be_name() {
            // The article of "Al-Bab" alone does not make "al bab" a name.
            capitals += usize::from(
                !scene.words.particles.contains(scene.text.fold(token)) || tokens.len() == 1,
            );
        } else if written.case == Case::Lower
            && !(written.joined
                && scene
                    .text
                    .tokens
                    .get(token + 1)
                    .is_some_and(|next| next.joined))
            && !scene.words.particles.contains(scene.text.fold(token))
            && scene.cues.starting(token).is_none()
            && scene.cues.ending(token).is_none()
        {
            stray = true;
        }
    }
    if capitals > 0 {
        return !stray;
    }
    // Borders have no name of their own: "frontière turco-syrienne".
    tokens.len() > 1
        && scene
            .gazetteer
            .candidates(name)
            .all(|c| scene.gazetteer.kind(c.place) == PlaceKind::Border)
}

/// A seat of power that is also a town's name is the town behind a place preposition.
fn seat_or_place(scene: &Scene<'_>, sentence: &Range<usize>, spot: &mut Spot) {
    if spot.name.len() > 1 || !spot.lead.is_cue() {
        return;
    }
    let names = scene
        .gazetteer
        .walk(scene.text.folded_from(spot.name.start));
    let town = names.iter().find(|(length, _)| {
        token_end(scene, sentence, spot.name.start, *length) == Some(spot.name.end)
    });
    if let Some((_, name)) = town {
        spot.candidates = scene.gazetteer.candidates(*name).collect();
        spot.source = Source::Gazetteer;
        spot.doubt = Doubt::Bare;
    }
}
