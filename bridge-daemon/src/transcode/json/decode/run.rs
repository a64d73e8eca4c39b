//! Follows the document and the tree of expectations together.

use super::number::{float, integer};
use super::reader::{Reader, unexpected};
use super::skip::skip;
use super::string::{Name, text};
use super::{Struct, Value};
use crate::config::plan::{OnUnknown, Tolerance};
use crate::layout::Scalar;
use crate::transcode::bytes::Output;
use crate::transcode::fields::Seen;
use crate::transcode::named::{Names, look_up, store};
use crate::transcode::reject::Reject;

/// Reads a struct into the bytes from `base` on: an object, its keys in any order.
pub(super) fn structure(
    expected: &Struct,
    reader: &mut Reader<'_>,
    output: &mut Output<'_>,
    base: usize,
) -> Result<(), Reject> {
    let Tolerance { on_unknown, on_missing } = expected.tolerance;
    open(reader, b'{')?;
    let mut seen = Seen::first(0);
    let mut guess = 0;
    let mut is_more = reader.token()? != b'}';
    while is_more {
        let index = match expected.fields.get(guess) {
            Some(field) if reader.take(&field.key) => Some(guess),
            _ => find(expected, reader)?,
        };
        match index.and_then(|index| Some((index, expected.fields.get(index)?))) {
            Some((index, field)) => {
                seen.add(index)?;
                value(&field.value, reader, output, base + field.place.at)?;
                guess = index + 1;
            }
            None if on_unknown == OnUnknown::Ignore => skip(reader)?,
            None => return Err(Reject::UnknownField),
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
    seen.finish(expected.fields.iter().map(|field| field.place), on_missing, output, base)
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

/// Reads one value into the bytes from `at` on.
fn value(expected: &Value, reader: &mut Reader<'_>, output: &mut Output<'_>, at: usize) -> Result<(), Reject> {
    match expected {
        Value::One(kind) => scalar(*kind, reader, output, at),
        Value::Text(len) => text(reader, output, at, *len),
        Value::Struct(inner) => structure(inner, reader, output, at),
        Value::Enum(names) => named(names, reader, output, at),
        Value::Many(kind, count) => {
            array(reader, *count, |reader, index| scalar(*kind, reader, output, at + index * kind.size()))
        }
        Value::Repeat { count, stride, element } => {
            array(reader, *count, |reader, index| value(element, reader, output, at + index * stride))
        }
    }
}

/// Reads an array of `count` elements, which is 1 or more, each with `element`.
#[inline]
fn array(
    reader: &mut Reader<'_>,
    count: usize,
    mut element: impl FnMut(&mut Reader<'_>, usize) -> Result<(), Reject>,
) -> Result<(), Reject> {
    open(reader, b'[')?;
    if reader.token()? == b']' {
        return Err(Reject::ArrayLength);
    }
    for index in 0..count {
        element(reader, index)?;
        let is_last = index + 1 == count;
        match reader.token()? {
            b',' if !is_last => reader.pass(),
            b']' if is_last => reader.pass(),
            b',' | b']' => return Err(Reject::ArrayLength),
            _ => return Err(Reject::Malformed),
        }
    }
    Ok(())
}

/// Reads a value of an enum: one of its names, or an integer.
fn named(names: &Names, reader: &mut Reader<'_>, output: &mut Output<'_>, at: usize) -> Result<(), Reject> {
    let bits = match reader.token()? {
        b'"' => {
            reader.pass();
            let found = Name::read(reader)?;
            names.by_name(|name| Ok(found.compare(name)))?
        }
        _ => names.by_value(integer(reader)?)?,
    };
    names.store(output, at, bits)
}

/// Reads one scalar.
#[inline]
fn scalar(kind: Scalar, reader: &mut Reader<'_>, output: &mut Output<'_>, at: usize) -> Result<(), Reject> {
    let written = match kind {
        Scalar::F32 => output.array(at, float::<f32>(reader)?.to_ne_bytes()),
        Scalar::F64 => output.array(at, float::<f64>(reader)?.to_ne_bytes()),
        Scalar::Bool => match reader.token()? {
            b't' => {
                reader.exactly(b"true")?;
                output.array(at, [1])
            }
            b'f' => {
                reader.exactly(b"false")?;
                output.array(at, [0])
            }
            other => return Err(unexpected(other)),
        },
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
