use super::units::{Kind, Unit, VerbGroup};
use crate::domain::{Action, Status};
use crate::language::{Effect, EventRules, Marker, Tense};

/// Units behind a noun in which a word such as "in progress" speaks of it.
const CLOSE: usize = 5;

/// Says how far along the event of the trigger at unit `at` is: done, going on, only said, or denied.
pub(super) fn status(units: &[Unit], at: usize, rules: &EventRules, action: Action) -> Status {
    let judge = Judge {
        units,
        rules,
        action,
    };
    let status = match &units[at].kind {
        Kind::Verb(group) => judge.verb(at, group),
        _ => judge.noun(at),
    };
    let untrue = |unit: &Unit| unit.kind == Kind::Effect(Effect::Untrue);
    if matches!(status, Status::Occurred | Status::Ongoing)
        && (judge.is_denied(at) || units.iter().any(untrue))
    {
        return Status::Denied;
    }
    status
}

/// What a trigger's status hangs on.
struct Judge<'a> {
    units: &'a [Unit],
    rules: &'a EventRules,
    action: Action,
}

impl Judge<'_> {
    fn verb(&self, at: usize, group: &VerbGroup) -> Status {
        if group.negated {
            return Status::Denied;
        }
        if group.going_on {
            return Status::Ongoing;
        }
        if matches!(group.tense, Tense::Infinitive | Tense::Gerund) {
            // "plans to leave", "has finished taking": what governs the infinitive says it; "after taking" is
            // done, "to take" is aimed at.
            let purpose = at > 0 && matches!(self.units[at - 1].kind, Kind::Marker(Marker::To));
            let alone = if purpose {
                Status::Planned
            } else {
                Status::Occurred
            };
            return self
                .governor(at)
                .map_or(alone, |effect| self.said(effect, alone));
        }
        // "is to be handed over", "will be taken"
        if group.tense == Tense::Participle
            && group.auxiliary == Some(Tense::Infinitive)
            && self.governor(at) == Some(Effect::Planned)
        {
            return Status::Planned;
        }
        self.by_tense(group)
    }

    /// "denied that its men had left X", "nie avoir évacué X".
    fn is_denied(&self, at: usize) -> bool {
        let opens = self.units[..at]
            .iter()
            .rposition(|unit| ends(&unit.kind) || matches!(unit.kind, Kind::Verb(_)));
        let Some(opens) = opens else { return false };
        let verb = match self.units[opens].kind {
            Kind::Verb(_) => Some(opens),
            Kind::Marker(Marker::That) => self.units[opens.saturating_sub(3)..opens]
                .iter()
                .rposition(|unit| matches!(unit.kind, Kind::Verb(_)))
                .map(|verb| opens.saturating_sub(3) + verb),
            _ => None,
        };
        let within = matches!(self.units[opens].kind, Kind::Marker(_))
            || matches!(&self.units[at].kind, Kind::Verb(group) if group.auxiliary == Some(Tense::Infinitive));
        verb.is_some_and(|verb| match &self.units[verb].kind {
            Kind::Verb(group) => {
                within && !group.negated && self.rules.saying_no.contains(&group.verb)
            }
            _ => false,
        })
    }

    fn by_tense(&self, group: &VerbGroup) -> Status {
        let siege = self.action == Action::Siege;
        let tense = group
            .auxiliary
            .filter(|_| group.tense == Tense::Participle)
            .unwrap_or(group.tense);
        match (group.tense, tense) {
            (Tense::Participle, _) if group.bare && siege => Status::Ongoing,
            (Tense::Participle, _) if group.bare => Status::Occurred,
            (_, Tense::Future) => Status::Planned,
            // "serait entrée" is hearsay of what is done; "quitterait" is not done yet.
            (Tense::Participle, Tense::Conditional) => Status::Occurred,
            (_, Tense::Conditional) => Status::Planned,
            (Tense::Participle, Tense::Present | Tense::Imperfect) if group.passive && siege => {
                Status::Ongoing
            }
            (Tense::Participle, _) => Status::Occurred,
            (_, Tense::Present | Tense::Imperfect) if lasts(self.action) => Status::Ongoing,
            _ => Status::Occurred,
        }
    }

    fn noun(&self, at: usize) -> Status {
        if let Some(effect) = self.close_behind(at) {
            return self.said(effect, Status::Occurred);
        }
        // What stands before the noun goes first: "has announced the withdrawal", "the start of the withdrawal".
        for before in (0..at).rev() {
            match &self.units[before].kind {
                Kind::Effect(Effect::Open) => {}
                Kind::Effect(effect) => return self.said(*effect, Status::Occurred),
                Kind::Verb(group)
                    if group.rules.is_empty()
                        || self.rules.verb_effects.contains_key(&group.verb) =>
                {
                    return self.governed(before, group, false);
                }
                Kind::Verb(_) => break,
                kind if ends(kind) => break,
                // "after the fall of"
                Kind::Marker(Marker::Clause | Marker::Condition) => return Status::Occurred,
                _ => {}
            }
        }
        // A noun that something else leads ("hit by rockets") is not the subject of what follows.
        let led = self.units[..at].iter().rev().find(|unit| {
            !matches!(
                unit.kind,
                Kind::Marker(Marker::Filler | Marker::Indefinite) | Kind::Word
            )
        });
        let is_subject = !led.is_some_and(|unit| {
            matches!(
                unit.kind,
                Kind::Marker(
                    Marker::By
                        | Marker::In
                        | Marker::On
                        | Marker::To
                        | Marker::From
                        | Marker::With
                        | Marker::Through
                ) | Kind::Verb(_)
            )
        });
        if is_subject {
            for (after, unit) in self.units.iter().enumerate().skip(at + 1) {
                match &unit.kind {
                    Kind::Effect(Effect::Open) => {}
                    Kind::Effect(effect) => return self.said(*effect, Status::Occurred),
                    Kind::Verb(group) if group.is_finite() => {
                        return self.governed(after, group, true);
                    }
                    Kind::Marker(Marker::Clause | Marker::Condition) | Kind::Noun(_) => break,
                    kind if ends(kind) => break,
                    _ => {}
                }
            }
        }
        if self.action == Action::Siege {
            Status::Ongoing
        } else {
            Status::Occurred
        }
    }

    /// "in progress", "imminent", right behind the noun.
    fn close_behind(&self, at: usize) -> Option<Effect> {
        let behind = self.units[at + 1..].iter().take(CLOSE).take_while(|unit| {
            !matches!(unit.kind, Kind::Verb(_) | Kind::Noun(_)) && !ends(&unit.kind)
        });
        behind.into_iter().find_map(|unit| match unit.kind {
            Kind::Effect(effect) if effect != Effect::Open => Some(effect),
            _ => None,
        })
    }

    /// The status that a verb gives the noun it governs, or whose subject the noun is.
    fn governed(&self, at: usize, group: &VerbGroup, subject: bool) -> Status {
        let own = self.verb(at, group);
        match self.rules.verb_effects.get(&group.verb) {
            _ if own == Status::Planned || own == Status::Denied => own,
            Some(effect) => self.said(*effect, own),
            None if self.rules.saying.contains(&group.verb) => Status::Occurred,
            // "blames the shelling on": a verb that does not carry the action says nothing of its progress.
            None if own == Status::Ongoing && !subject => Status::Occurred,
            None => own,
        }
    }

    fn said(&self, effect: Effect, otherwise: Status) -> Status {
        match effect {
            Effect::Planned => Status::Planned,
            Effect::Announced if is_move(self.action) => Status::Planned,
            Effect::Announced => Status::Occurred,
            Effect::Ongoing => Status::Ongoing,
            Effect::Occurred => Status::Occurred,
            Effect::Denied => Status::Denied,
            Effect::Open | Effect::Untrue => otherwise,
        }
    }

    /// The effect of the nearest verb or noun before that governs an infinitive.
    fn governor(&self, at: usize) -> Option<Effect> {
        for unit in self.units[..at].iter().rev() {
            match &unit.kind {
                Kind::Effect(Effect::Open) => {}
                Kind::Effect(effect) => return Some(*effect),
                Kind::Verb(group) => match self.rules.verb_effects.get(&group.verb) {
                    Some(Effect::Open) => {}
                    Some(effect) => {
                        let ahead = matches!(
                            group.auxiliary.unwrap_or(group.tense),
                            Tense::Future | Tense::Conditional
                        );
                        return Some(match effect {
                            _ if group.negated => Effect::Denied,
                            Effect::Ongoing | Effect::Occurred if ahead => Effect::Planned,
                            _ => *effect,
                        });
                    }
                    // "entered Raqqa after leaving Tabqa": another trigger governs nothing.
                    None if group.tense == Tense::Infinitive || !group.rules.is_empty() => {}
                    None => return None,
                },
                Kind::Marker(Marker::Clause | Marker::Condition) => return None,
                kind if ends(kind) => return None,
                _ => {}
            }
        }
        None
    }
}

/// Where nothing before governs what follows.
const fn ends(kind: &Kind) -> bool {
    matches!(
        kind,
        Kind::Mark(';' | ':' | '.' | '(' | ')' | '–' | '—')
            | Kind::Marker(Marker::Who | Marker::That | Marker::Where | Marker::Whose)
    )
}

/// Actions that a present or imperfect shows as going on; the others are over once they are told.
const fn lasts(action: Action) -> bool {
    matches!(
        action,
        Action::Advance | Action::Clash | Action::Strike | Action::Siege | Action::Offensive
    )
}

/// Actions that are announced before they are done; the announcement of others tells that they are done.
const fn is_move(action: Action) -> bool {
    matches!(
        action,
        Action::Withdrawal | Action::Deployment | Action::Offensive | Action::Evacuation
    )
}
