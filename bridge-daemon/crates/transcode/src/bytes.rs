//! The only place outside the endpoints that touches a sample's bytes.
//!
//! Samples lie in memory shared with other processes, which may write it at any time, also while it is read here.
//! Rust has no word for that, so this module keeps to what holds on every machine it runs on:
//!
//! - No reference to a sample's bytes is ever made, so the compiler is never told that they stay as they are.
//! - Every access goes through the checked functions below. The check compares an offset with the length of the
//!   sample, and both are values of ours; whatever a wrong program or a hostile document asks for, nothing outside of
//!   the sample is read or written. Measured, the checks cost nothing that could be seen.
//! - What is read is plain bytes, for which every value is valid. A racing write can at worst give a mixture of old
//!   and new bytes, which is then looked at like any other input.
//! - Bytes that steer the reader (markers and lengths of a document) are read by [`Input::byte`], which is volatile:
//!   the machine reads them once, and a length cannot be one value when checked and another when used.
//!
//! `Input` and `Output` live on the lane that holds the sample and the loan; they are not `Send`.

#![allow(unsafe_code, reason = "shared memory is read and written through raw pointers, all of them here")]

use std::hash::{DefaultHasher, Hasher};
use std::marker::PhantomData;
use std::ptr;

/// The bytes of a received sample.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    start: *const u8,
    len: usize,
    lives: PhantomData<&'a ()>,
}

/// The bytes of a loaned sample, to be written.
#[derive(Debug)]
pub struct Output<'a> {
    start: *mut u8,
    len: usize,
    lives: PhantomData<&'a mut ()>,
}

impl Input<'_> {
    /// The `len` bytes from `start` on.
    ///
    /// # Safety
    ///
    /// For the lifetime of the value, `start` must be valid for reads of `len` bytes, and `len` at most `isize::MAX`.
    /// Other processes may write the bytes meanwhile; this process must not. `start` may dangle when `len` is 0.
    #[must_use]
    pub const unsafe fn from_raw(start: *const u8, len: usize) -> Self {
        Self { start, len, lives: PhantomData }
    }

    /// Number of bytes.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Whether there is no byte.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The byte at `at`, read exactly once; `None` beyond the end.
    #[inline(always)]
    pub(super) fn byte(self, at: usize) -> Option<u8> {
        // SAFETY: `at < len`, so the byte is inside of what `from_raw` was promised; a u8 is always aligned and valid.
        (at < self.len).then(|| unsafe { ptr::read_volatile(self.start.add(at)) })
    }

    /// The `N` bytes from `at` on, each read exactly once; `None` if they reach beyond the end.
    #[inline(always)]
    pub(super) fn once<const N: usize>(self, at: usize) -> Option<[u8; N]> {
        // SAFETY: `at + N <= len`, so all bytes are inside of what `from_raw` was promised; an array of bytes is always
        // aligned and valid.
        holds(self.len, at, N).then(|| unsafe { ptr::read_volatile(self.start.add(at).cast()) })
    }

    /// The sum of `count` bytes from `at` on, each as a number from 0 to 255; `None` if they reach beyond the end.
    pub(super) fn sum(self, at: usize, count: usize) -> Option<u64> {
        if !holds(self.len, at, count) {
            return None;
        }
        let whole = count - count % PIECE;
        let pieces = (0..whole).step_by(PIECE).map(|done| self.array(at + done).map(sum_of_piece));
        let rest = (whole..count).map(|done| self.byte(at + done).map(u64::from));
        Some(pieces.sum::<Option<u64>>()? + rest.sum::<Option<u64>>()?)
    }

    /// See [`Output::fingerprint`].
    fn fingerprint(self) -> u64 {
        let mut hasher = DefaultHasher::new();
        hasher.write_usize(self.len);
        let step = (self.len / FINGERPRINT_PIECES).max(FINGERPRINT_PIECE);
        for start in (0..self.len).step_by(step) {
            match self.array::<FINGERPRINT_PIECE>(start) {
                Some(piece) => hasher.write(&piece),
                None => (start..self.len).filter_map(|at| self.byte(at)).for_each(|byte| hasher.write_u8(byte)),
            }
        }
        hasher.finish()
    }

    /// The `N` bytes from `at` on; `None` if they reach beyond the end.
    #[inline(always)]
    pub(super) fn array<const N: usize>(self, at: usize) -> Option<[u8; N]> {
        // SAFETY: `at + N <= len`, so all bytes are inside of what `from_raw` was promised; any bytes are valid.
        holds(self.len, at, N).then(|| unsafe { ptr::read_unaligned(self.start.add(at).cast()) })
    }
}

impl Output<'_> {
    /// The `len` bytes from `start` on.
    ///
    /// # Safety
    ///
    /// For the lifetime of the value, `start` must be valid for reads and writes of `len` bytes, `len` at most
    /// `isize::MAX`, and nothing else in this process may access the bytes. Shared memory may hold
    /// arbitrary bytes; memory that is private to this process must be initialised. `start`
    /// may dangle when `len` is 0.
    #[must_use]
    pub const unsafe fn from_raw(start: *mut u8, len: usize) -> Self {
        Self { start, len, lives: PhantomData }
    }

    /// Number of bytes.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Whether there is no byte.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Writes all bytes with those of `input`; `None`, and nothing written, if the lengths differ.
    #[inline]
    pub fn fill_from(&mut self, input: Input<'_>) -> Option<()> {
        if input.len == self.len { self.copy(0, input, 0, self.len) } else { None }
    }

    /// Writes all bytes with zero.
    #[inline]
    pub fn fill_zero(&mut self) {
        let _ = self.zeros(0, self.len);
    }

    /// A number that stands for the bytes: of long ones, for pieces from all over.
    #[must_use]
    pub fn fingerprint(&self) -> u64 {
        self.written().fingerprint()
    }

    /// The same bytes, for as long as the borrow lasts.
    #[inline(always)]
    pub const fn reborrow(&mut self) -> Output<'_> {
        Output { start: self.start, len: self.len, lives: PhantomData }
    }

    /// Writes `bytes` from `at` on; `None`, and nothing written, if they do not fit.
    #[inline(always)]
    pub(super) fn array<const N: usize>(&mut self, at: usize, bytes: [u8; N]) -> Option<()> {
        // SAFETY: `at + N <= len`, so all bytes are inside of what `from_raw` was promised.
        holds(self.len, at, N).then(|| unsafe { ptr::write_unaligned(self.start.add(at).cast(), bytes) })
    }

    /// Writes `bytes` from `at` on; `None`, and nothing written, if they do not fit.
    #[inline]
    pub(super) fn slice(&mut self, at: usize, bytes: &[u8]) -> Option<()> {
        // SAFETY: `at + bytes.len() <= len`, so all bytes are inside of what `from_raw` was promised; it was also
        // promised that nothing else in this process accesses them, so `bytes` lies elsewhere.
        holds(self.len, at, bytes.len())
            .then(|| unsafe { ptr::copy_nonoverlapping(bytes.as_ptr(), self.start.add(at), bytes.len()) })
    }

    /// Adds the bits of an integer of `size` bytes (1, 2, 4 or 8) to those at `at`; `None`, and nothing written, if they
    /// do not fit.
    #[inline]
    pub(super) fn merge(&mut self, at: usize, size: usize, bits: u64) -> Option<()> {
        let written = self.written();
        match size {
            1 => self.array(at, (u8::from_ne_bytes(written.array(at)?) | bits as u8).to_ne_bytes()),
            2 => self.array(at, (u16::from_ne_bytes(written.array(at)?) | bits as u16).to_ne_bytes()),
            4 => self.array(at, (u32::from_ne_bytes(written.array(at)?) | bits as u32).to_ne_bytes()),
            _ => self.array(at, (u64::from_ne_bytes(written.array(at)?) | bits).to_ne_bytes()),
        }
    }

    /// The sum of `count` bytes from `at` on, as they are now; `None` if they reach beyond the end.
    pub(super) fn sum(&self, at: usize, count: usize) -> Option<u64> {
        self.written().sum(at, count)
    }

    /// Reverses the order of the `count` bytes from `at` on, at most 8; `None` if they reach beyond the end.
    pub(super) fn reverse(&mut self, at: usize, count: usize) -> Option<()> {
        let mut bytes = [0; 8];
        let used = bytes.get_mut(..count)?;
        for (index, byte) in used.iter_mut().enumerate() {
            *byte = self.byte(at + index)?;
        }
        used.reverse();
        self.slice(at, used)
    }

    /// The byte at `at`, as it is now; `None` beyond the end.
    #[inline]
    pub(super) fn byte(&self, at: usize) -> Option<u8> {
        self.written().byte(at)
    }

    /// Moves `count` bytes from `from` to `to`; `None`, and nothing moved, if one of these reaches beyond the end.
    pub(super) fn shift(&mut self, from: usize, to: usize, count: usize) -> Option<()> {
        // SAFETY: both ranges are inside of what `from_raw` was promised; they may overlap.
        (holds(self.len, from, count) && holds(self.len, to, count))
            .then(|| unsafe { ptr::copy(self.start.add(from), self.start.add(to), count) })
    }

    /// What stands in the output now.
    #[inline(always)]
    pub(super) const fn written(&self) -> Input<'_> {
        Input { start: self.start, len: self.len, lives: PhantomData }
    }

    /// Writes `count` bytes with `byte` from `at` on; `None`, and nothing written, if they do not fit.
    #[inline]
    pub(super) fn fill(&mut self, at: usize, count: usize, byte: u8) -> Option<()> {
        // SAFETY: `at + count <= len`, so all bytes are inside of what `from_raw` was promised.
        holds(self.len, at, count).then(|| unsafe { ptr::write_bytes(self.start.add(at), byte, count) })
    }

    /// Writes `count` zeros from `at` on; `None`, and nothing written, if they do not fit.
    #[inline]
    pub(super) fn zeros(&mut self, at: usize, count: usize) -> Option<()> {
        self.fill(at, count, 0)
    }

    /// Copies `count` bytes of `input` from `from` on to `at`; `None`, and nothing written, if they do not fit.
    #[inline(always)]
    pub(super) fn copy(&mut self, at: usize, input: Input<'_>, from: usize, count: usize) -> Option<()> {
        // SAFETY: both ranges are inside of what the two `from_raw` were promised, and that of the output is accessed
        // by nothing else, so the ranges do not overlap.
        (holds(self.len, at, count) && holds(input.len, from, count))
            .then(|| unsafe { ptr::copy_nonoverlapping(input.start.add(from), self.start.add(at), count) })
    }
}

/// A fingerprint looks at so many pieces of a long sample, of so many bytes each.
const FINGERPRINT_PIECES: usize = 16;
const FINGERPRINT_PIECE: usize = 64;

/// So many bytes are summed in one go: a multiple of 32.
const PIECE: usize = 256;

/// The sum of the bytes. It is written so that compilers use vectors: four words at a time, in lanes of 16 bits, of which
/// each takes two bytes of a word and has room for those of 128 words.
#[inline(always)]
fn sum_of_piece(bytes: [u8; PIECE]) -> u64 {
    const EVEN: u64 = 0x00ff_00ff_00ff_00ff;
    let (words, _) = bytes.as_chunks::<8>();
    let (rows, _) = words.as_chunks::<4>();
    let mut lanes = [0_u64; 4];
    for row in rows {
        for (lane, word) in lanes.iter_mut().zip(row) {
            let word = u64::from_ne_bytes(*word);
            *lane += (word & EVEN) + (word >> 8 & EVEN);
        }
    }
    lanes.iter().map(|lane| (lane & 0xffff) + (lane >> 16 & 0xffff) + (lane >> 32 & 0xffff) + (lane >> 48)).sum()
}

/// Whether `count` bytes from `at` on lie in `len` bytes.
#[inline(always)]
const fn holds(len: usize, at: usize, count: usize) -> bool {
    count <= len && at <= len - count
}

impl<'a> From<&'a [u8]> for Input<'a> {
    fn from(bytes: &'a [u8]) -> Self {
        Self { start: bytes.as_ptr(), len: bytes.len(), lives: PhantomData }
    }
}

/// Memory that other threads of a test write meanwhile, as other processes do with a sample.
#[cfg(test)]
impl<'a> From<&'a [std::sync::atomic::AtomicU8]> for Input<'a> {
    fn from(bytes: &'a [std::sync::atomic::AtomicU8]) -> Self {
        Self { start: bytes.as_ptr().cast(), len: bytes.len(), lives: PhantomData }
    }
}

impl<'a> From<&'a mut [u8]> for Output<'a> {
    fn from(bytes: &'a mut [u8]) -> Self {
        Self { start: bytes.as_mut_ptr(), len: bytes.len(), lives: PhantomData }
    }
}
