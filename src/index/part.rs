//! A segment, less the rows of it that are gone.

use std::sync::Arc;

use super::segment::{Segment, around};
use crate::domain::BoundingBox;

#[derive(Debug, Clone)]
pub(super) struct Part {
    pub(super) segment: Arc<Segment>,
    /// A bit for each row that is gone; empty where none is.
    gone: Arc<Vec<u64>>,
    /// How many are left.
    len: usize,
    bbox: Option<BoundingBox>,
    days: Option<(i32, i32)>,
}

impl Part {
    pub(super) fn new(segment: Arc<Segment>) -> Self {
        let mut part = Self {
            len: segment.len(),
            segment,
            gone: Arc::default(),
            bbox: None,
            days: None,
        };
        part.measure();
        part
    }

    /// One that was saved.
    pub(super) fn from_image(
        segment: Arc<Segment>,
        gone: Vec<u64>,
        len: usize,
        bbox: Option<BoundingBox>,
        days: Option<(i32, i32)>,
    ) -> Self {
        Self {
            segment,
            gone: Arc::new(gone),
            len,
            bbox,
            days,
        }
    }

    /// A bit for each row that is gone; none where all are there.
    pub(super) fn gone(&self) -> &[u64] {
        &self.gone
    }

    /// Without some rows more.
    pub(super) fn without(&self, numbers: &[u32]) -> Self {
        let mut part = self.clone();
        // Readers hold the old bits: they are copied, once.
        let gone = Arc::make_mut(&mut part.gone);
        gone.resize(self.segment.len().div_ceil(64), 0);
        let mut at_edge = false;
        for &number in numbers {
            let bit = 1 << (number % 64);
            let word = &mut gone[number as usize / 64];
            if *word & bit == 0 {
                *word |= bit;
                part.len -= 1;
                at_edge |= self.is_at_edge(number);
            }
        }
        if at_edge {
            part.measure();
        }
        part
    }

    /// Whether box or days may be smaller without a row.
    fn is_at_edge(&self, number: u32) -> bool {
        let (first, last) = self.segment.records.days(number);
        let ends = self
            .days
            .is_some_and(|days| days.0 == first || days.1 == last);
        let inner = |extent: BoundingBox, all: BoundingBox| {
            extent.west > all.west
                && extent.south > all.south
                && extent.east < all.east
                && extent.north < all.north
        };
        let extent = self.segment.extent(number);
        ends || extent
            .zip(self.bbox)
            .is_some_and(|(extent, all)| !inner(extent, all))
    }

    fn measure(&mut self) {
        let extents = self.numbers().filter_map(|n| self.segment.extent(n));
        let bbox = extents.reduce(around);
        let days = self.numbers().map(|n| self.segment.records.days(n));
        let days = days
            .filter(|(first, last)| first <= last)
            .reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)));
        (self.bbox, self.days) = (bbox, days);
    }

    pub(super) fn len(&self) -> usize {
        self.len
    }

    pub(super) fn bbox(&self) -> Option<BoundingBox> {
        self.bbox
    }

    pub(super) fn days(&self) -> Option<(i32, i32)> {
        self.days
    }

    /// Whether none is gone.
    pub(super) fn is_whole(&self) -> bool {
        self.gone.is_empty()
    }

    pub(super) fn has(&self, number: u32) -> bool {
        let word = self.gone.get(number as usize / 64);
        word.is_none_or(|word| word & 1 << (number % 64) == 0)
    }

    /// The numbers of the rows that are left, in order.
    pub(super) fn numbers(&self) -> impl Iterator<Item = u32> + '_ {
        (0..self.segment.len() as u32).filter(|&number| self.has(number))
    }

    /// The number of the row of an id.
    pub(super) fn find(&self, id: &str) -> Option<u32> {
        self.segment.find(id).filter(|&number| self.has(number))
    }
}
