//! JSON to MessagePack.
//!
//! MessagePack says how many values an array has before it has any; JSON shows it only at the end. So that no array must
//! be followed twice for each one around it, a document is written in two passes. [`Widths`] goes first and leaves a byte
//! in the output for each array and object, in the order in which they open: how long its header is. [`Writer`] then
//! leaves room for the header where an array opens, and writes it where it closes. The bytes stand at the end of the
//! output, where each is still untouched when it is read: behind it there must be room for the headers to come, and none
//! is shorter than its byte.
//!
//! [`follow`] is the walk over the document, which is the same to count, to leave those bytes, and to write.

mod count;
mod head;
mod walk;
mod widths;
mod write;

use crate::bytes::{Input, Output};
use crate::json::reader::Reader;
use crate::reject::Reject;
use count::Counter;
use walk::follow;
use widths::Widths;
use write::Writer;

/// How many bytes `input` becomes.
pub(super) fn measure(input: Input<'_>) -> Result<usize, Reject> {
    let mut counter = Counter::default();
    follow(input, &mut counter)?;
    Ok(counter.len())
}

/// Writes what `input` becomes.
pub(super) fn run(input: Input<'_>, mut output: Output<'_>) -> Result<(), Reject> {
    let mut widths = Widths::new(output.reborrow());
    follow(input, &mut widths)?;
    let at = widths.finish()?;
    let mut writer = Writer::new(output, at);
    follow(input, &mut writer)?;
    writer.finish()
}
