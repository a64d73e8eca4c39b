//! A subscriber port of classic, for payloads whose type is known at run time only.
//!
//! Owner: a lane. Threads: may be moved to another thread, used by one at a time.

#![allow(unsafe_code, unreachable_pub, unused_qualifications, reason = "the bridge to C++, and what cxx makes of it")]

use std::mem::offset_of;

use cxx::UniquePtr;
use thiserror::Error;

use crate::condition::ConditionVariable;
use crate::errors::{self, Report};
use crate::names::ServiceId;
use crate::options::SubscriberOptions;
use crate::runtime::LivePort;

#[cxx::bridge(namespace = "iox_bridge")]
mod ffi {
    #[repr(u8)]
    enum TakeStatus {
        Taken,
        Empty,
        TooManyHeld,
        Corrupt,
        Evicted,
    }

    #[repr(u8)]
    enum Subscription {
        NotSubscribed,
        Waiting,
        Subscribed,
    }

    struct TakenChunk {
        chunk: *const ChunkHeader,
        payload: *const u8,
        user_header: *const u8,
        origin: u64,
        sequence: u64,
        payload_size: u64,
        payload_alignment: u32,
        user_header_size: u32,
        status: TakeStatus,
    }

    unsafe extern "C++" {
        include!("iox_bridge/subscriber.hpp");
        type ChunkHeader;
        type Subscriber;
        type ConditionVariable = crate::condition::ffi::ConditionVariable;

        fn uid(self: &Subscriber) -> u64;
        fn is_ours(self: &Subscriber) -> bool;
        fn state(self: &Subscriber) -> Subscription;
        fn has_data(self: &Subscriber) -> bool;
        fn attach(self: Pin<&mut Subscriber>, condition: &ConditionVariable, number: u64) -> bool;
        fn detach(self: Pin<&mut Subscriber>) -> bool;
        fn missed_data(self: Pin<&mut Subscriber>) -> bool;
        fn take(self: Pin<&mut Subscriber>) -> TakenChunk;
        unsafe fn release(self: Pin<&mut Subscriber>, chunk: *const ChunkHeader);

        fn create_subscriber(
            service: &str,
            instance: &str,
            event: &str,
            queue: u64,
            history: u64,
            block_publisher: bool,
            node: &str,
        ) -> UniquePtr<Subscriber>;
    }
}

// The C++ side asserts the same numbers.
const _: () = assert!(size_of::<ffi::TakenChunk>() == 64);
const _: () = assert!(offset_of!(ffi::TakenChunk, chunk) == 0);
const _: () = assert!(offset_of!(ffi::TakenChunk, payload) == 8);
const _: () = assert!(offset_of!(ffi::TakenChunk, user_header) == 16);
const _: () = assert!(offset_of!(ffi::TakenChunk, origin) == 24);
const _: () = assert!(offset_of!(ffi::TakenChunk, sequence) == 32);
const _: () = assert!(offset_of!(ffi::TakenChunk, payload_size) == 40);
const _: () = assert!(offset_of!(ffi::TakenChunk, payload_alignment) == 48);
const _: () = assert!(offset_of!(ffi::TakenChunk, user_header_size) == 52);
const _: () = assert!(offset_of!(ffi::TakenChunk, status) == 56);

/// What classic reports when it drops a chunk whose header has another version.
const WRONG_VERSION: &str = "POPO__CHUNK_QUEUE_POPPER_CHUNK_WITH_INCOMPATIBLE_CHUNK_HEADER_VERSION";

/// Why no sample was taken although there may have been one. Taking may go on, except after [`TakeError::Evicted`].
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum TakeError {
    /// The process holds as many chunks of this subscriber as classic allows.
    #[error("the subscriber holds too many chunks; a sample was dropped")]
    TooManyHeld,
    /// The chunk's header contradicts itself or its segment: somebody wrote over it.
    #[error("a sample's chunk header is damaged; one of the applications writes outside its chunks")]
    Corrupt,
    /// The port is not this process's any more: RouDi took the process for dead. Nothing was touched. All ports of the
    /// process are gone, and only a new process can be a client again.
    #[error("RouDi has taken this process for dead and given its ports away")]
    Evicted,
}

/// How far a subscription is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subscription {
    /// Not asked for, or refused.
    NotSubscribed,
    /// Asked for; RouDi has not answered or no publisher is there.
    Waiting,
    /// RouDi has taken it. Publishers that come and go are connected from now on.
    Subscribed,
}

/// Takes the samples of one service. Dropping it unsubscribes; that only stores to shared memory, and so ends also
/// when RouDi has died.
pub struct Subscriber {
    port: UniquePtr<ffi::Subscriber>,
    /// What publishers may notify as long as the port lives.
    _notifies: Option<ConditionVariable>,
    _live: LivePort,
}

// SAFETY: a port has no ties to the thread that made it: its state is in shared memory, its methods keep nothing
// thread-local. Moving it is fine; it is not Sync, because a port may be used by one thread at a time.
unsafe impl Send for Subscriber {}

impl Subscriber {
    /// Asks RouDi for a port. `Err` holds what classic reported, if it did.
    pub(crate) fn create(service: &ServiceId, options: &SubscriberOptions) -> Result<Self, Option<Report>> {
        let _earlier = errors::take_last_report();
        let port = ffi::create_subscriber(
            service.service(),
            service.instance(),
            service.event(),
            options.queue,
            options.history,
            options.block_publisher,
            options.node.as_str(),
        );
        if port.is_null() {
            Err(errors::take_last_report())
        } else {
            Ok(Self { port, _notifies: None, _live: LivePort::new() })
        }
    }

    /// The port's number. Numbers start anew with each RouDi.
    pub fn uid(&self) -> u64 {
        self.port.uid()
    }

    /// Whether RouDi has left this port to this process; see [`TakeError::Evicted`].
    pub fn is_ours(&self) -> bool {
        self.port.is_ours()
    }

    /// How far the subscription is; it follows what publishers and RouDi do by up to 100 ms.
    pub fn state(&self) -> Subscription {
        match self.port.state() {
            ffi::Subscription::Subscribed => Subscription::Subscribed,
            ffi::Subscription::Waiting => Subscription::Waiting,
            _ => Subscription::NotSubscribed,
        }
    }

    /// Whether a sample waits to be taken.
    pub fn has_data(&self) -> bool {
        self.port.has_data()
    }

    /// Lets publishers notify `condition`, under `number` (below [`ConditionVariable::NUMBERS`]), of each sample that comes
    /// from now on. What is there already is not notified of. False, and nothing is changed, when it cannot be done at
    /// this moment: it never waits for the queue's lock, which a publisher that died may keep for ever.
    ///
    /// A publisher whose samples are taken without anybody waiting on `condition` is ended by classic after some 2^31 of
    /// them; see [`detach`](Self::detach).
    pub fn attach(&mut self, condition: &ConditionVariable, number: usize) -> bool {
        let is_attached = number < ConditionVariable::NUMBERS
            && condition.0.as_ref().is_some_and(|to| self.port.pin_mut().attach(to, number as u64));
        if is_attached {
            self._notifies = Some(condition.clone());
        }
        is_attached
    }

    /// Ends that. False when it cannot be done at this moment.
    pub fn detach(&mut self) -> bool {
        self.port.pin_mut().detach()
    }

    /// Whether a sample was dropped because the queue was full, since this was last called.
    pub fn missed_data(&mut self) -> bool {
        self.port.pin_mut().missed_data()
    }

    /// The oldest sample that waits; `None` when there is none.
    ///
    /// # Errors
    ///
    /// [`TakeError`], when there was one but it could not be read.
    pub fn take(&mut self) -> Result<Option<Chunk<'_>>, TakeError> {
        let chunk = self.port.pin_mut().take();
        match chunk.status {
            ffi::TakeStatus::Taken => Ok(Some(Chunk { port: &mut self.port, chunk })),
            ffi::TakeStatus::Empty => match errors::take_last_report() {
                Some(Report { name: WRONG_VERSION, .. }) => Err(TakeError::Corrupt),
                _ => Ok(None),
            },
            ffi::TakeStatus::TooManyHeld => Err(TakeError::TooManyHeld),
            ffi::TakeStatus::Evicted => Err(TakeError::Evicted),
            _ => Err(TakeError::Corrupt),
        }
    }
}

/// A sample, in shared memory. Dropping it gives the chunk back.
///
/// Its numbers were read once and checked against the chunk and the segment: the bytes they speak of are mapped. What
/// the bytes hold is the publisher's, and a publisher that breaks the rules may change them while they are read.
pub struct Chunk<'a> {
    port: &'a mut UniquePtr<ffi::Subscriber>,
    chunk: ffi::TakenChunk,
}

impl Chunk<'_> {
    /// The payload: [`payload_size`](Self::payload_size) bytes aligned to [`payload_align`](Self::payload_align),
    /// readable while this value lives.
    pub fn payload(&self) -> *const u8 {
        self.chunk.payload
    }

    /// How many bytes the payload has.
    pub fn payload_size(&self) -> usize {
        self.chunk.payload_size as usize
    }

    /// How the publisher wanted the payload aligned: a power of two, in bytes.
    pub fn payload_align(&self) -> usize {
        self.chunk.payload_alignment as usize
    }

    /// The user header: [`user_header_size`](Self::user_header_size) bytes aligned to 8, readable while this value
    /// lives. Null when there is none.
    pub fn user_header(&self) -> *const u8 {
        self.chunk.user_header
    }

    /// How many bytes the user header has; 0 when there is none.
    pub fn user_header_size(&self) -> usize {
        self.chunk.user_header_size as usize
    }

    /// The [`uid`](crate::Publisher::uid) of the publisher.
    pub fn origin(&self) -> u64 {
        self.chunk.origin
    }

    /// The publisher's count of its samples before this one.
    pub fn sequence(&self) -> u64 {
        self.chunk.sequence
    }
}

impl Drop for Chunk<'_> {
    fn drop(&mut self) {
        // SAFETY: the chunk was taken from this port, and comes back here once.
        unsafe { self.port.pin_mut().release(self.chunk.chunk) };
    }
}
