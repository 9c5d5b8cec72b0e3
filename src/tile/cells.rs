use super::mend::Cell;

/// Cells of a part of the grid, as a bit each.
pub(super) struct CellSet {
    first: Cell,
    columns: usize,
    bits: Vec<u64>,
}

impl CellSet {
    /// Empty, with room for the cells and all between them.
    pub(super) fn around(cells: impl Iterator<Item = Cell>) -> Self {
        let bounds = cells
            .map(|cell| (cell, cell))
            .reduce(|(low, high), (cell, _)| {
                let low = (low.0.min(cell.0), low.1.min(cell.1));
                let high = (high.0.max(cell.0), high.1.max(cell.1));
                (low, high)
            });
        let (first, last) = bounds.unwrap_or_default();
        let columns = last.0.abs_diff(first.0) as usize + 1;
        let rows = last.1.abs_diff(first.1) as usize + 1;
        Self {
            first,
            columns,
            bits: vec![0; (rows * columns).div_ceil(64)],
        }
    }

    /// Adds the cell; whether it is new.
    pub(super) fn insert(&mut self, cell: Cell) -> bool {
        let (word, bit) = self.place(cell);
        let new = self.bits[word] & bit == 0;
        self.bits[word] |= bit;
        new
    }

    pub(super) fn contains(&self, cell: Cell) -> bool {
        let (word, bit) = self.place(cell);
        self.bits[word] & bit != 0
    }

    fn place(&self, (x, y): Cell) -> (usize, u64) {
        let (column, row) = (x.abs_diff(self.first.0), y.abs_diff(self.first.1));
        let index = row as usize * self.columns + column as usize;
        (index / 64, 1 << (index % 64))
    }
}

/// The cells that a straight line between the middles of two passes through, from one to the other. A cell has its
/// western and northern edge and not the others, so that each position is in one cell.
pub(super) fn cells_along(from: Cell, to: Cell) -> Vec<Cell> {
    let turn = |(x, y): Cell| (y, x);
    let (low, high) = (from.min(to), from.max(to));
    let mut cells = if (high.0 - low.0).abs() >= (high.1 - low.1).abs() {
        flat(low, high)
    } else {
        // The same with rows for columns.
        let (low, high) = (turn(low).min(turn(high)), turn(low).max(turn(high)));
        flat(low, high).into_iter().map(turn).collect()
    };
    if cells.first() != Some(&from) {
        cells.reverse();
    }
    cells
}

/// The same for a line to the right, no steeper than a diagonal: in each column it is in one cell or two.
fn flat((x, y): Cell, high: Cell) -> Vec<Cell> {
    // A tile with the widest buffer has 12,288 cells to a side: four times the square of that is no overflow.
    let (width, height) = (high.0 - x, high.1 - y);
    let mut cells = Vec::with_capacity(2 * width as usize + 1);
    for column in 0..=width {
        // Twice the way to where the line comes into the column, and to where it leaves it for the next.
        let (enter, leave) = ((2 * column - 1).max(0), (2 * column + 1).min(2 * width));
        let first = nearest(height * enter, 2 * width);
        // Going up, an edge reached where it leaves is the next cell's, in the next column.
        let last = if height > 0 && column < width {
            -nearest(-height * leave, 2 * width)
        } else {
            nearest(height * leave, 2 * width)
        };
        cells.push((x + column, y + first));
        if last != first {
            cells.push((x + column, y + last));
        }
    }
    cells
}

/// The quotient as a whole number, halves upwards.
fn nearest(number: i32, by: i32) -> i32 {
    if by == 0 {
        return 0;
    }
    (2 * number + by).div_euclid(2 * by)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_passes_through_the_cells_that_hold_its_positions() {
        for (from, to, cells) in [
            ((0, 0), (0, 0), &[(0, 0)][..]),
            ((0, 0), (3, 0), &[(0, 0), (1, 0), (2, 0), (3, 0)]),
            ((0, 2), (0, 0), &[(0, 2), (0, 1), (0, 0)]),
            ((0, 0), (2, 1), &[(0, 0), (1, 0), (1, 1), (2, 1)]),
            ((0, 0), (1, 2), &[(0, 0), (0, 1), (1, 1), (1, 2)]),
            // Corners are of the cell to their right and below.
            ((0, 0), (2, 2), &[(0, 0), (1, 1), (2, 2)]),
            ((0, 1), (1, 0), &[(0, 1), (1, 1), (1, 0)]),
            (
                (-5, -5),
                (-4, -8),
                &[(-5, -5), (-5, -6), (-4, -6), (-4, -7), (-4, -8)],
            ),
        ] {
            assert_eq!(cells_along(from, to), cells, "{from:?} {to:?}");
            let mut back = cells_along(to, from);
            back.reverse();
            assert_eq!(back, cells, "the way back from {to:?} to {from:?}");
        }
    }

    #[test]
    fn every_position_of_a_line_is_in_one_of_its_cells() {
        for n in 0..2000 {
            let to = (n * 7919 % 83 - 41, n * 104_729 % 61 - 30);
            let cells = cells_along((0, 0), to);
            for pair in cells.windows(2) {
                let step = (pair[1].0 - pair[0].0, pair[1].1 - pair[0].1);
                assert!(step != (0, 0) && step.0.abs() <= 1 && step.1.abs() <= 1);
            }
            // A denominator that meets no edge of a cell.
            for share in 0..=1009 {
                let at = |way: i32| (2 * way * share + 1009).div_euclid(2 * 1009);
                assert!(cells.contains(&(at(to.0), at(to.1))), "{to:?} at {share}");
            }
        }
    }

    #[test]
    fn a_set_knows_its_cells() {
        let room = [(-3, 5), (40, -7)];
        let mut set = CellSet::around(room.into_iter());
        for cell in [(-3, -7), (40, 5), (0, 0)] {
            assert!(!set.contains(cell));
            assert!(set.insert(cell));
            assert!(!set.insert(cell));
            assert!(set.contains(cell));
        }
        assert!(!set.contains((1, 0)) && !set.contains((0, 1)));
    }
}
