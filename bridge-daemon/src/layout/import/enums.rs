//! Enums: the integer that holds one, and the names of its values.

use std::collections::HashMap;

use gimli::{AttributeValue, constants as dw};

use super::ImportError;
use super::dwarf::{At, Dwarf, Entry, Slice, unsigned};
use super::error::Refusal;
use super::scalar::integer;
use super::shape::FieldShape;
use crate::layout::MAX_ENUM_VALUES;

/// Bytes of a value's name.
const MAX_NAME: usize = 255;

/// An enum that was found.
#[derive(Debug)]
pub(super) struct EnumShape {
    /// The enum's name in the layout file.
    pub(super) name: String,
    /// The type's name in its language.
    pub(super) type_name: String,
    /// The integer that holds it.
    pub(super) repr: String,
    /// Names with their values, each of which is there once.
    pub(super) values: Vec<(String, i64)>,
    /// Names for values that have another name already.
    pub(super) aliases: Vec<(String, String)>,
}

/// What an enum is in a layout.
pub(super) enum Found {
    /// An integer with names, of these bytes.
    Named(EnumShape, u64),
    /// Just an integer: nothing has a name, or the names are none that a layout can have.
    Integer(FieldShape),
}

/// Reads the enum at `at`. `underlying` is the integer that holds it, where that is said.
pub(super) fn read(
    dwarf: &Dwarf<'_>,
    at: At,
    entry: &Entry<'_>,
    underlying: Option<FieldShape>,
) -> Result<Result<Found, Refusal>, ImportError> {
    let mut values: Vec<(String, AttributeValue<Slice<'_>>)> = Vec::new();
    let (mut negative, mut fit) = (false, true);
    dwarf.children(at, |unit, child| {
        if child.tag() != dw::DW_TAG_enumerator {
            return Ok(());
        }
        let (name, value) = (dwarf.name(unit, child)?, child.attr_value(dw::DW_AT_const_value));
        negative |= matches!(value, Some(AttributeValue::Sdata(value)) if value < 0);
        match (name, value) {
            (Some(name), Some(value)) if is_fine(&name) && values.len() < MAX_ENUM_VALUES => values.push((name, value)),
            _ => fit = false,
        }
        Ok(())
    })?;
    let encoding = if negative { dw::DW_ATE_signed } else { dw::DW_ATE_unsigned };
    let shape = match (underlying, unsigned(entry, dw::DW_AT_byte_size)) {
        (Some(shape), _) => shape,
        (None, Some(size)) => match integer(encoding, size) {
            Ok(word) => FieldShape::single(word, size, size),
            Err(refusal) => return Ok(Err(refusal)),
        },
        (None, None) => return Err(ImportError::Broken("an enum has no size")),
    };
    let named = named(&shape, values).filter(|named| fit && !named.values.is_empty());
    Ok(Ok(match named {
        Some(named) => Found::Named(named, shape.size),
        None => Found::Integer(shape),
    }))
}

/// The enum with each value once; none if a value is not one of the integer that holds it, or none that TOML can write.
fn named(shape: &FieldShape, values: Vec<(String, AttributeValue<Slice<'_>>)>) -> Option<EnumShape> {
    let signed = shape.base.starts_with('i');
    if !signed && !shape.base.starts_with('u') {
        return None;
    }
    let mut first: HashMap<i64, String> = HashMap::new();
    let (name, type_name, repr) = (String::new(), String::new(), shape.base.clone());
    let mut named = EnumShape { name, type_name, repr, values: Vec::new(), aliases: Vec::new() };
    for (name, value) in values {
        let value = number(&value, signed)?;
        match first.get(&value) {
            Some(other) => named.aliases.push((name, other.clone())),
            None => {
                first.insert(value, name.clone());
                named.values.push((name, value));
            }
        }
    }
    Some(named)
}

fn is_fine(name: &str) -> bool {
    name.len() <= MAX_NAME && !name.chars().any(char::is_control)
}

/// An enumerator's value: whether the bytes of a fixed form have a sign is up to the enum.
fn number(value: &AttributeValue<Slice<'_>>, signed: bool) -> Option<i64> {
    match (value, signed) {
        (AttributeValue::Sdata(value), _) => Some(*value),
        (value, true) => value.sdata_value(),
        (value, false) => value.udata_value()?.try_into().ok(),
    }
}
