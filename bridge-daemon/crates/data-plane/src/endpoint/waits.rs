//! Waits of sinks of iceoryx2 for room at their subscribers, which others look at: they say who waits for whom, and end what
//! cannot end by itself.
//!
//! Until 0.8, iceoryx2 waits inside of `send` until a subscriber has room, and looks at nothing else: not whether that
//! subscriber still lives, nor whether the bridge is to stop.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

/// The waits of one sink.
#[derive(Debug)]
pub struct Wait {
    /// The sink's service.
    pub service: String,
    /// What stands for it in the names of its files.
    pub hash: String,
    /// Whether nothing ends them but room.
    pub is_endless: bool,
    /// Odd while one may go on. Written by the sink's lane alone.
    turns: AtomicU64,
}

impl Wait {
    /// Those of a sink that waits for nobody yet.
    #[must_use]
    pub fn new(service: &str, hash: &str, is_endless: bool) -> Arc<Self> {
        Arc::new(Self { service: service.to_owned(), hash: hash.to_owned(), is_endless, turns: AtomicU64::new(0) })
    }

    /// Whether one goes on at this moment.
    #[must_use]
    pub fn goes_on(&self) -> bool {
        self.turns.load(Ordering::Relaxed) % 2 == 1
    }

    /// Does what may wait.
    #[inline]
    pub fn during<T>(&self, wait: impl FnOnce() -> T) -> T {
        let turns = self.turns.load(Ordering::Relaxed);
        self.turns.store(turns.wrapping_add(1), Ordering::Relaxed);
        let done = wait();
        self.turns.store(turns.wrapping_add(2), Ordering::Relaxed);
        done
    }
}

/// Those of all sinks of a worker. Shared by its lanes, its caretaker, and whoever stops it.
#[derive(Debug, Default)]
pub struct Waits(Mutex<Vec<Watched>>);

/// What was seen of a sink's waits.
#[derive(Debug)]
struct Watched {
    wait: Weak<Wait>,
    turns: u64,
    since: Instant,
}

impl Waits {
    fn lock(&self) -> MutexGuard<'_, Vec<Watched>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A sink that may wait.
    pub fn enter(&self, wait: &Arc<Wait>) {
        let watched = Watched { wait: Arc::downgrade(wait), turns: 0, since: Instant::now() };
        let mut all = self.lock();
        all.retain(|watched| watched.wait.strong_count() > 0);
        all.push(watched);
    }

    /// All sinks that may wait.
    pub fn all(&self) -> Vec<Arc<Wait>> {
        self.lock().iter().filter_map(|watched| watched.wait.upgrade()).collect()
    }

    /// The sinks that wait already for so long, as far as those have seen it who called this before.
    pub fn lasting(&self, time: Duration) -> Vec<Arc<Wait>> {
        let now = Instant::now();
        let lasting = |watched: &mut Watched| {
            let wait = watched.wait.upgrade()?;
            let turns = wait.turns.load(Ordering::Relaxed);
            if turns != watched.turns {
                (watched.turns, watched.since) = (turns, now);
            }
            (turns % 2 == 1 && now - watched.since >= time).then_some(wait)
        };
        self.lock().iter_mut().filter_map(lasting).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lasts_is_found() {
        let waits = Waits::default();
        let [first, second] = ["a", "b"].map(|name| Wait::new(name, "hash", true));
        [&first, &second].into_iter().for_each(|wait| waits.enter(wait));
        let lasting = |time| waits.lasting(time).iter().map(|wait| wait.service.clone()).collect::<String>();
        assert_eq!(lasting(Duration::ZERO), "");
        first.during(|| {
            assert_eq!(lasting(Duration::from_secs(9)), "", "it has only begun");
            assert_eq!(lasting(Duration::ZERO), "a");
            second.during(|| assert_eq!(lasting(Duration::ZERO), "ab"));
        });
        assert_eq!(lasting(Duration::ZERO), "");
        second.during(|| {
            drop(first);
            assert_eq!(lasting(Duration::ZERO), "b");
        });
    }
}
