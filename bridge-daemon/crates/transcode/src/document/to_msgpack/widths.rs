//! The lengths of the headers of arrays and objects.

use super::Reader;
use super::head::Head;
use super::walk::Sink;
use crate::bytes::Output;
use crate::json::{number, string};
use crate::reject::Reject;

/// Leaves a byte in the output for each array and object, in the order in which they open: how long its header is.
#[derive(Debug)]
pub(super) struct Widths<'a> {
    output: Output<'a>,
    count: usize,
}

impl<'a> Widths<'a> {
    pub(super) fn new(output: Output<'a>) -> Self {
        Self { output, count: 0 }
    }

    /// The document is complete: moves the bytes to the end of the output, and gives where they begin.
    pub(super) fn finish(mut self) -> Result<usize, Reject> {
        let at = self.output.len().checked_sub(self.count).ok_or(Reject::SourceChanged)?;
        self.output.shift(0, at, self.count).ok_or(Reject::SourceChanged)?;
        Ok(at)
    }
}

impl Sink for Widths<'_> {
    /// Where its byte stands.
    type Open = usize;

    fn byte(&mut self, _: u8) -> Result<(), Reject> {
        Ok(())
    }

    fn number(&mut self, reader: &mut Reader<'_>) -> Result<(), Reject> {
        number::pass(reader)
    }

    fn string(&mut self, reader: &mut Reader<'_>) -> Result<(), Reject> {
        string::string(reader, |_, _| Ok(()))
    }

    fn open(&mut self) -> Result<usize, Reject> {
        self.count += 1;
        Ok(self.count - 1)
    }

    fn close(&mut self, at: usize, is_object: bool, count: u32) -> Result<(), Reject> {
        let width = Head::of_list(is_object, count).bytes().len();
        self.output.array(at, [width as u8]).ok_or(Reject::SourceChanged)
    }
}
