// md::Parts, as written by `iox-bridge layout emit`.
// The asserts fail where a struct would not lie in memory as the layout says.

use iceoryx2::prelude::ZeroCopySend;
use iceoryx2_bb_container::relocatable_option::RelocatableOption;
use iceoryx2_bb_container::string::StaticString;
use iceoryx2_bb_container::vector::StaticVec;
use serde::{Deserialize, Serialize};

/// `md::Side`: 1 byte, one of these values; no other may ever be in its place.
#[repr(u8)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Side {
    Buy = 1,
    Sell = 2,
}

// SAFETY: an integer. (The derive asks for `repr(C)`, which has no say in an enum's size.)
unsafe impl ZeroCopySend for Side {
    unsafe fn type_name() -> &'static str {
        "md::Side"
    }
}

const _: () = {
    use core::mem::size_of;
    assert!(size_of::<Side>() == 1);
};

/// `md::Level`: 2 bytes, one of these values or another.
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
        "md::Level"
    }
}

const _: () = {
    use core::mem::size_of;
    assert!(size_of::<Level>() == 2);
};

/// `md::Status`: 24 bytes, aligned to 8.
#[repr(C)]
#[repr(align(8))]
#[derive(Clone, Copy, Debug, PartialEq, ZeroCopySend)]
#[type_name("md::Status")]
pub struct Status {
    /// `mode`, `type`: see the functions.
    pub _bits0: [u8; 2],
    /// `offset`: see the functions.
    pub _bits1: [u8; 2],
    /// `side`: see the functions.
    pub _bits2: [u8; 1],
    /// `ready`: see the functions.
    pub _bits3: [u8; 1],
    /// `level`: see the functions.
    pub _bits4: [u8; 1],
    pub _padding0: wire::Padding<3>,
    /// `wide`: see the functions.
    pub _bits5: [u8; 6],
    pub a: u8,
    /// `behind`: see the functions.
    pub _bits6: [u8; 3],
}

impl Status {
    /// `mode`, 3 bits.
    pub fn mode(&self) -> u32 {
        wire::bits(&self._bits0, 0, 3) as u32
    }

    /// Sets `mode`. False, and nothing changes, if it has too few bits for the value.
    pub fn set_mode(&mut self, value: u32) -> bool {
        wire::set_bits(&mut self._bits0, 0, 3, value as u64)
    }

    /// `type`, 9 bits.
    pub fn r#type(&self) -> u32 {
        wire::bits(&self._bits0, 5, 9) as u32
    }

    /// Sets `type`. False, and nothing changes, if it has too few bits for the value.
    pub fn set_type(&mut self, value: u32) -> bool {
        wire::set_bits(&mut self._bits0, 5, 9, value as u64)
    }

    /// `offset`, 7 bits.
    pub fn offset(&self) -> i32 {
        wire::signed_bits(&self._bits1, 4, 7) as i32
    }

    /// Sets `offset`. False, and nothing changes, if it has too few bits for the value.
    pub fn set_offset(&mut self, value: i32) -> bool {
        wire::set_signed_bits(&mut self._bits1, 4, 7, value as i64)
    }

    /// `side`, 2 bits. The error is a value without a name.
    pub fn side(&self) -> Result<Side, u8> {
        match wire::bits(&self._bits2, 1, 2) as u8 {
            1 => Ok(Side::Buy),
            2 => Ok(Side::Sell),
            #[allow(unreachable_patterns)]
            other => Err(other),
        }
    }

    /// Sets `side`. False, and nothing changes, if it has too few bits for the value.
    pub fn set_side(&mut self, value: Side) -> bool {
        wire::set_bits(&mut self._bits2, 1, 2, value as u64)
    }

    /// `ready`, 1 bit.
    pub fn ready(&self) -> bool {
        wire::bits(&self._bits3, 7, 1) != 0
    }

    /// Sets `ready`. False, and nothing changes, if it has too few bits for the value.
    pub fn set_ready(&mut self, value: bool) -> bool {
        wire::set_bits(&mut self._bits3, 7, 1, value as u64)
    }

    /// `level`, 5 bits.
    pub fn level(&self) -> Level {
        Level(wire::signed_bits(&self._bits4, 3, 5) as i16)
    }

    /// Sets `level`. False, and nothing changes, if it has too few bits for the value.
    pub fn set_level(&mut self, value: Level) -> bool {
        wire::set_signed_bits(&mut self._bits4, 3, 5, value.0 as i64)
    }

    /// `wide`, 40 bits.
    pub fn wide(&self) -> u64 {
        wire::bits(&self._bits5, 4, 40)
    }

    /// Sets `wide`. False, and nothing changes, if it has too few bits for the value.
    pub fn set_wide(&mut self, value: u64) -> bool {
        wire::set_bits(&mut self._bits5, 4, 40, value)
    }

    /// `behind`, 24 bits.
    pub fn behind(&self) -> u32 {
        wire::bits(&self._bits6, 0, 24) as u32
    }

    /// Sets `behind`. False, and nothing changes, if it has too few bits for the value.
    pub fn set_behind(&mut self, value: u32) -> bool {
        wire::set_bits(&mut self._bits6, 0, 24, value as u64)
    }
}

// Documents have a field for each bit-field.
const _: () = {
    #[derive(Serialize, Deserialize)]
    #[allow(non_snake_case)]
    struct __Fields {
        mode: u32,
        r#type: u32,
        offset: i32,
        side: Side,
        ready: bool,
        level: Level,
        wide: u64,
        a: u8,
        behind: u32,
    }

    impl Serialize for Status {
        #[allow(clippy::clone_on_copy)]
        fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let fields = __Fields {
                mode: self.mode(),
                r#type: self.r#type(),
                offset: self.offset(),
                side: self.side().map_err(|value| {
                    serde::ser::Error::custom(format_args!("{value} has no name"))
                })?,
                ready: self.ready(),
                level: self.level(),
                wide: self.wide(),
                a: self.a.clone(),
                behind: self.behind(),
            };
            fields.serialize(serializer)
        }
    }

    impl<'de> Deserialize<'de> for Status {
        fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            let fields = __Fields::deserialize(deserializer)?;
            let mut value = Self {
                a: fields.a,
                _bits0: [0; 2],
                _bits1: [0; 2],
                _bits2: [0; 1],
                _bits3: [0; 1],
                _bits4: [0; 1],
                _padding0: Default::default(),
                _bits5: [0; 6],
                _bits6: [0; 3],
            };
            if !value.set_mode(fields.mode) {
                return Err(serde::de::Error::custom("`mode` has too few bits"));
            }
            if !value.set_type(fields.r#type) {
                return Err(serde::de::Error::custom("`type` has too few bits"));
            }
            if !value.set_offset(fields.offset) {
                return Err(serde::de::Error::custom("`offset` has too few bits"));
            }
            if !value.set_side(fields.side) {
                return Err(serde::de::Error::custom("`side` has too few bits"));
            }
            if !value.set_ready(fields.ready) {
                return Err(serde::de::Error::custom("`ready` has too few bits"));
            }
            if !value.set_level(fields.level) {
                return Err(serde::de::Error::custom("`level` has too few bits"));
            }
            if !value.set_wide(fields.wide) {
                return Err(serde::de::Error::custom("`wide` has too few bits"));
            }
            if !value.set_behind(fields.behind) {
                return Err(serde::de::Error::custom("`behind` has too few bits"));
            }
            Ok(value)
        }
    }
};

const _: () = {
    use core::mem::{align_of, offset_of, size_of};
    assert!(size_of::<Status>() == 24);
    assert!(align_of::<Status>() == 8);
    assert!(offset_of!(Status, _bits0) == 0);
    assert!(offset_of!(Status, _bits1) == 2);
    assert!(offset_of!(Status, _bits2) == 4);
    assert!(offset_of!(Status, _bits3) == 5);
    assert!(offset_of!(Status, _bits4) == 6);
    assert!(offset_of!(Status, _bits5) == 10);
    assert!(offset_of!(Status, a) == 16);
    assert!(offset_of!(Status, _bits6) == 17);
};

/// `md::Tight`: 11 bytes, aligned to 1.
#[repr(C, packed)]
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tight {
    pub a: u8,
    /// `low`, `high`: see the functions.
    pub _bits0: [u8; 2],
    pub b: u32,
    /// text, filled up with 0x20
    pub name: wire::Text<4>,
}

impl Tight {
    /// `low`, 5 bits.
    pub fn low(&self) -> u16 {
        wire::bits(&self._bits0, 0, 5) as u16
    }

    /// Sets `low`. False, and nothing changes, if it has too few bits for the value.
    pub fn set_low(&mut self, value: u16) -> bool {
        wire::set_bits(&mut self._bits0, 0, 5, value as u64)
    }

    /// `high`, 6 bits.
    pub fn high(&self) -> u16 {
        wire::bits(&self._bits0, 5, 6) as u16
    }

    /// Sets `high`. False, and nothing changes, if it has too few bits for the value.
    pub fn set_high(&mut self, value: u16) -> bool {
        wire::set_bits(&mut self._bits0, 5, 6, value as u64)
    }
}

// Documents have a field for each bit-field.
const _: () = {
    #[derive(Serialize, Deserialize)]
    #[allow(non_snake_case)]
    struct __Fields {
        a: u8,
        low: u16,
        high: u16,
        b: u32,
        name: wire::Text<4>,
    }

    impl Serialize for Tight {
        #[allow(clippy::clone_on_copy)]
        fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let fields = __Fields {
                a: { self.a },
                low: self.low(),
                high: self.high(),
                b: { self.b },
                name: { self.name },
            };
            fields.serialize(serializer)
        }
    }

    impl<'de> Deserialize<'de> for Tight {
        fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            let fields = __Fields::deserialize(deserializer)?;
            let mut value = Self {
                a: fields.a,
                b: fields.b,
                name: fields.name,
                _bits0: [0; 2],
            };
            if !value.set_low(fields.low) {
                return Err(serde::de::Error::custom("`low` has too few bits"));
            }
            if !value.set_high(fields.high) {
                return Err(serde::de::Error::custom("`high` has too few bits"));
            }
            Ok(value)
        }
    }
};

// SAFETY: plain data of one representation, without pointers. (The derive cannot borrow packed fields.)
unsafe impl ZeroCopySend for Tight {
    unsafe fn type_name() -> &'static str {
        "md::Tight"
    }
}

const _: () = {
    use core::mem::{align_of, offset_of, size_of};
    assert!(size_of::<Tight>() == 11);
    assert!(align_of::<Tight>() == 1);
    assert!(offset_of!(Tight, a) == 0);
    assert!(offset_of!(Tight, _bits0) == 1);
    assert!(offset_of!(Tight, b) == 3);
    assert!(offset_of!(Tight, name) == 7);
};

/// `md::Point`: 16 bytes, aligned to 8.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, ZeroCopySend)]
#[type_name("md::Point")]
pub struct Point {
    pub x: f64,
    pub id: u16,
}

const _: () = {
    use core::mem::{align_of, offset_of, size_of};
    assert!(size_of::<Point>() == 16);
    assert!(align_of::<Point>() == 8);
    assert!(offset_of!(Point, x) == 0);
    assert!(offset_of!(Point, id) == 8);
};

/// `md::Parts`: 464 bytes, aligned to 8.
///
/// serde writes all of every field; documents of the bridge have only the parts that count.
#[repr(C)]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ZeroCopySend)]
#[type_name("md::Parts")]
pub struct Parts {
    pub status: Status,
    pub tight: [Tight; 2],
    /// text of exactly this length
    pub code: wire::Text<4>,
    /// text that always ends with a NUL
    pub label: wire::Text<8>,
    /// `n` says how many count
    pub samples: [i16; 6],
    pub n: u8,
    /// one `md::Point` after the other; `used` says how many bytes count; `check` says what the bytes that count add up to
    pub blob: wire::Bytes<40>,
    pub used: u32,
    pub check: u16,
    pub name: StaticString<8>,
    pub points: StaticVec<Point, 3>,
    pub maybe: wire::Optional<Side>,
    pub names: StaticVec<StaticString<3>, 2>,
    pub text: StaticString<5>,
    pub numbers: [StaticVec<u16, 40>; 2],
    pub option: RelocatableOption<Point>,
}

const _: () = {
    use core::mem::{align_of, offset_of, size_of};
    assert!(size_of::<Parts>() == 464);
    assert!(align_of::<Parts>() == 8);
    assert!(offset_of!(Parts, status) == 0);
    assert!(offset_of!(Parts, tight) == 24);
    assert!(offset_of!(Parts, code) == 46);
    assert!(offset_of!(Parts, label) == 50);
    assert!(offset_of!(Parts, samples) == 58);
    assert!(offset_of!(Parts, n) == 70);
    assert!(offset_of!(Parts, blob) == 71);
    assert!(offset_of!(Parts, used) == 112);
    assert!(offset_of!(Parts, check) == 116);
    assert!(offset_of!(Parts, name) == 120);
    assert!(offset_of!(Parts, points) == 144);
    assert!(offset_of!(Parts, maybe) == 200);
    assert!(offset_of!(Parts, names) == 208);
    assert!(offset_of!(Parts, text) == 248);
    assert!(offset_of!(Parts, numbers) == 264);
    assert!(offset_of!(Parts, option) == 440);
};

/// How fields look in MessagePack and JSON where serde alone would write them otherwise.
pub mod wire {
    use core::fmt;
    use core::mem::MaybeUninit;
    use core::ops::{Deref, DerefMut};

    use iceoryx2::prelude::ZeroCopySend;
    use serde::de::{self, Deserialize, Deserializer, SeqAccess, Visitor};
    use serde::ser::{Serialize, Serializer};

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

    /// Bytes that mean nothing, and are zero.
    #[repr(C)]
    #[derive(Clone, Copy, Debug, PartialEq, Eq, ZeroCopySend)]
    pub struct Padding<const N: usize>(pub [u8; N]);

    impl<const N: usize> Default for Padding<N> {
        fn default() -> Self {
            Self([0; N])
        }
    }

    /// The `width` bits of `bytes` from the bit `shift` on; the lowest bit of the first byte is 0.
    pub fn bits(bytes: &[u8], shift: usize, width: usize) -> u64 {
        (0..width).fold(0, |value, bit| {
            let at = shift + bit;
            value | u64::from(bytes[at / 8] >> (at % 8) & 1) << bit
        })
    }

    /// The same, of a number with a sign.
    pub fn signed_bits(bytes: &[u8], shift: usize, width: usize) -> i64 {
        let above = 64 - width;
        (bits(bytes, shift, width) << above) as i64 >> above
    }

    /// Writes them. False, and nothing is written, if there are too few for `value`.
    pub fn set_bits(bytes: &mut [u8], shift: usize, width: usize, value: u64) -> bool {
        let fits = width == 64 || value >> width == 0;
        if fits {
            for bit in 0..width {
                let (at, one) = (shift + bit, (value >> bit & 1) as u8);
                bytes[at / 8] = bytes[at / 8] & !(1 << (at % 8)) | one << (at % 8);
            }
        }
        fits
    }

    /// The same, of a number with a sign.
    pub fn set_signed_bits(bytes: &mut [u8], shift: usize, width: usize, value: i64) -> bool {
        let above = 64 - width;
        let fits = (value << above) >> above == value;
        fits && set_bits(bytes, shift, width, (value as u64) << above >> above)
    }

    /// A value that may not be there: `iox::cxx::optional`.
    #[repr(C)]
    pub struct Optional<T> {
        value: MaybeUninit<T>,
        has_value: u8,
    }

    impl<T> Optional<T> {
        /// A value, or none.
        pub fn new(value: Option<T>) -> Self {
            let has_value = value.is_some().into();
            let value = value.map_or_else(MaybeUninit::zeroed, MaybeUninit::new);
            Self { has_value, value }
        }

        /// The value, if there is one.
        pub fn get(&self) -> Option<&T> {
            // SAFETY: whoever sets the flag writes the value.
            (self.has_value == 1).then(|| unsafe { self.value.assume_init_ref() })
        }
    }

    impl<T: Clone> Clone for Optional<T> {
        fn clone(&self) -> Self {
            Self::new(self.get().cloned())
        }
    }

    impl<T: Copy> Copy for Optional<T> {}

    impl<T: fmt::Debug> fmt::Debug for Optional<T> {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            self.get().fmt(f)
        }
    }

    impl<T: PartialEq> PartialEq for Optional<T> {
        fn eq(&self, other: &Self) -> bool {
            self.get() == other.get()
        }
    }

    // SAFETY: a value and a flag in the order of C.
    unsafe impl<T: ZeroCopySend> ZeroCopySend for Optional<T> {}

    impl<T: Serialize> Serialize for Optional<T> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            self.get().serialize(serializer)
        }
    }

    impl<'de, T: Deserialize<'de>> Deserialize<'de> for Optional<T> {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            Option::deserialize(deserializer).map(Self::new)
        }
    }
}
