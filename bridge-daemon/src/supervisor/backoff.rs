//! How long to wait before something that ended is started again.

use std::time::{Duration, Instant};

/// After the first failure; it doubles from there.
const FIRST: Duration = Duration::from_millis(100);
/// It grows no further.
const LONGEST: Duration = Duration::from_secs(5);
/// What lived that long was well, and the next failure counts as the first: what fails again and again for a reason of
/// its own does so as soon as samples flow, and what is ended from outside now and then should be back at once.
const HEALTHY: Duration = Duration::from_secs(2);

/// See the module.
#[derive(Debug)]
pub(super) struct Backoff {
    next: Duration,
    started: Instant,
}

impl Backoff {
    pub(super) fn new() -> Self {
        Self { next: FIRST, started: Instant::now() }
    }

    /// Something was started.
    pub(super) fn started(&mut self) {
        self.started = Instant::now();
    }

    /// It ended. `orderly`: it did nothing wrong, so it may be started at once, if it lived at all.
    pub(super) fn ended(&mut self, orderly: bool) -> Duration {
        let lived = self.started.elapsed();
        if lived >= HEALTHY {
            self.next = FIRST;
        }
        if orderly && lived >= FIRST {
            return Duration::ZERO;
        }
        let wait = self.next;
        self.next = (self.next * 2).min(LONGEST);
        wait
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_in_a_row_are_waited_for_longer_and_longer() {
        let mut backoff = Backoff::new();
        let waits: Vec<_> = (0..8).map(|_| backoff.ended(false)).collect();
        assert_eq!(waits[0], FIRST);
        assert!(waits.is_sorted() && waits[7] == LONGEST);
    }

    #[test]
    fn what_ends_at_once_is_not_restarted_at_once_even_if_it_did_nothing_wrong() {
        assert_eq!(Backoff::new().ended(true), FIRST);
    }
}
