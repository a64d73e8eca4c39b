//! How events are read since iceoryx2 0.10: each number once, with how often it was sent.

use super::Listener;

/// Reads what a listener was told, and says the numbers.
pub(super) fn read(listener: &Listener, mut say: impl FnMut(usize)) {
    // What cannot be read for the moment is there the next time.
    let _ = listener.try_wait(|event| say(event.id.as_value()));
}
