//! The `type` of a field as it is written: `u32`, `char[16]`, `f64[3][4]`, `Point`, `Point[8]`.

use serde::Deserialize;

use super::model::Scalar;
use super::name::{LayoutName, LayoutNameError};

/// Dimensions that an array may have.
pub(crate) const MAX_DIMENSIONS: usize = 8;

/// A field's type as it is written, well formed but with names not yet looked up.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct FieldType {
    /// What stands before the first bracket.
    pub base: Base,
    /// The numbers in brackets, as written: rows before columns. None is zero.
    pub dimensions: Vec<u64>,
}

/// A type without its dimensions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Base {
    /// A number or truth value.
    Scalar(Scalar),
    /// `char`, which is text and always has a length.
    Char,
    /// Another layout, or an enum.
    Named(LayoutName),
}

/// Why a type is refused. The second line says what to write.
#[derive(Debug, thiserror::Error)]
pub enum FieldTypeError {
    /// Brackets that do not pair, or hold no number.
    #[error("`{0}` is not a type\nwrite for example \"u32\", \"char[16]\", \"f64[3][4]\", or the name of a layout")]
    Form(String),
    /// An array of nothing.
    #[error(
        "an array must have at least one element\nwrite a number from 1 up in the brackets, or leave the field out"
    )]
    Empty,
    /// A number beyond any memory.
    #[error("{0} elements are more than any sample has room for\nwrite a smaller number in the brackets")]
    Many(String),
    /// Too many dimensions.
    #[error("more than {MAX_DIMENSIONS} dimensions\nput an array of a layout into a layout instead")]
    Dimensions,
    /// `char` without a length.
    #[error("text needs a length\nwrite `char[N]` for a text of up to N bytes, or `i8` or `u8` for one small number")]
    Char,
    /// Not a name that a layout can have.
    #[error(transparent)]
    Name(#[from] LayoutNameError),
}

/// The scalar type with this name.
pub(super) fn scalar(name: &str) -> Option<Scalar> {
    Some(match name {
        "u8" => Scalar::U8,
        "u16" => Scalar::U16,
        "u32" => Scalar::U32,
        "u64" => Scalar::U64,
        "i8" => Scalar::I8,
        "i16" => Scalar::I16,
        "i32" => Scalar::I32,
        "i64" => Scalar::I64,
        "f32" => Scalar::F32,
        "f64" => Scalar::F64,
        "bool" => Scalar::Bool,
        _ => return None,
    })
}

/// What to write for the names that other languages have for basic types.
fn foreign(name: &str) -> Option<&'static str> {
    Some(match name {
        "float" => "f32",
        "double" => "f64",
        "int" | "int32_t" => "i32",
        "unsigned" | "uint" | "uint32_t" => "u32",
        "short" | "int16_t" => "i16",
        "uint16_t" => "u16",
        "int8_t" => "i8",
        "byte" | "uint8_t" => "u8",
        "long" | "int64_t" => "i64",
        "uint64_t" | "size_t" | "usize" => "u64",
        "isize" => "i64",
        "boolean" => "bool",
        "string" | "str" | "String" => "char[N]",
        _ => return None,
    })
}

impl TryFrom<String> for FieldType {
    type Error = FieldTypeError;

    fn try_from(text: String) -> Result<Self, FieldTypeError> {
        let (name, brackets) = text.find('[').map_or((text.as_str(), ""), |at| text.split_at(at));
        let name = name.trim();
        let dimensions = dimensions(brackets, &text)?;
        if dimensions.len() > MAX_DIMENSIONS {
            return Err(FieldTypeError::Dimensions);
        }
        let base = match (name, scalar(name)) {
            ("", _) => return Err(form(&text)),
            ("char", _) if dimensions.is_empty() => return Err(FieldTypeError::Char),
            ("char", _) => Base::Char,
            (_, Some(scalar)) => Base::Scalar(scalar),
            _ => Base::Named(LayoutName::try_from(name.to_owned())?),
        };
        Ok(Self { base, dimensions })
    }
}

impl FieldType {
    /// What its author most likely means, when what it names does not exist.
    pub(super) fn foreign_name(&self) -> Option<&'static str> {
        match &self.base {
            Base::Named(name) => foreign(name),
            _ => None,
        }
    }
}

/// The numbers in `[3][4]`.
fn dimensions(mut rest: &str, whole: &str) -> Result<Vec<u64>, FieldTypeError> {
    let mut dimensions = Vec::new();
    while !rest.is_empty() {
        let (number, after) =
            rest.strip_prefix('[').and_then(|inner| inner.split_once(']')).ok_or_else(|| form(whole))?;
        let digits = number.trim();
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(form(whole));
        }
        match digits.parse() {
            Ok(0) => return Err(FieldTypeError::Empty),
            Ok(number) => dimensions.push(number),
            Err(_) => return Err(FieldTypeError::Many(shorten(digits))),
        }
        rest = after.trim_start();
    }
    Ok(dimensions)
}

fn form(text: &str) -> FieldTypeError {
    FieldTypeError::Form(shorten(text))
}

fn shorten(text: &str) -> String {
    let short: String = text.chars().take(60).collect::<String>().escape_debug().to_string();
    if text.chars().nth(60).is_some() { format!("{short}...") } else { short }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on ends")]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<FieldType, FieldTypeError> {
        FieldType::try_from(text.to_owned())
    }

    #[test]
    fn rows_come_before_columns() {
        let ty = parse("f64[3][4]").unwrap();
        assert_eq!((ty.base, ty.dimensions), (Base::Scalar(Scalar::F64), vec![3, 4]));
        assert_eq!(parse("radar::Point [ 8 ]").unwrap().dimensions, [8]);
    }

    #[test]
    fn nonsense_is_refused() {
        for text in ["", "[3]", "u8[", "u8]", "u8[]", "u8[-1]", "u8[1", "u8[1]x", "u8[x]", "[", "]", "u8[[1]]"] {
            assert!(parse(text).is_err(), "{text:?} was taken for a type");
        }
        assert!(matches!(parse("char"), Err(FieldTypeError::Char)));
        assert!(matches!(parse("char[0]"), Err(FieldTypeError::Empty)));
        assert!(matches!(parse("u8[99999999999999999999]"), Err(FieldTypeError::Many(_))));
        assert!(matches!(parse("u8[1][1][1][1][1][1][1][1][1]"), Err(FieldTypeError::Dimensions)));
    }
}
