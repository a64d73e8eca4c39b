//! Tests of whole transcoders, each against something that was not written here: derived types with rmp-serde and
//! serde_json, values of rmpv, or the sample itself after a round trip.

mod columns;
mod convert;
mod copies;
mod derived;
mod document;
mod endian;
mod enums;
mod filter;
mod hostile;
mod json;
mod live;
mod loose;
mod racing;
mod random;
mod routes;
mod rules;
mod sample;
mod shown;
mod spots;
mod timestamps;
mod tolerance;
mod unions;

use std::sync::Arc;

use super::check::{guarded as transcode, guarded_into};
use super::{Input, Reject, Spot, Transcoder};
use crate::format::{FormatPlan, OnMissing, OnUnknown, Shape, Tolerance};
use bridge_layout::{Enum, Field, Layout, Scalar, Type};

/// A layout whose fields stand at the given offsets.
fn layout(name: &str, size: usize, align: usize, fields: &[(&str, usize, Type)]) -> Arc<Layout> {
    let field = |(name, offset, ty): &(&str, usize, Type)| Field::new(*name, *offset, ty.clone());
    Arc::new(Layout { name: name.into(), size, align, fields: fields.iter().map(field).collect() })
}

fn named(repr: Scalar, values: &[(&str, i128)], open: bool) -> Type {
    let values = values.iter().map(|(name, value)| ((*name).into(), *value)).collect();
    Type::Enum(Arc::new(Enum { name: "Named".into(), repr, values, open }))
}

fn scalar(scalar: Scalar) -> Type {
    Type::Scalar(scalar)
}

fn encoder(layout: &Arc<Layout>, shape: Shape) -> Transcoder {
    Transcoder::compile(&FormatPlan::Struct(Arc::clone(layout)), &msgpack(shape)).expect("compiles")
}

fn decoder(layout: &Arc<Layout>) -> Transcoder {
    Transcoder::compile(&msgpack(Shape::Map), &FormatPlan::Struct(Arc::clone(layout))).expect("compiles")
}

/// JSON that tolerates nothing.
fn json() -> FormatPlan {
    FormatPlan::Json(Tolerance::default())
}

/// From structs of `layout` to documents of a format, and back.
fn both_ways(layout: &Arc<Layout>, document: &FormatPlan) -> (Transcoder, Transcoder) {
    let layout = FormatPlan::Struct(Arc::clone(layout));
    let compile = |source, sink| Transcoder::compile(source, sink).expect("compiles");
    (compile(&layout, document), compile(document, &layout))
}

/// MessagePack that tolerates nothing.
fn msgpack(shape: Shape) -> FormatPlan {
    FormatPlan::Msgpack(shape, Tolerance::default())
}

const _: () = {
    const fn shareable<T: Send + Sync>() {}
    shareable::<Transcoder>();
};
