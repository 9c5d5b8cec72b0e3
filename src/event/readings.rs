//! One spelling, several readings: participle or past, infinitive or present, noun or verb.

use super::roles::ends_clause;
use super::units::{Kind, Parts, Unit};
use crate::language::{Marker, PlaceRole, Tense, VerbForm};
use crate::text::TokenKind;

impl Parts<'_> {
    /// Which form a verb without auxiliary has, where one spelling is several: "captured" is a participle
    /// before an agent, and behind the noun it describes when no object follows; "capture" is an infinitive
    /// behind "to" and behind another verb.
    pub(super) fn unaided<'f>(
        &self,
        forms: &[&'f VerbForm],
        at: usize,
        before: &[Unit],
    ) -> Option<&'f VerbForm> {
        let first = *forms.first()?;
        let as_tense = |tense: Tense| {
            forms
                .iter()
                .copied()
                .find(|form| form.verb == first.verb && form.tense == tense)
        };
        let last = before.iter().rev().map(|unit| &unit.kind).find(|kind| {
            !matches!(
                kind,
                Kind::Word
                    | Kind::Date(_)
                    | Kind::Effect(_)
                    | Kind::Marker(Marker::Not | Marker::Reflexive)
            )
        });
        match first.tense {
            Tense::Participle => {
                let Some(past) = as_tense(Tense::Past) else {
                    return Some(first);
                };
                let follows = (at + 1..self.text.tokens.len().min(at + 4)).find_map(|next| {
                    self.rules
                        .marker_at(self.text, next, next + 1)
                        .map(|(marker, _)| marker)
                        .filter(|marker| *marker != Marker::Filler)
                });
                let object = self.has_object_behind(at);
                let transitive = self.rules.by_verb.get(&first.verb).is_none_or(|rules| {
                    rules
                        .iter()
                        .any(|rule| self.rules.rules[*rule].place.contains(&PlaceRole::Object))
                });
                let described = matches!(
                    before.last().map(|unit| &unit.kind),
                    Some(Kind::Place(_) | Kind::PlaceNoun | Kind::Mark(',' | '(' | '–' | '—'))
                );
                let adjective = matches!(
                    before.last().map(|unit| &unit.kind),
                    Some(Kind::Marker(
                        Marker::Indefinite
                            | Marker::Filler
                            | Marker::Of
                            | Marker::In
                            | Marker::From
                            | Marker::To
                            | Marker::On
                            | Marker::Near
                    ))
                );
                // "Kurdish forces, the Peshmerga, moved": who stands before and has no verb yet is the subject.
                let subject = before
                    .iter()
                    .rev()
                    .take_while(|unit| !ends_clause(unit, false))
                    .any(|unit| matches!(unit.kind, Kind::Party(_)));
                let reduced = follows == Some(Marker::By)
                    || adjective
                    || described && transitive && !object && !subject;
                Some(if reduced { first } else { past })
            }
            Tense::Infinitive => {
                let Some(present) = as_tense(Tense::Present) else {
                    return Some(first);
                };
                let governed = matches!(last, Some(Kind::Verb(_) | Kind::Marker(Marker::To)));
                Some(if governed { first } else { present })
            }
            _ => Some(first),
        }
    }

    /// Whether a word that looks like a verb is none: "Turkish-backed"; "a dry dock", "the Russian border".
    pub(super) fn describes_or_is_noun(&self, at: usize, form: &VerbForm, before: &[Unit]) -> bool {
        if self.text.tokens[at].joined && matches!(form.tense, Tense::Participle | Tense::Past) {
            return true;
        }
        // "took control of"
        if at + 1 < self.text.tokens.len()
            && form.tense == Tense::Infinitive
            && matches!(
                self.rules.marker_at(self.text, at + 1, at + 3),
                Some((Marker::Of, _))
            )
        {
            return true;
        }
        if !matches!(form.tense, Tense::Infinitive | Tense::Present)
            || self.rules.saying.contains(&form.verb)
            || self.rules.verb_effects.contains_key(&form.verb)
        {
            return false;
        }
        let words = before
            .iter()
            .rev()
            .take_while(|unit| unit.kind == Kind::Word)
            .count();
        let led = before
            .len()
            .checked_sub(words + 1)
            .map(|index| &before[index].kind);
        (1..=3).contains(&words)
            && matches!(
                led,
                Some(Kind::Marker(
                    Marker::Filler | Marker::Indefinite | Marker::Possessive
                ))
            )
    }

    /// Whether the next words are no preposition, date or mark: something that the verb is done to.
    fn has_object_behind(&self, at: usize) -> bool {
        if self
            .text
            .tokens
            .get(at + 1)
            .is_none_or(|token| token.kind == TokenKind::Mark)
        {
            return false;
        }
        let marker = self
            .rules
            .marker_at(self.text, at + 1, at + 3)
            .map(|(marker, _)| marker);
        self.date_at(at + 1).is_none()
            && marker.is_none_or(|marker| {
                matches!(
                    marker,
                    Marker::Filler | Marker::Indefinite | Marker::Possessive | Marker::Of
                )
            })
    }

    /// A noun that is also a verb form ("prise", "attacks") counts as a noun unless something before it makes
    /// it a verb.
    pub(super) fn may_be_noun(&self, at: usize, length: usize, before: &[Unit]) -> bool {
        let form = self
            .rules
            .verbs
            .forms(self.text, at, self.text.accents)
            .next();
        let Some(form) = form.filter(|_| length == 1) else {
            return true;
        };
        let direct = matches!(
            before.last().map(|unit| &unit.kind),
            None | Some(Kind::Marker(
                Marker::Filler
                    | Marker::Indefinite
                    | Marker::Possessive
                    | Marker::Of
                    | Marker::In
                    | Marker::On
                    | Marker::Clause
                    | Marker::Condition
                    | Marker::By
            ))
        );
        if direct || !self.rules.adjectives_first {
            return direct;
        }
        // "a major attack on", "heavy clashes", "reported attacks in", but "will attack", "rebels attack".
        let words = before
            .iter()
            .rev()
            .take_while(|unit| matches!(unit.kind, Kind::Word | Kind::Effect(_) | Kind::Date(_)))
            .count();
        let governed = before
            .len()
            .checked_sub(words + 1)
            .map(|index| &before[index].kind);
        let led = self.text.tokens.get(at + 1).is_some_and(|_| {
            matches!(
                self.rules.marker_at(self.text, at + 1, at + 3),
                Some((
                    Marker::On
                        | Marker::In
                        | Marker::Near
                        | Marker::Of
                        | Marker::From
                        | Marker::To
                        | Marker::By,
                    _
                ))
            )
        });
        match governed {
            None => words <= 4,
            Some(Kind::Marker(
                Marker::To
                | Marker::Pronoun
                | Marker::Who
                | Marker::That
                | Marker::There
                | Marker::Where,
            )) => false,
            Some(Kind::Marker(_)) => words <= 3,
            Some(Kind::Verb(_)) => {
                words > 0 || form.tense == Tense::Present || form.tense == Tense::Gerund
            }
            Some(Kind::Party(_) | Kind::Mark(_)) => led || words > 0,
            _ => false,
        }
    }
}
