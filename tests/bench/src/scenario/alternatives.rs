//! The bridge against what people use where they have none: JSON lines through a named pipe, and MessagePack through a
//! Unix domain socket. A C++ application sends the same ticks in each of the three ways, a Rust application reads them
//! with serde. All take turns.
//!
//! Latency is from the tick's time stamp, taken by the sender before it writes the tick down, until the reader has it as
//! a struct; ticks come in a steady pace. Who reads a pipe or a socket sleeps in `read`; who reads from the bridge looks
//! for samples all the time, and gives its core away between two looks.

use rustix::fs::{CWD, FileType, Mode, mknodat};
use serde_json::json;
use tests::bed::App;

use crate::Bench;
use crate::bridge::{RunningBridge, Setup, WAIT};
use crate::content::Kind;
use crate::process::Process;
use crate::report::{Goal, Row, Spread, number, time};
use crate::role::Plan;
use crate::role::read::{self, Order, Read};
use crate::stack::{End, Qos, Stack};

/// Between two ticks when latency is measured.
const PACE_US: u64 = 200;
const WANTED_LATENCY: f64 = 5.0;
const WANTED_RATE: f64 = 3.0;

/// A sender and a reader, with something between them.
struct Pair {
    sender: App,
    reader: Process<Order, Read>,
    runs: usize,
}

/// Of one repetition.
struct Round {
    latency: Read,
    per_second: f64,
}

pub(super) fn run(bench: &mut Bench<'_>) {
    let end = |stack, kind| {
        let qos = Qos { queue: 256, blocks: true, max_subscribers: 2, notifies: false };
        End { stack, service: "alternatives".into(), kind, qos }
    };
    let streams = [(end(Stack::Classic, Kind::Tick), end(Stack::Iceoryx2, Kind::Document))];
    let setup = Setup { name: "alternatives", streams: &streams, wait: WAIT, core: Some(bench.machine.bridge()) };
    let bridge = RunningBridge::start(bench.bed, &setup);
    let (pipe, socket) = (bench.bed.file("ticks.pipe"), bench.bed.file("ticks.socket"));
    mknodat(CWD, &*pipe, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).expect("a pipe can be made");
    let mut pairs = [
        Pair::start(bench, ["classic", "alternatives"], read::Plan::Service(streams[0].1.clone())),
        Pair::start(bench, ["pipe", &pipe], read::Plan::Pipe(pipe.clone())),
        Pair::start(bench, ["socket", &socket], read::Plan::Socket(socket.clone())),
    ];
    let latency_ticks = bench.effort.or_quick(1_000, 400);
    let rate_ticks = bench.effort.or_quick(50_000, 20_000);
    // The first run has to open what is between the two.
    for pair in &mut pairs {
        pair.run(100, PACE_US);
    }
    let rounds: Vec<[Round; 3]> = (0..bench.effort.repetitions)
        .map(|_| {
            let mut is_bridged = true;
            pairs.each_mut().map(|pair| {
                let without = (!std::mem::take(&mut is_bridged)).then_some(&bridge);
                let (latency, _) = pair.run_without(without, latency_ticks, PACE_US);
                let (_, per_second) = pair.run_without(without, rate_ticks, 0);
                Round { latency, per_second }
            })
        })
        .collect();
    pairs.into_iter().for_each(Pair::end);
    bridge.stop();

    for (number, name) in [(1, "json_lines_through_pipe"), (2, "msgpack_through_socket")] {
        add(bench, name, &rounds, number, [latency_ticks, rate_ticks]);
    }
}

/// Compares the first way of all rounds with another.
fn add(bench: &mut Bench<'_>, name: &str, rounds: &[[Round; 3]], other: usize, [latency_ticks, rate_ticks]: [u64; 2]) {
    let latency = |way: usize, of: fn(&Read) -> f64| Spread::of(rounds.iter().map(|round| of(&round[way].latency)));
    let quantiles = |way: usize| {
        json!({
            "p50": latency(way, |read| read.latency.quiet.p50),
            "p99": latency(way, |read| read.latency.quiet.p99),
            "p99_9": latency(way, |read| read.latency.quiet.p99_9),
        })
    };
    let rate = |way: usize| Spread::of(rounds.iter().map(|round| round[way].per_second));
    let p50 = |round: &[Round; 3], way: usize| round[way].latency.latency.quiet.p50;
    let faster = Spread::of(rounds.iter().map(|round| p50(round, other) / p50(round, 0)));
    let more = Spread::of(rounds.iter().map(|round| round[0].per_second / round[other].per_second));
    let figures = json!({
        "reference_ns": quantiles(other),
        "bridged_ns": quantiles(0),
        "latency_ratio": faster,
        "reference_per_s": rate(other),
        "bridged_per_s": rate(0),
        "throughput_ratio": more,
        "lost": 0,
        "ticks": { "latency": latency_ticks, "throughput": rate_ticks },
        "pace_us": PACE_US,
        "bytes": [Kind::Tick.len(), Kind::Document.len()],
        "wait": WAIT,
        "cores": { "of": bench.machine.count(), "bridge": bench.machine.bridge(), "reader": bench.machine.application() },
    });
    let times = [0, other].map(|way| time(latency(way, |read| read.latency.quiet.p50).median));
    let rates = [0, other].map(|way| format!("{}/s", number(rate(way).median)));
    let rows = [
        Row::compared("p50, times faster", times, faster, Some(Goal::AtLeast(WANTED_LATENCY, "times"))),
        Row::compared("rate, times higher", rates, more, Some(Goal::AtLeast(WANTED_RATE, "times"))),
    ];
    bench.report.add("alternatives", name, figures, &rows);
}

impl Pair {
    fn start(bench: &Bench<'_>, sender: [&str; 2], reader: read::Plan) -> Self {
        let reader = Process::start(bench.bed, "reader", Some(bench.machine.application()), &Plan::Read(reader));
        Self { sender: bench.bed.classic("classic-tick-sender", &sender), reader, runs: 0 }
    }

    /// What the reader has seen, and the ticks a second.
    fn run(&mut self, ticks: u64, pace_us: u64) -> (Read, f64) {
        let reading = self.reader.ask(Order { ticks });
        self.sender.tell(&format!("{ticks} {pace_us}"));
        self.runs += 1;
        let read = self.reader.answer(reading);
        let lines = self.sender.wait_for_lines(self.runs, "sent since ");
        let start_ns = lines.last().and_then(|line| line.rsplit(' ').next()?.parse::<u64>().ok());
        let elapsed = read.end_ns - start_ns.expect("the sender says when it began");
        (read, ticks as f64 * 1e9 / elapsed as f64)
    }

    /// The same; a bridge that has nothing to do with it stands still meanwhile.
    fn run_without(&mut self, bridge: Option<&RunningBridge>, ticks: u64, pace_us: u64) -> (Read, f64) {
        bridge.inspect(|bridge| bridge.pause());
        let outcome = self.run(ticks, pace_us);
        bridge.inspect(|bridge| bridge.resume());
        outcome
    }

    fn end(mut self) {
        self.sender.close_input();
        assert!(self.sender.wait().success(), "the sender was content");
        self.reader.end();
    }
}
