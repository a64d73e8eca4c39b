//! Transcoding compared with rmp-serde's derived `Serialize` and `Deserialize` of the same types, and conversion of structs
//! compared with copying: `make bench`.
//!
//! Ours is what a route does for a sample: measure, then run into a chunk of that length. The reference writes to and
//! reads from a fixed buffer, and need not know the length before. The ticks of a block that the reference reads go where
//! those of the block before the last went, so that it need not allocate either.

#![allow(clippy::print_stdout, reason = "a benchmark prints its figures")]

#[path = "transcode/allocations.rs"]
mod allocations;
#[path = "transcode/block.rs"]
mod block;
#[path = "transcode/convert.rs"]
mod convert;
#[path = "transcode/measure.rs"]
mod measure;
#[path = "transcode/report.rs"]
mod report;
#[path = "transcode/types.rs"]
mod types;

use std::hint::black_box;
use std::sync::Arc;

use bridge_daemon::config::plan::{FormatPlan, Shape, Tolerance};
use bridge_daemon::layout::Layout;
use bridge_daemon::transcode::{Input, Output, Transcoder};
use serde::Serialize;
use serde::de::DeserializeOwned;

use block::MarketBlock;
use measure::{SAMPLES, compare};
use report::{Goal, Report};
use types::{Flat, Random, Sample, Tick};

/// How many times as fast as rmp-serde we want to be.
const ENCODE: Goal = Goal::Speedup(2.0);
const DECODE: Goal = Goal::Speedup(1.5);

fn main() {
    let mut report = Report::new(!std::env::args().any(|argument| argument == "--no-table"));
    documents::<Tick>("tick", &mut report);
    documents::<Flat>("fields40", &mut report);
    documents::<MarketBlock>("block", &mut report);
    convert::all(&mut report);
    report.write();
}

/// A type to MessagePack and back.
fn documents<T: Sample + Serialize + DeserializeOwned>(name: &str, report: &mut Report) {
    let layout: Arc<Layout> = T::layout();
    let mut random = Random::new(0x5eed);
    let values: Vec<T> = (0..SAMPLES).map(|_| T::random(&mut random)).collect();
    let structs: Vec<Vec<u8>> = values.iter().map(Sample::bytes).collect();
    let documents: Vec<Vec<u8>> = values.iter().map(|value| rmp_serde::to_vec_named(value).expect("writes")).collect();

    let of_struct = FormatPlan::Struct(layout);
    let of_document = FormatPlan::Msgpack(Shape::Map, Tolerance::default());
    let encoder = Transcoder::compile(&of_struct, &of_document).expect("compiles");
    let decoder = Transcoder::compile(&of_document, &of_struct).expect("compiles");
    for (sample, document) in structs.iter().zip(&documents) {
        assert_eq!(&all_of(&encoder, sample), document, "both write the same document");
        assert_eq!(&all_of(&decoder, document), sample, "both read the same sample");
    }

    let mut buffer = vec![0; encoder.max_output().expect("known")];
    let mut ours_buffer = buffer.clone();
    let encode = compare(
        None,
        || structs.iter().for_each(|sample| run(&encoder, sample, &mut ours_buffer)),
        || {
            for value in &values {
                let mut serializer = rmp_serde::Serializer::new(buffer.as_mut_slice()).with_struct_map();
                black_box(value).serialize(&mut serializer).expect("fits");
                black_box(&mut buffer);
            }
        },
    );
    report.add(&format!("{name}.encode"), &encode, ENCODE);
    let mut chunk = vec![0; structs[0].len()];
    let mut slot = T::random(&mut random);
    let decode = compare(
        None,
        || documents.iter().for_each(|document| run(&decoder, document, &mut chunk)),
        || {
            for document in &documents {
                slot = rmp_serde::from_slice(black_box(document)).expect("reads");
                black_box(&mut slot);
            }
        },
    );
    report.add(&format!("{name}.decode"), &decode, DECODE);
}

/// One sample, as a route does it.
fn run(transcoder: &Transcoder, sample: &[u8], buffer: &mut [u8]) {
    let input = Input::from(black_box(sample));
    let len = transcoder.measure(input).expect("fits");
    let output = &mut buffer[..len];
    transcoder.run(input, Output::from(&mut *output)).expect("fits");
    black_box(output);
}

fn all_of(transcoder: &Transcoder, sample: &[u8]) -> Vec<u8> {
    let mut output = vec![0xff; transcoder.measure(Input::from(sample)).expect("fits")];
    transcoder.run(Input::from(sample), Output::from(output.as_mut_slice())).expect("fits");
    output
}
