/// The square is divided into 2^31 by 2^31 cells, so that a place has 62 bits.
const BITS: u32 = 31;

/// How far along the Hilbert curve a position lies, x and y going from −1 to 1. What is near on the curve is near
/// in the plane. Positions outside, and what is no number, count as some position on the edge.
pub(super) fn place(x: f64, y: f64) -> u64 {
    let last = (1_u32 << BITS) - 1;
    let half = f64::from(1_u32 << (BITS - 1));
    // A conversion stops at the ends of the type that it goes to.
    let cell = |at: f64| (((at + 1.0) * half) as u32).min(last);
    on_curve(cell(x), cell(y))
}

/// How far along the Hilbert curve a cell lies.
fn on_curve(mut x: u32, mut y: u32) -> u64 {
    let mut far = 0;
    for bit in (0..BITS).rev() {
        let (right, upper) = (x >> bit & 1, y >> bit & 1);
        far = far << 2 | u64::from((3 * right) ^ upper);
        // In the two lower quarters the curve is turned, in the right one of them also mirrored.
        if upper == 0 {
            if right == 1 {
                (x, y) = (!x, !y);
            }
            (x, y) = (y, x);
        }
    }
    far
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_curve_goes_through_every_cell_to_one_beside_it() {
        let mut cells: Vec<_> = (0..256).map(|n| (n % 16, n / 16)).collect();
        cells.sort_by_key(|(x, y)| on_curve(*x, *y));
        assert_eq!(on_curve(cells[255].0, cells[255].1), 255);
        for pair in cells.windows(2) {
            let (x, y) = (pair[0].0.abs_diff(pair[1].0), pair[0].1.abs_diff(pair[1].1));
            assert_eq!(x + y, 1, "{pair:?}");
        }
        assert_eq!(on_curve(i32::MAX as u32, 0), (1 << 62) - 1);
    }

    #[test]
    fn a_position_outside_is_taken_for_one_on_the_edge() {
        assert_eq!(place(-1.0, -1.0), 0);
        assert_eq!(place(1.0, -1.0), (1 << 62) - 1);
        assert_eq!(place(2.0, f64::NEG_INFINITY), place(1.0, -1.0));
        assert_eq!(place(f64::NAN, -1.0), 0);
    }
}
