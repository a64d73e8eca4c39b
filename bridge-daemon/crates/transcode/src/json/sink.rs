//! Where a document goes: to a count of its bytes, or into the output. Both are handed the same.

use super::decimal::{self, MAX_DIGITS};
use crate::bytes::Output;
use crate::reject::Reject;

/// Takes a document from its start to its end.
pub(crate) trait Sink {
    /// Takes these bytes.
    fn bytes(&mut self, bytes: &[u8]) -> Result<(), Reject>;

    /// Takes the first `used` of the bytes of `word`, lowest first.
    fn word(&mut self, word: u64, used: usize) -> Result<(), Reject>;

    /// Takes an integer in decimal digits.
    fn integer(&mut self, is_negative: bool, magnitude: u64) -> Result<(), Reject>;
}

/// Counts.
#[derive(Debug, Default)]
pub(crate) struct Counter {
    len: usize,
}

impl Counter {
    /// Bytes of what it took.
    pub(crate) fn len(&self) -> usize {
        self.len
    }
}

// No document is longer than an encoder's maximum, which can be counted, or than six bytes for each of a sample's, which
// is in memory; so these sums do not overflow.
impl Sink for Counter {
    #[inline]
    fn bytes(&mut self, bytes: &[u8]) -> Result<(), Reject> {
        self.len += bytes.len();
        Ok(())
    }

    #[inline]
    fn word(&mut self, _: u64, used: usize) -> Result<(), Reject> {
        self.len += used;
        Ok(())
    }

    #[inline]
    fn integer(&mut self, is_negative: bool, magnitude: u64) -> Result<(), Reject> {
        self.len += usize::from(is_negative) + decimal::len(magnitude);
        Ok(())
    }
}

/// Writes into the output, and never beyond it.
#[derive(Debug)]
pub(crate) struct Writer<'a> {
    output: Output<'a>,
    /// Where the next byte goes. Every byte before it has been written.
    at: usize,
}

impl<'a> Writer<'a> {
    pub(crate) fn new(output: Output<'a>) -> Self {
        Self { output, at: 0 }
    }

    /// The document is complete: it must fill the output.
    pub(crate) fn finish(self) -> Result<(), Reject> {
        if self.at == self.output.len() { Ok(()) } else { Err(Reject::SourceChanged) }
    }
}

impl Sink for Writer<'_> {
    #[inline]
    fn bytes(&mut self, bytes: &[u8]) -> Result<(), Reject> {
        self.output.slice(self.at, bytes).ok_or(Reject::SourceChanged)?;
        self.at += bytes.len();
        Ok(())
    }

    /// What stands behind the bytes that are used may be scribbled over: it is written later, or the document does not
    /// end where it must.
    #[inline]
    fn word(&mut self, word: u64, used: usize) -> Result<(), Reject> {
        let bytes = word.to_le_bytes();
        if self.output.array(self.at, bytes).is_none() {
            return self.bytes(bytes.get(..used).unwrap_or(&bytes));
        }
        self.at += used;
        Ok(())
    }

    #[inline]
    fn integer(&mut self, is_negative: bool, magnitude: u64) -> Result<(), Reject> {
        if is_negative {
            self.bytes(b"-")?;
        }
        let (digits, len) = decimal::digits(magnitude);
        self.bytes(digits.get(MAX_DIGITS - len..).unwrap_or(&digits))
    }
}
