//! How long a sample takes from one application through the bridge to another, against the two stacks without a bridge.
//!
//! One process publishes on one stack and receives on the other. The floor is measured by the same process in the same
//! way: half of its round trips to an echo on one stack, plus half of those on the other, plus one copy where samples
//! are large. All of these take turns in each repetition; the bridge stands still while the floor is measured, and the
//! echo sleeps while the bridge is.

use serde_json::{Value, json};

use super::rig::{Rig, Round};
use crate::Bench;
use crate::bridge::{RunningBridge, Setup, WAIT};
use crate::content::Kind;
use crate::report::{Goal, Row, Spread, time};
use crate::role::{Figures, Quantiles};
use crate::stack::{End, Qos, Stack};

/// Streams of the lane on which one is active.
const MANY: usize = 50;

/// One of them, and its name.
type Quantile = (&'static str, fn(&Quantiles) -> f64);

const QUANTILES: [Quantile; 3] =
    [("p50", |figures| figures.p50), ("p99", |figures| figures.p99), ("p99_9", |figures| figures.p99_9)];

/// What the figures of a scenario shall be, as parts of the floor's.
struct Goals {
    p50: f64,
    p99: Option<f64>,
}

pub(super) fn run(bench: &mut Bench<'_>) {
    let small = Goals { p50: 1.05, p99: Some(1.3) };
    let large = Goals { p50: 1.05, p99: None };
    let tick = Goals { p50: 1.2, p99: None };
    for (name, size, goals) in [("raw_64", 64, &small), ("raw_8k", 8 << 10, &large), ("raw_1m", 1 << 20, &large)] {
        for from in [Stack::Classic, Stack::Iceoryx2] {
            let name = format!("{name}_to_{}", from.other());
            one_stream(bench, &name, from, [Kind::Raw(size); 2], goals);
        }
    }
    one_stream(bench, "tick_to_msgpack", Stack::Classic, [Kind::Tick, Kind::Document], &tick);
    one_stream(bench, "msgpack_to_tick", Stack::Iceoryx2, [Kind::Document, Kind::Tick], &tick);
    let streams: Vec<_> = (0..MANY).map(|number| stream(&format!("many-{number}"), Stack::Classic)).collect();
    let idle = RunningBridge::start(bench.bed, &setup("many", &streams, bench));
    one_of_many(bench, "fifty_streams", ("latency", 1.5), &streams[0], &idle);
    idle.stop();
}

/// A raw stream of 64 bytes.
pub(super) fn stream(service: &str, from: Stack) -> (End, End) {
    ends(service, from, [Kind::Raw(64); 2])
}

fn ends(service: &str, from: Stack, [kind, to_kind]: [Kind; 2]) -> (End, End) {
    let end = |stack, kind| End { stack, service: service.into(), kind, qos: Qos::default() };
    (end(from, kind), end(from.other(), to_kind))
}

fn setup<'a>(name: &'a str, streams: &'a [(End, End)], bench: &Bench<'_>) -> Setup<'a> {
    Setup { name, streams, wait: WAIT, core: Some(bench.machine.bridge()) }
}

fn one_stream(bench: &mut Bench<'_>, name: &str, from: Stack, kinds: [Kind; 2], goals: &Goals) {
    let stream = ends(name, from, kinds);
    let bridge = RunningBridge::start(bench.bed, &setup(name, std::slice::from_ref(&stream), bench));
    let mut rig = Rig::start(bench, name, &[&stream]);
    rig.connect(&[&bridge]);
    let rounds: Vec<_> = (0..bench.effort.repetitions).map(|_| rig.round(bench, &[&bridge])).collect();
    rig.end();
    bridge.stop();

    let floors: Vec<Figures> = rounds.iter().map(Round::floor).collect();
    let bridged: Vec<Figures> = rounds.iter().map(|round| round.paths[0]).collect();
    let mut rows = Vec::new();
    let mut ratios = json!({});
    for (quantile, of) in QUANTILES {
        let spread = ratio_of(&bridged, &floors, of);
        let goal = match quantile {
            "p50" => Some(goals.p50),
            "p99" => goals.p99,
            _ => None,
        };
        let goal = goal.map(|limit| Goal::AtMost(limit, "of the floor"));
        let (figure, floor) = (spread_of(&bridged, of), spread_of(&floors, of));
        let texts = [figure, floor].map(|spread| time(spread.median));
        rows.push(Row::compared(quantile, texts, spread, goal).unless_disturbed(floor));
        ratios[quantile] = json!(spread);
    }
    let mut figures = json!({
        "floor_ns": quantiles(floors.iter()),
        "bridged_ns": quantiles(bridged.iter()),
        "ratio": ratios,
        "classic_ns": quantiles(rounds.iter().map(|round| &round.classic)),
        "iceoryx2_ns": quantiles(rounds.iter().map(|round| &round.iceoryx2)),
        "bytes": kinds.map(Kind::len),
        "wait": WAIT,
        "cores": cores(bench),
    });
    if let Some(copies) = rounds.iter().map(|round| round.copy.as_ref()).collect::<Option<Vec<_>>>() {
        figures["copy_ns"] = quantiles(copies.into_iter());
    }
    bench.report.add("latency", name, figures, &rows);
}

/// One active stream among others on the lanes of `many`, against the same alone on a bridge of its own. `place` is the
/// section of the report, and the greatest ratio that is wanted.
pub(super) fn one_of_many(
    bench: &mut Bench<'_>,
    name: &str,
    (section, goal): (&'static str, f64),
    active: &(End, End),
    many: &RunningBridge,
) {
    let alone = stream(&format!("{name}-alone"), active.0.stack);
    let one = RunningBridge::start(bench.bed, &setup("alone", std::slice::from_ref(&alone), bench));
    let mut rig = Rig::start(bench, name, &[&alone, active]);
    rig.connect(&[&one, many]);
    let rounds: Vec<_> = (0..bench.effort.repetitions).map(|_| rig.round(bench, &[&one, many])).collect();
    rig.end();
    one.stop();

    let floors: Vec<Figures> = rounds.iter().map(Round::floor).collect();
    let path = |number: usize| rounds.iter().map(|round| round.paths[number]).collect::<Vec<_>>();
    let (alone, among_many) = (path(0), path(1));
    let mut figures = json!({
        "floor_ns": quantiles(floors.iter()),
        "one_stream_ns": quantiles(alone.iter()),
        "bridged_ns": quantiles(among_many.iter()),
        "bytes": 64,
        "wait": WAIT,
        "cores": cores(bench),
    });
    let mut rows = Vec::new();
    for (quantile, of) in QUANTILES {
        figures["ratio"][quantile] = json!(ratio_of(&among_many, &floors, of));
        let to_one_stream = ratio_of(&among_many, &alone, of);
        figures["ratio_to_one_stream"][quantile] = json!(to_one_stream);
        let goal = (quantile == "p50").then_some(Goal::AtMost(goal, "of one stream"));
        let what = format!("{quantile}, of one stream");
        let (figure, reference) = (spread_of(&among_many, of), spread_of(&alone, of));
        let texts = [figure, reference].map(|spread| time(spread.median));
        rows.push(Row::compared(&what, texts, to_one_stream, goal).unless_disturbed(reference));
    }
    bench.report.add(section, name, figures, &rows);
}

fn cores(bench: &Bench<'_>) -> Value {
    let machine = &bench.machine;
    json!({ "of": machine.count(), "bridge": machine.bridge(), "application": machine.application(), "echo": machine.bridge() })
}

/// Of the quiet slices of each repetition.
fn spread_of(figures: &[Figures], of: fn(&Quantiles) -> f64) -> Spread {
    Spread::of(figures.iter().map(|figures| of(&figures.quiet)))
}

/// Of each repetition.
fn ratio_of(figures: &[Figures], reference: &[Figures], of: fn(&Quantiles) -> f64) -> Spread {
    Spread::of(figures.iter().zip(reference).map(|(figures, reference)| of(&figures.quiet) / of(&reference.quiet)))
}

/// Spread of each quantile over the repetitions: of the quiet slices, and below `all` of all of them.
fn quantiles<'a>(figures: impl Iterator<Item = &'a Figures> + Clone) -> Value {
    let spreads = |part: fn(&Figures) -> &Quantiles| {
        let parts = figures.clone().map(part);
        let mut spreads = json!({ "samples": parts.clone().map(|part| part.samples).sum::<u64>() });
        for (quantile, of) in QUANTILES {
            spreads[quantile] = json!(Spread::of(parts.clone().map(of)));
        }
        spreads
    };
    let mut quantiles = spreads(|figures| &figures.quiet);
    quantiles["all"] = spreads(|figures| &figures.all);
    quantiles
}
