//! JSON to struct.
//!
//! [`build`] turns the layout into a tree of what is expected where. [`run`] follows the document and this tree together:
//! keys in the order of the layout, written as serde_json writes them, are compared as they are; others are looked up.
//! [`reader`] reads each byte that steers it once and never beyond the end; [`string`] and [`number`] are the values,
//! [`skip`] passes those that nobody wants to know. All of RFC 8259 is understood, and nothing else.
//!
//! Padding is zeroed before, and every field must be found once or is zeroed, so each byte of the output is written.

mod build;
mod number;
mod reader;
mod run;
mod skip;
mod string;

use crate::config::plan::Tolerance;
use crate::layout::{Layout, Scalar};
use crate::transcode::bytes::{Input, Output};
use crate::transcode::error::CompileError;
use crate::transcode::fields::Place;
use crate::transcode::named::Names;
use crate::transcode::reject::Reject;
use crate::transcode::survey::{Span, survey};
use reader::Reader;

/// A struct, and the fields that its object must have.
#[derive(Debug)]
struct Struct {
    fields: Vec<Field>,
    /// The names, sorted, each with the index of its field.
    names: Vec<(Box<[u8]>, usize)>,
    /// What it may lack or have besides.
    tolerance: Tolerance,
}

/// A field, by ascending offset.
#[derive(Debug)]
struct Field {
    /// The key as serde_json writes it, with its quotes and the colon.
    key: Box<[u8]>,
    place: Place,
    value: Value,
}

/// A value of the struct and what it is read from.
#[derive(Debug)]
enum Value {
    /// One scalar.
    One(Scalar),
    /// An array of this many scalars.
    Many(Scalar, usize),
    /// A text in this many bytes.
    Text(usize),
    /// An array of `count` elements, `stride` bytes apart.
    Repeat { count: usize, stride: usize, element: Box<Value> },
    /// A struct.
    Struct(Struct),
    /// An integer whose values have names.
    Enum(Names),
}

/// The program of a route.
#[derive(Debug)]
pub(in crate::transcode) struct Decoder {
    size: usize,
    padding: Vec<Span>,
    root: Struct,
}

impl Decoder {
    pub(in crate::transcode) fn compile(layout: &Layout, tolerance: Tolerance) -> Result<Self, CompileError> {
        let padding = survey(layout)?;
        Ok(Self { size: layout.size, padding, root: build::structure(layout, tolerance) })
    }

    /// Bytes of every result.
    pub(in crate::transcode) fn output_size(&self) -> usize {
        self.size
    }

    pub(in crate::transcode) fn run(&self, input: Input<'_>, mut output: Output<'_>) -> Result<(), Reject> {
        if output.len() != self.size {
            return Err(Reject::SizeMismatch);
        }
        for gap in &self.padding {
            output.zeros(gap.at, gap.len).ok_or(Reject::SizeMismatch)?;
        }
        let mut reader = Reader::new(input);
        run::structure(&self.root, &mut reader, &mut output, 0)?;
        reader.finish()
    }
}
