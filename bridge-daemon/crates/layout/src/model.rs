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
    /// The fields, in the order in which they begin. A bit-field begins at its lowest bit, wherever its integer does.
    pub fields: Vec<Field>,
}

/// One field of a [`Layout`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// The key in MessagePack and JSON.
    pub name: String,
    /// Bytes from the start of the struct; of a bit-field, those to the integer that holds it, which others may share.
    pub offset: usize,
    /// What stands there.
    pub ty: Type,
    /// Which part of it counts, where other fields say so: of bytes, a text or an array.
    pub live: Option<Box<Live>>,
    /// It is a point in time, or many: how many of these have passed since 1970. Of integers, and of arrays and
    /// containers of them.
    #[serde(default)]
    pub timestamp: Option<TimeUnit>,
    /// In which order the bytes of its numbers stand: those of a number or an enum, or of an array of them.
    #[serde(default)]
    pub endian: Endian,
    /// It is a union: bytes that hold one of several layouts, as a field beside it says.
    #[serde(default)]
    pub variants: Option<Box<Variants>>,
}

/// In which order the bytes of a number stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Endian {
    /// The lowest first, as on the machines that the bridge runs on.
    #[default]
    Little,
    /// The highest first, as in most protocols.
    Big,
}

impl Endian {
    /// Whether numbers of this machine have the other order.
    #[must_use]
    pub const fn is_swapped(self) -> bool {
        matches!(self, Self::Big) == cfg!(target_endian = "little")
    }
}

/// What a union holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Variants {
    /// The field beside it whose value says what the union holds: of an enum.
    pub tag: String,
    /// What it holds, one entry for each value of the enum that may occur.
    pub cases: Vec<Variant>,
}

/// What a union holds where its tag has one value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Variant {
    /// The name of the tag's value.
    pub name: String,
    /// What stands at the start of the union's bytes; `None`: nothing.
    pub layout: Option<Arc<Layout>>,
}

/// What integers count that are points in time: since 1970-01-01 00:00 UTC, without leap seconds, as all clocks of POSIX
/// have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TimeUnit {
    /// Nanoseconds.
    Ns,
    /// Microseconds.
    Us,
    /// Milliseconds.
    Ms,
    /// Seconds.
    S,
}

impl TimeUnit {
    /// The name in layout files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ns => "ns",
            Self::Us => "us",
            Self::Ms => "ms",
            Self::S => "s",
        }
    }

    /// Nanoseconds of one.
    #[must_use]
    pub const fn nanoseconds(self) -> u32 {
        match self {
            Self::Ns => 1,
            Self::Us => 1_000,
            Self::Ms => 1_000_000,
            Self::S => 1_000_000_000,
        }
    }
}

/// Which part of a field counts: fields beside it say so for each sample. Documents have the live part alone, and not
/// the fields that tell its length.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Live {
    /// Bytes hold values of this layout, one after the other, instead of bytes.
    pub records: Option<Arc<Layout>>,
    /// The field beside it that has the number of live elements (records, array elements, or bytes).
    pub count: Option<String>,
    /// The field beside it that has the number of live bytes.
    pub length: Option<String>,
    /// The field beside it that has the sum of the live bytes.
    pub sum: Option<String>,
}

/// The type of a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Type {
    /// A number or a truth value.
    Scalar(Scalar),
    /// `char[N]`: UTF-8 text.
    Text(Text),
    /// `u8[N]`: bytes, `bin` in MessagePack.
    Bytes(usize),
    /// `T[N]`: N values one after the other, each as large as `T` with its padding.
    Array(Box<Type>, usize),
    /// Another layout.
    Struct(Arc<Layout>),
    /// An integer whose values have names.
    Enum(Arc<Enum>),
    /// A bit-field.
    Bits(Box<Bits>),
    /// A container of one of the stacks: a string, a vector or an optional.
    Container(Box<Container>),
}

/// Text in an array of bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    /// Bytes there is room for.
    pub capacity: usize,
    /// How one knows where it ends.
    pub end: TextEnd,
}

/// How one knows where a text ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TextEnd {
    /// At the first NUL, or it fills all bytes.
    Nul,
    /// At the first NUL, and there always is one, as `strlen` needs it.
    Terminated,
    /// Where nothing but this byte follows.
    Padded(u8),
    /// It has exactly as many bytes as there is room for.
    Exact,
}

/// Some bits of an integer, which are a number, a truth value or a value of an enum themselves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bits {
    /// The type that it is declared with: an integer, `bool` or an enum.
    pub ty: Type,
    /// The lowest bit's place in the integer at the field's offset, from 0.
    pub shift: u8,
    /// Bits, at least 1. The highest is the sign if the type has one.
    pub width: u8,
}

/// A container of one of the stacks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Container {
    /// `iox::cxx::string<N>`, iceoryx2's `StaticString<N>`: the capacity in bytes.
    String(Stack, usize),
    /// `iox::cxx::vector<T, N>`, iceoryx2's `StaticVec<T, N>`: the capacity in elements.
    Vector(Stack, Type, usize),
    /// `iox::cxx::optional<T>`, iceoryx2's `RelocatableOption<T>`.
    Optional(Stack, Type),
}

/// Whose container it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Stack {
    /// iceoryx 2.x.
    Classic,
    /// iceoryx2.
    Iceoryx2,
}

/// Where the parts of a container stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parts {
    /// Where the bytes, the elements or the value begin.
    pub data: usize,
    /// Where the length (a `u64`) stands, or the flag (a byte) that there is a value.
    pub tag: usize,
    /// Bytes of the whole.
    pub size: usize,
    /// Alignment of the whole in bytes.
    pub align: usize,
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

impl Field {
    /// A field all of which always counts.
    #[must_use]
    pub fn new(name: impl Into<String>, offset: usize, ty: Type) -> Self {
        Self { name: name.into(), offset, ty, live: None, timestamp: None, endian: Endian::Little, variants: None }
    }
}

impl Container {
    /// Where its parts stand: what the compilers make of iceoryx 2.0's `cxx/string.hpp`, `cxx/vector.hpp` and
    /// `cxx/optional.hpp`, and of iceoryx2 0.10's `iceoryx2-bb-container`. Strings (a NUL behind the bytes, then the
    /// length) and vectors (the elements, then the length) are the same in both.
    #[must_use]
    pub fn parts(&self) -> Parts {
        const WORD: usize = 8;
        let parts = |data, tag: usize, tag_size, align: usize| {
            let end: usize = tag + tag_size;
            Parts { data, tag, size: end.next_multiple_of(align), align }
        };
        match self {
            Self::String(_, capacity) => parts(0, (capacity + 1).next_multiple_of(WORD), WORD, WORD),
            Self::Vector(_, element, capacity) => {
                let (size, align) = element.size_and_align();
                parts(0, (size * capacity).next_multiple_of(WORD), WORD, align.max(WORD))
            }
            Self::Optional(Stack::Classic, value) => {
                let (size, align) = value.size_and_align();
                parts(0, size, 1, align)
            }
            Self::Optional(Stack::Iceoryx2, value) => {
                let (size, align) = value.size_and_align();
                Parts { data: align, tag: 0, size: (align + size).next_multiple_of(align), align }
            }
        }
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
    /// `char[N]`: text that ends at the first NUL, or fills all bytes.
    #[must_use]
    pub const fn text(capacity: usize) -> Self {
        Self::Text(Text { capacity, end: TextEnd::Nul })
    }

    /// The type of an array's elements and how many they are; bytes are an array of `u8`. `None` for other types.
    #[must_use]
    pub fn elements(&self) -> Option<(Cow<'_, Self>, usize)> {
        match self {
            Self::Array(element, len) => Some((Cow::Borrowed(element), *len)),
            Self::Bytes(len) => Some((Cow::Owned(Self::Scalar(Scalar::U8)), *len)),
            Self::Scalar(_) | Self::Text(_) | Self::Struct(_) | Self::Enum(_) | Self::Bits(_) | Self::Container(_) => {
                None
            }
        }
    }

    /// Bytes of one value; of a bit-field, those of the integer that holds it.
    #[must_use]
    pub fn size(&self) -> usize {
        self.size_and_align().0
    }

    /// Alignment in bytes, a power of two.
    #[must_use]
    pub fn align(&self) -> usize {
        self.size_and_align().1
    }

    /// Both at once: of a container each depends on both of what it holds, and asking twice a level would take forever.
    fn size_and_align(&self) -> (usize, usize) {
        match self {
            Self::Scalar(scalar) => (scalar.size(), scalar.size()),
            Self::Text(text) => (text.capacity, 1),
            Self::Bytes(len) => (*len, 1),
            Self::Array(element, len) => {
                let (size, align) = element.size_and_align();
                (size * len, align)
            }
            Self::Struct(layout) => (layout.size, layout.align),
            Self::Enum(named) => (named.repr.size(), named.repr.size()),
            Self::Bits(bits) => bits.ty.size_and_align(),
            Self::Container(container) => {
                let Parts { size, align, .. } = container.parts();
                (size, align)
            }
        }
    }
}
