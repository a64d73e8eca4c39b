//! What a bridge costs when nothing happens, and how soon it is there when something does.
//!
//! A hundred streams, all lanes adaptive, on all cores. First nobody sends: the time of cores of all the bridge's
//! processes. Then one stream sends a sample, pauses, sends the next: the time until it arrives.

use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;

use super::latency::stream;
use crate::Bench;
use crate::bridge::{ADAPTIVE, RunningBridge, Setup};
use crate::process::Process;
use crate::report::{Goal, Row, Spread, time};
use crate::role::Plan;
use crate::role::flow::cpu_ns;
use crate::role::probe::{self, Answer, Order};
use crate::stack::{End, Stack};

const STREAMS: usize = 100;
/// Longer than any lane waits before it takes the longest of its naps.
const PAUSE_MS: u64 = 150;
/// For the lanes to come to rest.
const REST: Duration = Duration::from_millis(300);

pub(super) fn run(bench: &mut Bench<'_>) {
    idle(bench, "from_classic", Stack::Classic, false);
    idle(bench, "from_iceoryx2", Stack::Iceoryx2, false);
    idle(bench, "from_iceoryx2_with_events", Stack::Iceoryx2, true);
}

fn idle(bench: &mut Bench<'_>, name: &str, from: Stack, notifies: bool) {
    let streams: Vec<(End, End)> = (0..STREAMS)
        .map(|number| {
            let (mut from, to) = stream(&format!("{}-{number}", name.replace('_', "-")), from);
            from.qos.notifies = notifies;
            (from, to)
        })
        .collect();
    let bridge = RunningBridge::start(bench.bed, &Setup { name, streams: &streams, wait: ADAPTIVE, core: None });
    // What the same processor takes for a sample without a bridge after the same pause: most of it is spent until the
    // program's memory is in the caches again.
    let alone = End { service: format!("{}-alone", name.replace('_', "-")), ..streams[0].0.clone() };
    let paths = vec![streams[0].clone(), (alone.clone(), alone)];
    let plan = probe::Plan { name: format!("{name}-probe"), floors: Vec::new(), paths };
    let mut probe: Process<Order, Answer> = Process::start(bench.bed, "probe", None, &Plan::Probe(plan));
    for path in 0..2 {
        probe.call(Order::Connect { path });
    }

    let (processes, repetitions) = (bridge.processes(), bench.effort.repetitions);
    let window = bench.effort.or_quick(Duration::from_millis(1500), Duration::from_millis(300));
    let samples = bench.effort.or_quick(40, 3);
    let (mut percents, mut wakes, mut alone_wakes) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..repetitions {
        thread::sleep(REST);
        let (start, before) = (Instant::now(), cpu_ns(&processes));
        thread::sleep(window);
        percents.push((cpu_ns(&processes) - before) as f64 * 100.0 / start.elapsed().as_nanos() as f64);
        for (path, times) in [(0, &mut wakes), (1, &mut alone_wakes)] {
            match probe.call(Order::Wake { path, samples, pause_ms: PAUSE_MS }) {
                Answer::Figures(figures) => times.push(figures),
                other => panic!("{other:?} is no figure"),
            }
        }
    }
    probe.end();
    bridge.stop();

    let percent = Spread::of(percents);
    let p50 = Spread::of(wakes.iter().map(|figures| figures.all.p50));
    let p99 = Spread::of(wakes.iter().map(|figures| figures.all.p99));
    let alone_p50 = Spread::of(alone_wakes.iter().map(|figures| figures.all.p50));
    let alone_p99 = Spread::of(alone_wakes.iter().map(|figures| figures.all.p99));
    let figures = json!({
        "cpu_percent": percent,
        "wake_p50_ns": p50,
        "wake_p99_ns": p99,
        "alone_p50_ns": alone_p50,
        "alone_p99_ns": alone_p99,
        "streams": STREAMS,
        "pause_ms": PAUSE_MS,
        "samples": samples * repetitions as u64,
        "window_ms": window.as_millis() as u64,
        "bytes": 64,
        "wait": ADAPTIVE,
        "cores": { "of": bench.machine.count(), "used": "all, by all processes" },
    });
    let in_ms = |spread: Spread| Spread { median: spread.median / 1e6, min: spread.min / 1e6, max: spread.max / 1e6 };
    let reference = |spread: Spread, alone: Spread| [time(spread.median), time(alone.median)];
    let (wanted_percent, wanted_wake_ms) = match (from, notifies) {
        (Stack::Classic, _) => (0.2, 0.15),
        (Stack::Iceoryx2, true) => (0.2, 0.25),
        (Stack::Iceoryx2, false) => (1.5, 1.0),
    };
    let goal = Goal::AtMost(wanted_wake_ms, "ms");
    let rows = [
        Row::alone("CPU", "%", percent, Some(Goal::AtMost(wanted_percent, "%"))),
        Row::compared("wake p50", reference(p50, alone_p50), in_ms(p50), None),
        Row::compared("wake p99", reference(p99, alone_p99), in_ms(p99), Some(goal)),
    ];
    bench.report.add("idle", name, figures, &rows);
}
