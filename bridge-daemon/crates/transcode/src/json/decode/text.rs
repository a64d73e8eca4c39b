//! Strings of a document into texts of a struct.

use crate::bytes::Output;
use crate::json::reader::{Reader, unexpected};
use crate::json::string::string;
use crate::live::LiveInMemory;
use crate::reject::Reject;
use crate::text::is_refused;
use bridge_layout::TextEnd;
use bridge_layout::tree::{End, Text};

/// Reads the text at `at`, in a struct or element that starts at `base`, and writes all bytes that belong to it.
pub(super) fn text(
    text: Text,
    reader: &mut Reader<'_>,
    output: &mut Output<'_>,
    base: usize,
    at: usize,
) -> Result<(), Reject> {
    let Text { capacity, room, end, .. } = text;
    match reader.token()? {
        b'"' => reader.pass(),
        other => return Err(unexpected(other)),
    }
    let longest = match end {
        End::Bytes(TextEnd::Terminated) => capacity.saturating_sub(1),
        End::Bytes(TextEnd::Nul | TextEnd::Padded(_) | TextEnd::Exact) | End::Live(_) => capacity,
    };
    let mut len = 0;
    string(reader, |word, count| {
        if is_refused(&text, word, count) {
            return Err(Reject::InvalidText);
        }
        if count > longest - len {
            return Err(Reject::TextTooLong);
        }
        let bytes = word.to_le_bytes();
        let written = match bytes.get(..count) {
            Some(used) if longest - len < 8 => output.slice(at + len, used),
            // The zeros behind them are overwritten, or stay.
            _ => output.array(at + len, bytes),
        };
        len += count;
        written.ok_or(Reject::SizeMismatch)
    })?;
    let behind = match end {
        End::Bytes(TextEnd::Padded(pad)) => pad,
        End::Bytes(TextEnd::Exact) if len < capacity => return Err(Reject::TextTooShort),
        End::Bytes(_) | End::Live(_) => 0,
    };
    output.fill(at + len, room - len, behind).ok_or(Reject::SizeMismatch)?;
    match end {
        End::Live(live) => live.write(output, base, 1, len, at),
        End::Bytes(_) => Ok(()),
    }
}
