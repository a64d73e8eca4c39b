//! Keys and names of a document.

use std::cmp::Ordering;

use crate::json::reader::Reader;
use crate::json::string::string;
use crate::reject::Reject;
use crate::survey::MAX_NAME;

/// A key, or a name, in a place of its own: it is compared with many.
#[derive(Debug)]
pub(super) struct Name {
    bytes: [u8; MAX_NAME],
    len: usize,
    /// It is longer than any name.
    is_long: bool,
}

impl Name {
    /// Reads a name whose first quote was passed.
    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, Reject> {
        let mut name = Self { bytes: [0; MAX_NAME], len: 0, is_long: false };
        string(reader, |word, count| {
            match name.bytes.get_mut(name.len..name.len + count) {
                Some(place) => place.iter_mut().zip(word.to_le_bytes()).for_each(|(to, from)| *to = from),
                None => name.is_long = true,
            }
            name.len = (name.len + count).min(MAX_NAME);
            Ok(())
        })?;
        Ok(name)
    }

    /// Its bytes; `None` if it is longer than any name.
    pub(super) fn bytes(&self) -> Option<&[u8]> {
        if self.is_long { None } else { self.bytes.get(..self.len) }
    }

    /// How it compares with `other`, in the order of slices; greater than all of them if it is longer than any.
    pub(super) fn compare(&self, other: &[u8]) -> Ordering {
        self.bytes().map_or(Ordering::Greater, |bytes| bytes.cmp(other))
    }
}
