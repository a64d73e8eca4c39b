//! From one worker to another: the middle of a route between two releases of iceoryx2.
//!
//! Two releases cannot be in one process, so such a route has two halves. One worker takes the sample and copies it as
//! it is into a ring in memory that both map; the other transcodes it from there into the chunk that it has loaned. The
//! supervisor makes the memory, so it survives either worker, and whoever comes next goes on where the last one was.

#[cfg(any(test, fuzzing))]
pub mod check;
mod positions;
mod ring;
mod sink;
mod source;

pub use ring::Handoff;
pub use sink::HandoffSink;
pub use source::HandoffSource;
