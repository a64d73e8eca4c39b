//! Pairs that copy, and pairs that cannot be compiled.

use super::*;
use crate::pair::PairError;
use crate::{CompileError, FieldProblem};

fn pair(name: &str, second: &str) -> Arc<Layout> {
    layout(name, 16, 8, &[("first", 0, scalar(Scalar::U32)), (second, 8, scalar(Scalar::F64))])
}

#[test]
fn raw_and_equal_formats_copy() {
    let one = FormatPlan::Struct(pair("One", "second"));
    let renamed = FormatPlan::Struct(pair("Other", "second"));
    let map = msgpack(Shape::Map);
    let sample: Vec<u8> = (0..16).collect();
    for (source, sink, size) in [
        (&FormatPlan::Raw, &FormatPlan::Raw, None),
        (&one, &one, Some(16)),
        (&one, &renamed, Some(16)),
        (&one, &FormatPlan::Raw, Some(16)),
        (&FormatPlan::Raw, &one, Some(16)),
        (&map, &map, None),
        (&json(), &json(), None),
    ] {
        let copy = Transcoder::compile(source, sink).expect("compiles");
        assert!(copy.is_copy());
        assert_eq!((copy.expected_input(), copy.fixed_output(), copy.max_output()), (size, size, size));
        assert_eq!(transcode(&copy, &sample).as_ref(), Ok(&sample));
        let shorter = transcode(&copy, &sample[..15]);
        assert_eq!(shorter, if size.is_some() { Err(Reject::SizeMismatch) } else { Ok(sample[..15].to_vec()) });
        assert_eq!(guarded_into(&copy, Input::from(sample.as_slice()), 15).0, Err(Reject::SizeMismatch));
        assert_eq!(transcode(&copy, &[]).is_ok(), size.is_none());
    }
}

#[test]
fn what_differs_is_refused_with_its_name() {
    let struct_of = |layout| FormatPlan::Struct(layout);
    let differ = Transcoder::compile(&struct_of(pair("One", "second")), &struct_of(pair("Two", "zweites")));
    let problem = "`zweites` is not there".into();
    assert_eq!(
        differ.expect_err("differ"),
        CompileError::LayoutsDiffer { from_layout: "One".into(), to_layout: "Two".into(), problem }
    );
    let shapes = Transcoder::compile(&msgpack(Shape::Map), &msgpack(Shape::Array));
    assert_eq!(shapes.expect_err("differ"), CompileError::Pair(PairError::Shapes));
    for (source, sink) in [(msgpack(Shape::Map), FormatPlan::Raw), (FormatPlan::Raw, json())] {
        let unknown = Transcoder::compile(&source, &sink);
        assert_eq!(unknown.expect_err("unknown"), CompileError::Pair(PairError::Raw));
    }
}

#[test]
fn layouts_that_contradict_themselves_are_refused() {
    let byte = || scalar(Scalar::U8);
    let nested = |inner: Arc<Layout>| layout("Outer", 8, 1, &[("inner", 0, Type::Struct(inner))]);
    let many: Vec<_> = (0..=1024).map(|index| format!("f{index}")).collect();
    let many: Vec<_> = many.iter().enumerate().map(|(index, name)| (name.as_str(), index, byte())).collect();
    let long = "n".repeat(256);
    let mut deep = byte();
    for _ in 0..80 {
        deep = Type::Array(Box::new(deep), 1);
    }
    for (layout, path, problem) in [
        (layout("L", 4, 4, &[("a", 1, scalar(Scalar::U32))]), "a", FieldProblem::Outside),
        (layout("L", 4, 4, &[("a", usize::MAX, byte())]), "a", FieldProblem::Outside),
        (
            layout("L", 4, 1, &[("a", 0, Type::Array(Box::new(scalar(Scalar::U64)), usize::MAX))]),
            "a",
            FieldProblem::Outside,
        ),
        (layout("L", 4, 1, &[("a", 0, byte()), ("b", 0, byte())]), "b", FieldProblem::Overlap),
        (nested(layout("I", 4, 1, &[("x", 2, byte()), ("y", 1, byte())])), "inner.y", FieldProblem::Overlap),
        (layout("L", 4, 1, &[("a", 0, byte()), ("a", 1, byte())]), "a", FieldProblem::DuplicateName),
        (layout("L", 4, 1, &[("a", 0, Type::text(0))]), "a", FieldProblem::Empty),
        (layout("L", 4, 1, &[("a", 0, Type::Array(Box::new(Type::Bytes(0)), 3))]), "a", FieldProblem::Empty),
        (nested(layout("I", 0, 1, &[])), "inner", FieldProblem::Empty),
        (layout("L", 2000, 1, &many), "f1024", FieldProblem::TooManyFields),
        (layout("L", 1, 1, &[("a", 0, deep)]), "a", FieldProblem::TooDeep),
        (layout("L", 8, 1, &[(long.as_str(), 0, byte())]), &long, FieldProblem::LongName),
        (layout("L", 8, 1, &[("a", 0, named(Scalar::U8, &[(&long, 1)], false))]), "a", FieldProblem::LongName),
        (layout("L", 8, 1, &[("a", 0, named(Scalar::F64, &[("A", 1)], false))]), "a", FieldProblem::Enum),
        (layout("L", 8, 1, &[("a", 0, named(Scalar::U8, &[("A", 256)], false))]), "a", FieldProblem::Enum),
        (layout("L", 8, 1, &[("a", 0, named(Scalar::U8, &[("A", -1)], true))]), "a", FieldProblem::Enum),
        (layout("L", 8, 1, &[("a", 0, named(Scalar::U8, &[("A", 1), ("B", 1)], false))]), "a", FieldProblem::Enum),
        (layout("L", 8, 1, &[("a", 0, named(Scalar::U8, &[("A", 1), ("A", 2)], false))]), "a", FieldProblem::Enum),
        (layout("L", 8, 1, &[("a", 0, named(Scalar::U8, &[], true))]), "a", FieldProblem::Enum),
    ] {
        let plan = FormatPlan::Struct(Arc::clone(&layout));
        let expected = CompileError::Field { layout: layout.name.clone(), field: path.into(), problem };
        let encode = Transcoder::compile(&plan, &msgpack(Shape::Map));
        assert_eq!(encode.expect_err("unsound"), expected);
        let decode = Transcoder::compile(&msgpack(Shape::Map), &plan);
        assert_eq!(decode.expect_err("unsound"), expected);
        assert_eq!(Transcoder::compile(&plan, &json()).expect_err("unsound"), expected);
        assert_eq!(Transcoder::compile(&json(), &plan).expect_err("unsound"), expected);
    }
    let empty = FormatPlan::Struct(layout("Empty", 0, 1, &[]));
    let refused = Transcoder::compile(&empty, &msgpack(Shape::Map)).expect_err("no bytes");
    assert_eq!(refused, CompileError::Size { layout: "Empty".into(), size: 0 });
}
