//! A struct before anything of a document is in it.

use super::bytes::Output;
use super::reject::Reject;
use bridge_layout::tree::{Span, Tree};

/// Bytes that are the same in every struct, with their places.
pub(super) type Fixed = Vec<(usize, Box<[u8]>)>;

/// What is written of a struct whatever the document says.
#[derive(Debug)]
pub(super) struct Blank {
    size: usize,
    padding: Vec<Span>,
    fixed: Fixed,
}

impl Blank {
    /// That of a struct with this tree.
    pub(super) fn of(tree: &Tree) -> Self {
        Self { size: tree.size, padding: tree.gaps(), fixed: tree.fixed.clone() }
    }

    /// Bytes of the struct.
    pub(super) fn size(&self) -> usize {
        self.size
    }

    /// Writes it. The output must have the size of the struct.
    #[inline]
    pub(super) fn write(&self, output: &mut Output<'_>) -> Result<(), Reject> {
        if output.len() != self.size {
            return Err(Reject::SizeMismatch);
        }
        for gap in &self.padding {
            output.zeros(gap.at, gap.len).ok_or(Reject::SizeMismatch)?;
        }
        write_fixed(&self.fixed, output, 0)
    }
}

/// Writes bytes that are always the same, of the struct that starts at `base`.
#[inline(always)]
pub(super) fn write_fixed(fixed: &[(usize, Box<[u8]>)], output: &mut Output<'_>, base: usize) -> Result<(), Reject> {
    fixed.iter().try_for_each(|(at, bytes)| output.slice(base + at, bytes)).ok_or(Reject::SizeMismatch)
}
