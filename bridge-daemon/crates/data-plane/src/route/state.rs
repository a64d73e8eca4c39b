//! The state of a route, as its lane reports it and the operator sees it.

use serde::{Deserialize, Serialize};

use crate::endpoint::{Obstacle, ObstacleKind};

/// See [`RouteState`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StateName {
    /// Its ports are being made, or its worker is.
    Opening,
    /// It forwards what comes.
    Running,
    /// It needs another process to start.
    Waiting,
    /// It needs somebody to change something.
    Blocked,
}

impl StateName {
    /// The name in tables, status and metrics.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Opening => "opening",
            Self::Running => "running",
            Self::Waiting => "waiting",
            Self::Blocked => "blocked",
        }
    }
}

/// What a route does, and why it does not run if it does not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RouteState {
    /// The state.
    pub name: StateName,
    /// Why it does not run, for people.
    pub reason: Option<String>,
    /// The reason is RouDi's, which is told once for all routes.
    pub roudi: bool,
}

impl RouteState {
    /// It forwards what comes.
    #[must_use]
    pub fn running() -> Self {
        Self { name: StateName::Running, reason: None, roudi: false }
    }

    /// It is being made.
    #[must_use]
    pub fn opening(reason: Option<String>) -> Self {
        Self { name: StateName::Opening, reason, roudi: false }
    }

    /// Something is in its way.
    #[must_use]
    pub fn hindered(obstacle: &Obstacle) -> Self {
        let name = match obstacle.kind {
            ObstacleKind::RouDi | ObstacleKind::Waiting => StateName::Waiting,
            ObstacleKind::Blocked => StateName::Blocked,
        };
        Self { name, reason: Some(obstacle.reason.clone()), roudi: obstacle.kind == ObstacleKind::RouDi }
    }
}
