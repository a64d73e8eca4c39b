//! Struct to JSON.
//!
//! [`build`] turns the layout into a flat list of operations. Each first writes literal bytes, known when the route is
//! made (braces, keys, commas, fused), and then one value. [`run`] follows them twice, once to count and once to write
//! ([`sink`]): the length that was measured is that of the document, unless the sample changed.

mod build;
mod run;
mod sink;

use crate::layout::{Layout, Scalar};
use crate::transcode::bytes::{Input, Output};
use crate::transcode::error::CompileError;
use crate::transcode::named::Texts;
use crate::transcode::reject::Reject;
use crate::transcode::survey::survey;
use sink::{Counter, Writer};

/// One step: literal bytes, then a value.
#[derive(Debug)]
struct Op {
    literal: Box<[u8]>,
    /// Where the value stands, in bytes from the start of the struct or of the array element that is being written.
    at: usize,
    value: Value,
}

/// A value of the struct and how it is written.
#[derive(Debug)]
enum Value {
    /// There is only the literal.
    Nothing,
    /// So many scalars, commas between them.
    Scalars(Scalar, usize),
    /// A text in this many bytes.
    Text(usize),
    /// An integer whose values have names.
    Enum(Texts),
    /// `count` elements, `stride` bytes apart, each written by the following `body` operations, commas between them.
    Repeat { count: usize, stride: usize, body: usize },
}

/// The program of a route.
#[derive(Debug)]
pub(in crate::transcode) struct Encoder {
    size: usize,
    ops: Vec<Op>,
    max: usize,
}

impl Encoder {
    pub(in crate::transcode) fn compile(layout: &Layout) -> Result<Self, CompileError> {
        survey(layout)?;
        let too_large = || CompileError::TooLarge { layout: layout.name.clone() };
        let (ops, max) = build::build(layout).ok_or_else(too_large)?;
        Ok(Self { size: layout.size, ops, max })
    }

    /// Bytes of a sample.
    pub(in crate::transcode) fn input_size(&self) -> usize {
        self.size
    }

    /// Bytes that no document exceeds.
    pub(in crate::transcode) fn max_output(&self) -> usize {
        self.max
    }

    pub(in crate::transcode) fn measure(&self, input: Input<'_>) -> Result<usize, Reject> {
        let mut counter = Counter::default();
        self.follow(input, &mut counter)?;
        Ok(counter.len())
    }

    pub(in crate::transcode) fn run(&self, input: Input<'_>, output: Output<'_>) -> Result<(), Reject> {
        let mut writer = Writer::new(output);
        self.follow(input, &mut writer)?;
        writer.finish()
    }

    fn follow(&self, input: Input<'_>, sink: &mut impl sink::Sink) -> Result<(), Reject> {
        if input.len() != self.size {
            return Err(Reject::SizeMismatch);
        }
        run::run(&self.ops, input, 0, sink)
    }
}
