//! Bytes as texts in Base64 (RFC 4648, the alphabet with `+` and `/`): written with padding, read with or without.

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::reader::Reader;
use super::sink::Sink;
use super::string::string;
use crate::bytes::{Input, Output};
use crate::reject::Reject;

const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Bytes that are turned at a time, and the characters that they are.
const BYTES: usize = 48;
const CHARACTERS: usize = BYTES / 3 * 4;

/// Writes `count` bytes of `input` from `at` on, without the quotes.
pub(super) fn write(input: Input<'_>, at: usize, count: usize, sink: &mut impl Sink) -> Result<(), Reject> {
    let mut text = [0; CHARACTERS];
    for start in (0..count).step_by(BYTES) {
        let mut bytes = [0; BYTES];
        let piece = bytes.get_mut(..BYTES.min(count - start)).unwrap_or_default();
        for (index, byte) in piece.iter_mut().enumerate() {
            *byte = input.byte(at + start + index).ok_or(Reject::SizeMismatch)?;
        }
        // There is room for all that so many bytes become.
        let len = BASE64.encode_slice(&*piece, &mut text).map_err(|_| Reject::SizeMismatch)?;
        sink.bytes(text.get(..len).unwrap_or(&text))?;
    }
    Ok(())
}

/// Reads a text whose first quote was passed into at most `capacity` bytes from `at` on; says how many it is.
pub(super) fn read(
    reader: &mut Reader<'_>,
    output: &mut Output<'_>,
    at: usize,
    capacity: usize,
) -> Result<usize, Reject> {
    let (mut text, mut used, mut count) = ([0_u8; CHARACTERS], 0, 0);
    string(reader, |word, characters| {
        for byte in word.to_le_bytes().into_iter().take(characters) {
            if used == CHARACTERS {
                count += piece(&text, output, at + count, capacity - count)?;
                // Padding ends a text.
                if count % BYTES > 0 {
                    return Err(Reject::InvalidBase64);
                }
                used = 0;
            }
            if let Some(place) = text.get_mut(used) {
                *place = byte;
            }
            used += 1;
        }
        Ok(())
    })?;
    Ok(count + piece(text.get(..used).unwrap_or(&text), output, at + count, capacity - count)?)
}

/// Turns at most [`CHARACTERS`] of a text into at most `room` bytes from `at` on; says how many they are.
fn piece(text: &[u8], output: &mut Output<'_>, at: usize, room: usize) -> Result<usize, Reject> {
    let mut bytes = [0; BYTES];
    let len = BASE64.decode_slice(text, &mut bytes).map_err(|_| Reject::InvalidBase64)?;
    if len > room {
        return Err(Reject::ArrayLength);
    }
    output.slice(at, bytes.get(..len).unwrap_or(&bytes)).ok_or(Reject::SizeMismatch)?;
    Ok(len)
}
