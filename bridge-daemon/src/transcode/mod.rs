//! Transcoding: compile a (source format, sink format) pair once, run it per sample without allocation.

mod bytes;

pub use bytes::{Input, Output};
