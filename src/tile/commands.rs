use geo::Coord;

use super::shape::Shape;

const MOVE_TO: u32 = 1;
const LINE_TO: u32 = 2;
/// `ClosePath`, always once.
const CLOSE_PATH: u32 = 7 | 1 << 3;

/// The steps that draw a geometry, as whole numbers (MVT 2.1, 4.3). Positions are relative to the last one.
pub(super) fn commands(shape: &Shape) -> Vec<u32> {
    let mut path = Path::default();
    match shape {
        Shape::Points(points) => path.go(MOVE_TO, points),
        Shape::Lines(lines) => lines.iter().for_each(|line| path.line(line)),
        Shape::Polygons(rings) => {
            for ring in rings {
                path.line(ring);
                path.steps.push(CLOSE_PATH);
            }
        }
    }
    path.steps
}

#[derive(Default)]
struct Path {
    steps: Vec<u32>,
    at: Coord<i32>,
}

impl Path {
    fn line(&mut self, line: &[Coord<i32>]) {
        let (first, rest) = line.split_at(line.len().min(1));
        self.go(MOVE_TO, first);
        self.go(LINE_TO, rest);
    }

    fn go(&mut self, command: u32, to: &[Coord<i32>]) {
        self.steps.push(command | (to.len() as u32) << 3);
        for &position in to {
            let by = position - self.at;
            self.steps.extend([zigzag(by.x), zigzag(by.y)]);
            self.at = position;
        }
    }
}

/// Small numbers of either sign become small numbers without one.
fn zigzag(number: i32) -> u32 {
    (number << 1 ^ number >> 31).cast_unsigned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(positions: &[(i32, i32)]) -> Vec<Coord<i32>> {
        positions.iter().map(|&at| at.into()).collect()
    }

    #[test]
    fn the_examples_of_the_specification_are_encoded_as_written_there() {
        for (shape, steps) in [
            (Shape::Points(at(&[(25, 17)])), &[9, 50, 34][..]),
            (Shape::Points(at(&[(5, 7), (3, 2)])), &[17, 10, 14, 3, 9]),
            (
                Shape::Lines(vec![at(&[(2, 2), (2, 10), (10, 10)])]),
                &[9, 4, 4, 18, 0, 16, 16, 0],
            ),
            (
                Shape::Lines(vec![
                    at(&[(2, 2), (2, 10), (10, 10)]),
                    at(&[(1, 1), (3, 5)]),
                ]),
                &[9, 4, 4, 18, 0, 16, 16, 0, 9, 17, 17, 10, 4, 8],
            ),
            (
                Shape::Polygons(vec![at(&[(3, 6), (8, 12), (20, 34)])]),
                &[9, 6, 12, 18, 10, 12, 24, 44, 15],
            ),
            (
                Shape::Polygons(vec![
                    at(&[(0, 0), (10, 0), (10, 10), (0, 10)]),
                    at(&[(11, 11), (20, 11), (20, 20), (11, 20)]),
                    at(&[(13, 13), (13, 17), (17, 17), (17, 13)]),
                ]),
                &[
                    9, 0, 0, 26, 20, 0, 0, 20, 19, 0, 15, 9, 22, 2, 26, 18, 0, 0, 18, 17, 0, 15, 9,
                    4, 13, 26, 0, 8, 8, 0, 0, 7, 15,
                ],
            ),
        ] {
            assert_eq!(commands(&shape), steps);
        }
    }
}
