//! Enums: names where there are some, integers where an enum is open, and nothing else.

use rmpv::Value;

use super::sample::encoded;
use super::*;

const SIDES: &[(&str, i128)] = &[("Buy", 1), ("Sell", 2)];

/// A layout with one enum after a byte of padding.
fn one(repr: Scalar, values: &[(&str, i128)], open: bool) -> Arc<Layout> {
    layout("One", 1 + repr.size(), 1, &[("v", 1, named(repr, values, open))])
}

fn read(layout: &Arc<Layout>, value: impl Into<Value>) -> Result<Vec<u8>, Reject> {
    let document = encoded(&Value::Map(vec![("v".into(), value.into())]));
    transcode(&decoder(layout), &document).map(|sample| sample[1..].to_vec())
}

fn written(layout: &Arc<Layout>, value: &[u8]) -> Result<Value, Reject> {
    let document = transcode(&encoder(layout, Shape::Array), &[&[9], value].concat())?;
    let value = rmpv::decode::read_value(&mut document.as_slice()).expect("MessagePack");
    Ok(value.as_array().expect("an array")[0].clone())
}

#[test]
fn a_closed_enum_has_its_names_and_nothing_else() {
    let side = one(Scalar::U8, SIDES, false);
    assert_eq!(written(&side, &[1]), Ok("Buy".into()));
    assert_eq!(written(&side, &[2]), Ok("Sell".into()));
    assert_eq!(written(&side, &[0]), Err(Reject::UnnamedValue));
    assert_eq!(written(&side, &[3]), Err(Reject::UnnamedValue));
    assert_eq!(read(&side, "Buy"), Ok(vec![1]));
    assert_eq!(read(&side, "Sell"), Ok(vec![2]));
    for text in ["", "B", "Bu", "Buyy", "buy", "Sel", "Sold", "Z"] {
        assert_eq!(read(&side, text), Err(Reject::UnknownName), "{text}");
    }
    assert_eq!(read(&side, 1), Ok(vec![1]));
    assert_eq!(read(&side, 2.0), Ok(vec![2]));
    assert_eq!(read(&side, 2.5), Err(Reject::OutOfRange));
    for number in [0, 3, 257, -1, i64::MIN] {
        assert_eq!(read(&side, number), Err(Reject::UnnamedValue), "{number}");
    }
    for other in [Value::Nil, true.into(), Value::Binary(b"Buy".to_vec()), vec![Value::from(1)].into()] {
        assert_eq!(read(&side, other), Err(Reject::WrongType));
    }
}

#[test]
fn an_open_enum_takes_any_integer_of_its_type() {
    let side = one(Scalar::U8, SIDES, true);
    assert_eq!(written(&side, &[1]), Ok("Buy".into()));
    assert_eq!(written(&side, &[0]), Ok(0.into()));
    assert_eq!(written(&side, &[255]), Ok(255.into()));
    assert_eq!(read(&side, "Sell"), Ok(vec![2]));
    assert_eq!(read(&side, "Sold"), Err(Reject::UnknownName));
    assert_eq!(read(&side, 255), Ok(vec![255]));
    assert_eq!(read(&side, 256), Err(Reject::OutOfRange));
    assert_eq!(read(&side, -1), Err(Reject::OutOfRange));
}

#[test]
fn every_integer_type_can_hold_an_enum() {
    use Scalar::{I8, I16, I32, I64, U8, U16, U32, U64};
    for repr in [U8, U16, U32, U64, I8, I16, I32, I64] {
        let (min, max) = repr.integer_range().expect("an integer");
        for open in [false, true] {
            let layout = one(repr, &[("Least", min), ("Most", max), ("Some", 77)], open);
            for (name, value) in [("Least", min), ("Most", max), ("Some", 77)] {
                let mut bytes = value.to_le_bytes()[..repr.size()].to_vec();
                if cfg!(target_endian = "big") {
                    bytes.reverse();
                }
                assert_eq!(written(&layout, &bytes), Ok(name.into()), "{repr:?}");
                assert_eq!(read(&layout, name), Ok(bytes.clone()), "{repr:?}");
                let number = i64::try_from(value).map_or_else(|_| (value as u64).into(), Value::from);
                assert_eq!(read(&layout, number), Ok(bytes), "{repr:?}");
            }
        }
    }
}

#[test]
fn the_announced_lengths_are_those_of_the_names() {
    let side = encoder(&one(Scalar::U64, SIDES, false), Shape::Array);
    assert_eq!((side.fixed_output(), side.max_output()), (None, Some(1 + 5)));
    let same = encoder(&one(Scalar::U8, &[("Up", 1), ("On", 2)], false), Shape::Array);
    assert_eq!((same.fixed_output(), same.max_output()), (Some(1 + 3), Some(1 + 3)));
    let open = encoder(&one(Scalar::U64, SIDES, true), Shape::Array);
    assert_eq!((open.fixed_output(), open.max_output()), (None, Some(1 + 9)));
}

#[test]
fn a_struct_with_an_enum_is_copied_to_one_with_the_same_names() {
    let compile = |from: &Arc<Layout>, to: &Arc<Layout>| {
        Transcoder::compile(&FormatPlan::Struct(Arc::clone(from)), &FormatPlan::Struct(Arc::clone(to)))
    };
    let side = one(Scalar::U8, SIDES, false);
    assert!(compile(&side, &one(Scalar::U8, SIDES, false)).is_ok_and(|copy| copy.is_copy()));
    assert!(compile(&side, &one(Scalar::U8, &[("Buy", 2), ("Sell", 1)], false)).is_ok_and(|other| !other.is_copy()));
    assert!(compile(&side, &one(Scalar::I8, SIDES, false)).is_ok_and(|other| !other.is_copy()));
}
