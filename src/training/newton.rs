//! Newton's method for the two concave likelihoods that are fitted here, with a little ridge: a dozen or two
//! weights, the same result on each machine and run.

/// A likelihood's first derivatives, and the negative of its second ones (symmetric, not negative).
pub(super) struct Slope<const N: usize> {
    pub(super) gradient: [f64; N],
    pub(super) curvature: [[f64; N]; N],
}

/// Strength of the pull towards the start, for each unit of weight of the examples.
const RIDGE: f64 = 1e-3;
/// Steps at most, and the step below which the weights have settled.
const STEPS: usize = 60;
const SETTLED: f64 = 1e-6;
/// Longest step of one weight: far from the top the slope leads astray.
const LONGEST: f64 = 2.0;

impl<const N: usize> Slope<N> {
    pub(super) const fn flat() -> Self {
        Self {
            gradient: [0.0; N],
            curvature: [[0.0; N]; N],
        }
    }
}

/// The weights at the top of a likelihood, from zero.
pub(super) fn climb<const N: usize>(slope: impl Fn(&[f64; N]) -> Slope<N>) -> [f64; N] {
    let mut weights = [0.0; N];
    for _ in 0..STEPS {
        let mut slope = slope(&weights);
        for (at, weight) in weights.iter().enumerate() {
            slope.gradient[at] -= RIDGE * weight;
            slope.curvature[at][at] += RIDGE;
        }
        let step = solve(slope.curvature, slope.gradient);
        let longest = step.iter().fold(0.0_f64, |a, b| a.max(b.abs()));
        let scale = (LONGEST / longest.max(LONGEST)).min(1.0);
        for (weight, step) in weights.iter_mut().zip(step) {
            *weight += scale * step;
        }
        if longest < SETTLED {
            break;
        }
    }
    weights
}

/// Solves a symmetric positive system (Gauss, with the ridge on the diagonal no pivot is needed).
fn solve<const N: usize>(mut matrix: [[f64; N]; N], mut right: [f64; N]) -> [f64; N] {
    for pivot in 0..N {
        for row in pivot + 1..N {
            let factor = matrix[row][pivot] / matrix[pivot][pivot];
            let above = matrix[pivot];
            for (value, above) in matrix[row].iter_mut().zip(above).skip(pivot) {
                *value -= factor * above;
            }
            right[row] -= factor * right[pivot];
        }
    }
    for row in (0..N).rev() {
        let known: f64 = (row + 1..N).map(|at| matrix[row][at] * right[at]).sum();
        right[row] = (right[row] - known) / matrix[row][row];
    }
    right
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_top_of_a_parabola_is_found() {
        let top = climb(|weights: &[f64; 2]| Slope {
            gradient: [
                4.0 - 2.0 * weights[0] - weights[1],
                1.0 - weights[0] - 3.0 * weights[1],
            ],
            curvature: [[2.0, 1.0], [1.0, 3.0]],
        });
        assert!(
            (top[0] - 2.2).abs() < 0.01 && (top[1] + 0.4).abs() < 0.01,
            "{top:?}"
        );
    }
}
