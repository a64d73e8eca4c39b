//! Which sample this is. All content of a sample follows from it.

/// Who sent a sample, and its place in that sender's sequence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SampleId {
    /// The number given to the publisher on its command line.
    pub source: u16,
    /// From 0, below 2^48.
    pub sequence: u64,
}

impl SampleId {
    /// The sequence number of a sample that is sent until somebody receives it, before those that count.
    pub const PROBE: u64 = (1 << 48) - 1;

    /// Both parts in one word, as payloads carry it.
    pub fn encoded(self) -> u64 {
        (u64::from(self.source) << 48) | self.sequence
    }

    /// The inverse of [`SampleId::encoded`].
    pub fn decoded(encoded: u64) -> Self {
        Self { source: (encoded >> 48) as u16, sequence: encoded & Self::PROBE }
    }

    /// Whether it is sent before those that count.
    pub fn is_probe(self) -> bool {
        self.sequence == Self::PROBE
    }
}
