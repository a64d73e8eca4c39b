//! What a subscriber has received: every sample once, in order, intact, or a number that says otherwise.

use std::collections::BTreeMap;
use std::fmt::Display;

use super::SampleId;

/// A sequence number beyond this is damage, not a gap.
const MAX_SEQUENCE: u64 = 1 << 28;

/// The samples of each source that a subscriber expects. Used by one thread.
pub struct Ledger {
    sources: BTreeMap<u16, Source>,
    count: u64,
    received: u64,
    duplicate: u64,
    reordered: u64,
    corrupt: u64,
    foreign: u64,
    shown: u64,
    trace: u64,
    complete: bool,
}

#[derive(Default)]
struct Source {
    seen: Vec<bool>,
    distinct: u64,
    next: u64,
    connected: bool,
}

impl Ledger {
    /// `count` samples are expected of each source; 0 means as many as there are.
    pub fn new(sources: &[u16], count: u64) -> Self {
        Self {
            sources: sources.iter().map(|source| (*source, Source::default())).collect(),
            count,
            received: 0,
            duplicate: 0,
            reordered: 0,
            corrupt: 0,
            foreign: 0,
            shown: 0,
            trace: 0,
            complete: false,
        }
    }

    /// Prints each gap when it is found, and where each source is after every so many samples; 0: neither.
    pub fn tracing(self, every: u64) -> Self {
        Self { trace: every, ..self }
    }

    /// Notes a sample. A probe is noted apart; the first of each source is announced on standard output.
    pub fn record(&mut self, id: SampleId, intact: bool) {
        if !id.is_probe() {
            self.received += 1;
        }
        if !intact {
            self.corrupt += 1;
            return;
        }
        let Some(source) = self.sources.get_mut(&id.source) else {
            self.foreign += 1;
            return;
        };
        if !id.is_probe() {
            self.record_sequence(id);
        } else if !source.connected {
            source.connected = true;
            println!("connected source={}", id.source);
        }
    }

    /// Notes a sample that does not even have an id.
    pub fn record_unreadable(&mut self) {
        self.received += 1;
        self.corrupt += 1;
    }

    fn record_sequence(&mut self, id: SampleId) {
        let limit = if self.count == 0 { MAX_SEQUENCE } else { self.count };
        let Some(source) = self.sources.get_mut(&id.source).filter(|_| id.sequence < limit) else {
            self.corrupt += 1;
            return;
        };
        let index = id.sequence as usize;
        if index >= source.seen.len() {
            source.seen.resize(index + 1, false);
        }
        if source.seen[index] {
            self.duplicate += 1;
            return;
        }
        if self.trace != 0 && id.sequence != source.next {
            println!("gap source={} expected={} came={}", id.source, source.next, id.sequence);
        } else if self.trace != 0 && source.distinct.is_multiple_of(self.trace) {
            println!("at source={} sequence={}", id.source, id.sequence);
        }
        source.seen[index] = true;
        source.distinct += 1;
        if id.sequence < source.next {
            self.reordered += 1;
        } else {
            source.next = id.sequence + 1;
        }
    }

    /// Prints the sample noted last if `every` more have come since the one before, and how many were not as expected
    /// so far; 0: none.
    pub fn show(&mut self, every: u64, sample: &impl Display) {
        if every != 0 && self.received >= self.shown + every {
            self.shown = self.received;
            let wrong = self.duplicate + self.reordered + self.corrupt + self.foreign;
            println!("got {} wrong={wrong} {sample}", self.received);
        }
    }

    /// True once, when all that is expected has come.
    pub fn has_just_completed(&mut self) -> bool {
        if self.complete || self.count == 0 || self.sources.values().any(|source| source.distinct < self.count) {
            return false;
        }
        self.complete = true;
        true
    }

    /// Samples received, probes not counted.
    pub fn received(&self) -> u64 {
        self.received
    }

    /// Prints the closing line. True if all was right; missing samples are right where `loss_is_fine`.
    pub fn close(&self, loss_is_fine: bool) -> bool {
        let expected = |source: &Source| if self.count == 0 { source.next } else { self.count };
        let missing: u64 = self.sources.values().map(|source| expected(source) - source.distinct).sum();
        for (number, source) in self.sources.iter().filter(|_| self.trace != 0) {
            println!("end source={number} next={}", source.next);
        }
        let Self { received, duplicate, reordered, corrupt, foreign, .. } = self;
        println!(
            "done received={received} missing={missing} duplicate={duplicate} reordered={reordered} \
             corrupt={corrupt} foreign={foreign}"
        );
        (missing == 0 || loss_is_fine) && [duplicate, reordered, corrupt, foreign].into_iter().all(|n| *n == 0)
    }
}
