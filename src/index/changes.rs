use std::collections::VecDeque;
use std::sync::Arc;

use super::segment::Segment;
use super::{Layer, Row};

/// So many changes are remembered.
pub(super) const REMEMBERED: usize = 10_000;

/// What happened to a row.
#[derive(Debug, Clone)]
pub struct Change {
    /// The change of the index that it belongs to.
    pub version: u64,
    /// The row's position in the order of first indexing.
    pub sequence: u64,
    /// The row before; `None` when it is new.
    pub before: Option<Held>,
    /// The row now; `None` when it is gone.
    pub now: Option<Held>,
}

/// A row that stays, whatever becomes of the layer that it is from.
#[derive(Debug, Clone)]
pub struct Held {
    pub(super) segment: Arc<Segment>,
    pub(super) number: u32,
}

impl Held {
    /// The row.
    pub fn row(&self) -> Row<'_> {
        self.segment.row(self.number)
    }
}

/// A place among changes: the version of the last one seen, and the row's sequence.
pub type Position = (u64, u64);

/// The latest changes of a layer.
#[derive(Debug, Clone, Default)]
pub(super) struct Changes {
    /// All that came after this version are there.
    since: u64,
    latest: VecDeque<Change>,
}

impl Changes {
    /// None yet after a version: what made a layer that was empty is no change to tell of.
    pub(super) fn from(version: u64) -> Self {
        Self {
            since: version,
            latest: VecDeque::new(),
        }
    }

    /// With some more, which the change `version` made; the oldest are forgotten.
    pub(super) fn with(&self, version: u64, mut more: Vec<Change>) -> Self {
        if more.len() > REMEMBERED {
            // They would keep all that they were made with in memory.
            return Self::from(version);
        }
        more.sort_by_key(|change| (change.version, change.sequence));
        let mut changes = self.clone();
        changes.latest.extend(more);
        while changes.latest.len() > REMEMBERED {
            if let Some(forgotten) = changes.latest.pop_front() {
                changes.since = changes.since.max(forgotten.version);
            }
        }
        changes
    }
}

impl Layer {
    /// What has changed after a position, in order. Of changes too long ago to be remembered only those are told that
    /// made rows which are there now.
    pub fn changes_after(&self, position: Position) -> Vec<Change> {
        let changes = self.changes();
        if position.0 >= changes.since {
            let later = changes
                .latest
                .iter()
                .filter(|change| (change.version, change.sequence) > position);
            return later.cloned().collect();
        }
        let mut later = Vec::new();
        for part in &self.parts {
            let rows = part.numbers().map(|number| part.segment.row(number));
            let rows = rows.filter(|row| (row.version(), row.sequence()) > position);
            later.extend(rows.map(|row| Change {
                version: row.version(),
                sequence: row.sequence(),
                before: None,
                now: Some(Held {
                    segment: Arc::clone(&part.segment),
                    number: row.number,
                }),
            }));
        }
        later.sort_by_key(|change| (change.version, change.sequence));
        later
    }
}
