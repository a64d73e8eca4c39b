//! Numbers into any numeric type that holds them without loss.

use crate::layout::Scalar;
use crate::transcode::bytes::{Input, Output};
use crate::transcode::named::{load, store};
use crate::transcode::number::Number;
use crate::transcode::reject::Reject;

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
