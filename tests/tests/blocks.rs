//! Blocks of ticks, from none to 204 of them: between applications that lay them out differently, and as lists in
//! MessagePack. The streams are those of the shipped configuration.

use tests::bed::{App, Bed, exchange_through, isolated, shipped};

/// Each number of ticks comes 24 times.
const BLOCKS: u64 = 24 * 205;

/// Runs the bridge with `stream`, and sends blocks from the publisher to the subscriber through `route` of it. Both are
/// started with the arguments that they share.
fn cross(
    bed: &Bed,
    stream: &str,
    route: &str,
    publisher: impl FnOnce(&[&str]) -> App,
    subscriber: impl FnOnce(&[&str]) -> App,
) {
    let roudi = bed.roudi();
    let bridge = bed.bridge(&bed.config(&shipped(stream)));
    bridge.wait_running(&[route]);
    let count = BLOCKS.to_string();
    let shared = ["--count", &count, "--block"];
    let subscriber = subscriber(&shared);
    let publisher = publisher(&[&shared[..], &["--handshake"]].concat());
    exchange_through(&bridge, route, publisher, subscriber, BLOCKS);
    bridge.stop();
    roudi.stop();
}

#[test]
fn a_market_block_becomes_a_quant_block() {
    isolated(|bed| {
        let publisher = |shared: &[&str]| bed.classic("classic-tick-block-publisher", shared);
        let subscriber = |shared: &[&str]| {
            bed.iceoryx2("quant-subscriber", &[shared, &["--service", "QAULTRA/market_data/Block"]].concat())
        };
        cross(bed, "market-data", "market-data", publisher, subscriber);
    });
}

#[test]
fn a_quant_block_becomes_a_market_block() {
    isolated(|bed| {
        let publisher = |shared: &[&str]| {
            bed.iceoryx2("quant-publisher", &[shared, &["--service", "QAULTRA/market_data/Block"]].concat())
        };
        let subscriber = |shared: &[&str]| bed.classic("classic-tick-block-subscriber", shared);
        cross(bed, "market-data", "market-data/back", publisher, subscriber);
    });
}

#[test]
fn a_market_block_becomes_a_list_that_serde_reads() {
    isolated(|bed| {
        let publisher =
            |shared: &[&str]| bed.classic("classic-tick-block-publisher", &[shared, &["--instance", "ticks"]].concat());
        let subscriber = |shared: &[&str]| bed.iceoryx2("list-subscriber", shared);
        cross(bed, "block-ticks", "block-ticks", publisher, subscriber);
    });
}

/// The records of blocks of other types are no ticks, and would be a list of numbers that mean nothing.
#[test]
fn blocks_of_other_types_are_passed_over() {
    const ALL: u64 = 256;
    isolated(|bed| {
        let roudi = bed.roudi();
        let bridge = bed.bridge(&bed.config(&shipped("block-ticks")));
        bridge.wait_running(&["block-ticks"]);
        // Its blocks have all types in turn, of which the first is that of ticks.
        let arguments = ["--count", &ALL.to_string(), "--instance", "ticks", "--event", "Block", "--block"];
        let publisher = bed.classic("classic-block-publisher", &arguments);
        let route = bridge.wait_for_route("block-ticks", "all of them", |route| route.received == ALL);
        assert_eq!((route.filtered, route.forwarded, route.rejected.total), (ALL - 1, 1, 0), "{route:#?}");
        assert!(bridge.table().contains("block-ticks: 255 samples did not match its `where`"));
        publisher.finish();
        bridge.stop();
        roudi.stop();
    });
}

#[test]
fn a_list_that_serde_writes_becomes_a_market_block() {
    isolated(|bed| {
        let publisher = |shared: &[&str]| bed.iceoryx2("list-publisher", shared);
        let place = ["--instance", "ticks", "--event", "Recorded", "--recorded"];
        let subscriber = |shared: &[&str]| bed.classic("classic-tick-block-subscriber", &[shared, &place].concat());
        cross(bed, "ticks-to-blocks", "ticks-to-blocks", publisher, subscriber);
    });
}

#[test]
fn a_quant_block_becomes_a_list_that_msgpack_c_reads() {
    isolated(|bed| {
        let publisher = |shared: &[&str]| bed.iceoryx2("quant-publisher", shared);
        let subscriber = |shared: &[&str]| bed.classic("classic-msgpack-list-subscriber", shared);
        cross(bed, "quant-ticks", "quant-ticks", publisher, subscriber);
    });
}

/// The C++ application knows nothing of bid and ask, for which the stream has defaults.
#[test]
fn a_list_that_msgpack_c_writes_becomes_a_quant_block() {
    isolated(|bed| {
        let publisher = |shared: &[&str]| bed.classic("classic-msgpack-list-publisher", shared);
        let service = ["--service", "quant/blocks/recorded", "--recorded"];
        let subscriber = |shared: &[&str]| bed.iceoryx2("quant-subscriber", &[shared, &service].concat());
        cross(bed, "ticks-to-quant", "ticks-to-quant", publisher, subscriber);
    });
}
