//! The process that measures times: it publishes on one stack and receives on the other, so that one clock says how long
//! the way was, and nothing is halved but the round trips of the floor.

use std::hint::black_box;
use std::thread;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::figures::Times;
use super::{Figures, now_ns, serve};
use crate::content::{FIRST, PROBE, REST, SIGNS};
use crate::stack::{End, PATIENCE, Publisher, Stacks, Subscriber, connect};

/// Not counted, at the beginning of each measurement: whoever slept wakes up, and caches fill.
const WARM_UP: Duration = Duration::from_millis(10);
/// A sample that takes longer is lost.
const LOST: Duration = Duration::from_secs(5);
/// Looks between two at the clock.
const LOOKS: u32 = 4096;
/// Between two attempts to get a sample through a bridge that starts.
const ATTEMPT: Duration = Duration::from_millis(1);

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Plan {
    pub(crate) name: String,
    /// Services to and from an echo.
    pub(crate) floors: Vec<(End, End)>,
    /// Where samples enter a bridge, and where they leave it.
    pub(crate) paths: Vec<(End, End)>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Order {
    /// Returns when a sample comes through this path; answers with nothing.
    Connect { path: usize },
    /// The same for the echo.
    ConnectFloor { floor: usize },
    /// Half of the round trips to the echo.
    Floor { floor: usize, millis: u64 },
    /// One sample after the other through a path.
    Cross { path: usize, millis: u64 },
    /// As many samples through a path, each after a pause.
    Wake { path: usize, samples: u64, pause_ms: u64 },
    /// Copies of as many bytes from one place to another.
    Copy { bytes: usize, millis: u64 },
    /// Sends on all paths until a sample has come through each. Answers with the time then.
    Flow,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Answer {
    Done,
    Figures(Figures),
    /// As [`now_ns`].
    Time(u64),
}

struct Way {
    from: Publisher,
    to: Subscriber,
    next: u64,
}

pub(super) fn run(plan: &Plan) -> ! {
    let stacks = Stacks::join(&plan.name);
    let ways = |ends: &[(End, End)]| -> Vec<Way> {
        let way =
            |(from, to): &(End, End)| Way { to: stacks.subscriber(to), from: stacks.publisher(from), next: FIRST };
        ends.iter().map(way).collect()
    };
    let (mut floors, mut paths) = (ways(&plan.floors), ways(&plan.paths));
    serve(|order| match order {
        Order::Connect { path } => {
            let way = &mut paths[path];
            connect(&mut way.from, &mut way.to);
            Answer::Done
        }
        Order::ConnectFloor { floor } => {
            let way = &mut floors[floor];
            connect(&mut way.from, &mut way.to);
            way.from.send(REST);
            Answer::Done
        }
        Order::Floor { floor, millis } => {
            let way = &mut floors[floor];
            let times = repeat(millis, || way.cross());
            way.from.send(REST);
            Answer::Figures(times.figures(0.5))
        }
        Order::Cross { path, millis } => Answer::Figures(repeat(millis, || paths[path].cross()).figures(1.0)),
        Order::Wake { path, samples, pause_ms } => Answer::Figures(paths[path].wake(samples, pause_ms)),
        Order::Copy { bytes, millis } => Answer::Figures(copy(bytes, millis)),
        Order::Flow => Answer::Time(flow(&mut paths)),
    });
    drop((floors, paths));
    stacks.leave()
}

impl Way {
    /// Nanoseconds that a sample takes, from before it is loaned until it is in the receiver's hands.
    #[inline]
    fn cross(&mut self) -> u64 {
        let mark = self.next;
        self.next += 1;
        let start = Instant::now();
        self.from.send(mark);
        let mut looks = 0_u32;
        loop {
            match self.to.take() {
                Some(arrived) if arrived == mark => return start.elapsed().as_nanos() as u64,
                // A probe that was late.
                Some(sign) if sign >= SIGNS => {}
                Some(other) => panic!("sample {other} arrives where {mark} was sent"),
                None => {}
            }
            looks = looks.wrapping_add(1);
            assert!(!looks.is_multiple_of(LOOKS) || start.elapsed() < LOST, "sample {mark} is lost");
        }
    }

    fn wake(&mut self, samples: u64, pause_ms: u64) -> Figures {
        let mut times = Times::new();
        for sample in 0..samples {
            // Not in step with any clock of the bridge's.
            let odd = Duration::from_micros(sample * 377 % 1000);
            thread::sleep(Duration::from_millis(pause_ms) + odd);
            times.add(self.cross());
        }
        times.figures(1.0)
    }
}

fn repeat(millis: u64, mut step: impl FnMut() -> u64) -> Times {
    let start = Instant::now();
    while start.elapsed() < WARM_UP {
        step();
    }
    let end = Instant::now() + Duration::from_millis(millis);
    let mut times = Times::new();
    loop {
        let now = Instant::now();
        if now >= end {
            return times;
        }
        times.slice(now);
        times.add(step());
    }
}

fn copy(bytes: usize, millis: u64) -> Figures {
    let (from, mut to) = (vec![1_u8; bytes], vec![0_u8; bytes]);
    let times = repeat(millis, || {
        let start = Instant::now();
        to.copy_from_slice(black_box(&from));
        black_box(&mut to);
        start.elapsed().as_nanos() as u64
    });
    times.figures(1.0)
}

fn flow(paths: &mut [Way]) -> u64 {
    let start = Instant::now();
    let mut silent: Vec<&mut Way> = paths.iter_mut().collect();
    for way in &mut silent {
        // What an earlier bridge left.
        way.to.drain();
    }
    while !silent.is_empty() {
        assert!(start.elapsed() < PATIENCE, "samples do not flow on {} paths", silent.len());
        silent.iter_mut().for_each(|way| way.from.send(PROBE));
        thread::sleep(ATTEMPT);
        silent.retain_mut(|way| way.to.take().is_none());
    }
    now_ns()
}
