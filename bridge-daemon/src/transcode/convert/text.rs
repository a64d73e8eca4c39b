//! Texts of every end into texts of every end. Both are structs of C's, so nobody asks for UTF-8.

use crate::layout::TextEnd;
use crate::layout::tree::{End, Text};
use crate::transcode::bytes::{Input, Output};
use crate::transcode::reject::Reject;
use crate::transcode::text::{first_nul, word};

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
        End::Bytes(TextEnd::Padded(pad)) => (unpadded(input, at, source.capacity, pad)?, false),
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
    let refuses_nul = matches!(source.end, End::Bytes(TextEnd::Padded(_)))
        || !matches!(sink.end, End::Bytes(TextEnd::Exact) | End::Live(_));
    let (place, mut live) = (start + to, 0);
    while live < len {
        let count = (len - live).min(8);
        let word = word(input, at + live, count).ok_or(Reject::SizeMismatch)?;
        let used = if ends_at_nul || refuses_nul { first_nul(word).min(count) } else { count };
        if used < count && !ends_at_nul {
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

/// Bytes of a text without the padding behind it.
fn unpadded(input: Input<'_>, at: usize, capacity: usize, pad: u8) -> Result<usize, Reject> {
    let mut len = capacity;
    while len > 0 {
        let byte = input.byte(at + len - 1).ok_or(Reject::SizeMismatch)?;
        if byte != pad && byte != 0 {
            break;
        }
        len -= 1;
    }
    Ok(len)
}
