//! A C++ struct on one side, MessagePack or JSON that serde reads and writes on the other.

use std::time::SystemTime;

use tests::bed::{TICKS, exchange_through, isolated, ticks_arrive};

const SAMPLES: u64 = 20_000;

const TO_CLASSIC: &str = r#"
[[stream]]
name = "ticks"

[stream.from.iceoryx2]
service = "market/ticks"
format = "msgpack"
queue = 64
when_full = "block"

[stream.to.classic]
service = "Market"
instance = "Shanghai"
event = "Tick"
format = "struct"
layout = "MarketTick"
when_full = "block"
"#;

#[test]
fn a_struct_becomes_a_document() {
    isolated(|bed| {
        let roudi = bed.roudi();
        let bridge = bed.bridge(&bed.config(TICKS));
        ticks_arrive(bed, &bridge, SAMPLES);
        bridge.stop();
        roudi.stop();
    });
}

#[test]
fn a_document_becomes_a_struct() {
    isolated(|bed| {
        let roudi = bed.roudi();
        let bridge = bed.bridge(&bed.config(TO_CLASSIC));
        bridge.wait_running(&["ticks"]);
        let count = SAMPLES.to_string();
        let subscriber = bed.classic("classic-tick-subscriber", &["--count", &count, "--block"]);
        let publisher = bed.iceoryx2("tick-publisher", &["--count", &count, "--block", "--handshake"]);
        exchange_through(&bridge, "ticks", publisher, subscriber, SAMPLES);
        bridge.stop();
        roudi.stop();
    });
}

/// A receiver that asks for an array of values gets one: what `rmp_serde::to_vec` writes, it also reads.
#[test]
fn a_struct_becomes_an_array() {
    isolated(|bed| {
        let roudi = bed.roudi();
        let stream = TICKS.replace("format = \"msgpack\"", "format = \"msgpack\"\nshape = \"array\"");
        let bridge = bed.bridge(&bed.config(&stream));
        bridge.wait_running(&["ticks"]);
        let subscriber = bed.iceoryx2("tick-subscriber", &["--count", "100", "--block"]);
        let publisher = bed.classic("classic-tick-publisher", &["--count", "100", "--block", "--handshake"]);
        exchange_through(&bridge, "ticks", publisher, subscriber, 100);
        bridge.stop();
        roudi.stop();
    });
}

/// A struct from Rust becomes a document that a C++ application reads with msgpack-c alone, and one from there a struct.
const OTHER_WAY: &str = r#"
[[stream]]
name = "structs"
from.iceoryx2 = { service = "market/structs", format = "struct", layout = "MarketTick", queue = 64, when_full = "block" }
to.classic = { service = "Market", instance = "Shanghai", event = "Document", format = "msgpack", when_full = "block" }
bidirectional = true
"#;

#[test]
fn a_struct_from_rust_becomes_a_document_for_cpp() {
    isolated(|bed| {
        let roudi = bed.roudi();
        let bridge = bed.bridge(&bed.config(OTHER_WAY));
        bridge.wait_running(&["structs"]);
        let count = SAMPLES.to_string();
        let subscriber = bed.classic("classic-msgpack-tick-subscriber", &["--count", &count, "--block"]);
        let publisher = bed.iceoryx2("tick-struct-publisher", &["--count", &count, "--block", "--handshake"]);
        exchange_through(&bridge, "structs", publisher, subscriber, SAMPLES);
        bridge.stop();
        roudi.stop();
    });
}

#[test]
fn a_document_from_cpp_becomes_a_struct_for_rust() {
    isolated(|bed| {
        let roudi = bed.roudi();
        let bridge = bed.bridge(&bed.config(OTHER_WAY));
        bridge.wait_running(&["structs/back"]);
        let count = SAMPLES.to_string();
        let subscriber = bed.iceoryx2("tick-struct-subscriber", &["--count", &count, "--block"]);
        let publisher = bed.classic("classic-msgpack-tick-publisher", &["--count", &count, "--block", "--handshake"]);
        exchange_through(&bridge, "structs/back", publisher, subscriber, SAMPLES);
        bridge.stop();
        roudi.stop();
    });
}

#[test]
fn a_struct_becomes_json() {
    isolated(|bed| {
        let roudi = bed.roudi();
        let bridge = bed.bridge(&bed.config(&TICKS.replace("msgpack", "json")));
        bridge.wait_running(&["ticks"]);
        let count = SAMPLES.to_string();
        let subscriber = bed.iceoryx2("tick-subscriber", &["--count", &count, "--block", "--json"]);
        let publisher = bed.classic("classic-tick-publisher", &["--count", &count, "--block", "--handshake"]);
        exchange_through(&bridge, "ticks", publisher, subscriber, SAMPLES);
        bridge.stop();
        roudi.stop();
    });
}

#[test]
fn json_becomes_a_struct() {
    isolated(|bed| {
        let roudi = bed.roudi();
        let bridge = bed.bridge(&bed.config(&TO_CLASSIC.replace("msgpack", "json")));
        bridge.wait_running(&["ticks"]);
        let count = SAMPLES.to_string();
        let subscriber = bed.classic("classic-tick-subscriber", &["--count", &count, "--block"]);
        let publisher = bed.iceoryx2("tick-publisher", &["--count", &count, "--block", "--handshake", "--json"]);
        exchange_through(&bridge, "ticks", publisher, subscriber, SAMPLES);
        bridge.stop();
        roudi.stop();
    });
}

/// Documents of which every second one is wrong: each of these is refused for a reason of its own, the others arrive.
#[test]
fn a_wrong_document_is_refused_and_the_next_one_arrives() {
    isolated(|bed| {
        let roudi = bed.roudi();
        let bridge = bed.bridge(&bed.config(TO_CLASSIC));
        bridge.wait_running(&["ticks"]);
        let subscriber = bed.classic("classic-tick-subscriber", &["--count", "140", "--block"]);
        let mut publisher = bed.iceoryx2("rude-publisher", &["--count", "140", "--block", "--handshake"]);
        subscriber.wait_for_line("connected source=1");
        publisher.go();
        subscriber.wait_for_line("complete received=140");
        let route =
            bridge.wait_for_route("ticks", "all accounted for", |route| route.rejected.total >= 140 && route.adds_up());
        assert_eq!(route.rejected.total, 140, "{route:#?}");
        assert!(route.rejected.by_reason.len() >= 5, "one reason for all is none: {:#?}", route.rejected);
        assert!(route.is_running() && route.dropped.total == 0, "{route:#?}");
        // Of each reason there is where the last one was at fault, and when.
        let last = |reason: &str| route.last_rejected.iter().find(|last| last.reason == reason);
        assert!(route.rejected.by_reason.keys().all(|reason| last(reason).is_some()), "{route:#?}");
        let now = SystemTime::UNIX_EPOCH.elapsed().expect("after 1970").as_millis() as u64;
        assert!(route.last_rejected.iter().all(|last| now.abs_diff(last.unix_ms) < 600_000), "{route:#?}");
        let field = |reason: &str| last(reason).and_then(|last| last.field.as_deref());
        assert_eq!(field("out_of_range"), Some("timestamp"));
        assert_eq!(field("text_too_long"), Some("symbol"));
        assert!(last("unknown_field").is_some_and(|last| last.offset > Some(0) && last.field.is_none()), "{route:#?}");
        let table = bridge.table();
        assert!(table.contains("ticks: the last text_too_long was"), "{table}");
        assert!(table.contains("s ago, in `symbol`, at byte"), "{table}");
        subscriber.finish();
        publisher.finish();
        bridge.stop();
        roudi.stop();
    });
}

/// Chunks that are shorter than the struct are refused, the others arrive.
#[test]
fn a_chunk_of_another_size_is_refused_and_the_next_one_arrives() {
    isolated(|bed| {
        let roudi = bed.roudi();
        let bridge = bed.bridge(&bed.config(TICKS));
        bridge.wait_running(&["ticks"]);
        for (run, size) in ["39", "41", "0", "8192"].into_iter().enumerate() {
            let subscriber = bed.iceoryx2("tick-subscriber", &["--count", "50", "--block"]);
            let arguments = ["--count", "50", "--block", "--handshake", "--size", size];
            let mut publisher = bed.classic("classic-rude-publisher", &arguments);
            subscriber.wait_for_line("connected source=1");
            publisher.go();
            subscriber.wait_for_line("complete received=50");
            let rejected = 50 * (run as u64 + 1);
            let route = bridge.wait_for_route("ticks", "all accounted for", |route| {
                route.rejected.total >= rejected && route.adds_up()
            });
            assert_eq!(route.rejected.total, rejected, "chunks of {size} bytes: {route:#?}");
            subscriber.finish();
            publisher.finish();
        }
        bridge.stop();
        roudi.stop();
    });
}
