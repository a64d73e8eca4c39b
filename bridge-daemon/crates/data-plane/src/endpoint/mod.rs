//! The two ends of a route: a [`Source`] takes samples, a [`Sink`] publishes them.
//!
//! Every port belongs to one thread, the lane that runs its route. A sample is handed on as raw bytes in shared memory
//! ([`Input`], [`Output`]): its owner may write it at any time, so nobody ever holds a reference to it.

mod bell;
pub mod classic;
mod give_way;
pub mod handoff;
pub mod iceoryx2;
pub mod waits;

use std::time::Duration;

pub use bell::{Bell, bit_of};

use bridge_account::{Connected, DropReason, RejectReason, RouteAccount};
use bridge_config::Served;
use bridge_transcode::{Input, Output};

/// What this executable can serve.
pub const SERVED: Served = Served { classic: classic::BUILT_WITH, iceoryx2: iceoryx2::SERVED };

/// Where both stacks keep the memory that processes share.
pub const SHARED_MEMORY: &str = "/dev/shm";

/// A sample as it was received.
#[derive(Clone, Copy, Debug)]
pub struct Received<'a> {
    /// The payload.
    pub payload: Input<'a>,
    /// The payload's alignment in bytes, a power of two.
    pub payload_align: usize,
    /// The user header; of length 0 where there is none.
    pub user_header: Input<'a>,
    /// What tells its publisher from others of the service; 0 where that is not known.
    pub publisher: u128,
}

/// What a source had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken<R> {
    /// Nothing.
    Empty,
    /// A sample that this bridge published; it was given back unread.
    Own,
    /// A sample whose header contradicts itself; it was given back unread.
    Corrupt,
    /// A sample, and what was made of it.
    Sample(R),
}

/// Takes samples from one service.
pub trait Source {
    /// Takes the sample that waits longest, lets `forward` see it, and gives it back.
    ///
    /// Losses before the sample are entered into `account`, and so is the moment it is taken.
    ///
    /// # Errors
    /// When the port is of no use any more, with the reason for people.
    fn take<R>(
        &mut self,
        account: &RouteAccount,
        forward: impl FnOnce(Received<'_>) -> R,
    ) -> Result<Taken<R>, EndpointFault>;

    /// Whether its stack has made the port known, so that from now on publishers reach it.
    fn is_known(&self) -> bool {
        true
    }

    /// How long its lane may sleep between two looks at it, where a short queue makes that matter: what comes meanwhile has
    /// to fit in.
    fn longest_pause(&self) -> Option<Duration> {
        None
    }

    /// Lets whoever publishes wake the lane when a sample comes: `bell` rings for the route of `bit`. What is there already
    /// wakes nobody, so that a look at it is due after this. False where the source has to be looked at instead, for now or
    /// for ever.
    fn start_waking(&mut self, bell: &Bell, bit: u64) -> bool {
        let _ = (bell, bit);
        false
    }

    /// Ends that while samples flow, so that it costs nobody anything. False where that cannot be done at this moment; the
    /// lane goes on being woken then.
    fn stop_waking(&mut self) -> bool {
        true
    }

    /// Called after samples were taken, when others get their turn: tells publishers who want to know.
    fn after_samples(&mut self) {}

    /// Reads what it was told by events, when the bell rang for it and now and then.
    fn hear(&mut self) {}

    /// Called now and then, whether samples flow or not. Says how many publishers of applications there are.
    ///
    /// # Errors
    /// As [`Source::take`].
    fn tend(&mut self) -> Result<Connected, EndpointFault> {
        Ok(Connected::Unknown)
    }

    /// Ends the port when RouDi has given the places of this process to others: a port of classic is left as it is.
    fn leave(self)
    where
        Self: Sized,
    {
    }
}

/// The size of a sample to be published.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// Bytes of payload.
    pub payload: usize,
    /// Alignment of the payload where the sink's service does not say it; a power of two.
    pub payload_align: usize,
    /// Bytes of user header.
    pub user_header: usize,
}

/// Publishes samples on one service.
pub trait Sink {
    /// Loans a chunk of this shape, lets `fill` write payload and user header, and publishes it. If `fill` fails, the
    /// chunk is given back and nothing is published. That nobody was subscribed is entered into `account`.
    ///
    /// # Errors
    /// Why the sample was not published.
    fn send(
        &mut self,
        shape: Shape,
        account: &RouteAccount,
        fill: impl FnOnce(Output<'_>, Output<'_>) -> Result<(), RejectReason>,
    ) -> Result<(), NotSent>;

    /// Lets `bell` ring for the route of `bit` when subscribers tell it something.
    fn start_waking(&mut self, bell: &Bell, bit: u64) {
        let _ = (bell, bit);
    }

    /// Called after samples were sent, when others get their turn: tells subscribers who wait for that.
    fn after_samples(&mut self) {}

    /// Reads what it was told by events, when the bell rang for it and now and then.
    fn hear(&mut self) {}

    /// How long its lane may sleep, where subscribers have short queues: what came meanwhile is sent at once and has to fit.
    fn longest_pause(&self) -> Option<Duration> {
        None
    }

    /// Bytes of user header that its samples have where none is passed on; 0 where there is none.
    fn user_header_size(&self) -> usize {
        0
    }

    /// Whether its stack has made the port known, so that from now on it is found by subscribers.
    fn is_known(&self) -> bool {
        true
    }

    /// Called now and then, whether samples flow or not: connects subscribers that came, so that they get what is in
    /// the history, and find the connection made when the next sample comes. Says how many subscribers of applications
    /// there are.
    ///
    /// # Errors
    /// When the port is of no use any more.
    fn tend(&mut self, account: &RouteAccount) -> Result<Connected, EndpointFault>;

    /// As [`Source::leave`].
    fn leave(self)
    where
        Self: Sized,
    {
    }
}

/// Why a sink published nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotSent {
    /// The route does not take such samples.
    Filtered,
    /// The sample does not suit the sink.
    Rejected(RejectReason),
    /// The sink had no room for it.
    Dropped(DropReason),
    /// The sink is of no use any more.
    Fault(EndpointFault),
}

/// A port is of no use any more.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EndpointFault {
    /// It broke; its route has to be made anew. The text is for people.
    #[error("{0}")]
    Broken(String),
    /// Nobody else uses its service any more, which was not the bridge's; its route waits for the next one. The text is for
    /// people.
    #[error("{0}")]
    Deserted(String),
    /// What its route publishes comes back to it, so that the route has to rest. The text is for people.
    #[error("{0}")]
    Circle(String),
    /// Somebody made another iceoryx2 service in the place of the one that the port is on. To drop the port would remove
    /// the other one's files, so the process has to end without dropping it.
    #[error("the files of an iceoryx2 service were replaced by those of another one of the same name")]
    Replaced,
    /// RouDi took this process for dead: the places of all its ports of classic are others', or soon will be. The process
    /// has to end without touching any of them.
    #[error("RouDi has taken this process for dead and given its ports away")]
    Evicted,
}

/// Why an endpoint cannot be opened now. It is tried again.
#[derive(thiserror::Error, Clone, Debug, PartialEq, Eq)]
#[error("{reason}")]
pub struct Obstacle {
    /// Whether it goes away by itself when others come (waiting), or needs somebody to act (blocked).
    pub kind: ObstacleKind,
    /// What is in the way and what to do, for people.
    pub reason: String,
}

/// See [`Obstacle::kind`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ObstacleKind {
    /// It resolves when RouDi can be reached, which concerns every route of classic alike.
    RouDi,
    /// It resolves when another process starts.
    Waiting,
    /// Somebody has to change something.
    Blocked,
}

impl Obstacle {
    /// Goes away when RouDi can be reached.
    pub fn roudi(reason: impl Into<String>) -> Self {
        Self { kind: ObstacleKind::RouDi, reason: reason.into() }
    }

    /// Goes away when another process starts.
    pub fn waiting(reason: impl Into<String>) -> Self {
        Self { kind: ObstacleKind::Waiting, reason: reason.into() }
    }

    /// Needs somebody to act.
    pub fn blocked(reason: impl Into<String>) -> Self {
        Self { kind: ObstacleKind::Blocked, reason: reason.into() }
    }
}
