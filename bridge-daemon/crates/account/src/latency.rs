//! How long samples were inside the bridge, in ticks, and how old they were, in nanoseconds: histograms of each route, always
//! on.
//!
//! The buckets are log-linear, as those of HdrHistogram: eight to each power of two, so that a figure read from them is
//! at most 12.5 % above the true one.

use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;

/// Buckets to each power of two, as a power of two.
const PRECISION: u32 = 3;

const SUB: usize = 1 << PRECISION;

/// Up to 2^40 ticks, some minutes.
const BUCKETS: usize = (40 - PRECISION as usize + 1) * SUB;

/// Counts of durations. Written by one thread at a time, read by others at any time.
#[repr(C)]
#[derive(Debug)]
pub(super) struct Histogram {
    buckets: [AtomicU64; BUCKETS],
}

impl Default for Histogram {
    fn default() -> Self {
        Self { buckets: [const { AtomicU64::new(0) }; BUCKETS] }
    }
}

impl Histogram {
    /// Enters a duration.
    #[inline]
    pub(super) fn enter(&self, ticks: u64) {
        if let Some(bucket) = self.buckets.get(bucket_of(ticks)) {
            // With one writer a load and a store do, and cost no bus lock.
            bucket.store(bucket.load(Relaxed).wrapping_add(1), Relaxed);
        }
    }

    /// A copy; what is entered meanwhile may be in it or not.
    pub(super) fn copy(&self) -> Latency {
        let mut counts: Vec<u64> = self.buckets.iter().map(|bucket| bucket.load(Relaxed)).collect();
        counts.truncate(counts.iter().rposition(|count| *count > 0).map_or(0, |last| last + 1));
        Latency { counts }
    }
}

#[inline]
fn bucket_of(ticks: u64) -> usize {
    if ticks < SUB as u64 {
        return ticks as usize;
    }
    let exponent = 63 - ticks.leading_zeros();
    let sub = (ticks >> (exponent - PRECISION)) as usize % SUB;
    ((exponent - PRECISION + 1) as usize * SUB + sub).min(BUCKETS - 1)
}

/// The first duration that is above bucket `index`.
fn end_of(index: usize) -> u64 {
    let next = index as u64 + 1;
    if next <= SUB as u64 {
        return next;
    }
    let (exponent, sub) = (next / SUB as u64 - 1, next % SUB as u64);
    (SUB as u64 + sub) << exponent
}

/// The durations of one kind of one route at one moment, in the unit of that kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Latency {
    /// By bucket, up to the last that is not empty. Another user's worker may have written anything.
    counts: Vec<u64>,
}

impl Latency {
    /// How many were measured: every sample that came alone, and one of eight of those that came in a row.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.counts.iter().copied().fold(0, u64::saturating_add)
    }

    /// The duration that `share` of them (from 0 to 1) were not above; `None` if nothing was measured.
    #[must_use]
    pub fn quantile(&self, share: f64) -> Option<u64> {
        let count = self.count();
        // Counts are below 2^52 for the next centuries.
        let rank = ((count as f64 * share).ceil() as u64).clamp(1, count.max(1));
        let mut seen = 0_u64;
        let index = self.counts.iter().position(|counted| {
            seen = u64::saturating_add(seen, *counted);
            seen >= rank
        })?;
        Some(end_of(index))
    }

    /// The number of durations up to each end of a bucket, in ticks: those that are not empty.
    pub fn buckets(&self) -> impl Iterator<Item = (u64, u64)> + '_ {
        self.counts.iter().enumerate().filter(|(_, count)| **count > 0).map(|(index, count)| (end_of(index), *count))
    }

    /// Adds the durations of another.
    pub fn add(&mut self, other: &Self) {
        if self.counts.len() < other.counts.len() {
            self.counts.resize(other.counts.len(), 0);
        }
        self.counts.iter_mut().zip(&other.counts).for_each(|(count, more)| *count = count.saturating_add(*more));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_duration_is_in_its_bucket(ticks in 0_u64..1 << 40) {
            let index = bucket_of(ticks);
            let start = if index == 0 { 0 } else { end_of(index - 1) };
            prop_assert!((start..end_of(index)).contains(&ticks), "{ticks} in {index}: {start}..{}", end_of(index));
            prop_assert!(end_of(index) as f64 <= ticks as f64 * 1.125 + 1.0);
        }
    }

    #[test]
    fn the_longest_durations_share_the_last_bucket() {
        assert_eq!(bucket_of(u64::MAX), BUCKETS - 1);
        assert_eq!(bucket_of((1 << 41) - 1), BUCKETS - 1);
    }

    #[test]
    fn quantiles_are_those_of_what_was_entered() {
        let histogram = Histogram::default();
        assert_eq!(histogram.copy().quantile(0.5), None);
        (0..1000).for_each(|n| histogram.enter(n));
        let latency = histogram.copy();
        assert_eq!(latency.count(), 1000);
        for (share, expected) in [(0.5, 500.0), (0.99, 990.0), (0.0, 1.0), (1.0, 1000.0)] {
            let found = latency.quantile(share).expect("measured") as f64;
            assert!(found >= expected - 1.0 && found <= expected * 1.125 + 1.0, "{share}: {found}");
        }
        let mut twice = latency.clone();
        twice.add(&latency);
        assert_eq!((twice.count(), twice.quantile(0.5)), (2000, latency.quantile(0.5)));
        assert_eq!(latency.buckets().map(|(_, count)| count).sum::<u64>(), 1000);
    }

    #[test]
    fn counts_that_somebody_made_up_are_only_wrong() {
        let mut absurd = Latency { counts: vec![u64::MAX; 4] };
        absurd.add(&absurd.clone());
        assert_eq!(absurd.count(), u64::MAX);
        assert!(absurd.quantile(0.5).is_some() && absurd.quantile(1.0).is_some());
    }
}
