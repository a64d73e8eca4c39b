//! Live parts: how many elements count, as other bytes of the sample say.

use super::bytes::{Input, Output};
use super::named::{store, swapped};
use super::reject::Reject;
use crate::layout::Scalar;
use crate::layout::tree::{Live, Slot};

/// In memory. A struct or element that a place is relative to starts at `base`.
impl Live {
    /// How many elements of `stride` bytes count, of which there is room for `capacity`. What tells it is read once, and
    /// whatever it says, no more than the room counts.
    #[inline]
    pub(super) fn read(self, input: Input<'_>, base: usize, stride: usize, capacity: usize) -> Result<usize, Reject> {
        let count = self.count.map_or(Ok(capacity), |slot| slot.read(input, base))?;
        let length = match self.length {
            Some(slot) => slot.read(input, base)? / stride.max(1),
            None => capacity,
        };
        Ok(count.min(length).min(capacity))
    }

    /// Writes that `count` elements of `stride` bytes count, which were written to `at`, and their sum.
    #[inline]
    pub(super) fn write(
        self,
        output: &mut Output<'_>,
        base: usize,
        stride: usize,
        count: usize,
        at: usize,
    ) -> Result<(), Reject> {
        let length = stride * count;
        if let Some(slot) = self.count {
            slot.write(output, base, count as u64)?;
        }
        if let Some(slot) = self.length {
            slot.write(output, base, length as u64)?;
        }
        if let Some(slot) = self.sum {
            let sum = output.sum(at, length).ok_or(Reject::SizeMismatch)?;
            slot.store(output, base, sum)?;
        }
        Ok(())
    }

    /// Whether the sum of `length` bytes from `at` on is what the sample says it is.
    #[inline]
    pub(super) fn verify(self, input: Input<'_>, base: usize, at: usize, length: usize) -> Result<(), Reject> {
        let Some(slot) = self.sum else { return Ok(()) };
        let sum = input.sum(at, length).ok_or(Reject::SizeMismatch)?;
        let told = slot.bits(input, base)?;
        if truncate(sum, slot.scalar) == truncate(told, slot.scalar) { Ok(()) } else { Err(Reject::SumMismatch) }
    }
}

impl Slot {
    /// The bits, in two's complement, read once.
    #[inline]
    fn bits(self, input: Input<'_>, base: usize) -> Result<u64, Reject> {
        let at = base + self.at;
        let bits = match self.scalar {
            Scalar::U8 => input.once(at).map(|bytes| u8::from_ne_bytes(bytes).into()),
            Scalar::I8 => input.once(at).map(|bytes| i64::from(i8::from_ne_bytes(bytes)) as u64),
            Scalar::U16 => input.once(at).map(|bytes| u16::from_ne_bytes(bytes).into()),
            Scalar::I16 => input.once(at).map(|bytes| i64::from(i16::from_ne_bytes(bytes)) as u64),
            Scalar::U32 => input.once(at).map(|bytes| u32::from_ne_bytes(bytes).into()),
            Scalar::I32 => input.once(at).map(|bytes| i64::from(i32::from_ne_bytes(bytes)) as u64),
            _ => input.once(at).map(u64::from_ne_bytes),
        };
        let bits = bits.ok_or(Reject::SizeMismatch)?;
        Ok(if self.swapped { swapped(bits, self.scalar) } else { bits })
    }

    /// A length. A negative one is none.
    #[inline]
    fn read(self, input: Input<'_>, base: usize) -> Result<usize, Reject> {
        let bits = self.bits(input, base)?;
        let is_negative = self.scalar.integer_range().is_some_and(|(min, _)| min < 0) && (bits as i64) < 0;
        Ok(if is_negative { 0 } else { usize::try_from(bits).unwrap_or(usize::MAX) })
    }

    #[inline]
    fn write(self, output: &mut Output<'_>, base: usize, value: u64) -> Result<(), Reject> {
        let fits = self.scalar.integer_range().is_some_and(|(_, max)| i128::from(value) <= max);
        if !fits {
            return Err(Reject::OutOfRange);
        }
        self.store(output, base, value)
    }

    /// Writes as much of an integer as there is room for.
    #[inline]
    fn store(self, output: &mut Output<'_>, base: usize, bits: u64) -> Result<(), Reject> {
        let bits = if self.swapped { swapped(bits, self.scalar) } else { bits };
        store(output, self.scalar, base + self.at, bits).ok_or(Reject::SizeMismatch)
    }
}

fn truncate(value: u64, scalar: Scalar) -> u64 {
    value & (u64::MAX >> (64 - 8 * scalar.size() as u32))
}
