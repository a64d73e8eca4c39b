//! Bytes that follow from a sample's id, for payloads of any size.
//!
//! They are a window on one table of mixed words, moved by eight bytes from sample to sample: two samples agree in no
//! word unless 4096 others lie between them, and a comparison is one `memcmp`.

use super::SampleId;

const WORD: usize = size_of::<u64>();
const WINDOWS: usize = 8192;

/// The table. Owned by one application, used by one thread.
pub struct Pattern {
    bytes: Vec<u8>,
    /// Where an id stands in the table at the moment, and what stood there.
    replaced: Option<(usize, [u8; WORD])>,
}

/// Mixes the bits of a number (the finalizer of SplitMix64).
pub(crate) fn mixed(value: u64) -> u64 {
    let mut z = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

impl Pattern {
    /// For payloads of at most `max_size` bytes.
    pub fn new(max_size: usize) -> Self {
        let words = WINDOWS + max_size / WORD + 1;
        // One word before the first window, for an id.
        let bytes = [0; WORD].into_iter().chain((0..words as u64).flat_map(|i| mixed(i).to_le_bytes())).collect();
        Self { bytes, replaced: None }
    }

    /// The content of a sample, `size` bytes of it, at most what the table was made for.
    pub fn content(&mut self, size: usize, id: SampleId) -> &[u8] {
        self.restore();
        let start = Self::start(id);
        &self.bytes[start..start + size]
    }

    /// A whole payload of `size` bytes, at least 8: the id, then its content. Nothing is copied but the id.
    pub fn payload(&mut self, size: usize, id: SampleId) -> &[u8] {
        self.restore();
        let start = Self::start(id) - WORD;
        let mut before = [0; WORD];
        before.copy_from_slice(&self.bytes[start..start + WORD]);
        self.replaced = Some((start, before));
        self.bytes[start..start + WORD].copy_from_slice(&id.encoded().to_le_bytes());
        &self.bytes[start..start + size]
    }

    /// Reads the id of a payload and compares the rest. `None`: it is too short to have one.
    pub fn check(&mut self, payload: &[u8]) -> Option<(SampleId, bool)> {
        let (head, content) = payload.split_first_chunk()?;
        let id = SampleId::decoded(u64::from_le_bytes(*head));
        Some((id, self.content(content.len(), id) == content))
    }

    fn restore(&mut self) {
        if let Some((at, before)) = self.replaced.take() {
            self.bytes[at..at + WORD].copy_from_slice(&before);
        }
    }

    fn start(id: SampleId) -> usize {
        let half = WINDOWS as u64 / 2;
        let window = mixed(u64::from(id.source)) % half + id.sequence % half;
        (window as usize + 1) * WORD
    }
}
