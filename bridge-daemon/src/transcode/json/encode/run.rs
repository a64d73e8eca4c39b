//! Follows the operations over a sample.

use super::sink::Sink;
use super::{Op, Value};
use crate::layout::Scalar;
use crate::transcode::bytes::Input;
use crate::transcode::json::escape::{Escape, escape, is_plain};
use crate::transcode::named::Shown;
use crate::transcode::reject::Reject;
use crate::transcode::text::{Utf8, first_nul, word};

/// Follows `ops` for the struct or element that starts at `base`.
pub(super) fn run<S: Sink>(ops: &[Op], input: Input<'_>, base: usize, sink: &mut S) -> Result<(), Reject> {
    let mut rest = ops;
    while let Some((op, after)) = rest.split_first() {
        rest = after;
        let at = base + op.at;
        sink.bytes(&op.literal)?;
        match &op.value {
            Value::Nothing => {}
            Value::Scalars(scalar, count) => scalars(input, at, *scalar, *count, sink)?,
            Value::Text(len) => text(input, at, *len, sink)?,
            Value::Enum(texts) => match texts.shown(input, at)? {
                Shown::Name(text) => sink.bytes(text)?,
                Shown::Unsigned(value) => sink.integer(false, value)?,
                Shown::Signed(value) => sink.integer(value < 0, value.unsigned_abs())?,
            },
            Value::Repeat { count, stride, body } => {
                let (body, after) = rest.split_at_checked(*body).ok_or(Reject::SizeMismatch)?;
                rest = after;
                for index in 0..*count {
                    if index > 0 {
                        sink.bytes(b",")?;
                    }
                    run(body, input, at + index * stride, sink)?;
                }
            }
        }
    }
    Ok(())
}

/// Shows `count` scalars that stand side by side, commas between them.
#[inline]
fn scalars<S: Sink>(input: Input<'_>, at: usize, scalar: Scalar, count: usize, sink: &mut S) -> Result<(), Reject> {
    fn unsigned(value: u64, sink: &mut impl Sink) -> Result<(), Reject> {
        sink.integer(false, value)
    }
    fn signed(value: i64, sink: &mut impl Sink) -> Result<(), Reject> {
        sink.integer(value < 0, value.unsigned_abs())
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

/// Shows a float in the fewest digits that are read as the same one, which is what serde_json does, with the same crate.
#[inline]
fn float<F: zmij::Float + Into<f64> + Copy>(value: F, sink: &mut impl Sink) -> Result<(), Reject> {
    if !value.into().is_finite() {
        return Err(Reject::NotFinite);
    }
    sink.bytes(zmij::Buffer::new().format_finite(value).as_bytes())
}

/// Shows what stands before the first NUL of a text in `len` bytes. Each byte is read once, so what is checked is what
/// is written.
fn text<S: Sink>(input: Input<'_>, at: usize, len: usize, sink: &mut S) -> Result<(), Reject> {
    let mut utf8 = Utf8::default();
    for start in (0..len).step_by(8) {
        let count = (len - start).min(8);
        let word = word(input, at + start, count).ok_or(Reject::SizeMismatch)?;
        let live = first_nul(word).min(count);
        utf8.push(word, live)?;
        if is_plain(word, live) {
            sink.word(word, live)?;
        } else {
            for byte in word.to_le_bytes().into_iter().take(live) {
                match escape(byte) {
                    None => sink.bytes(&[byte])?,
                    Some(Escape::Short(bytes)) => sink.bytes(&bytes)?,
                    Some(Escape::Long(bytes)) => sink.bytes(&bytes)?,
                }
            }
        }
        if live < count {
            break;
        }
    }
    utf8.finish()
}
