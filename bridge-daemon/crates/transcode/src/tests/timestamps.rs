//! Points in time: integers, MessagePack's timestamps, and texts by RFC 3339.

use proptest::prelude::*;
use rmpv::Value;

use super::routes::{self, End, of, turned};
use super::*;
use crate::Pipeline;
use crate::format::{DocumentPlan, TimestampsAs};
use bridge_layout::TimeUnit;

/// One point in time, in a struct of its own.
fn one(kind: Scalar, unit: TimeUnit) -> Arc<Layout> {
    let fields = vec![Field { timestamp: Some(unit), ..Field::new("t", 0, scalar(kind)) }];
    Arc::new(Layout { name: "T".into(), size: kind.size(), align: kind.size(), fields })
}

fn between(source: End, sink: End) -> Pipeline {
    routes::between(source, sink).expect("a pipeline")
}

fn extension() -> End {
    (msgpack(Shape::Map), DocumentPlan { timestamps: TimestampsAs::Extension, ..DocumentPlan::default() })
}

fn text() -> End {
    (json(), DocumentPlan { timestamps: TimestampsAs::Text, ..DocumentPlan::default() })
}

fn document(value: Value) -> Vec<u8> {
    let mut document = Vec::new();
    rmpv::encode::write_value(&mut document, &Value::Map(vec![("t".into(), value)])).unwrap();
    document
}

/// The shortest of MessagePack's timestamps, by the specification.
fn timestamp(seconds: i64, nanoseconds: u32) -> Value {
    let bytes = match u64::try_from(seconds) {
        Ok(seconds) if seconds >> 32 == 0 && nanoseconds == 0 => (seconds as u32).to_be_bytes().to_vec(),
        Ok(seconds) if seconds >> 34 == 0 => (u64::from(nanoseconds) << 34 | seconds).to_be_bytes().to_vec(),
        _ => [nanoseconds.to_be_bytes().as_slice(), seconds.to_be_bytes().as_slice()].concat(),
    };
    Value::Ext(-1, bytes)
}

/// The date of a day since 1970, after Howard Hinnant's `civil_from_days`.
fn date(day: i64) -> (i64, i64, i64) {
    let shifted = day + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let month_of_year = if month < 10 { month + 3 } else { month - 9 };
    let year = year + era * 400 + i64::from(month_of_year <= 2);
    (year, month_of_year, of_year - (153 * month + 2) / 5 + 1)
}

/// The text by RFC 3339, in UTC.
fn rfc3339(seconds: i64, nanoseconds: u32) -> String {
    let (year, month, day) = date(seconds.div_euclid(86_400));
    let second = seconds.rem_euclid(86_400);
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    let mut text = format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}");
    if nanoseconds > 0 {
        text += format!(".{nanoseconds:09}").trim_end_matches('0');
    }
    text + "Z"
}

fn units() -> impl Strategy<Value = TimeUnit> {
    prop_oneof![Just(TimeUnit::Ns), Just(TimeUnit::Us), Just(TimeUnit::Ms), Just(TimeUnit::S)]
}

proptest! {
    #[test]
    fn times_go_through_every_form(
        value in prop_oneof![any::<i64>(), -100_000_000_000_i64..300_000_000_000], unit in units()
    ) {
        let per_second = i64::from(1_000_000_000 / unit.nanoseconds());
        let seconds = value.div_euclid(per_second);
        let nanoseconds = value.rem_euclid(per_second) as u32 * unit.nanoseconds();
        let layout = one(Scalar::I64, unit);
        let sample = value.to_ne_bytes();

        let packed = document(timestamp(seconds, nanoseconds));
        prop_assert_eq!(turned(&mut between(of(&layout), extension()), &sample), Ok(packed.clone()));
        prop_assert_eq!(turned(&mut between(extension(), of(&layout)), &packed), Ok(sample.to_vec()));

        let is_in_texts = (-62_167_219_200..253_402_300_800).contains(&seconds);
        let words = if is_in_texts { Ok(format!("{{\"t\":\"{}\"}}", rfc3339(seconds, nanoseconds)).into_bytes()) } else { Err(Reject::OutOfRange) };
        prop_assert_eq!(turned(&mut between(of(&layout), text()), &sample), words.clone());
        let mut through = (between(between_layout(extension(), &layout), text()), between(between_layout(text(), &layout), extension()));
        prop_assert_eq!(turned(&mut through.0, &packed), words.clone());
        if let Ok(words) = words {
            prop_assert_eq!(turned(&mut between(text(), of(&layout)), &words), Ok(sample.to_vec()));
            prop_assert_eq!(turned(&mut through.1, &words), Ok(packed));
        }
    }

    /// What another program calls a time, in whatever width, is cut off to the unit of the struct, or does not fit.
    #[test]
    fn times_of_others_are_cut_off(seconds: i64, nanoseconds in 0..1_000_000_000_u32, unit in units()) {
        let bytes = [nanoseconds.to_be_bytes().as_slice(), seconds.to_be_bytes().as_slice()].concat();
        let read = turned(&mut between(extension(), of(&one(Scalar::U64, unit))), &document(Value::Ext(-1, bytes)));
        let all = (i128::from(seconds) * 1_000_000_000 + i128::from(nanoseconds)).div_euclid(unit.nanoseconds().into());
        prop_assert_eq!(read, u64::try_from(all).map(|value| value.to_ne_bytes().to_vec()).map_err(|_| Reject::OutOfRange));
    }

    #[test]
    fn structs_of_other_units_have_the_same_times(value: i64, from in units(), to in units()) {
        let mut pipeline = between(of(&one(Scalar::I64, from)), of(&one(Scalar::I64, to)));
        let scaled = (i128::from(value) * i128::from(from.nanoseconds())).div_euclid(to.nanoseconds().into());
        let expected = i64::try_from(scaled).map(|value| value.to_ne_bytes().to_vec()).map_err(|_| Reject::OutOfRange);
        prop_assert_eq!(turned(&mut pipeline, &value.to_ne_bytes()), expected);
    }

    /// Whatever bytes stand where a time should, nothing panics, and what is taken is one.
    #[test]
    fn nothing_else_is_a_time(bytes in proptest::collection::vec(any::<u8>(), 0..20), kind: i8) {
        let read = turned(&mut between(extension(), of(&one(Scalar::I64, TimeUnit::S))), &document(Value::Ext(kind, bytes.clone())));
        prop_assert_eq!(read.is_ok(), kind == -1 && match bytes.len() {
            4 => true,
            8 => u64::from_be_bytes(bytes.clone().try_into().unwrap()) >> 34 < 1_000_000_000,
            12 => u32::from_be_bytes(bytes[..4].try_into().unwrap()) < 1_000_000_000,
            _ => false,
        }, "{:?}", read);
    }
}

fn between_layout(end: End, layout: &Arc<Layout>) -> End {
    (end.0, DocumentPlan { layout: Some(Arc::clone(layout)), ..end.1 })
}

#[test]
fn texts_that_others_write_are_times() {
    let layout = one(Scalar::I64, TimeUnit::Ms);
    let mut read = between(text(), of(&layout));
    for (words, expected) in [
        ("1970-01-01T00:00:00Z", Ok(0)),
        ("1969-12-31T23:59:59.9999Z", Ok(-1)),
        // JavaScript, Python and Go.
        ("2026-11-27T16:35:27.123Z", Ok(1_795_797_327_123)),
        ("2026-11-27T16:35:27.123456+00:00", Ok(1_795_797_327_123)),
        ("2026-11-27T22:05:27.123456789+05:30", Ok(1_795_797_327_123)),
        ("2026-11-27t16:35:27z", Ok(1_795_797_327_000)),
        ("2016-12-31T23:59:60Z", Ok(1_483_228_799_999)),
        ("\\u0032026-11-27T16:35:27Z", Ok(1_795_797_327_000)),
        ("2026-11-27T16:35:27", Err(Reject::InvalidTimestamp)),
        ("2026-11-27", Err(Reject::InvalidTimestamp)),
        ("2026-02-30T00:00:00Z", Err(Reject::InvalidTimestamp)),
        ("2026-11-27T24:00:00Z", Err(Reject::InvalidTimestamp)),
        ("2026-11-27T16:35:27Z ", Err(Reject::InvalidTimestamp)),
        ("", Err(Reject::InvalidTimestamp)),
        ("now", Err(Reject::InvalidTimestamp)),
        (&"2".repeat(500), Err(Reject::InvalidTimestamp)),
    ] {
        let document = format!("{{\"t\":\"{words}\"}}");
        let expected = expected.map(|value: i64| value.to_ne_bytes().to_vec());
        assert_eq!(turned(&mut read, document.as_bytes()), expected, "{words:?}");
    }
}

/// An integer of unknown unit would be a wrong time, and a time is no integer where that is asked for.
#[test]
fn times_and_integers_are_not_mixed_up() {
    let layout = one(Scalar::U64, TimeUnit::Ns);
    for (end, document) in [(extension(), document(5.into())), (text(), b"{\"t\":5}".to_vec())] {
        assert_eq!(turned(&mut between(end, of(&layout)), &document), Err(Reject::WrongType));
    }
    let integers = |format: FormatPlan| (format, DocumentPlan::default());
    let mut plain = between(integers(msgpack(Shape::Map)), of(&layout));
    assert_eq!(turned(&mut plain, &document(timestamp(5, 0))), Err(Reject::WrongType));
    assert_eq!(turned(&mut plain, &document(5.into())), Ok(5_u64.to_ne_bytes().to_vec()));
    assert_eq!(turned(&mut between(of(&layout), integers(json())), &5_u64.to_ne_bytes()), Ok(b"{\"t\":5}".to_vec()),);
}

/// Arrays, and bits of an integer, are times like others; a number that is none is taken as it is.
#[test]
fn times_stand_in_arrays_and_in_bits() {
    let many = Type::Array(Box::new(scalar(Scalar::U32)), 2);
    let bits = Type::Bits(Box::new(bridge_layout::Bits { ty: scalar(Scalar::U64), shift: 4, width: 40 }));
    let mut layout = Layout {
        name: "T".into(),
        size: 16,
        align: 8,
        fields: vec![Field::new("many", 0, many), Field::new("bits", 8, bits)],
    };
    let plain = Arc::new(layout.clone());
    layout.fields[0].timestamp = Some(TimeUnit::S);
    layout.fields[1].timestamp = Some(TimeUnit::Ms);
    let layout = Arc::new(layout);
    let mut sample = [1_u32.to_ne_bytes(), 86_400_u32.to_ne_bytes()].concat();
    sample.extend((1500_u64 << 4).to_ne_bytes());
    let expected = r#"{"many":["1970-01-01T00:00:01Z","1970-01-02T00:00:00Z"],"bits":"1970-01-01T00:00:01.5Z"}"#;
    assert_eq!(turned(&mut between(of(&layout), text()), &sample), Ok(expected.as_bytes().to_vec()));
    assert_eq!(turned(&mut between(text(), of(&layout)), expected.as_bytes()), Ok(sample.clone()));
    let packed = turned(&mut between(of(&layout), extension()), &sample).unwrap();
    assert_eq!(turned(&mut between(extension(), of(&layout)), &packed), Ok(sample.clone()));
    assert_eq!(turned(&mut between(of(&layout), of(&plain)), &sample), Ok(sample.clone()));
    assert_eq!(turned(&mut between(of(&plain), of(&layout)), &sample), Ok(sample));
}
