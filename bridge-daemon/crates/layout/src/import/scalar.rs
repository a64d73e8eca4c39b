//! Numbers and truth values: from their debug information to the words of a layout.

use gimli::{AttributeValue, DwAte, constants as dw};

use super::dwarf::{Entry, unsigned};
use super::error::Refusal;
use super::shape::FieldShape;

/// What a base type is; the inner error says why a layout has none.
pub(super) fn base(name: &str, entry: &Entry<'_>) -> Result<FieldShape, Refusal> {
    let size = unsigned(entry, dw::DW_AT_byte_size).unwrap_or(0);
    let Some(AttributeValue::Encoding(encoding)) = entry.attr_value(dw::DW_AT_encoding) else {
        return Err(Refusal::Unknown);
    };
    let foreign = if cfg!(target_endian = "little") { dw::DW_END_big } else { dw::DW_END_little };
    let is_foreign =
        matches!(entry.attr_value(dw::DW_AT_endianity), Some(AttributeValue::Endianity(end)) if end == foreign);
    if is_foreign && cfg!(target_endian = "big") {
        return Err(Refusal::ByteOrder);
    }
    // `()` of Rust, and nothing else.
    if size == 0 {
        return Ok(FieldShape::single("", 0, 1));
    }
    let word = match (encoding, size) {
        // Text has no sign; that of C++'s `char` differs between machines.
        (dw::DW_ATE_signed_char | dw::DW_ATE_unsigned_char, 1) if name == "char" => "char",
        (dw::DW_ATE_UTF, 1) => "char",
        _ if name == "char8_t" && size == 1 => "char",
        (dw::DW_ATE_UTF, _) => return Err(Refusal::WideChar),
        _ if matches!(name, "wchar_t" | "char16_t" | "char32_t") => return Err(Refusal::WideChar),
        (dw::DW_ATE_boolean, 1) => "bool",
        (dw::DW_ATE_float, 4) => "f32",
        (dw::DW_ATE_float, 8) => "f64",
        (dw::DW_ATE_float | dw::DW_ATE_decimal_float, _) => return Err(Refusal::Float),
        (dw::DW_ATE_complex_float, _) => return Err(Refusal::Complex),
        _ => integer(encoding, size)?,
    };
    Ok(FieldShape { swapped: is_foreign && size > 1, ..FieldShape::single(word, size, size) })
}

pub(super) fn integer(encoding: DwAte, size: u64) -> Result<&'static str, Refusal> {
    let signed = match encoding {
        dw::DW_ATE_signed | dw::DW_ATE_signed_char => true,
        dw::DW_ATE_unsigned | dw::DW_ATE_unsigned_char => false,
        _ => return Err(Refusal::Unknown),
    };
    Ok(match (size, signed) {
        (1, true) => "i8",
        (2, true) => "i16",
        (4, true) => "i32",
        (8, true) => "i64",
        (1, false) => "u8",
        (2, false) => "u16",
        (4, false) => "u32",
        (8, false) => "u64",
        (9.., _) => return Err(Refusal::Integer),
        _ => return Err(Refusal::Unknown),
    })
}
