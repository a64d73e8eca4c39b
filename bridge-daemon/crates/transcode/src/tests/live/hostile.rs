//! Samples and documents that are wrong, each with its reason.

use rmpv::Value;

use super::super::sample::encoded;
use super::*;
use bridge_layout::{Bits, Container, Live, Stack, Text, TextEnd};

/// A layout with one field `v` at 4, of which `told` fields tell something: their names, places and types.
fn told(size: usize, ty: Type, live: Live, tellers: &[(&str, usize, Scalar)]) -> Arc<Layout> {
    let mut fields = vec![Field { live: Some(Box::new(live)), ..Field::new("v", 4, ty) }];
    fields.extend(tellers.iter().map(|(name, at, kind)| Field::new(*name, *at, scalar(*kind))));
    fields.sort_by_key(|field| field.offset);
    Arc::new(Layout { name: "Told".into(), size, align: 1, fields })
}

fn one(ty: Type) -> Arc<Layout> {
    layout("One", ty.size(), 1, &[("v", 0, ty)])
}

fn read(layout: &Arc<Layout>, value: impl Into<Value>) -> Result<Vec<u8>, Reject> {
    transcode(&decoder(layout), &encoded(&Value::Map(vec![("v".into(), value.into())])))
}

fn written(layout: &Arc<Layout>, sample: &[u8]) -> Result<Value, Reject> {
    let document = transcode(&encoder(layout, Shape::Array), sample)?;
    let value = rmpv::decode::read_value(&mut document.as_slice()).expect("MessagePack");
    Ok(value.as_array().expect("an array")[0].clone())
}

fn bytes(bytes: &[u8]) -> Value {
    Value::Binary(bytes.to_vec())
}

fn numbers(numbers: &[i64]) -> Value {
    Value::Array(numbers.iter().map(|number| (*number).into()).collect())
}

#[test]
fn a_count_beyond_the_room_is_the_room_and_a_negative_one_is_none() {
    let live = || Live { count: Some("n".into()), ..Live::default() };
    let list = || Type::Array(Box::new(scalar(Scalar::U16)), 3);
    for (kind, at) in [(Scalar::U64, 10), (Scalar::I64, 10), (Scalar::U32, 0), (Scalar::I32, 0), (Scalar::I8, 3)] {
        let layout = told(18, list(), live(), &[("n", at, kind)]);
        let (min, max) = kind.integer_range().expect("an integer");
        for (count, shown) in [
            (max, 3),
            (max - 1, 3),
            (4, 3),
            (3, 3),
            (2, 2),
            (1, 1),
            (0, 0),
            (min, 0),
            (-1_i128, usize::from(min == 0) * 3),
        ] {
            let mut sample = vec![0xee; 18];
            sample[4..10].copy_from_slice(&[1, 0, 2, 0, 3, 0]);
            sample[at..at + kind.size()].copy_from_slice(&count.to_le_bytes()[..kind.size()]);
            assert_eq!(written(&layout, &sample), Ok(numbers(&[1, 2, 3][..shown])), "{kind:?} {count}");
        }
    }
}

#[test]
fn of_a_count_and_a_length_the_smaller_counts() {
    let live = Live { count: Some("n".into()), length: Some("len".into()), ..Live::default() };
    let list = Type::Array(Box::new(scalar(Scalar::U16)), 3);
    let layout = told(10, list, live, &[("n", 0, Scalar::U8), ("len", 1, Scalar::U16)]);
    let sample = |count: u8, length: u16| {
        let [low, high] = length.to_le_bytes();
        [count, low, high, 9, 1, 0, 2, 0, 3, 0]
    };
    for (count, length, shown) in [(3, 6, 3), (2, 6, 2), (3, 4, 2), (3, 3, 1), (255, 1, 0), (0, 6, 0), (9, 65535, 3)] {
        assert_eq!(written(&layout, &sample(count, length)), Ok(numbers(&[1, 2, 3][..shown])), "{count} {length}");
    }
    assert_eq!(read(&layout, numbers(&[7, 8])), Ok(vec![2, 4, 0, 0, 7, 0, 8, 0, 0, 0]));
    assert_eq!(read(&layout, numbers(&[])), Ok(vec![0; 10]));
    assert_eq!(read(&layout, numbers(&[1, 2, 3, 4])), Err(Reject::ArrayLength));
}

#[test]
fn a_list_is_no_longer_than_its_room_or_its_teller() {
    let live = Live { count: Some("n".into()), ..Live::default() };
    let layout = told(304, Type::Bytes(300), live, &[("n", 0, Scalar::I8)]);
    assert!(read(&layout, bytes(&[1; 127])).is_ok());
    assert_eq!(read(&layout, bytes(&[1; 128])), Err(Reject::OutOfRange));
    assert_eq!(read(&layout, bytes(&[1; 301])), Err(Reject::ArrayLength));
    assert_eq!(
        read(&layout, numbers(&[1, 255])).map(|sample| sample[..8].to_vec()),
        Ok(vec![2, 0, 0, 0, 1, 255, 0, 0])
    );
    assert_eq!(read(&layout, numbers(&[256])), Err(Reject::OutOfRange));
    assert_eq!(read(&layout, "text"), Err(Reject::WrongType));
    assert_eq!(read(&layout, Value::Nil), Err(Reject::WrongType));
    let lie = [&b"\x81\xa1v\xc6\xff\xff\xff\xff"[..], &b"\x81\xa1v\xdd\xff\xff\xff\xff"[..]];
    assert!(lie.iter().all(|lie| transcode(&decoder(&layout), lie) == Err(Reject::ArrayLength)));
    assert_eq!(transcode(&decoder(&layout), b"\x81\xa1v\xc4\x02\x01"), Err(Reject::Truncated));
}

#[test]
fn a_sum_is_verified_when_it_is_read_and_computed_when_it_is_written() {
    for kind in [Scalar::U8, Scalar::I8, Scalar::U16, Scalar::I32, Scalar::U64] {
        let live = Live { length: Some("len".into()), sum: Some("sum".into()), ..Live::default() };
        let layout = told(312, Type::Bytes(300), live, &[("len", 0, Scalar::U16), ("sum", 304, kind)]);
        let content: Vec<u8> = (0..270).map(|byte| byte as u8 | 0x40).collect();
        let sample = read(&layout, bytes(&content)).expect("is read");
        let sum = content.iter().map(|byte| u64::from(*byte)).sum::<u64>().to_le_bytes();
        assert_eq!(sample[304..304 + kind.size()], sum[..kind.size()]);
        assert_eq!(written(&layout, &sample), Ok(bytes(&content)));
        for (at, reason) in [(4, Reject::SumMismatch), (273, Reject::SumMismatch), (304, Reject::SumMismatch)] {
            let mut wrong = sample.clone();
            wrong[at] ^= 1;
            assert_eq!(written(&layout, &wrong), Err(reason), "{kind:?} {at}");
        }
        // What does not count is not summed up.
        let mut garbage = sample.clone();
        garbage[274..304].fill(0xee);
        assert_eq!(written(&layout, &garbage), Ok(bytes(&content)));
    }
}

#[test]
fn all_of_a_block_counts_if_only_its_sum_is_told() {
    let live = Live { sum: Some("sum".into()), ..Live::default() };
    let layout = told(7, Type::Bytes(3), live, &[("sum", 0, Scalar::U8)]);
    assert_eq!(read(&layout, bytes(&[200, 50, 10])), Ok(vec![4, 0, 0, 0, 200, 50, 10]));
    assert_eq!(read(&layout, bytes(&[1, 2])), Err(Reject::ArrayLength));
    assert_eq!(read(&layout, bytes(&[1, 2, 3, 4])), Err(Reject::ArrayLength));
    let encoder = encoder(&layout, Shape::Array);
    assert_eq!((encoder.fixed_output(), encoder.max_output()), (Some(6), Some(6)));
}

#[test]
fn records_fill_a_block_that_holds_a_rest() {
    let record = layout("Record", 3, 1, &[("a", 0, scalar(Scalar::U8)), ("b", 2, scalar(Scalar::U8))]);
    let live = Live { records: Some(record), count: Some("n".into()), sum: Some("sum".into()), ..Live::default() };
    let layout = told(12, Type::Bytes(8), live, &[("n", 0, Scalar::U8), ("sum", 1, Scalar::U8)]);
    let pair = |a: u8, b: u8| Value::Map(vec![("a".into(), a.into()), ("b".into(), b.into())]);
    assert_eq!(read(&layout, vec![pair(1, 2)]), Ok(vec![1, 3, 0, 0, 1, 0, 2, 0, 0, 0, 0, 0]));
    assert_eq!(read(&layout, vec![pair(1, 2), pair(3, 4)]), Ok(vec![2, 10, 0, 0, 1, 0, 2, 3, 0, 4, 0, 0]));
    assert_eq!(read(&layout, vec![pair(1, 2); 3]), Err(Reject::ArrayLength));
    assert_eq!(read(&layout, bytes(&[1, 2, 3])), Err(Reject::WrongType));
    // The padding of a record is part of the sum that an application tells.
    assert_eq!(written(&layout, &[1, 12, 0, 0, 1, 9, 2, 7, 7, 7, 7, 7]), Ok(vec![numbers(&[1, 2])].into()));
    assert_eq!(written(&layout, &[1, 3, 0, 0, 1, 9, 2, 7, 7, 7, 7, 7]), Err(Reject::SumMismatch));
}

#[test]
fn a_flag_is_0_or_1() {
    for stack in [Stack::Classic, Stack::Iceoryx2] {
        let container = Container::Optional(stack, scalar(Scalar::U16));
        let (parts, layout) = (container.parts(), one(Type::Container(Box::new(container))));
        for flag in 0..=255 {
            let mut sample = vec![7; parts.size];
            sample[parts.tag] = flag;
            let expected = match flag {
                0 => Ok(Value::Nil),
                1 => Ok(0x0707.into()),
                _ => Err(Reject::OutOfRange),
            };
            assert_eq!(written(&layout, &sample), expected);
            let measured = encoder(&layout, Shape::Map).measure(Input::from(sample.as_slice()));
            assert_eq!(measured.is_ok(), flag < 2);
        }
        assert_eq!(read(&layout, Value::Nil), Ok(vec![0; parts.size]));
        assert_eq!(read(&layout, "2"), Err(Reject::WrongType));
    }
}

#[test]
fn texts_end_as_they_should() {
    let text = |capacity, end| one(Type::Text(Text { capacity, end }));
    let padded = text(4, TextEnd::Padded(b' '));
    for (sample, shown) in [
        (b"ab  ", Ok("ab")),
        (b"ab\0 ", Ok("ab")),
        (b"a \0\0", Ok("a")),
        (b" a b", Ok(" a b")),
        (b"    ", Ok("")),
        (b"a\0b ", Err(Reject::InvalidText)),
        (b"ab\xff ", Err(Reject::InvalidText)),
    ] {
        assert_eq!(written(&padded, sample), shown.map(Value::from), "{sample:?}");
    }
    assert_eq!(read(&padded, "a"), Ok(b"a   ".to_vec()));
    assert_eq!(read(&padded, ""), Ok(b"    ".to_vec()));
    assert_eq!(read(&padded, "abcde"), Err(Reject::TextTooLong));
    assert_eq!(read(&padded, "a\0b"), Err(Reject::InvalidText));
    let terminated = text(4, TextEnd::Terminated);
    assert_eq!(written(&terminated, b"abc\0"), Ok("abc".into()));
    assert_eq!(written(&terminated, b"abcd"), Err(Reject::InvalidText));
    assert_eq!(read(&terminated, "abc"), Ok(b"abc\0".to_vec()));
    assert_eq!(read(&terminated, "abcd"), Err(Reject::TextTooLong));
    assert_eq!(read(&terminated, "a\0"), Err(Reject::InvalidText));
    let exact = text(4, TextEnd::Exact);
    assert_eq!(written(&exact, b"a\0c\0"), Ok("a\0c\0".into()));
    assert_eq!(read(&exact, "a\0c\0"), Ok(b"a\0c\0".to_vec()));
    assert_eq!(read(&exact, "abc"), Err(Reject::TextTooShort));
    assert_eq!(read(&exact, "abcde"), Err(Reject::TextTooLong));
    let fixed = encoder(&exact, Shape::Array);
    assert_eq!(fixed.max_output(), Some(1 + 5));
    let string = one(Type::Container(Box::new(Container::String(Stack::Classic, 4))));
    assert_eq!(written(&string, b"a\0cd\0\0\0\0\x03\0\0\0\0\0\0\0"), Ok("a\0c".into()));
    assert_eq!(written(&string, b"abcd!\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff"), Ok("abcd".into()));
    assert_eq!(read(&string, "abcd"), Ok(b"abcd\0\0\0\0\x04\0\0\0\0\0\0\0".to_vec()));
    assert_eq!(read(&string, "abcde"), Err(Reject::TextTooLong));
    // What neither stack's strings can hold is not written to them.
    assert_eq!(read(&string, "a\0c"), Err(Reject::InvalidText));
    assert_eq!(read(&string, "é"), Ok(b"\xc3\xa9\0\0\0\0\0\0\x02\0\0\0\0\0\0\0".to_vec()));
    let ascii = one(Type::Container(Box::new(Container::String(Stack::Iceoryx2, 4))));
    assert_eq!(read(&ascii, "é"), Err(Reject::InvalidText));
    assert_eq!(read(&ascii, "a\0"), Err(Reject::InvalidText));
    assert!(read(&ascii, "a\x01\x7fb").is_ok());
}

#[test]
fn bit_fields_hold_what_their_bits_can() {
    let bits = |ty, shift, width| one(Type::Bits(Box::new(Bits { ty, shift, width })));
    for (ty, shift, width, min, max) in [
        (Scalar::U8, 3, 5, 0, 31),
        (Scalar::I8, 0, 1, -1, 0),
        (Scalar::I32, 31, 1, -1, 0),
        (Scalar::I16, 5, 7, -64, 63),
        (Scalar::U64, 0, 63, 0, i64::MAX),
        (Scalar::I64, 0, 64, i64::MIN, i64::MAX),
        (Scalar::I64, 1, 63, i64::MIN / 2, i64::MAX / 2),
    ] {
        let layout = bits(scalar(ty), shift, width);
        for value in [min, min / 2, 0, max / 2, max] {
            let sample = read(&layout, value).expect("fits");
            let expected = ((value as u64) << (64 - width) >> (64 - width)) << shift;
            assert_eq!(sample, expected.to_le_bytes()[..ty.size()], "{ty:?} {shift} {width} {value}");
            assert_eq!(written(&layout, &sample), Ok(value.into()), "{ty:?} {shift} {width}");
            let most = encoder(&layout, Shape::Array).max_output().expect("known");
            assert!(transcode(&encoder(&layout, Shape::Array), &sample).expect("fits").len() <= most);
        }
        for value in [min.checked_sub(1), max.checked_add(1)].into_iter().flatten() {
            assert_eq!(read(&layout, value), Err(Reject::OutOfRange), "{ty:?} {shift} {width} {value}");
        }
    }
    let flag = bits(scalar(Scalar::Bool), 3, 1);
    assert_eq!(read(&flag, true), Ok(vec![8]));
    assert_eq!(written(&flag, &[0xf7]), Ok(false.into()));
    assert_eq!(read(&flag, 1), Err(Reject::WrongType));
    let side = bits(named(Scalar::U8, &[("Buy", 1), ("Sell", 2)], false), 2, 2);
    assert_eq!(read(&side, "Sell"), Ok(vec![8]));
    assert_eq!(read(&side, 2), Ok(vec![8]));
    assert_eq!(written(&side, &[0xf7]), Ok("Buy".into()));
    assert_eq!(written(&side, &[0xff]), Err(Reject::UnnamedValue));
    assert_eq!(read(&side, "Hold"), Err(Reject::UnknownName));
    assert_eq!(read(&side, 3), Err(Reject::UnnamedValue));
}
