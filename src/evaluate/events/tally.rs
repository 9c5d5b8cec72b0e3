//! Counting, and the figures that come of it.

use serde::Serialize;

use super::gold::GoldEvent;
use super::matching::{Match, Verdict};

/// What was counted over articles.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Tally {
    articles: usize,
    /// Articles that report nothing that must be found, and how many of them have no event that is not in the gold.
    negatives: Share,
    dates: Share,
    statuses: Share,
    actors: Share,
    gold: usize,
    gold_strict: usize,
    gold_lenient: usize,
    system: usize,
    system_strict: usize,
    system_lenient: usize,
    pins: usize,
    unlocated: usize,
}

/// How many of how many.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Share {
    right: usize,
    of: usize,
}

impl Share {
    fn count(&mut self, right: bool) {
        self.of += 1;
        self.right += usize::from(right);
    }

    fn value(self) -> f64 {
        ratio(self.right, self.of)
    }
}

/// The figures of an evaluation; each a share between 0 and 1, 0 where there is nothing to count.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Figures {
    /// Of the events given that have a point: the share with a gold event of the same action there.
    pub strict_precision: f64,
    /// Of the gold events that must be found: the share found with the same action.
    pub strict_recall: f64,
    /// Their harmonic mean.
    pub strict_f1: f64,
    /// As strict, where an action of the same family is right as well.
    pub lenient_precision: f64,
    /// Likewise.
    pub lenient_recall: f64,
    /// Their harmonic mean.
    pub lenient_f1: f64,
    /// Of the events given that have a point: the share with any gold event there.
    pub pin_precision: f64,
    /// Of the gold events found with the same action and dated in the gold: the share with the right date.
    pub date_accuracy: f64,
    /// Of the gold events found with the same action: the share with the right status.
    pub status_accuracy: f64,
    /// Of those with an actor in the gold: the share with the right one.
    pub actor_accuracy: f64,
    /// Of the articles without an event that must be found: the share where no other is given.
    pub negatives_clean: f64,
    /// Gold events that must be found.
    pub gold_events: usize,
    /// Events given that have a point.
    pub system_events: usize,
    /// Events given that have none.
    pub unlocated: usize,
    /// Articles.
    pub articles: usize,
}

impl Tally {
    /// Counts an article that reports nothing that must be found (then whether it is clean), or another.
    pub(super) fn article(&mut self, negative: Option<bool>) {
        self.articles += 1;
        if let Some(clean) = negative {
            self.negatives.count(clean);
        }
    }

    /// Counts a gold event.
    pub(super) fn gold(&mut self, event: &GoldEvent, found: Option<Match>) {
        let strict = found.filter(|found| found.strict);
        if event.is_wanted() {
            self.gold += 1;
            self.gold_strict += usize::from(strict.is_some());
            self.gold_lenient += usize::from(found.is_some());
        }
        if let Some(found) = strict {
            self.statuses.count(found.status);
            if let Some(right) = found.date {
                self.dates.count(right);
            }
            if let Some(right) = found.actor {
                self.actors.count(right);
            }
        }
    }

    /// Counts an event of the system.
    pub(super) fn system(&mut self, verdict: Verdict) {
        if !verdict.located {
            self.unlocated += 1;
            return;
        }
        self.system += 1;
        self.system_strict += usize::from(verdict.strict);
        self.system_lenient += usize::from(verdict.lenient);
        self.pins += usize::from(verdict.pin);
    }

    pub(super) fn figures(&self) -> Figures {
        let strict_precision = ratio(self.system_strict, self.system);
        let strict_recall = ratio(self.gold_strict, self.gold);
        let lenient_precision = ratio(self.system_lenient, self.system);
        let lenient_recall = ratio(self.gold_lenient, self.gold);
        Figures {
            strict_precision,
            strict_recall,
            strict_f1: f1(strict_precision, strict_recall),
            lenient_precision,
            lenient_recall,
            lenient_f1: f1(lenient_precision, lenient_recall),
            pin_precision: ratio(self.pins, self.system),
            date_accuracy: self.dates.value(),
            status_accuracy: self.statuses.value(),
            actor_accuracy: self.actors.value(),
            negatives_clean: self.negatives.value(),
            gold_events: self.gold,
            system_events: self.system,
            unlocated: self.unlocated,
            articles: self.articles,
        }
    }
}

/// The harmonic mean of precision and recall.
pub(super) fn f1(precision: f64, recall: f64) -> f64 {
    if precision + recall > 0.0 {
        2.0 * precision * recall / (precision + recall)
    } else {
        0.0
    }
}

/// A share; 0 of nothing.
pub(super) fn ratio(part: usize, whole: usize) -> f64 {
    part as f64 / whole.max(1) as f64
}
