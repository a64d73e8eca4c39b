// md::Parts, as written by `iox-bridge layout emit`.
// The asserts fail where a struct would not lie in memory as the layout says.

/// `md::Side`: 1 byte, one of these values; no other may ever be in its place.
#[repr(u8)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Buy = 1,
    Sell = 2,
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

const _: () = {
    use core::mem::size_of;
    assert!(size_of::<Level>() == 2);
};

/// `md::Status`: 24 bytes, aligned to 8.
#[repr(C)]
#[repr(align(8))]
#[derive(Clone, Copy, Debug, PartialEq)]
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
    pub _padding0: [u8; 3],
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
    pub name: [u8; 4],
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
#[derive(Clone, Copy, Debug, PartialEq)]
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

/// `md::Parts_name`: `iox::cxx::string<8>` in parts. 24 bytes, aligned to 8.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq)]
#[allow(non_camel_case_types)]
pub struct Parts_name {
    pub data: [u8; 9],
    pub len: u64,
}

const _: () = {
    use core::mem::{align_of, offset_of, size_of};
    assert!(size_of::<Parts_name>() == 24);
    assert!(align_of::<Parts_name>() == 8);
    assert!(offset_of!(Parts_name, data) == 0);
    assert!(offset_of!(Parts_name, len) == 16);
};

/// `md::Parts_names_element`: `iox::cxx::string<3>` in parts. 16 bytes, aligned to 8.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq)]
#[allow(non_camel_case_types)]
pub struct Parts_names_element {
    pub data: [u8; 4],
    pub len: u64,
}

const _: () = {
    use core::mem::{align_of, offset_of, size_of};
    assert!(size_of::<Parts_names_element>() == 16);
    assert!(align_of::<Parts_names_element>() == 8);
    assert!(offset_of!(Parts_names_element, data) == 0);
    assert!(offset_of!(Parts_names_element, len) == 8);
};

/// `md::Parts_text`: `iceoryx2::StaticString<5>` in parts. 16 bytes, aligned to 8.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq)]
#[allow(non_camel_case_types)]
pub struct Parts_text {
    pub data: [u8; 6],
    pub len: u64,
}

const _: () = {
    use core::mem::{align_of, offset_of, size_of};
    assert!(size_of::<Parts_text>() == 16);
    assert!(align_of::<Parts_text>() == 8);
    assert!(offset_of!(Parts_text, data) == 0);
    assert!(offset_of!(Parts_text, len) == 8);
};

/// `md::Parts`: 464 bytes, aligned to 8.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Parts {
    pub status: Status,
    pub tight: [Tight; 2],
    /// text of exactly this length
    pub code: [u8; 4],
    /// text that always ends with a NUL
    pub label: [u8; 8],
    /// `n` says how many count
    pub samples: [i16; 6],
    pub n: u8,
    /// one `md::Point` after the other; `used` says how many bytes count; `check` says what the bytes that count add up to
    pub blob: [u8; 40],
    pub used: u32,
    pub check: u16,
    pub name: Parts_name,
    pub points: wire::Vector<Point, 3>,
    pub maybe: wire::Optional<Side>,
    pub names: wire::Vector<Parts_names_element, 2>,
    pub text: Parts_text,
    pub numbers: [wire::Vector<u16, 40>; 2],
    pub option: wire::OptionalFlagFirst<Point>,
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

/// What Rust has no types for.
pub mod wire {
    use core::fmt;
    use core::mem::MaybeUninit;

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

    /// A value that may not be there: iceoryx2's `RelocatableOption`.
    #[repr(C)]
    pub struct OptionalFlagFirst<T> {
        has_value: u8,
        value: MaybeUninit<T>,
    }

    impl<T> OptionalFlagFirst<T> {
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

    impl<T: Clone> Clone for OptionalFlagFirst<T> {
        fn clone(&self) -> Self {
            Self::new(self.get().cloned())
        }
    }

    impl<T: Copy> Copy for OptionalFlagFirst<T> {}

    impl<T: fmt::Debug> fmt::Debug for OptionalFlagFirst<T> {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            self.get().fmt(f)
        }
    }

    impl<T: PartialEq> PartialEq for OptionalFlagFirst<T> {
        fn eq(&self, other: &Self) -> bool {
            self.get() == other.get()
        }
    }

    /// Up to `N` values.
    #[repr(C)]
    pub struct Vector<T, const N: usize> {
        data: [MaybeUninit<T>; N],
        len: u64,
    }

    impl<T: Copy, const N: usize> Vector<T, N> {
        /// None if there are more than `N` values.
        pub fn new(values: &[T]) -> Option<Self> {
            let mut data = [const { MaybeUninit::zeroed() }; N];
            for (place, value) in data.get_mut(..values.len())?.iter_mut().zip(values) {
                place.write(*value);
            }
            Some(Self { data, len: values.len() as u64 })
        }
    }

    impl<T, const N: usize> Vector<T, N> {
        /// The values.
        pub fn as_slice(&self) -> &[T] {
            let len = usize::try_from(self.len).unwrap_or(N).min(N);
            // SAFETY: whoever sets the length writes the values.
            unsafe { core::slice::from_raw_parts(self.data.as_ptr().cast(), len) }
        }
    }

    impl<T: Copy, const N: usize> Clone for Vector<T, N> {
        fn clone(&self) -> Self {
            *self
        }
    }

    impl<T: Copy, const N: usize> Copy for Vector<T, N> {}

    impl<T: fmt::Debug, const N: usize> fmt::Debug for Vector<T, N> {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            self.as_slice().fmt(f)
        }
    }

    impl<T: PartialEq, const N: usize> PartialEq for Vector<T, N> {
        fn eq(&self, other: &Self) -> bool {
            self.as_slice() == other.as_slice()
        }
    }
}
