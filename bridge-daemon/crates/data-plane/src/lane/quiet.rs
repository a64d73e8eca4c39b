//! How lanes stop together: each says that it is quiet (it publishes nothing any more), and drops its ports only when
//! all are. A process that dies inside a publish of classic can wedge RouDi, so nobody may exit before.

use std::cell::Cell;
use std::sync::atomic::{AtomicBool, Ordering, fence};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

thread_local! {
    static IN_LANE: Cell<bool> = const { Cell::new(false) };
}

/// The number of lanes that may still publish. Shared by the lanes and the worker's main thread.
#[derive(Clone, Debug, Default)]
pub struct Quiet {
    loud: Arc<(Mutex<usize>, Condvar)>,
    leaves_ports: Arc<AtomicBool>,
}

impl Quiet {
    /// Counts a lane that is about to start, before its thread is. One that does not start is not counted any more when
    /// what is returned is dropped.
    #[must_use]
    pub fn expect_lane(&self) -> Expected {
        self.change(|loud| loud + 1);
        Expected { quiet: self.clone(), is_there: false }
    }

    /// Says that this lane is quiet and waits until all are.
    pub(super) fn wait_for_all(&self) {
        if IN_LANE.replace(false) {
            self.change(|loud| loud.saturating_sub(1));
        }
        self.wait(None);
    }

    /// Before the lanes are told to stop: they must touch no port of classic any more, not even to drop it, because it
    /// may be somebody else's by now. The process ends when they are quiet.
    pub fn leave_ports(&self) {
        self.leaves_ports.store(true, Ordering::Relaxed);
    }

    /// Whether lanes that stop must leave their ports as they are.
    #[must_use]
    pub fn leaves_ports(&self) -> bool {
        // After the order to stop, which was given later, has been seen.
        fence(Ordering::Acquire);
        self.leaves_ports.load(Ordering::Relaxed)
    }

    /// Waits until all lanes are quiet; false if they are not after `time`.
    #[must_use]
    pub fn wait_for(&self, time: Duration) -> bool {
        self.wait(Some(time))
    }

    /// Counts so many lanes as quiet that never will be, if all others are; false if they are not.
    #[must_use]
    pub fn give_up(&self, lanes: usize) -> bool {
        let mut loud = self.loud.0.lock().unwrap_or_else(PoisonError::into_inner);
        let are_all = *loud <= lanes;
        if are_all {
            *loud = 0;
            self.loud.1.notify_all();
        }
        are_all
    }

    fn change(&self, change: impl FnOnce(usize) -> usize) {
        let mut loud = self.loud.0.lock().unwrap_or_else(PoisonError::into_inner);
        *loud = change(*loud);
        self.loud.1.notify_all();
    }

    fn wait(&self, time: Option<Duration>) -> bool {
        let until = time.map(|time| Instant::now() + time);
        let mut loud = self.loud.0.lock().unwrap_or_else(PoisonError::into_inner);
        while *loud > 0 {
            loud = match until.map(|until| until.saturating_duration_since(Instant::now())) {
                None => self.loud.1.wait(loud).unwrap_or_else(PoisonError::into_inner),
                Some(Duration::ZERO) => return false,
                Some(left) => self.loud.1.wait_timeout(loud, left).unwrap_or_else(PoisonError::into_inner).0,
            };
        }
        true
    }
}

/// A lane that is counted as loud, and has no thread yet.
#[derive(Debug)]
pub struct Expected {
    quiet: Quiet,
    is_there: bool,
}

impl Expected {
    /// Marks the calling thread as the lane. The mark, and the lane if it is still loud, ends with what is returned.
    pub(super) fn enter(mut self) -> InLane {
        IN_LANE.set(true);
        self.is_there = true;
        InLane(self.quiet.clone())
    }
}

impl Drop for Expected {
    fn drop(&mut self) {
        if !self.is_there {
            self.quiet.change(|loud| loud.saturating_sub(1));
        }
    }
}

/// A lane's thread. Dropping it makes the lane quiet, also when the thread unwinds.
pub(super) struct InLane(Quiet);

impl Drop for InLane {
    fn drop(&mut self) {
        if IN_LANE.replace(false) {
            self.0.change(|loud| loud.saturating_sub(1));
        }
    }
}

/// For a thread in which classic has failed for good, and which must not go back to what it did: waits until all other
/// lanes are quiet, for `time` at most, so that the process can end. The lanes must have been told to stop.
pub fn leave_lane_for_ever(quiet: &Quiet, time: Duration) {
    if IN_LANE.replace(false) {
        quiet.change(|loud| loud.saturating_sub(1));
    }
    // A lane that is not quiet by then is stuck in its publish, and nothing better can be done.
    let _ = quiet.wait_for(time);
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    #[test]
    fn lanes_drop_their_ports_only_when_all_are_quiet() {
        let quiet = Quiet::default();
        let (expected, second) = (quiet.expect_lane(), quiet.expect_lane());
        let first = thread::spawn({
            let quiet = quiet.clone();
            move || {
                let _in_lane = expected.enter();
                quiet.wait_for_all();
            }
        });
        assert!(!quiet.wait_for(Duration::from_millis(1)));
        assert!(!first.is_finished());
        thread::spawn({
            let quiet = quiet.clone();
            move || {
                let _in_lane = second.enter();
                quiet.wait_for_all();
            }
        })
        .join()
        .unwrap();
        first.join().unwrap();
        assert!(quiet.wait_for(Duration::ZERO));
    }

    #[test]
    fn a_lane_that_panics_is_quiet() {
        let quiet = Quiet::default();
        let expected = quiet.expect_lane();
        let lane = thread::spawn(move || {
            let _in_lane = expected.enter();
            panic!("on purpose");
        });
        assert!(lane.join().is_err());
        assert!(quiet.wait_for(Duration::ZERO));
    }

    #[test]
    fn a_lane_that_does_not_start_is_not_waited_for() {
        let quiet = Quiet::default();
        let expected = quiet.expect_lane();
        assert!(!quiet.wait_for(Duration::ZERO));
        drop(expected);
        assert!(quiet.wait_for(Duration::ZERO));
    }
}
