//! What wakes a thread when samples come: a condition variable of classic.
//!
//! Owner: the thread that waits, and each subscriber that is attached. Threads: one waits, any may end that.

#![allow(unsafe_code, unreachable_pub, unused_qualifications, reason = "the bridge to C++, and what cxx makes of it")]

use std::fmt;

use cxx::SharedPtr;

#[cxx::bridge(namespace = "iox_bridge")]
pub(crate) mod ffi {
    unsafe extern "C++" {
        include!("iox_bridge/condition.hpp");
        type ConditionVariable;

        fn wait(self: &ConditionVariable) -> u64;
        fn end(self: &ConditionVariable);

        fn create_condition_variable() -> SharedPtr<ConditionVariable>;
    }
}

/// What publishers notify when a sample comes for a subscriber that is attached. It lives as long as the process: RouDi
/// frees it when that ends. Cloning it is cheap.
#[derive(Clone)]
pub struct ConditionVariable(pub(crate) SharedPtr<ffi::ConditionVariable>);

// SAFETY: what it holds beside a pointer into shared memory is one atomic, and what is in shared memory is made for
// threads of several processes. `wait`, which is for one thread at a time, belongs to the one `Notified`.
unsafe impl Send for ConditionVariable {}
// SAFETY: as above.
unsafe impl Sync for ConditionVariable {}

impl ConditionVariable {
    /// How many numbers there are to tell subscribers apart by; more of them share numbers.
    pub const NUMBERS: usize = u64::BITS as usize;

    /// Asks RouDi for one, and gives it with its waiting end. `None` when it was refused.
    pub(crate) fn create() -> Option<(Self, Notified)> {
        let made = ffi::create_condition_variable();
        (!made.is_null()).then(|| (Self(made.clone()), Notified(Self(made))))
    }

    /// Ends the wait, now and for ever.
    pub fn end(&self) {
        self.0.end();
    }
}

impl fmt::Debug for ConditionVariable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ConditionVariable").finish()
    }
}

/// The end of a [`ConditionVariable`] that waits.
#[derive(Debug)]
pub struct Notified(ConditionVariable);

impl Notified {
    /// Waits until a publisher notifies, and gives the numbers of the subscribers that it notified for, each as a bit;
    /// `None` once [`ConditionVariable::end`] was called.
    ///
    /// No signal may be handled on this thread: after five interruptions in a row classic reports a fatal error.
    pub fn wait(&mut self) -> Option<u64> {
        Some(self.0.0.wait()).filter(|notified| *notified != 0)
    }
}
