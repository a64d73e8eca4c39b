//! Random values, in both directions.

use proptest::prelude::*;

use super::super::json::{document, loosely};
use super::super::sample::Random;
use super::*;

/// Values that both formats can say; with byte blocks and floats of 32 bits, MessagePack only.
fn values(is_msgpack: bool) -> impl Strategy<Value = Value> {
    let finite = || any::<f64>().prop_filter("finite", |float| float.is_finite());
    let text = || prop_oneof![8 => "\\PC{0,40}", 1 => "[\\x00-\\x7f]{0,40}", 1 => "[a-z\u{e9}]{250,300}"];
    let leaf = prop_oneof![
        1 => Just(Value::Nil),
        1 => any::<bool>().prop_map(Value::from),
        6 => any::<u64>().prop_map(|seed| (Random::new(seed).next() >> (seed % 64)).into()),
        6 => any::<u64>().prop_map(|seed| ((Random::new(seed).next() as i64) >> (seed % 64)).into()),
        4 => finite().prop_map(Value::from),
        2 => any::<i32>().prop_map(|value| Value::from(f64::from(value))),
        6 => text().prop_map(Value::from),
        if is_msgpack { 2 } else { 0 } => proptest::collection::vec(any::<u8>(), 0..40).prop_map(Value::Binary),
        if is_msgpack { 2 } else { 0 } => any::<f32>().prop_filter("finite", |float| float.is_finite()).prop_map(Value::F32),
    ];
    leaf.prop_recursive(6, 96, 20, move |inner| {
        let entry = (prop_oneof![9 => "[a-z\"\u{e9}]{0,40}", 1 => "[a-c]"].prop_map(Value::from), inner.clone());
        prop_oneof![
            proptest::collection::vec(inner, 0..20).prop_map(Value::Array),
            proptest::collection::vec(entry, 0..20).prop_map(Value::Map),
        ]
    })
}

/// The same value as MessagePack has it that comes from JSON.
fn through_json(value: &Value) -> Value {
    match value {
        Value::Binary(bytes) => Value::Array(bytes.iter().map(|byte| Value::from(*byte)).collect()),
        // Of two shortest spellings that are equally near, serde_json and std do not choose the same.
        Value::F32(float) => serde_json::to_string(float).expect("finite").parse::<f64>().expect("a number").into(),
        Value::Array(elements) => Value::Array(elements.iter().map(through_json).collect()),
        Value::Map(entries) => {
            Value::Map(entries.iter().map(|(key, value)| (key.clone(), through_json(value))).collect())
        }
        other => other.clone(),
    }
}

proptest! {
    #[test]
    fn msgpack_becomes_what_serde_json_writes_and_comes_back(value in values(true)) {
        let text = to_json(&encoded(&value)).expect("is written");
        prop_assert_eq!(&text, &document(&value).expect("finite"));
        prop_assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok());
        prop_assert_eq!(to_msgpack(&text), Ok(encoded(&through_json(&value))));
    }

    #[test]
    fn json_in_any_spelling_becomes_what_rmpv_writes(value in values(false), seed: u64) {
        let text = loosely(&value, &mut Random::new(seed), false);
        let mut ordered = value.clone();
        // Entries were shuffled.
        let found = decoded(&to_msgpack(&text).expect("is written")).expect("MessagePack");
        let mut sorted = found.clone();
        sort(&mut ordered);
        sort(&mut sorted);
        prop_assert_eq!(ordered, sorted, "{}", text);
        prop_assert_eq!(to_msgpack(&text), Ok(encoded(&found)), "in the shortest form");
    }

    #[test]
    fn a_document_goes_only_into_its_exact_length(value in values(true)) {
        let document = encoded(&value);
        let text = to_json(&document).expect("is written");
        for (transcoder, input) in [(TO_JSON, document.as_slice()), (TO_MSGPACK, text.as_bytes())] {
            let input = Input::from(input);
            let len = transcoder.measure(input).expect("measures");
            for wrong in [0, 1, len / 2, len.saturating_sub(9), len - 1, len + 1, len + 30] {
                if wrong != len {
                    prop_assert_eq!(guarded(transcoder, input, wrong).0, Err(Reject::SourceChanged));
                }
            }
        }
    }
}

/// Orders the entries of all maps, by key and then by value.
fn sort(value: &mut Value) {
    match value {
        Value::Map(entries) => {
            entries.iter_mut().for_each(|(_, value)| sort(value));
            entries.sort_by_key(|entry| encoded(&Value::Array(vec![entry.0.clone(), entry.1.clone()])));
        }
        Value::Array(elements) => elements.iter_mut().for_each(sort),
        _ => {}
    }
}
