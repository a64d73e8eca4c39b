//! Strings of a document.

use super::reader::Reader;
use crate::reject::Reject;
use crate::text::Utf8;

/// Reads a string whose first quote was passed. `take` is given its text piece by piece: up to eight bytes in a word, the
/// first one lowest, zeros above them.
#[inline]
pub(crate) fn string(
    reader: &mut Reader<'_>,
    mut take: impl FnMut(u64, usize) -> Result<(), Reject>,
) -> Result<(), Reject> {
    let mut utf8 = Utf8::default();
    loop {
        if let Some(word) = reader.take_plain() {
            utf8.push(word, 8)?;
            take(word, 8)?;
            continue;
        }
        match reader.next()? {
            b'"' => return utf8.finish(),
            b'\\' => {
                utf8.finish()?;
                let mut bytes = [0; 4];
                let len = escaped(reader)?.encode_utf8(&mut bytes).len();
                take(u32::from_le_bytes(bytes).into(), len)?;
            }
            0x00..0x20 => return Err(Reject::Malformed),
            byte => {
                utf8.push(byte.into(), 1)?;
                take(byte.into(), 1)?;
            }
        }
    }
}

/// The character of an escape whose backslash was passed.
fn escaped(reader: &mut Reader<'_>) -> Result<char, Reject> {
    let char = match reader.next()? {
        char @ (b'"' | b'\\' | b'/') => char,
        b'b' => 0x08,
        b'f' => 0x0c,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'u' => {
            let mut number = four_digits(reader)?;
            // A character beyond 16 bits is written as two halves.
            if let high @ 0xd800..0xdc00 = number {
                if reader.next()? != b'\\' || reader.next()? != b'u' {
                    return Err(Reject::InvalidText);
                }
                let low @ 0xdc00..0xe000 = four_digits(reader)? else { return Err(Reject::InvalidText) };
                number = 0x1_0000 + ((high - 0xd800) << 10) + (low - 0xdc00);
            }
            return char::from_u32(number).ok_or(Reject::InvalidText);
        }
        _ => return Err(Reject::Malformed),
    };
    Ok(char.into())
}

/// A number of four hexadecimal digits.
fn four_digits(reader: &mut Reader<'_>) -> Result<u32, Reject> {
    let mut number = 0;
    for _ in 0..4 {
        number = number << 4 | char::from(reader.next()?).to_digit(16).ok_or(Reject::Malformed)?;
    }
    Ok(number)
}
