//! The safe Rust face of Eclipse iceoryx 2.x ("classic"), as far as iox-bridge needs it.
//!
//! ```no_run
//! use cpp_shim::{PublisherOptions, Runtime, RuntimeName, ServiceId};
//!
//! cpp_shim::install_error_handler(|_report| cpp_shim::exit_now(70));
//! let runtime = Runtime::init(&RuntimeName::new("example")?)?;
//! let service = ServiceId::new("Radar", "FrontLeft", "Object")?;
//! let mut publisher = runtime.publisher(&service, &PublisherOptions::default())?;
//! let loan = publisher.loan(8, 8, 0, 1)?;
//! // SAFETY: the loan is 8 bytes, aligned to 8, and nobody else's until it is published.
//! unsafe { loan.payload().cast::<u64>().write(42) };
//! loan.publish();
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! classic keeps its state for the whole process: one error handler, one runtime, no way back. Ports are for one thread
//! at a time, and may be moved. C++ exceptions do not occur: every entry point is `noexcept`.

mod condition;
mod errors;
mod handshake;
mod in_use;
mod managed_roudi;
mod names;
mod options;
mod platform;
mod procfs;
mod publisher;
mod roudi;
mod runtime;
mod subscriber;

pub use condition::{ConditionVariable, Notified};
pub use errors::{Level, Report, install_error_handler, silence, take_last_report};
pub use handshake::{Answer, Handshake};
pub use in_use::is_open_for_writing;
pub use managed_roudi::{MAX_POOLS, Pool, RoudiError, pool_size_for, run_roudi};
pub use names::{NameError, NodeName, RuntimeName, ServiceId};
pub use options::{OptionError, PublisherOptions, SubscriberOptions};
pub use platform::{Line, linked_release};
pub use publisher::{Loan, LoanError, Publisher, Unblocker};
pub use roudi::{
    Identity, Presence, Watch, identity, identity_of, is_stopped, lock_is_held, name_in_use, other_domains, presence,
    presence_of, release_of, without_socket,
};
pub use runtime::{InitError, PortError, Runtime, exit_now};
pub use subscriber::{Chunk, Subscriber, Subscription, TakeError};
