//! Struct to JSON.
//!
//! [`build`] turns the tree of a layout into a flat list of operations. Each first writes literal bytes, known when the
//! route is made (braces, keys, commas, constants, fused), and then one value. [`run`] follows them twice, once to count
//! and once to write ([`Sink`]): the length that was measured is that of the document, unless the sample changed.

mod build;
mod run;
mod text;

use super::sink::{Counter, Sink, Writer};
use crate::bytes::{Input, Output};
use crate::choice::Choice;
use crate::error::CompileError;
use crate::leaf::Shower;
use crate::reject::Reject;
use bridge_layout::Scalar;
use bridge_layout::tree::{Extent, Text, Tree};

/// One step: literal bytes, then a value.
#[derive(Debug)]
struct Op {
    literal: Box<[u8]>,
    /// Where the value stands, in bytes from the start of the struct or of the array element that is being written.
    at: usize,
    value: Value,
}

impl Op {
    /// How many of the operations that follow belong to this one.
    fn body(&self) -> usize {
        match self.value {
            Value::Repeat { body, .. } | Value::Optional { body } | Value::OneOf { body, .. } => body,
            Value::Nothing | Value::One(_) | Value::Many(..) | Value::Text(_) | Value::Bytes(_) | Value::Leaf(_) => 0,
        }
    }
}

/// A value of the struct and how it is written.
#[derive(Debug)]
enum Value {
    /// There is only the literal.
    Nothing,
    /// One scalar.
    One(Scalar),
    /// Scalars side by side, commas between them.
    Many(Scalar, Extent),
    /// A text.
    Text(Text),
    /// Bytes, as a text in Base64.
    Bytes(Extent),
    /// A number, a truth value or a name that takes a closer look.
    Leaf(Shower),
    /// Elements `stride` bytes apart, each written by the following `body` operations, commas between them.
    Repeat { extent: Extent, stride: usize, body: usize },
    /// A value that may not be there, as the byte at this place says; written by the following `body` operations.
    Optional { body: usize },
    /// One of several structs, as the tag at this place says; written by some of the following `body` operations.
    OneOf { choice: Choice, body: usize },
}

/// The program of a route.
#[derive(Debug)]
pub(crate) struct Encoder {
    size: usize,
    ops: Vec<Op>,
    max: usize,
}

impl Encoder {
    /// What writes structs with this tree.
    pub(crate) fn compile(tree: &Tree) -> Result<Self, CompileError> {
        let too_large = || CompileError::TooLarge { layout: tree.name.clone() };
        let (ops, max) = build::build(&tree.value).ok_or_else(too_large)?;
        Ok(Self { size: tree.size, ops, max })
    }

    /// Bytes of a sample.
    pub(crate) fn input_size(&self) -> usize {
        self.size
    }

    /// Bytes that no document exceeds.
    pub(crate) fn max_output(&self) -> usize {
        self.max
    }

    pub(crate) fn measure(&self, input: Input<'_>) -> Result<usize, Reject> {
        let mut counter = Counter::default();
        self.follow(input, &mut counter)?;
        Ok(counter.len())
    }

    pub(crate) fn run(&self, input: Input<'_>, output: Output<'_>) -> Result<(), Reject> {
        let mut writer = Writer::new(output);
        self.follow(input, &mut writer)?;
        writer.finish()
    }

    /// Where a sample that was rejected is at fault: a byte of a field.
    pub(crate) fn locate(&self, input: Input<'_>) -> Option<usize> {
        if input.len() == self.size { run::locate(&self.ops, input, 0) } else { None }
    }

    fn follow(&self, input: Input<'_>, sink: &mut impl Sink) -> Result<(), Reject> {
        if input.len() != self.size {
            return Err(Reject::SizeMismatch);
        }
        run::run(&self.ops, input, 0, sink)
    }
}
