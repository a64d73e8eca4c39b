//! Trees that no layout alone has: another root, constants, defaults, fixed bytes and numbers in other units.

use rmpv::Value;

use super::super::sample::encoded;
use super::*;
use crate::Output;
use crate::msgpack::{Decoder, Encoder};
use bridge_layout::Bits;
use bridge_layout::tree::{self};
use bridge_layout::tree::{
    Absent, Cell, Constant, Extent, Kind, Leaf, List, Live, Meaning, Member, Scale, Slot, Span, Struct, Tree,
};

fn member(name: &str, at: usize, kind: Kind) -> Member {
    Member { name: name.into(), value: tree::Value { at, kind }, default: None }
}

fn tree_of(size: usize, members: Vec<Member>) -> Tree {
    let kind = Kind::Struct(Struct { members, fixed: Vec::new() });
    Tree { name: "Tree".into(), size, value: tree::Value { at: 0, kind }, fixed: Vec::new() }
}

fn byte(name: &str, at: usize) -> Member {
    member(name, at, Kind::Scalar(Scalar::U8))
}

fn written(tree: &Tree, sample: &[u8]) -> Result<Value, Reject> {
    let encoder = Encoder::compile(tree, Shape::Map).expect("compiles");
    let mut document = vec![0xa5; encoder.measure(Input::from(sample))?];
    assert!(document.len() <= encoder.max_output());
    encoder.run(Input::from(sample), Output::from(document.as_mut_slice()))?;
    Ok(rmpv::decode::read_value(&mut document.as_slice()).expect("MessagePack"))
}

fn read(tree: &Tree, value: impl Into<Value>) -> Result<Vec<u8>, Reject> {
    let mut sample = vec![0xa5; tree.size];
    let document = encoded(&value.into());
    let decoder = Decoder::compile(tree, Tolerance::default());
    decoder.run(Input::from(document.as_slice()), Output::from(sample.as_mut_slice()))?;
    Ok(sample)
}

fn map(entries: &[(&str, Value)]) -> Value {
    Value::Map(entries.iter().map(|(key, value)| ((*key).into(), value.clone())).collect())
}

#[test]
fn a_document_may_be_a_list() {
    let live = Live { count: Some(Slot { at: 0, scalar: Scalar::U16, swapped: false }), ..Live::default() };
    let element = Kind::Struct(Struct { members: vec![byte("a", 0), byte("b", 2)], fixed: Vec::new() });
    let list = List {
        element: Box::new(tree::Value { at: 0, kind: element }),
        stride: 4,
        extent: Extent { capacity: 3, live: Some(live) },
    };
    let tree = Tree { value: tree::Value { at: 4, kind: Kind::List(list) }, ..tree_of(17, Vec::new()) };
    let pair = |a: u8, b: u8| map(&[("a", a.into()), ("b", b.into())]);
    let sample = vec![2, 0, 0, 0, 1, 0, 2, 0, 3, 0, 4, 0, 0, 0, 0, 0, 0];
    assert_eq!(read(&tree, vec![pair(1, 2), pair(3, 4)]).as_ref(), Ok(&sample));
    assert_eq!(written(&tree, &sample), Ok(vec![pair(1, 2), pair(3, 4)].into()));
    assert_eq!(read(&tree, Vec::<Value>::new()), Ok(vec![0; 17]));
    assert_eq!(read(&tree, vec![pair(1, 2); 4]), Err(Reject::ArrayLength));
    assert_eq!(read(&tree, pair(1, 2)), Err(Reject::WrongType));
}

#[test]
fn a_document_may_be_a_number() {
    let tree = Tree { value: byte("", 1).value, ..tree_of(2, Vec::new()) };
    assert_eq!(read(&tree, 7), Ok(vec![0, 7]));
    assert_eq!(written(&tree, &[9, 7]), Ok(7.into()));
}

#[test]
fn constants_are_written_and_not_read() {
    let constants = [
        ("least", Constant::Integer(i64::MIN.into()), Value::from(i64::MIN)),
        ("most", Constant::Integer(u64::MAX.into()), u64::MAX.into()),
        ("float", Constant::Float(0.5), 0.5.into()),
        ("truth", Constant::Bool(true), true.into()),
        ("text", Constant::Text("venue".repeat(10)), "venue".repeat(10).into()),
    ];
    let mut members = vec![byte("a", 0)];
    members.extend(constants.iter().map(|(name, constant, _)| member(name, 0, Kind::Constant(constant.clone()))));
    members.push(byte("b", 1));
    let tree = tree_of(2, members);
    let mut entries = vec![("a", 1.into())];
    entries.extend(constants.iter().map(|(name, _, value)| (*name, value.clone())));
    entries.push(("b", 2.into()));
    assert_eq!(written(&tree, &[1, 2]), Ok(map(&entries)));
    assert_eq!(read(&tree, map(&entries)), Err(Reject::UnknownField));
    assert_eq!(read(&tree, map(&[("a", 1.into()), ("b", 2.into())])), Ok(vec![1, 2]));
    let beyond = tree_of(1, vec![member("c", 0, Kind::Constant(Constant::Integer(1 << 64)))]);
    assert!(Encoder::compile(&beyond, Shape::Map).is_err());
}

#[test]
fn defaults_stand_where_a_document_has_nothing() {
    let mut with_default = byte("b", 2);
    with_default.default = Some(Absent { write: vec![(2, Box::from([7]))], ..Absent::default() });
    let tree = tree_of(5, vec![byte("a", 0), with_default, byte("c", 4)]);
    let (a, b, c) = (("a", Value::from(1)), ("b", 2.into()), ("c", 3.into()));
    assert_eq!(read(&tree, map(&[a.clone(), b.clone(), c.clone()])), Ok(vec![1, 0, 2, 0, 3]));
    assert_eq!(read(&tree, map(&[a.clone(), c.clone()])), Ok(vec![1, 0, 7, 0, 3]));
    assert_eq!(read(&tree, map(&[c, a.clone()])), Ok(vec![1, 0, 7, 0, 3]));
    assert_eq!(read(&tree, map(&[a, b])), Err(Reject::MissingField));
    let last = |default: Option<Absent>| {
        let mut last = byte("b", 1);
        last.default = default;
        read(&tree_of(2, vec![byte("a", 0), last]), vec![Value::from(1)])
    };
    assert_eq!(last(Some(Absent { zero: vec![Span { at: 1, len: 1 }], ..Absent::default() })), Ok(vec![1, 0]));
    assert_eq!(last(None), Err(Reject::ArrayLength));
}

#[test]
fn the_default_of_a_bit_field_leaves_its_neighbours_alone() {
    let bits = |shift, width| Type::Bits(Box::new(Bits { ty: scalar(Scalar::U16), shift, width }));
    let mut tree = Tree::of(&layout("B", 2, 1, &[("a", 0, bits(0, 3)), ("b", 0, bits(3, 6))])).expect("sound");
    let Kind::Struct(root) = &mut tree.value.kind else { unreachable!("a layout is a struct") };
    root.members[0].default = Some(Absent { write: vec![(0, Box::from(5_u16.to_ne_bytes()))], ..Absent::default() });
    let expected = |number: u16| Ok(number.to_ne_bytes().to_vec());
    assert_eq!(read(&tree, map(&[("b", 33.into())])), expected(33 << 3 | 5));
    assert_eq!(read(&tree, map(&[("b", 33.into()), ("a", 2.into())])), expected(33 << 3 | 2));
}

#[test]
fn fixed_bytes_are_in_every_struct_and_every_element() {
    let inner = Struct { members: vec![byte("a", 0)], fixed: vec![(2, Box::from(*b"!?"))] };
    let live = Live { count: Some(Slot { at: 0, scalar: Scalar::U8, swapped: false }), ..Live::default() };
    let element = Box::new(tree::Value { at: 0, kind: Kind::Struct(inner) });
    let list = |live| Kind::List(List { element: element.clone(), stride: 4, extent: Extent { capacity: 2, live } });
    let a = |number: u8| map(&[("a", number.into())]);
    let mut tree = tree_of(11, vec![member("v", 2, list(Some(live)))]);
    tree.fixed = vec![(10, Box::from([9]))];
    assert_eq!(read(&tree, map(&[("v", vec![a(1)].into())])), Ok(b"\x01\0\x01\0!?\0\0\0\0\x09".to_vec()));
    tree = Tree { fixed: tree.fixed, ..tree_of(11, vec![member("v", 2, list(None))]) };
    assert_eq!(read(&tree, map(&[("v", vec![a(1), a(2)].into())])), Ok(b"\0\0\x01\0!?\x02\0!?\x09".to_vec()));
}

#[test]
fn numbers_in_other_units_are_floats_or_integers() {
    let scaled = |scalar, numerator, denominator| {
        let cell = Cell::of(scalar);
        let leaf = Leaf { cell, meaning: Meaning::Scaled(Scale { numerator, denominator }) };
        tree_of(scalar.size(), vec![member("v", 0, Kind::Leaf(Arc::new(leaf)))])
    };
    let v = |value: Value| map(&[("v", value)]);
    let cents = scaled(Scalar::I32, 1, 100);
    for (number, shown) in [(12_345_i32, 123.45), (-1, -0.01), (i32::MAX, 21_474_836.47), (0, 0.0)] {
        assert_eq!(written(&cents, &number.to_ne_bytes()), Ok(v(shown.into())));
        assert_eq!(read(&cents, v(shown.into())), Ok(number.to_ne_bytes().to_vec()));
    }
    assert_eq!(read(&cents, v(3.into())), Ok(300_i32.to_ne_bytes().to_vec()));
    assert_eq!(read(&cents, v(21_474_837.into())), Err(Reject::OutOfRange));
    assert_eq!(read(&cents, v("3".into())), Err(Reject::WrongType));
    let millis = scaled(Scalar::U64, 1000, 1);
    assert_eq!(written(&millis, &5_u64.to_ne_bytes()), Ok(v(5000.into())));
    assert_eq!(written(&millis, &u64::MAX.to_ne_bytes()), Err(Reject::OutOfRange));
    assert_eq!(read(&millis, v(5000.into())), Ok(5_u64.to_ne_bytes().to_vec()));
}
