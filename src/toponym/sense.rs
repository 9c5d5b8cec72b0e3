//! What a name stands for: the place, a government, a past war, or a part of somebody's name.

use std::ops::Range;

use super::scene::Scene;
use super::spot::{Source, Spot};
use crate::domain::{PlaceKind, Sense};
use crate::gazetteer::PlaceRef;
use crate::language::Role;
use crate::text::{Case, TokenKind};

/// Wars before this year are no news.
const LIVING: std::ops::Range<u32> = 1000..1990;
/// Nearness of a country below which a text hardly speaks of it.
const ABROAD: f64 = 0.2;
/// Tokens between a name and the year or comparison that makes it history.
const REACH: usize = 12;

/// Tells the sense of every spot.
pub(super) fn tell(scene: &mut Scene<'_>) {
    let mut spots = std::mem::take(&mut scene.spots);
    for index in 0..spots.len() {
        let (mut sense, mut rule) = sense_of(scene, &spots[index]);
        if sense == Sense::Literal
            && index > 0
            && joins_government(scene, &spots[index - 1], &spots[index])
        {
            (sense, rule) = (Sense::Metonym, "sense:joined");
        }
        if sense == Sense::Metonym {
            sit_in_capital(scene, &mut spots[index]);
        }
        spots[index].sense = sense;
        spots[index].sense_rule = rule;
    }
    scene.spots = spots;
}

/// "Washington announced" is the capital, though the state of that name were likelier: the government of the
/// same country sits there.
fn sit_in_capital(scene: &Scene<'_>, spot: &mut Spot) {
    let Some(choice) = spot.choice else {
        return;
    };
    if let Some(capital) = own_capital(scene, spot)
        && capital != choice.place
        && scene.gazetteer.kind(choice.place) != PlaceKind::Country
    {
        spot.settle(capital, choice.rule, choice.confidence);
    }
}

/// The capital of the chosen place's country, if the name can mean it.
fn own_capital(scene: &Scene<'_>, spot: &Spot) -> Option<PlaceRef> {
    let country = scene.country_of(spot.choice?.place)?;
    let capitals = spot.candidates.iter().map(|candidate| candidate.place);
    capitals
        .filter(|place| scene.gazetteer.is_capital(*place))
        .find(|place| scene.country_of(*place) == Some(country))
}

fn sense_of(scene: &Scene<'_>, spot: &Spot) -> (Sense, &'static str) {
    let sentence = scene.sentence(spot);
    if matches!(spot.source, Source::Demonym(_)) {
        return (Sense::Demonym, "sense:demonym");
    }
    if in_organisation(scene, &sentence, spot) {
        return (Sense::Org, "sense:organisation");
    }
    if scene.is_byword(&spot.name) && is_abroad(scene, spot) {
        return (Sense::Historic, "sense:byword");
    }
    if let Some(rule) = history(scene, &sentence, spot) {
        return (Sense::Historic, rule);
    }
    if matches!(spot.source, Source::Seat(_)) {
        let inside = spot.lead.preposition || spot.lead.near;
        return if inside {
            (Sense::Literal, "")
        } else {
            (Sense::Metonym, "sense:seat")
        };
    }
    if let Some(rule) = government(scene, &sentence, spot) {
        return (Sense::Metonym, rule);
    }
    (Sense::Literal, "")
}

/// "Observatoire … de", "opération Bouclier de l’Euphrate", "Washington Post".
fn in_organisation(scene: &Scene<'_>, sentence: &Range<usize>, spot: &Spot) -> bool {
    let behind = spot.name.end < sentence.end
        && scene.possessor(spot.name.end - 1).is_none()
        && scene.cues.starts(spot.name.end, Role::OrganisationAfter)
        && scene.text.tokens[spot.name.end].case != Case::Lower;
    if behind {
        return true;
    }
    if spot.lead.town || spot.lead.near {
        return false;
    }
    let mut at = spot.name.start;
    let (mut small, mut linked) = (0, false);
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
                linked |= cue.is(Role::Link);
                at = at.saturating_sub(length).max(sentence.start);
            }
            Some((cue, _)) if cue.is(Role::Designator) => return false,
            _ if token.may_be_name() => at -= 1,
            // One small word may stand in a title: "pour", and an adjective before "de"; no verb or place preposition.
            cue if small == 0 && cue.map_or(linked, |(cue, _)| cue.is(Role::WeakPreposition)) => {
                small += 1;
                at -= 1;
            }
            _ => return false,
        }
    }
    false
}

/// Whether the text hardly speaks of the country that a name lies in.
fn is_abroad(scene: &Scene<'_>, spot: &Spot) -> bool {
    let country = spot
        .choice
        .and_then(|choice| scene.country_of(choice.place));
    country.is_none_or(|code| scene.countries.nearness(code) < ABROAD)
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
                token + 1 < sentence.end && next.kind == TokenKind::Word && next.case == Case::Lower && scene.cues.starting(token + 1).is_none()
            })
    });
    past.then_some("sense:past")
}

/// A capital or country that speaks, decides or is spoken of as one who acts.
fn government(scene: &Scene<'_>, sentence: &Range<usize>, spot: &Spot) -> Option<&'static str> {
    if !may_be_government(scene, spot) {
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
    if speaks(scene, sentence, spot.name.end) {
        return Some("sense:speaker");
    }
    acts(scene, sentence, before, spot.name.end).then_some("sense:subject")
}

/// A country or capital, without a word that makes a stretch of land of it.
fn may_be_government(scene: &Scene<'_>, spot: &Spot) -> bool {
    let country = matches!(spot.source, Source::Country(_));
    let seat = spot.choice.is_some_and(|choice| {
        scene.gazetteer.is_capital(choice.place)
            || scene.gazetteer.kind(choice.place) == PlaceKind::Country
    }) || own_capital(scene, spot).is_some();
    (country || seat) && spot.lead.designator.is_none() && spot.lead.direction.is_none()
}

/// "Moscou et Téhéran ont": a government stands beside the one before it.
fn joins_government(scene: &Scene<'_>, before: &Spot, spot: &Spot) -> bool {
    let gap = before.name.end..spot.name.start;
    before.sense == Sense::Metonym
        && before.sentence == spot.sentence
        && may_be_government(scene, spot)
        && (1..=3).contains(&gap.len())
        && gap.clone().all(|token| {
            scene.text.written(token) == ","
                || scene.cues.starts(token, Role::Conjunction)
                || scene.cues.starts(token, Role::Article)
        })
}

/// Whether a name is the subject of a clause, and what follows is no small word and nothing that happens to a
/// place: "Ankara a envoyé".
fn acts(scene: &Scene<'_>, sentence: &Range<usize>, start: usize, end: usize) -> bool {
    if scene.possessor(end - 1).is_some() {
        return false;
    }
    let opens = start == sentence.start
        || scene.text.tokens[start - 1].kind == TokenKind::Mark
            && !matches!(scene.text.written(start - 1), "(" | "/")
        || scene.cues.starts(start - 1, Role::Conjunction);
    let mut next = end;
    // The second of two: "Varsovie et Helsinki pressent".
    while next + 1 < sentence.end
        && (scene.text.written(next) == "," || scene.cues.starts(next, Role::Conjunction))
        && next < end + 6
        && scene.text.tokens[next + 1].may_be_name()
    {
        next += 2;
    }
    if !opens || next >= sentence.end {
        return false;
    }
    let word = scene.text.tokens[next];
    let small = scene.cues.starting(next).is_some_and(|(cue, _)| {
        [Role::Happening, Role::WeakPreposition, Role::Link, Role::Conjunction, Role::Designator, Role::Near, Role::Unit, Role::Demonym, Role::Direction]
            .iter()
            .any(|role| cue.is(*role))
            // French "a" is the verb; "à" is written with its accent.
            || cue.is(Role::Preposition) && !scene.text.written(next).is_ascii()
            || cue.is(Role::Preposition) && scene.text.tokens[next].span.len() > 1
    });
    word.kind == TokenKind::Word && word.case == Case::Lower && !small
}

/// Whether a verb of saying follows, with at most three words between: "n’a pas encore", "et Ankara ont".
fn speaks(scene: &Scene<'_>, sentence: &Range<usize>, from: usize) -> bool {
    // "Kabul residents said": somebody else speaks.
    if scene.cues.starts(from, Role::Happening) && !scene.cues.starts(from, Role::Saying) {
        return false;
    }
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
