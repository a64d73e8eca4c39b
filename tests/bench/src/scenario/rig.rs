//! The processes that measure times, and a repetition of what they do: the floor, then each path.

use std::thread;
use std::time::Duration;

use crate::Bench;
use crate::bridge::RunningBridge;
use crate::process::Process;
use crate::role::probe::{Answer, Order};
use crate::role::{Figures, Plan, Quantiles, echo, probe};
use crate::stack::{End, Stack};

/// From here on a copy is counted to the floor.
const LARGE: usize = 4096;
/// Enough for a bridge that stood still to show itself to RouDi.
const BREATH: Duration = Duration::from_millis(5);

/// One repetition.
pub(super) struct Round {
    pub(super) classic: Figures,
    pub(super) iceoryx2: Figures,
    pub(super) copy: Option<Figures>,
    /// Of each path.
    pub(super) paths: Vec<Figures>,
}

impl Round {
    /// What the hop would take if there were no bridge.
    pub(super) fn floor(&self) -> Figures {
        let sum = |part: fn(&Figures) -> Quantiles| {
            let (classic, iceoryx2) = (part(&self.classic), part(&self.iceoryx2));
            // Of copies always the median, so that nothing but the stacks makes the floor's tail longer.
            let copy = self.copy.as_ref().map_or(0.0, |copy| part(copy).p50);
            Quantiles {
                p50: classic.p50 + iceoryx2.p50 + copy,
                p99: classic.p99 + iceoryx2.p99 + copy,
                p99_9: classic.p99_9 + iceoryx2.p99_9 + copy,
                samples: classic.samples.min(iceoryx2.samples),
            }
        };
        Figures { quiet: sum(|figures| figures.quiet), all: sum(|figures| figures.all) }
    }
}

/// The process that measures, and its echo.
pub(super) struct Rig {
    probe: Process<Order, Answer>,
    echo: Process,
    copied: Option<usize>,
}

impl Rig {
    /// The floor is that of the first path's samples.
    pub(super) fn start(bench: &Bench<'_>, name: &str, paths: &[&(End, End)]) -> Self {
        let (from, to) = paths[0];
        let [classic, iceoryx2] = if from.stack == Stack::Classic { [from, to] } else { [to, from] };
        let round_trip = |end: &End| {
            let service = |way: &str| End { service: format!("{name}-{way}"), ..end.clone() };
            (service("there"), service("back"))
        };
        let services = vec![round_trip(classic), round_trip(iceoryx2)];
        let echo = Plan::Echo(echo::Plan { name: format!("{name}-echo"), services: services.clone() });
        let paths = paths.iter().map(|path| (*path).clone()).collect();
        let probe = Plan::Probe(probe::Plan { name: format!("{name}-probe"), floors: services, paths });
        let size = from.kind.len();
        Self {
            echo: Process::start(bench.bed, "echo", Some(bench.machine.bridge()), &echo),
            probe: Process::start(bench.bed, "probe", Some(bench.machine.application()), &probe),
            copied: (size >= LARGE).then_some(size),
        }
    }

    pub(super) fn connect(&mut self, bridges: &[&RunningBridge]) {
        for floor in 0..2 {
            self.probe.call(Order::ConnectFloor { floor });
        }
        for (path, bridge) in bridges.iter().enumerate() {
            self.probe.call(Order::Connect { path });
            bridge.pause();
        }
        bridges.iter().for_each(|bridge| bridge.resume());
    }

    /// `bridges` has that of each path.
    pub(super) fn round(&mut self, bench: &Bench<'_>, bridges: &[&RunningBridge]) -> Round {
        let millis = bench.effort.millis;
        bridges.iter().for_each(|bridge| bridge.pause());
        let classic = self.figures(Order::Floor { floor: 0, millis });
        self.breathe(bridges);
        let iceoryx2 = self.figures(Order::Floor { floor: 1, millis });
        let copy = self.copied.map(|bytes| self.figures(Order::Copy { bytes, millis: millis / 4 }));
        self.breathe(bridges);
        let paths = (0..bridges.len()).map(|path| {
            bridges[path].resume();
            let figures = self.figures(Order::Cross { path, millis });
            bridges[path].pause();
            figures
        });
        let paths = paths.collect();
        bridges.iter().for_each(|bridge| bridge.resume());
        Round { classic, iceoryx2, copy, paths }
    }

    /// Shows RouDi that all bridges live.
    fn breathe(&self, bridges: &[&RunningBridge]) {
        bridges.iter().for_each(|bridge| bridge.resume());
        thread::sleep(BREATH);
        bridges.iter().for_each(|bridge| bridge.pause());
    }

    fn figures(&mut self, order: Order) -> Figures {
        match self.probe.call(order) {
            Answer::Figures(figures) => figures,
            other => panic!("{other:?} is no figure"),
        }
    }

    pub(super) fn end(self) {
        self.probe.end();
        self.echo.end();
    }
}
