//! A sample's account: what became of every sample that a route took. It knows nothing of ports and of processes.
//!
//! A route's lane is the only writer of its counters; the supervisor reads them. They lie in memory that both processes
//! map ([`Ledger`]), so nothing is sent for a sample, and the counters survive the worker that wrote them.
//!
//! `received = forwarded + rejected + dropped + own_skipped + filtered` holds in every snapshot: a sample enters the account
//! in one step, when its fate is known. A worker that dies with a sample in its hands leaves a mark, and the supervisor
//! accounts for that sample as dropped (see [`Ledger::settle_after_death`]).

mod connected;
mod counters;
mod latency;
mod ledger;
mod snapshot;
pub mod sync;
mod ticks;
mod version;

pub use connected::Connected;
pub use counters::{DropReason, Fate, RejectReason};
pub use latency::Latency;
pub use ledger::{Ledger, RouteAccount, shared_memory};
pub use snapshot::{LastRejected, Snapshot};
pub use ticks::{TickRate, Ticks};
