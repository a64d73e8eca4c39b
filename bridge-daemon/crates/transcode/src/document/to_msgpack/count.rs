//! How long a document becomes.

use super::Reader;
use super::head::Head;
use super::walk::Sink;
use super::write::number;
use crate::json::string::string;
use crate::reject::Reject;

/// Counts the bytes. No value becomes more than nine bytes for each of its own, which are in memory, so the sums do not
/// overflow.
#[derive(Debug, Default)]
pub(super) struct Counter {
    len: usize,
}

impl Counter {
    /// Bytes of what it took.
    pub(super) fn len(&self) -> usize {
        self.len
    }
}

impl Sink for Counter {
    type Open = ();

    fn byte(&mut self, _: u8) -> Result<(), Reject> {
        self.len += 1;
        Ok(())
    }

    fn number(&mut self, reader: &mut Reader<'_>) -> Result<(), Reject> {
        self.len += number(reader)?.bytes().len();
        Ok(())
    }

    fn string(&mut self, reader: &mut Reader<'_>) -> Result<(), Reject> {
        let mut len = 0;
        string(reader, |_, count| {
            len += count;
            Ok(())
        })?;
        self.len += Head::of_text(len)?.bytes().len() + len;
        Ok(())
    }

    fn open(&mut self) -> Result<(), Reject> {
        Ok(())
    }

    fn close(&mut self, (): (), is_object: bool, count: u32) -> Result<(), Reject> {
        self.len += Head::of_list(is_object, count).bytes().len();
        Ok(())
    }
}
