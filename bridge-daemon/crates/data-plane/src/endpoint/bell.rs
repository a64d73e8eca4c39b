//! What wakes a lane that sleeps: mail, the order to stop, samples of sources that wake, and descriptors of ends that listen.

use std::io;
use std::mem::MaybeUninit;
use std::os::fd::{BorrowedFd, OwnedFd};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use rustix::event::{EventfdFlags, PollFd, PollFlags, Timespec, epoll, eventfd, poll};
use rustix::io::{read, write};

/// What the bell's own descriptor is known by: no bit of a route.
const RINGS: u64 = 0;

/// Wakes one lane. Cloning it is cheap; ringing it costs a system call, and never waits.
#[derive(Clone, Debug)]
pub struct Bell(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    /// Of `rings` and of what ends listen to.
    epoll: OwnedFd,
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
        let epoll = epoll::create(epoll::CreateFlags::CLOEXEC)?;
        epoll::add(&epoll, &rings, epoll::EventData::new_u64(RINGS), epoll::EventFlags::IN)?;
        Ok(Self(Arc::new(Inner { epoll, rings, sampled: AtomicU64::new(0) })))
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
    pub(crate) fn heard(&self) -> u64 {
        // Nothing is written while nothing was.
        if self.0.sampled.load(Ordering::Relaxed) == 0 { 0 } else { self.0.sampled.swap(0, Ordering::Acquire) }
    }

    /// Wakes the lane for the routes of `bits` as long as there is something to read from `descriptor`, until that is
    /// closed.
    ///
    /// # Errors
    /// When the system refuses.
    pub(crate) fn listen(&self, descriptor: BorrowedFd<'_>, bits: u64) -> io::Result<()> {
        Ok(epoll::add(&self.0.epoll, descriptor, epoll::EventData::new_u64(bits), epoll::EventFlags::IN)?)
    }

    /// Sleeps for `time`, or until it rings or there is something to read, by the clock that nobody sets.
    pub(crate) fn sleep(&self, time: Duration) {
        let mut descriptors = [PollFd::new(&self.0.epoll, PollFlags::IN)];
        let time = Timespec::try_from(time).ok();
        // An interruption is a short sleep.
        if poll(&mut descriptors, time.as_ref()).is_ok_and(|ready| ready > 0) {
            self.note_what_is_ready();
        }
    }

    fn note_what_is_ready(&self) {
        // What does not fit is found the next time.
        let mut ready = [const { MaybeUninit::uninit() }; 32];
        let Ok((ready, _)) = epoll::wait(&self.0.epoll, &mut ready, Some(&Timespec::default())) else { return };
        for event in ready {
            match event.data.u64() {
                RINGS => drop(read(&self.0.rings, &mut [0; 8])),
                bits => drop(self.0.sampled.fetch_or(bits, Ordering::Relaxed)),
            }
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
    use std::os::fd::AsFd;
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
    fn a_descriptor_rings_until_it_is_read_or_closed() {
        let bell = Bell::new().expect("a descriptor");
        let (read_end, write_end) = io::pipe().expect("two descriptors");
        bell.listen(read_end.as_fd(), bit_of(7)).expect("it can be listened to");
        write(&write_end, b"x").expect("there is room");
        for _ in 0..2 {
            bell.sleep(LONG);
            assert_eq!(bell.heard(), bit_of(7));
        }
        drop(read_end);
        bell.sleep(Duration::from_millis(1));
        assert_eq!(bell.heard(), 0);
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
