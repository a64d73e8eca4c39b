//! A publisher port of classic, for payloads whose type is known at run time only.
//!
//! Owner: a lane. Threads: may be moved to another thread, used by one at a time; only an [`Unblocker`] may be used
//! beside it.

#![allow(unsafe_code, unreachable_pub, unused_qualifications, reason = "the bridge to C++, and what cxx makes of it")]

use std::mem::offset_of;
use std::ptr::NonNull;
use std::sync::{Arc, Mutex, PoisonError};

use cxx::UniquePtr;
use thiserror::Error;

use crate::errors::{self, Report};
use crate::names::ServiceId;
use crate::options::PublisherOptions;
use crate::runtime::LivePort;

#[cxx::bridge(namespace = "iox_bridge")]
mod ffi {
    #[repr(u8)]
    enum LoanStatus {
        Loaned,
        TooLarge,
        PoolEmpty,
        TooManyLoans,
        Invalid,
        Evicted,
        Unknown,
    }

    struct LoanedChunk {
        chunk: *mut ChunkHeader,
        payload: *mut u8,
        user_header: *mut u8,
        status: LoanStatus,
    }

    unsafe extern "C++" {
        include!("iox_bridge/publisher.hpp");
        type ChunkHeader;
        type PublisherPortData;
        type Publisher;

        fn data(self: &Publisher) -> *mut PublisherPortData;
        fn uid(self: &Publisher) -> u64;
        fn is_ours(self: &Publisher) -> bool;
        fn has_subscribers(self: &Publisher) -> bool;
        fn is_offered(self: &Publisher) -> bool;
        fn offer(self: Pin<&mut Publisher>);
        fn stop_offer(self: Pin<&mut Publisher>);
        fn loan(
            self: Pin<&mut Publisher>,
            size: u32,
            alignment: u32,
            header_size: u32,
            header_alignment: u32,
        ) -> LoanedChunk;
        unsafe fn publish(self: Pin<&mut Publisher>, chunk: *mut ChunkHeader);
        unsafe fn release(self: Pin<&mut Publisher>, chunk: *mut ChunkHeader);

        fn create_publisher(
            service: &str,
            instance: &str,
            event: &str,
            history: u64,
            wait_for_subscribers: bool,
            node: &str,
        ) -> UniquePtr<Publisher>;
        unsafe fn end_waiting(data: *mut PublisherPortData);
    }
}

// The C++ side asserts the same numbers.
const _: () = assert!(size_of::<ffi::LoanedChunk>() == 32);
const _: () = assert!(offset_of!(ffi::LoanedChunk, chunk) == 0);
const _: () = assert!(offset_of!(ffi::LoanedChunk, payload) == 8);
const _: () = assert!(offset_of!(ffi::LoanedChunk, user_header) == 16);
const _: () = assert!(offset_of!(ffi::LoanedChunk, status) == 24);

/// Why there is no chunk to write to.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum LoanError {
    /// No pool that this process may write has chunks that large.
    #[error("the sample is larger than the largest chunk of RouDi; give RouDi a pool of larger chunks")]
    TooLarge,
    /// The smallest pool whose chunks are large enough has none left.
    #[error("RouDi's pool for this size is empty; give it more chunks")]
    PoolEmpty,
    /// The publisher has eight chunks on loan already.
    #[error("the publisher has too many chunks on loan; publish or drop some first")]
    TooManyLoans,
    /// An alignment is not a power of two, the user header's is above 8, or its size is not a multiple of it.
    #[error("iceoryx takes alignments that are powers of two, and user headers aligned to at most 8")]
    Invalid,
    /// The port is not this process's any more: RouDi took the process for dead, or an [`Unblocker`] ended its offer.
    /// Nothing was touched.
    #[error("RouDi has taken this process for dead and given its ports away")]
    Evicted,
    /// classic refused without a reason this crate knows.
    #[error("iceoryx lent no chunk{}", .0.map(|report| format!(": {report}")).unwrap_or_default())]
    Unknown(Option<Report>),
}

/// Offers one service and lends chunks to publish on it. Dropping it stops the offer; that only stores to shared
/// memory, and so ends also when RouDi has died.
pub struct Publisher {
    port: UniquePtr<ffi::Publisher>,
    waiting: Arc<Mutex<Option<PortData>>>,
    _live: LivePort,
}

/// Where a port lives in shared memory.
struct PortData(NonNull<ffi::PublisherPortData>);

// SAFETY: the pointer is only used for `end_waiting`, which any thread may call.
unsafe impl Send for PortData {}

// SAFETY: a port has no ties to the thread that made it: its state is in shared memory, its methods keep nothing
// thread-local. Moving it is fine; it is not Sync, because a port may be used by one thread at a time.
unsafe impl Send for Publisher {}

impl Publisher {
    /// Asks RouDi for a port. `Err` holds what classic reported, if it did.
    pub(crate) fn create(service: &ServiceId, options: &PublisherOptions) -> Result<Self, Option<Report>> {
        let _earlier = errors::take_last_report();
        let port = ffi::create_publisher(
            service.service(),
            service.instance(),
            service.event(),
            options.history,
            options.wait_for_subscribers,
            options.node.as_str(),
        );
        let data = port.as_ref().and_then(|port| NonNull::new(port.data()));
        match data {
            Some(data) => {
                Ok(Self { port, waiting: Arc::new(Mutex::new(Some(PortData(data)))), _live: LivePort::new() })
            }
            None => Err(errors::take_last_report()),
        }
    }

    /// The port's number, which every chunk carries as its origin. Numbers start anew with each RouDi.
    pub fn uid(&self) -> u64 {
        self.port.uid()
    }

    /// Whether RouDi has left this port to this process; see [`LoanError::Evicted`].
    pub fn is_ours(&self) -> bool {
        self.port.is_ours()
    }

    /// Whether anybody is connected at this moment.
    pub fn has_subscribers(&self) -> bool {
        self.port.has_subscribers()
    }

    /// Whether RouDi offers the service to subscribers. Follows [`offer`](Self::offer) and
    /// [`stop_offer`](Self::stop_offer) by up to 100 ms.
    pub fn is_offered(&self) -> bool {
        self.port.is_offered()
    }

    /// Offers the service again. A new publisher offers by itself. RouDi looks every 100 ms and connects subscribers
    /// when it sees a new offer, so wait until it has seen the end of the last one ([`is_offered`](Self::is_offered)).
    pub fn offer(&mut self) {
        self.port.pin_mut().offer();
    }

    /// Stops offering the service; RouDi then disconnects the subscribers. What is published until the next
    /// [`offer`](Self::offer) reaches nobody but the history.
    pub fn stop_offer(&mut self) {
        self.port.pin_mut().stop_offer();
    }

    /// Borrows a chunk for a payload of `size` bytes aligned to `align`, and a user header of `header_size` bytes
    /// aligned to `header_align`; 0 and 1 for none. The bytes are not initialised.
    ///
    /// # Errors
    ///
    /// [`LoanError`]; the chunk of the last sample may be lent again, so a pool can be empty for one publisher and not
    /// for another.
    pub fn loan(
        &mut self,
        size: usize,
        align: usize,
        header_size: usize,
        header_align: usize,
    ) -> Result<Loan<'_>, LoanError> {
        let size = u32::try_from(size).map_err(|_| LoanError::TooLarge)?;
        let header_size = u32::try_from(header_size).map_err(|_| LoanError::TooLarge)?;
        let align = u32::try_from(align).map_err(|_| LoanError::Invalid)?;
        let header_align = u32::try_from(header_align).map_err(|_| LoanError::Invalid)?;
        let chunk = self.port.pin_mut().loan(size, align, header_size, header_align);
        if chunk.status == ffi::LoanStatus::Loaned {
            Ok(Loan { port: &mut self.port, chunk })
        } else {
            Err(loan_error(chunk.status))
        }
    }

    /// A handle with which another thread can end a [`Loan::publish`] that waits for a subscriber.
    pub fn unblocker(&self) -> Unblocker {
        Unblocker { waiting: Arc::clone(&self.waiting) }
    }
}

impl Drop for Publisher {
    fn drop(&mut self) {
        // Before the port goes back to RouDi, which may give its place to another process.
        *self.waiting.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

#[cold]
fn loan_error(status: ffi::LoanStatus) -> LoanError {
    let report = errors::take_last_report();
    match status {
        ffi::LoanStatus::TooLarge => LoanError::TooLarge,
        ffi::LoanStatus::PoolEmpty => LoanError::PoolEmpty,
        ffi::LoanStatus::TooManyLoans => LoanError::TooManyLoans,
        ffi::LoanStatus::Invalid => LoanError::Invalid,
        ffi::LoanStatus::Evicted => LoanError::Evicted,
        _ => LoanError::Unknown(report),
    }
}

/// A chunk that is this process's to write, until it is published. Dropping it gives it back unpublished.
pub struct Loan<'a> {
    port: &'a mut UniquePtr<ffi::Publisher>,
    chunk: ffi::LoanedChunk,
}

impl Loan<'_> {
    /// Where the payload goes: as many bytes as were asked for, so aligned, writable while the loan lives.
    pub fn payload(&self) -> *mut u8 {
        self.chunk.payload
    }

    /// Where the user header goes; null when none was asked for.
    pub fn user_header(&self) -> *mut u8 {
        self.chunk.user_header
    }

    /// Sends the chunk to every subscriber. With
    /// [`wait_for_subscribers`](crate::PublisherOptions::wait_for_subscribers) this may wait without end; see
    /// [`Publisher::unblocker`].
    pub fn publish(mut self) {
        let chunk = std::mem::replace(&mut self.chunk.chunk, std::ptr::null_mut());
        // SAFETY: the chunk is on loan from this port, and comes back here once: drop finds null.
        unsafe { self.port.pin_mut().publish(chunk) };
    }
}

impl Drop for Loan<'_> {
    fn drop(&mut self) {
        if !self.chunk.chunk.is_null() {
            // SAFETY: the chunk is on loan from this port, and comes back here once: publish left null.
            unsafe { self.port.pin_mut().release(self.chunk.chunk) };
        }
    }
}

/// Ends, from another thread, a publish that waits for a subscriber. Outlives its publisher without harm.
#[derive(Clone)]
pub struct Unblocker {
    waiting: Arc<Mutex<Option<PortData>>>,
}

impl Unblocker {
    /// Stops the offer and disconnects every subscriber, so that a waiting [`Loan::publish`] returns; the sample is in
    /// the history only. Works when RouDi has died, too. [`Publisher::offer`] undoes it.
    pub fn unblock(&self) {
        let waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(PortData(data)) = waiting.as_ref() {
            // SAFETY: the port lives until its publisher is dropped, which first takes the pointer away under the
            // lock that is held here. Everything this touches is atomic or behind the port's own lock.
            unsafe { ffi::end_waiting(data.as_ptr()) };
        }
    }
}
