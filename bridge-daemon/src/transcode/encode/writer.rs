//! Writes a document from its start to its end, never beyond.
//!
//! A writer lives in one function, and only inlined functions borrow it; the others get the output and the position, and
//! give the position back. That keeps it in registers, where the compiler need not fear that a byte written through a
//! raw pointer changed it.

use crate::transcode::bytes::{Input, Output};
use crate::transcode::reject::Reject;

/// Where the next byte of the document goes. Every byte before it has been written.
pub(super) struct Writer<'a> {
    output: Output<'a>,
    at: usize,
}

impl<'a> Writer<'a> {
    /// Goes on with `output` from `at` on.
    #[inline(always)]
    pub(super) fn new(output: Output<'a>, at: usize) -> Self {
        Self { output, at }
    }

    /// Where the next byte goes.
    #[inline(always)]
    pub(super) fn position(&self) -> usize {
        self.at
    }

    /// Lets `write` go on with the output from this position, and then goes on from the one that it gives back.
    #[inline(always)]
    pub(super) fn hand_on(
        &mut self,
        write: impl FnOnce(Output<'_>, usize) -> Result<usize, Reject>,
    ) -> Result<(), Reject> {
        self.at = write(self.output.reborrow(), self.at)?;
        Ok(())
    }

    /// Writes the first `used` of `bytes`. What stands behind them may be scribbled over: a copy of fixed size is much
    /// faster than one of variable size, and those bytes are written later, or the document does not end where it must.
    #[inline(always)]
    pub(super) fn put<const N: usize>(&mut self, bytes: [u8; N], used: usize) -> Result<(), Reject> {
        if self.output.array(self.at, bytes).is_none() {
            let used = bytes.get(..used).ok_or(Reject::SizeMismatch)?;
            put_near_end(self.output.reborrow(), self.at, used)?;
        }
        self.at += used;
        Ok(())
    }

    /// Writes one byte at a position that was passed.
    #[inline(always)]
    pub(super) fn patch(&mut self, at: usize, byte: u8) -> Result<(), Reject> {
        self.output.array(at, [byte]).ok_or(Reject::SourceChanged)
    }

    /// Copies `count` bytes of `input` from `from` on.
    #[inline(always)]
    pub(super) fn copy(&mut self, input: Input<'_>, from: usize, count: usize) -> Result<(), Reject> {
        self.output.copy(self.at, input, from, count).ok_or(Reject::SourceChanged)?;
        self.at += count;
        Ok(())
    }

    /// The document is complete: it must fill the output.
    pub(super) fn finish(self) -> Result<(), Reject> {
        if self.at == self.output.len() { Ok(()) } else { Err(Reject::SourceChanged) }
    }
}

/// Writes where there is no room to scribble. These are few bytes: a call of memcpy would take longer.
#[cold]
#[inline(never)]
fn put_near_end(mut output: Output<'_>, mut at: usize, bytes: &[u8]) -> Result<(), Reject> {
    let (words, rest) = bytes.as_chunks::<8>();
    for word in words {
        output.array(at, *word).ok_or(Reject::SourceChanged)?;
        at += 8;
    }
    for byte in rest {
        output.array(at, [*byte]).ok_or(Reject::SourceChanged)?;
        at += 1;
    }
    Ok(())
}
