//! What supervisor and worker say to each other: one JSON document a line. Both are of the same version, which the
//! supervisor sees to where they are not the same executable.

use std::sync::Arc;

use std::collections::BTreeMap;

use cpp_shim::Identity;
use serde::{Deserialize, Serialize};

use crate::config::ClassicRelease;
use crate::config::plan::{LanePlan, RoutePlan};
use crate::config::user::KnownUser;
use crate::route::RouteState;

/// From the supervisor.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ToWorker {
    /// What to do; the first message.
    Start(WorkerPlan),
    /// Stop in order and end.
    Stop,
}

/// What a worker does.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct WorkerPlan {
    /// The bridge's name: of its node, and the beginning of its runtime's name in classic.
    pub name: String,
    /// The release of iceoryx2 that it serves.
    pub release: String,
    /// The user whom it is, and whose applications it serves; `None`: the supervisor's.
    pub user: Option<KnownUser>,
    /// The line of classic that it serves.
    pub classic: ClassicRelease,
    /// Whether the supervisor runs RouDi.
    pub roudi_is_managed: bool,
    /// A RouDi that is stopping, so that it must not be connected to any more.
    pub stopping_roudi: Option<Identity>,
    /// The lanes that routes name.
    pub lanes: Vec<LanePlan>,
    /// Keep this process's memory in RAM.
    pub lock_memory: bool,
    /// The routes, in the order of their accounts in the ledger.
    pub routes: Vec<Arc<RoutePlan>>,
}

impl WorkerPlan {
    /// Whether any route leads from or to classic.
    #[must_use]
    pub fn uses_classic(&self) -> bool {
        self.routes.iter().any(|route| route.uses_classic())
    }

    /// Whether any route leads from or to iceoryx2.
    #[must_use]
    pub fn uses_iceoryx2(&self) -> bool {
        self.routes.iter().any(|route| route.iceoryx2().is_some())
    }

    /// The name of this worker's runtime in classic.
    #[must_use]
    pub fn runtime_name(&self) -> String {
        let mut name = format!("{}-{}", self.name, self.release);
        // Only the more recent line says so: names of the other one were there before there were two.
        if self.classic == ClassicRelease::V2_95 {
            name = format!("{name}-{}", self.classic);
        }
        if let Some(user) = &self.user {
            name = format!("{name}-{}", user.uid);
        }
        name
    }
}

/// From a worker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FromWorker {
    /// A route is in another state.
    Route {
        /// Its number in the ledger.
        route: usize,
        /// The state.
        state: RouteState,
    },
    /// What is known of RouDi is something else.
    RouDi(RouDiState),
    /// RouDi went away, or another took its place; the worker ends.
    RouDiGone,
    /// RouDi has taken this process for dead and given its ports away; the worker ends.
    Evicted,
    /// An iceoryx2 service was replaced by another one of its name; the worker ends.
    ServiceReplaced,
    /// RouDi stands still, and will take its clients for dead when it goes on; the worker ends.
    RouDiStandsStill,
    /// Sinks of these services wait for room, and these programs have the services open; all of them, each time.
    WaitsFor {
        /// By service.
        users: BTreeMap<String, Vec<String>>,
    },
    /// A lane waits for room at a subscriber that has died.
    WaitsForTheDead,
    /// A lane panicked, and its routes are without one; the worker ends.
    LaneFailed,
    /// No lane publishes any more; the worker may be ended at any time.
    Quiet,
}

/// What a worker knows of RouDi.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RouDiState {
    /// Whether the worker is its client.
    pub connected: bool,
    /// Which RouDi it is, where there is one.
    pub roudi: Option<Identity>,
    /// Its release, where it can be found out.
    pub release: Option<String>,
    /// Why the worker is not its client, for people.
    pub reason: Option<String>,
}
