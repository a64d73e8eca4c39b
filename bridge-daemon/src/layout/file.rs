//! What a layout file holds.

use serde::Deserialize;

use super::field_type::FieldType;
use super::name::{FieldName, LayoutName};
use crate::config::document::Located;
use crate::config::numbers::{Align, Size};

/// What to write for keys that are missing in a layout file.
pub(crate) const EXAMPLES: &[(&str, &str)] =
    &[("name", "\"price\""), ("type", "\"f64\""), ("fields", "[{ name = \"price\", type = \"f64\" }]")];

/// A layout file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table")]
pub struct LayoutFile {
    /// The layouts it describes.
    #[serde(default)]
    pub layout: Vec<Located<LayoutDecl>>,
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
    /// `u8` to `u64`, `i8` to `i64`, `f32`, `f64`, `bool`, `char[N]` (text), another layout, or any of these followed by
    /// `[N]`, repeated for more dimensions; `u8[N]` is bytes.
    #[serde(rename = "type")]
    pub ty: Located<FieldType>,
}
