//! What the end-to-end tests of iox-bridge are made of.
//!
//! - [`apps`]: what the iceoryx2 applications in `src/bin` share. They know nothing of the bridge, nor do the C++ ones
//!   in `apps/`.
//! - [`bed`]: where a test runs: a machine of its own, as far as the two stacks can see, with its RouDi, its bridge and
//!   its applications.
//! - [`demo`]: what `make demo` shows: the same applications and the bridge, on the machine as it is.

pub mod apps;
pub mod bed;
pub mod demo;

/// What a payload has to be, by its name in this release.
pub use iceoryx2::prelude::IceoryxSend;

/// Reads what a listener was told, and says the numbers of the events.
///
/// # Panics
///
/// When it cannot.
pub fn hear(
    listener: &iceoryx2::port::listener::Listener<iceoryx2::prelude::ipc::Service>,
    mut say: impl FnMut(usize),
) {
    listener.try_wait(|event| say(event.id.as_value())).expect("it can be read");
}
