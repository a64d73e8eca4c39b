//! Whether lanes are alive: each tends its routes once a second at least, which shows in the shared account.
//!
//! A lane may wait for room at a subscriber for as long as it likes, where `when_full = "block"` says so. Any other that does
//! nothing hangs, or its process stands still; its routes are shown as blocked, the service manager hears nothing good of the
//! bridge meanwhile, and at last its worker is asked to go, so that another takes its place.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::time::sleep;

use super::board::Board;

/// Time between two looks.
const LOOK: Duration = Duration::from_millis(500);

/// A lane that gives no sign for so long stands still: it tends its routes once a second, and has two more.
pub(super) const STILL: Duration = Duration::from_secs(3);

/// A lane that stood still for so long does not come back by itself.
pub(super) const HOPELESS: Duration = Duration::from_secs(10);

/// What was seen of one account last.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pulse {
    beats: u64,
    since: Instant,
    /// Its worker was asked to go for it.
    was_asked: bool,
}

impl Pulse {
    /// Nothing yet.
    pub(super) fn new(now: Instant) -> Self {
        Self { beats: 0, since: now, was_asked: false }
    }

    /// Notes what is seen now, and says for how long it has been so. `is_expected` is whether a lane has to give signs.
    pub(super) fn note(&mut self, now: Instant, beats: u64, is_expected: bool) -> Duration {
        if !is_expected || beats != self.beats {
            *self = Self { beats, since: now, was_asked: false };
        }
        now.saturating_duration_since(self.since)
    }

    /// True once when it has been so for too long.
    pub(super) fn is_hopeless(&mut self, now: Instant) -> bool {
        let hopeless = now.saturating_duration_since(self.since) >= HOPELESS;
        hopeless && !std::mem::replace(&mut self.was_asked, true)
    }
}

/// Looks again and again which routes wait at their sinks, and which lanes are alive.
pub(super) async fn watch(board: Arc<Board>) {
    loop {
        board.look_at_waits();
        board.feel_pulses();
        sleep(LOOK).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_beats_or_need_not_is_alive() {
        let mut now = Instant::now();
        let mut later = || {
            now += STILL;
            now
        };
        let mut pulse = Pulse::new(later());
        for beats in 1..5 {
            assert_eq!(pulse.note(later(), beats, true), Duration::ZERO);
        }
        assert_eq!(pulse.note(later(), 4, true), STILL);
        assert_eq!(pulse.note(later(), 4, false), Duration::ZERO);
        assert_eq!(pulse.note(later(), 4, true), STILL);
        assert_eq!(pulse.note(later(), 4, true), 2 * STILL);
        assert!(!pulse.is_hopeless(later()) && pulse.is_hopeless(later()) && !pulse.is_hopeless(later()));
        assert_eq!(pulse.note(later(), 5, true), Duration::ZERO);
    }
}
