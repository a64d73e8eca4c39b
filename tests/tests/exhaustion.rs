//! Something runs out: a state says what, other streams go on, and what is hindered recovers by itself.
//!
//! `FAULT_ROUNDS` says how often each is tried; 2 unless said.

use std::fs;
use std::process::Command;

use rustix::process::{Pid, Resource, Rlimit, getrlimit, prlimit};
use tests::bed::{App, Bed, Bridge, Route, Seed, TICKS, isolated, pools, ticks_arrive_again};

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

fn rounds() -> u64 {
    std::env::var("FAULT_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(2)
}

/// Lines of the bridge's log that warn, about what is not known to be otherwise.
fn warnings(bridge: &Bridge) -> usize {
    bridge.app().output().lines().iter().filter(|line| line.contains("WARN") || line.contains("ERROR")).count()
}

fn worker(bridge: &Bridge) -> (u32, u64) {
    let status = bridge.wait_for("a worker", |status| status.workers.iter().all(|worker| worker.pid.is_some()));
    status.workers.first().map(|worker| (worker.pid.unwrap_or(0), worker.restarts)).expect("there is one")
}

/// An application holds every chunk of RouDi's: samples are dropped and counted, and when it lets go they flow again.
#[test]
fn roudi_has_no_chunk_left() {
    isolated(|bed| {
        let mut seed = Seed::new();
        let roudi = bed.roudi_with(&pools(&[(128, 500), (1024, 20), (16_384, 100)]));
        let bridge = bed.bridge(&bed.config(&format!("{BYTES}{TICKS}")));
        bridge.wait_running(&["bytes", "bytes/back", "ticks"]);
        let before = worker(&bridge);
        let size = (900 + seed.below(100)).to_string();
        for round in 1..=rounds() {
            let known = bridge.status().expect("it runs").find("bytes/back").expect("configured").clone();
            // A subscriber that never reads keeps as many chunks as its queue has room for: more than there are.
            let hoarder = bed.classic("classic-raw-subscriber", &["--lossy"]);
            hoarder.wait_for_line("started");
            hoarder.signal(rustix::process::Signal::STOP);
            let publisher = bed.iceoryx2("raw-publisher", &["--size", &size, "--pace-us", "200"]);
            let route = bridge.wait_for_route("bytes/back", "samples dropped for want of a chunk", |route| {
                route.dropped.by_reason.get("no_chunk") > known.dropped.by_reason.get("no_chunk")
            });
            assert!(route.is_running(), "round {round}: {route:#?}");
            // Other streams, in other pools, go on.
            ticks_arrive_again(bed, &bridge, 200);
            hoarder.signal(rustix::process::Signal::CONT);
            let now = bridge.status().expect("it runs").find("bytes/back").expect("configured").forwarded;
            bridge.wait_for_route("bytes/back", "flow again", |route| route.forwarded > now + 100 && route.adds_up());
            drop(publisher);
            drop(hoarder);
        }
        assert_eq!(worker(&bridge), before);
        bridge.stop();
        roudi.stop();
        bed.leftovers_are_fine();
    });
}

/// Fills `/dev/shm`, all of it.
fn fill() -> String {
    let hog = "/dev/shm/hog".to_owned();
    let filled = Command::new("dd").args(["if=/dev/zero", &format!("of={hog}"), "bs=64k"]).output().expect("dd starts");
    assert!(!filled.status.success(), "there is no end to /dev/shm");
    hog
}

/// `/dev/shm` is full when a route has to be made: it says so, and runs when there is room.
#[test]
fn shared_memory_is_full() {
    isolated(|bed| {
        let _ = Seed::new();
        let resized =
            Command::new("mount").args(["-o", "remount,size=160m", "/dev/shm"]).status().expect("mount starts");
        assert!(resized.success());
        let roudi = bed.roudi_with(&pools(&[(128, 2000), (1024, 1000), (16_384, 100)]));
        for round in 1..=rounds() {
            let hog = fill();
            let bridge = bed.bridge(&bed.config(&format!("{BYTES}{TICKS}")));
            let reason = bridge.wait_for_reason("ticks");
            assert!(!reason.is_empty(), "round {round}");
            let (said, before) = (warnings(&bridge), worker(&bridge));
            // Long enough for one that tries again and again to say so again.
            std::thread::sleep(std::time::Duration::from_secs(1));
            assert_eq!(worker(&bridge), before, "it does not die of it");
            assert!(warnings(&bridge) <= said + 2, "it says it once: {said}, {}", warnings(&bridge));
            fs::remove_file(hog).expect("it is there");
            ticks_arrive_again(bed, &bridge, 200);
            bridge.stop();
        }
        roudi.stop();
        bed.leftovers_are_fine();
    });
}

/// Limits the files that a process may have open, and returns the limit that it had.
fn limit_files(pid: u32, most: Option<u64>) -> Option<u64> {
    // Nobody may raise it again but with a right that containers do not have.
    let maximum = getrlimit(Resource::Nofile).maximum;
    let pid = Pid::from_raw(pid as i32).expect("0 is no process");
    prlimit(Some(pid), Resource::Nofile, Rlimit { current: most, maximum }).expect("root may").current
}

/// The number that the next file gets that a process opens, and so the limit at which it can open none. Not how many are
/// open: what a process inherits may have any number.
fn next_file(pid: u32) -> u64 {
    (0..).find(|number| !fs::exists(format!("/proc/{pid}/fd/{number}")).expect("it may be looked at")).expect("a limit")
}

/// The worker can open no file any more: applications that come then are not served, those that are connected are, and all
/// are again when there is room.
#[test]
fn a_worker_is_out_of_file_descriptors() {
    isolated(|bed| {
        let mut seed = Seed::new();
        let roudi = bed.roudi();
        let bridge = bed.bridge(&bed.config(&format!("{BYTES}{TICKS}")));
        bridge.wait_running(&["bytes", "bytes/back", "ticks"]);
        for round in 1..=rounds() {
            let (pid, restarts) = worker(&bridge);
            let before = limit_files(pid, Some(next_file(pid) + seed.below(2)));
            let said = warnings(&bridge);
            // It wants a connection to the bridge's subscriber, and to be connected to.
            let publisher = bed.iceoryx2("raw-publisher", &["--pace-us", "500"]);
            let subscriber = bed.iceoryx2("raw-subscriber", &["--lossy"]);
            publisher.wait_for_line("started");
            std::thread::sleep(std::time::Duration::from_secs(1));
            assert!(warnings(&bridge) <= said + 8, "round {round}: it floods its log");
            assert_eq!(worker(&bridge), (pid, restarts), "round {round}: it lives");
            limit_files(pid, before);
            let now = bridge.status().expect("it runs").find("bytes/back").expect("configured").forwarded;
            bridge.wait_for_route("bytes/back", "flow", |route| route.forwarded > now && route.adds_up());
            drop(publisher);
            drop(subscriber);
            ticks_arrive_again(bed, &bridge, 200);
        }
        bridge.stop();
        roudi.stop();
        bed.leftovers_are_fine();
    });
}

/// The supervisor can open no file any more: it cannot answer, nor start workers, but it lives, and does both again when
/// there is room.
#[test]
fn the_supervisor_is_out_of_file_descriptors() {
    isolated(|bed| {
        let _ = Seed::new();
        let roudi = bed.roudi();
        let bridge = bed.bridge(&bed.config(TICKS));
        bridge.wait_running(&["ticks"]);
        for round in 1..=rounds() {
            let (pid, restarts) = worker(&bridge);
            let supervisor = bridge.app().pid();
            // Less than it has open, so that what the worker's end gives back is of no use.
            let before = limit_files(supervisor, Some(3));
            let ended = rustix::process::kill_process(
                Pid::from_raw(pid as i32).expect("a process"),
                rustix::process::Signal::TERM,
            );
            ended.expect("the worker is there");
            bridge.app().output().wait_for("a worker that cannot be started", round as usize, |line| {
                line.contains("a worker cannot be started")
            });
            limit_files(supervisor, before);
            bridge.wait_for("a worker again", |status| {
                status.workers.iter().all(|worker| worker.restarts > restarts && worker.state == "running")
            });
            ticks_arrive_again(bed, &bridge, 200);
        }
        bridge.stop();
        roudi.stop();
        bed.leftovers_are_fine();
    });
}

/// Applications have taken every port of a service: the route says which number to raise, and runs when one goes.
fn a_service_is_full(bed: &Bed, applications: impl Fn(&Bed) -> Vec<App>, stream: &str, route: &str, word: &str) {
    let roudi = bed.roudi();
    for _ in 0..rounds() {
        let mut others = applications(bed);
        others.iter().for_each(|application| drop(application.wait_for_line("started")));
        let bridge = bed.bridge(&bed.config(&format!("{stream}{TICKS}")));
        let reason = bridge.wait_for_reason(route);
        assert!(reason.contains(word), "{word} is not named: {reason}");
        let before = worker(&bridge);
        ticks_arrive_again(bed, &bridge, 200);
        others.pop().expect("there were some").finish();
        bridge.wait_for_route(route, "running", Route::is_running);
        assert_eq!(worker(&bridge), before);
        bridge.stop();
        drop(others);
    }
    roudi.stop();
    bed.leftovers_are_fine();
}

const INTO: &str = r#"
[[stream]]
name = "into"
from.classic = { service = "a", instance = "b", event = "c" }
to.iceoryx2 = { service = "full" }
"#;

const OUT_OF: &str = r#"
[[stream]]
name = "out-of"
from.iceoryx2 = { service = "full" }
to.classic = { service = "a", instance = "b", event = "c" }
"#;

#[test]
fn a_service_of_iceoryx2_has_no_room_for_a_publisher() {
    isolated(|bed| {
        let publishers = |bed: &Bed| {
            let publisher = || bed.iceoryx2("raw-publisher", &["--service", "full", "--pace-us", "1000"]);
            vec![publisher(), publisher()]
        };
        a_service_is_full(bed, publishers, INTO, "into", "max_publishers");
    });
}

#[test]
fn a_service_of_iceoryx2_has_no_room_for_a_subscriber() {
    isolated(|bed| {
        let subscribers = |bed: &Bed| {
            let options = ["--service", "full", "--max-subscribers", "2", "--lossy"];
            vec![bed.iceoryx2("raw-subscriber", &options), bed.iceoryx2("raw-subscriber", &options)]
        };
        a_service_is_full(bed, subscribers, OUT_OF, "out-of", "max_subscribers");
    });
}

/// RouDi gives no publisher any more: the route says so, and runs when another application has ended.
#[test]
fn roudi_has_no_publisher_left() {
    isolated(|bed| {
        let _ = Seed::new();
        let roudi = bed.roudi();
        for round in 1..=rounds() {
            let hog = bed.classic("classic-port-hog", &[]);
            hog.wait_for_line("started");
            let bridge = bed.bridge(&bed.config(&format!("{OUT_OF}{TICKS}").replace(
                "service = \"full\"",
                "service = \"free\", type = { name = \"u8\", size = 1, align = 1, slice = true }",
            )));
            let reason = bridge.wait_for_reason("out-of");
            assert!(reason.contains("RouDi gave no port"), "round {round}: {reason}");
            let (before, said) = (worker(&bridge), warnings(&bridge));
            std::thread::sleep(std::time::Duration::from_secs(1));
            assert_eq!((worker(&bridge), warnings(&bridge)), (before, said), "it lives, and says it once");
            hog.finish();
            bridge.wait_for_route("out-of", "running", Route::is_running);
            assert_eq!(worker(&bridge), before);
            ticks_arrive_again(bed, &bridge, 200);
            bridge.stop();
        }
        roudi.stop();
        bed.leftovers_are_fine();
    });
}
