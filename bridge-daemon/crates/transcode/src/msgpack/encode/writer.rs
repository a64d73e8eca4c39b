//! Writes a document from its start to its end, never beyond.
//!
//! A writer lives in one function, and only inlined functions borrow it; the others get the output and the position, and
//! give the position back. That keeps it in registers, where the compiler need not fear that a byte written through a
//! raw pointer changed it.

use super::LITERAL;
use crate::bytes::{Input, Output};
use crate::reject::Reject;

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

    /// Writes exactly these bytes.
    #[inline(always)]
    pub(super) fn exactly<const N: usize>(&mut self, bytes: [u8; N]) -> Result<(), Reject> {
        self.output.array(self.at, bytes).ok_or(Reject::SourceChanged)?;
        self.at += N;
        Ok(())
    }

    /// Writes the first `used` of the bytes of `word`, lowest first. What stands behind them may be scribbled over: a
    /// store of fixed size is much faster than a copy of variable size, and those bytes are written later, or the
    /// document does not end where it must.
    #[inline(always)]
    pub(super) fn word(&mut self, word: u64, used: usize) -> Result<(), Reject> {
        if self.output.array(self.at, word.to_le_bytes()).is_none() {
            words_near_end(self.output.reborrow(), self.at, word, 0, used)?;
        }
        self.at += used;
        Ok(())
    }

    /// The same for two words.
    #[inline(always)]
    pub(super) fn words(&mut self, low: u64, high: u64, used: usize) -> Result<(), Reject> {
        let at = self.at;
        let both =
            self.output.array(at + 8, high.to_le_bytes()).and_then(|()| self.output.array(at, low.to_le_bytes()));
        if both.is_none() {
            words_near_end(self.output.reborrow(), at, low, high, used)?;
        }
        self.at += used;
        Ok(())
    }

    /// The same for the literal of an operation.
    #[inline(always)]
    pub(super) fn literal(&mut self, literal: &[u8; LITERAL], used: usize) -> Result<(), Reject> {
        if self.output.array(self.at, *literal).is_none() {
            literal_near_end(self.output.reborrow(), self.at, literal, used)?;
        }
        self.at += used;
        Ok(())
    }

    /// Writes these bytes.
    #[inline(always)]
    pub(super) fn slice(&mut self, bytes: &[u8]) -> Result<(), Reject> {
        self.output.slice(self.at, bytes).ok_or(Reject::SourceChanged)?;
        self.at += bytes.len();
        Ok(())
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

/// Writes words where there is no room to scribble.
#[cold]
#[inline(never)]
fn words_near_end(mut output: Output<'_>, at: usize, low: u64, high: u64, used: usize) -> Result<(), Reject> {
    let bytes = low.to_le_bytes().into_iter().chain(high.to_le_bytes());
    let mut bytes = bytes.take(used).enumerate();
    bytes.try_for_each(|(index, byte)| output.array(at + index, [byte])).ok_or(Reject::SourceChanged)
}

/// Writes a literal where there is no room to scribble. It is short: a call of memcpy would take longer.
#[cold]
#[inline(never)]
fn literal_near_end(mut output: Output<'_>, mut at: usize, literal: &[u8; LITERAL], used: usize) -> Result<(), Reject> {
    let (words, rest) = literal.get(..used).unwrap_or(literal).as_chunks::<8>();
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
