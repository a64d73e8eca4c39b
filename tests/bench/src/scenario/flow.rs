//! Many samples from a publisher to subscribers, counted and timed.

use std::thread;
use std::time::{Duration, Instant};

use tests::bed::Bed;

use crate::content::FIRST;
use crate::process::Process;
use crate::role::Plan;
use crate::role::flow::{self, PublisherOrder, Received, Sent, SubscriberOrder};
use crate::stack::{End, PATIENCE};

/// Between two probes.
const PROBING: Duration = Duration::from_millis(5);

/// A publisher in one process, and a subscriber or several in another; between them a stack, or the bridge.
pub(super) struct Hop {
    publisher: Process<PublisherOrder, Sent>,
    subscribers: Process<SubscriberOrder, Received>,
    next: u64,
}

/// What a run of one or several hops had.
pub(super) struct Outcome {
    /// At each subscriber, of all hops together.
    messages: u64,
    elapsed_ns: u64,
    cpu_ns: u64,
    bridge_cpu_ns: u64,
    pub(super) lost: u64,
}

impl Hop {
    /// Starts the processes, with so many subscribers in the second, and returns when samples come through.
    pub(super) fn start(bed: &Bed, from: &End, to: &End, ports: usize) -> Self {
        let plan = |role: &str, end: &End| {
            let name = format!("{}-{}-{role}", end.service, end.stack);
            flow::Plan { name, services: vec![end.clone()], ports }
        };
        let subscribers = Process::start(bed, "subscribers", None, &Plan::Subscribe(plan("subscribers", to)));
        let publisher = Process::start(bed, "publisher", None, &Plan::Publish(plan("publisher", from)));
        let mut hop = Self { publisher, subscribers, next: FIRST };
        hop.connect();
        hop
    }

    fn connect(&mut self) {
        let deadline = Instant::now() + PATIENCE;
        let connected = self.subscribers.ask(SubscriberOrder::AwaitProbe { service: 0 });
        while !self.subscribers.has_answered(&connected) {
            assert!(Instant::now() < deadline, "no sample arrives");
            self.publisher.call(PublisherOrder::Probe { service: 0 });
            thread::sleep(PROBING);
        }
        self.subscribers.answer(connected);
    }

    pub(super) fn end(self) {
        self.publisher.end();
        self.subscribers.end();
    }
}

/// Sends so many samples through each of these hops at once. `bridge` are the processes of the bridge between, if there
/// is one.
///
/// # Panics
///
/// If a sample is lost.
pub(super) fn run_hops(hops: &mut [&mut Hop], messages: u64, bridge: &[u32]) -> Outcome {
    let receiving: Vec<_> = hops
        .iter_mut()
        .enumerate()
        .map(|(number, hop)| {
            // One of them watches the bridge.
            let bridge = if number == 0 { bridge.to_vec() } else { Vec::new() };
            hop.subscribers.ask(SubscriberOrder::Receive { service: 0, first: hop.next, count: messages, bridge })
        })
        .collect();
    let sending: Vec<_> = hops
        .iter_mut()
        .map(|hop| {
            let first = hop.next;
            hop.next += messages;
            hop.publisher.ask(PublisherOrder::Send { service: 0, first, count: messages })
        })
        .collect();
    let (mut start_ns, mut end_ns) = (u64::MAX, 0);
    let mut outcome = Outcome { messages: 0, elapsed_ns: 0, cpu_ns: 0, bridge_cpu_ns: 0, lost: 0 };
    for ((hop, sending), receiving) in hops.iter().zip(sending).zip(receiving) {
        let (sent, received) = (hop.publisher.answer(sending), hop.subscribers.answer(receiving));
        (start_ns, end_ns) = (start_ns.min(sent.start_ns), end_ns.max(received.end_ns));
        outcome.messages += messages;
        outcome.cpu_ns += sent.cpu_ns + received.cpu_ns + received.bridge_cpu_ns;
        outcome.bridge_cpu_ns += received.bridge_cpu_ns;
        outcome.lost += received.lost;
    }
    assert_eq!(outcome.lost, 0, "samples were lost that none may lose");
    outcome.elapsed_ns = end_ns - start_ns;
    outcome
}

impl Outcome {
    pub(super) fn per_second(&self) -> f64 {
        self.messages as f64 * 1e9 / self.elapsed_ns as f64
    }

    /// Time of cores that a message took, of all processes.
    pub(super) fn cpu_ns_each(&self) -> f64 {
        self.cpu_ns as f64 / self.messages as f64
    }

    /// The bridge's part of it.
    pub(super) fn bridge_cpu_ns_each(&self) -> f64 {
        self.bridge_cpu_ns as f64 / self.messages as f64
    }
}
