//! Documents that are wrong, each with its reason; and bytes that are anything.

use proptest::prelude::*;

use super::*;

#[test]
fn each_mistake_in_json_has_its_reason() {
    for (text, reason) in [
        ("", Reject::Truncated),
        (" \n", Reject::Truncated),
        ("[1", Reject::Truncated),
        ("[1,", Reject::Truncated),
        ("{\"a\"", Reject::Truncated),
        ("\"a", Reject::Truncated),
        ("1.", Reject::Truncated),
        ("-", Reject::Truncated),
        ("tru", Reject::Truncated),
        ("1 1", Reject::TrailingBytes),
        ("[]]", Reject::TrailingBytes),
        ("null,", Reject::TrailingBytes),
        ("01", Reject::Malformed),
        ("1.a", Reject::Malformed),
        ("[1 2]", Reject::Malformed),
        ("[1,]", Reject::Malformed),
        ("[,]", Reject::Malformed),
        ("[1}", Reject::Malformed),
        ("{\"a\":1]", Reject::Malformed),
        ("{\"a\"}", Reject::Malformed),
        ("{\"a\":1,}", Reject::Malformed),
        ("{a:1}", Reject::Malformed),
        ("{1:1}", Reject::Malformed),
        ("nul1", Reject::Malformed),
        ("'a'", Reject::Malformed),
        ("\"\t\"", Reject::Malformed),
        ("\"\\x\"", Reject::Malformed),
        ("\u{feff}1", Reject::Malformed),
        ("NaN", Reject::Malformed),
        ("\"\\ud800\"", Reject::InvalidText),
        ("{\"\\udc00\":1}", Reject::InvalidText),
        ("1e999", Reject::OutOfRange),
        ("[1e999", Reject::OutOfRange),
    ] {
        assert_eq!(to_msgpack(text), Err(reason), "{text}");
        assert_eq!(understood(text.as_bytes()), None, "{text}");
    }
    assert_eq!(transcode(TO_MSGPACK, b"\"\xff\""), Err(Reject::InvalidText));
    assert_eq!(transcode(TO_MSGPACK, b"1\0"), Err(Reject::TrailingBytes));
}

#[test]
fn each_mistake_in_msgpack_has_its_reason() {
    for (document, reason) in [
        (&[][..], Reject::Truncated),
        (&[0x91], Reject::Truncated),
        (&[0x81, 0xa1, b'a'], Reject::Truncated),
        (&[0xa2, b'a'], Reject::Truncated),
        (&[0xdb, 0xff, 0xff, 0xff, 0xff, b'a'], Reject::Truncated),
        (&[0xc6, 0xff, 0xff, 0xff, 0xff], Reject::Truncated),
        (&[0xdd, 0xff, 0xff, 0xff, 0xff, 1, 2], Reject::Truncated),
        (&[0xdf, 0xff, 0xff, 0xff, 0xff, 0xa0, 2], Reject::Truncated),
        (&[0xcf, 1, 2, 3], Reject::Truncated),
        (&[0xd9], Reject::Truncated),
        (&[0x01, 0x01], Reject::TrailingBytes),
        (&[0x90, 0xc0], Reject::TrailingBytes),
        (&[0x81, 0x01, 0x01], Reject::WrongType),
        (&[0x81, 0xc4, 0x00, 0x01], Reject::WrongType),
        (&[0x81, 0x80, 0x01], Reject::WrongType),
        (&[0xc1], Reject::WrongType),
        (&[0xd4, 1, 2], Reject::WrongType),
        (&[0xd6, 0xff, 0, 0, 0, 0], Reject::WrongType),
        (&[0x91, 0xc7, 0, 1], Reject::WrongType),
        (&[0xa1, 0xff], Reject::InvalidText),
        (&[0x81, 0xa2, 0xed, 0xa0, 0x01], Reject::InvalidText),
        (&[0xca, 0x7f, 0x80, 0, 0], Reject::NotFinite),
        (&[0xcb, 0xff, 0xf8, 0, 0, 0, 0, 0, 0], Reject::NotFinite),
    ] {
        assert_eq!(to_json(document), Err(reason), "{document:02x?}");
    }
}

#[test]
fn documents_nest_128_levels_deep() {
    let json = |levels: usize| format!("{}1{}", "[".repeat(levels), "]".repeat(levels));
    let mixed = |levels: usize| format!("{}1{}", "{\"\":[".repeat(levels / 2), "]}".repeat(levels / 2));
    for text in [json(128), mixed(128)] {
        let document = to_msgpack(&text).expect("is written");
        assert_eq!(to_json(&document), Ok(text));
    }
    assert_eq!(to_msgpack(&json(129)), Err(Reject::TooDeep));
    assert_eq!(to_msgpack(&mixed(130)), Err(Reject::TooDeep));
    assert_eq!(to_msgpack(&"[".repeat(1_000_000)), Err(Reject::TooDeep));
    assert_eq!(to_json(&[[0x91; 129].as_slice(), &[0xc0]].concat()), Err(Reject::TooDeep));
    assert_eq!(to_json(&[0x91; 1_000_000]), Err(Reject::TooDeep));
    assert_eq!(to_json(&[0x81, 0xa0].repeat(129)), Err(Reject::TooDeep));
    assert_eq!(to_json(&[0x81, 0xa0].repeat(128)), Err(Reject::Truncated));
}

/// Whether JSON has words for it.
fn can_be_said(value: &Value) -> bool {
    match value {
        Value::F32(float) => float.is_finite(),
        Value::F64(float) => float.is_finite(),
        Value::String(text) => text.as_str().is_some(),
        Value::Array(elements) => elements.iter().all(can_be_said),
        Value::Map(entries) => entries.iter().all(|(key, value)| key.as_str().is_some() && can_be_said(value)),
        Value::Ext(..) => false,
        _ => true,
    }
}

/// Whether both are the same but for the last digits of floats, in which serde_json is not exact, and for keys that are
/// there twice, of which it keeps the last.
fn equivalent(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::F64(one), Value::F64(other)) => (one - other).abs() <= 1e-15 * one.abs(),
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| equivalent(one, other))
        }
        (Value::Map(ours), Value::Map(theirs)) => theirs.iter().all(|(key, theirs)| {
            ours.iter().rev().find(|(ours, _)| ours == key).is_some_and(|(_, ours)| equivalent(ours, theirs))
        }),
        (one, other) => one == other,
    }
}

/// JSON is judged, and understood, as serde_json does.
fn check_json(text: &[u8]) {
    let found = transcode(TO_MSGPACK, text);
    let expected = understood(text);
    assert_eq!(found.is_ok(), expected.is_some(), "{found:02x?}: {}", String::from_utf8_lossy(text));
    let (Ok(document), Some(expected)) = (found, expected) else { return };
    let value = decoded(&document).expect("what was written is MessagePack");
    assert_eq!(encoded(&value), document, "in the shortest form");
    assert!(equivalent(&value, &expected), "{value}\ninstead of\n{expected}");
}

/// MessagePack is judged as rmpv does.
fn check_msgpack(document: &[u8]) {
    // Of a marker that has no meaning rmpv makes nil.
    if document.contains(&0xc1) {
        let _ = transcode(TO_JSON, document);
        return;
    }
    let found = to_json(document);
    let expected = decoded(document).filter(can_be_said);
    assert_eq!(found.is_ok(), expected.is_some(), "{found:?}: {document:02x?}");
    let (Ok(text), Some(expected)) = (found, expected) else { return };
    assert_eq!(Some(&text), super::super::json::document(&expected).as_ref());
}

const TEXT: &str =
    r#" {"a" : [1,-2.5e3,"\u00e9\n\ud83d\ude00x",true,{}],"b":{"":[[],[null,18446744073709551615]]},"a":0} "#;

#[test]
fn every_mutation_of_every_byte_is_judged_as_others_do() {
    let document = to_msgpack(TEXT).expect("is written");
    for at in 0..TEXT.len() {
        for byte in 0..=255 {
            let mut text = TEXT.as_bytes().to_vec();
            text[at] = byte;
            check_json(&text);
        }
    }
    for at in 0..document.len() {
        for byte in 0..=255 {
            let mut document = document.clone();
            document[at] = byte;
            check_msgpack(&document);
        }
    }
}

#[test]
fn every_prefix_is_truncated() {
    let document = to_msgpack(TEXT).expect("is written");
    for len in 0..document.len() {
        assert_eq!(to_json(&document[..len]), Err(Reject::Truncated), "{len}");
    }
    for len in 0..TEXT.len() - 1 {
        assert_eq!(transcode(TO_MSGPACK, &TEXT.as_bytes()[..len]), Err(Reject::Truncated), "{len}");
    }
}

proptest! {
    #[test]
    fn any_bytes_are_survived(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        check_msgpack(&bytes);
        check_json(&bytes);
    }

    #[test]
    fn any_tokens_are_judged_as_serde_json_does(
        parts in proptest::collection::vec(proptest::sample::select(vec![
            "{", "}", "[", "]", ",", ":", "\"a\"", "\"", "1", "-", "0", ".5", "e1", "true", "null", " ", "{}", "[]", "\"a\":1", "[1,2]",
        ]), 1..12)
    ) {
        check_json(parts.concat().as_bytes());
    }
}
