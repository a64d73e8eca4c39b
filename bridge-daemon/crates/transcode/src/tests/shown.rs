//! What could be shown in several ways: bytes as arrays or in Base64, enums as numbers.

use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use base64::{Engine, alphabet};
use proptest::prelude::*;
use rmpv::Value;

use super::routes::{End, between, of, turned};
use super::sample::encoded;
use super::*;
use crate::format::{BytesAs, DocumentPlan, EnumsAs};
use bridge_layout::{Enum, Live};

fn with(format: FormatPlan, bytes: BytesAs) -> End {
    (format, DocumentPlan { bytes: Some(bytes), ..DocumentPlan::default() })
}

/// Bytes all of which count, and some of which a number says how many do.
fn block(len: usize) -> Arc<Layout> {
    let mut layout = Layout {
        name: "Block".into(),
        size: 2 * len + 2,
        align: 1,
        fields: vec![
            Field::new("all", 0, Type::Bytes(len)),
            Field::new("some", len, Type::Bytes(len)),
            Field::new("count", 2 * len, scalar(Scalar::U16)),
        ],
    };
    layout.fields[1].live = Some(Box::new(Live { count: Some("count".into()), ..Live::default() }));
    Arc::new(layout)
}

fn sample(all: &[u8], some: &[u8]) -> Vec<u8> {
    let mut sample = [all, some].concat();
    sample.resize(2 * all.len(), 0);
    sample.extend((some.len() as u16).to_ne_bytes());
    sample
}

proptest! {
    #[test]
    fn bytes_in_base64_are_what_others_make_of_them(
        all in proptest::collection::vec(any::<u8>(), 1..300), cut in any::<proptest::sample::Index>()
    ) {
        let (layout, some) = (block(all.len()), &all[..cut.index(all.len() + 1)]);
        let sample = sample(&all, some);
        let document = |engine: &dyn Fn(&[u8]) -> String| {
            format!("{{\"all\":\"{}\",\"some\":\"{}\"}}", engine(&all), engine(some))
        };
        let padded = document(&|bytes| STANDARD.encode(bytes));
        let base64 = || with(json(), BytesAs::Base64);
        prop_assert_eq!(turned(&mut between(of(&layout), base64()).unwrap(), &sample), Ok(padded.clone().into_bytes()));
        let mut read = between(base64(), of(&layout)).unwrap();
        let arrays = format!("{{\"all\":{all:?},\"some\":{some:?}}}");
        for document in [padded, document(&|bytes| STANDARD_NO_PAD.encode(bytes)), arrays] {
            prop_assert_eq!(turned(&mut read, document.as_bytes()), Ok(sample.clone()), "{}", document);
        }
    }

    /// Whatever stands there becomes bytes as the library reads them, or is rejected.
    #[test]
    fn no_text_becomes_other_bytes(text in "[A-Za-z0-9+/]{0,140}={0,3}[A-Za-z0-9=]{0,3}") {
        let layout = block(120);
        let mut read = between(with(json(), BytesAs::Base64), of(&layout)).unwrap();
        let document = format!("{{\"all\":\"{}\",\"some\":\"{text}\"}}", STANDARD.encode([0; 120]));
        let config = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
        let expected = GeneralPurpose::new(&alphabet::STANDARD, config).decode(&text);
        match (turned(&mut read, document.as_bytes()), expected) {
            (Ok(read), Ok(expected)) => prop_assert_eq!(read, sample(&[0; 120], &expected)),
            (read, expected) => prop_assert!(read == Err(Reject::InvalidBase64) && expected.is_err(), "{read:?} {expected:?}"),
        }
    }
}

#[test]
fn base64_of_another_length_does_not_fit() {
    let layout = block(4);
    let mut read = between(with(json(), BytesAs::Base64), of(&layout)).unwrap();
    let mut document =
        |all: &str, some: &str| turned(&mut read, format!("{{\"all\":\"{all}\",\"some\":\"{some}\"}}").as_bytes());
    assert_eq!(document("AQIDBA==", ""), Ok(sample(&[1, 2, 3, 4], &[])));
    assert_eq!(document("AQIDBA==", r"\u0041Q\u003d="), Ok(sample(&[1, 2, 3, 4], &[1])));
    for (all, some, reason) in [
        ("AQID", "", Reject::ArrayLength),
        ("AQIDBAU=", "", Reject::ArrayLength),
        ("AQIDBA==", "AQIDBAU=", Reject::ArrayLength),
        ("AQIDBA==", "A", Reject::InvalidBase64),
        ("AQIDBA==", "AB", Reject::InvalidBase64),
        ("AQIDBA==", "AQ==AQ==", Reject::InvalidBase64),
        ("AQIDBA==", "A_-A", Reject::InvalidBase64),
        ("AQIDBA==", "AQ==\\n", Reject::InvalidBase64),
    ] {
        assert_eq!(document(all, some), Err(reason), "{all} {some}");
    }
    // Without the key, bytes are numbers.
    let mut plain = between((json(), DocumentPlan::default()), of(&layout)).unwrap();
    assert_eq!(turned(&mut plain, b"{\"all\":\"AQIDBA==\",\"some\":[]}"), Err(Reject::WrongType));
}

#[test]
fn bytes_as_an_array_are_read_by_those_who_know_no_bin() {
    let layout = block(3);
    let sample = sample(&[1, 200, 3], &[4]);
    let array = || with(msgpack(Shape::Map), BytesAs::Array);
    let written = turned(&mut between(of(&layout), array()).unwrap(), &sample).expect("is written");
    let value = rmpv::decode::read_value(&mut written.as_slice()).expect("MessagePack");
    let numbers = |numbers: &[u8]| Value::Array(numbers.iter().map(|number| (*number).into()).collect());
    assert_eq!(value["all"], numbers(&[1, 200, 3]));
    assert_eq!(value["some"], numbers(&[4]));
    let mut read = between(array(), of(&layout)).unwrap();
    assert_eq!(turned(&mut read, &written).as_ref(), Ok(&sample));
    let bin = Value::Map(vec![("all".into(), Value::Binary(vec![1, 200, 3])), ("some".into(), Value::Binary(vec![4]))]);
    assert_eq!(turned(&mut read, &encoded(&bin)).as_ref(), Ok(&sample));
}

#[test]
fn enums_as_numbers_have_no_names() {
    let kind =
        Enum { name: "Kind".into(), repr: Scalar::I8, values: vec![("A".into(), -1), ("B".into(), 7)], open: false };
    let kind = Type::Enum(Arc::new(kind));
    let layout = layout("L", 3, 1, &[("one", 0, kind.clone()), ("two", 1, Type::Array(Box::new(kind), 2))]);
    let number = |format| (format, DocumentPlan { enums: EnumsAs::Number, ..DocumentPlan::default() });
    let document = turned(&mut between(of(&layout), number(json())).unwrap(), &[255, 7, 3]).expect("is written");
    // A value without a name is a number like any other.
    assert_eq!(document, b"{\"one\":-1,\"two\":[7,3]}");
    let document =
        turned(&mut between(of(&layout), number(msgpack(Shape::Array))).unwrap(), &[255, 7, 7]).expect("is written");
    assert_eq!(document, [0x92, 0xff, 0x92, 7, 7]);
    for format in [json(), msgpack(Shape::Map)] {
        let mut both = between(of(&layout), number(format.clone())).unwrap();
        let mut back = between(number(format), of(&layout)).unwrap();
        let document = turned(&mut both, &[7, 255, 7]).expect("is written");
        assert_eq!(turned(&mut back, &document), Ok(vec![7, 255, 7]));
    }
    // Names are read all the same.
    let mut back = between(number(json()), of(&layout)).unwrap();
    assert_eq!(turned(&mut back, b"{\"one\":\"A\",\"two\":[7,\"B\"]}"), Ok(vec![255, 7, 7]));
    let document = || number(json());
    assert!(between((msgpack(Shape::Map), DocumentPlan::default()), document()).is_err(), "no layout knows the enums");
}

#[test]
fn keys_of_any_type_are_passed_over() {
    let layout = layout("L", 2, 1, &[("a", 0, scalar(Scalar::U8)), ("b", 1, scalar(Scalar::U8))]);
    let document = Value::Map(vec![
        (7.into(), 1.into()),
        ("b".into(), 2.into()),
        (Value::Nil, Value::Array(vec![3.into()])),
        (Value::Map(vec![("a".into(), 9.into())]), Value::Binary(vec![1])),
        ("a".into(), 1.into()),
        (Value::Binary(b"a".to_vec()), 5.into()),
    ]);
    let ignore = Tolerance { on_unknown: OnUnknown::Ignore, ..Tolerance::default() };
    let read = |tolerance| {
        let format = FormatPlan::Msgpack(Shape::Map, tolerance);
        let mut read = between((format, DocumentPlan::default()), of(&layout)).unwrap();
        turned(&mut read, &encoded(&document))
    };
    assert_eq!(read(ignore), Ok(vec![1, 2]));
    assert_eq!(read(Tolerance::default()), Err(Reject::WrongType));
}
