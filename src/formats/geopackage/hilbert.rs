/// The square is divided into 2^31 by 2^31 cells, so that a place has 62 bits.
const BITS: u8 = 31;

/// How far along the Hilbert curve a position lies, x and y going from −1 to 1. What is near on the curve is near
/// in the plane. Positions outside, and what is no number, count as some position on the edge.
pub(super) fn place(x: f64, y: f64) -> u64 {
    let last = (1_u32 << BITS) - 1;
    let half = f64::from(1_u32 << (BITS - 1));
    // A conversion stops at the ends of the type that it goes to.
    let cell = |at: f64| (((at + 1.0) * half) as u32).min(last);
    fast_hilbert::xy2h(cell(x), cell(y), BITS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_outside_is_taken_for_one_on_the_edge() {
        assert_eq!(place(-1.0, -1.0), 0);
        assert_ne!(place(1.0, -1.0), place(-1.0, -1.0));
        assert_eq!(place(2.0, f64::NEG_INFINITY), place(1.0, -1.0));
        assert_eq!(place(f64::NAN, -1.0), 0);
    }
}
