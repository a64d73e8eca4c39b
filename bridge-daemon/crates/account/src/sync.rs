//! Atomics that several processes share, in a form that a model checker can stand in for.
//!
//! What is lock-free here is written for any [`Atomic`]. The bridge uses the processor's; tests use loom's, which goes
//! through every order in which two threads can see each other's stores.

use std::hint;
use std::sync::atomic::{self, AtomicU64, Ordering};

/// A 64-bit atomic.
pub trait Atomic {
    /// As [`AtomicU64::load`].
    fn load(&self, order: Ordering) -> u64;
    /// As [`AtomicU64::store`].
    fn store(&self, value: u64, order: Ordering);
    /// As [`atomic::fence`].
    fn fence(order: Ordering);
    /// As [`hint::spin_loop`].
    fn spin_loop();
}

impl Atomic for AtomicU64 {
    #[inline]
    fn load(&self, order: Ordering) -> u64 {
        Self::load(self, order)
    }

    #[inline]
    fn store(&self, value: u64, order: Ordering) {
        Self::store(self, value, order);
    }

    #[inline]
    fn fence(order: Ordering) {
        atomic::fence(order);
    }

    #[inline]
    fn spin_loop() {
        hint::spin_loop();
    }
}

#[cfg(test)]
impl Atomic for loom::sync::atomic::AtomicU64 {
    fn load(&self, order: Ordering) -> u64 {
        Self::load(self, order)
    }

    fn store(&self, value: u64, order: Ordering) {
        Self::store(self, value, order);
    }

    fn fence(order: Ordering) {
        loom::sync::atomic::fence(order);
    }

    fn spin_loop() {
        loom::thread::yield_now();
    }
}
