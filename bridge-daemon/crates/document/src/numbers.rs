//! Numbers that cannot be out of range: each is checked when it is read.

/// A number is not in its range. The second line says what to write.
#[derive(Debug, thiserror::Error)]
pub enum NumberError {
    /// Below or above what it may be.
    #[error("{what} cannot be {found}\nwrite a number from {min} to {max}")]
    Range {
        /// What is counted.
        what: &'static str,
        /// What was written.
        found: i128,
        /// The least.
        min: u64,
        /// The most.
        max: u64,
    },
    /// No power of two.
    #[error("{what} cannot be {found}\nwrite a power of two from 1 to {max}")]
    PowerOfTwo {
        /// What it is.
        what: &'static str,
        /// What was written.
        found: i128,
        /// The most.
        max: u64,
    },
}

/// Declares a number with a range: a name, what it counts, and the range.
#[macro_export]
macro_rules! ranged {
    ($(#[$doc:meta])* $name:ident, $what:literal, $min:literal ..= $max:expr) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
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
            type Error = $crate::NumberError;

            fn try_from(found: u64) -> Result<Self, $crate::NumberError> {
                let (found_as_it_is, min, max) = (found.into(), Self::MIN, Self::MAX);
                let error = $crate::NumberError::Range { what: $what, found: found_as_it_is, min, max };
                match usize::try_from(found) {
                    Ok(number) if (Self::MIN..=Self::MAX).contains(&found) => Ok(Self(number)),
                    _ => Err(error),
                }
            }
        }

        impl TryFrom<i64> for $name {
            type Error = $crate::NumberError;

            fn try_from(found: i64) -> Result<Self, $crate::NumberError> {
                let (min, max) = (Self::MIN, Self::MAX);
                let below = |_| $crate::NumberError::Range { what: $what, found: found.into(), min, max };
                Self::try_from(u64::try_from(found).map_err(below)?)
            }
        }
    };
}
