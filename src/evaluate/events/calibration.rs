//! Whether a confidence is the chance of being right.

use serde::Serialize;

use super::tally::ratio;

const BINS: usize = 10;

/// Events by tenths of their confidence.
#[derive(Debug, Clone, Default)]
pub(super) struct Calibration {
    bins: [Counts; BINS],
}

#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    events: usize,
    right: usize,
    confidences: f64,
}

/// A reliability table.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Reliability {
    /// The tenths of confidence that have events, from low to high.
    pub bins: Vec<Bin>,
    /// The mean difference between confidence and share right, each bin by the number of its events.
    pub expected_calibration_error: f64,
}

/// Events of about one confidence.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Bin {
    /// The mean of their confidences.
    pub mean_confidence: f64,
    /// The share of them that is right: a gold event of the same action is there.
    pub share_right: f64,
    /// How many there are.
    pub events: usize,
}

impl Calibration {
    /// Counts an event.
    pub(super) fn add(&mut self, confidence: f64, right: bool) {
        let bin = (confidence.clamp(0.0, 1.0) * BINS as f64) as usize;
        let bin = &mut self.bins[bin.min(BINS - 1)];
        bin.events += 1;
        bin.right += usize::from(right);
        bin.confidences += confidence;
    }

    pub(super) fn reliability(&self) -> Reliability {
        let filled = || self.bins.iter().filter(|bin| bin.events > 0);
        let all: usize = filled().map(|bin| bin.events).sum();
        let off: f64 = filled()
            .map(|bin| (bin.confidences - bin.right as f64).abs())
            .sum();
        let bins = filled().map(|bin| Bin {
            mean_confidence: bin.confidences / bin.events as f64,
            share_right: ratio(bin.right, bin.events),
            events: bin.events,
        });
        Reliability {
            bins: bins.collect(),
            expected_calibration_error: off / all.max(1) as f64,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_error_is_the_mean_distance_of_confidence_and_share_right() {
        let mut calibration = Calibration::default();
        // Said .5 of four, half right; said 1 of four, three right.
        for right in [true, true, false, false] {
            calibration.add(0.5, right);
        }
        for right in [true, true, true, false] {
            calibration.add(1.0, right);
        }
        let reliability = calibration.reliability();
        assert!((reliability.expected_calibration_error - 0.125).abs() < 1e-12);
        let shares: Vec<_> = reliability.bins.iter().map(|bin| bin.share_right).collect();
        assert_eq!(shares, [0.5, 0.75]);
    }
}
