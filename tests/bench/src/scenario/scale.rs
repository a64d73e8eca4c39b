//! A thousand streams in one worker, both ways: how long they take to start, what memory each needs, and what they cost
//! the one stream that is active.
//!
//! The reference is a bridge with a tenth of them: memory is flat if a stream costs the same among few and many.

use std::fs;
use std::time::Instant;

use rustix::fs::statvfs;
use serde_json::json;

use super::latency::{one_of_many, stream};
use crate::Bench;
use crate::bridge::{RunningBridge, Setup, WAIT};
use crate::report::{Goal, Row, Spread};
use crate::stack::{End, Stack};

const STREAMS: usize = 1000;
const FEW: usize = 100;
const WANTED_SECONDS: f64 = 5.0;
const WANTED_LATENCY: f64 = 3.0;

/// What a bridge with its streams took.
struct Taken {
    start_s: f64,
    /// Of all its processes, shared pages counted in parts.
    pss: f64,
    /// In `/dev/shm`, of both stacks.
    shared: f64,
}

pub(super) fn run(bench: &mut Bench<'_>) {
    // RouDi has room for 512 publishers of classic, so fewer come from iceoryx2.
    let way = |number: usize| if number % 5 < 3 { Stack::Classic } else { Stack::Iceoryx2 };
    let streams: Vec<_> = (0..STREAMS).map(|number| stream(&format!("scale-{number}"), way(number))).collect();
    let repetitions = bench.effort.or_quick(bench.effort.repetitions, 1);
    let few: Vec<Taken> = (0..repetitions)
        .map(|_| {
            let (bridge, taken) = start(bench, &streams[..FEW]);
            bridge.stop();
            taken
        })
        .collect();
    let mut many = Vec::new();
    for repetition in 1..=repetitions {
        let (bridge, taken) = start(bench, &streams);
        many.push(taken);
        if repetition == repetitions {
            one_of_many(bench, "latency_among_1000_streams", ("scale", WANTED_LATENCY), &streams[0], &bridge);
        }
        bridge.stop();
    }

    let each = |taken: &[Taken], of: fn(&Taken) -> f64, streams: usize| {
        Spread::of(taken.iter().map(|taken| of(taken) / 1024.0 / streams as f64))
    };
    let start_s = Spread::of(many.iter().map(|taken| taken.start_s));
    let (pss, pss_of_few) = (each(&many, |taken| taken.pss, STREAMS), each(&few, |taken| taken.pss, FEW));
    let (shared, shared_of_few) = (each(&many, |taken| taken.shared, STREAMS), each(&few, |taken| taken.shared, FEW));
    // What the bridge needs without a stream cancels out.
    let more = |of: fn(&Taken) -> f64| {
        let pairs = many.iter().zip(&few);
        Spread::of(pairs.map(|(many, few)| (of(many) - of(few)) / 1024.0 / (STREAMS - FEW) as f64))
    };
    let (pss_more, shared_more) = (more(|taken| taken.pss), more(|taken| taken.shared));
    let figures = json!({
        "streams": STREAMS,
        "start_s": start_s,
        "start_s_of_100": Spread::of(few.iter().map(|taken| taken.start_s)),
        "pss_kib_a_stream": pss,
        "pss_kib_a_stream_of_100": pss_of_few,
        "pss_kib_of_each_further_stream": pss_more,
        "shm_kib_a_stream": shared,
        "shm_kib_a_stream_of_100": shared_of_few,
        "shm_kib_of_each_further_stream": shared_more,
        "repetitions": repetitions,
        "bytes": 64,
        "wait": WAIT,
        "cores": { "of": bench.machine.count(), "bridge": bench.machine.bridge() },
    });
    let compared = |what: &str, many: Spread, few: Spread, further: Spread| {
        let texts = [further, few].map(|spread| format!("{:.1} KiB", spread.median));
        let ratio = Spread::of([many.median / few.median]);
        Row::compared(what, texts, ratio, None)
    };
    let rows = [
        Row::alone("start", "s", start_s, Some(Goal::AtMost(WANTED_SECONDS, "s"))),
        compared("memory a stream", pss, pss_of_few, pss_more),
        compared("/dev/shm a stream", shared, shared_of_few, shared_more),
    ];
    bench.report.add("scale", "1000_streams", figures, &rows);
}

fn start(bench: &Bench<'_>, streams: &[(End, End)]) -> (RunningBridge, Taken) {
    let before = shared_bytes();
    let begin = Instant::now();
    let setup = Setup { name: "scale", streams, wait: WAIT, core: Some(bench.machine.bridge()) };
    let bridge = RunningBridge::start(bench.bed, &setup);
    let start_s = begin.elapsed().as_secs_f64();
    let pss = bridge.processes().iter().map(|pid| pss_bytes(*pid)).sum();
    (bridge, Taken { start_s, pss, shared: shared_bytes() - before })
}

fn shared_bytes() -> f64 {
    let system = statvfs("/dev/shm").expect("it is mounted");
    ((system.f_blocks - system.f_bfree) * system.f_frsize) as f64
}

fn pss_bytes(process: u32) -> f64 {
    let text = fs::read_to_string(format!("/proc/{process}/smaps_rollup")).expect("the process lives");
    let line = text.lines().find_map(|line| line.strip_prefix("Pss:")).expect("the kernel says so");
    let kib = line.split_whitespace().next().and_then(|number| number.parse::<f64>().ok());
    kib.expect("it is a number") * 1024.0
}
