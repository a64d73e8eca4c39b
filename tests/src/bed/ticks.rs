//! The stream that shows that a bridge is well: ticks from C++ that arrive in Rust as MessagePack.

use super::{Bed, Bridge, exchange, exchange_through};

/// It, losing nothing.
pub const TICKS: &str = r#"
[[stream]]
name = "ticks"

[stream.from.classic]
service = "Market"
instance = "Shanghai"
event = "Tick"
format = "struct"
layout = "MarketTick"
when_full = "block"

[stream.to.iceoryx2]
service = "market/ticks"
format = "msgpack"
queue = 64
when_full = "block"
"#;

/// So many ticks get through [`TICKS`], and every one the route ever took is accounted for.
///
/// # Panics
///
/// If not.
pub fn ticks_arrive(bed: &Bed, bridge: &Bridge, samples: u64) {
    bridge.wait_running(&["ticks"]);
    let (publisher, subscriber) = applications(bed, samples);
    exchange_through(bridge, "ticks", publisher, subscriber, samples);
}

/// As [`ticks_arrive`], through a bridge that may have lost some before.
///
/// # Panics
///
/// If not.
pub fn ticks_arrive_again(bed: &Bed, bridge: &Bridge, samples: u64) {
    bridge.wait_running(&["ticks"]);
    let (publisher, subscriber) = applications(bed, samples);
    exchange(publisher, subscriber, samples);
}

fn applications(bed: &Bed, samples: u64) -> (super::App, super::App) {
    let count = samples.to_string();
    let subscriber = bed.iceoryx2("tick-subscriber", &["--count", &count, "--block"]);
    let publisher = bed.classic("classic-tick-publisher", &["--count", &count, "--block", "--handshake"]);
    (publisher, subscriber)
}
