//! One stream under way: a publisher and a subscriber, and those that were there before them.

use std::time::Duration;

use tests::bed::{App, Bed, PATIENCE, Route};

use super::record::{Record, sample};
use super::stream::{PACE_US, QUEUE, REPORT, Stream};

/// Time that an application which has said its last word gets to end: one of classic without RouDi may never do so.
const FAREWELL: Duration = Duration::from_millis(500);

/// See the module.
pub(crate) struct Flow {
    pub(crate) stream: Stream,
    publisher: Option<App>,
    subscriber: Option<App>,
    /// The number with which the publisher began.
    first: u64,
    /// Samples that ended publishers have sent, that they sent while nobody was there, and that they may have sent beyond.
    sent: u64,
    unheard: u64,
    unsure: u64,
    /// Applications started so far, for names that are unique.
    started: u64,
    pub(crate) record: Record,
}

impl Flow {
    pub(crate) fn new(stream: Stream) -> Self {
        Self {
            stream,
            publisher: None,
            subscriber: None,
            first: 0,
            sent: 0,
            unheard: 0,
            unsure: 0,
            started: 0,
            record: Record::default(),
        }
    }

    fn name(&mut self, role: &str) -> String {
        self.started += 1;
        format!("{}-{role}-{}", self.stream.name, self.started)
    }

    pub(crate) fn start_subscriber(&mut self, bed: &Bed) {
        if self.subscriber.is_none() {
            let name = self.name("subscriber");
            self.subscriber = Some(self.stream.subscriber(bed, &name));
        }
    }

    pub(crate) fn start_publisher(&mut self, bed: &Bed) {
        if self.publisher.is_none() {
            let name = self.name("publisher");
            self.publisher = Some(self.stream.publisher(bed, &name, self.first));
        }
    }

    pub(crate) fn wait_until_started(&self) {
        [&self.subscriber, &self.publisher].into_iter().flatten().for_each(|app| drop(app.wait_for_line("started")));
    }

    /// Ends the publisher in order, or as a crash would. The next one goes on with a number that was not used.
    pub(crate) fn end_publisher(&mut self, kill: bool) {
        let Some(mut publisher) = self.publisher.take() else { return };
        if kill {
            publisher.kill();
            publisher.wait();
        } else {
            say_farewell(&mut publisher);
        }
        let sent = match last(&publisher, "done sent=") {
            Some(sent) => sent,
            None => {
                let reported = last(&publisher, "sent ").unwrap_or(0);
                // How many came after its last word nobody knows.
                self.unsure += REPORT;
                reported + REPORT
            }
        };
        self.unheard += last(&publisher, "unheard ").unwrap_or(0);
        self.sent += sent;
        self.first += sent;
    }

    /// Ends the subscriber in order and carries its record on.
    pub(crate) fn end_subscriber(&mut self) {
        if let Some(mut subscriber) = self.subscriber.take() {
            say_farewell(&mut subscriber);
            self.record.carry_on(&self.stream.name, &subscriber);
        }
    }

    /// A number so high that its sample can only be sent from now on.
    pub(crate) fn mark(&self) -> u64 {
        let sent = self.publisher.as_ref().and_then(|publisher| last(publisher, "sent ")).unwrap_or(0);
        self.first + sent + 2 * REPORT
    }

    /// Waits until the subscriber has received a sample with this number or a higher one.
    ///
    /// # Panics
    ///
    /// If it does not.
    pub(crate) fn wait_past(&self, mark: u64) {
        let subscriber = self.subscriber.as_ref().expect("a subscriber");
        let past = |line: &str| sample(line).is_some_and(|number| number >= mark);
        subscriber.output().wait_for(&format!("sample {mark} or later of {}", self.stream.name), 1, past);
    }

    /// How often the subscriber of the moment has said where it is.
    pub(crate) fn arrived(&self) -> usize {
        let lines = self.subscriber.as_ref().map(|subscriber| subscriber.output().lines()).unwrap_or_default();
        lines.iter().filter(|line| line.starts_with("at ")).count()
    }

    /// How many gaps the subscriber of the moment has found, the beginning not counted.
    pub(crate) fn gaps(&self) -> usize {
        let lines = self.subscriber.as_ref().map(|subscriber| subscriber.output().lines()).unwrap_or_default();
        lines.iter().filter(|line| line.starts_with("gap ") && !line.contains(" expected=0 ")).count()
    }

    /// Starts one more subscriber, which is no part of the record: one that never takes anything, or one like the others.
    pub(crate) fn idle_or_busy_subscriber(&self, bed: &Bed, name: &str, idle: bool) -> App {
        let name = format!("{}-{name}", self.stream.name);
        if idle { self.stream.idle_subscriber(bed, &name) } else { self.stream.subscriber(bed, &name) }
    }

    /// Samples that publishers which have ended sent, at most.
    pub(crate) fn sent(&self) -> u64 {
        self.sent
    }

    /// Compares what was sent with what was received and with the bridge's account, when all applications have ended.
    /// `faults` have come between: each may cost a queue of samples on its way in and out, and a second of traffic in
    /// the queue of a dead process. While the bridge stood still, nobody took anything either.
    ///
    /// # Panics
    ///
    /// If a number is missing that nobody accounts for.
    pub(crate) fn check(&self, route: &Route, faults: u64, still: Duration) {
        let Self { sent, unheard, unsure, record, .. } = self;
        let name = &self.stream.name;
        let (got, lost) = (record.received, route.lost_before + route.rejected.total + route.dropped.total);
        let missing = sent.saturating_sub(got);
        let unseen = (sent - unsure.min(sent)).saturating_sub(route.received + route.lost_before);
        let late = route.forwarded.saturating_sub(got);
        println!(
            "{name}: sent {sent} (unheard {unheard}), received {got} in {} gaps, missing {missing}; the bridge took {}, \
             forwarded {}, lost or dropped {lost}; before it {unseen}, after it {late}",
            record.gaps.len(),
            route.received,
            route.forwarded
        );
        assert!(route.adds_up(), "{name}: {route:#?}");
        assert!(got <= route.forwarded, "{name}: {got} received, more than forwarded: {route:#?}");
        assert!(route.received + route.lost_before <= *sent, "{name}: {sent} sent, less than taken: {route:#?}");
        assert_eq!(route.rejected.total, 0, "{name}: nothing is wrong with any sample: {route:#?}");
        let allowed = faults * (QUEUE + 1_000_000 / PACE_US) + still.as_micros() as u64 / PACE_US;
        assert!(unseen <= unheard + allowed, "{name}: {unseen} samples never reached the bridge: {route:#?}");
        assert!(late <= allowed, "{name}: {late} samples were lost after the bridge: {route:#?}");
    }
}

/// Asks an application to end, and waits for its last word.
fn say_farewell(app: &mut App) {
    app.terminate();
    app.wait_for_line("done ");
    if app.wait_at_most(FAREWELL).is_none() {
        app.kill();
        app.wait_at_most(PATIENCE);
    }
}

/// The number behind the last line that begins so.
fn last(app: &App, beginning: &str) -> Option<u64> {
    app.output().lines().iter().rev().find_map(|line| line.strip_prefix(beginning)?.parse().ok())
}
