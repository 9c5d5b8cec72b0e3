//! What speaks for and against a name of the gazetteer being a place here.

use std::ops::Range;

use smallvec::SmallVec;

use super::cues::Lead;
use super::scene::Scene;
use super::spot::Doubt;
use crate::domain::PlaceKind;
use crate::gazetteer::Candidate;
use crate::language::{Role, WordKind};
use crate::text::{Case, TokenKind};

/// Inhabitants from which a town is known without introduction.
pub(super) const FAMOUS: u32 = 100_000;

/// Longest acronym, in letters.
const ACRONYM: usize = 5;

/// Whether tokens that the gazetteer knows may be a place here, and with how much doubt; `None` when not.
pub(super) fn judge(
    scene: &Scene<'_>,
    index: usize,
    sentence: &Range<usize>,
    name: &Range<usize>,
    candidates: &[Candidate],
    lead: &Lead,
) -> Option<Doubt> {
    let words = main_words(scene, name);
    if is_currency(scene, name) {
        return None;
    }
    if words == 0 || is_too_short(scene, name) || is_person(scene, sentence, name) {
        return None;
    }
    if !is_country(scene, candidates) && is_namesake(scene, index, sentence, name.end) {
        return None;
    }
    let famous = is_famous(scene, candidates);
    let said = lead.town || lead.near || lead.designator.is_some();
    if !said && !is_country(scene, candidates) {
        let subject = !(lead.linked || lead.preposition || lead.weak);
        let surname =
            is_surname(scene, sentence, name) || subject && !famous && says(scene, sentence, name);
        if surname {
            return Some(Doubt::Strong);
        }
    }
    let opens = scene.opens_sentence(sentence, name.start);
    let telling = scene.telling_case[index];
    if is_common(scene, name) {
        // "in August" is no town, "in Reading" is.
        let named =
            lead.near || lead.designator.is_some() || lead.town && is_great_city(scene, candidates);
        return Some(if named && !opens && telling {
            Doubt::Bare
        } else {
            Doubt::Strong
        });
    }
    let given = name.len() == 1 && scene.is(name.start, WordKind::GIVEN);
    if given && !said && !is_country(scene, candidates) {
        return Some(Doubt::Strong);
    }
    if is_acronym(scene, name) && telling && !(famous && candidates.iter().any(|c| c.main)) {
        return None;
    }
    if !telling {
        return Some(if famous || lead.designator.is_some() {
            Doubt::None
        } else {
            Doubt::Bare
        });
    }
    if words == 1 && is_part_of_longer_name(scene, sentence, name) && !is_country(scene, candidates)
    {
        return Some(Doubt::Strong);
    }
    let sure = lead.is_cue() || words > 1 && famous || !opens && is_country(scene, candidates);
    Some(if sure { Doubt::None } else { Doubt::Bare })
}

/// "US$5", "$US 5": money.
pub(super) fn is_currency(scene: &Scene<'_>, name: &Range<usize>) -> bool {
    let is_sign = |token: usize| {
        let sign = scene.text.tokens.get(token);
        sign.is_some_and(|sign| sign.kind == TokenKind::Mark)
            && scene.text.written(token).starts_with(['$', '€', '£'])
    };
    let joined = |token: usize| scene.text.tokens.get(token).is_some_and(|next| next.joined);
    is_sign(name.end) && joined(name.end)
        || name.start > 0 && is_sign(name.start - 1) && joined(name.start)
}

/// "Baghdad Street", "West Nile virus": what follows only bears the name.
pub(super) fn is_namesake(
    scene: &Scene<'_>,
    index: usize,
    sentence: &Range<usize>,
    next: usize,
) -> bool {
    next < sentence.end
        && (scene.cues.starts(next, Role::NamesakeInAnyCase)
            || scene.cues.starts(next, Role::Namesake)
                && scene.text.tokens[next].may_be_name()
                && scene.telling_case[index])
}

/// One word that says something: a person, unless it is a government's seat.
pub(super) fn says(scene: &Scene<'_>, sentence: &Range<usize>, name: &Range<usize>) -> bool {
    name.len() == 1 && name.end < sentence.end && scene.cues.starts(name.end, Role::Saying)
}

/// A surname of somebody whom the text names in full, or one word with an age.
pub(super) fn is_surname(scene: &Scene<'_>, sentence: &Range<usize>, name: &Range<usize>) -> bool {
    if name.len() != 1 {
        return false;
    }
    has_age(scene, sentence, name.end)
        || scene.persons.contains(scene.text.fold(name.start))
        || scene
            .possessor(name.start)
            .is_some_and(|stem| scene.persons.contains(stem))
}

/// ", 84,": an age behind a name.
fn has_age(scene: &Scene<'_>, sentence: &Range<usize>, end: usize) -> bool {
    end + 1 < sentence.end
        && scene.text.written(end) == ","
        && scene.text.tokens[end + 1].kind == TokenKind::Number
        && scene.text.tokens[end + 1].span.len() <= 2
        && (end + 2 == sentence.end || matches!(scene.text.written(end + 2), "," | "."))
}

/// A capitalised given name.
pub(super) fn is_given(scene: &Scene<'_>, token: usize) -> bool {
    scene.text.tokens[token].case != Case::Lower && scene.is(token, WordKind::GIVEN)
}

/// Words of a name that are more than its articles.
fn main_words(scene: &Scene<'_>, name: &Range<usize>) -> usize {
    name.clone()
        .filter(|token| {
            scene.text.tokens[*token].kind == TokenKind::Word
                && !scene.is(*token, WordKind::PARTICLE)
        })
        .count()
}

/// One or two letters are a name only where a list says so.
fn is_too_short(scene: &Scene<'_>, name: &Range<usize>) -> bool {
    name.len() == 1 && scene.text.fold(name.start).chars().count() < 3
}

/// A common word of the language, perhaps with an article, or one of the small words that stand around names.
fn is_common(scene: &Scene<'_>, name: &Range<usize>) -> bool {
    let mut name = name.clone();
    while name.len() > 1 && scene.cues.starts(name.start, Role::Article) {
        name.start += 1;
    }
    let cue = scene
        .cues
        .starting(name.start)
        .is_some_and(|(cue, length)| {
            length == name.len() && !cue.is(Role::Country) && !cue.is(Role::Seat)
        });
    if name.len() == 1 || cue {
        return cue || is_word(scene, name.start);
    }
    // "October 6", "Highway 11"
    let numbered = name
        .clone()
        .any(|token| scene.text.tokens[token].kind == TokenKind::Number);
    if numbered && name.clone().all(|token| is_word(scene, token)) {
        return true;
    }
    let words: SmallVec<[&str; 4]> = name.map(|token| scene.text.fold(token)).collect();
    scene.kind(&words.join(" ")).is(WordKind::COMMON)
}

/// A word or number of the language, in its plural or with the ending of a possessive too.
pub(super) fn is_word(scene: &Scene<'_>, token: usize) -> bool {
    let word = scene.text.fold(token);
    let known = |word: &str| scene.kind(word).is(WordKind::WORD);
    scene.text.tokens[token].kind == TokenKind::Number
        || scene.is(token, WordKind::WORD)
        || scene.possessor(token).is_some_and(known)
        || scene
            .words
            .plural_endings
            .iter()
            .filter_map(|ending| word.strip_suffix(ending.as_str()))
            .any(|stem| scene.kind(stem).is(WordKind::LEXICON))
}

/// A few capitals in running text are more often an organisation's than a town's.
pub(super) fn is_acronym(scene: &Scene<'_>, name: &Range<usize>) -> bool {
    let token = scene.text.tokens[name.start];
    let capitals = || {
        let written = scene.text.written(name.start).chars();
        written.filter(|letter| letter.is_uppercase()).count()
    };
    name.len() == 1
        && token.span.len() <= ACRONYM
        && (token.case == Case::Upper || token.case == Case::Capital && capitals() > 1)
}

/// A place that needs no introduction: a country, a division, a great city, whatever is no settlement.
pub(super) fn is_famous(scene: &Scene<'_>, candidates: &[Candidate]) -> bool {
    candidates.iter().any(|candidate| {
        !matches!(
            scene.gazetteer.kind(candidate.place),
            PlaceKind::Settlement | PlaceKind::Quarter
        ) || scene.gazetteer.population(candidate.place) >= FAMOUS
            || scene.gazetteer.is_capital(candidate.place)
    })
}

/// A city by its main name.
fn is_great_city(scene: &Scene<'_>, candidates: &[Candidate]) -> bool {
    candidates
        .iter()
        .any(|candidate| candidate.main && scene.gazetteer.population(candidate.place) >= FAMOUS)
}

fn is_country(scene: &Scene<'_>, candidates: &[Candidate]) -> bool {
    candidates.iter().any(|candidate| {
        scene.gazetteer.kind(candidate.place) == PlaceKind::Country
            || scene.gazetteer.is_capital(candidate.place)
    })
}

/// "François Hollande", "colonel Sean Ryan", "Jordan Bardella": a title or given name before it, or a given
/// name itself with a surname behind it.
pub(super) fn is_person(scene: &Scene<'_>, sentence: &Range<usize>, name: &Range<usize>) -> bool {
    let given = |token: usize| is_given(scene, token);
    // Up to three capitalised words back to the title or given name.
    let mut at = name.start;
    for step in 0..4 {
        if at == sentence.start || scene.text.tokens[at - 1].kind == TokenKind::Mark {
            // The full stop of "M. Homs" or of an initial.
            let dotted = at > sentence.start + 1
                && scene.text.written(at - 1) == "."
                && (scene.cues.ends(at - 2, Role::Title)
                    || scene.text.tokens[at - 2].case == Case::Upper
                        && scene.text.tokens[at - 2].span.len() <= 2);
            if dotted {
                return true;
            }
            break;
        }
        if scene.cues.ends(at - 1, Role::Title) || given(at - 1) {
            return true;
        }
        let stranger = is_capital_stranger(scene, at - 1);
        if !stranger || step == 3 {
            break;
        }
        at -= 1;
    }
    // "Henry County" is no person.
    name.len() == 1 && given(name.start) && name.end < sentence.end && {
        let next = scene.text.tokens[name.end];
        next.kind == TokenKind::Word
            && next.case != Case::Lower
            && !scene.cues.starts(name.end, Role::DesignatorAfter)
    }
}

/// A capitalised word that is no cue and no common word: a part of somebody's or something's name.
pub(super) fn is_capital_stranger(scene: &Scene<'_>, token: usize) -> bool {
    let word = scene.text.tokens[token];
    word.kind == TokenKind::Word
        && matches!(word.case, Case::Capital | Case::Upper)
        && scene.cues.starting(token).is_none()
        && scene.cues.ending(token).is_none()
        && !scene.is(token, WordKind::COMMON)
}

/// "Chakhtar Donetsk", "Kafr Loussine": a capitalised stranger directly before or behind.
fn is_part_of_longer_name(scene: &Scene<'_>, sentence: &Range<usize>, name: &Range<usize>) -> bool {
    let previous = name.start.checked_sub(1).filter(|at| *at >= sentence.start);
    let before = previous.is_some_and(|at| {
        let part = is_capital_stranger(scene, at) && !scene.opens_sentence(sentence, at);
        // "Jabal al-Zawiya": the article between belongs to both.
        let article = scene.is(at, WordKind::PARTICLE)
            && scene.text.tokens[name.start].joined
            && at > sentence.start
            && is_capital_stranger(scene, at - 1);
        part || article
    });
    // "Mosul's Joussaq" are two.
    let behind = name.end < sentence.end
        && scene.possessor(name.end - 1).is_none()
        && (is_capital_stranger(scene, name.end)
            || name.end + 1 < sentence.end
                && (scene.is(name.end, WordKind::PARTICLE) || scene.text.tokens[name.end].joined)
                && scene.text.tokens[name.end].kind == TokenKind::Word
                && scene.text.tokens[name.end + 1].joined
                && is_capital_stranger(scene, name.end + 1));
    before || behind
}
