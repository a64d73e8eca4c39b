//! Follows a document of JSON.

use super::Reader;
use crate::bytes::Input;
use crate::json::skip::MAX_LEVELS;
use crate::reject::Reject;
use crate::spot::note;

/// What is done with the values of a document.
pub(super) trait Sink {
    /// What is kept of an array or object while it is open.
    type Open;

    /// Takes a value of one byte: this.
    fn byte(&mut self, byte: u8) -> Result<(), Reject>;

    /// Takes a number, which is next.
    fn number(&mut self, reader: &mut Reader<'_>) -> Result<(), Reject>;

    /// Takes a string whose first quote was passed.
    fn string(&mut self, reader: &mut Reader<'_>) -> Result<(), Reject>;

    /// An array or object begins.
    fn open(&mut self) -> Result<Self::Open, Reject>;

    /// It is at its end, after `count` values.
    fn close(&mut self, open: Self::Open, is_object: bool, count: u32) -> Result<(), Reject>;
}

/// Hands all of the document to `sink`.
pub(super) fn follow(input: Input<'_>, sink: &mut impl Sink) -> Result<(), Reject> {
    let mut reader = Reader::new(input);
    value(&mut reader, sink, MAX_LEVELS)
        .and_then(|()| reader.finish())
        .map_err(|reject| note(reject, None, Some(reader.position())))
}

/// Takes one value, in which arrays and objects may nest `levels` deep.
fn value<S: Sink>(reader: &mut Reader<'_>, sink: &mut S, levels: u32) -> Result<(), Reject> {
    match reader.token()? {
        b'{' => list(reader, sink, levels, true),
        b'[' => list(reader, sink, levels, false),
        b'"' => {
            reader.pass();
            sink.string(reader)
        }
        b'-' | b'0'..=b'9' => sink.number(reader),
        b'n' => {
            reader.exactly(b"null")?;
            sink.byte(0xc0)
        }
        b'f' => {
            reader.exactly(b"false")?;
            sink.byte(0xc2)
        }
        b't' => {
            reader.exactly(b"true")?;
            sink.byte(0xc3)
        }
        _ => Err(Reject::Malformed),
    }
}

/// Takes an array or object, whose bracket is next.
fn list<S: Sink>(reader: &mut Reader<'_>, sink: &mut S, levels: u32, is_object: bool) -> Result<(), Reject> {
    let levels = levels.checked_sub(1).ok_or(Reject::TooDeep)?;
    reader.pass();
    let close = if is_object { b'}' } else { b']' };
    let open = sink.open()?;
    let mut count = 0_u32;
    let mut is_more = reader.token()? != close;
    if !is_more {
        reader.pass();
    }
    while is_more {
        if is_object {
            reader.expect(b'"')?;
            sink.string(reader)?;
            reader.expect(b':')?;
        }
        value(reader, sink, levels)?;
        count = count.checked_add(1).ok_or(Reject::ArrayLength)?;
        is_more = match reader.token()? {
            b',' => true,
            other if other == close => false,
            _ => return Err(Reject::Malformed),
        };
        reader.pass();
    }
    sink.close(open, is_object, count)
}
