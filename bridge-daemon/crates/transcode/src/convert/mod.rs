//! Struct to struct of another layout: each value of the sink is taken from the source's of the same name.
//!
//! [`build`] turns two trees into a flat list of operations, in which neighbours that need only be copied are one copy.
//! [`run`] follows it, for the elements of lists one operation after the other ([`columns`]); what could lose something is checked for each sample ([`number`], [`text`], [`Mapping`]). What
//! nobody writes is zeroed before, and every value of the sink is written, so each byte of the output is.

mod build;
mod columns;
mod mapping;
mod number;
mod run;
mod text;

use super::bytes::{Input, Output};
use super::choice::Choice;
use super::error::CompileError;
use super::leaf::Taker;
use super::reject::Reject;
use bridge_layout::tree::{Absent, Cell, Extent, Span, Text, Tree};
use bridge_layout::{Scalar, TimeUnit};
use mapping::Mapping;

/// One step. Places are in bytes from the start of the struct or of the array element that is being converted.
#[derive(Debug)]
enum Op {
    /// `len` bytes as they are.
    Copy { from: usize, to: usize, len: usize },
    /// Bytes that are always the same.
    Fixed { to: usize, bytes: Box<[u8]> },
    /// `count` scalars that stand side by side.
    Numbers { from: usize, to: usize, source: Scalar, sink: Scalar, count: usize },
    /// A number that is bits of an integer at the source.
    Number { from: usize, to: usize, source: Cell, sink: Cell },
    /// A truth value.
    Bool { from: usize, to: usize, source: Cell, sink: Cell },
    /// A number that is in another unit at the sink.
    Scaled { from: usize, to: usize, source: Cell, sink: Box<Taker> },
    /// A point in time, which the two count in different units.
    Time { from: usize, to: usize, source: (Cell, TimeUnit), sink: (Cell, TimeUnit) },
    /// A value of an enum, an integer, or both.
    Enum { from: usize, to: usize, mapping: Box<Mapping> },
    /// A text.
    Text { from: usize, source: Text, to: usize, sink: Text },
    /// Elements, each converted by the following `body` operations; `None`: they are copied as they are. What lies behind
    /// those that count is zeroed, unless it `is_zeroed` with the padding.
    List { from: Elements, to: Elements, is_zeroed: bool, body: Option<usize> },
    /// A value that the following `body` operations convert, if it is there.
    Optional { from: usize, absent: Option<Box<Absent>>, flag: Option<usize>, body: usize },
    /// One of several structs, as the tag says, converted by some of the following `body` operations.
    OneOf { from: usize, choice: Choice, body: usize },
}

/// Elements one after the other.
#[derive(Clone, Copy, Debug)]
struct Elements {
    at: usize,
    stride: usize,
    extent: Extent,
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
    /// The program for structs of `from`; `to` is keyed by its names.
    pub(super) fn compile(from: &Tree, to: &Tree) -> Result<Self, CompileError> {
        let mut ops = build::build(from, to).map_err(|problem| CompileError::LayoutsDiffer {
            from_layout: from.name.clone(),
            to_layout: to.name.clone(),
            problem,
        })?;
        let padding = to.gaps();
        mark_zeroed(&mut ops, &padding);
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

    /// Where a sample that was rejected is at fault: a byte of a field.
    pub(super) fn locate(&self, input: Input<'_>) -> Option<usize> {
        let mut room = vec![0; self.to_size];
        let mut output = Output::from(room.as_mut_slice());
        if input.len() == self.from_size { run::locate(&self.ops, (input, 0), &mut output, 0) } else { None }
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

impl Op {
    /// Where what it reads stands, from the start of the struct or element; `None`: it reads nothing.
    fn from(&self) -> Option<usize> {
        match self {
            Self::Fixed { .. } => None,
            Self::List { from, .. } => Some(from.at),
            Self::Copy { from, .. }
            | Self::Numbers { from, .. }
            | Self::Number { from, .. }
            | Self::Bool { from, .. }
            | Self::Scaled { from, .. }
            | Self::Time { from, .. }
            | Self::Enum { from, .. }
            | Self::Text { from, .. }
            | Self::Optional { from, .. }
            | Self::OneOf { from, .. } => Some(*from),
        }
    }

    /// How many of the operations that follow belong to this one.
    fn body(&self) -> usize {
        match self {
            Self::List { body, .. } => body.unwrap_or(0),
            Self::Optional { body, .. } | Self::OneOf { body, .. } => *body,
            _ => 0,
        }
    }
}

/// Marks the lists of the struct itself that lie in padding as a whole, since their elements have some.
fn mark_zeroed(ops: &mut [Op], padding: &[Span]) {
    let mut rest = ops;
    while let Some((op, after)) = rest.split_first_mut() {
        let body = op.body();
        if let Op::List { to, is_zeroed, .. } = op {
            let end = to.at + to.stride * to.extent.capacity;
            *is_zeroed = padding.iter().any(|gap| gap.at <= to.at && end <= gap.at + gap.len);
        }
        rest = after.get_mut(body..).unwrap_or_default();
    }
}
