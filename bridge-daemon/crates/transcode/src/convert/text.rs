//! Texts of every end into texts of every end. Both are structs of C's, so nobody asks for UTF-8.

use super::columns::Rows;
use crate::bytes::{Input, Output};
use crate::live::LiveInMemory;
use crate::reject::Reject;
use crate::text::{before_padding, first_nul, is_ascii, to_first_nul, word};
use bridge_layout::TextEnd;
use bridge_layout::tree::{End, Text};

/// Copies the text that stands `from` bytes behind `base` of the input to `to` bytes behind `start` of the output, and
/// what its end needs behind it.
#[inline]
pub(super) fn convert(
    (source, input, base, from): (Text, Input<'_>, usize, usize),
    (sink, output, start, to): (Text, &mut Output<'_>, usize, usize),
) -> Result<(), Reject> {
    let at = base + from;
    let (len, ends_at_nul) = match source.end {
        End::Bytes(TextEnd::Nul | TextEnd::Terminated) => (source.capacity, true),
        End::Bytes(TextEnd::Exact) => (source.capacity, false),
        End::Bytes(TextEnd::Padded(pad)) => (before_padding(input, at, source.capacity, pad)?, false),
        End::Live(live) => {
            let len = live.read(input, base, 1, source.capacity)?;
            live.verify(input, base, at, len)?;
            (len, false)
        }
    };
    let (room, pad) = match sink.end {
        End::Bytes(TextEnd::Terminated) => (sink.capacity.saturating_sub(1), 0),
        End::Bytes(TextEnd::Padded(pad)) => (sink.capacity, pad),
        End::Bytes(TextEnd::Nul | TextEnd::Exact) | End::Live(_) => (sink.capacity, 0),
    };
    // A NUL can be part of a text where that does not end at it.
    let refuses_nul = matches!(source.end, End::Bytes(TextEnd::Padded(_))) || !sink.may_hold_nul();
    let (place, mut live) = (start + to, 0);
    while live < len {
        let count = (len - live).min(8);
        let word = word(input, at + live, count).ok_or(Reject::SizeMismatch)?;
        let used = if ends_at_nul || refuses_nul { first_nul(word).min(count) } else { count };
        if used < count && !ends_at_nul {
            return Err(Reject::InvalidText);
        }
        if sink.is_ascii() && !is_ascii(word, used) {
            return Err(Reject::InvalidText);
        }
        if used > room - live {
            return Err(Reject::TextTooLong);
        }
        let bytes = word.to_le_bytes();
        match used {
            8 => output.array(place + live, bytes).ok_or(Reject::SizeMismatch)?,
            _ => output.slice(place + live, bytes.get(..used).unwrap_or(&bytes)).ok_or(Reject::SizeMismatch)?,
        }
        live += used;
        if used < count {
            break;
        }
    }
    match (source.end, sink.end) {
        // There was no NUL.
        (End::Bytes(TextEnd::Terminated), _) if live == len => return Err(Reject::InvalidText),
        (_, End::Bytes(TextEnd::Exact)) if live < sink.capacity => return Err(Reject::TextTooShort),
        _ => {}
    }
    output.fill(place + live, sink.capacity - live, pad).ok_or(Reject::SizeMismatch)?;
    output.zeros(place + sink.capacity, sink.room - sink.capacity).ok_or(Reject::SizeMismatch)?;
    match sink.end {
        End::Live(told) => told.write(output, start, 1, live, place),
        End::Bytes(_) => Ok(()),
    }
}

/// Whether [`column`] has a loop for such texts: both end at a NUL, and each of the source's fits.
pub(super) fn is_column(source: Text, sink: Text) -> bool {
    let is_simple = |text: Text| text.end == End::Bytes(TextEnd::Nul);
    is_simple(source)
        && is_simple(sink)
        && source.capacity <= sink.capacity
        && matches!(source.capacity, 8 | 16 | 24 | 32)
}

/// Copies a text of each element, as [`convert`] does it.
pub(super) fn column(rows: Rows<'_>, output: &mut Output<'_>, source: Text, sink: Text) -> Result<(), Reject> {
    let more = sink.room.saturating_sub(source.capacity);
    match source.capacity {
        8 => words::<1>(rows, output, more),
        16 => words::<2>(rows, output, more),
        24 => words::<3>(rows, output, more),
        32 => words::<4>(rows, output, more),
        _ => rows.each(|from, to| convert((source, rows.input, from, 0), (sink, output, to, 0))),
    }
}

/// Texts of `N` words, and `more` zeros behind each.
#[inline(always)]
fn words<const N: usize>(rows: Rows<'_>, output: &mut Output<'_>, more: usize) -> Result<(), Reject> {
    rows.each(|from, to| {
        let mut kept = u64::MAX;
        for at in (0..8 * N).step_by(8) {
            let word = rows.input.array(from + at).map(u64::from_le_bytes).ok_or(Reject::SizeMismatch)?;
            let before = to_first_nul(word);
            output.array(to + at, (word & before & kept).to_le_bytes()).ok_or(Reject::SizeMismatch)?;
            // Nothing of the words behind a NUL.
            kept = if before == u64::MAX { kept } else { 0 };
        }
        match more {
            0 => Some(()),
            8 => output.array(to + 8 * N, [0; 8]),
            16 => output.array(to + 8 * N, [0; 16]),
            more => output.zeros(to + 8 * N, more),
        }
        .ok_or(Reject::SizeMismatch)
    })
}
