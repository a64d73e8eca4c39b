//! A sequence lock: one writer, which never waits, and readers that see all of a change or nothing of it.

use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};

use crate::sync::Atomic;

/// Counts changes: odd while one goes on.
#[repr(transparent)]
#[derive(Debug, Default)]
pub(super) struct Version<A = AtomicU64>(A);

impl<A: Atomic> Version<A> {
    /// Makes a change of several atomics. For the one writer. Its stores are `Release`, or `Relaxed` ones that a `Release`
    /// store follows.
    #[inline]
    pub(super) fn change(&self, change: impl FnOnce()) {
        let version = self.0.load(Relaxed);
        self.0.store(version.wrapping_add(1), Relaxed);
        // The stores of the change come after that of the odd number, for whoever sees one of them.
        A::fence(Release);
        change();
        self.0.store(version.wrapping_add(2), Release);
    }

    /// Ends a change in which the writer died.
    pub(super) fn mend(&self) {
        let version = self.0.load(Relaxed);
        self.0.store(version.wrapping_add(version % 2), Release);
    }

    /// Reads what changes together, with `Relaxed` loads. A writer that never comes to an end (it died, or scribbles)
    /// costs so many `attempts`; what was read last is then returned as it is.
    pub(super) fn read<T>(&self, attempts: u32, read: impl Fn() -> T) -> T {
        for _ in 1..attempts {
            let before = self.0.load(Acquire);
            let seen = read();
            // The loads of `read` come before the next load of the number.
            A::fence(Acquire);
            if before.is_multiple_of(2) && before == self.0.load(Relaxed) {
                return seen;
            }
            A::spin_loop();
        }
        read()
    }
}

#[cfg(test)]
mod tests {
    use loom::sync::Arc;
    use loom::sync::atomic::AtomicU64;
    use loom::thread;

    use super::*;

    /// Two counters that are always equal outside of a change.
    #[derive(Default)]
    struct Pair {
        version: Version<AtomicU64>,
        first: AtomicU64,
        second: AtomicU64,
    }

    impl Pair {
        fn add(&self) {
            self.version.change(|| {
                for counter in [&self.first, &self.second] {
                    counter.store(counter.load(Relaxed) + 1, Release);
                }
            });
        }

        fn read(&self) -> Option<(u64, u64)> {
            // The last attempt is not consistent, so it is left out here.
            let seen = std::cell::Cell::new(0);
            let pair = self.version.read(3, || {
                seen.set(seen.get() + 1);
                (self.first.load(Relaxed), self.second.load(Relaxed))
            });
            (seen.get() < 3).then_some(pair)
        }
    }

    #[test]
    fn readers_see_all_of_a_change_or_nothing() {
        loom::model(|| {
            let pair = Arc::new(Pair::default());
            let writer = thread::spawn({
                let pair = Arc::clone(&pair);
                move || {
                    pair.add();
                    pair.add();
                }
            });
            if let Some((first, second)) = pair.read() {
                assert_eq!(first, second);
            }
            writer.join().expect("does not panic");
            assert_eq!(pair.read(), Some((2, 2)));
        });
    }

    #[test]
    fn a_change_that_its_writer_did_not_live_to_end_can_be_mended() {
        loom::model(|| {
            let pair = Pair::default();
            pair.version.0.store(5, Relaxed);
            assert_eq!(pair.read(), None);
            pair.version.mend();
            assert_eq!(pair.read(), Some((0, 0)));
        });
    }
}
