//! Lanes that sleep until a sample comes, instead of looking for it.

use std::fs;
use std::time::{Duration, Instant};

use tests::bed::{Bed, Bridge, TICKS, exchange_through, isolated};

/// Time over which is counted how often a thread ran.
const WINDOW: Duration = Duration::from_millis(500);

/// A lane that looked for samples would sleep 300 times in that time.
const RARELY: u64 = 30;

/// How often threads of the bridge's workers whose names begin so went to sleep until now.
fn sleeps(bridge: &Bridge, name: &str) -> u64 {
    let workers = bridge.status().expect("it answers").workers;
    let tasks = workers.iter().filter_map(|worker| fs::read_dir(format!("/proc/{}/task", worker.pid?)).ok());
    let tasks = tasks.flatten().filter_map(|task| Some(task.ok()?.path()));
    let named = tasks.filter(|task| fs::read_to_string(task.join("comm")).is_ok_and(|comm| comm.starts_with(name)));
    let count = |status: String| {
        status.lines().find_map(|line| line.strip_prefix("voluntary_ctxt_switches:\t")?.parse::<u64>().ok())
    };
    named.filter_map(|task| count(fs::read_to_string(task.join("status")).ok()?)).sum()
}

/// Returns when lanes sleep for most of a while.
fn wait_until_calm(bridge: &Bridge) {
    let began = Instant::now();
    loop {
        let before = sleeps(bridge, "lane");
        std::thread::sleep(WINDOW);
        let seen = sleeps(bridge, "lane") - before;
        if seen < RARELY {
            return;
        }
        assert!(began.elapsed() < Duration::from_secs(20), "the lanes went to sleep {seen} times in {WINDOW:?}");
    }
}

/// Samples at full speed, and how often the thread ran that wakes lanes meanwhile.
fn woken_at_full_speed(bed: &Bed, bridge: &Bridge) -> u64 {
    const SAMPLES: &str = "20000";
    let before = sleeps(bridge, "classic wakes");
    let subscriber = bed.iceoryx2("tick-subscriber", &["--count", SAMPLES, "--block"]);
    let publisher = bed.classic("classic-tick-publisher", &["--count", SAMPLES, "--block", "--handshake"]);
    exchange_through(bridge, "ticks", publisher, subscriber, 20_000);
    sleeps(bridge, "classic wakes") - before
}

#[test]
fn a_calm_lane_sleeps_until_a_sample_of_classic_wakes_it() {
    isolated(|bed| {
        let roudi = bed.roudi();
        let bridge = bed.bridge(&bed.config(TICKS));
        bridge.wait_running(&["ticks"]);
        wait_until_calm(&bridge);

        // Each of them finds the lane asleep.
        let before = sleeps(&bridge, "classic wakes");
        let publisher = bed.classic("classic-tick-publisher", &["--count", "10", "--block", "--pace-us", "100000"]);
        publisher.wait_for_line("done sent=10");
        publisher.finish();
        bridge.wait_for_route("ticks", "all of them", |route| route.forwarded == 10);
        let woken = sleeps(&bridge, "classic wakes") - before;
        assert!(woken >= 9, "{woken} of 10 samples woke the lane");
        wait_until_calm(&bridge);

        // Where samples flow, nobody pays for that.
        let woken = woken_at_full_speed(bed, &bridge);
        assert!(woken < 1000, "{woken} of 20000 samples woke the lane");
        wait_until_calm(&bridge);
        bridge.stop();
        roudi.stop();
    });
}
