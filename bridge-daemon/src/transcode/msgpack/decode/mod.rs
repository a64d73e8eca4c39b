//! MessagePack to struct.
//!
//! [`build`] turns the layout into a tree of what is expected where. [`run`] follows the document and this tree
//! together: keys in the order of the layout, which is how every derived serializer writes them, are compared as
//! words; any other order goes through a sorted table. [`reader`] looks at each byte that steers it once and never
//! beyond the end, [`number`] converts where nothing is lost.
//!
//! Padding is zeroed before, and every field must be found once or is zeroed, so each byte of the output is written.

mod build;
mod number;
mod reader;
mod run;
mod skip;
mod text;

use crate::config::plan::Tolerance;
use crate::layout::{Layout, Scalar};
use crate::transcode::bytes::{Input, Output};
use crate::transcode::error::CompileError;
use crate::transcode::fields::Place;
use crate::transcode::named::Names;
use crate::transcode::reject::Reject;
use crate::transcode::survey::{Span, survey};
use reader::Reader;

/// Words of a key that are compared at once: the longest key, with its header, is 24 bytes.
const KEY_WORDS: usize = 3;

/// A struct, and the fields that its map or array must have.
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
    /// The key as it stands in a document, header included, zeros after it.
    key: [u64; KEY_WORDS],
    /// Bytes of it; 0: it is too long for `key`, and found by name.
    key_len: usize,
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
    /// This many bytes.
    Bytes(usize),
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
        let mut reader = Reader::new(input, 0);
        reader.hand_on(|input, start| run::structure(&self.root, input, start, output, 0))?;
        reader.finish()
    }
}
