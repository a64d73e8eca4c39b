//! Layouts: the description of fixed-layout structs, which are how the bridge knows what the bytes of a sample mean.

mod model;

pub use model::{Field, Layout, Scalar, Type};
