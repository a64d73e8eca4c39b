//! What the iceoryx2 test applications share: their command line, what they send, and how a receiver checks it.
//!
//! The C++ applications have the same, in `apps/common`.
#![allow(clippy::print_stdout, reason = "these applications talk to whoever started them")]

pub mod events;
mod ledger;
mod options;
mod pattern;
mod publish;
mod roles;
mod sample_id;
mod subscribe;
pub mod ticks;
pub mod topics;

pub use ledger::Ledger;
pub use options::{Lie, Options, parse_options, with_qos};
pub use pattern::Pattern;
pub use publish::{publish_topic, run_publisher};
pub use roles::{Role, play};
pub use sample_id::SampleId;
pub use subscribe::{run_subscriber, subscribe_topic};

/// What an application's `main` returns: its exit code, or an error that it could not go on after.
pub type Outcome = Result<std::process::ExitCode, Box<dyn std::error::Error>>;
