use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Place, Span};

/// A place name in an article, and the place it means.
#[derive(Debug, Clone, PartialEq)]
pub struct Mention {
    /// The words of the name, without preposition or designator.
    pub span: Span,
    /// What the name stands for here.
    pub sense: Sense,
    /// The place it means, shared with the other names of it; `None` when the gazetteer lacks it or nothing decides
    /// between candidates.
    pub place: Option<Arc<Place>>,
    /// The name alone and its own place, where `place` is made from that: "Aleppo" of "30 km north of Aleppo".
    pub base: Option<(Span, Arc<Place>)>,
    /// 0 to 1: how likely name, sense and place are right.
    pub confidence: f64,
    /// The rule or pass that settled it.
    pub rule: &'static str,
}

impl Mention {
    /// The place name itself and the place of that name: what a list of toponyms has.
    pub fn toponym(&self) -> (Span, Option<&Place>) {
        match &self.base {
            Some((span, place)) => (*span, Some(place)),
            None => (self.span, self.place.as_deref()),
        }
    }
}

/// What a place name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sense {
    /// The place.
    Literal,
    /// A government, army or people: "Washington announced".
    Metonym,
    /// A comparison or a past war.
    Historic,
    /// A part of an organisation's, operation's, person's or paper's name.
    Org,
    /// An adjective or noun of nationality.
    Demonym,
}

impl Sense {
    /// The name that outputs use.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Literal => "literal",
            Self::Metonym => "metonym",
            Self::Historic => "historic",
            Self::Org => "org",
            Self::Demonym => "demonym",
        }
    }
}
