//! What wakes a lane that sleeps: mail, the order to stop, and samples of sources that wake.

use std::io;
use std::os::fd::OwnedFd;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use rustix::event::{EventfdFlags, PollFd, PollFlags, Timespec, eventfd, poll};
use rustix::io::{read, write};

/// Wakes one lane. Cloning it is cheap; ringing it costs a system call, and never waits.
#[derive(Clone, Debug)]
pub struct Bell(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    rings: OwnedFd,
    /// The bits of routes that have samples.
    sampled: AtomicU64,
}

impl Bell {
    /// A bell that has not rung.
    ///
    /// # Errors
    /// When the process has no descriptor left for it.
    pub fn new() -> io::Result<Self> {
        let rings = eventfd(0, EventfdFlags::NONBLOCK | EventfdFlags::CLOEXEC)?;
        Ok(Self(Arc::new(Inner { rings, sampled: AtomicU64::new(0) })))
    }

    /// Wakes the lane, now or when it next wants to sleep.
    pub fn ring(&self) {
        // It fails only where it has rung 2^64 times without being heard, and then it rings.
        let _ = write(&self.0.rings, &1_u64.to_ne_bytes());
    }

    /// Wakes the lane for the routes of these bits; see [`bit_of`].
    pub fn ring_for(&self, bits: u64) {
        self.0.sampled.fetch_or(bits, Ordering::Release);
        self.ring();
    }

    /// The bits of routes for which it has rung since this was last asked.
    #[inline]
    pub(super) fn heard(&self) -> u64 {
        // Nothing is written while nothing was.
        if self.0.sampled.load(Ordering::Relaxed) == 0 { 0 } else { self.0.sampled.swap(0, Ordering::Acquire) }
    }

    /// Sleeps for `time`, or until it rings, by the clock that nobody sets.
    pub(super) fn sleep(&self, time: Duration) {
        let mut descriptors = [PollFd::new(&self.0.rings, PollFlags::IN)];
        let time = Timespec::try_from(time).ok();
        // An interruption is a short sleep.
        if poll(&mut descriptors, time.as_ref()).is_ok_and(|rung| rung > 0) {
            let _ = read(&self.0.rings, &mut [0; 8]);
        }
    }
}

/// The bit by which a bell says that the route of this number has samples. More routes than there are bits share them.
#[must_use]
pub const fn bit_of(route: usize) -> u64 {
    1 << (route % u64::BITS as usize)
}

#[cfg(test)]
mod tests {
    use std::thread;
    use std::time::Instant;

    use super::*;

    const LONG: Duration = Duration::from_secs(60);

    #[test]
    fn it_wakes_who_sleeps_and_who_is_about_to() {
        let bell = Bell::new().expect("a descriptor");
        let began = Instant::now();
        bell.ring();
        bell.ring();
        bell.sleep(LONG);
        let ringer = thread::spawn({
            let bell = bell.clone();
            move || bell.ring()
        });
        bell.sleep(LONG);
        ringer.join().expect("does not panic");
        assert!(began.elapsed() < LONG);
    }

    #[test]
    fn it_says_for_which_routes_it_rang() {
        let bell = Bell::new().expect("a descriptor");
        bell.ring_for(bit_of(3));
        bell.ring_for(bit_of(64) | bit_of(3));
        bell.ring();
        bell.sleep(LONG);
        assert_eq!((bell.heard(), bell.heard()), (0b1001, 0));
    }

    #[test]
    fn what_was_heard_does_not_ring_again() {
        let bell = Bell::new().expect("a descriptor");
        bell.ring();
        bell.sleep(LONG);
        let began = Instant::now();
        bell.sleep(Duration::from_millis(5));
        assert!(began.elapsed() >= Duration::from_millis(5));
    }
}
