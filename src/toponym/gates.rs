//! What speaks for and against a name of the gazetteer being a place here.

use std::ops::Range;

use smallvec::SmallVec;

use super::cues::Lead;
use super::scene::Scene;
use super::spot::Doubt;
use crate::domain::PlaceKind;
use crate::gazetteer::Candidate;
use crate::language::Role;
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
    if words == 0 || is_too_short(scene, name) || is_person(scene, sentence, name) {
        return None;
    }
    let famous = is_famous(scene, candidates);
    let said = lead.town || lead.near || lead.designator.is_some();
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
    let given = name.len() == 1 && scene.words.given.contains(scene.text.fold(name.start));
    if given && !said && !is_country(scene, candidates) {
        return Some(Doubt::Strong);
    }
    if is_acronym(scene, name) && telling && !said && !famous {
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

/// Words of a name that are more than its articles.
fn main_words(scene: &Scene<'_>, name: &Range<usize>) -> usize {
    name.clone()
        .filter(|token| {
            scene.text.tokens[*token].kind == TokenKind::Word
                && !scene.words.particles.contains(scene.text.fold(*token))
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
        return cue || scene.words.common.contains(scene.text.fold(name.start));
    }
    let words: SmallVec<[&str; 4]> = name.map(|token| scene.text.fold(token)).collect();
    scene.words.common.contains(words.join(" ").as_str())
}

/// A few capitals in running text are more often an organisation's than a town's.
fn is_acronym(scene: &Scene<'_>, name: &Range<usize>) -> bool {
    let token = scene.text.tokens[name.start];
    name.len() == 1 && token.case == Case::Upper && token.span.len() <= ACRONYM
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
    let given = |token: usize| {
        scene.text.tokens[token].case != Case::Lower
            && scene.words.given.contains(scene.text.fold(token))
    };
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
    name.len() == 1 && given(name.start) && name.end < sentence.end && {
        let next = scene.text.tokens[name.end];
        next.kind == TokenKind::Word && next.case != Case::Lower
    }
}

/// A capitalised word that is no cue and no common word: a part of somebody's or something's name.
pub(super) fn is_capital_stranger(scene: &Scene<'_>, token: usize) -> bool {
    let word = scene.text.tokens[token];
    word.kind == TokenKind::Word
        && matches!(word.case, Case::Capital | Case::Upper)
        && scene.cues.starting(token).is_none()
        && scene.cues.ending(token).is_none()
        && !scene.words.common.contains(scene.text.fold(token))
}

/// "Chakhtar Donetsk", "Kafr Loussine": a capitalised stranger directly before or behind.
fn is_part_of_longer_name(scene: &Scene<'_>, sentence: &Range<usize>, name: &Range<usize>) -> bool {
    let previous = name.start.checked_sub(1).filter(|at| *at >= sentence.start);
    let before = previous.is_some_and(|at| {
        let part = is_capital_stranger(scene, at) && !scene.opens_sentence(sentence, at);
        // "Jabal al-Zawiya": the article between belongs to both.
        let article = scene.words.particles.contains(scene.text.fold(at))
            && scene.text.tokens[name.start].joined
            && at > sentence.start
            && is_capital_stranger(scene, at - 1);
        part || article
    });
    let behind = name.end < sentence.end
        && (is_capital_stranger(scene, name.end)
            || name.end + 1 < sentence.end
                && (scene.words.particles.contains(scene.text.fold(name.end))
                    || scene.text.tokens[name.end].joined)
                && scene.text.tokens[name.end].kind == TokenKind::Word
                && scene.text.tokens[name.end + 1].joined
                && is_capital_stranger(scene, name.end + 1));
    before || behind
}
