//! From the start of `iox-bridge run` until samples have come through each of its streams. RouDi and the applications are
//! there before; the applications send all the time.

use serde_json::json;

use super::latency::stream;
use crate::Bench;
use crate::bridge::{ADAPTIVE, Setup, start};
use crate::process::Process;
use crate::report::{Goal, Row, Spread};
use crate::role::probe::{self, Answer, Order};
use crate::role::{Plan, now_ns};
use crate::stack::{End, Stack};

const STREAMS: usize = 10;
const WANTED_MS: f64 = 300.0;

pub(super) fn run(bench: &mut Bench<'_>) {
    let way = |number: usize| if number.is_multiple_of(2) { Stack::Classic } else { Stack::Iceoryx2 };
    let streams: Vec<(End, End)> = (0..STREAMS).map(|number| stream(&format!("start-{number}"), way(number))).collect();
    let plan = Plan::Probe(probe::Plan { name: "start-probe".into(), floors: Vec::new(), paths: streams.clone() });
    let mut probe: Process<Order, Answer> = Process::start(bench.bed, "probe", None, &plan);
    let millis: Vec<f64> = (0..bench.effort.repetitions)
        .map(|_| {
            let flowing = probe.ask(Order::Flow);
            let begin = now_ns();
            let bridge = start(bench.bed, &Setup { name: "start", streams: &streams, wait: ADAPTIVE, core: None });
            let Answer::Time(end) = probe.answer(flowing) else { panic!("this is no time") };
            bridge.stop();
            (end - begin) as f64 / 1e6
        })
        .collect();
    probe.end();

    let spread = Spread::of(millis);
    let figures = json!({
        "ms": spread,
        "streams": STREAMS,
        "bytes": 64,
        "wait": ADAPTIVE,
        "cores": { "of": bench.machine.count(), "used": "all, by all processes" },
    });
    let rows = [Row::alone("", "ms", spread, Some(Goal::AtMost(WANTED_MS, "ms")))];
    bench.report.add("start", "10_streams", figures, &rows);
}
