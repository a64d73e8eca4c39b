//! Numbers of a document, into any numeric field that holds them: without loss, but that a double becomes the nearest float.

use super::reader::Reader;
use crate::number::Number;
use crate::reject::Reject;

/// The next value, an unsigned integer of at most `max`, which is 255 or more.
#[inline(always)]
pub(super) fn unsigned(reader: &mut Reader<'_>, max: u64) -> Result<u64, Reject> {
    let marker = reader.byte()?;
    if marker < 0x80 {
        return Ok(marker.into());
    }
    let value = match marker {
        0xcc..=0xcf => reader.number(1 << (marker - 0xcc))?,
        _ => any(marker, reader)?.to_integer_in((0, max.into()))?,
    };
    if value <= max { Ok(value) } else { Err(Reject::OutOfRange) }
}

/// The next value, an integer from `min` to `max`, which are -128 or less and 127 or more.
#[inline(always)]
pub(super) fn signed(reader: &mut Reader<'_>, min: i64, max: i64) -> Result<i64, Reject> {
    let marker = reader.byte()?;
    if !(0x80..0xe0).contains(&marker) {
        return Ok((marker as i8).into());
    }
    let value = match marker {
        0xd0..=0xd3 => signed_of_width(1 << (marker - 0xd0), reader)?,
        _ => any(marker, reader)?.to_integer_in((min.into(), max.into()))? as i64,
    };
    if min <= value && value <= max { Ok(value) } else { Err(Reject::OutOfRange) }
}

/// The bytes of the next value, a double, in the order of this machine.
#[inline(always)]
pub(super) fn double(reader: &mut Reader<'_>) -> Result<[u8; 8], Reject> {
    match reader.take::<8>(0xcb) {
        Some(bytes) => Ok(u64::from_be_bytes(bytes).to_ne_bytes()),
        None => Ok(any(reader.byte()?, reader)?.to_f64()?.to_ne_bytes()),
    }
}

/// The bytes of the next value, a float, in the order of this machine. Many languages write doubles alone, so these are
/// rounded, to the nearest.
#[inline(always)]
pub(super) fn float(reader: &mut Reader<'_>) -> Result<[u8; 4], Reject> {
    match reader.take::<4>(0xca) {
        Some(bytes) => Ok(u32::from_be_bytes(bytes).to_ne_bytes()),
        None => Ok(any(reader.byte()?, reader)?.to_nearest_f32()?.to_ne_bytes()),
    }
}

/// The same of a value that must be this float exactly.
pub(super) fn exact_float(reader: &mut Reader<'_>) -> Result<[u8; 4], Reject> {
    Ok(any(reader.byte()?, reader)?.to_f32()?.to_ne_bytes())
}

/// A signed integer of `width` bytes.
#[inline(always)]
fn signed_of_width(width: usize, reader: &mut Reader<'_>) -> Result<i64, Reject> {
    let unused = 64 - 8 * width as u32;
    Ok((reader.number(width)?.wrapping_shl(unused) as i64) >> unused)
}

/// The number that starts with `marker`, which was passed: one that is not of its field's own kind.
#[inline(always)]
pub(super) fn any(marker: u8, reader: &mut Reader<'_>) -> Result<Number, Reject> {
    let mut number = Number::Integer(0);
    reader.hand_on(|input, at| {
        let mut reader = Reader::new(input, at);
        number = read(marker, &mut reader)?;
        Ok(reader.position())
    })?;
    Ok(number)
}

#[inline(never)]
fn read(marker: u8, reader: &mut Reader<'_>) -> Result<Number, Reject> {
    let number = match marker {
        0x00..=0x7f => Number::Integer(marker.into()),
        0xe0..=0xff => Number::Integer((marker as i8).into()),
        0xca => Number::Float(f32::from_be_bytes(reader.array()?).into()),
        0xcb => Number::Float(f64::from_be_bytes(reader.array()?)),
        0xcc..=0xcf => Number::Integer(reader.number(1 << (marker - 0xcc))?.into()),
        0xd0..=0xd3 => Number::Integer(signed_of_width(1 << (marker - 0xd0), reader)?.into()),
        _ => return Err(Reject::WrongType),
    };
    Ok(number)
}
