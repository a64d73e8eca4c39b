//! The memory that one worker's lanes and the supervisor share: one set of counters a route.
#![allow(unsafe_code, reason = "the counters of two processes are one piece of mapped memory")]

use std::fs::File;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::slice;
use std::sync::Arc;

use memmap2::{MmapOptions, MmapRaw};

use super::counters::Counters;
use super::{Connected, Fate, RejectReason, Snapshot};
use bridge_transcode::Spot;

/// The counters of all routes of a worker, in anonymous memory that is handed to it by file descriptor.
#[derive(Debug)]
pub struct Ledger {
    file: File,
    map: MmapRaw,
    routes: usize,
}

impl Ledger {
    /// Makes a ledger with all counters at zero. For the supervisor.
    ///
    /// # Errors
    /// When the system has no memory or no file descriptor left.
    pub fn create(routes: usize) -> io::Result<Self> {
        Self::open(shared_memory("iox-bridge-ledger", bytes(routes) as u64)?, routes)
    }

    /// Maps a ledger that was received. For the worker.
    ///
    /// # Errors
    /// When the file is not a ledger of that many routes, or cannot be mapped.
    pub fn open(file: OwnedFd, routes: usize) -> io::Result<Self> {
        let file = File::from(file);
        let len = bytes(routes);
        if file.metadata()?.len() < len as u64 {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "the ledger has fewer routes"));
        }
        let map = MmapOptions::new().len(len).map_raw(&file)?;
        Ok(Self { file, map, routes })
    }

    fn counters(&self) -> &[Counters] {
        // SAFETY: the map is page-aligned, `bytes(routes)` long (its file is sealed against shrinking) and lives as long
        // as `self`. `Counters` is repr(C) and consists of atomics only, for which every bit pattern is valid and which
        // may be written by other threads and processes while shared references exist.
        unsafe { slice::from_raw_parts(self.map.as_ptr().cast::<Counters>(), self.routes) }
    }

    /// The account of one route, for its lane.
    ///
    /// Returns `None` if there is no such route.
    #[must_use]
    pub fn route(self: &Arc<Self>, route: usize) -> Option<RouteAccount> {
        (route < self.routes).then(|| RouteAccount { ledger: Arc::clone(self), route })
    }

    /// A consistent copy of one route's counters; all zero if there is no such route.
    #[must_use]
    pub fn snapshot(&self, route: usize) -> Snapshot {
        self.counters().get(route).map(Counters::snapshot).unwrap_or_default()
    }

    /// Keeps a route from being opened, or lets it be.
    pub fn hold(&self, route: usize, holds: bool) {
        if let Some(counters) = self.counters().get(route) {
            counters.hold(holds);
        }
    }

    /// Lets a route take its samples and drop them, or ends that. It lasts as long as the ledger, whichever worker runs.
    pub fn pause(&self, route: usize, pauses: bool) {
        if let Some(counters) = self.counters().get(route) {
            counters.pause(pauses);
        }
    }

    /// What tells that the sample in a lane's hands is still the same one; `None` where there is none.
    #[must_use]
    pub fn held(&self, route: usize) -> Option<u64> {
        self.counters().get(route).and_then(Counters::held)
    }

    /// A number that changes as long as a route's lane tends it, as it does once a second at least while the route runs.
    #[must_use]
    pub fn beats(&self, route: usize) -> u64 {
        self.counters().get(route).map_or(0, Counters::beats)
    }

    /// Ends what a dead worker left half done on `route`. Only when nobody writes that route any more.
    pub fn settle_after_death(&self, route: usize) {
        if let Some(counters) = self.counters().get(route) {
            counters.settle_after_death();
        }
    }
}

impl AsFd for Ledger {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.file.as_fd()
    }
}

/// Makes anonymous memory of so many bytes, all zero, to be shared by file descriptor. Whoever gets it cannot take it away
/// under the others.
///
/// # Errors
/// When the system has no memory or no file descriptor left.
pub fn shared_memory(name: &str, bytes: u64) -> io::Result<OwnedFd> {
    use rustix::fs::{MemfdFlags, SealFlags, fcntl_add_seals, ftruncate, memfd_create};
    let file = memfd_create(name, MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING)?;
    ftruncate(&file, bytes)?;
    fcntl_add_seals(&file, SealFlags::SHRINK | SealFlags::GROW | SealFlags::SEAL)?;
    Ok(file)
}

/// A file of no length cannot be mapped, so a ledger has room for one route at least.
fn bytes(routes: usize) -> usize {
    routes.max(1) * size_of::<Counters>()
}

/// One route's account, held by the lane that runs the route. Not `Clone`: there is one writer.
#[derive(Debug)]
pub struct RouteAccount {
    ledger: Arc<Ledger>,
    route: usize,
}

impl RouteAccount {
    #[inline]
    fn with(&self, change: impl FnOnce(&Counters)) {
        if let Some(counters) = self.ledger.counters().get(self.route) {
            change(counters);
        }
    }

    /// Whether the supervisor keeps the route from being opened.
    #[must_use]
    pub fn is_held_back(&self) -> bool {
        self.ledger.counters().get(self.route).is_some_and(Counters::is_held_back)
    }

    /// Whether samples are to be taken and dropped, because the operator has paused the stream.
    #[inline]
    #[must_use]
    pub fn is_paused(&self) -> bool {
        self.ledger.counters().get(self.route).is_some_and(Counters::is_paused)
    }

    /// A sample was taken from the source; [`settle`](Self::settle) must follow.
    #[inline]
    pub fn take(&self) {
        self.with(Counters::take);
    }

    /// What became of the sample taken last.
    #[inline]
    pub fn settle(&self, fate: Fate) {
        self.with(|c| c.settle(fate));
    }

    /// A sample was rejected for `reason`, and this is where it was at fault; `when` is in nanoseconds since 1970.
    pub fn rejected_at(&self, reason: RejectReason, when: u64, spot: Spot) {
        self.with(|c| c.rejected_at(reason, when, spot));
    }

    /// A sample took that many ticks from being taken to having been published.
    #[inline]
    pub fn latency(&self, ticks: u64) {
        self.with(|c| c.latency(ticks));
    }

    /// A sample was so many nanoseconds old when it had been published, as it says itself.
    #[inline]
    pub fn age(&self, nanoseconds: u64) {
        self.with(|c| c.age(nanoseconds));
    }

    /// `n` samples never reached the route.
    #[inline]
    pub fn lost_before(&self, n: u64) {
        if n > 0 {
            self.with(|c| c.lost_before(n));
        }
    }

    /// As many samples came in a row as the source's queue holds: it may have been full.
    #[inline]
    pub fn source_full(&self) {
        self.with(Counters::source_full);
    }

    /// The sample that is about to be settled as forwarded was published while no application was subscribed.
    #[inline]
    pub fn unheard(&self) {
        self.with(Counters::unheard);
    }

    /// A port of an application could not be connected to.
    pub fn not_connected(&self) {
        self.with(Counters::not_connected);
    }

    /// What the two ends of the route are connected with now.
    pub fn connected(&self, source: Connected, sink: Connected) {
        self.with(|c| c.connected(source, sink));
    }

    /// `n` subscribers of the sink had no room for a sample.
    #[inline]
    pub fn sink_full(&self, n: u64) {
        if n > 0 {
            self.with(|c| c.sink_full(n));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::DropReason;
    use super::*;

    #[test]
    fn every_snapshot_adds_up_while_a_lane_writes() {
        let ledger = Arc::new(Ledger::create(2).unwrap());
        let account = ledger.route(1).unwrap();
        let writer = std::thread::spawn(move || {
            for n in 0..200_000_u64 {
                account.take();
                account.settle(match n % 5 {
                    0 => Fate::Forwarded,
                    1 => Fate::OwnSkipped,
                    3 => Fate::Filtered,
                    2 => Fate::Dropped(DropReason::NoChunk),
                    _ => Fate::Rejected(RejectReason::UserHeader),
                });
            }
        });
        while !writer.is_finished() {
            let s = ledger.snapshot(1);
            assert_eq!(s.received, s.forwarded + s.own_skipped + s.filtered + s.dropped_total() + s.rejected_total());
        }
        assert_eq!(ledger.snapshot(1).received, 200_000);
        assert_eq!(ledger.snapshot(0), Snapshot::default());
    }

    #[test]
    fn a_sample_in_a_dead_workers_hands_is_accounted_for() {
        let ledger = Arc::new(Ledger::create(1).unwrap());
        // The worker's own mapping of the same memory.
        let worker = Arc::new(Ledger::open(ledger.as_fd().try_clone_to_owned().unwrap(), 1).unwrap());
        let account = worker.route(0).unwrap();
        account.take();
        account.settle(Fate::Forwarded);
        account.take();
        drop(account);
        ledger.settle_after_death(0);
        let s = ledger.snapshot(0);
        assert_eq!((s.received, s.forwarded, s.dropped.get("worker_ended")), (2, 1, Some(&1)));
        ledger.settle_after_death(0);
        assert_eq!(ledger.snapshot(0), s);
    }

    #[test]
    fn a_ledger_too_small_for_its_routes_is_refused() {
        let ledger = Ledger::create(3).unwrap();
        assert!(Ledger::open(ledger.as_fd().try_clone_to_owned().unwrap(), 300).is_err());
    }
}
