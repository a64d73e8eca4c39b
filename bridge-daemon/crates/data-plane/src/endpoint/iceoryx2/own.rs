//! The bridge's own subscribers.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// The bridge's own subscribers, by port id. A sink never waits for one of them: what it sends is skipped there, and
/// the lane that would make room may itself be waiting for this one.
#[derive(Debug, Default)]
pub(super) struct OwnSubscribers(Mutex<Vec<u128>>);

impl OwnSubscribers {
    fn lock(&self) -> MutexGuard<'_, Vec<u128>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the subscriber with this id is the bridge's.
    pub(super) fn contains(&self, id: u128) -> bool {
        self.lock().contains(&id)
    }

    pub(super) fn enter(&self, id: u128) {
        self.lock().push(id);
    }

    pub(super) fn leave(&self, id: u128) {
        self.lock().retain(|own| *own != id);
    }
}
