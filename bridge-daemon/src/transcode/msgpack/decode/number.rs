//! Numbers of a document, into any numeric field that holds them without loss.

use super::reader::Reader;
use crate::transcode::reject::Reject;

/// A number of a document.
#[derive(Clone, Copy, Debug)]
enum Number {
    Unsigned(u64),
    /// Less than 0.
    Negative(i64),
    Float(f64),
}

/// The next value, an unsigned integer of at most `max`, which is 255 or more.
#[inline(always)]
pub(super) fn unsigned(reader: &mut Reader<'_>, max: u64) -> Result<u64, Reject> {
    let marker = reader.byte()?;
    if marker < 0x80 {
        return Ok(marker.into());
    }
    let value = match marker {
        0xcc..=0xcf => reader.number(1 << (marker - 0xcc))?,
        _ => Number::rare(marker, reader)?.to_u64()?,
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
        _ => Number::rare(marker, reader)?.to_i64()?,
    };
    if min <= value && value <= max { Ok(value) } else { Err(Reject::OutOfRange) }
}

/// The bytes of the next value, a double, in the order of this machine.
#[inline(always)]
pub(super) fn double(reader: &mut Reader<'_>) -> Result<[u8; 8], Reject> {
    match reader.take::<8>(0xcb) {
        Some(bytes) => Ok(u64::from_be_bytes(bytes).to_ne_bytes()),
        None => Ok(Number::rare(reader.byte()?, reader)?.to_f64()?.to_ne_bytes()),
    }
}

/// The bytes of the next value, a float, in the order of this machine.
#[inline(always)]
pub(super) fn float(reader: &mut Reader<'_>) -> Result<[u8; 4], Reject> {
    match reader.take::<4>(0xca) {
        Some(bytes) => Ok(u32::from_be_bytes(bytes).to_ne_bytes()),
        None => Ok(Number::rare(reader.byte()?, reader)?.to_f32()?.to_ne_bytes()),
    }
}

/// The integer that starts with `marker`, which was passed.
#[inline(always)]
pub(super) fn integer(marker: u8, reader: &mut Reader<'_>) -> Result<i128, Reject> {
    Number::rare(marker, reader)?.to_integer()
}

/// A signed integer of `width` bytes.
#[inline(always)]
fn signed_of_width(width: usize, reader: &mut Reader<'_>) -> Result<i64, Reject> {
    let unused = 64 - 8 * width as u32;
    Ok((reader.number(width)?.wrapping_shl(unused) as i64) >> unused)
}

impl Number {
    /// The number that starts with `marker`, which was passed: one that is not of its field's own kind.
    #[inline(always)]
    fn rare(marker: u8, reader: &mut Reader<'_>) -> Result<Self, Reject> {
        let mut number = Self::Unsigned(0);
        reader.hand_on(|input, at| {
            let mut reader = Reader::new(input, at);
            number = Self::read(marker, &mut reader)?;
            Ok(reader.position())
        })?;
        Ok(number)
    }

    #[inline(never)]
    fn read(marker: u8, reader: &mut Reader<'_>) -> Result<Self, Reject> {
        let number = match marker {
            0x00..=0x7f => Self::Unsigned(marker.into()),
            0xe0..=0xff => Self::Negative((marker as i8).into()),
            0xca => Self::Float(f32::from_be_bytes(reader.array()?).into()),
            0xcb => Self::Float(f64::from_be_bytes(reader.array()?)),
            0xcc..=0xcf => Self::Unsigned(reader.number(1 << (marker - 0xcc))?),
            0xd0..=0xd3 => {
                let value = signed_of_width(1 << (marker - 0xd0), reader)?;
                u64::try_from(value).map_or(Self::Negative(value), Self::Unsigned)
            }
            _ => return Err(Reject::WrongType),
        };
        Ok(number)
    }

    fn to_u64(self) -> Result<u64, Reject> {
        match self {
            Self::Unsigned(value) => Ok(value),
            Self::Float(value) if value.trunc() == value && (0.0..TWO_TO_63 * 2.0).contains(&value) => Ok(value as u64),
            Self::Negative(_) | Self::Float(_) => Err(Reject::OutOfRange),
        }
    }

    fn to_i64(self) -> Result<i64, Reject> {
        match self {
            Self::Unsigned(value) => i64::try_from(value).map_err(|_| Reject::OutOfRange),
            Self::Negative(value) => Ok(value),
            Self::Float(value) if value.trunc() == value && (-TWO_TO_63..TWO_TO_63).contains(&value) => {
                Ok(value as i64)
            }
            Self::Float(_) => Err(Reject::OutOfRange),
        }
    }

    fn to_integer(self) -> Result<i128, Reject> {
        match self {
            Self::Unsigned(value) => Ok(value.into()),
            Self::Negative(value) => Ok(value.into()),
            Self::Float(value) if value.trunc() == value && (-TWO_TO_63..TWO_TO_63 * 2.0).contains(&value) => {
                Ok(value as i128)
            }
            Self::Float(_) => Err(Reject::OutOfRange),
        }
    }

    fn to_f64(self) -> Result<f64, Reject> {
        let (float, exact) = match self {
            Self::Unsigned(value) => (value as f64, value as f64 as u128 == value.into()),
            Self::Negative(value) => (value as f64, value as f64 as i128 == value.into()),
            Self::Float(value) => (value, true),
        };
        if exact { Ok(float) } else { Err(Reject::OutOfRange) }
    }

    fn to_f32(self) -> Result<f32, Reject> {
        let double = self.to_f64()?;
        let float = double as f32;
        if f64::from(float) == double || double.is_nan() { Ok(float) } else { Err(Reject::OutOfRange) }
    }
}

const TWO_TO_63: f64 = 9_223_372_036_854_775_808.0;
