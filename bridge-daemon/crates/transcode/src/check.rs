//! One check that the tests and a fuzz target share: whatever the bytes are, nothing outside of the output is written,
//! and what is accepted survives a round trip.

use std::sync::{Arc, LazyLock};

use super::{Input, Output, Reject, Transcoder};
use crate::format::{FormatPlan, Shape, Tolerance};
use bridge_layout::{Bits, Container, Enum, Field, Layout, Live, Scalar, Stack, Text, TextEnd, Type};

/// Transcoders of a layout in which every type stands once, from documents and to them.
static MSGPACK: LazyLock<(Transcoder, Transcoder)> =
    LazyLock::new(|| both_ways(&FormatPlan::Msgpack(Shape::Map, Tolerance::default())));
static JSON: LazyLock<(Transcoder, Transcoder)> = LazyLock::new(|| both_ways(&FormatPlan::Json(Tolerance::default())));

fn both_ways(document: &FormatPlan) -> (Transcoder, Transcoder) {
    let layout = FormatPlan::Struct(everything());
    let compile = |source, sink| Transcoder::compile(source, sink).expect("compiles");
    (compile(document, &layout), compile(&layout, document))
}

/// A layout in which every type stands once, with padding.
#[must_use]
pub fn everything() -> Arc<Layout> {
    let scalar = Type::Scalar;
    let point = Arc::new(c_layout("Point", 4, vec![("x", scalar(Scalar::I16)), ("on", scalar(Scalar::Bool))]));
    let side = named("Side", Scalar::U8, &[("Buy", 1), ("Sell", 2)], false);
    let kind =
        named("Kind", Scalar::I16, &[("Tick", -1), ("Bar", 300), ("AKindWithANameOfMoreThan31Letters", 0)], true);
    let array = |ty: Type, count| Type::Array(Box::new(ty), count);
    let text = |capacity, end| Type::Text(Text { capacity, end });
    let bits = |ty, shift, width| Type::Bits(Box::new(Bits { ty, shift, width }));
    let container = |container| Type::Container(Box::new(container));
    let structs = || Type::Struct(Arc::clone(&point));
    let mut everything = c_layout(
        "Everything",
        8,
        vec![
            ("u8", scalar(Scalar::U8)),
            ("u16", scalar(Scalar::U16)),
            ("u32", scalar(Scalar::U32)),
            ("u64", scalar(Scalar::U64)),
            ("i8", scalar(Scalar::I8)),
            ("i16", scalar(Scalar::I16)),
            ("i32", scalar(Scalar::I32)),
            ("i64", scalar(Scalar::I64)),
            ("bool", scalar(Scalar::Bool)),
            ("f32", scalar(Scalar::F32)),
            ("f64", scalar(Scalar::F64)),
            ("text", Type::text(5)),
            ("long_text", Type::text(40)),
            ("bytes", Type::Bytes(3)),
            ("numbers", array(scalar(Scalar::U16), 3)),
            ("matrix", array(array(scalar(Scalar::F32), 2), 2)),
            ("texts", array(Type::text(2), 2)),
            ("a_name_that_is_longer_than_most", structs()),
            ("points", array(structs(), 2)),
            ("side", Type::Enum(Arc::clone(&side))),
            ("sides", array(Type::Enum(Arc::clone(&side)), 2)),
            ("kind", Type::Enum(kind)),
            ("padded", text(6, TextEnd::Padded(b' '))),
            ("terminated", text(6, TextEnd::Terminated)),
            ("exact", text(3, TextEnd::Exact)),
            ("signed_bits", bits(scalar(Scalar::I16), 3, 5)),
            ("on_bit", bits(scalar(Scalar::Bool), 2, 1)),
            ("side_bits", bits(Type::Enum(side), 1, 2)),
            ("string", container(Container::String(Stack::Classic, 6))),
            ("vector", container(Container::Vector(Stack::Iceoryx2, structs(), 2))),
            ("maybe", container(Container::Optional(Stack::Classic, scalar(Scalar::U32)))),
            ("maybe_point", container(Container::Optional(Stack::Iceoryx2, structs()))),
            ("record_count", scalar(Scalar::I16)),
            ("record_bytes", scalar(Scalar::U16)),
            ("record_sum", scalar(Scalar::U8)),
            ("records", Type::Bytes(9)),
        ],
    );
    let (count, length, sum) = ("record_count".into(), "record_bytes".into(), "record_sum".into());
    let live = Live { records: Some(point), count: Some(count), length: Some(length), sum: Some(sum) };
    if let Some(records) = everything.fields.last_mut() {
        records.live = Some(Box::new(live));
    }
    Arc::new(everything)
}

/// An enum.
fn named(name: &str, repr: Scalar, values: &[(&str, i128)], open: bool) -> Arc<Enum> {
    let values = values.iter().map(|(name, value)| ((*name).into(), *value)).collect();
    Arc::new(Enum { name: name.into(), repr, values, open })
}

/// A layout whose fields are placed by C's rules.
fn c_layout(name: &str, align: usize, fields: Vec<(&str, Type)>) -> Layout {
    let mut end = 0_usize;
    let place = |(name, ty): (&str, Type)| {
        let offset = end.next_multiple_of(ty.align());
        end = offset + ty.size();
        Field::new(name, offset, ty)
    };
    let fields = fields.into_iter().map(place).collect();
    Layout { name: name.into(), size: end.next_multiple_of(align), align, fields }
}

/// Reads `bytes` as a MessagePack document of [`everything`].
///
/// # Panics
///
/// When a byte outside of the output was written, or an accepted document does not survive a round trip.
pub fn check(bytes: &[u8]) {
    check_with(&MSGPACK, bytes);
}

/// The same for JSON.
///
/// # Panics
///
/// When a byte outside of the output was written, or an accepted document does not survive a round trip.
pub fn check_json(bytes: &[u8]) {
    check_with(&JSON, bytes);
}

/// Takes `bytes` for a struct, whose truth values, enums, lengths and texts may hold anything.
///
/// # Panics
///
/// When a byte outside of the output was written, or an accepted struct does not survive a round trip.
pub fn check_struct(bytes: &[u8]) {
    for (decoder, encoder) in [&*MSGPACK, &*JSON] {
        let mut sample = vec![0; decoder.fixed_output().expect("a struct has one size")];
        sample.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
        let Ok(document) = guarded(encoder, &sample) else { continue };
        // Padding and what is not in use do not come back.
        let read = match guarded(decoder, &document) {
            // A string of classic can hold a NUL, but is never given one.
            Err(Reject::InvalidText) if document.contains(&0) || document.windows(6).any(|part| part == b"\\u0000") => {
                continue;
            }
            read => read.expect("what was written can be read"),
        };
        let again = guarded(encoder, &read).expect("and written again");
        assert_eq!(again, document, "a round trip changes nothing");
    }
}

fn check_with((decoder, encoder): &(Transcoder, Transcoder), bytes: &[u8]) {
    let Ok(sample) = guarded(decoder, bytes) else { return };
    let document = guarded(encoder, &sample).expect("what was read can be written");
    let again = guarded(decoder, &document).expect("what was written can be read");
    assert_eq!(again, sample, "a round trip changes nothing");
}

/// What a route does, into a chunk that holds old bytes and has guards around it.
///
/// # Errors
///
/// What the transcoder says.
///
/// # Panics
///
/// When a byte outside of the output was written, or the lengths contradict each other.
pub fn guarded(transcoder: &Transcoder, input: &[u8]) -> Result<Vec<u8>, Reject> {
    let len = transcoder.measure(Input::from(input))?;
    assert!(transcoder.fixed_output().is_none_or(|fixed| len == fixed), "{len} bytes are not the fixed length");
    assert!(transcoder.max_output().is_none_or(|max| len <= max), "{len} bytes are more than the announced maximum");
    let (result, output) = guarded_into(transcoder, Input::from(input), len);
    result.map(|()| output)
}

/// Runs into exactly `len` bytes, and looks at the guards.
///
/// # Panics
///
/// When a byte outside of the output was written.
pub fn guarded_into(transcoder: &Transcoder, input: Input<'_>, len: usize) -> (Result<(), Reject>, Vec<u8>) {
    const UNTOUCHED: u8 = 0xa5;
    const GUARD: usize = 64;
    let mut chunk = vec![UNTOUCHED; GUARD + len + GUARD];
    let result = transcoder.run(input, Output::from(&mut chunk[GUARD..GUARD + len]));
    let after = chunk.split_off(GUARD + len);
    let output = chunk.split_off(GUARD);
    assert!(chunk.iter().chain(&after).all(|byte| *byte == UNTOUCHED), "wrote outside of the output");
    (result, output)
}
