//! What went wrong, event by event.

use std::fmt;

use serde::Serialize;

use super::gold::{GoldArticle, GoldEvent};
use super::matching::Matching;
use crate::domain::{Action, EventRecord};

/// A kind of error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FaultKind {
    /// A gold event that must be found, and is not with its action.
    Missed,
    /// An event given where the gold has none of its action.
    Wrong,
    /// A gold event that was found with another date.
    WrongDate,
    /// With another status.
    WrongStatus,
    /// With another actor.
    WrongActor,
}

impl FaultKind {
    /// All, in the order in which they are shown.
    pub const ALL: [Self; 5] = [
        Self::Missed,
        Self::Wrong,
        Self::WrongDate,
        Self::WrongStatus,
        Self::WrongActor,
    ];

    const fn as_str(self) -> &'static str {
        match self {
            Self::Missed => "missed",
            Self::Wrong => "wrong",
            Self::WrongDate => "wrong date",
            Self::WrongStatus => "wrong status",
            Self::WrongActor => "wrong actor",
        }
    }
}

impl fmt::Display for FaultKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One error: of what was missed the gold's event, else the system's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// What sort of error it is.
    pub kind: FaultKind,
    /// The article's id.
    pub article: String,
    /// What happens.
    pub action: Action,
    /// Where.
    pub place: Option<String>,
    /// When.
    pub date: Option<String>,
    /// The words that say so.
    pub quote: Option<String>,
    /// The rule that fired; of what was missed the one that read something else there, if any did.
    pub rule: Option<String>,
    /// What should have been said, or was said instead.
    pub note: String,
}

impl Fault {
    fn of_gold(event: &GoldEvent, article: &str, instead: Option<&EventRecord>) -> Self {
        Self {
            kind: FaultKind::Missed,
            article: article.to_owned(),
            action: event.action,
            place: event.place.clone(),
            date: event.date.clone(),
            quote: event.quote.clone(),
            rule: instead.map(|read| read.rule.clone()),
            note: instead.map_or_else(
                || "nothing was read there".to_owned(),
                |read| format!("read as {}", read.action),
            ),
        }
    }

    fn of_system(kind: FaultKind, event: &EventRecord, note: String) -> Self {
        Self {
            kind,
            article: event.article.clone(),
            action: event.action,
            place: event.place.clone(),
            date: event.date.clone(),
            quote: Some(event.quote.clone()),
            rule: Some(event.rule.clone()),
            note,
        }
    }
}

/// All errors in an article.
pub(super) fn faults(
    gold: &GoldArticle,
    system: &[EventRecord],
    matching: &Matching,
) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (i, (expected, found)) in gold.events.iter().zip(&matching.gold).enumerate() {
        let Some(found) = found.filter(|found| found.strict) else {
            if expected.is_wanted() {
                let confused = matching.confused.iter().find(|(gold, _)| *gold == i);
                let instead = found
                    .map(|found| found.system)
                    .or(confused.map(|(_, system)| *system));
                faults.push(Fault::of_gold(
                    expected,
                    &gold.article,
                    instead.map(|j| &system[j]),
                ));
            }
            continue;
        };
        let read = &system[found.system];
        let or_none = |text: &Option<String>| text.clone().unwrap_or_else(|| "none".to_owned());
        if found.date == Some(false) {
            let note = format!("gold has {}", or_none(&expected.date));
            faults.push(Fault::of_system(FaultKind::WrongDate, read, note));
        }
        if !found.status {
            let note = format!("{}, gold has {}", read.status, expected.status);
            faults.push(Fault::of_system(FaultKind::WrongStatus, read, note));
        }
        if found.actor == Some(false) {
            let (said, right) = (or_none(&read.actor), or_none(&expected.actor));
            let note = format!("{said}, gold has {right}");
            faults.push(Fault::of_system(FaultKind::WrongActor, read, note));
        }
    }
    for (read, verdict) in system.iter().zip(&matching.system) {
        if verdict.located && !verdict.strict {
            let there = gold
                .events
                .iter()
                .filter(|expected| expected.is_near(read.point));
            let mut actions: Vec<&str> = there.map(|expected| expected.action.as_str()).collect();
            actions.dedup();
            let note = match actions.as_slice() {
                [] => "gold has nothing there".to_owned(),
                actions => format!("gold has {} there", actions.join(", ")),
            };
            faults.push(Fault::of_system(FaultKind::Wrong, read, note));
        }
    }
    faults
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let or_dash = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
        write!(
            f,
            "{} | {} | {} | {} | {} | {}\n    {}",
            self.article,
            self.action,
            or_dash(&self.place),
            or_dash(&self.date),
            or_dash(&self.rule),
            self.note,
            or_dash(&self.quote).replace(['\n', '\r'], " ")
        )
    }
}
