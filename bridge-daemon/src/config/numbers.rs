//! Numbers that cannot be out of range: each is checked when it is read.

use serde::Deserialize;

/// A number is not in its range. The second line says what to write.
#[derive(Debug, thiserror::Error)]
pub enum NumberError {
    /// Below or above what it may be.
    #[error("{what} cannot be {found}\nwrite a number from {min} to {max}")]
    Range {
        /// What is counted.
        what: &'static str,
        /// What was written.
        found: u64,
        /// The least.
        min: u64,
        /// The most.
        max: u64,
    },
    /// No power of two.
    #[error("an alignment cannot be {found}\nwrite a power of two from 1 to {}", Align::MAX)]
    Align {
        /// What was written.
        found: u64,
    },
}

/// Declares a number with a range.
macro_rules! ranged {
    ($(#[$doc:meta])* $name:ident, $what:literal, $min:literal ..= $max:expr) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
        #[serde(try_from = "u64")]
        pub struct $name(usize);

        impl $name {
            /// The least it may be.
            pub const MIN: u64 = $min;
            /// The most it may be.
            pub const MAX: u64 = $max;

            /// The number.
            #[must_use]
            pub const fn get(self) -> usize {
                self.0
            }
        }

        impl TryFrom<u64> for $name {
            type Error = NumberError;

            fn try_from(found: u64) -> Result<Self, NumberError> {
                let error = NumberError::Range { what: $what, found, min: Self::MIN, max: Self::MAX };
                match usize::try_from(found) {
                    Ok(number) if (Self::MIN..=Self::MAX).contains(&found) => Ok(Self(number)),
                    _ => Err(error),
                }
            }
        }
    };
}

/// The largest sample, pool chunk, or struct, in bytes.
pub(crate) const MAX_SIZE: u64 = 1 << 30;

ranged! {
    /// Samples that wait for a classic subscriber.
    ClassicQueue, "the queue of a classic endpoint", 1..=256
}
ranged! {
    /// Samples that a late classic subscriber still gets.
    ClassicHistory, "the history of a classic endpoint", 0..=16
}
ranged! {
    /// Samples that wait for an iceoryx2 subscriber.
    Iceoryx2Queue, "the queue of an iceoryx2 endpoint", 1..=65_536
}
ranged! {
    /// Samples that a late iceoryx2 subscriber still gets.
    Iceoryx2History, "the history of an iceoryx2 endpoint", 0..=65_536
}
ranged! {
    /// Ports or nodes of an iceoryx2 service.
    MaxPorts, "a limit of an iceoryx2 service", 1..=65_536
}
ranged! {
    /// Bytes of a value; at least one, at most 1 GiB.
    Size, "a size in bytes", 1..=MAX_SIZE
}
ranged! {
    /// Chunks in a pool.
    ChunkCount, "the number of chunks in a pool", 1..=1_048_576
}

ranged! {
    /// Threads of a lane in each worker.
    LaneThreads, "the number of threads of a lane", 1..=64
}
ranged! {
    /// The number of a core.
    Cpu, "a core's number", 0..=1023
}
ranged! {
    /// A real-time priority of Linux (SCHED_FIFO).
    Priority, "a real-time priority", 1..=99
}
ranged! {
    /// Microseconds for which a lane does something, at most a minute.
    Microseconds, "a time in microseconds", 0..=60_000_000
}
ranged! {
    /// Microseconds that a lane sleeps at a time, at most a tenth of a second.
    SleepMicroseconds, "a sleep in microseconds", 1..=100_000
}

/// An alignment in bytes: a power of two, at most a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "u64")]
pub struct Align(usize);

impl Align {
    /// The most it may be: a page. Shared memory is mapped by pages, so nothing in it can rely on more.
    pub const MAX: u64 = 4096;

    /// The alignment in bytes.
    #[must_use]
    pub const fn get(self) -> usize {
        self.0
    }
}

impl TryFrom<u64> for Align {
    type Error = NumberError;

    fn try_from(found: u64) -> Result<Self, NumberError> {
        match usize::try_from(found) {
            Ok(align) if found.is_power_of_two() && found <= Self::MAX => Ok(Self(align)),
            _ => Err(NumberError::Align { found }),
        }
    }
}
