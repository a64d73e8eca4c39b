//! Struct to struct of another layout: each field of the sink is had from the source's field of the same name.
//!
//! [`build`] turns the two layouts into a flat list of operations, in which neighbours that need only be copied are one
//! copy. [`run`] follows it; what could lose something is checked for each sample ([`number`], [`Mapping`]). Padding is
//! zeroed before, and every field of the sink is written, so each byte of the output is.

mod build;
mod mapping;
mod number;
mod run;

use crate::layout::{Layout, Scalar};
use crate::transcode::bytes::{Input, Output};
use crate::transcode::error::CompileError;
use crate::transcode::reject::Reject;
use crate::transcode::survey::{Span, survey};
use mapping::Mapping;

/// One step. Places are in bytes from the start of the struct or of the array element that is being converted.
#[derive(Debug)]
enum Op {
    /// `len` bytes as they are.
    Copy { from: usize, to: usize, len: usize },
    /// `count` scalars that stand side by side.
    Numbers { from: usize, to: usize, source: Scalar, sink: Scalar, count: usize },
    /// A text in `from_len` bytes to one in `to_len` bytes.
    Text { from: usize, from_len: usize, to: usize, to_len: usize },
    /// A value of an enum, an integer, or both.
    Enum { from: usize, to: usize, mapping: Mapping },
    /// `count` elements, so many bytes apart, each converted by the following `body` operations.
    Repeat { from: usize, from_stride: usize, to: usize, to_stride: usize, count: usize, body: usize },
}

/// The program of a route.
#[derive(Debug)]
pub(super) struct Converter {
    from_size: usize,
    to_size: usize,
    padding: Vec<Span>,
    ops: Vec<Op>,
}

impl Converter {
    pub(super) fn compile(from: &Layout, to: &Layout) -> Result<Self, CompileError> {
        survey(from)?;
        let padding = survey(to)?;
        let ops = build::build(from, to).map_err(|problem| CompileError::LayoutsDiffer {
            from_layout: from.name.clone(),
            to_layout: to.name.clone(),
            problem,
        })?;
        Ok(Self { from_size: from.size, to_size: to.size, padding, ops })
    }

    /// Bytes of a sample.
    pub(super) fn input_size(&self) -> usize {
        self.from_size
    }

    /// Bytes of every result.
    pub(super) fn output_size(&self) -> usize {
        self.to_size
    }

    pub(super) fn run(&self, input: Input<'_>, mut output: Output<'_>) -> Result<(), Reject> {
        if input.len() != self.from_size || output.len() != self.to_size {
            return Err(Reject::SizeMismatch);
        }
        for gap in &self.padding {
            output.zeros(gap.at, gap.len).ok_or(Reject::SizeMismatch)?;
        }
        run::run(&self.ops, (input, 0), &mut output, 0)
    }
}
