//! Runs the operations over a sample.

use super::text;
use super::writer::Writer;
use super::{Op, Value};
use crate::bytes::{Input, Output};
use crate::msgpack::integer::Form;
use crate::reject::Reject;
use crate::text::{SHORT, short};
use bridge_layout::Scalar;

/// What is written for an optional without a value.
pub(super) const NIL: u8 = 0xc0;

/// Runs `ops` for the struct or element that starts at `base`. The document goes on at `start` of the output, and the
/// position after what was written is given back; so it is with all functions here that are not inlined.
pub(super) fn run(
    ops: &[Op],
    input: Input<'_>,
    base: usize,
    output: Output<'_>,
    start: usize,
) -> Result<usize, Reject> {
    let mut writer = Writer::new(output, start);
    let mut rest = ops;
    while let Some((op, after)) = rest.split_first() {
        rest = after;
        let at = base + op.at;
        writer.literal(&op.literal, usize::from(op.literal_len))?;
        match op.value {
            Value::Nothing => {}
            Value::One(Scalar::F32) => float(input.array::<4>(at), &mut writer)?,
            Value::One(Scalar::F64) => float(input.array::<8>(at), &mut writer)?,
            Value::One(scalar) => many(input, at, scalar, 1, &mut writer)?,
            Value::Many(scalar, count) => {
                writer.hand_on(|output, start| array(input, at, scalar, count, output, start))?
            }
            Value::Text(len @ ..=SHORT) => {
                let (text, live) = short(input, at, len)?;
                writer.exactly([0xa0 | live as u8])?;
                writer.words(text as u64, (text >> 64) as u64, live)?;
            }
            Value::Text(len) => writer.hand_on(|output, start| text::write_nul(input, at, len, output, start))?,
            Value::OtherText(ref text) => {
                writer.hand_on(|output, start| text::write(text, input, (base, op.at), output, start))?;
            }
            Value::Bytes(len) => writer.copy(input, at, len)?,
            Value::Leaf(ref leaf) => writer.hand_on(|output, start| leaf.write(input, at, output, start))?,
            Value::Repeat { count, stride, body } => {
                let (body, after) = rest.split_at_checked(body).ok_or(Reject::SizeMismatch)?;
                rest = after;
                for index in 0..count {
                    writer.hand_on(|output, start| run(body, input, at + index * stride, output, start))?;
                }
            }
            Value::Live { ref list, body } => {
                let (body, after) = rest.split_at_checked(body).ok_or(Reject::SizeMismatch)?;
                rest = after;
                writer.hand_on(|output, start| list.write(body, input, (base, op.at), output, start))?;
            }
            Value::OneOf { ref choice, body } => {
                let (all, after) = rest.split_at_checked(body).ok_or(Reject::SizeMismatch)?;
                rest = after;
                let (_, body) = choice.choose(input, at, all)?;
                writer.hand_on(|output, start| run(body, input, base, output, start))?;
            }
            Value::Optional { body } => {
                let (body, after) = rest.split_at_checked(body).ok_or(Reject::SizeMismatch)?;
                rest = after;
                match input.byte(at) {
                    Some(0) => writer.exactly([NIL])?,
                    Some(1) => writer.hand_on(|output, start| run(body, input, base, output, start))?,
                    Some(_) => return Err(Reject::OutOfRange),
                    None => return Err(Reject::SizeMismatch),
                }
            }
        }
    }
    Ok(writer.position())
}

/// Writes an array of scalars; apart, so that [`run`] stays small.
#[inline(never)]
fn array(
    input: Input<'_>,
    at: usize,
    scalar: Scalar,
    count: usize,
    output: Output<'_>,
    start: usize,
) -> Result<usize, Reject> {
    let mut writer = Writer::new(output, start);
    many(input, at, scalar, count, &mut writer)?;
    Ok(writer.position())
}

/// Writes `count` scalars, each with its marker.
#[inline(always)]
pub(super) fn many(
    input: Input<'_>,
    at: usize,
    scalar: Scalar,
    count: usize,
    writer: &mut Writer<'_>,
) -> Result<(), Reject> {
    match scalar {
        Scalar::U8 => each(input, at, count, |bytes| unsigned(u8::from_ne_bytes(bytes).into(), writer)),
        Scalar::U16 => each(input, at, count, |bytes| unsigned(u16::from_ne_bytes(bytes).into(), writer)),
        Scalar::U32 => each(input, at, count, |bytes| unsigned(u32::from_ne_bytes(bytes).into(), writer)),
        Scalar::U64 => each(input, at, count, |bytes| unsigned(u64::from_ne_bytes(bytes), writer)),
        Scalar::I8 => each(input, at, count, |bytes| signed(i8::from_ne_bytes(bytes).into(), writer)),
        Scalar::I16 => each(input, at, count, |bytes| signed(i16::from_ne_bytes(bytes).into(), writer)),
        Scalar::I32 => each(input, at, count, |bytes| signed(i32::from_ne_bytes(bytes).into(), writer)),
        Scalar::I64 => each(input, at, count, |bytes| signed(i64::from_ne_bytes(bytes), writer)),
        Scalar::Bool => each(input, at, count, |[byte]| match byte {
            0 | 1 => writer.exactly([0xc2 | byte]),
            _ => Err(Reject::OutOfRange),
        }),
        Scalar::F32 => each(input, at, count, |bytes| {
            writer.exactly([0xca])?;
            float::<4>(Some(bytes), writer)
        }),
        Scalar::F64 => each(input, at, count, |bytes| {
            writer.exactly([0xcb])?;
            float::<8>(Some(bytes), writer)
        }),
    }
}

/// Calls `write` with each of `count` values of `N` bytes from `at` on.
#[inline(always)]
fn each<const N: usize>(
    input: Input<'_>,
    at: usize,
    count: usize,
    mut write: impl FnMut([u8; N]) -> Result<(), Reject>,
) -> Result<(), Reject> {
    for index in 0..count {
        write(input.array(at + index * N).ok_or(Reject::SizeMismatch)?)?;
    }
    Ok(())
}

/// Writes the bytes of a float, whose marker was written.
#[inline(always)]
fn float<const N: usize>(bytes: Option<[u8; N]>, writer: &mut Writer<'_>) -> Result<(), Reject> {
    let mut bytes = bytes.ok_or(Reject::SizeMismatch)?;
    if cfg!(target_endian = "little") {
        bytes.reverse();
    }
    writer.exactly(bytes)
}

#[inline(always)]
pub(super) fn unsigned(value: u64, writer: &mut Writer<'_>) -> Result<(), Reject> {
    integer(Form::of_unsigned(value), value, writer)
}

#[inline(always)]
pub(super) fn signed(value: i64, writer: &mut Writer<'_>) -> Result<(), Reject> {
    integer(Form::of_signed(value), value as u64, writer)
}

#[inline(always)]
fn integer(form: Form, value: u64, writer: &mut Writer<'_>) -> Result<(), Reject> {
    writer.exactly([form.marker(value)])?;
    writer.word(form.tail(value), usize::from(form.bytes))
}
