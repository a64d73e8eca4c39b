//! Headers and numbers, at the limits of every form.

use super::*;

#[test]
fn every_marker_of_msgpack_is_understood() {
    let huge = [&[0xdb, 0, 0, 0, 1][..], b"x"].concat();
    for (document, text) in [
        (&[0x00][..], "0"),
        (&[0x7f], "127"),
        (&[0xe0], "-32"),
        (&[0xff], "-1"),
        (&[0xc0], "null"),
        (&[0xc2], "false"),
        (&[0xc3], "true"),
        (&[0xcc, 0xff], "255"),
        (&[0xcd, 0x01, 0x02], "258"),
        (&[0xce, 0, 0, 0, 5], "5"),
        (&[0xcf, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], "18446744073709551615"),
        (&[0xd0, 0x80], "-128"),
        (&[0xd0, 0x05], "5"),
        (&[0xd1, 0xff, 0x00], "-256"),
        (&[0xd2, 0xff, 0xff, 0xff, 0xfe], "-2"),
        (&[0xd3, 0x80, 0, 0, 0, 0, 0, 0, 0], "-9223372036854775808"),
        (&[0xca, 0x3d, 0xcc, 0xcc, 0xcd], "0.1"),
        (&[0xcb, 0x3f, 0xb9, 0x99, 0x99, 0x99, 0x99, 0x99, 0x9a], "0.1"),
        (&[0xcb, 0x80, 0, 0, 0, 0, 0, 0, 0], "-0.0"),
        (&[0xa2, b'a', b'"'], r#""a\"""#),
        (&[0xd9, 1, 0], r#""\u0000""#),
        (&[0xda, 0, 2, 0xc3, 0xa9], "\"\u{e9}\""),
        (&huge, "\"x\""),
        (&[0xc4, 2, 1, 255], "[1,255]"),
        (&[0xc5, 0, 0], "[]"),
        (&[0xc6, 0, 0, 0, 1, 9], "[9]"),
        (&[0x90], "[]"),
        (&[0x92, 1, 0x91, 2], "[1,[2]]"),
        (&[0xdc, 0, 1, 0xc0], "[null]"),
        (&[0xdd, 0, 0, 0, 1, 0xc0], "[null]"),
        (&[0x80], "{}"),
        (&[0x82, 0xa1, b'a', 1, 0xa1, b'a', 2], r#"{"a":1,"a":2}"#),
        (&[0xde, 0, 1, 0xa0, 0x80], r#"{"":{}}"#),
        (&[0xdf, 0, 0, 0, 1, 0xd9, 1, b'k', 0xc3], r#"{"k":true}"#),
    ] {
        assert_eq!(to_json(document).as_deref(), Ok(text), "{document:02x?}");
        // rmpv understands the same, too; it keeps only one sort of negative zero.
        assert!(decoded(document).is_some(), "{document:02x?}");
    }
}

#[test]
fn headers_are_as_short_as_rmpv_has_them() {
    for len in [0, 1, 15, 16, 31, 32, 255, 256, 65_535, 65_536, 70_000] {
        let array = Value::Array(vec![Value::Nil; len]);
        // What is longer is around what is shorter, and the other way round.
        let around = Value::Array(vec![array.clone(), Value::Array(vec![]), array.clone()]);
        let map = Value::Map((0..len).map(|index| (index.to_string().into(), Value::Array(vec![]))).collect());
        let text = Value::from("x".repeat(len));
        let maps = Value::Map(vec![(text.clone(), map.clone()), ("".into(), around.clone())]);
        for value in [array, around, map, text, maps] {
            let text = super::super::json::document(&value).expect("finite");
            assert_eq!(to_json(&encoded(&value)).as_ref(), Ok(&text), "{len}");
            assert!(to_msgpack(&text) == Ok(encoded(&value)), "{len}");
        }
    }
}

#[test]
fn numbers_of_json_are_integers_where_they_are_written_so_and_have_64_bits() {
    let integers = [0, 1, 127, 128, 255, 256, 65_535, 65_536, u32::MAX.into(), u64::from(u32::MAX) + 1, u64::MAX];
    for value in integers {
        assert_eq!(to_msgpack(&value.to_string()), Ok(encoded(&value.into())), "{value}");
    }
    for bits in 0..64 {
        for value in [i64::MIN >> bits, (i64::MIN >> bits).saturating_sub(1), (i64::MIN >> bits) + 1] {
            assert_eq!(to_msgpack(&value.to_string()), Ok(encoded(&value.into())), "{value}");
        }
    }
    for text in [
        "-0",
        "0.0",
        "1.0",
        "1e0",
        "-9223372036854775809",
        "18446744073709551616",
        "99999999999999999999",
        "1e300",
        "5e-324",
        "1e-999",
        "-9999999999999999999",
        "123456789012345678901234567890",
        "0.1",
        "2.5E+3",
        "9007199254740993.0",
    ] {
        let expected: f64 = text.parse().expect("a number");
        assert_eq!(to_msgpack(text), Ok(encoded(&expected.into())), "{text}");
        assert_eq!(understood(text.as_bytes()), Some(expected.into()), "serde_json says the same of {text}");
    }
    for text in ["1e309", "-1e309", &"9".repeat(400)] {
        assert_eq!(to_msgpack(text), Err(Reject::OutOfRange), "{text}");
    }
}
