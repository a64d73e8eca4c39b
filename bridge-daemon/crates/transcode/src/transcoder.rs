//! One step of a route: samples of one format into samples of another.

use super::bytes::{Input, Output};
use super::convert::Converter;
use super::error::CompileError;
use super::reject::Reject;
use super::spot::{self, Spot};
use super::survey::survey;
use super::{document, json, msgpack};
use crate::format::{DocumentPlan, FormatPlan};
use crate::pair::{Pair, Read, Side, Written, pair};
use bridge_layout::tree::Tree;

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
    Document(document::Transcoder),
}

impl Transcoder {
    /// The transcoder from `source` to `sink`, without rules for fields.
    ///
    /// # Errors
    ///
    /// The pair cannot be transcoded in one step, or a layout contradicts itself.
    pub fn compile(source: &FormatPlan, sink: &FormatPlan) -> Result<Self, CompileError> {
        let document = DocumentPlan::default();
        Self::between(Side { format: source, document: &document }, Side { format: sink, document: &document })
    }

    /// The same where documents are not what they are by default.
    ///
    /// # Errors
    ///
    /// As [`compile`](Self::compile).
    pub fn between(source: Side<'_>, sink: Side<'_>) -> Result<Self, CompileError> {
        sound(source, sink)?;
        Self::of(pair(source, sink, &[])?)
    }

    /// The transcoder of a pair, the layouts of which were surveyed.
    pub(super) fn of(pair: Pair) -> Result<Self, CompileError> {
        let program = match pair {
            Pair::Copy(size) => Program::Copy(size),
            Pair::Convert(from, to) => Program::Convert(Converter::compile(&from, &to)?),
            Pair::Write(tree, to) => return Self::write(&tree, to),
            Pair::Read(from, tree) => return Self::read(from, &tree),
            Pair::MsgpackToJson => Program::Document(document::Transcoder::msgpack_to_json()),
            Pair::JsonToMsgpack => Program::Document(document::Transcoder::json_to_msgpack()),
            Pair::Through(..) => return Err(CompileError::TwoSteps),
        };
        Ok(Self { program })
    }

    /// From a struct to a document.
    pub(super) fn write(tree: &Tree, to: Written) -> Result<Self, CompileError> {
        let program = match to {
            Written::Msgpack(shape) => Program::EncodeMsgpack(msgpack::Encoder::compile(tree, shape)?),
            Written::Json => Program::EncodeJson(json::Encoder::compile(tree)?),
        };
        Ok(Self { program })
    }

    /// From a document to a struct.
    pub(super) fn read(from: Read, tree: &Tree) -> Result<Self, CompileError> {
        let program = match from {
            Read::Msgpack(tolerance) => Program::DecodeMsgpack(msgpack::Decoder::compile(tree, tolerance)),
            Read::Json(tolerance) => Program::DecodeJson(json::Decoder::compile(tree, tolerance)),
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
            Program::Document(document) => document.measure(input),
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
            Program::Document(document) => document.run(input, output),
        }
    }

    /// Where the sample that was rejected last is at fault. To be asked at once, on the same thread; the sample may have
    /// changed since, so that nothing is found.
    #[cold]
    pub fn locate(&self, input: Input<'_>) -> Spot {
        let noted = spot::take();
        let field = match &self.program {
            Program::Copy(_) | Program::DecodeMsgpack(_) | Program::DecodeJson(_) | Program::Document(_) => noted.field,
            Program::Convert(converter) => converter.locate(input),
            Program::EncodeMsgpack(encoder) => encoder.locate(input),
            Program::EncodeJson(encoder) => encoder.locate(input),
        };
        Spot { field, ..noted }
    }

    /// Bytes of every result, where that is known without a sample.
    #[must_use]
    pub fn fixed_output(&self) -> Option<usize> {
        match &self.program {
            Program::Copy(size) => *size,
            Program::Convert(converter) => Some(converter.output_size()),
            Program::EncodeMsgpack(encoder) => encoder.fixed_output(),
            Program::EncodeJson(_) | Program::Document(_) => None,
            Program::DecodeMsgpack(decoder) => Some(decoder.output_size()),
            Program::DecodeJson(decoder) => Some(decoder.output_size()),
        }
    }

    /// Bytes that no result exceeds; `None` where that depends on how long the sample is.
    #[must_use]
    pub fn max_output(&self) -> Option<usize> {
        match &self.program {
            Program::Copy(size) => *size,
            Program::Convert(converter) => Some(converter.output_size()),
            Program::EncodeMsgpack(encoder) => Some(encoder.max_output()),
            Program::EncodeJson(encoder) => Some(encoder.max_output()),
            Program::DecodeMsgpack(decoder) => Some(decoder.output_size()),
            Program::DecodeJson(decoder) => Some(decoder.output_size()),
            Program::Document(_) => None,
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
            Program::DecodeMsgpack(_) | Program::DecodeJson(_) | Program::Document(_) => None,
        }
    }
}

/// Surveys every layout of a pair: plans travel between processes, and programs rely on them.
pub(super) fn sound(source: Side<'_>, sink: Side<'_>) -> Result<(), CompileError> {
    for side in [source, sink] {
        let own = match side.format {
            FormatPlan::Struct(layout) => Some(layout),
            FormatPlan::Raw | FormatPlan::Msgpack(..) | FormatPlan::Json(_) => None,
        };
        for layout in own.into_iter().chain(&side.document.layout) {
            survey(layout)?;
        }
    }
    Ok(())
}
