//! A packed R-tree over places and days: filled once, in the order of a Hilbert curve, and never changed.
//!
//! Coordinates are whole hundred-thousandths of a degree, which is what positions are rounded to; days are days since
//! 1970-01-01. Each level is a list for each bound of its boxes, so that sixteen boxes are compared in a few steps of a
//! processor that works on several numbers at once.

use std::ops::Range;

use super::Geometry;
use super::flat::Flat;
use super::level::{Level, WIDTH, Window};
use crate::domain::{BoundingBox, Point};

/// Units of a degree.
const SCALE: f64 = 1e5;
/// The days of what has none: they meet no others.
pub(super) const UNDATED: (i32, i32) = (i32::MAX, i32::MIN);

/// Longitude or latitude in units.
pub(super) fn units(degrees: f64) -> i32 {
    (degrees * SCALE).round() as i32
}

/// Units in degrees: the number that they were made of, where that had five decimals.
pub(super) fn degrees(units: i32) -> f64 {
    f64::from(units) / SCALE
}

/// What lies somewhere: a piece of a row's geometry.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    /// West, south, east, north.
    pub(super) bounds: [i32; 4],
    pub(super) days: (i32, i32),
    pub(super) row: u32,
    /// The number of the row's category.
    pub(super) category: u8,
}

/// The smallest box in units around a geometry's pieces. Of points exact.
pub(super) fn bounds_of(geometry: &Geometry) -> Vec<[i32; 4]> {
    let corners = geometry.corners().into_iter();
    corners
        .map(|[low, high]: [Point; 2]| {
            if low == high {
                let (lon, lat) = (units(low.lon), units(low.lat));
                return [lon, lat, lon, lat];
            }
            // What is not rounded to units must not stand out.
            let below = |degrees: f64| (degrees * SCALE).floor() as i32;
            let above = |degrees: f64| (degrees * SCALE).ceil() as i32;
            [
                below(low.lon).min(units(low.lon)),
                below(low.lat).min(units(low.lat)),
                above(high.lon).max(units(high.lon)),
                above(high.lat).max(units(high.lat)),
            ]
        })
        .collect()
}

/// Where on the Hilbert curve the middle of a box lies.
pub(super) fn curve([west, south, east, north]: [i32; 4]) -> u64 {
    let middle = |low: i32, high: i32| i64::midpoint(low.into(), high.into());
    let x = middle(west, east) + 180 * SCALE as i64;
    let y = middle(south, north) + 180 * SCALE as i64;
    fast_hilbert::xy2h(x as u32, y as u32, 26)
}

/// The tree.
#[derive(Debug, Default)]
pub(super) struct Tree {
    pub(super) rows: Flat<u32>,
    pub(super) categories: Flat<u8>,
    /// The entries' own boxes, then the boxes around sixteen of these, and so on, up to one level of at most sixteen.
    pub(super) levels: Vec<Level>,
}

/// A place in the tree: an entry's number there.
pub(super) type Place = usize;

impl Tree {
    pub(super) fn new(mut entries: Vec<Entry>) -> Self {
        entries.sort_by_cached_key(|entry| curve(entry.bounds));
        let is_point = |Entry {
                            bounds: [w, s, e, n],
                            ..
                        }: &Entry| w == e && s == n;
        let boxes: Vec<_> = { entries.iter() }
            .map(|entry| (entry.bounds, entry.days))
            .collect();
        let mut levels = vec![Level::new(&boxes, entries.iter().all(is_point))];
        while let Some(below) = levels.last().filter(|level| level.len() > WIDTH) {
            let blocks = (0..below.len()).step_by(WIDTH);
            let boxes: Vec<_> = blocks
                .map(|begin| below.around(begin..(begin + WIDTH).min(below.len())))
                .collect();
            levels.push(Level::new(&boxes, false));
        }
        Self {
            rows: entries.iter().map(|entry| entry.row).collect(),
            categories: entries.iter().map(|entry| entry.category).collect(),
            levels,
        }
    }

    /// Gives the places of all entries that meet the window, in ranges.
    pub(super) fn visit(&self, window: &Window, mut found: impl FnMut(Range<Place>)) {
        self.walk(window, |height, n, is_within| {
            let is_found = height == 0 || is_within && window.days.is_none();
            if is_found {
                found(self.entries_below(height, n));
            }
            is_found
        });
    }

    /// The same for who takes many at once: ranges within the box of the window, of which not all need meet its days,
    /// with the box around them. What is not taken is given again in smaller ranges, and in the end one by one; these
    /// meet the days.
    pub(super) fn gather(
        &self,
        window: &Window,
        mut taken: impl FnMut(Range<Place>, Option<BoundingBox>) -> bool,
    ) {
        self.walk(window, |height, n, is_within| {
            let places = self.entries_below(height, n);
            if height == 0 {
                return taken(places, None);
            }
            // A few are sooner looked at than told from others.
            if height == 1 || !is_within {
                return false;
            }
            let ([west, south, east, north], _) = self.levels[height].around(n..n + 1);
            let bbox = BoundingBox {
                west: degrees(west),
                south: degrees(south),
                east: degrees(east),
                north: degrees(north),
            };
            taken(places, Some(bbox))
        });
    }

    /// Shows all boxes that meet the window, from the top: their level and number, and whether they lie within its box.
    /// What is in a box is shown unless it is `done` with.
    fn walk(&self, window: &Window, mut done: impl FnMut(usize, usize, bool) -> bool) {
        let Some(top) = self.levels.len().checked_sub(1) else {
            return;
        };
        if self.rows.is_empty() {
            return;
        }
        // Blocks to look at: their level and number.
        let mut waiting = vec![(top, 0)];
        while let Some((height, block)) = waiting.pop() {
            let level = &self.levels[height];
            let mut bits = level.meeting(block, window);
            while bits != 0 {
                let n = block * WIDTH + bits.trailing_zeros() as usize;
                bits &= bits - 1;
                let is_within = height > 0 && level.is_within(n, window);
                if !done(height, n, is_within) && height > 0 {
                    waiting.push((height - 1, n));
                }
            }
        }
    }

    /// About how many entries meet the window, and not less: those of the blocks of 256 that do.
    pub(super) fn estimate(&self, window: &Window) -> usize {
        let height = 2.min(self.levels.len().saturating_sub(1));
        let Some(top) = self.levels.len().checked_sub(1) else {
            return 0;
        };
        let (mut waiting, mut entries) = (vec![(top, 0)], 0);
        while let Some((at, block)) = waiting.pop() {
            let mut bits = self.levels[at].meeting(block, window);
            while bits != 0 {
                let n = block * WIDTH + bits.trailing_zeros() as usize;
                bits &= bits - 1;
                if at <= height {
                    entries += self.entries_below(at, n).len();
                } else {
                    waiting.push((at - 1, n));
                }
            }
        }
        entries
    }

    fn entries_below(&self, height: usize, n: usize) -> Range<Place> {
        let width = WIDTH.pow(height as u32);
        n * width..((n + 1) * width).min(self.rows.len())
    }

    /// The entries, one by one.
    pub(super) fn entries(&self) -> Entries<'_> {
        let points = self.levels.first();
        Entries {
            rows: &self.rows,
            categories: &self.categories,
            west: points.map_or(&[], |level| &level.west),
            south: points.map_or(&[], |level| &level.south),
            first: points.map_or(&[], |level| &level.first),
            last: points.map_or(&[], |level| &level.last),
        }
    }
}

/// What is known of each entry: lists at hand for who reads many.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entries<'a> {
    rows: &'a [u32],
    categories: &'a [u8],
    west: &'a [i32],
    south: &'a [i32],
    first: &'a [i32],
    last: &'a [i32],
}

impl<'a> Entries<'a> {
    /// The row of an entry.
    #[inline]
    pub(super) fn row(&self, place: Place) -> u32 {
        self.rows[place]
    }

    /// The number of the category of an entry's row.
    #[inline]
    pub(super) fn category(&self, place: Place) -> u8 {
        self.categories[place]
    }

    /// Of some entries that are points, those that meet some days: their places, longitudes and latitudes in units, and
    /// categories.
    pub(super) fn meeting(
        &self,
        places: Range<Place>,
        days: Option<(i32, i32)>,
    ) -> impl Iterator<Item = (Place, [i32; 2], u8)> + 'a {
        let (from, to) = days.unwrap_or((i32::MIN, i32::MAX));
        let days = self.first[places.clone()]
            .iter()
            .zip(&self.last[places.clone()]);
        let positions = self.west[places.clone()]
            .iter()
            .zip(&self.south[places.clone()]);
        let known = positions.zip(&self.categories[places.clone()]);
        let all = places.zip(days).zip(known);
        all.filter(move |((_, (first, last)), _)| **first <= to && from <= **last)
            .map(|((place, _), ((west, south), category))| (place, [*west, *south], *category))
    }

    /// Longitude and latitude of an entry that is a point.
    #[inline]
    pub(super) fn point(&self, place: Place) -> Point {
        Point {
            lon: degrees(self.west[place]),
            lat: degrees(self.south[place]),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_meets_a_window_is_found_once(
            boxes in prop::collection::vec((-50i32..50, -50i32..50, 0i32..9, 0i32..9, prop::option::of((0i32..20, 0i32..5))), 0..1200),
            window in (-60i32..60, -60i32..60, 0i32..80, 0i32..80),
            days in prop::option::of((0i32..20, 0i32..9)),
            are_points: bool,
        ) {
            let entries: Vec<_> = boxes.iter().enumerate().map(|(n, &(west, south, width, height, days))| Entry {
                bounds: if are_points { [west, south, west, south] } else { [west, south, west + width, south + height] },
                days: days.map_or(UNDATED, |(first, length)| (first, first + length)),
                row: n as u32,
                category: 0,
            }).collect();
            let (west, south, width, height) = window;
            let window = Window {
                bounds: [west, south, west + width, south + height],
                days: days.map(|(from, length)| (from, from + length)),
            };
            let meets = |entry: &&Entry| {
                let [w, s, e, n] = entry.bounds;
                let [west, south, east, north] = window.bounds;
                w <= east && s <= north && e >= west && n >= south
                    && window.days.is_none_or(|(from, to)| entry.days.0 <= to && from <= entry.days.1)
            };
            let expected: Vec<_> = entries.iter().filter(meets).map(|entry| entry.row).collect();
            let tree = Tree::new(entries.clone());
            let mut found = Vec::new();
            tree.visit(&window, |places| found.extend_from_slice(&tree.rows[places]));
            found.sort_unstable();
            prop_assert_eq!(&found, &expected);
            if !are_points {
                return Ok(());
            }
            let (mut found, entries) = (Vec::new(), tree.entries());
            tree.gather(&window, |places, bbox| {
                // Some are taken, and others not.
                if bbox.is_some_and(|bbox| bbox.west > 0.0) {
                    return false;
                }
                let here = entries.meeting(places, window.days);
                found.extend(here.map(|(place, ..)| entries.row(place)));
                true
            });
            found.sort_unstable();
            prop_assert_eq!(&found, &expected);
        }
    }
}
