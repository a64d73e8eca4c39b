//! Documents to documents without a layout, against rmpv and serde_json.

mod headers;
mod hostile;
mod racing;
mod random;

use rmpv::Value;

use super::sample::encoded;
use super::{Input, Reject};
use crate::Output;
use crate::document::Transcoder;

const TO_JSON: Transcoder = Transcoder::msgpack_to_json();
const TO_MSGPACK: Transcoder = Transcoder::json_to_msgpack();

/// What a route does, into a chunk that holds old bytes and has guards around it.
fn transcode(transcoder: Transcoder, input: &[u8]) -> Result<Vec<u8>, Reject> {
    let input = Input::from(input);
    let len = transcoder.measure(input)?;
    let (result, output) = guarded(transcoder, input, len);
    assert_eq!(result, Ok(()), "what can be measured can be written");
    Ok(output)
}

/// Runs into exactly `len` bytes twice, over different old bytes: nothing of them may be left.
fn guarded(transcoder: Transcoder, input: Input<'_>, len: usize) -> (Result<(), Reject>, Vec<u8>) {
    let [first, second] = [0x00, 0xa5].map(|old| once(transcoder, input, len, old));
    assert_eq!(first.0, second.0);
    assert!(first.0.is_err() || first.1 == second.1, "not every byte was written");
    second
}

/// Runs into exactly `len` bytes that were all `old`, and looks at the guards around them.
fn once(transcoder: Transcoder, input: Input<'_>, len: usize, old: u8) -> (Result<(), Reject>, Vec<u8>) {
    const GUARD: usize = 64;
    let mut chunk = vec![old; GUARD + len + GUARD];
    let result = transcoder.run(input, Output::from(&mut chunk[GUARD..GUARD + len]));
    let after = chunk.split_off(GUARD + len);
    let output = chunk.split_off(GUARD);
    assert!(chunk.iter().chain(&after).all(|byte| *byte == old), "wrote outside of the output");
    (result, output)
}

fn to_json(document: &[u8]) -> Result<String, Reject> {
    transcode(TO_JSON, document).map(|text| String::from_utf8(text).expect("UTF-8"))
}

fn to_msgpack(text: &str) -> Result<Vec<u8>, Reject> {
    transcode(TO_MSGPACK, text.as_bytes())
}

/// The value that `text` is, as serde_json understands it.
fn understood(text: &[u8]) -> Option<Value> {
    serde_json::from_slice(text).ok().map(|value| of_json(&value))
}

fn of_json(value: &serde_json::Value) -> Value {
    match value {
        serde_json::Value::Null => Value::Nil,
        serde_json::Value::Bool(value) => (*value).into(),
        serde_json::Value::Number(number) => match (number.as_u64(), number.as_i64(), number.as_f64()) {
            (Some(value), _, _) => value.into(),
            (_, Some(value), _) => value.into(),
            (_, _, value) => value.expect("a number").into(),
        },
        serde_json::Value::String(text) => text.as_str().into(),
        serde_json::Value::Array(elements) => Value::Array(elements.iter().map(of_json).collect()),
        serde_json::Value::Object(entries) => {
            Value::Map(entries.iter().map(|(key, value)| (key.as_str().into(), of_json(value))).collect())
        }
    }
}

/// The one value that `document` is, as rmpv understands it.
fn decoded(document: &[u8]) -> Option<Value> {
    let mut rest = document;
    rmpv::decode::read_value(&mut rest).ok().filter(|_| rest.is_empty())
}
