//! Looks for one value of a document.

use super::number::any;
use super::reader::Reader;
use super::run::array_len;
use super::skip::skip;
use super::text::text_len;
use crate::transcode::bytes::Input;
use crate::transcode::filter::{Found, Step, Text};
use crate::transcode::reject::Reject;

/// The value at the end of `path`; none if the document has no such value. Of two of one name it is the first.
pub(in crate::transcode) fn find<'a>(input: Input<'a>, path: &[Step]) -> Result<Option<Found<'a>>, Reject> {
    let mut reader = Reader::new(input, 0);
    for step in path {
        if !enter(&mut reader, step)? {
            return Ok(None);
        }
    }
    value(&mut reader).map(Some)
}

/// Goes to the value of one step, if there is one.
fn enter(reader: &mut Reader<'_>, step: &Step) -> Result<bool, Reject> {
    let marker = reader.byte()?;
    let entries = match marker {
        0x80..=0x8f => usize::from(marker & 0x0f),
        0xde => reader.length(2)?,
        0xdf => reader.length(4)?,
        0x90..=0x9f | 0xdc | 0xdd => {
            let len = array_len(marker, reader)?;
            let Some(index) = step.index.filter(|index| *index < len) else { return Ok(false) };
            (0..index).try_for_each(|_| reader.hand_on(skip))?;
            return Ok(true);
        }
        _ => return Ok(false),
    };
    for _ in 0..entries {
        let key = reader.position();
        let marker = reader.byte()?;
        if let Ok(len) = text_len(marker, reader) {
            let is_it = reader.compare(len, step.name.as_bytes())?.is_eq();
            reader.pass(len)?;
            if is_it {
                return Ok(true);
            }
        } else {
            *reader = Reader::new(reader.input(), key);
            reader.hand_on(skip)?;
        }
        reader.hand_on(skip)?;
    }
    Ok(false)
}

/// The value that is next.
fn value<'a>(reader: &mut Reader<'a>) -> Result<Found<'a>, Reject> {
    let marker = reader.byte()?;
    Ok(match marker {
        0xc0 => Found::Nil,
        0xc2 | 0xc3 => Found::Bool(marker == 0xc3),
        0xa0..=0xbf | 0xd9..=0xdb => {
            let len = text_len(marker, reader)?;
            let at = reader.pass(len)?;
            Found::Text(Text::Bytes(reader.input(), at, len))
        }
        0x00..=0x7f | 0xca..=0xd3 | 0xe0..=0xff => Found::Number(any(marker, reader)?),
        _ => Found::Other,
    })
}
