//! Documents that are wrong, each with its reason; and bytes that are anything.

use proptest::prelude::*;
use rmpv::Value;

use super::sample::{Random, Sample, encoded, layouts};
use super::*;
use crate::check::{check, everything};

/// A document of [`everything`], as a value.
fn document(seed: u64) -> Value {
    Sample::random(&everything(), &mut Random::new(seed)).value
}

fn entries(value: &mut Value) -> &mut Vec<(Value, Value)> {
    match value {
        Value::Map(entries) => entries,
        other => panic!("not a map: {other}"),
    }
}

/// What becomes of a document of [`everything`] after a change.
fn changed(change: impl FnOnce(&mut Vec<(Value, Value)>)) -> Result<(), Reject> {
    let mut value = document(7);
    change(entries(&mut value));
    transcode(&decoder(&everything()), &encoded(&value)).map(drop)
}

/// What becomes of a document whose field `name` holds `value`.
fn with(name: &str, value: impl Into<Value>) -> Result<(), Reject> {
    changed(|entries| {
        let entry = entries.iter_mut().find(|(key, _)| key.as_str() == Some(name));
        entry.expect("a field").1 = value.into();
    })
}

#[test]
fn each_mistake_has_its_reason() {
    assert_eq!(changed(|_| {}), Ok(()));
    assert_eq!(changed(|entries| drop(entries.pop())), Err(Reject::MissingField));
    assert_eq!(changed(|entries| drop(entries.remove(0))), Err(Reject::MissingField));
    assert_eq!(changed(Vec::clear), Err(Reject::MissingField));
    assert_eq!(changed(|entries| entries.push(("more".into(), 1.into()))), Err(Reject::UnknownField));
    assert_eq!(changed(|entries| entries[3].0 = "U64".into()), Err(Reject::UnknownField));
    assert_eq!(changed(|entries| entries[3].0 = "u6".into()), Err(Reject::UnknownField));
    assert_eq!(changed(|entries| entries[3].0 = "u644".into()), Err(Reject::UnknownField));
    assert_eq!(changed(|entries| entries[3].0 = 3.into()), Err(Reject::WrongType));
    assert_eq!(changed(|entries| entries[3] = entries[2].clone()), Err(Reject::DuplicateField));
    assert_eq!(changed(|entries| entries.push(entries[0].clone())), Err(Reject::DuplicateField));

    assert_eq!(with("text", "12345"), Ok(()));
    assert_eq!(with("text", ""), Ok(()));
    assert_eq!(with("text", "123456"), Err(Reject::TextTooLong));
    assert_eq!(with("text", "1\u{0}3"), Err(Reject::InvalidText));
    assert_eq!(with("text", "1\u{0}"), Err(Reject::InvalidText));
    assert_eq!(with("text", Value::Binary(b"12".to_vec())), Err(Reject::WrongType));
    assert_eq!(with("text", Value::Nil), Err(Reject::WrongType));
    assert_eq!(with("long_text", "0123456789".repeat(4)), Ok(()));
    assert_eq!(with("long_text", "0123456789".repeat(4) + "0"), Err(Reject::TextTooLong));

    assert_eq!(with("bytes", Value::Binary(vec![1, 2, 3])), Ok(()));
    assert_eq!(with("bytes", Value::Binary(vec![1, 2])), Err(Reject::ArrayLength));
    assert_eq!(with("bytes", Value::Binary(vec![1, 2, 3, 4])), Err(Reject::ArrayLength));
    assert_eq!(with("bytes", Value::from(vec![Value::from(1), 2.into(), 255.into()])), Ok(()));
    assert_eq!(with("bytes", Value::from(vec![Value::from(1), 2.into(), 256.into()])), Err(Reject::OutOfRange));
    assert_eq!(with("bytes", Value::from(vec![Value::from(1)])), Err(Reject::ArrayLength));
    assert_eq!(with("bytes", "123"), Err(Reject::WrongType));
    assert_eq!(with("bytes", Value::Ext(1, vec![1, 2, 3])), Err(Reject::WrongType));

    assert_eq!(with("numbers", Value::from(vec![Value::from(1), 2.into()])), Err(Reject::ArrayLength));
    assert_eq!(with("numbers", Value::from(vec![Value::from(1), 2.into(), "3".into()])), Err(Reject::WrongType));
    assert_eq!(with("numbers", Value::Binary(vec![1, 2, 3])), Err(Reject::WrongType));
    assert_eq!(with("matrix", Value::from(vec![Value::from(1), 2.into()])), Err(Reject::WrongType));
    assert_eq!(with("points", Value::from(vec![Value::Nil, Value::Nil])), Err(Reject::WrongType));
    assert_eq!(with("points", Value::Map(vec![])), Err(Reject::WrongType));
    let point = |entries: Vec<(&str, Value)>| {
        let entries = entries.into_iter().map(|(key, value)| (key.into(), value)).collect();
        with("a_name_that_is_longer_than_most", Value::Map(entries))
    };
    assert_eq!(point(vec![("x", 1.into()), ("on", true.into())]), Ok(()));
    assert_eq!(point(vec![("on", true.into()), ("x", 1.into())]), Ok(()));
    assert_eq!(point(vec![("on", true.into())]), Err(Reject::MissingField));
    assert_eq!(point(vec![("x", 1.into()), ("x", 1.into())]), Err(Reject::DuplicateField));
    assert_eq!(with("a_name_that_is_longer_than_most", Value::from(vec![Value::from(1)])), Err(Reject::ArrayLength));
}

#[test]
fn texts_that_are_not_utf8_are_rejected_both_ways() {
    let layout = layout("Texts", 48, 1, &[("short", 0, Type::text(8)), ("long", 8, Type::text(40))]);
    let encoder = encoder(&layout, Shape::Map);
    for at in [0, 7, 8, 15, 47] {
        let mut sample = vec![b'a'; 48];
        assert!(transcode(&encoder, &sample).is_ok());
        sample[at] = 0xff;
        let input = Input::from(sample.as_slice());
        assert_eq!(encoder.measure(input), Err(Reject::InvalidText));
        assert_eq!(guarded_into(&encoder, input, 48 + 15).0, Err(Reject::InvalidText));
        sample[at] = 0xc3;
        assert_eq!(transcode(&encoder, &sample), Err(Reject::InvalidText), "a text must not end in a character");
        let document = [b"\x82\xa5short\xa8", &sample[..8], b"\xa4long\xd9\x28", &sample[8..]].concat();
        assert_eq!(transcode(&decoder(&layout), &document), Err(Reject::InvalidText));
    }
}

#[test]
fn a_bool_is_0_or_1() {
    let layout = layout("Flag", 2, 1, &[("flag", 1, scalar(Scalar::Bool))]);
    let encoder = encoder(&layout, Shape::Array);
    assert_eq!(encoder.fixed_output(), Some(2));
    assert_eq!(transcode(&encoder, &[9, 0]), Ok(vec![0x91, 0xc2]));
    assert_eq!(transcode(&encoder, &[9, 1]), Ok(vec![0x91, 0xc3]));
    for byte in 2..=255 {
        assert_eq!(transcode(&encoder, &[0, byte]), Err(Reject::OutOfRange));
        assert_eq!(guarded_into(&encoder, Input::from([0, byte].as_slice()), 2).0, Err(Reject::OutOfRange));
    }
}

#[test]
fn lengths_that_promise_more_than_there_is_are_truncated() {
    let layout = layout("One", 4, 1, &[("v", 0, Type::text(4))]);
    let decoder = decoder(&layout);
    for (document, reason) in [
        (&b""[..], Reject::Truncated),
        (b"\xdf", Reject::Truncated),
        (b"\xdf\xff\xff\xff\xff", Reject::Truncated),
        (b"\xdd\xff\xff\xff\xff", Reject::ArrayLength),
        (b"\x81\xdb\xff\xff\xff\xff", Reject::Truncated),
        (b"\x81\xa1v\xdb\xff\xff\xff\xff", Reject::TextTooLong),
        (b"\x81\xa1v\xa4123", Reject::Truncated),
        (b"\xdf\xff\xff\xff\xff\xa1v\xa1a\xa1v\xa1a", Reject::DuplicateField),
        (b"\xc1", Reject::WrongType),
        (b"\x81\xa1v\xa11\xc0", Reject::TrailingBytes),
    ] {
        assert_eq!(transcode(&decoder, document), Err(reason), "{document:02x?}");
    }
}

/// Whether two values mean the same in a layout with these enums: `found` was written by the bridge, `given` by anybody.
fn equivalent(enums: &[Arc<Enum>], given: &Value, found: &Value) -> bool {
    let same = |given: &Value, found: &Value| equivalent(enums, given, found);
    match (given, found) {
        (Value::Map(given), Value::Map(found)) => {
            let has = |(key, value): &(Value, Value)| given.iter().any(|(k, v)| k == key && same(v, value));
            given.len() == found.len() && found.iter().all(has)
        }
        (Value::Array(given), Value::Map(found)) => {
            given.len() == found.len() && given.iter().zip(found).all(|(given, (_, found))| same(given, found))
        }
        (Value::Array(given), Value::Array(found)) => {
            given.len() == found.len() && given.iter().zip(found).all(|(given, found)| same(given, found))
        }
        (Value::Array(given), Value::Binary(found)) => {
            given.len() == found.len()
                && given.iter().zip(found).all(|(given, found)| same(given, &Value::from(*found)))
        }
        (Value::Integer(_) | Value::F32(_) | Value::F64(_), Value::String(name)) => {
            let is_named = |(other, value): &(String, i128)| {
                name.as_str() == Some(other)
                    && same(given, &i64::try_from(*value).map_or_else(|_| (*value as u64).into(), Value::from))
            };
            enums.iter().any(|named| named.values.iter().any(is_named))
        }
        (Value::Integer(_) | Value::F32(_) | Value::F64(_), Value::Integer(_) | Value::F32(_) | Value::F64(_)) => {
            match (given.as_i64(), found.as_i64(), given.as_u64(), found.as_u64()) {
                (Some(given), Some(found), ..) => given == found,
                (.., Some(given), Some(found)) => given == found,
                // A double is rounded where the field has fewer digits.
                _ if matches!((given, found), (Value::F64(given), Value::F32(found)) if *given as f32 == *found) => {
                    true
                }
                _ => {
                    let (given, found) = (given.as_f64().expect("a number"), found.as_f64().expect("a number"));
                    given == found || given.is_nan() && found.is_nan()
                }
            }
        }
        // Padding is no part of a text.
        (Value::String(given), Value::String(found)) => match (given.as_str(), found.as_str()) {
            (Some(given), Some(found)) => given.trim_end_matches(' ') == found.trim_end_matches(' '),
            _ => false,
        },
        (given, found) => given == found,
    }
}

fn enums_of(layout: &Layout, enums: &mut Vec<Arc<Enum>>) {
    for field in &layout.fields {
        let mut ty = &field.ty;
        while let Type::Array(element, _) = ty {
            ty = element;
        }
        match ty {
            Type::Struct(inner) => enums_of(inner, enums),
            Type::Enum(named) => enums.push(Arc::clone(named)),
            Type::Bits(bits) => {
                if let Type::Enum(named) = &bits.ty {
                    enums.push(Arc::clone(named));
                }
            }
            _ => {}
        }
    }
}

/// If `document` is accepted, what came of it must mean what `document` means.
fn accepted_means_the_same(layout: &Arc<Layout>, document: &[u8]) -> bool {
    let Ok(sample) = transcode(&decoder(layout), document) else { return false };
    let written = transcode(&encoder(layout, Shape::Map), &sample).expect("what was read can be written");
    let mut rest = document;
    let given = rmpv::decode::read_value(&mut rest).expect("what was read is MessagePack");
    assert!(rest.is_empty(), "what was read is all of it");
    let found = rmpv::decode::read_value(&mut written.as_slice()).expect("what was written is MessagePack");
    let mut enums = Vec::new();
    enums_of(layout, &mut enums);
    assert!(equivalent(&enums, &given, &found), "{given}\nbecame\n{found}");
    true
}

#[test]
fn every_mutation_of_every_byte_is_rejected_or_understood() {
    let layout = everything();
    let original = encoded(&document(3));
    let mut accepted = 0;
    for at in 0..original.len() {
        for byte in 0..=255 {
            let mut document = original.clone();
            document[at] = byte;
            check(&document);
            accepted += usize::from(accepted_means_the_same(&layout, &document));
        }
    }
    assert!(accepted > original.len(), "only {accepted} were accepted");
}

proptest! {
    #[test]
    fn every_prefix_is_truncated(seed: u64) {
        let decoder = decoder(&everything());
        let mut document = encoded(&document(seed));
        prop_assert!(transcode(&decoder, &document).is_ok());
        for len in 0..document.len() {
            prop_assert_eq!(transcode(&decoder, &document[..len]), Err(Reject::Truncated));
        }
        document.push(0);
        prop_assert_eq!(transcode(&decoder, &document), Err(Reject::TrailingBytes));
    }

    #[test]
    fn mutated_documents_of_random_layouts_are_rejected_or_understood(
        layout in layouts(), seed: u64, cuts in proptest::collection::vec((any::<u32>(), any::<u8>()), 1..4)
    ) {
        let mut document = encoded(&Sample::random(&layout, &mut Random::new(seed)).value);
        for (at, byte) in cuts {
            let at = at as usize % document.len();
            document[at] = byte;
        }
        accepted_means_the_same(&layout, &document);
    }

    #[test]
    fn any_bytes_are_survived(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        check(&bytes);
    }
}
