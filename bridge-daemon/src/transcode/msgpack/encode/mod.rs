//! Struct to MessagePack.
//!
//! [`build`] turns the layout into a flat list of operations. Each first writes literal bytes, known when the route is
//! made (headers, keys, markers, fused), and then one value. [`measure`] is a second list that holds only what makes
//! the length vary. Both run over the sample without allocating; [`writer`] sees to it that nothing is written beyond
//! the output, whatever the sample holds by then.

mod build;
mod measure;
mod run;
mod writer;

use crate::config::plan::Shape;
use crate::layout::{Layout, Scalar};
use std::sync::Arc;

use crate::transcode::bytes::{Input, Output};
use crate::transcode::error::CompileError;
use crate::transcode::named::Texts;
use crate::transcode::reject::Reject;
use crate::transcode::survey::survey;
use measure::Measure;
use writer::Writer;

/// Literal bytes of one operation; a longer literal takes several.
const LITERAL: usize = 24;

/// One step: literal bytes, then a value.
#[derive(Debug)]
struct Op {
    literal: [u8; LITERAL],
    literal_len: u8,
    /// Where the value stands, in bytes from the start of the struct or of the array element that is being written.
    at: usize,
    value: Value,
}

/// A value of the struct and how it is written.
#[derive(Debug)]
enum Value {
    /// There is only the literal.
    Nothing,
    /// One scalar. The marker of a float is in the literal.
    One(Scalar),
    /// An array of this many scalars.
    Many(Scalar, usize),
    /// A text in this many bytes.
    Text(usize),
    /// This many bytes; their header is in the literal.
    Bytes(usize),
    /// An integer whose values have names; shared with the measure.
    Enum(Arc<Texts>),
    /// `count` elements, `stride` bytes apart, each written by the following `body` operations.
    Repeat { count: usize, stride: usize, body: usize },
}

/// The program of a route.
#[derive(Debug)]
pub(in crate::transcode) struct Encoder {
    size: usize,
    ops: Vec<Op>,
    measure: Measure,
}

impl Encoder {
    pub(in crate::transcode) fn compile(layout: &Layout, shape: Shape) -> Result<Self, CompileError> {
        survey(layout)?;
        let too_large = || CompileError::TooLarge { layout: layout.name.clone() };
        let ops = build::build(layout, shape).ok_or_else(too_large)?;
        let measure = Measure::of(&ops).ok_or_else(too_large)?;
        Ok(Self { size: layout.size, ops, measure })
    }

    /// Bytes of a sample.
    pub(in crate::transcode) fn input_size(&self) -> usize {
        self.size
    }

    /// Bytes of the longest document.
    pub(in crate::transcode) fn max_output(&self) -> usize {
        self.measure.max()
    }

    /// Bytes of every document, if they are all of one length.
    pub(in crate::transcode) fn fixed_output(&self) -> Option<usize> {
        self.measure.fixed()
    }

    pub(in crate::transcode) fn measure(&self, input: Input<'_>) -> Result<usize, Reject> {
        if input.len() != self.size {
            return Err(Reject::SizeMismatch);
        }
        self.measure.run(input)
    }

    pub(in crate::transcode) fn run(&self, input: Input<'_>, output: Output<'_>) -> Result<(), Reject> {
        if input.len() != self.size {
            return Err(Reject::SizeMismatch);
        }
        let mut writer = Writer::new(output, 0);
        writer.hand_on(|output, at| run::run(&self.ops, input, 0, output, at))?;
        writer.finish()
    }
}
