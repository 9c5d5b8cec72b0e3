use std::collections::VecDeque;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::segment::Segment;
use super::{Layer, Row};

/// So many changes of rows are remembered, and so many bytes of what these rows were.
pub(super) const REMEMBERED: usize = 10_000;
const REMEMBERED_BYTES: usize = if cfg!(test) { 20_000 } else { 16 << 20 };

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

/// What one change of the index did to a layer: each row that it brought or took away, in order, and what those that
/// were there already were before. What they became is in the layer, or in a later step: it need not be kept here.
#[derive(Debug)]
pub(super) struct Step {
    rows: Vec<Position>,
    /// `None` where all rows are new.
    before: Option<Arc<Segment>>,
}

impl Step {
    /// The rows come in any order.
    pub(super) fn new(mut rows: Vec<Position>, before: Option<Segment>) -> Self {
        rows.sort_unstable();
        let before = before.map(Arc::new);
        Self { rows, before }
    }

    fn before(&self, sequence: u64) -> Option<Held> {
        let segment = self.before.as_ref()?;
        let number = segment.at(sequence)?;
        let segment = Arc::clone(segment);
        Some(Held { segment, number })
    }

    fn bytes(&self) -> usize {
        self.before.as_deref().map_or(0, Segment::bytes)
    }
}

/// The latest changes of a layer.
#[derive(Debug, Clone, Default)]
pub(super) struct Changes {
    /// All that came after this version are there.
    since: u64,
    latest: VecDeque<Arc<Step>>,
    /// How many rows these tell of, and how many bytes they have.
    rows: usize,
    bytes: usize,
}

impl Changes {
    /// None yet after a version: what brought the first rows is no change to tell of.
    pub(super) fn from(version: u64) -> Self {
        Self {
            since: version,
            ..Self::default()
        }
    }

    /// With one more; the oldest are forgotten.
    pub(super) fn with(&self, step: Step) -> Self {
        let mut changes = self.clone();
        if step.rows.is_empty() {
            return changes;
        }
        changes.rows += step.rows.len();
        changes.bytes += step.bytes();
        changes.latest.push_back(Arc::new(step));
        while changes.rows > REMEMBERED || changes.bytes > REMEMBERED_BYTES {
            let Some(forgotten) = changes.latest.pop_front() else {
                break;
            };
            changes.rows -= forgotten.rows.len();
            changes.bytes -= forgotten.bytes();
            let last = forgotten.rows.last().map_or(0, |&(version, _)| version);
            changes.since = changes.since.max(last);
        }
        changes
    }
}

impl Layer {
    /// What has changed after a position, in order. Of changes too long ago to be remembered only those are told that
    /// made rows which are there now.
    pub fn changes_after(&self, position: Position) -> Vec<Change> {
        let changes = self.changes();
        if position.0 < changes.since {
            return self.made_after(position);
        }
        let mut later = Vec::new();
        // Backwards: what a row became is what it was before its next change, or what it is now. No step has a row of an
        // earlier version than the step before it.
        let mut next: FxHashMap<u64, Option<Held>> = FxHashMap::default();
        'steps: for step in changes.latest.iter().rev() {
            for &(version, sequence) in step.rows.iter().rev() {
                if (version, sequence) <= position {
                    break 'steps;
                }
                let before = step.before(sequence);
                let now = match next.insert(sequence, before.clone()) {
                    Some(now) => now,
                    None => self.held(sequence),
                };
                later.push(Change {
                    version,
                    sequence,
                    before,
                    now,
                });
            }
        }
        later.reverse();
        later
    }

    /// The rows that were made after a position, as new ones.
    fn made_after(&self, position: Position) -> Vec<Change> {
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

    fn held(&self, sequence: u64) -> Option<Held> {
        let slot = self.slot_at(sequence)?;
        Some(Held {
            segment: Arc::clone(&self.parts[slot.part as usize].segment),
            number: slot.number,
        })
    }
}
