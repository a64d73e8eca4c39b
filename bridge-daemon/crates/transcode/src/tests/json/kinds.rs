//! Live parts, containers, bit-fields and the ends of texts.

use proptest::prelude::*;
use serde::{Deserialize, Serialize};

use super::super::sample::Random;
use super::rich::{Rich, struct_of};
use super::*;
use bridge_layout::{Bits, Container, Live, Stack, Text, TextEnd};

/// Fields one after the other, and which part of one counts.
fn packed(fields: &[(&str, Type)], live: Option<(&str, Live)>) -> Arc<Layout> {
    let mut end = 0;
    let place = |(name, ty): &(&str, Type)| {
        let mut field = Field::new(*name, end, ty.clone());
        end += ty.size();
        field.live = live.as_ref().filter(|(told, _)| told == name).map(|(_, live)| Box::new(live.clone()));
        field
    };
    let fields = fields.iter().map(place).collect();
    Arc::new(Layout { name: "Packed".into(), size: end, align: 1, fields })
}

fn by(field: &str) -> Option<String> {
    Some(field.into())
}

fn container(container: Container) -> Type {
    Type::Container(Box::new(container))
}

fn text(capacity: usize, end: TextEnd) -> Type {
    Type::Text(Text { capacity, end })
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Order {
    id: String,
    limit: Option<f64>,
    legs: Vec<Leg>,
    tags: Vec<String>,
    urgent: bool,
    priority: i8,
    raw: Vec<u8>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Leg {
    ratio: i16,
    price: f64,
}

/// The layout of an [`Order`]: a string of either stack, an optional, records in bytes, a vector of strings, bit-fields.
fn order_layout(stack: Stack) -> Arc<Layout> {
    let leg = layout("Leg", 16, 8, &[("ratio", 2, scalar(Scalar::I16)), ("price", 8, scalar(Scalar::F64))]);
    let bits = |ty, shift, width| Type::Bits(Box::new(Bits { ty: scalar(ty), shift, width }));
    let mut order = layout(
        "Order",
        256,
        8,
        &[
            ("id", 0, container(Container::String(stack, 8))),
            ("limit", 24, container(Container::Optional(stack, scalar(Scalar::F64)))),
            ("count", 40, scalar(Scalar::U16)),
            ("legs", 48, Type::Bytes(70)),
            ("tags", 120, container(Container::Vector(stack, container(Container::String(stack, 8)), 3))),
            ("urgent", 216, bits(Scalar::Bool, 1, 1)),
            ("priority", 216, bits(Scalar::I8, 4, 3)),
            ("raw", 217, container(Container::Vector(stack, scalar(Scalar::U8), 9))),
            ("sum", 248, scalar(Scalar::U32)),
        ],
    );
    let live = Live { records: Some(leg), count: by("count"), length: None, sum: by("sum") };
    Arc::get_mut(&mut order).expect("not shared").fields[3].live = Some(Box::new(live));
    order
}

#[test]
fn containers_and_live_parts_are_what_serde_makes_of_strings_and_vectors() {
    for stack in [Stack::Classic, Stack::Iceoryx2] {
        let (encoder, decoder) = both_ways(&order_layout(stack), &json());
        for (legs, tags, limit) in [(0, 0, None), (1, 3, Some(-0.25)), (4, 2, Some(1e300))] {
            let order = Order {
                id: match (legs, stack) {
                    (0, _) => "A-".into(),
                    (_, Stack::Classic) => "A-\"\u{1}\u{20ac}".into(),
                    (_, Stack::Iceoryx2) => "A-\"\u{1}\u{7f}".into(),
                },
                limit,
                legs: (0..legs).map(|index| Leg { ratio: -index, price: f64::from(index) / 3.0 }).collect(),
                tags: (0..tags).map(|index| "tag".repeat(index)).collect(),
                urgent: legs == 1,
                priority: legs as i8 - 4,
                raw: (0..legs as u8 * 2).collect(),
            };
            let document = serde_json::to_vec(&order).expect("writes");
            let sample = transcode(&decoder, &document).expect("is read");
            assert_eq!(transcode(&encoder, &sample).as_ref(), Ok(&document));
            assert_eq!(sample[40..42], (legs as u16).to_ne_bytes());
            let sum: u32 = sample[48..118].iter().map(|byte| u32::from(*byte)).sum();
            assert_eq!(sample[248..252], sum.to_ne_bytes());
            let (flag, value) = if stack == Stack::Classic { (32, 24) } else { (24, 32) };
            assert_eq!(sample[flag], u8::from(limit.is_some()));
            assert_eq!(sample[value..value + 8], limit.unwrap_or(0.0).to_ne_bytes());
            assert_eq!(sample[216], u8::from(order.urgent) << 1 | (order.priority as u8 & 7) << 4);
        }
    }
}

#[test]
fn what_tells_a_live_part_is_believed_no_further_than_the_room() {
    let tellers = [("count", scalar(Scalar::I64)), ("length", scalar(Scalar::U32)), ("list", Type::Bytes(7))];
    let record = layout("Record", 2, 1, &[("x", 1, scalar(Scalar::U8))]);
    let live = Live { records: Some(record), count: by("count"), length: by("length"), sum: None };
    let (encoder, decoder) = both_ways(&packed(&tellers, Some(("list", live))), &json());
    let write = |count: i64, length: u32| {
        let sample = [&count.to_ne_bytes()[..], &length.to_ne_bytes(), &[9, 1, 9, 2, 9, 3, 9]].concat();
        String::from_utf8(transcode(&encoder, &sample).expect("is written")).expect("UTF-8")
    };
    let list =
        |count: usize| format!("{{\"list\":[{}]}}", [r#"{"x":1}"#, r#"{"x":2}"#, r#"{"x":3}"#][..count].join(","));
    for (count, length, live) in [
        (0, 100, 0),
        (100, 0, 0),
        (2, 100, 2),
        (100, 5, 2),
        (100, 4, 2),
        (1, 6, 1),
        (i64::MAX, u32::MAX, 3),
        (-1, u32::MAX, 0),
        (i64::MIN, 6, 0),
        (3, 1, 0),
    ] {
        assert_eq!(write(count, length), list(live), "{count} {length}");
    }
    let read =
        |count| transcode(&decoder, format!("{{\"list\":[{}]}}", vec![r#"{"x":7}"#; count].join(",")).as_bytes());
    assert_eq!(read(2), Ok([&2_i64.to_ne_bytes()[..], &4_u32.to_ne_bytes(), &[0, 7, 0, 7, 0, 0, 0]].concat()));
    assert_eq!(read(3).map(|sample| sample[8]), Ok(6));
    assert_eq!(read(0), Ok(vec![0; 19]));
    assert_eq!(read(4), Err(Reject::ArrayLength));
    for (text, reason) in [
        ("[{\"x\":1},]", Reject::Malformed),
        ("[,]", Reject::Malformed),
        ("[{\"x\":1}", Reject::Malformed),
        ("[{}]", Reject::MissingField),
        ("null", Reject::WrongType),
        ("{}", Reject::WrongType),
    ] {
        assert_eq!(transcode(&decoder, format!("{{\"list\":{text}}}").as_bytes()), Err(reason), "{text}");
    }
}

#[test]
fn a_count_that_its_integer_cannot_say_is_rejected() {
    let fields = [("length", scalar(Scalar::I8)), ("bytes", Type::Bytes(200))];
    let live = Live { length: by("length"), ..Live::default() };
    let decoder = both_ways(&packed(&fields, Some(("bytes", live))), &json()).1;
    let read = |count| transcode(&decoder, format!("{{\"bytes\":{:?}}}", vec![1; count]).as_bytes());
    assert_eq!(read(127).map(|sample| sample[0]), Ok(127));
    assert_eq!(read(128), Err(Reject::OutOfRange));
}

#[test]
fn sums_are_verified_and_computed() {
    let fields = [("sum", scalar(Scalar::U16)), ("bytes", Type::Bytes(300)), ("count", scalar(Scalar::U16))];
    for count in [None, by("count")] {
        let live = Live { sum: by("sum"), count: count.clone(), ..Live::default() };
        let (encoder, decoder) = both_ways(&packed(&fields, Some(("bytes", live))), &json());
        let other = if count.is_none() { ",\"count\":300" } else { "" };
        let document = format!("{{\"bytes\":{:?}{other}}}", vec![255; 300]).replace(' ', "");
        let mut sample = transcode(&decoder, document.as_bytes()).expect("is read");
        // More than 16 bits.
        assert_eq!(sample[..2], ((300_u32 * 255) as u16).to_ne_bytes());
        assert_eq!(transcode(&encoder, &sample), Ok(document.into_bytes()));
        sample[200] = 0;
        assert_eq!(transcode(&encoder, &sample), Err(Reject::SumMismatch));
        sample[200] = 255;
        sample[0] ^= 1;
        assert_eq!(transcode(&encoder, &sample), Err(Reject::SumMismatch));
        let shorter = format!("{{\"bytes\":[1,2]{other}}}");
        let found = transcode(&decoder, shorter.as_bytes());
        assert_eq!(
            found.map(|sample| sample[..2].to_vec()),
            match count {
                Some(_) => Ok(3_u16.to_ne_bytes().to_vec()),
                None => Err(Reject::ArrayLength),
            }
        );
    }
}

#[test]
fn the_flag_of_an_optional_is_0_or_1() {
    let optional = |stack| container(Container::Optional(stack, scalar(Scalar::U8)));
    let classic = |sample: &[u8]| write_one(optional(Stack::Classic), sample);
    assert_eq!(classic(&[7, 0]).as_deref(), Ok("null"));
    assert_eq!(classic(&[7, 1]).as_deref(), Ok("7"));
    assert_eq!(classic(&[7, 2]), Err(Reject::OutOfRange));
    assert_eq!(classic(&[7, 255]), Err(Reject::OutOfRange));
    assert_eq!(write_one(optional(Stack::Iceoryx2), &[1, 7]).as_deref(), Ok("7"));
    assert_eq!(read_one(optional(Stack::Classic), " 7 "), Ok(vec![7, 1]));
    assert_eq!(read_one(optional(Stack::Classic), " null "), Ok(vec![0, 0]));
    assert_eq!(read_one(optional(Stack::Classic), "nul"), Err(Reject::Malformed));
    assert_eq!(read_one(optional(Stack::Classic), "\"\""), Err(Reject::WrongType));
    assert_eq!(read_one(optional(Stack::Classic), "256"), Err(Reject::OutOfRange));
    assert_eq!(read_one(scalar(Scalar::U8), "null"), Err(Reject::WrongType));
}

#[test]
fn bit_fields_are_the_numbers_that_they_hold() {
    let bits = |ty, shift, width| Type::Bits(Box::new(Bits { ty, shift, width }));
    let fields = layout(
        "Bits",
        4,
        4,
        &[
            ("u", 0, bits(scalar(Scalar::U32), 0, 5)),
            ("i", 0, bits(scalar(Scalar::I32), 5, 5)),
            ("e", 0, bits(named(Scalar::I32, &[("Low", -2), ("High", 1)], false), 10, 2)),
            ("last", 0, bits(scalar(Scalar::U32), 31, 1)),
        ],
    );
    let (encoder, decoder) = both_ways(&fields, &json());
    let document = |u: i64, i: i64, e: &str| format!("{{\"u\":{u},\"i\":{i},\"e\":{e},\"last\":1}}");
    let expected = 31_u32 | 0b10000 << 5 | 0b10 << 10 | 1 << 31;
    let sample = transcode(&decoder, document(31, -16, "\"Low\"").as_bytes()).expect("is read");
    assert_eq!(sample, expected.to_ne_bytes());
    assert_eq!(transcode(&decoder, document(31, -16, "-2").as_bytes()).as_ref(), Ok(&sample));
    assert_eq!(transcode(&encoder, &sample), Ok(document(31, -16, "\"Low\"").into_bytes()));
    // Bits of nobody are ignored.
    let other = (expected | 0x7f_f000).to_ne_bytes();
    assert_eq!(transcode(&encoder, &other), Ok(document(31, -16, "\"Low\"").into_bytes()));
    for (u, i, e, reason) in [
        (32, 0, "1", Reject::OutOfRange),
        (-1, 0, "1", Reject::OutOfRange),
        (0, 16, "1", Reject::OutOfRange),
        (0, -17, "1", Reject::OutOfRange),
        (0, 0, "0", Reject::UnnamedValue),
        (0, 0, "\"Lo\"", Reject::UnknownName),
        (0, 0, "true", Reject::WrongType),
    ] {
        assert_eq!(transcode(&decoder, document(u, i, e).as_bytes()), Err(reason));
    }
    assert_eq!(transcode(&encoder, &0_u32.to_ne_bytes()), Err(Reject::UnnamedValue));
    let flag = || bits(scalar(Scalar::Bool), 3, 2);
    assert_eq!(write_one(flag(), &[0xe7]).as_deref(), Ok("false"));
    assert_eq!(write_one(flag(), &[0x08]).as_deref(), Ok("true"));
    assert_eq!(write_one(flag(), &[0x10]), Err(Reject::OutOfRange));
    assert_eq!(read_one(flag(), "true"), Ok(vec![0x08]));
    assert_eq!(read_one(flag(), "1"), Err(Reject::WrongType));
    assert_eq!(read_one(flag(), "\"true\""), Err(Reject::WrongType));
}

#[test]
fn texts_end_as_they_say() {
    use Reject::{InvalidText, TextTooLong, TextTooShort};
    let ends = [TextEnd::Nul, TextEnd::Terminated, TextEnd::Padded(b' '), TextEnd::Exact];
    for (bytes, shown) in [
        (b"abcd", [Some("abcd"), None, Some("abcd"), Some("abcd")]),
        (b"ab\0d", [Some("ab"), Some("ab"), None, Some("ab\\u0000d")]),
        (b"ab  ", [Some("ab  "), None, Some("ab"), Some("ab  ")]),
        (b"a \0 ", [Some("a "), Some("a "), Some("a"), Some("a \\u0000 ")]),
        (b"\0\0\0\0", [Some(""), Some(""), Some(""), Some("\\u0000\\u0000\\u0000\\u0000")]),
        (b"    ", [Some("    "), None, Some(""), Some("    ")]),
        (b"ab\xc3\0", [None, None, None, None]),
    ] {
        for (end, shown) in ends.into_iter().zip(shown) {
            let expected = shown.map(|shown| format!("\"{shown}\"")).ok_or(InvalidText);
            assert_eq!(write_one(text(4, end), bytes), expected, "{end:?} {bytes:02x?}");
        }
    }
    for (literal, read) in [
        ("\"\"", [Ok(b"\0\0\0\0"), Ok(b"\0\0\0\0"), Ok(b"    "), Err(TextTooShort)]),
        ("\"abc\"", [Ok(b"abc\0"), Ok(b"abc\0"), Ok(b"abc "), Err(TextTooShort)]),
        ("\"abcd\"", [Ok(b"abcd"), Err(TextTooLong), Ok(b"abcd"), Ok(b"abcd")]),
        ("\"abcde\"", [Err(TextTooLong), Err(TextTooLong), Err(TextTooLong), Err(TextTooLong)]),
        ("\"ab\\u0000d\"", [Err(InvalidText), Err(InvalidText), Err(InvalidText), Ok(b"ab\0d")]),
    ] {
        for (end, read) in ends.into_iter().zip(read) {
            assert_eq!(read_one(text(4, end), literal), read.map(|bytes| bytes.to_vec()), "{end:?} {literal}");
        }
    }
}

/// What both of a pair do with random samples of a random layout.
fn with_random(
    seed: u64,
    check: impl FnOnce(&mut Random, &Layout, (Transcoder, Transcoder)) -> Result<(), TestCaseError>,
) -> Result<(), TestCaseError> {
    let mut random = Random::new(seed);
    let layout = struct_of(&mut random, 3);
    // The lengths of some parts are told by 15 bits.
    prop_assume!(layout.size < 1 << 15);
    check(&mut random, &layout, both_ways(&layout, &json()))
}

proptest! {
    #[test]
    fn samples_of_every_kind_become_their_document_and_come_back(seed: u64) {
        with_random(seed, |random, layout, (encoder, decoder)| {
            let (sample, document) = Rich::random(layout, random);
            prop_assert_eq!(transcode(&encoder, &sample.bytes).map(String::from_utf8), Ok(Ok(document.clone())));
            prop_assert_eq!(transcode(&decoder, document.as_bytes()), Ok(sample.clean.clone()), "{}", document);
            prop_assert_eq!(transcode(&encoder, &sample.clean).map(String::from_utf8), Ok(Ok(document)));
            Ok(())
        })?;
    }

    #[test]
    fn samples_of_anything_are_rejected_or_survive(seed: u64) {
        with_random(seed, |random, layout, (encoder, decoder)| {
            let (mut sample, _) = Rich::random(layout, random);
            for _ in 0..random.within(1..=4) {
                let at = random.within(0..=layout.size - 1);
                sample.bytes[at] = [0, 1, 2, 0x80, 0xff][random.within(0..=4)];
            }
            let Ok(document) = transcode(&encoder, &sample.bytes) else { return Ok(()) };
            prop_assert!(serde_json::from_slice::<serde_json::Value>(&document).is_ok());
            let again = transcode(&decoder, &document);
            // A string may hold what its own stack would not have put there: it is shown, but not written.
            if again == Err(Reject::InvalidText) {
                let text = String::from_utf8_lossy(&document);
                prop_assert!(text.contains("\\u0000") || !text.is_ascii(), "{}", text);
                return Ok(());
            }
            prop_assert_eq!(again.and_then(|sample| transcode(&encoder, &sample)), Ok(document));
            Ok(())
        })?;
    }

    #[test]
    fn documents_of_anything_are_rejected_or_survive(seed: u64) {
        with_random(seed, |random, layout, (encoder, decoder)| {
            let (_, document) = Rich::random(layout, random);
            let mut document = document.into_bytes();
            for _ in 0..random.within(1..=3) {
                let at = random.within(0..=document.len() - 1);
                document[at] = b"0129-]}[{\",:nt \\"[random.within(0..=15)];
            }
            let Ok(sample) = transcode(&decoder, &document) else { return Ok(()) };
            let written = transcode(&encoder, &sample).expect("what was read can be written");
            prop_assert_eq!(transcode(&decoder, &written), Ok(sample));
            Ok(())
        })?;
    }
}
