//! The blocks of market data in the shipped configuration, against bytes laid out by hand and derived types.

use std::path::Path;

use serde::{Deserialize, Serialize};

use bridge_daemon::config::load;
use bridge_daemon::config::plan::RoutePlan;
use bridge_daemon::endpoint::SERVED;
use bridge_daemon::transcode::{Output, Pipeline, Reject};

const MARKET_BLOCK: usize = 8192;
const QUANT_BLOCK: usize = 65856;
const MARKET_ROOM: usize = 204;

/// What turns the samples of a route of the shipped configuration.
fn shipped(name: &str) -> Pipeline {
    let config = load(Path::new("../config/iox-bridge.toml"), SERVED).expect("is fine");
    let route = config.routes.iter().find(|route| route.name == name).expect("is there");
    // As a worker gets it.
    let json = serde_json::to_string(route).expect("travels");
    let route: RoutePlan = serde_json::from_str(&json).expect("arrives");
    Pipeline::compile(&route.conversion()).expect("compiles")
}

fn turned(pipeline: &mut Pipeline, sample: &[u8]) -> Result<Vec<u8>, Reject> {
    let mut output = vec![0xaa; pipeline.measure(sample.into())?];
    pipeline.run(sample.into(), Output::from(output.as_mut_slice()))?;
    Ok(output)
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Tick {
    symbol: String,
    price: f64,
    volume: f64,
    timestamp: u64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct QuantTick {
    timestamp_ns: i64,
    last: f64,
    bid: f64,
    ask: f64,
    volume: u64,
    symbol: String,
}

fn ticks(count: usize) -> Vec<Tick> {
    let tick = |index: usize| Tick {
        symbol: format!("SH{index:06}"),
        price: 10.0 + index as f64 / 100.0,
        volume: 100.0 * index as f64,
        timestamp: 1_700_000_000_000_000_000 + index as u64,
    };
    (0..count).map(tick).collect()
}

fn put(block: &mut [u8], at: usize, bytes: &[u8]) {
    block[at..at + bytes.len()].copy_from_slice(bytes);
}

/// A block as the C++ application writes it. What lies behind its records is not zero.
fn market_block(records: &[Tick], count: u64, data_type: u8, dirt: u8) -> Vec<u8> {
    let mut block = vec![dirt; MARKET_BLOCK];
    put(&mut block, 0, &77_u64.to_ne_bytes());
    put(&mut block, 8, &1_700_000_000_u64.to_ne_bytes());
    put(&mut block, 16, &count.to_ne_bytes());
    block[24..32].fill(0);
    block[24] = data_type;
    for (index, tick) in records.iter().enumerate() {
        let at = 32 + 40 * index;
        put(&mut block, at, &[0; 40]);
        put(&mut block, at, tick.symbol.as_bytes());
        put(&mut block, at + 16, &tick.price.to_ne_bytes());
        put(&mut block, at + 24, &tick.volume.to_ne_bytes());
        put(&mut block, at + 32, &tick.timestamp.to_ne_bytes());
    }
    block
}

/// A block as the Rust application writes it.
fn quant_block(records: &[QuantTick], data_type: u32) -> Vec<u8> {
    let mut block = vec![0; QUANT_BLOCK];
    for (index, tick) in records.iter().enumerate() {
        let at = 72 * index;
        put(&mut block, at, &tick.timestamp_ns.to_ne_bytes());
        put(&mut block, at + 8, &tick.last.to_ne_bytes());
        put(&mut block, at + 16, &tick.bid.to_ne_bytes());
        put(&mut block, at + 24, &tick.ask.to_ne_bytes());
        put(&mut block, at + 32, &tick.volume.to_ne_bytes());
        put(&mut block, at + 40, tick.symbol.as_bytes());
    }
    let length = 72 * records.len();
    let sum: u64 = block[..length].iter().map(|byte| u64::from(*byte)).sum();
    put(&mut block, 65536, &(length as u64).to_ne_bytes());
    put(&mut block, 65544, &(records.len() as u64).to_ne_bytes());
    put(&mut block, 65552, &data_type.to_ne_bytes());
    put(&mut block, 65560, &1_700_000_000_i64.to_ne_bytes());
    put(&mut block, 65568, &77_u64.to_ne_bytes());
    put(&mut block, 65576, &1_u32.to_ne_bytes());
    put(&mut block, 65584, &sum.to_ne_bytes());
    block
}

fn quant(tick: &Tick) -> QuantTick {
    let price = tick.price;
    QuantTick {
        timestamp_ns: tick.timestamp as i64,
        last: price,
        bid: price,
        ask: price,
        volume: tick.volume as u64,
        symbol: tick.symbol.clone(),
    }
}

#[test]
fn a_block_becomes_the_other_with_its_records_and_their_sum() {
    let (mut forth, mut back) = (shipped("market-data"), shipped("market-data/back"));
    for count in [0, 1, 7, MARKET_ROOM] {
        let ticks = ticks(count);
        let records: Vec<_> = ticks.iter().map(quant).collect();
        let block = market_block(&ticks, count as u64, 0, 0xee);
        let converted = turned(&mut forth, &block).expect("is converted");
        assert_eq!(converted, quant_block(&records, 1));
        assert_eq!(turned(&mut back, &converted).expect("is converted"), market_block(&ticks, count as u64, 0, 0));
    }
}

#[test]
fn blocks_that_cannot_be_converted_are_rejected() {
    let (mut forth, mut back) = (shipped("market-data"), shipped("market-data/back"));
    // Records of other types are no ticks.
    for (data_type, reject) in
        [(1, Reject::UnknownName), (2, Reject::UnknownName), (4, Reject::UnknownName), (5, Reject::UnnamedValue)]
    {
        assert_eq!(turned(&mut forth, &market_block(&ticks(2), 2, data_type, 0)), Err(reject), "{data_type}");
    }
    let records: Vec<_> = ticks(205).iter().map(quant).collect();
    assert_eq!(turned(&mut back, &quant_block(&records[..2], 8)), Err(Reject::UnknownName));
    assert_eq!(turned(&mut back, &quant_block(&records, 1)), Err(Reject::ArrayLength));
    let mut wrong = quant_block(&records[..2], 1);
    wrong[65584] ^= 1;
    assert_eq!(turned(&mut back, &wrong), Err(Reject::SumMismatch));
    // The smaller of length and count is what counts, and the sum is of that.
    let mut shorter = quant_block(&records[..2], 1);
    put(&mut shorter, 65544, &900_u64.to_ne_bytes());
    assert_eq!(turned(&mut back, &shorter).expect("is converted"), market_block(&ticks(2), 2, 0, 0));
    let mut long = records[..1].to_vec();
    long[0].symbol = "seventeen letters".into();
    assert_eq!(turned(&mut back, &quant_block(&long, 1)), Err(Reject::TextTooLong));
    assert_eq!(turned(&mut back, &wrong[1..]), Err(Reject::SizeMismatch));
    // A count beyond the room is the room.
    let huge = turned(&mut forth, &market_block(&ticks(MARKET_ROOM), u64::MAX, 0, 0)).expect("is converted");
    assert_eq!(huge[65544..65552], (MARKET_ROOM as u64).to_ne_bytes());
    // Fractions of a lot are rounded, as the rule says.
    let mut half = ticks(1);
    half[0].volume = 1.75;
    assert_eq!(turned(&mut forth, &market_block(&half, 1, 0, 0)).expect("is converted")[32], 2);
}

#[test]
fn blocks_become_lists_of_ticks_and_back() {
    let (mut forth, mut back) = (shipped("block-ticks"), shipped("ticks-to-blocks"));
    let (mut quant_forth, mut quant_back) = (shipped("quant-ticks"), shipped("ticks-to-quant"));
    for count in [0, 1, MARKET_ROOM] {
        let ticks = ticks(count);
        let document = turned(&mut forth, &market_block(&ticks, count as u64, 0, 0xee)).expect("is written");
        assert_eq!(document, rmp_serde::to_vec_named(&ticks).expect("is written"));
        let mut block = market_block(&ticks, count as u64, 0, 0);
        block[..16].fill(0);
        assert_eq!(turned(&mut back, &document).expect("is read"), block);
        let records: Vec<_> = ticks.iter().map(quant).collect();
        let document = turned(&mut quant_forth, &quant_block(&records, 1)).expect("is written");
        assert_eq!(document, rmp_serde::to_vec_named(&records).expect("is written"));
        let mut block = quant_block(&records, 1);
        block[65560..65576].fill(0);
        assert_eq!(turned(&mut quant_back, &document).expect("is read"), block);
    }
    let many = rmp_serde::to_vec_named(&ticks(MARKET_ROOM + 1)).expect("is written");
    assert_eq!(turned(&mut back, &many), Err(Reject::ArrayLength));
    assert_eq!(turned(&mut back, &[0x80]), Err(Reject::WrongType));
}

#[test]
fn ticks_without_bid_and_ask_have_the_defaults() {
    #[derive(Serialize)]
    struct Last {
        timestamp_ns: i64,
        last: f64,
        volume: u64,
        symbol: &'static str,
    }
    let document = rmp_serde::to_vec_named(&[Last { timestamp_ns: -5, last: 2.5, volume: 3, symbol: "A" }]);
    let block = turned(&mut shipped("ticks-to-quant"), &document.expect("is written")).expect("is read");
    let tick = QuantTick { timestamp_ns: -5, last: 2.5, bid: 0.0, ask: 0.0, volume: 3, symbol: "A".into() };
    let mut expected = quant_block(&[tick], 1);
    expected[65560..65576].fill(0);
    assert_eq!(block, expected);
}
