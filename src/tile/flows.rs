use std::hash::Hash;

use geo::Coord;
use rustc_hash::FxHashMap;

use super::cluster::SMALLEST_CELL;
use super::frame::unit;
use super::{EXTENT, TileError, TileId};

/// Lines of one zoom, gathered: those that begin in one cell of a grid and end in one cell of it, and are of one kind.
///
/// The grid is that of all tiles of the zoom. Whoever asks for lines that come within a cell of a tile is given the
/// same groups as its neighbours are: each line of a group runs within a cell of where the group is drawn.
pub struct Flows<M, K> {
    /// Cells around the world.
    side: f64,
    gathered: FxHashMap<Key<K>, Gathered<M>>,
}

/// Lines drawn as one.
#[derive(Debug, Clone, PartialEq)]
pub enum Flow<M, K> {
    /// One line alone, which stays the feature that it is.
    Single(M),
    /// Several lines.
    Group {
        /// How many.
        count: u64,
        /// The mean of the longitudes and latitudes where they begin, and of those where they end.
        ends: [Coord<f64>; 2],
        /// What they have in common.
        kind: K,
    },
}

/// The cells of both ends, and which way it goes: lines within one cell that go opposite ways have no mean.
type Key<K> = ([(u32, u32); 2], Option<Way>, K);

/// An eighth of the compass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Way {
    is_east: bool,
    is_north: bool,
    is_steep: bool,
}

struct Gathered<M> {
    first: M,
    count: u64,
    /// Sums of longitudes and latitudes.
    sums: [Coord<f64>; 2],
}

impl<M, K: Copy + Ord + Hash> Flows<M, K> {
    /// Ready to gather lines for a tile; the width of a cell in units of [`EXTENT`], which it divides.
    ///
    /// # Errors
    /// When the cells do not divide the tile.
    pub fn new(id: TileId, cell: u32) -> Result<Self, TileError> {
        if !cell.is_power_of_two() || !(SMALLEST_CELL..=EXTENT).contains(&cell) {
            return Err(TileError::Cell(cell));
        }
        Ok(Self {
            side: f64::from(id.last() + 1) * f64::from(EXTENT / cell),
            gathered: FxHashMap::default(),
        })
    }

    /// Row and column.
    fn cell_of(&self, end: Coord<f64>) -> (u32, u32) {
        let place = unit(end.x, end.y);
        // What lies beyond the projection is in the row at its edge.
        let cell = |part: f64| (part * self.side).clamp(0.0, self.side - 1.0) as u32;
        (cell(place.y), cell(place.x))
    }

    /// Adds a line with its kind. The member is what the caller knows the line by, and gets back when it stays alone.
    pub fn add(&mut self, member: M, ends: [Coord<f64>; 2], kind: K) {
        let cells = ends.map(|end| self.cell_of(end));
        let way = (cells[0] == cells[1]).then(|| Way::of(ends));
        let gathered = self.gathered.entry((cells, way, kind));
        let gathered = gathered.or_insert_with(|| Gathered {
            first: member,
            count: 0,
            sums: [Coord::zero(); 2],
        });
        gathered.count += 1;
        for (sum, end) in gathered.sums.iter_mut().zip(ends) {
            *sum = *sum + end;
        }
    }

    /// What was gathered, in the order of the cells.
    pub fn finish(self) -> impl Iterator<Item = Flow<M, K>> {
        let mut groups: Vec<_> = self.gathered.into_iter().collect();
        groups.sort_unstable_by_key(|(key, _)| *key);
        groups
            .into_iter()
            .map(|((_, _, kind), gathered)| match gathered.count {
                1 => Flow::Single(gathered.first),
                count => Flow::Group {
                    count,
                    ends: gathered.sums.map(|sum| sum / count as f64),
                    kind,
                },
            })
    }
}

impl Way {
    fn of([from, to]: [Coord<f64>; 2]) -> Self {
        let (east, north) = (to.x - from.x, to.y - from.y);
        Self {
            is_east: east >= 0.0,
            is_north: north >= 0.0,
            is_steep: north.abs() > east.abs(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The cells of a tile of zoom 0 are 22.5° wide.
    fn gathered(lines: &[([f64; 4], char)]) -> Vec<Flow<usize, char>> {
        let id = TileId::new(0, 0, 0).expect("a tile");
        let mut flows = Flows::new(id, 256).expect("a cell");
        for (n, ([a, b, c, d], kind)) in lines.iter().enumerate() {
            flows.add(n, [Coord { x: *a, y: *b }, Coord { x: *c, y: *d }], *kind);
        }
        flows.finish().collect()
    }

    fn group(count: u64, [a, b, c, d]: [f64; 4], kind: char) -> Flow<usize, char> {
        Flow::Group {
            count,
            ends: [Coord { x: a, y: b }, Coord { x: c, y: d }],
            kind,
        }
    }

    #[test]
    fn lines_of_a_kind_between_the_same_cells_are_one() {
        let lines = [
            ([1.0, 1.0, 31.0, 1.0], 'a'),
            ([3.0, 5.0, 33.0, 3.0], 'a'),
            ([1.0, 1.0, 31.0, 1.0], 'b'),
            ([31.0, 1.0, 1.0, 1.0], 'a'),
        ];
        let expected = [
            group(2, [2.0, 3.0, 32.0, 2.0], 'a'),
            Flow::Single(2),
            Flow::Single(3),
        ];
        assert_eq!(gathered(&lines), expected);
    }

    #[test]
    fn lines_within_a_cell_are_apart_when_they_go_another_way() {
        let lines = [
            ([1.0, 1.0, 5.0, 2.0], 'a'),
            ([5.0, 2.0, 1.0, 1.0], 'a'),
            ([3.0, 1.0, 7.0, 2.0], 'a'),
        ];
        let expected = [Flow::Single(1), group(2, [2.0, 1.0, 6.0, 2.0], 'a')];
        assert_eq!(gathered(&lines), expected);
    }

    #[test]
    fn all_of_the_globe_has_a_cell() {
        let lines = [
            ([180.0, 90.0, -180.0, -90.0], 'a'),
            ([179.0, 89.0, -179.0, -89.0], 'a'),
        ];
        let expected = [group(2, [179.5, 89.5, -179.5, -89.5], 'a')];
        assert_eq!(gathered(&lines), expected);
    }

    #[test]
    fn cells_that_do_not_divide_a_tile_are_refused() {
        let id = TileId::new(0, 0, 0).expect("a tile");
        assert!(Flows::<(), ()>::new(id, 100).is_err());
        assert!(Flows::<(), ()>::new(id, 8192).is_err());
    }
}
