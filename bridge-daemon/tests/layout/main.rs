//! Layouts and real compilers: what g++ and rustc write into debug information is imported, what is emitted compiles,
//! and both together lead back to where they began.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on ends")]

mod bits;
mod choices;
mod command;
mod compilers;
mod containers;
mod emit;
mod hostile;
mod import;
mod parts;
mod random;
mod round_trip;
mod show;
