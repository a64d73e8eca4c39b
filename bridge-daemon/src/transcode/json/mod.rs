//! JSON: an object of the fields by name, as serde_json writes it for a derived type.

mod decimal;
mod decode;
mod encode;
mod escape;

pub(super) use decode::Decoder;
pub(super) use encode::Encoder;
