//! Lanes that sleep until a sample comes, instead of looking for it.

use tests::bed::{Bed, Bridge, TICKS, exchange_through, isolated};

/// Samples at full speed, and how often the thread ran that wakes lanes meanwhile.
fn woken_at_full_speed(bed: &Bed, bridge: &Bridge) -> u64 {
    const SAMPLES: &str = "20000";
    let before = bridge.sleeps("classic wakes");
    let subscriber = bed.iceoryx2("tick-subscriber", &["--count", SAMPLES, "--block"]);
    let publisher = bed.classic("classic-tick-publisher", &["--count", SAMPLES, "--block", "--handshake"]);
    exchange_through(bridge, "ticks", publisher, subscriber, 20_000);
    bridge.sleeps("classic wakes") - before
}

#[test]
fn a_calm_lane_sleeps_until_a_sample_of_classic_wakes_it() {
    isolated(|bed| {
        let roudi = bed.roudi();
        let bridge = bed.bridge(&bed.config(TICKS));
        bridge.wait_running(&["ticks"]);
        bridge.wait_until_calm();

        // Each of them finds the lane asleep.
        let before = bridge.sleeps("classic wakes");
        let publisher = bed.classic("classic-tick-publisher", &["--count", "10", "--block", "--pace-us", "100000"]);
        publisher.wait_for_line("done sent=10");
        publisher.finish();
        bridge.wait_for_route("ticks", "all of them", |route| route.forwarded == 10);
        let woken = bridge.sleeps("classic wakes") - before;
        assert!(woken >= 9, "{woken} of 10 samples woke the lane");
        bridge.wait_until_calm();

        // Where samples flow, nobody pays for that.
        let woken = woken_at_full_speed(bed, &bridge);
        assert!(woken < 1000, "{woken} of 20000 samples woke the lane");
        bridge.wait_until_calm();
        bridge.stop();
        roudi.stop();
    });
}
