//! Texts and byte blocks of a document.

use super::number::unsigned;
use super::reader::Reader;
use super::run::array_len;
use crate::bytes::{Input, Output};
use crate::live::LiveInMemory;
use crate::reject::Reject;
use crate::text::{Utf8, first_nul, is_refused, word};
use bridge_layout::TextEnd;
use bridge_layout::tree::{End, Text};

/// The length of a string whose header starts with `marker`, which was passed.
#[inline(always)]
pub(super) fn text_len(marker: u8, reader: &mut Reader<'_>) -> Result<usize, Reject> {
    match marker {
        0xa0..=0xbf => Ok(usize::from(marker & 0x1f)),
        0xd9 => reader.length(1),
        0xda => reader.length(2),
        0xdb => reader.length(4),
        _ => Err(Reject::WrongType),
    }
}

/// Reads a text into `len` bytes at `at`, zeros behind it. It ends at the first NUL, so it cannot have one.
#[inline(always)]
pub(super) fn text(reader: &mut Reader<'_>, output: &mut Output<'_>, at: usize, len: usize) -> Result<(), Reject> {
    let marker = reader.byte()?;
    let live = text_len(marker, reader)?;
    if live > len {
        return Err(Reject::TextTooLong);
    }
    let from = reader.pass(live)?;
    let mut utf8 = Utf8::default();
    let mut done = 0;
    while done < len {
        let count = live.saturating_sub(done).min(8);
        let word = if count == 0 { 0 } else { word(reader.input(), from + done, count).ok_or(Reject::Truncated)? };
        if first_nul(word) < count {
            return Err(Reject::InvalidText);
        }
        utf8.push(word, count)?;
        let bytes = word.to_le_bytes();
        let room = (len - done).min(8);
        match bytes.get(..room) {
            Some(bytes) if room < 8 => output.slice(at + done, bytes),
            _ => output.array(at + done, bytes),
        }
        .ok_or(Reject::SizeMismatch)?;
        done += room;
    }
    utf8.finish()
}

/// Reads a text that ends in another way into the bytes from `base + at` on.
/// The document goes on at `start`, and the position after the value is given back.
#[inline(never)]
pub(super) fn other_text(
    text: &Text,
    input: Input<'_>,
    start: usize,
    mut output: Output<'_>,
    (base, at): (usize, usize),
) -> Result<usize, Reject> {
    let at = base + at;
    let mut reader = Reader::new(input, start);
    let marker = reader.byte()?;
    let len = text_len(marker, &mut reader)?;
    let (max, pad) = match text.end {
        End::Bytes(TextEnd::Terminated) => (text.capacity.saturating_sub(1), 0),
        End::Bytes(TextEnd::Padded(pad)) => (text.capacity, pad),
        End::Bytes(TextEnd::Nul | TextEnd::Exact) | End::Live(_) => (text.capacity, 0),
    };
    if len > max {
        return Err(Reject::TextTooLong);
    }
    if len < max && text.end == End::Bytes(TextEnd::Exact) {
        return Err(Reject::TextTooShort);
    }
    let from = reader.pass(len)?;
    let mut utf8 = Utf8::default();
    for done in (0..len).step_by(8) {
        let count = (len - done).min(8);
        let word = word(input, from + done, count).ok_or(Reject::Truncated)?;
        if is_refused(text, word, count) {
            return Err(Reject::InvalidText);
        }
        utf8.push(word, count)?;
        let bytes = word.to_le_bytes();
        output.slice(at + done, bytes.get(..count).unwrap_or(&bytes)).ok_or(Reject::SizeMismatch)?;
    }
    utf8.finish()?;
    output.fill(at + len, text.room - len, pad).ok_or(Reject::SizeMismatch)?;
    if let End::Live(live) = text.end {
        live.write(&mut output, base, 1, len, at)?;
    }
    Ok(reader.position())
}

/// Reads a byte block, or an array of as many integers of a byte, into `len` bytes at `at`.
/// The document goes on at `start`, and the position after the value is given back.
#[inline(never)]
pub(super) fn bytes(
    input: Input<'_>,
    start: usize,
    mut output: Output<'_>,
    at: usize,
    len: usize,
) -> Result<usize, Reject> {
    let mut reader = Reader::new(input, start);
    let marker = reader.byte()?;
    let live = match marker {
        0xc4 => reader.length(1)?,
        0xc5 => reader.length(2)?,
        0xc6 => reader.length(4)?,
        _ => {
            if array_len(marker, &mut reader)? != len {
                return Err(Reject::ArrayLength);
            }
            for at in at..at + len {
                let byte = unsigned(&mut reader, u8::MAX.into())?;
                output.array(at, [byte as u8]).ok_or(Reject::SizeMismatch)?;
            }
            return Ok(reader.position());
        }
    };
    if live != len {
        return Err(Reject::ArrayLength);
    }
    let from = reader.pass(len)?;
    output.copy(at, reader.input(), from, len).ok_or(Reject::SizeMismatch)?;
    Ok(reader.position())
}
