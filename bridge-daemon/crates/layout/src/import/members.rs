//! The members of one struct: those of its bases and of unnamed structs within it stand among them, as C++ has it.

use std::collections::HashSet;

use gimli::{AttributeValue, constants as dw};

use super::ImportError;
use super::bits::{self, Run};
use super::dwarf::{At, Dwarf, Entry, Unit, flag, unsigned};
use super::error::Refusal;
use super::read::{Plain, Reader, Resolved, refused};
use super::scopes::is_struct;
use super::shape::{FieldShape, ShapeField};
use super::special;
use super::unions::Met;
use crate::{MAX_DEPTH, MAX_FIELDS};
use bridge_document::on_one_line;

/// Bytes of a field's name.
const MAX_NAME: usize = 255;

/// What is in a struct.
#[derive(Default)]
pub(super) struct Members {
    pub(super) fields: Vec<ShapeField>,
    pub(super) notes: Vec<String>,
    bits: Vec<BitField>,
    unions: Vec<Met>,
}

/// A member as its entry says it, before its type is looked at.
pub(super) struct Member {
    pub(super) name: Option<String>,
    pub(super) ty: At,
    offset: u64,
    align: u64,
    /// It is a base class.
    base: bool,
    /// Only these bits, from the start of the struct.
    bits: Option<Run>,
}

/// A bit-field that was collected: which field it is, and its bits from the start of the outermost struct.
struct BitField {
    field: usize,
    run: Run,
    path: String,
}

/// Reads the members of a struct.
pub(super) fn read<'a>(reader: &mut Reader<'_, 'a>, plain: &Plain<'a>, path: &str) -> Result<Members, ImportError> {
    let mut members = Members::default();
    collect(reader, plain.at, 0, 0, path, &mut members)?;
    place_bits(reader, &mut members, unsigned(&plain.entry, dw::DW_AT_byte_size).unwrap_or(0))?;
    swap_enums(reader, &mut members, path)?;
    distinguish(&mut members.fields);
    for met in std::mem::take(&mut members.unions) {
        let variants = reader.variants(&met, &members.fields)?;
        if let Some(field) = members.fields.get_mut(met.field) {
            let layouts = variants.cases.iter().filter_map(|(_, layout)| layout.as_deref());
            // As layout files have it. If a member that is never live is aligned to more, there is room around it.
            field.ty.align = layouts.map(|layout| reader.alignment(layout)).max().unwrap_or(1);
            field.variants = Some(variants);
        }
    }
    Ok(members)
}

fn collect(
    reader: &mut Reader<'_, '_>,
    at: At,
    start: u64,
    level: usize,
    path: &str,
    into: &mut Members,
) -> Result<(), ImportError> {
    if level > MAX_DEPTH {
        return Err(refused(path, Refusal::Depth));
    }
    for member in entries(reader.dwarf, at, path)? {
        let offset = start.checked_add(member.offset).ok_or(ImportError::Broken("a member lies beyond any memory"))?;
        let Some(name) = member.name.filter(|_| !member.base) else {
            // Bits without a name are padding.
            if member.bits.is_some() {
                continue;
            }
            flatten(reader, member.ty, member.base, offset, level, path, into)?;
            continue;
        };
        if name.len() > MAX_NAME || name.chars().any(char::is_control) {
            return Err(refused(path, Refusal::Name));
        }
        let field_path = format!("{path}.{name}");
        if let Some(wanted) = reader.tagged(&field_path) {
            let ty = reader.bytes(member.ty, &field_path)?;
            let (name, align) = (plain_name(&name), member.align.max(ty.given));
            into.unions.push(Met { field: into.fields.len(), at: member.ty, path: field_path, wanted });
            into.fields.push(ShapeField { name, offset, ty, align, base: None, bits: None, variants: None });
            continue;
        }
        match reader.resolve(member.ty, &field_path)? {
            // What `layout emit` writes where a layout has bytes of no field.
            Resolved::Field(ty) if is_padding(&name, &ty) => {}
            Resolved::Field(ty) => {
                let ty = match member.bits {
                    Some(_) if ty.swapped => return Err(refused(&field_path, Refusal::ByteOrder)),
                    Some(run) => {
                        let first = start.checked_mul(8).and_then(|first| first.checked_add(run.at));
                        let at = first.ok_or(ImportError::Broken("a member lies beyond any memory"))?;
                        let field = into.fields.len();
                        into.bits.push(BitField { field, run: Run { at, ..run }, path: field_path });
                        ty
                    }
                    None => ty.of_one_letter(),
                };
                let name = plain_name(&name);
                let align = member.align.max(ty.given);
                into.fields.push(ShapeField { name, offset, ty, align, base: None, bits: None, variants: None });
            }
            Resolved::Empty => into.notes.push(format!("`{}` is empty and left out.", on_one_line(&name))),
        }
        if into.fields.len() > MAX_FIELDS || into.notes.len() > MAX_FIELDS {
            return Err(refused(path, Refusal::ManyFields));
        }
    }
    Ok(())
}

/// Has the enums of a struct stand in the order of its numbers: GCC keeps them so, but does not say it. Where the numbers
/// stand in both orders, as those of an unnamed struct within may, it is not known.
fn swap_enums(reader: &Reader<'_, '_>, members: &mut Members, path: &str) -> Result<(), ImportError> {
    if !members.fields.iter().any(|field| field.ty.swapped) {
        return Ok(());
    }
    let is_number =
        |field: &ShapeField| matches!(field.ty.base.as_bytes(), [b'u' | b'i' | b'f', b'1' | b'3' | b'6', ..]);
    let is_mixed = members.fields.iter().any(|field| is_number(field) && !field.ty.swapped);
    for field in &mut members.fields {
        let Some(named) = reader.named(&field.ty.base) else { continue };
        if named.repr.ends_with('8') {
            continue;
        }
        if is_mixed {
            return Err(refused(&format!("{path}.{}", field.name), Refusal::ByteOrder));
        }
        field.ty.swapped = true;
    }
    Ok(())
}

/// Finds the integers that hold the bit-fields, in a struct of `size` bytes.
fn place_bits(reader: &Reader<'_, '_>, members: &mut Members, size: u64) -> Result<(), ImportError> {
    for BitField { field, run, path } in std::mem::take(&mut members.bits) {
        let Some(field) = members.fields.get_mut(field) else { continue };
        let unit = bits::unit(run, field.ty.size, size).ok_or_else(|| refused(&path, Refusal::BitField))?;
        let named = reader.named(&field.ty.base);
        let (ty, is_number) =
            bits::retyped(&field.ty, named, unit.size, run.width).map_err(|refusal| refused(&path, refusal))?;
        if is_number {
            let name = on_one_line(&field.name);
            members
                .notes
                .push(format!("`{name}` is a number here: its bits hold no value of its enum, or not all of them."));
        }
        (field.ty, field.offset, field.bits) = (ty, unit.offset, Some((unit.shift, run.width)));
    }
    Ok(())
}

/// Puts the members of a base, or of an unnamed struct, among those of the struct around it.
fn flatten(
    reader: &mut Reader<'_, '_>,
    ty: At,
    base: bool,
    offset: u64,
    level: usize,
    path: &str,
    into: &mut Members,
) -> Result<(), ImportError> {
    let inner = reader.plain(ty)?;
    let tag = inner.entry.tag();
    if tag == dw::DW_TAG_union_type {
        let path = format!("{path}.<unnamed>");
        let wanted = reader.tagged(&path);
        if wanted.is_none() && !reader.is_bytes(&path) {
            return Err(refused(&path, Refusal::Union));
        }
        if let Some(wanted) = wanted {
            into.unions.push(Met { field: into.fields.len(), at: ty, path: path.clone(), wanted });
        }
        let ty = reader.bytes(ty, &path)?;
        let (name, align) = ("unnamed".to_owned(), ty.given);
        into.fields.push(ShapeField { name, offset, ty, align, base: None, bits: None, variants: None });
        return Ok(());
    }
    if !is_struct(tag) {
        return Err(refused(path, Refusal::Name));
    }
    if flag(&inner.entry, dw::DW_AT_declaration) {
        return Err(ImportError::Declared(reader.full_name(&inner).join("::")));
    }
    match special::kind(&reader.full_name(&inner), inner.unit.rust) {
        Err(refusal) => return Err(refused(path, refusal)),
        Ok(special::Kind::Container(_)) => return Err(refused(path, Refusal::OtherContainer)),
        Ok(_) => {}
    }
    let first = into.fields.len();
    collect(reader, inner.at, offset, level + 1, path, into)?;
    if base {
        let name = reader.dwarf.name(&inner.unit, &inner.entry)?.unwrap_or_default();
        let word = name.split('<').next().unwrap_or_default();
        for field in into.fields.iter_mut().skip(first) {
            field.base.get_or_insert_with(|| on_one_line(word));
        }
    }
    Ok(())
}

/// Whether a struct has neither members nor bases.
pub(super) fn none(dwarf: &Dwarf<'_>, at: At) -> Result<bool, ImportError> {
    let mut none = true;
    dwarf.children(at, |_, child| {
        none &= !matches!(child.tag(), dw::DW_TAG_member | dw::DW_TAG_inheritance | dw::DW_TAG_variant_part);
        Ok(())
    })?;
    Ok(none)
}

/// The members of a struct that take room in it.
pub(super) fn entries(dwarf: &Dwarf<'_>, at: At, path: &str) -> Result<Vec<Member>, ImportError> {
    let mut members = Vec::new();
    let mut refusal = None;
    dwarf.children(at, |unit, child| {
        let found = match child.tag() {
            dw::DW_TAG_member | dw::DW_TAG_inheritance => member(dwarf, unit, child)?,
            dw::DW_TAG_variant_part => Err((None, Refusal::EnumWithData)),
            _ => return Ok(()),
        };
        match found {
            Ok(Some(_)) if members.len() >= MAX_FIELDS => {
                refusal = refusal.take().or(Some((None, Refusal::ManyFields)))
            }
            Ok(member) => members.extend(member),
            Err(found) => refusal = refusal.take().or(Some(found)),
        }
        Ok(())
    })?;
    match refusal {
        Some((Some(name), refusal)) => Err(refused(&format!("{path}.{name}"), refusal)),
        Some((None, refusal)) => Err(refused(path, refusal)),
        None => Ok(members),
    }
}

/// One member; none if it takes no room, as static members do. The inner error has the member's name.
#[expect(clippy::type_complexity, reason = "read in one place, just above")]
fn member<'a>(
    dwarf: &Dwarf<'a>,
    unit: &Unit<'a>,
    entry: &Entry<'a>,
) -> Result<Result<Option<Member>, (Option<String>, Refusal)>, ImportError> {
    let base = entry.tag() == dw::DW_TAG_inheritance;
    let location = entry.attr_value(dw::DW_AT_data_member_location);
    let is_static = flag(entry, dw::DW_AT_external) || flag(entry, dw::DW_AT_declaration);
    if !base && location.is_none() && (is_static || entry.has_attr(dw::DW_AT_const_value)) {
        return Ok(Ok(None));
    }
    let name = dwarf.name(unit, entry)?;
    if base
        && matches!(entry.attr_value(dw::DW_AT_virtuality), Some(AttributeValue::Virtuality(v)) if v != dw::DW_VIRTUALITY_none)
    {
        return Ok(Err((None, Refusal::Virtual)));
    }
    if name.as_deref().is_some_and(|name| name.starts_with("_vptr")) {
        return Ok(Err((None, Refusal::Virtual)));
    }
    let offset = match location {
        None => 0,
        Some(AttributeValue::Exprloc(expression)) => match constant(expression, unit) {
            Some(offset) => offset,
            None => return Ok(Err((name, Refusal::Virtual))),
        },
        Some(value) => value.udata_value().ok_or(ImportError::Broken("a member has no place"))?,
    };
    let ty = dwarf.reference(unit, entry, dw::DW_AT_type)?.ok_or(ImportError::Broken("a member has no type"))?;
    let align = unsigned(entry, dw::DW_AT_alignment).filter(|align| align.is_power_of_two()).unwrap_or(1);
    let bits = match bits::run(entry, offset) {
        Some(None) => return Ok(Err((name, Refusal::BitField))),
        found => found.flatten(),
    };
    Ok(Ok(Some(Member { name, ty, offset, align, base, bits })))
}

/// The offset that old compilers write as an expression; any other expression is computed from a living object.
fn constant(expression: gimli::Expression<super::dwarf::Slice<'_>>, unit: &Unit<'_>) -> Option<u64> {
    let mut operations = expression.operations(unit.header.encoding());
    match (operations.next().ok()??, operations.next().ok()?) {
        (gimli::Operation::PlusConstant { value }, None) => Some(value),
        _ => None,
    }
}

/// `__0`, which is what rustc calls the first field of a tuple struct, as the source has it.
fn plain_name(name: &str) -> String {
    match name.strip_prefix("__") {
        Some(number) if !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()) => number.to_owned(),
        _ => name.to_owned(),
    }
}

fn is_padding(name: &str, ty: &FieldShape) -> bool {
    let number = name.strip_prefix("_padding").unwrap_or_default();
    let numbered = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    numbered && ty.base == "u8" && ty.dimensions.len() == 1
}

/// A field of a base may be hidden by one of the same name; each gets a name of its own.
fn distinguish(fields: &mut [ShapeField]) {
    let mut seen = HashSet::new();
    // The struct's own field keeps the name: it is the one that the name means in the source.
    for field in fields.iter_mut().rev() {
        let mut name = field.name.clone();
        let mut number = 2;
        while !seen.insert(name.clone()) {
            name = match &field.base {
                Some(base) if number == 2 => format!("{base}::{}", field.name),
                _ => format!("{}-{number}", field.name),
            };
            number += 1;
        }
        field.name = name;
    }
}
