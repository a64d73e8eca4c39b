//! Byte for byte what rmp-serde writes for a derived type of the same layout, and read back.

use serde::{Deserialize, Serialize};

use super::*;

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
            ("symbol", 0, Type::Text(16)),
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
