//! How long recoveries took.

use std::time::Duration;

/// What half of all recoveries may take at most, where there are enough to speak of a half.
const MEDIAN: Duration = Duration::from_secs(1);

/// What none may exceed: some of it is for a machine that is busy with other tests.
const EACH: Duration = Duration::from_secs(3);

/// Recoveries from which on their median says something.
const ENOUGH: usize = 10;

/// The times of one kind of recovery.
pub(crate) struct Times {
    what: &'static str,
    times: Vec<Duration>,
}

impl Times {
    /// Of this kind.
    pub(crate) fn new(what: &'static str) -> Self {
        Self { what, times: Vec::new() }
    }

    /// Notes one.
    pub(crate) fn note(&mut self, time: Duration) {
        println!("{}: {} ms", self.what, time.as_millis());
        self.times.push(time);
    }

    /// Prints them and asserts that they were short.
    ///
    /// # Panics
    ///
    /// If not.
    pub(crate) fn assert_short(mut self) {
        self.times.sort();
        let of = |part: usize| self.times.get((self.times.len().saturating_sub(1)) * part / 2).copied();
        let (shortest, median, longest) = (of(0), of(1), of(2));
        println!("{}: {} times, {shortest:?} to {longest:?}, median {median:?}", self.what, self.times.len());
        assert!(longest <= Some(EACH), "{}: {:?}", self.what, self.times);
        assert!(self.times.len() < ENOUGH || median <= Some(MEDIAN), "{}: {:?}", self.what, self.times);
    }
}
