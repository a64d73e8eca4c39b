//! Lists and blocks of bytes of which the sample tells something: how much of them counts, or their sum.

use super::Element;
use super::number::unsigned;
use super::reader::Reader;
use super::run::{array_len, element, value};
use crate::bytes::{Input, Output};
use crate::live::LiveInMemory;
use crate::reject::Reject;
use crate::spot::note;
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
#[derive(Debug)]
pub(super) enum Of {
    /// Bytes, which make up one value.
    Bytes,
    /// Scalars side by side.
    Scalars(Scalar),
    /// Anything else.
    Elements(Element),
}

impl LiveList {
    /// Reads the list into the bytes from `base + at` on, with zeros behind it, and writes what the sample tells of it.
    /// The document goes on at `start`, and the position after the value is given back.
    #[inline(never)]
    pub(super) fn read(
        &self,
        input: Input<'_>,
        start: usize,
        mut output: Output<'_>,
        (base, at): (usize, usize),
    ) -> Result<usize, Reject> {
        let at = base + at;
        let mut reader = Reader::new(input, start);
        let marker = reader.byte()?;
        let is_block = matches!(self.of, Of::Bytes) && matches!(marker, 0xc4..=0xc6);
        let count = if is_block { reader.length(1 << (marker - 0xc4))? } else { array_len(marker, &mut reader)? };
        if count > self.capacity || (count < self.capacity && !self.live.is_told()) {
            return Err(Reject::ArrayLength);
        }
        match &self.of {
            Of::Bytes if is_block => {
                let from = reader.pass(count)?;
                output.copy(at, input, from, count).ok_or(Reject::SizeMismatch)?;
            }
            Of::Bytes => {
                for at in at..at + count {
                    let byte = unsigned(&mut reader, u8::MAX.into())?;
                    output.array(at, [byte as u8]).ok_or(Reject::SizeMismatch)?;
                }
            }
            Of::Scalars(kind) => {
                for index in 0..count {
                    element(*kind, at + index * self.stride, &mut reader, &mut output)?;
                }
            }
            Of::Elements(element) => {
                for index in 0..count {
                    let (base, start) = (at + index * self.stride, reader.position());
                    value(&element.value, (base, element.at), &mut reader, &mut output)
                        .map_err(|reject| note(reject, Some(base + element.at), Some(start)))?;
                }
            }
        }
        let (live, behind) = (self.stride * count, self.stride * (self.capacity - count));
        output.zeros(at + live, behind).ok_or(Reject::SizeMismatch)?;
        self.live.write(&mut output, base, self.stride, count, at)?;
        Ok(reader.position())
    }
}
