//! Struct to MessagePack.
//!
//! [`build`] turns the tree of a struct into a flat list of operations. Each first writes literal bytes, known when the route is
//! made (headers, keys, markers, fused), and then one value. [`measure`] is a second list that holds only what makes
//! the length vary. Both run over the sample without allocating; [`writer`] sees to it that nothing is written beyond
//! the output, whatever the sample holds by then.

mod build;
mod leaf;
mod live;
mod measure;
mod run;
mod text;
mod writer;

use std::sync::Arc;

use crate::bytes::{Input, Output};
use crate::choice::Choice;
use crate::error::CompileError;
use crate::format::Shape;
use crate::reject::Reject;
use bridge_layout::Scalar;
use bridge_layout::tree::{Text, Tree};
use leaf::Leaf;
use live::LiveList;
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
    /// A text in this many bytes, which ends at the first NUL.
    Text(usize),
    /// A text that ends in another way; shared with the measure, as all of these are.
    OtherText(Arc<Text>),
    /// This many bytes; their header is in the literal.
    Bytes(usize),
    /// A number, a truth value or a name that takes a closer look.
    Leaf(Arc<Leaf>),
    /// `count` elements, `stride` bytes apart, each written by the following `body` operations.
    Repeat { count: usize, stride: usize, body: usize },
    /// Elements or bytes of which the sample tells something; the following `body` operations write one.
    Live { list: Arc<LiveList>, body: usize },
    /// Nil, or what the following `body` operations write, as the flag at the operation's place says.
    Optional { body: usize },
    /// What some of the following `body` operations write, as the tag at the operation's place says.
    OneOf { choice: Arc<Choice>, body: usize },
}

/// The program of a route.
#[derive(Debug)]
pub(crate) struct Encoder {
    size: usize,
    ops: Vec<Op>,
    measure: Measure,
}

impl Encoder {
    /// The program that writes what a tree shows of a struct.
    ///
    /// # Errors
    ///
    /// A document could have more bytes than can be counted.
    pub(crate) fn compile(tree: &Tree, shape: Shape) -> Result<Self, CompileError> {
        let too_large = || CompileError::TooLarge { layout: tree.name.clone() };
        let ops = build::build(&tree.value, shape).ok_or_else(too_large)?;
        let measure = Measure::of(&ops).ok_or_else(too_large)?;
        Ok(Self { size: tree.size, ops, measure })
    }

    /// Bytes of a sample.
    pub(crate) fn input_size(&self) -> usize {
        self.size
    }

    /// Bytes of the longest document.
    pub(crate) fn max_output(&self) -> usize {
        self.measure.max()
    }

    /// Bytes of every document, if they are all of one length.
    pub(crate) fn fixed_output(&self) -> Option<usize> {
        self.measure.fixed()
    }

    pub(crate) fn measure(&self, input: Input<'_>) -> Result<usize, Reject> {
        if input.len() != self.size {
            return Err(Reject::SizeMismatch);
        }
        self.measure.run(input)
    }

    /// Where a sample that was rejected is at fault: a byte of a field.
    pub(crate) fn locate(&self, input: Input<'_>) -> Option<usize> {
        if input.len() == self.size { self.measure.locate(input) } else { None }
    }

    pub(crate) fn run(&self, input: Input<'_>, output: Output<'_>) -> Result<(), Reject> {
        if input.len() != self.size {
            return Err(Reject::SizeMismatch);
        }
        let mut writer = Writer::new(output, 0);
        writer.hand_on(|output, at| run::run(&self.ops, input, 0, output, at))?;
        writer.finish()
    }
}
