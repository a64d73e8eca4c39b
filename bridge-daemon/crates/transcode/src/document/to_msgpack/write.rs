//! Writes what a document becomes.

use super::Reader;
use super::head::Head;
use super::walk::Sink;
use crate::bytes::Output;
use crate::json;
use crate::json::string::string;
use crate::number::Number;
use crate::reject::Reject;

/// Writes into the output, never beyond it, and not a byte more than it must: what stands behind is still needed.
#[derive(Debug)]
pub(super) struct Writer<'a> {
    output: Output<'a>,
    /// Where the next byte goes.
    at: usize,
    /// Where the length of the next header stands.
    widths: usize,
}

/// The place of a header that is written later.
#[derive(Clone, Copy, Debug)]
pub(super) struct Room {
    at: usize,
    width: usize,
}

impl<'a> Writer<'a> {
    /// Begins with `output`, where the lengths of the headers stand from `widths` on.
    pub(super) fn new(output: Output<'a>, widths: usize) -> Self {
        Self { output, at: 0, widths }
    }

    /// The document is complete: it must fill the output.
    pub(super) fn finish(self) -> Result<(), Reject> {
        if self.at == self.output.len() { Ok(()) } else { Err(Reject::SourceChanged) }
    }

    #[inline]
    fn bytes(&mut self, bytes: &[u8]) -> Result<(), Reject> {
        self.output.slice(self.at, bytes).ok_or(Reject::SourceChanged)?;
        self.at += bytes.len();
        Ok(())
    }
}

impl Sink for Writer<'_> {
    type Open = Room;

    fn byte(&mut self, byte: u8) -> Result<(), Reject> {
        self.bytes(&[byte])
    }

    fn number(&mut self, reader: &mut Reader<'_>) -> Result<(), Reject> {
        self.bytes(number(reader)?.bytes())
    }

    /// The string is read twice, the first time for its length.
    fn string(&mut self, reader: &mut Reader<'_>) -> Result<(), Reject> {
        let mut len = 0;
        string(&mut reader.clone(), |_, count| {
            len += count;
            Ok(())
        })?;
        self.bytes(Head::of_text(len)?.bytes())?;
        let end = self.at.saturating_add(len);
        string(reader, |word, count| match count {
            8 => {
                self.output.array(self.at, word.to_le_bytes()).ok_or(Reject::SourceChanged)?;
                self.at += 8;
                Ok(())
            }
            _ => self.bytes(word.to_le_bytes().get(..count).unwrap_or_default()),
        })?;
        if self.at == end { Ok(()) } else { Err(Reject::SourceChanged) }
    }

    fn open(&mut self) -> Result<Room, Reject> {
        let width = self.output.byte(self.widths).ok_or(Reject::SourceChanged)?.into();
        let room = Room { at: self.at, width };
        self.widths += 1;
        self.at += width;
        Ok(room)
    }

    fn close(&mut self, room: Room, is_object: bool, count: u32) -> Result<(), Reject> {
        let head = Head::of_list(is_object, count);
        let written = (head.bytes().len() == room.width).then(|| self.output.slice(room.at, head.bytes()));
        written.flatten().ok_or(Reject::SourceChanged)
    }
}

/// The next value, which must be a number: an integer of 64 bits if it is written as one, else a double.
pub(super) fn number(reader: &mut Reader<'_>) -> Result<Head, Reject> {
    match json::number::number(reader)? {
        Number::Float(value) => Ok(Head::of_float(value)),
        Number::Integer(value) => match (u64::try_from(value), i64::try_from(value)) {
            (Ok(value), _) => Ok(Head::of_unsigned(value)),
            (_, Ok(value)) => Ok(Head::of_signed(value)),
            _ => Err(Reject::OutOfRange),
        },
    }
}
