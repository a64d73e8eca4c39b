//! Hours of traffic with a fault every few seconds: nothing grows.

use std::collections::BTreeMap;
use std::fs;
use std::time::{Duration, Instant};

use super::traffic::{Content, End, Stream, Traffic};
use rustix::process::Signal;
use tests::bed::{Bed, Bridge, PATIENCE, RouDi, Seed, isolated};

use super::{memory, pid_of, signal, worker};

/// Streams: half of them each way, over two releases, small and large.
const STREAMS: u64 = 50;

/// Bytes of their samples, in turn.
const SIZES: [usize; 5] = [64, 500, 4_000, 16_000, 60_000];

/// Microseconds between two samples of a stream: a thousand a second altogether, for machines of two cores.
const PACE_US: u64 = 50_000;

/// Time between two faults.
const PAUSE: Duration = Duration::from_secs(4);

/// Time before the first look at what the bridge has: its workers have been replaced once by then.
const WARM_UP: Duration = Duration::from_secs(20);

/// Memory may grow by so much from the first look to the last, whatever the time between.
const SLACK: u64 = 4 << 20;

/// Descriptors that come and go: of questions that are being answered, of services that are being looked at.
const PASSING: usize = 4;

fn streams() -> Vec<Stream> {
    let stream = |number: u64| {
        let release = End::Iceoryx2(if number.is_multiple_of(4) { "0.8" } else { "0.10" });
        let size = SIZES[number as usize / 2 % SIZES.len()];
        let (from, to) = if number.is_multiple_of(2) { (End::Classic, release) } else { (release, End::Classic) };
        let content = if number % 5 == 4 { Content::Ticks } else { Content::Bytes(size) };
        Stream::new(&format!("s{number}"), from, to, content).at_pace(PACE_US)
    };
    (0..STREAMS).map(stream).collect()
}

/// What a bridge takes of the machine.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Footprint {
    /// Bytes of memory of its processes' own.
    memory: u64,
    descriptors: usize,
    threads: usize,
    /// Files of shared memory on the machine, the applications' too, of which there are always as many.
    segments: usize,
    /// Files of iceoryx2's services and nodes.
    files: usize,
}

impl Footprint {
    fn of(bridge: &Bridge) -> Self {
        let status = bridge.wait_for("workers", |status| status.workers.iter().all(|worker| worker.pid.is_some()));
        let pids: Vec<u32> =
            status.workers.iter().filter_map(|worker| worker.pid).chain([bridge.app().pid()]).collect();
        let entries = |folder: String| fs::read_dir(folder).map_or(0, Iterator::count);
        let sum = |kind: &str| pids.iter().map(|pid| entries(format!("/proc/{pid}/{kind}"))).sum();
        Self {
            memory: pids.iter().map(|pid| memory(*pid)).sum(),
            descriptors: sum("fd"),
            threads: sum("task"),
            segments: entries("/dev/shm".into()),
            files: files_below("/tmp/iceoryx2"),
        }
    }
}

impl Footprint {
    fn is_no_more_than(&self, earlier: &Self) -> bool {
        self.memory <= earlier.memory + SLACK
            && self.descriptors <= earlier.descriptors + PASSING
            && self.threads <= earlier.threads
            && self.segments <= earlier.segments
            && self.files <= earlier.files
    }
}

/// Files of iceoryx2, but those that its releases leave of each other: since 0.9 a node has a file with its context, of which
/// 0.8 knows nothing when it removes the others of a node that has ended, or that is just starting.
fn files_below(folder: &str) -> usize {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .filter(|entry| !entry.file_name().to_string_lossy().ends_with(".node_monitor_context"))
        .map(|entry| match entry.file_type() {
            Ok(kind) if kind.is_dir() => files_below(&entry.path().to_string_lossy()),
            _ => 1,
        })
        .sum()
}

/// What befalls them: each leaves the bridge and all streams as they were. Not among them is a worker that stands still (see
/// `workers`): it must not touch its ports any more, and iceoryx2 does not remove the growing segments of dead publishers.
const FAULTS: [&str; 4] = ["RouDi is killed", "RouDi is stopped", "a worker gets SIGTERM", "a publisher is killed"];

fn befall<'a>(
    fault: &str,
    seed: &mut Seed,
    bed: &'a Bed,
    bridge: &Bridge,
    traffic: &mut Traffic<'a>,
    roudi: RouDi,
) -> RouDi {
    let release = if seed.below(2) == 0 { "0.8" } else { "0.10" };
    match fault {
        "RouDi is killed" | "RouDi is stopped" => {
            if fault == "RouDi is killed" {
                roudi.kill();
            } else {
                roudi.stop();
            }
            traffic.end_classic_applications();
            let roudi = bed.roudi();
            traffic.start_applications(Stream::uses_classic);
            return roudi;
        }
        "a worker gets SIGTERM" => signal(pid_of(&worker(bridge, release)), Signal::TERM),
        _ => {
            // On iceoryx2: one of classic that is killed inside its publish can wedge RouDi, whatever the bridge does.
            let number = (seed.below(STREAMS / 2)) * 2 + 1;
            traffic.kill_publisher(&format!("s{number}"));
        }
    }
    roudi
}

/// `SOAK_SECONDS` says for how long (30 unless said), `SEED` repeats a run's faults.
#[test]
fn nothing_grows_however_long_it_runs() {
    isolated(|bed| {
        bed.leftovers_are_fine();
        let time = std::env::var("SOAK_SECONDS").map_or(30, |seconds| seconds.parse().expect("a number of seconds"));
        let (time, began) = (Duration::from_secs(time), Instant::now());
        let mut seed = Seed::new();
        let mut roudi = bed.roudi();
        let bridge = bed.bridge(&Traffic::config(bed, &streams()));
        let mut traffic = Traffic::start(bed, &bridge, streams());
        let mut befallen: BTreeMap<&str, u64> = BTreeMap::new();
        let mut first = None;
        while began.elapsed() < time || first.is_none() {
            std::thread::sleep(PAUSE);
            let fault = FAULTS[seed.below(FAULTS.len() as u64) as usize];
            roudi = befall(fault, &mut seed, bed, &bridge, &mut traffic, roudi);
            *befallen.entry(fault).or_default() += 1;
            traffic.wait_past(&traffic.marks());
            let footprint = Footprint::of(&bridge);
            println!("{:4} s: {fault}; {footprint:?}", began.elapsed().as_secs());
            if first.is_none() && began.elapsed() > WARM_UP.min(time / 2) {
                first = Some(footprint);
            }
        }
        bridge.wait_for("all streams", |status| status.routes.iter().all(|route| route.is_running()));
        traffic.wait_past(&traffic.marks());
        let first = first.expect("looked at");
        // What the last one killed has left is removed within a second.
        let deadline = Instant::now() + PATIENCE;
        let last = loop {
            let last = Footprint::of(&bridge);
            if last.is_no_more_than(&first) || Instant::now() > deadline {
                break last;
            }
            std::thread::sleep(Duration::from_millis(100));
        };
        println!("{befallen:?} in {:?}\nfirst {first:?}\nlast  {last:?}", began.elapsed());
        assert!(last.is_no_more_than(&first), "something grew: {first:?} to {last:?}");
        // Nothing twice, out of order or damaged.
        traffic.end();
        bridge.stop();
        roudi.stop();
    });
}
