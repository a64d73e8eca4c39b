//! Enums: the integer that holds one, and the names of its values.

use std::collections::HashMap;

use gimli::{AttributeValue, constants as dw};

use super::ImportError;
use super::dwarf::{At, Dwarf, Entry, Slice, unsigned};
use super::error::Refusal;
use super::scalar::integer;
use super::shape::FieldShape;
use crate::MAX_ENUM_VALUES;

/// Bytes of a value's name.
const MAX_NAME: usize = 255;

/// An enum that was found.
#[derive(Debug, PartialEq, Eq)]
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
        let value = number(&value, signed, shape.size)?;
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

/// An enumerator's value, of an enum of `size` bytes. A form that has a sign says it all. The forms of a fixed number of
/// bytes have none: g++ uses them for positive values alone, as short as these can be (200 of an `int` in one byte). Only
/// what is too large for a signed enum can be meant with its sign.
fn number(value: &AttributeValue<Slice<'_>>, signed: bool, size: u64) -> Option<i64> {
    if let AttributeValue::Sdata(value) = value {
        return Some(*value);
    }
    let bits = size.checked_mul(8).filter(|bits| (1..=64).contains(bits))?;
    let positive = value.udata_value()?;
    match i64::try_from(positive) {
        Ok(positive)
            if !signed || positive < 1_i64.checked_shl(u32::try_from(bits).ok()? - 1).unwrap_or(0) || bits == 64 =>
        {
            Some(positive)
        }
        _ if signed => value.sdata_value().or(Some(positive.cast_signed())),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_a_fixed_form_are_positive_where_they_fit() {
        use AttributeValue::{Data1, Data2, Data4, Data8, Sdata, Udata};
        for (value, signed, size, expected) in [
            (Data1(200), true, 4, Some(200)),
            (Data2(40_000), true, 4, Some(40_000)),
            (Data4(3_000_000_000), true, 8, Some(3_000_000_000)),
            (Data1(200), true, 1, Some(-56)),
            (Data1(127), true, 1, Some(127)),
            (Data2(200), true, 2, Some(200)),
            (Data4(u32::MAX), true, 4, Some(-1)),
            (Data8(u64::MAX), true, 8, Some(-1)),
            (Data8(1 << 62), true, 8, Some(1 << 62)),
            (Sdata(-56), true, 4, Some(-56)),
            (Data1(200), false, 1, Some(200)),
            (Data8(u64::MAX), false, 8, None),
            (Udata(40_000), true, 4, Some(40_000)),
        ] {
            assert_eq!(number(&value, signed, size), expected, "{value:?} {signed} {size}");
        }
    }
}
