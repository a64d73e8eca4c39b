//! Numbers into any numeric type that holds them without loss.

use super::columns::Rows;
use crate::bytes::{Input, Output};
use crate::named::{load, store};
use crate::number::Number;
use crate::reject::Reject;
use bridge_layout::Scalar;

/// Converts `count` scalars that stand side by side.
#[inline]
pub(super) fn convert(
    (input, from): (Input<'_>, usize),
    (output, to): (&mut Output<'_>, usize),
    (source, sink): (Scalar, Scalar),
    count: usize,
) -> Result<(), Reject> {
    if count == 1 {
        return one((input, from), (output, to), (source, sink));
    }
    let rows = Rows { input, from: (from, source.size()), to: (to, sink.size()), count };
    column(rows, output, (source, sink))
}

/// Converts a scalar of each element.
pub(super) fn column(rows: Rows<'_>, output: &mut Output<'_>, (source, sink): (Scalar, Scalar)) -> Result<(), Reject> {
    let input = rows.input;
    let (Some(from), Some(to)) = (source.integer_range(), sink.integer_range()) else {
        return rows.each(|from, to| one((input, from), (output, to), (source, sink)));
    };
    let range = Range::common(from, to);
    // One loop for each type of the source, in two's complement of 64 bits.
    macro_rules! loads {
        ($($scalar:ident: |$bytes:ident| $bits:expr;)*) => {
            match source {
                $(Scalar::$scalar => {
                    integers(rows, output, range, sink, |from| input.array(from).map(|$bytes| $bits))
                })*
                Scalar::F32 | Scalar::F64 | Scalar::Bool => Err(Reject::OutOfRange),
            }
        };
    }
    loads! {
        U8: |bytes| u8::from_ne_bytes(bytes).into();
        U16: |bytes| u16::from_ne_bytes(bytes).into();
        U32: |bytes| u32::from_ne_bytes(bytes).into();
        U64: |bytes| u64::from_ne_bytes(bytes);
        I8: |bytes| i64::from(i8::from_ne_bytes(bytes)) as u64;
        I16: |bytes| i64::from(i16::from_ne_bytes(bytes)) as u64;
        I32: |bytes| i64::from(i32::from_ne_bytes(bytes)) as u64;
        I64: |bytes| i64::from_ne_bytes(bytes) as u64;
    }
}

/// The integers that two types have in common.
#[derive(Clone, Copy, Debug)]
struct Range {
    /// The least one, in two's complement.
    min: u64,
    /// How many there are above it.
    above: u64,
}

impl Range {
    fn common((from_min, from_max): (i128, i128), (to_min, to_max): (i128, i128)) -> Self {
        let (min, max) = (from_min.max(to_min), from_max.min(to_max));
        Self { min: min as u64, above: (max - min) as u64 }
    }

    /// Whether an integer of the source's type, in two's complement, is one of them.
    #[inline(always)]
    const fn has(self, bits: u64) -> bool {
        bits.wrapping_sub(self.min) <= self.above
    }
}

#[inline(always)]
fn integers(
    rows: Rows<'_>,
    output: &mut Output<'_>,
    range: Range,
    sink: Scalar,
    load: impl Fn(usize) -> Option<u64>,
) -> Result<(), Reject> {
    let checked = |from| {
        let bits = load(from).ok_or(Reject::SizeMismatch)?;
        if range.has(bits) { Ok(bits) } else { Err(Reject::OutOfRange) }
    };
    match sink.size() {
        1 => rows.each(|from, to| output.array(to, (checked(from)? as u8).to_ne_bytes()).ok_or(Reject::SizeMismatch)),
        2 => rows.each(|from, to| output.array(to, (checked(from)? as u16).to_ne_bytes()).ok_or(Reject::SizeMismatch)),
        4 => rows.each(|from, to| output.array(to, (checked(from)? as u32).to_ne_bytes()).ok_or(Reject::SizeMismatch)),
        _ => rows.each(|from, to| output.array(to, checked(from)?.to_ne_bytes()).ok_or(Reject::SizeMismatch)),
    }
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
