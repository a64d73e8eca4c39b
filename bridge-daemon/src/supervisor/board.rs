//! What the supervisor knows at any moment: the state of workers and routes, and where the counters are.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tracing::{debug, info, warn};

use crate::account::{Ledger, Snapshot};
use crate::admin::status::{RouDiStatus, RouteStatus, Status, WorkerStatus};
use crate::config::Config;
use crate::config::plan::{RoudiPlan, RoutePlan};
use crate::route::{RouteState, StateName};
use crate::worker::protocol::RouDiState;

/// The board. Tasks of the supervisor write it, the control socket reads it.
pub(super) struct Board {
    name: String,
    config: String,
    roudi_mode: Option<&'static str>,
    routes: Vec<RoutePlan>,
    /// The routes that two workers share; the state and account of the first halves stand behind those of all routes.
    halves: Vec<usize>,
    ledger: Arc<Ledger>,
    changing: Mutex<Changing>,
}

struct Changing {
    states: Vec<RouteState>,
    workers: Vec<WorkerStatus>,
    roudi: RouDiState,
}

impl Board {
    pub(super) fn new(config: &Config, halves: &[usize], ledger: Arc<Ledger>) -> Self {
        Self {
            name: config.bridge.name.clone(),
            config: config.file.display().to_string(),
            roudi_mode: config.uses_classic().then_some(match config.classic.roudi {
                RoudiPlan::External => "external",
                RoudiPlan::Managed(_) => "managed",
            }),
            routes: config.routes.clone(),
            halves: halves.to_vec(),
            ledger,
            changing: Mutex::new(Changing {
                states: vec![RouteState::opening(None); config.routes.len() + halves.len()],
                workers: Vec::new(),
                roudi: RouDiState::default(),
            }),
        }
    }

    fn change(&self) -> MutexGuard<'_, Changing> {
        self.changing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What a worker does, by its number.
    pub(super) fn worker(&self, number: usize, change: impl FnOnce(&mut WorkerStatus)) {
        let mut changing = self.change();
        while changing.workers.len() <= number {
            changing.workers.push(WorkerStatus {
                release: String::new(),
                pid: None,
                state: "starting".into(),
                restarts: 0,
                last_exit: None,
            });
        }
        if let Some(worker) = changing.workers.get_mut(number) {
            change(worker);
        }
    }

    /// A route, or the first half of one, is in another state: one log line.
    pub(super) fn route(&self, account: usize, state: RouteState) {
        let number = match account.checked_sub(self.routes.len()) {
            Some(half) => self.halves.get(half).copied().unwrap_or(usize::MAX),
            None => account,
        };
        let Some(plan) = self.routes.get(number) else { return };
        let mut changing = self.change();
        let before = self.state(&changing, number);
        if let Some(old) = changing.states.get_mut(account) {
            *old = state;
        }
        let state = self.state(&changing, number);
        drop(changing);
        // The half that does not run yet, or any more, has said why.
        if state == before && account != number {
            return;
        }
        let (route, name) = (plan.name.as_str(), state.name.as_str());
        let reason = state.reason.as_deref().unwrap_or_default();
        match state.name {
            // RouDi's absence is told once, not once for each route.
            _ if state.roudi => debug!(route, state = name, reason, "route"),
            StateName::Running => {
                info!(route, state = name, source = %plan.source.service, sink = %plan.sink.service, "route")
            }
            StateName::Opening if reason.is_empty() => debug!(route, state = name, "route"),
            StateName::Waiting => info!(route, state = name, reason, "route"),
            StateName::Opening | StateName::Blocked => warn!(route, state = name, reason, "route"),
        }
    }

    /// The state of a route: that of its first half, as long as that does not run.
    fn state(&self, changing: &Changing, number: usize) -> RouteState {
        let state = |account: usize| changing.states.get(account);
        let first = self.first_half(number).and_then(state).filter(|first| first.name != StateName::Running);
        first.or_else(|| state(number)).cloned().unwrap_or_else(|| RouteState::opening(None))
    }

    /// The account of a route's first half, if it has two.
    fn first_half(&self, number: usize) -> Option<usize> {
        self.halves.iter().position(|half| *half == number).map(|half| self.routes.len() + half)
    }

    /// The whole account of a route.
    fn account(&self, number: usize) -> Snapshot {
        let account = self.ledger.snapshot(number);
        match self.first_half(number) {
            Some(first) => account.after(self.ledger.snapshot(first)),
            None => account,
        }
    }

    /// What a worker learnt of RouDi: one log line.
    pub(super) fn roudi(&self, state: RouDiState) {
        let mut changing = self.change();
        if changing.roudi == state {
            return;
        }
        match &state.reason {
            None => info!(pid = state.pid, release = state.release, "connected to RouDi"),
            Some(reason) if changing.roudi.reason.as_ref() != Some(reason) => warn!(reason, "waiting for RouDi"),
            Some(_) => {}
        }
        changing.roudi = state;
    }

    /// RouDi's process, as a worker saw it last.
    pub(super) fn roudi_pid(&self) -> Option<u32> {
        self.change().roudi.pid
    }

    /// The worker that knew RouDi is gone. Nothing for the log: that the worker ended is there.
    pub(super) fn forget_roudi(&self) {
        self.change().roudi = RouDiState::default();
    }

    /// Everything, for the operator.
    pub(super) fn status(&self) -> Status {
        let changing = self.change();
        let routes: Vec<_> = self
            .routes
            .iter()
            .enumerate()
            .map(|(number, plan)| RouteStatus::new(plan, &self.state(&changing, number), &self.account(number)))
            .collect();
        Status {
            name: self.name.clone(),
            pid: std::process::id(),
            config: self.config.clone(),
            healthy: routes.iter().all(|route| route.state == StateName::Running),
            roudi: self.roudi_mode.map(|mode| RouDiStatus {
                mode: mode.to_owned(),
                state: if changing.roudi.connected { "connected" } else { "waiting" }.into(),
                pid: changing.roudi.pid,
                release: changing.roudi.release.clone(),
                reason: changing.roudi.reason.clone(),
            }),
            workers: changing.workers.clone(),
            routes,
        }
    }

    /// The accounts at the end, so that they stand in the log when nobody can be asked any more.
    pub(super) fn log_totals(&self) {
        for route in self.status().routes {
            info!(
                route = route.name,
                received = route.received,
                forwarded = route.forwarded,
                rejected = route.rejected.total,
                dropped = route.dropped.total,
                own_skipped = route.own_skipped,
                lost_before = route.lost_before,
                "account"
            );
        }
    }
}
