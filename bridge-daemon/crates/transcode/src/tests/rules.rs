//! Rules for fields, in every direction.

use serde::{Deserialize, Serialize};

use super::routes::{Route, end, route, turned};
use super::*;
use crate::format::DocumentPlan;
use crate::pair::PairError;
use crate::{CompileError, Pipeline};
use bridge_layout::tree::rules::{FieldRule, RuleProblem, inverse};
use bridge_layout::tree::{Constant, Scale};
use bridge_layout::{Bits, Container, Live, Stack, Text, TextEnd};

fn compile(from: FormatPlan, to: FormatPlan, fields: Vec<FieldRule>) -> Result<Pipeline, CompileError> {
    let (source, sink) = (end(from, DocumentPlan::default()), end(to, DocumentPlan::default()));
    Route { fields, ..route(source, sink) }.compile()
}

fn of(layout: &Arc<Layout>) -> FormatPlan {
    FormatPlan::Struct(Arc::clone(layout))
}

fn rule(path: &str) -> FieldRule {
    FieldRule { path: path.into(), ..FieldRule::default() }
}

fn from(path: &str, from: &str) -> FieldRule {
    FieldRule { from: Some(from.into()), ..rule(path) }
}

fn value(path: &str, value: Constant) -> FieldRule {
    FieldRule { value: Some(value), ..rule(path) }
}

fn scale(path: &str, numerator: i64, denominator: i64) -> FieldRule {
    FieldRule { scale: Some(Scale { numerator, denominator }), ..rule(path) }
}

fn map(path: &str, names: &[(&str, Constant)]) -> FieldRule {
    let names = names.iter().map(|(from, to)| ((*from).into(), to.clone())).collect();
    FieldRule { map: Some(names), ..rule(path) }
}

fn text(text: &str) -> Constant {
    Constant::Text(text.into())
}

/// 24 bytes: side u8@0, flag bit@1.0, level i3@1.1, price i32@4, at { x i16@8, y i16@10 }, legs u8[2]@12 as an array of
/// structs, note char[8]@16.
fn order() -> Arc<Layout> {
    let point = layout("Point", 4, 2, &[("x", 0, scalar(Scalar::I16)), ("y", 2, scalar(Scalar::I16))]);
    let leg = layout("Leg", 1, 1, &[("n", 0, scalar(Scalar::U8))]);
    let bits = |ty, shift, width| Type::Bits(Box::new(Bits { ty, shift, width }));
    layout(
        "Order",
        24,
        4,
        &[
            ("side", 0, named(Scalar::U8, &[("Buy", 1), ("Sell", 2)], false)),
            ("flag", 1, bits(scalar(Scalar::Bool), 0, 1)),
            ("level", 1, bits(scalar(Scalar::I8), 1, 3)),
            ("price", 4, scalar(Scalar::I32)),
            ("at", 8, Type::Struct(point)),
            ("legs", 12, Type::Array(Box::new(Type::Struct(leg)), 2)),
            ("note", 16, Type::text(8)),
        ],
    )
}

fn order_bytes(side: u8, bits: u8, price: i32) -> Vec<u8> {
    let mut bytes = vec![side, bits, 0, 0];
    bytes.extend(price.to_ne_bytes());
    bytes.extend([1_i16.to_ne_bytes(), (-2_i16).to_ne_bytes()].concat());
    bytes.extend([7, 8, 0, 0]);
    bytes.extend(*b"note\0\0\0\0");
    bytes
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Leg {
    number: u8,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Meta {
    x: i16,
    venue: String,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Document {
    direction: String,
    flag: bool,
    level: i8,
    price: f64,
    at: At,
    parts: Vec<Leg>,
    meta: Meta,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct At {
    y: i16,
}

fn shown_rules() -> Vec<FieldRule> {
    vec![
        FieldRule { from: Some("side".into()), ..map("direction", &[("Buy", text("B")), ("Sell", text("S"))]) },
        scale("price", 1, 100),
        from("parts", "legs"),
        from("parts.number", "legs.n"),
        from("meta.x", "at.x"),
        value("meta.venue", text("XSHG")),
        FieldRule { omit: true, ..rule("note") },
    ]
}

#[test]
fn documents_show_what_the_rules_say_and_are_read_by_those_of_the_way_back() {
    let document = Document {
        direction: "S".into(),
        flag: true,
        level: -2,
        price: 12.34,
        at: At { y: -2 },
        parts: vec![Leg { number: 7 }, Leg { number: 8 }],
        meta: Meta { x: 1, venue: "XSHG".into() },
    };
    let sample = order_bytes(2, 0b1101, 1234);
    let msgpack_named = rmp_serde::to_vec_named(&document).expect("is written");
    let json_text = serde_json::to_vec(&document).expect("is written");
    for (format, expected) in [(msgpack(Shape::Map), &msgpack_named), (json(), &json_text)] {
        let mut forth = compile(of(&order()), format.clone(), shown_rules()).expect("compiles");
        assert_eq!(turned(&mut forth, &sample).as_ref(), Ok(expected));
        assert_eq!(turned(&mut forth, &order_bytes(3, 0, 0)), Err(Reject::UnnamedValue));
        let ignore = Tolerance { on_unknown: OnUnknown::Ignore, ..Tolerance::default() };
        let source = match format {
            FormatPlan::Json(_) => FormatPlan::Json(ignore),
            _ => FormatPlan::Msgpack(Shape::Map, ignore),
        };
        let way_back: Vec<_> = shown_rules().into_iter().filter(|rule| !rule.omit).collect();
        let mut rules = inverse(&way_back).expect("can be turned round");
        rules.push(value("note", text("note")));
        let mut back = compile(source, of(&order()), rules).expect("compiles");
        assert_eq!(turned(&mut back, expected).as_ref(), Ok(&sample));
    }
}

#[test]
fn what_a_document_lacks_has_its_default() {
    let layout = layout("Two", 8, 4, &[("a", 0, scalar(Scalar::U32)), ("b", 4, scalar(Scalar::U32))]);
    let rules = vec![FieldRule { default: Some(Constant::Integer(9)), ..rule("b") }, value("a", Constant::Integer(3))];
    let mut reads = compile(msgpack(Shape::Map), of(&layout), rules).expect("compiles");
    let expected = [3_u32.to_ne_bytes(), 9_u32.to_ne_bytes()].concat();
    assert_eq!(turned(&mut reads, &[0x80]), Ok(expected));
    let named = [&[0x81, 0xa1, b'b', 5][..]].concat();
    assert_eq!(turned(&mut reads, &named), Ok([3_u32.to_ne_bytes(), 5_u32.to_ne_bytes()].concat()));
    assert_eq!(turned(&mut reads, &[0x81, 0xa1, b'a', 5]), Err(Reject::UnknownField), "it is a constant");
}

#[test]
fn structs_are_had_from_fields_of_other_names_places_and_units() {
    let sink = layout(
        "Sink",
        32,
        8,
        &[
            ("bid", 0, scalar(Scalar::F64)),
            ("ask", 8, scalar(Scalar::F64)),
            ("code", 16, scalar(Scalar::U16)),
            ("x", 18, scalar(Scalar::I32)),
            ("up", 24, scalar(Scalar::Bool)),
            ("kind", 25, named(Scalar::U8, &[("Low", 4), ("High", 5)], false)),
            ("venue", 26, Type::text(4)),
        ],
    );
    let rules = vec![
        FieldRule { from: Some("price".into()), ..scale("bid", 1, 100) },
        FieldRule { from: Some("price".into()), ..scale("ask", -1, 2) },
        FieldRule {
            from: Some("side".into()),
            ..map("code", &[("Buy", Constant::Integer(300)), ("Sell", Constant::Integer(400))])
        },
        from("x", "at.x"),
        from("up", "flag"),
        FieldRule { from: Some("level".into()), ..map("kind", &[("-2", text("Low")), ("3", text("High"))]) },
        value("venue", text("SH")),
    ];
    let mut converts = compile(of(&order()), of(&sink), rules.clone()).expect("compiles");
    let mut expected = vec![0; 32];
    expected[..8].copy_from_slice(&12.34_f64.to_ne_bytes());
    expected[8..16].copy_from_slice(&(-617.0_f64).to_ne_bytes());
    expected[16..18].copy_from_slice(&400_u16.to_ne_bytes());
    expected[18..22].copy_from_slice(&1_i32.to_ne_bytes());
    expected[24..30].copy_from_slice(&[1, 4, b'S', b'H', 0, 0]);
    assert_eq!(turned(&mut converts, &order_bytes(2, 0b1101, 1234)), Ok(expected));
    assert_eq!(turned(&mut converts, &order_bytes(2, 0b0011, 1)), Err(Reject::UnnamedValue), "level 1 is not mapped");
    assert!(inverse(&rules).is_err(), "bid and ask are from one field");
}

fn problems(from: FormatPlan, to: FormatPlan, rules: Vec<FieldRule>) -> RuleProblem {
    match compile(from, to, rules).expect_err("is wrong") {
        CompileError::Pair(PairError::Rule(error)) => error.problem,
        other => panic!("{other}"),
    }
}

#[test]
fn what_is_wrong_with_rules_is_found() {
    use RuleProblem as P;
    let (order, document) = (|| of(&order()), || msgpack(Shape::Map));
    let shown = |one: FieldRule| problems(order(), document(), vec![one]);
    let taken = |one: FieldRule| problems(document(), order(), vec![one]);
    let near = Some("price".into());
    assert!(matches!(shown(from("p", "pric")), P::NoField { near: found, .. } if found == near));
    assert!(matches!(shown(scale("prise", 1, 2)), P::NoField { near: found, .. } if found == near));
    assert!(matches!(taken(value("prise", Constant::Bool(true))), P::NoField { near: found, .. } if found == near));
    assert_eq!(shown(from("note", "price").tap(|rule| rule.omit = true)), P::Either("omit", "from"));
    assert_eq!(shown(from("flag.inner", "price")), P::NoPlace("flag.inner".into()));
    assert!(matches!(shown(from("n", "legs.n")), P::OtherList { .. }));
    assert!(matches!(shown(scale("note", 1, 2)), P::ScaleOf(_)));
    assert!(matches!(shown(scale("side", 1, 2)), P::ScaleOf(_)));
    assert!(matches!(shown(map("note", &[])), P::MapOf(_)));
    assert!(matches!(shown(map("side", &[("By", text("B"))])), P::NoName { .. }));
    assert!(matches!(shown(map("side", &[("Buy", Constant::Integer(1))])), P::NoWord(_)));
    assert!(matches!(taken(map("side", &[("B", text("By"))])), P::NoName { .. }));
    assert!(matches!(taken(map("price", &[("B", text("By"))])), P::NoInteger(_)));
    for wrong in [
        value("side", text("By")),
        value("side", Constant::Integer(9)),
        value("flag", Constant::Integer(1)),
        value("level", Constant::Integer(4)),
        value("price", Constant::Integer(1 << 31)),
        value("price", Constant::Float(1.5)),
        value("note", text("nine byte")),
        value("note", text("a\0b")),
        value("at", Constant::Integer(0)),
    ] {
        assert!(matches!(taken(wrong.clone()), P::ConstantOf { .. }), "{wrong:?}");
    }
    assert_eq!(taken(rule("note").tap(|rule| rule.omit = true)), P::OmitOfStruct);
    let default = |path: &str| rule(path).tap(|rule| rule.default = Some(Constant::Integer(1)));
    assert_eq!(shown(default("price")), P::DefaultOfStruct);
    assert_eq!(taken(default("level")), P::DefaultOfBits);
    assert_eq!(taken(from("level", "price")), P::Twice("price".into()));
    assert_eq!(taken(scale("price", 0, 1)), P::NoScale);
    assert_eq!(taken(scale("price", 1, 0)), P::NoScale);
    assert_eq!(shown(value(&"a.".repeat(1 << 20), text(""))), P::TooDeep(64));
    let many = (0..=1024).map(|index| value(&format!("f{index}"), text(""))).collect();
    assert_eq!(problems(order(), document(), many), P::TooMany(1024));
}

trait Tap: Sized {
    fn tap(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }
}

impl Tap for FieldRule {}

#[test]
fn live_parts_and_containers_go_into_others() {
    let classic_optional = |ty| Type::Container(Box::new(Container::Optional(Stack::Classic, ty)));
    let live = |count: &str| Some(Box::new(Live { count: Some(count.into()), ..Live::default() }));
    let told = |name: &str, at, ty, count: &str| Field { live: live(count), ..Field::new(name, at, ty) };
    let numbers = |scalar_type, count| Type::Array(Box::new(scalar(scalar_type)), count);
    let struct_of = |size, fields: Vec<Field>| Arc::new(Layout { name: "L".into(), size, align: 1, fields });
    let source = struct_of(
        24,
        vec![
            Field::new("n", 0, scalar(Scalar::U8)),
            told("list", 1, numbers(Scalar::U8, 4), "n"),
            Field::new("len", 5, scalar(Scalar::I8)),
            told("text", 6, Type::text(6), "len"),
            Field::new("maybe", 12, classic_optional(scalar(Scalar::U16))),
            Field::new("plain", 16, scalar(Scalar::U16)),
        ],
    );
    let string = Type::Container(Box::new(Container::String(Stack::Classic, 7)));
    let sink = struct_of(
        64,
        vec![
            told("list", 0, numbers(Scalar::U16, 3), "n"),
            Field::new("n", 6, scalar(Scalar::U16)),
            Field::new("text", 8, string),
            Field::new("maybe", 24, classic_optional(scalar(Scalar::U32))),
            Field::new("plain", 32, classic_optional(scalar(Scalar::U16))),
            Field::new("filled", 40, scalar(Scalar::U16)),
        ],
    );
    let rules = vec![from("filled", "maybe").tap(|rule| rule.default = Some(Constant::Integer(77)))];
    let mut converts = compile(of(&source), of(&sink), rules).expect("compiles");
    let sample = |count: u8, len: i8, flag: u8| {
        let mut bytes = vec![count, 1, 2, 3, 4, len as u8];
        bytes.extend(*b"ab\0def");
        bytes.extend([0x34, 0x12, flag, 0xff, 5, 0, 9, 9, 9, 9, 9, 9]);
        bytes
    };
    let expected = |list: &[u16], text: &[u8], maybe: Option<u32>| {
        let mut bytes = vec![0; 64];
        for (index, number) in list.iter().enumerate() {
            put(&mut bytes, 2 * index, &number.to_ne_bytes());
        }
        put(&mut bytes, 6, &(list.len() as u16).to_ne_bytes());
        put(&mut bytes, 8, text);
        put(&mut bytes, 16, &(text.len() as u64).to_ne_bytes());
        if let Some(maybe) = maybe {
            put(&mut bytes, 24, &maybe.to_ne_bytes());
            bytes[28] = 1;
        }
        put(&mut bytes, 32, &[5, 0, 1]);
        put(&mut bytes, 40, &maybe.map_or(77_u16, |maybe| maybe as u16).to_ne_bytes());
        bytes
    };
    let run = |pipeline: &mut Pipeline, count, len, flag| turned(pipeline, &sample(count, len, flag));
    assert_eq!(run(&mut converts, 2, 2, 1), Ok(expected(&[1, 2], b"ab", Some(0x1234))));
    assert_eq!(run(&mut converts, 0, -5, 0), Ok(expected(&[], b"", None)), "a negative length is none");
    assert_eq!(run(&mut converts, 3, 127, 0), Err(Reject::InvalidText), "its text holds a NUL");
    let mut whole = sample(3, 127, 0);
    whole[8] = b'c';
    assert_eq!(turned(&mut converts, &whole), Ok(expected(&[1, 2, 3], b"abcdef", None)), "no more than the room");
    assert_eq!(run(&mut converts, 4, 2, 1), Err(Reject::ArrayLength));
    assert_eq!(run(&mut converts, 1, 1, 2), Err(Reject::OutOfRange), "a flag is 0 or 1");
}

fn put(block: &mut [u8], at: usize, bytes: &[u8]) {
    block[at..at + bytes.len()].copy_from_slice(bytes);
}

#[test]
fn texts_of_every_end_become_texts_of_every_other() {
    let kind = |capacity, end| Type::Text(Text { capacity, end });
    let ends = [TextEnd::Nul, TextEnd::Terminated, TextEnd::Padded(b' '), TextEnd::Exact];
    let one = |ty: Type, at| layout("One", 12, 1, &[("v", at, ty)]);
    let written = |end, text: &[u8]| -> Result<Vec<u8>, Reject> {
        let pad = if let TextEnd::Padded(pad) = end { pad } else { 0 };
        let room = if end == TextEnd::Terminated { 5 } else { 6 };
        match text.len() {
            len if len > room => Err(Reject::TextTooLong),
            len if len < 6 && end == TextEnd::Exact => Err(Reject::TextTooShort),
            _ => Ok([&[0; 3][..], text, &vec![pad; 6 - text.len()], &[0; 3]].concat()),
        }
    };
    for from in ends {
        for to in ends {
            let (source, sink) = (one(kind(10, from), 1), one(kind(6, to), 3));
            let mut converts = compile(of(&source), of(&sink), Vec::new()).expect("compiles");
            for text in [&b""[..], b"a", b"abcde", b"abcdef", b"abcdefg", b"abcdefghi", b"abcdefghij"] {
                let pad = if let TextEnd::Padded(pad) = from { pad } else { 0 };
                let mut sample = [&[9][..], text, &vec![pad; 10 - text.len()], &[9]].concat();
                let full = text.len() == 10;
                let expected = match (from, to) {
                    (TextEnd::Terminated, _) if full => [Err(Reject::InvalidText), Err(Reject::TextTooLong)],
                    (TextEnd::Exact, TextEnd::Exact) => [Err(Reject::TextTooLong), Err(Reject::TextTooLong)],
                    (TextEnd::Exact, _) if !full => [Err(Reject::InvalidText), Err(Reject::TextTooLong)],
                    _ => [written(to, text), written(to, text)],
                };
                let found = turned(&mut converts, &sample);
                assert!(expected.contains(&found), "{from:?} to {to:?}, {text:?}: {found:?}");
                // What lies behind the end of a text does not arrive.
                if matches!(from, TextEnd::Nul | TextEnd::Terminated) && text.len() < 8 {
                    sample[text.len() + 3] = b'x';
                    assert_eq!(turned(&mut converts, &sample), found);
                }
            }
        }
    }
}

#[test]
fn documents_become_others_by_way_of_a_layout() {
    let point = || layout("Point", 8, 4, &[("x", 0, scalar(Scalar::I32)), ("y", 4, scalar(Scalar::I32))]);
    let plan = |source, sink, fields| Route { fields, ..route(source, sink) };
    let with = |layout| DocumentPlan { layout: Some(layout), ..DocumentPlan::default() };
    let without = DocumentPlan::default;
    let (map_of, array) = (|| msgpack(Shape::Map), || msgpack(Shape::Array));
    let named = vec![0x82, 0xa1, b'x', 1, 0xa1, b'y', 0xff];
    let json_text = br#"{"x":1,"y":-1}"#.to_vec();
    for (source, sink, sample, expected) in [
        (end(map_of(), with(point())), end(array(), without()), &named, vec![0x92, 1, 0xff]),
        (end(array(), without()), end(map_of(), with(point())), &vec![0x92, 1, 0xff], named.clone()),
        (end(map_of(), without()), end(json(), with(point())), &named, json_text.clone()),
        (end(json(), with(point())), end(map_of(), with(point())), &json_text, named.clone()),
        (end(map_of(), without()), end(json(), without()), &named, json_text.clone()),
        (end(json(), without()), end(map_of(), without()), &json_text, named.clone()),
    ] {
        let mut pipeline = plan(source, sink, Vec::new()).compile().expect("compiles");
        assert_eq!(turned(&mut pipeline, sample), Ok(expected.clone()));
        assert!(turned(&mut pipeline, &sample[..sample.len() - 1]).is_err());
        // A rejected document leaves nothing behind for the next one.
        assert_eq!(turned(&mut pipeline, sample), Ok(expected));
    }
    let rules = vec![from("across", "x"), scale("y", 1, 10)];
    let mut pipeline = plan(end(map_of(), with(point())), end(json(), without()), rules.clone()).compile();
    let found = turned(pipeline.as_mut().expect("compiles"), &named);
    assert_eq!(found, Ok(br#"{"across":1,"y":-0.1}"#.to_vec()));
    let refused = plan(end(map_of(), without()), end(json(), without()), rules).compile();
    assert_eq!(refused.expect_err("no layout"), CompileError::Pair(PairError::NoLayout));
}
