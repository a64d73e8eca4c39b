//! The same value in other clothes: keys in any order, wider headers and integers than needed, floats where integers
//! would do and integers where floats are expected. All of it is read, nothing is lost.

use proptest::prelude::*;
use rmpv::Value;

use super::sample::{Random, Sample, encoded, layouts};
use super::*;

/// Writes `value` as another encoder might have.
fn loosely(value: &Value, random: &mut Random, out: &mut Vec<u8>) {
    match value {
        Value::Map(entries) if random.within(0..=4) == 0 => {
            header(out, random, entries.len(), Some((0x90, 16)), [None, Some(0xdc), Some(0xdd)]);
            entries.iter().for_each(|(_, value)| loosely(value, random, out));
        }
        Value::Map(entries) => {
            header(out, random, entries.len(), Some((0x80, 16)), [None, Some(0xde), Some(0xdf)]);
            let mut rest: Vec<_> = entries.iter().collect();
            let shuffle = random.within(0..=1) == 1;
            while !rest.is_empty() {
                let (key, value) = rest.remove(if shuffle { random.within(0..=rest.len() - 1) } else { 0 });
                loosely(key, random, out);
                loosely(value, random, out);
            }
        }
        Value::Array(elements) => {
            header(out, random, elements.len(), Some((0x90, 16)), [None, Some(0xdc), Some(0xdd)]);
            elements.iter().for_each(|element| loosely(element, random, out));
        }
        Value::Binary(bytes) if random.within(0..=2) == 0 => {
            let elements = bytes.iter().map(|byte| Value::from(*byte)).collect();
            loosely(&Value::Array(elements), random, out);
        }
        Value::Binary(bytes) => {
            header(out, random, bytes.len(), None, [Some(0xc4), Some(0xc5), Some(0xc6)]);
            out.extend(bytes);
        }
        Value::String(text) => {
            let bytes = text.as_bytes();
            header(out, random, bytes.len(), Some((0xa0, 32)), [Some(0xd9), Some(0xda), Some(0xdb)]);
            out.extend(bytes);
        }
        Value::Integer(integer) => {
            let number = integer.as_i64().map(i128::from).or(integer.as_u64().map(i128::from)).expect("an integer");
            any_number(number, out, random);
        }
        Value::F32(float)
            if float.fract() == 0.0 && float.abs() < 1e18 && !(*float == 0.0 && float.is_sign_negative()) =>
        {
            any_number(*float as i128, out, random);
        }
        Value::F64(float)
            if float.fract() == 0.0 && float.abs() < 1e18 && !(*float == 0.0 && float.is_sign_negative()) =>
        {
            any_number(*float as i128, out, random);
        }
        // A signaling NaN becomes a quiet one when it is widened; that is not this test's concern.
        Value::F32(float) if !float.is_nan() && random.within(0..=1) == 1 => {
            rmp::encode::write_f64(out, f64::from(*float)).expect("writes");
        }
        other => rmpv::encode::write_value(out, other).expect("writes"),
    }
}

/// One of the encodings in which `number` loses nothing.
fn any_number(number: i128, out: &mut Vec<u8>, random: &mut Random) {
    let mut all: Vec<Vec<u8>> = Vec::new();
    let with = |marker: u8, tail: &[u8]| [&[marker], tail].concat();
    if (-32..128).contains(&number) {
        all.push(vec![number as u8]);
    }
    if let Ok(byte) = u8::try_from(number) {
        all.push(with(0xcc, &byte.to_be_bytes()));
    }
    if let Ok(short) = u16::try_from(number) {
        all.push(with(0xcd, &short.to_be_bytes()));
    }
    if let Ok(word) = u32::try_from(number) {
        all.push(with(0xce, &word.to_be_bytes()));
    }
    if let Ok(long) = u64::try_from(number) {
        all.push(with(0xcf, &long.to_be_bytes()));
    }
    if let Ok(byte) = i8::try_from(number) {
        all.push(with(0xd0, &byte.to_be_bytes()));
    }
    if let Ok(short) = i16::try_from(number) {
        all.push(with(0xd1, &short.to_be_bytes()));
    }
    if let Ok(word) = i32::try_from(number) {
        all.push(with(0xd2, &word.to_be_bytes()));
    }
    if let Ok(long) = i64::try_from(number) {
        all.push(with(0xd3, &long.to_be_bytes()));
    }
    if number as f32 as i128 == number {
        all.push(with(0xca, &(number as f32).to_be_bytes()));
    }
    if number as f64 as i128 == number {
        all.push(with(0xcb, &(number as f64).to_be_bytes()));
    }
    out.extend(&all[random.within(0..=all.len() - 1)]);
}

/// A header of a random width that holds `len`; `wide` are the markers for lengths of 1, 2 and 4 bytes.
fn header(out: &mut Vec<u8>, random: &mut Random, len: usize, fix: Option<(u8, usize)>, wide: [Option<u8>; 3]) {
    let mut all: Vec<Vec<u8>> = Vec::new();
    if let Some((marker, _)) = fix.filter(|(_, limit)| len < *limit) {
        all.push(vec![marker | len as u8]);
    }
    for (marker, width) in wide.into_iter().zip([1, 2, 4]) {
        if let Some(marker) = marker.filter(|_| len < 1 << (8 * width)) {
            all.push([&[marker], &(len as u32).to_be_bytes()[4 - width..]].concat());
        }
    }
    out.extend(&all[random.within(0..=all.len() - 1)]);
}

proptest! {
    #[test]
    fn any_encoding_of_a_value_is_read(layout in layouts(), seed: u64) {
        let mut random = Random::new(seed);
        let sample = Sample::random(&layout, &mut random);
        let mut document = Vec::new();
        loosely(&sample.value, &mut random, &mut document);
        prop_assert_eq!(transcode(&decoder(&layout), &document), Ok(sample.clean));
    }
}

/// Whether a document that holds only `value` is read into a field of this type, and what stands there then.
fn read_one<const N: usize>(ty: Type, value: &[u8]) -> Result<[u8; N], Reject> {
    let layout = layout("One", N, 1, &[("v", 0, ty)]);
    let document = [&[0x81, 0xa1, b'v'], value].concat();
    transcode(&decoder(&layout), &document).map(|bytes| bytes.try_into().expect("of the layout's size"))
}

fn number(number: impl Into<Value>) -> Vec<u8> {
    encoded(&number.into())
}

#[test]
fn numbers_go_where_nothing_is_lost() {
    let one = |kind, value: Vec<u8>| match kind {
        Scalar::U8 | Scalar::I8 | Scalar::Bool => read_one::<1>(scalar(kind), &value).map(Vec::from),
        Scalar::U16 | Scalar::I16 => read_one::<2>(scalar(kind), &value).map(Vec::from),
        Scalar::U32 | Scalar::I32 | Scalar::F32 => read_one::<4>(scalar(kind), &value).map(Vec::from),
        Scalar::U64 | Scalar::I64 | Scalar::F64 => read_one::<8>(scalar(kind), &value).map(Vec::from),
    };
    let out_of_range = Err(Reject::OutOfRange);
    for (kind, min, max) in [
        (Scalar::U8, 0, i128::from(u8::MAX)),
        (Scalar::U16, 0, u16::MAX.into()),
        (Scalar::U32, 0, u32::MAX.into()),
        (Scalar::U64, 0, u64::MAX.into()),
        (Scalar::I8, i8::MIN.into(), i8::MAX.into()),
        (Scalar::I16, i16::MIN.into(), i16::MAX.into()),
        (Scalar::I32, i32::MIN.into(), i32::MAX.into()),
        (Scalar::I64, i64::MIN.into(), i64::MAX.into()),
    ] {
        let encode = |value: i128| match i64::try_from(value) {
            Ok(value) => Some(number(value)),
            Err(_) => u64::try_from(value).ok().map(number),
        };
        for value in [min, max, 0, 1, 100] {
            let expected = value.to_ne_bytes()[..kind.size()].to_vec();
            assert_eq!(one(kind, encode(value).expect("fits")), Ok(expected), "{value} into {kind:?}");
        }
        for value in [min - 1, max + 1].into_iter().filter_map(encode) {
            assert_eq!(one(kind, value), out_of_range, "into {kind:?}");
        }
        for float in [0.5, f64::NAN, f64::INFINITY, -1e300, (max as f64) * 2.0 + 2.0, (min as f64) * 2.0 - 2.0] {
            assert_eq!(one(kind, number(float)), out_of_range, "{float} into {kind:?}");
        }
        assert_eq!(one(kind, number(100.0_f32)), one(kind, number(100)));
        assert_eq!(one(kind, number(-0.0_f64)), one(kind, number(0)));
        assert_eq!(one(kind, number(true)), Err(Reject::WrongType));
        assert_eq!(one(kind, number("1")), Err(Reject::WrongType));
        assert_eq!(one(kind, number(Value::Nil)), Err(Reject::WrongType));
    }
    let nearly = (1_i64 << 53) + 1;
    assert_eq!(one(Scalar::F64, number(1_i64 << 53)), Ok(9_007_199_254_740_992.0_f64.to_ne_bytes().to_vec()));
    assert_eq!(one(Scalar::F64, number(u64::MAX)), out_of_range);
    assert_eq!(one(Scalar::F64, number(nearly)), out_of_range);
    assert_eq!(one(Scalar::F64, number(-nearly)), out_of_range);
    assert_eq!(one(Scalar::F64, number(i64::MIN)), Ok((-9_223_372_036_854_775_808.0_f64).to_ne_bytes().to_vec()));
    assert_eq!(one(Scalar::F64, number(0.1_f32)), Ok(f64::from(0.1_f32).to_ne_bytes().to_vec()));
    assert_eq!(one(Scalar::F32, number(0.5_f64)), Ok(0.5_f32.to_ne_bytes().to_vec()));
    // Rounded to the nearest, for Python, JavaScript and Go, which write doubles alone.
    for double in [0.1_f64, -1e-30, 1e-50, f64::from(f32::MAX) * 1.000_000_01, core::f64::consts::PI] {
        assert_eq!(one(Scalar::F32, number(double)), Ok((double as f32).to_ne_bytes().to_vec()), "{double}");
    }
    assert_eq!(one(Scalar::F32, number(f64::from(f32::MAX) * 1.000_001)), out_of_range);
    assert_eq!(one(Scalar::F32, number(1e300_f64)), out_of_range);
    assert_eq!(one(Scalar::F32, number((1 << 24) + 1)), out_of_range);
    assert_eq!(one(Scalar::F32, number(f64::INFINITY)), Ok(f32::INFINITY.to_ne_bytes().to_vec()));
    let nan = one(Scalar::F32, number(f64::NAN)).expect("NaN is a float");
    assert!(f32::from_ne_bytes(nan.try_into().expect("4 bytes")).is_nan());
    assert_eq!(one(Scalar::Bool, number(true)), Ok(vec![1]));
    assert_eq!(one(Scalar::Bool, number(1)), Err(Reject::WrongType));
}
