//! What a layout file holds.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{Deserializer, Error, MapAccess, Visitor};

use super::field_type::FieldType;
use super::model::{Endian, Scalar, TextEnd, TimeUnit};
use super::name::{FieldName, LayoutName, LayoutNameError};
use crate::numbers::{Align, Size};
use bridge_document::Located;

/// What to write for keys that are missing in a layout file.
pub const EXAMPLES: &[(&str, &str)] = &[
    ("name", "\"price\""),
    ("type", "\"u32\""),
    ("fields", "[{ name = \"price\", type = \"f64\" }]"),
    ("values", "{ Buy = 1, Sell = 2 }"),
];

/// A layout file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table")]
pub struct LayoutFile {
    /// The layouts it describes.
    #[serde(default)]
    pub layout: Vec<Located<LayoutDecl>>,
    /// The enums it describes.
    #[serde(default, rename = "enum")]
    pub enums: Vec<Located<EnumDecl>>,
}

/// A struct of fixed size.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a layout's table")]
pub struct LayoutDecl {
    /// The name by which streams and other layouts refer to it, unique over all layout files.
    pub name: Located<LayoutName>,
    /// Bytes of one value, tail padding included. Left out, it follows from the fields as C has it.
    pub size: Option<Located<Size>>,
    /// Alignment in bytes. Left out, it is that of the most aligned field; it may be more (`alignas`).
    pub align: Option<Located<Align>>,
    /// Fields may stand at any offset, whatever their alignment; left out offsets leave no gap (`#pragma pack`).
    #[serde(default)]
    pub packed: bool,
    /// Which bytes may belong to no field.
    #[serde(default)]
    pub padding: Padding,
    /// The fields, in any order; those without an offset follow the one before them.
    pub fields: Located<Vec<Located<FieldDecl>>>,
}

/// Which bytes of a struct may belong to no field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Padding {
    /// Those that C puts there for alignment. A larger gap is most likely a forgotten field.
    #[default]
    C,
    /// Any: the layout leaves fields out on purpose. Such bytes are written as zero.
    Any,
}

/// One field of a struct.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a field: { name = ..., type = ... }")]
pub struct FieldDecl {
    /// The key in MessagePack; unique within the layout.
    pub name: Located<FieldName>,
    /// Bytes from the start of the struct. Left out, C's rules place the field after the one before it.
    pub offset: Option<Located<u64>>,
    /// `u8` to `u64`, `i8` to `i64`, `f32`, `f64`, `bool`, `char[N]` (text), another layout or an enum, a container of
    /// one of the stacks, or any of these followed by `[N]`, repeated for more dimensions; `u8[N]` is bytes.
    #[serde(rename = "type")]
    pub ty: Located<FieldType>,
    /// Of a bit-field: how many bits it has.
    pub bits: Option<Located<u64>>,
    /// Of a bit-field with an offset: the place of its lowest bit in the integer there. Left out, it is the lowest.
    pub bit: Option<Located<u64>>,
    /// Of `char[N]`: how one knows where the text ends. Left out, it is [`TextWord::Nul`].
    pub text: Option<Located<TextWord>>,
    /// Of numbers and enums: in which order their bytes stand. Left out, it is that of this machine, little-endian.
    pub endian: Option<Located<Endian>>,
    /// Of integers: they are points in time, and count this.
    pub timestamp: Option<Located<TimeUnit>>,
    /// Of a padded text: what stands behind it. Left out, it is a space.
    pub pad: Option<Located<Pad>>,
    /// Of `u8[N]`: the bytes hold values of this layout, one after the other.
    pub records: Option<Located<LayoutName>>,
    /// Of `u8[N]`: it is a union. What it holds, by the names of the values of its tag.
    pub variants: Option<Located<Entries<VariantDecl>>>,
    /// Of a union: the field beside it, of an enum, that says what it holds.
    pub tag: Option<Located<FieldName>>,
    /// The field beside it that has the number of its elements that count.
    pub count: Option<Located<FieldName>>,
    /// The field beside it that has the number of its bytes that count.
    pub length: Option<Located<FieldName>>,
    /// The field beside it that has the sum of its bytes that count.
    pub sum: Option<Located<FieldName>>,
}

/// How one knows where a text ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TextWord {
    /// At the first NUL, or it fills all bytes.
    Nul,
    /// At the first NUL, and there always is one.
    Terminated,
    /// Where nothing but padding follows.
    Padded,
    /// It fills all bytes.
    Exact,
}

impl TextWord {
    /// The end of a text which is padded with `pad`, if it is.
    pub(super) fn end(self, pad: Option<Pad>) -> TextEnd {
        match self {
            Self::Nul => TextEnd::Nul,
            Self::Terminated => TextEnd::Terminated,
            Self::Padded => TextEnd::Padded(pad.map_or(b' ', |pad| pad.0)),
            Self::Exact => TextEnd::Exact,
        }
    }
}

/// What stands behind a padded text: one ASCII character.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Pad(pub u8);

/// It is no such character. The second line says what to write.
#[derive(Debug, thiserror::Error)]
#[error("text cannot be padded with {0:?}\nwrite one ASCII character, as in `pad = \" \"`")]
pub struct PadError(String);

impl TryFrom<String> for Pad {
    type Error = PadError;

    fn try_from(text: String) -> Result<Self, PadError> {
        match text.as_bytes() {
            [byte] if byte.is_ascii() => Ok(Self(*byte)),
            _ => Err(PadError(text.chars().take(20).collect())),
        }
    }
}

/// An integer whose values have names.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, expecting = "an enum's table")]
pub struct EnumDecl {
    /// The name by which layouts refer to it, unique over the layouts and enums of all layout files.
    pub name: Located<LayoutName>,
    /// The integer that holds a value: `u8` to `u64`, `i8` to `i64`.
    #[serde(rename = "type")]
    pub repr: Located<Repr>,
    /// The names and their values, as in `{ Buy = 1, Sell = 2 }`. No two names have one value.
    pub values: Located<Entries<EnumValue>>,
    /// Whether values without a name are fine as well, and shown as integers. Otherwise samples that hold one are
    /// rejected.
    #[serde(default)]
    pub open: bool,
}

/// The integers that can hold an enum.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the names are the documentation")]
pub enum Repr {
    U8,
    U16,
    U32,
    U64,
    I8,
    I16,
    I32,
    I64,
}

impl From<Repr> for Scalar {
    fn from(repr: Repr) -> Self {
        match repr {
            Repr::U8 => Self::U8,
            Repr::U16 => Self::U16,
            Repr::U32 => Self::U32,
            Repr::U64 => Self::U64,
            Repr::I8 => Self::I8,
            Repr::I16 => Self::I16,
            Repr::I32 => Self::I32,
            Repr::I64 => Self::I64,
        }
    }
}

/// A table in the order of the file. Its names obey the rules for those of fields.
#[derive(Debug)]
pub struct Entries<T>(pub Vec<(FieldName, Located<T>)>);

/// What a table of names has for each of them.
pub trait Entry {
    /// What the table should be, for messages.
    const TABLE: &str;
}

impl<'de, T: Entry + Deserialize<'de>> Deserialize<'de> for Entries<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Table<T>(PhantomData<T>);
        impl<'de, T: Entry + Deserialize<'de>> Visitor<'de> for Table<T> {
            type Value = Entries<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(T::TABLE)
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entries<T>, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Entries(entries))
            }
        }
        deserializer.deserialize_map(Table(PhantomData))
    }
}

/// What a union holds where its tag has one value: a layout, or nothing, which is the empty text.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct VariantDecl(pub Option<LayoutName>);

impl Entry for VariantDecl {
    const TABLE: &str = "a table of names and layouts: { Order = \"Order\", Ping = \"\" }";
}

impl TryFrom<String> for VariantDecl {
    type Error = LayoutNameError;

    fn try_from(text: String) -> Result<Self, LayoutNameError> {
        if text.is_empty() { Ok(Self(None)) } else { LayoutName::try_from(text).map(|name| Self(Some(name))) }
    }
}

/// The value of a name: any integer of 64 bits, with or without sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EnumValue(pub i128);

impl Entry for EnumValue {
    const TABLE: &str = "a table of names and values: { Buy = 1, Sell = 2 }";
}

impl<'de> Deserialize<'de> for EnumValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Integer;
        impl Visitor<'_> for Integer {
            type Value = EnumValue;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a whole number")
            }

            fn visit_i64<E: Error>(self, value: i64) -> Result<EnumValue, E> {
                Ok(EnumValue(value.into()))
            }

            fn visit_u64<E: Error>(self, value: u64) -> Result<EnumValue, E> {
                Ok(EnumValue(value.into()))
            }
        }
        deserializer.deserialize_i64(Integer)
    }
}
