//! Publishers and subscribers of many samples that lose none: what they need of the cores is measured with them.
//!
//! Subscribers take what is there and then sleep for a moment, as applications do that have other things to do, too.

use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::{now_ns, own_cpu_ns, serve};
use crate::content::{PROBE, SIGNS};
use crate::stack::{End, PATIENCE, Publisher, Stacks, Subscriber};

/// How long a subscriber sleeps that has taken all there was; in the report.
pub(crate) const NAP: Duration = Duration::from_micros(100);
/// Samples that a subscriber takes from one port before it looks at the next.
const BATCH: u32 = 64;
/// Samples that do not come for that long are lost.
const LOST: Duration = Duration::from_secs(5);

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Plan {
    pub(crate) name: String,
    pub(crate) services: Vec<End>,
    /// Of each service, in a process that subscribes.
    pub(crate) ports: usize,
}

/// What a publisher is told. It answers with [`Sent`], of no meaning for a probe.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum PublisherOrder {
    /// Send a sample that does not count.
    Probe { service: usize },
    /// Send so many samples, with marks from `first` on.
    Send { service: usize, first: u64, count: u64 },
}

#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Sent {
    /// As [`now_ns`].
    pub(crate) start_ns: u64,
    pub(crate) cpu_ns: u64,
}

/// What a subscriber is told. It answers with [`Received`], of no meaning when it waited for a probe.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum SubscriberOrder {
    /// Return when every port of the service has had a probe.
    AwaitProbe { service: usize },
    /// Take so many samples on every port, and see what these processes, a bridge's, need of the cores meanwhile.
    Receive { service: usize, first: u64, count: u64, bridge: Vec<u32> },
}

#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Received {
    /// As [`now_ns`].
    pub(crate) end_ns: u64,
    /// Since the first sample came.
    pub(crate) cpu_ns: u64,
    /// The same of the bridge's processes.
    pub(crate) bridge_cpu_ns: u64,
    /// Samples that did not come, of all ports together.
    pub(crate) lost: u64,
}

pub(super) fn publish(plan: &Plan) -> ! {
    let stacks = Stacks::join(&plan.name);
    let mut ports: Vec<Publisher> = plan.services.iter().map(|end| stacks.publisher(end)).collect();
    serve(|order| match order {
        PublisherOrder::Probe { service } => {
            ports[service].send(PROBE);
            Sent::default()
        }
        PublisherOrder::Send { service, first, count } => {
            let port = &mut ports[service];
            port.wait_for_subscriber();
            let (start_ns, start_cpu_ns) = (now_ns(), own_cpu_ns());
            (first..first + count).for_each(|mark| port.send(mark));
            Sent { start_ns, cpu_ns: own_cpu_ns() - start_cpu_ns }
        }
    });
    drop(ports);
    stacks.leave()
}

pub(super) fn subscribe(plan: &Plan) -> ! {
    let stacks = Stacks::join(&plan.name);
    let some = |end: &End| (0..plan.ports).map(|_| stacks.subscriber(end)).collect();
    let mut ports: Vec<Vec<Subscriber>> = plan.services.iter().map(some).collect();
    serve(|order| match order {
        SubscriberOrder::AwaitProbe { service } => {
            await_probe(&mut ports[service]);
            Received::default()
        }
        SubscriberOrder::Receive { service, first, count, bridge } => {
            receive(&mut ports[service], first, count, &bridge)
        }
    });
    drop(ports);
    stacks.leave()
}

fn await_probe(ports: &mut [Subscriber]) {
    let deadline = Instant::now() + PATIENCE;
    let mut silent: Vec<&mut Subscriber> = ports.iter_mut().collect();
    while !silent.is_empty() {
        assert!(Instant::now() < deadline, "no sample arrives at {} subscribers", silent.len());
        silent.retain_mut(|port| port.take().is_none());
        thread::sleep(NAP);
    }
}

fn receive(ports: &mut [Subscriber], first: u64, count: u64, bridge: &[u32]) -> Received {
    let end = first + count;
    let mut next = vec![first; ports.len()];
    let (mut left, mut lost) = (ports.len(), 0);
    let mut last_arrival = Instant::now();
    let mut cpu_at_start = None;
    while left > 0 {
        let mut arrived = false;
        for (port, next) in ports.iter_mut().zip(&mut next) {
            for _ in 0..BATCH {
                let Some(mark) = port.take().filter(|_| *next < end) else { break };
                if mark >= SIGNS {
                    continue;
                }
                assert!((*next..end).contains(&mark), "sample {mark} arrives where {next} is the next");
                arrived = true;
                lost += mark - *next;
                *next = mark + 1;
                left -= usize::from(*next == end);
            }
        }
        if arrived {
            last_arrival = Instant::now();
            cpu_at_start.get_or_insert_with(|| (own_cpu_ns(), cpu_ns(bridge)));
        } else if last_arrival.elapsed() > LOST {
            lost += next.iter().map(|next| end - next).sum::<u64>();
            break;
        } else {
            thread::sleep(NAP);
        }
    }
    let (own, others) = cpu_at_start.unwrap_or_default();
    Received { end_ns: now_ns(), cpu_ns: own_cpu_ns() - own, bridge_cpu_ns: cpu_ns(bridge) - others, lost }
}

/// What these processes have had of the cores so far, in nanoseconds; exact to the kernel's tick for those that run.
///
/// # Panics
///
/// If one of them has ended.
pub(crate) fn cpu_ns(processes: &[u32]) -> u64 {
    let of_threads = |process: &u32| {
        let threads = fs::read_dir(format!("/proc/{process}/task")).expect("the process lives");
        let of_thread = |thread: fs::DirEntry| -> u64 {
            let Ok(text) = fs::read_to_string(thread.path().join("schedstat")) else { return 0 };
            text.split(' ').next().and_then(|number| number.parse().ok()).expect("schedstat begins with a number")
        };
        threads.map_while(Result::ok).map(of_thread).sum::<u64>()
    };
    processes.iter().map(of_threads).sum()
}
