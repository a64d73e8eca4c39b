//! How events are read until iceoryx2 0.9: each is a message of its own.

use super::Listener;

/// Events that are read at a time; more are there the next time, so that who sends without end keeps nobody here.
const AT_ONCE: usize = 64;

/// Reads what a listener was told, and says the numbers.
pub(super) fn read(listener: &Listener, mut say: impl FnMut(usize)) {
    for _ in 0..AT_ONCE {
        match listener.try_wait_one() {
            Ok(Some(event)) => say(event.as_value()),
            // It cannot be read for the moment, or there is nothing.
            Ok(None) | Err(_) => return,
        }
    }
}
