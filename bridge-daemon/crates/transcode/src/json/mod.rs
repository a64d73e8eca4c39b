//! JSON: an object of the fields by name, as serde_json writes it for a derived type.
//!
//! [`decode`] and [`encode`] follow a layout; what they read and write values with also serves documents that have none.

mod base64;
mod decimal;
mod decode;
mod encode;
mod escape;
pub(super) mod number;
pub(super) mod reader;
pub(super) mod show;
pub(super) mod sink;
pub(super) mod skip;
pub(super) mod string;

pub(super) use decode::{Decoder, find, is_text};
pub(super) use encode::Encoder;
