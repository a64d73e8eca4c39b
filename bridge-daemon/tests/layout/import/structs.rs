// Structs that have a layout.
// import: Tick
// import: app::md::Tick
// import: Matrix<f32, 3>
// import: Matrix<f32,3>
// import: Nested
// import: Packed
// import: Packed4
// import: Aligned
// import: Pair
// import: Price
// import: Unordered
// import: Cells
#![allow(dead_code)]
pub mod md {
    use std::marker::PhantomData;
    use std::sync::atomic::{AtomicBool, AtomicU64};

    #[repr(C)]
    pub struct Text<const N: usize>(pub [u8; N]);

    #[repr(u8)]
    pub enum Side {
        Buy = 1,
        Sell = 2,
    }

    #[repr(C)]
    pub struct Price(f64);

    #[repr(C)]
    pub struct Pair(u32, f64);

    #[repr(C)]
    pub struct Tick {
        pub symbol: Text<16>,
        pub price: Price,
        pub volume: f64,
        pub timestamp: u64,
        pub side: Side,
        pub ok: bool,
        pub raw: [u8; 6],
    }

    #[repr(C)]
    pub struct Matrix<T, const N: usize> {
        pub rows: [[T; N]; 2],
        pub marker: PhantomData<T>,
    }

    #[repr(C)]
    pub struct Nested {
        pub r#type: i16,
        pub aligned: Aligned,
        pub ticks: [Tick; 2],
        pub small: [i8; 3],
        pub size: usize,
        pub unit: (),
    }

    #[repr(C, packed)]
    pub struct Packed {
        pub a: u32,
        pub b: u32,
    }

    #[repr(C, packed(4))]
    pub struct Packed4 {
        pub a: u8,
        pub b: u64,
        pub c: u16,
    }

    #[repr(C, align(64))]
    pub struct Aligned {
        pub a: u8,
        pub b: u64,
    }

    pub struct Unordered {
        pub a: u8,
        pub b: u64,
        pub c: u16,
    }

    #[repr(C)]
    pub struct Cells {
        pub counter: AtomicU64,
        pub ready: AtomicBool,
        pub cell: std::cell::Cell<i32>,
        pub wrapping: std::num::Wrapping<u16>,
    }
}

pub type Everything<'a> = (
    &'a md::Tick,
    &'a md::Matrix<f32, 3>,
    &'a md::Nested,
    &'a md::Packed,
    &'a md::Packed4,
    &'a md::Aligned,
    &'a md::Pair,
    &'a md::Price,
    &'a md::Unordered,
    &'a md::Cells,
);

pub fn everything(everything: Everything<'_>) -> f64 {
    everything.0.volume
}
