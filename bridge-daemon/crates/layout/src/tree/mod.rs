//! What a document shows of a struct, and where each value of it stands: a tree of values with names.
//!
//! A [`Layout`](super::Layout) says how the bytes lie. A [`Tree`] says what they mean to a reader: live parts with where
//! their length stands, containers taken apart, bit-fields as numbers, and the fields that only tell a length left out.
//! It is made once from a layout (and a stream's rules for fields), and every transcoder is compiled from it.
//!
//! Places are in bytes from a base: the start of the struct, or of the array element or record around the value.

mod build;
mod cover;
mod document;
mod one_of;
mod pair;
pub mod rules;
pub mod show_as;
mod words;

use std::sync::Arc;

use super::model::{Enum, Scalar, TextEnd, TimeUnit};

pub use build::TreeError;
pub use cover::{Absent, Span};
pub use document::{OnMissing, UnionsAs};
pub use one_of::{Case, OneOf, Tag, UnionError};
pub use pair::elements;
pub use pair::{Mismatch, MismatchProblem, left_out, mismatches};
pub use rules::constant;

/// A whole struct.
#[derive(Clone, Debug, PartialEq)]
pub struct Tree {
    /// Name of the layout.
    pub name: String,
    /// Bytes of the struct.
    pub size: usize,
    /// What is shown of it.
    pub value: Value,
    /// Bytes that are the same in every struct that is written, whatever the document says, with their places. They are
    /// written first.
    pub fixed: Vec<(usize, Box<[u8]>)>,
}

/// A value and its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Value {
    /// Where it begins. Of a struct this is only where its layout begins: its members have places of their own.
    pub at: usize,
    /// What it is.
    pub kind: Kind,
}

impl Value {
    /// The value, or the innermost one of the lists and optionals that it is.
    fn innermost_mut(&mut self) -> &mut Self {
        match self.kind {
            Kind::List(ref mut list) => list.element.innermost_mut(),
            Kind::Optional(ref mut optional) => optional.value.innermost_mut(),
            _ => self,
        }
    }
}

/// What a value is.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// A number or truth value that is shown as it is.
    Scalar(Scalar),
    /// A number, a truth value or a name that takes a closer look.
    Leaf(Arc<Leaf>),
    /// Text.
    Text(Text),
    /// Bytes.
    Bytes(Extent),
    /// Elements one after the other.
    List(List),
    /// Values with names.
    Struct(Struct),
    /// A value that may not be there.
    Optional(Optional),
    /// One of several structs.
    OneOf(Box<OneOf>),
    /// The same in every document; only in trees that are read. Stands nowhere.
    Constant(Constant),
    /// Nothing: what a format has for that. Stands nowhere.
    Nil,
}

/// Values with names.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Struct {
    /// In the order in which documents have them.
    pub members: Vec<Member>,
    /// Bytes that are the same in every struct that is written, with their places; written first.
    pub fixed: Vec<(usize, Box<[u8]>)>,
}

/// A value with its name.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    /// The key in documents, unique within the struct.
    pub name: String,
    /// The value. Its place has the same base as that of the struct.
    pub value: Value,
    /// What is written when a document does not have the member, instead of what the endpoint says.
    pub default: Option<Absent>,
}

/// A number, a truth value or a name that is not simply a scalar in memory.
#[derive(Clone, Debug, PartialEq)]
pub struct Leaf {
    /// How it lies in memory.
    pub cell: Cell,
    /// What it means.
    pub meaning: Meaning,
}

/// How a number lies in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    /// The scalar at its place.
    pub scalar: Scalar,
    /// Only some bits of it: the place of the lowest, and how many. Integers only.
    pub bits: Option<(u8, u8)>,
    /// Its bytes stand in the other order than those of this machine's numbers. Never with `bits`.
    pub swapped: bool,
}

impl Cell {
    /// A whole number of this machine.
    #[must_use]
    pub const fn of(scalar: Scalar) -> Self {
        Self { scalar, bits: None, swapped: false }
    }
}

/// What a number in memory means.
#[derive(Clone, Debug, PartialEq)]
pub enum Meaning {
    /// An integer.
    Integer,
    /// A float.
    Float,
    /// A truth value: 0 or 1.
    Bool,
    /// One of the names. A stream's rules may have given them other names; then two values may have one name, of a tree
    /// that is read, or two names one value, of a tree that is written.
    Enum(Arc<Enum>),
    /// A number in another unit.
    Scaled(Scale),
    /// An integer that is a point in time. Documents may show it as one; else it is as good as [`Meaning::Integer`].
    Timestamp(TimeUnit),
}

/// A number in memory, times `numerator / denominator`, is the one in the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Scale {
    /// Not 0.
    pub numerator: i64,
    /// At least 1.
    pub denominator: i64,
}

/// Text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text {
    /// Bytes that it can have.
    pub capacity: usize,
    /// Bytes that belong to it: more than `capacity` where there is room for a NUL. Those behind the text are zero.
    pub room: usize,
    /// How one knows where it ends.
    pub end: End,
    /// What may stand in it.
    pub characters: Characters,
}

impl Text {
    /// Whether a NUL may be part of it when it is written.
    #[must_use]
    pub fn may_hold_nul(&self) -> bool {
        matches!(self.end, End::Bytes(TextEnd::Exact) | End::Live(_)) && self.characters == Characters::Any
    }

    /// Whether it must be ASCII when it is written.
    #[must_use]
    pub fn is_ascii(&self) -> bool {
        self.characters == Characters::AsciiWithoutNul
    }
}

/// What may stand in a text, besides what its end rules out. It is seen to when one is written; what stands in an
/// application's struct is shown as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Characters {
    /// Everything.
    Any,
    /// No NUL, as `iox::cxx::string` promises.
    WithoutNul,
    /// U+0001 to U+007F, as iceoryx2's `StaticString` promises.
    AsciiWithoutNul,
}

/// How one knows where a text ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// By the bytes themselves.
    Bytes(TextEnd),
    /// By a length that stands elsewhere.
    Live(Live),
}

/// How many elements, or bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extent {
    /// There is room for so many.
    pub capacity: usize,
    /// Where stands how many count; `None`: all.
    pub live: Option<Live>,
}

/// Where stands how many elements count: with `count` and `length` the smaller number, with neither all of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Live {
    /// The number of elements.
    pub count: Option<Slot>,
    /// The number of bytes.
    pub length: Option<Slot>,
    /// The sum of all live bytes, each as a number from 0 to 255, modulo 2 to the width of the integer.
    pub sum: Option<Slot>,
}

impl Live {
    /// Whether the number of live elements is told. Otherwise all of them count, and only their sum is told.
    #[must_use]
    pub const fn is_told(&self) -> bool {
        self.count.is_some() || self.length.is_some()
    }
}

/// An integer in memory that tells something about other bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    /// Its place.
    pub at: usize,
    /// Its type, an integer.
    pub scalar: Scalar,
    /// Its bytes stand in the other order than those of this machine's numbers.
    pub swapped: bool,
}

/// Elements one after the other.
#[derive(Clone, Debug, PartialEq)]
pub struct List {
    /// What each element is; its base is the start of the element.
    pub element: Box<Value>,
    /// Bytes from one to the next.
    pub stride: usize,
    /// How many. What lies behind the live ones is zero.
    pub extent: Extent,
}

/// A value that may not be there.
#[derive(Clone, Debug, PartialEq)]
pub struct Optional {
    /// Where a byte says whether it is: 0 or 1.
    pub flag: usize,
    /// The value; it has the same base as the optional. Its bytes are zero when it is not there.
    pub value: Box<Value>,
    /// Bytes of the value, from its place on, for that.
    pub size: usize,
}

/// A value that a stream's configuration gives.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Constant {
    /// A whole number of 64 bits, with or without sign.
    Integer(i128),
    /// A finite float.
    Float(#[serde(with = "exact")] f64),
    /// A truth value.
    Bool(bool),
    /// Text, or the name of an enum's value.
    Text(String),
}

/// Floats as texts: JSON's reader may miss the last bit of a number.
mod exact {
    use serde::{Deserialize, Deserializer, Serializer, de};

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
    pub(super) fn serialize<S: Serializer>(float: &f64, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(float)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}
