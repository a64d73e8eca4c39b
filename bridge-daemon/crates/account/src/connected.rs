//! With how many ports of applications one end of a route is connected.

use serde::{Deserialize, Serialize};

/// With how many ports of applications one end of a route is connected. The bridge's own ports do not count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Connected {
    /// That cannot be known: of a source in classic, or where the bridge's own ports cannot be told from others.
    #[default]
    Unknown,
    /// With so many.
    To(u64),
    /// With one at least; classic does not say with how many.
    ToSome,
}

impl Connected {
    /// As it lies in the shared ledger, where all zero is what nobody has written yet: 0 for unknown, 1 for nobody, and so
    /// on.
    pub(super) fn to_word(self) -> u64 {
        match self {
            Self::Unknown => 0,
            Self::To(number) => number.saturating_add(1).min(u64::MAX - 1),
            Self::ToSome => u64::MAX,
        }
    }

    /// The opposite; another process may have written anything.
    pub(super) fn from_word(word: u64) -> Self {
        match word {
            0 => Self::Unknown,
            u64::MAX => Self::ToSome,
            n => Self::To(n - 1),
        }
    }

    /// With how many, where that is known.
    #[must_use]
    pub fn number(self) -> Option<u64> {
        match self {
            Self::To(number) => Some(number),
            Self::Unknown | Self::ToSome => None,
        }
    }

    /// Whether with any, where that is known.
    #[must_use]
    pub fn any(self) -> Option<bool> {
        match self {
            Self::Unknown => None,
            Self::To(number) => Some(number > 0),
            Self::ToSome => Some(true),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        for connected in [Connected::Unknown, Connected::ToSome, Connected::To(0), Connected::To(500)] {
            assert_eq!(Connected::from_word(connected.to_word()), connected);
        }
        assert_eq!(Connected::To(0).any(), Some(false));
        assert_eq!((Connected::ToSome.any(), Connected::ToSome.number()), (Some(true), None));
    }
}
