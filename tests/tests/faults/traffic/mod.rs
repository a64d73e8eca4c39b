//! Continuous traffic through a bridge: real applications publish numbered samples at a steady rate, others record what
//! they receive. Applications may be replaced while it goes on; the next ones go on with the numbers and the record.

mod flow;
mod record;
mod stream;
mod times;
mod watch;

use std::time::Duration;

use tests::bed::{Bed, Bridge};

pub(crate) use flow::Flow;
pub(crate) use stream::{Content, End, Stream};
pub(crate) use times::Times;
pub(crate) use watch::{Watch, compare};

/// Several streams under way.
pub(crate) struct Traffic<'a> {
    bed: &'a Bed,
    flows: Vec<Flow>,
}

/// What [`Traffic::marks`] says: where each stream was.
pub(crate) struct Marks(Vec<u64>);

/// Streams in both directions between classic and two releases of iceoryx2, as they are and as documents.
pub(crate) fn both_ways() -> Vec<Stream> {
    let (old, new) = (End::Iceoryx2("0.8"), End::Iceoryx2("0.10"));
    vec![
        Stream::new("ticks-out", End::Classic, new, Content::Ticks),
        Stream::new("ticks-in", new, End::Classic, Content::Ticks),
        Stream::new("bytes-out", End::Classic, old, Content::Bytes(1000)),
        Stream::new("bytes-in", old, End::Classic, Content::Bytes(200)),
    ]
}

impl<'a> Traffic<'a> {
    /// The configuration of a bridge for these streams.
    pub(crate) fn config(bed: &Bed, streams: &[Stream]) -> String {
        bed.config(&streams.iter().map(Stream::toml).collect::<String>())
    }

    /// Starts the applications of all streams, when the bridge runs them.
    pub(crate) fn start(bed: &'a Bed, bridge: &Bridge, streams: Vec<Stream>) -> Self {
        let names: Vec<_> = streams.iter().map(|stream| stream.name.clone()).collect();
        bridge.wait_running(&names.iter().map(String::as_str).collect::<Vec<_>>());
        let mut traffic = Self { bed, flows: streams.into_iter().map(Flow::new).collect() };
        traffic.start_applications(|_| true);
        traffic.wait_past(&traffic.marks());
        traffic
    }

    /// Starts the applications that are not there, of these streams, and waits until they have begun.
    pub(crate) fn start_applications(&mut self, of: impl Fn(&Stream) -> bool) {
        let bed = self.bed;
        self.flows.iter_mut().filter(|flow| of(&flow.stream)).for_each(|flow| flow.start_subscriber(bed));
        self.flows.iter_mut().filter(|flow| of(&flow.stream)).for_each(|flow| flow.start_publisher(bed));
        self.flows.iter().for_each(Flow::wait_until_started);
    }

    /// Ends the applications of classic, which cannot be connected to another RouDi.
    pub(crate) fn end_classic_applications(&mut self) {
        for flow in &mut self.flows {
            if flow.stream.from == End::Classic {
                flow.end_publisher(false);
            }
            if flow.stream.to == End::Classic {
                flow.end_subscriber();
            }
        }
    }

    /// Kills the publisher of a stream, wherever it is, and starts another that goes on.
    pub(crate) fn kill_publisher(&mut self, stream: &str) {
        let bed = self.bed;
        let flow = self.flow_mut(stream);
        flow.end_publisher(true);
        flow.start_publisher(bed);
    }

    /// The streams.
    pub(crate) fn flows(&self) -> &[Flow] {
        &self.flows
    }

    /// One of them.
    ///
    /// # Panics
    ///
    /// If there is none of that name.
    pub(crate) fn flow(&self, stream: &str) -> &Flow {
        self.flows.iter().find(|flow| flow.stream.name == stream).expect("a stream of that name")
    }

    fn flow_mut(&mut self, stream: &str) -> &mut Flow {
        self.flows.iter_mut().find(|flow| flow.stream.name == stream).expect("a stream of that name")
    }

    /// Where each stream is; what lies behind the marks is sent later than now.
    pub(crate) fn marks(&self) -> Marks {
        Marks(self.flows.iter().map(Flow::mark).collect())
    }

    /// Waits until every stream's subscriber has received what was sent after these marks were set.
    pub(crate) fn wait_past(&self, marks: &Marks) {
        self.flows.iter().zip(&marks.0).for_each(|(flow, mark)| flow.wait_past(*mark));
    }

    /// The gaps so far of the streams that `of` chooses, with their names.
    pub(crate) fn gaps(&self, of: impl Fn(&Stream) -> bool) -> Vec<(String, usize)> {
        let chosen = self.flows.iter().filter(|flow| of(&flow.stream));
        chosen.map(|flow| (flow.stream.name.clone(), flow.gaps())).collect()
    }

    /// Ends all applications in order.
    ///
    /// # Panics
    ///
    /// If a subscriber received something twice, out of order or damaged.
    pub(crate) fn end(&mut self) {
        self.flows.iter_mut().for_each(|flow| flow.end_publisher(false));
        // What is on its way arrives: nothing is sent any more, so a pause of that length ends it.
        std::thread::sleep(Duration::from_millis(300));
        self.flows.iter_mut().for_each(Flow::end_subscriber);
    }

    /// Ends all applications in order and compares what they sent and received with the account of the bridge, which
    /// `faults` have befallen, and which stood still for so long `still` altogether.
    ///
    /// # Panics
    ///
    /// If a number is missing that nobody accounts for, or anything arrived twice, out of order or damaged.
    pub(crate) fn end_and_check(mut self, bridge: &Bridge, faults: u64, still: Duration) {
        self.end();
        let status = bridge.wait_for("an answer", |_| true);
        for flow in &self.flows {
            assert!(flow.sent() > 0, "{} sent nothing", flow.stream.name);
            flow.check(status.find(&flow.stream.name).expect("the stream's route"), faults, still);
        }
    }
}
