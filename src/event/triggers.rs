//! Which rules a trigger fires, by the words around it.

use smallvec::SmallVec;

use super::analysis::Narrator;
use super::units::{Kind, Unit};
use crate::language::{EventRule, Marker, Tense};
use crate::text::Phrases;

impl Narrator<'_> {
    /// Leaves each trigger the rules whose words stand around it: one without any is a word like others, and hides
    /// nothing.
    pub(super) fn keep_what_fires(&self, units: &mut [Unit]) {
        let rules = &self.reading.language.events.rules;
        for at in 0..units.len() {
            let Some(own) = fired(&units[at].kind).filter(|own| !own.is_empty()) else {
                continue;
            };
            let fires = |rule: &usize| self.fires(&rules[*rule], units, at);
            let left: SmallVec<[usize; 2]> = own.iter().copied().filter(fires).collect();
            match &mut units[at].kind {
                Kind::Noun(_) if left.is_empty() => units[at].kind = Kind::Word,
                Kind::Noun(rules) => *rules = left,
                Kind::Verb(group) => group.rules = left,
                _ => {}
            }
        }
    }

    /// Whether the words around a trigger are those that its rule wants.
    fn fires(&self, rule: &EventRule, units: &[Unit], at: usize) -> bool {
        // "without fighting"
        let reach = if matches!(units[at].kind, Kind::Verb(_)) {
            4
        } else {
            2
        };
        if units[at.saturating_sub(reach)..at]
            .iter()
            .any(|unit| unit.kind == Kind::Marker(Marker::Without))
        {
            return false;
        }
        // "combattant" is a noun unless it is led in as a gerund.
        if matches!(&units[at].kind, Kind::Verb(group) if group.tense == Tense::Gerund && !group.going_on)
            && !self.reading.language.events.adjectives_first
            && !(at > 0
                && matches!(
                    units[at - 1].kind,
                    Kind::Marker(Marker::In | Marker::There | Marker::Reflexive)
                        | Kind::Mark(',')
                        | Kind::Party(_)
                ))
        {
            return false;
        }
        if let Kind::Verb(group) = &units[at].kind
            && rule
                .reflexive
                .is_some_and(|wanted| wanted != group.reflexive)
        {
            return false;
        }
        let text = self.reading.text;
        let (first, last) = (units[0].tokens.start, units[units.len() - 1].tokens.end);
        let trigger = &units[at].tokens;
        let behind = trigger.start..(trigger.end + 8).min(last);
        let around = trigger.start.saturating_sub(4).max(first)..(trigger.end + 5).min(last);
        let has = |words: &Phrases<()>, range: std::ops::Range<usize>| {
            let mut tokens = range.into_iter();
            tokens.any(|token| words.spelt_at(text, token, last).is_some())
        };
        let ahead = trigger.start.saturating_sub(12).max(first)..trigger.start;
        let words = &rule.around;
        (words.led.is_empty() || has(&words.led, ahead))
            && (words.with.is_empty() || has(&words.with, behind))
            && (words.without.is_empty() || !has(&words.without, around))
    }
}

/// The rules of a trigger.
pub(super) fn fired(kind: &Kind) -> Option<&[usize]> {
    match kind {
        Kind::Noun(rules) => Some(rules),
        Kind::Verb(group) => Some(&group.rules),
        _ => None,
    }
}
