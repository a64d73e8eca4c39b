//! A source that changes while it is read.

use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::thread;

use super::sample::Random;
use super::*;

/// Of the bytes that are written; when they arrive is up to the machine.
const SEED: u64 = 0x5eed;

fn racing_layout() -> Arc<Layout> {
    let numbers = Type::Array(Box::new(scalar(Scalar::U32)), 8);
    layout(
        "Racing",
        112,
        8,
        &[
            ("short", 0, Type::text(16)),
            ("long", 16, Type::text(50)),
            ("numbers", 68, numbers),
            ("big", 104, scalar(Scalar::U64)),
        ],
    )
}

#[test]
fn a_sample_that_grew_or_shrank_after_it_was_measured_is_rejected() {
    for document in [msgpack(Shape::Map), json()] {
        grown_or_shrunk(&both_ways(&racing_layout(), &document).0);
    }
}

fn grown_or_shrunk(encoder: &Transcoder) {
    let mut sample = vec![b'a'; 112];
    sample[8] = 0;
    let len = encoder.measure(Input::from(sample.as_slice())).expect("measures");
    let changed = |at: usize, byte| {
        let mut sample = sample.clone();
        sample[at] = byte;
        guarded_into(encoder, Input::from(sample.as_slice()), len).0
    };
    assert_eq!(changed(8, 0), Ok(()));
    assert_eq!(changed(7, 0), Err(Reject::SourceChanged));
    assert_eq!(changed(8, b'a'), Err(Reject::SourceChanged));
    assert_eq!(changed(20, 0), Err(Reject::SourceChanged));
    sample[104..].fill(0);
    assert_eq!(guarded_into(encoder, Input::from(sample.as_slice()), len).0, Err(Reject::SourceChanged));
}

/// Runs `reader` while a thread calls `write` again and again, also until a failing reader is through.
pub(super) fn while_written(mut write: impl FnMut() + Send, reader: impl FnOnce()) {
    struct Stop<'a>(&'a AtomicBool);
    impl Drop for Stop<'_> {
        fn drop(&mut self) {
            self.0.store(true, Ordering::Relaxed);
        }
    }
    let stopped = AtomicBool::new(false);
    thread::scope(|scope| {
        let _stop = Stop(&stopped);
        scope.spawn(|| {
            while !stopped.load(Ordering::Relaxed) {
                write();
            }
        });
        reader();
    });
}

/// Until there was enough of both outcomes; guards are looked at each time, and what is accepted is a whole document.
#[test]
fn a_sample_that_is_written_while_it_is_read_is_torn_at_worst() {
    for document in [msgpack(Shape::Map), json()] {
        torn_at_worst(&both_ways(&racing_layout(), &document));
    }
}

fn torn_at_worst((encoder, decoder): &(Transcoder, Transcoder)) {
    let sample: Vec<AtomicU8> = (0..112).map(|_| AtomicU8::new(b'a')).collect();
    let mut random = Random::new(SEED);
    let write = || {
        let byte = [0, 0, b'a', 0x7f][random.within(0..=3)];
        sample[random.within(0..=111)].store(byte, Ordering::Relaxed);
    };
    while_written(write, || {
        let input = Input::from(sample.as_slice());
        let (mut accepted, mut changed) = (0, 0);
        while accepted < 2_000 || changed < 20 {
            let len = encoder.measure(input).expect("all of its texts are ASCII");
            let (result, output) = guarded_into(encoder, input, len);
            if result.is_ok() {
                accepted += 1;
                assert!(transcode(decoder, &output).is_ok(), "not a whole document: {output:02x?}");
            } else {
                changed += 1;
                assert_eq!(result, Err(Reject::SourceChanged));
            }
        }
    });
}

/// The same for structs of another layout.
#[test]
fn a_sample_that_is_written_while_it_is_converted_stays_inside() {
    let from = FormatPlan::Struct(racing_layout());
    let numbers = Type::Array(Box::new(scalar(Scalar::U64)), 8);
    let fields = [("long", 2, Type::text(44)), ("short", 50, Type::text(16)), ("numbers", 68, numbers)];
    let to = FormatPlan::Struct(layout("Other", 140, 1, &fields));
    let transcoder = Transcoder::compile(&from, &to).expect("compiles");
    let sample: Vec<AtomicU8> = (0..112).map(|_| AtomicU8::new(b'a')).collect();
    let mut random = Random::new(SEED);
    // NULs are rare, so that texts are now too long and now short enough.
    let write =
        || sample[random.within(0..=111)].store(if random.within(0..=63) == 0 { 0 } else { b'a' }, Ordering::Relaxed);
    while_written(write, || {
        let (mut accepted, mut rejected) = (0, 0);
        while accepted < 2_000 || rejected < 20 {
            let (result, output) = guarded_into(&transcoder, Input::from(sample.as_slice()), 140);
            match result {
                Ok(()) => {
                    accepted += 1;
                    assert_eq!([&output[..2], &output[46..50], &output[66..68], &output[132..]].concat(), [0; 16]);
                    let text = &output[2..46];
                    let live = text.iter().take_while(|byte| **byte != 0).count();
                    assert!(text[live..].iter().all(|byte| *byte == 0), "zeros behind the text");
                }
                Err(reason) => {
                    rejected += 1;
                    assert_eq!(reason, Reject::TextTooLong);
                }
            }
        }
    });
}

/// The same for documents: whatever a racing document says, nothing outside of the output is written.
#[test]
fn a_document_that_is_written_while_it_is_read_stays_inside() {
    for document in [msgpack(Shape::Map), json()] {
        stays_inside(&both_ways(&racing_layout(), &document));
    }
}

fn stays_inside((encoder, decoder): &(Transcoder, Transcoder)) {
    let original = transcode(encoder, &[b'a'; 112]).expect("is written");
    let document: Vec<AtomicU8> = original.iter().map(|byte| AtomicU8::new(*byte)).collect();
    let mut random = Random::new(SEED);
    let write = || {
        let at = random.within(0..=original.len() - 1);
        document[at].store(random.next() as u8, Ordering::Relaxed);
        document[at].store(original[at], Ordering::Relaxed);
    };
    while_written(write, || {
        let input = Input::from(document.as_slice());
        let (mut accepted, mut rejected) = (0, 0);
        while accepted < 200 || rejected < 200 {
            let (result, sample) = guarded_into(decoder, input, 112);
            if result.is_ok() {
                accepted += 1;
                assert_eq!([&sample[66..68], &sample[100..104]].concat(), [0; 6], "padding");
            } else {
                rejected += 1;
            }
        }
    });
}
