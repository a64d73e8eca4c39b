//! Live parts that change while they are read.

use std::sync::atomic::{AtomicU8, Ordering};

use super::super::racing::while_written;
use super::super::sample::Random;
use super::*;
use bridge_layout::{Container, Live, Stack, Text, TextEnd};

const SEED: u64 = 0x5eed;
const SIZE: usize = 79;

/// A count, a length and a sum of records, a string, an optional, and a padded text.
fn live_layout() -> Arc<Layout> {
    let record = layout("Record", 4, 1, &[("x", 1, scalar(Scalar::U8)), ("on", 3, scalar(Scalar::U8))]);
    let container = |container| Type::Container(Box::new(container));
    let padded = Type::Text(Text { capacity: 8, end: TextEnd::Padded(b' ') });
    let mut all = layout(
        "Live",
        SIZE,
        1,
        &[
            ("count", 0, scalar(Scalar::U64)),
            ("length", 8, scalar(Scalar::I32)),
            ("list", 12, Type::Bytes(23)),
            ("string", 35, container(Container::String(Stack::Classic, 7))),
            ("optional", 51, container(Container::Optional(Stack::Iceoryx2, scalar(Scalar::U32)))),
            ("padded", 59, padded),
            ("numbers", 67, Type::Bytes(8)),
            ("many", 75, scalar(Scalar::U16)),
            ("sum", 77, scalar(Scalar::U16)),
        ],
    );
    let fields = &mut Arc::get_mut(&mut all).expect("not shared").fields;
    let by = |name: &str| Some(name.to_owned());
    fields[2].live =
        Some(Box::new(Live { records: Some(record), count: by("count"), length: by("length"), sum: None }));
    fields[6].live = Some(Box::new(Live { count: by("many"), sum: by("sum"), ..Live::default() }));
    all
}

/// Until there was enough of each outcome; guards are looked at each time, and what is accepted is a whole document.
#[test]
fn live_parts_that_are_written_while_they_are_read_are_torn_at_worst() {
    let (encoder, decoder) = both_ways(&live_layout(), &json());
    let sample: Vec<AtomicU8> = (0..SIZE).map(|_| AtomicU8::new(0)).collect();
    let mut random = Random::new(SEED);
    let write = || {
        let byte = [0, 0, 1, 7, b' ', b'a', 0xff][random.within(0..=6)];
        // The lowest bytes of what tells most of all; the sum seldom.
        let at = [0, 8, 43, 51, random.within(0..=SIZE - 3)][random.within(0..=4)];
        sample[at].store(byte, Ordering::Relaxed);
    };
    while_written(write, || {
        let input = Input::from(sample.as_slice());
        let (mut accepted, mut changed) = (0, 0);
        while accepted < 500 || changed < 20 {
            let Ok(len) = encoder.measure(input) else {
                // Such as a sum, which nobody brings in order again.
                sample.iter().for_each(|byte| byte.store(0, Ordering::Relaxed));
                continue;
            };
            assert!(encoder.max_output().is_some_and(|max| len <= max));
            let (result, output) = guarded_into(&encoder, input, len);
            if result.is_ok() {
                accepted += 1;
                // A NUL in the string is shown, but not written.
                let is_read = matches!(transcode(&decoder, &output), Ok(_) | Err(Reject::InvalidText));
                assert!(
                    is_read && serde_json::from_slice::<serde_json::Value>(&output).is_ok(),
                    "not a whole document: {}",
                    String::from_utf8_lossy(&output)
                );
            } else {
                changed += 1;
            }
        }
    });
}

/// A document that grew or shrank after it was measured does not go into its room.
#[test]
fn a_list_that_grew_or_shrank_after_it_was_measured_is_rejected() {
    let encoder = both_ways(&live_layout(), &json()).0;
    let mut sample = vec![0; SIZE];
    (sample[0], sample[8]) = (2, 8);
    let len = encoder.measure(Input::from(sample.as_slice())).expect("measures");
    for (at, byte) in [(0, 1), (0, 0), (8, 7), (13, 10), (43, 1), (51, 1), (59, b'a')] {
        let mut changed = sample.clone();
        changed[at] = byte;
        let result = guarded_into(&encoder, Input::from(changed.as_slice()), len).0;
        assert_eq!(result, Err(Reject::SourceChanged), "{at}");
    }
    sample[0] = 3;
    assert_eq!(guarded_into(&encoder, Input::from(sample.as_slice()), len).0, Ok(()), "the length counts");
}
