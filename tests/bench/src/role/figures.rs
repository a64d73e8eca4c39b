//! Many times, and what is said of them.
//!
//! On a machine that does other things, too, some of the times are those of the others. So the times of a measurement are
//! kept in short slices, and what counts is the quarter of the slices that was disturbed least, for the bridge and for
//! its reference alike. What all slices had stands beside it.

use std::time::{Duration, Instant};

use hdrhistogram::Histogram;
use serde::{Deserialize, Serialize};

/// Of a measurement.
const SLICE: Duration = Duration::from_millis(4);
/// One in so many slices counts.
const QUIET: usize = 4;
/// The greatest time, in nanoseconds.
const LONGEST: u64 = 10_000_000_000;

/// What is said of the times, in nanoseconds.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Figures {
    /// Of the slices that were disturbed least.
    pub(crate) quiet: Quantiles,
    /// Of all slices.
    pub(crate) all: Quantiles,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Quantiles {
    pub(crate) p50: f64,
    pub(crate) p99: f64,
    pub(crate) p99_9: f64,
    pub(crate) samples: u64,
}

/// Times in nanoseconds, to three digits.
pub(super) struct Times {
    slices: Vec<Histogram<u32>>,
    current: Histogram<u32>,
    since: Instant,
}

impl Times {
    pub(super) fn new() -> Self {
        Self { slices: Vec::new(), current: histogram(), since: Instant::now() }
    }

    #[inline]
    pub(super) fn add(&mut self, nanoseconds: u64) {
        self.current.saturating_record(nanoseconds);
    }

    /// Begins a new slice if it is time to.
    #[inline]
    pub(super) fn slice(&mut self, now: Instant) {
        if now - self.since >= SLICE {
            self.slices.push(std::mem::replace(&mut self.current, histogram()));
            self.since = Instant::now();
        }
    }

    /// Each time is multiplied with `part`.
    pub(super) fn figures(mut self, part: f64) -> Figures {
        // The last slice is shorter; it counts only where there is no other.
        if self.slices.is_empty() {
            self.slices.push(self.current);
        }
        self.slices.sort_by(|a, b| a.mean().total_cmp(&b.mean()));
        let quiet = self.slices.len().div_ceil(QUIET);
        Figures { quiet: Quantiles::of(&self.slices[..quiet], part), all: Quantiles::of(&self.slices, part) }
    }
}

impl Quantiles {
    fn of(slices: &[Histogram<u32>], part: f64) -> Self {
        let mut times = histogram();
        for slice in slices {
            times.add(slice).expect("all have the same bounds");
        }
        let at = |quantile| times.value_at_quantile(quantile) as f64 * part;
        Self { p50: at(0.5), p99: at(0.99), p99_9: at(0.999), samples: times.len() }
    }
}

fn histogram() -> Histogram<u32> {
    Histogram::new_with_bounds(1, LONGEST, 3).expect("these bounds are good")
}
