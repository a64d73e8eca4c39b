//! Looks for one value of a document.

use super::name::Name;
use crate::bytes::Input;
use crate::filter::{Found, Step, Text};
use crate::json::number::number;
use crate::json::reader::Reader;
use crate::json::skip::skip;
use crate::reject::Reject;

/// The value at the end of `path`; none if the document has no such value. Of two of one name it is the first.
pub(crate) fn find<'a>(input: Input<'a>, path: &[Step]) -> Result<Option<Found<'a>>, Reject> {
    let mut reader = Reader::new(input);
    for step in path {
        if !enter(&mut reader, step)? {
            return Ok(None);
        }
    }
    value(&mut reader).map(Some)
}

/// Goes to the value of one step, if there is one.
pub(super) fn enter(reader: &mut Reader<'_>, step: &Step) -> Result<bool, Reject> {
    keys(reader, |key| Ok(key.compare(step.name.as_bytes()).is_eq()))
}

/// Goes to the value of the first key that `is_it`, if what is next is an object with one.
pub(super) fn keys(
    reader: &mut Reader<'_>,
    mut is_it: impl FnMut(&Name) -> Result<bool, Reject>,
) -> Result<bool, Reject> {
    if reader.token()? != b'{' {
        return Ok(false);
    }
    reader.pass();
    if reader.token()? == b'}' {
        return Ok(false);
    }
    loop {
        reader.expect(b'"')?;
        let key = Name::read(reader)?;
        reader.expect(b':')?;
        if is_it(&key)? {
            return Ok(true);
        }
        skip(reader)?;
        match reader.token()? {
            b',' => reader.pass(),
            b'}' => return Ok(false),
            _ => return Err(Reject::Malformed),
        }
    }
}

/// The value that is next.
fn value<'a>(reader: &mut Reader<'a>) -> Result<Found<'a>, Reject> {
    Ok(match reader.token()? {
        b'n' => {
            reader.exactly(b"null")?;
            Found::Nil
        }
        b't' => {
            reader.exactly(b"true")?;
            Found::Bool(true)
        }
        b'f' => {
            reader.exactly(b"false")?;
            Found::Bool(false)
        }
        b'"' => {
            reader.pass();
            Found::Text(Text::Json(reader.clone()))
        }
        b'-' | b'0'..=b'9' => Found::Number(number(reader)?),
        b'{' | b'[' => Found::Other,
        _ => return Err(Reject::Malformed),
    })
}

/// Whether the string whose first quote was passed is this text.
pub(crate) fn is_text(mut reader: Reader<'_>, text: &str) -> Result<bool, Reject> {
    Ok(Name::read(&mut reader)?.compare(text.as_bytes()).is_eq())
}
