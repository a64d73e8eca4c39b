//! MessagePack: a map of the fields by name, or an array of their values.

mod decode;
mod encode;
pub(super) mod integer;

pub(super) use decode::{Decoder, find};
pub(super) use encode::Encoder;

/// The type of the extension that is a timestamp, -1, as MessagePack's specification has it.
const TIMESTAMP_TYPE: u8 = 0xff;
