//! One route's counters as they lie in the shared ledger.

use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::{self, Relaxed};

use bridge_transcode::{Reject, Spot};

use super::connected::Connected;
use super::latency::{Histogram, Latency};
use super::version::Version;
use super::{LastRejected, Snapshot};

/// What became of a sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It was published on the other side.
    Forwarded,
    /// It could not be turned into what the sink needs.
    Rejected(RejectReason),
    /// The sink could not take it.
    Dropped(DropReason),
    /// The bridge had published it itself, for another direction.
    OwnSkipped,
    /// The stream takes only samples that match, and it does not.
    Filtered,
}

/// Why a sample was rejected: the transcoder's reasons, and those of the route itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RejectReason {
    /// The transcoder could not read it.
    Transcode(Reject),
    /// Its user header has another size than the sink's service.
    UserHeader,
    /// Its payload is not a whole number of the sink's elements, or not the sink's size.
    PayloadSize,
    /// Its header in shared memory contradicts itself.
    Corrupt,
    /// The route has published it before, and it comes back again and again.
    Circle,
}

impl RejectReason {
    const OWN: [Self; 4] = [Self::UserHeader, Self::PayloadSize, Self::Corrupt, Self::Circle];
    /// How many reasons there are.
    pub const COUNT: usize = Self::OWN.len() + Reject::ALL.len();

    fn index(self) -> usize {
        match self {
            Self::UserHeader => 0,
            Self::PayloadSize => 1,
            Self::Corrupt => 2,
            Self::Circle => 3,
            Self::Transcode(reject) => Self::OWN.len() + reject as usize,
        }
    }

    /// Every reason, in the order of the counters.
    pub fn all() -> impl Iterator<Item = Self> {
        Self::OWN.into_iter().chain(Reject::ALL.into_iter().map(Self::Transcode))
    }

    /// The name in status and metrics, in snake case.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Transcode(reject) => reject.name(),
            Self::UserHeader => "user_header",
            Self::PayloadSize => "payload_size",
            Self::Corrupt => "corrupt_header",
            Self::Circle => "circle",
        }
    }
}

/// Why a sink did not take a sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(usize)]
pub enum DropReason {
    /// No chunk of the sink's memory was free.
    NoChunk,
    /// The sink has no chunk as large as that.
    TooLarge,
    /// The sink failed; its route is made anew.
    SinkFailed,
    /// The queues of all of the sink's subscribers were full.
    SubscribersFull,
    /// The worker ended with the sample in its hands.
    WorkerEnded,
    /// The memory between two workers was full, because the second one is slower, or was not there.
    HandoffFull,
    /// The operator has paused the stream.
    Paused,
}

impl DropReason {
    /// Every reason, in the order of the counters.
    pub const ALL: [Self; 7] = [
        Self::NoChunk,
        Self::TooLarge,
        Self::SinkFailed,
        Self::SubscribersFull,
        Self::WorkerEnded,
        Self::HandoffFull,
        Self::Paused,
    ];

    /// The name in status and metrics, in snake case.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::NoChunk => "no_chunk",
            Self::TooLarge => "too_large",
            Self::SinkFailed => "sink_failed",
            Self::SubscribersFull => "subscribers_full",
            Self::WorkerEnded => "worker_ended",
            Self::HandoffFull => "handoff_full",
            Self::Paused => "paused",
        }
    }
}

/// The counters of one route. Written by one thread at a time, read by others at any time (a sequence lock).
#[repr(C, align(128))]
#[derive(Debug, Default)]
pub(super) struct Counters {
    version: Version,
    /// One while a sample is held whose fate is not yet known.
    in_hand: AtomicU64,
    received: AtomicU64,
    forwarded: AtomicU64,
    own_skipped: AtomicU64,
    filtered: AtomicU64,
    lost_before: AtomicU64,
    source_full: AtomicU64,
    sink_full: AtomicU64,
    unheard: AtomicU64,
    not_connected: AtomicU64,
    /// Not zero while the route must not run.
    held_back: AtomicU64,
    /// Not zero while samples are taken and dropped.
    paused: AtomicU64,
    /// Gauges; see [`Connected::to_word`].
    source_connected: AtomicU64,
    sink_connected: AtomicU64,
    /// How often the lane has tended the route.
    beats: AtomicU64,
    dropped: [AtomicU64; DropReason::ALL.len()],
    rejected: [AtomicU64; RejectReason::COUNT],
    last_rejected: [LastWords; RejectReason::COUNT],
    latency: Histogram,
    /// In nanoseconds.
    age: Histogram,
}

/// When a sample was rejected last for a reason, and where it was at fault.
#[repr(C)]
#[derive(Debug, Default)]
struct LastWords {
    /// Nanoseconds since 1970; 0: never.
    when: AtomicU64,
    /// A byte of the field, and the place in the document; each is one more than that, 0: not known.
    field: AtomicU64,
    document: AtomicU64,
}

/// How often a consistent copy is tried for.
const ATTEMPTS: u32 = 10_000;

/// With one writer a load and a store do, and cost no bus lock.
fn add(counter: &AtomicU64, n: u64) {
    counter.store(counter.load(Relaxed).wrapping_add(n), Ordering::Release);
}

impl Counters {
    /// A sample was taken from the source.
    pub(super) fn take(&self) {
        self.in_hand.store(1, Relaxed);
    }

    /// The fate of the sample that was taken is known.
    ///
    /// The stores are in an order from which [`settle_after_death`](Self::settle_after_death) can tell how far they got.
    pub(super) fn settle(&self, fate: Fate) {
        self.version.change(|| self.enter(fate));
    }

    fn enter(&self, fate: Fate) {
        match fate {
            Fate::Forwarded => add(&self.forwarded, 1),
            Fate::OwnSkipped => add(&self.own_skipped, 1),
            Fate::Filtered => add(&self.filtered, 1),
            Fate::Dropped(reason) => {
                if let Some(counter) = self.dropped.get(reason as usize) {
                    add(counter, 1);
                }
            }
            Fate::Rejected(reason) => {
                if let Some(counter) = self.rejected.get(reason.index()) {
                    add(counter, 1);
                }
            }
        }
        self.in_hand.store(0, Ordering::Release);
        add(&self.received, 1);
    }

    /// A sample was rejected for `reason`, and this is where it was at fault.
    pub(super) fn rejected_at(&self, reason: RejectReason, when: u64, spot: Spot) {
        let word = |place: Option<usize>| place.map_or(0, |place| (place as u64).saturating_add(1));
        let Some(last) = self.last_rejected.get(reason.index()) else { return };
        self.version.change(|| {
            last.field.store(word(spot.field), Ordering::Release);
            last.document.store(word(spot.document), Ordering::Release);
            last.when.store(when, Ordering::Release);
        });
    }

    /// Keeps the route from being opened, or lets it be. For the supervisor.
    pub(super) fn hold(&self, holds: bool) {
        self.held_back.store(holds.into(), Relaxed);
    }

    /// Whether the route must not be opened.
    pub(super) fn is_held_back(&self) -> bool {
        self.held_back.load(Relaxed) != 0
    }

    /// Lets samples be taken and dropped, or ends that. For the supervisor.
    pub(super) fn pause(&self, pauses: bool) {
        self.paused.store(pauses.into(), Relaxed);
    }

    /// Whether samples are taken and dropped.
    pub(super) fn is_paused(&self) -> bool {
        self.paused.load(Relaxed) != 0
    }

    /// What tells that a sample is still the same in the lane's hands; `None` where there is none.
    pub(super) fn held(&self) -> Option<u64> {
        (self.in_hand.load(Relaxed) == 1).then(|| self.received.load(Relaxed))
    }

    pub(super) fn lost_before(&self, n: u64) {
        add(&self.lost_before, n);
    }

    pub(super) fn source_full(&self) {
        add(&self.source_full, 1);
    }

    pub(super) fn sink_full(&self, n: u64) {
        add(&self.sink_full, n);
    }

    pub(super) fn not_connected(&self) {
        add(&self.not_connected, 1);
    }

    pub(super) fn unheard(&self) {
        add(&self.unheard, 1);
    }

    /// What the ends of the route are connected with now: a sign of life of the lane.
    pub(super) fn connected(&self, source: Connected, sink: Connected) {
        self.source_connected.store(source.to_word(), Relaxed);
        self.sink_connected.store(sink.to_word(), Relaxed);
        add(&self.beats, 1);
    }

    /// How often that was said.
    pub(super) fn beats(&self) -> u64 {
        self.beats.load(Relaxed)
    }

    pub(super) fn latency(&self, ticks: u64) {
        self.latency.enter(ticks);
    }

    pub(super) fn age(&self, nanoseconds: u64) {
        self.age.enter(nanoseconds);
    }

    /// The writer is gone: ends what it left half done.
    pub(super) fn settle_after_death(&self) {
        let fates = self.fates();
        if self.in_hand.swap(0, Ordering::AcqRel) == 1
            && fates == self.received.load(Relaxed)
            && let Some(counter) = self.dropped.get(DropReason::WorkerEnded as usize)
        {
            add(counter, 1);
        }
        self.received.store(self.fates(), Relaxed);
        self.connected(Connected::Unknown, Connected::Unknown);
        self.version.mend();
    }

    fn fates(&self) -> u64 {
        // A worker may have written anything.
        let more = [&self.forwarded, &self.own_skipped, &self.filtered];
        let all = self.dropped.iter().chain(&self.rejected).chain(more);
        all.map(|counter| counter.load(Relaxed)).fold(0, u64::wrapping_add)
    }

    /// A copy, consistent but for the latencies. Another process may scribble over the ledger, so the number of attempts is bounded.
    pub(super) fn snapshot(&self) -> Snapshot {
        let mut copy = self.version.read(ATTEMPTS, || self.copy());
        copy.latency = self.latency.copy();
        copy.age = self.age.copy();
        copy
    }

    fn copy(&self) -> Snapshot {
        let by_reason = |counters: &[AtomicU64], names: &mut dyn Iterator<Item = &'static str>| {
            names.zip(counters.iter().map(|c| c.load(Relaxed))).filter(|(_, n)| *n > 0).collect()
        };
        let place = |word: &AtomicU64| usize::try_from(word.load(Relaxed).checked_sub(1)?).ok();
        let last = self.last_rejected.iter().map(|last| LastRejected {
            when: last.when.load(Relaxed),
            spot: Spot { field: place(&last.field), document: place(&last.document) },
        });
        Snapshot {
            received: self.received.load(Relaxed),
            forwarded: self.forwarded.load(Relaxed),
            own_skipped: self.own_skipped.load(Relaxed),
            filtered: self.filtered.load(Relaxed),
            lost_before: self.lost_before.load(Relaxed),
            source_full: self.source_full.load(Relaxed),
            sink_full: self.sink_full.load(Relaxed),
            unheard: self.unheard.load(Relaxed),
            not_connected: self.not_connected.load(Relaxed),
            source_connected: Connected::from_word(self.source_connected.load(Relaxed)),
            sink_connected: Connected::from_word(self.sink_connected.load(Relaxed)),
            dropped: by_reason(&self.dropped, &mut DropReason::ALL.into_iter().map(DropReason::name)),
            rejected: by_reason(&self.rejected, &mut RejectReason::all().map(RejectReason::name)),
            last_rejected: RejectReason::all().zip(last).filter(|(_, last)| last.when > 0).collect(),
            latency: Latency::default(),
            age: Latency::default(),
        }
    }
}
