// md::Everything, as written by `iox-bridge layout emit`.
// The asserts fail where a struct would not lie in memory as the layout says.

/// `md::Kind`: 1 byte, one of these values; no other may ever be in its place.
#[repr(i8)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(non_camel_case_types)]
pub enum Kind {
    Buy = 0,
    Sell = 1,
    class = -1,
    /// `a b`
    a_b = 2,
    /// `a-b`
    a_b_2 = 3,
    /// `self`
    self_ = 4,
    NAMES = 5,
    _x_ = 6,
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

const _: () = {
    use core::mem::size_of;
    assert!(size_of::<Level>() == 2);
};

/// `md::Packed`: 12 bytes, aligned to 1.
#[repr(C, packed)]
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Packed {
    pub a: u8,
    pub b: u64,
    pub bytes: [u8; 3],
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
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pack4 {
    pub a: u8,
    pub b: u64,
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
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Line {
    pub first: u32,
    pub _padding0: [u8; 28],
    pub second: bool,
    pub _padding1: [u8; 95],
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
#[derive(Clone, Copy, Debug, PartialEq)]
#[allow(non_camel_case_types)]
pub struct Tick_double_3 {
    pub price: f64,
    pub symbol: [u8; 16],
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
#[derive(Clone, Copy, Debug, PartialEq)]
#[allow(non_snake_case)]
pub struct Everything {
    pub class: u8,
    pub r#type: i8,
    /// `self`
    pub self_: u16,
    pub def: i16,
    /// `_`
    pub f_: u32,
    /// `__linux__`
    pub f__linux__: i32,
    pub linux: u64,
    /// `größe`
    pub gr__e: i64,
    /// `a b`
    pub a_b: f32,
    /// `a-b`
    pub a_b_2: f64,
    /// `0`
    pub _0: bool,
    pub Packed: Packed,
    pub std: [Pack4; 2],
    pub line: Line,
    pub ticks: [[Tick_double_3; 3]; 2],
    pub texts: [[u8; 8]; 3],
    pub blobs: [[u8; 5]; 2],
    pub many: [i32; 40],
    pub matrix: [[f32; 4]; 3],
    pub kinds: [[Kind; 2]; 2],
    pub flags: Flags,
    pub level: Level,
    /// `ends /`
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
