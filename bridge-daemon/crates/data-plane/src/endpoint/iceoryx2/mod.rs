//! Endpoints on iceoryx2, once for each release.
//!
//! Releases do not understand each other, and no two of them may live in one process: a worker serves one. What they have
//! in common is one source, in `release/`, which is compiled once for each of them; what differs is in `v0_7` to `v0_10`.

#![cfg_attr(
    not(any(feature = "iceoryx2-0-7", feature = "iceoryx2-0-8", feature = "iceoryx2-0-9", feature = "iceoryx2-0-10")),
    allow(dead_code, unused_variables, reason = "a build without any release, as for fuzzing")
)]

mod half_made;
mod made_by;
mod mapped;
mod own;
mod retry;
mod room;
mod text;
#[cfg(feature = "iceoryx2-0-10")]
mod v0_10;
#[cfg(feature = "iceoryx2-0-7")]
mod v0_7;
#[cfg(feature = "iceoryx2-0-8")]
mod v0_8;
#[cfg(feature = "iceoryx2-0-9")]
mod v0_9;
mod watch;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use bridge_config::Release;
use bridge_config::plan::{EndpointPlan, Iceoryx2Service};

use super::waits::Waits;
use super::{Obstacle, Sink, Source};

/// One release of iceoryx2, as a worker uses it.
pub trait Stack: 'static {
    /// The worker's node: one a process, shared by its lanes, so that the bridge takes one of a service's nodes. Lanes
    /// borrow it to open services, which takes milliseconds; no sample ever waits for it.
    type Node: Send + Sync + 'static;
    /// A subscriber.
    type Source: Source + 'static;
    /// A publisher.
    type Sink: Sink + 'static;

    /// The exact release: `"0.10.0"`. Applications of any other cannot be met, whatever the patch level.
    const EXACT: &'static str;

    /// Makes the node.
    ///
    /// # Errors
    /// When iceoryx2's directory cannot be used, with what to do about it.
    fn node(name: &str) -> Result<Self::Node, Obstacle>;

    /// Removes what processes that are dead left behind, of applications too: as long as a dead subscriber is there, a
    /// publisher that waits for room waits for it. What is being removed by somebody else already is left to them. And
    /// looks whether the files of the services that the worker has open are still there.
    fn clean_up_after_the_dead(node: &Self::Node);

    /// Who has the service open that `hash` stands for in the names of files, but for this worker: their nodes, and the
    /// programs as iceoryx2 knows them. The dead are not among them.
    fn users_of(node: &Self::Node, hash: &str) -> BTreeMap<u128, String>;

    /// Opens the service of `endpoint` and makes a subscriber.
    ///
    /// # Errors
    /// Why it cannot be used now. Nothing is left behind.
    fn source(node: &Self::Node, service: &Iceoryx2Service, endpoint: &EndpointPlan) -> Result<Self::Source, Obstacle>;

    /// Opens the service of `endpoint` and makes a publisher. `stop` ends its waits for room, which are
    /// entered into `waits`, but for those that nobody can end. A slice's memory is first made for `first_bytes` and grows when a sample needs more.
    ///
    /// # Errors
    /// Why it cannot be used now. Nothing is left behind.
    fn sink(
        node: &Self::Node,
        service: &Iceoryx2Service,
        endpoint: &EndpointPlan,
        first_bytes: usize,
        stop: Arc<AtomicBool>,
        waits: &Waits,
    ) -> Result<Self::Sink, Obstacle>;
}

/// The exact releases whose applications this build can meet, oldest first.
#[must_use]
pub fn exact_releases() -> Vec<&'static str> {
    struct Exact;
    impl WithStack for Exact {
        type Output = &'static str;

        fn with<S: Stack>(self) -> &'static str {
            S::EXACT
        }
    }
    ["0.7", "0.8", "0.9", "0.10"].into_iter().filter_map(|release| with_stack(release, Exact)).collect()
}

/// Says what to do with the release that a worker serves, which is known only when it runs.
pub trait WithStack {
    /// What comes of it.
    type Output;

    /// Goes on with this release.
    fn with<S: Stack>(self) -> Self::Output;
}

/// The releases that this build serves.
pub const SERVED: &[Release] = &[
    #[cfg(feature = "iceoryx2-0-7")]
    Release::V0_7,
    #[cfg(feature = "iceoryx2-0-8")]
    Release::V0_8,
    #[cfg(feature = "iceoryx2-0-9")]
    Release::V0_9,
    #[cfg(feature = "iceoryx2-0-10")]
    Release::V0_10,
];

/// Goes on with the release of this name (`"0.10"`), if this build serves it.
pub fn with_stack<W: WithStack>(release: &str, then: W) -> Option<W::Output> {
    match release {
        #[cfg(feature = "iceoryx2-0-7")]
        "0.7" => Some(then.with::<v0_7::Iceoryx2>()),
        #[cfg(feature = "iceoryx2-0-8")]
        "0.8" => Some(then.with::<v0_8::Iceoryx2>()),
        #[cfg(feature = "iceoryx2-0-9")]
        "0.9" => Some(then.with::<v0_9::Iceoryx2>()),
        #[cfg(feature = "iceoryx2-0-10")]
        "0.10" => Some(then.with::<v0_10::Iceoryx2>()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    /// What is said of the releases is what cargo built.
    #[test]
    fn the_exact_releases_are_those_of_the_lock_file() {
        let lock: toml::Table = toml::from_str(include_str!("../../../../../../Cargo.lock")).expect("a lock file");
        let mut locked: Vec<_> = lock["package"]
            .as_array()
            .expect("packages")
            .iter()
            .filter(|package| package["name"].as_str() == Some("iceoryx2"))
            .map(|package| package["version"].as_str().expect("a version").to_owned())
            .collect();
        locked.sort_by_key(|version| {
            version.split('.').map(|part| part.parse::<u32>().expect("a number")).collect::<Vec<_>>()
        });
        assert_eq!(super::exact_releases(), locked);
    }
}
