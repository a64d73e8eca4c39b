//! Documents that are wrong, each with its reason; and bytes that are anything.

use proptest::prelude::*;
use serde_json::Value;

use super::super::derived::{Everything, one_everything};
use super::super::sample::{Random, Sample, layouts};
use super::random::document;
use super::*;
use crate::check::{check_json, everything};

fn point() -> Arc<Layout> {
    let inner = layout("Inner", 2, 1, &[("x", 0, scalar(Scalar::U8)), ("on", 1, scalar(Scalar::Bool))]);
    let numbers = Type::Array(Box::new(scalar(Scalar::I8)), 2);
    layout("Point", 8, 1, &[("a", 0, scalar(Scalar::U8)), ("in", 2, Type::Struct(inner)), ("n", 5, numbers)])
}

fn tolerant(on_unknown: OnUnknown, on_missing: OnMissing) -> Transcoder {
    both_ways(&point(), &FormatPlan::Json(Tolerance { on_unknown, on_missing, exact: false })).1
}

#[test]
fn each_mistake_has_its_reason() {
    let decoder = both_ways(&point(), &json()).1;
    let read = |text: &str| transcode(&decoder, text.as_bytes());
    let fine = Ok(vec![1, 0, 2, 1, 0, 3, 0xfc, 0]);
    assert_eq!(read(r#"{"a":1,"in":{"x":2,"on":true},"n":[3,-4]}"#), fine);
    assert_eq!(read(" {\r\n\"n\" : [ 3 , -4 ] , \"in\":{ \"on\" :true,\"x\":2 }\t, \"\\u0061\" : 1 } \n"), fine);
    for (text, reason) in [
        ("", Reject::Truncated),
        (" ", Reject::Truncated),
        ("[]", Reject::WrongType),
        ("null", Reject::WrongType),
        ("}", Reject::Malformed),
        ("\u{feff}{}", Reject::Malformed),
        ("{}", Reject::MissingField),
        ("{,}", Reject::Malformed),
        ("{a:1}", Reject::Malformed),
        ("{1:1}", Reject::Malformed),
        (r#"{"a" 1}"#, Reject::Malformed),
        (r#"{"a":}"#, Reject::Malformed),
        (r#"{"a":1,}"#, Reject::Malformed),
        (r#"{"a":1 "in":2}"#, Reject::Malformed),
        (r#"{"a":1;"in":2}"#, Reject::Malformed),
        (r#"{"a":1]"#, Reject::Malformed),
        (r#"{"a":1}"#, Reject::MissingField),
        (r#"{"a":1,"a":1}"#, Reject::DuplicateField),
        (r#"{"a":1,"\u0061":1}"#, Reject::DuplicateField),
        (r#"{"a":1,"b":1}"#, Reject::UnknownField),
        (r#"{"":1}"#, Reject::UnknownField),
        (r#"{"A":1}"#, Reject::UnknownField),
        (r#"{"a":null}"#, Reject::WrongType),
        (r#"{"a":[1]}"#, Reject::WrongType),
        (r#"{"a":256}"#, Reject::OutOfRange),
        (r#"{"a":1/*x*/}"#, Reject::Malformed),
        (r#"{"in":[2,true]}"#, Reject::WrongType),
        (r#"{"in":{"x":2}}"#, Reject::MissingField),
        (r#"{"in":{"x":2,"on":1}}"#, Reject::WrongType),
        (r#"{"in":{"x":2,"on":tru}}"#, Reject::Malformed),
        (r#"{"in":{"x":2,"on":True}}"#, Reject::Malformed),
        (r#"{"n":3}"#, Reject::WrongType),
        (r#"{"n":[]}"#, Reject::ArrayLength),
        (r#"{"n":[3]}"#, Reject::ArrayLength),
        (r#"{"n":[3,4,5]}"#, Reject::ArrayLength),
        (r#"{"n":[3,]}"#, Reject::Malformed),
        (r#"{"n":[,3]}"#, Reject::Malformed),
        (r#"{"n":[3 4]}"#, Reject::Malformed),
        (r#"{"n":[3}"#, Reject::Malformed),
        (r#"{"a":1,"in":{"x":2,"on":true},"n":[3,-4]}{"#, Reject::TrailingBytes),
        (r#"{"a":1,"in":{"x":2,"on":true},"n":[3,-4]}, "#, Reject::TrailingBytes),
        ("{\"a\":1,\"in\":{\"x\":2,\"on\":true},\"n\":[3,-4]}\0", Reject::TrailingBytes),
    ] {
        assert_eq!(read(text), Err(reason), "{text}");
    }
    let long = format!("{{\"{}\":1}}", "a".repeat(1000));
    assert_eq!(read(&long), Err(Reject::UnknownField));
}

#[test]
fn documents_may_lack_fields_or_have_more_where_that_is_said() {
    let zero = tolerant(OnUnknown::Reject, OnMissing::Zero);
    assert_eq!(transcode(&zero, b"{}"), Ok(vec![0; 8]));
    assert_eq!(transcode(&zero, br#"{"in":{"on":true}}"#), Ok(vec![0, 0, 0, 1, 0, 0, 0, 0]));
    assert_eq!(transcode(&zero, br#"{"b":1}"#), Err(Reject::UnknownField));
    assert_eq!(transcode(&zero, br#"{"n":[1]}"#), Err(Reject::ArrayLength));
    let both = tolerant(OnUnknown::Ignore, OnMissing::Zero);
    let read = |value: &str| transcode(&both, format!("{{\"u\":{value},\"a\":7}}").as_bytes());
    let fine = Ok(vec![7, 0, 0, 0, 0, 0, 0, 0]);
    for value in [
        "null",
        "true",
        "false",
        "-1.5e-7",
        "1e999",
        "\"\\ud83d\\ude00 \u{e9}\"",
        "[]",
        "{}",
        "[ ]",
        "{ }",
        "[[],{}]",
        "[1,\"]\",[2,{\"a\":[{}]}],{\"a\":{\"a\":1},\"a\":2}]",
        " { \"a\" : [ 1 , 2 ] , \"b\" : null } ",
    ] {
        assert_eq!(read(value), fine, "{value}");
    }
    for value in [
        "nul",
        "01",
        "1.",
        "[1,]",
        "[,]",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{a:1}",
        "[1}",
        "{\"a\":1]",
        "[1 2]",
        "\"\\x\"",
        "'a'",
        "}",
        "]",
        "[\"\t\"]",
        "{1:2}",
        "{,}",
        "",
    ] {
        assert_eq!(read(value), Err(Reject::Malformed), "{value}");
    }
    assert_eq!(read("\"\\ud800\""), Err(Reject::InvalidText));
    let nested = |levels: usize| format!("{}1{}", "[".repeat(levels), "]".repeat(levels));
    assert_eq!(read(&nested(128)), fine);
    assert_eq!(read(&nested(129)), Err(Reject::TooDeep));
    assert_eq!(read(&"[".repeat(1_000_000)), Err(Reject::TooDeep));
    assert_eq!(read(&format!("{}1{}", "{\"x\":[".repeat(64), "]}".repeat(64))), fine);
}

/// If `document` is accepted, what came of it must mean what serde_json says that `document` means.
fn accepted_means_the_same(layout: &Arc<Layout>, document: &[u8]) -> bool {
    let (encoder, decoder) = both_ways(layout, &json());
    let Ok(sample) = transcode(&decoder, document) else { return false };
    let written = transcode(&encoder, &sample).expect("what was read can be written");
    let given: Value = serde_json::from_slice(document).expect("what was read is JSON");
    let found: Value = serde_json::from_slice(&written).expect("what was written is JSON");
    assert!(equivalent(&given, &found), "{given}\nbecame\n{found}");
    true
}

/// Whether two values mean the same: `found` was written by the bridge, `given` by anybody.
fn equivalent(given: &Value, found: &Value) -> bool {
    match (given, found) {
        (Value::Object(given), Value::Object(found)) => {
            given.len() == found.len()
                && found.iter().all(|(key, found)| given.get(key).is_some_and(|given| equivalent(given, found)))
        }
        (Value::Array(given), Value::Array(found)) => {
            given.len() == found.len() && given.iter().zip(found).all(|(given, found)| equivalent(given, found))
        }
        (Value::Number(given), Value::Number(found)) => match (given.as_i128(), found.as_i128()) {
            (Some(given), Some(found)) => given == found,
            _ => {
                let (given, found) = (given.as_f64().expect("a number"), found.as_f64().expect("a number"));
                // Unless asked for more, serde_json is not exact in the last digits.
                (given - found).abs() <= 1e-15 * given.abs() || given as f32 == found as f32
            }
        },
        // The value of an enum by its number.
        (Value::Number(_), Value::String(name)) => {
            ["Buy", "Sell", "Tick", "Bar"].contains(&name.as_str()) || name.starts_with("AKind")
        }
        // Padding behind a text is not part of it.
        (Value::String(given), Value::String(found)) => given == found || given.trim_end_matches(' ') == found,
        (given, found) => given == found,
    }
}

/// A document of [`everything`], with the value that serde_json writes so.
fn valid() -> (Everything, Vec<u8>) {
    let mut value = one_everything(-4711, "t\"x\\y");
    value.matrix[1][1] = 0.1;
    let document = serde_json::to_vec(&value).expect("writes");
    (value, document)
}

#[test]
fn every_mutation_of_every_byte_is_rejected_or_understood() {
    let layout = everything();
    let (_, original) = valid();
    let (encoder, decoder) = both_ways(&layout, &json());
    let fits = |text: &str, len: usize| text.len() <= len && !text.contains('\0');
    let (mut accepted, mut derived) = (0, 0);
    for at in 0..original.len() {
        for byte in 0..=255 {
            let mut document = original.clone();
            document[at] = byte;
            check_json(&document);
            accepted += usize::from(accepted_means_the_same(&layout, &document));
            // Whatever a derived type reads, and has room in the layout, is read here with the same outcome.
            let Ok(value) = serde_json::from_slice::<Everything>(&document) else { continue };
            // Beyond the range of a float serde_json says infinite.
            let is_finite = value.matrix.iter().flatten().all(|float| float.is_finite());
            if is_finite
                && fits(&value.text, 5)
                && fits(&value.long_text, 40)
                && value.texts.iter().all(|text| fits(text, 2))
                && fits(value.padded.trim_end_matches(' '), 6)
                && fits(&value.terminated, 5)
                && value.exact.len() == 3
                && value.string.len() <= 6
                && value.vector.len() <= 2
                && value.records.len() <= 2
                && (-16..16).contains(&value.signed_bits)
            {
                derived += 1;
                let sample = transcode(&decoder, &document).expect("is read");
                let again = transcode(&encoder, &sample).expect("is written");
                let again = serde_json::from_slice(&again).expect("JSON");
                assert!(
                    equivalent(&serde_json::to_value(&value).expect("writes"), &again),
                    "{value:?}\nbecame\n{again}"
                );
            }
        }
    }
    assert!(accepted > original.len() && derived > original.len(), "only {accepted} and {derived} were accepted");
}

#[test]
fn every_prefix_is_truncated() {
    let decoder = both_ways(&everything(), &json()).1;
    let (_, document) = valid();
    assert!(transcode(&decoder, &document).is_ok());
    for len in 0..document.len() {
        assert_eq!(transcode(&decoder, &document[..len]), Err(Reject::Truncated), "{len}");
    }
}

proptest! {
    #[test]
    fn mutated_documents_of_random_layouts_are_survived(
        layout in layouts(), seed: u64, cuts in proptest::collection::vec((any::<u32>(), any::<u8>()), 1..4)
    ) {
        let sample = Sample::random(&layout, &mut Random::new(seed));
        let Some(text) = document(&sample.value) else { return Ok(()) };
        let mut document = text.into_bytes();
        for (at, byte) in cuts {
            let at = at as usize % document.len();
            document[at] = byte;
        }
        let tolerance = Tolerance { on_unknown: OnUnknown::Ignore, on_missing: OnMissing::Zero, exact: false };
        for format in [json(), FormatPlan::Json(tolerance)] {
            let (encoder, decoder) = both_ways(&layout, &format);
            if let Ok(sample) = transcode(&decoder, &document) {
                // A number that is passed over may be beyond what serde_json keeps of one.
                if let Err(error) = serde_json::from_slice::<Value>(&document) {
                    prop_assert!(error.to_string().contains("number out of range"), "{}", error);
                }
                prop_assert!(transcode(&encoder, &sample).is_ok());
            }
        }
    }

    #[test]
    fn any_bytes_are_survived(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        check_json(&bytes);
    }

    #[test]
    fn what_is_passed_over_is_judged_as_serde_json_does(
        parts in proptest::collection::vec(proptest::sample::select(vec![
            "{", "}", "[", "]", ",", ":", "\"a\"", "\"", "1", "-", "0", ".5", "e1", "true", "null", " ", "{}", "[]", "\"a\":1", "[1,2]",
        ]), 1..12)
    ) {
        let text = format!("{{\"u\":{},\"a\":7}}", parts.concat());
        let both = tolerant(OnUnknown::Ignore, OnMissing::Zero);
        let found = transcode(&both, text.as_bytes());
        let expected = serde_json::from_str::<Value>(&text);
        match found {
            Ok(_) => prop_assert!(expected.is_ok(), "{}", text),
            Err(Reject::Malformed) | Err(Reject::Truncated) => prop_assert!(expected.is_err(), "{}", text),
            Err(_) => {}
        }
    }
}
