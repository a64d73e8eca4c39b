//! One publisher of market blocks, and hundreds of subscribers on the other stack, none of which may lose one.
//!
//! The subscribers are ports of one process: what is measured is the bridge's work for each of them, not how the system
//! shares two cores among a thousand processes. The reference is the same within the stack of the subscribers, without
//! a bridge; both take turns.

use serde_json::json;

use super::flow::{Hop, Outcome, run_hops};
use crate::Bench;
use crate::bridge::{ADAPTIVE, RunningBridge, Setup};
use crate::content::{Kind, TICKS_IN_BLOCK};
use crate::report::{Goal, Row, Spread, number};
use crate::role::flow::NAP;
use crate::stack::{End, Qos, Stack};

/// To every one of 500 subscribers.
const WANTED_TICKS: f64 = 520_000.0;
/// Subscribers that classic serves of one publisher.
const CLASSIC_LIMIT: usize = 256;
const QUEUE: usize = 16;

pub(super) fn run(bench: &mut Bench<'_>) {
    let wanted = Goal::AtLeast(WANTED_TICKS, "ticks/s");
    fan_out(bench, "500_iceoryx2_subscribers", Stack::Classic, 500, Some(wanted));
    fan_out(bench, "1000_iceoryx2_subscribers", Stack::Classic, 1000, None);
    fan_out(bench, "256_classic_subscribers", Stack::Iceoryx2, CLASSIC_LIMIT, None);
}

fn fan_out(bench: &mut Bench<'_>, name: &str, from: Stack, subscribers: usize, goal: Option<Goal>) {
    let blocks = bench.effort.or_quick(3_000, 150);
    let kind = Kind::Block;
    let end = |stack, service: &str, max_subscribers| {
        let qos = Qos { queue: QUEUE, blocks: true, max_subscribers, notifies: false };
        End { stack, service: service.into(), kind, qos }
    };
    let (source, sink) = (end(from, name, 2), end(from.other(), name, subscribers));
    let native = end(from.other(), &format!("{name}-alone"), subscribers);
    let streams = [(source.clone(), sink.clone())];
    let bridge = RunningBridge::start(bench.bed, &Setup { name, streams: &streams, wait: ADAPTIVE, core: None });
    let mut bridged = Hop::start(bench.bed, &source, &sink, subscribers);
    let mut alone = Hop::start(bench.bed, &native, &native, subscribers);
    let workers = bridge.workers();
    let rounds: Vec<(Outcome, Outcome)> = (0..bench.effort.repetitions)
        .map(|_| (run_hops(&mut [&mut alone], blocks, &[]), run_hops(&mut [&mut bridged], blocks, &workers)))
        .collect();
    // Before its subscribers go: while hundreds of them leave, the bridge cannot end in the time it gives itself.
    let stop_s = bridge.stop().as_secs_f64();
    bridged.end();
    alone.end();

    let ticks = |outcome: &Outcome| outcome.per_second() * TICKS_IN_BLOCK as f64;
    let rate = Spread::of(rounds.iter().map(|(_, bridged)| ticks(bridged)));
    let reference = Spread::of(rounds.iter().map(|(alone, _)| ticks(alone)));
    let ratio = Spread::of(rounds.iter().map(|(alone, bridged)| ticks(bridged) / ticks(alone)));
    let cpu = |of: fn(&(Outcome, Outcome)) -> &Outcome| Spread::of(rounds.iter().map(|round| of(round).cpu_ns_each()));
    let figures = json!({
        "ticks_per_s": rate,
        "reference_ticks_per_s": reference,
        "ratio": ratio,
        "bridged_cpu_ns_a_block": cpu(|round| &round.1),
        "reference_cpu_ns_a_block": cpu(|round| &round.0),
        "lost": rounds.iter().map(|(_, bridged)| bridged.lost).sum::<u64>(),
        "stop_s": stop_s,
        "subscribers": subscribers,
        "subscribers_processes": 1,
        "blocks": blocks,
        "bytes": kind.len(),
        "ticks_in_a_block": TICKS_IN_BLOCK,
        "queue": QUEUE,
        "wait": ADAPTIVE,
        "subscribers_nap_us": NAP.as_micros() as u64,
        "cores": { "of": bench.machine.count(), "used": "all, by all processes" },
    });
    let texts = [rate, reference].map(|spread| format!("{}/s", number(spread.median)));
    let row = Row::compared("ticks to each", texts, ratio, None).wanting(goal, rate);
    bench.report.add("fanout", name, figures, &[row]);
}
