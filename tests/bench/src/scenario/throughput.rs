//! What a delivered message costs in time of the cores, and how many there are in a second, when nothing may get lost.
//!
//! Publishers send as fast as they are let; every stage waits for the next (`when_full = "block"`). In each repetition
//! take turns: publisher and subscriber on classic alone, the same on iceoryx2 alone, and the way through the bridge. The
//! reference of the costs is the sum of the two hops alone, that of the rate is the slower of them. The processes share
//! all cores.

use serde_json::json;

use super::flow::{Hop, Outcome, run_hops};
use crate::Bench;
use crate::bridge::{ADAPTIVE, RunningBridge, Setup};
use crate::content::Kind;
use crate::report::{Goal, Row, Spread, number};
use crate::role::flow::NAP;
use crate::stack::{End, Qos, Stack};

/// From so many cores on, the rate of the slower stack is wanted: then every process can have one.
const CORES_FOR_RATE: usize = 4;
/// Of a copy, and of a stream that is transcoded.
const COPY: f64 = 1.1;
const TRANSCODE: f64 = 1.3;
/// Messages a second that users reckon with.
const WANTED_RATE: f64 = 200_000.0;

/// A scenario.
struct Case<'a> {
    name: &'a str,
    /// Which way, and what is sent and received.
    ways: &'a [(Stack, [Kind; 2])],
    /// Messages of a repetition, each way.
    messages: u64,
    cpu_goal: f64,
}

pub(super) fn run(bench: &mut Bench<'_>) {
    let (classic, iceoryx2) = (Stack::Classic, Stack::Iceoryx2);
    for (name, size, messages) in [("raw_64", 64, 400_000), ("raw_8k", 8 << 10, 200_000)] {
        let kinds = [Kind::Raw(size); 2];
        let ways: [&[_]; 3] = [&[(classic, kinds)], &[(iceoryx2, kinds)], &[(classic, kinds), (iceoryx2, kinds)]];
        for (ways, suffix) in ways.into_iter().zip(["to_iceoryx2", "to_classic", "both_ways"]) {
            case(bench, &Case { name: &format!("{name}_{suffix}"), ways, messages, cpu_goal: COPY });
        }
    }
    let (there, back) = ([Kind::Tick, Kind::Document], [Kind::Document, Kind::Tick]);
    case(bench, &Case { name: "tick_to_msgpack", ways: &[(classic, there)], messages: 400_000, cpu_goal: TRANSCODE });
    case(bench, &Case { name: "msgpack_to_tick", ways: &[(iceoryx2, back)], messages: 400_000, cpu_goal: TRANSCODE });
}

fn case(bench: &mut Bench<'_>, case: &Case<'_>) {
    let qos = Qos { queue: 256, blocks: true, max_subscribers: 2, notifies: false };
    let messages = bench.effort.or_quick(case.messages, case.messages / 8);
    let streams: Vec<(End, End)> = case
        .ways
        .iter()
        .map(|(from, [sent, received])| {
            let end = |stack: Stack, kind| End { stack, service: format!("{}-from-{from}", case.name), kind, qos };
            (end(*from, *sent), end(from.other(), *received))
        })
        .collect();
    let setup = Setup { name: case.name, streams: &streams, wait: ADAPTIVE, core: None };
    let bridge = RunningBridge::start(bench.bed, &setup);
    let workers = bridge.workers();

    // What crosses is also sent on each stack alone.
    let alone = |end: &End| End { service: format!("{}-alone", end.service), ..end.clone() };
    let hop = |from: &End, to: &End| Hop::start(bench.bed, from, to, 1);
    let mut bridged: Vec<Hop> = streams.iter().map(|(from, to)| hop(from, to)).collect();
    let ends = [&streams[0].0, &streams[0].1].map(alone);
    let mut native: Vec<Hop> = ends.iter().map(|end| hop(end, end)).collect();

    let mut rounds = Vec::new();
    for _ in 0..bench.effort.repetitions {
        let native: Vec<Outcome> = native.iter_mut().map(|hop| run_hops(&mut [hop], messages, &[])).collect();
        let mut hops: Vec<&mut Hop> = bridged.iter_mut().collect();
        rounds.push((native, run_hops(&mut hops, messages, &workers)));
    }
    native.into_iter().chain(bridged).for_each(Hop::end);
    bridge.stop();

    let cpu = |outcomes: &[Outcome]| outcomes.iter().map(Outcome::cpu_ns_each).sum::<f64>();
    let rate = |outcomes: &[Outcome]| outcomes.iter().map(Outcome::per_second).fold(f64::MAX, f64::min);
    let bridged_cpu = Spread::of(rounds.iter().map(|(_, bridged)| bridged.cpu_ns_each()));
    let native_cpu = Spread::of(rounds.iter().map(|(native, _)| cpu(native)));
    let cpu_ratio = Spread::of(rounds.iter().map(|(native, bridged)| bridged.cpu_ns_each() / cpu(native)));
    let bridged_rate = Spread::of(rounds.iter().map(|(_, bridged)| bridged.per_second()));
    let native_rate = Spread::of(rounds.iter().map(|(native, _)| rate(native)));
    let rate_ratio = Spread::of(rounds.iter().map(|(native, bridged)| bridged.per_second() / rate(native)));
    let lost: u64 = rounds.iter().map(|(_, bridged)| bridged.lost).sum();
    let figures = json!({
        "reference_per_s": native_rate,
        "bridged_per_s": bridged_rate,
        "rate_ratio": rate_ratio,
        "cpu_ratio": cpu_ratio,
        "reference_cpu_ns": native_cpu,
        "bridged_cpu_ns": bridged_cpu,
        "bridge_alone_cpu_ns": Spread::of(rounds.iter().map(|(_, bridged)| bridged.bridge_cpu_ns_each())),
        "lost": lost,
        "messages": messages,
        "bytes": streams.iter().map(|(from, to)| [from, to].map(|end| end.kind.len())).collect::<Vec<_>>(),
        "wait": ADAPTIVE,
        "subscribers_nap_us": NAP.as_micros() as u64,
        "cores": { "of": bench.machine.count(), "used": "all, by all processes" },
    });
    let cpu_texts = [bridged_cpu, native_cpu].map(|spread| format!("{} ns", number(spread.median)));
    let rate_texts = [bridged_rate, native_rate].map(|spread| format!("{}/s", number(spread.median)));
    let rate_goal = (bench.machine.count() >= CORES_FOR_RATE).then_some(Goal::AtLeast(0.95, "of the slower stack"));
    let mut rate_row = Row::compared("rate", rate_texts, rate_ratio, rate_goal);
    if case.cpu_goal > COPY && rate_goal.is_none() {
        rate_row = rate_row.wanting(Some(Goal::AtLeast(WANTED_RATE, "/s")), bridged_rate);
    }
    let cpu_goal = Goal::AtMost(case.cpu_goal, "of both hops");
    let rows = [Row::compared("CPU", cpu_texts, cpu_ratio, Some(cpu_goal)), rate_row];
    bench.report.add("throughput", case.name, figures, &rows);
}
