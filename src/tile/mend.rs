//! Areas on the grid that keep the specification's rules: no ring crosses or touches itself, rings touch each other in
//! corners at most, and each hole follows the exterior that it lies in.
//!
//! Positions moved onto the grid, and cuts at a tile's edge, leave rings that cross, overlap or run to and fro. Here
//! lines that meet in a cell are all led through its middle (snap rounding; Hobby, 1999), after which none cross. What
//! is left of them are edges, and of edges that lie on each other each two cancel out; the area is where an odd number
//! of edges has to be crossed to get out. Then the way around each of its parts is followed.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::cells::{CellSet, cells_along};

/// Column and row on the grid.
pub(super) type Cell = (i32, i32);
/// A straight line between two cells, the smaller one first.
type Edge = (Cell, Cell);
/// Cells around an area, or around a hole the other way; the last is joined to the first.
type Ring = Vec<Cell>;

/// The area within the rings (whichever way they go), as exteriors of a positive area, each followed by its holes of a
/// negative one.
pub(super) fn mended(rings: &[Ring]) -> Vec<Ring> {
    let edges = edges(rings);
    let mut exteriors = Vec::new();
    let mut holes = Vec::new();
    for ring in rings_around(&ways(&edges)) {
        match doubled_area(&ring).cmp(&0) {
            Ordering::Greater => exteriors.push((ring, Vec::new())),
            Ordering::Less => holes.push(ring),
            Ordering::Equal => {}
        }
    }
    // The smallest exterior around a hole is the one that it belongs to.
    exteriors.sort_by_key(|(exterior, _)| doubled_area(exterior));
    for hole in holes {
        let around = exteriors
            .iter_mut()
            .find(|(exterior, _)| surrounds(exterior, &hole));
        if let Some((_, holes)) = around {
            holes.push(hole);
        }
    }
    exteriors
        .into_iter()
        .flat_map(|(exterior, holes)| std::iter::once(exterior).chain(holes))
        .map(|ring| without_straight_on(&ring))
        .collect()
}

/// The lines between cells in a ring.
fn segments(ring: &[Cell]) -> impl Iterator<Item = (Cell, Cell)> {
    let next = ring.iter().cycle().skip(1);
    ring.iter().copied().zip(next.copied())
}

/// The edges of the area: lines that neither cross nor lie on each other.
fn edges(rings: &[Ring]) -> BTreeSet<Edge> {
    let segments: Vec<_> = rings.iter().flat_map(|ring| segments(ring)).collect();
    let meetings = meetings(&segments);
    let mut edges = BTreeSet::new();
    for (from, to) in segments {
        let mut stops = cells_along(from, to);
        stops.retain(|&cell| meetings.contains(cell));
        // Led through the middles of cells, a line may touch further ones, at which it is divided without moving it.
        let pairs = stops.windows(2);
        let mut line: Vec<_> = pairs
            .flat_map(|pair| middles_on(pair[0], pair[1]))
            .collect();
        line.retain(|&cell| meetings.contains(cell));
        line.extend(stops.last());
        for pair in line.windows(2) {
            let edge = (pair[0].min(pair[1]), pair[0].max(pair[1]));
            if !edges.insert(edge) {
                edges.remove(&edge);
            }
        }
    }
    edges
}

/// The cells whose middles lie on the line, without its end.
fn middles_on(from: Cell, to: Cell) -> impl Iterator<Item = Cell> {
    let (x, y) = (to.0 - from.0, to.1 - from.1);
    let count = common_divisor(x.abs(), y.abs());
    (0..count).map(move |n| (from.0 + x / count * n, from.1 + y / count * n))
}

fn common_divisor(a: i32, b: i32) -> i32 {
    if b == 0 { a } else { common_divisor(b, a % b) }
}

/// The cells in which lines end, or more than one passes.
fn meetings(segments: &[(Cell, Cell)]) -> CellSet {
    let ends = || segments.iter().map(|&(from, _)| from);
    let mut passed = CellSet::around(ends());
    let mut meetings = CellSet::around(ends());
    for &(from, to) in segments {
        for cell in cells_along(from, to) {
            if !passed.insert(cell) {
                meetings.insert(cell);
            }
        }
        meetings.insert(from);
    }
    meetings
}

/// From each cell the ways along edges that have the area on their left (where y goes up).
fn ways(edges: &BTreeSet<Edge>) -> BTreeMap<Cell, Vec<Cell>> {
    let mut ways: BTreeMap<_, Vec<_>> = BTreeMap::new();
    let mut add = |from, to| ways.entry(from).or_default().push(to);
    for ((from, to), beyond) in sides(edges) {
        if beyond { add(from, to) } else { add(to, from) }
    }
    // Upright edges lie between columns: they are looked at by rows.
    let turn = |(x, y): Cell| (y, x);
    let turned = edges.iter().map(|&(from, to)| {
        let (from, to) = (turn(from), turn(to));
        (from.min(to), from.max(to))
    });
    for ((from, to), beyond) in sides(&turned.collect()) {
        if from.1 == to.1 {
            let (from, to) = (turn(from), turn(to));
            if beyond { add(to, from) } else { add(from, to) }
        }
    }
    ways
}

/// Edges other than upright ones, each with whether the area is beyond it (where y is larger) or before it.
fn sides(edges: &BTreeSet<Edge>) -> Vec<(Edge, bool)> {
    let mut sides = Vec::new();
    let mut coming = edges.iter().filter(|(from, to)| from.0 < to.0).peekable();
    // The edges between one column and the next, in the order of their y there, which is the same all the way.
    let mut between: Vec<Edge> = Vec::new();
    while let Some(&&((x, _), _)) = coming.peek() {
        between.retain(|(_, to)| to.0 > x);
        while let Some(&edge) = coming.next_if(|(from, _)| from.0 == x) {
            between.push(edge);
        }
        between.sort_by(|a, b| by_height(a, b, x));
        // Coming from outside, the first edge leads into the area, the second out of it.
        let begun = between.iter().zip([true, false].into_iter().cycle());
        sides.extend(
            begun
                .filter(|((from, _), _)| from.0 == x)
                .map(|(&edge, beyond)| (edge, beyond)),
        );
    }
    sides
}

/// Compares where two edges are half-way between a column and the next.
fn by_height(a: &Edge, b: &Edge, x: i32) -> Ordering {
    // y as a fraction of twice the edge's width.
    let height = |&((from_x, from_y), (to_x, to_y)): &Edge| {
        let width = i64::from(to_x - from_x);
        let way = 2 * i64::from(x - from_x) + 1;
        (
            2 * width * i64::from(from_y) + i64::from(to_y - from_y) * way,
            width,
        )
    };
    let ((a, a_width), (b, b_width)) = (height(a), height(b));
    (a * b_width).cmp(&(b * a_width))
}

/// Rings along the ways, each with the area on its left. Where ways meet, those are joined that have the same part of
/// the area between them; a ring that comes back to a cell is closed there.
fn rings_around(ways: &BTreeMap<Cell, Vec<Cell>>) -> Vec<Ring> {
    let mut rings = Vec::new();
    let mut gone: HashSet<(Cell, Cell)> = HashSet::new();
    let starts = ways
        .iter()
        .flat_map(|(&from, to)| to.iter().map(move |&to| (from, to)));
    for start in starts {
        let mut path = Vec::new();
        let mut places = HashMap::new();
        let (mut from, mut to) = start;
        while gone.insert((from, to)) {
            places.insert(from, path.len());
            path.push(from);
            if let Some(&place) = places.get(&to) {
                let ring = path.split_off(place);
                for cell in &ring {
                    places.remove(cell);
                }
                rings.push(ring);
            }
            let onwards = ways.get(&to).and_then(|ways| next(from, to, ways));
            let Some(onwards) = onwards else { break };
            (from, to) = (to, onwards);
        }
    }
    rings
}

/// The way onwards that has nothing between it and the way come by, on the left.
fn next(from: Cell, at: Cell, ways: &[Cell]) -> Option<Cell> {
    let direction = |to: Cell| (i64::from(to.0 - at.0), i64::from(to.1 - at.1));
    let back = direction(from);
    // Clockwise from the way back: first what is to its right, then what goes straight on, then what is to its left.
    let turn = |to: &Cell| cross(back, direction(*to)).signum();
    ways.iter().copied().min_by(|a, b| {
        let half = turn(a).cmp(&turn(b));
        half.then_with(|| cross(direction(*a), direction(*b)).cmp(&0))
    })
}

/// The ring without cells at which it does not turn.
fn without_straight_on(ring: &[Cell]) -> Ring {
    let count = ring.len();
    let turns = |&n: &usize| {
        let [before, at, after] = [n + count - 1, n, n + 1].map(|n| ring[n % count]);
        let way = |from: Cell, to: Cell| (i64::from(to.0 - from.0), i64::from(to.1 - from.1));
        cross(way(before, at), way(at, after)) != 0
    };
    (0..count).filter(turns).map(|n| ring[n]).collect()
}

/// Whether the hole, which crosses no ring, lies in the exterior: whether half-way along its first edge does. No other
/// ring comes there, for rings touch in cells at which both are divided.
fn surrounds(exterior: &[Cell], hole: &[Cell]) -> bool {
    let Some((from, to)) = segments(hole).next() else {
        return false;
    };
    // All is doubled, so that the half is a whole number.
    let (x, y) = (from.0 + to.0, from.1 + to.1);
    let crossed = segments(exterior).filter(|&(a, b)| {
        let (low, high) = if a.1 < b.1 { (a, b) } else { (b, a) };
        let way = (i64::from(high.0 - low.0), i64::from(high.1 - low.1));
        let place = (i64::from(x - 2 * low.0), i64::from(y - 2 * low.1));
        2 * low.1 <= y && y < 2 * high.1 && cross(way, place) > 0
    });
    crossed.count() % 2 == 1
}

fn doubled_area(ring: &[Cell]) -> i64 {
    let wide = |(x, y): Cell| (i64::from(x), i64::from(y));
    segments(ring)
        .map(|(from, to)| cross(wide(from), wide(to)))
        .sum()
}

/// Positive when the second direction is to the left of the first (where y goes up).
fn cross(a: (i64, i64), b: (i64, i64)) -> i64 {
    a.0 * b.1 - a.1 * b.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(low: i32, high: i32) -> Ring {
        vec![(low, low), (high, low), (high, high), (low, high)]
    }

    /// The rings with the smallest cell first, sorted.
    fn sorted(mut rings: Vec<Ring>) -> Vec<Ring> {
        for ring in &mut rings {
            let first = ring.iter().enumerate().min_by_key(|(_, cell)| **cell);
            let start = first.map_or(0, |(index, _)| index);
            ring.rotate_left(start);
        }
        rings.sort();
        rings
    }

    fn turned(mut ring: Ring) -> Ring {
        ring.reverse();
        ring
    }

    #[test]
    fn rings_are_those_around_what_an_odd_number_of_them_encloses() {
        for (what, rings, expected) in [
            ("a square", vec![square(0, 9)], vec![square(0, 9)]),
            (
                "the other way",
                vec![turned(square(0, 9))],
                vec![square(0, 9)],
            ),
            (
                "a hole",
                vec![square(0, 9), square(3, 6)],
                vec![square(0, 9), turned(square(3, 6))],
            ),
            (
                "an island in a hole",
                vec![square(0, 9), square(4, 5), square(3, 6)],
                vec![square(0, 9), turned(square(3, 6)), square(4, 5)],
            ),
            (
                "the same twice",
                vec![square(0, 9), turned(square(0, 9))],
                vec![],
            ),
            ("no ring", vec![], vec![]),
            (
                "a ring of nothing",
                vec![vec![], vec![(1, 1)], vec![(1, 1), (5, 5)]],
                vec![],
            ),
            (
                "to and fro",
                vec![vec![(0, 0), (9, 0), (9, 9), (20, 9), (9, 9), (0, 9)]],
                vec![square(0, 9)],
            ),
            (
                "corners that change nothing",
                vec![vec![(0, 0), (4, 0), (9, 0), (9, 9), (0, 9), (0, 3)]],
                vec![square(0, 9)],
            ),
            (
                "parts side by side",
                vec![square(0, 4), vec![(4, 0), (9, 0), (9, 4), (4, 4)]],
                vec![vec![(0, 0), (9, 0), (9, 4), (0, 4)]],
            ),
            (
                // A sharp corner begins where its sides are a cell apart.
                "crossing itself",
                vec![vec![(0, 0), (8, 8), (8, 0), (0, 8)]],
                vec![vec![(0, 0), (4, 4), (0, 8)], vec![(4, 4), (8, 1), (8, 8)]],
            ),
            (
                "parts that touch in a corner",
                vec![square(0, 4), square(4, 8)],
                vec![square(0, 4), square(4, 8)],
            ),
            (
                "a hole that touches in a corner",
                vec![vec![
                    (0, 0),
                    (8, 0),
                    (8, 8),
                    (0, 8),
                    (0, 4),
                    (2, 6),
                    (4, 4),
                    (2, 2),
                    (0, 4),
                ]],
                vec![square(0, 8), vec![(0, 4), (2, 6), (4, 4), (2, 2)]],
            ),
            (
                "a hole from side to side",
                vec![
                    vec![(0, -4), (8, -4), (8, 12), (0, 12)],
                    vec![(0, 4), (4, 8), (8, 4), (4, 0)],
                ],
                vec![
                    vec![(0, -4), (8, -4), (8, 4), (4, 0), (0, 4)],
                    vec![(0, 4), (4, 8), (8, 5), (8, 12), (0, 12)],
                ],
            ),
            (
                "a corner on another's side",
                vec![
                    square(0, 8),
                    vec![(4, 8), (6, 10), (6, 14), (2, 14), (2, 10)],
                ],
                vec![
                    square(0, 8),
                    vec![(4, 8), (6, 10), (6, 14), (2, 14), (2, 10)],
                ],
            ),
        ] {
            assert_eq!(sorted(mended(&rings)), sorted(expected), "{what}");
        }
    }

    #[test]
    fn holes_follow_the_innermost_exterior_around_them() {
        let moved = |by: i32, ring: Ring| ring.into_iter().map(|(x, y)| (x + by, y)).collect();
        let rings = [
            square(6, 14),
            moved(50, square(7, 9)),
            square(0, 20),
            moved(50, square(0, 10)),
            square(4, 16),
            moved(50, square(3, 6)),
            square(2, 18),
        ];
        let mended = mended(&rings);
        let areas: Vec<_> = mended.iter().map(|ring| doubled_area(ring) / 2).collect();
        assert_eq!(areas, [100, -9, -4, 144, -64, 400, -256]);
    }

    #[test]
    fn the_way_onwards_is_the_first_one_clockwise() {
        for (from, ways, onwards) in [
            ((0, 9), &[(5, -9), (5, 1)][..], (5, 1)),
            ((0, 9), &[(5, 1), (5, -9)], (5, 1)),
            ((0, 9), &[(-5, 1), (-5, -9)], (-5, -9)),
            ((0, 9), &[(-5, 1), (0, -1), (-1, 9)], (0, -1)),
            ((-3, -2), &[(1, 1), (-1, 0), (0, -1)], (-1, 0)),
        ] {
            assert_eq!(next(from, (0, 0), ways), Some(onwards), "{from:?} {ways:?}");
        }
    }

    #[test]
    fn a_crossing_between_cells_moves_lines_by_less_than_a_cell() {
        let star = vec![(0, 700), (1000, 310), (3, 0), (640, 997), (901, 2)];
        let rings = mended(std::slice::from_ref(&star));
        assert!(rings.len() > 3);
        for (x, y) in rings.into_iter().flatten() {
            let near = segments(&star).any(|(a, b)| {
                let way = (i64::from(b.0 - a.0), i64::from(b.1 - a.1));
                let off = cross(way, (i64::from(x - a.0), i64::from(y - a.1)));
                (off as f64).abs() / ((way.0 * way.0 + way.1 * way.1) as f64).sqrt() < 0.75
            });
            assert!(near, "{x} {y}");
        }
    }
}
