//! What the test applications share, as in `tests/src/apps`, built with iceoryx2 0.7.

#[path = "../../../src/apps/mod.rs"]
pub mod apps;

/// What a payload has to be, by its name in this release.
pub use iceoryx2::prelude::ZeroCopySend as IceoryxSend;

/// Reads what a listener was told, and says the numbers of the events.
///
/// # Panics
///
/// When it cannot.
pub fn hear(
    listener: &iceoryx2::port::listener::Listener<iceoryx2::prelude::ipc::Service>,
    mut say: impl FnMut(usize),
) {
    listener.try_wait_all(|event| say(event.as_value())).expect("it can be read");
}
