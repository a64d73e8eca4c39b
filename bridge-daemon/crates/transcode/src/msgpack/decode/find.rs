//! Looks for one value of a document.

use super::number::any;
use super::reader::Reader;
use super::run::array_len;
use super::skip::skip;
use super::text::text_len;
use crate::bytes::Input;
use crate::filter::{Found, Step, Text};
use crate::reject::Reject;

/// The value at the end of `path`; none if the document has no such value. Of two of one name it is the first.
pub(crate) fn find<'a>(input: Input<'a>, path: &[Step]) -> Result<Option<Found<'a>>, Reject> {
    let mut reader = Reader::new(input, 0);
    for step in path {
        if !enter(&mut reader, step)? {
            return Ok(None);
        }
    }
    value(&mut reader).map(Some)
}

/// Goes to the value of one step, if there is one.
pub(super) fn enter(reader: &mut Reader<'_>, step: &Step) -> Result<bool, Reject> {
    let start = reader.position();
    let marker = reader.byte()?;
    if let 0x90..=0x9f | 0xdc | 0xdd = marker {
        let len = array_len(marker, reader)?;
        let Some(index) = step.index.filter(|index| *index < len) else { return Ok(false) };
        (0..index).try_for_each(|_| reader.hand_on(skip))?;
        return Ok(true);
    }
    *reader = Reader::new(reader.input(), start);
    keys(reader, |key| match key {
        Key::Text(reader, len) => Ok(reader.compare(len, step.name.as_bytes())?.is_eq()),
        Key::Other => Ok(false),
    })
}

/// The key of an entry of a map.
pub(super) enum Key<'a, 'r> {
    /// A text of so many bytes, which are next.
    Text(&'a Reader<'r>, usize),
    /// Anything else.
    Other,
}

/// Goes to the value of the first key that `is_it`, if what is next is a map with one.
pub(super) fn keys(
    reader: &mut Reader<'_>,
    mut is_it: impl FnMut(Key<'_, '_>) -> Result<bool, Reject>,
) -> Result<bool, Reject> {
    let marker = reader.byte()?;
    let entries = match marker {
        0x80..=0x8f => usize::from(marker & 0x0f),
        0xde => reader.length(2)?,
        0xdf => reader.length(4)?,
        _ => return Ok(false),
    };
    for _ in 0..entries {
        let key = reader.position();
        let marker = reader.byte()?;
        let found = if let Ok(len) = text_len(marker, reader) {
            let found = is_it(Key::Text(reader, len))?;
            reader.pass(len)?;
            found
        } else {
            *reader = Reader::new(reader.input(), key);
            reader.hand_on(skip)?;
            is_it(Key::Other)?
        };
        if found {
            return Ok(true);
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
