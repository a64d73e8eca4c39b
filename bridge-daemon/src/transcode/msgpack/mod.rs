//! MessagePack: a map of the fields by name, or an array of their values.

mod decode;
mod encode;
pub(super) mod integer;

pub(super) use decode::{Decoder, find};
pub(super) use encode::Encoder;
