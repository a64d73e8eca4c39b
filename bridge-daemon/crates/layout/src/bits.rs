//! Bit-fields: what may be one, where C places it, and which integer holds it.

use super::file::FieldDecl;
use super::key_error::KeyError;
use super::model::{Bits, Scalar, Type};
use super::type_name::type_name;
use bridge_document::Located;

/// The width of a field of type `ty`, if it is a bit-field.
///
/// # Errors
///
/// What it says about its bits makes no sense.
pub(super) fn width(field: &Located<FieldDecl>, ty: &Type, path: &str) -> Result<Option<u8>, KeyError> {
    let path = path.to_owned();
    let Some(width) = &field.bits else {
        return match field.bit.as_ref().filter(|_| field.complete) {
            Some(bit) => Err(KeyError::BitKey { path, at: bit.span }),
            None => Ok(None),
        };
    };
    if !is_bits(ty) {
        return Err(KeyError::BitsType { path, ty: type_name(ty), at: field.ty.span });
    }
    let (room, at, width) = (8 * ty.size() as u64, width.span, **width);
    let Some(narrow) = u8::try_from(width).ok().filter(|_| width > 0 && width <= room) else {
        return Err(KeyError::BitsWidth { path, width, ty: type_name(ty), room, at });
    };
    if let Some(bit) = field.bit.as_ref().filter(|bit| bit.sound) {
        if field.offset.is_none() && field.complete {
            return Err(KeyError::BitAlone { path, at: bit.span });
        }
        if bit.saturating_add(width) > room {
            let last = bit.saturating_add(width - 1);
            return Err(KeyError::BitsOutside { path, bit: **bit, last, ty: type_name(ty), room, at: bit.span });
        }
    }
    if let Type::Enum(named) = ty {
        let (min, max) = range(named.repr, narrow);
        if let Some((name, value)) = named.values.iter().find(|(_, value)| !(min..=max).contains(value)) {
            let (name, value) = (format!("{}.{name}", named.name), *value);
            return Err(KeyError::BitsValue { path, name, value, width: narrow, min, max, at });
        }
    }
    Ok(Some(narrow))
}

/// Whether there are bit-fields of this type.
fn is_bits(ty: &Type) -> bool {
    match ty {
        Type::Scalar(scalar) => !matches!(scalar, Scalar::F32 | Scalar::F64),
        Type::Enum(_) => true,
        _ => false,
    }
}

/// The least and the greatest value that `width` bits of an integer hold.
pub fn range(scalar: Scalar, width: u8) -> (i128, i128) {
    let width = u32::from(width).clamp(1, 64);
    match scalar.integer_range() {
        Some((min, _)) if min < 0 => (-(1 << (width - 1)), (1 << (width - 1)) - 1),
        _ => (0, (1 << width) - 1),
    }
}

/// Where C places a bit-field behind bit `cursor`, counted from the struct's start: right there, unless it would cross a
/// boundary of its type, of `size` bytes; structs that are packed do not care.
pub(super) fn start(cursor: u64, width: u64, size: u64, packed: bool) -> u64 {
    let unit = 8 * size;
    if !packed && cursor % unit + width > unit { cursor.next_multiple_of(unit) } else { cursor }
}

/// A bit-field with type `ty` of which the file does not say in which integer of a struct of `size` bytes it lies, with
/// the offset of that integer. Unless the struct is packed, it is aligned and of the declared type. `None` if there is
/// none: with an enum, of the enum's size; else of up to 8 bytes.
pub(super) fn unit(ty: Type, start: u64, width: u8, size: u64, packed: bool) -> Option<(u64, Type)> {
    let bits = |offset: u64, ty: Type| {
        let shift = u8::try_from(start - 8 * offset).ok()?;
        Some((offset, Type::Bits(Box::new(Bits { ty, shift, width }))))
    };
    let declared = ty.size() as u64;
    if !packed {
        let offset = start / 8 / declared * declared;
        return bits(offset, ty);
    }
    let end = (start + u64::from(width)).div_ceil(8);
    [declared, 1, 2, 4, 8].into_iter().find_map(|unit| {
        // Where the bits begin, or further to the front if the struct ends too soon.
        let offset = (start / 8).min(size.checked_sub(unit)?);
        if offset + unit < end {
            return None;
        }
        bits(offset, resized(&ty, unit)?)
    })
}

/// The type, if it is an integer, with another number of bytes.
fn resized(ty: &Type, size: u64) -> Option<Type> {
    match ty {
        _ if ty.size() as u64 == size => Some(ty.clone()),
        Type::Scalar(scalar) => {
            let (min, _) = scalar.integer_range()?;
            let all =
                [Scalar::U8, Scalar::U16, Scalar::U32, Scalar::U64, Scalar::I8, Scalar::I16, Scalar::I32, Scalar::I64];
            let fits = |other: &Scalar| {
                other.size() as u64 == size && other.integer_range().is_some_and(|(least, _)| (least < 0) == (min < 0))
            };
            all.into_iter().find(fits).map(Type::Scalar)
        }
        _ => None,
    }
}
