//! A source that changes while it is read.

use std::sync::atomic::{AtomicU8, Ordering};

use super::super::racing::while_written;
use super::super::sample::{Random, Sample, encoded};
use super::*;
use bridge_layout::{Container, Live, Stack, Text, TextEnd};

/// Of the bytes that are written; when they arrive is up to the machine.
const SEED: u64 = 0x5eed;

/// A string, a vector of structs with padding, an optional, a padded text, and bytes with a count and a sum.
fn racing_layout() -> Arc<Layout> {
    let pair = layout("Pair", 4, 2, &[("a", 0, scalar(Scalar::U8)), ("b", 2, scalar(Scalar::U16))]);
    let container = |container| Type::Container(Box::new(container));
    let mut layout = Layout {
        name: "Racing".into(),
        size: 120,
        align: 1,
        fields: vec![
            Field::new("string", 0, container(Container::String(Stack::Classic, 10))),
            Field::new("pairs", 24, container(Container::Vector(Stack::Iceoryx2, Type::Struct(pair), 6))),
            Field::new("maybe", 56, container(Container::Optional(Stack::Classic, scalar(Scalar::U32)))),
            Field::new("padded", 65, Type::Text(Text { capacity: 20, end: TextEnd::Padded(b'a') })),
            Field::new("n", 86, scalar(Scalar::U16)),
            Field::new("block", 89, Type::Bytes(30)),
        ],
    };
    layout.fields[5].live = Some(Box::new(Live { count: Some("n".into()), ..Live::default() }));
    Arc::new(layout)
}

#[test]
fn a_sample_that_grew_or_shrank_after_it_was_measured_is_rejected() {
    let layout = racing_layout();
    let encoder = encoder(&layout, Shape::Map);
    let mut sample = Sample::random(&layout, &mut Random::new(SEED)).clean;
    sample[56..60].fill(0xff);
    for (at, told) in [(16, 3), (48, 2), (60, 1), (86, 9)] {
        sample[at] = told;
    }
    let len = encoder.measure(Input::from(sample.as_slice())).expect("measures");
    let changed = |at: usize, byte: u8| {
        let mut sample = sample.clone();
        sample[at] = byte;
        guarded_into(&encoder, Input::from(sample.as_slice()), len).0
    };
    assert_eq!(changed(0, b'x'), Ok(()));
    for (at, byte) in [(16, 2), (16, 4), (16, 255), (48, 1), (48, 3), (60, 0), (86, 8), (86, 10), (87, 1)] {
        assert_eq!(changed(at, byte), Err(Reject::SourceChanged), "{byte} at {at}");
    }
}

/// What is accepted is a whole document, whatever moment each part of it is from.
#[test]
fn a_sample_that_is_written_while_it_is_read_is_torn_at_worst() {
    let layout = racing_layout();
    let (encoder, decoder) = both_ways(&layout, &msgpack(Shape::Map));
    let sample: Vec<AtomicU8> = (0..layout.size).map(|_| AtomicU8::new(0)).collect();
    let mut random = Random::new(SEED);
    let write = || {
        let at = [16, 23, 48, 60, 70, 86, random.within(0..=119)][random.within(0..=6)];
        sample[at].store([0, 1, 5, b'a', 0x7f][random.within(0..=4)], Ordering::Relaxed);
    };
    while_written(write, || {
        let input = Input::from(sample.as_slice());
        let (mut accepted, mut changed) = (0, 0);
        while accepted < 2_000 || changed < 20 {
            let Ok(len) = encoder.measure(input) else {
                // A flag of 5, or a NUL in the padded text.
                sample[60].store(1, Ordering::Relaxed);
                sample[65..85].iter().for_each(|byte| byte.store(b'b', Ordering::Relaxed));
                continue;
            };
            let (result, output) = guarded_into(&encoder, input, len);
            match result {
                Ok(()) => {
                    accepted += 1;
                    // A NUL in the string is shown, but not written.
                    let is_read = matches!(transcode(&decoder, &output), Ok(_) | Err(Reject::InvalidText));
                    let mut rest = output.as_slice();
                    let is_whole = rmpv::decode::read_value(&mut rest).is_ok() && rest.is_empty();
                    assert!(is_read && is_whole, "not a whole document: {output:02x?}");
                }
                Err(reason) => {
                    changed += usize::from(reason == Reject::SourceChanged);
                    assert!(matches!(reason, Reject::SourceChanged | Reject::OutOfRange | Reject::InvalidText));
                }
            }
        }
    });
}

/// Whatever a racing document says, nothing outside of the output is written, and what does not count is zero.
#[test]
fn a_document_that_is_written_while_it_is_read_stays_inside() {
    let layout = racing_layout();
    let decoder = decoder(&layout);
    let original = encoded(&Sample::random(&layout, &mut Random::new(SEED)).value);
    let document: Vec<AtomicU8> = original.iter().map(|byte| AtomicU8::new(*byte)).collect();
    let mut random = Random::new(SEED);
    let write = || {
        let at = random.within(0..=original.len() - 1);
        document[at].store(random.next() as u8, Ordering::Relaxed);
        document[at].store(original[at], Ordering::Relaxed);
    };
    while_written(write, || {
        let (mut accepted, mut rejected) = (0, 0);
        while accepted < 200 || rejected < 200 {
            let (result, sample) = guarded_into(&decoder, Input::from(document.as_slice()), layout.size);
            if result.is_ok() {
                accepted += 1;
                let live = usize::from(sample[86]);
                assert!(live <= 30 && sample[89 + live..].iter().all(|byte| *byte == 0), "zeros behind the block");
                let pairs = usize::from(sample[48]);
                assert!(pairs <= 6 && sample[24 + 4 * pairs..48].iter().all(|byte| *byte == 0), "and the pairs");
                assert!((0..pairs).all(|index| sample[24 + 4 * index + 1] == 0), "padding");
            } else {
                rejected += 1;
            }
        }
    });
}
