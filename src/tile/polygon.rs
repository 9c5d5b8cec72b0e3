use geo::{Coord, Rect};

use super::frame::whole;
use super::line::{snapped, thinned};
use super::mend::mended;

/// What of the area within a ring lies in the tile's area: the ring cut at each edge in turn (Sutherland and Hodgman,
/// 1974). It may run along an edge to and fro, which [`mended`] takes away.
pub(super) fn clipped(ring: &[Coord<f64>], area: &Rect<f64>) -> Vec<Coord<f64>> {
    let (min, max) = (area.min(), area.max());
    let ring = cut(ring, |c| c.x - min.x, |c| c.x = min.x);
    let ring = cut(&ring, |c| max.x - c.x, |c| c.x = max.x);
    let ring = cut(&ring, |c| c.y - min.y, |c| c.y = min.y);
    cut(&ring, |c| max.y - c.y, |c| c.y = max.y)
}

/// The rings of a feature on the grid, in the order and direction that the specification wants: see [`mended`].
pub(super) fn on_grid(rings: &[Vec<Coord<f64>>]) -> Vec<Vec<Coord<i32>>> {
    let cells = |ring: &Vec<Coord<f64>>| {
        let ring = thinned(&closed(snapped(ring)));
        ring.into_iter().map(|cell| whole(cell).x_y()).collect()
    };
    mended(&rings.iter().map(cells).collect::<Vec<_>>())
        .into_iter()
        .map(|ring| ring.into_iter().map(Coord::from).collect())
        .collect()
}

fn closed(mut ring: Vec<Coord<f64>>) -> Vec<Coord<f64>> {
    ring.extend(ring.first().copied());
    ring.dedup();
    ring
}

/// The part of a ring that is on the inner side of a line, closed along the line. `onto` puts a position on the line
/// exactly, where reckoning the cut only comes near.
fn cut(
    ring: &[Coord<f64>],
    inwards: impl Fn(&Coord<f64>) -> f64,
    onto: impl Fn(&mut Coord<f64>),
) -> Vec<Coord<f64>> {
    let mut inner = Vec::with_capacity(ring.len());
    let Some(mut from) = ring.last() else {
        return inner;
    };
    for to in ring {
        let (start, end) = (inwards(from), inwards(to));
        if (start < 0.0) != (end < 0.0) {
            let mut crossing = *from + (*to - *from) * (start / (start - end));
            onto(&mut crossing);
            inner.push(crossing);
        }
        if end >= 0.0 {
            inner.push(*to);
        }
        from = to;
    }
    inner
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ring_is_cut_at_each_edge_of_the_area() {
        let area = Rect::new((0.0, 0.0), (10.0, 10.0));
        for (what, ring, inside) in [
            (
                "within",
                &[(1.0, 1.0), (9.0, 1.0), (5.0, 9.0)][..],
                &[(1.0, 1.0), (9.0, 1.0), (5.0, 9.0)][..],
            ),
            ("elsewhere", &[(11.0, 1.0), (19.0, 1.0), (15.0, 9.0)], &[]),
            (
                "around",
                &[(-9.0, -9.0), (19.0, -9.0), (19.0, 19.0), (-9.0, 19.0)],
                &[(10.0, 0.0), (10.0, 10.0), (0.0, 10.0), (0.0, 0.0)],
            ),
            (
                "over a side",
                &[(5.0, 4.0), (15.0, 4.0), (15.0, 6.0), (5.0, 6.0)],
                &[(5.0, 4.0), (10.0, 4.0), (10.0, 6.0), (5.0, 6.0)],
            ),
            ("nothing", &[], &[]),
        ] {
            let ring: Vec<_> = ring.iter().map(|&at| at.into()).collect();
            let mut cut = clipped(&ring, &area);
            let first = inside.first().map(|&at| Coord::from(at));
            // Where a ring begins is no matter.
            let start = cut.iter().position(|&at| Some(at) == first).unwrap_or(0);
            cut.rotate_left(start);
            let inside: Vec<_> = inside.iter().map(|&at| Coord::from(at)).collect();
            assert_eq!(cut, inside, "{what}");
        }
    }
}
