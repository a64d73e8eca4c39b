//! Strings: every escape, and texts that only look like one.

use proptest::prelude::*;

use super::*;

fn read(len: usize, literal: &str) -> Result<String, Reject> {
    let bytes = read_one(Type::text(len), literal)?;
    let text: Vec<u8> = bytes.iter().copied().take_while(|byte| *byte != 0).collect();
    assert!(bytes[text.len()..].iter().all(|byte| *byte == 0), "zeros behind the text");
    Ok(String::from_utf8(text).expect("UTF-8"))
}

#[test]
fn every_escape_is_understood() {
    let literal = r#""\"\\\/\b\f\n\r\t\u0041\u00e9\u20AC\ud83d\uDE00\uFFFF""#;
    let text = "\"\\/\u{8}\u{c}\n\r\tA\u{e9}\u{20ac}\u{1f600}\u{ffff}";
    assert_eq!(read(64, literal).as_deref(), Ok(text));
    assert_eq!(read(text.len(), literal).as_deref(), Ok(text));
    assert_eq!(read(text.len() - 1, literal), Err(Reject::TextTooLong));
    assert_eq!(read(8, "\"12345678\"").as_deref(), Ok("12345678"));
    assert_eq!(read(8, "\"123456789\""), Err(Reject::TextTooLong));
    assert_eq!(read(1, "\"\"").as_deref(), Ok(""));
}

#[test]
fn texts_that_are_none_are_rejected() {
    for (literal, reason) in [
        (r#""\ud800""#, Reject::InvalidText),
        (r#""\ud800x""#, Reject::InvalidText),
        (r#""\ud800\n""#, Reject::InvalidText),
        (r#""\ud800\ud800""#, Reject::InvalidText),
        (r#""\ud800\u0041""#, Reject::InvalidText),
        (r#""\udc00""#, Reject::InvalidText),
        (r#""\udc00\ud800""#, Reject::InvalidText),
        (r#""a\u0000b""#, Reject::InvalidText),
        (r#""\u00g0""#, Reject::Malformed),
        (r#""\u+041""#, Reject::Malformed),
        (r#""\x41""#, Reject::Malformed),
        (r#""\'""#, Reject::Malformed),
        (r#""\N""#, Reject::Malformed),
        ("\"a\nb\"", Reject::Malformed),
        ("\"a\tb\"", Reject::Malformed),
        ("\"a\u{0}b\"", Reject::Malformed),
        ("\"0123456\u{1f}\"", Reject::Malformed),
        ("'a'", Reject::Malformed),
        ("a", Reject::Malformed),
        ("null", Reject::WrongType),
        ("1", Reject::WrongType),
    ] {
        assert_eq!(read(64, literal), Err(reason), "{literal}");
    }
    let layout = layout("One", 16, 1, &[("v", 0, Type::text(16))]);
    let decoder = both_ways(&layout, &json()).1;
    for bytes in [&b"\xff"[..], b"\xc3", b"\xc3\"", b"\xed\xa0\x80", b"\xc0\x80", b"\xe2\x82\\n", b"01234567\xff89"] {
        let document = [b"{\"v\":\"", bytes, b"\"}"].concat();
        assert_eq!(transcode(&decoder, &document), Err(Reject::InvalidText), "{bytes:02x?}");
    }
}

#[test]
fn enums_are_their_names_in_any_spelling() {
    let side = || named(Scalar::U8, &[("Buy", 1), ("Se\"ll\n", 2), ("\u{1f600}", 3)], false);
    for (literal, value) in [
        (r#""Buy""#, 1),
        (r#""\u0042uy""#, 1),
        (r#""Se\"ll\n""#, 2),
        (r#""Se\u0022ll\u000A""#, 2),
        ("\"\u{1f600}\"", 3),
        (r#""\ud83d\ude00""#, 3),
        ("1", 1),
        ("2.0", 2),
        ("3e0", 3),
    ] {
        assert_eq!(read_one(side(), literal), Ok(vec![value]), "{literal}");
    }
    let long = format!("\"{}\"", "B".repeat(1000));
    for (literal, reason) in [
        ("\"buy\"", Reject::UnknownName),
        ("\"Buyy\"", Reject::UnknownName),
        ("\"\"", Reject::UnknownName),
        (&long, Reject::UnknownName),
        ("0", Reject::UnnamedValue),
        ("257", Reject::UnnamedValue),
        ("1.5", Reject::OutOfRange),
        ("null", Reject::WrongType),
        ("[1]", Reject::WrongType),
    ] {
        assert_eq!(read_one(side(), literal), Err(reason), "{literal}");
    }
    assert_eq!(write_one(side(), &[2]).as_deref(), Ok(r#""Se\"ll\n""#));
    assert_eq!(write_one(side(), &[4]), Err(Reject::UnnamedValue));
    let open = || named(Scalar::I16, &[("Buy", 1)], true);
    assert_eq!(write_one(open(), &(-300_i16).to_ne_bytes()).as_deref(), Ok("-300"));
    assert_eq!(read_one(open(), "-300"), Ok((-300_i16).to_ne_bytes().to_vec()));
    assert_eq!(read_one(open(), "70000"), Err(Reject::OutOfRange));
}

/// Parts of literals, right and wrong.
const PARTS: &[&[u8]] = &[
    b"\\",
    b"u",
    b"\\u",
    b"d8",
    b"00",
    b"dc",
    b"n",
    b"\xc3",
    b"\xa9",
    b"0041",
    b"\x1f",
    b"abcdefgh",
    b"\\ud83d",
    b"\\ude00",
];

proptest! {
    #[test]
    fn texts_are_written_as_serde_json_writes_them_and_read_back(text in "[\\x01-\\x7f\u{e9}\u{20ac}\u{1f600}\\\\\"]{0,20}", pad in 0_usize..9) {
        let mut bytes = text.clone().into_bytes();
        let len = (text.len() + pad).max(1);
        bytes.resize(len, 0);
        let literal = write_one(Type::text(len), &bytes).expect("is written");
        prop_assert_eq!(&literal, &serde_json::to_string(&text).expect("writes"));
        prop_assert_eq!(read(len, &literal), Ok(text.clone()));
        let escaped: String = text.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect();
        let escaped = format!("\"{escaped}\"");
        prop_assert_eq!(read(len, &escaped), Ok(text));
    }

    #[test]
    fn any_literal_is_judged_as_serde_json_does(
        body in proptest::collection::vec(proptest::sample::select(PARTS), 0..12)
    ) {
        let document = [b"{\"v\":\"", body.concat().as_slice(), b"\"}"].concat();
        let layout = layout("One", 200, 1, &[("v", 0, Type::text(200))]);
        let found = transcode(&both_ways(&layout, &json()).1, &document);
        let expected: Option<serde_json::Value> = serde_json::from_slice(&document).ok();
        let text = expected.as_ref().and_then(|value| value["v"].as_str()).filter(|text| !text.contains('\0'));
        prop_assert_eq!(found.is_ok(), text.is_some(), "{:?}", found);
        if let (Ok(bytes), Some(text)) = (found, text) {
            prop_assert_eq!(&bytes[..text.len()], text.as_bytes());
        }
    }
}
