use std::ops::Range;
use std::sync::Arc;

use smallvec::SmallVec;

use super::cues::Lead;
use super::weights::{ConfidenceVector, RankVector};
use crate::domain::{Place, Sense};
use crate::gazetteer::{Candidate, PlaceRef};
use crate::language::CountryCode;

/// A stretch of text that may be a place name, while its meaning is being settled.
#[derive(Debug, Clone)]
pub(super) struct Spot {
    /// The tokens of the name.
    pub(super) name: Range<usize>,
    /// Index of its sentence.
    pub(super) sentence: usize,
    /// What stands before it and belongs to it.
    pub(super) lead: Lead,
    /// What sort of name it is.
    pub(super) source: Source,
    /// The places that it may mean, the most populous first.
    pub(super) candidates: SmallVec<[Candidate; 4]>,
    /// What speaks against its being a place name at all.
    pub(super) doubt: Doubt,
    /// What it stands for.
    pub(super) sense: Sense,
    /// The rule that told its sense, when it is not literal.
    pub(super) sense_rule: &'static str,
    /// The place, once a pass has settled it.
    pub(super) choice: Option<Choice>,
    /// The ranker chose it among others.
    pub(super) contested: bool,
    /// A place made from the chosen one: a part of it, or a point some way off.
    pub(super) made: Option<Arc<Place>>,
    /// The made place lies beside the chosen one, and is no part of it.
    pub(super) aside: bool,
    /// The first token of the mention, where it covers more than the name.
    pub(super) cover_from: usize,
    /// Named from outside as a place name, and so beyond doubt.
    pub(super) given: bool,
    /// How it came about, when that is asked for.
    pub(super) trace: Option<Box<Trace>>,
}

/// How a spot came about.
#[derive(Debug, Clone, Default)]
pub(super) struct Trace {
    /// What the passes did.
    pub(super) steps: Vec<Done>,
    /// How the ranker saw the candidates.
    pub(super) ranked: Vec<Ranked>,
    /// What the confidence was made from.
    pub(super) grounds: ConfidenceVector,
}

/// What a pass did with a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Done {
    pub(super) pass: &'static str,
    /// Candidates left behind it.
    pub(super) candidates: usize,
    /// The tokens that it went by.
    pub(super) evidence: Option<Range<usize>>,
}

/// A candidate as the ranker saw it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ranked {
    /// The place.
    pub place: PlaceRef,
    /// What spoke for it and against it.
    pub features: RankVector,
    /// 0 to 1, all candidates together 1.
    pub probability: f64,
}

/// How a spot was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Source {
    /// A name of the gazetteer.
    Gazetteer,
    /// A way to write a country's name.
    Country(CountryCode),
    /// A nationality, with the countries that it may mean.
    Demonym(SmallVec<[CountryCode; 2]>),
    /// A seat of power.
    Seat(CountryCode),
    /// Capitalised words after a strong cue, unknown to the gazetteer as they are spelt.
    Unknown,
}

/// What speaks against a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Doubt {
    /// Nothing, or a cue outweighs it.
    None,
    /// No cue: it must lie in a country that the text speaks of, or be well known.
    Bare,
    /// A common word, a sentence's first word, a part of a longer name: the text must use it elsewhere with a cue.
    Strong,
}

/// The place that a pass settled on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Choice {
    pub(super) place: PlaceRef,
    /// The pass.
    pub(super) rule: &'static str,
    /// 0 to 1: by the ranker while passes go on, calibrated in the end.
    pub(super) confidence: f64,
}

impl Spot {
    pub(super) fn new(name: Range<usize>, sentence: usize, lead: Lead, source: Source) -> Self {
        Self {
            cover_from: name.start,
            name,
            sentence,
            lead,
            source,
            candidates: SmallVec::new(),
            doubt: Doubt::None,
            sense: Sense::Literal,
            sense_rule: "",
            choice: None,
            contested: false,
            made: None,
            aside: false,
            given: false,
            trace: None,
        }
    }

    /// Keeps what a pass did, if the scene is to be explained.
    pub(super) fn note(
        &mut self,
        explains: bool,
        pass: &'static str,
        evidence: Option<Range<usize>>,
    ) {
        if explains {
            let done = Done {
                pass,
                candidates: self.candidates.len(),
                evidence,
            };
            let steps = &mut self.trace.get_or_insert_default().steps;
            // A name that is ranked twice with one result was settled once.
            if steps.last() != Some(&done) {
                steps.push(done);
            }
        }
    }

    /// Settles the place.
    pub(super) fn settle(&mut self, place: PlaceRef, rule: &'static str, confidence: f64) {
        self.choice = Some(Choice {
            place,
            rule,
            confidence,
        });
    }
}
