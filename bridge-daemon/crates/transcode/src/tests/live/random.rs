//! Random samples of random layouts with all kinds, against rmpv.

use proptest::prelude::*;

use super::super::sample::{Random, Sample, encoded, without_keys};
use super::*;

proptest! {
    #[test]
    fn samples_become_what_rmpv_writes(layout in all_layouts(), seed: u64) {
        let sample = Sample::random(&layout, &mut Random::new(seed));
        let map = transcode(&encoder(&layout, Shape::Map), &sample.bytes);
        prop_assert_eq!(map, Ok(encoded(&sample.value)));
        let array = transcode(&encoder(&layout, Shape::Array), &sample.bytes);
        prop_assert_eq!(array, Ok(encoded(&without_keys(&sample.value))));
    }

    #[test]
    fn what_rmpv_writes_becomes_samples(layout in all_layouts(), seed: u64) {
        let sample = Sample::random(&layout, &mut Random::new(seed));
        let decoder = decoder(&layout);
        prop_assert_eq!(transcode(&decoder, &encoded(&sample.value)), Ok(sample.clean.clone()));
        prop_assert_eq!(transcode(&decoder, &encoded(&without_keys(&sample.value))), Ok(sample.clean));
    }

    #[test]
    fn a_document_goes_only_into_its_exact_length(layout in all_layouts(), seed: u64) {
        let sample = Sample::random(&layout, &mut Random::new(seed));
        let encoder = encoder(&layout, Shape::Map);
        let input = Input::from(sample.bytes.as_slice());
        let len = encoder.measure(input).expect("measures");
        for wrong in [0, 1, len / 2, len.saturating_sub(9), len - 1, len + 1, len + 30] {
            if wrong != len {
                prop_assert_eq!(guarded_into(&encoder, input, wrong).0, Err(Reject::SourceChanged));
            }
        }
    }

    #[test]
    fn every_prefix_is_truncated(layout in all_layouts(), seed: u64) {
        let document = encoded(&Sample::random(&layout, &mut Random::new(seed)).value);
        let decoder = decoder(&layout);
        for len in (0..document.len()).step_by(1 + document.len() / 100) {
            prop_assert_eq!(transcode(&decoder, &document[..len]), Err(Reject::Truncated));
        }
    }

    /// Whatever a sample holds, the lengths hold; and what is written is read, and means the same when it is written.
    #[test]
    fn any_sample_is_survived(layout in all_layouts(), seed: u64) {
        let mut random = Random::new(seed);
        let garbage: Vec<u8> = (0..layout.size).map(|_| [0, 1, b'a', random.next() as u8][random.within(0..=3)]).collect();
        let (encoder, decoder) = (encoder(&layout, Shape::Map), decoder(&layout));
        if let Ok(document) = transcode(&encoder, &garbage) {
            match transcode(&decoder, &document) {
                // A string may hold what its own stack would not have put there: it is shown, but not written.
                Err(Reject::InvalidText) if document.iter().any(|byte| *byte == 0 || !byte.is_ascii()) => {}
                clean => {
                    prop_assert!(clean.is_ok(), "{clean:?}");
                    prop_assert_eq!(transcode(&encoder, &clean.expect("is read")), Ok(document));
                }
            }
        }
    }

    #[test]
    fn mutated_documents_are_rejected_or_survive_a_round_trip(
        layout in all_layouts(), seed: u64, cuts in proptest::collection::vec((any::<u32>(), any::<u8>()), 1..4)
    ) {
        let mut document = encoded(&Sample::random(&layout, &mut Random::new(seed)).value);
        for (at, byte) in cuts {
            let at = at as usize % document.len();
            document[at] = byte;
        }
        let (encoder, decoder) = (encoder(&layout, Shape::Map), decoder(&layout));
        if let Ok(sample) = transcode(&decoder, &document) {
            let written = transcode(&encoder, &sample).expect("what was read can be written");
            prop_assert_eq!(transcode(&decoder, &written), Ok(sample));
        }
    }

    #[test]
    fn an_empty_document_is_a_sample_without_content(layout in all_layouts()) {
        let tolerance = Tolerance { on_missing: OnMissing::Zero, ..Tolerance::default() };
        let (source, sink) = (FormatPlan::Msgpack(Shape::Map, tolerance), FormatPlan::Struct(Arc::clone(&layout)));
        let decoder = Transcoder::compile(&source, &sink).expect("compiles");
        match transcode(&decoder, b"\x80") {
            Ok(sample) => {
                // Nothing of it is missing when it is written, unless it is a text that must fill its room.
                let document = transcode(&encoder(&layout, Shape::Map), &sample).expect("is written");
                prop_assert_eq!(transcode(&decoder, &document), Ok(sample));
            }
            Err(reason) => prop_assert_eq!(reason, Reject::MissingField),
        }
        prop_assert_eq!(transcode(&decoder, b"\x90"), transcode(&decoder, b"\x80"));
    }
}
