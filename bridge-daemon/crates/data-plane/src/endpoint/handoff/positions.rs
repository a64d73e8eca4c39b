//! How far writer and reader of a ring are: what they say to each other, without a lock.

use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::{Acquire, Release};

use bridge_account::sync::Atomic;

/// Every sample begins at a multiple of this; also the alignment of its payload. A cache line.
pub(super) const UNIT: usize = 64;

/// The positions. They only grow; modulo the ring's size they are offsets. Written by one process each, which have cache
/// lines of their own.
#[repr(C)]
#[derive(Debug, Default)]
pub(super) struct Positions<A = AtomicU64> {
    /// Up to here samples are complete. Written by the writer.
    written: A,
    /// Atomic as well: another process may write all of this memory.
    _line: [A; 15],
    /// The sample that is being read ends here. Written by the reader, before it looks at the sample.
    claimed: A,
    /// Up to here there is room again. Written by the reader, when it is done.
    freed: A,
}

/// A position as the other process left it: whatever that is, samples begin at whole units only.
#[inline]
fn position(of: &impl Atomic) -> u64 {
    of.load(Acquire) & !(UNIT as u64 - 1)
}

impl<A: Atomic> Positions<A> {
    /// Whether a sample up to `end` overwrites nothing that is not free, in a ring of `size`. For the writer, before it
    /// writes.
    #[inline]
    pub(super) fn has_room(&self, end: u64, size: u64) -> bool {
        end.wrapping_sub(position(&self.freed)) <= size
    }

    /// All up to `end` is written. For the writer.
    #[inline]
    pub(super) fn publish(&self, end: u64) {
        self.written.store(end, Release);
    }

    /// Where a new reader goes on: behind what the last one had in its hands, which is freed.
    pub(super) fn resume(&self) -> u64 {
        let at = position(&self.claimed).max(position(&self.freed));
        self.freed.store(at, Release);
        at
    }

    /// Up to where there is something to read: where a new writer goes on.
    #[inline]
    pub(super) fn published(&self) -> u64 {
        position(&self.written)
    }

    /// The reader looks at the sample that ends at `end`.
    #[inline]
    pub(super) fn claim(&self, end: u64) {
        self.claimed.store(end, Release);
    }

    /// The reader needs nothing up to `end` any more.
    #[inline]
    pub(super) fn free(&self, end: u64) {
        self.claimed.store(end, Release);
        self.freed.store(end, Release);
    }
}

#[cfg(test)]
#[allow(unsafe_code, reason = "loom's cells stand for shared memory")]
mod tests {
    use std::sync::atomic::Ordering;

    use loom::cell::UnsafeCell;
    use loom::sync::Arc;
    use loom::sync::atomic::AtomicU64;
    use loom::thread;

    use super::*;

    /// loom's, in the place of one in shared memory.
    #[derive(Default)]
    struct Modelled(AtomicU64);

    impl Atomic for Modelled {
        fn load(&self, order: Ordering) -> u64 {
            self.0.load(order)
        }

        fn store(&self, value: u64, order: Ordering) {
            self.0.store(value, order);
        }

        fn fence(order: Ordering) {
            loom::sync::atomic::fence(order);
        }

        fn spin_loop() {
            thread::yield_now();
        }
    }

    /// A ring with room for two numbers. loom fails when one thread writes a cell while another reads it.
    #[derive(Default)]
    struct Ring {
        positions: Positions<Modelled>,
        cells: [UnsafeCell<u64>; 2],
    }

    const LEN: u64 = UNIT as u64;
    const SIZE: u64 = 2 * LEN;

    impl Ring {
        fn cell(&self, position: u64) -> &UnsafeCell<u64> {
            &self.cells[(position % SIZE / LEN) as usize]
        }

        fn write(&self, number: u64) -> bool {
            let at = (number - 1) * LEN;
            if !self.positions.has_room(at + LEN, SIZE) {
                return false;
            }
            self.cell(at).with_mut(|cell| {
                // SAFETY: loom fails the test if this thread is not alone with the cell.
                unsafe { *cell = number };
            });
            self.positions.publish(at + LEN);
            true
        }

        fn read(&self, at: u64) -> Option<u64> {
            if self.positions.published() == at {
                return None;
            }
            self.positions.claim(at + LEN);
            // SAFETY: as above.
            let number = self.cell(at).with(|cell| unsafe { *cell });
            self.positions.free(at + LEN);
            Some(number)
        }
    }

    #[test]
    fn what_is_read_is_what_was_written_and_nothing_is_overwritten_before() {
        loom::model(|| {
            let ring = Arc::new(Ring::default());
            let writer = thread::spawn({
                let ring = Arc::clone(&ring);
                move || (1..=3).take_while(|number| ring.write(*number)).count() as u64
            });
            let mut at = ring.positions.resume();
            for _ in 0..3 {
                if let Some(number) = ring.read(at) {
                    at += LEN;
                    assert_eq!(number * LEN, at);
                }
            }
            let written = writer.join().expect("does not panic");
            while let Some(number) = ring.read(at) {
                at += LEN;
                assert_eq!(number * LEN, at);
            }
            assert_eq!(at, written * LEN, "all of it, once");
        });
    }

    #[test]
    fn a_new_reader_goes_on_behind_what_the_last_one_held() {
        loom::model(|| {
            let ring = Arc::new(Ring::default());
            assert!(ring.write(1) && ring.write(2));
            ring.positions.claim(LEN);
            let writer = thread::spawn({
                let ring = Arc::clone(&ring);
                move || ring.write(3)
            });
            let at = ring.positions.resume();
            assert_eq!((at, ring.read(at)), (LEN, Some(2)));
            let third = writer.join().expect("does not panic").then_some(3);
            assert_eq!(ring.read(2 * LEN), third);
        });
    }
}
