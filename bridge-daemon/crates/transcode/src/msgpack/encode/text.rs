//! Texts, whatever ends them: how long a text is, then its header, then its bytes. The length is looked for once and
//! relied on afterwards, so what changes meanwhile is noticed, or is part of the text.

use super::writer::Writer;
use crate::bytes::{Input, Output};
use crate::live::LiveInMemory;
use crate::reject::Reject;
use crate::text::{Utf8, before_padding, first_nul, word};
use bridge_layout::TextEnd;
use bridge_layout::tree::{End, Text};

/// Bytes of the header of a text of `len` bytes.
pub(super) const fn header(len: usize) -> usize {
    match len {
        0..=0x1f => 1,
        0x20..=0xff => 2,
        0x100..=0xffff => 3,
        _ => 5,
    }
}

/// Bytes that follow the first byte of a text in `len` bytes, which ends at the first NUL.
#[inline(never)]
pub(super) fn measure_nul(input: Input<'_>, at: usize, len: usize) -> Result<usize, Reject> {
    let mut utf8 = Utf8::default();
    let mut live = 0;
    while live < len {
        let count = (len - live).min(8);
        let word = word(input, at + live, count).ok_or(Reject::SizeMismatch)?;
        let before_nul = first_nul(word).min(count);
        utf8.push(word, before_nul)?;
        live += before_nul;
        if before_nul < count {
            break;
        }
    }
    utf8.finish()?;
    Ok(live + header(live) - 1)
}

/// Bytes that follow the first byte of any text.
#[inline(never)]
pub(super) fn measure(text: &Text, input: Input<'_>, (base, at): (usize, usize)) -> Result<usize, Reject> {
    let at = base + at;
    let len = length(text, input, base, at)?;
    words(input, at, len, nul_inside(text), |_, _| Ok(()))?;
    Ok(len + header(len) - 1)
}

/// Writes a text in `len` bytes, which ends at the first NUL.
#[inline(never)]
pub(super) fn write_nul(
    input: Input<'_>,
    at: usize,
    len: usize,
    output: Output<'_>,
    start: usize,
) -> Result<usize, Reject> {
    write_all(input, at, before_nul(input, at, len)?, Some(Reject::SourceChanged), output, start)
}

/// Writes any text.
#[inline(never)]
pub(super) fn write(
    text: &Text,
    input: Input<'_>,
    (base, at): (usize, usize),
    output: Output<'_>,
    start: usize,
) -> Result<usize, Reject> {
    let at = base + at;
    let len = length(text, input, base, at)?;
    if let End::Live(live) = text.end {
        live.verify(input, base, at, len)?;
    }
    write_all(input, at, len, nul_inside(text), output, start)
}

/// Bytes of the text at `at`. What tells them is read once.
fn length(text: &Text, input: Input<'_>, base: usize, at: usize) -> Result<usize, Reject> {
    let capacity = text.capacity;
    match text.end {
        End::Live(live) => live.read(input, base, 1, capacity),
        End::Bytes(TextEnd::Exact) => Ok(capacity),
        End::Bytes(TextEnd::Nul) => before_nul(input, at, capacity),
        End::Bytes(TextEnd::Terminated) => {
            let len = before_nul(input, at, capacity)?;
            if len < capacity { Ok(len) } else { Err(Reject::InvalidText) }
        }
        End::Bytes(TextEnd::Padded(pad)) => before_padding(input, at, capacity, pad),
    }
}

/// What a NUL in the text means, if none can be there.
const fn nul_inside(text: &Text) -> Option<Reject> {
    match text.end {
        End::Live(_) | End::Bytes(TextEnd::Exact) => None,
        End::Bytes(TextEnd::Padded(_)) => Some(Reject::InvalidText),
        // The text was found to end before the first NUL.
        End::Bytes(TextEnd::Nul | TextEnd::Terminated) => Some(Reject::SourceChanged),
    }
}

/// Writes the header of a text of `len` bytes and the text.
#[inline(always)]
fn write_all(
    input: Input<'_>,
    at: usize,
    len: usize,
    nul_inside: Option<Reject>,
    output: Output<'_>,
    start: usize,
) -> Result<usize, Reject> {
    let mut writer = Writer::new(output, start);
    let [low, high, ..] = (len as u64).to_le_bytes();
    match header(len) {
        1 => writer.exactly([0xa0 | low])?,
        2 => writer.exactly([0xd9, low])?,
        3 => writer.exactly([0xda, high, low])?,
        _ => {
            writer.exactly([0xdb])?;
            writer.exactly((len as u32).to_be_bytes())?;
        }
    }
    words(input, at, len, nul_inside, |word, count| writer.word(word, count))?;
    Ok(writer.position())
}

/// Gives the `len` bytes of a text to `take`, in words, and checks them as they are given.
#[inline(always)]
fn words(
    input: Input<'_>,
    at: usize,
    len: usize,
    nul_inside: Option<Reject>,
    mut take: impl FnMut(u64, usize) -> Result<(), Reject>,
) -> Result<(), Reject> {
    let mut utf8 = Utf8::default();
    for taken in (0..len).step_by(8) {
        let count = (len - taken).min(8);
        let word = word(input, at + taken, count).ok_or(Reject::SizeMismatch)?;
        if let Some(reason) = nul_inside
            && first_nul(word) < count
        {
            return Err(reason);
        }
        utf8.push(word, count)?;
        take(word, count)?;
    }
    utf8.finish()
}

/// Bytes before the first NUL in `len` bytes.
fn before_nul(input: Input<'_>, at: usize, len: usize) -> Result<usize, Reject> {
    for start in (0..len).step_by(8) {
        let count = (len - start).min(8);
        let nul = first_nul(word(input, at + start, count).ok_or(Reject::SizeMismatch)?);
        if nul < count {
            return Ok(start + nul);
        }
    }
    Ok(len)
}
