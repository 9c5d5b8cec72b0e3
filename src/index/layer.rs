use std::collections::HashSet;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::changes::{Changes, REMEMBERED, Step};
use super::layout::Layout;
use super::part::Part;
use super::records::Text;
use super::row::Draft;
use super::segment::{Builder, Segment, around};
use super::{Property, Row};
use crate::domain::{BoundingBox, numbered_day};

/// A part that is at most so many times as large as the one after it is put together with it. So there are few parts,
/// and a row is copied as often as the layer has grown by this factor.
const GROWTH: usize = 4;

/// The rows of one collection at one moment, never changed.
///
/// They lie in parts: what a change brings is one, and parts of like size become one.
#[derive(Debug)]
pub struct Layer {
    pub(super) layout: Arc<Layout>,
    pub(super) parts: Vec<Part>,
    pub(super) next_sequence: u64,
    pub(super) changes: Changes,
}

/// Which row of a layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Slot {
    pub(super) part: u32,
    pub(super) number: u32,
}

impl Layer {
    pub(super) fn empty(properties: &'static [Property]) -> Self {
        Self {
            layout: Arc::new(Layout::new(properties)),
            parts: Vec::new(),
            next_sequence: 0,
            changes: Changes::default(),
        }
    }

    /// A layer that never changes.
    pub fn fixed(properties: &'static [Property], drafts: impl Iterator<Item = Draft>) -> Self {
        Self::empty(properties).with(0, &HashSet::new(), drafts)
    }

    /// A layer of all there is, each id once, as of the change `version`. What becomes of a segment says `keep`.
    pub(super) fn of_all(
        properties: &'static [Property],
        version: u64,
        drafts: impl Iterator<Item = Draft>,
        mut keep: impl FnMut(Segment) -> Segment,
    ) -> Self {
        let mut layer = Self::empty(properties);
        layer.changes = Changes::from(version);
        let mut drafts = drafts.peekable();
        while drafts.peek().is_some() {
            let mut builder = Builder::new(&layer.layout);
            while let Some(draft) = (!builder.is_full()).then(|| drafts.next()).flatten() {
                let text = Text::new(&draft, &layer.layout);
                let version = draft.version.unwrap_or(version);
                builder.push(draft, &text, layer.next_sequence, version);
                layer.next_sequence += 1;
            }
            let segment = keep(builder.finish());
            layer.parts.push(Part::new(Arc::new(segment)));
        }
        layer
    }

    /// The layer after the change `version`: with the drafts, each in the place of the row of its id, else at the end;
    /// and without the rows whose ids are `gone`, unless they come again. A row that comes again as it was stays.
    pub(super) fn with(
        &self,
        version: u64,
        gone: &HashSet<String>,
        mut drafts: impl Iterator<Item = Draft>,
    ) -> Self {
        let mut gone: HashSet<&str> = gone.iter().map(String::as_str).collect();
        let (mut layer, mut is_all) = self.with_some(version, &mut gone, &mut drafts);
        while !is_all {
            (layer, is_all) = layer.with_some(version, &mut gone, &mut drafts);
        }
        layer
    }

    /// The same with as many drafts as a segment can hold; and whether these were all. Only then is anything gone.
    fn with_some(
        &self,
        version: u64,
        gone: &mut HashSet<&str>,
        drafts: &mut impl Iterator<Item = Draft>,
    ) -> (Self, bool) {
        let mut next_sequence = self.next_sequence;
        let mut builder = Builder::new(&self.layout);
        // By id: the row in the builder, or that it is as it was.
        let mut given: FxHashMap<String, Option<u32>> = FxHashMap::default();
        let mut replaced: FxHashSet<Slot> = FxHashSet::default();
        let mut is_all = false;
        while !builder.is_full() {
            let Some(draft) = drafts.next() else {
                is_all = true;
                break;
            };
            gone.remove(&*draft.id);
            let there = self.slot(&draft.id);
            let text = Text::new(&draft, &self.layout);
            let before = given.get(&draft.id).copied().flatten();
            if let Some(slot) = there {
                if text.is_of(self.row(slot)) {
                    before.inspect(|&number| builder.drop_row(number));
                    replaced.remove(&slot);
                    given.insert(draft.id, None);
                    continue;
                }
                replaced.insert(slot);
            }
            let sequence = match (before, there) {
                (Some(number), _) => builder.sequence(number),
                (None, Some(slot)) => self.row(slot).sequence(),
                (None, None) => {
                    next_sequence += 1;
                    next_sequence - 1
                }
            };
            before.inspect(|&number| builder.drop_row(number));
            let id = draft.id.clone();
            let version = draft.version.unwrap_or(version);
            let number = builder.push(draft, &text, sequence, version);
            given.insert(id, Some(number));
        }
        let dropped = gone.iter().filter(|_| is_all);
        let dropped: Vec<Slot> = dropped.filter_map(|id| self.slot(id)).collect();
        let segment = Arc::new(builder.finish());
        let is_first = self.next_sequence == 0;
        let changes = if is_first || segment.len() + dropped.len() > REMEMBERED {
            Changes::from(version)
        } else {
            let step = self.step(version, &segment, &replaced, &dropped);
            self.changes.with(step)
        };
        let mut parts = self.parts_without(replaced.into_iter().chain(dropped));
        if segment.len() > 0 {
            parts.push(Part::new(segment));
        }
        compact(&mut parts);
        let layer = Self {
            layout: Arc::clone(&self.layout),
            parts,
            next_sequence,
            changes,
        };
        (layer, is_all)
    }

    /// What a change did: the rows that it brought, those that they replace, and those that are gone. Rows that were
    /// before are copied, so that the changes do not keep all that they lay among.
    fn step(
        &self,
        version: u64,
        now: &Segment,
        replaced: &FxHashSet<Slot>,
        dropped: &[Slot],
    ) -> Step {
        let is_new = replaced.is_empty() && dropped.is_empty();
        let before = (!is_new).then(|| {
            let mut copies = Builder::new(&self.layout);
            for &slot in replaced.iter().chain(dropped) {
                copies.copy(self.row(slot));
            }
            copies.finish_without_words()
        });
        let news = (0..now.len() as u32).map(|number| now.row(number));
        let news = news.map(|row| (row.version(), row.sequence()));
        let gone = dropped
            .iter()
            .map(|&slot| (version, self.row(slot).sequence()));
        Step::new(news.chain(gone).collect(), before)
    }

    fn parts_without(&self, slots: impl Iterator<Item = Slot>) -> Vec<Part> {
        let mut numbers = vec![Vec::new(); self.parts.len()];
        for slot in slots {
            numbers[slot.part as usize].push(slot.number);
        }
        let parts = self.parts.iter().zip(&numbers);
        let parts = parts.map(|(part, numbers)| {
            if numbers.is_empty() {
                part.clone()
            } else {
                part.without(numbers)
            }
        });
        parts.filter(|part| part.len() > 0).collect()
    }

    /// All rows, part by part, each part's in the order of first indexing. Of a layer that was made at once that is the
    /// order of all.
    pub(super) fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.parts.iter().flat_map(|part| {
            let numbers = part.segment.by_sequence.iter().copied();
            let there = numbers.filter(|&number| part.has(number));
            there.map(|number| part.segment.row(number))
        })
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.parts.iter().map(Part::len).sum()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// The columns of the rows.
    pub fn properties(&self) -> &'static [Property] {
        self.layout.properties
    }

    /// The smallest box around all geometries; `None` when there is none.
    pub fn bbox(&self) -> Option<BoundingBox> {
        self.parts.iter().filter_map(Part::bbox).reduce(around)
    }

    /// From the first day to the last; `None` when no row has a date.
    pub fn days(&self) -> Option<(jiff::civil::Date, jiff::civil::Date)> {
        let days = self.parts.iter().filter_map(Part::days);
        days.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))
            .map(|(from, to)| (numbered_day(from), numbered_day(to)))
    }

    /// The row of this id.
    pub fn get(&self, id: &str) -> Option<Row<'_>> {
        self.slot(id).map(|slot| self.row(slot))
    }

    /// The place of the row of this id.
    pub fn slot(&self, id: &str) -> Option<Slot> {
        let mut parts = self.parts.iter().zip(0..);
        parts.find_map(|(part, n)| {
            let number = part.find(id)?;
            Some(Slot { part: n, number })
        })
    }

    /// The row of a place.
    pub fn row(&self, slot: Slot) -> Row<'_> {
        self.parts[slot.part as usize].segment.row(slot.number)
    }

    /// Whether a row is of this layer, now or earlier.
    pub(super) fn has(&self, row: Row<'_>) -> bool {
        Arc::ptr_eq(&self.layout, &row.segment.records.layout)
    }

    /// The row of a position in the order of first indexing.
    pub(super) fn at(&self, sequence: u64) -> Option<Row<'_>> {
        self.slot_at(sequence).map(|slot| self.row(slot))
    }

    pub(super) fn slot_at(&self, sequence: u64) -> Option<Slot> {
        let mut parts = self.parts.iter().zip(0..);
        parts.find_map(|(part, n)| {
            let number = part.segment.at(sequence).filter(|&n| part.has(n))?;
            Some(Slot { part: n, number })
        })
    }

    /// What has changed of late.
    pub(super) fn changes(&self) -> &Changes {
        &self.changes
    }
}

/// Puts the last parts together while they are of like size. A part of which most is gone counts as what is left.
fn compact(parts: &mut Vec<Part>) {
    while let [.., older, younger] = &parts[..] {
        let fit = older.segment.can_be_with(&younger.segment);
        if older.len() > GROWTH * younger.len() || !fit {
            return;
        }
        let merged = Part::new(Arc::new(Segment::merged([older, younger])));
        parts.truncate(parts.len() - 2);
        parts.push(merged);
    }
}
