//! Strings of a document.

use std::cmp::Ordering;

use super::reader::{Reader, unexpected};
use crate::transcode::bytes::Output;
use crate::transcode::reject::Reject;
use crate::transcode::survey::MAX_NAME;
use crate::transcode::text::{Utf8, first_nul};

/// Reads a string whose first quote was passed. `take` is given its text piece by piece: up to eight bytes in a word, the
/// first one lowest, zeros above them.
#[inline]
pub(super) fn string(
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
                let (b'\\', b'u') = (reader.next()?, reader.next()?) else { return Err(Reject::InvalidText) };
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

/// Reads a text into `len` bytes at `at`, zeros behind it.
pub(super) fn text(reader: &mut Reader<'_>, output: &mut Output<'_>, at: usize, len: usize) -> Result<(), Reject> {
    match reader.token()? {
        b'"' => reader.pass(),
        other => return Err(unexpected(other)),
    }
    let mut live = 0;
    string(reader, |word, count| {
        if first_nul(word) < count {
            return Err(Reject::InvalidText);
        }
        if count > len - live {
            return Err(Reject::TextTooLong);
        }
        let bytes = word.to_le_bytes();
        let written = match bytes.get(..count) {
            Some(used) if len - live < 8 => output.slice(at + live, used),
            // The zeros behind them are overwritten, or stay.
            _ => output.array(at + live, bytes),
        };
        live += count;
        written.ok_or(Reject::SizeMismatch)
    })?;
    output.zeros(at + live, len - live).ok_or(Reject::SizeMismatch)
}

/// A key, or a name, in a place of its own: it is compared with many.
#[derive(Debug)]
pub(super) struct Name {
    bytes: [u8; MAX_NAME],
    len: usize,
    /// It is longer than any name.
    is_long: bool,
}

impl Name {
    /// Reads a name whose first quote was passed.
    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, Reject> {
        let mut name = Self { bytes: [0; MAX_NAME], len: 0, is_long: false };
        string(reader, |word, count| {
            match name.bytes.get_mut(name.len..name.len + count) {
                Some(place) => place.iter_mut().zip(word.to_le_bytes()).for_each(|(to, from)| *to = from),
                None => name.is_long = true,
            }
            name.len = (name.len + count).min(MAX_NAME);
            Ok(())
        })?;
        Ok(name)
    }

    /// How it compares with `other`, in the order of slices; greater than all of them if it is longer than any.
    pub(super) fn compare(&self, other: &[u8]) -> Ordering {
        if self.is_long { Ordering::Greater } else { self.bytes.get(..self.len).unwrap_or_default().cmp(other) }
    }
}
