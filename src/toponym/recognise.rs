//! Finds what may be a place name: countries, nationalities and seats of power from the language's lists,
//! everything else by walking the gazetteer's names over the tokens, the longest first.

use std::ops::Range;

use smallvec::SmallVec;

use super::gates;
use super::scene::Scene;
use super::spot::{Doubt, Source, Spot};
use crate::domain::PlaceKind;
use crate::gazetteer::{Candidate, NameRef};
use crate::language::{CountryCode, Role, Short, WordKind};
use crate::text::{Case, TokenKind, fold};

/// Longest name in tokens, longest abbreviation in letters.
const LONGEST: usize = 9;
/// Within how many tokens of a small first word a name has a capital.
const LEADING: usize = 5;
/// Longest part of an abbreviation, in bytes.
const LONGEST_PART: usize = 5;

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
    if let Some((short, end)) = abbreviation(scene, sentence, at) {
        return short_spot(scene, index, sentence, at..end, short);
    }
    if let Some(spot) = division(scene, index, sentence, at) {
        return Some(spot);
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
        !gates::is_currency(scene, &(at..*end))
            && (matches!(source, Source::Demonym(_))
                || !gates::is_person(scene, sentence, &(at..*end)))
    })?;
    let lead = scene.cues.around(scene.text, sentence, &(at..end));
    let mut spot = Spot::new(at..end, index, lead, source);
    if matches!(spot.source, Source::Seat(_)) {
        seat_or_place(scene, sentence, &mut spot);
    }
    Some(spot)
}

/// The spot of exactly these tokens, by the lists or the gazetteer, however they are written.
pub(super) fn named(
    scene: &Scene<'_>,
    index: usize,
    sentence: &Range<usize>,
    tokens: Range<usize>,
) -> Option<Spot> {
    let lead = scene.cues.around(scene.text, sentence, &tokens);
    if let Some((short, _)) =
        abbreviation(scene, sentence, tokens.start).filter(|(_, end)| *end == tokens.end)
    {
        return short_spot(scene, index, sentence, tokens, short);
    }
    if let Some((source, _)) =
        listed(scene, index, sentence, tokens.start).filter(|(_, end)| *end == tokens.end)
    {
        return Some(Spot::new(tokens, index, lead, source));
    }
    let names = scene.gazetteer.walk(scene.text.folded_from(tokens.start));
    let (_, name) = names.iter().find(|(length, _)| {
        token_end(scene, sentence, tokens.start, *length) == Some(tokens.end)
    })?;
    let mut spot = Spot::new(tokens, index, lead, Source::Gazetteer);
    spot.candidates = scene.gazetteer.candidates(*name).collect();
    Some(spot)
}

/// "U.S.", "R.D.C.", "W.Va.", "Ill.": short words with full stops, the most that are one abbreviation.
fn abbreviation<'a>(
    scene: &Scene<'a>,
    sentence: &Range<usize>,
    at: usize,
) -> Option<(&'a Short, usize)> {
    let text = scene.text;
    let is_part = |token: usize| {
        token + 1 < sentence.end
            && matches!(text.tokens[token].case, Case::Upper | Case::Capital)
            && text.tokens[token].span.len() <= LONGEST_PART
            && text.tokens[token + 1].joined
            && text.written(token + 1) == "."
    };
    if !is_part(at) {
        return None;
    }
    let mut letters = String::new();
    let mut found = None;
    let mut end = at;
    while is_part(end) && letters.len() < LONGEST {
        letters.push_str(text.fold(end));
        end += 2;
        let known = scene.words.abbreviations.get(&letters);
        // "Ill.", "Miss." may be a word at a sentence's end: a comma before or a small letter behind tells.
        let alone = end == at + 2 && text.tokens[at].span.len() > 1;
        let tells = !alone
            || at > sentence.start && matches!(text.written(at - 1), "," | "(")
            || end < sentence.end && text.tokens[end].case == Case::Lower && at > sentence.start;
        found = known.filter(|_| tells).map(|short| (short, end)).or(found);
    }
    found
}

/// The spot of a short form of a country or division.
fn short_spot(
    scene: &Scene<'_>,
    index: usize,
    sentence: &Range<usize>,
    tokens: Range<usize>,
    short: &Short,
) -> Option<Spot> {
    let lead = scene.cues.around(scene.text, sentence, &tokens);
    let Some(division) = &short.division else {
        return Some(Spot::new(
            tokens,
            index,
            lead,
            Source::Country(short.country),
        ));
    };
    let mut spot = Spot::new(tokens, index, lead, Source::Gazetteer);
    spot.candidates = division_of(scene, short.country, division)
        .into_iter()
        .collect();
    (!spot.candidates.is_empty()).then_some(spot)
}

/// The first-order division of a country by a folded name, rather by its main one.
fn division_of(scene: &Scene<'_>, country: CountryCode, name: &str) -> Option<Candidate> {
    let gazetteer = scene.gazetteer;
    let candidates = gazetteer.candidates(gazetteer.name(name)?);
    candidates
        .filter(|found| {
            gazetteer.kind(found.place) == PlaceKind::Admin1
                && scene.country_of(found.place) == Some(country)
        })
        .max_by_key(|found| fold(gazetteer.main_name(found.place)) == name)
}

/// "NSW", "BC": a division's short form, as its letters are written.
fn division(scene: &Scene<'_>, index: usize, sentence: &Range<usize>, at: usize) -> Option<Spot> {
    let (cue, length) = scene.cues.starting(at)?;
    let name = cue.division.as_ref().filter(|_| cue.is(Role::Division))?;
    let short = scene.text.tokens[at].span.len() <= LONGEST_PART;
    let case = scene.text.tokens[at].case;
    let written =
        case == Case::Upper && scene.telling_case[index] || case == Case::Capital && !short;
    if !written {
        return None;
    }
    let short = Short {
        country: *cue.countries.first()?,
        division: Some(name.clone()),
    };
    short_spot(scene, index, sentence, at..at + length, &short)
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
    if let Some((name, end)) = found {
        // "Canada's" is Canada rather than Cañadas; "St John's" is no St John.
        let owner = match scene.possessor(end - 1) {
            Some(_) => possessive(scene, sentence, at, key),
            None => None,
        };
        let known = |name: NameRef| {
            let candidates: SmallVec<[Candidate; 4]> = scene.gazetteer.candidates(name).collect();
            gates::is_famous(scene, &candidates)
        };
        return owner
            .filter(|(owner, to)| *to == end && (known(*owner) || !known(name)))
            .or(found);
    }
    if let Some(found) = possessive(scene, sentence, at, key) {
        return Some(found);
    }
    if let Some(found) = shortened(scene, sentence, at, key) {
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

/// A name whose first word is shortened with a full stop: "St. Petersburg", "Mt. Hermon".
fn shortened(
    scene: &Scene<'_>,
    sentence: &Range<usize>,
    at: usize,
    key: &mut String,
) -> Option<(NameRef, usize)> {
    let text = scene.text;
    let short = text.fold(at);
    let long = scene.words.abbreviated.get(short)?;
    let rest = at + 2;
    let dotted = rest < sentence.end && text.written(at + 1) == "." && text.tokens[at + 1].joined;
    if !dotted || !text.tokens[rest].may_be_name() {
        return None;
    }
    [short, long.as_str()].into_iter().find_map(|first| {
        key.clear();
        key.push_str(first);
        key.push(' ');
        for token in rest..sentence.end.min(rest + LONGEST) {
            key.push_str(text.fold(token));
            key.push(' ');
        }
        let names = scene.gazetteer.walk(key);
        names.iter().rev().find_map(|(length, name)| {
            let behind = length.checked_sub(first.len() + 1)?;
            Some((*name, token_end(scene, sentence, rest, behind)?))
        })
    })
}

/// A name whose last word bears the ending of a possessive: "Deir ez-Zor’s".
fn possessive(
    scene: &Scene<'_>,
    sentence: &Range<usize>,
    at: usize,
    key: &mut String,
) -> Option<(NameRef, usize)> {
    key.clear();
    let few = at..sentence.end.min(at + 4);
    if !few.clone().any(|token| scene.possessor(token).is_some()) {
        return None;
    }
    for token in few {
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
    // A small word begins a name only if a capital follows soon; a border may have none.
    let capital = |token: usize| {
        scene
            .text
            .tokens
            .get(token)
            .is_some_and(|next| next.may_be_name())
    };
    if !(at + 1..at + LEADING).any(capital) {
        return scene.cues.starts(at, Role::Designator);
    }
    scene.is(at, WordKind::PARTICLE)
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
    if tokens.len() > 1 && is_small_word(scene, first) && !small_article {
        return false;
    }
    let mut capitals = 0;
    let mut stray = false;
    for token in tokens.clone() {
        let written = scene.text.tokens[token];
        if written.may_be_name() {
            // The article of "Al-Bab" alone does not make "al bab" a name.
            capitals += usize::from(!scene.is(token, WordKind::PARTICLE) || tokens.len() == 1);
        } else if written.case == Case::Lower
            && !(written.joined
                && scene
                    .text
                    .tokens
                    .get(token + 1)
                    .is_some_and(|next| next.joined))
            && !scene.is(token, WordKind::PARTICLE)
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

/// A small word of the language that is also an article of names: "as" of "as Suwayda", but with a space behind.
pub(super) fn is_small_word(scene: &Scene<'_>, token: usize) -> bool {
    let next = scene.text.tokens.get(token + 1);
    scene.text.tokens[token].case == Case::Lower
        && scene.is(token, WordKind::PARTICLE)
        && scene.cues.starting(token).is_some()
        && !next.is_some_and(|next| next.joined)
}

/// A seat of power that is also a town's name is the town behind a place preposition.
fn seat_or_place(scene: &Scene<'_>, sentence: &Range<usize>, spot: &mut Spot) {
    if spot.name.len() > 1 {
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
        if spot.lead.is_cue() {
            spot.source = Source::Gazetteer;
            spot.doubt = Doubt::Bare;
        }
    }
}
