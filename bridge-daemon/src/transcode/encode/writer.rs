//! Writes a document from its start to its end, never beyond.

use crate::transcode::bytes::Output;
use crate::transcode::reject::Reject;

/// Where the next byte of the document goes. Every byte before it has been written.
pub(super) struct Writer<'o, 'a> {
    output: &'o mut Output<'a>,
    at: usize,
}

impl<'o, 'a> Writer<'o, 'a> {
    pub(super) fn new(output: &'o mut Output<'a>) -> Self {
        Self { output, at: 0 }
    }

    /// Where the next byte goes.
    #[inline(always)]
    pub(super) fn position(&self) -> usize {
        self.at
    }

    /// Writes the first `used` of `bytes`. What stands behind them may be scribbled over: a copy of fixed size is much
    /// faster than one of variable size, and those bytes are written later, or the document does not end where it must.
    #[inline(always)]
    pub(super) fn put<const N: usize>(&mut self, bytes: [u8; N], used: usize) -> Result<(), Reject> {
        if self.output.array(self.at, bytes).is_none() {
            self.put_exactly(bytes.get(..used).ok_or(Reject::SizeMismatch)?)?;
        }
        self.at += used;
        Ok(())
    }

    /// The same near the end of the output, where there is no room to scribble.
    #[inline(never)]
    fn put_exactly(&mut self, bytes: &[u8]) -> Result<(), Reject> {
        self.output.slice(self.at, bytes).ok_or(Reject::SourceChanged)
    }

    /// Writes one byte at a position that was passed.
    #[inline(always)]
    pub(super) fn patch(&mut self, at: usize, byte: u8) -> Result<(), Reject> {
        self.output.array(at, [byte]).ok_or(Reject::SourceChanged)
    }

    /// Copies `count` bytes of `input` from `from` on.
    #[inline]
    pub(super) fn copy(
        &mut self,
        input: crate::transcode::bytes::Input<'_>,
        from: usize,
        count: usize,
    ) -> Result<(), Reject> {
        self.output.copy(self.at, input, from, count).ok_or(Reject::SourceChanged)?;
        self.at += count;
        Ok(())
    }

    /// The document is complete: it must fill the output.
    pub(super) fn finish(self) -> Result<(), Reject> {
        if self.at == self.output.len() { Ok(()) } else { Err(Reject::SourceChanged) }
    }
}
