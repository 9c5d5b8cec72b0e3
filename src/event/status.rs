use super::units::{Kind, Unit, VerbGroup};
use crate::domain::{Action, Status};
use crate::language::{Effect, EventRules, Marker, Tense};

/// Says how far along the event of the trigger at unit `at` is: done, going on, only said, or denied.
pub(super) fn status(units: &[Unit], at: usize, rules: &EventRules, action: Action) -> Status {
    match &units[at].kind {
        Kind::Verb(group) => of_verb(units, at, group, rules, action),
        _ => of_noun(units, at, rules, action),
    }
}

fn of_verb(units: &[Unit], at: usize, group: &VerbGroup, rules: &EventRules, action: Action) -> Status {
    if group.negated {
        return Status::Denied;
    }
    if group.going_on {
        return Status::Ongoing;
    }
    if matches!(group.tense, Tense::Infinitive | Tense::Gerund) {
        // "plans to leave", "has finished taking": what governs the infinitive says it.
        let governed = governor(units, at, rules).unwrap_or(Effect::Open);
        return match governed {
            Effect::Planned => Status::Planned,
            Effect::Ongoing => Status::Ongoing,
            Effect::Denied => Status::Denied,
            Effect::Occurred | Effect::Open => {
                // "after taking" is done, "to take" is aimed at.
                let achieved = at > 1 && matches!(&units[at - 2].kind, Kind::Verb(verb) if rules.verb_effects.get(&verb.verb) == Some(&Effect::Occurred));
                let purpose = at > 0 && matches!(units[at - 1].kind, Kind::Marker(Marker::To)) && !achieved;
                if purpose { Status::Planned } else { Status::Occurred }
            }
        };
    }
    let own = by_tense(group, action);
    // "was ordered evacuated", "is to be handed over"
    if group.tense == Tense::Participle && matches!(governor(units, at, rules), Some(Effect::Planned)) && group.auxiliary == Some(Tense::Infinitive) {
        return Status::Planned;
    }
    own
}

fn by_tense(group: &VerbGroup, action: Action) -> Status {
    let tense = group.auxiliary.filter(|_| group.tense == Tense::Participle).unwrap_or(group.tense);
    match (group.tense, tense) {
        (Tense::Participle, _) if group.bare => if action == Action::Siege { Status::Ongoing } else { Status::Occurred },
        (_, Tense::Future) => Status::Planned,
        // "serait entrée" is hearsay of what is done; "quitterait" is not done yet.
        (Tense::Participle, Tense::Conditional) => Status::Occurred,
        (_, Tense::Conditional) => Status::Planned,
        (Tense::Participle, Tense::Present | Tense::Imperfect) if group.passive && action == Action::Siege => Status::Ongoing,
        (Tense::Participle, _) => Status::Occurred,
        (_, Tense::Present | Tense::Imperfect) if lasts(action) => Status::Ongoing,
        _ => Status::Occurred,
    }
}

/// Actions that a present or imperfect shows as going on; the others are over once they are told.
const fn lasts(action: Action) -> bool {
    matches!(action, Action::Advance | Action::Clash | Action::Strike | Action::Siege | Action::Offensive)
}

fn of_noun(units: &[Unit], at: usize, rules: &EventRules, action: Action) -> Status {
    // What stands before the noun goes first: "has announced the withdrawal", "the start of the withdrawal".
    let mut step = at;
    while let Some(before) = step.checked_sub(1) {
        step = before;
        match &units[before].kind {
            Kind::Effect(Effect::Open) => {}
            Kind::Effect(effect) => return said(*effect, Status::Occurred),
            Kind::Verb(group) => {
                if group.rules.is_empty() || rules.verb_effects.contains_key(&group.verb) {
                    return of_governing(units, before, group, rules, action);
                }
                break;
            }
            Kind::Noun(_) | Kind::Mark(';' | ':' | '.' | '(' | ')' | '–' | '—') | Kind::Marker(Marker::Who | Marker::That | Marker::Where | Marker::Whose) => break,
            // "after the fall of"
            Kind::Marker(Marker::Clause) => return Status::Occurred,
            _ => {}
        }
    }
    for (after, unit) in units.iter().enumerate().skip(at + 1) {
        match &unit.kind {
            Kind::Effect(Effect::Open) => {}
            Kind::Effect(effect) => return said(*effect, Status::Occurred),
            Kind::Verb(group) if group.is_finite() => return of_governing(units, after, group, rules, action),
            Kind::Noun(_) | Kind::Mark(';' | ':' | '.') | Kind::Marker(Marker::Who | Marker::That | Marker::Where | Marker::Whose | Marker::Clause) => break,
            _ => {}
        }
    }
    if action == Action::Siege { Status::Ongoing } else { Status::Occurred }
}

/// The status that a verb gives the noun it governs.
fn of_governing(units: &[Unit], at: usize, group: &VerbGroup, rules: &EventRules, action: Action) -> Status {
    let own = of_verb(units, at, group, rules, action);
    match rules.verb_effects.get(&group.verb) {
        _ if own == Status::Planned || own == Status::Denied => own,
        Some(effect) => said(*effect, own),
        None if rules.saying.contains(&group.verb) => Status::Occurred,
        None => own,
    }
}

const fn said(effect: Effect, otherwise: Status) -> Status {
    match effect {
        Effect::Planned => Status::Planned,
        Effect::Ongoing => Status::Ongoing,
        Effect::Occurred => Status::Occurred,
        Effect::Denied => Status::Denied,
        Effect::Open => otherwise,
    }
}

/// The effect of the nearest verb or noun before that governs an infinitive.
fn governor(units: &[Unit], at: usize, rules: &EventRules) -> Option<Effect> {
    for unit in units[..at].iter().rev() {
        match &unit.kind {
            Kind::Effect(Effect::Open) => {}
            Kind::Effect(effect) => return Some(*effect),
            Kind::Verb(group) => match rules.verb_effects.get(&group.verb) {
                Some(Effect::Open) => {}
                Some(effect) => {
                    let effect = *effect;
                    let tense = group.auxiliary.unwrap_or(group.tense);
                    let ahead = matches!(tense, Tense::Future | Tense::Conditional);
                    return Some(match effect {
                        _ if group.negated => Effect::Denied,
                        Effect::Ongoing | Effect::Occurred if ahead => Effect::Planned,
                        _ => effect,
                    });
                }
                // "entered Raqqa after leaving Tabqa": another trigger governs nothing.
                None if group.tense == Tense::Infinitive || !group.rules.is_empty() => {}
                None => return None,
            },
            Kind::Marker(Marker::Who | Marker::That | Marker::Where | Marker::Whose | Marker::Clause) | Kind::Mark(';' | ':' | '.' | '(' | '–' | '—') => return None,
            _ => {}
        }
    }
    None
}
