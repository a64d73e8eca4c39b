//! Passes a value that nobody wants to know.

use super::reader::Reader;
use crate::bytes::Input;
use crate::reject::Reject;

/// Passes the value that starts at `start`, and gives the position after it. What is inside is counted instead of
/// followed, so documents may nest as deep as they like; every value has a byte, so a lie about their number ends with
/// the document.
#[inline(never)]
pub(super) fn skip(input: Input<'_>, start: usize) -> Result<usize, Reject> {
    let mut reader = Reader::new(input, start);
    let mut values = 1_u64;
    while values > 0 {
        values -= 1;
        let marker = reader.byte()?;
        let (bytes, inner) = match marker {
            0x00..=0x7f | 0xe0..=0xff | 0xc0 | 0xc2 | 0xc3 => (0, 0),
            0x80..=0x8f => (0, 2 * usize::from(marker & 0x0f)),
            0x90..=0x9f => (0, usize::from(marker & 0x0f)),
            0xa0..=0xbf => (usize::from(marker & 0x1f), 0),
            0xc1 => return Err(Reject::WrongType),
            0xc4 | 0xd9 => (reader.length(1)?, 0),
            0xc5 | 0xda => (reader.length(2)?, 0),
            0xc6 | 0xdb => (reader.length(4)?, 0),
            0xc7 => (reader.length(1)?.saturating_add(1), 0),
            0xc8 => (reader.length(2)?.saturating_add(1), 0),
            0xc9 => (reader.length(4)?.saturating_add(1), 0),
            0xca => (4, 0),
            0xcb => (8, 0),
            0xcc..=0xcf => (1 << (marker - 0xcc), 0),
            0xd0..=0xd3 => (1 << (marker - 0xd0), 0),
            0xd4..=0xd8 => (1 + (1 << (marker - 0xd4)), 0),
            0xdc => (0, reader.length(2)?),
            0xdd => (0, reader.length(4)?),
            0xde => (0, reader.length(2)?.saturating_mul(2)),
            0xdf => (0, reader.length(4)?.saturating_mul(2)),
        };
        reader.pass(bytes)?;
        values = values.saturating_add(inner as u64);
    }
    Ok(reader.position())
}
