//! A Rust application that reads ticks, from the bridge or from what people use without one.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::os::unix::net::UnixListener;
use std::thread;
use std::time::Instant;

use serde::{Deserialize, Serialize};
use tests::apps::topics::MarketTick;

use super::figures::Times;
use super::{Figures, now_ns, serve};
use crate::stack::{End, Stacks, Subscriber};

/// Where the ticks come from.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum Plan {
    /// JSON lines from a named pipe that exists.
    Pipe(String),
    /// MessagePack from a socket that this process makes.
    Socket(String),
    /// MessagePack from a service of iceoryx2.
    Service(End),
}

/// Read so many ticks.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Order {
    pub(crate) ticks: u64,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Read {
    /// From each tick's time stamp until it has been read.
    pub(crate) latency: Figures,
    /// As [`now_ns`].
    pub(crate) end_ns: u64,
}

pub(super) fn run(plan: Plan) -> ! {
    match plan {
        Plan::Pipe(path) => {
            // Opened by the first order, since that waits for whoever writes.
            let mut pipe = None;
            let mut line = String::new();
            serve(|order| {
                let pipe = pipe.get_or_insert_with(|| BufReader::new(File::open(&path).expect("the pipe exists")));
                ticks(&order, || {
                    line.clear();
                    pipe.read_line(&mut line).expect("the pipe can be read");
                    serde_json::from_str(&line).expect("a line is a tick")
                })
            });
        }
        Plan::Socket(path) => {
            let listener = UnixListener::bind(&path).expect("the socket can be made");
            let mut stream = None;
            serve(|order| {
                let accepted = || BufReader::new(listener.accept().expect("somebody connects").0);
                let stream = stream.get_or_insert_with(accepted);
                ticks(&order, || rmp_serde::from_read(&mut *stream).expect("a document is a tick"))
            });
        }
        Plan::Service(end) => {
            let stacks = Stacks::join("bench-reader");
            let mut subscriber = stacks.subscriber(&end);
            serve(|order| ticks(&order, || next(&mut subscriber)));
            drop(subscriber);
            stacks.leave();
        }
    }
    std::process::exit(0)
}

/// Looks until there is one, and lets others run between two looks.
fn next(subscriber: &mut Subscriber) -> MarketTick {
    loop {
        let mut tick = None;
        let look = |bytes: &[u8]| tick = Some(rmp_serde::from_slice(bytes).expect("a document is a tick"));
        if subscriber.take_with(look).is_some()
            && let Some(tick) = tick
        {
            return tick;
        }
        thread::yield_now();
    }
}

/// # Panics
///
/// If one is missing: its sender numbers them by their volume.
fn ticks(order: &Order, mut next: impl FnMut() -> MarketTick) -> Read {
    let mut times = Times::new();
    for number in 0..order.ticks {
        let tick = next();
        times.add(now_ns().saturating_sub(tick.timestamp));
        times.slice(Instant::now());
        assert_eq!(tick.volume, number as f64, "a tick is missing");
    }
    Read { latency: times.figures(1.0), end_ns: now_ns() }
}
