//! One trigger and its places made into drafts of events, with whatever the sentence says besides.

use super::analysis::{Narrator, clause};
use super::features::{Proposal, kin};
use super::merge::Draft;
use super::roles::{Found, Link, Places, ends_clause};
use super::sides::has_agent;
use super::status::status;
use super::units::{Kind, Unit};
use super::when::{Setting, When, when};
use crate::domain::{Action, DateBasis, DatePrecision, Event, PartialDate, Status};
use crate::language::{Effect, EventRule, Marker, PlaceRole, Tense};
use crate::text::Sentence;

/// A trigger in its sentence, and how it is read.
#[derive(Clone, Copy)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a feature of its own, and all combine"
)]
pub(super) struct Here<'a> {
    pub(super) rule: &'a EventRule,
    pub(super) sentence: Sentence,
    pub(super) units: &'a [Unit],
    pub(super) places: &'a Places<'a>,
    pub(super) at: usize,
    /// As the rule says.
    pub(super) strict: bool,
    /// The trigger has another place as its rule says.
    pub(super) extra: bool,
    /// Another trigger has the place as its rule says.
    pub(super) taken: bool,
    /// Nothing is told between the place and one that the trigger has as its rule says.
    pub(super) elliptic: bool,
    /// A rule before has read the trigger.
    pub(super) second: bool,
    /// Another action than the rule's, which its words may tell as well.
    pub(super) kin: Option<Action>,
    pub(super) facts: Facts,
}

/// What a sentence says of all that it tells; found once for all its triggers.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Facts {
    /// Words of peace.
    pub(super) peaceful: usize,
    /// An attack is warded off or fails.
    pub(super) repelled: bool,
    /// There is a condition.
    pub(super) hypothetical: bool,
    pub(super) question: bool,
}

impl<'a> Here<'a> {
    pub(super) fn strict(
        rule: &'a EventRule,
        sentence: Sentence,
        units: &'a [Unit],
        places: &'a Places<'a>,
        at: usize,
    ) -> Self {
        Self {
            rule,
            sentence,
            units,
            places,
            at,
            strict: true,
            extra: false,
            taken: false,
            elliptic: false,
            second: false,
            kin: None,
            facts: Facts::default(),
        }
    }
}

impl Narrator<'_> {
    /// Proposes the other action that a trigger's words may tell, where none of its own rules does.
    pub(super) fn propose_kin(
        &mut self,
        here: Here<'_>,
        own: &[&EventRule],
        mentions: &[usize],
        found: &Found,
    ) {
        let kin = kin(here.rule.action);
        if kin.is_some() && own.iter().all(|rule| Some(rule.action) != kin) {
            self.propose(&Here { kin, ..here }, mentions, found);
        }
    }

    /// Makes drafts of a trigger and its places; whether that gave any.
    #[expect(clippy::too_many_lines, reason = "one event is laid out in one place")]
    pub(super) fn propose(&mut self, here: &Here<'_>, mentions: &[usize], found: &Found) -> bool {
        let Here {
            rule,
            sentence,
            units,
            places,
            at,
            strict,
            ..
        } = *here;
        let told = here.kin.unwrap_or(rule.action);
        // People who flee or are killed attack no one.
        let acts = |party: usize| told == Action::Evacuation || !self.is_civilian(party);
        let actor = self.actor(rule, units, at);
        let civil = actor.is_some_and(|(party, _)| self.is_civilian(party));
        let actor = actor.filter(|(party, _)| acts(*party));
        let own =
            |party: usize| !rule.own_actor || self.parties[party].tokens.start >= sentence.first;
        let armed = actor.is_some_and(|(party, _)| self.is_armed(party));
        let unfit = rule.armed && !actor.is_some_and(|(party, _)| armed && own(party))
            || rule.civilians && !civil;
        if unfit && strict {
            return false;
        }
        let repelled = here.facts.repelled;
        if here.kin.is_some_and(|kin| match kin {
            Action::Withdrawal => !armed,
            _ => !repelled,
        }) {
            return false;
        }
        let rules = &self.reading.language.events;
        let status = rule
            .status
            .unwrap_or_else(|| status(units, at, rules, told));
        // To plan to take a place is to prepare an assault on it.
        let action = if told == Action::Capture && status == Status::Planned {
            Action::Offensive
        } else {
            told
        };
        let after = matches!(units[at].kind, Kind::Noun(_))
            && units[at.saturating_sub(3)..at].iter().any(|unit| {
                matches!(
                    unit.kind,
                    Kind::Marker(Marker::Clause) | Kind::Effect(Effect::Occurred)
                )
            });
        // "9 assaults contained near X": where no verb stands a participle does its work, and tells no background.
        let finite = |unit: &Unit| matches!(&unit.kind, Kind::Verb(group) if group.is_finite());
        let background = after
            || matches!(&units[at].kind, Kind::Verb(group) if group.auxiliary == Some(Tense::Imperfect)
                || group.bare && units.iter().any(finite));
        let setting = Setting {
            dates: self.reading.dates,
            published: self.reading.published,
            carried: self.carried,
            scene: self.scenes.of(self.sentence),
            background,
            punctual: matches!(
                action,
                Action::Capture | Action::Withdrawal | Action::Deployment | Action::Advance
            ),
        };
        let country = self.country(mentions[0]);
        let party = actor.and_then(|(index, _)| self.cast.party(index, country.as_deref()));
        let counterpart = Self::counterpart(units, at, action, actor.map(|(i, _)| i))
            .and_then(|index| self.cast.party(index, country.as_deref()))
            .filter(|other| party.as_ref().is_none_or(|p| p.name != other.name));
        // Nobody attacks himself: an actor taken from before yields to a counterpart named here.
        let named_against = Self::counterpart(units, at, action, None)
            .and_then(|index| self.cast.party(index, country.as_deref()));
        let party = party.filter(|party| {
            named_against.as_ref() != Some(party) || actor.is_none_or(|(_, here)| here)
        });
        let end = |roles: &[PlaceRole]| {
            let found = places.of_trigger(at, roles).filter(|_| !roles.is_empty())?;
            let Kind::Place(mention) = units[*found.units.first()?].kind else {
                return None;
            };
            (found.link == Link::Direct && !mentions.contains(&mention))
                .then(|| self.event_place(mention))
        };
        let (origin, destination) = (end(&rule.origin), end(&rule.destination));
        let (quantity, quantity_unit) = self.quantity(units, at);
        let span = self.reading.text.sentence_span(sentence);
        let conditional = is_conditional(units, at);
        for mention in mentions {
            let located = self.event_place(*mention);
            // A place of a list may have a date of its own.
            let scene = found
                .units
                .iter()
                .copied()
                .find(|unit| units[*unit].kind == Kind::Place(*mention));
            let own: Vec<usize> = scene.into_iter().collect();
            let when = when(units, at, &own, status, &setting);
            let status = if is_history(&units[at], status, &when, self.reading.published) {
                Status::Occurred
            } else {
                status
            };
            let features = Proposal {
                rule,
                units,
                at,
                place: scene,
                list: mentions.len(),
                link: found.link,
                focus_age: self.focus_age,
                mention: &self.reading.mentions[*mention],
                actor_here: actor.map(|(_, here)| here),
                armed,
                unfit,
                status,
                when: &when,
                published: self.reading.published,
                block: sentence.kind,
                extra: here.extra,
                taken: here.taken,
                elliptic: here.elliptic,
                marker: scene.and_then(|unit| places.marker(unit, usize::MAX).flatten()),
                army: self.army,
                topic: self
                    .salience
                    .topic()
                    .is_some_and(|topic| self.same_place(topic, *mention)),
                abroad: self.salience.is_abroad(&self.reading.mentions[*mention]),
                names: self.salience.names(&self.reading.mentions[*mention]),
                said: scene.is_some_and(|unit| self.is_said(units, unit)),
                dateline: sentence.first == 0 && scene.is_some_and(|unit| is_dateline(units, unit)),
                nearest: scene.is_some_and(|unit| {
                    let scenes = places.scenes();
                    let nearest = scenes.min_by_key(|scene| scene.abs_diff(at));
                    nearest == Some(unit)
                }),
                only: places.scenes().nth(1).is_none(),
                share: self.salience.share(&self.reading.mentions[*mention]),
                peaceful: (self.peaceful, here.facts.peaceful),
                condition: (conditional, conditional || here.facts.hypothetical),
                question: here.facts.question,
                last: self
                    .last
                    .is_some_and(|last| self.same_place(last, *mention)),
                second: here.second,
                kin: here.kin,
                repelled,
                civil,
                same_clause: scene.is_some_and(|unit| clause(units, at).contains(&unit)),
            }
            .features();
            let own_origin =
                (told == Action::Withdrawal && destination.is_some()).then(|| located.clone());
            let own_destination =
                (told == Action::Deployment && origin.is_some()).then(|| located.clone());
            let event = Event {
                id: String::new(),
                article: String::new(),
                action,
                status,
                actor: party.clone(),
                counterpart: counterpart.clone(),
                claimed_by: self.claimed_by(units),
                place: located,
                origin: origin.clone().or(own_origin),
                destination: destination.clone().or(own_destination),
                date: when.edtf.clone(),
                start: when.interval.map(|i| i.start),
                end: when.interval.map(|i| i.end),
                date_precision: when.precision,
                date_basis: when.basis,
                quantity: quantity.clone(),
                quantity_unit: quantity_unit.clone(),
                confidence: 0.0,
                quote: String::new(),
                quote_start: 0,
                quote_end: 0,
                rule: rule.id.clone(),
            };
            self.events.push(Draft {
                event,
                entry: rule.entry,
                strict,
                trigger: units[at].tokens.start,
                kin: here.kin.is_some(),
                span,
                features,
                foreign_agent: actor.is_none() && has_agent(units, at),
            });
        }
        if strict {
            self.focus = mentions.first().copied().or(self.focus);
            self.focus_age = 0;
        }
        true
    }
}

/// "20 October. The army bombs X": what a present tells of a day that is past was over by that day's end.
fn is_history(trigger: &Unit, status: Status, when: &When, published: Option<PartialDate>) -> bool {
    let told = matches!(&trigger.kind, Kind::Verb(group) if !group.going_on && group.tense == Tense::Present);
    let past = when.interval.is_some_and(|days| {
        published.is_none_or(|published| days.end < published.interval().start)
    });
    status == Status::Ongoing
        && told
        && past
        && when.precision == DatePrecision::Day
        && when.basis != DateBasis::Published
}

/// Whether a trigger stands in the clause of a condition.
fn is_conditional(units: &[Unit], at: usize) -> bool {
    let opens = units[..at]
        .iter()
        .rposition(|unit| ends_clause(unit, false));
    opens.is_some_and(|opens| units[opens].kind == Kind::Marker(Marker::Condition))
}

/// "KYIV, Aug 28 - …", "À Moscou : …": a place at the head of the text that is set off from what is told.
pub(super) fn is_dateline(units: &[Unit], place: usize) -> bool {
    place < 3
        && units[place + 1..]
            .iter()
            .take(5)
            .any(|unit| matches!(unit.kind, Kind::Mark('-' | '–' | '—' | ':')))
}
