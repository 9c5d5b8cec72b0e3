//! How well articles are read into events, held against a gold standard; and how well places are linked to verbs.
//!
//! Conventions of [`events`]. A gold event and one of the system are the same if they stand in one article, the
//! system's point lies within the gold's radius, and the actions are equal (strict) or of one family (lenient:
//! offensive, advance, clash, siege; withdrawal, evacuation; capture, deployment; strike alone). Pairs are made one
//! to one, those with the right action before others, then those with the right date and status. Precision counts
//! the events that have a point: right is one with a gold event of its action there, so that a repeat is no
//! falsehood. Recall counts the gold events that must be found and have a point; others may be found or not. Dates,
//! statuses and actors are counted over the strict pairs. A date is right if it shares a day with the gold's (next
//! to it, where that is one day) and is hardly wider; an actor if the names share a word, under their common names
//! (`data/evaluate/actors.toml`).
//!
//! In the table of confusions, what is left over on both sides at one place is paired in order; `nothing` is a gold
//! event where no other event was read, or an event read where the gold has none. Confidence is compared with the
//! strict precision.

mod actors;
mod calibration;
mod confusion;
mod dates;
mod faults;
mod gold;
mod locations;
mod matching;
mod report;
mod tally;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use crate::domain::Article;
use crate::evaluate::CorpusError;
use crate::pipeline::Extractor;

pub use calibration::{Bin, Reliability};
pub use confusion::Confusion;
pub use faults::{Fault, FaultKind};
pub use gold::{GoldArticle, GoldEvent, read_gold};
pub use locations::{LocationReport, VerbCorpus, locations, read_locations};
use report::Counts;
pub use report::EventReport;
pub use tally::Figures;

/// Reads the articles of the gold and says how well; `errors` says how many of each kind of error are kept. Articles
/// that the gold does not have are passed over.
///
/// # Errors
/// When an article of the gold is not there, or two bear its id.
pub fn events(
    extractor: &Extractor,
    gold: &[GoldArticle],
    articles: &[Article],
    errors: usize,
) -> Result<EventReport, CorpusError> {
    let mut by_id: HashMap<&str, Vec<&Article>> = HashMap::new();
    for article in articles {
        by_id.entry(&article.id).or_default().push(article);
    }
    let mut counts = Counts::default();
    for gold in gold {
        let id = gold.article.as_str();
        let message = match by_id.get(id).map(Vec::as_slice) {
            Some([article]) => {
                let extraction = extractor.extract(article);
                counts.add(gold, &extraction.event_records(article));
                continue;
            }
            Some(_) => format!("more than one article has the id {id:?}"),
            None => format!("no article has the id {id:?}"),
        };
        let line = gold.line;
        return Err(CorpusError { line, message });
    }
    Ok(counts.report(errors))
}
