//! Rows for who counts them and reads few: with what the tree knows of them.

use std::ops::Range;

use super::category::Category;
use super::level::Window;
use super::part::Part;
use super::query::Days;
use super::records::Site;
use super::tree::{Entries, degrees};
use super::{Layer, Query, Slot};
use crate::domain::BoundingBox;

/// A row, and what is known of it without reading it.
#[derive(Debug, Clone, Copy)]
pub struct Spot {
    /// The row.
    pub slot: Slot,
    /// Where it lies.
    pub site: Site,
    /// The number of its category, see [`Layer::category`].
    pub category: u8,
}

/// Rows that lie at points close to each other, and perhaps others that do not match.
#[derive(Debug, Clone)]
pub struct Swarm<'a> {
    /// All lie in it.
    pub bbox: BoundingBox,
    part: &'a Part,
    /// The number of the part.
    number: u32,
    entries: Entries<'a>,
    places: Range<usize>,
    days: Option<(i32, i32)>,
}

/// How many rows there are in a swarm.
#[derive(Debug, Clone)]
pub struct Tally {
    /// One of them.
    pub slot: Slot,
    /// How many.
    pub count: u64,
    /// The sum of their longitudes, and of their latitudes, in degrees.
    pub sums: [f64; 2],
    /// How many there are of each category, by its number.
    counts: [u32; 256],
}

/// What was found.
#[derive(Debug)]
pub enum Gathered<'a> {
    /// Several rows.
    Swarm(Swarm<'a>),
    /// A row.
    Spot(Spot),
}

impl Swarm<'_> {
    /// Counts the rows that match; `None` when there is none.
    pub fn tally(self) -> Option<Tally> {
        let mut counts = [0; 256];
        let (mut first, mut count) = (None, 0);
        // Whole numbers are summed, and no rounding with them: it is the same in any order.
        let mut sums = [0_i64; 2];
        let meeting = self.entries.meeting(self.places, self.days);
        let is_there = |place| self.part.is_whole() || self.part.has(self.entries.row(place));
        for (place, [lon, lat], category) in meeting.filter(|(place, ..)| is_there(*place)) {
            first = first.or(Some(place));
            count += 1;
            sums[0] += i64::from(lon);
            sums[1] += i64::from(lat);
            counts[usize::from(category)] += 1;
        }
        Some(Tally {
            slot: Slot {
                part: self.number,
                number: self.entries.row(first?),
            },
            count,
            sums: sums.map(|sum| sum as f64 * degrees(1)),
            counts,
        })
    }
}

impl Tally {
    /// How many there are of each category, by its number; only what there is.
    pub fn counts(&self) -> impl Iterator<Item = (u8, u64)> {
        let numbered = (0..=u8::MAX).zip(self.counts);
        numbered
            .filter(|(_, count)| *count > 0)
            .map(|(category, count)| (category, count.into()))
    }
}

impl Layer {
    /// What a row is, by the number of its category.
    pub fn category(&self, number: u8) -> Category {
        self.layout.categories.get(number)
    }

    /// All rows that match, in no order.
    pub fn each(&self, query: &Query, mut found: impl FnMut(Spot)) {
        for (part, n) in self.parts.iter().zip(0..) {
            self.spots(part, n, query, &mut found);
        }
    }

    /// All rows that match and have a place, in no order; where they are at hand together, in swarms. A swarm is taken,
    /// or else given again in smaller ones, and in the end row by row.
    pub fn gather(&self, query: &Query, mut taken: impl FnMut(Gathered<'_>) -> bool) {
        // Of points the tree knows place and time.
        let is_plain = query.predicate.is_none() && query.search.is_none();
        let days = query.days.map(Days::numbers);
        for (part, n) in self.parts.iter().zip(0..) {
            let segment = &part.segment;
            if !is_plain || !segment.has_points_only() {
                self.spots(part, n, query, &mut |spot| {
                    taken(Gathered::Spot(spot));
                });
                continue;
            }
            let entries = segment.tree.entries();
            let bbox = query.bbox.unwrap_or(BoundingBox::WORLD);
            for window in bbox.parts().map(|bbox| Window::new(bbox, days)) {
                segment.tree.gather(&window, |places, bbox| {
                    if let Some(bbox) = bbox {
                        let swarm = Swarm {
                            bbox,
                            part,
                            number: n,
                            entries,
                            places,
                            days,
                        };
                        return taken(Gathered::Swarm(swarm));
                    }
                    let place = places.start;
                    let number = entries.row(place);
                    let slot = Slot { part: n, number };
                    part.has(number) && taken(Gathered::Spot(spot(slot, place, &entries)))
                });
            }
        }
    }

    fn spots(&self, part: &Part, n: u32, query: &Query, found: &mut dyn FnMut(Spot)) {
        let segment = &part.segment;
        let entries = segment.tree.entries();
        let has_points_only = segment.has_points_only();
        self.matches(part, query, &mut |number, place| {
            let slot = Slot { part: n, number };
            found(match place {
                Some(place) if has_points_only => spot(slot, place, &entries),
                _ => Spot {
                    slot,
                    site: segment.records.site(number),
                    category: match place {
                        Some(place) => entries.category(place),
                        None => segment.category(number),
                    },
                },
            });
        });
    }
}

fn spot(slot: Slot, place: usize, entries: &Entries<'_>) -> Spot {
    Spot {
        slot,
        site: Site::Point(entries.point(place)),
        category: entries.category(place),
    }
}
