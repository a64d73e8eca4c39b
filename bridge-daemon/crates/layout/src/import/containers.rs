//! Containers of the two stacks: recognised by their names, and believed only if their members stand where
//! [`Container::parts`] has them.

use std::sync::Arc;

use gimli::constants as dw;

use super::ImportError;
use super::dwarf::{At, Dwarf, unsigned};
use super::error::Refusal;
use super::read::{Plain, Reader, Resolved, refused};
use super::shape::FieldShape;
use crate::numbers::MAX_SIZE;
use crate::{Container, Layout, Stack, Type};

/// A container by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    String(Stack),
    Vector(Stack),
    Optional(Stack),
}

/// Types of classic that keep their data in a way of their own, or lead elsewhere. In 2.0 they are in `iox::cxx`, in 2.95 in
/// `iox`.
const OTHERS: [&str; 20] = [
    "ConstMethodCallback",
    "MethodCallback",
    "RelativePointer",
    "ScopeGuard",
    "VariantQueue",
    "expected",
    "fixed_position_container",
    "forward_list",
    "function",
    "function_ref",
    "list",
    "not_null",
    "optional",
    "slotmap",
    "span",
    "stack",
    "storable_function",
    "static_storage",
    "unique_ptr",
    "variant",
];

/// Whether it is another type of one of the stacks that cannot be taken for a plain struct.
pub(super) fn is_another(full: &[String], rust: bool) -> bool {
    let Some((last, scope)) = full.split_last() else { return false };
    let name = last.split('<').next().unwrap_or_default();
    let scope: Vec<&str> = scope.iter().map(String::as_str).collect();
    match (rust, scope.as_slice()) {
        (true, ["iceoryx2_bb_container" | "iceoryx2_bb_lock_free" | "iceoryx2_bb_elementary", ..]) => true,
        (true, _) => false,
        (false, ["iox", "concurrent", ..] | ["iox2", "bb" | "container" | "legacy", ..]) => true,
        (false, ["iox"] | ["iox", "cxx" | "rp" | "memory" | "detail"]) => OTHERS.contains(&name),
        (false, _) => false,
    }
}

/// The container that the struct of this full name is.
pub(super) fn kind(full: &[String], rust: bool) -> Option<Kind> {
    let (last, scope) = full.split_last()?;
    let name = last.split('<').next().unwrap_or_default();
    let root: Vec<&str> = scope.iter().map(String::as_str).collect();
    match (rust, root.as_slice(), name) {
        // The same in both lines; other containers of 2.95 are not.
        (false, ["iox"] | ["iox", "cxx"], "string") => Some(Kind::String(Stack::Classic)),
        (false, ["iox"] | ["iox", "cxx"], "vector") => Some(Kind::Vector(Stack::Classic)),
        (false, ["iox", "cxx"], "optional") => Some(Kind::Optional(Stack::Classic)),
        (true, ["iceoryx2_bb_container", ..], "StaticString") => Some(Kind::String(Stack::Iceoryx2)),
        (true, ["iceoryx2_bb_container", ..], "StaticVec") => Some(Kind::Vector(Stack::Iceoryx2)),
        (true, ["iceoryx2_bb_container", ..], "RelocatableOption") => Some(Kind::Optional(Stack::Iceoryx2)),
        _ => None,
    }
}

impl Kind {
    /// What a layout file calls it.
    fn word(self) -> &'static str {
        match self {
            Self::String(Stack::Classic) => "iox::cxx::string",
            Self::Vector(Stack::Classic) => "iox::cxx::vector",
            Self::Optional(Stack::Classic) => "iox::cxx::optional",
            Self::String(Stack::Iceoryx2) => "iceoryx2::StaticString",
            Self::Vector(Stack::Iceoryx2) => "iceoryx2::StaticVec",
            Self::Optional(Stack::Iceoryx2) => "iceoryx2::RelocatableOption",
        }
    }

    /// What its own source calls the member with the data, and that with the length or the flag.
    fn members(self) -> (&'static str, &'static str) {
        match self {
            Self::String(Stack::Classic) => ("m_rawstring", "m_rawstringSize"),
            Self::Vector(Stack::Classic) => ("m_data", "m_size"),
            Self::Optional(Stack::Classic) => ("m_data", "m_hasValue"),
            Self::String(Stack::Iceoryx2) | Self::Vector(Stack::Iceoryx2) => ("data", "len"),
            // Of an enum: see `option`.
            Self::Optional(Stack::Iceoryx2) => ("__0", ""),
        }
    }
}

/// The container of this kind at `plain`, the type of the field called `path`.
pub(super) fn read<'a>(
    reader: &mut Reader<'_, 'a>,
    plain: &Plain<'a>,
    kind: Kind,
    path: &str,
) -> Result<Resolved, ImportError> {
    let found = match kind {
        Kind::Optional(Stack::Iceoryx2) => option(reader.dwarf, plain.at)?,
        _ => Entries::of(reader.dwarf, plain.at)?,
    };
    let element = match kind {
        Kind::String(_) => FieldShape::single("u8", 1, 1),
        Kind::Vector(_) | Kind::Optional(_) => {
            let at = found.element.ok_or_else(|| refused(path, Refusal::Container))?;
            match reader.resolve(at, path)? {
                Resolved::Field(shape) => shape.of_one_letter(),
                Resolved::Empty => return Err(refused(path, Refusal::EmptyElements)),
            }
        }
    };
    let name = reader.dwarf.name(&plain.unit, &plain.entry)?.unwrap_or_default();
    let capacity = found.capacity.or_else(|| last_argument(&name)).filter(|capacity| *capacity <= MAX_SIZE);
    let (container, arguments) = match (kind, capacity) {
        (Kind::String(stack), Some(capacity)) => (Container::String(stack, as_usize(capacity)), capacity.to_string()),
        (Kind::Vector(stack), Some(capacity)) => {
            if capacity.checked_mul(element.size).is_none_or(|size| size > MAX_SIZE) {
                return Err(refused(path, Refusal::Container));
            }
            let arguments = format!("{}, {capacity}", element.written());
            (Container::Vector(stack, stand_in(&element), as_usize(capacity)), arguments)
        }
        (Kind::Optional(stack), _) => (Container::Optional(stack, stand_in(&element)), element.written()),
        (_, None) => return Err(refused(path, Refusal::Container)),
    };
    let parts = container.parts();
    let size = unsigned(&plain.entry, dw::DW_AT_byte_size);
    let (data, tag) = kind.members();
    let (data, tag) = (found.member(data), found.member(tag));
    let expected = |part: usize| u64::try_from(part).ok();
    if size != expected(parts.size) || data != expected(parts.data) || tag != expected(parts.tag) {
        return Err(refused(path, Refusal::Container));
    }
    let align = expected(parts.align).unwrap_or(1);
    Ok(Resolved::Field(FieldShape::single(&format!("{}<{arguments}>", kind.word()), size.unwrap_or(0), align)))
}

/// Sizes were checked: nothing of a layout is larger than [`MAX_SIZE`].
fn as_usize(number: u64) -> usize {
    usize::try_from(number).unwrap_or(0)
}

/// A type of this size and alignment.
fn stand_in(shape: &FieldShape) -> Type {
    let size = as_usize(shape.size.min(MAX_SIZE));
    Type::Struct(Arc::new(Layout {
        name: String::new(),
        size,
        align: as_usize(shape.align.clamp(1, MAX_SIZE)),
        fields: Vec::new(),
    }))
}

/// What stands directly in a container.
#[derive(Default)]
struct Entries {
    /// What it is a container of.
    element: Option<At>,
    /// The number among its arguments.
    capacity: Option<u64>,
    /// Its members with their offsets.
    members: Vec<(String, u64)>,
}

impl Entries {
    fn of(dwarf: &Dwarf<'_>, at: At) -> Result<Self, ImportError> {
        const MEMBERS: usize = 8;
        let mut entries = Self::default();
        dwarf.children(at, |unit, child| {
            match child.tag() {
                dw::DW_TAG_template_type_parameter if entries.element.is_none() => {
                    entries.element = dwarf.reference(unit, child, dw::DW_AT_type)?;
                }
                dw::DW_TAG_template_value_parameter => entries.capacity = unsigned(child, dw::DW_AT_const_value),
                dw::DW_TAG_member if entries.members.len() < MEMBERS => {
                    let offset = unsigned(child, dw::DW_AT_data_member_location);
                    entries.members.extend(dwarf.name(unit, child)?.zip(offset));
                }
                _ => {}
            }
            Ok(())
        })?;
        Ok(entries)
    }

    fn member(&self, name: &str) -> Option<u64> {
        self.members.iter().find(|(known, _)| known == name).map(|(_, offset)| *offset)
    }
}

/// What stands in a Rust enum with the variants `None`, 0, and `Some`, 1: the value `__0`, and without a name what tells
/// them apart. Nothing if it is another enum.
fn option(dwarf: &Dwarf<'_>, at: At) -> Result<Entries, ImportError> {
    let mut part = None;
    dwarf.children(at, |unit, child| {
        if child.tag() == dw::DW_TAG_variant_part {
            part = Some((
                At { unit: unit.number, offset: child.offset() },
                dwarf.reference(unit, child, dw::DW_AT_discr)?,
            ));
        }
        Ok(())
    })?;
    let Some((part, Some(discriminant))) = part else { return Ok(Entries::default()) };
    let (_, discriminant) = dwarf.entry(discriminant)?;
    let tag = unsigned(&discriminant, dw::DW_AT_data_member_location);
    let mut variants = Vec::new();
    dwarf.children(part, |unit, child| {
        if child.tag() == dw::DW_TAG_variant && variants.len() < 3 {
            let at = At { unit: unit.number, offset: child.offset() };
            variants.push((unsigned(child, dw::DW_AT_discr_value), at));
        }
        Ok(())
    })?;
    let mut some = Entries::default();
    let mut names = Vec::new();
    for (value, at) in variants {
        let mut ty = None;
        dwarf.children(at, |unit, child| {
            if child.tag() == dw::DW_TAG_member {
                names.push((dwarf.name(unit, child)?.unwrap_or_default(), value));
                ty = dwarf.reference(unit, child, dw::DW_AT_type)?;
            }
            Ok(())
        })?;
        if let (Some(1), Some(ty)) = (value, ty) {
            some = Entries::of(dwarf, ty)?;
        }
    }
    let expected = [("None".to_owned(), Some(0)), ("Some".to_owned(), Some(1))];
    some.members.extend(tag.map(|tag| (String::new(), tag)));
    Ok(if names == expected { some } else { Entries::default() })
}

/// The number that ends the arguments in a type's name: 4 of `vector<P, 4ul>`.
fn last_argument(name: &str) -> Option<u64> {
    let arguments = name.trim_end().strip_suffix('>')?;
    let last = arguments.rsplit([',', '<']).next()?.trim();
    last.trim_end_matches(['u', 'U', 'l', 'L']).parse().ok()
}
