//! The `type` of a field as it is written: `u32`, `char[16]`, `f64[3][4]`, `Point`, `Point[8]`,
//! `iox::cxx::vector<Point, 8>`.

use serde::Deserialize;

use super::container_type::{ContainerType, Holds, container};
use super::model::Scalar;
use super::name::{LayoutName, LayoutNameError};
use super::set::MAX_DEPTH;

/// Dimensions that an array may have.
pub const MAX_DIMENSIONS: usize = 8;

/// A field's type as it is written, well formed but with names not yet looked up.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct FieldType {
    /// What stands before the brackets.
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
    /// A container.
    Container(Box<ContainerType>),
}

/// Why a type is refused. The second line says what to write.
#[derive(Debug, thiserror::Error)]
pub enum FieldTypeError {
    /// Brackets that do not pair, or hold no number.
    #[error("`{0}` is not a type\nwrite for example \"u32\", \"char[16]\", \"f64[3][4]\", or the name of a layout")]
    Form(String),
    /// An array of nothing.
    #[error(
        "an array or container must have room for one element\nwrite a number from 1 up in the brackets, or leave the \
         field out"
    )]
    Empty,
    /// A number beyond any memory.
    #[error("{0} elements are more than any sample has room for\nwrite a smaller number in the brackets")]
    Many(String),
    /// Too many dimensions.
    #[error("more than {MAX_DIMENSIONS} dimensions\nput an array of a layout into a layout instead")]
    Dimensions,
    /// Containers in containers in containers.
    #[error("containers nest more than {MAX_DEPTH} deep here\nuse fewer")]
    Nested,
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
pub(super) fn foreign(name: &str) -> Option<&'static str> {
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
        "vector" | "Vec" => "T[N]",
        "optional" | "Option" => "iox::cxx::optional<T>",
        _ => return None,
    })
}

impl TryFrom<String> for FieldType {
    type Error = FieldTypeError;

    fn try_from(text: String) -> Result<Self, FieldTypeError> {
        parse(&text, 0)
    }
}

/// The type that stands within `levels` containers.
pub(super) fn parse(text: &str, levels: usize) -> Result<FieldType, FieldTypeError> {
    if levels > MAX_DEPTH {
        return Err(FieldTypeError::Nested);
    }
    // What a container holds may have dimensions of its own.
    let arguments = text.rfind('>').map_or(0, |at| at + 1);
    let at = text.get(arguments..).and_then(|rest| rest.find('[')).map_or(text.len(), |at| arguments + at);
    let (name, brackets) = text.split_at(at);
    let name = name.trim();
    let dimensions = dimensions(brackets, text)?;
    if dimensions.len() > MAX_DIMENSIONS {
        return Err(FieldTypeError::Dimensions);
    }
    let base = match (name, scalar(name)) {
        ("", _) => return Err(form(text)),
        ("char", _) if dimensions.is_empty() => return Err(FieldTypeError::Char),
        ("char", _) => Base::Char,
        (_, Some(scalar)) => Base::Scalar(scalar),
        _ => match container(name, levels) {
            Some(container) => Base::Container(Box::new(container?)),
            None if name.contains(['[', ']']) => return Err(form(text)),
            None => Base::Named(LayoutName::try_from(name.to_owned())?),
        },
    };
    Ok(FieldType { base, dimensions })
}

impl FieldType {
    /// The layouts and enums that it is made of, of those that `exists` knows, added to `names`.
    pub(super) fn names<'a>(&'a self, exists: &dyn Fn(&str) -> bool, names: &mut Vec<&'a LayoutName>) {
        match &self.base {
            Base::Scalar(_) | Base::Char => {}
            Base::Named(name) => names.extend(exists(name).then_some(name)),
            Base::Container(container) => match (container.name.as_ref().filter(|name| exists(name)), &container.holds)
            {
                (Some(name), _) => names.push(name),
                (None, Holds::Text(_)) => {}
                (None, Holds::Many(inner, _) | Holds::Maybe(inner)) => inner.names(exists, names),
            },
        }
    }
}

/// The numbers in `[3][4]`.
fn dimensions(mut rest: &str, whole: &str) -> Result<Vec<u64>, FieldTypeError> {
    let mut dimensions = Vec::new();
    while !rest.is_empty() {
        let (number, after) =
            rest.strip_prefix('[').and_then(|inner| inner.split_once(']')).ok_or_else(|| form(whole))?;
        dimensions.push(length(number.trim()).unwrap_or_else(|| Err(form(whole)))?);
        rest = after.trim_start();
    }
    Ok(dimensions)
}

/// A number of elements; `None` if there are other characters than digits.
pub(super) fn length(digits: &str) -> Option<Result<u64, FieldTypeError>> {
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some(match digits.parse() {
        Ok(0) => Err(FieldTypeError::Empty),
        Ok(number) => Ok(number),
        Err(_) => Err(FieldTypeError::Many(shorten(digits))),
    })
}

pub(super) fn form(text: &str) -> FieldTypeError {
    FieldTypeError::Form(shorten(text))
}

fn shorten(text: &str) -> String {
    let short: String = text.chars().take(60).collect::<String>().escape_debug().to_string();
    if text.chars().nth(60).is_some() { format!("{short}...") } else { short }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on ends")]
mod tests {
    use super::super::model::Stack;
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
    fn containers_hold_any_type() {
        let ty = parse("iox::cxx::vector< Matrix<double,3>[2] , 4 > [ 5 ]").unwrap();
        let Base::Container(vector) = &ty.base else { panic!("{ty:?}") };
        let Holds::Many(element, 4) = &vector.holds else { panic!("{vector:?}") };
        assert!(matches!(&element.base, Base::Named(name) if **name == *"Matrix<double,3>"));
        assert_eq!((&element.dimensions[..], &ty.dimensions[..], vector.stack), (&[2][..], &[5][..], Stack::Classic));

        let ty = parse("RelocatableOption<iceoryx2::StaticVec<iox::cxx::string<7>,2>>").unwrap();
        let Base::Container(optional) = &ty.base else { panic!("{ty:?}") };
        assert!(optional.name.is_some());
        let Holds::Maybe(vector) = &optional.holds else { panic!("{optional:?}") };
        let Base::Container(vector) = &vector.base else { panic!("{vector:?}") };
        let Holds::Many(string, 2) = &vector.holds else { panic!("{vector:?}") };
        assert!(matches!(&string.base, Base::Container(string) if string.holds == Holds::Text(7)));
        assert_eq!((vector.stack, &vector.name), (Stack::Iceoryx2, &None));
        // A template of one's own.
        assert!(matches!(parse("StaticVec<int>").unwrap().base, Base::Named(_)));
    }

    #[test]
    fn nonsense_in_containers_is_refused() {
        for text in [
            "iox::cxx::string<>",
            "iox::cxx::string<8",
            "iox::cxx::string<x>",
            "iox::cxx::string<0>",
            "iox::cxx::string<99999999999999999999>",
            "iox::cxx::vector<u8>",
            "iox::cxx::vector<,8>",
            "iox::cxx::vector<char, 8>",
            "iox::cxx::optional<>",
            "iox::cxx::optional<u8>>x",
            "iceoryx2::StaticVec<u8, -1>",
            "iox::cxx::string",
        ] {
            let ty = parse(text);
            assert!(!matches!(ty, Ok(FieldType { base: Base::Container(_), .. })), "{text:?} was taken for {ty:?}");
        }
        for levels in [MAX_DEPTH, MAX_DEPTH + 1, 100_000] {
            let text = format!("{}u8{}", "iox::cxx::optional<".repeat(levels), ">".repeat(levels));
            assert_eq!(matches!(parse(&text), Err(FieldTypeError::Nested)), levels > MAX_DEPTH);
        }
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
