//! What the operator sees of an account.

use std::collections::BTreeMap;

use super::{Connected, Latency, RejectReason};
use bridge_transcode::Spot;

/// The counters of one route at one moment. Only reasons that occurred are listed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snapshot {
    /// Samples taken from the source whose fate is known.
    pub received: u64,
    /// Samples published at the sink.
    pub forwarded: u64,
    /// Samples that the bridge had published itself.
    pub own_skipped: u64,
    /// Samples that the stream's `where` does not let through.
    pub filtered: u64,
    /// Samples that the source's publisher sent and the route never saw, by gaps in sequence numbers (classic only:
    /// iceoryx2 numbers nothing).
    pub lost_before: u64,
    /// How often as many samples came in a row as the source's queue holds, so that some may have been lost before the route saw them
    /// (iceoryx2 only, where nothing better can be known).
    pub source_full: u64,
    /// Deliveries that a subscriber of the sink had no room for (iceoryx2 services without overflow).
    pub sink_full: u64,
    /// Of those forwarded: samples that were published while no application was subscribed at the sink. What the sink keeps
    /// as history still reaches those that come later.
    pub unheard: u64,
    /// How often a publisher of the source, or a subscriber of the sink, could not be connected to (iceoryx2).
    pub not_connected: u64,
    /// With how many publishers the source is connected now.
    pub source_connected: Connected,
    /// With how many subscribers the sink is connected now.
    pub sink_connected: Connected,
    /// Samples that the sink did not take.
    pub dropped: BTreeMap<&'static str, u64>,
    /// Samples that could not be transcoded.
    pub rejected: BTreeMap<&'static str, u64>,
    /// Of each reason for which a sample was rejected and looked at: the last one.
    pub last_rejected: Vec<(RejectReason, LastRejected)>,
    /// Time from taking a sample to its having been published; of a route with two halves, in the second one.
    pub latency: Latency,
    /// Nanoseconds from when samples were made, as they say themselves, to their having been published.
    pub age: Latency,
}

/// A sample that was rejected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LastRejected {
    /// Nanoseconds since 1970.
    pub when: u64,
    /// Where it was at fault.
    pub spot: Spot,
}

impl Snapshot {
    /// The account of a route of which `self` is the second half, and `first` the half that took the samples. What is
    /// between the two is not in it: its fate is not yet known.
    #[must_use]
    pub fn after(mut self, first: Self) -> Self {
        // Two workers wrote these, and either may have written anything.
        let add = |to: &mut u64, more: u64| *to = to.wrapping_add(more);
        add(&mut self.received, first.received.wrapping_sub(first.forwarded));
        add(&mut self.own_skipped, first.own_skipped);
        add(&mut self.filtered, first.filtered);
        add(&mut self.lost_before, first.lost_before);
        add(&mut self.source_full, first.source_full);
        add(&mut self.not_connected, first.not_connected);
        self.source_connected = first.source_connected;
        self.last_rejected.extend(first.last_rejected);
        if self.age.count() == 0 {
            self.age = first.age;
        }
        for (reasons, more) in [(&mut self.dropped, first.dropped), (&mut self.rejected, first.rejected)] {
            more.into_iter().for_each(|(reason, count)| add(reasons.entry(reason).or_default(), count));
        }
        self
    }

    /// Samples dropped for any reason.
    #[must_use]
    pub fn dropped_total(&self) -> u64 {
        self.dropped.values().copied().fold(0, u64::wrapping_add)
    }

    /// Samples rejected for any reason.
    #[must_use]
    pub fn rejected_total(&self) -> u64 {
        self.rejected.values().copied().fold(0, u64::wrapping_add)
    }
}
