//! Texts of a sample. Each byte that is shown is read once, so what is checked is what is written.

use crate::bytes::Input;
use crate::json::show::piece;
use crate::json::sink::Sink;
use crate::live::LiveInMemory;
use crate::reject::Reject;
use crate::text::{Utf8, before_padding, first_nul, word};
use bridge_layout::TextEnd;
use bridge_layout::tree::{End, Text};

/// Shows the text at `at`, in a struct or element that starts at `base`, without its quotes.
pub(super) fn text<S: Sink>(text: Text, input: Input<'_>, base: usize, at: usize, sink: &mut S) -> Result<(), Reject> {
    let capacity = text.capacity;
    match text.end {
        End::Bytes(TextEnd::Nul) => up_to_nul(input, at, capacity, sink).map(|_| ()),
        End::Bytes(TextEnd::Terminated) => match up_to_nul(input, at, capacity, sink)? {
            len if len < capacity => Ok(()),
            _ => Err(Reject::InvalidText),
        },
        End::Bytes(TextEnd::Padded(pad)) => {
            let len = before_padding(input, at, capacity, pad)?;
            // A NUL would end it for those who read what becomes of the document.
            if up_to_nul(input, at, len, sink)? == len { Ok(()) } else { Err(Reject::InvalidText) }
        }
        End::Bytes(TextEnd::Exact) => all(input, at, capacity, sink),
        End::Live(live) => {
            let len = live.read(input, base, 1, capacity)?;
            all(input, at, len, sink)?;
            live.verify(input, base, at, len)
        }
    }
}

/// Shows what stands before the first NUL of `len` bytes, and gives how many bytes that are.
#[inline]
fn up_to_nul<S: Sink>(input: Input<'_>, at: usize, len: usize, sink: &mut S) -> Result<usize, Reject> {
    let mut utf8 = Utf8::default();
    for start in (0..len).step_by(8) {
        let count = (len - start).min(8);
        let word = word(input, at + start, count).ok_or(Reject::SizeMismatch)?;
        let live = first_nul(word).min(count);
        utf8.push(word, live)?;
        piece(word, live, sink)?;
        if live < count {
            utf8.finish()?;
            return Ok(start + live);
        }
    }
    utf8.finish()?;
    Ok(len)
}

/// Shows `len` bytes, NULs among them.
fn all<S: Sink>(input: Input<'_>, at: usize, len: usize, sink: &mut S) -> Result<(), Reject> {
    let mut utf8 = Utf8::default();
    for start in (0..len).step_by(8) {
        let count = (len - start).min(8);
        let word = word(input, at + start, count).ok_or(Reject::SizeMismatch)?;
        utf8.push(word, count)?;
        piece(word, count, sink)?;
    }
    utf8.finish()
}
