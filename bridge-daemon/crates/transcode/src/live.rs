//! Live parts: how many elements count, as other bytes of the sample say.

use super::bytes::{Input, Output};
use super::named::{store, swapped};
use super::reject::Reject;
use bridge_layout::Scalar;
use bridge_layout::tree::{Live, Slot};

/// A live part in memory. A struct or element that a place is relative to starts at `base`.
pub(super) trait LiveInMemory: Copy {
    /// How many elements of `stride` bytes count, of which there is room for `capacity`. What tells it is read once, and
    /// whatever it says, no more than the room counts.
    fn read(self, input: Input<'_>, base: usize, stride: usize, capacity: usize) -> Result<usize, Reject>;

    /// Writes that `count` elements of `stride` bytes count, which were written to `at`, and their sum.
    fn write(self, output: &mut Output<'_>, base: usize, stride: usize, count: usize, at: usize) -> Result<(), Reject>;

    /// Whether the sum of `length` bytes from `at` on is what the sample says it is.
    fn verify(self, input: Input<'_>, base: usize, at: usize, length: usize) -> Result<(), Reject>;
}

impl LiveInMemory for Live {
    #[inline]
    fn read(self, input: Input<'_>, base: usize, stride: usize, capacity: usize) -> Result<usize, Reject> {
        let count = self.count.map_or(Ok(capacity), |slot| slot.read(input, base))?;
        let length = match self.length {
            Some(slot) => slot.read(input, base)? / stride.max(1),
            None => capacity,
        };
        Ok(count.min(length).min(capacity))
    }

    #[inline]
    fn write(self, output: &mut Output<'_>, base: usize, stride: usize, count: usize, at: usize) -> Result<(), Reject> {
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

    #[inline]
    fn verify(self, input: Input<'_>, base: usize, at: usize, length: usize) -> Result<(), Reject> {
        let Some(slot) = self.sum else { return Ok(()) };
        let sum = input.sum(at, length).ok_or(Reject::SizeMismatch)?;
        let told = slot.bits(input, base)?;
        if truncate(sum, slot.scalar) == truncate(told, slot.scalar) { Ok(()) } else { Err(Reject::SumMismatch) }
    }
}

/// What tells a length or a sum, in memory.
pub(super) trait SlotInMemory: Copy {
    /// The bits, in two's complement, read once.
    fn bits(self, input: Input<'_>, base: usize) -> Result<u64, Reject>;

    /// A length. A negative one is none.
    fn read(self, input: Input<'_>, base: usize) -> Result<usize, Reject>;

    fn write(self, output: &mut Output<'_>, base: usize, value: u64) -> Result<(), Reject>;

    /// Writes as much of an integer as there is room for.
    fn store(self, output: &mut Output<'_>, base: usize, bits: u64) -> Result<(), Reject>;
}

impl SlotInMemory for Slot {
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

    #[inline]
    fn store(self, output: &mut Output<'_>, base: usize, bits: u64) -> Result<(), Reject> {
        let bits = if self.swapped { swapped(bits, self.scalar) } else { bits };
        store(output, self.scalar, base + self.at, bits).ok_or(Reject::SizeMismatch)
    }
}

fn truncate(value: u64, scalar: Scalar) -> u64 {
    value & (u64::MAX >> (64 - 8 * scalar.size() as u32))
}
