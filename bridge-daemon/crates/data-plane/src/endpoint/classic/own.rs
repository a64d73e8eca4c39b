//! Which publishers of a classic service are the bridge's own.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use bridge_config::plan::ClassicService;

/// Most publishers that one worker may have on one service: as many as classic has for all processes together
/// (`MAX_PUBLISHERS` of iceoryx_posh_types.hpp), so that RouDi refuses one before this does.
const MOST: usize = 512;

/// The bridge's own publishers, by service. Shared by the lanes of a worker.
#[derive(Debug, Default)]
pub struct OwnPublishers {
    services: Mutex<HashMap<ClassicService, Arc<OwnPublishersOf>>>,
}

impl OwnPublishers {
    /// Those of one service.
    pub fn of(&self, service: &ClassicService) -> Arc<OwnPublishersOf> {
        let mut services = self.services.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(services.entry(service.clone()).or_default())
    }
}

/// The bridge's own publishers on one service: a few port ids, read for every sample that a source takes.
///
/// An id is entered before its publisher sends anything, so a source can only miss an id from which nothing has come.
#[derive(Debug)]
pub struct OwnPublishersOf {
    /// Places that were ever taken, from the first one on: only those are compared with. Few in nearly all cases.
    used: AtomicUsize,
    /// How many subscribers of the service are the bridge's own.
    subscribers: AtomicUsize,
    ids: Box<[AtomicU64]>,
}

/// Classic's own id for "no port".
const FREE: u64 = 0;

impl Default for OwnPublishersOf {
    fn default() -> Self {
        Self {
            used: AtomicUsize::new(0),
            subscribers: AtomicUsize::new(0),
            ids: (0..MOST).map(|_| AtomicU64::new(FREE)).collect(),
        }
    }
}

impl OwnPublishersOf {
    /// Whether the publisher with this id is the bridge's.
    #[inline]
    #[must_use]
    pub fn contains(&self, id: u64) -> bool {
        let used = self.used.load(Ordering::Relaxed).min(MOST);
        id != FREE && self.ids.iter().take(used).any(|own| own.load(Ordering::Relaxed) == id)
    }

    /// Enters a publisher; false if there is no room for another.
    #[must_use]
    pub fn enter(&self, id: u64) -> bool {
        let free = |slot: &AtomicU64| slot.compare_exchange(FREE, id, Ordering::AcqRel, Ordering::Relaxed).is_ok();
        let entered = self.ids.iter().position(free);
        if let Some(place) = entered {
            self.used.fetch_max(place + 1, Ordering::AcqRel);
        }
        entered.is_some()
    }

    /// A subscriber of the bridge's own is there.
    pub fn enter_subscriber(&self) {
        self.subscribers.fetch_add(1, Ordering::Relaxed);
    }

    /// It is gone.
    pub fn leave_subscriber(&self) {
        self.subscribers.fetch_sub(1, Ordering::Relaxed);
    }

    /// Whether the bridge itself subscribes to the service.
    #[must_use]
    pub fn has_subscribers(&self) -> bool {
        self.subscribers.load(Ordering::Relaxed) > 0
    }

    /// Forgets a publisher that is gone.
    pub fn leave(&self, id: u64) {
        for slot in self.ids.iter() {
            let _ = slot.compare_exchange(id, FREE, Ordering::AcqRel, Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bridge_config::ClassicRelease;

    #[test]
    fn own_publishers_are_known_until_they_leave() {
        let all = OwnPublishers::default();
        let service = |event: &str| ClassicService {
            release: ClassicRelease::V2_0,
            line_is_said: false,
            service: "s".into(),
            instance: "i".into(),
            event: event.into(),
        };
        let own = all.of(&service("a"));
        assert!(own.enter(7) && own.enter(8));
        assert!(all.of(&service("a")).contains(8) && !all.of(&service("b")).contains(8));
        own.leave(7);
        assert!(!own.contains(7) && own.contains(8));
        assert!(!own.contains(FREE), "a chunk without an origin is nobody's");
    }

    #[test]
    fn the_table_fills_up_and_says_so() {
        let own = OwnPublishersOf::default();
        assert!((1..=MOST as u64).all(|id| own.enter(id)));
        assert!(!own.enter(99));
    }
}
