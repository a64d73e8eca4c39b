//! `[lane.NAME]`: the threads that carry the samples of some streams, and how these wait.

use serde::de::{self, Deserialize, Deserializer, SeqAccess, Visitor};

use std::fmt;

use super::document::Located;
use super::fields::Entries;
use super::numbers::{Cpu, LaneThreads, Microseconds, Priority, SleepMicroseconds};
use super::plan::Wait;

/// The lane of streams that name none.
pub const DEFAULT_LANE: &str = "default";

/// Lanes by their names.
#[derive(Debug, Default)]
pub struct LanesDecl(pub Vec<(String, Located<LaneDecl>)>);

/// The threads that carry the samples of some streams.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields, expecting = "a lane's table")]
pub struct LaneDecl {
    /// Threads over which its streams are spread, in each worker; 1 unless said, but as many as are of use in the lane
    /// `default`.
    pub threads: Option<Located<LaneThreads>>,
    /// The core on which it runs, or the cores: thread after thread takes the next one. Any core unless said.
    pub cpu: Option<Located<CpusDecl>>,
    /// Real-time priority, first in first out. Without it, the lane is scheduled like any thread.
    pub priority: Option<Located<Priority>>,
    /// What it does while no sample comes; `adaptive` unless said.
    pub wait: Option<Located<Wait>>,
    /// Microseconds for which it looks again at once after a sample; 20 unless said.
    pub spin_us: Option<Located<Microseconds>>,
    /// Microseconds for which it gives its core away between two looks; 1000 unless said, 0 for `wait = "event"`.
    pub yield_us: Option<Located<Microseconds>>,
    /// Microseconds that it sleeps at most between two looks at a source that wakes nobody; 1500 unless said.
    pub sleep_us: Option<Located<SleepMicroseconds>>,
}

/// One core, or a list of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CpusDecl(pub Vec<Cpu>);

impl<'de> Deserialize<'de> for LanesDecl {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Entries::new("lanes by their names: [lane.NAME]")).map(Self)
    }
}

impl<'de> Deserialize<'de> for CpusDecl {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(OneOrMore)
    }
}

struct OneOrMore;

impl<'de> Visitor<'de> for OneOrMore {
    type Value = CpusDecl;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the number of a core, or a list of them")
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<CpusDecl, E> {
        Cpu::try_from(number).map(|cpu| CpusDecl(vec![cpu])).map_err(E::custom)
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<CpusDecl, E> {
        Cpu::try_from(number).map(|cpu| CpusDecl(vec![cpu])).map_err(E::custom)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<CpusDecl, A::Error> {
        let mut cpus = Vec::new();
        while let Some(cpu) = list.next_element()? {
            cpus.push(cpu);
        }
        if cpus.is_empty() {
            return Err(de::Error::custom("a lane without a core cannot run\nname one, or remove `cpu`"));
        }
        Ok(CpusDecl(cpus))
    }
}
