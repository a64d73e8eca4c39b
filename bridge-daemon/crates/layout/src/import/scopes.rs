//! The named scopes and types of a unit, from which the full names of types come: an entry does not know what it is in.

use gimli::{Attribute, AttributeValue, DwTag, UnitOffset, constants as dw};

use super::ImportError;
use super::dwarf::{Dwarf, Unit};

/// Scopes and types of one unit; the largest programs, optimised as a whole, have a million.
pub(super) const MAX_SCOPES: usize = 1 << 22;

/// Levels of entries within each other.
const MAX_LEVELS: usize = 1024;

/// A namespace, a type, or a function with types in it.
pub(super) struct Scope<'a> {
    pub(super) offset: UnitOffset,
    pub(super) tag: DwTag,
    pub(super) name: Option<&'a [u8]>,
    /// Only announced here.
    pub(super) declaration: bool,
    /// A definition outside of its class: the announcement within it.
    pub(super) specification: Option<UnitOffset>,
    parent: Option<u32>,
}

/// The scopes of a unit by ascending offset.
pub(super) struct Scopes<'a>(Vec<Scope<'a>>);

/// A struct or class.
pub(super) fn is_struct(tag: DwTag) -> bool {
    matches!(tag, dw::DW_TAG_structure_type | dw::DW_TAG_class_type)
}

fn is_scope(tag: DwTag) -> bool {
    is_struct(tag)
        || matches!(tag, dw::DW_TAG_namespace | dw::DW_TAG_module | dw::DW_TAG_typedef)
        || matches!(tag, dw::DW_TAG_enumeration_type | dw::DW_TAG_union_type)
}

/// Reads the scopes of a unit.
pub(super) fn read<'a>(dwarf: &Dwarf<'a>, unit: &Unit<'a>) -> Result<Scopes<'a>, ImportError> {
    let mut scopes = Vec::new();
    // For each level, the scope that its entries are in.
    let mut parents: Vec<Option<u32>> = vec![None];
    let mut entries = unit.header.entries_raw(&unit.abbreviations, None)?;
    let mut attributes = Vec::new();
    while !entries.is_empty() {
        let offset = entries.next_offset();
        let Some(abbreviation) = entries.read_abbreviation()? else {
            parents.pop();
            // Bytes after the end of the outermost entry are padding.
            if parents.len() <= 1 {
                break;
            }
            continue;
        };
        let tag = abbreviation.tag();
        let parent = parents.last().copied().flatten();
        let mut inner = parent;
        if is_scope(tag) || (tag == dw::DW_TAG_subprogram && abbreviation.has_children()) {
            entries.read_attributes(abbreviation.attributes(), &mut attributes)?;
            let value = |name| attributes.iter().find(|attribute| attribute.name() == name).map(Attribute::value);
            if scopes.len() >= MAX_SCOPES {
                return Err(ImportError::Broken("a unit has too many types"));
            }
            inner = u32::try_from(scopes.len()).ok();
            scopes.push(Scope {
                offset,
                tag,
                name: dwarf.text(unit, value(dw::DW_AT_name))?.filter(|name| !name.is_empty()),
                declaration: matches!(value(dw::DW_AT_declaration), Some(AttributeValue::Flag(true))),
                specification: match value(dw::DW_AT_specification) {
                    Some(AttributeValue::UnitRef(offset)) => Some(offset),
                    _ => None,
                },
                parent,
            });
        } else {
            entries.skip_attributes(abbreviation.attributes())?;
        }
        if abbreviation.has_children() {
            if parents.len() > MAX_LEVELS {
                return Err(ImportError::Broken("its entries are nested too deeply"));
            }
            parents.push(inner);
        }
    }
    Ok(Scopes(scopes))
}

impl<'a> Scopes<'a> {
    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// All of them.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Scope<'a>> {
        self.0.iter()
    }

    /// The scope at this offset of the unit.
    pub(super) fn at(&self, offset: UnitOffset) -> Option<&Scope<'a>> {
        self.0.binary_search_by_key(&offset.0, |scope| scope.offset.0).ok().and_then(|index| self.0.get(index))
    }

    /// Where a scope has its name: for a definition outside of its class, the announcement within it.
    pub(super) fn named<'s>(&'s self, scope: &'s Scope<'a>) -> &'s Scope<'a> {
        scope.specification.and_then(|offset| self.at(offset)).unwrap_or(scope)
    }

    /// The names from the outermost scope to this one; scopes without a name are left out.
    pub(super) fn path(&self, scope: &Scope<'a>) -> Vec<String> {
        let mut names = Vec::new();
        let mut at = Some(scope);
        // A parent comes before its children, but an announcement may lie.
        for _ in 0..MAX_LEVELS {
            let Some(scope) = at else { break };
            // Out of line definitions stand where their announcement stands.
            let named = self.named(scope);
            names.extend(named.name.map(|name| String::from_utf8_lossy(name).into_owned()));
            at = named.parent.and_then(|parent| self.0.get(parent as usize));
        }
        names.reverse();
        names
    }
}
