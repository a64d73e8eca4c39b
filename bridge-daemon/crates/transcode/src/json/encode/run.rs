//! Follows the operations over a sample.

use super::text::text;
use super::{Op, Value};
use crate::bytes::Input;
use crate::json::base64;
use crate::json::show::{boolean, float, signed};
use crate::json::sink::{Counter, Sink};
use crate::leaf::Shown;
use crate::live::LiveInMemory;
use crate::reject::Reject;
use crate::time::TEXT;
use bridge_layout::Scalar;
use bridge_layout::tree::Extent;

/// Follows `ops` for the struct or element that starts at `base`.
pub(super) fn run<S: Sink>(ops: &[Op], input: Input<'_>, base: usize, sink: &mut S) -> Result<(), Reject> {
    let mut rest = ops;
    while let Some((op, after)) = rest.split_first() {
        rest = after;
        let at = base + op.at;
        sink.bytes(&op.literal)?;
        match &op.value {
            Value::Nothing => {}
            Value::One(scalar) => scalars(input, at, *scalar, 1, sink)?,
            Value::Many(scalar, extent) => {
                let count = count(extent, input, base, scalar.size())?;
                scalars(input, at, *scalar, count, sink)?;
                verify(extent, input, base, at, count * scalar.size())?;
            }
            Value::Text(kind) => text(*kind, input, base, at, sink)?,
            Value::Bytes(extent) => {
                let count = count(extent, input, base, 1)?;
                base64::write(input, at, count, sink)?;
                verify(extent, input, base, at, count)?;
            }
            Value::Leaf(shower) => match shower.show(input, at)? {
                Shown::Name(name) => sink.bytes(name)?,
                Shown::Unsigned(value) => sink.integer(false, value)?,
                Shown::Signed(value) => signed(value, sink)?,
                Shown::Single(value) => float(value, sink)?,
                Shown::Float(value) => float(value, sink)?,
                Shown::Bool(value) => boolean(value, sink)?,
                Shown::Time(time) => sink.bytes(time.text(&mut [0; TEXT])?)?,
            },
            Value::Repeat { extent, stride, body } => {
                let (body, after) = rest.split_at_checked(*body).ok_or(Reject::SizeMismatch)?;
                rest = after;
                let count = count(extent, input, base, *stride)?;
                for index in 0..count {
                    if index > 0 {
                        sink.bytes(b",")?;
                    }
                    run(body, input, at + index * stride, sink)?;
                }
                verify(extent, input, base, at, count * stride)?;
            }
            Value::OneOf { choice, body } => {
                let (all, after) = rest.split_at_checked(*body).ok_or(Reject::SizeMismatch)?;
                rest = after;
                run(choice.choose(input, at, all)?.1, input, base, sink)?;
            }
            Value::Optional { body } => {
                let (body, after) = rest.split_at_checked(*body).ok_or(Reject::SizeMismatch)?;
                rest = after;
                match input.byte(at).ok_or(Reject::SizeMismatch)? {
                    0 => sink.bytes(b"null")?,
                    1 => run(body, input, base, sink)?,
                    _ => return Err(Reject::OutOfRange),
                }
            }
        }
    }
    Ok(())
}

/// Where the sample cannot be written: a byte of the first field at fault.
pub(super) fn locate(ops: &[Op], input: Input<'_>, base: usize) -> Option<usize> {
    let mut rest = ops;
    while let Some(op) = rest.first() {
        let at = base + op.at;
        let (this, after) = rest.split_at_checked(1 + op.body())?;
        rest = after;
        if run(this, input, base, &mut Counter::default()).is_ok() {
            continue;
        }
        let body = this.get(1..).unwrap_or_default();
        let inner = match &op.value {
            Value::Many(scalar, extent) => count(extent, input, base, scalar.size()).ok().and_then(|count| {
                let is_faulty = |at: &usize| scalars(input, *at, *scalar, 1, &mut Counter::default()).is_err();
                (0..count).map(|index| at + index * scalar.size()).find(is_faulty)
            }),
            Value::Repeat { extent, stride, .. } => count(extent, input, base, *stride)
                .ok()
                .and_then(|count| (0..count).find_map(|index| locate(body, input, at + index * stride))),
            Value::Optional { .. } => locate(body, input, base),
            Value::OneOf { choice, .. } => {
                choice.choose(input, at, body).ok().and_then(|(_, body)| locate(body, input, base))
            }
            Value::Nothing | Value::One(_) | Value::Text(_) | Value::Bytes(_) | Value::Leaf(_) => None,
        };
        return Some(inner.unwrap_or(at));
    }
    None
}

/// How many elements of `stride` bytes count.
#[inline]
fn count(extent: &Extent, input: Input<'_>, base: usize, stride: usize) -> Result<usize, Reject> {
    extent.live.map_or(Ok(extent.capacity), |live| live.read(input, base, stride, extent.capacity))
}

/// Looks whether the `len` live bytes from `at` on have the sum that the sample says, if it says one.
#[inline]
fn verify(extent: &Extent, input: Input<'_>, base: usize, at: usize, len: usize) -> Result<(), Reject> {
    extent.live.map_or(Ok(()), |live| live.verify(input, base, at, len))
}

/// Shows `count` scalars that stand side by side, commas between them.
#[inline]
fn scalars<S: Sink>(input: Input<'_>, at: usize, scalar: Scalar, count: usize, sink: &mut S) -> Result<(), Reject> {
    fn unsigned(value: u64, sink: &mut impl Sink) -> Result<(), Reject> {
        sink.integer(false, value)
    }
    match scalar {
        Scalar::U8 => each(input, at, count, sink, |bytes, sink| unsigned(u8::from_ne_bytes(bytes).into(), sink)),
        Scalar::U16 => each(input, at, count, sink, |bytes, sink| unsigned(u16::from_ne_bytes(bytes).into(), sink)),
        Scalar::U32 => each(input, at, count, sink, |bytes, sink| unsigned(u32::from_ne_bytes(bytes).into(), sink)),
        Scalar::U64 => each(input, at, count, sink, |bytes, sink| unsigned(u64::from_ne_bytes(bytes), sink)),
        Scalar::I8 => each(input, at, count, sink, |bytes, sink| signed(i8::from_ne_bytes(bytes).into(), sink)),
        Scalar::I16 => each(input, at, count, sink, |bytes, sink| signed(i16::from_ne_bytes(bytes).into(), sink)),
        Scalar::I32 => each(input, at, count, sink, |bytes, sink| signed(i32::from_ne_bytes(bytes).into(), sink)),
        Scalar::I64 => each(input, at, count, sink, |bytes, sink| signed(i64::from_ne_bytes(bytes), sink)),
        Scalar::Bool => each(input, at, count, sink, |[byte], sink| match byte {
            0 => sink.bytes(b"false"),
            1 => sink.bytes(b"true"),
            _ => Err(Reject::OutOfRange),
        }),
        Scalar::F32 => each(input, at, count, sink, |bytes, sink| float(f32::from_ne_bytes(bytes), sink)),
        Scalar::F64 => each(input, at, count, sink, |bytes, sink| float(f64::from_ne_bytes(bytes), sink)),
    }
}

/// Calls `show` with each of `count` values of `N` bytes from `at` on, with commas between them.
#[inline]
fn each<const N: usize, S: Sink>(
    input: Input<'_>,
    at: usize,
    count: usize,
    sink: &mut S,
    show: impl Fn([u8; N], &mut S) -> Result<(), Reject>,
) -> Result<(), Reject> {
    for index in 0..count {
        if index > 0 {
            sink.bytes(b",")?;
        }
        show(input.array(at + index * N).ok_or(Reject::SizeMismatch)?, sink)?;
    }
    Ok(())
}
