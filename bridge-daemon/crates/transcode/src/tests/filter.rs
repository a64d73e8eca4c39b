//! Which samples a route takes.

use serde_json::json;

use super::routes::{Route, end, route};
use super::*;
use crate::format::DocumentPlan;
use crate::{Condition, Filter, FilterError, Test};
use bridge_layout::tree::Constant;
use bridge_layout::{Bits, Container, Enum, Stack};

fn text(text: &str) -> Test {
    Test::Is(Constant::Text(text.into()))
}

fn integer(number: i128) -> Test {
    Test::Is(Constant::Integer(number))
}

fn within(min: Option<i128>, max: Option<i128>) -> Test {
    Test::Within(min.map(Constant::Integer), max.map(Constant::Integer))
}

fn compile(source: FormatPlan, sink: FormatPlan, conditions: &[(&str, Vec<Test>)]) -> Result<Filter, FilterError> {
    let filter = conditions.iter().map(|(path, any)| Condition { path: (*path).into(), any: any.clone() }).collect();
    let [source, sink] = [source, sink].map(|format| end(format, DocumentPlan::default()));
    let route = Route { filter, ..route(source, sink) };
    Ok(Filter::compile(&route.conversion())?.expect("it has conditions"))
}

/// A layout with a field of each kind that can be compared.
fn samples() -> Arc<Layout> {
    let kind = |open| {
        Type::Enum(Arc::new(Enum {
            name: "Kind".into(),
            repr: Scalar::U8,
            values: vec![("Tick".into(), 0), ("Trade".into(), 7)],
            open,
        }))
    };
    let optional = Type::Container(Box::new(Container::Optional(Stack::Classic, scalar(Scalar::U16))));
    let point = layout("Point", 8, 4, &[("x", 0, scalar(Scalar::I32)), ("y", 4, scalar(Scalar::F32))]);
    let bits = Type::Bits(Box::new(Bits { ty: scalar(Scalar::I8), shift: 2, width: 3 }));
    layout(
        "Sample",
        64,
        8,
        &[
            ("kind", 0, kind(false)),
            ("open", 1, kind(true)),
            ("live", 2, scalar(Scalar::Bool)),
            ("bits", 3, bits),
            ("maybe", 4, optional),
            ("point", 8, Type::Struct(point)),
            ("price", 16, scalar(Scalar::F64)),
            ("big", 24, scalar(Scalar::U64)),
            ("symbol", 32, Type::text(8)),
            ("raw", 40, Type::Bytes(4)),
        ],
    )
}

fn sample() -> Vec<u8> {
    let mut sample = vec![0; 64];
    sample[0] = 7;
    sample[1] = 200;
    sample[2] = 1;
    sample[3] = 0b1_1001;
    sample[4..6].copy_from_slice(&300_u16.to_ne_bytes());
    sample[6] = 1;
    sample[8..12].copy_from_slice(&(-5_i32).to_ne_bytes());
    sample[16..24].copy_from_slice(&2.5_f64.to_ne_bytes());
    sample[24..32].copy_from_slice(&u64::MAX.to_ne_bytes());
    sample[32..36].copy_from_slice(b"AAPL");
    sample
}

/// Conditions that the sample meets, and some that it does not.
fn conditions() -> Vec<(&'static str, Vec<Test>, bool)> {
    vec![
        ("kind", vec![text("Trade")], true),
        ("kind", vec![text("Tick")], false),
        ("kind", vec![text("Tick"), text("Trade")], true),
        ("kind", vec![integer(7)], true),
        ("kind", vec![within(None, Some(6))], false),
        ("open", vec![integer(200)], true),
        ("open", vec![text("Tick")], false),
        ("live", vec![Test::Is(Constant::Bool(true))], true),
        ("live", vec![Test::Is(Constant::Bool(false))], false),
        ("bits", vec![integer(-2)], true),
        ("bits", vec![integer(6)], false),
        ("maybe", vec![within(Some(300), Some(300))], true),
        ("maybe", vec![within(Some(301), None)], false),
        ("point.x", vec![within(Some(-5), None)], true),
        ("point.x", vec![within(None, Some(-6)), integer(5)], false),
        ("price", vec![within(Some(2), Some(3))], true),
        ("price", vec![within(Some(3), None)], false),
        ("price", vec![Test::Is(Constant::Float(2.5))], true),
        ("price", vec![Test::Within(Some(Constant::Float(2.25)), Some(Constant::Float(2.5)))], true),
        ("big", vec![integer(u64::MAX.into())], true),
        ("big", vec![Test::Is(Constant::Float(18_446_744_073_709_551_616.0))], false),
        ("symbol", vec![text("AAPL")], true),
        ("symbol", vec![text("AAP"), text("AAPLE"), text("")], false),
    ]
}

#[test]
fn samples_of_structs_and_of_documents_are_told_apart_alike() {
    let of = || FormatPlan::Struct(samples());
    let json_document =
        transcode(&Transcoder::compile(&of(), &json()).expect("compiles"), &sample()).expect("is written");
    for (path, any, expected) in conditions() {
        let conditions = [(path, any)];
        let mut filter = compile(of(), of(), &conditions).expect(path);
        assert_eq!(filter.takes(Input::from(sample().as_slice())), Ok(expected), "{conditions:?}");
        for shape in [Shape::Map, Shape::Array] {
            let document = transcode(&Transcoder::compile(&of(), &msgpack(shape)).expect("compiles"), &sample());
            let mut filter = compile(msgpack(shape), of(), &conditions).expect(path);
            assert_eq!(
                filter.takes(Input::from(document.expect("is written").as_slice())),
                Ok(expected),
                "{conditions:?}"
            );
        }
        let mut filter = compile(json(), of(), &conditions).expect(path);
        assert_eq!(filter.takes(Input::from(json_document.as_slice())), Ok(expected), "{conditions:?}");
    }
    // All of them have to be met.
    let both = [("kind", vec![text("Trade")]), ("live", vec![Test::Is(Constant::Bool(false))])];
    assert_eq!(compile(of(), of(), &both).expect("compiles").takes(Input::from(sample().as_slice())), Ok(false));
}

#[test]
fn what_cannot_be_told_is_not_taken() {
    let of = || FormatPlan::Struct(samples());
    let mut filter = compile(of(), of(), &[("kind", vec![text("Trade")])]).expect("compiles");
    let mut unnamed = sample();
    unnamed[0] = 3;
    assert_eq!(filter.takes(Input::from(unnamed.as_slice())), Ok(false));
    assert_eq!(filter.takes(Input::from(&unnamed[1..])), Err(Reject::SizeMismatch));
    let mut nothing = sample();
    nothing[6] = 0;
    let mut filter = compile(of(), of(), &[("maybe", vec![within(None, None)])]).expect("compiles");
    assert_eq!(filter.takes(Input::from(nothing.as_slice())), Ok(false), "there is no value");
    let mut filter = compile(of(), of(), &[("price", vec![within(None, Some(10))])]).expect("compiles");
    let mut nan = sample();
    nan[16..24].copy_from_slice(&f64::NAN.to_ne_bytes());
    assert_eq!(filter.takes(Input::from(nan.as_slice())), Ok(false));
}

/// Documents without a layout, and of other kinds than the stream's.
#[test]
fn documents_are_looked_into_before_they_are_read() {
    let wanted = [("head.kind", vec![text("Tick")]), ("n", vec![within(Some(3), None)])];
    for (document, expected) in [
        (json!({"head": {"kind": "Tick"}, "n": 3}), true),
        (json!({"n": 4.5, "more": [{"kind": 1}, null], "head": {"x": {"kind": 2}, "kind": "Tick"}}), true),
        (json!({"head": {"kind": "Tick"}, "n": 2}), false),
        (json!({"head": {"kind": "tick"}, "n": 3}), false),
        (json!({"head": {"kind": ["Tick"]}, "n": 3}), false),
        (json!({"head": "Tick", "n": 3}), false),
        (json!({"head": {"kind": "Tick"}, "n": "3"}), false),
        (json!({"head": {"kind": "Tick"}}), false),
        (json!({}), false),
        (json!(["Tick", 3]), false),
        (json!(null), false),
        (json!("Tick"), false),
    ] {
        let mut filter = compile(json(), json(), &wanted).expect("compiles");
        let text = document.to_string();
        assert_eq!(filter.takes(Input::from(text.as_bytes())), Ok(expected), "{text}");
        let mut filter = compile(msgpack(Shape::Map), msgpack(Shape::Map), &wanted).expect("compiles");
        let packed = rmp_serde::to_vec(&document).expect("writes");
        assert_eq!(filter.takes(Input::from(packed.as_slice())), Ok(expected), "{text}");
        // Of what is cut off, no more is known; nothing else becomes of it.
        for len in 0..packed.len() {
            let cut = filter.takes(Input::from(&packed[..len]));
            assert!(cut == Ok(expected) || cut == Ok(false) || cut == Err(Reject::Truncated), "{text}: {cut:?}");
        }
    }
    let mut filter = compile(json(), json(), &[("kind", vec![text("T\"\u{e9}")])]).expect("compiles");
    assert_eq!(filter.takes(Input::from(&br#" {"a" : 1 , "kind" : "T\"\u00e9"} "#[..])), Ok(true));
    assert_eq!(filter.takes(Input::from(&b"{\"kind\":\"T"[..])), Err(Reject::Truncated));
    assert_eq!(filter.takes(Input::from(&b"{kind}"[..])), Err(Reject::Malformed));
}

#[test]
fn what_can_never_be_is_refused() {
    let of = || FormatPlan::Struct(samples());
    let refused = |path: &'static str, test: Test| compile(of(), of(), &[(path, vec![test])]).expect_err("is refused");
    for (path, test, words) in [
        ("kind", text("Trad"), "`kind` is an enum, and never \"Trad\""),
        ("kind", integer(3), "`kind` is an enum without such a value, and never 3"),
        ("kind", Test::Is(Constant::Bool(true)), "`kind` is an enum, and never true"),
        ("live", integer(1), "`live` is true or false, and never 1"),
        ("price", text("2.5"), "`price` is a number, and never \"2.5\""),
        ("symbol", text("NINE CHAR"), "`symbol` is a shorter text, and never \"NINE CHAR\""),
        ("symbol", within(Some(1), None), "`symbol` is a text, and never 1 to "),
        ("raw", integer(1), "`raw` is no number, truth value, name or text"),
        ("point", integer(1), "`point` is no number, truth value, name or text"),
        ("point.z", integer(1), "there is no field `point.z` in the layout `Sample`"),
        ("maybe", text("x"), "`maybe` is a number, and never \"x\""),
    ] {
        assert_eq!(refused(path, test).to_string(), words);
    }
    assert_eq!(refused("kind", text("Trad")).help(), "it may be \"Trade\"");
    let raw = compile(FormatPlan::Raw, FormatPlan::Raw, &[("kind", vec![integer(1)])]);
    assert_eq!(raw.expect_err("is refused"), FilterError::NoFields);
    // The layout at the sink says what raw bytes are that are copied to it.
    assert!(compile(FormatPlan::Raw, of(), &[("kind", vec![integer(7)])]).is_ok());
    let unknown = [("unknown", vec![integer(1)])];
    assert!(matches!(compile(json(), of(), &unknown), Err(FilterError::Field(_))));
    let tolerance = Tolerance { on_unknown: OnUnknown::Ignore, ..Tolerance::default() };
    assert!(compile(FormatPlan::Json(tolerance), of(), &unknown).is_ok());
}
