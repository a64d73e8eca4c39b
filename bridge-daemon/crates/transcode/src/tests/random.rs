//! Random samples of random layouts, against rmpv.

use proptest::prelude::*;

use super::sample::{Random, Sample, encoded, layouts, without_keys};
use super::*;

proptest! {
    #[test]
    fn samples_become_what_rmpv_writes(layout in layouts(), seed: u64) {
        let sample = Sample::random(&layout, &mut Random::new(seed));
        let map = transcode(&encoder(&layout, Shape::Map), &sample.bytes);
        prop_assert_eq!(map, Ok(encoded(&sample.value)));
        let array = transcode(&encoder(&layout, Shape::Array), &sample.bytes);
        prop_assert_eq!(array, Ok(encoded(&without_keys(&sample.value))));
    }

    #[test]
    fn what_rmpv_writes_becomes_samples(layout in layouts(), seed: u64) {
        let sample = Sample::random(&layout, &mut Random::new(seed));
        let decoder = decoder(&layout);
        prop_assert_eq!(transcode(&decoder, &encoded(&sample.value)), Ok(sample.clean.clone()));
        prop_assert_eq!(transcode(&decoder, &encoded(&without_keys(&sample.value))), Ok(sample.clean));
    }

    #[test]
    fn a_document_goes_only_into_its_exact_length(layout in layouts(), seed: u64) {
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
    fn samples_of_another_size_are_rejected(layout in layouts(), seed: u64) {
        let mut sample = Sample::random(&layout, &mut Random::new(seed));
        let (encoder, decoder) = (encoder(&layout, Shape::Map), decoder(&layout));
        let document = encoded(&sample.value);
        for wrong in [layout.size - 1, layout.size + 1] {
            sample.bytes.resize(wrong, 0);
            let input = Input::from(sample.bytes.as_slice());
            prop_assert_eq!(encoder.measure(input), Err(Reject::SizeMismatch));
            prop_assert_eq!(guarded_into(&encoder, input, document.len()).0, Err(Reject::SizeMismatch));
            let (result, _) = guarded_into(&decoder, Input::from(document.as_slice()), wrong);
            prop_assert_eq!(result, Err(Reject::SizeMismatch));
        }
    }
}
