//! What the sample itself says of its parts: how many elements count, where a text ends, whether a value is there, which
//! bits of an integer are a number.

mod hostile;
mod layouts;
mod racing;
mod random;
mod store;
mod trees;

use super::*;
pub(super) use layouts::all_layouts;
pub(super) use store::{allowed, tellers};
