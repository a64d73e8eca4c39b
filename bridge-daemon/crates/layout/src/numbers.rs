//! Sizes and alignments that a struct in shared memory can have.

use bridge_document::{NumberError, ranged};
use serde::Deserialize;

/// The largest sample, pool chunk, or struct, in bytes.
pub const MAX_SIZE: u64 = 1 << 30;

ranged! {
    /// Bytes of a value; at least one, at most 1 GiB.
    Size, "a size in bytes", 1..=MAX_SIZE
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
            _ => Err(NumberError::PowerOfTwo { what: "an alignment", found: found.into(), max: Self::MAX }),
        }
    }
}
