//! Blocks of records into blocks of another layout, compared with `memcpy` of the bytes of their records.

use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;

use bridge_daemon::config;
use bridge_daemon::config::plan::FormatPlan;
use bridge_daemon::endpoint::SERVED;
use bridge_daemon::layout::{Field, Layout, Live, Scalar, Type};
use bridge_daemon::transcode::{Input, Output, Pipeline, Transcoder};

use crate::block::MarketBlock;
use crate::measure::{SAMPLES, compare};
use crate::report::{Goal, Report};
use crate::types::{Random, Sample, Tick};

const ROOM: usize = 204;

/// Adds the scenarios to the report.
pub(crate) fn all(report: &mut Report) {
    // Five numbers of 8 bytes, without anything to be looked at: such records are copied whole.
    let names = ["bid", "ask", "bid_volume", "ask_volume", "timestamp"];
    let fields = names.iter().zip(0..).map(|(name, index)| Field::new(*name, 8 * index, Type::Scalar(Scalar::F64)));
    let quote = Arc::new(Layout { name: "Quote".into(), size: 40, align: 8, fields: fields.collect() });
    between_headers("convert_block", &quote, Goal::Bandwidth(0.8), report);
    // Nothing may be left behind the text of a tick, so that each is looked at.
    between_headers("convert_ticks", &Tick::layout(), Goal::None, report);
    records(report);
}

/// A block of 8 KiB, in which a header stands before `record`s with their number.
fn block(name: &str, record: &Arc<Layout>, header: [(&str, usize); 3]) -> Arc<Layout> {
    let live = Live { records: Some(Arc::clone(record)), count: Some("record_count".into()), ..Live::default() };
    let data = Field { live: Some(Box::new(live)), ..Field::new("data", 32, Type::Bytes(ROOM * record.size)) };
    let header = header.iter().map(|(name, at)| Field::new(*name, *at, Type::Scalar(Scalar::U64)));
    Arc::new(Layout { name: name.into(), size: 8192, align: 64, fields: header.chain([data]).collect() })
}

fn between_headers(name: &str, record: &Arc<Layout>, goal: Goal, report: &mut Report) {
    let from = block("From", record, [("sequence", 0), ("timestamp_ns", 8), ("record_count", 16)]);
    let to = block("To", record, [("record_count", 0), ("sequence", 8), ("timestamp_ns", 24)]);
    let transcoder = Transcoder::compile(&FormatPlan::Struct(from), &FormatPlan::Struct(to)).expect("compiles");
    assert!(!transcoder.is_copy(), "headers differ");
    let samples = blocks();
    let expected = |sample: &[u8]| [&sample[16..24], &sample[..8], &[0; 8], &sample[8..16], &sample[32..]].concat();
    let run = |input: &[u8], output: &mut [u8]| {
        let input = Input::from(input);
        let len = transcoder.measure(input).expect("fits");
        transcoder.run(input, Output::from(&mut output[..len])).expect("fits");
    };
    measure(name, &samples, &expected, ROOM * record.size, goal, run, report);
}

/// The blocks of the shipped configuration: 204 records of 40 bytes become such of 72 bytes, and their sum is computed.
fn records(report: &mut Report) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../config/iox-bridge.toml");
    let config = config::load(&path, SERVED).expect("is fine");
    let route = config.routes.iter().find(|route| route.name == "market-data").expect("is there");
    let mut pipeline = Pipeline::compile(&route.conversion()).expect("compiles");
    let samples = blocks();
    let run = |input: &[u8], output: &mut [u8]| {
        let input = Input::from(input);
        let len = pipeline.measure(input).expect("fits");
        pipeline.run(input, Output::from(&mut output[..len])).expect("fits");
    };
    measure("convert_records", &samples, &quant_block, ROOM * 72, Goal::None, run, report);
}

/// Full blocks of ticks. Volumes are whole numbers.
fn blocks() -> Vec<Vec<u8>> {
    let mut random = Random::new(0x5eed);
    let mut blocks: Vec<_> = (0..SAMPLES).map(|_| MarketBlock::random(&mut random).bytes()).collect();
    for tick in blocks.iter_mut().flat_map(|block| block[32..].chunks_exact_mut(40)) {
        let volume = f64::from_ne_bytes(tick[24..32].try_into().expect("eight bytes"));
        tick[24..32].copy_from_slice(&volume.round().to_ne_bytes());
    }
    blocks
}

/// What the shipped configuration makes of a full block of ticks, byte by byte.
fn quant_block(block: &[u8]) -> Vec<u8> {
    let mut quant = Vec::new();
    for tick in block[32..].chunks_exact(40) {
        let volume = f64::from_ne_bytes(tick[24..32].try_into().expect("eight bytes")) as u64;
        quant.extend([&tick[32..40], &tick[16..24], &tick[16..24], &tick[16..24]].concat());
        quant.extend(volume.to_ne_bytes());
        quant.extend([&tick[..16], &[0; 16]].concat());
    }
    let (length, sum) = (quant.len() as u64, quant.iter().map(|byte| u64::from(*byte)).sum::<u64>());
    quant.resize(65856, 0);
    let header = [length, ROOM as u64, 1].map(u64::to_ne_bytes).concat();
    quant[65536..65560].copy_from_slice(&header);
    quant[65560..65568].copy_from_slice(&block[8..16]);
    quant[65568..65576].copy_from_slice(&block[..8]);
    quant[65576..65584].copy_from_slice(&1_u64.to_ne_bytes());
    quant[65584..65592].copy_from_slice(&sum.to_ne_bytes());
    quant
}

/// Compares `run` with copying `copied` bytes from and to where the records are, for those of one size. Samples are of
/// 8 KiB, so a longer copy is of some in a row.
fn measure(
    name: &str,
    samples: &[Vec<u8>],
    expected: &impl Fn(&[u8]) -> Vec<u8>,
    copied: usize,
    goal: Goal,
    mut run: impl FnMut(&[u8], &mut [u8]),
    report: &mut Report,
) {
    let mut chunk = vec![0xff; expected(&samples[0]).len()];
    for sample in samples {
        chunk.fill(0xff);
        run(sample, &mut chunk);
        assert_eq!(chunk, expected(sample), "{name}");
    }
    let mut copy = chunk.clone();
    let place = if copied <= 8160 { 32..32 + copied } else { 0..copied };
    let bytes = samples.concat();
    let ours = || {
        for sample in samples {
            run(black_box(sample), &mut chunk);
            black_box(&mut chunk);
        }
    };
    let reference = || {
        for index in 0..SAMPLES {
            let start = (8192 * index).min(bytes.len() - place.end);
            copy[place.clone()].copy_from_slice(black_box(&bytes[start..][place.clone()]));
            black_box(&mut copy);
        }
    };
    report.add(name, &compare(Some(copied), ours, reference), goal);
}
