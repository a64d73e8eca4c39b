//! What is measured: one file for each section of the report.

mod alternatives;
mod fanout;
mod flow;
mod idle;
mod latency;
mod rig;
mod scale;
mod start;
mod throughput;

use crate::Bench;

/// A scenario, and the word that chooses it.
type Scenario = (&'static str, fn(&mut Bench<'_>));

/// In the order in which they run.
pub(crate) const SCENARIOS: [Scenario; 7] = [
    ("latency", latency::run),
    ("throughput", throughput::run),
    ("fanout", fanout::run),
    ("idle", idle::run),
    ("scale", scale::run),
    ("start", start::run),
    ("alternatives", alternatives::run),
];
