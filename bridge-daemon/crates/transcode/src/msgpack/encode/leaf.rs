//! Numbers, truth values and names that take a closer look.

use super::build::text;
use super::run::{signed, unsigned};
use super::writer::Writer;
use crate::bytes::{Input, Output};
use crate::leaf::{Shower, Shown};
use crate::msgpack::TIMESTAMP_TYPE;
use crate::msgpack::integer::Form;
use crate::reject::Reject;
use crate::time::Extension;
use bridge_layout::tree::{self, Cell, Meaning};

/// Bytes of a double with its marker, and so of the longest integer.
const DOUBLE: usize = 9;

/// Bytes of a float of 32 bits with its marker.
const SINGLE: usize = 5;

/// A leaf, and how long it is in documents.
#[derive(Debug)]
pub(super) struct Leaf {
    shower: Shower,
    /// Bytes of the shortest and of the longest value.
    lengths: (usize, usize),
}

impl Leaf {
    /// The leaf; `None` if a name is too long for MessagePack.
    pub(super) fn new(leaf: &tree::Leaf) -> Option<Self> {
        let shower = Shower::new(leaf, text)?;
        let integer = match leaf.meaning {
            Meaning::Scaled(_) => DOUBLE,
            _ => longest_integer(leaf.cell),
        };
        let lengths = match (shower.name_lengths(), shower.may_be_integer()) {
            _ if shower.is_single() => (SINGLE, SINGLE),
            _ if shower.is_float() => (DOUBLE, DOUBLE),
            _ if shower.is_timestamp() => Extension::LENGTHS,
            (Some((_, max)), true) => (1, max.max(integer)),
            (Some(lengths), false) => lengths,
            (None, true) => (1, integer),
            (None, false) => (1, 1),
        };
        Some(Self { shower, lengths })
    }

    /// Bytes of the shortest and of the longest value.
    pub(super) const fn lengths(&self) -> (usize, usize) {
        self.lengths
    }

    /// Whether a sample may hold something that is not a value.
    pub(super) fn is_checked(&self) -> bool {
        !self.shower.is_float()
    }

    /// Bytes of the value at `at`.
    #[inline(never)]
    pub(super) fn measure(&self, input: Input<'_>, at: usize) -> Result<usize, Reject> {
        Ok(match self.shower.show(input, at)? {
            Shown::Name(text) => text.len(),
            Shown::Unsigned(value) => 1 + usize::from(Form::of_unsigned(value).bytes),
            Shown::Signed(value) => 1 + usize::from(Form::of_signed(value).bytes),
            Shown::Bool(_) => 1,
            Shown::Single(_) => SINGLE,
            Shown::Float(_) => DOUBLE,
            Shown::Time(time) => time.extension().len(),
        })
    }

    /// Writes the value at `at`.
    #[inline(never)]
    pub(super) fn write(&self, input: Input<'_>, at: usize, output: Output<'_>, start: usize) -> Result<usize, Reject> {
        let mut writer = Writer::new(output, start);
        match self.shower.show(input, at)? {
            Shown::Name(text) => writer.slice(text)?,
            Shown::Unsigned(value) => unsigned(value, &mut writer)?,
            Shown::Signed(value) => signed(value, &mut writer)?,
            Shown::Bool(value) => writer.exactly([0xc2 | u8::from(value)])?,
            Shown::Single(value) => {
                writer.exactly([0xca])?;
                writer.exactly(value.to_be_bytes())?;
            }
            Shown::Float(value) => {
                writer.exactly([0xcb])?;
                writer.exactly(value.to_be_bytes())?;
            }
            Shown::Time(time) => match time.extension() {
                Extension::Short(bytes) => {
                    writer.exactly([0xd6, TIMESTAMP_TYPE])?;
                    writer.exactly(bytes)?;
                }
                Extension::Middle(bytes) => {
                    writer.exactly([0xd7, TIMESTAMP_TYPE])?;
                    writer.exactly(bytes)?;
                }
                Extension::Long(bytes) => {
                    writer.exactly([0xc7, 12, TIMESTAMP_TYPE])?;
                    writer.exactly(bytes)?;
                }
            },
        }
        Ok(writer.position())
    }
}

/// Bytes of the longest integer that lies in memory like this.
fn longest_integer(cell: Cell) -> usize {
    let bits = cell.bits.map_or(8 * cell.scalar.size() as u32, |(_, width)| width.into());
    let unused = 64_u32.saturating_sub(bits);
    let form = match cell.scalar.integer_range() {
        Some((..0, _)) => Form::of_signed(i64::MIN.unbounded_shr(unused)),
        _ => Form::of_unsigned(u64::MAX.unbounded_shr(unused)),
    };
    1 + usize::from(form.bytes)
}
