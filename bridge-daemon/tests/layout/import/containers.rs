//! Containers of iceoryx2 as applications use them.
#![allow(missing_docs, dead_code)]

use iceoryx2_bb_container::relocatable_option::RelocatableOption;
use iceoryx2_bb_container::string::StaticString;
use iceoryx2_bb_container::vector::StaticVec;

#[repr(C)]
pub struct Point {
    pub x: f64,
    pub id: u16,
}

#[repr(C)]
pub struct Holds {
    pub name: StaticString<8>,
    pub points: StaticVec<Point, 3>,
    pub names: StaticVec<StaticString<3>, 2>,
    pub rows: [StaticVec<[u16; 3], 4>; 2],
    pub number: RelocatableOption<u32>,
    pub point: RelocatableOption<Point>,
    pub maybe: RelocatableOption<StaticVec<bool, 5>>,
}

pub static HOLDS: Option<Holds> = None;
