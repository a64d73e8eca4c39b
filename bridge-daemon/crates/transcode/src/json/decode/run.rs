//! Follows the document and the tree of expectations together.

use super::name::Name;
use super::one_of::chosen;
use super::text::text;
use super::{Kind, Struct, Value};
use crate::blank::write_fixed;
use crate::bytes::Output;
use crate::fields::Seen;
use crate::format::{OnUnknown, Tolerance};
use crate::json::base64;
use crate::json::number::{float, integer, number};
use crate::json::reader::{Reader, unexpected};
use crate::json::skip::skip;
use crate::leaf::Taker;
use crate::live::LiveInMemory;
use crate::named::{look_up, store};
use crate::number::Number;
use crate::reject::Reject;
use crate::spot::note;
use crate::time::Time;
use bridge_layout::Scalar;
use bridge_layout::tree::Extent;

/// Reads one value into its place in the struct or array element that starts at `base`.
pub(super) fn value(
    expected: &Value,
    reader: &mut Reader<'_>,
    output: &mut Output<'_>,
    base: usize,
) -> Result<(), Reject> {
    let at = base + expected.at;
    match &expected.kind {
        Kind::One(kind) => scalar(*kind, reader, output, at),
        Kind::Swapped(kind) => {
            scalar(*kind, reader, output, at)?;
            output.reverse(at, kind.size()).ok_or(Reject::SizeMismatch)
        }
        Kind::Text(kind) => text(*kind, reader, output, base, at),
        Kind::Struct(inner) => structure(inner, reader, output, base),
        Kind::Leaf(taker) => leaf(taker, reader, output, at, |reader| integer(reader).map(Number::Integer)),
        Kind::Scaled(taker) => leaf(taker, reader, output, at, number),
        Kind::Bytes(extent) if reader.token()? == b'"' => {
            reader.pass();
            let count = base64::read(reader, output, at, extent.capacity)?;
            if is_whole(extent) && count != extent.capacity {
                return Err(Reject::ArrayLength);
            }
            finish(extent, count, 1, output, base, at)
        }
        Kind::Bytes(extent) => numbers(Scalar::U8, extent, reader, output, base, at),
        Kind::Many(kind, extent) => numbers(*kind, extent, reader, output, base, at),
        Kind::Repeat { element, stride, extent } => {
            let count = array(reader, extent, |reader, index| {
                let (base, start) = (at + index * stride, reader.position());
                value(element, reader, output, base)
                    .map_err(|reject| note(reject, Some(base + element.at), Some(start)))
            })?;
            finish(extent, count, *stride, output, base, at)
        }
        Kind::Optional { value: inner, bytes } => match reader.token()? {
            b'n' => {
                reader.exactly(b"null")?;
                output
                    .zeros(base + bytes.at, bytes.len)
                    .and_then(|()| output.array(at, [0]))
                    .ok_or(Reject::SizeMismatch)
            }
            _ => {
                output.array(at, [1]).ok_or(Reject::SizeMismatch)?;
                value(inner, reader, output, base)
            }
        },
        Kind::OneOf(told, structs) => {
            let index = chosen(told, reader.clone())?;
            structure(structs.get(index).ok_or(Reject::UnnamedValue)?, reader, output, base)
        }
        Kind::Nil => match reader.token()? {
            b'n' => reader.exactly(b"null"),
            other => Err(unexpected(other)),
        },
        Kind::Nothing => Ok(()),
    }
}

/// Reads numbers side by side.
fn numbers(
    kind: Scalar,
    extent: &Extent,
    reader: &mut Reader<'_>,
    output: &mut Output<'_>,
    base: usize,
    at: usize,
) -> Result<(), Reject> {
    let count = array(reader, extent, |reader, index| {
        let (place, start) = (at + index * kind.size(), reader.position());
        scalar(kind, reader, output, place).map_err(|reject| note(reject, Some(place), Some(start)))
    })?;
    finish(extent, count, kind.size(), output, base, at)
}

/// Whether nothing tells how many elements count, so that all must be there.
fn is_whole(extent: &Extent) -> bool {
    extent.live.is_none_or(|live| live.count.is_none() && live.length.is_none())
}

/// Reads a struct that is part of the one that starts at `base`, or is that: an object, its keys in any order.
fn structure(expected: &Struct, reader: &mut Reader<'_>, output: &mut Output<'_>, base: usize) -> Result<(), Reject> {
    let Tolerance { on_unknown, on_missing, .. } = expected.tolerance;
    write_fixed(&expected.fixed, output, base)?;
    open(reader, b'{')?;
    let mut seen = Seen::first(0);
    let mut guess = 0;
    let mut is_more = reader.token()? != b'}';
    while is_more {
        let key = reader.position();
        let index = match expected.fields.get(guess) {
            Some(field) if reader.take(&field.key) => Some(guess),
            _ => find(expected, reader)?,
        };
        match index.and_then(|index| Some((index, expected.fields.get(index)?))) {
            Some((index, field)) => {
                let place = Some(base + field.value.at);
                seen.add(index).map_err(|reject| note(reject, place, Some(key)))?;
                let start = reader.position();
                value(&field.value, reader, output, base).map_err(|reject| note(reject, place, Some(start)))?;
                guess = index + 1;
            }
            None if on_unknown == OnUnknown::Ignore => skip(reader)?,
            None => return Err(note(Reject::UnknownField, None, Some(key))),
        }
        is_more = match reader.token()? {
            b',' => {
                reader.pass();
                reader.token()?;
                true
            }
            b'}' => false,
            _ => return Err(Reject::Malformed),
        };
    }
    reader.pass();
    seen.finish(expected.fields.iter().map(|field| &field.place), on_missing, output, base)
}

/// Passes a bracket, with which the next value must begin.
#[inline]
fn open(reader: &mut Reader<'_>, bracket: u8) -> Result<(), Reject> {
    match reader.token()? {
        byte if byte == bracket => {
            reader.pass();
            Ok(())
        }
        other => Err(unexpected(other)),
    }
}

/// Passes the next key with its colon and gives the index of its field; `None` if there is none of that name.
fn find(expected: &Struct, reader: &mut Reader<'_>) -> Result<Option<usize>, Reject> {
    reader.expect(b'"')?;
    let key = Name::read(reader)?;
    reader.expect(b':')?;
    look_up(&expected.names, |name| Ok(key.compare(name)))
}

/// Reads an array of at most as many elements as there is room for, each with `element`, and gives their number. Where
/// nothing tells how many count, all must be there.
#[inline]
fn array(
    reader: &mut Reader<'_>,
    extent: &Extent,
    mut element: impl FnMut(&mut Reader<'_>, usize) -> Result<(), Reject>,
) -> Result<usize, Reject> {
    let (capacity, is_whole) = (extent.capacity, is_whole(extent));
    open(reader, b'[')?;
    let mut count = 0;
    let mut is_more = reader.token()? != b']';
    if !is_more {
        reader.pass();
    }
    while is_more {
        if count == capacity {
            return Err(Reject::ArrayLength);
        }
        element(reader, count)?;
        count += 1;
        is_more = match reader.token()? {
            b',' => true,
            b']' => false,
            _ => return Err(Reject::Malformed),
        };
        reader.pass();
    }
    if is_whole && count != capacity { Err(Reject::ArrayLength) } else { Ok(count) }
}

/// Writes what belongs to an array besides its `count` elements of `stride` bytes from `at` on: zeros behind them, and
/// how many they are.
#[inline]
fn finish(
    extent: &Extent,
    count: usize,
    stride: usize,
    output: &mut Output<'_>,
    base: usize,
    at: usize,
) -> Result<(), Reject> {
    let Some(live) = extent.live else { return Ok(()) };
    output.zeros(at + count * stride, (extent.capacity - count) * stride).ok_or(Reject::SizeMismatch)?;
    live.write(output, base, stride, count, at)
}

/// Reads a leaf: a truth value, one of its names, a point in time, or a number.
fn leaf(
    taker: &Taker,
    reader: &mut Reader<'_>,
    output: &mut Output<'_>,
    at: usize,
    number: impl FnOnce(&mut Reader<'_>) -> Result<Number, Reject>,
) -> Result<(), Reject> {
    match reader.token()? {
        b't' | b'f' if taker.is_bool() => taker.boolean(output, at, boolean(reader)?),
        b'"' if taker.has_names() => {
            reader.pass();
            let found = Name::read(reader)?;
            taker.name(output, at, |name| Ok(found.compare(name)))
        }
        b'"' if taker.is_timestamp() => {
            reader.pass();
            let text = Name::read(reader)?;
            taker.time(output, at, Time::of_text(text.bytes().ok_or(Reject::InvalidTimestamp)?)?)
        }
        _ => taker.number(output, at, number(reader)?),
    }
}

/// Reads one scalar.
#[inline]
fn scalar(kind: Scalar, reader: &mut Reader<'_>, output: &mut Output<'_>, at: usize) -> Result<(), Reject> {
    let written = match kind {
        Scalar::F32 => output.array(at, float::<f32>(reader)?.to_ne_bytes()),
        Scalar::F64 => output.array(at, float::<f64>(reader)?.to_ne_bytes()),
        Scalar::Bool => output.array(at, [boolean(reader)?.into()]),
        _ => {
            let value = integer(reader)?;
            let (min, max) = kind.integer_range().ok_or(Reject::WrongType)?;
            if !(min..=max).contains(&value) {
                return Err(Reject::OutOfRange);
            }
            store(output, kind, at, value as u64)
        }
    };
    written.ok_or(Reject::SizeMismatch)
}

/// Reads `true` or `false`.
#[inline]
fn boolean(reader: &mut Reader<'_>) -> Result<bool, Reject> {
    let (value, word) = match reader.token()? {
        b't' => (true, &b"true"[..]),
        b'f' => (false, &b"false"[..]),
        other => return Err(unexpected(other)),
    };
    reader.exactly(word)?;
    Ok(value)
}
