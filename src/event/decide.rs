//! Which of the proposals of the rules are events: a logistic model over what speaks for and against each. Its
//! weights are data, made by `sitmap train events`.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use rustc_hash::FxHashMap;
use serde::Deserialize;

use super::merge::Draft;
use crate::domain::Action;
use crate::linear::{WeightsError, dot, features, fill, sigmoid};

/// What errors call the file.
const FILE: &str = "weights of the events";
const BUNDLED: &str = include_str!("../../data/events/decider.toml");

features! {
    /// What speaks for or against a proposal.
    EventFeature {
        /// Always 1.
        Bias = "bias",
        /// The weight of the rule, less the usual one.
        Rule = "rule",
        /// The trigger is a noun or phrase.
        Noun = "noun",
        /// A participle without an auxiliary.
        Bare = "bare",
        /// A passive.
        Passive = "passive",
        /// An infinitive or gerund.
        Infinitive = "infinitive",
        /// In the present.
        Present = "present",
        /// Announced, ordered, threatened.
        Planned = "planned",
        /// Going on.
        Ongoing = "ongoing",
        /// Denied.
        Denied = "denied",
        /// Linked by a relative pronoun.
        Relative = "relative",
        /// Linked by "there" or "the town".
        Anaphora = "anaphora",
        /// Linked by the scene alone, where the rule allows that.
        Scene = "scene",
        /// The nearest place behind, in no role of the rule.
        After = "after",
        /// The nearest before.
        Before = "before",
        /// The trigger has another place as its rule says.
        Extra = "extra",
        /// Another trigger has the place as its rule says.
        Taken = "taken",
        /// Loosely linked, and nothing told between it and a place that the trigger has: "X fell on Monday, Y a day later".
        Elliptic = "elliptic",
        /// Outside the trigger's clause.
        OtherClause = "other_clause",
        /// Loosely linked, the nearest of all, the trigger having none as its rule says.
        Nearest = "nearest",
        /// Loosely linked, and no other trigger has the place.
        Free = "free",
        /// Loosely linked, and no other place stands in the sentence.
        OnlyPlace = "only_place",
        /// Loosely linked, and somebody armed is named here.
        LooseArmed = "loose_armed",
        /// The same, of the place last spoken of.
        SilentArmed = "silent_armed",
        /// The place last spoken of is named in the sentence before.
        SilentFresh = "silent_fresh",
        /// Loosely linked, of one that its rule wants somebody armed for, and nobody is.
        LooseUnfit = "loose_unfit",
        /// Loosely linked, and told as background.
        LooseBare = "loose_bare",
        /// Loosely linked, behind "in", "at", "near", "on".
        LooseIn = "loose_in",
        /// Loosely linked, behind "from", "to", "through", "by", "with", "according to".
        LooseLed = "loose_led",
        /// Loosely linked, to a noun.
        LooseNoun = "loose_noun",
        /// No place in the clause: the one last spoken of.
        Silent = "silent",
        /// The same, of a noun.
        SilentNoun = "silent_noun",
        /// Sentences since the place was spoken of, where it is not in this one.
        FocusAge = "focus_age",
        /// Logarithm of the pieces between trigger and place, where both are in one sentence.
        Distance = "distance",
        /// Triggers between them.
        Between = "between",
        /// Logarithm of how many places the trigger has.
        List = "list",
        /// Nobody acts.
        Nobody = "nobody",
        /// Who acts is named before.
        ActorBefore = "actor_before",
        /// Who acts is armed.
        Armed = "armed",
        /// The rule wants somebody armed, and there is none.
        Unfit = "unfit",
        /// A place that is no town or work.
        Wide = "wide",
        /// A country.
        Country = "country",
        /// The place is not in the gazetteer.
        Unlocated = "unlocated",
        /// A town of more than a million.
        Metropolis = "metropolis",
        /// In another country than most places of the text.
        Abroad = "abroad",
        /// The town that the text names most.
        Topic = "topic",
        /// The same, without a place in the clause.
        SilentTopic = "silent_topic",
        /// How often the text names it, as a logarithm.
        Salience = "salience",
        /// In a clause with a verb of saying.
        Said = "said",
        /// At the head of the text, before a dash or colon.
        Dateline = "dateline",
        /// Loosely linked, and any of the last four.
        LooseAside = "loose_aside",
        /// How sure the place is, 0 to 1.
        Sure = "sure",
        /// In a heading.
        Heading = "heading",
        /// The text says when.
        Dated = "dated",
        /// Long before publication.
        Past = "past",
        /// Told as background, without a date.
        Undated = "undated",
        /// Logarithm of the other triggers of the article that are read as they should be.
        Warlike = "warlike",
        /// There is none.
        AloneInText = "alone_in_text",
        /// Logarithm of how often the text speaks of armed people.
        Army = "army",
        /// It never does.
        NoArmy = "no_army",
        /// Another trigger tells of the same place.
        Supported = "supported",
        /// Another trigger tells of the same action there.
        Repeated = "repeated",
        /// In the clause of a condition.
        Conditional = "conditional",
        /// In a sentence with one.
        Hypothetical = "hypothetical",
        /// In a question.
        Question = "question",
        /// Logarithm of the words of sport, culture, trade and weather in the text.
        Peaceful = "peaceful",
        /// Logarithm of those in the sentence.
        PeacefulHere = "peaceful_here",
        /// No place in the clause, and the text has such words.
        SilentPeaceful = "silent_peaceful",
        /// No place in the clause: the town's share of the places that the text names.
        SilentShare = "silent_share",
        /// The same, where the place is in the sentence.
        Share = "share",
        /// No place in the clause: the one named last.
        SilentLast = "silent_last",
        /// Another action than the rule's.
        Kin = "kin",
        /// A second rule of the same trigger.
        Second = "second",
        /// The sentence tells of repelling or failure.
        Repelled = "repelled",
        /// The same, of a clash.
        RepelledClash = "repelled_clash",
        /// Who acts is no combatant.
        Civil = "civil",
        /// The same, of an evacuation.
        CivilEvacuation = "civil_evacuation",
        /// Armed people, of an evacuation.
        ArmedEvacuation = "armed_evacuation",
        /// Withdrawal.
        Withdrawal = "withdrawal",
        /// Deployment.
        Deployment = "deployment",
        /// Advance.
        Advance = "advance",
        /// Capture.
        Capture = "capture",
        /// Offensive.
        Offensive = "offensive",
        /// Clash.
        Clash = "clash",
        /// Strike.
        Strike = "strike",
        /// Siege.
        Siege = "siege",
        /// Evacuation.
        Evacuation = "evacuation",
    }
}

/// One number for each [`EventFeature`].
pub type EventVector = [f64; EventFeature::COUNT];

/// The weights, and how probable a proposal must be.
#[derive(Debug, Clone, PartialEq)]
pub struct Decider {
    /// What each feature adds to the log odds.
    pub weights: EventVector,
    /// What each rule adds, by its id: what the features cannot tell of it.
    pub rules: BTreeMap<String, f64>,
    /// Probability from which a proposal is an event.
    pub least: f64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    least: f64,
    weights: BTreeMap<String, f64>,
    #[serde(default)]
    rules: BTreeMap<String, f64>,
}

impl Decider {
    /// The weights that come with the program.
    ///
    /// # Errors
    /// When they are damaged; a test reads them.
    pub fn bundled() -> Result<Self, WeightsError> {
        Self::parse(BUNDLED)
    }

    /// Reads the form of `data/events/decider.toml`.
    ///
    /// # Errors
    /// When it is no TOML of that form, a weight is missing, unknown or no number.
    pub fn parse(text: &str) -> Result<Self, WeightsError> {
        let file: File = toml::from_str(text).map_err(|error| WeightsError::of(FILE, error))?;
        let mut weights = [0.0; EventFeature::COUNT];
        let keys = EventFeature::ALL.iter().map(|feature| feature.as_str());
        fill(&mut weights, keys, file.weights, FILE, "weights")?;
        if !(0.0..=1.0).contains(&file.least) {
            return Err(WeightsError::of(FILE, "least must be 0 to 1"));
        }
        Ok(Self {
            weights,
            rules: file.rules,
            least: file.least,
        })
    }

    /// As [`Self::parse`] reads it, each weight to three decimals.
    pub fn to_toml(&self) -> String {
        let mut text = format!("least = {:.2}\n\n[weights]\n", self.least);
        for (feature, weight) in EventFeature::ALL.iter().zip(self.weights) {
            let _ = writeln!(text, "{} = {weight:.3}", feature.as_str());
        }
        text.push_str("\n[rules]\n");
        for (rule, weight) in &self.rules {
            let _ = writeln!(text, "\"{rule}\" = {weight:.2}");
        }
        text
    }

    /// How probable it is that a proposal is an event.
    pub(super) fn probability(&self, draft: &Draft) -> f64 {
        let rule = self.rules.get(draft.key().as_ref()).copied().unwrap_or(0.0);
        sigmoid(dot(&draft.features, &self.weights) + rule)
    }
}

/// What the drafts of an article that are read as they should be say of each other.
#[derive(Default)]
pub(super) struct Company {
    all: usize,
    by_place: FxHashMap<String, usize>,
    by_action: FxHashMap<(Action, String), usize>,
}

impl Company {
    pub(super) fn of(drafts: &[Draft]) -> Self {
        let mut company = Self::default();
        for draft in drafts.iter().filter(|draft| draft.strict) {
            let place = key(draft);
            company.all += 1;
            *company.by_place.entry(place.clone()).or_default() += 1;
            let action = (draft.event.action, place);
            *company.by_action.entry(action).or_default() += 1;
        }
        company
    }

    /// Adds what the rest of the article says to a draft's features.
    pub(super) fn note(&self, draft: &mut Draft) {
        use EventFeature as F;
        let feature = match draft.event.action {
            Action::Withdrawal => F::Withdrawal,
            Action::Deployment => F::Deployment,
            Action::Advance => F::Advance,
            Action::Capture => F::Capture,
            Action::Offensive => F::Offensive,
            Action::Clash => F::Clash,
            Action::Strike => F::Strike,
            Action::Siege => F::Siege,
            Action::Evacuation => F::Evacuation,
        };
        let own = usize::from(draft.strict);
        let others = |count: Option<&usize>| count.copied().unwrap_or(0) > own;
        let place = key(draft);
        let here = others(self.by_place.get(&place));
        let repeated = others(self.by_action.get(&(draft.event.action, place)));
        let all = self.all - own;
        let mut set = |feature: F, value: f64| draft.features[feature as usize] = value;
        set(feature, 1.0);
        set(F::Warlike, (1.0 + all as f64).ln());
        set(F::AloneInText, f64::from(u8::from(all == 0)));
        set(F::Supported, f64::from(u8::from(here)));
        set(F::Repeated, f64::from(u8::from(repeated)));
    }
}

fn key(draft: &Draft) -> String {
    let place = &draft.event.place;
    place.id.clone().unwrap_or_else(|| place.as_written.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bundled_weights_are_as_they_are_written_again() {
        let decider = Decider::bundled().expect("they are complete");
        assert_eq!(Decider::parse(&decider.to_toml()), Ok(decider));
    }
}
