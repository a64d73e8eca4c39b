// Structs that no layout can describe, and the field that is at fault.
// import: HasStr
// import: HasString
// import: HasVec
// import: HasSlice
// import: HasReference
// import: HasRawPointer
// import: HasBox
// import: HasDyn
// import: HasFunction
// import: HasOption
// import: HasEnum
// import: HasTuple
// import: HasChar
// import: HasWide
// import: HasNonZero
// import: HasUnion
// import: HasMaybe
// import: HasAtomicPointer
// import: Nothing
#![allow(dead_code)]

pub struct HasStr { pub inner: Inner<&'static str> }
pub struct HasString { pub text: String }
pub struct HasVec { pub numbers: [Vec<u32>; 2] }
pub struct HasSlice { pub numbers: &'static [u32] }
pub struct HasReference { pub number: &'static u32 }
pub struct HasRawPointer { pub number: *const u32 }
pub struct HasBox { pub number: Box<u32> }
pub struct HasDyn { pub any: Box<dyn Fn()> }
pub struct HasFunction { pub call: fn(u32) }
pub struct HasOption { pub maybe: Option<u32> }
pub struct HasEnum { pub shape: Shape }
pub struct HasTuple { pub tuple: (u8, u32) }
pub struct HasChar { pub letter: char }
pub struct HasWide { pub wide: u128 }
pub struct HasNonZero { pub number: std::num::NonZeroU32 }
pub struct HasUnion { pub either: Either }
pub struct HasMaybe { pub bytes: [std::mem::MaybeUninit<u8>; 4] }
pub struct HasAtomicPointer { pub pointer: std::sync::atomic::AtomicPtr<u8> }
pub struct Nothing;

pub struct Inner<T> { pub value: [T; 2] }
pub enum Shape { Circle(f64), Square { side: f64 } }
pub union Either { pub i: i32, pub f: f32 }

pub type First<'a> = (
    &'a HasStr, &'a HasString, &'a HasVec, &'a HasSlice, &'a HasReference, &'a HasRawPointer, &'a HasBox, &'a HasDyn,
    &'a HasFunction, &'a HasOption,
);
pub type Second<'a> = (
    &'a HasEnum, &'a HasTuple, &'a HasChar, &'a HasWide, &'a HasNonZero, &'a HasUnion, &'a HasMaybe,
    &'a HasAtomicPointer, &'a Nothing,
);

pub fn everything(first: First<'_>, second: Second<'_>) -> u32 {
    *first.4.number + u32::from(second.1.tuple.0)
}
