//! Structs with a union: the document is looked through for what says which of several structs it is, then read as that.

use super::Struct;
use super::find::{Key, enter, keys};
use super::number::any;
use super::reader::Reader;
use super::text::text_len;
use crate::bytes::Input;
use crate::number::Number;
use crate::reject::Reject;
use crate::spot::note;
use crate::told::{Told, Which};

/// One of several structs.
#[derive(Debug)]
pub(super) struct OneOf {
    pub(super) told: Told,
    /// In the order of the cases.
    pub(super) structs: Vec<Struct>,
}

impl OneOf {
    /// The struct that the document is from `start` on.
    pub(super) fn chosen(&self, input: Input<'_>, start: usize) -> Result<&Struct, Reject> {
        let mut reader = Reader::new(input, start);
        let index = match &self.told.which {
            Which::Key => self.by_key(&mut reader),
            Which::Tag(step) => {
                if !enter(&mut reader, step)? {
                    return Err(note(Reject::MissingField, None, Some(start)));
                }
                let at = reader.position();
                self.by_value(&mut reader).map_err(|reject| note(reject, None, Some(at)))
            }
        }?;
        self.structs.get(index).ok_or(Reject::UnnamedValue)
    }

    /// The case whose name is a key.
    fn by_key(&self, reader: &mut Reader<'_>) -> Result<usize, Reject> {
        let start = reader.position();
        let mut found = None;
        keys(reader, |key| {
            let Key::Text(reader, len) = key else { return Ok(false) };
            found = self.told.by_name(|name| reader.compare(len, name))?;
            Ok(found.is_some())
        })?;
        found.ok_or_else(|| note(Reject::MissingField, None, Some(start)))
    }

    /// The case whose name or number is next.
    fn by_value(&self, reader: &mut Reader<'_>) -> Result<usize, Reject> {
        let marker = reader.byte()?;
        match marker {
            0xa0..=0xbf | 0xd9..=0xdb => {
                let len = text_len(marker, reader)?;
                self.told.by_name(|name| reader.compare(len, name))?.ok_or(Reject::UnknownName)
            }
            _ => match any(marker, reader)? {
                Number::Integer(value) => self.told.by_number(value).ok_or(Reject::UnnamedValue),
                Number::Float(_) => Err(Reject::WrongType),
            },
        }
    }
}
