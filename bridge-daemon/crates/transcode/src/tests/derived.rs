//! Byte for byte what rmp-serde writes for a derived type of the same layout, and read back.

use serde::{Deserialize, Serialize};

use super::*;
use crate::check::everything;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Tick {
    symbol: String,
    price: f64,
    volume: f64,
    timestamp: u64,
}

fn tick_layout() -> Arc<Layout> {
    layout(
        "MarketTick",
        40,
        8,
        &[
            ("symbol", 0, Type::text(16)),
            ("price", 16, scalar(Scalar::F64)),
            ("volume", 24, scalar(Scalar::F64)),
            ("timestamp", 32, scalar(Scalar::U64)),
        ],
    )
}

fn tick_bytes(tick: &Tick) -> Vec<u8> {
    let mut bytes = tick.symbol.clone().into_bytes();
    bytes.resize(16, 0);
    bytes.extend(tick.price.to_ne_bytes());
    bytes.extend(tick.volume.to_ne_bytes());
    bytes.extend(tick.timestamp.to_ne_bytes());
    bytes
}

#[test]
fn a_tick_is_what_rmp_serde_writes() {
    let layout = tick_layout();
    let (map, array, back) = (encoder(&layout, Shape::Map), encoder(&layout, Shape::Array), decoder(&layout));
    assert_eq!((map.expected_input(), map.fixed_output(), back.fixed_output()), (Some(40), None, Some(40)));
    let longest = Tick { symbol: "s".repeat(16), timestamp: u64::MAX, ..Tick::default() };
    assert_eq!(map.max_output(), Some(rmp_serde::to_vec_named(&longest).expect("writes").len()));
    for symbol in ["", "A", "600000", "EURUSD.1", "0123456789abcde", "0123456789abcdef", "\u{20ac}\u{1f600}\u{e9}"] {
        for timestamp in [0, 1, 127, 128, 255, 256, 65535, 65536, u32::MAX.into(), u64::from(u32::MAX) + 1, u64::MAX] {
            let tick = Tick { symbol: symbol.into(), price: 10.25, volume: -1e300, timestamp };
            let sample = tick_bytes(&tick);
            let named = rmp_serde::to_vec_named(&tick).expect("writes");
            assert_eq!(transcode(&map, &sample).as_ref(), Ok(&named));
            let plain = rmp_serde::to_vec(&tick).expect("writes");
            assert_eq!(transcode(&array, &sample).as_ref(), Ok(&plain));
            assert_eq!(transcode(&back, &named).as_ref(), Ok(&sample));
            assert_eq!(transcode(&back, &plain).as_ref(), Ok(&sample));
        }
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Point {
    x: i16,
    on: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
enum Side {
    Buy,
    Sell,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
enum KindName {
    Tick,
    Bar,
    AKindWithANameOfMoreThan31Letters,
}

/// An open enum, as an application may read it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
enum Kind {
    Named(KindName),
    Other(i16),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Everything {
    u8: u8,
    u16: u16,
    u32: u32,
    u64: u64,
    i8: i8,
    i16: i16,
    i32: i32,
    i64: i64,
    bool: bool,
    f32: f32,
    f64: f64,
    pub(super) text: String,
    pub(super) long_text: String,
    #[serde(with = "serde_bytes")]
    bytes: [u8; 3],
    numbers: [u16; 3],
    pub(super) matrix: [[f32; 2]; 2],
    pub(super) texts: [String; 2],
    a_name_that_is_longer_than_most: Point,
    points: [Point; 2],
    side: Side,
    sides: [Side; 2],
    kind: Kind,
    pub(super) padded: String,
    pub(super) terminated: String,
    pub(super) exact: String,
    pub(super) signed_bits: i8,
    on_bit: bool,
    side_bits: Side,
    pub(super) string: String,
    pub(super) vector: Vec<Point>,
    maybe: Option<u32>,
    maybe_point: Option<Point>,
    pub(super) records: Vec<Point>,
}

pub(super) fn one_everything(number: i64, text: &str) -> Everything {
    let point = Point { x: number as i16, on: number % 2 == 0 };
    let short: String = text.chars().take(5).collect();
    let some = |count: i64| vec![point.clone(); count as usize];
    Everything {
        u8: number as u8,
        u16: number as u16,
        u32: number as u32,
        u64: number as u64,
        i8: number as i8,
        i16: number as i16,
        i32: number as i32,
        i64: number,
        bool: number % 2 != 0,
        f32: number as f32,
        f64: number as f64,
        text: short.clone(),
        long_text: text.repeat(40).chars().take(40).collect(),
        bytes: [1, number as u8, 255],
        numbers: [0, number as u16, u16::MAX],
        matrix: [[0.5, number as f32], [f32::MAX, f32::NEG_INFINITY]],
        texts: ["".into(), text.chars().take(2).collect()],
        a_name_that_is_longer_than_most: point.clone(),
        points: [point.clone(), point.clone()],
        side: if number % 2 == 0 { Side::Buy } else { Side::Sell },
        sides: [Side::Sell, Side::Buy],
        kind: match number as i16 {
            -1 => Kind::Named(KindName::Tick),
            300 => Kind::Named(KindName::Bar),
            0 => Kind::Named(KindName::AKindWithANameOfMoreThan31Letters),
            other => Kind::Other(other),
        },
        padded: short.clone(),
        terminated: short.clone(),
        exact: "a\0b".into(),
        signed_bits: number.rem_euclid(32) as i8 - 16,
        on_bit: number % 2 != 0,
        side_bits: if number % 2 == 0 { Side::Sell } else { Side::Buy },
        string: short,
        vector: some(number.rem_euclid(3)),
        maybe: (number % 2 == 0).then_some(number as u32),
        maybe_point: (number % 2 != 0).then_some(point.clone()),
        records: some((number / 2).rem_euclid(3)),
    }
}

/// The same for JSON.
#[test]
fn every_type_is_what_serde_json_writes_and_reads() {
    let (write, read) = both_ways(&everything(), &json());
    for bits in 0..63 {
        for number in [1_i64 << bits, (1 << bits) - 1, -(1 << bits), -(1 << bits) - 1] {
            let mut value = one_everything(number, if bits % 2 == 0 { "t\"\u{7f}x\t" } else { "" });
            value.matrix[1][1] = 1.0 / number as f32;
            if !value.matrix[1][1].is_finite() {
                value.matrix[1][1] = -0.0;
            }
            let document = serde_json::to_vec(&value).expect("writes");
            let sample = transcode(&read, &document).expect("is read");
            assert_eq!(transcode(&write, &sample).as_ref(), Ok(&document));
            let pretty = serde_json::to_vec_pretty(&value).expect("writes");
            assert_eq!(transcode(&read, &pretty).as_ref(), Ok(&sample));
        }
    }
}

/// Through the bridge and back, the reading application being serde both times.
#[test]
fn every_type_is_what_rmp_serde_writes_and_reads() {
    let layout = everything();
    let (map, array, back) = (encoder(&layout, Shape::Map), encoder(&layout, Shape::Array), decoder(&layout));
    for bits in 0..63 {
        for number in [1_i64 << bits, (1 << bits) - 1, -(1 << bits), -(1 << bits) - 1] {
            let value = one_everything(number, if bits % 2 == 0 { "text" } else { "" });
            let named = rmp_serde::to_vec_named(&value).expect("writes");
            let plain = rmp_serde::to_vec(&value).expect("writes");
            let sample = transcode(&back, &named).expect("is read");
            assert_eq!(transcode(&back, &plain).as_ref(), Ok(&sample));
            assert_eq!(transcode(&map, &sample).as_ref(), Ok(&named));
            assert_eq!(transcode(&array, &sample).as_ref(), Ok(&plain));
            assert_eq!(rmp_serde::from_slice::<Everything>(&named).as_ref().ok(), Some(&value));
        }
    }
}
