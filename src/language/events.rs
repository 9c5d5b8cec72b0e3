mod load;

use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;

use super::verbs::Verbs;
use crate::domain::{Action, Status};
use crate::text::{Case, Phrases, Text, WordSet};

/// Triggers, what belongs to them, and the small words that say which place plays which role.
#[derive(Debug, Default)]
pub struct EventRules {
    /// Every verb that a rule, a status or a statement hangs on, in all its forms.
    pub verbs: Verbs,
    /// The rules, in the order of their files.
    pub rules: Vec<EventRule>,
    /// Rules by verb.
    pub by_verb: FxHashMap<usize, Vec<usize>>,
    /// Nouns and phrases, each with its number in `phrase_rules`.
    pub by_phrase: Phrases<usize>,
    /// The rules of each noun or phrase.
    pub phrase_rules: Vec<Vec<usize>>,
    /// What a verb does to the status of what depends on it.
    pub verb_effects: FxHashMap<usize, Effect>,
    /// What a noun or phrase does to the status of what depends on it.
    pub word_effects: Phrases<Effect>,
    /// Verbs of saying: their subject and place are no part of an event.
    pub saying: FxHashSet<usize>,
    /// Verbs of denying: what stands in their clause of content is not so.
    pub saying_no: FxHashSet<usize>,
    /// Verbs of blaming: whom they are said of does what the noun behind them tells.
    pub blaming: FxHashSet<usize>,
    /// Verbs of warding off: their subject is attacked.
    pub repelling: FxHashSet<usize>,
    /// Verbs whose perfect is made with "to be", so that it is no passive.
    pub with_be: FxHashSet<usize>,
    /// Articles that are the object before a verb: "l'ont quittée".
    pub clitics: WordSet,
    /// Pronouns that are the object behind a verb: "took it".
    pub object_pronouns: WordSet,
    /// Auxiliaries.
    pub have: Option<usize>,
    /// The passive's auxiliary.
    pub be: Option<usize>,
    /// Small words by what they do; ask [`EventRules::marker_at`].
    markers: Phrases<Marker>,
    /// Single small words as they are spelt, by the number of the folded word: `ou` is not `où`.
    spelt_markers: FxHashMap<u32, Vec<(String, Marker)>>,
    /// Nouns that stand for a place named before: "the town".
    pub place_nouns: Phrases<()>,
    /// Nouns of forces: with a nationality they make an actor.
    pub force_nouns: Phrases<ForceNoun>,
    /// Words that may stand between a force noun and its nationality.
    pub force_fillers: WordSet,
    /// Nouns of armed forces that mean "the side named before": "the army", "the group".
    pub generic_actors: Phrases<GenericActor>,
    /// What leads whom forces obey: "loyal to".
    pub allegiance: Phrases<()>,
    /// Peoples without a state, by number in `people_actors`.
    pub peoples: Phrases<usize>,
    /// Ids in the registry of actors.
    pub people_actors: Vec<String>,
    /// Units of quantities: "soldiers", "vehicles".
    pub quantity_units: WordSet,
    /// Words of sport, culture, trade and weather: where they stand, few battles are battles.
    pub peaceful: WordSet,
    /// Adjectives stand before their nouns, and nouns without an article: "Syrian troops".
    pub adjectives_first: bool,
}

/// How a trigger is turned into an event.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of the rule files"
)]
pub struct EventRule {
    /// Unique: `fr.withdrawal.leave`.
    pub id: String,
    /// What happens.
    #[serde(skip_deserializing, default = "unset")]
    pub action: Action,
    /// Infinitives that trigger it.
    #[serde(default)]
    pub verbs: Vec<String>,
    /// Nouns and phrases that trigger it; `a|b` in one stands for either word.
    #[serde(default)]
    pub nouns: Vec<String>,
    /// Whether the verb must (`true`) or must not (`false`) be reflexive.
    pub reflexive: Option<bool>,
    /// One of these words must stand close behind.
    #[serde(default)]
    pub with: Vec<String>,
    /// None of these words may stand close by.
    #[serde(default)]
    pub without: Vec<String>,
    /// Which role the place plays; the first that is filled counts.
    pub place: Vec<PlaceRole>,
    /// Where forces that move go, or come from, besides.
    #[serde(default)]
    pub destination: Vec<PlaceRole>,
    /// Where they come from.
    #[serde(default)]
    pub origin: Vec<PlaceRole>,
    /// Who acts.
    #[serde(default)]
    pub actor: ActorRole,
    /// The trigger is used of anybody: an armed actor must be named.
    #[serde(default)]
    pub armed: bool,
    /// One of these words must stand before: what flies or shoots.
    #[serde(default)]
    pub led: Vec<String>,
    /// The actor must be named in the sentence itself: the trigger is a verb of any motion.
    #[serde(default)]
    pub own_actor: bool,
    /// An entry: a capture where the place is fought for, a deployment where it was left.
    #[serde(default)]
    pub entry: bool,
    /// Civilians must be named as those who move.
    #[serde(default)]
    pub civilians: bool,
    /// The status, where the trigger itself says it.
    pub status: Option<Status>,
    /// When neither the clause nor what it refers to has a place, the article's scene is taken.
    #[serde(default)]
    pub scene: bool,
    /// How sure the trigger is by itself, 0 to 1.
    #[serde(default = "usual_weight")]
    pub weight: f64,
    /// The words of `led`, `with` and `without`, to be found in a text.
    #[serde(skip)]
    pub around: Around,
    /// Sentences that the rule must read, and what from them.
    #[serde(default)]
    pub accept: Vec<Example>,
    /// Sentences in which it must see nothing.
    #[serde(default)]
    pub reject: Vec<String>,
}

const fn unset() -> Action {
    Action::Clash
}

const fn usual_weight() -> f64 {
    0.8
}

/// Words that must or must not stand around a trigger.
#[derive(Debug, Clone, Default)]
pub struct Around {
    /// Before it.
    pub led: Phrases<()>,
    /// Close behind.
    pub with: Phrases<()>,
    /// Not close by.
    pub without: Phrases<()>,
}

/// A sentence and what a rule reads from it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// The sentence.
    pub text: String,
    /// Names of the places, in any order.
    pub places: Vec<String>,
    /// The actor's name.
    pub actor: Option<String>,
    /// The status.
    pub status: Option<Status>,
}

/// How a place stands to a trigger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PlaceRole {
    /// Direct object; subject of the passive; what a participle stands behind.
    Object,
    /// Subject of the active verb.
    Subject,
    /// Behind "of".
    Of,
    /// Behind "from", "out of".
    From,
    /// Behind "to", "toward", "as far as".
    To,
    /// Behind "in", "at".
    In,
    /// Behind "on", "against".
    On,
    /// Behind "near", "around".
    Near,
    /// Behind "through", "by way of".
    Through,
    /// Wherever in the clause.
    Any,
}

/// Which party acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ActorRole {
    /// The subject of the active, the agent of the passive; of a noun, who is behind "of".
    #[default]
    Subject,
    /// The object: "chased X out of Y".
    Object,
    /// The party behind the phrase: "in the hands of".
    Behind,
}

/// What a word does to the status of what depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Effect {
    /// Announced, ordered, prepared, threatened.
    Planned,
    /// Made known: a plan if it is a move, a fact if it is an outcome.
    Announced,
    /// Begun, continued.
    Ongoing,
    /// Achieved, finished; or the past of a narrative.
    Occurred,
    /// Denied, failed, given up.
    Denied,
    /// Said to be untrue: whatever its sentence tells did not happen.
    Untrue,
    /// Says nothing, but passes on what governs it.
    Open,
}

/// What a small word does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Marker {
    /// "of"; also "from" for verbs of leaving.
    Of,
    /// "from", "out of".
    From,
    /// "to", "toward".
    To,
    /// "in", "at".
    In,
    /// "on", "against".
    On,
    /// "near", "around", "on the outskirts of".
    Near,
    /// "through".
    Through,
    /// "by" before an agent.
    By,
    /// "without": what follows did not happen.
    Without,
    /// "with", "alongside": the party beside is no subject.
    With,
    /// "according to": the party behind speaks.
    According,
    /// "and", "or", "then" in a list.
    And,
    /// A relative pronoun that is subject: "who", "which".
    Who,
    /// A relative pronoun that is object: "that".
    That,
    /// "where".
    Where,
    /// "of which".
    Whose,
    /// Begins a clause: "while", "after".
    Clause,
    /// Begins the clause of a condition: "if", "unless".
    Condition,
    /// "there", "from there" as pronoun: the place named before.
    There,
    /// "he", "they" and the like as subject.
    Pronoun,
    /// "their", "his".
    Possessive,
    /// "not".
    Not,
    /// "-self" before a verb.
    Reflexive,
    /// "a": the noun behind is new, and means nothing named before.
    Indefinite,
    /// An article or adverb that says nothing here.
    Filler,
}

/// A noun of forces.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ForceNoun {
    /// Of a state: with a nationality it means the state's army.
    State,
    /// Of anyone: with a nationality it means armed people of it.
    Group,
    /// Not armed: with a nationality it is not an actor of war.
    Civil,
}

/// Whom a noun without a name may mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum GenericActor {
    /// The army of the country where it happens.
    Army,
    /// The party named last.
    Last,
    /// Rebels, jihadists: those named last that are no state, else the words.
    Group,
    /// People who are taken out or flee.
    Civilians,
    /// "our forces": the side that speaks.
    Own,
    /// "the enemy": the side against whom the other acts.
    Enemy,
}

impl EventRules {
    /// The small word or phrase that begins at a token, and how many tokens it takes.
    pub fn marker_at(&self, text: &Text<'_>, token: usize, end: usize) -> Option<(Marker, usize)> {
        let end = end.min(text.tokens.len());
        if token >= end {
            return None;
        }
        if let Some(found) = self.markers.longest_at(text, token, end) {
            return Some(found);
        }
        let spelt = self.spelt_markers.get(&text.word(token)?)?;
        let written = text.written(token);
        let marker = if written.is_ascii() {
            let is_lower = |word: &str| {
                let lower = written.bytes().map(|byte| byte.to_ascii_lowercase());
                word.bytes().eq(lower)
            };
            spelt.iter().find(|(word, _)| is_lower(word))
        } else {
            let lower = written.to_lowercase();
            spelt.iter().find(|(word, _)| *word == lower)
        };
        // Capitals often go without their accents.
        let bare = text.tokens[token].case == Case::Upper && text.tokens[token].span.len() == 1;
        let marker = marker.or_else(|| spelt.first().filter(|_| bare));
        marker.map(|(_, marker)| (*marker, 1))
    }
}
