use geo::{Coord, LineString, Rect, Simplify};

use super::frame::{cell, whole};

/// How far a simplified line may lie from the line, in units of the grid: an eighth of a pixel on most screens.
const TOLERANCE: f64 = 1.0;
/// Simplifying takes time, and depth of calls, by the length of what it is given: long lines are cut into runs.
const RUN: usize = 512;

/// What of a line lies in the area, as the pieces between leaving and coming back.
pub(super) fn clipped(line: &[Coord<f64>], area: &Rect<f64>) -> Vec<Vec<Coord<f64>>> {
    let mut pieces: Vec<Vec<Coord<f64>>> = Vec::new();
    for segment in line.windows(2) {
        let [from, to] = [segment[0], segment[1]];
        let Some((enter, leave)) = span(from, to, area) else {
            continue;
        };
        let at = |share: f64| match share {
            0.0 => from,
            1.0 => to,
            _ => clamped(from + (to - from) * share, area),
        };
        match pieces.last_mut() {
            // It begins inside, so the one before it ended here.
            Some(piece) if enter <= 0.0 => piece.push(at(leave)),
            _ => pieces.push(vec![at(enter), at(leave)]),
        }
    }
    pieces
}

/// The line on the grid, without what cannot be seen there; `None` when it shrinks to a point.
pub(super) fn on_grid(line: &[Coord<f64>]) -> Option<Vec<Coord<i32>>> {
    let line = thinned(&snapped(line));
    (line.len() > 1).then(|| line.into_iter().map(whole).collect())
}

/// The cells of the grid along the line, each once where several positions in a row fall into it.
pub(super) fn snapped(line: &[Coord<f64>]) -> Vec<Coord<f64>> {
    let mut cells: Vec<_> = line.iter().map(|&place| cell(place)).collect();
    cells.dedup();
    cells
}

/// The line without positions that lie within the tolerance of the straight way past them (Ramer, Douglas and
/// Peucker). The first and last position stay.
pub(super) fn thinned(line: &[Coord<f64>]) -> Vec<Coord<f64>> {
    let mut thin = Vec::new();
    let mut start = 0;
    while start + 1 < line.len() {
        let end = (start + RUN).min(line.len() - 1);
        thin.extend(LineString::new(line[start..=end].to_vec()).simplify(TOLERANCE));
        start = end;
    }
    // Runs share the position where they meet, and of a way there and back there may be nothing left between.
    thin.dedup();
    thin
}

/// From and to which share of a segment it lies in the area (Liang and Barsky, 1984).
fn span(from: Coord<f64>, to: Coord<f64>, area: &Rect<f64>) -> Option<(f64, f64)> {
    let way = to - from;
    let (low, high) = (from - area.min(), area.max() - from);
    let (mut enter, mut leave) = (0.0_f64, 1.0_f64);
    for (outwards, room) in [
        (-way.x, low.x),
        (way.x, high.x),
        (-way.y, low.y),
        (way.y, high.y),
    ] {
        if outwards > 0.0 {
            leave = leave.min(room / outwards);
        } else if outwards < 0.0 {
            enter = enter.max(room / outwards);
        } else if room < 0.0 {
            return None;
        }
    }
    (enter <= leave).then_some((enter, leave))
}

/// Where reckoning the cut rounds beyond the edge.
fn clamped(place: Coord<f64>, area: &Rect<f64>) -> Coord<f64> {
    Coord {
        x: place.x.clamp(area.min().x, area.max().x),
        y: place.y.clamp(area.min().y, area.max().y),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(positions: &[(f64, f64)]) -> Vec<Coord<f64>> {
        positions.iter().map(|&at| at.into()).collect()
    }

    #[test]
    fn a_line_is_cut_into_the_pieces_inside() {
        let area = Rect::new((0.0, 0.0), (10.0, 10.0));
        for (what, line, pieces) in [
            (
                "inside",
                &[(1.0, 1.0), (9.0, 1.0), (9.0, 9.0)][..],
                &[&[(1.0, 1.0), (9.0, 1.0), (9.0, 9.0)][..]][..],
            ),
            ("outside", &[(-1.0, 1.0), (-1.0, 20.0)], &[]),
            ("past a corner", &[(-6.0, 5.0), (5.0, -6.0)], &[]),
            (
                "through",
                &[(-5.0, 5.0), (15.0, 5.0)],
                &[&[(0.0, 5.0), (10.0, 5.0)]],
            ),
            (
                "out and in again",
                &[(5.0, 5.0), (5.0, 15.0), (7.0, 15.0), (7.0, 5.0)],
                &[&[(5.0, 5.0), (5.0, 10.0)], &[(7.0, 10.0), (7.0, 5.0)]],
            ),
            (
                "out and in at the edge itself",
                &[(5.0, 5.0), (5.0, 10.0), (7.0, 10.0), (7.0, 5.0)],
                &[&[(5.0, 5.0), (5.0, 10.0), (7.0, 10.0), (7.0, 5.0)]],
            ),
            (
                "a bend outside",
                &[(5.0, 5.0), (15.0, 5.0), (5.0, 7.0)],
                &[&[(5.0, 5.0), (10.0, 5.0)], &[(10.0, 6.0), (5.0, 7.0)]],
            ),
        ] {
            let expected: Vec<_> = pieces.iter().map(|piece| at(piece)).collect();
            assert_eq!(clipped(&at(line), &area), expected, "{what}");
        }
    }

    #[test]
    fn positions_that_change_nothing_on_the_grid_are_left_out() {
        for (line, cells) in [
            (
                &[(0.2, 0.2), (0.9, 0.9), (5.5, 0.1), (9.9, 0.4)][..],
                Some(&[(0, 0), (9, 0)][..]),
            ),
            (
                &[(0.0, 0.0), (5.0, 1.0), (10.0, 0.0)],
                Some(&[(0, 0), (10, 0)]),
            ),
            (
                &[(0.0, 0.0), (5.0, 2.0), (10.0, 0.0)],
                Some(&[(0, 0), (5, 2), (10, 0)]),
            ),
            (&[(-0.5, 0.0), (3.0, 0.0)], Some(&[(-1, 0), (3, 0)])),
            (&[(3.1, 3.1), (3.9, 3.9)], None),
            (&[(3.0, 3.0), (4.0, 3.0), (3.0, 3.0)], None),
            (&[(3.0, 3.0)], None),
            (&[], None),
        ] {
            let expected = cells.map(|cells| cells.iter().map(|&at| at.into()).collect::<Vec<_>>());
            assert_eq!(on_grid(&at(line)), expected, "{line:?}");
        }
    }

    #[test]
    fn a_long_line_is_thinned_in_runs_without_a_gap() {
        let zigzag: Vec<_> = (0..200_000)
            .map(|n| Coord {
                x: f64::from(n % 4096),
                y: f64::from(n % 2 * 3),
            })
            .collect();
        assert_eq!(
            thinned(&zigzag),
            zigzag,
            "no position is near the straight way"
        );
        let straight: Vec<_> = (0..=4096)
            .map(|n| Coord {
                x: f64::from(n),
                y: 0.0,
            })
            .collect();
        let thin = thinned(&straight);
        assert_eq!(
            (thin.first(), thin.last()),
            (straight.first(), straight.last())
        );
        assert_eq!(thin.len(), 4096 / RUN + 1);
    }
}
