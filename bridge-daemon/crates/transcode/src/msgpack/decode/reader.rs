//! Reads a document from its start to its end, never beyond. Every byte that steers the reader is read once.
//!
//! Like the encoder's writer, a reader lives in one function, and only inlined functions (and rare ones) borrow it; the
//! others get the document and the position, and give the position back. That keeps it in registers, where the compiler
//! need not fear that a byte written through a raw pointer changed it.

use std::cmp::Ordering;

use crate::bytes::Input;
use crate::reject::Reject;
use crate::text::word;

/// Where the next byte of the document is.
pub(super) struct Reader<'a> {
    input: Input<'a>,
    at: usize,
}

impl<'a> Reader<'a> {
    /// Goes on with `input` from `at` on.
    #[inline(always)]
    pub(super) fn new(input: Input<'a>, at: usize) -> Self {
        Self { input, at }
    }

    /// Where the next byte is.
    #[inline(always)]
    pub(super) fn position(&self) -> usize {
        self.at
    }

    /// Lets `read` go on with the document from this position, and then goes on from the one that it gives back.
    #[inline(always)]
    pub(super) fn hand_on(
        &mut self,
        read: impl FnOnce(Input<'a>, usize) -> Result<usize, Reject>,
    ) -> Result<(), Reject> {
        self.at = read(self.input, self.at)?;
        Ok(())
    }

    /// The next byte.
    #[inline(always)]
    pub(super) fn byte(&mut self) -> Result<u8, Reject> {
        let byte = self.input.byte(self.at).ok_or(Reject::Truncated)?;
        self.at += 1;
        Ok(byte)
    }

    /// The next `N` bytes.
    #[inline(always)]
    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N], Reject> {
        let bytes = self.input.array(self.at).ok_or(Reject::Truncated)?;
        self.at += N;
        Ok(bytes)
    }

    /// A number of `count` bytes (1 to 8), highest first.
    #[inline(always)]
    pub(super) fn number(&mut self, count: usize) -> Result<u64, Reject> {
        let word = self.word(0, count)?;
        self.at += count;
        Ok(word.swap_bytes() >> (64 - 8 * count))
    }

    /// A length of `count` bytes (1, 2 or 4), highest first. Lengths steer, so each byte is read once.
    #[inline(always)]
    pub(super) fn length(&mut self, count: usize) -> Result<usize, Reject> {
        let mut length = 0;
        for _ in 0..count {
            length = length << 8 | usize::from(self.byte()?);
        }
        Ok(length)
    }

    /// The `count` bytes (at most 8) that lie `ahead` of the next one, as a word; nothing is passed.
    #[inline(always)]
    pub(super) fn word(&self, ahead: usize, count: usize) -> Result<u64, Reject> {
        word(self.input, self.at.saturating_add(ahead), count).ok_or(Reject::Truncated)
    }

    /// The next byte if it is the first of `expected`; and nothing is passed otherwise.
    #[inline(always)]
    pub(super) fn take<const N: usize>(&mut self, marker: u8) -> Option<[u8; N]> {
        let taken = (self.input.byte(self.at)? == marker).then(|| self.input.array(self.at + 1))??;
        self.at += 1 + N;
        Some(taken)
    }

    /// Passes the key of `len` bytes that is `key`; `false`, and nothing is passed, if another stands there.
    #[inline(always)]
    pub(super) fn key<const N: usize>(&mut self, key: &[u64; N], len: usize) -> bool {
        let mut different = 0;
        let mut at = self.at;
        let mut rest = len;
        for expected in key {
            let count = rest.min(8);
            match word(self.input, at, count) {
                Some(found) => different |= found ^ expected,
                None => return false,
            }
            rest -= count;
            if rest == 0 {
                break;
            }
            at += 8;
        }
        if different == 0 {
            self.at += len;
        }
        different == 0
    }

    /// How the next `len` bytes compare with `other`, in the order of slices; nothing is passed.
    pub(super) fn compare(&self, len: usize, other: &[u8]) -> Result<Ordering, Reject> {
        for (index, theirs) in other.iter().enumerate().take(len) {
            let ours = self.input.byte(self.at + index).ok_or(Reject::Truncated)?;
            match ours.cmp(theirs) {
                Ordering::Equal => {}
                unequal => return Ok(unequal),
            }
        }
        Ok(len.cmp(&other.len()))
    }

    /// Where the next `len` bytes start; they are passed.
    #[inline(always)]
    pub(super) fn pass(&mut self, len: usize) -> Result<usize, Reject> {
        let start = self.at;
        if len > self.input.len() - start {
            return Err(Reject::Truncated);
        }
        self.at = start + len;
        Ok(start)
    }

    /// The document.
    pub(super) fn input(&self) -> Input<'a> {
        self.input
    }

    /// The value is complete: so must the document be.
    pub(super) fn finish(self) -> Result<(), Reject> {
        if self.at == self.input.len() { Ok(()) } else { Err(Reject::TrailingBytes) }
    }
}
