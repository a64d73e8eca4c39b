//! The bridge of a scenario, and its configuration.

use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use tests::bed::{Bed, Bridge, Route};

use crate::content::Kind;
use crate::stack::{End, Stack};

/// How the lanes of all scenarios wait in which nothing else is said: they never give their core away.
pub(crate) const WAIT: &str = "busy";
/// What lanes do of which the configuration says nothing.
pub(crate) const ADAPTIVE: &str = "adaptive";

/// What a bridge is to do.
pub(crate) struct Setup<'a> {
    pub(crate) name: &'a str,
    /// From where to where, with the name of the service as the name of the stream.
    pub(crate) streams: &'a [(End, End)],
    pub(crate) wait: &'a str,
    /// Where its lanes run; on all cores if nothing is said.
    pub(crate) core: Option<usize>,
}

/// A bridge whose routes run. Dropping it ends it.
pub(crate) struct RunningBridge {
    bridge: Bridge,
    workers: Vec<u32>,
}

impl RunningBridge {
    /// Starts a bridge, and returns when all its routes run.
    pub(crate) fn start(bed: &Bed, setup: &Setup<'_>) -> Self {
        let bridge = start(bed, setup);
        let count = setup.streams.len();
        let all_run = |routes: &[Route]| routes.len() == count && routes.iter().all(Route::is_running);
        let status = bridge.wait_for("all routes run", |status| all_run(&status.routes));
        let workers = status.workers.iter().filter_map(|worker| worker.pid).collect();
        Self { bridge, workers }
    }

    /// The processes that move samples.
    pub(crate) fn workers(&self) -> Vec<u32> {
        self.workers.clone()
    }

    /// All its processes.
    pub(crate) fn processes(&self) -> Vec<u32> {
        [&self.workers[..], &[self.bridge.app().pid()]].concat()
    }

    /// Lets it stand still, so that it takes no part of a core from what is measured. For a moment only: its
    /// watch takes a long halt for a machine that was suspended.
    pub(crate) fn pause(&self) {
        self.signal(Signal::STOP);
    }

    pub(crate) fn resume(&self) {
        self.signal(Signal::CONT);
    }

    fn signal(&self, signal: Signal) {
        let pids = self.workers.iter().filter_map(|pid| Pid::from_raw(*pid as i32));
        pids.for_each(|pid| kill_process(pid, signal).expect("the worker lives"));
    }

    /// Ends it in order, and says how long that took. With a thousand subscribers it may take longer than the bridge
    /// promises to take, which is a figure and no error here.
    ///
    /// # Panics
    ///
    /// If a sample was lost, or a worker was started anew meanwhile: then what was measured is not what it seems.
    pub(crate) fn stop(mut self) -> Duration {
        let status = self.bridge.status().expect("it answers");
        let fine = |route: &Route| (route.lost_before, route.rejected.total, route.dropped.total) == (0, 0, 0);
        let faults: Vec<_> = status.routes.iter().filter(|route| !fine(route)).collect();
        assert!(faults.is_empty(), "samples were lost: {faults:#?}");
        assert!(status.workers.iter().all(|worker| worker.restarts == 0), "{:#?}", status.workers);
        let begin = Instant::now();
        let supervisor = self.bridge.app_mut();
        supervisor.terminate();
        let status = supervisor.wait();
        assert!(status.success(), "the bridge ended with {status}");
        begin.elapsed()
    }
}

/// Starts a bridge and returns at once.
pub(crate) fn start(bed: &Bed, setup: &Setup<'_>) -> Bridge {
    bed.bridge(&bed.config_named(setup.name, &streams(setup)))
}

fn streams(setup: &Setup<'_>) -> String {
    // Where the default is wanted nothing is said, so that the stream is as users write it.
    let (mut text, lane) = match (setup.wait, setup.core) {
        (ADAPTIVE, None) => (String::new(), ""),
        (wait, core) => {
            let core = core.map(|core| format!("cpu = {core}\n")).unwrap_or_default();
            (format!("[lane.bench]\nwait = \"{wait}\"\n{core}\n"), "lane = \"bench\"\n")
        }
    };
    for (from, to) in setup.streams {
        let (name, from, to) = (&from.service, endpoint(from), endpoint(to));
        text += &format!("[[stream]]\nname = \"{name}\"\n{lane}from.{from}\nto.{to}\n\n");
    }
    text
}

fn endpoint(end: &End) -> String {
    let End { stack, service, kind, qos } = end;
    let mut keys = match stack {
        Stack::Classic => format!("classic = {{ service = \"Bench\", instance = \"Main\", event = \"{service}\""),
        Stack::Iceoryx2 => format!("iceoryx2 = {{ service = \"bench/{service}\""),
    };
    keys += match (kind, stack) {
        (Kind::Raw(_) | Kind::Block, Stack::Classic) => "",
        (Kind::Raw(_) | Kind::Block, Stack::Iceoryx2) => {
            ", type = { name = \"u8\", size = 1, align = 1, slice = true }"
        }
        (Kind::Tick, _) => ", format = \"struct\", layout = \"MarketTick\"",
        (Kind::Document, _) => ", format = \"msgpack\"",
    };
    keys += &format!(", queue = {}", qos.queue);
    if qos.blocks {
        keys += ", when_full = \"block\"";
    }
    if *stack == Stack::Iceoryx2 {
        if qos.notifies {
            // Iceoryx2's default.
            keys += ", notify = 0";
        }
        keys += &format!(", max_publishers = 2, max_subscribers = {}", qos.max_subscribers);
    }
    keys + " }"
}
