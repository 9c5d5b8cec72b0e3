//! What speaks for and against a proposal, as numbers.

use super::decide::{EventFeature, EventVector};
use super::roles::Link;
use super::units::{Kind, Unit};
use super::when::When;
use crate::domain::{Action, BlockKind, DateBasis, Mention, PartialDate, PlaceKind, Status};
use crate::language::{EventRule, Marker, Tense};

/// Days before publication from which a date is one of the past.
const PAST_DAYS: i64 = 90;
/// People of a town that most events are only told from.
const METROPOLIS: u32 = 1_000_000;

/// What a trigger and a place are to each other.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a feature of its own, and all combine"
)]
pub(super) struct Proposal<'a> {
    pub(super) rule: &'a EventRule,
    pub(super) units: &'a [Unit],
    /// The trigger's unit.
    pub(super) at: usize,
    /// The place's unit, where it is in the sentence.
    pub(super) place: Option<usize>,
    /// How many places the trigger has.
    pub(super) list: usize,
    pub(super) link: Link,
    pub(super) focus_age: usize,
    pub(super) mention: &'a Mention,
    /// Whether somebody acts, and is named in this sentence.
    pub(super) actor_here: Option<bool>,
    pub(super) armed: bool,
    /// The rule wants somebody armed, and there is none.
    pub(super) unfit: bool,
    pub(super) status: Status,
    pub(super) when: &'a When,
    pub(super) published: Option<PartialDate>,
    pub(super) block: BlockKind,
    /// The trigger has another place as its rule says.
    pub(super) extra: bool,
    /// Another trigger has the place as its rule says.
    pub(super) taken: bool,
    /// Nothing is told between it and a place that the trigger has.
    pub(super) elliptic: bool,
    /// What leads the place.
    pub(super) marker: Option<Marker>,
    pub(super) same_clause: bool,
    /// It is the nearest place to the trigger.
    pub(super) nearest: bool,
    /// No other place stands in the sentence.
    pub(super) only: bool,
    /// Most places of the text lie in another country.
    pub(super) abroad: bool,
    /// How often the text names the place.
    pub(super) names: usize,
    /// A verb of saying stands in the place's clause.
    pub(super) said: bool,
    pub(super) dateline: bool,
    /// The town that the text names most.
    pub(super) topic: bool,
    /// How often the text speaks of armed people.
    pub(super) army: usize,
    /// The place's share of all places that the text names.
    pub(super) share: f64,
    /// Words of peace in the text and in the sentence.
    pub(super) peaceful: (usize, usize),
    /// In the clause of a condition; in a sentence with one.
    pub(super) condition: (bool, bool),
    pub(super) question: bool,
    /// The place is the last that the text names before.
    pub(super) last: bool,
    /// A second rule of the same trigger.
    pub(super) second: bool,
    /// The action, where it is another than the rule's.
    pub(super) kin: Option<Action>,
    /// The sentence tells of repelling or failure.
    pub(super) repelled: bool,
    /// Who acts is no combatant.
    pub(super) civil: bool,
}

/// The action that words of another tell where they say who acts or how it ends: what would be a flight of families
/// is a retreat of soldiers, and an assault that is told as fought off is a clash.
pub(super) const fn kin(action: Action) -> Option<Action> {
    match action {
        Action::Evacuation => Some(Action::Withdrawal),
        Action::Advance | Action::Offensive => Some(Action::Clash),
        _ => None,
    }
}

impl Proposal<'_> {
    /// All that is known before the rest of the article is.
    pub(super) fn features(&self) -> EventVector {
        let mut features = [0.0; EventFeature::COUNT];
        let mut set = |feature: EventFeature, value: f64| features[feature as usize] = value;
        self.tell_trigger(&mut set);
        self.tell_link(&mut set);
        self.tell_text(&mut set);
        features
    }

    /// What the trigger itself says, and who acts.
    fn tell_trigger(&self, set: &mut impl FnMut(EventFeature, f64)) {
        use EventFeature as F;
        set(F::Rule, self.rule.weight - 0.8);
        let mut flag = |feature: F, is: bool| set(feature, f64::from(u8::from(is)));
        flag(F::Bias, true);
        flag(F::Noun, self.is_noun());
        if let Kind::Verb(group) = &self.units[self.at].kind {
            flag(F::Bare, group.bare);
            flag(F::Passive, group.passive && !group.bare);
            let infinitive = matches!(group.tense, Tense::Infinitive | Tense::Gerund);
            flag(F::Infinitive, infinitive);
            flag(F::Present, group.tense == Tense::Present);
        }
        flag(F::Planned, self.status == Status::Planned);
        flag(F::Ongoing, self.status == Status::Ongoing);
        flag(F::Denied, self.status == Status::Denied);
        flag(F::Conditional, self.condition.0);
        flag(F::Hypothetical, self.condition.1);
        flag(F::Question, self.question);
        flag(F::Second, self.second);
        flag(F::Kin, self.kin.is_some());
        let action = self.kin.unwrap_or(self.rule.action);
        flag(F::Repelled, self.repelled);
        flag(F::RepelledClash, self.repelled && action == Action::Clash);
        flag(F::Civil, self.civil);
        let evacuation = action == Action::Evacuation;
        flag(F::CivilEvacuation, self.civil && evacuation);
        flag(F::ArmedEvacuation, self.armed && evacuation);
        flag(F::Nobody, self.actor_here.is_none());
        flag(F::ActorBefore, self.actor_here == Some(false));
        flag(F::Armed, self.armed);
        flag(F::Unfit, self.unfit);
        let said = matches!(
            self.when.basis,
            DateBasis::Explicit | DateBasis::Relative | DateBasis::Inferred
        );
        flag(F::Dated, said);
        flag(F::Undated, self.when.interval.is_none());
        let days = self.when.interval.zip(self.published);
        let days = days.and_then(|(when, published)| {
            let days = published.interval().start.since(when.end).ok()?.get_days();
            Some(i64::from(days))
        });
        flag(F::Past, days.is_some_and(|days| days > PAST_DAYS));
    }

    /// How the trigger and its place hang together.
    fn tell_link(&self, set: &mut impl FnMut(EventFeature, f64)) {
        use EventFeature as F;
        let silent = self.link == Link::Silent;
        let loose = matches!(self.link, Link::After | Link::Before);
        set(F::List, (self.list as f64).ln());
        if let Some(place) = self.place {
            let between = place.min(self.at) + 1..place.max(self.at);
            set(F::Distance, (1.0 + between.len() as f64).ln());
            let triggers = self.units[between].iter().filter(|unit| is_trigger(unit));
            set(F::Between, triggers.count() as f64);
        } else {
            set(F::FocusAge, (self.focus_age as f64).min(6.0));
        }
        set(if silent { F::SilentShare } else { F::Share }, self.share);
        let mut flag = |feature: F, is: bool| set(feature, f64::from(u8::from(is)));
        flag(F::Relative, self.link == Link::Relative);
        flag(F::Anaphora, self.link == Link::Anaphora);
        flag(F::Scene, self.link == Link::Scene);
        flag(F::After, self.link == Link::After);
        flag(F::Before, self.link == Link::Before);
        flag(F::Extra, self.extra);
        flag(F::Taken, self.taken);
        flag(F::Elliptic, self.elliptic);
        flag(F::OtherClause, loose && !self.same_clause);
        flag(F::Nearest, loose && self.nearest && !self.extra);
        flag(F::Free, loose && !self.taken);
        flag(F::OnlyPlace, loose && self.only);
        let armed_here = self.armed && self.actor_here == Some(true);
        flag(F::LooseArmed, loose && armed_here);
        flag(F::LooseUnfit, loose && self.unfit);
        let bare = matches!(&self.units[self.at].kind, Kind::Verb(group) if group.bare);
        flag(F::LooseBare, loose && bare);
        flag(F::LooseNoun, loose && self.is_noun());
        let inside = matches!(self.marker, Some(Marker::In | Marker::Near | Marker::On));
        flag(F::LooseIn, loose && inside);
        let led = matches!(
            self.marker,
            Some(
                Marker::From
                    | Marker::To
                    | Marker::Through
                    | Marker::By
                    | Marker::With
                    | Marker::According
            )
        );
        flag(F::LooseLed, loose && led);
        let aside = self.is_metropolis() || self.abroad || self.said || self.dateline;
        flag(F::LooseAside, loose && aside);
        flag(F::Silent, silent);
        flag(F::SilentNoun, silent && self.is_noun());
        flag(F::SilentArmed, silent && armed_here);
        flag(F::SilentTopic, silent && self.topic);
        flag(F::SilentFresh, silent && self.focus_age <= 1);
        flag(F::SilentLast, silent && self.last);
    }

    /// What the place is in the text, and what the text is about.
    fn tell_text(&self, set: &mut impl FnMut(EventFeature, f64)) {
        use EventFeature as F;
        set(F::Sure, self.mention.confidence);
        set(F::Army, (1.0 + self.army as f64).ln());
        set(F::Salience, (self.names.max(1) as f64).ln());
        let (peaceful, peaceful_here) = self.peaceful;
        set(F::Peaceful, (1.0 + peaceful as f64).ln());
        set(F::PeacefulHere, (1.0 + peaceful_here as f64).ln());
        if self.link == Link::Silent {
            set(F::SilentPeaceful, (1.0 + peaceful as f64).ln());
        }
        let mut flag = |feature: F, is: bool| set(feature, f64::from(u8::from(is)));
        flag(F::NoArmy, self.army == 0);
        let kind = self.mention.place.as_ref().map(|place| place.kind);
        flag(F::Unlocated, kind.is_none());
        flag(F::Wide, kind.is_some_and(|kind| !kind.is_point()));
        flag(F::Country, kind == Some(PlaceKind::Country));
        flag(F::Metropolis, self.is_metropolis());
        flag(F::Abroad, self.abroad);
        flag(F::Topic, self.topic);
        flag(F::Said, self.said);
        flag(F::Dateline, self.dateline);
        flag(F::Heading, self.block != BlockKind::Body);
    }

    fn is_noun(&self) -> bool {
        matches!(self.units[self.at].kind, Kind::Noun(_))
    }

    fn is_metropolis(&self) -> bool {
        let place = self.mention.place.as_ref();
        place.is_some_and(|place| place.population > METROPOLIS)
    }
}

pub(super) fn is_trigger(unit: &Unit) -> bool {
    match &unit.kind {
        Kind::Noun(_) => true,
        Kind::Verb(group) => !group.rules.is_empty(),
        _ => false,
    }
}
