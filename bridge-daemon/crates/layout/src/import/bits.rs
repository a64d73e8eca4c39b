//! Bit-fields: from the bits that debug information names to an integer that holds them, and their place in it.

use gimli::{AttributeValue, constants as dw};

use super::dwarf::{Entry, unsigned};
use super::enums::EnumShape;
use super::error::Refusal;
use super::shape::FieldShape;

/// Bits of a struct: the place of the first from the start of the struct (of the lowest one on little-endian machines,
/// of the highest one on others), and how many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Run {
    pub(super) at: u64,
    pub(super) width: u64,
}

/// A bit-field as a layout has it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Unit {
    /// Where the integer begins.
    pub(super) offset: u64,
    /// Its bytes.
    pub(super) size: u64,
    /// The place of the lowest bit in it.
    pub(super) shift: u64,
}

/// The bits of the member that `entry` describes, from its `location` on; `None` if it is no bit-field. The inner one
/// is `None` if they are not where any memory is.
pub(super) fn run(entry: &Entry<'_>, location: u64) -> Option<Option<Run>> {
    let width = unsigned(entry, dw::DW_AT_bit_size);
    if width.is_none() && !entry.has_attr(dw::DW_AT_data_bit_offset) {
        return None;
    }
    let place = || {
        let width = width.filter(|width| (1..=64).contains(width))?;
        let first = location.checked_mul(8)?;
        let at = match unsigned(entry, dw::DW_AT_data_bit_offset) {
            Some(at) => first.checked_add(at)?,
            // DWARF 3 and older: from the highest bit of an integer of so many bytes at that location.
            None => match (unsigned(entry, dw::DW_AT_byte_size), signed(entry, dw::DW_AT_bit_offset)) {
                (Some(size), Some(above)) if cfg!(target_endian = "little") => {
                    let bits = i64::try_from(size.checked_mul(8)?).ok()?;
                    let below = bits.checked_sub(above)?.checked_sub(i64::try_from(width).ok()?)?;
                    first.checked_add_signed(below)?
                }
                (_, above) => first.checked_add_signed(above.unwrap_or(0))?,
            },
        };
        at.checked_add(width)?;
        Some(Run { at, width })
    };
    Some(place())
}

/// A number that may be negative: of `unsigned : 20` after a byte, the highest bit lies beyond its integer.
fn signed(entry: &Entry<'_>, name: gimli::DwAt) -> Option<i64> {
    with_sign(&entry.attr_value(name)?)
}

/// Compilers write it in forms of 4 or 8 bytes without a sign, too (clang 14 in 8): what is far beyond any integer is meant
/// with one.
fn with_sign<R: gimli::Reader>(value: &AttributeValue<R>) -> Option<i64> {
    match value {
        AttributeValue::Sdata(value) => Some(*value),
        value => {
            let positive = value.udata_value()?;
            Some(match u32::try_from(positive) {
                Ok(four_bytes) => i64::from(four_bytes.cast_signed()),
                Err(_) => positive.cast_signed(),
            })
        }
    }
}

/// The integer that holds the bits in a struct of `struct_size` bytes: that of the declared type where there is one, else
/// a smaller one, else a larger one; aligned where it can be, which it cannot in packed structs.
pub(super) fn unit(run: Run, declared: u64, struct_size: u64) -> Option<Unit> {
    let first = run.at / 8;
    let mut candidates =
        [declared, 1, 2, 4, 8].into_iter().filter(|size| matches!(size, 1 | 2 | 4 | 8)).flat_map(|size| {
            // Or further to the front, if the struct ends too soon.
            let anywhere = first.min(struct_size.saturating_sub(size));
            [(first - first % size, size), (anywhere, size)]
        });
    candidates.find_map(|(offset, size)| {
        let from = run.at.checked_sub(offset.checked_mul(8)?)?;
        let above = (size * 8).checked_sub(from.checked_add(run.width)?)?;
        let shift = if cfg!(target_endian = "little") { from } else { above };
        let inside = offset.checked_add(size)? <= struct_size;
        inside.then_some(Unit { offset, size, shift })
    })
}

/// The type of a bit-field of `width` bits in an integer of `size` bytes, which was declared as `declared`, maybe as an
/// enum. An enum of another size, or with values that need more bits, becomes an integer, and the flag says so.
pub(super) fn retyped(
    declared: &FieldShape,
    named: Option<&EnumShape>,
    size: u64,
    width: u64,
) -> Result<(FieldShape, bool), Refusal> {
    if !declared.dimensions.is_empty() {
        return Err(Refusal::BitField);
    }
    let integer = |signed: bool| {
        let sign = if signed { 'i' } else { 'u' };
        FieldShape::single(&format!("{sign}{}", size * 8), size, size)
    };
    let is_number = |word: &str| matches!(word, "u8" | "u16" | "u32" | "u64" | "i8" | "i16" | "i32" | "i64");
    match (declared.base.as_str(), named) {
        (_, Some(named)) if declared.size == size && holds(named, width) => {
            Ok((FieldShape::single(&declared.base, size, size), false))
        }
        (_, Some(named)) => Ok((integer(named.repr.starts_with('i')), true)),
        // Of a letter, some bits are a number.
        ("char", _) => Ok((integer(std::ffi::c_char::MIN != 0), false)),
        ("bool", _) if size == 1 => Ok((FieldShape::single("bool", 1, 1), false)),
        (word, _) if is_number(word) => Ok((integer(word.starts_with('i')), false)),
        _ => Err(Refusal::BitField),
    }
}

/// Whether so many bits hold every value of an enum.
fn holds(named: &EnumShape, width: u64) -> bool {
    let bits = width.clamp(1, 64);
    let (min, max) = match named.repr.starts_with('i') {
        true => (-(1_i128 << (bits - 1)), (1_i128 << (bits - 1)) - 1),
        false => (0, (1_i128 << bits) - 1),
    };
    named.values.iter().all(|(_, value)| (min..=max).contains(&i128::from(*value)))
}

#[cfg(all(test, target_endian = "little"))]
mod tests {
    use super::*;

    fn placed(at: u64, width: u64, declared: u64, struct_size: u64) -> Option<(u64, u64, u64)> {
        unit(Run { at, width }, declared, struct_size).map(|unit| (unit.offset, unit.size, unit.shift))
    }

    #[test]
    fn offsets_may_be_negative_in_every_form() {
        type Value = AttributeValue<gimli::EndianSlice<'static, gimli::LittleEndian>>;
        let forms: [Value; 5] = [
            AttributeValue::Data8(u64::MAX - 7),
            AttributeValue::Data4(u32::MAX - 7),
            AttributeValue::Udata(u64::MAX - 7),
            AttributeValue::Udata(u64::from(u32::MAX) - 7),
            AttributeValue::Sdata(-8),
        ];
        for value in forms {
            assert_eq!(with_sign(&value), Some(-8), "{value:?}");
        }
        assert_eq!(
            with_sign::<gimli::EndianSlice<'static, gimli::LittleEndian>>(&AttributeValue::Data1(200)),
            Some(200)
        );
    }

    #[test]
    fn the_declared_type_holds_a_bit_field_where_it_can() {
        assert_eq!(placed(3, 5, 4, 4), Some((0, 4, 3)));
        assert_eq!(placed(35, 5, 4, 8), Some((4, 4, 3)));
        assert_eq!(placed(8, 24, 4, 4), Some((0, 4, 8)));
    }

    #[test]
    fn another_integer_does_where_it_cannot() {
        assert_eq!(placed(30, 4, 4, 8), Some((3, 4, 6)), "it crosses a boundary, so the struct is packed");
        assert_eq!(placed(12, 10, 2, 3), Some((1, 2, 4)));
        assert_eq!(placed(3, 5, 4, 1), Some((0, 1, 3)), "the struct is smaller");
        assert_eq!(placed(12, 10, 4, 3), Some((1, 2, 4)));
        assert_eq!(placed(60, 20, 4, 16), Some((7, 4, 4)));
        assert_eq!(placed(60, 20, 4, 10), Some((6, 4, 12)), "the struct ends soon");
        assert_eq!(placed(12, 25, 4, 64), Some((1, 4, 4)));
        assert_eq!(placed(4, 20, 4, 3), None, "no integer has three bytes");
        assert_eq!(placed(0, 8, 3, 3), Some((0, 1, 0)), "there is no such declared integer");
        assert_eq!(placed(800, 1, 4, 64), None, "it lies outside");
    }
}
