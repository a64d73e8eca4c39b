//! Follows the document and the tree of expectations together.

use super::number::{double, float, signed, unsigned};
use super::reader::Reader;
use super::text::{bytes, text, text_len};
use super::{Field, Struct, Value};
use crate::layout::Scalar;
use crate::transcode::bytes::Output;
use crate::transcode::reject::Reject;
use crate::transcode::survey::MAX_FIELDS;

/// Reads a struct into the bytes from `base` on: a map in any order, or an array in the order of the fields.
pub(super) fn structure(
    expected: &Struct,
    base: usize,
    reader: &mut Reader<'_>,
    output: &mut Output<'_>,
) -> Result<(), Reject> {
    let marker = reader.byte()?;
    let entries = match marker {
        0x80..=0x8f => usize::from(marker & 0x0f),
        0xde => reader.length(2)?,
        0xdf => reader.length(4)?,
        _ => {
            if array_len(marker, reader)? != expected.fields.len() {
                return Err(Reject::ArrayLength);
            }
            return expected.fields.iter().try_for_each(|field| value(&field.value, base + field.at, reader, output));
        }
    };
    for (index, field) in expected.fields.iter().enumerate() {
        if index == entries || !is_next(field, reader) {
            return any_order(expected, base, index, entries, reader, output);
        }
        value(&field.value, base + field.at, reader, output)?;
    }
    any_order(expected, base, expected.fields.len(), entries, reader, output)
}

/// Passes the key of `field`, if it is next.
#[inline(always)]
fn is_next(field: &Field, reader: &mut Reader<'_>) -> bool {
    field.key_len > 0 && reader.key(&field.key, field.key_len)
}

/// Reads the entries of a map from the `done`th on, before which the fields came in order.
fn any_order(
    expected: &Struct,
    base: usize,
    done: usize,
    entries: usize,
    reader: &mut Reader<'_>,
    output: &mut Output<'_>,
) -> Result<(), Reject> {
    if done == entries {
        return if done == expected.fields.len() { Ok(()) } else { Err(Reject::MissingField) };
    }
    let mut seen = [0_u64; MAX_FIELDS / 64];
    for (word, first) in seen.iter_mut().zip((0..done).step_by(64)) {
        *word = !u64::MAX.unbounded_shl((done - first) as u32);
    }
    let mut guess = done;
    for _ in done..entries {
        let index = match expected.fields.get(guess) {
            Some(field) if is_next(field, reader) => guess,
            _ => find(expected, reader)?,
        };
        let field = expected.fields.get(index).ok_or(Reject::UnknownField)?;
        let word = seen.get_mut(index / 64).ok_or(Reject::UnknownField)?;
        let bit = 1 << (index % 64);
        if *word & bit != 0 {
            return Err(Reject::DuplicateField);
        }
        *word |= bit;
        value(&field.value, base + field.at, reader, output)?;
        guess = index + 1;
    }
    // No field came twice, so if as many came as there are, all came.
    if entries == expected.fields.len() { Ok(()) } else { Err(Reject::MissingField) }
}

/// Passes the next key and gives the index of its field.
fn find(expected: &Struct, reader: &mut Reader<'_>) -> Result<usize, Reject> {
    let marker = reader.byte()?;
    let len = text_len(marker, reader)?;
    let (mut low, mut high) = (0, expected.names.len());
    while let Some((name, index)) = expected.names.get(low..high).and_then(|names| names.get(names.len() / 2)) {
        let middle = low + (high - low) / 2;
        match reader.compare(len, name)? {
            std::cmp::Ordering::Less => high = middle,
            std::cmp::Ordering::Greater => low = middle + 1,
            std::cmp::Ordering::Equal => {
                reader.pass(len)?;
                return Ok(*index);
            }
        }
    }
    reader.pass(len)?;
    Err(Reject::UnknownField)
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

/// Passes the header of an array of `count` elements.
#[inline(always)]
fn array(count: usize, reader: &mut Reader<'_>) -> Result<(), Reject> {
    let marker = reader.byte()?;
    if array_len(marker, reader)? == count { Ok(()) } else { Err(Reject::ArrayLength) }
}

/// Reads one value into the bytes from `at` on.
#[inline]
fn value(expected: &Value, at: usize, reader: &mut Reader<'_>, output: &mut Output<'_>) -> Result<(), Reject> {
    match expected {
        Value::One(kind) => scalar(*kind, at, reader, output),
        Value::Many(kind, count) => {
            array(*count, reader)?;
            (0..*count).try_for_each(|index| scalar(*kind, at + index * kind.size(), reader, output))
        }
        Value::Text(len) => text(reader, output, at, *len),
        Value::Bytes(len) => bytes(reader, output, at, *len),
        Value::Repeat { count, stride, element } => {
            array(*count, reader)?;
            (0..*count).try_for_each(|index| value(element, at + index * stride, reader, output))
        }
        Value::Struct(inner) => structure(inner, at, reader, output),
    }
}

/// Reads one scalar.
#[inline(always)]
fn scalar(kind: Scalar, at: usize, reader: &mut Reader<'_>, output: &mut Output<'_>) -> Result<(), Reject> {
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
