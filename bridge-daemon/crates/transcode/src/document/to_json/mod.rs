//! MessagePack to JSON.
//!
//! [`head`] reads what a value starts with, and this follows the document with it, twice: to count and to write.

mod head;

use crate::bytes::{Input, Output};
use crate::json::show::{boolean, float, piece, signed};
use crate::json::sink::{Counter, Sink, Writer};
use crate::json::skip::MAX_LEVELS;
use crate::reject::Reject;
use crate::spot::note;
use crate::text::{Utf8, word};
use head::{Head, Reader};

/// How many bytes `input` becomes.
pub(super) fn measure(input: Input<'_>) -> Result<usize, Reject> {
    let mut counter = Counter::default();
    follow(input, &mut counter)?;
    Ok(counter.len())
}

/// Writes what `input` becomes.
pub(super) fn run(input: Input<'_>, output: Output<'_>) -> Result<(), Reject> {
    let mut writer = Writer::new(output);
    follow(input, &mut writer)?;
    writer.finish()
}

fn follow(input: Input<'_>, sink: &mut impl Sink) -> Result<(), Reject> {
    let mut reader = Reader::new(input);
    value(&mut reader, sink, MAX_LEVELS)
        .and_then(|()| reader.finish())
        .map_err(|reject| note(reject, None, Some(reader.position())))
}

/// Shows one value, in which arrays and maps may nest `levels` deep.
fn value<S: Sink>(reader: &mut Reader<'_>, sink: &mut S, levels: u32) -> Result<(), Reject> {
    match reader.head()? {
        Head::Nil => sink.bytes(b"null"),
        Head::Bool(value) => boolean(value, sink),
        Head::Unsigned(value) => sink.integer(false, value),
        Head::Signed(value) => signed(value, sink),
        Head::Float(value) => float(value, sink),
        Head::Double(value) => float(value, sink),
        Head::Text(len) => text(reader, len, sink),
        Head::Bytes(len) => bytes(reader, len, sink),
        Head::Array(count) => {
            let levels = levels.checked_sub(1).ok_or(Reject::TooDeep)?;
            list(reader, count, *b"[]", sink, |reader, sink| value(reader, sink, levels))
        }
        Head::Map(count) => {
            let levels = levels.checked_sub(1).ok_or(Reject::TooDeep)?;
            list(reader, count, *b"{}", sink, |reader, sink| {
                let Head::Text(len) = reader.head()? else { return Err(Reject::WrongType) };
                text(reader, len, sink)?;
                sink.bytes(b":")?;
                value(reader, sink, levels)
            })
        }
    }
}

/// Shows `count` elements, each with `element`, between brackets. Each has a byte at least, so a lie about their number
/// ends with the document.
#[inline]
fn list<S: Sink>(
    reader: &mut Reader<'_>,
    count: u32,
    [open, close]: [u8; 2],
    sink: &mut S,
    mut element: impl FnMut(&mut Reader<'_>, &mut S) -> Result<(), Reject>,
) -> Result<(), Reject> {
    sink.bytes(&[open])?;
    for index in 0..count {
        if index > 0 {
            sink.bytes(b",")?;
        }
        element(reader, sink)?;
    }
    sink.bytes(&[close])
}

/// Shows a text of `len` bytes. Each is read once, so what is checked is what is written.
fn text<S: Sink>(reader: &mut Reader<'_>, len: usize, sink: &mut S) -> Result<(), Reject> {
    let at = reader.pass(len)?;
    let mut utf8 = Utf8::default();
    sink.bytes(b"\"")?;
    for start in (0..len).step_by(8) {
        let count = (len - start).min(8);
        let word = word(reader.input(), at + start, count).ok_or(Reject::Truncated)?;
        utf8.push(word, count)?;
        piece(word, count, sink)?;
    }
    utf8.finish()?;
    sink.bytes(b"\"")
}

/// Shows `len` bytes as numbers, as serde does.
fn bytes<S: Sink>(reader: &mut Reader<'_>, len: usize, sink: &mut S) -> Result<(), Reject> {
    let at = reader.pass(len)?;
    sink.bytes(b"[")?;
    for index in 0..len {
        if index > 0 {
            sink.bytes(b",")?;
        }
        let byte = reader.input().byte(at + index).ok_or(Reject::Truncated)?;
        sink.integer(false, byte.into())?;
    }
    sink.bytes(b"]")
}
