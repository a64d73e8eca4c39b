//! When to try again to connect to a port of an application that could not be connected to.

use std::cell::Cell;
use std::time::{Duration, Instant};

use super::room;

/// Time to the first attempt, and the longest between two.
const FIRST: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_secs(60);

/// How a message of iceoryx2 begins that says that one could not be: most releases only say so in their log.
pub(super) const NOT_CONNECTED: &str = "Unable to establish connection to new";

thread_local! {
    static FAILED: Cell<bool> = const { Cell::new(false) };
}

/// A call into iceoryx2 that this thread makes has said so.
pub(super) fn note() {
    FAILED.set(true);
}

/// Whether the last call of this thread into iceoryx2 has said so.
#[inline]
pub(super) fn was_noted() -> bool {
    FAILED.replace(false)
}

/// iceoryx2 connects a port to those that come, once, and says once if it could not: for lack of file descriptors, say. It
/// looks again at all of them when one comes or goes.
#[derive(Debug, Default)]
pub(super) struct Retry {
    /// When it failed last, and the time from there to the next attempt.
    failed: Option<(Instant, Duration)>,
    /// The time before that, while attempts are of no use.
    last: Option<Duration>,
}

impl Retry {
    /// A connection failed.
    pub(super) fn failed(&mut self) {
        let pause = self.last.map_or(FIRST, |last| last.saturating_mul(2).min(LONGEST));
        self.failed.get_or_insert((Instant::now(), pause));
    }

    /// Whether to let one come and go now. One that is of use is not followed by another failure.
    pub(super) fn is_due(&mut self) -> bool {
        let Some((since, pause)) = self.failed else { return false };
        if since.elapsed() < pause || !room::has_files() {
            return false;
        }
        self.failed = None;
        self.last = Some(pause);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attempts_become_rarer_while_they_are_of_no_use() {
        let mut retry = Retry::default();
        assert!(!retry.is_due());
        for expected in [1, 2, 4, 8, 16, 32, 60, 60] {
            retry.failed();
            assert!(!retry.is_due());
            let (since, pause) = retry.failed.expect("it failed");
            assert_eq!(pause, Duration::from_secs(expected));
            retry.failed = Some((since - pause, pause));
            assert!(retry.is_due() && !retry.is_due());
        }
    }
}
