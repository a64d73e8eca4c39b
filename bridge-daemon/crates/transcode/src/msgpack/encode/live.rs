//! Lists and blocks of bytes of which the sample tells something: how much of them counts, or their sum.

use super::Op;
use super::run::{many, run};
use super::writer::Writer;
use crate::bytes::{Input, Output};
use crate::live::LiveInMemory;
use crate::reject::Reject;
use bridge_layout::Scalar;
use bridge_layout::tree::Live;

/// Elements one after the other, or bytes.
#[derive(Debug)]
pub(super) struct LiveList {
    /// What the sample tells, and where.
    pub(super) live: Live,
    /// Elements that there is room for.
    pub(super) capacity: usize,
    /// Bytes from one to the next.
    pub(super) stride: usize,
    pub(super) of: Of,
}

/// What the elements are.
#[derive(Clone, Copy, Debug)]
pub(super) enum Of {
    /// Bytes, which make up one value.
    Bytes,
    /// Scalars side by side.
    Scalars(Scalar),
    /// What the operations after this one write.
    Body,
}

impl LiveList {
    /// How many elements count in this sample.
    #[inline(always)]
    pub(super) fn count(&self, input: Input<'_>, base: usize) -> Result<usize, Reject> {
        self.live.read(input, base, self.stride, self.capacity)
    }

    /// Bytes of the header of so many elements.
    pub(super) const fn header(&self, count: usize) -> usize {
        match (self.of, count) {
            (Of::Bytes, 0..=0xff) => 2,
            (Of::Scalars(_) | Of::Body, 0..=0xf) => 1,
            (_, 0..=0xffff) => 3,
            _ => 5,
        }
    }

    /// Writes the header of so many elements.
    #[inline(always)]
    fn write_header(&self, count: usize, writer: &mut Writer<'_>) -> Result<(), Reject> {
        let [low, high, ..] = count.to_le_bytes();
        let [byte, short, long] = match self.of {
            Of::Bytes => [0xc4, 0xc5, 0xc6],
            Of::Scalars(_) | Of::Body => [0x90 | low, 0xdc, 0xdd],
        };
        match self.header(count) {
            1 => writer.exactly([byte]),
            2 => writer.exactly([byte, low]),
            3 => writer.exactly([short, high, low]),
            _ => {
                writer.exactly([long])?;
                writer.exactly((count as u32).to_be_bytes())
            }
        }
    }

    /// Writes the live part of the list at `base + at`; `body` writes an element.
    #[inline(never)]
    pub(super) fn write(
        &self,
        body: &[Op],
        input: Input<'_>,
        (base, at): (usize, usize),
        output: Output<'_>,
        start: usize,
    ) -> Result<usize, Reject> {
        let at = base + at;
        let count = self.count(input, base)?;
        self.live.verify(input, base, at, self.stride * count)?;
        let mut writer = Writer::new(output, start);
        self.write_header(count, &mut writer)?;
        match self.of {
            Of::Bytes => writer.copy(input, at, count)?,
            Of::Scalars(scalar) => many(input, at, scalar, count, &mut writer)?,
            Of::Body => {
                for index in 0..count {
                    writer.hand_on(|output, start| run(body, input, at + index * self.stride, output, start))?;
                }
            }
        }
        Ok(writer.position())
    }
}
