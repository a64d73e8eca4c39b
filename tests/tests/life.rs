//! The bridge's own life: it stops in order under full load, and its workers come back.

use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use tests::bed::{App, Bed, Bridge, Route, Seed, exchange, isolated};

const BYTES: &str = r#"
[[stream]]
name = "bytes"
bidirectional = true

[stream.from.classic]
service = "Raw"
instance = "Main"
event = "Bytes"

[stream.to.iceoryx2]
service = "raw/bytes"
type = { name = "u8", size = 1, align = 1, slice = true }
queue = 16
max_publishers = 4
"#;

/// A publisher and a subscriber on each side, at full speed and without end.
fn traffic(bed: &Bed) -> Vec<App> {
    let both = ["--lossy", "--expect", "1,2"];
    let applications = vec![
        bed.classic("classic-raw-subscriber", &both),
        bed.iceoryx2("raw-subscriber", &both),
        bed.classic("classic-raw-publisher", &["--source", "1"]),
        bed.iceoryx2("raw-publisher", &["--source", "2"]),
    ];
    applications.iter().for_each(|application| drop(application.wait_for_line("started")));
    applications
}

fn wait_for_traffic(bridge: &Bridge, beyond: u64) {
    bridge.wait_for("traffic both ways", |status| status.routes.iter().all(|route| route.forwarded > beyond));
}

/// Stops the bridge under load with this signal. It ends in order and at once, and the applications never notice.
fn stops_in_order(bed: &Bed, signal: Signal) {
    let roudi = bed.roudi();
    let mut bridge = bed.bridge(&bed.config(BYTES));
    bridge.wait_running(&["bytes", "bytes/back"]);
    let applications = traffic(bed);
    wait_for_traffic(&bridge, 1000);
    bridge.app().signal(signal);
    let status = bridge.app_mut().wait_at_most(Duration::from_secs(5));
    assert!(status.is_some_and(|status| status.success()), "under load, after 5 s: {status:?}");
    applications.into_iter().rev().for_each(|application| drop(application.finish()));
    roudi.stop();
}

#[test]
fn sigterm_under_load_ends_it_in_order() {
    isolated(|bed| stops_in_order(bed, Signal::TERM));
}

#[test]
fn sigint_under_load_ends_it_in_order() {
    isolated(|bed| stops_in_order(bed, Signal::INT));
}

/// The worker is told to end by somebody else, at any moment of full traffic: another one takes its place.
#[test]
fn a_worker_that_is_terminated_comes_back() {
    isolated(|bed| {
        let mut seed = Seed::new();
        let roudi = bed.roudi();
        let bridge = bed.bridge(&bed.config(BYTES));
        bridge.wait_running(&["bytes", "bytes/back"]);
        let applications = traffic(bed);
        wait_for_traffic(&bridge, 0);
        for restart in 1..=3 {
            let moment = Instant::now() + Duration::from_millis(seed.below(200));
            while Instant::now() < moment {
                std::thread::yield_now();
            }
            signal_worker(&bridge, Signal::TERM);
            // Counters outlive workers: only what comes on top of these went through the new one.
            let status = bridge.wait_for("a new worker", |status| {
                status.workers.iter().any(|worker| worker.restarts >= restart && worker.state == "running")
                    && status.routes.iter().all(Route::is_running)
            });
            let before: Vec<_> = status.routes.iter().map(|route| route.forwarded).collect();
            bridge.wait_for("traffic through it", |status| {
                status.routes.iter().zip(&before).all(|(route, before)| route.forwarded > *before)
            });
        }
        applications.into_iter().rev().for_each(|application| drop(application.finish()));
        bridge.stop();
        roudi.stop();
    });
}

/// The worker is killed while nothing flows: the next samples find another one in its place, and every byte is right.
#[test]
fn a_worker_that_is_killed_comes_back() {
    isolated(|bed| {
        let roudi = bed.roudi();
        // Nobody loses a sample to a full queue, so that one that is missing is the bridge's fault.
        let lossless = BYTES
            .replace("queue = 16", "queue = 16\nwhen_full = \"block\"")
            .replace("event = \"Bytes\"", "event = \"Bytes\"\nwhen_full = \"block\"");
        let bridge = bed.bridge(&bed.config(&lossless));
        bridge.wait_running(&["bytes", "bytes/back"]);
        signal_worker(&bridge, Signal::KILL);
        bridge.wait_for("a new worker", |status| {
            status.workers.iter().any(|worker| worker.restarts >= 1 && worker.state == "running")
                && status.routes.iter().all(|route| route.is_running())
        });
        let subscriber = bed.classic("classic-raw-subscriber", &["--count", "500", "--block"]);
        let publisher = bed.iceoryx2("raw-publisher", &["--count", "500", "--handshake", "--block"]);
        exchange(publisher, subscriber, 500);
        bridge.stop();
        roudi.stop();
        bed.leftovers_are_fine();
    });
}

/// The supervisor itself is killed: no worker outlives it, and the next bridge takes over.
#[test]
fn a_bridge_that_is_killed_leaves_no_worker_and_can_be_started_anew() {
    isolated(|bed| {
        let roudi = bed.roudi();
        let config = bed.config(BYTES);
        let mut first = bed.bridge(&config);
        first.wait_running(&["bytes", "bytes/back"]);
        let worker = worker_pid(&first);
        first.app().kill();
        first.app_mut().wait();
        let deadline = Instant::now() + tests::bed::PATIENCE;
        while is_alive(worker) {
            assert!(Instant::now() < deadline, "the worker {worker} outlives its supervisor");
            std::thread::sleep(Duration::from_millis(5));
        }
        let second = bed.bridge(&config);
        second.wait_running(&["bytes", "bytes/back"]);
        second.stop();
        roudi.stop();
        bed.leftovers_are_fine();
    });
}

fn worker_pid(bridge: &Bridge) -> u32 {
    let running = bridge.wait_for("a worker", |status| status.workers.iter().any(|worker| worker.pid.is_some()));
    running.workers.iter().find_map(|worker| worker.pid).expect("it was there a moment ago")
}

fn signal_worker(bridge: &Bridge, signal: Signal) {
    let pid = Pid::from_raw(worker_pid(bridge) as i32).expect("0 is no process");
    kill_process(pid, signal).expect("the worker is there");
}

/// Whether it runs; one that only waits to be reaped does not.
fn is_alive(pid: u32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit(')').next().is_some_and(|rest| !rest.trim_start().starts_with('Z') && !rest.is_empty())
}
