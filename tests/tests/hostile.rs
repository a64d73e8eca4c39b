//! Applications that write into shared memory what no application may: their own samples are worth nothing, and
//! everything else goes on.

use std::fs;
use std::time::{Duration, Instant};

use tests::bed::{Bed, Bridge, Status, TICKS, isolated, ticks_arrive, ticks_arrive_again};

const BYTES: &str = r#"
[[stream]]
name = "bytes"
to.classic = { service = "Raw", instance = "Main", event = "Bytes", when_full = "block" }

[stream.from.iceoryx2]
service = "raw/bytes"
type = { name = "u8", size = 1, align = 1, slice = true }
queue = 16
when_full = "block"
max_publishers = 4
"#;

const SAMPLES: u64 = 500;

fn worker(status: &Status, release: &str) -> (u32, u64) {
    let worker = status.workers.iter().find(|worker| worker.release == release).expect("there is one");
    (worker.pid.unwrap_or(0), worker.restarts)
}

/// Every second sample says that it is longer than the publisher's memory.
fn lengths_are_not_believed(bed: &Bed, bridge: &Bridge, lie: &str, growing: &[&str]) {
    let before = bridge.status().expect("it runs").find("bytes").expect("it is configured").clone();
    let count = SAMPLES.to_string();
    let options = ["--lie", lie, "--count", &count, "--block", "--queue", "16", "--size", "64", "--pace-us", "200"];
    let liar = bed.iceoryx2("hostile-publisher", &[&options, growing].concat());
    liar.wait_for_line(&format!("done sent={SAMPLES}"));
    let corrupt = |route: &tests::bed::Route| route.rejected.by_reason.get("corrupt_header").copied().unwrap_or(0);
    // What it says of a length that changes all the time may be true at the moment that counts.
    let lies = |route: &tests::bed::Route| if lie == "racing" { route.received } else { corrupt(route) };
    let route = bridge.wait_for_route("bytes", "lies found out, and truths forwarded", |route| {
        lies(route) > lies(&before) && route.forwarded > before.forwarded && route.adds_up()
    });
    assert!(corrupt(&route) - corrupt(&before) <= SAMPLES, "{route:#?}");
    liar.finish();
}

#[test]
fn a_length_beyond_the_publishers_memory_is_not_believed() {
    isolated(|bed| {
        let roudi = bed.roudi();
        let bridge = bed.bridge(&bed.config(&format!("{BYTES}{TICKS}")));
        bridge.wait_running(&["bytes", "ticks"]);
        let before = worker(&bridge.status().expect("it runs"), "0.10");
        for lie in ["huge", "beyond", "racing"] {
            for growing in [[].as_slice(), &["--growing"]] {
                lengths_are_not_believed(bed, &bridge, lie, growing);
            }
        }
        ticks_arrive(bed, &bridge, 1_000);
        assert_eq!(worker(&bridge.status().expect("it runs"), "0.10"), before, "the worker lived through it");
        bridge.stop();
        roudi.stop();
    });
}

/// An application takes away the memory under its own samples. No check helps against that: the worker that serves it ends,
/// and only that one.
#[test]
fn memory_that_is_taken_away_ends_no_other_worker() {
    isolated(|bed| {
        let roudi = bed.roudi();
        let old = TICKS
            .replace("\"ticks\"", "\"old\"")
            .replace("Shanghai", "Tokyo")
            .replace("service = \"market/ticks\"", "service = \"market/old\"\nrelease = \"0.9\"");
        let bridge = bed.bridge(&bed.config(&format!("{BYTES}{TICKS}{old}")));
        bridge.wait_running(&["bytes", "ticks", "old"]);
        let before = bridge.status().expect("it runs");
        let options = ["--block", "--queue", "16", "--size", "65536", "--pace-us", "100", "--report", "1"];
        let publisher = bed.iceoryx2("raw-publisher", &options);
        bridge.wait_for_route("bytes", "traffic", |route| route.forwarded > 0);
        // Samples wait for the worker, and nobody else touches them: then they are gone.
        let (stopped, _) = worker(&bridge.status().expect("it runs"), "0.10");
        let signal = |signal| {
            let pid = rustix::process::Pid::from_raw(stopped as i32).expect("0 is no process");
            rustix::process::kill_process(pid, signal).expect("the worker is there");
        };
        signal(rustix::process::Signal::STOP);
        // Its queue is full when nothing more is sent, which otherwise happens every 0.1 ms.
        let sent = || publisher.output().lines().iter().filter(|line| line.starts_with("sent ")).count();
        let (mut said, mut since) = (sent(), Instant::now());
        while since.elapsed() < Duration::from_millis(500) {
            std::thread::sleep(Duration::from_millis(20));
            if sent() != said {
                (said, since) = (sent(), Instant::now());
            }
        }
        publisher.signal(rustix::process::Signal::STOP);
        for entry in fs::read_dir("/dev/shm").expect("it is there").flatten() {
            if entry.file_name().to_string_lossy().ends_with(".data")
                && entry.metadata().is_ok_and(|m| m.len() > 65_536)
            {
                fs::File::options().write(true).open(entry.path()).and_then(|file| file.set_len(0)).expect("root may");
            }
        }
        signal(rustix::process::Signal::CONT);
        let after = bridge.wait_for("another worker", |status| {
            worker(status, "0.10").1 > 0 && status.workers.iter().all(|worker| worker.state == "running")
        });
        assert_eq!(worker(&after, "0.9"), worker(&before, "0.9"), "another worker goes on");
        bridge.app().wait_for_line("signal: 7");
        publisher.kill();
        drop(publisher);
        // Its dead node is cleaned up, and nothing of it is met again.
        ticks_arrive_again(bed, &bridge, 1_000);
        bridge.wait_running(&["bytes", "ticks", "old"]);
        bridge.stop();
        roudi.stop();
        bed.leftovers_are_fine();
    });
}
