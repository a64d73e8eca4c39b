//! Documents that change while they are read.

use std::sync::atomic::{AtomicU8, Ordering};

use super::super::racing::while_written;
use super::super::sample::Random;
use super::*;

const SEED: u64 = 0x5eed;
const TEXT: &str = r#"{"a":[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17],"long text":"0123456789\n012345678901234567890123",
    "b":[[],[[[]]],{"c":{}}],"d":[1.5,-200,70000,null,true]}"#;

#[test]
fn a_document_that_changed_after_it_was_measured_is_rejected() {
    let changed = |transcoder: Transcoder, measured: &[u8], found: &[u8]| {
        let len = transcoder.measure(Input::from(measured)).expect("measures");
        guarded(transcoder, Input::from(found), len).0
    };
    for (measured, found) in
        [("[1,2]", "[123]"), ("[1]", "[1,2]"), ("\"abcd\"", "\"\\n\\n\""), ("[[],1]", "[1111]"), ("[1.5]", "[1,5]")]
    {
        assert_eq!(changed(TO_MSGPACK, measured.as_bytes(), found.as_bytes()), Err(Reject::SourceChanged), "{found}");
    }
    assert_eq!(changed(TO_MSGPACK, b"[1,2]", b"[[],1]"), Ok(()), "as long as it was");
    let sixteen = format!("[{}1]", "1,".repeat(15));
    let fifteen = format!("[{}1]", "1,".repeat(14));
    assert_eq!(changed(TO_MSGPACK, fifteen.as_bytes(), sixteen.as_bytes()), Err(Reject::SourceChanged));
    assert_eq!(changed(TO_MSGPACK, sixteen.as_bytes(), fifteen.as_bytes()), Err(Reject::SourceChanged));
    assert_eq!(changed(TO_JSON, &[0xa1, b'a'], &[0xa1, b'\n']), Err(Reject::SourceChanged));
    assert_eq!(changed(TO_JSON, &[0x91, 10], &[0x91, 9]), Err(Reject::SourceChanged));
}

/// Until there was enough of both outcomes; guards are looked at each time, and what is accepted is a whole document.
#[test]
fn a_document_that_is_written_while_it_is_read_is_torn_at_worst() {
    let document = to_msgpack(TEXT).expect("is written");
    torn_at_worst(TO_JSON, &document, |output| understood(output).is_some());
    torn_at_worst(TO_MSGPACK, TEXT.as_bytes(), |output| decoded(output).is_some());
}

fn torn_at_worst(transcoder: Transcoder, original: &[u8], is_whole: impl Fn(&[u8]) -> bool) {
    let document: Vec<AtomicU8> = original.iter().map(|byte| AtomicU8::new(*byte)).collect();
    let mut random = Random::new(SEED);
    let others = *b"\"[]{},:0\\ \x91\x92\xa1";
    let write = || {
        let at = random.within(0..=original.len() - 1);
        document[at].store(others[random.within(0..=others.len() - 1)], Ordering::Relaxed);
        document[at].store(original[at], Ordering::Relaxed);
    };
    while_written(write, || {
        let input = Input::from(document.as_slice());
        let (mut accepted, mut changed) = (0, 0);
        while accepted < 200 || changed < 20 {
            let Ok(len) = transcoder.measure(input) else { continue };
            let (result, output) = once(transcoder, input, len, 0xa5);
            if result.is_ok() {
                accepted += 1;
                assert!(is_whole(&output), "not a whole document: {output:02x?}");
            } else {
                changed += 1;
            }
        }
    });
}
