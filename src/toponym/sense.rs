//! What a name stands for: the place, a government, a past war, or a part of somebody's name.

use std::ops::Range;

use super::scene::Scene;
use super::spot::{Source, Spot};
use crate::domain::{PlaceKind, Sense};
use crate::language::Role;
use crate::text::{Case, TokenKind};

/// Wars before this year are no news.
const LIVING: std::ops::Range<u32> = 1000..1990;
/// Tokens between a name and the year or comparison that makes it history.
const REACH: usize = 12;

/// Tells the sense of every spot.
pub(super) fn tell(scene: &mut Scene<'_>) {
    let mut spots = std::mem::take(&mut scene.spots);
    for spot in &mut spots {
        let (sense, rule) = sense_of(scene, spot);
        spot.sense = sense;
        spot.sense_rule = rule;
    }
    scene.spots = spots;
}

fn sense_of(scene: &Scene<'_>, spot: &Spot) -> (Sense, &'static str) {
    let sentence = scene.sentence(spot);
    if matches!(spot.source, Source::Demonym(_)) {
        return (Sense::Demonym, "sense:demonym");
    }
    if in_organisation(scene, &sentence, spot) {
        return (Sense::Org, "sense:organisation");
    }
    if let Some(rule) = history(scene, &sentence, spot) {
        return (Sense::Historic, rule);
    }
    if matches!(spot.source, Source::Seat(_)) {
        return (Sense::Metonym, "sense:seat");
    }
    if let Some(rule) = government(scene, &sentence, spot) {
        return (Sense::Metonym, rule);
    }
    (Sense::Literal, "")
}

/// "Observatoire … de", "opération Bouclier de l’Euphrate", "Washington Post".
fn in_organisation(scene: &Scene<'_>, sentence: &Range<usize>, spot: &Spot) -> bool {
    let behind = spot.name.end < sentence.end
        && scene.cues.starts(spot.name.end, Role::OrganisationAfter)
        && scene.text.tokens[spot.name.end].case != Case::Lower;
    if behind {
        return true;
    }
    let mut at = spot.name.start;
    let mut small = 0;
    for _ in 0..8 {
        if at == sentence.start || scene.text.tokens[at - 1].kind == TokenKind::Mark {
            return false;
        }
        let token = scene.text.tokens[at - 1];
        match scene.cues.ending(at - 1) {
            Some((cue, _)) if cue.is(Role::OrganisationBefore) => return true,
            Some((cue, length))
                if cue.is(Role::Article) || cue.is(Role::Link) || cue.is(Role::Demonym) =>
            {
                at = at.saturating_sub(length).max(sentence.start);
            }
            Some((cue, _)) if cue.is(Role::Designator) => return false,
            _ if token.may_be_name() => at -= 1,
            // One small word may stand in a title: "pour", "economic".
            _ if small == 0 => {
                small += 1;
                at -= 1;
            }
            _ => return false,
        }
    }
    false
}

/// A comparison before the name, or a year before living wars near it.
fn history(scene: &Scene<'_>, sentence: &Range<usize>, spot: &Spot) -> Option<&'static str> {
    let from = spot.lead.start.saturating_sub(1).max(sentence.start);
    let compared = (from..=spot.name.start)
        .rev()
        .any(|token| token < spot.name.start && scene.cues.ends(token, Role::Comparison));
    if compared {
        return Some("sense:comparison");
    }
    let near = spot.name.start.saturating_sub(REACH).max(sentence.start)
        ..(spot.name.end + REACH).min(sentence.end);
    let past = near.into_iter().any(|token| {
        scene.text.tokens[token].kind == TokenKind::Number
            && scene.text.tokens[token].span.len() == 4
            && scene
                .text
                .fold(token)
                .parse::<u32>()
                .is_ok_and(|year| LIVING.contains(&year))
            // "1 500 soldats", "1500 men": a number of things is no year.
            && !scene.text.tokens.get(token + 1).is_some_and(|next| {
                token + 1 < sentence.end && next.kind == TokenKind::Word && next.case == Case::Lower && !scene.cues.starting(token + 1).is_some()
            })
    });
    past.then_some("sense:past")
}

/// A capital or country that speaks, decides or is spoken of as one who acts.
fn government(scene: &Scene<'_>, sentence: &Range<usize>, spot: &Spot) -> Option<&'static str> {
    let country = matches!(spot.source, Source::Country(_));
    let seat = spot.candidates.iter().any(|candidate| {
        scene.gazetteer.is_capital(candidate.place)
            || scene.gazetteer.kind(candidate.place) == PlaceKind::Country
    });
    if !(country || seat) || spot.lead.designator.is_some() || spot.lead.direction.is_some() {
        return None;
    }
    let mut before = spot.name.start;
    if before > sentence.start && scene.cues.ends(before - 1, Role::Article) {
        before -= 1;
    }
    if scene.cues.before(sentence, before, Role::Attribution) {
        return Some("sense:attribution");
    }
    if scene.cues.before(sentence, before, Role::Agent) {
        return Some("sense:agent");
    }
    if spot.lead.preposition || spot.lead.near || spot.lead.linked || spot.lead.weak {
        return None;
    }
    speaks(scene, sentence, spot.name.end).then_some("sense:speaker")
}

/// Whether a verb of saying follows, with at most three words between: "n’a pas encore", "et Ankara ont".
fn speaks(scene: &Scene<'_>, sentence: &Range<usize>, from: usize) -> bool {
    for token in from..sentence.end.min(from + 4) {
        if scene.cues.starts(token, Role::Saying) {
            return true;
        }
        let word = scene.text.tokens[token];
        if word.kind == TokenKind::Mark
            || scene.cues.starts(token, Role::Preposition)
            || scene.cues.starts(token, Role::Designator)
        {
            return false;
        }
    }
    false
}
