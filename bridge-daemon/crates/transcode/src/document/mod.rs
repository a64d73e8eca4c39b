//! MessagePack to JSON and back, for documents that no layout describes.
//!
//! A document is followed once to count what it becomes and once to write it, value by value; nothing is kept of it, so
//! it may be of any length. It nests at most 128 levels deep.

mod to_json;
mod to_msgpack;

use super::bytes::{Input, Output};
use super::reject::Reject;

/// Turns documents of one format into documents of the other.
#[derive(Clone, Copy, Debug)]
pub(super) enum Transcoder {
    /// Maps become objects, and byte blocks arrays of numbers.
    MsgpackToJson,
    /// Objects become maps, and numbers and headers take their shortest form.
    JsonToMsgpack,
}

impl Transcoder {
    /// From MessagePack to JSON.
    pub(super) const fn msgpack_to_json() -> Self {
        Self::MsgpackToJson
    }

    /// From JSON to MessagePack.
    pub(super) const fn json_to_msgpack() -> Self {
        Self::JsonToMsgpack
    }

    /// How many bytes `input` becomes: a pass over all of it.
    pub(super) fn measure(self, input: Input<'_>) -> Result<usize, Reject> {
        match self {
            Self::MsgpackToJson => to_json::measure(input),
            Self::JsonToMsgpack => to_msgpack::measure(input),
        }
    }

    /// Writes what `input` becomes to `output`, which has as many bytes as [`measure`](Self::measure) said.
    pub(super) fn run(self, input: Input<'_>, output: Output<'_>) -> Result<(), Reject> {
        match self {
            Self::MsgpackToJson => to_json::run(input, output),
            Self::JsonToMsgpack => to_msgpack::run(input, output),
        }
    }
}
