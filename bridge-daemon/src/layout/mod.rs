//! Layouts: the description of fixed-layout structs, which are how the bridge knows what the bytes of a sample mean.
//!
//! [`mod@file`] is what a layout file may hold, [`LayoutSet`] makes checked [`Layout`]s of it. [`import`] makes layout
//! files of debug information, [`emit`] source code of layouts, [`show`] a picture of the bytes. Plain data; no threads.

pub mod emit;
mod enums;
mod error;
mod field_type;
pub mod file;
pub mod import;
mod load;
mod model;
mod name;
mod order;
mod pair;
mod place;
mod set;
pub mod show;
#[cfg(test)]
mod tests;

pub use enums::MAX_ENUM_VALUES;
pub(crate) use field_type::MAX_DIMENSIONS;
pub use field_type::{Base, FieldType, FieldTypeError};
pub use load::load;
pub use model::{Enum, Field, Layout, Scalar, Type};
pub use name::{FieldName, LayoutName, LayoutNameError};
pub use pair::{Mismatch, MismatchProblem, left_out, mismatches};
pub use place::MAX_FIELDS;
pub use set::{LayoutSet, MAX_DEPTH};

/// Whether a type of this name is built in, so that no layout can have it.
pub(crate) fn is_basic_type(name: &str) -> bool {
    field_type::scalar(name).is_some() || name == "char"
}
