//! Transcoding compared with rmp-serde's derived `Serialize` and `Deserialize` of the same types, in one process and
//! one run: `cargo bench -p bridge-daemon --bench transcode`.
//!
//! Ours is what a route does for a sample: measure, then run into a chunk of that length. The reference writes to and
//! reads from a fixed buffer, and need not know the length before. Short rounds of both alternate, so that a change of
//! the machine's pace meets both; the tenth of each that was fastest was disturbed least by the machine's other work,
//! and its slowest round counts. The ticks of a block that the reference reads go where those of the block before the
//! last went, so that it need not allocate either. Allocations are those of one pass over all samples.

#![allow(clippy::print_stdout, reason = "a benchmark prints its figures")]

#[path = "transcode/allocations.rs"]
mod allocations;
#[path = "transcode/block.rs"]
mod block;
#[path = "transcode/types.rs"]
mod types;

use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant;

use bridge_daemon::config::plan::{FormatPlan, Shape, Tolerance};
use bridge_daemon::layout::Layout;
use bridge_daemon::transcode::{Input, Output, Transcoder};
use serde::Serialize;
use serde::de::DeserializeOwned;

use block::MarketBlock;
use types::{Flat, Random, Sample, Tick};

const SAMPLES: usize = 64;
const ROUNDS: usize = 600;
const ROUND_NANOS: f64 = 2e5;

fn main() {
    println!("{:<22} {:>9} {:>12} {:>7} {:>13}", "", "ours (ns)", "rmp-serde", "ratio", "allocations");
    compare::<Tick>("tick, 40 B");
    compare::<Flat>("40 fields, flat");
    compare::<MarketBlock>("204 ticks, 8 KiB");
}

fn compare<T: Sample + Serialize + DeserializeOwned>(name: &str) {
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
    report(
        &format!("encode {name}"),
        || structs.iter().for_each(|sample| run(&encoder, sample, &mut ours_buffer)),
        || {
            for value in &values {
                let mut serializer = rmp_serde::Serializer::new(buffer.as_mut_slice()).with_struct_map();
                black_box(value).serialize(&mut serializer).expect("fits");
                black_box(&mut buffer);
            }
        },
    );
    let mut chunk = vec![0; structs[0].len()];
    let mut slot = T::random(&mut random);
    report(
        &format!("decode {name}"),
        || documents.iter().for_each(|document| run(&decoder, document, &mut chunk)),
        || {
            for document in &documents {
                slot = rmp_serde::from_slice(black_box(document)).expect("reads");
                black_box(&mut slot);
            }
        },
    );
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

/// Prints what one sample takes with each; each call is a pass over all samples.
fn report(name: &str, mut ours: impl FnMut(), mut reference: impl FnMut()) {
    let allocations = (allocations::during(&mut ours), allocations::during(&mut reference));
    let passes = passes_of_a_round(&mut ours).min(passes_of_a_round(&mut reference));
    let mut nanos = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        nanos.0.push(round(passes, &mut ours));
        nanos.1.push(round(passes, &mut reference));
    }
    let (ours, reference) = (undisturbed(nanos.0), undisturbed(nanos.1));
    let ratio = reference / ours;
    println!("{name:<22} {ours:>9.1} {reference:>12.1} {ratio:>6.2}x {:>6} /{:>5}", allocations.0, allocations.1);
}

fn passes_of_a_round(pass: &mut impl FnMut()) -> usize {
    let once = (0..20).map(|_| round(1, pass)).fold(f64::MAX, f64::min) * SAMPLES as f64;
    ((ROUND_NANOS / once.max(1.0)) as usize).max(1)
}

/// Nanoseconds of one sample.
fn round(passes: usize, pass: &mut impl FnMut()) -> f64 {
    let start = Instant::now();
    for _ in 0..passes {
        pass();
    }
    start.elapsed().as_nanos() as f64 / (passes * SAMPLES) as f64
}

fn undisturbed(mut nanos: Vec<f64>) -> f64 {
    nanos.sort_by(f64::total_cmp);
    nanos[nanos.len() / 10]
}
