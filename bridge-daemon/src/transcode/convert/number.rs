//! Numbers into any numeric type that holds them without loss.

use crate::layout::Scalar;
use crate::transcode::bytes::{Input, Output};
use crate::transcode::named::{load, store};
use crate::transcode::reject::Reject;

/// A number of the source.
#[derive(Clone, Copy, Debug)]
enum Number {
    Integer(i128),
    Float(f64),
}

/// Converts `count` scalars that stand side by side.
#[inline]
pub(super) fn convert(
    (input, from): (Input<'_>, usize),
    (output, to): (&mut Output<'_>, usize),
    (source, sink): (Scalar, Scalar),
    count: usize,
) -> Result<(), Reject> {
    for index in 0..count {
        one((input, from + index * source.size()), (output, to + index * sink.size()), (source, sink))?;
    }
    Ok(())
}

#[inline(always)]
fn one(
    (input, from): (Input<'_>, usize),
    (output, to): (&mut Output<'_>, usize),
    (source, sink): (Scalar, Scalar),
) -> Result<(), Reject> {
    let number = match source {
        Scalar::Bool => {
            let byte = input.byte(from).ok_or(Reject::SizeMismatch)?;
            // A value that is neither would be no `bool` at all for whoever gets it.
            let (0 | 1, Scalar::Bool) = (byte, sink) else { return Err(Reject::OutOfRange) };
            return output.array(to, [byte]).ok_or(Reject::SizeMismatch);
        }
        Scalar::F32 => Number::Float(input.array(from).map(f32::from_ne_bytes).ok_or(Reject::SizeMismatch)?.into()),
        Scalar::F64 => Number::Float(input.array(from).map(f64::from_ne_bytes).ok_or(Reject::SizeMismatch)?),
        Scalar::U8 | Scalar::U16 | Scalar::U32 | Scalar::U64 => {
            Number::Integer(load(input, from, source).ok_or(Reject::SizeMismatch)?.into())
        }
        Scalar::I8 | Scalar::I16 | Scalar::I32 | Scalar::I64 => {
            Number::Integer((load(input, from, source).ok_or(Reject::SizeMismatch)? as i64).into())
        }
    };
    let stored = match sink {
        Scalar::Bool => return Err(Reject::OutOfRange),
        Scalar::F32 => output.array(to, number.to_f32()?.to_ne_bytes()),
        Scalar::F64 => output.array(to, number.to_f64()?.to_ne_bytes()),
        integer => store(output, integer, to, number.to_integer(integer)?),
    };
    stored.ok_or(Reject::SizeMismatch)
}

impl Number {
    /// In two's complement.
    fn to_integer(self, sink: Scalar) -> Result<u64, Reject> {
        let (min, max) = sink.integer_range().ok_or(Reject::OutOfRange)?;
        let value = match self {
            Self::Integer(value) => value,
            // Floats beyond become the nearest of 128 bits, which is beyond every type, too; NaN is no whole number.
            Self::Float(value) if value.trunc() == value => value as i128,
            Self::Float(_) => return Err(Reject::OutOfRange),
        };
        if (min..=max).contains(&value) { Ok(value as u64) } else { Err(Reject::OutOfRange) }
    }

    fn to_f64(self) -> Result<f64, Reject> {
        match self {
            Self::Float(value) => Ok(value),
            Self::Integer(value) if value as f64 as i128 == value => Ok(value as f64),
            Self::Integer(_) => Err(Reject::OutOfRange),
        }
    }

    fn to_f32(self) -> Result<f32, Reject> {
        let double = self.to_f64()?;
        let float = double as f32;
        if f64::from(float) == double || double.is_nan() { Ok(float) } else { Err(Reject::OutOfRange) }
    }
}
