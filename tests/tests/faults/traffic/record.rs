//! What the subscribers of one stream have received, one after another: numbers that only grow, and the gaps between.

use tests::bed::App;

/// The record. It is carried on from one subscriber process to the next.
#[derive(Clone, Debug, Default)]
pub(crate) struct Record {
    /// Samples received by subscribers that have ended.
    pub(crate) received: u64,
    /// The number after the last one received.
    pub(crate) next: u64,
    /// Each gap: the number that should have come, and the one that came.
    pub(crate) gaps: Vec<(u64, u64)>,
}

impl Record {
    /// Carries on with what a subscriber says that has ended in order.
    ///
    /// # Panics
    ///
    /// If it received something twice, out of order or damaged, or what an earlier one had received.
    pub(crate) fn carry_on(&mut self, stream: &str, subscriber: &App) {
        let lines = subscriber.output().lines();
        let done = lines.iter().rev().find(|line| line.starts_with("done ")).map_or("", String::as_str);
        for wrong in ["duplicate", "reordered", "corrupt", "foreign"] {
            assert_eq!(number(done, wrong), Some(0), "{stream}: {done:?}, the subscriber's closing line");
        }
        let received = number(done, "received").unwrap_or(0);
        if received == 0 {
            return;
        }
        for line in lines.iter().filter(|line| line.starts_with("gap ")) {
            let (expected, came) = (number(line, "expected").unwrap_or(0), number(line, "came").unwrap_or(0));
            // The first sample that this process saw follows what the ones before it had.
            self.gap(stream, if expected == 0 { self.next } else { expected }, came);
        }
        if lines.iter().find(|line| line.starts_with("gap ")).is_none_or(|line| number(line, "expected") != Some(0)) {
            self.gap(stream, self.next, 0);
        }
        let end = lines.iter().rev().find(|line| line.starts_with("end ")).map_or("", String::as_str);
        self.next = number(end, "next").unwrap_or(self.next);
        self.received += received;
    }

    fn gap(&mut self, stream: &str, expected: u64, came: u64) {
        assert!(came >= expected, "{stream}: {came} came although an earlier subscriber had all before {expected}");
        if came > expected {
            self.gaps.push((expected, came));
        }
    }
}

/// The number behind `key=` in a line.
pub(crate) fn number(line: &str, key: &str) -> Option<u64> {
    line.split(' ').filter_map(|word| word.split_once('=')).find(|(name, _)| *name == key)?.1.parse().ok()
}

/// The number of the sample that a subscriber's line tells of.
pub(crate) fn sample(line: &str) -> Option<u64> {
    let (word, _) = line.split_once(' ')?;
    match word {
        "at" => number(line, "sequence"),
        "gap" => number(line, "came"),
        _ => None,
    }
}
