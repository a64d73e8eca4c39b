//! What a lane does for each sample beside moving it: nothing that allocates, and nothing that the kernel hears of.

use std::collections::BTreeMap;
use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use nix::libc;
use nix::sys::ptrace::{self, Options};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::Pid;
use tests::bed::{Bed, Bridge, exchange_through, isolated};

const SAMPLES: u64 = 1_000_000;

/// A lane tends its routes ten times a second, which may allocate and call the kernel. For the samples it does neither, so that
/// of both there may be no more than a thousandth of their number.
const FEW: u64 = SAMPLES / 1000;

/// How a lane waits for room at a subscriber, as `when_full = "block"` asks it to.
const WAITS: [i64; 3] = [libc::SYS_sched_yield, libc::SYS_nanosleep, libc::SYS_clock_nanosleep];

/// The routes, and the allocations of the stacks themselves for each sample: iceoryx2 0.10 keeps 48 bytes beside each one that is
/// loaned (`ChunkMutSharedState`).
const ROUTES: [(&str, u64); 2] = [("out", 1), ("in", 0)];

const STREAMS: &str = r#"
[lane.busy]
wait = "busy"

[[stream]]
name = "out"
lane = "busy"
from.classic = { service = "Raw", instance = "Main", event = "Out", when_full = "block" }
to.iceoryx2 = { service = "raw/out", type = { name = "u8", size = 1, align = 1, slice = true }, queue = 256, when_full = "block" }

[[stream]]
name = "in"
lane = "busy"
from.iceoryx2 = { service = "raw/in", type = { name = "u8", size = 1, align = 1, slice = true }, queue = 256, when_full = "block" }
to.classic = { service = "Raw", instance = "Main", event = "In", when_full = "block" }
"#;

/// The thread of the lane.
fn lane(bridge: &Bridge) -> i32 {
    let lanes = bridge.threads("lane busy");
    let lane = lanes.first().expect("it runs");
    lane.file_name().and_then(|name| name.to_str()?.parse().ok()).expect("threads are numbers")
}

/// How often a thread has allocated, as `count_allocations.cpp` writes it.
fn allocations(file: &str, thread: i32) -> u64 {
    let bytes = fs::read(file).expect("it was preloaded");
    let words: Vec<u64> =
        bytes.chunks_exact(8).filter_map(|word| Some(u64::from_ne_bytes(word.try_into().ok()?))).collect();
    let threads = words.get(1..).expect("it has a number of threads");
    let counts = threads.chunks_exact(2).filter(|entry| entry.first() == Some(&(thread as u64)));
    counts.filter_map(|entry| entry.get(1)).sum()
}

/// How often a thread makes which system call while `act` goes on, but for [`WAITS`].
fn system_calls(thread: i32, act: impl FnOnce()) -> BTreeMap<i64, u64> {
    let is_over = Arc::new(AtomicBool::new(false));
    let (begun, begins) = std::sync::mpsc::channel();
    let tracer = thread::spawn({
        let is_over = Arc::clone(&is_over);
        move || trace(Pid::from_raw(thread), &is_over, || begun.send(()).expect("somebody waits"))
    });
    begins.recv().expect("it traces");
    act();
    is_over.store(true, Ordering::Relaxed);
    tracer.join().expect("it does not panic")
}

fn trace(thread: Pid, is_over: &AtomicBool, begun: impl FnOnce()) -> BTreeMap<i64, u64> {
    let stopped = |flags| waitpid(thread, Some(flags | WaitPidFlag::__WALL)).expect("it is traced");
    let go_on = || ptrace::syscall(thread, None).expect("it stands still");
    ptrace::seize(thread, Options::PTRACE_O_TRACESYSGOOD).expect("a descendant may be traced");
    ptrace::interrupt(thread).expect("it is traced");
    stopped(WaitPidFlag::empty());
    go_on();
    begun();
    let mut stops = BTreeMap::new();
    while !is_over.load(Ordering::Relaxed) {
        match stopped(WaitPidFlag::WNOHANG) {
            WaitStatus::StillAlive => thread::sleep(Duration::from_millis(1)),
            WaitStatus::PtraceSyscall(_) => {
                let call = fs::read_to_string(format!("/proc/{thread}/syscall")).unwrap_or_default();
                let call = call.split(' ').next().and_then(|number| number.parse().ok()).unwrap_or(-1);
                *stops.entry(call).or_insert(0) += 1;
                go_on();
            }
            _ => go_on(),
        }
    }
    ptrace::interrupt(thread).expect("it is traced");
    stopped(WaitPidFlag::empty());
    ptrace::detach(thread, None).expect("it stands still");
    stops.retain(|call, _| !WAITS.contains(call));
    // Each was met twice, when it began and when it ended.
    stops.values_mut().for_each(|stops| *stops = u64::div_ceil(*stops, 2));
    stops
}

fn one_way(bed: &Bed, bridge: &Bridge, route: &str) {
    let count = SAMPLES.to_string();
    let (publisher, subscriber) = if route == "out" {
        let subscriber =
            bed.iceoryx2("raw-subscriber", &["--service", "raw/out", "--count", &count, "--block", "--queue", "256"]);
        let publisher =
            bed.classic("classic-raw-publisher", &["--event", "Out", "--count", &count, "--block", "--handshake"]);
        (publisher, subscriber)
    } else {
        let subscriber = bed.classic("classic-raw-subscriber", &["--event", "In", "--count", &count, "--block"]);
        let service = ["--service", "raw/in", "--count", &count, "--block", "--queue", "256", "--handshake"];
        (bed.iceoryx2("raw-publisher", &service), subscriber)
    };
    exchange_through(bridge, route, publisher, subscriber, SAMPLES);
}

#[test]
fn a_busy_lane_allocates_nothing_and_calls_no_kernel_for_a_sample() {
    isolated(|bed| {
        let counts = bed.file("allocations");
        let preload = format!("LD_PRELOAD={}", bed.classic_program("libcount_allocations.so").display());
        let roudi = bed.roudi();
        let through = ["env", &preload, &format!("COUNT_ALLOCATIONS={counts}")];
        let bridge = Bridge::start_through(bed, &bed.config(STREAMS), &through);
        bridge.wait_running(&["out", "in"]);
        let lane = lane(&bridge);
        for (route, of_the_stacks) in ROUTES {
            let before = allocations(&counts, lane);
            assert!(before > 0, "the lane has opened its routes, and nothing was counted");
            let calls = system_calls(lane, || one_way(bed, &bridge, route));
            let allocated = allocations(&counts, lane) - before;
            let forwarded = bridge.wait_for_route(route, "an account", |route| route.adds_up()).forwarded;
            eprintln!(
                "{route}: {allocated} allocations and, by their numbers, these system calls for {forwarded} samples: {calls:?}"
            );
            assert!(calls.values().sum::<u64>() < FEW, "{route}: system calls by their numbers: {calls:?}");
            let own = allocated.abs_diff(forwarded * of_the_stacks);
            assert!(own < FEW, "{route}: {allocated} allocations for {forwarded} samples");
        }
        bridge.stop();
        roudi.stop();
    });
}
