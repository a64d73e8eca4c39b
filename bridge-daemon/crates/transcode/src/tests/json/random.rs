//! Random samples of random layouts, against serde_json.

use proptest::prelude::*;
use rmpv::Value;

use super::super::sample::{Random, Sample, layouts};
use super::*;

/// What serde_json writes for a sample's value; `None` if it holds a float that JSON has no word for.
pub(in super::super) fn document(value: &Value) -> Option<String> {
    let list = |parts: Vec<String>, open, close| format!("{open}{}{close}", parts.join(","));
    let quoted = |text: &str| serde_json::to_string(text).expect("writes");
    Some(match value {
        Value::Map(entries) => {
            let entry = |(key, value): &(Value, Value)| {
                Some(format!("{}:{}", quoted(key.as_str().expect("a name")), document(value)?))
            };
            list(entries.iter().map(entry).collect::<Option<_>>()?, '{', '}')
        }
        Value::Array(elements) => list(elements.iter().map(document).collect::<Option<_>>()?, '[', ']'),
        Value::Binary(bytes) => serde_json::to_string(bytes).expect("writes"),
        Value::String(text) => quoted(text.as_str().expect("UTF-8")),
        Value::F32(float) if float.is_finite() => serde_json::to_string(float).expect("writes"),
        Value::F64(float) if float.is_finite() => serde_json::to_string(float).expect("writes"),
        Value::F32(_) | Value::F64(_) => return None,
        Value::Integer(integer) => integer.to_string(),
        Value::Boolean(truth) => truth.to_string(),
        Value::Nil => "null".into(),
        other => panic!("no value of a layout: {other}"),
    })
}

/// The same as another program may have written it: white space, keys in any order, escapes, and, if it may be, other
/// spellings of `numbers`.
pub(in super::super) fn loosely(value: &Value, random: &mut Random, numbers: bool) -> String {
    let mut gap = || ["", "", " ", "\n", "\t \r\n"][random.within(0..=4)];
    let (before, after) = (gap(), gap());
    let text = match value {
        Value::Map(entries) => {
            let mut rest: Vec<_> = entries.iter().collect();
            let mut parts = Vec::new();
            while !rest.is_empty() {
                let (key, value) = rest.remove(random.within(0..=rest.len() - 1));
                parts.push(format!("{}:{}", loosely(key, random, numbers), loosely(value, random, numbers)));
            }
            format!("{{{}{}}}", if parts.is_empty() { before } else { "" }, parts.join(","))
        }
        Value::Array(elements) => {
            let parts: Vec<_> = elements.iter().map(|element| loosely(element, random, numbers)).collect();
            format!("[{}]", parts.join(","))
        }
        Value::Binary(bytes) => {
            loosely(&bytes.iter().map(|byte| Value::from(*byte)).collect::<Vec<_>>().into(), random, numbers)
        }
        Value::String(text) => {
            let mut literal = String::from('"');
            for char in text.as_str().expect("UTF-8").chars() {
                if random.within(0..=3) == 0 || char < ' ' || char == '"' || char == '\\' {
                    let mut units = [0; 2];
                    char.encode_utf16(&mut units).iter().for_each(|unit| literal += &format!("\\u{unit:04X}"));
                } else {
                    literal.push(char);
                }
            }
            literal + "\""
        }
        Value::Integer(_) | Value::F32(_) | Value::F64(_) if numbers => {
            let text = document(value).expect("finite");
            match random.within(0..=2) {
                0 if !text.contains(['.', 'e']) => text + ".0",
                1 if !text.contains('e') => text + "E+0",
                _ => text,
            }
        }
        other => document(other).expect("finite"),
    };
    format!("{before}{text}{after}")
}

proptest! {
    #[test]
    fn samples_become_what_serde_json_writes(layout in layouts(), seed: u64) {
        let sample = Sample::random(&layout, &mut Random::new(seed));
        let (encoder, decoder) = both_ways(&layout, &json());
        let written = transcode(&encoder, &sample.bytes);
        match document(&sample.value) {
            Some(text) => {
                prop_assert_eq!(written.as_deref(), Ok(text.as_bytes()));
                prop_assert_eq!(transcode(&decoder, text.as_bytes()), Ok(sample.clean));
            }
            None => prop_assert_eq!(written, Err(Reject::NotFinite)),
        }
    }

    #[test]
    fn any_spelling_of_a_value_is_read(layout in layouts(), seed: u64) {
        let mut random = Random::new(seed);
        let sample = Sample::random(&layout, &mut random);
        prop_assume!(document(&sample.value).is_some());
        let text = loosely(&sample.value, &mut random, true);
        prop_assert_eq!(transcode(&both_ways(&layout, &json()).1, text.as_bytes()), Ok(sample.clean), "{}", text);
    }

    #[test]
    fn a_document_goes_only_into_its_exact_length(layout in layouts(), seed: u64) {
        let sample = Sample::random(&layout, &mut Random::new(seed));
        prop_assume!(document(&sample.value).is_some());
        let (encoder, decoder) = both_ways(&layout, &json());
        let input = Input::from(sample.bytes.as_slice());
        let len = encoder.measure(input).expect("measures");
        for wrong in [0, 1, len / 2, len.saturating_sub(9), len - 1, len + 1, len + 30] {
            if wrong != len {
                prop_assert_eq!(guarded_into(&encoder, input, wrong).0, Err(Reject::SourceChanged));
            }
        }
        let (result, _) = guarded_into(&decoder, Input::from(&b"{}"[..]), layout.size + 1);
        prop_assert_eq!(result, Err(Reject::SizeMismatch));
        prop_assert_eq!(encoder.measure(Input::from(&sample.bytes[1..])), Err(Reject::SizeMismatch));
    }
}
