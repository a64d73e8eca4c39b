//! The shim against the real RouDi. Each test is a process of its own in a world of its own: see `world`.

mod blocking;
mod chunks;
mod death;
mod handshake;
mod limits;
mod managed;
mod presence;
mod samples;
mod waking;
mod world;
