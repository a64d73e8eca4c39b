// md::Everything, as written by `iox-bridge layout emit`.
// The asserts fail where a struct would not lie in memory as the layout says.

use iceoryx2::prelude::ZeroCopySend;
use serde::{Deserialize, Serialize};

/// `md::Kind`: 1 byte, one of these values; no other may ever be in its place.
#[repr(i8)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[allow(non_camel_case_types)]
pub enum Kind {
    Buy = 0,
    Sell = 1,
    class = -1,
    /// `a b`
    #[serde(rename = "a b")]
    a_b = 2,
    /// `a-b`
    #[serde(rename = "a-b")]
    a_b_2 = 3,
    /// `self`
    #[serde(rename = "self")]
    self_ = 4,
    NAMES = 5,
    _x_ = 6,
}

// SAFETY: an integer. (The derive asks for `repr(C)`, which has no say in an enum's size.)
unsafe impl ZeroCopySend for Kind {
    unsafe fn type_name() -> &'static str {
        "md::Kind"
    }
}

const _: () = {
    use core::mem::size_of;
    assert!(size_of::<Kind>() == 1);
};

/// 8 bytes, one of these values or another.
#[repr(transparent)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flags(pub u64);

impl Flags {
    /// `None`
    pub const NONE: Self = Self(0);
    /// `small`
    pub const SMALL: Self = Self(1);
    /// `Large`
    pub const LARGE: Self = Self(9223372036854775807);

    /// Names as documents have them.
    pub const NAMES: &[(&str, Self)] = &[
        ("None", Self::NONE),
        ("small", Self::SMALL),
        ("Large", Self::LARGE),
    ];
}

impl Serialize for Flags {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match Self::NAMES.iter().find(|(_, value)| value == self) {
            Some((name, _)) => serializer.serialize_str(name),
            None => self.0.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Flags {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NameOrNumber;

        impl serde::de::Visitor<'_> for NameOrNumber {
            type Value = Flags;

            fn expecting(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str("a name or a number")
            }

            fn visit_str<E: serde::de::Error>(self, name: &str) -> Result<Flags, E> {
                let found = Flags::NAMES.iter().find(|(known, _)| *known == name);
                let unexpected = serde::de::Unexpected::Str(name);
                found
                    .map(|(_, value)| *value)
                    .ok_or_else(|| E::invalid_value(unexpected, &self))
            }

            fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<Flags, E> {
                let unexpected = serde::de::Unexpected::Signed(value);
                let number = value.try_into().map(Flags);
                number.map_err(|_| E::invalid_value(unexpected, &self))
            }

            fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<Flags, E> {
                Ok(Flags(value))
            }
        }

        deserializer.deserialize_any(NameOrNumber)
    }
}

// SAFETY: an integer. (The derive asks for `repr(C)`, which has no say in an enum's size.)
unsafe impl ZeroCopySend for Flags {
    unsafe fn type_name() -> &'static str {
        "Flags"
    }
}

const _: () = {
    use core::mem::size_of;
    assert!(size_of::<Flags>() == 8);
};

/// 2 bytes, one of these values or another.
#[repr(transparent)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Level(pub i16);

impl Level {
    /// `Low`
    pub const LOW: Self = Self(-1);
    /// `High`
    pub const HIGH: Self = Self(1);

    /// Names as documents have them.
    pub const NAMES: &[(&str, Self)] = &[
        ("Low", Self::LOW),
        ("High", Self::HIGH),
    ];
}

impl Serialize for Level {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match Self::NAMES.iter().find(|(_, value)| value == self) {
            Some((name, _)) => serializer.serialize_str(name),
            None => self.0.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Level {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NameOrNumber;

        impl serde::de::Visitor<'_> for NameOrNumber {
            type Value = Level;

            fn expecting(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str("a name or a number")
            }

            fn visit_str<E: serde::de::Error>(self, name: &str) -> Result<Level, E> {
                let found = Level::NAMES.iter().find(|(known, _)| *known == name);
                let unexpected = serde::de::Unexpected::Str(name);
                found
                    .map(|(_, value)| *value)
                    .ok_or_else(|| E::invalid_value(unexpected, &self))
            }

            fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<Level, E> {
                let unexpected = serde::de::Unexpected::Signed(value);
                let number = value.try_into().map(Level);
                number.map_err(|_| E::invalid_value(unexpected, &self))
            }

            fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<Level, E> {
                let unexpected = serde::de::Unexpected::Unsigned(value);
                let number = value.try_into().map(Level);
                number.map_err(|_| E::invalid_value(unexpected, &self))
            }
        }

        deserializer.deserialize_any(NameOrNumber)
    }
}

// SAFETY: an integer. (The derive asks for `repr(C)`, which has no say in an enum's size.)
unsafe impl ZeroCopySend for Level {
    unsafe fn type_name() -> &'static str {
        "Level"
    }
}

const _: () = {
    use core::mem::size_of;
    assert!(size_of::<Level>() == 2);
};

/// `md::Packed`: 12 bytes, aligned to 1.
#[repr(C, packed)]
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Packed {
    pub a: u8,
    pub b: u64,
    pub bytes: wire::Bytes<3>,
}

// SAFETY: plain data of one representation, without pointers. (The derive cannot borrow packed fields.)
unsafe impl ZeroCopySend for Packed {
    unsafe fn type_name() -> &'static str {
        "md::Packed"
    }
}

const _: () = {
    use core::mem::{align_of, offset_of, size_of};
    assert!(size_of::<Packed>() == 12);
    assert!(align_of::<Packed>() == 1);
    assert!(offset_of!(Packed, a) == 0);
    assert!(offset_of!(Packed, b) == 1);
    assert!(offset_of!(Packed, bytes) == 9);
};

/// `md::Pack4`: 12 bytes, aligned to 4.
#[repr(C, packed(4))]
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pack4 {
    pub a: u8,
    pub b: u64,
}

// SAFETY: plain data of one representation, without pointers. (The derive cannot borrow packed fields.)
unsafe impl ZeroCopySend for Pack4 {
    unsafe fn type_name() -> &'static str {
        "md::Pack4"
    }
}

const _: () = {
    use core::mem::{align_of, offset_of, size_of};
    assert!(size_of::<Pack4>() == 12);
    assert!(align_of::<Pack4>() == 4);
    assert!(offset_of!(Pack4, a) == 0);
    assert!(offset_of!(Pack4, b) == 4);
};

/// `other::Line`: 128 bytes, aligned to 64.
#[repr(C)]
#[repr(align(64))]
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, ZeroCopySend)]
#[type_name("other::Line")]
pub struct Line {
    pub first: u32,
    #[serde(skip)]
    pub _padding0: wire::Padding<28>,
    pub second: bool,
    #[serde(skip)]
    pub _padding1: wire::Padding<95>,
}

const _: () = {
    use core::mem::{align_of, offset_of, size_of};
    assert!(size_of::<Line>() == 128);
    assert!(align_of::<Line>() == 64);
    assert!(offset_of!(Line, first) == 0);
    assert!(offset_of!(Line, second) == 32);
};

/// `md::Side::Tick<double,3>`: 24 bytes, aligned to 8.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, ZeroCopySend)]
#[type_name("md::Side::Tick<double,3>")]
#[allow(non_camel_case_types)]
pub struct Tick_double_3 {
    pub price: f64,
    pub symbol: wire::Text<16>,
}

const _: () = {
    use core::mem::{align_of, offset_of, size_of};
    assert!(size_of::<Tick_double_3>() == 24);
    assert!(align_of::<Tick_double_3>() == 8);
    assert!(offset_of!(Tick_double_3, price) == 0);
    assert!(offset_of!(Tick_double_3, symbol) == 8);
};

/// `md::Everything`: 704 bytes, aligned to 64.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, ZeroCopySend)]
#[type_name("md::Everything")]
#[allow(non_snake_case)]
pub struct Everything {
    pub class: u8,
    pub r#type: i8,
    /// `self`
    #[serde(rename = "self")]
    pub self_: u16,
    pub def: i16,
    /// `_`
    #[serde(rename = "_")]
    pub f_: u32,
    /// `__linux__`
    #[serde(rename = "__linux__")]
    pub f__linux__: i32,
    pub linux: u64,
    /// `größe`
    #[serde(rename = "gr\u{f6}\u{df}e")]
    pub gr__e: i64,
    /// `a b`
    #[serde(rename = "a b")]
    pub a_b: f32,
    /// `a-b`
    #[serde(rename = "a-b")]
    pub a_b_2: f64,
    /// `0`
    #[serde(rename = "0")]
    pub _0: bool,
    pub Packed: Packed,
    pub std: [Pack4; 2],
    pub line: Line,
    pub ticks: [[Tick_double_3; 3]; 2],
    pub texts: [wire::Text<8>; 3],
    pub blobs: [wire::Bytes<5>; 2],
    pub many: wire::Array<i32, 40>,
    pub matrix: [[f32; 4]; 3],
    pub kinds: [[Kind; 2]; 2],
    pub flags: Flags,
    pub level: Level,
    /// `ends /`
    #[serde(rename = "ends \\")]
    pub ends__: u8,
}

const _: () = {
    use core::mem::{align_of, offset_of, size_of};
    assert!(size_of::<Everything>() == 704);
    assert!(align_of::<Everything>() == 64);
    assert!(offset_of!(Everything, class) == 0);
    assert!(offset_of!(Everything, r#type) == 1);
    assert!(offset_of!(Everything, self_) == 2);
    assert!(offset_of!(Everything, def) == 4);
    assert!(offset_of!(Everything, f_) == 8);
    assert!(offset_of!(Everything, f__linux__) == 12);
    assert!(offset_of!(Everything, linux) == 16);
    assert!(offset_of!(Everything, gr__e) == 24);
    assert!(offset_of!(Everything, a_b) == 32);
    assert!(offset_of!(Everything, a_b_2) == 40);
    assert!(offset_of!(Everything, _0) == 48);
    assert!(offset_of!(Everything, Packed) == 49);
    assert!(offset_of!(Everything, std) == 64);
    assert!(offset_of!(Everything, line) == 128);
    assert!(offset_of!(Everything, ticks) == 256);
    assert!(offset_of!(Everything, texts) == 400);
    assert!(offset_of!(Everything, blobs) == 424);
    assert!(offset_of!(Everything, many) == 436);
    assert!(offset_of!(Everything, matrix) == 596);
    assert!(offset_of!(Everything, kinds) == 644);
    assert!(offset_of!(Everything, flags) == 648);
    assert!(offset_of!(Everything, level) == 656);
    assert!(offset_of!(Everything, ends__) == 658);
};

/// How fields look in MessagePack and JSON where serde alone would write them otherwise.
pub mod wire {
    use core::fmt;
    use core::marker::PhantomData;
    use core::ops::{Deref, DerefMut};

    use iceoryx2::prelude::ZeroCopySend;
    use serde::de::{self, Deserialize, Deserializer, SeqAccess, Visitor};
    use serde::ser::{Serialize, SerializeTuple, Serializer};

    /// Text of up to `N` bytes, which ends at its first NUL.
    #[repr(C)]
    #[derive(Clone, Copy, PartialEq, Eq, ZeroCopySend)]
    pub struct Text<const N: usize>(pub [u8; N]);

    impl<const N: usize> Text<N> {
        /// None if `text` is too long, or has a NUL in it.
        pub fn new(text: &str) -> Option<Self> {
            let mut bytes = [0; N];
            bytes
                .get_mut(..text.len())?
                .copy_from_slice(text.as_bytes());
            (!text.contains('\0')).then_some(Self(bytes))
        }

        /// The text; an error if it is not UTF-8.
        pub fn as_str(&self) -> Result<&str, core::str::Utf8Error> {
            let end = self.0.iter().position(|byte| *byte == 0).unwrap_or(N);
            core::str::from_utf8(&self.0[..end])
        }
    }

    impl<const N: usize> fmt::Debug for Text<N> {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            match self.as_str() {
                Ok(text) => text.fmt(f),
                Err(_) => self.0.fmt(f),
            }
        }
    }

    impl<const N: usize> Deref for Text<N> {
        type Target = [u8; N];

        fn deref(&self) -> &Self::Target {
            &self.0
        }
    }

    impl<const N: usize> DerefMut for Text<N> {
        fn deref_mut(&mut self) -> &mut Self::Target {
            &mut self.0
        }
    }

    impl<const N: usize> Serialize for Text<N> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.serialize_str(self.as_str().map_err(serde::ser::Error::custom)?)
        }
    }

    impl<'de, const N: usize> Deserialize<'de> for Text<N> {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            struct TextVisitor<const N: usize>;

            impl<const N: usize> Visitor<'_> for TextVisitor<N> {
                type Value = Text<N>;

                fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    write!(f, "text of up to {N} bytes without a NUL")
                }

                fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
                    let unexpected = de::Unexpected::Str(text);
                    Text::new(text).ok_or_else(|| E::invalid_value(unexpected, &self))
                }
            }

            deserializer.deserialize_str(TextVisitor)
        }
    }

    /// `N` bytes: `bin` in MessagePack.
    #[repr(C)]
    #[derive(Clone, Copy, Debug, PartialEq, Eq, ZeroCopySend)]
    pub struct Bytes<const N: usize>(pub [u8; N]);

    impl<const N: usize> Deref for Bytes<N> {
        type Target = [u8; N];

        fn deref(&self) -> &Self::Target {
            &self.0
        }
    }

    impl<const N: usize> DerefMut for Bytes<N> {
        fn deref_mut(&mut self) -> &mut Self::Target {
            &mut self.0
        }
    }

    impl<const N: usize> Serialize for Bytes<N> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.serialize_bytes(&self.0)
        }
    }

    impl<'de, const N: usize> Deserialize<'de> for Bytes<N> {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            struct BytesVisitor<const N: usize>;

            impl<'de, const N: usize> Visitor<'de> for BytesVisitor<N> {
                type Value = Bytes<N>;

                fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    write!(f, "{N} bytes")
                }

                fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<Self::Value, E> {
                    bytes
                        .try_into()
                        .map(Bytes)
                        .map_err(|_| E::invalid_length(bytes.len(), &self))
                }

                fn visit_seq<A: SeqAccess<'de>>(
                    self,
                    mut items: A,
                ) -> Result<Self::Value, A::Error> {
                    let mut bytes = [0; N];
                    for (at, byte) in bytes.iter_mut().enumerate() {
                        *byte = items
                            .next_element()?
                            .ok_or_else(|| de::Error::invalid_length(at, &self))?;
                    }
                    match items.next_element::<de::IgnoredAny>()? {
                        None => Ok(Bytes(bytes)),
                        Some(_) => Err(de::Error::invalid_length(N + 1, &self)),
                    }
                }
            }

            deserializer.deserialize_bytes(BytesVisitor)
        }
    }

    /// `N` values one after the other; serde's own arrays end at 32.
    #[repr(C)]
    #[derive(Clone, Copy, Debug, PartialEq, ZeroCopySend)]
    pub struct Array<T: ZeroCopySend, const N: usize>(pub [T; N]);

    impl<T: ZeroCopySend, const N: usize> Deref for Array<T, N> {
        type Target = [T; N];

        fn deref(&self) -> &Self::Target {
            &self.0
        }
    }

    impl<T: ZeroCopySend, const N: usize> DerefMut for Array<T, N> {
        fn deref_mut(&mut self) -> &mut Self::Target {
            &mut self.0
        }
    }

    impl<T: ZeroCopySend + Serialize, const N: usize> Serialize for Array<T, N> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let mut items = serializer.serialize_tuple(N)?;
            for item in &self.0 {
                items.serialize_element(item)?;
            }
            items.end()
        }
    }

    impl<'de, T: ZeroCopySend + Deserialize<'de>, const N: usize> Deserialize<'de> for Array<T, N> {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            struct ArrayVisitor<T, const N: usize>(PhantomData<T>);

            impl<'de, T: ZeroCopySend + Deserialize<'de>, const N: usize> Visitor<'de> for ArrayVisitor<T, N> {
                type Value = Array<T, N>;

                fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    write!(f, "{N} values")
                }

                fn visit_seq<A: SeqAccess<'de>>(
                    self,
                    mut items: A,
                ) -> Result<Self::Value, A::Error> {
                    let mut values = Vec::with_capacity(N);
                    while values.len() < N {
                        let missing = || de::Error::invalid_length(values.len(), &self);
                        let value = items.next_element()?.ok_or_else(missing)?;
                        values.push(value);
                    }
                    let values: Result<[T; N], _> = values.try_into();
                    values
                        .map(Array)
                        .map_err(|values| de::Error::invalid_length(values.len(), &self))
                }
            }

            deserializer.deserialize_tuple(N, ArrayVisitor(PhantomData))
        }
    }

    /// Bytes that mean nothing, and are zero.
    #[repr(C)]
    #[derive(Clone, Copy, Debug, PartialEq, Eq, ZeroCopySend)]
    pub struct Padding<const N: usize>(pub [u8; N]);

    impl<const N: usize> Default for Padding<N> {
        fn default() -> Self {
            Self([0; N])
        }
    }
}
