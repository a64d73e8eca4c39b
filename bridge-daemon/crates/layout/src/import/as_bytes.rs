//! Fields that are taken as the bytes that they are, whatever they are.

use gimli::constants as dw;

use super::ImportError;
use super::dwarf::{At, unsigned};
use super::error::Refusal;
use super::read::{Reader, refused};
use super::scopes::is_struct;
use super::shape::FieldShape;
use crate::{MAX_DEPTH, MAX_FIELDS};

/// Whether the field called `path` is the one that the user means by `wanted`: as it is called in messages, or without the
/// struct's name.
pub(super) fn is_path(path: &str, wanted: &str) -> bool {
    path == wanted || path.split_once('.').is_some_and(|(_, inner)| inner == wanted)
}

impl Reader<'_, '_> {
    /// Whether the field called `path` is to be taken as bytes.
    pub(super) fn is_bytes(&mut self, path: &str) -> bool {
        let found = self.as_bytes.iter_mut().find(|(wanted, _)| is_path(path, wanted));
        found.map(|(_, is_met)| *is_met = true).is_some()
    }

    /// A type as so many bytes.
    pub(super) fn bytes(&self, at: At, path: &str) -> Result<FieldShape, ImportError> {
        let (size, align) = self.extent(at, 0, path)?;
        Ok(FieldShape { dimensions: vec![size], size, given: align, ..FieldShape::single("u8", 1, 1) })
    }

    /// Bytes of a type, and how it is aligned.
    fn extent(&self, at: At, depth: usize, path: &str) -> Result<(u64, u64), ImportError> {
        if depth > MAX_DEPTH {
            return Err(refused(path, Refusal::Depth));
        }
        let plain = self.plain(at)?;
        let given = plain.align.or(unsigned(&plain.entry, dw::DW_AT_alignment)).filter(|align| align.is_power_of_two());
        let size = unsigned(&plain.entry, dw::DW_AT_byte_size);
        let (size, natural) = match plain.entry.tag() {
            dw::DW_TAG_array_type => {
                let (element, dimensions) = self.array_of(&plain, path)?;
                let (bytes, align) = self.extent(element, depth + 1, path)?;
                let bytes = dimensions.iter().try_fold(bytes, |bytes, len| bytes.checked_mul(*len));
                (size.or(bytes), align)
            }
            tag if is_struct(tag) || tag == dw::DW_TAG_union_type => {
                let mut members = Vec::new();
                self.dwarf.children(plain.at, |unit, child| {
                    if matches!(child.tag(), dw::DW_TAG_member | dw::DW_TAG_inheritance) {
                        members.extend(self.dwarf.reference(unit, child, dw::DW_AT_type)?);
                    }
                    Ok(())
                })?;
                let mut align = 1;
                for member in members.into_iter().take(MAX_FIELDS) {
                    align = align.max(self.extent(member, depth + 1, path).map_or(1, |(_, align)| align));
                }
                (size, align)
            }
            _ => (size, size.unwrap_or(1)),
        };
        let size = size.filter(|size| *size > 0).ok_or_else(|| refused(path, Refusal::Empty))?;
        let align = given.unwrap_or(natural);
        // A packed one is aligned to less than its members are.
        Ok((size, if align.is_power_of_two() && size.is_multiple_of(align) { align } else { 1 }))
    }
}
