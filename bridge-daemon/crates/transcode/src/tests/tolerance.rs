//! Documents with fields that the layout has not, and without some that it has.

use proptest::prelude::*;
use rmpv::Value;

use super::sample::{Random, Sample, encoded, layouts, without_keys};
use super::*;

const IGNORE: Tolerance = Tolerance { on_unknown: OnUnknown::Ignore, on_missing: OnMissing::Reject, exact: false };
const ZERO: Tolerance = Tolerance { on_unknown: OnUnknown::Reject, on_missing: OnMissing::Zero, exact: false };
const BOTH: Tolerance = Tolerance { on_unknown: OnUnknown::Ignore, on_missing: OnMissing::Zero, exact: false };

fn tolerant(layout: &Arc<Layout>, tolerance: Tolerance) -> Transcoder {
    let document = FormatPlan::Msgpack(Shape::Map, tolerance);
    Transcoder::compile(&document, &FormatPlan::Struct(Arc::clone(layout))).expect("compiles")
}

/// Anything that MessagePack can hold, a few levels deep.
fn anything(random: &mut Random, depth: usize) -> Value {
    let some = |random: &mut Random| random.within(0..=if depth == 0 { 0 } else { 20 });
    let bytes = |random: &mut Random| (0..random.within(0..=300)).map(|_| random.next() as u8).collect();
    match random.within(0..=if depth == 0 { 7 } else { 9 }) {
        0 => Value::Nil,
        1 => Value::Boolean(true),
        2 => Value::from(random.next()),
        3 => Value::from(-((random.next() >> random.within(1..=63)) as i64)),
        4 => Value::F32(0.5),
        5 => Value::F64(-0.5),
        6 => Value::Binary(bytes(random)),
        7 => Value::Ext(-3, bytes(random)),
        8 => Value::Array((0..some(random)).map(|_| anything(random, depth - 1)).collect()),
        _ => {
            Value::Map((0..some(random)).map(|_| (anything(random, depth - 1), anything(random, depth - 1))).collect())
        }
    }
}

/// Puts unknown fields between those of all structs of a sample's value, which are its maps.
fn with_more(value: &Value, random: &mut Random) -> Value {
    match value {
        Value::Map(entries) => {
            let mut more = Vec::new();
            for (key, value) in entries {
                if random.within(0..=2) == 0 {
                    more.push((format!("UNKNOWN{}", random.within(0..=9)).into(), anything(random, 3)));
                }
                more.push((key.clone(), with_more(value, random)));
            }
            Value::Map(more)
        }
        Value::Array(elements) => Value::Array(elements.iter().map(|element| with_more(element, random)).collect()),
        other => other.clone(),
    }
}

/// `exact` is for those who would rather lose a sample than a digit. A double that the field holds is as good as ever, alone,
/// in an array and in a struct.
#[test]
fn doubles_are_rounded_unless_they_have_to_be_exact() {
    let pair = Type::Array(Box::new(scalar(Scalar::F32)), 2);
    let inner = layout("inner", 4, 4, &[("z", 0, scalar(Scalar::F32))]);
    let outer =
        layout("outer", 16, 4, &[("x", 0, scalar(Scalar::F32)), ("y", 4, pair), ("inner", 12, Type::Struct(inner))]);
    let document = |values: [f64; 4]| {
        let [x, y, more, z] = values.map(Value::F64);
        let inner = Value::Map(vec![("z".into(), z)]);
        let fields = [("x", x), ("y", Value::Array(vec![y, more])), ("inner", inner)];
        encoded(&Value::Map(fields.into_iter().map(|(key, value)| (key.into(), value)).collect()))
    };
    let floats = |values: [f64; 4]| values.map(|value| (value as f32).to_ne_bytes()).concat();
    let exact = Tolerance { exact: true, ..Tolerance::default() };
    let held = [0.5, -0.0, f64::INFINITY, 1e10_f32.into()];
    for tolerance in [exact, Tolerance::default()] {
        assert_eq!(transcode(&tolerant(&outer, tolerance), &document(held)), Ok(floats(held)));
    }
    for place in 0..4 {
        let mut rounded = held;
        rounded[place] = 0.1;
        assert_eq!(transcode(&tolerant(&outer, Tolerance::default()), &document(rounded)), Ok(floats(rounded)));
        assert_eq!(transcode(&tolerant(&outer, exact), &document(rounded)), Err(Reject::OutOfRange));
    }
}

proptest! {
    #[test]
    fn unknown_fields_are_passed_over(layout in layouts(), seed: u64) {
        let mut random = Random::new(seed);
        let sample = Sample::random(&layout, &mut random);
        let mut more = with_more(&sample.value, &mut random);
        if let Value::Map(entries) = &mut more {
            entries.push(("UNKNOWN".into(), anything(&mut random, 4)));
        }
        let document = encoded(&more);
        prop_assert_eq!(transcode(&tolerant(&layout, IGNORE), &document), Ok(sample.clean.clone()));
        prop_assert_eq!(transcode(&tolerant(&layout, BOTH), &document), Ok(sample.clean));
        prop_assert_eq!(transcode(&tolerant(&layout, ZERO), &document), Err(Reject::UnknownField));
        for len in (0..document.len()).step_by(1 + document.len() / 50) {
            prop_assert_eq!(transcode(&tolerant(&layout, BOTH), &document[..len]), Err(Reject::Truncated));
        }
    }

    #[test]
    fn an_empty_document_is_all_zero(layout in layouts()) {
        let zero_is_named = transcode(&tolerant(&layout, ZERO), b"\x80");
        let expected = if layout.fields.iter().all(|field| zero_is_fine(&field.ty)) {
            Ok(vec![0; layout.size])
        } else {
            Err(Reject::MissingField)
        };
        prop_assert_eq!(&zero_is_named, &expected);
        prop_assert_eq!(transcode(&tolerant(&layout, BOTH), b"\x90"), expected);
        let strict = if layout.fields.is_empty() { Ok(vec![0; layout.size]) } else { Err(Reject::MissingField) };
        prop_assert_eq!(transcode(&tolerant(&layout, IGNORE), b"\x80"), strict);
    }

    #[test]
    fn any_bytes_are_survived_by_the_tolerant(layout in layouts(), bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = transcode(&tolerant(&layout, BOTH), &bytes);
        let _ = transcode(&tolerant(&layout, BOTH), &[b"\x81\xa7UNKNOWN", bytes.as_slice()].concat());
    }
}

fn zero_is_fine(ty: &Type) -> bool {
    match ty {
        Type::Array(element, _) => zero_is_fine(element),
        Type::Struct(layout) => layout.fields.iter().all(|field| zero_is_fine(&field.ty)),
        Type::Enum(named) => named.open || named.values.iter().any(|(_, value)| *value == 0),
        _ => true,
    }
}

fn three() -> Arc<Layout> {
    let byte = || scalar(Scalar::U8);
    let inner = layout("Inner", 2, 1, &[("x", 0, byte()), ("y", 1, byte())]);
    layout("Three", 6, 1, &[("a", 0, byte()), ("b", 1, byte()), ("in", 3, Type::Struct(inner)), ("c", 5, byte())])
}

fn entry(key: &str, value: impl Into<Value>) -> (Value, Value) {
    (key.into(), value.into())
}

#[test]
fn missing_fields_are_zero_wherever_they_are_missing() {
    let read = |entries: Vec<_>| transcode(&tolerant(&three(), ZERO), &encoded(&Value::Map(entries)));
    let inner = |entries: Vec<_>| entry("in", Value::Map(entries));
    assert_eq!(read(vec![entry("a", 1), entry("c", 9)]), Ok(vec![1, 0, 0, 0, 0, 9]));
    assert_eq!(read(vec![entry("c", 9), entry("a", 1)]), Ok(vec![1, 0, 0, 0, 0, 9]));
    assert_eq!(read(vec![entry("a", 1), entry("b", 2), inner(vec![entry("y", 4)])]), Ok(vec![1, 2, 0, 0, 4, 0]));
    assert_eq!(read(vec![entry("a", 1), entry("a", 2)]), Err(Reject::DuplicateField));
    assert_eq!(read(vec![entry("a", 1), entry("d", 2)]), Err(Reject::UnknownField));
}

#[test]
fn arrays_may_lack_their_last_fields_or_have_more() {
    let value = |numbers: &[u8]| {
        let mut values: Vec<Value> = numbers.iter().map(|number| (*number).into()).collect();
        if values.len() > 2 {
            values.insert(2, vec![Value::from(7), 8.into()].into());
        }
        encoded(&Value::Array(values))
    };
    let three = three();
    for (tolerance, numbers, expected) in [
        (ZERO, &[1, 2][..], Ok(vec![1, 2, 0, 0, 0, 0])),
        (ZERO, &[1, 2, 3, 4], Err(Reject::ArrayLength)),
        (IGNORE, &[1, 2], Err(Reject::ArrayLength)),
        (IGNORE, &[1, 2, 3, 4, 5], Ok(vec![1, 2, 0, 7, 8, 3])),
        (BOTH, &[1], Ok(vec![1, 0, 0, 0, 0, 0])),
        (BOTH, &[1, 2, 3], Ok(vec![1, 2, 0, 7, 8, 3])),
    ] {
        assert_eq!(transcode(&tolerant(&three, tolerance), &value(numbers)), expected, "{tolerance:?} {numbers:?}");
    }
    // The elements of an array are no fields.
    let numbers = layout("Numbers", 2, 1, &[("v", 0, Type::Array(Box::new(scalar(Scalar::I8)), 2))]);
    let document = |count: usize| encoded(&Value::Map(vec![entry("v", vec![Value::from(1); count])]));
    assert_eq!(transcode(&tolerant(&numbers, BOTH), &document(1)), Err(Reject::ArrayLength));
    assert_eq!(transcode(&tolerant(&numbers, BOTH), &document(3)), Err(Reject::ArrayLength));
}

#[test]
fn deep_nesting_of_what_is_ignored_costs_nothing() {
    let layout = layout("One", 1, 1, &[("v", 0, scalar(Scalar::U8))]);
    let document = [b"\x82\xa1u", vec![0x91; 1_000_000].as_slice(), b"\xc0\xa1v\x07"].concat();
    assert_eq!(transcode(&tolerant(&layout, IGNORE), &document), Ok(vec![7]));
    for lie in
        [&b"\x82\xa1u\xdf\xff\xff\xff\xff"[..], b"\x82\xa1u\xc9\xff\xff\xff\xff\x01", b"\x82\xa1u\xc6\xff\xff\xff\xff"]
    {
        assert_eq!(transcode(&tolerant(&layout, IGNORE), lie), Err(Reject::Truncated));
    }
    assert_eq!(transcode(&tolerant(&layout, IGNORE), b"\x82\xa1u\xc1\xa1v\x07"), Err(Reject::WrongType));
    assert_eq!(transcode(&tolerant(&layout, IGNORE), b"\x82\x07\x01\xa1v\x07"), Ok(vec![7]));
}

#[test]
fn what_is_read_tolerantly_is_what_is_read_strictly() {
    let layout = crate::check::everything();
    for seed in 0..200 {
        let sample = Sample::random(&layout, &mut Random::new(seed));
        for value in [sample.value.clone(), without_keys(&sample.value)] {
            assert_eq!(transcode(&tolerant(&layout, BOTH), &encoded(&value)).as_ref(), Ok(&sample.clean));
        }
    }
}
