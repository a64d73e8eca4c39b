//! What the figures depend on besides the code.

use std::env;
use std::fs;

use serde_json::{Value, json};

/// The cores this program may use, and which of them it gives to whom.
#[derive(Debug)]
pub(crate) struct Machine {
    cores: Vec<usize>,
}

impl Machine {
    /// # Panics
    ///
    /// If there are not at least two cores: a lane that never sleeps would have that of the application.
    pub(crate) fn this() -> Self {
        let status = fs::read_to_string("/proc/self/status").expect("this is Linux");
        let list = status.lines().find_map(|line| line.strip_prefix("Cpus_allowed_list:")).unwrap_or_default();
        let cores: Vec<usize> = list.trim().split(',').flat_map(range).collect();
        assert!(cores.len() >= 2, "the benchmark needs two cores, and may use {list}");
        Self { cores }
    }

    /// For the bridge, where a scenario gives it one. The echo, which only works while the bridge stands still, has the
    /// same, so that both talk to the application over the same distance.
    pub(crate) fn bridge(&self) -> usize {
        self.cores[0]
    }

    /// For the process that measures.
    pub(crate) fn application(&self) -> usize {
        self.cores[1]
    }

    pub(crate) fn count(&self) -> usize {
        self.cores.len()
    }

    pub(crate) fn json(&self) -> Value {
        let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let model =
            info.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": ")).map(|(_, name)| name);
        let read = |path| fs::read_to_string(path).unwrap_or_default().trim().to_owned();
        json!({
            "processor": model.unwrap_or("unknown"),
            "cores": self.count(),
            "kernel": read("/proc/sys/kernel/osrelease"),
        })
    }
}

/// Processes that wanted a core during the last minute, on average.
pub(crate) fn load() -> f64 {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').next().and_then(|number| number.parse().ok()).unwrap_or(0.0)
}

/// `3` or `0-3`.
fn range(text: &str) -> impl Iterator<Item = usize> {
    let number = |text: &str| text.trim().parse::<usize>().unwrap_or(0);
    let (first, last) = text.split_once('-').map_or((number(text), number(text)), |(a, b)| (number(a), number(b)));
    first..=last
}

/// How much time is spent on exactness.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Effort {
    pub(crate) is_quick: bool,
    pub(crate) repetitions: usize,
    /// Of one measurement of times.
    pub(crate) millis: u64,
}

impl Effort {
    /// As `$QUICK` wants it.
    pub(crate) fn wanted() -> Self {
        if env::var_os("QUICK").is_some_and(|value| !value.is_empty() && value != "0") {
            Self { is_quick: true, repetitions: 5, millis: 32 }
        } else {
            Self { is_quick: false, repetitions: 9, millis: 250 }
        }
    }

    pub(crate) fn or_quick<T>(self, full: T, quick: T) -> T {
        if self.is_quick { quick } else { full }
    }
}
