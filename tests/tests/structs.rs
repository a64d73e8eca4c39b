//! The same struct on both sides: plain copies, each value compared by the receiver.

use std::fs;

use tests::bed::{Bed, Bridge, exchange_through, isolated};

const SAMPLES: u64 = 10_000;

const TRANSMISSION: &str = r#"
[[stream]]
name = "transmission"
from.classic = { service = "My", instance = "Funk", event = "ServiceName", when_full = "block" }
bidirectional = true

[stream.to.iceoryx2]
service = "My/Funk/ServiceName"
type = { name = "TransmissionData", size = 16, align = 8 }
queue = 64
when_full = "block"
"#;

const BLOCKS: &str = r#"
[[stream]]
name = "blocks"
from.classic = { service = "QAULTRA", instance = "market_stream", event = "Data", when_full = "block" }
bidirectional = true

[stream.to.iceoryx2]
service = "QAULTRA/market_stream/Data"
type = { name = "MarketBlock", size = 8192, align = 64 }
queue = 64
when_full = "block"
"#;

/// The C++ application of `topic` publishes, the iceoryx2 one subscribes.
fn to_iceoryx2(bed: &Bed, bridge: &Bridge, topic: &str, route: &str) {
    let count = SAMPLES.to_string();
    let subscriber = bed.iceoryx2(&format!("{topic}-subscriber"), &["--count", &count, "--block"]);
    let arguments = ["--count", &count, "--block", "--handshake"];
    let publisher = bed.classic(&format!("classic-{topic}-publisher"), &arguments);
    exchange_through(bridge, route, publisher, subscriber, SAMPLES);
}

/// The iceoryx2 application of `topic` publishes, the C++ one subscribes.
fn to_classic(bed: &Bed, bridge: &Bridge, topic: &str, route: &str) {
    let count = SAMPLES.to_string();
    let subscriber = bed.classic(&format!("classic-{topic}-subscriber"), &["--count", &count, "--block"]);
    let arguments = ["--count", &count, "--block", "--handshake"];
    let publisher = bed.iceoryx2(&format!("{topic}-publisher"), &arguments);
    exchange_through(bridge, route, publisher, subscriber, SAMPLES);
}

fn both_ways(bed: &Bed, streams: &str, topic: &str, route: &str) {
    let roudi = bed.roudi();
    let back = format!("{route}/back");
    let bridge = bed.bridge(&bed.config(streams));
    bridge.wait_running(&[route, &back]);
    to_iceoryx2(bed, &bridge, topic, route);
    to_classic(bed, &bridge, topic, &back);
    bridge.stop();
    roudi.stop();
}

#[test]
fn transmission_data_both_ways() {
    isolated(|bed| both_ways(bed, TRANSMISSION, "transmission", "transmission"));
}

#[test]
fn market_blocks_both_ways() {
    isolated(|bed| both_ways(bed, BLOCKS, "block", "blocks"));
}

/// The bridge comes last and without a type: it takes the service as the application has made it.
#[test]
fn a_service_that_exists_is_adopted() {
    isolated(|bed| {
        let roudi = bed.roudi();
        let count = SAMPLES.to_string();
        let subscriber = bed.iceoryx2("transmission-subscriber", &["--count", &count, "--block", "--queue", "7"]);
        subscriber.wait_for_line("started");
        let publisher = bed.classic("classic-transmission-publisher", &["--count", &count, "--block", "--handshake"]);
        let bridge = bed.bridge(&bed.config(
            r#"
            [[stream]]
            name = "adopted"
            from.classic = { service = "My", instance = "Funk", event = "ServiceName", when_full = "block" }
            to.iceoryx2 = { service = "My/Funk/ServiceName", when_full = "block" }
            "#,
        ));
        exchange_through(&bridge, "adopted", publisher, subscriber, SAMPLES);
        bridge.stop();
        roudi.stop();
    });
}

/// With neither a service nor a type to make one of, the route says what it waits for, and goes on when that comes.
#[test]
fn a_service_that_nobody_described_is_waited_for() {
    isolated(|bed| {
        let roudi = bed.roudi();
        let bridge = bed.bridge(&bed.config(
            r#"
            [[stream]]
            name = "awaited"
            from.iceoryx2 = { service = "My/Funk/ServiceName", when_full = "block" }
            to.classic = { service = "My", instance = "Funk", event = "ServiceName", when_full = "block" }
            "#,
        ));
        let reason = bridge.wait_for_reason("awaited");
        assert!(reason.contains("My/Funk/ServiceName"), "the reason does not say what is missing: {reason}");
        to_classic(bed, &bridge, "transmission", "awaited");
        bridge.stop();
        roudi.stop();
    });
}

#[test]
fn a_late_iceoryx2_subscriber_gets_the_history_although_nothing_new_comes() {
    isolated(|bed| {
        let roudi = bed.roudi();
        let bridge = bed.bridge(&bed.config(
            r#"
[[stream]]
name = "bytes"
from.classic = { service = "Raw", instance = "Main", event = "Bytes" }
to.iceoryx2 = { service = "Raw/Main/Bytes", type = { name = "u8", size = 1, align = 1, slice = true }, queue = 8, history = 4 }
"#,
        ));
        bridge.wait_running(&["bytes"]);
        let publisher = bed.classic("classic-raw-publisher", &["--count", "100", "--pace-us", "1000"]);
        bridge.wait_for_route("bytes", "all have crossed", |route| route.forwarded == 100);
        let subscriber = bed.iceoryx2("raw-subscriber", &["--service", "Raw/Main/Bytes", "--lossy", "--report", "1"]);
        subscriber.wait_for_line("received 4");
        let closing = subscriber.finish();
        assert!(closing.starts_with("done received=4 "), "{closing}");
        publisher.finish();
        bridge.stop();
        roudi.stop();
    });
}

/// Where a layout says when its samples were made, `status` says how old they were when they had crossed: from the struct that
/// comes, or the one that is written.
#[test]
fn the_age_of_samples_is_told() {
    isolated(|bed| {
        let layouts = bed.file("clock.toml");
        let clock = r#"
            [[layout]]
            name = "Clock"
            fields = [{ name = "sequence", type = "u64" }, { name = "made_at", type = "i64", timestamp = "us" }]
        "#;
        fs::write(&layouts, clock).expect("there is room");
        let streams = r#"
            [[stream]]
            name = "out"
            from.iceoryx2 = { service = "clock", format = "struct", layout = "Clock", queue = 64 }
            to.classic = { service = "Clock", instance = "Main", event = "Document", format = "msgpack" }

            [[stream]]
            name = "raw"
            from.iceoryx2 = { service = "clock", queue = 64 }
            to.classic = { service = "Clock", instance = "Main", event = "Raw" }

            [lane.other]

            [[stream]]
            name = "in"
            lane = "other"
            from.classic = { service = "Clock", instance = "Main", event = "Document", format = "msgpack" }
            to.iceoryx2 = { service = "clock/again", format = "struct", layout = "Clock", release = "0.9" }
        "#;
        let roudi = bed.roudi();
        let bridge =
            bed.bridge(&bed.config(streams).replacen("layouts = [", &format!("layouts = [\"{layouts}\", "), 1));
        bridge.wait_running(&["out", "raw"]);
        let publisher = bed.iceoryx2("clock-publisher", &["--count", "50", "--queue", "64"]);
        publisher.wait_for_line("done sent=50");
        let route = bridge.wait_for_route("out", "all of them", |route| route.forwarded == 50);
        let age = route.age.expect("the layout has a time");
        assert!(age.measured > 0 && (200_000_000..2_000_000_000).contains(&age.p50_ns), "{age:?}");
        assert!(bridge.wait_for_route("raw", "all of them", |route| route.forwarded == 50).age.is_none());
        assert!(bridge.table().contains("AGE P50"), "{}", bridge.table());
        let route = bridge.wait_for_route("in", "all of them", |route| route.forwarded == 50);
        let age = route.age.expect("the layout has a time");
        assert!(age.measured > 0 && (200_000_000..2_000_000_000).contains(&age.p50_ns), "{age:?}");
        publisher.finish();
        bridge.stop();
        roudi.stop();
    });
}
