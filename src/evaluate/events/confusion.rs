//! Which action is taken for which.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;
use serde::ser::SerializeMap;

use crate::domain::Action;

/// How often an event of a gold action (or none) was read as one of another (or not at all).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Confusion {
    counts: BTreeMap<(Option<Action>, Option<Action>), usize>,
}

/// What stands for no event.
const NOTHING: &str = "nothing";

fn name(action: Option<Action>) -> &'static str {
    action.map_or(NOTHING, Action::as_str)
}

/// All actions, and nothing at the end.
fn all() -> impl Iterator<Item = Option<Action>> {
    Action::ALL.iter().copied().map(Some).chain([None])
}

impl Confusion {
    /// Counts an event; `None` is no event there.
    pub(super) fn add(&mut self, gold: Option<Action>, system: Option<Action>) {
        *self.counts.entry((gold, system)).or_default() += 1;
    }

    /// How often a gold action was read as another.
    pub fn count(&self, gold: Option<Action>, system: Option<Action>) -> usize {
        self.counts.get(&(gold, system)).copied().unwrap_or(0)
    }
}

/// As an object of gold actions, each an object of the system's actions and their counts.
impl Serialize for Confusion {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut rows = serializer.serialize_map(None)?;
        for gold in all() {
            let row: BTreeMap<&str, usize> = all()
                .map(|system| (name(system), self.count(gold, system)))
                .filter(|(_, count)| *count > 0)
                .collect();
            rows.serialize_entry(name(gold), &row)?;
        }
        rows.end()
    }
}

impl fmt::Display for Confusion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:<12}", "gold \\ read")?;
        for system in all() {
            write!(f, "{:>12}", name(system))?;
        }
        for gold in all() {
            write!(f, "\n{:<12}", name(gold))?;
            for system in all() {
                match self.count(gold, system) {
                    0 => write!(f, "{:>12}", "·")?,
                    count => write!(f, "{count:>12}")?,
                }
            }
        }
        Ok(())
    }
}
