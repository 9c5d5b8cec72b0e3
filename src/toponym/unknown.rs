//! Names that the gazetteer lacks as they are written: capitalised words behind a strong cue are a place
//! all the same; without one they are, when another spelling of them lies in a country of the text.

use std::ops::Range;

use super::gates;
use super::recognise::is_small_word;
use super::scene::Scene;
use super::spelling::{self, Ground};
use super::spot::{Doubt, Source, Spot};
use crate::domain::PlaceKind;
use crate::language::{Role, WordKind};
use crate::text::{Case, TokenKind};

/// Longest run of words taken for one name.
const LONGEST: usize = 5;
/// Share of its country in the text from which another spelling is believed behind a cue, and without one.
const SUPPORT: (f64, f64) = (0.02, 0.15);
/// Letters that a name without a cue must have: short ones fit too much.
const LETTERS: usize = 5;

/// Adds the spots between those already found.
pub(super) fn find(scene: &mut Scene<'_>) {
    let mut found: Vec<Spot> = Vec::new();
    let mut known = scene.spots.iter().peekable();
    let mut last = None;
    for (index, sentence) in scene.text.sentences.iter().enumerate() {
        let sentence = sentence.range();
        let mut at = sentence.start;
        while at < sentence.end {
            if let Some(spot) = known.next_if(|spot| spot.name.start <= at) {
                at = spot.name.end.max(at);
                last = Some(spot);
                continue;
            }
            let end = known
                .peek()
                .map_or(sentence.end, |next| next.name.start.min(sentence.end));
            if !scene.telling_case[index] {
                at = end;
                continue;
            }
            let before = [last, found.last()].into_iter().flatten();
            let before = before.max_by_key(|spot| spot.name.end);
            match unknown_at(scene, index, &sentence, at..end, before) {
                Some(spot) => {
                    at = spot.name.end;
                    found.push(spot);
                }
                None => at += 1,
            }
        }
    }
    if !found.is_empty() {
        scene.spots.append(&mut found);
        scene.spots.sort_by_key(|spot| spot.name.start);
    }
}

fn unknown_at(
    scene: &Scene<'_>,
    index: usize,
    sentence: &Range<usize>,
    free: Range<usize>,
    last: Option<&Spot>,
) -> Option<Spot> {
    let at = free.start;
    let name = run(scene, at, free.end)?;
    // A run that goes on behind is not this run's beginning.
    if name.start > sentence.start && gates::is_capital_stranger(scene, name.start - 1) {
        return None;
    }
    if gates::is_person(scene, sentence, &name) {
        return None;
    }
    let given = scene.is(at, WordKind::GIVEN);
    let lead = scene.cues.around(scene.text, sentence, &name);
    let place = lead
        .designator
        .is_some_and(|(kind, _, _)| kind != PlaceKind::Country);
    let strong = place
        || scene.is_byword(&name)
        || lead.town
        || lead.near
        || lead.direction.is_some()
        || apposed(scene, sentence, name.end)
        || last.is_some_and(|last| continues_list(scene, sentence, last, &name));
    let folded: Vec<_> = name.clone().map(|token| scene.text.fold(token)).collect();
    let folded = folded.join(" ");
    if !strong && (folded.chars().count() < LETTERS || lead.weak && lead.article) {
        return None;
    }
    let (support, ground) = if strong {
        (SUPPORT.0, Ground::Cue)
    } else {
        (SUPPORT.1, Ground::Capital)
    };
    let candidates = spelling::candidates(scene, &folded, support, ground);
    if candidates.is_empty() && (!strong || given || !is_name(scene, index, sentence, &name)) {
        return None;
    }
    let mut spot = Spot::new(name, index, lead, Source::Unknown);
    spot.candidates = candidates;
    spot.doubt = if strong { Doubt::None } else { Doubt::Bare };
    Some(spot)
}

/// Whether capitals that no gazetteer knows may be a place's name: not if all are common words, if somebody or an
/// organisation bears the name, or what follows only lends it.
fn is_name(scene: &Scene<'_>, index: usize, sentence: &Range<usize>, name: &Range<usize>) -> bool {
    let common = name
        .clone()
        .filter(|token| gates::is_word(scene, *token))
        .count();
    let organisation = name.clone().any(|token| {
        scene.cues.starting(token).is_some_and(|(cue, _)| {
            cue.is(Role::OrganisationAfter)
                || cue.is(Role::Namesake)
                || cue.is(Role::NamesakeInAnyCase)
        })
    });
    common < name.len().min(2)
        && !organisation
        && !gates::is_acronym(scene, name)
        && !gates::is_surname(scene, sentence, name)
        && !gates::says(scene, sentence, name)
        && !gates::is_namesake(scene, index, sentence, name.end)
}

/// ", bourgade chrétienne", ", a crossroads 60 km to the south", ", près de": what follows the comma tells of
/// a place.
fn apposed(scene: &Scene<'_>, sentence: &Range<usize>, end: usize) -> bool {
    if end >= sentence.end || !matches!(scene.text.written(end), "," | "(") {
        return false;
    }
    for token in end + 1..sentence.end.min(end + 6) {
        let word = scene.text.tokens[token];
        if word.kind == TokenKind::Mark {
            return false;
        }
        if let Some((cue, _)) = scene.cues.starting(token) {
            if [Role::Designator, Role::Near, Role::Direction, Role::Unit]
                .iter()
                .any(|role| cue.is(*role))
                && word.case != Case::Upper
            {
                return true;
            }
            if cue.is(Role::Saying) || cue.is(Role::Title) {
                return false;
            }
        } else if word.kind == TokenKind::Word && word.case != Case::Lower {
            return false;
        }
    }
    false
}

/// "à Zamalka, Jobar et X": one more of a list of places, and the list ends or goes on behind it.
fn continues_list(
    scene: &Scene<'_>,
    sentence: &Range<usize>,
    last: &Spot,
    name: &Range<usize>,
) -> bool {
    if last.name.end < sentence.start || matches!(last.source, Source::Demonym(_) | Source::Seat(_))
    {
        return false;
    }
    let gap = last.name.end..name.start;
    let tied = !gap.is_empty()
        && gap.len() <= 3
        && gap.clone().all(|token| {
            scene.text.written(token) == ","
                || scene.cues.starts(token, Role::Conjunction)
                || scene.cues.starts(token, Role::Link)
                || scene.cues.starts(token, Role::Preposition)
        });
    let joined = gap
        .clone()
        .any(|token| scene.cues.starts(token, Role::Conjunction));
    let goes_on = name.end >= sentence.end
        || matches!(scene.text.written(name.end), "," | "." | ")" | ";" | ":")
        || scene.cues.starts(name.end, Role::Conjunction);
    // After a comma alone a new clause may begin: "à Moscou, Poutine a dit".
    tied && (joined || goes_on)
}

/// The run of capitalised words that starts at a token, its small words within included.
fn run(scene: &Scene<'_>, at: usize, limit: usize) -> Option<Range<usize>> {
    let particle = |token: usize| scene.is(token, WordKind::PARTICLE);
    let article = |token: usize| {
        scene.is(token, WordKind::NAME_ARTICLE) && !scene.cues.starts(token, Role::Article)
    };
    let proper = |token: usize| {
        gates::is_capital_stranger(scene, token)
            || scene.text.tokens[token].case == Case::Capital
                && token > at
                && !scene.cues.starts(token, Role::Demonym)
                && scene.text.tokens[token].kind == TokenKind::Word
            || scene.text.tokens[token].case == Case::Capital && article(token)
    };
    let behind_article = article(at)
        && !is_small_word(scene, at)
        && at + 1 < limit
        && gates::is_capital_stranger(scene, at + 1);
    if !(proper(at) || behind_article) {
        return None;
    }
    let mut end = at + 1;
    let mut strangers = usize::from(gates::is_capital_stranger(scene, at) && !article(at));
    while end < limit && end - at < LONGEST && scene.possessor(end - 1).is_none() {
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
