//! What samples are at one end of a route: bytes, structs or documents, and what documents are and may lack or have.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

pub use bridge_layout::tree::{OnMissing, UnionsAs};

use bridge_layout::Layout;

/// How the bytes of a payload are read or written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FormatPlan {
    /// Bytes that nobody looks at.
    Raw,
    /// A struct of this layout.
    Struct(Arc<Layout>),
    /// One MessagePack document, and what one that is read may lack or have besides its fields.
    Msgpack(Shape, Tolerance),
    /// One JSON document, and what one that is read may lack or have besides its fields.
    Json(Tolerance),
}

/// What the documents of an endpoint are, where that does not follow from the struct at the other end.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentPlan {
    /// The struct that they are turned into on the way to documents of the other end.
    pub layout: Option<Arc<Layout>>,
    /// The path of the field of the struct that they are, instead of all of it.
    pub field: Option<String>,
    /// What blocks of bytes are in them; `None`: `bin` in MessagePack, numbers in JSON.
    #[serde(default)]
    pub bytes: Option<BytesAs>,
    /// What values of enums are in those that are written. Both are read.
    #[serde(default)]
    pub enums: EnumsAs,
    /// What points in time are in them.
    #[serde(default)]
    pub timestamps: TimestampsAs,
    /// How they have structs with a union.
    #[serde(default)]
    pub unions: UnionsAs,
}

/// What a block of bytes is in a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BytesAs {
    /// An array of numbers. In MessagePack, `bin` is read as well.
    Array,
    /// A text in Base64 (RFC 4648, with padding; read without as well). In JSON; an array of numbers is read as well.
    Base64,
}

/// What the value of an enum is in a document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EnumsAs {
    /// Its name.
    #[default]
    Name,
    /// Its number.
    Number,
}

/// What a field that is a `timestamp` is in a document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TimestampsAs {
    /// The integer in the struct.
    #[default]
    Integer,
    /// In MessagePack: its timestamp extension, of type -1. Read in all widths, written in the shortest.
    Extension,
    /// In JSON: a text by RFC 3339, written in UTC and with as many digits as are of use, at most nine.
    Text,
}

/// What a document that is read may lack, or have besides the fields of the layout.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tolerance {
    /// What happens to a field that is missing from the layout.
    pub on_unknown: OnUnknown,
    /// What happens when a field of the layout is not there.
    pub on_missing: OnMissing,
    /// Whether a double has to be exactly the float that it becomes; else it is rounded. Of MessagePack: JSON is decimal.
    #[serde(default)]
    pub exact: bool,
}

/// What happens to a field of a document that the layout has not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OnUnknown {
    /// The sample is rejected.
    #[default]
    Reject,
    /// The field is passed over, whatever its value.
    Ignore,
}

/// How MessagePack shows a struct.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Shape {
    /// A map keyed by field name: what `rmp_serde::to_vec_named` writes.
    #[default]
    Map,
    /// An array of the fields' values: what `rmp_serde::to_vec` writes.
    Array,
}
