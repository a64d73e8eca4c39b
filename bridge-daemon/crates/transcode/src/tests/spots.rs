//! Where a rejection says that a sample is at fault.

use serde_json::{Value as Json, json as document};

use super::*;
use bridge_layout::{Container, Enum, Stack};

fn order() -> Arc<Layout> {
    let kind = Type::Enum(Arc::new(Enum {
        name: "Kind".into(),
        repr: Scalar::U8,
        values: vec![("Tick".into(), 0), ("Trade".into(), 1)],
        open: false,
    }));
    let leg = layout("Leg", 8, 4, &[("live", 0, scalar(Scalar::Bool)), ("ratio", 4, scalar(Scalar::I32))]);
    let container = |container| Type::Container(Box::new(container));
    layout(
        "Order",
        80,
        8,
        &[
            ("id", 0, scalar(Scalar::U32)),
            ("kind", 4, kind),
            ("symbol", 8, Type::text(8)),
            ("legs", 16, Type::Array(Box::new(Type::Struct(Arc::clone(&leg))), 3)),
            ("flags", 40, Type::Array(Box::new(scalar(Scalar::Bool)), 4)),
            ("list", 48, container(Container::Vector(Stack::Classic, scalar(Scalar::U16), 3))),
            ("maybe", 64, container(Container::Optional(Stack::Classic, scalar(Scalar::Bool)))),
        ],
    )
}

fn fine() -> Json {
    document!({
        "id": 1, "kind": "Trade", "symbol": "abc",
        "legs": [{"live": true, "ratio": 1}, {"live": false, "ratio": -2}, {"live": true, "ratio": 3}],
        "flags": [true, false, true, false], "list": [1, 2], "maybe": true
    })
}

/// The reason, the field's path, and what stands in the document at the place that is told.
fn told(transcoder: &Transcoder, input: &[u8]) -> (&'static str, Option<String>, Option<String>) {
    let reject = transcode(transcoder, input).expect_err("is rejected");
    let spot = transcoder.locate(Input::from(input));
    assert_eq!(transcoder.locate(Input::from(&input[..0])).document, None, "it is told once");
    let near = spot.document.map(|at| String::from_utf8_lossy(&input[at..input.len().min(at + 4)]).into_owned());
    (reject.name(), spot.path(&order(), reject), near)
}

fn decoder(format: FormatPlan) -> Transcoder {
    Transcoder::compile(&format, &FormatPlan::Struct(order())).expect("compiles")
}

#[test]
fn a_document_that_is_not_accepted_is_at_fault_where_its_field_is() {
    let with = |pointer: &str, value: Json| {
        let mut document = fine();
        *document.pointer_mut(pointer).expect("it is there") = value;
        document
    };
    let mut more = fine();
    more["legs"][1]["zz"] = document!(1);
    let mut less = fine();
    less["legs"][2].as_object_mut().expect("a map").remove("live");
    for (faulty, reason, path, in_json, in_msgpack) in [
        (with("/id", document!(-1)), "out_of_range", Some("id"), Some("-1,\""), 0xff),
        (with("/kind", document!("Tic")), "unknown_name", Some("kind"), Some("\"Tic"), 0xa3),
        (with("/symbol", document!("123456789")), "text_too_long", Some("symbol"), Some("\"123"), 0xa9),
        (with("/legs/1/ratio", document!("x")), "wrong_type", Some("legs[1].ratio"), Some("\"x\"}"), 0xa1),
        (with("/flags/2", document!(7)), "wrong_type", Some("flags[2]"), Some("7,fa"), 7),
        (with("/list/1", document!(70000)), "out_of_range", Some("list[1]"), Some("7000"), 0xce),
        (with("/list", document!([1, 2, 3, 4])), "array_length", Some("list"), Some("[1,2"), 0x94),
        (with("/maybe", document!(3)), "wrong_type", Some("maybe"), Some("3,\"s"), 3),
        (more, "unknown_field", Some("legs[1]"), Some("\"zz\""), 0xa2),
        (less, "missing_field", Some("legs[2].live"), Some("{\"ra"), 0x81),
    ] {
        let text = faulty.to_string();
        let (why, field, near) = told(&decoder(json()), text.as_bytes());
        assert_eq!(why, reason, "{text}");
        let path = path.map(str::to_owned);
        assert_eq!((field, near.as_deref()), (path.clone(), in_json), "{text}");

        let packed = rmp_serde::to_vec(&faulty).expect("writes");
        let reject = transcode(&decoder(msgpack(Shape::Map)), &packed).expect_err("is rejected");
        let spot = decoder(msgpack(Shape::Map)).locate(Input::from(packed.as_slice()));
        assert_eq!(spot.path(&order(), reject), path, "{text}: {reject:?}");
        assert_eq!(spot.document.map(|at| packed[at]), Some(in_msgpack), "{text}: {reject:?}");
    }
    let text = fine().to_string() + " x";
    assert_eq!(told(&decoder(json()), text.as_bytes()), ("trailing_bytes", None, Some("x".into())));
}

#[test]
fn a_struct_that_cannot_be_shown_is_at_fault_in_its_field() {
    let sample = transcode(&decoder(json()), fine().to_string().as_bytes()).expect("is read");
    let wider = {
        let mut wider = (*order()).clone();
        wider.fields[0].ty = scalar(Scalar::U64);
        wider.fields[0].offset = 72;
        wider.fields.rotate_left(1);
        Arc::new(wider)
    };
    for format in [msgpack(Shape::Map), msgpack(Shape::Array), json(), FormatPlan::Struct(wider)] {
        let encoder = Transcoder::compile(&FormatPlan::Struct(order()), &format).expect("compiles");
        assert!(transcode(&encoder, &sample).is_ok());
        for (at, byte, path) in [(4, 9, "kind"), (24, 2, "legs[1].live"), (42, 2, "flags[2]"), (64, 2, "maybe")] {
            let mut faulty = sample.clone();
            faulty[at] = byte;
            let Err(reject) = transcode(&encoder, &faulty) else { continue };
            let spot = encoder.locate(Input::from(faulty.as_slice()));
            assert_eq!(spot.document, None);
            assert_eq!(spot.path(&order(), reject).as_deref(), Some(path), "{format:?}");
        }
    }
}

#[test]
fn a_document_without_a_layout_is_at_fault_where_it_stops() {
    let to_json = Transcoder::compile(&msgpack(Shape::Map), &json()).expect("compiles");
    let spot = |transcoder: &Transcoder, input: &[u8]| {
        transcode(transcoder, input).expect_err("is rejected");
        transcoder.locate(Input::from(input))
    };
    assert_eq!(spot(&to_json, b"\x92\x01\xc1"), Spot { field: None, document: Some(3) });
    let to_msgpack = Transcoder::compile(&json(), &msgpack(Shape::Map)).expect("compiles");
    assert_eq!(spot(&to_msgpack, b"[1, x]").document, Some(4));
}
