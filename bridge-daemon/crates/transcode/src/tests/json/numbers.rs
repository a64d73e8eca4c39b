//! Numbers: integers exactly however they are written, floats as core reads them.

use proptest::prelude::*;

use super::*;

fn integer(kind: Scalar, text: &str) -> Result<i128, Reject> {
    let mut bytes = read_one(scalar(kind), text)?;
    if cfg!(target_endian = "big") {
        bytes.reverse();
    }
    let (min, _) = kind.integer_range().expect("an integer");
    let is_negative = min < 0 && bytes.last().is_some_and(|byte| *byte >= 0x80);
    bytes.resize(16, if is_negative { 0xff } else { 0 });
    Ok(i128::from_le_bytes(bytes.try_into().expect("16 bytes")))
}

fn double(text: &str) -> Result<f64, Reject> {
    Ok(f64::from_ne_bytes(read_one(scalar(Scalar::F64), text)?.try_into().expect("8 bytes")))
}

fn float(text: &str) -> Result<f32, Reject> {
    Ok(f32::from_ne_bytes(read_one(scalar(Scalar::F32), text)?.try_into().expect("4 bytes")))
}

#[test]
fn integers_are_exact_in_every_spelling() {
    use Scalar::{I8, I16, I32, I64, U8, U16, U32, U64};
    for kind in [U8, U16, U32, U64, I8, I16, I32, I64] {
        let (min, max) = kind.integer_range().expect("an integer");
        for value in [min, max, 0, 1, 10, 100] {
            let spellings = [
                format!("{value}"),
                format!("{value}.0"),
                format!("{value}.000000000000000000000000000000"),
                format!("{value}e0"),
                format!("{value}0E-1"),
                format!("{value}000000000000000000000000000000e-30"),
                format!("{value}.0e+00"),
            ];
            // A number does not begin with two zeros.
            for text in spellings.iter().filter(|text| !text.starts_with("00")) {
                assert_eq!(integer(kind, text), Ok(value), "{text} into {kind:?}");
            }
        }
        for value in [min - 1, max + 1, max * 10, i128::from(u64::MAX) * 1000] {
            assert_eq!(integer(kind, &value.to_string()), Err(Reject::OutOfRange), "{value} into {kind:?}");
        }
        for text in [
            "0.5",
            "1e-1",
            "1e400",
            "1e99999999999999999999",
            "1.00000000000000000000000000001",
            "9e18446744073709551616",
        ] {
            assert_eq!(integer(kind, text), Err(Reject::OutOfRange), "{text} into {kind:?}");
        }
        for (text, value) in
            [("0e99999999999999999999", 0), ("-0", 0), ("-0.0", 0), ("1e1", 10), ("0.00012e6", 120), ("1.2E2", 120)]
        {
            assert_eq!(integer(kind, text), Ok(value), "{text} into {kind:?}");
        }
    }
    assert_eq!(integer(U64, "18446744073709551615"), Ok(u64::MAX.into()));
    assert_eq!(integer(U64, "1.8446744073709551615e19"), Ok(u64::MAX.into()));
    assert_eq!(integer(U64, "18446744073709551616"), Err(Reject::OutOfRange));
    let long = format!("1{}", "0".repeat(2000));
    assert_eq!(integer(U64, &long), Err(Reject::OutOfRange));
    assert_eq!(integer(U64, &format!("{long}e-2000")), Ok(1));
    assert_eq!(integer(U64, &format!("0.{}1e2000", "0".repeat(1999))), Ok(1));
    assert_eq!(integer(U64, &format!("1.{}1", "0".repeat(2000))), Err(Reject::OutOfRange));
}

#[test]
fn what_is_no_number_is_no_number() {
    for text in [
        "01", "-", "-a", "+1", ".5", "1.", "1.e1", "1e", "1e+", "1e-x", "0x10", "1_000", "00", "-01", "1.5.5", "1e5e5",
        "1e1.5", "--1",
    ] {
        assert!(integer(Scalar::I64, text).is_err(), "{text}");
        for kind in [Scalar::F64, Scalar::F32] {
            assert_eq!(read_one(scalar(kind), text), Err(Reject::Malformed), "{text} into {kind:?}");
        }
    }
    for text in ["NaN", "Infinity", "-Infinity", "inf"] {
        assert!(matches!(double(text), Err(Reject::Malformed)), "{text}");
    }
    for text in ["\"1\"", "null", "true", "[1]", "{}"] {
        assert_eq!(double(text), Err(Reject::WrongType), "{text}");
        assert_eq!(integer(Scalar::U8, text), Err(Reject::WrongType), "{text}");
    }
}

#[test]
fn floats_are_rounded_correctly() {
    for text in [
        "0",
        "-0",
        "0.0",
        "-0.0",
        "5",
        "-5",
        "0.1",
        "1e22",
        "1e23",
        "123456789012345680000",
        "9007199254740993",
        "9007199254740992.99999999999999999999",
        "1.7976931348623157e308",
        "2.2250738585072011e-308",
        "5e-324",
        "2e-324",
        "1e-999",
        "0e999",
        "18446744073709551615",
        "99999999999999999999999",
        "3.4028234e38",
        "1.17549429e-38",
        "0.3e-44",
    ] {
        let expected: f64 = text.parse().expect("a number");
        assert_eq!(double(text).map(f64::to_bits), Ok(expected.to_bits()), "{text}");
        if let Some(expected) = text.parse().ok().filter(|float: &f32| float.is_finite()) {
            assert_eq!(float(text).map(f32::to_bits), Ok(expected.to_bits()), "{text}");
        }
    }
    // Half way between two doubles, and a little more, the difference far beyond the digits that are kept.
    let half = "1.00000000000000011102230246251565404236316680908203125";
    assert_eq!(double(half), Ok(1.0));
    let more = format!("{half}{}1", "0".repeat(3000));
    assert_eq!(double(&more), Ok(1.0 + f64::EPSILON));
    assert_eq!(double(&format!("{}e-1", more.replacen("1.0", "10.", 1))), Ok(1.0 + f64::EPSILON));
    for text in ["1e309", "-1e309", "1e99999999999999999999", &"9".repeat(400)] {
        assert_eq!(double(text), Err(Reject::OutOfRange), "{text}");
    }
    assert_eq!(float("3.5e38"), Err(Reject::OutOfRange));
    assert_eq!(float("1e300"), Err(Reject::OutOfRange));
    // Rounded once, not by way of a double.
    assert_eq!(float("1.00000017881393432617187499"), Ok(1.000_000_1));
}

#[test]
fn floats_that_json_has_no_word_for_are_rejected() {
    for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        assert_eq!(write_one(scalar(Scalar::F64), &value.to_ne_bytes()), Err(Reject::NotFinite));
        assert_eq!(write_one(scalar(Scalar::F32), &(value as f32).to_ne_bytes()), Err(Reject::NotFinite));
    }
}

proptest! {
    #[test]
    fn doubles_are_written_as_serde_json_writes_them_and_read_back(bits: u64) {
        let value = f64::from_bits(bits);
        prop_assume!(value.is_finite());
        let text = write_one(scalar(Scalar::F64), &value.to_ne_bytes()).expect("is written");
        prop_assert_eq!(&text, &serde_json::to_string(&value).expect("writes"));
        prop_assert_eq!(double(&text).map(f64::to_bits), Ok(bits));
    }

    #[test]
    fn floats_are_written_as_serde_json_writes_them_and_read_back(bits: u32) {
        let value = f32::from_bits(bits);
        prop_assume!(value.is_finite());
        let text = write_one(scalar(Scalar::F32), &value.to_ne_bytes()).expect("is written");
        prop_assert_eq!(&text, &serde_json::to_string(&value).expect("writes"));
        prop_assert_eq!(float(&text).map(f32::to_bits), Ok(bits));
    }

    #[test]
    fn any_decimal_is_what_core_reads(text in "-?(0|[1-9][0-9]{0,40})(\\.[0-9]{1,40})?([eE][+-]?[0-9]{1,3})?") {
        let expected: f64 = text.parse().expect("a number");
        let expected = if expected.is_finite() { Ok(expected.to_bits()) } else { Err(Reject::OutOfRange) };
        prop_assert_eq!(double(&text).map(f64::to_bits), expected);
        let expected: f32 = text.parse().expect("a number");
        let expected = if expected.is_finite() { Ok(expected.to_bits()) } else { Err(Reject::OutOfRange) };
        prop_assert_eq!(float(&text).map(f32::to_bits), expected);
    }

    #[test]
    fn long_decimals_are_what_core_reads(digits in "[1-9][0-9]{700,1600}", point in 0_usize..700, exponent in -400_i32..400) {
        let text = format!("{}.{}e{exponent}", &digits[..=point], &digits[point + 1..]);
        let expected: f64 = text.parse().expect("a number");
        let expected = if expected.is_finite() { Ok(expected.to_bits()) } else { Err(Reject::OutOfRange) };
        prop_assert_eq!(double(&text).map(f64::to_bits), expected);
    }
}
