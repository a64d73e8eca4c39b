//! What `iox-bridge status --json` prints, as far as the tests look at it. A key that is missing fails the test.

use std::collections::BTreeMap;

use serde::Deserialize;

/// The whole answer.
#[derive(Clone, Debug, Deserialize)]
pub struct Status {
    /// The bridge's name.
    pub name: String,
    /// The supervisor's process number.
    pub pid: u32,
    /// The RouDi in use; empty where no stream needs one.
    #[serde(deserialize_with = "or_empty")]
    pub roudi: Roudi,
    /// That of each line of classic in use.
    pub roudis: Vec<Roudi>,
    /// One process for each iceoryx2 release.
    pub workers: Vec<Worker>,
    /// One for each direction of each stream.
    pub routes: Vec<Route>,
}

/// How the bridge sees RouDi.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Roudi {
    /// `external` or `managed`.
    pub mode: String,
    /// `connected` or `waiting`.
    pub state: String,
    /// Its process, where the bridge knows it.
    pub pid: Option<u32>,
    /// Why the bridge is not connected.
    pub reason: Option<String>,
}

/// A process that holds ports.
#[derive(Clone, Debug, Deserialize)]
pub struct Worker {
    /// The iceoryx2 release.
    pub release: String,
    /// The line of classic that it serves, if any.
    pub classic: Option<String>,
    /// The user whom it serves and runs as, where that is not the bridge's own.
    pub user: Option<String>,
    /// Its process number, while there is one.
    pub pid: Option<u32>,
    /// `running`, or what it is instead.
    pub state: String,
    /// How often it was started anew.
    pub restarts: u64,
}

/// One direction of a stream.
#[derive(Clone, Debug, Deserialize)]
pub struct Route {
    /// Unique.
    pub name: String,
    /// The stream it belongs to.
    pub stream: String,
    /// Where samples come from.
    pub source: String,
    /// Where they go.
    pub sink: String,
    /// `running`, or what it is instead.
    pub state: String,
    /// Why it is not running.
    pub reason: Option<String>,
    /// Samples taken from the source.
    pub received: u64,
    /// Samples given to the sink.
    pub forwarded: u64,
    /// Samples that the source lost before the bridge could take them.
    pub lost_before: u64,
    /// Samples that could not be transcoded.
    pub rejected: Account,
    /// Of each reason, the last sample that was rejected.
    pub last_rejected: Vec<Rejected>,
    /// Samples that the sink had no room for.
    pub dropped: Account,
    /// Samples that the bridge had published itself.
    pub own_skipped: u64,
    /// Samples that the stream's `where` did not let through.
    pub filtered: u64,
    /// How often the source's queue was found full.
    pub source_full: u64,
    /// Deliveries that a subscriber of the sink had no room for.
    pub sink_full: u64,
    /// Of those forwarded: published while no application subscribed at the sink.
    pub unheard: u64,
    /// Whether publishers of applications are there, where that is known.
    pub source_connected: Option<bool>,
    /// How many, where that is known.
    pub publishers: Option<u64>,
    /// Whether subscribers of applications are there, where that is known.
    pub sink_connected: Option<bool>,
    /// How many, where that is known.
    pub subscribers: Option<u64>,
    /// What is noteworthy about a route that runs.
    pub remark: Option<String>,
    /// How long samples were inside the bridge, once one was.
    pub latency: Option<Latency>,
    /// How old samples were, by the time in their structs.
    pub age: Option<Latency>,
}

/// Nanoseconds that half, 99 % and 99.9 % of the samples were inside the bridge at most.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Latency {
    /// Half of them.
    pub p50_ns: u64,
    /// 99 %.
    pub p99_ns: u64,
    /// 99.9 %.
    pub p99_9_ns: u64,
    /// Samples measured.
    pub measured: u64,
}

/// A sample that was rejected.
#[derive(Clone, Debug, Deserialize)]
pub struct Rejected {
    /// Why.
    pub reason: String,
    /// Milliseconds since 1970.
    pub unix_ms: u64,
    /// The field at fault, where it is known.
    pub field: Option<String>,
    /// Where in the document, where one was read.
    pub offset: Option<u64>,
}

/// A number and what it is made of.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Account {
    /// All together.
    pub total: u64,
    /// Each reason and its number.
    pub by_reason: BTreeMap<String, u64>,
}

impl Status {
    /// The route of this name, if there is one.
    pub fn find(&self, route: &str) -> Option<&Route> {
        self.routes.iter().find(|candidate| candidate.name == route)
    }
}

impl Route {
    /// Whether samples flow.
    pub fn is_running(&self) -> bool {
        self.state == "running"
    }

    /// Whether each sample received is accounted for, once.
    pub fn adds_up(&self) -> bool {
        let parts = |account: &Account| account.by_reason.values().sum::<u64>() == account.total;
        self.received == self.forwarded + self.rejected.total + self.dropped.total + self.own_skipped + self.filtered
            && parts(&self.rejected)
            && parts(&self.dropped)
    }
}

fn or_empty<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Roudi, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}
