//! Structs with a union: the document is looked through for what says which of several structs it is.

use super::find::{enter, keys};
use super::name::Name;
use crate::json::number::integer;
use crate::json::reader::Reader;
use crate::reject::Reject;
use crate::spot::note;
use crate::told::{Told, Which};

/// The index of the case that the next value is. The reader is a copy: the value is read after that.
pub(super) fn chosen(told: &Told, mut reader: Reader<'_>) -> Result<usize, Reject> {
    let start = reader.position();
    match &told.which {
        Which::Key => {
            let mut found = None;
            keys(&mut reader, |key| {
                found = told.by_name(|name| Ok(key.compare(name)))?;
                Ok(found.is_some())
            })?;
            found.ok_or_else(|| note(Reject::MissingField, None, Some(start)))
        }
        Which::Tag(step) => {
            if !enter(&mut reader, step)? {
                return Err(note(Reject::MissingField, None, Some(start)));
            }
            let at = reader.position();
            by_value(told, &mut reader).map_err(|reject| note(reject, None, Some(at)))
        }
    }
}

/// The case whose name or number is next.
fn by_value(told: &Told, reader: &mut Reader<'_>) -> Result<usize, Reject> {
    if reader.token()? == b'"' {
        reader.pass();
        let found = Name::read(reader)?;
        return told.by_name(|name| Ok(found.compare(name)))?.ok_or(Reject::UnknownName);
    }
    told.by_number(integer(reader)?).ok_or(Reject::UnnamedValue)
}
