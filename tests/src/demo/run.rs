//! One run of the demo: its length, and the names that nobody else has.

use std::env;
use std::time::{SystemTime, UNIX_EPOCH};

use super::Trouble;

const LONGEST: u64 = 3600;
/// Samples a second of each publisher: few enough to follow.
const RATE: u64 = 200;

/// How long, and under which name.
pub(super) struct Run {
    /// How long publishers publish, in seconds.
    pub(super) seconds: u64,
    id: String,
}

impl Run {
    pub(super) fn from_environment() -> Result<Self, Trouble> {
        let text = env::var("DEMO_SECONDS").unwrap_or_default();
        let seconds = if text.is_empty() { Some(10) } else { text.trim().parse().ok() };
        let seconds = seconds.filter(|seconds| (1..=LONGEST).contains(seconds)).ok_or(Trouble::Seconds(text))?;
        // Process numbers repeat where containers share /tmp.
        let moment = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |age| age.subsec_nanos());
        Ok(Self { seconds, id: format!("{}-{:04x}", std::process::id(), moment & 0xffff) })
    }

    /// Samples of each publisher.
    pub(super) fn samples(&self) -> u64 {
        self.seconds * RATE
    }

    /// Microseconds between two samples of a publisher.
    pub(super) fn pace_us() -> u64 {
        1_000_000 / RATE
    }

    /// Samples between two that a subscriber prints: an odd number, so that two publishers in turn are both seen.
    pub(super) fn shown() -> u64 {
        RATE / 5 + 1
    }

    /// What replaces `@RUN@`.
    pub(super) fn id(&self) -> &str {
        &self.id
    }

    /// The bridge's name, which the names of the C++ applications towards RouDi begin with.
    pub(super) fn bridge(&self) -> String {
        format!("iox-bridge-demo-{}", self.id)
    }
}
