//! The elements of a list, one operation after the other: what there is to decide about an operation is decided once for
//! many elements.

use super::{Op, number, run, text};
use crate::bytes::{Input, Output};
use crate::leaf::CellInMemory;
use crate::reject::Reject;

/// So many elements at a time, so that they are still in the nearest cache when the next operation comes to them.
const ROWS: usize = 64;

/// Elements that are converted.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rows<'a> {
    pub(super) input: Input<'a>,
    /// Where the first one begins, and bytes from one to the next.
    pub(super) from: (usize, usize),
    /// The same of the output.
    pub(super) to: (usize, usize),
    pub(super) count: usize,
}

impl<'a> Rows<'a> {
    /// Calls `convert` with the places of each.
    #[inline(always)]
    pub(super) fn each(self, mut convert: impl FnMut(usize, usize) -> Result<(), Reject>) -> Result<(), Reject> {
        let (mut from, mut to) = (self.from.0, self.to.0);
        for _ in 0..self.count {
            convert(from, to)?;
            from += self.from.1;
            to += self.to.1;
        }
        Ok(())
    }

    /// The same, from a place in each of them on.
    fn within(self, from: usize, to: usize) -> Self {
        Self { from: (self.from.0 + from, self.from.1), to: (self.to.0 + to, self.to.1), ..self }
    }

    /// At most so many of them, from the one of this index on.
    fn part(self, index: usize, count: usize) -> Rows<'a> {
        let rows = self.within(index * self.from.1, index * self.to.1);
        Rows { count: count.min(self.count - index), ..rows }
    }
}

/// Follows `ops` for all elements.
pub(super) fn run(ops: &[Op], rows: Rows<'_>, output: &mut Output<'_>) -> Result<(), Reject> {
    (0..rows.count).step_by(ROWS).try_for_each(|index| part(ops, rows.part(index, ROWS), output))
}

fn part(ops: &[Op], rows: Rows<'_>, output: &mut Output<'_>) -> Result<(), Reject> {
    let mut rest = ops;
    while let Some(op) = rest.first() {
        let (with_body, after) = rest.split_at_checked(1 + op.body()).ok_or(Reject::SizeMismatch)?;
        rest = after;
        match op {
            Op::Copy { from, to, len } => copy(rows.within(*from, *to), output, *len)?,
            Op::Numbers { from, to, source, sink, count: 1 } => {
                number::column(rows.within(*from, *to), output, (*source, *sink))?;
            }
            Op::Scaled { from, to, source, sink } => {
                rows.within(*from, *to).each(|from, to| sink.number(output, to, source.number(rows.input, from)?))?
            }
            Op::Text { from, source, to, sink } if text::is_column(*source, *sink) => {
                text::column(rows.within(*from, *to), output, *source, *sink)?;
            }
            _ => rows.each(|from, to| run::run(with_body, (rows.input, from), output, to))?,
        }
    }
    Ok(())
}

/// Copies `len` bytes of each.
fn copy(rows: Rows<'_>, output: &mut Output<'_>, len: usize) -> Result<(), Reject> {
    match len {
        4 => copy_each(rows, output, 4),
        8 => copy_each(rows, output, 8),
        16 => copy_each(rows, output, 16),
        24 => copy_each(rows, output, 24),
        32 => copy_each(rows, output, 32),
        _ => copy_each(rows, output, len),
    }
}

/// Where the compiler knows the length, it copies by a few instructions, not by a call.
#[inline(always)]
fn copy_each(rows: Rows<'_>, output: &mut Output<'_>, len: usize) -> Result<(), Reject> {
    rows.each(|from, to| output.copy(to, rows.input, from, len).ok_or(Reject::SizeMismatch))
}
