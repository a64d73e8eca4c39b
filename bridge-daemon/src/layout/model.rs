//! The checked form of a layout. A value of [`Layout`] that came out of this module's parser is sound: every field lies
//! inside the struct, no two fields overlap, and sizes and alignments add up.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// A struct of fixed size.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Layout {
    /// The name by which streams and other layouts refer to it.
    pub name: String,
    /// Bytes of one value, tail padding included.
    pub size: usize,
    /// Alignment in bytes, a power of two.
    pub align: usize,
    /// The fields, by ascending offset.
    pub fields: Vec<Field>,
}

/// One field of a [`Layout`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// The key in MessagePack and JSON.
    pub name: String,
    /// Bytes from the start of the struct.
    pub offset: usize,
    /// What stands there.
    pub ty: Type,
}

/// The type of a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Type {
    /// A number or a truth value.
    Scalar(Scalar),
    /// `char[N]`: UTF-8 text that ends at the first NUL, or fills all N bytes.
    Text(usize),
    /// `u8[N]`: bytes, `bin` in MessagePack.
    Bytes(usize),
    /// `T[N]`: N values one after the other, each as large as `T` with its padding.
    Array(Box<Type>, usize),
    /// Another layout.
    Struct(Arc<Layout>),
    /// An integer whose values have names.
    Enum(Arc<Enum>),
}

/// An integer whose values have names, which is what documents show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enum {
    /// The name by which layouts refer to it.
    pub name: String,
    /// How a value lies in memory: one of the integers.
    pub repr: Scalar,
    /// Names with their values, which lie in the range of `repr`; no name and no value is there twice.
    pub values: Vec<(String, i128)>,
    /// Values without a name are fine as well, and shown as integers. Otherwise samples with one are rejected.
    pub open: bool,
}

/// The scalar types.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the names are the documentation")]
pub enum Scalar {
    U8,
    U16,
    U32,
    U64,
    I8,
    I16,
    I32,
    I64,
    F32,
    F64,
    Bool,
}

impl Layout {
    /// The fields by name.
    #[must_use]
    pub fn by_name(&self) -> HashMap<&str, &Field> {
        self.fields.iter().map(|field| (field.name.as_str(), field)).collect()
    }
}

impl Scalar {
    /// Bytes of one value; its alignment is the same.
    #[must_use]
    pub const fn size(self) -> usize {
        match self {
            Self::U8 | Self::I8 | Self::Bool => 1,
            Self::U16 | Self::I16 => 2,
            Self::U32 | Self::I32 | Self::F32 => 4,
            Self::U64 | Self::I64 | Self::F64 => 8,
        }
    }

    /// The least and the greatest value of an integer type; `None` for floats and truth values.
    #[must_use]
    pub const fn integer_range(self) -> Option<(i128, i128)> {
        match self {
            Self::U8 => Some((0, u8::MAX as i128)),
            Self::U16 => Some((0, u16::MAX as i128)),
            Self::U32 => Some((0, u32::MAX as i128)),
            Self::U64 => Some((0, u64::MAX as i128)),
            Self::I8 => Some((i8::MIN as i128, i8::MAX as i128)),
            Self::I16 => Some((i16::MIN as i128, i16::MAX as i128)),
            Self::I32 => Some((i32::MIN as i128, i32::MAX as i128)),
            Self::I64 => Some((i64::MIN as i128, i64::MAX as i128)),
            Self::F32 | Self::F64 | Self::Bool => None,
        }
    }

    /// The name in layout files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::U8 => "u8",
            Self::U16 => "u16",
            Self::U32 => "u32",
            Self::U64 => "u64",
            Self::I8 => "i8",
            Self::I16 => "i16",
            Self::I32 => "i32",
            Self::I64 => "i64",
            Self::F32 => "f32",
            Self::F64 => "f64",
            Self::Bool => "bool",
        }
    }
}

impl Type {
    /// The type of an array's elements and how many they are; bytes are an array of `u8`. `None` for other types.
    #[must_use]
    pub fn elements(&self) -> Option<(Cow<'_, Self>, usize)> {
        match self {
            Self::Array(element, len) => Some((Cow::Borrowed(element), *len)),
            Self::Bytes(len) => Some((Cow::Owned(Self::Scalar(Scalar::U8)), *len)),
            Self::Scalar(_) | Self::Text(_) | Self::Struct(_) | Self::Enum(_) => None,
        }
    }

    /// Bytes of one value.
    #[must_use]
    pub fn size(&self) -> usize {
        match self {
            Self::Scalar(scalar) => scalar.size(),
            Self::Text(len) | Self::Bytes(len) => *len,
            Self::Array(element, len) => element.size() * len,
            Self::Struct(layout) => layout.size,
            Self::Enum(named) => named.repr.size(),
        }
    }

    /// Alignment in bytes, a power of two.
    #[must_use]
    pub fn align(&self) -> usize {
        match self {
            Self::Scalar(scalar) => scalar.size(),
            Self::Text(_) | Self::Bytes(_) => 1,
            Self::Array(element, _) => element.align(),
            Self::Struct(layout) => layout.align,
            Self::Enum(named) => named.repr.size(),
        }
    }
}
