//! A level of the tree: boxes with days, as a list for each bound, of which sixteen are compared at a time with a window.

use std::ops::Range;

use super::flat::Flat;
use super::tree::{degrees, units};
use crate::domain::BoundingBox;

/// Boxes that one box of the next level holds.
pub(super) const WIDTH: usize = 16;

/// What is looked for: a box in units, and days.
#[derive(Debug, Clone, Copy)]
pub(super) struct Window {
    pub(super) bounds: [i32; 4],
    pub(super) days: Option<(i32, i32)>,
}

impl Window {
    /// Of a box that does not cross the antimeridian. What is not in the window is not in the box; of points also the
    /// other way round.
    pub(super) fn new(bbox: BoundingBox, days: Option<(i32, i32)>) -> Self {
        Self {
            bounds: [
                least(bbox.west),
                least(bbox.south),
                greatest(bbox.east),
                greatest(bbox.north),
            ],
            days,
        }
    }

    /// The whole globe.
    pub(super) fn world(days: Option<(i32, i32)>) -> Self {
        Self {
            bounds: [i32::MIN, i32::MIN, i32::MAX, i32::MAX],
            days,
        }
    }
}

/// The first unit that is not before so many degrees.
fn least(limit: f64) -> i32 {
    // Beyond the globe all are alike.
    let limit = limit.clamp(-1000.0, 1000.0);
    let mut least = units(limit);
    while degrees(least) < limit {
        least += 1;
    }
    while degrees(least - 1) >= limit {
        least -= 1;
    }
    least
}

/// The last unit that is not behind so many degrees.
fn greatest(limit: f64) -> i32 {
    -least(-limit)
}

/// A box, and its days.
pub(super) type Bounds = ([i32; 4], (i32, i32));

/// Boxes, a list for each bound.
#[derive(Debug, Default)]
pub(super) struct Level {
    pub(super) west: Flat<i32>,
    pub(super) south: Flat<i32>,
    /// None where all are points.
    pub(super) east: Flat<i32>,
    pub(super) north: Flat<i32>,
    pub(super) first: Flat<i32>,
    pub(super) last: Flat<i32>,
}

impl Level {
    pub(super) fn new(boxes: &[Bounds], are_points: bool) -> Self {
        let list = |part: fn(&Bounds) -> i32| boxes.iter().map(part).collect();
        let beyond = |part| {
            if are_points {
                Flat::default()
            } else {
                list(part)
            }
        };
        Self {
            west: list(|(bounds, _)| bounds[0]),
            south: list(|(bounds, _)| bounds[1]),
            east: beyond(|(bounds, _)| bounds[2]),
            north: beyond(|(bounds, _)| bounds[3]),
            first: list(|(_, days)| days.0),
            last: list(|(_, days)| days.1),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.west.len()
    }

    fn east(&self) -> &[i32] {
        if self.east.is_empty() {
            &self.west
        } else {
            &self.east
        }
    }

    fn north(&self) -> &[i32] {
        if self.north.is_empty() {
            &self.south
        } else {
            &self.north
        }
    }

    /// The box around some of them, and their days.
    pub(super) fn around(&self, range: Range<usize>) -> Bounds {
        let least = |list: &[i32]| {
            list[range.clone()]
                .iter()
                .copied()
                .min()
                .unwrap_or(i32::MAX)
        };
        let most = |list: &[i32]| {
            list[range.clone()]
                .iter()
                .copied()
                .max()
                .unwrap_or(i32::MIN)
        };
        let bounds = [
            least(&self.west),
            least(&self.south),
            most(self.east()),
            most(self.north()),
        ];
        (bounds, (least(&self.first), most(&self.last)))
    }

    /// Which of a block's boxes meet the window: a bit each.
    pub(super) fn meeting(&self, block: usize, window: &Window) -> u32 {
        let range = block * WIDTH..((block + 1) * WIDTH).min(self.len());
        let [west, south, east, north] = window.bounds;
        let (from, to) = window.days.unwrap_or((i32::MIN, i32::MAX));
        let is_timed = window.days.is_some();
        let lists = self.west[range.clone()]
            .iter()
            .zip(&self.south[range.clone()])
            .zip(&self.east()[range.clone()])
            .zip(&self.north()[range.clone()]);
        let mut bits = 0;
        for (n, (((w, s), e), t)) in lists.enumerate() {
            // Numbers, not conditions: without a branch several are reckoned at once.
            let meets = u32::from(*w <= east)
                & u32::from(*s <= north)
                & u32::from(*e >= west)
                & u32::from(*t >= south);
            bits |= meets << n;
        }
        if is_timed && bits != 0 {
            let lists = self.first[range.clone()].iter().zip(&self.last[range]);
            for (n, (first, last)) in lists.enumerate() {
                let misses = u32::from(*first > to) | u32::from(*last < from);
                bits &= !(misses << n);
            }
        }
        bits
    }

    /// Whether a box lies within the window's, so that all that it holds does. Days are another matter: what is undated
    /// meets none, whatever days the box has.
    pub(super) fn is_within(&self, n: usize, window: &Window) -> bool {
        let [west, south, east, north] = window.bounds;
        west <= self.west[n]
            && south <= self.south[n]
            && self.east()[n] <= east
            && self.north()[n] <= north
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_edge_of_a_window_is_the_edge_of_its_box() {
        for limit in [
            0.0,
            36.404,
            -36.404,
            0.1 + 0.2,
            180.0,
            -180.0,
            1e-9,
            36.403_999_999_999_996,
        ] {
            for near in units(limit) - 3..=units(limit) + 3 {
                assert_eq!(
                    degrees(near) >= limit,
                    near >= least(limit),
                    "{near} and {limit}"
                );
                assert_eq!(
                    degrees(near) <= limit,
                    near <= greatest(limit),
                    "{near} and {limit}"
                );
            }
        }
    }
}
