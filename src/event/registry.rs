use std::collections::HashMap;
use std::sync::OnceLock;

use serde::Deserialize;

use crate::text::{Phrases, Vocabulary};

/// Who acts in the conflicts covered: `data/actors.toml`.
#[derive(Debug)]
pub struct Registry {
    actors: Vec<Actor>,
    by_id: HashMap<String, usize>,
    names: HashMap<String, Names>,
    /// By language, the actors that share each folded weak name.
    weak: HashMap<String, HashMap<String, Vec<usize>>>,
    /// By country, its armed forces as a whole.
    armies: HashMap<String, usize>,
    /// By country, its government.
    states: HashMap<String, usize>,
}

/// One force, state, group or people.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Actor {
    /// Short and stable.
    pub id: String,
    /// English name.
    pub name: String,
    /// What it is.
    pub kind: ActorKind,
    /// ISO 3166-1 alpha-2, of the country it belongs to.
    pub country: Option<String>,
    /// Whether it is the armed forces of its country as a whole.
    #[serde(default)]
    pub whole: bool,
    /// Id of what it is a part of.
    pub parent: Option<String>,
    /// Names by language.
    #[serde(default)]
    pub names: HashMap<String, Vec<String>>,
    /// Who leads it, by language: a name that means its forces beside a noun of forces ("X's men").
    #[serde(default)]
    pub leaders: HashMap<String, Vec<String>>,
    /// Names that alone do not say who is meant, by language.
    #[serde(default)]
    pub weak: HashMap<String, Vec<String>>,
    /// Where the weak names mean it; empty is anywhere.
    #[serde(default)]
    pub countries: Vec<String>,
}

/// What an actor is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ActorKind {
    /// A government.
    State,
    /// A state's armed forces or a part of them.
    Army,
    /// Police and gendarmes.
    Police,
    /// An armed group.
    Group,
    /// Several states or groups together.
    Coalition,
    /// A mission of the United Nations or a union of states.
    Mission,
    /// A private company.
    Company,
    /// Fighters, civilians or a people without more.
    People,
}

/// A name found in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Name {
    /// The actor; of a weak name, the first that has it.
    pub(super) actor: usize,
    /// Whether the name alone does not say who is meant.
    pub(super) weak: bool,
    /// Whether it is a leader's, who is a person and acts only through forces.
    pub(super) leader: bool,
    /// How the name must be written.
    pub(super) case: NameCase,
}

/// The names of a language.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// Their words.
    pub(super) words: Vocabulary,
    pub(super) phrases: Phrases<Name>,
}

/// Whose name it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum NameOf {
    /// One actor's.
    Actor,
    /// Its leader's.
    Leader,
    /// One that several may share.
    Many,
}

/// How a name must be written to be one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NameCase {
    /// In any way.
    Any,
    /// With a capital somewhere.
    Capital,
    /// In capitals: an abbreviation.
    Upper,
}

/// Why the registry cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RegistryError {
    /// The file is no TOML of that shape.
    #[error("actors.toml:{line}: {message}")]
    Syntax {
        /// Line, from 1.
        line: usize,
        /// What is wrong.
        message: String,
    },
    /// Two actors have one id.
    #[error("actors.toml: two actors have the id {0:?}")]
    Twice(String),
    /// A parent is not there.
    #[error("actors.toml: {child:?} has the parent {parent:?}, which is no actor's id")]
    Parent {
        /// Whose parent.
        child: String,
        /// The missing id.
        parent: String,
    },
}

#[derive(Deserialize)]
struct File {
    /// What a language writes behind the name of an owner: "the M23's fighters".
    #[serde(default)]
    possessive: HashMap<String, Vec<String>>,
    actor: Vec<Actor>,
}

impl Registry {
    /// The registry that comes with the program.
    ///
    /// # Errors
    /// When it is wrong; a test reads it.
    pub fn bundled() -> Result<&'static Self, RegistryError> {
        static REGISTRY: OnceLock<Result<Registry, RegistryError>> = OnceLock::new();
        REGISTRY
            .get_or_init(|| Self::parse(include_str!("../../data/actors.toml")))
            .as_ref()
            .map_err(Clone::clone)
    }

    /// Reads a registry.
    ///
    /// # Errors
    /// When the text is no registry: says where and why.
    pub fn parse(text: &str) -> Result<Self, RegistryError> {
        let file: File = toml::from_str(text).map_err(|error| RegistryError::Syntax {
            line: error
                .span()
                .map_or(1, |span| 1 + text[..span.start].matches('\n').count()),
            message: error.message().to_owned(),
        })?;
        let mut registry = Self {
            actors: file.actor,
            by_id: HashMap::new(),
            names: HashMap::new(),
            weak: HashMap::new(),
            armies: HashMap::new(),
            states: HashMap::new(),
        };
        for (index, actor) in registry.actors.iter().enumerate() {
            if registry.by_id.insert(actor.id.clone(), index).is_some() {
                return Err(RegistryError::Twice(actor.id.clone()));
            }
            for (language, names) in &actor.weak {
                let weak = registry.weak.entry(language.clone()).or_default();
                for name in names {
                    let sharing = weak.entry(crate::text::fold(name)).or_default();
                    if sharing.last() != Some(&index) {
                        sharing.push(index);
                    }
                }
            }
            if let Some(country) = &actor.country {
                if actor.whole {
                    registry.armies.entry(country.clone()).or_insert(index);
                }
                if actor.kind == ActorKind::State {
                    registry.states.entry(country.clone()).or_insert(index);
                }
            }
        }
        for actor in &registry.actors {
            if let Some(parent) = actor
                .parent
                .as_ref()
                .filter(|parent| !registry.by_id.contains_key(*parent))
            {
                return Err(RegistryError::Parent {
                    child: actor.id.clone(),
                    parent: parent.clone(),
                });
            }
        }
        // A full name of one actor goes before its leader's name, and both before the weak name of another.
        for which in [NameOf::Actor, NameOf::Leader, NameOf::Many] {
            for (index, actor) in registry.actors.iter().enumerate() {
                let list = match which {
                    NameOf::Actor => &actor.names,
                    NameOf::Leader => &actor.leaders,
                    NameOf::Many => &actor.weak,
                };
                for (language, names) in list {
                    let Names { words, phrases } =
                        registry.names.entry(language.clone()).or_default();
                    // A state is named by its country's name, which is a toponym first.
                    let toponym = actor.kind == ActorKind::State && which == NameOf::Actor;
                    let endings = file.possessive.get(language).map_or(&[][..], Vec::as_slice);
                    for name in names.iter().filter(|_| !toponym) {
                        let known = Name {
                            actor: index,
                            weak: which == NameOf::Many,
                            leader: which == NameOf::Leader,
                            case: name_case(name),
                        };
                        phrases.insert(name, known, words);
                        for ending in endings {
                            // The ending is no abbreviation's.
                            let case = match known.case {
                                NameCase::Upper => NameCase::Capital,
                                case => case,
                            };
                            let owner = format!("{name}{ending}");
                            phrases.insert(&owner, Name { case, ..known }, words);
                        }
                    }
                }
            }
        }
        Ok(registry)
    }

    pub(super) fn names(&self, language: &str) -> Option<&Names> {
        self.names.get(language)
    }

    pub(super) fn get(&self, index: usize) -> &Actor {
        &self.actors[index]
    }

    /// An actor by id.
    pub fn actor(&self, id: &str) -> Option<&Actor> {
        self.by_id.get(id).map(|&index| &self.actors[index])
    }

    pub(super) fn index(&self, id: &str) -> Option<usize> {
        self.by_id.get(id).copied()
    }

    /// All actors, in the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = &Actor> {
        self.actors.iter()
    }

    /// A country's armed forces as a whole.
    pub(super) fn army_of(&self, country: &str) -> Option<usize> {
        self.armies.get(country).copied()
    }

    /// Whether an actor is civilians, or a part of them.
    pub(super) fn is_civilian(&self, actor: usize) -> bool {
        let actor = &self.actors[actor];
        actor.id == "civilians" || actor.parent.as_deref() == Some("civilians")
    }

    /// A country's government.
    pub(super) fn state_of(&self, country: &str) -> Option<usize> {
        self.states.get(country).copied()
    }

    /// The actors that share a weak name.
    pub(super) fn weakly_named(
        &self,
        language: &str,
        folded: &str,
    ) -> impl Iterator<Item = usize> + '_ {
        let sharing = self.weak.get(language).and_then(|weak| weak.get(folded));
        sharing.into_iter().flatten().copied()
    }
}

fn name_case(name: &str) -> NameCase {
    let letters = || name.chars().filter(|c| c.is_alphabetic());
    if letters().any(char::is_lowercase) {
        if letters().any(char::is_uppercase) {
            NameCase::Capital
        } else {
            NameCase::Any
        }
    } else if letters().count() < 4 {
        NameCase::Upper
    } else {
        // A long abbreviation is read as a word and often written as one: Minusma, Otan.
        NameCase::Capital
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bundled_registry_is_sound() {
        let registry = Registry::bundled().expect("the bundled registry");
        assert!(registry.iter().count() >= 250);
        assert!(
            registry
                .army_of("SY")
                .is_some_and(|army| registry.get(army).id == "syrian-army")
        );
    }

    #[test]
    fn a_leader_names_the_forces_only_where_the_actor_has_no_such_name() {
        let registry = Registry::parse(concat!(
            "[[actor]]\nid=\"a\"\nname=\"A\"\nkind=\"group\"\nleaders.en=[\"Kony\"]\n",
            "[[actor]]\nid=\"b\"\nname=\"B\"\nkind=\"group\"\nweak.en=[\"Rebels\"]\nleaders.en=[\"B\"]\nnames.en=[\"B\"]\n",
        ))
        .expect("a registry");
        let names = registry.names("en").expect("English names");
        let spelling = crate::text::Orthography::default();
        let found = |name: &str| {
            let found = names.phrases.get_spelt(name, &spelling, &names.words);
            found.expect(name)
        };
        assert!(found("Kony").leader && !found("Kony").weak);
        assert!(found("Rebels").weak && !found("B").leader);
    }

    #[test]
    fn a_wrong_registry_says_where() {
        let error = Registry::parse("[[actor]]\nid = \"a\"\nname = \"A\"\nkind = \"tribe\"\n")
            .expect_err("no such kind");
        assert!(error.to_string().starts_with("actors.toml:4:"), "{error}");
        let twice = "[[actor]]\nid=\"a\"\nname=\"A\"\nkind=\"group\"\n".repeat(2);
        assert_eq!(
            Registry::parse(&twice).expect_err("twice"),
            RegistryError::Twice("a".into())
        );
    }
}
