//! Tests of whole transcoders, each against something that was not written here: derived types with rmp-serde, values
//! of rmpv, or the sample itself after a round trip.

mod copies;
mod derived;

use std::sync::Arc;

use super::{Input, Output, Reject, Transcoder};
use crate::config::plan::{FormatPlan, Shape};
use crate::layout::{Field, Layout, Scalar, Type};

/// What stands around and in an output before it is written.
const UNTOUCHED: u8 = 0xa5;
const GUARD: usize = 64;

/// A layout whose fields stand at the given offsets.
fn layout(name: &str, size: usize, align: usize, fields: &[(&str, usize, Type)]) -> Arc<Layout> {
    let field =
        |(name, offset, ty): &(&str, usize, Type)| Field { name: (*name).into(), offset: *offset, ty: ty.clone() };
    Arc::new(Layout { name: name.into(), size, align, fields: fields.iter().map(field).collect() })
}

fn scalar(scalar: Scalar) -> Type {
    Type::Scalar(scalar)
}

fn encoder(layout: &Arc<Layout>, shape: Shape) -> Transcoder {
    Transcoder::compile(&FormatPlan::Struct(Arc::clone(layout)), &FormatPlan::Msgpack(shape)).expect("compiles")
}

fn decoder(layout: &Arc<Layout>) -> Transcoder {
    Transcoder::compile(&FormatPlan::Msgpack(Shape::Map), &FormatPlan::Struct(Arc::clone(layout))).expect("compiles")
}

/// Measures and runs as a route does, into a chunk that holds old bytes and has guards around it.
fn transcode(transcoder: &Transcoder, input: &[u8]) -> Result<Vec<u8>, Reject> {
    let len = transcoder.measure(Input::from(input))?;
    if let Some(fixed) = transcoder.fixed_output() {
        assert_eq!(len, fixed);
    }
    if let Some(max) = transcoder.max_output() {
        assert!(len <= max, "{len} bytes, but at most {max} were announced");
    }
    let (result, output) = run_into(transcoder, input, len);
    result.map(|()| output)
}

/// Runs into exactly `len` bytes, and looks at the guards.
fn run_into(transcoder: &Transcoder, input: &[u8], len: usize) -> (Result<(), Reject>, Vec<u8>) {
    let mut chunk = vec![UNTOUCHED; GUARD + len + GUARD];
    let result = transcoder.run(Input::from(input), Output::from(&mut chunk[GUARD..GUARD + len]));
    let after = chunk.split_off(GUARD + len);
    let output = chunk.split_off(GUARD);
    assert!(chunk.iter().chain(&after).all(|byte| *byte == UNTOUCHED), "wrote outside of the output");
    (result, output)
}

const _: () = {
    const fn shareable<T: Send + Sync>() {}
    shareable::<Transcoder>();
};
