//! Follows the document and the tree of expectations together.

use std::cmp::Ordering;

use super::number::{any, double, exact_float, float, signed, unsigned};
use super::reader::Reader;
use super::skip::skip;
use super::text::{bytes, other_text, text, text_len};
use super::{Element, Field, Optional, Struct, Value};
use crate::blank::write_fixed;
use crate::bytes::{Input, Output};
use crate::fields::Seen;
use crate::format::{OnUnknown, Tolerance};
use crate::leaf::Taker;
use crate::msgpack::TIMESTAMP_TYPE;
use crate::named::look_up;
use crate::reject::Reject;
use crate::spot::note;
use crate::time::{Extension, Time};
use bridge_layout::Scalar;

/// Reads a whole document.
pub(super) fn root(root: &Element, input: Input<'_>, start: usize, mut output: Output<'_>) -> Result<usize, Reject> {
    let mut reader = Reader::new(input, start);
    value(&root.value, (0, root.at), &mut reader, &mut output)
        .map_err(|reject| note(reject, Some(root.at), Some(start)))?;
    Ok(reader.position())
}

/// Reads a struct whose places start at `base`: a map in any order, or an array in the order of the fields.
/// The document goes on at `start`, and the position after the value is given back; so it is with all functions here
/// that are not inlined.
#[inline(never)]
fn structure(
    expected: &Struct,
    input: Input<'_>,
    start: usize,
    mut output: Output<'_>,
    base: usize,
) -> Result<usize, Reject> {
    write_fixed(&expected.fixed, &mut output, base)?;
    let mut reader = Reader::new(input, start);
    let fields = expected.fields.as_slice();
    let marker = reader.byte()?;
    let (keyed, entries) = match marker {
        0x80..=0x8f => (true, usize::from(marker & 0x0f)),
        0xde => (true, reader.length(2)?),
        0xdf => (true, reader.length(4)?),
        _ => (false, array_len(marker, &mut reader)?),
    };
    if !keyed && entries != fields.len() {
        return other_length(expected, entries, input, reader.position(), output, base);
    }
    for (index, field) in fields.iter().enumerate() {
        if keyed && (index == entries || !is_next(field, &mut reader)) {
            return any_order(expected, (index, entries), input, reader.position(), output, base);
        }
        field_value(field, base, &mut reader, &mut output)?;
    }
    if entries == fields.len() {
        return Ok(reader.position());
    }
    any_order(expected, (fields.len(), entries), input, reader.position(), output, base)
}

/// Reads an array of another number of values than the struct has fields: the last ones are missing, or unknown.
#[inline(never)]
fn other_length(
    expected: &Struct,
    entries: usize,
    input: Input<'_>,
    start: usize,
    mut output: Output<'_>,
    base: usize,
) -> Result<usize, Reject> {
    let Tolerance { on_unknown, on_missing, .. } = expected.tolerance;
    let is_tolerated = match entries.cmp(&expected.fields.len()) {
        Ordering::Less => {
            let mut missing = expected.fields.iter().skip(entries);
            missing.all(|field| field.place.may_be_missing(on_missing))
        }
        Ordering::Equal => true,
        Ordering::Greater => on_unknown == OnUnknown::Ignore,
    };
    if !is_tolerated {
        return Err(Reject::ArrayLength);
    }
    let mut reader = Reader::new(input, start);
    for (index, field) in expected.fields.iter().enumerate() {
        if index < entries {
            field_value(field, base, &mut reader, &mut output)?;
        } else {
            field.place.leave_out(on_missing, &mut output, base)?;
        }
    }
    for _ in expected.fields.len()..entries {
        reader.hand_on(skip)?;
    }
    Ok(reader.position())
}

/// Reads the value of a field of the struct whose places start at `base`.
#[inline(always)]
fn field_value(field: &Field, base: usize, reader: &mut Reader<'_>, output: &mut Output<'_>) -> Result<(), Reject> {
    let start = reader.position();
    value(&field.value, (base, field.place.at), reader, output)
        .map_err(|reject| note(reject, Some(base + field.place.at), Some(start)))
}

/// Passes the key of `field`, if it is next.
#[inline(always)]
fn is_next(field: &Field, reader: &mut Reader<'_>) -> bool {
    field.key_len > 0 && reader.key(&field.key, field.key_len)
}

/// Reads the entries of a map from the `done`th on, before which the fields came in order.
#[inline(never)]
fn any_order(
    expected: &Struct,
    (done, entries): (usize, usize),
    input: Input<'_>,
    start: usize,
    mut output: Output<'_>,
    base: usize,
) -> Result<usize, Reject> {
    let mut reader = Reader::new(input, start);
    let Tolerance { on_unknown, on_missing, .. } = expected.tolerance;
    let mut seen = Seen::first(done);
    let mut guess = done;
    for _ in done..entries {
        let key = reader.position();
        let index = match expected.fields.get(guess) {
            Some(field) if is_next(field, &mut reader) => Some(guess),
            _ => find(expected, &mut reader, on_unknown)?,
        };
        match index.and_then(|index| Some((index, expected.fields.get(index)?))) {
            Some((index, field)) => {
                seen.add(index).map_err(|reject| note(reject, Some(base + field.place.at), Some(key)))?;
                field_value(field, base, &mut reader, &mut output)?;
                guess = index + 1;
            }
            None if on_unknown == OnUnknown::Ignore => reader.hand_on(skip)?,
            None => return Err(note(Reject::UnknownField, None, Some(key))),
        }
    }
    seen.finish(expected.fields.iter().map(|field| &field.place), on_missing, &mut output, base)?;
    Ok(reader.position())
}

/// Passes the next key and gives the index of its field; `None` if there is none of that name. A key that is no text is
/// that of no field.
fn find(expected: &Struct, reader: &mut Reader<'_>, on_unknown: OnUnknown) -> Result<Option<usize>, Reject> {
    let start = reader.position();
    let marker = reader.byte()?;
    if on_unknown == OnUnknown::Ignore && !matches!(marker, 0xa0..=0xbf | 0xd9..=0xdb) {
        *reader = Reader::new(reader.input(), start);
        reader.hand_on(skip)?;
        return Ok(None);
    }
    let len = text_len(marker, reader)?;
    let index = look_up(&expected.names, |name| reader.compare(len, name))?;
    reader.pass(len)?;
    Ok(index)
}

/// The length of an array whose header starts with `marker`, which was passed.
#[inline(always)]
pub(super) fn array_len(marker: u8, reader: &mut Reader<'_>) -> Result<usize, Reject> {
    match marker {
        0x90..=0x9f => Ok(usize::from(marker & 0x0f)),
        0xdc => reader.length(2),
        0xdd => reader.length(4),
        _ => Err(Reject::WrongType),
    }
}

/// Reads one value into the bytes from `base + at` on.
#[inline(always)]
pub(super) fn value(
    expected: &Value,
    (base, at): (usize, usize),
    reader: &mut Reader<'_>,
    output: &mut Output<'_>,
) -> Result<(), Reject> {
    match expected {
        Value::One(kind) => scalar(*kind, base + at, reader, output),
        Value::Text(len) => text(reader, output, base + at, *len),
        Value::Bytes(len) => reader.hand_on(|input, start| bytes(input, start, output.reborrow(), base + at, *len)),
        Value::Struct(inner) => reader.hand_on(|input, start| structure(inner, input, start, output.reborrow(), base)),
        rare => reader.hand_on(|input, start| rare_value(rare, (base, at), input, start, output.reborrow())),
    }
}

/// Reads one of the other values; apart, so that [`structure`] stays small.
#[inline(never)]
fn rare_value(
    expected: &Value,
    (base, at): (usize, usize),
    input: Input<'_>,
    start: usize,
    output: Output<'_>,
) -> Result<usize, Reject> {
    match expected {
        Value::Many(..) | Value::Repeat { .. } => array(expected, input, start, output, base + at),
        Value::Live(list) => list.read(input, start, output, (base, at)),
        Value::OtherText(text) => other_text(text, input, start, output, (base, at)),
        Value::Optional(inner) => optional(inner, input, start, output, base),
        Value::OneOf(inner) => structure(inner.chosen(input, start)?, input, start, output, base),
        Value::Nil => match Reader::new(input, start).byte()? {
            0xc0 => Ok(start + 1),
            _ => Err(Reject::WrongType),
        },
        Value::Leaf(taker) => leaf(taker, input, start, output, base + at),
        Value::Swapped(inner, size) => {
            let (mut reader, mut output) = (Reader::new(input, start), output);
            value(inner, (base, at), &mut reader, &mut output)?;
            output.reverse(base + at, *size).ok_or(Reject::SizeMismatch)?;
            Ok(reader.position())
        }
        Value::ExactFloat => {
            let (mut reader, mut output) = (Reader::new(input, start), output);
            output.array(base + at, exact_float(&mut reader)?).ok_or(Reject::SizeMismatch)?;
            Ok(reader.position())
        }
        Value::Ignored => skip(input, start),
        Value::One(_) | Value::Text(_) | Value::Bytes(_) | Value::Struct(_) => Err(Reject::WrongType),
    }
}

/// Reads an array into the bytes from `at` on.
#[inline(never)]
fn array(expected: &Value, input: Input<'_>, start: usize, mut output: Output<'_>, at: usize) -> Result<usize, Reject> {
    let mut reader = Reader::new(input, start);
    let marker = reader.byte()?;
    let len = array_len(marker, &mut reader)?;
    match expected {
        Value::Many(_, count) | Value::Repeat { count, .. } if *count != len => return Err(Reject::ArrayLength),
        Value::Many(kind, count) => {
            (0..*count).try_for_each(|index| element(*kind, at + index * kind.size(), &mut reader, &mut output))?;
        }
        Value::Repeat { count, stride, element } => {
            for index in 0..*count {
                let (base, start) = (at + index * stride, reader.position());
                value(&element.value, (base, element.at), &mut reader, &mut output)
                    .map_err(|reject| note(reject, Some(base + element.at), Some(start)))?;
            }
        }
        _ => return Err(Reject::WrongType),
    }
    Ok(reader.position())
}

/// Reads nil, or a value, both with the base `base`.
#[inline(never)]
fn optional(
    Optional { flag, size, some }: &Optional,
    input: Input<'_>,
    start: usize,
    mut output: Output<'_>,
    base: usize,
) -> Result<usize, Reject> {
    let mut reader = Reader::new(input, start);
    let is_nil = reader.take::<0>(0xc0).is_some();
    output.array(base + flag, [u8::from(!is_nil)]).ok_or(Reject::SizeMismatch)?;
    if is_nil {
        output.zeros(base + some.at, *size).ok_or(Reject::SizeMismatch)?;
    } else {
        value(&some.value, (base, some.at), &mut reader, &mut output)?;
    }
    Ok(reader.position())
}

/// Reads a name, a truth value, a timestamp or a number.
#[inline(never)]
fn leaf(taker: &Taker, input: Input<'_>, start: usize, mut output: Output<'_>, at: usize) -> Result<usize, Reject> {
    let mut reader = Reader::new(input, start);
    let marker = reader.byte()?;
    match marker {
        0xa0..=0xbf | 0xd9..=0xdb if taker.has_names() => {
            let len = text_len(marker, &mut reader)?;
            taker.name(&mut output, at, |name| reader.compare(len, name))?;
            reader.pass(len)?;
        }
        0xc2 | 0xc3 => taker.boolean(&mut output, at, marker == 0xc3)?,
        0xc7 | 0xd6 | 0xd7 if taker.is_timestamp() => taker.time(&mut output, at, timestamp(marker, &mut reader)?)?,
        _ => taker.number(&mut output, at, any(marker, &mut reader)?)?,
    }
    Ok(reader.position())
}

/// Reads a timestamp whose marker was passed. What another extension is, it is no timestamp.
fn timestamp(marker: u8, reader: &mut Reader<'_>) -> Result<Time, Reject> {
    if marker == 0xc7 && reader.byte()? != 12 {
        return Err(Reject::InvalidTimestamp);
    }
    if reader.byte()? != TIMESTAMP_TYPE {
        return Err(Reject::InvalidTimestamp);
    }
    Time::of_extension(match marker {
        0xd6 => Extension::Short(reader.array()?),
        0xd7 => Extension::Middle(reader.array()?),
        _ => Extension::Long(reader.array()?),
    })
}

/// Reads one scalar of several.
#[inline(always)]
pub(super) fn element(kind: Scalar, at: usize, reader: &mut Reader<'_>, output: &mut Output<'_>) -> Result<(), Reject> {
    let start = reader.position();
    scalar(kind, at, reader, output).map_err(|reject| note(reject, Some(at), Some(start)))
}

/// Reads one scalar.
#[inline(always)]
pub(super) fn scalar(kind: Scalar, at: usize, reader: &mut Reader<'_>, output: &mut Output<'_>) -> Result<(), Reject> {
    let written = match kind {
        Scalar::U8 => output.array(at, (unsigned(reader, u8::MAX.into())? as u8).to_ne_bytes()),
        Scalar::U16 => output.array(at, (unsigned(reader, u16::MAX.into())? as u16).to_ne_bytes()),
        Scalar::U32 => output.array(at, (unsigned(reader, u32::MAX.into())? as u32).to_ne_bytes()),
        Scalar::U64 => output.array(at, unsigned(reader, u64::MAX)?.to_ne_bytes()),
        Scalar::I8 => output.array(at, (signed(reader, i8::MIN.into(), i8::MAX.into())? as i8).to_ne_bytes()),
        Scalar::I16 => output.array(at, (signed(reader, i16::MIN.into(), i16::MAX.into())? as i16).to_ne_bytes()),
        Scalar::I32 => output.array(at, (signed(reader, i32::MIN.into(), i32::MAX.into())? as i32).to_ne_bytes()),
        Scalar::I64 => output.array(at, signed(reader, i64::MIN, i64::MAX)?.to_ne_bytes()),
        Scalar::F32 => output.array(at, float(reader)?),
        Scalar::F64 => output.array(at, double(reader)?),
        Scalar::Bool => match reader.byte()? {
            marker @ (0xc2 | 0xc3) => output.array(at, [marker & 1]),
            _ => return Err(Reject::WrongType),
        },
    };
    written.ok_or(Reject::SizeMismatch)
}
