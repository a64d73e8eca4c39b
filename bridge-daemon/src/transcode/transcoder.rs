//! The transcoder of a route.

use super::bytes::{Input, Output};
use super::convert::Converter;
use super::error::CompileError;
use super::reject::Reject;
use super::{json, msgpack};
use crate::config::plan::FormatPlan;
use crate::layout::{Field, Layout, Type};

/// Turns samples of one format into samples of another. Compiled once per route; immutable, so lanes may share it.
///
/// For each sample: [`measure`](Self::measure) it, loan that many bytes, [`run`](Self::run).
#[derive(Debug)]
pub struct Transcoder {
    program: Program,
}

#[derive(Debug)]
enum Program {
    /// The bytes as they are, of this size where a layout says one.
    Copy(Option<usize>),
    Convert(Converter),
    EncodeMsgpack(msgpack::Encoder),
    DecodeMsgpack(msgpack::Decoder),
    EncodeJson(json::Encoder),
    DecodeJson(json::Decoder),
}

impl Transcoder {
    /// The transcoder from `source` to `sink`.
    ///
    /// # Errors
    ///
    /// The pair cannot be transcoded, or a layout contradicts itself.
    pub fn compile(source: &FormatPlan, sink: &FormatPlan) -> Result<Self, CompileError> {
        let program = match (source, sink) {
            (FormatPlan::Raw, FormatPlan::Struct(layout)) | (FormatPlan::Struct(layout), FormatPlan::Raw) => {
                Program::Copy(Some(layout.size))
            }
            (FormatPlan::Raw, _) | (_, FormatPlan::Raw) => Program::Copy(None),
            (FormatPlan::Struct(from), FormatPlan::Struct(to)) => {
                if same_bytes(from, to) {
                    Program::Copy(Some(from.size))
                } else {
                    Program::Convert(Converter::compile(from, to)?)
                }
            }
            (FormatPlan::Msgpack(from, _), FormatPlan::Msgpack(to, _)) => {
                if from != to {
                    return Err(CompileError::ShapesDiffer);
                }
                Program::Copy(None)
            }
            (FormatPlan::Struct(layout), FormatPlan::Msgpack(shape, _)) => {
                Program::EncodeMsgpack(msgpack::Encoder::compile(layout, *shape)?)
            }
            (FormatPlan::Msgpack(_, tolerance), FormatPlan::Struct(layout)) => {
                Program::DecodeMsgpack(msgpack::Decoder::compile(layout, *tolerance)?)
            }
            (FormatPlan::Json(_), FormatPlan::Json(_)) => Program::Copy(None),
            (FormatPlan::Struct(layout), FormatPlan::Json(_)) => Program::EncodeJson(json::Encoder::compile(layout)?),
            (FormatPlan::Json(tolerance), FormatPlan::Struct(layout)) => {
                Program::DecodeJson(json::Decoder::compile(layout, *tolerance)?)
            }
            (FormatPlan::Msgpack(..), FormatPlan::Json(_)) | (FormatPlan::Json(_), FormatPlan::Msgpack(..)) => {
                return Err(CompileError::DocumentsDiffer);
            }
        };
        Ok(Self { program })
    }

    /// How many bytes `input` becomes. For a document this is a pass over the sample; for MessagePack a much shorter one.
    ///
    /// # Errors
    ///
    /// The sample cannot be transcoded. A document that becomes a struct is only looked at by [`run`](Self::run).
    #[inline]
    pub fn measure(&self, input: Input<'_>) -> Result<usize, Reject> {
        match &self.program {
            Program::Copy(size) if size.is_none_or(|size| size == input.len()) => Ok(input.len()),
            Program::Copy(_) => Err(Reject::SizeMismatch),
            Program::Convert(converter) if input.len() == converter.input_size() => Ok(converter.output_size()),
            Program::Convert(_) => Err(Reject::SizeMismatch),
            Program::EncodeMsgpack(encoder) => encoder.measure(input),
            Program::EncodeJson(encoder) => encoder.measure(input),
            Program::DecodeMsgpack(decoder) => Ok(decoder.output_size()),
            Program::DecodeJson(decoder) => Ok(decoder.output_size()),
        }
    }

    /// Writes what `input` becomes to `output`, which has as many bytes as [`measure`](Self::measure) said. On success
    /// every byte of it has been written, padding as zeros (copies have the padding of the source).
    ///
    /// # Errors
    ///
    /// The sample cannot be transcoded, or was changed by its owner since it was measured so that it no longer fits.
    /// `output` then holds nothing of use, and must not be sent.
    #[inline]
    pub fn run(&self, input: Input<'_>, mut output: Output<'_>) -> Result<(), Reject> {
        match &self.program {
            Program::Copy(size) => {
                if output.len() != input.len() || size.is_some_and(|size| size != input.len()) {
                    return Err(Reject::SizeMismatch);
                }
                output.copy(0, input, 0, input.len()).ok_or(Reject::SizeMismatch)
            }
            Program::Convert(converter) => converter.run(input, output),
            Program::EncodeMsgpack(encoder) => encoder.run(input, output),
            Program::EncodeJson(encoder) => encoder.run(input, output),
            Program::DecodeMsgpack(decoder) => decoder.run(input, output),
            Program::DecodeJson(decoder) => decoder.run(input, output),
        }
    }

    /// Bytes of every result, where that is known without a sample.
    #[must_use]
    pub fn fixed_output(&self) -> Option<usize> {
        match &self.program {
            Program::Copy(size) => *size,
            Program::Convert(converter) => Some(converter.output_size()),
            Program::EncodeMsgpack(encoder) => encoder.fixed_output(),
            Program::EncodeJson(_) => None,
            Program::DecodeMsgpack(decoder) => Some(decoder.output_size()),
            Program::DecodeJson(decoder) => Some(decoder.output_size()),
        }
    }

    /// Bytes that no result exceeds; `None` where the result is as long as the sample, however long that is.
    #[must_use]
    pub fn max_output(&self) -> Option<usize> {
        match &self.program {
            Program::Copy(size) => *size,
            Program::Convert(converter) => Some(converter.output_size()),
            Program::EncodeMsgpack(encoder) => Some(encoder.max_output()),
            Program::EncodeJson(encoder) => Some(encoder.max_output()),
            Program::DecodeMsgpack(decoder) => Some(decoder.output_size()),
            Program::DecodeJson(decoder) => Some(decoder.output_size()),
        }
    }

    /// Whether samples are copied as they are.
    #[must_use]
    pub fn is_copy(&self) -> bool {
        matches!(self.program, Program::Copy(_))
    }

    /// Bytes that a sample must have, where a layout says it; any other is rejected.
    #[must_use]
    pub fn expected_input(&self) -> Option<usize> {
        match &self.program {
            Program::Copy(size) => *size,
            Program::Convert(converter) => Some(converter.input_size()),
            Program::EncodeMsgpack(encoder) => Some(encoder.input_size()),
            Program::EncodeJson(encoder) => Some(encoder.input_size()),
            Program::DecodeMsgpack(_) | Program::DecodeJson(_) => None,
        }
    }
}

/// Whether two layouts are one but for their names, and perhaps their alignment.
fn same_bytes(one: &Layout, other: &Layout) -> bool {
    let same_field = |(one, other): (&Field, &Field)| {
        one.name == other.name && one.offset == other.offset && same_type(&one.ty, &other.ty)
    };
    one.size == other.size
        && one.fields.len() == other.fields.len()
        && one.fields.iter().zip(&other.fields).all(same_field)
}

fn same_type(one: &Type, other: &Type) -> bool {
    match (one, other) {
        (Type::Struct(one), Type::Struct(other)) => same_bytes(one, other),
        (Type::Enum(one), Type::Enum(other)) => {
            one.repr == other.repr && one.open == other.open && one.values == other.values
        }
        (Type::Array(one, one_len), Type::Array(other, other_len)) => one_len == other_len && same_type(one, other),
        _ => one == other,
    }
}
