//! What a stream's rules make of a layout's tree: numbers in another unit, constants, defaults, bytes that are always the
//! same, and documents that are one field.

use super::*;
use crate::Output;
use crate::json::{Decoder, Encoder};
use bridge_layout::tree::{
    Absent, Cell, Constant, Extent, Kind, Leaf, List, Live, Meaning, Member, Scale, Slot, Struct,
};
use bridge_layout::tree::{Tree, Value};

fn tree(size: usize, kind: Kind) -> Tree {
    Tree { name: "Tree".into(), size, value: Value { at: 0, kind }, fixed: Vec::new() }
}

fn member(name: &str, at: usize, kind: Kind) -> Member {
    Member { name: name.into(), value: Value { at, kind }, default: None }
}

fn structure(members: Vec<Member>) -> Kind {
    Kind::Struct(Struct { members, fixed: Vec::new() })
}

fn scaled(scalar: Scalar, numerator: i64, denominator: i64) -> Kind {
    let meaning = Meaning::Scaled(Scale { numerator, denominator });
    Kind::Leaf(Arc::new(Leaf { cell: Cell::of(scalar), meaning }))
}

fn write(tree: &Tree, sample: &[u8]) -> Result<String, Reject> {
    let encoder = Encoder::compile(tree).expect("compiles");
    let len = encoder.measure(Input::from(sample))?;
    assert!(len <= encoder.max_output());
    let mut document = vec![0xa5; len];
    encoder
        .run(Input::from(sample), Output::from(document.as_mut_slice()))
        .expect("what can be measured can be written");
    Ok(String::from_utf8(document).expect("UTF-8"))
}

fn read(tree: &Tree, document: &str) -> Result<Vec<u8>, Reject> {
    read_tolerantly(tree, document, Tolerance::default())
}

fn read_tolerantly(tree: &Tree, document: &str, tolerance: Tolerance) -> Result<Vec<u8>, Reject> {
    let decoder = Decoder::compile(tree, tolerance);
    let mut sample = vec![0xa5; decoder.output_size()];
    decoder.run(Input::from(document.as_bytes()), Output::from(sample.as_mut_slice()))?;
    Ok(sample)
}

#[test]
fn numbers_in_another_unit_are_the_nearest() {
    let cents = tree(4, scaled(Scalar::I32, 1, 100));
    for (value, text) in [(0, "0.0"), (1, "0.01"), (-1999, "-19.99"), (i32::MAX, "21474836.47"), (300, "3.0")] {
        assert_eq!(write(&cents, &value.to_ne_bytes()).as_deref(), Ok(text));
        assert_eq!(read(&cents, text), Ok(value.to_ne_bytes().to_vec()), "{text}");
    }
    for (text, value) in [("3", 300), ("0.014", 1), ("0.016", 2), ("-1e-2", -1), ("2.0e1", 2000), ("-0", 0)] {
        assert_eq!(read(&cents, text), Ok(i32::to_ne_bytes(value).to_vec()), "{text}");
    }
    for text in ["21474836.48", "1e300", "-99999999999999999999", "18446744073709551615"] {
        assert_eq!(read(&cents, text), Err(Reject::OutOfRange), "{text}");
    }
    assert_eq!(read(&cents, "\"1\""), Err(Reject::WrongType));
    assert_eq!(read(&cents, "true"), Err(Reject::WrongType));
    let thousands = tree(8, scaled(Scalar::U64, 1000, 1));
    assert_eq!(write(&thousands, &7_u64.to_ne_bytes()).as_deref(), Ok("7000"));
    assert_eq!(write(&thousands, &u64::MAX.to_ne_bytes()), Err(Reject::OutOfRange));
    assert_eq!(read(&thousands, "7000"), Ok(7_u64.to_ne_bytes().to_vec()));
    assert_eq!(read(&thousands, "7499.0"), Ok(7_u64.to_ne_bytes().to_vec()));
    assert_eq!(read(&thousands, "99999999999999999999"), Ok(100_000_000_000_000_000_u64.to_ne_bytes().to_vec()));
    let halves = tree(4, scaled(Scalar::F32, 1, 2));
    assert_eq!(write(&halves, &3_f32.to_ne_bytes()).as_deref(), Ok("1.5"));
    assert_eq!(write(&halves, &f32::NAN.to_ne_bytes()), Err(Reject::NotFinite));
    assert_eq!(read(&halves, "-0.0"), Ok((-0.0_f32).to_ne_bytes().to_vec()));
    assert_eq!(read(&halves, "1e300"), Err(Reject::OutOfRange));
}

#[test]
fn constants_are_in_documents_that_are_written_and_not_in_those_that_are_read() {
    let constant = |name: &str, constant| member(name, 0, Kind::Constant(constant));
    let all = tree(
        2,
        structure(vec![
            constant("i", Constant::Integer(-7)),
            constant("u", Constant::Integer(u64::MAX.into())),
            member("x", 1, Kind::Scalar(Scalar::U8)),
            constant("f", Constant::Float(0.5)),
            constant("b", Constant::Bool(true)),
            constant("t", Constant::Text("a\"b".into())),
        ]),
    );
    let document = r#"{"i":-7,"u":18446744073709551615,"x":9,"f":0.5,"b":true,"t":"a\"b"}"#;
    assert_eq!(write(&all, &[1, 9]).as_deref(), Ok(document));
    assert_eq!(Encoder::compile(&all).expect("compiles").max_output(), document.len() + 2);
    assert_eq!(read(&all, "{\"x\":9}"), Ok(vec![0, 9]));
    assert_eq!(read(&all, "{\"x\":9,\"i\":-7}"), Err(Reject::UnknownField));
    assert!(Encoder::compile(&tree(1, Kind::Constant(Constant::Float(f64::NAN)))).is_err());
}

#[test]
fn defaults_and_fixed_bytes_are_written_whatever_the_endpoint_says() {
    let number = |name: &str, at| member(name, at, Kind::Scalar(Scalar::U8));
    let mut with_default = number("d", 1);
    with_default.default = Some(Absent { zero: vec![], write: vec![(1, Box::new([5]))], is_no_value: false });
    let inner = Kind::Struct(Struct { members: vec![number("y", 4)], fixed: vec![(5, Box::new([8]))] });
    let mut all = tree(8, structure(vec![number("x", 0), with_default, member("in", 4, inner)]));
    all.fixed = vec![(2, Box::new([6, 7]))];
    assert_eq!(read(&all, r#"{"x":1,"d":2,"in":{"y":3}}"#), Ok(vec![1, 2, 6, 7, 3, 8, 0, 0]));
    assert_eq!(read(&all, r#"{"in":{"y":3},"x":1}"#), Ok(vec![1, 5, 6, 7, 3, 8, 0, 0]));
    assert_eq!(read(&all, r#"{"x":1,"d":2}"#), Err(Reject::MissingField));
    let zero = Tolerance { on_missing: OnMissing::Zero, ..Tolerance::default() };
    assert_eq!(read_tolerantly(&all, "{}", zero), Ok(vec![0, 5, 6, 7, 0, 8, 0, 0]));
}

#[test]
fn a_document_may_be_any_value() {
    let live = Live { count: Some(Slot { at: 0, scalar: Scalar::U8, swapped: false }), ..Live::default() };
    let element = Value { at: 0, kind: structure(vec![member("x", 1, Kind::Scalar(Scalar::I8))]) };
    let list = |extent| Kind::List(List { element: Box::new(element.clone()), stride: 2, extent });
    let mut all = tree(8, list(Extent { capacity: 3, live: Some(live) }));
    all.value.at = 1;
    all.fixed = vec![(7, Box::new([4]))];
    assert_eq!(write(&all, &[2, 9, 1, 9, 2, 9, 3, 9]).as_deref(), Ok(r#"[{"x":1},{"x":2}]"#));
    assert_eq!(write(&all, &[0, 9, 1, 9, 2, 9, 3, 9]).as_deref(), Ok("[]"));
    assert_eq!(read(&all, r#"[{"x":-1}]"#), Ok(vec![1, 0, 0xff, 0, 0, 0, 0, 4]));
    assert_eq!(read(&all, " [] "), Ok(vec![0, 0, 0, 0, 0, 0, 0, 4]));
    assert_eq!(read(&all, "[] []"), Err(Reject::TrailingBytes));
    assert_eq!(read(&all, "{}"), Err(Reject::WrongType));
    let number = tree(2, Kind::Scalar(Scalar::I16));
    for (text, value) in [("-300", -300_i16), ("12", 12), ("0", 0), ("1.5e1", 15), ("10e0", 10), (" 7 ", 7), ("3.0", 3)]
    {
        assert_eq!(read(&number, text), Ok(value.to_ne_bytes().to_vec()), "{text}");
    }
    for text in ["", "-", "1.", "1e", "1e+"] {
        assert_eq!(read(&number, text), Err(Reject::Truncated), "{text}");
    }
    assert_eq!(read(&number, "12x"), Err(Reject::TrailingBytes));
    assert_eq!(read(&number, "01"), Err(Reject::Malformed));
}
