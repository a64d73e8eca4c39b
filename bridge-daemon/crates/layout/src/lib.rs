//! Layouts: the description of fixed-layout structs, which are how the bridge knows what the bytes of a sample mean.
//!
//! [`mod@file`] is what a layout file may hold, [`LayoutSet`] makes checked [`Layout`]s of it. [`import`] makes layout
//! files of debug information, [`emit`] source code of layouts, [`show`] a picture of the bytes. [`tree`] is what
//! documents show of a layout. Plain data; no threads.
//!
//! A layout is written by hand:
//!
//! ```
//! let layouts = bridge_layout::parse(
//!     "ticks.toml",
//!     r#"
//!     [[layout]]
//!     name = "Tick"
//!     fields = [{ name = "price", type = "f64" }, { name = "volume", type = "u32" }]
//!     "#,
//! )
//! .expect("it is sound");
//! let tick = layouts.get("Tick").flatten().expect("it is there");
//! assert_eq!((tick.size, tick.align), (16, 8));
//! ```
//!
//! or taken from the program's own header, by way of the compiler that also compiles the program:
//!
//! ```
//! # let folder = tempfile::tempdir().expect("a folder");
//! # let header = folder.path().join("tick.hpp");
//! # std::fs::write(&header, "struct Tick { double price; unsigned volume; };").expect("room");
//! use bridge_layout::import::{Choice, HeaderProbe, from_header};
//!
//! let probe = HeaderProbe { header, compiler: "c++".into(), include: vec![], flags: vec![] };
//! let tick = from_header(&probe, "Tick", &Choice::default()).expect("the compiler knows it");
//! assert_eq!(tick.layout().size, 16);
//! assert!(tick.to_toml(None, &[]).expect("a name").contains("type = \"f64\""));
//! ```
//!
//! Nothing here knows of either iceoryx, of samples that are on their way, or of what a bridge does with a layout.

#![forbid(unsafe_code)]

mod bits;
pub mod check;
mod container_type;
pub mod emit;
mod enums;
mod error;
mod field_type;
pub mod file;
pub mod import;
mod key_error;
mod known;
mod live;
mod load;
mod make;
mod model;
mod name;
mod numbers;
mod order;
#[cfg(test)]
mod part_tests;
mod path;
mod place;
mod set;
pub mod show;
#[cfg(test)]
mod tests;
mod text;
pub mod tree;
mod type_name;
mod variants;

pub use bits::range as bits_range;
pub use container_type::{ContainerType, Holds};
pub use enums::MAX_ENUM_VALUES;
pub use field_type::MAX_DIMENSIONS;
pub use field_type::{Base, FieldType, FieldTypeError};
pub use load::{load, parse};
pub use model::{
    Bits, Container, Endian, Enum, Field, Layout, Live, Parts, Scalar, Stack, Text, TextEnd, TimeUnit, Type, Variant,
    Variants,
};
pub use name::{FieldName, LayoutName, LayoutNameError};
pub use numbers::{Align, MAX_SIZE, Size};
pub use place::MAX_FIELDS;
pub use set::{LayoutSet, MAX_DEPTH};
pub use tree::{Mismatch, MismatchProblem, left_out, mismatches};
pub use type_name::type_name;

/// Whether a type of this name is built in, so that no layout can have it.
pub fn is_basic_type(name: &str) -> bool {
    field_type::scalar(name).is_some() || name == "char"
}
