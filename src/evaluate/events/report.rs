//! What an evaluation of events says, for people and as JSON.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

use super::calibration::{Calibration, Reliability};
use super::confusion::Confusion;
use super::faults::{Fault, FaultKind, faults};
use super::gold::GoldArticle;
use super::matching::Matching;
use super::tally::{Figures, Tally};
use crate::domain::{Action, EventRecord};

/// Counts over articles, and the errors found in them.
#[derive(Debug, Default)]
pub(super) struct Counts {
    overall: Tally,
    languages: BTreeMap<String, Tally>,
    actions: BTreeMap<Action, Tally>,
    confusion: Confusion,
    calibration: Calibration,
    faults: Vec<Fault>,
}

/// What was measured.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EventReport {
    /// Over all articles.
    pub overall: Figures,
    /// By the gold's language of the article.
    pub languages: BTreeMap<String, Figures>,
    /// By action: precision of the events given with it, recall and accuracy of the gold events that have it. What
    /// counts articles is 0.
    pub actions: BTreeMap<Action, Figures>,
    /// Which action is taken for which.
    pub confusion: Confusion,
    /// What a confidence is worth.
    pub calibration: Reliability,
    /// Errors, as many of each kind as were asked for.
    pub errors: Vec<Fault>,
}

impl Counts {
    /// Takes in an article and the events that were read from it.
    pub(super) fn add(&mut self, gold: &GoldArticle, system: &[EventRecord]) {
        let matching = Matching::of(gold, system);
        let language = gold.language.clone().unwrap_or_else(|| "?".to_owned());
        let language = self.languages.entry(language).or_default();
        let clean = || {
            let mut verdicts = matching.system.iter();
            verdicts.all(|verdict| verdict.pin || !verdict.located)
        };
        let negative = (!gold.events.iter().any(|event| event.must)).then(clean);
        for tally in [&mut self.overall, language] {
            tally.article(negative);
        }
        for (event, found) in gold.events.iter().zip(&matching.gold) {
            let action = self.actions.entry(event.action).or_default();
            for tally in [&mut self.overall, language, action] {
                tally.gold(event, *found);
            }
        }
        for (event, verdict) in system.iter().zip(&matching.system) {
            let action = self.actions.entry(event.action).or_default();
            for tally in [&mut self.overall, language, action] {
                tally.system(*verdict);
            }
            if verdict.located {
                self.calibration.add(event.confidence, verdict.strict);
            }
        }
        self.confuse(gold, system, &matching);
        self.faults.extend(faults(gold, system, &matching));
    }

    fn confuse(&mut self, gold: &GoldArticle, system: &[EventRecord], matching: &Matching) {
        let mut free: Vec<bool> = matching
            .system
            .iter()
            .map(|verdict| verdict.located && !verdict.strict)
            .collect();
        for (i, (event, found)) in gold.events.iter().zip(&matching.gold).enumerate() {
            let other = matching.confused.iter().find(|(gold, _)| *gold == i);
            let read = match (found, other) {
                // An answer that the gold takes as well is no confusion.
                (Some(found), _) if found.strict => Some(event.action),
                (Some(found), _) => {
                    free[found.system] = false;
                    Some(system[found.system].action)
                }
                (None, Some((_, j))) => {
                    free[*j] = false;
                    Some(system[*j].action)
                }
                (None, None) if event.is_wanted() => None,
                (None, None) => continue,
            };
            self.confusion.add(Some(event.action), read);
        }
        for (event, free) in system.iter().zip(free) {
            if free {
                self.confusion.add(None, Some(event.action));
            }
        }
    }

    /// The report, with so many errors of each kind.
    pub(super) fn report(self, errors: usize) -> EventReport {
        let figures = Tally::figures;
        let mut kept = Vec::new();
        for kind in FaultKind::ALL {
            let of_kind = self.faults.iter().filter(|fault| fault.kind == kind);
            kept.extend(of_kind.take(errors).cloned());
        }
        EventReport {
            overall: figures(&self.overall),
            languages: self
                .languages
                .iter()
                .map(|(code, tally)| (code.clone(), figures(tally)))
                .collect(),
            actions: self
                .actions
                .iter()
                .map(|(action, tally)| (*action, figures(tally)))
                .collect(),
            confusion: self.confusion,
            calibration: self.calibration.reliability(),
            errors: kept,
        }
    }
}

/// The columns of the table: heading and value.
type Column = (&'static str, fn(&Figures) -> f64);

const SHARES: [Column; 11] = [
    ("P", |f| f.strict_precision),
    ("R", |f| f.strict_recall),
    ("F", |f| f.strict_f1),
    ("P~", |f| f.lenient_precision),
    ("R~", |f| f.lenient_recall),
    ("F~", |f| f.lenient_f1),
    ("pin", |f| f.pin_precision),
    ("date", |f| f.date_accuracy),
    ("status", |f| f.status_accuracy),
    ("actor", |f| f.actor_accuracy),
    ("clean", |f| f.negatives_clean),
];

fn row(f: &mut fmt::Formatter<'_>, name: &str, figures: &Figures) -> fmt::Result {
    write!(f, "\n{name:<12}")?;
    for (_, share) in SHARES {
        write!(f, "{:>7.3}", share(figures))?;
    }
    let counts = [
        figures.gold_events,
        figures.system_events,
        figures.unlocated,
        figures.articles,
    ];
    counts.iter().try_for_each(|count| write!(f, "{count:>10}"))
}

impl fmt::Display for EventReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:<12}", "")?;
        for (heading, _) in SHARES {
            write!(f, "{heading:>7}")?;
        }
        for heading in ["gold", "given", "unlocated", "articles"] {
            write!(f, "{heading:>10}")?;
        }
        row(f, "all", &self.overall)?;
        for (code, figures) in &self.languages {
            row(f, code, figures)?;
        }
        for (action, figures) in &self.actions {
            row(f, action.as_str(), figures)?;
        }
        write!(f, "\n\n{}", self.confusion)?;
        let off = self.calibration.expected_calibration_error;
        write!(f, "\n\nconfidence is off by (mean) {off:.3}")?;
        for bin in &self.calibration.bins {
            let (said, right) = (bin.mean_confidence, bin.share_right);
            write!(f, "\n  said {said:.2}: right {right:.2} of {}", bin.events)?;
        }
        for kind in FaultKind::ALL {
            let mut faults = self.errors.iter().filter(|fault| fault.kind == kind);
            if let Some(first) = faults.next() {
                write!(f, "\n\n{kind}:\n  {first}")?;
            }
            faults.try_for_each(|fault| write!(f, "\n  {fault}"))?;
        }
        Ok(())
    }
}
