//! The status of a bridge: what `iox-bridge status --json` prints, and its table is made of.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::account::{Connected, LastRejected, Latency, RejectReason, Snapshot};
use crate::config::ClassicRelease;
use crate::config::plan::RoutePlan;
use crate::route::{RouteState, StateName};

use super::remark;
pub use super::remark::Waits;

/// A whole bridge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    /// Its name.
    pub name: String,
    /// The supervisor's process.
    pub pid: u32,
    /// The configuration it runs.
    pub config: String,
    /// Whether every route runs.
    pub healthy: bool,
    /// RouDi, if any route needs it: that of 2.0, where routes need both.
    pub roudi: Option<RouDiStatus>,
    /// The RouDi of each line of classic that a route needs.
    #[serde(default)]
    pub roudis: Vec<RouDiStatus>,
    /// The workers.
    pub workers: Vec<WorkerStatus>,
    /// The routes, in the order of the configuration.
    pub routes: Vec<RouteStatus>,
}

/// RouDi as the bridge sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RouDiStatus {
    /// The line of classic that it is of.
    pub classic: ClassicRelease,
    /// "external" or "managed".
    pub mode: String,
    /// "connected" or "waiting".
    pub state: String,
    /// Its process, where known.
    pub pid: Option<u32>,
    /// Its release, where known.
    pub release: Option<String>,
    /// Why the bridge is not connected.
    pub reason: Option<String>,
}

/// A worker process.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkerStatus {
    /// The release of iceoryx2 that it serves.
    pub release: String,
    /// The line of classic that it serves, if any route of its leads from or to classic.
    #[serde(default)]
    pub classic: Option<ClassicRelease>,
    /// The user whom it serves and runs as, where that is not the bridge's own.
    #[serde(default)]
    pub user: Option<String>,
    /// Its process, if it runs.
    pub pid: Option<u32>,
    /// "running", "restarting" or "stopping".
    pub state: String,
    /// How often it was started again.
    pub restarts: u64,
    /// Why it ended last.
    pub last_exit: Option<String>,
}

/// A route and its account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RouteStatus {
    /// Its name.
    pub name: String,
    /// The stream it belongs to.
    pub stream: String,
    /// Where samples come from.
    pub source: String,
    /// Where they go.
    pub sink: String,
    /// What it does.
    pub state: StateName,
    /// Why it does not run.
    pub reason: Option<String>,
    /// The operator has paused its stream: samples are taken and dropped.
    #[serde(default)]
    pub paused: bool,
    /// Samples taken whose fate is known: the sum of the next five kinds.
    pub received: u64,
    /// Published at the sink.
    pub forwarded: u64,
    /// Could not be transcoded.
    pub rejected: Counted,
    /// Of each reason for a rejection, the last sample that was looked at.
    #[serde(default)]
    pub last_rejected: Vec<RejectedStatus>,
    /// The sink did not take them.
    pub dropped: Counted,
    /// Published by the bridge itself.
    pub own_skipped: u64,
    /// Not let through by the stream's `where`.
    #[serde(default)]
    pub filtered: u64,
    /// Sent by the source's publishers but never seen, by gaps in sequence numbers (classic).
    pub lost_before: u64,
    /// How often as many samples of one publisher came in a row as the source's queue holds, so that it may have been full and
    /// samples lost before (iceoryx2, whose samples have no numbers).
    pub source_full: u64,
    /// Deliveries for which a subscriber of the sink had no room (iceoryx2 without overflow).
    pub sink_full: u64,
    /// Of those forwarded: published while no application was subscribed at the sink.
    #[serde(default)]
    pub unheard: u64,
    /// How often a publisher of the source, or a subscriber of the sink, could not be connected to; it is tried again.
    #[serde(default)]
    pub not_connected: u64,
    /// Whether any publisher of an application is there for the source; `None` where that cannot be known (classic).
    #[serde(default)]
    pub source_connected: Option<bool>,
    /// How many, where that can be known (iceoryx2).
    #[serde(default)]
    pub publishers: Option<u64>,
    /// Whether any subscriber of an application is connected with the sink; `None` where that cannot be known: where
    /// the route does not run, or where the bridge's own subscribers of classic are there as well.
    #[serde(default)]
    pub sink_connected: Option<bool>,
    /// How many, where that can be known (iceoryx2).
    #[serde(default)]
    pub subscribers: Option<u64>,
    /// What is noteworthy about a route that runs.
    #[serde(default)]
    pub remark: Option<String>,
    /// How long samples were inside the bridge; `None` before the first.
    pub latency: Option<LatencyStatus>,
    /// How old samples were when they had been published, by the time in their structs; where the layout has one.
    #[serde(default)]
    pub age: Option<LatencyStatus>,
}

/// Time from taking a sample out of the source's queue to its having been published at the sink. Measured are all samples
/// that come alone, and one of eight of those that come in a row. Figures are at most 12.5 % above the true ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LatencyStatus {
    /// Nanoseconds that half of the samples took at most.
    pub p50_ns: u64,
    /// Nanoseconds that 99 % took at most.
    pub p99_ns: u64,
    /// Nanoseconds that 99.9 % took at most.
    pub p99_9_ns: u64,
    /// Samples measured.
    pub measured: u64,
}

impl LatencyStatus {
    fn new(latency: &Latency, nanoseconds_a_tick: f64) -> Option<Self> {
        let quantile = |share| latency.quantile(share).map(|ticks| (ticks as f64 * nanoseconds_a_tick) as u64);
        Some(Self {
            p50_ns: quantile(0.5)?,
            p99_ns: quantile(0.99)?,
            p99_9_ns: quantile(0.999)?,
            measured: latency.count(),
        })
    }
}

/// A sample that was rejected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RejectedStatus {
    /// Why.
    pub reason: String,
    /// When: milliseconds since 1970, UTC.
    pub unix_ms: u64,
    /// The path of the field of the stream's struct that was at fault, where one is known: `legs[1].ratio`.
    pub field: Option<String>,
    /// Where in the document: bytes from its start, where a document was read.
    pub offset: Option<u64>,
}

impl RejectedStatus {
    fn new(plan: &RoutePlan, reason: RejectReason, last: LastRejected) -> Self {
        let field = match (plan.layout(), reason) {
            (Some(layout), RejectReason::Transcode(reject)) => last.spot.path(layout, reject),
            _ => None,
        };
        let offset = last.spot.document.map(|offset| offset as u64);
        Self { reason: reason.name().to_owned(), unix_ms: last.when / 1_000_000, field, offset }
    }
}

/// A number by reasons.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    /// All of them.
    pub total: u64,
    /// Reasons that occurred.
    pub by_reason: BTreeMap<String, u64>,
}

impl Counted {
    fn from_reasons(reasons: &BTreeMap<&'static str, u64>) -> Self {
        let by_reason = reasons.iter().map(|(name, n)| ((*name).to_owned(), *n)).collect();
        Self { total: reasons.values().copied().fold(0, u64::wrapping_add), by_reason }
    }
}

impl RouteStatus {
    /// Puts together what is known of a route.
    #[must_use]
    pub fn new(
        plan: &RoutePlan,
        state: &RouteState,
        account: &Snapshot,
        waits: Option<Waits<'_>>,
        nanoseconds_a_tick: f64,
    ) -> Self {
        let is_running = state.name == StateName::Running;
        let [source, sink] = [account.source_connected, account.sink_connected]
            .map(|end| if is_running { end } else { Connected::Unknown });
        Self {
            name: plan.name.clone(),
            stream: plan.stream.clone(),
            source: plan.source.service.to_string(),
            sink: plan.sink.service.to_string(),
            state: state.name,
            reason: state.reason.clone(),
            paused: false,
            received: account.received,
            forwarded: account.forwarded,
            rejected: Counted::from_reasons(&account.rejected),
            last_rejected: account
                .last_rejected
                .iter()
                .map(|(reason, last)| RejectedStatus::new(plan, *reason, *last))
                .collect(),
            dropped: Counted::from_reasons(&account.dropped),
            own_skipped: account.own_skipped,
            filtered: account.filtered,
            lost_before: account.lost_before,
            source_full: account.source_full,
            sink_full: account.sink_full,
            unheard: account.unheard,
            not_connected: account.not_connected,
            source_connected: source.any(),
            publishers: source.number(),
            sink_connected: sink.any(),
            subscribers: sink.number(),
            remark: is_running.then(|| remark::of(plan, account, waits)).flatten(),
            latency: LatencyStatus::new(&account.latency, nanoseconds_a_tick),
            age: LatencyStatus::new(&account.age, 1.0),
        }
    }
}
